from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0015_from_members")]
    operations = [
        migrations.AddField(
            model_name="remark",
            name="kind",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
    ]
