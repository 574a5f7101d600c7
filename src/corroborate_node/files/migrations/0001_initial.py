from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_OF: dict[str, Any] = {"on_delete": django.db.models.deletion.PROTECT, "to": "evidence.keptfile"}


class Migration(migrations.Migration):
    """Which sealed file is a copy of which."""

    initial = True
    dependencies = [("evidence", "0014_together")]
    operations = [
        migrations.CreateModel(
            name="Derived",
            fields=[
                ("file", models.OneToOneField(primary_key=True, related_name="derived", serialize=False, **_OF)),
                ("original", models.ForeignKey(related_name="copies", **_OF)),
                ("kind", models.CharField(max_length=12)),
                ("how", models.JSONField(default=dict)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
