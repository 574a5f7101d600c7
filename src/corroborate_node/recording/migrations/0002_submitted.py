from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_OF: dict[str, Any] = {"on_delete": django.db.models.deletion.PROTECT, "null": True, "related_name": "+"}


class Migration(migrations.Migration):
    """Drafts that wait for a second person."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("evidence", "0014_together"),
        ("recording", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="Submitted",
            fields=[
                ("draft", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True,
                                               related_name="submitted", serialize=False, to="recording.draft")),
                ("state", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("approved", models.DateTimeField(null=True)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("case", models.ForeignKey(to="evidence.case", **_OF)),
                ("reviewer", models.ForeignKey(to=settings.AUTH_USER_MODEL, **_OF)),
                ("approved_by", models.ForeignKey(to=settings.AUTH_USER_MODEL, **_OF)),
            ],
        ),
    ]
