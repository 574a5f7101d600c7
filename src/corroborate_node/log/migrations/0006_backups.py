from django.db import migrations, models


class Migration(migrations.Migration):
    """What people noted of their backups."""

    dependencies = [("witnessing", "0005_settled_by")]

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made", models.DateField()),
                ("place", models.CharField(max_length=200)),
                ("noted_by", models.CharField(max_length=150)),
                ("checked", models.DateField(null=True)),
                ("checked_by", models.CharField(default="", max_length=150)),
                ("gone", models.DateField(null=True)),
            ],
        ),
    ]
