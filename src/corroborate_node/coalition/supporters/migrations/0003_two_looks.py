from django.db import migrations, models


class Migration(migrations.Migration):
    """Who would have an entry shown that names a member, and who said so too. What one person alone had shown waits."""

    dependencies = (("supporters", "0002_looked"),)
    operations = (
        migrations.RemoveField("supporter", "looked"),
        migrations.AddField("supporter", "looked_by", models.TextField(blank=True, default="")),
        migrations.AddField("supporter", "shown_by", models.TextField(blank=True, default="")),
    )
