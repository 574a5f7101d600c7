from django.db import migrations, models


class Migration(migrations.Migration):
    """Who settled an alarm is kept."""

    dependencies = [("witnessing", "0004_log_rows")]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="settled_by",
            field=models.CharField(default="", max_length=150),
        ),
    ]
