"""What a node stores of the campaign's work. All but contacts is public, or meant to be."""

from typing import Any

from django.db import models

from corroborate_node.core.queries import anywhere
from corroborate_node.core.veils import VAULT, Veil

_ID: dict[str, Any] = {"max_length": 80}


class Action(models.Model):
    """A member's initiative. ``merged_into``: a person judged it the same event as another; taking that back empties
    the field, and this row stands again as it was."""

    reading = "demand.read"
    within = staticmethod(anywhere)
    veil = Veil(
        {VAULT: ("title", "members", "place", "text", "address")},
        blind=("merged_by", "entered_by", "said_by", "confirmed_by"),
    )

    id = models.CharField(primary_key=True, **_ID)
    kind = models.CharField(max_length=20)
    title = models.TextField()
    members = models.JSONField()
    begins = models.DateField(db_index=True)
    ends = models.DateField()
    language = models.CharField(max_length=3)
    country = models.CharField(max_length=2, blank=True)
    place = models.TextField(blank=True)
    demands = models.JSONField(default=list)
    text = models.TextField(blank=True)
    address = models.TextField(blank=True)
    invented = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    merged_by = models.TextField(blank=True)
    entered_by = models.TextField(blank=True, default="")  # the account; empty when by command, with the passphrase
    said_by = models.TextField(blank=True, default="")  # the account that put it as it stands; empty: by command
    own = models.BooleanField(default=False)  # whether that, or who confirmed it, is an account of the member itself
    confirmed_by = models.TextField(blank=True, default="")  # the member's own account, or a second person
    removed = models.BooleanField(default=False)
    at = models.DateTimeField()


class ActionBefore(models.Model):
    """How an action stood before somebody changed, removed or restored it. Rows are only ever added."""

    reading = "demand.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("before",)}, blind=("by",))

    action = models.ForeignKey(Action, models.PROTECT, related_name="before")
    what = models.CharField(max_length=10)  # changed, removed, restored
    before = models.JSONField()
    by = models.TextField()
    at = models.DateTimeField()


class Apart(models.Model):
    """Two actions that a person judged to be different events."""

    reading = "demand.read"
    within = staticmethod(anywhere)
    veil = Veil(blind=("by",))

    first = models.ForeignKey(Action, models.CASCADE, related_name="+")
    second = models.ForeignKey(Action, models.CASCADE, related_name="+")
    by = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["first", "second"], name="advocacy_apart_once"),)


class Reading(models.Model):
    """How somebody read the evidence on one criterion of a demand. Rows are added, never changed."""

    reading = "demand.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("evidence", "note")}, blind=("by", "entered_by"))

    demand = models.CharField(db_index=True, **_ID)
    criterion = models.CharField(**_ID)
    status = models.CharField(max_length=20)
    by = models.TextField()
    on = models.CharField(max_length=10)  # as exact as it was given
    evidence = models.JSONField(default=list)  # id of a known event, or the event itself
    note = models.TextField(blank=True)
    entered_by = models.TextField(blank=True, default="")  # the account; empty: by command
    own = models.BooleanField(default=False)  # whether that is an account of who is said to read it so
    at = models.DateTimeField()


class AccessRequest(models.Model):
    """A request to be let in, and the answer."""

    reading = "demand.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("what", "source")}, blind=("by", "entered_by"))

    demand = models.CharField(db_index=True, **_ID)
    on = models.CharField(max_length=10)
    by = models.TextField()
    what = models.TextField()
    answer = models.CharField(max_length=20)
    source = models.TextField()
    entered_by = models.TextField(blank=True, default="")  # the account; empty: by command
    own = models.BooleanField(default=False)  # whether that is an account of who is said to have asked
    at = models.DateTimeField()


class Vote(models.Model):
    reading = "demand.read"
    within = staticmethod(anywhere)

    state = models.CharField(max_length=2, db_index=True)
    body = models.CharField(max_length=10)
    resolution = models.CharField(max_length=200)
    on = models.CharField(max_length=10)
    vote = models.CharField(max_length=12)
    source = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["state", "resolution"], name="advocacy_one_vote"),)


class Commitment(models.Model):
    reading = "demand.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("what", "source")}, blind=("entered_by",))

    state = models.CharField(max_length=2, db_index=True)
    what = models.TextField()
    on = models.CharField(max_length=10)
    source = models.TextField()
    demand = models.CharField(blank=True, **_ID)
    kept = models.CharField(max_length=10, default="open")
    entered_by = models.TextField(blank=True, default="")  # the account; empty: by command
    at = models.DateTimeField()


class Contact(models.Model):
    """A person at a State or body. Only in a member's vault, under that person's own consent."""

    reading = "contact.keep"
    veil = Veil({VAULT: ("name", "role", "reach", "consents")})

    id = models.CharField(primary_key=True, **_ID)
    state = models.CharField(max_length=2, db_index=True)
    name = models.TextField()
    role = models.TextField(blank=True)
    reach = models.TextField(blank=True)
    consents = models.JSONField()
    at = models.DateTimeField()


class Paragraph(models.Model):
    """What letters to one State say beside the common text."""

    reading = "state.keep"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("text",)})

    state = models.CharField(primary_key=True, max_length=2)
    text = models.TextField()
    at = models.DateTimeField()
