from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_OF: dict[str, Any] = {"on_delete": django.db.models.deletion.PROTECT}


class Migration(migrations.Migration):
    """Who read an entry before it was sealed, and what people who work on a source say to each other."""

    dependencies = [("evidence", "0013_by_hand")]
    operations = [
        migrations.CreateModel(
            name="Reviewed",
            fields=[
                ("entry", models.OneToOneField(primary_key=True, related_name="reviewed", serialize=False,
                                               to="evidence.entered", **_OF)),
                ("author", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("sealed_by", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("draft", models.CharField(blank=True, db_index=True, default="", max_length=80)),
                ("place", models.CharField(blank=True, default="", max_length=80)),
                ("text", models.TextField()),
                ("asks", models.BooleanField(default=False)),
                ("by", models.TextField()),
                ("to", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("settled", models.DateTimeField(null=True)),
                ("settled_by", models.TextField(blank=True, default="")),
                ("source", models.ForeignKey(null=True, related_name="remarks", to="evidence.source", **_OF)),
            ],
        ),
    ]
