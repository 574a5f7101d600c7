"""What people judge: which sources do not know independently, what speaks to an element, and whether it is met."""

from collections.abc import Collection

from django.db import models
from django.db.models import Q

from corroborate_node.core.veils import VAULT, Veil
from corroborate_node.records.models import Case, Claim, Entity, Source, filed


def both_filed(cases: Collection[str]) -> Q:
    """Ties between sources of these cases: of a source of another one nothing is told, not even that it is there."""
    return Q(source_id__in=filed(cases)) & Q(other_id__in=filed(cases))


class Tie(models.Model):
    """That two sources do not know independently, who judged so, and why. Taken back, it counts no more."""

    reading = "identity.read"  # why may name people, and that witnesses are related tells who they are
    within = staticmethod(both_filed)
    veil = Veil({"source_id": ("why",)}, blind=("by", "taken_back_by"))

    id = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=20)
    source = models.ForeignKey(Source, models.PROTECT, related_name="ties")
    other = models.ForeignKey(Source, models.PROTECT, related_name="tied")
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")


def of_cases(cases: Collection[str]) -> Q:
    """What was judged within these cases: of the whole vault a limited account sees no judgement."""
    return Q(case_id__in=cases)


class Weighed(models.Model):
    """That somebody set a claim beside an element of a crime. Taken back, it counts no more."""

    reading = "finding.read"
    within = staticmethod(lambda cases: of_cases(cases) & Q(claim__source_id__in=filed(cases)))
    veil = Veil({"claim__source_id": ("why",)}, blind=("by", "taken_back_by"))

    id = models.CharField(primary_key=True, max_length=80)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="weighed")  # null: of the whole vault
    element = models.CharField(max_length=120)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="weighed")
    speaks = models.CharField(max_length=10)
    weight = models.CharField(max_length=10)
    why = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")


class Stand(models.Model):
    """What a member said of a finding under its own key, as a note that anybody can check; the newest counts."""

    reading = "finding.read"
    within = staticmethod(lambda cases: Q(pk__in=()))  # it is of what was released, not of one case
    veil = Veil({VAULT: ("reader", "member", "words", "note")}, blind=("by",))

    id = models.CharField(primary_key=True, max_length=80)
    finding = models.CharField(max_length=120)  # id of an element, or of a line of a report
    reader = models.TextField()
    digest = models.CharField(max_length=64)
    member = models.TextField()
    choice = models.CharField(max_length=10)
    words = models.TextField(blank=True)
    note = models.TextField()
    said = models.DateTimeField()  # by the member's own clock
    by = models.TextField()  # who took it in
    at = models.DateTimeField()


class Assessment(models.Model):
    """What somebody judged of one element, under a standard of proof. A later one of the same person takes its place;
    it stays to be read."""

    reading = "finding.read"
    within = staticmethod(of_cases)
    veil = Veil({VAULT: ("reasons", "gaps", "contrary", "stands_on")}, blind=("by", "taken_back_by"))

    id = models.CharField(primary_key=True, max_length=80)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="assessments")  # null: of the whole vault
    element = models.CharField(max_length=120)
    conclusion = models.CharField(max_length=20)
    standard = models.CharField(max_length=60)
    reasons = models.TextField()
    gaps = models.TextField(blank=True)
    contrary = models.TextField(blank=True)
    stands_on = models.JSONField()  # for, against, independent: what was before whoever judged
    by = models.TextField()
    at = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")


class Naming(models.Model):
    """That somebody who is said to have done something may be named to a reader. It stands once a second person
    confirmed it; taken back, it lets nobody be named."""

    reading = "identity.read"  # why may name people
    within = staticmethod(lambda cases: Q(pk__in=()))  # it is of the whole vault: whoever sees some cases sees none
    veil = Veil({VAULT: ("body", "why", "names")}, blind=("by", "confirmed_by", "taken_back_by"))

    id = models.CharField(primary_key=True, max_length=80)
    who = models.ForeignKey(Entity, models.PROTECT, related_name="namings")
    audience = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    sure = models.CharField(max_length=20)
    why = models.TextField()
    until = models.DateField(null=True)
    by = models.TextField()
    by_account = models.BooleanField()  # else by the owner at the command line
    at = models.DateTimeField()
    confirmed_by = models.TextField(blank=True, default="")
    confirmed = models.DateTimeField(null=True)
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")
    names = models.TextField(blank=True, default="")  # JSON: a digest of each that was read; empty: made before
