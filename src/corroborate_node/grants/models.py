"""Who outside may read what, with which links they come in, and what they asked. What they saw stands in the journal.

What a grant shows is its release's; a withdrawal erases that there, and here every word that may tell of it: they are
sealed under the grant's own key, which is destroyed.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from corroborate_node.core.veils import VAULT, Veil
from corroborate_node.release.models import Release

_ID: dict[str, Any] = {"max_length": 80}


def _of(path: str) -> Any:
    """Rows whose release was made of one of some cases. ``path``: from the row to its release."""
    return staticmethod(lambda cases: Q(**{f"{path}of_case__in": cases}))


class Grant(models.Model):
    """That a named person of a body may read a release from one day to another."""

    reading = "grant.read"
    within = _of("release__")
    veil = Veil({VAULT: ("reader",), "id": ("purpose",)}, blind=("made_by", "confirmed_by", "revoked_by"))

    id = models.CharField(primary_key=True, **_ID)
    number = models.PositiveIntegerField(unique=True)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    reader = models.TextField()
    purpose = models.TextField(blank=True)  # empty once a source of what it shows was withdrawn
    begins = models.DateField()
    until = models.DateField()  # last day
    download = models.BooleanField()  # else to be looked at alone
    needs_second = models.BooleanField()
    made_by = models.TextField()
    by_account = models.BooleanField()  # else by the owner at the command line
    at = models.DateTimeField()
    confirmed_by = models.TextField(blank=True, default="")
    confirmed = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True, default="")
    revoked = models.DateTimeField(null=True)
    erased = models.DateTimeField(null=True)  # when its words went with a source that was withdrawn


class Link(models.Model):
    """With what its reader comes in, once. Link and word are kept as keyed digests."""

    reading = "grant.read"
    within = _of("grant__release__")
    veil = Veil(blind=("digest",))

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    word = models.CharField(max_length=64)
    made = models.DateTimeField()
    until = models.DateTimeField()
    wrong = models.PositiveIntegerField(default=0)  # words that were
    used = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)  # by a later link, a revocation, or too many wrong words


class Visit(models.Model):
    """That its reader came in, from where, until it ends. What its browser shows is kept as a keyed digest."""

    reading = "grant.read"
    within = _of("grant__release__")
    veil = Veil({VAULT: ("address", "program")}, blind=("digest",))

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="visits")
    digest = models.CharField(max_length=64, unique=True)
    began = models.DateTimeField()
    until = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    address = models.CharField(max_length=45)
    program = models.CharField(max_length=120)  # the browser, as it calls itself


class Question(models.Model):
    """What its reader asks of an item, or in general, and the answer."""

    reading = "grant.read"
    within = _of("grant__release__")
    veil = Veil({"grant_id": ("text", "answer")}, blind=("answered_by",))

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="questions")
    item = models.CharField(blank=True, **_ID)  # id of a record, a person or a file that the grant shows
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True, default="")
