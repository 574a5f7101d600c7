"""Records that other members sent, before anybody here took them in; and what was taken back, on both sides.

A parcel's content lies as it came, encrypted, in the vault's inbox. What is kept beside it for whoever decides goes
with it: when it was taken in, declined, or taken back by its sender.
"""

from typing import Any

from django.db import models

from corroborate_node.core.veils import VAULT, Veil
from corroborate_node.release.models import Recall

_ID: dict[str, Any] = {"max_length": 80}
_ORIGIN: dict[str, Any] = {"max_length": 300}  # the name of a member's log


class Parcel(models.Model):
    """Records in a bundle. ``state``: waiting, taken, declined, recalled."""

    reading = "bundle.receive"
    veil = Veil({VAULT: ("title", "body")}, blind=("by",))

    bundle = models.CharField(primary_key=True, **_ID)
    member = models.CharField(**_ORIGIN)
    release = models.CharField(**_ID)  # the sender's id of it
    number = models.PositiveIntegerField()  # as the sender's people call it
    title = models.TextField(blank=True)
    audience = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    until = models.DateField(null=True)  # last day on which we may use it
    at = models.DateTimeField()  # when it came
    digest = models.CharField(max_length=64)  # of the age file
    sources = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    claims = models.PositiveIntegerField()
    state = models.CharField(db_index=True, max_length=8)
    decided = models.DateTimeField(null=True)
    by = models.TextField(blank=True, default="")  # who decided
    taken = models.PositiveIntegerField(null=True)  # number of the import


class Offer(models.Model):
    """One source of a parcel that waits: what of it would come, and what we may do with it."""

    reading = "identity.read"  # it names people
    veil = Veil({VAULT: ("called", "people")})

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="offers")
    source = models.CharField(**_ID)
    kind = models.CharField(max_length=20)
    called = models.TextField(blank=True)
    people = models.JSONField(default=list)  # [id, name] of each person it is about
    claims = models.PositiveIntegerField()
    may = models.JSONField(default=dict)  # before whom -> uses
    ends = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=["parcel", "id"], name="exchange_offers"),)


class Told(models.Model):
    """That a member was told of a recall, and what it answered."""

    reading = "release.read"

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="told")
    member = models.CharField(**_ORIGIN)
    bundle = models.CharField(db_index=True, **_ID)  # the newest that carried it
    at = models.DateTimeField()
    answered = models.DateTimeField(null=True)  # by the receiver's clock
    sources = models.PositiveIntegerField(null=True)
    claims = models.PositiveIntegerField(null=True)
    receipt = models.BinaryField(null=True)  # signed by it

    class Meta:
        constraints = (models.UniqueConstraint(fields=["recall", "member"], name="exchange_told_once"),)


class Obeyed(models.Model):
    """A member's recall that came here, and what it erased."""

    reading = "bundle.receive"

    note = models.CharField(primary_key=True, max_length=64)  # SHA-256 of it
    member = models.CharField(**_ORIGIN)
    number = models.PositiveIntegerField()  # of the release
    reason = models.CharField(max_length=12)
    sources = models.PositiveIntegerField()
    claims = models.PositiveIntegerField()
    parcels = models.PositiveIntegerField()  # that waited, and went
    at = models.DateTimeField()


class Gone(models.Model):
    """A record that a member took back: a bundle with it that comes later is not kept."""

    reading = "bundle.receive"

    member = models.CharField(**_ORIGIN)
    record = models.CharField(**_ID)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "member"], name="exchange_gone_once"),)
