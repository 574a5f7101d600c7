"""When something was done is looked for among acts, or among people, and not among all that is said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finding", "0004_searches")]
    operations = [
        migrations.RemoveIndex("said", "finding_until"),
        migrations.RemoveIndex("said", "finding_since"),
        migrations.AddIndex(
            "said", models.Index(fields=["kind", "begins", "ends", "of"], name="finding_acts_until")
        ),
        migrations.AddIndex("said", models.Index(fields=["kind", "ends", "of"], name="finding_acts_since")),
    ]
