from django.db import migrations, models


class Migration(migrations.Migration):
    """That somebody looked at an entry which names a member, and has it shown."""

    dependencies = (("supporters", "0001_initial"),)
    operations = (
        migrations.AddField("supporter", "looked", models.BooleanField(default=False)),
    )
