"""What records are found by. Everything here is made from records and goes with them: nothing is said here alone."""

from django.conf import settings
from django.db import models

from corroborate_node.core.queries import anywhere
from corroborate_node.core.veils import VAULT, Veil
from corroborate_node.records.models import Claim, Passage, PersonName, Source, filed


class NameKey(models.Model):
    """One key of a name (:mod:`corroborate.languages.finding`). Goes with the name."""

    reading = "identity.read"
    within = staticmethod(lambda cases: models.Q(name__claim__source_id__in=filed(cases)))
    veil = Veil(blind=("key",))

    pk = models.CompositePrimaryKey("key", "name_id")
    key = models.CharField(max_length=120)
    name = models.ForeignKey(PersonName, models.CASCADE, related_name="keys")


class Place(models.Model):
    """A place as some claim spells it, under the key that its spellings share. Seen by who sees such a claim."""

    reading = "record.read"
    within = staticmethod(
        lambda cases: models.Q(id__in=Said.objects.filter(source_id__in=filed(cases)).values("place_id"))
    )
    veil = Veil({VAULT: ("name",)}, blind=("key", "folded", "province"))

    key = models.CharField(max_length=120)
    name = models.TextField()  # as the first claim wrote it
    folded = models.CharField(max_length=200)
    province = models.CharField(max_length=120, blank=True, default="", db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "folded"], name="finding_spelled_once"),)


class Phrase(models.Model):
    """The words of a cell or a term, once each: rows of a list say the same again and again. A passage of a document
    has one of its own, which goes with it. Seen by who sees somebody say it."""

    reading = "record.read"
    within = staticmethod(
        lambda cases: models.Q(id__in=Said.objects.filter(source_id__in=filed(cases)).values("phrase_id"))
    )
    veil = Veil(blind=("key",))

    key = models.CharField(max_length=64, unique=True)  # digest of the kind and the words
    passage = models.ForeignKey(Passage, models.CASCADE, null=True, related_name="+")


class Said(models.Model):
    """What one claim, one passage of a document, or the title of one source is found by."""

    reading = "record.read"
    within = staticmethod(lambda cases: models.Q(source_id__in=filed(cases)))

    id = models.IntegerField(primary_key=True)  # given by us: a database that keeps count writes it with every row
    kind = models.CharField(max_length=10)  # person, act, source, passage
    of = models.CharField(
        max_length=80, db_index=True
    )  # id of the entity, the source, or of a passage itself or its claim
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="+")
    passage = models.ForeignKey(Passage, models.CASCADE, null=True, related_name="+", db_index=False)
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    phrase = models.ForeignKey(Phrase, models.RESTRICT, null=True, related_name="said")
    who = models.BooleanField()  # it may tell who somebody is: only for who may see that
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="said", db_index=False)
    term = models.CharField(max_length=80, null=True)  # a violation that it says was done
    begins = models.DateField(null=True)  # of what happened; null where it tells no date
    ends = models.DateField(null=True)

    class Meta:
        # Most of what is said tells no violation, place, date or passage: an index holds no row without one, so that a
        # list of a hundred thousand rows is not written into indexes that find nothing by them
        indexes = (
            models.Index(fields=["passage"], condition=models.Q(passage__isnull=False), name="finding_in_passage"),
            models.Index(
                fields=["term", "kind", "of"], condition=models.Q(term__isnull=False), name="finding_what_was_done"
            ),
            models.Index(fields=["place", "kind", "of"], condition=models.Q(place__isnull=False), name="finding_where"),
            models.Index(
                fields=["kind", "begins", "ends", "of"],
                condition=models.Q(begins__isnull=False),
                name="finding_acts_until",
            ),
            models.Index(
                fields=["kind", "ends", "of"], condition=models.Q(ends__isnull=False), name="finding_acts_since"
            ),
        )


class Word(models.Model):
    """One word of what is said, or a pair of letters of a script without spaces. ``kind``: under which it is said."""

    reading = "record.read"
    within = staticmethod(
        lambda cases: models.Q(phrase_id__in=Said.objects.filter(source_id__in=filed(cases)).values("phrase_id"))
    )
    veil = Veil(blind=("word",))

    pk = models.CompositePrimaryKey("word", "kind", "phrase_id")
    word = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    phrase = models.ForeignKey(Phrase, models.CASCADE, related_name="words")


class Search(models.Model):
    """A question that somebody keeps under a name. Hers alone: ``user`` is null for the owner at the command line."""

    reading = "record.read"
    within = staticmethod(anywhere)
    veil = Veil({VAULT: ("name", "asked")}, blind=("folded",))

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=100)
    folded = models.CharField(max_length=200)  # as names are told apart
    asked = models.JSONField()  # what asking.asked reads
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "folded"], name="finding_one_name", nulls_distinct=False),
        )


class Index(models.Model):
    """Which rules the index was made by, and the last name that is in it. One row."""

    reading = "record.read"

    rules = models.PositiveIntegerField()
    names = models.PositiveBigIntegerField(default=0)  # id of a PersonName
