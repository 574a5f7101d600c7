"""Words are kept once for all that say them. Each vault makes its index anew by these rules when it is opened."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT, RESTRICT


def _index(column: str, fields: list[str], name: str) -> models.Index:
    return models.Index(condition=models.Q((f"{column}__isnull", False)), fields=fields, name=name)


class Migration(migrations.Migration):
    dependencies = [("finding", "0007_indexes_of_what_tells_something")]
    operations = [
        migrations.DeleteModel("Word"),
        migrations.DeleteModel("Said"),
        migrations.CreateModel(
            "Phrase",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("passage", models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="evidence.passage")),
            ],
        ),
        migrations.CreateModel(
            "Said",
            [
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("of", models.CharField(db_index=True, max_length=80)),
                ("who", models.BooleanField()),
                ("term", models.CharField(max_length=80, null=True)),
                ("begins", models.DateField(null=True)),
                ("ends", models.DateField(null=True)),
                ("claim", models.ForeignKey(null=True, on_delete=CASCADE, related_name="+", to="evidence.claim")),
                ("passage", models.ForeignKey(db_index=False, null=True, on_delete=CASCADE, related_name="+", to="evidence.passage")),
                ("source", models.ForeignKey(on_delete=CASCADE, related_name="+", to="evidence.source")),
                ("phrase", models.ForeignKey(null=True, on_delete=RESTRICT, related_name="said", to="finding.phrase")),
                ("place", models.ForeignKey(db_index=False, null=True, on_delete=PROTECT, related_name="said", to="finding.place")),
            ],
        ),
        migrations.CreateModel(
            "Word",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "word", "kind", "phrase_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=10)),
                ("phrase", models.ForeignKey(on_delete=CASCADE, related_name="words", to="finding.phrase")),
            ],
        ),
        migrations.AddIndex("said", _index("passage", ["passage"], "finding_in_passage")),
        migrations.AddIndex("said", _index("term", ["term", "kind", "of"], "finding_what_was_done")),
        migrations.AddIndex("said", _index("place", ["place", "kind", "of"], "finding_where")),
        migrations.AddIndex("said", _index("begins", ["kind", "begins", "ends", "of"], "finding_acts_until")),
        migrations.AddIndex("said", _index("ends", ["kind", "ends", "of"], "finding_acts_since")),
    ]
