"""What left this vault, or waits to leave: releases with what was decided of each record, to whom they were given, and
what was taken back since. A withdrawal erases what a release shows and none of this: its receivers must be told."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q

from corroborate_node.core.veils import VAULT, Veil

_ID: dict[str, Any] = {"max_length": 80}


def _of(path: str) -> Any:
    """Rows whose release was made of one of some cases. ``path``: from the row to its release."""

    def within(cases: Collection[str]) -> Q:
        return Q(**{f"{path}of_case__in": cases})

    return staticmethod(within)


class Release(models.Model):
    """One release. ``content`` is what its reader is shown (release.json); null once a source of it was withdrawn."""

    reading = "release.read"
    within = _of("")
    veil = Veil({VAULT: ("title", "case", "body", "content", "told")}, blind=("digest", "made_by", "confirmed_by"))

    number = models.PositiveIntegerField(primary_key=True)
    id = models.CharField(unique=True, **_ID)
    title = models.TextField()
    case = models.TextField(blank=True)  # its name when it was made
    of_case = models.CharField(blank=True, db_index=True, default="", **_ID)  # it holds records of this case alone
    audience = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    on = models.DateField()  # the day on which it leaves
    until = models.DateField(null=True)  # last day on which the receiver may use it
    linking = models.CharField(max_length=6, blank=True)
    content = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)  # of the content
    items_digest = models.CharField(max_length=64)  # of what was decided of each record
    told = models.JSONField()  # the numbers of the sentence, what stays and why: no record, no name
    needs_second = models.BooleanField()
    invented = models.BooleanField(default=False)
    made_by = models.TextField()
    by_account = models.BooleanField()  # else by the owner at the command line
    at = models.DateTimeField()
    confirmed_by = models.TextField(blank=True)
    confirmed = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["audience", "body"], name="packages_release_for"),)


class ReleasedRecord(models.Model):
    """What was decided of one record for one use. ``why``: the reason for which it stays; empty: it goes."""

    reading = "release.read"
    within = _of("release__")

    release = models.ForeignKey(Release, models.PROTECT, related_name="records")
    record = models.CharField(db_index=True, **_ID)
    kind = models.CharField(max_length=8)
    use = models.CharField(max_length=8)
    consent = models.CharField(blank=True, **_ID)
    until = models.DateField(null=True)
    why = models.CharField(blank=True, max_length=12)
    of_body = models.BooleanField(default=False)
    person = models.CharField(blank=True, **_ID)


class Given(models.Model):
    """That a release was written for somebody: in which form, with which bytes."""

    reading = "release.read"
    within = _of("release__")
    veil = Veil({VAULT: ("to",)}, blind=("digest", "by"))

    release = models.ForeignKey(Release, models.PROTECT, related_name="given")
    form = models.CharField(max_length=12)  # json, dossier, site, package, bundle, encoding, answer, numbers, …
    to = models.TextField(blank=True)  # the receiver, where it is one of the audience
    digest = models.CharField(max_length=64)  # of the file; of a folder, over its files
    by = models.TextField()
    at = models.DateTimeField()


class Recall(models.Model):
    """A note that tells the receivers of a release to erase what was taken back. It carries ids, and no name."""

    reading = "release.read"
    within = _of("release__")
    veil = Veil({VAULT: ("note",)})

    release = models.ForeignKey(Release, models.PROTECT, related_name="recalls")
    reason = models.CharField(max_length=12)  # withdrawn, corrected, consent
    records = models.PositiveIntegerField()
    note = models.BinaryField()  # signed
    at = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)


class Package(models.Model):
    """A package that was written, by a release or before there were any."""

    reading = "record.read"
    within = _of("release__")
    veil = Veil({VAULT: ("body",)})

    id = models.CharField(primary_key=True, max_length=80)
    number = models.CharField(max_length=60)  # ten groups of digits, as the verifier prints it
    audience = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    asked_on = models.DateField()  # the day on which consent was asked
    at = models.DateTimeField()
    withheld = models.IntegerField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="packages")


class PackagedRecord(models.Model):
    """A record that was shown, not merely proven."""

    reading = "record.read"
    within = _of("package__release__")

    package = models.ForeignKey(Package, models.PROTECT, related_name="records")
    record = models.CharField(db_index=True, max_length=80)
