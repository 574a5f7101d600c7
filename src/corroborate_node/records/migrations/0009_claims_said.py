from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0008_corrections")]

    operations = [
        migrations.AddIndex(
            "claim", models.Index(fields=["property", "subject"], name="evidence_claims_said")
        ),
    ]
