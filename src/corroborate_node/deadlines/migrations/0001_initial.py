import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("evidence", "0014_together")]
    operations = [
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("what", models.TextField(blank=True)),
                ("on", models.DateField(db_index=True)),
                ("then", models.CharField(blank=True, default="", max_length=6)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("settled", models.DateTimeField(null=True)),
                ("settled_by", models.TextField(blank=True, default="")),
                ("kept", models.BooleanField(null=True)),
                ("how", models.TextField(blank=True, default="")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deadlines",
                                             to="evidence.source")),
            ],
        ),
    ]
