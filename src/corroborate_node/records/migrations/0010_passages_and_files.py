import django.db.models.deletion
from django.db import migrations, models

_ID = models.CharField(max_length=80, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """Passages of documents, and the files that sources were read from. Of what was taken in before, there are none."""

    dependencies = [("evidence", "0009_claims_said")]
    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", _ID),
                ("number", models.PositiveIntegerField()),
                ("locator", models.TextField()),
                ("speaker", models.TextField(blank=True, default="")),
                ("text", models.TextField()),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="passages",
                                             to="evidence.source")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("source", "number"),
                                                             name="evidence_passage_once")]},
        ),
        migrations.CreateModel(
            name="KeptFile",
            fields=[
                ("id", _ID.clone()),
                ("name", models.TextField()),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("said", models.CharField(blank=True, default="", max_length=64)),
                ("address", models.CharField(blank=True, default="", max_length=64)),
                ("leaves", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="FileOf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="of",
                                           to="evidence.keptfile")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="files",
                                             to="evidence.source")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("file", "source"),
                                                             name="evidence_file_of_once")]},
        ),
    ]
