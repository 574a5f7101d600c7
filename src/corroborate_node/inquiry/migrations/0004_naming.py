import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("evidence", "0016_said_by_the_source"), ("inquiry", "0003_stands")]

    operations = [
        migrations.CreateModel(
            name="Naming",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("audience", models.CharField(max_length=20)),
                ("body", models.TextField(blank=True)),
                ("sure", models.CharField(max_length=20)),
                ("why", models.TextField()),
                ("until", models.DateField(null=True)),
                ("by", models.TextField()),
                ("by_account", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("confirmed_by", models.TextField(blank=True, default="")),
                ("confirmed", models.DateTimeField(null=True)),
                ("taken_back", models.DateTimeField(null=True)),
                ("taken_back_by", models.TextField(blank=True, default="")),
                (
                    "who",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="namings", to="evidence.entity"
                    ),
                ),
            ],
        ),
    ]
