"""Drafts: what somebody is typing, in the encrypted database and nowhere else, until it is recorded or discarded."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from corroborate_node.core.queries import anywhere
from corroborate_node.core.veils import Veil
from corroborate_node.records.models import Case, Source, filed


class Draft(models.Model):
    """What an account has typed so far. Nobody but that account sees it until it is submitted to a second person; it
    goes when it is recorded or discarded, and when the source that it is about is withdrawn."""

    reading = "record.enter"
    within = staticmethod(anywhere)  # queries give each account its own alone
    veil = Veil({"id": ("typed",)})

    id = models.CharField(primary_key=True, max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="+")  # of which more is told
    typed = models.JSONField(default=dict)  # as importers/by_hand.py reads it; and the case
    version = models.PositiveIntegerField(default=1)
    began = models.DateTimeField()
    changed = models.DateTimeField()


class DraftFile(models.Model):
    """A file that waits beside a draft, sealed. ``passages``: it is a transcript, and its passages are taken in."""

    reading = "record.enter"
    within = staticmethod(anywhere)
    veil = Veil({"draft_id": ("name",)})

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    name = models.TextField()
    size = models.PositiveBigIntegerField()  # bytes
    address = models.CharField(max_length=64)  # of the sealed file
    passages = models.BooleanField(default=False)


class Submitted(models.Model):
    """That a draft was handed to a second person, and how far it came: ``submitted``, ``returned`` with what is to be
    mended, ``approved``. Sealed, it is a record, and this goes with the draft."""

    reading = "identity.read"
    within = staticmethod(lambda cases: Q(case_id__in=cases) | Q(draft__source_id__in=filed(cases)))
    veil = Veil(blind=("digest",))

    draft = models.OneToOneField(Draft, models.CASCADE, primary_key=True, related_name="submitted")
    state = models.CharField(max_length=10)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")  # in which it is to be filed
    at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # assigned
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")  # of what was approved, files and all


class Doubled(models.Model):
    """That two people code one source without seeing each other's coding. What each typed stands here once they said
    that it is done; nobody reads either before both are. ``why``: of the third person who settled what differs."""

    reading = "identity.read"
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"source_id": ("first_typed", "second_typed", "why")}, blind=("by", "resolved_by"))

    id = models.CharField(primary_key=True, max_length=80)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    by = models.TextField()
    at = models.DateTimeField()
    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    first_draft = models.CharField(max_length=80, blank=True, default="")
    second_draft = models.CharField(max_length=80, blank=True, default="")
    first_typed = models.JSONField(null=True)
    second_typed = models.JSONField(null=True)
    resolved = models.DateTimeField(null=True)
    resolved_by = models.TextField(blank=True, default="")
    why = models.TextField(blank=True, default="")
