from django.db import migrations, models

_ALL = ("privateencoding", "privaterun", "privatenumbers")


class Migration(migrations.Migration):
    dependencies = [("review", "0005_answered_once")]
    operations = [
        *(migrations.AddField(name, "number", models.PositiveIntegerField(default=0)) for name in _ALL),
        *(migrations.AlterModelOptions(name, options={"ordering": ("-number", "-at", "-pk")}) for name in _ALL),
    ]
