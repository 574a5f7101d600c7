"""The code on the sheet of a source, and what a browser shows that came in by it. A withdrawal erases the code itself:
its digest stays, so that it can still say that the source was withdrawn, and on which day."""

from django.db import models
from django.db.models import Q

from corroborate_node.core.veils import Veil
from corroborate_node.records.models import Source, filed


class Code(models.Model):
    """What whoever told a source comes in with. The word beside it is kept as a keyed digest alone."""

    reading = "identity.read"  # whose source it is
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"source_id": ("code",)}, blind=("digest", "word", "visit", "made_by", "ended_by"))

    source = models.ForeignKey(Source, models.PROTECT, related_name="codes")
    code = models.TextField(blank=True)  # as the sheet shows it; empty: ended, or erased with its source
    digest = models.CharField(max_length=64, unique=True)
    word = models.CharField(max_length=64)
    made = models.DateTimeField()
    made_by = models.TextField()
    ended = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    wrong = models.PositiveIntegerField(default=0)  # words that were
    wrong_last = models.DateTimeField(null=True)
    visit = models.CharField(max_length=64, blank=True, default="", db_index=True)  # what a browser shows
    visit_until = models.DateTimeField(null=True)
