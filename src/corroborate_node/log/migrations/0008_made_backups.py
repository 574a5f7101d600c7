from django.db import migrations, models


class Migration(migrations.Migration):
    """What is known of backups that the program makes, when it makes them, and when shares were last tried."""

    dependencies = [("witnessing", "0007_signing_halt")]

    operations = [
        migrations.AlterField("backup", "place", models.TextField()),
        migrations.AddField("backup", "at", models.DateTimeField(null=True)),
        migrations.AddField("backup", "file", models.TextField(default="")),
        migrations.AddField("backup", "size", models.BigIntegerField(null=True)),
        migrations.AddField("backup", "entries", models.BigIntegerField(null=True)),
        migrations.CreateModel(
            name="BackupPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.TextField()),
                ("hours", models.IntegerField()),
                ("keep", models.IntegerField()),
                ("by", models.CharField(max_length=150)),
                ("tried", models.DateTimeField(null=True)),
                ("failed", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="ShareDrill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("shares", models.IntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
        ),
    ]
