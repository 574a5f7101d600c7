"""Consent says whose it is. What was read before from lists, without its words, is no leave to publish a name."""

from typing import Any

from django.db import migrations, models

from corroborate.records.consent import UNWRITTEN


def block(apps: Any, _schema: Any) -> None:
    """Stop relying on consents that earlier versions read from a list: their words were not kept.

    What such a row says may have been a refusal. ``held`` and ``linked`` in the own vault stay.
    """
    consents = apps.get_model("evidence", "Consent").objects.filter(version=1).exclude(audience="own")
    for row in consents.only("id", "uses").iterator(chunk_size=2000):
        if {"name", "quote"} & set(row.uses):
            consents.filter(id=row.id).update(blocked=UNWRITTEN)


_COLUMNS: dict[str, "models.Field[Any, Any]"] = {
    "subject": models.CharField(max_length=80, blank=True, default=""),
    "right": models.CharField(max_length=20, default="unknown"),
    "given_by": models.TextField(blank=True, default=""),
    "asked": models.TextField(blank=True, default=""),
    "language": models.CharField(max_length=40, blank=True, default=""),
    "conditions": models.TextField(blank=True, default=""),
    "proof": models.CharField(max_length=64, blank=True, default=""),
    "words": models.TextField(blank=True, default=""),
    "blocked": models.TextField(blank=True, default=""),
    "version": models.PositiveSmallIntegerField(default=1),
}


class Migration(migrations.Migration):
    dependencies = (("evidence", "0004_log_rows_leave"),)

    operations = (
        *(
            migrations.AddField("consent", name, column)
            for name, column in _COLUMNS.items()
        ),
        migrations.RunPython(block, migrations.RunPython.noop),
    )
