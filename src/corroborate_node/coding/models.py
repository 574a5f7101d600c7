"""Words that lists say of what was done: what a coder decided that they mean, and those that nobody coded yet."""

from django.db import models

from corroborate_node.coding.limits import LONGEST
from corroborate_node.core.veils import VAULT, Veil
from corroborate_node.records.models import Claim, Source

_KEY = {"key": "words as they are compared"}  # which of the words that wait were taught since


class Taught(models.Model):
    """What a coder decided that some words mean: no act at all where ``acts`` is empty."""

    reading = "word.code"
    veil = Veil({VAULT: ("words", "acts")}, blind=("key", "by"), shared=_KEY)

    key = models.CharField(max_length=LONGEST, unique=True)  # the words as they are compared
    words = models.CharField(max_length=LONGEST)
    acts = models.JSONField()  # [[term, how it is told], …]
    by = models.TextField()
    on = models.DateField()


class LearnedFrom(models.Model):
    """A source whose words were taught. What no source teaches any more is forgotten, words and all."""

    reading = "word.code"

    taught = models.ForeignKey(Taught, models.CASCADE, related_name="sources")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["taught", "source"], name="coding_learned_once"),)


class Waiting(models.Model):
    """Words of a claim that an import could not code. They go with the claim."""

    reading = "word.code"
    veil = Veil({"claim__source_id": ("words",)}, blind=("key",), shared=_KEY)

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST, db_index=True)
    words = models.TextField()


class Filled(models.Model):
    """That the words of what was taken in earlier were looked through. One row."""

    reading = "word.code"

    rules = models.PositiveIntegerField()
