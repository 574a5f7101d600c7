from django.db import migrations, models


class Migration(migrations.Migration):
    """Of which case a release was made. Those that are there were made of the whole vault, whatever case they name."""

    dependencies = [("packages", "0002_releases")]
    operations = [
        migrations.AddField(
            "release", "of_case", models.CharField(blank=True, db_index=True, default="", max_length=80)
        ),
    ]
