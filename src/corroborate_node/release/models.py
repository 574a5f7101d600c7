"""Packages that were made here. What they held is known by the records' ids; a withdrawal erases nothing of this: who
received an earlier release must be told."""

from django.db import models


class Package(models.Model):
    reading = "record.read"

    id = models.CharField(primary_key=True, max_length=80)
    number = models.CharField(max_length=60)  # ten groups of digits, as the verifier prints it
    audience = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    asked_on = models.DateField()  # the day on which consent was asked
    at = models.DateTimeField()
    withheld = models.IntegerField()


class PackagedRecord(models.Model):
    """A record that was shown, not merely proven."""

    reading = "record.read"

    package = models.ForeignKey(Package, models.PROTECT, related_name="records")
    record = models.CharField(db_index=True, max_length=80)
