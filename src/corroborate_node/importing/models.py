"""What is kept of a list that somebody takes in on a page.

While it waits, its file lies encrypted among the sealed files, and ``found`` holds words of it for whoever decides.
Taken in or discarded, both are erased: the report has counts, headings, lines and the digest of the file, and no words
of its rows, so that a source withdrawn later has nothing here.
"""

from collections.abc import Collection

from django.db import models

from corroborate_node.core.models import Work
from corroborate_node.core.veils import VAULT, Veil


class Upload(Work):
    """One file. ``phase``: which of the two jobs its state is about, ``check`` or ``take``."""

    reading = "record.receive"
    veil = Veil({VAULT: ("name", "choices", "found", "report", "step")}, blind=("digest", "by"))

    id = models.CharField(primary_key=True, max_length=80)
    name = models.TextField()
    size = models.BigIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    address = models.CharField(max_length=64, blank=True)  # of the waiting file; empty once it is erased
    case = models.CharField(max_length=80, blank=True)  # id of the case in which all of it is filed
    choices = models.JSONField(default=dict)  # as ``Choices`` writes them
    phase = models.CharField(max_length=8, blank=True)
    found = models.JSONField(null=True)  # what the check found, with words of the list
    report = models.JSONField(null=True)  # what was taken in, without words of the list
    told = models.BooleanField(default=True)  # whether whoever asked has seen how it ended

    class Meta:
        indexes = (models.Index(fields=["-at", "id"], name="importing_newest"),)

    @staticmethod
    def within(cases: Collection[str]) -> models.Q:
        return models.Q(case__in=cases)
