import re
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_TITLED = re.compile(r"(.*), row ([0-9]+)", re.DOTALL)
_ID: dict[str, Any] = {"max_length": 80}
_TIME = len("source_") + 12  # letters of an id up to the end of its time
_PROTECT = django.db.models.deletion.PROTECT


def parts_of_lists(apps: Any, _schema_editor: Any) -> None:
    """A row that was taken in before says its list and number in its title, which was sealed so and stays. The list is
    the newest of that title that came with the row or before it: an id begins with its millisecond."""
    source = apps.get_model("evidence", "Source")
    lists: dict[str, list[str]] = {}
    for id_, title in source.objects.filter(kind="list", withdrawn=None).order_by("id").values_list("id", "title"):
        lists.setdefault(title, []).append(id_)
    changed = []
    rows = source.objects.filter(kind="document", title__contains=", row ", withdrawn=None)
    for row in rows.iterator(chunk_size=2000):
        said = _TITLED.fullmatch(row.title)
        before = [one for one in lists.get(said[1], ()) if one[:_TIME] <= row.id[:_TIME]] if said else []
        if said and before and 0 < int(said[2]) < 2**31:
            row.part_of_id, row.number = before[-1], int(said[2])
            changed.append(row)
        if len(changed) == 2000:
            source.objects.bulk_update(changed, ["part_of", "number"])
            changed = []
    source.objects.bulk_update(changed, ["part_of", "number"])


class Migration(migrations.Migration):
    """Rows of a list are parts of it, and what comes in with one file is an import. Of what was taken in before nobody
    knows with which file it came: it belongs to no import."""

    dependencies = [("evidence", "0010_passages_and_files")]

    operations = [
        migrations.AddField(
            "source", "part_of",
            models.ForeignKey("evidence.source", _PROTECT, null=True, related_name="parts", db_index=False),
        ),
        migrations.AddField("source", "number", models.PositiveIntegerField(null=True)),
        migrations.AddIndex(
            "source",
            models.Index(fields=["part_of", "number"], condition=Q(part_of__isnull=False), name="evidence_parts"),
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.CharField(primary_key=True, serialize=False, **_ID)),
                ("number", models.PositiveIntegerField(unique=True)),
                ("name", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
                ("program", models.CharField(blank=True, max_length=40)),
                ("shape", models.CharField(blank=True, db_index=True, max_length=64)),
                ("choices", models.JSONField(default=dict)),
                ("counted", models.JSONField(default=dict)),
                ("granted", models.JSONField(default=list)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("undone", models.DateTimeField(null=True)),
                ("undone_by", models.TextField(blank=True, default="")),
                ("file", models.ForeignKey("evidence.keptfile", django.db.models.deletion.SET_NULL, null=True,
                                           related_name="imports")),
                ("list", models.ForeignKey("evidence.source", _PROTECT, null=True, related_name="imports")),
            ],
            options={"indexes": [models.Index(fields=["digest"], name="evidence_import_file")]},
        ),
        migrations.CreateModel(
            name="Imported",
            fields=[
                ("source", models.OneToOneField("evidence.source", _PROTECT, primary_key=True, related_name="came",
                                                serialize=False)),
                ("content", models.CharField(blank=True, max_length=64)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("about", models.CharField(blank=True, **_ID)),
                ("first", models.CharField(blank=True, **_ID)),
                ("by", models.ForeignKey("evidence.import", _PROTECT, related_name="sources")),
            ],
            options={"indexes": [models.Index(fields=["content"], condition=~Q(content=""),
                                              name="evidence_imported_again")]},
        ),
        migrations.RunPython(parts_of_lists, migrations.RunPython.noop, elidable=True),
    ]
