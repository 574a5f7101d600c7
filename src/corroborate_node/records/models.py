"""What a vault stores. Ids are made by the caller; content that was withdrawn is null, its seal stays.

``within``: which rows belong to some cases. A source is filed in cases; all else belongs to those of its source.
"""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from corroborate_node.core.veils import VAULT, Veil

_ID: dict[str, Any] = {"max_length": 80}
_ABOUT_NO_RECORD = ("members", "statements", "demands")  # documents that tell of no record of the vault


def filed(cases: Collection[str]) -> QuerySet[Any]:
    """Ids of the sources that are filed in some cases. A source stands in for a case where somebody sees it alone:
    whoever told it, by a code."""
    if alone := [one for one in cases if one.startswith("source_")]:
        return Source.objects.filter(id__in=alone).values("id")
    return Filed.objects.filter(case_id__in=cases).values("source_id")


def known_in(cases: Collection[str]) -> Q:
    """Entities that a claim of these cases is about, or points to."""
    told = Claim.objects.filter(source_id__in=filed(cases))
    return Q(id__in=told.values("subject_id")) | Q(id__in=told.exclude(target="").values("target"))


def both_known(cases: Collection[str]) -> Q:
    """Pairs of which both are known in these cases: of a person of another one nothing is told, not even likeness."""
    people = Entity.objects.filter(known_in(cases)).values("id")
    return Q(left__in=people) & Q(right__in=people)


class Entity(models.Model):
    reading = "record.read"
    within = staticmethod(known_in)

    id = models.CharField(primary_key=True, **_ID)
    kind = models.CharField(max_length=20, db_index=True)


class Source(models.Model):
    reading = "record.read"
    within = staticmethod(lambda cases: Q(id__in=filed(cases)))
    veil = Veil({"id": ("title",)})

    id = models.CharField(primary_key=True, **_ID)
    kind = models.CharField(max_length=20)
    title = models.TextField()
    derives_from = models.JSONField(default=list)
    invented = models.BooleanField(default=False)
    withdrawn = models.DateField(null=True)
    # the list of which it is a row or record. Earlier versions said so in the title, which stays as it was sealed
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", db_index=False)
    number = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["id"], condition=models.Q(invented=True), name="evidence_invented_sources"),
            models.Index(fields=["part_of", "number"], condition=Q(part_of__isnull=False), name="evidence_parts"),
        )


class Import(models.Model):
    """A file that was taken in: an act that can be listed, looked into and undone. It holds no words of its rows."""

    reading = "record.read"
    within = staticmethod(lambda cases: Q(list_id__in=filed(cases)))
    veil = Veil({"id": ("name", "choices"), VAULT: ("counted",)}, blind=("digest", "shape", "by", "undone_by"))

    id = models.CharField(primary_key=True, **_ID)
    number = models.PositiveIntegerField(unique=True)  # as people call it, from 1
    name = models.TextField(blank=True)  # of the file; empty: undone, or what it holds was withdrawn
    digest = models.CharField(max_length=64)  # SHA-256 of the file, in hexadecimal
    program = models.CharField(max_length=40, blank=True)  # that wrote it; empty: a list
    shape = models.CharField(max_length=64, blank=True, db_index=True)  # digest of the headings
    choices = models.JSONField(default=dict)  # how it was read: what a person chose over the guess
    counted = models.JSONField(default=dict)  # rows, new, changed, same, …
    granted = models.JSONField(default=list)  # ids of consents given to sources that stood before
    by = models.TextField()
    at = models.DateTimeField()
    undone = models.DateTimeField(null=True)
    undone_by = models.TextField(blank=True, default="")
    file = models.ForeignKey("KeptFile", models.SET_NULL, null=True, related_name="imports")  # or the copy in its place
    list = models.ForeignKey(Source, models.PROTECT, null=True, related_name="imports")  # what it came in as

    class Meta:
        indexes = (models.Index(fields=["digest"], name="evidence_import_file"),)


class FromMember(models.Model):
    """That a source came from another member in a bundle, with which release. What may be done with it is what its
    consents say: they came with it, and nobody here widens them. That member can take it back."""

    reading = "record.read"
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="from_member")
    member = models.CharField(max_length=300)  # the name of its log
    theirs = models.CharField(db_index=True, **_ID)  # the source's id at that member
    release = models.CharField(**_ID)  # of that member
    number = models.PositiveIntegerField()  # of the release, as that member calls it
    bundle = models.CharField(db_index=True, **_ID)


class TermsOf(models.Model):
    """What one member lets us do with a source that came from members, by its newest release: of several, whichever of
    them owns the record, we rely on what all allow. The consents of the source say that."""

    reading = "record.read"
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))

    source = models.ForeignKey(Source, models.PROTECT, related_name="terms_of")
    member = models.CharField(max_length=300)  # the name of its log
    theirs = models.CharField(db_index=True, **_ID)  # the source's id at that member
    number = models.PositiveIntegerField()  # of the release, as that member calls it
    terms = models.JSONField(default=list)  # empty: that member holds to none any more

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "member", "theirs"], name="evidence_one_word_each"),)


class Imported(models.Model):
    """A source that came with an import, and by what its row or record is known when the file comes again. A withdrawal
    erases all but that it came: ``content``, ``key`` and ``about`` are empty then."""

    reading = "record.read"
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil(blind=("content", "key"))

    source = models.OneToOneField(Source, models.PROTECT, primary_key=True, related_name="came")
    by = models.ForeignKey(Import, models.PROTECT, related_name="sources")
    content = models.CharField(max_length=64, blank=True)  # digest of all that the row or record says
    key = models.CharField(max_length=64, blank=True)  # digest of its key: columns that a person named, a record's id
    about = models.CharField(max_length=80, blank=True)  # the entity that the row or record is about
    first = models.CharField(max_length=80, blank=True)  # the first version of the row; empty: it is the first

    class Meta:
        indexes = (models.Index(fields=["content"], condition=~Q(content=""), name="evidence_imported_again"),)


class Case(models.Model):
    """A named file of work. Sources are filed in it; an account may be limited to it. Closed, it stays readable."""

    reading = "record.read"
    within = staticmethod(lambda cases: Q(id__in=cases))
    veil = Veil({VAULT: ("name",)}, blind=("folded", "opened_by", "closed_by"))

    id = models.CharField(primary_key=True, **_ID)
    name = models.CharField(max_length=150)
    folded = models.CharField(max_length=150, unique=True)
    opened = models.DateTimeField()
    opened_by = models.TextField()
    closed = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True, default="")


class Filed(models.Model):
    """That a source belongs to a case. A source may belong to several, or to none."""

    reading = "record.read"
    within = staticmethod(lambda cases: Q(case_id__in=cases))

    case = models.ForeignKey(Case, models.PROTECT, related_name="filed")
    source = models.ForeignKey(Source, models.PROTECT, related_name="filed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "source"], name="evidence_filed_once"),)


class Consent(models.Model):
    reading = "record.read"
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"source_id": ("given_by", "asked", "language", "conditions", "proof", "words"), VAULT: ("body",)})

    id = models.CharField(primary_key=True, **_ID)
    source = models.ForeignKey(Source, models.PROTECT, related_name="consents")
    uses = models.JSONField()
    audience = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    begins = models.DateField()
    ends = models.DateField(null=True)
    withdrawn = models.DateField(null=True)
    subject = models.CharField(max_length=80, blank=True, default="")  # whose it is
    right = models.CharField(max_length=20, default="unknown")  # in what right it was given
    given_by = models.TextField(blank=True, default="")
    asked = models.TextField(blank=True, default="")
    language = models.CharField(max_length=40, blank=True, default="")
    conditions = models.TextField(blank=True, default="")
    proof = models.CharField(max_length=64, blank=True, default="")  # SHA-256 of a scan or recording
    words = models.TextField(blank=True, default="")  # that it was read from
    blocked = models.TextField(blank=True, default="")  # why it is no longer relied on
    version = models.PositiveSmallIntegerField(default=1)  # of the record that was sealed


class Claim(models.Model):
    reading = "record.read"
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"source_id": ("value", "locator", "recorder")})

    id = models.CharField(primary_key=True, **_ID)
    subject = models.ForeignKey(Entity, models.PROTECT, related_name="claims")
    property = models.CharField(max_length=60)
    value = models.JSONField(null=True)  # null: withdrawn
    target = models.CharField(db_index=True, default="", max_length=80)  # of a Reference: the other entity's id
    source = models.ForeignKey(Source, models.PROTECT, related_name="claims")
    locator = models.TextField()
    basis = models.CharField(max_length=12)
    recorder = models.TextField()
    recorded_at = models.DateTimeField()
    superseded = models.BooleanField(default=False)  # corrected, its correction undone, or its coding

    class Meta:
        # what stands in few claims (how somebody without a name is described) is found without reading the others
        indexes = (models.Index(fields=["property", "subject"], name="evidence_claims_said"),)


class Correction(models.Model):
    """That a claim was recorded wrongly, and which one stands in its place. Undone, the old one counts again."""

    reading = "identity.read"  # why somebody corrected it may name people
    within = staticmethod(lambda cases: Q(old__source_id__in=filed(cases)))
    veil = Veil({"old__source_id": ("by", "why", "taken_back_by")})

    id = models.CharField(primary_key=True, **_ID)
    old = models.ForeignKey(Claim, models.PROTECT, related_name="corrections")
    new = models.OneToOneField(Claim, models.PROTECT, related_name="corrects")
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")


class PersonName(models.Model):
    """A narrow copy of names, folded for search. Erased with the claim it was made from."""

    reading = "identity.read"
    within = staticmethod(lambda cases: Q(claim__source_id__in=filed(cases)))
    veil = Veil({"claim__source_id": ("text",)}, blind=("folded",))

    claim = models.ForeignKey(Claim, models.CASCADE)
    person = models.ForeignKey(Entity, models.CASCADE, related_name="names")
    text = models.TextField()
    folded = models.TextField(db_index=True)
    first = models.BooleanField()  # whether a list of people shows this one

    class Meta:
        indexes = (  # the list of people, in order, without reading their other names
            models.Index(fields=["folded", "id"], condition=models.Q(first=True), name="evidence_people_listed"),
        )


class NamePart(models.Model):
    """Each letter of a folded name with the one after it, the last alone. A trigram index finds nothing for words of
    two syllables, and most Korean given names are that."""

    reading = "identity.read"
    within = staticmethod(lambda cases: Q(name__claim__source_id__in=filed(cases)))
    veil = Veil(blind=("part",))

    pk = models.CompositePrimaryKey("part", "name_id")
    part = models.CharField(max_length=2)
    name = models.ForeignKey(PersonName, models.CASCADE)


class Passage(models.Model):
    """A part of a document as a person finds it: a paragraph, a page, a minute. Erased with its source."""

    reading = "identity.read"  # what somebody says names people
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"source_id": ("locator", "speaker", "text")})

    id = models.CharField(primary_key=True, **_ID)
    source = models.ForeignKey(Source, models.PROTECT, related_name="passages")
    number = models.PositiveIntegerField()  # in the order of the document, from 1
    locator = models.TextField()
    speaker = models.TextField(blank=True, default="")  # as a transcript names them
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "number"], name="evidence_passage_once"),)


class Coding(models.Model):
    """That somebody marked words of a passage and coded them as a claim. Erased with its source, as the passage is.

    Several claims of one marking (an act, its victim, what was done) share ``mark``, and are taken back together.
    """

    reading = "identity.read"  # which words a claim stands on
    within = staticmethod(lambda cases: Q(passage__source_id__in=filed(cases)))
    veil = Veil(blind=("by", "taken_back_by"))

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True, related_name="coding")
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="codings")
    mark = models.CharField(db_index=True, **_ID)
    start = models.PositiveIntegerField()  # letters of the passage, from 0
    stop = models.PositiveIntegerField()  # the one after the last
    by = models.TextField()
    at = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")


class KeptFile(models.Model):
    """A file that sources were read from, kept sealed. Erased with the first of them that is withdrawn: it says what
    that one told. Its digest stays."""

    reading = "identity.read"
    within = staticmethod(lambda cases: Q(id__in=FileOf.objects.filter(source_id__in=filed(cases)).values("file_id")))
    veil = Veil({"id": ("name",)}, blind=("digest", "said"))

    id = models.CharField(primary_key=True, **_ID)
    name = models.TextField()
    size = models.PositiveBigIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of its content, in hexadecimal
    said = models.CharField(max_length=64, blank=True, default="")  # the SHA-256 that its export says it has
    address = models.CharField(max_length=64, blank=True, default="")  # of the sealed file; empty: erased
    leaves = models.BooleanField(default=False)  # to be erased: its rows are gone, its bytes go next


class FileOf(models.Model):
    """That a source was read from a file."""

    reading = "identity.read"
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))

    file = models.ForeignKey(KeptFile, models.PROTECT, related_name="of")
    source = models.ForeignKey(Source, models.PROTECT, related_name="files")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["file", "source"], name="evidence_file_of_once"),)


class Entered(models.Model):
    """That somebody recorded a source by hand: which claims, and how it was told. That is no claim: it stands here
    alone, leaves in no release, and is erased with the source."""

    reading = "identity.read"  # who was there
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"source_id": ("meeting",)}, blind=("by", "taken_back_by"))

    id = models.CharField(primary_key=True, **_ID)
    source = models.ForeignKey(Source, models.PROTECT, related_name="entered")
    claims = models.JSONField(default=list)  # ids
    meeting = models.JSONField(default=dict)  # day, people present, place, language, …: the fields of by_hand.Meeting
    by = models.TextField()
    at = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")


class Reviewed(models.Model):
    """That a second person read an entry before it was sealed: who wrote it, who read it, who sealed it."""

    reading = "identity.read"  # who works on whose account
    within = staticmethod(lambda cases: Q(entry__source_id__in=filed(cases)))
    veil = Veil(blind=("author", "by", "sealed_by"))

    entry = models.OneToOneField(Entered, models.PROTECT, primary_key=True, related_name="reviewed")
    author = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    sealed_by = models.TextField()


class Remark(models.Model):
    """What somebody says of a source to those who work on it: of the whole, a passage, an act, a person. No claim: it
    leaves in no release, and is erased with the source. Of a draft it goes to the source when that is sealed."""

    reading = "identity.read"  # its words may name people
    within = staticmethod(lambda cases: Q(source_id__in=filed(cases)))
    veil = Veil({"id": ("text",)}, blind=("by", "to", "settled_by"))

    id = models.CharField(primary_key=True, **_ID)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="remarks")
    draft = models.CharField(db_index=True, blank=True, default="", max_length=80)  # before it is sealed
    place = models.CharField(blank=True, default="", max_length=80)  # an entity, a passage, a row; empty: the whole
    text = models.TextField()
    asks = models.BooleanField(default=False)  # that something be mended
    by = models.TextField()
    to = models.TextField(blank=True, default="")  # whom it is for; empty: whoever works on it
    at = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=10, blank=True, default="")  # of whoever told the source; empty: of a colleague


class Preference(models.Model):
    """That of claims which differ, one is preferred, by whom and why. The others stay beside it."""

    reading = "identity.read"  # why may name people
    within = staticmethod(lambda cases: Q(claim__source_id__in=filed(cases)))
    veil = Veil({"claim__source_id": ("why",)}, blind=("by", "taken_back_by"))

    id = models.CharField(primary_key=True, **_ID)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="preferences")
    subject = models.ForeignKey(Entity, models.PROTECT, related_name="preferences")
    property = models.CharField(max_length=60)
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.TextField(blank=True, default="")


class Judgement(models.Model):
    reading = "pair.read"
    within = staticmethod(both_known)
    veil = Veil({VAULT: ("why",)}, blind=("by",))

    id = models.CharField(primary_key=True, **_ID)
    left = models.CharField(db_index=True, max_length=80)
    right = models.CharField(db_index=True, max_length=80)
    verdict = models.CharField(max_length=10)
    by = models.TextField()
    why = models.TextField()
    at = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)


class Candidate(models.Model):
    """Two people who may be one. A pair taken in twice is one pair."""

    reading = "pair.read"
    within = staticmethod(both_known)
    veil = Veil({VAULT: ("origin",)})

    left = models.CharField(**_ID)  # the smaller id
    right = models.CharField(db_index=True, **_ID)
    probability = models.FloatField()  # by the linkage that proposed it
    weight = models.FloatField(null=True)  # log2 of the Bayes factor, where the linkage says one
    origin = models.TextField()  # which linkage or file proposed it
    worth = models.FloatField(db_index=True)  # what a judgement is expected to move: the queue's order
    at = models.DateTimeField()

    class Meta:
        db_table = "review_candidate"  # it stood in the room of review first
        constraints = (models.UniqueConstraint(fields=["left", "right"], name="review_a_pair_once"),)
        indexes = (models.Index(fields=["-worth", "id"], name="review_queue"),)


class Document(models.Model):
    """A result or public text that pages show: an estimate, findings, members, statements, demands, an overlap."""

    reading = "today.read"
    within = staticmethod(lambda _cases: Q(kind__in=_ABOUT_NO_RECORD))
    veil = Veil({VAULT: ("body",)})

    kind = models.CharField(max_length=20)
    body = models.JSONField()
    invented = models.BooleanField(default=False)  # about people who do not exist
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["kind", "-id"]),)
