from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_OF: dict[str, Any] = {"on_delete": django.db.models.deletion.PROTECT}
_DONE: list[tuple[str, "models.Field[Any, Any]"]] = [
    ("by", models.TextField()),
    ("at", models.DateTimeField()),
    ("taken_back", models.DateTimeField(null=True)),
    ("taken_back_by", models.TextField(blank=True, default="")),
]


class Migration(migrations.Migration):
    """What is recorded by hand, and which of claims that differ is preferred. Of what was taken in before, nothing is."""

    dependencies = [("evidence", "0012_codings")]
    operations = [
        migrations.CreateModel(
            name="Entered",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("claims", models.JSONField(default=list)),
                ("meeting", models.JSONField(default=dict)),
                *_DONE,
                ("source", models.ForeignKey(related_name="entered", to="evidence.source", **_OF)),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("property", models.CharField(max_length=60)),
                ("why", models.TextField()),
                *_DONE,
                ("claim", models.ForeignKey(related_name="preferences", to="evidence.claim", **_OF)),
                ("subject", models.ForeignKey(related_name="preferences", to="evidence.entity", **_OF)),
            ],
        ),
    ]
