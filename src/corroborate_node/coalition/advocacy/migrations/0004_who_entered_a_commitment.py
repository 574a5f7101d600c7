from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("advocacy", "0003_entered_by")]

    operations = [migrations.AddField("commitment", "entered_by", models.TextField(blank=True, default=""))]
