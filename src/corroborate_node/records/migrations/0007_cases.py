import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Cases, and which sources are filed in them. Of what was taken in before, nothing is in any case."""

    dependencies = [("evidence", "0006_pairs")]
    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=150)),
                ("folded", models.CharField(max_length=150, unique=True)),
                ("opened", models.DateTimeField()),
                ("opened_by", models.TextField()),
                ("closed", models.DateTimeField(null=True)),
                ("closed_by", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="Filed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="filed",
                                           to="evidence.case")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="filed",
                                             to="evidence.source")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "source"), name="evidence_filed_once")],
            },
        ),
    ]
