"""What is to be done about a source by a day. Erased with the source."""

from django.db import models
from django.db.models import Q

from corroborate_node.core.veils import Veil
from corroborate_node.records.models import Source, filed


class Deadline(models.Model):
    """``feedback``: what was promised to whoever told it. ``retention``: until when it is kept; then it is asked again
    (``ask``) or erased (``erase``), by a person."""

    reading = "identity.read"  # what was promised may name people
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"source_id": ("what", "how")}, blind=("by", "settled_by"))

    id = models.CharField(primary_key=True, max_length=80)
    source = models.ForeignKey(Source, models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=10)
    what = models.TextField(blank=True)
    on = models.DateField(db_index=True)
    then = models.CharField(max_length=6, blank=True, default="")
    by = models.TextField()
    at = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True, default="")
    kept = models.BooleanField(null=True)
    how = models.TextField(blank=True, default="")
