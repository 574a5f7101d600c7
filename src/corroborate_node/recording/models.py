"""Drafts: what somebody is typing, in the encrypted database and nowhere else, until it is recorded or discarded."""

from django.conf import settings
from django.db import models

from corroborate_node.core.queries import anywhere
from corroborate_node.records.models import Source


class Draft(models.Model):
    """What an account has typed so far. Nobody but that account sees it; it goes when it is recorded or discarded, and
    when the source that it is about is withdrawn."""

    reading = "record.enter"
    within = staticmethod(anywhere)  # queries give each account its own alone

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

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    name = models.TextField()
    size = models.PositiveBigIntegerField()  # bytes
    address = models.CharField(max_length=64)  # of the sealed file
    passages = models.BooleanField(default=False)
