"""What a hub stores of supporters of the public. An address stays no longer than until it is confirmed."""

from django.db import models

from corroborate_node.core.queries import anywhere
from corroborate_node.core.veils import VAULT, Veil


class Call(models.Model):
    """That the public is asked to support a published statement: since when, and until when."""

    reading = "statement.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("page",)}, blind=("by",))

    statement = models.CharField(primary_key=True, max_length=80)
    digest = models.CharField(max_length=64)  # SHA-256 of the text that is supported
    page = models.TextField()  # where the public reaches these pages
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    by = models.TextField()


class List(models.Model):
    """A sheet of supporters: read and waiting to be taken in, taken in, or taken back. ``rows`` is emptied then."""

    reading = "support.keep"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("file", "rows")}, blind=("by",))

    statement = models.CharField(max_length=80, db_index=True)
    file = models.TextField()
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    rows = models.JSONField()
    state = models.CharField(max_length=8)  # read, taken, undone
    many = models.PositiveIntegerField(default=0)  # that were taken in
    at = models.DateTimeField()
    by = models.TextField()


class Supporter(models.Model):
    """One supporter. ``address`` is emptied once it is confirmed; ``mark`` and ``code_mark`` are keyed digests."""

    reading = "support.keep"
    within = staticmethod(anywhere)
    veil = Veil(
        {VAULT: ("name", "country", "affiliation", "words", "language", "address", "code")},
        blind=("mark", "code_mark", "looked_by", "shown_by"),
    )

    id = models.CharField(primary_key=True, max_length=60)
    statement = models.CharField(max_length=80, db_index=True)
    mark = models.CharField(max_length=64, db_index=True)  # of its address; of itself where it came without one
    code = models.TextField(blank=True)
    code_mark = models.CharField(max_length=64, blank=True, db_index=True)
    address = models.TextField(blank=True)
    name = models.TextField()
    kind = models.CharField(max_length=12)
    country = models.CharField(max_length=2, blank=True)
    affiliation = models.TextField(blank=True)
    words = models.TextField(blank=True)
    shown = models.BooleanField(default=False)
    looked_by = models.TextField(blank=True, default="")  # who would have it shown, though it names a member
    shown_by = models.TextField(blank=True, default="")  # the second person who said so too
    language = models.CharField(max_length=2)
    asked = models.DateTimeField()
    lettered = models.DateTimeField(null=True)  # when its letter was taken out
    confirmed = models.DateTimeField(null=True)
    elsewhere = models.BooleanField(default=False)  # confirmed as its sheet says, and not here
    list = models.ForeignKey(List, models.SET_NULL, null=True, related_name="supporters")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["statement", "mark"], name="supporters_once"),)


class Erased(models.Model):
    """That an entry was erased, and when: what its receipt says. ``mark``, a keyed digest of the address, keeps a list
    from bringing it back; it is emptied once the same address asks anew."""

    reading = "support.keep"
    within = staticmethod(anywhere)
    veil = Veil(blind=("mark",))

    id = models.CharField(primary_key=True, max_length=60)
    statement = models.CharField(max_length=80, db_index=True)
    at = models.DateTimeField()
    mark = models.CharField(max_length=64, blank=True, db_index=True)
