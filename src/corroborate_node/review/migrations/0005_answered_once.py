from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0004_held_too")]
    operations = [
        migrations.AddField("privatenumbers", "answered", models.CharField(blank=True, default="", max_length=64)),
    ]
