from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_OF: dict[str, Any] = {"on_delete": django.db.models.deletion.PROTECT}


class Migration(migrations.Migration):
    """Which words of a passage a claim was coded from. Of what was taken in before, nothing was."""

    dependencies = [("evidence", "0011_imports")]
    operations = [
        migrations.CreateModel(
            name="Coding",
            fields=[
                ("claim", models.OneToOneField(primary_key=True, serialize=False, related_name="coding",
                                               to="evidence.claim", **_OF)),
                ("mark", models.CharField(db_index=True, max_length=80)),
                ("start", models.PositiveIntegerField()),
                ("stop", models.PositiveIntegerField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("taken_back", models.DateTimeField(null=True)),
                ("taken_back_by", models.TextField(blank=True, default="")),
                ("passage", models.ForeignKey(related_name="codings", to="evidence.passage", **_OF)),
            ],
        ),
    ]
