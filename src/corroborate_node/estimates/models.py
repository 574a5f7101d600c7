"""What is kept of estimates: what was asked, what was counted, what came out, and which results were sealed.

People stand in none of it: counts by the lists that name them, no more.
"""

from typing import Any

from django.db import models

from corroborate_node.core.models import Work
from corroborate_node.core.veils import VAULT, Veil

_ID: dict[str, Any] = {"max_length": 80}


class Run(Work):
    """One estimate asked for. ``key`` is equal for equal inputs, seed and version: they are run once."""

    reading = "estimate.read"
    veil = Veil({VAULT: ("title", "asked", "tables", "counted", "result", "step")}, blind=("key", "by"))

    id = models.CharField(primary_key=True, **_ID)
    title = models.TextField(blank=True)
    asked = models.JSONField()  # as ``Asked`` writes it
    key = models.CharField(db_index=True, default="", max_length=64)  # empty until the tables are counted
    tables = models.JSONField(default=list)  # [{"name", "csv", "digest"}], the first is the estimate's own
    counted = models.JSONField(default=dict)  # what was counted, and what was left out and why
    result = models.JSONField(null=True)  # the estimate, or a refusal with its remedy
    same_as = models.ForeignKey("self", models.SET_NULL, null=True)  # the first run of the same inputs
    invented = models.BooleanField(default=False)
    discarded = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["-at", "id"], name="estimates_newest"),)


class Sealed(models.Model):
    """A result with its inputs, sealed in the log. ``content`` are the bytes that were sealed. Withdrawn, it stays as a
    scar: what it said, who withdrew it and why."""

    reading = "estimate.read"
    veil = Veil({VAULT: ("content", "why")}, blind=("by", "withdrawn_by"))

    run = models.OneToOneField(Run, models.PROTECT, related_name="sealed")
    content = models.BinaryField()
    index = models.BigIntegerField()  # of its entry in the log
    by = models.TextField()
    at = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(blank=True)
    why = models.TextField(blank=True)
    withdrawal_index = models.BigIntegerField(null=True)
