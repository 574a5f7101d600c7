import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("advocacy", "0001_initial")]

    operations = [
        migrations.AddField(model_name="action", name="entered_by", field=models.TextField(blank=True, default="")),
        migrations.AddField(model_name="action", name="removed", field=models.BooleanField(default=False)),
        migrations.CreateModel(
            name="ActionBefore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=10)),
                ("before", models.JSONField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("action", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="before", to="advocacy.action")),
            ],
        ),
    ]
