import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("evidence", "0016_said_by_the_source")]
    operations = [
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("word", models.CharField(max_length=64)),
                ("made", models.DateTimeField()),
                ("made_by", models.TextField()),
                ("ended", models.DateTimeField(null=True)),
                ("ended_by", models.TextField(blank=True, default="")),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("wrong_last", models.DateTimeField(null=True)),
                ("visit", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("visit_until", models.DateTimeField(null=True)),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="codes",
                                             to="evidence.source")),
            ],
        ),
    ]
