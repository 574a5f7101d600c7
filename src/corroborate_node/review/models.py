"""What review keeps: what private linkage must remember between two trips of a file.

People stand here by id alone; names and facts stay claims, and are erased there when a source withdraws. Pairs that
may be one person, and judgements of them, are records: estimates count by them too.
"""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Max, Q, QuerySet

from corroborate_node.core.veils import VAULT, Veil
from corroborate_node.records.models import Entity, known_in

_ID: dict[str, Any] = {"max_length": 80}
# The clock goes by the second, and the last of two files made in one second is still the last.
_NEWEST = ("-number", "-at", "-pk")


def next_number(earlier: QuerySet[Any]) -> int:
    """The number of a row that comes after ``earlier`` ones."""
    newest: int | None = earlier.aggregate(newest=Max("number"))["newest"]
    return 1 if newest is None else newest + 1


class PrivateEncoding(models.Model):
    """Which people the rows of an encoding are that was sent to a linkage unit. The only place where that is known."""

    reading = "pair.read"
    veil = Veil({VAULT: ("whose",)})

    digest = models.CharField(primary_key=True, max_length=64)  # of the file that was sent
    agreement = models.CharField(db_index=True, **_ID)
    whose = models.JSONField()  # for each row the ids of the people judged to be one, or null: a row of nobody
    at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = _NEWEST


class PrivateRun(models.Model):
    """A linkage unit's result that was answered: the other side's answer is read with it."""

    reading = "pair.read"
    veil = Veil({VAULT: ("result",)})

    id = models.CharField(primary_key=True, **_ID)  # of the result
    encoding = models.ForeignKey(PrivateEncoding, models.PROTECT)
    result = models.BinaryField()  # the file as it came, sealed to us
    told = models.IntegerField()  # people of ours of whom the other side may learn that we hold them
    at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = _NEWEST


class PrivateAnswer(models.Model):
    """What the other side told: which of our people it holds too, and the facts it let us have."""

    reading = "pair.read"
    veil = Veil({VAULT: ("learnt",)})

    id = models.CharField(primary_key=True, **_ID)
    run = models.ForeignKey(PrivateRun, models.PROTECT)
    learnt = models.JSONField()  # [{"people", "difference", "fields"}]
    at = models.DateTimeField()


class PrivateNumbers(models.Model):
    """Document numbers entered into a set intersection: our secret, and whose number each point is. The numbers
    themselves are not kept."""

    reading = "pair.read"
    veil = Veil({VAULT: ("secret", "points", "people")})

    digest = models.CharField(primary_key=True, max_length=64)  # of the file of points that was sent
    agreement = models.CharField(db_index=True, **_ID)
    secret = models.BinaryField()
    points = models.JSONField()  # for each point the position in ``people``, or null: a point of nothing
    people = models.JSONField()
    answered = models.CharField(max_length=64, blank=True, default="")  # digest of the other side's file
    at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = _NEWEST


def _of_known(cases: Collection[str]) -> Q:
    return Q(person__in=Entity.objects.filter(known_in(cases)).values("id"))


class PrivatePair(models.Model):
    """A person of ours of whom another member says that it holds them too: somebody judges whether that is so.

    Of the other member's record nothing is here but what it told.
    """

    reading = "pair.read"
    within = staticmethod(_of_known)
    veil = Veil({VAULT: ("people", "partner", "terms", "told")})

    answer = models.ForeignKey(PrivateAnswer, models.PROTECT)
    agreement = models.CharField(db_index=True, **_ID)
    person = models.CharField(db_index=True, **_ID)  # the first of those judged to be one when they were encoded
    people = models.JSONField()
    partner = models.TextField()
    terms = models.JSONField()  # what was agreed: {"begins", "ends", "reveal", "nearness", "unit"}
    difference = models.FloatField()
    told = models.JSONField()  # {property: [values]}
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agreement", "person"], name="review_held_once"),)
        indexes = (models.Index(fields=["difference", "id"], name="review_held_queue"),)


class PrivateJudgement(models.Model):
    """What a reviewer said of such a pair. Sealed; taken back, it stays on record."""

    reading = "pair.read"
    within = staticmethod(lambda cases: Q(pair__in=PrivatePair.objects.filter(_of_known(cases)).values("id")))
    veil = Veil({VAULT: ("why",)}, blind=("by",))

    id = models.CharField(primary_key=True, **_ID)
    pair = models.ForeignKey(PrivatePair, models.CASCADE, related_name="judgements")
    verdict = models.CharField(max_length=10)
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)
