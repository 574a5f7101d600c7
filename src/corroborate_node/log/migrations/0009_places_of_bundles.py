"""Which bundle it is among those of its sender to its receiver, and what it showed of its sender's log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("witnessing", "0008_made_backups"),)

    operations = (
        migrations.AddField("Carried", "number", models.PositiveIntegerField(null=True)),
        migrations.AddField("Carried", "before", models.CharField(max_length=64, blank=True, default="")),
        migrations.AddField("Carried", "log", models.BigIntegerField(default=0)),
        migrations.AddField("Carried", "made", models.DateTimeField(null=True)),
        migrations.AddField("Carried", "opened", models.DateTimeField(null=True)),
    )
