from django.db import migrations, models


class Migration(migrations.Migration):
    """Decisions keep which names their two people read; of those that are there it is told by when they were made."""

    dependencies = [("inquiry", "0004_naming")]

    operations = [
        migrations.AddField("naming", "names", models.TextField(blank=True, default="")),
    ]
