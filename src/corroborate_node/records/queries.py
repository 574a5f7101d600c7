"""Who sees what. Functions with a user give that user's rows, and none without one; the others serve the owner."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat

from corroborate import records
from corroborate.languages.finding import folded
from corroborate.records.schema import of_sensitivity
from corroborate_node.core.queries import limited, may, visible
from corroborate_node.core.rooms import ties
from corroborate_node.core.storing import begins
from corroborate_node.records import models, rows

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Said(TypedDict):
        said_by: str

    class _Shown(TypedDict):
        shown: str

    ClaimSaid = WithAnnotations[models.Claim, _Said]
    SourceShown = WithAnnotations[models.Source, _Shown]

KINDS = ("estimate", "findings", "members", "statements", "demands", "overlap")
PUBLIC = KINDS  # what a hub may show: none of them holds a record
BATCH = 500  # ids in one question
UNDONE = "its import was undone"  # why a consent of a source that should not have come is not relied on
COMMON = 2_000  # names: a pair of letters in more is not counted further
WORDS_OF_NAMELESS = ("described", "told")
FACTS = of_sensitivity("fact")  # what tells not who somebody is; a property that is not described does
IDENTIFYING_SOURCES = ("witness", "image", "broadcast")
SORTS = {
    "name": ("folded", "id"),
    "-name": ("-folded", "-id"),
    "taken": ("id",),
    "-taken": ("-id",),
}
T = TypeVar("T")


def batched(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Rows in blocks of a size, the last one shorter."""
    every = iter(rows)
    while block := tuple(islice(every, size)):
        yield block


def counts(user: Any) -> dict[str, int]:
    """How many people, sources and claims stand here."""
    return {
        "people": people(user).count() + nameless(user).count(),
        "sources": visible(user, models.Source).filter(withdrawn=None).count(),
        "claims": visible(user, models.Claim).exclude(value=None).count(),
    }


def entities_seen(user: Any, kind: str) -> QuerySet[models.Entity]:
    """Persons, acts, …, each known through its claims alone."""
    return visible(user, models.Entity).filter(kind=kind)


def people(user: Any, asked: str = "", sort: str = "name", known: str = "") -> QuerySet[models.PersonName]:
    """A name row for each person whose names contain what is asked, however short. Two Hangul syllables are enough.

    ``known``: only people who are known so, ``named`` or ``partial``.
    """
    found = _shown_names(user).select_related("person")
    if known:
        partial = Exists(_known_as(user, "partial").filter(subject_id=OuterRef("person_id")))
        found = found.filter(partial if known == "partial" else ~partial)
    if asked := folded(asked):
        found = found.filter(person_id__in=holding(user, asked).values("person_id"))
    return found.order_by(*SORTS.get(sort, SORTS["name"]))


def _known_as(user: Any, *kinds: str) -> QuerySet[models.Claim]:
    """Claims that say in which of some ways a victim is known."""
    return visible(user, models.Claim).filter(property="victim_kind", value__text__in=kinds)


def nameless(user: Any, asked: str = "", known: str = "") -> QuerySet[models.Entity]:
    """People who have no name here: unnamed victims and groups, in the order in which they were taken in.

    ``asked``: letters that the source's words of them contain. ``known``: only ``unnamed`` or only ``group``.
    """
    if not may(user, "identity.read"):
        return models.Entity.objects.none()
    told = visible(user, models.Claim).exclude(value=None).filter(superseded=False)
    named_ = visible(user, models.PersonName).filter(person_id=OuterRef("id"))
    found = entities_seen(user, "person").filter(~Exists(named_), Exists(told.filter(subject_id=OuterRef("id"))))
    if known:
        group = Exists(_known_as(user, "group").filter(subject_id=OuterRef("id")))
        found = found.filter(group if known == "group" else ~group)
    if asked := asked.strip():
        words = told.filter(property__in=WORDS_OF_NAMELESS, value__text__icontains=asked)
        few = list(words.values_list("subject_id", flat=True).distinct()[: COMMON + 1])
        # of a few, only these are asked whether they have a name; else every person is
        found = found.filter(id__in=few if len(few) <= COMMON else words.values("subject_id"))
    return found.order_by("id")


@dataclass(frozen=True, slots=True)
class Nameless:
    """Somebody without a name, as a list shows them."""

    id: str
    kind: str  # unnamed or group
    count: str  # of a group, as its source says it
    words: tuple[str, ...]  # of the source


def nameless_shown(user: Any, ids: Collection[str]) -> dict[str, Nameless]:
    """Those of some people without a name, by id, in the words of their sources."""
    asked = ("victim_kind", "count", *WORDS_OF_NAMELESS)
    said: dict[str, dict[str, list[str]]] = {one: {} for one in ids}
    for claim in _claims(user).filter(subject_id__in=ids, property__in=asked).exclude(value=None).order_by("id"):
        said[claim.subject_id].setdefault(claim.property, []).append(str((claim.value or {}).get("text", "")))
    return {
        one: Nameless(
            one,
            next(iter(of.get("victim_kind", [])), "unnamed"),
            next(iter(of.get("count", [])), ""),
            tuple(dict.fromkeys(text for name in WORDS_OF_NAMELESS for text in of.get(name, []))),
        )
        for one, of in said.items()
    }


def _shown_names(user: Any) -> QuerySet[models.PersonName]:
    """One name of each person. Where the vault's choice is of another case, the first that a limited account may see:
    else a person of its own case would be missing, or be called what only the other case knows."""
    found = visible(user, models.PersonName)
    if not limited(user):
        return found.filter(first=True)
    before = found.filter(person_id=OuterRef("person_id"), id__lt=OuterRef("id"))
    return found.filter(~Exists(before))


def cases_seen(user: Any) -> QuerySet[models.Case]:
    """Cases that somebody may see, open ones first, by name."""
    shut = Case(When(closed=None, then=Value(0)), default=Value(1))
    return visible(user, models.Case).order_by(shut, "folded")


def case_choices() -> list[tuple[str, str]]:
    """Id and name of every case, for whoever keeps accounts."""
    return list(models.Case.objects.order_by("folded").values_list("id", "name"))


def filed_in(user: Any, case: str) -> QuerySet[models.Source]:
    """Sources of a case that somebody may see, as :func:`sources_seen` shows them."""
    ids = visible(user, models.Filed).filter(case_id=case).values("source_id")
    return sources_seen(user).filter(id__in=ids).order_by("id")


def sources_of_case(case: str) -> frozenset[str]:
    """Ids of all sources that are filed in a case."""
    return frozenset(models.Filed.objects.filter(case_id=case).values_list("source_id", flat=True))


def cases_of_source(user: Any, source: str) -> QuerySet[models.Case]:
    return cases_seen(user).filter(id__in=visible(user, models.Filed).filter(source_id=source).values("case_id"))


def sources_among(user: Any, ids: Sequence[str]) -> Iterator[str]:
    """Those of some sources that somebody may see."""
    for start in range(0, len(ids), BATCH):
        yield from visible(user, models.Source).filter(id__in=ids[start : start + BATCH]).values_list("id", flat=True)


def record_seen(user: Any, record: str) -> bool:
    """Whether somebody may see a record: an entity, source, consent or claim."""
    models_ = (models.Claim, models.Source, models.Entity, models.Consent)
    return any(visible(user, one).filter(id=record).exists() for one in models_)


def holding(user: Any, asked: str) -> QuerySet[models.PersonName]:
    """Names that contain the letters asked for: by their rarest pair of letters, then letter by letter."""
    parts, names = visible(user, models.NamePart), visible(user, models.PersonName)
    if len(asked) == 1:
        return names.filter(id__in=parts.filter(begins("part", asked)).values("name_id"))
    pairs = sorted({asked[at : at + 2] for at in range(len(asked) - 1)})
    rarest = pairs[0]
    if len(pairs) > 1:
        rarest = min(pairs, key=lambda pair: parts.filter(part=pair)[:COMMON].count())
    return names.filter(id__in=parts.filter(part=rarest).values("name_id"), folded__contains=asked)


def invented(user: Any) -> bool:
    """Whether anything here is about people who do not exist."""
    sources = visible(user, models.Source).filter(invented=True).order_by().values_list("invented")
    documents = visible(user, models.Document).filter(invented=True).order_by().values_list("invented")
    return bool(sources.union(documents, all=True)[:1])


def _claims(user: Any) -> "QuerySet[ClaimSaid]":
    """Claims that a user may see. Who may not see who people are gets no claim that tells it, and ``said_by`` is empty
    for all but lists."""
    claims: QuerySet[models.Claim] = visible(user, models.Claim).select_related("source")
    if may(user, "identity.read"):
        return claims.annotate(said_by=called("source__"))
    facts = claims.filter(property__in=FACTS)
    return facts.defer("source__title", "recorder").annotate(said_by=_naming_nobody("source__"))


def called(path: str = "") -> Case:
    """What a source is called: by its title, a part of a list by its list and number. ``path``: to the source.

    Earlier versions wrote list and row into the title of a part; it is left as it was sealed.
    """
    part = {f"{path}part_of__isnull": False, f"{path}title": "", f"{path}part_of__withdrawn": None}
    dot, number = Value(" · ", TextField()), Cast(F(f"{path}number"), TextField())
    of_list = Concat(F(f"{path}part_of__title"), dot, number, output_field=TextField())
    return Case(When(**part, then=of_list), default=F(f"{path}title"), output_field=TextField())


def _naming_nobody(path: str = "") -> Case:
    """The same for who may not see who people are: of a list, or a part of one. What a paper, an interview or a picture
    is called may be somebody's name."""
    listed = Q(**{f"{path}kind": "list"}) | Q(**{f"{path}kind": "document", f"{path}part_of__isnull": False})
    return Case(When(listed, then=called(path)), default=Value("", TextField()), output_field=TextField())


def sources_seen(user: Any) -> "QuerySet[SourceShown]":
    """Sources that a user may see, with ``shown``: the title, empty where it may be somebody's name."""
    found: QuerySet[models.Source] = visible(user, models.Source)
    if may(user, "identity.read"):
        return found.annotate(shown=called())
    return found.defer("title").annotate(shown=_naming_nobody())


def lists_seen(user: Any) -> list[tuple[str, str]]:
    """Id and title of each list that somebody may see, by title."""
    found = visible(user, models.Source).filter(kind="list", withdrawn=None).order_by("title", "id")
    return list(found.values_list("id", "title"))


def consents_seen(user: Any, given: Collection[records.Consent]) -> list[records.Consent]:
    """Consents as a user may read them: who gave one, its words and its conditions may name people."""
    if may(user, "identity.read"):
        return list(given)
    return [replace(one, given_by="", words="", conditions="") for one in given]


def claims_among_seen(user: Any) -> QuerySet[models.Claim]:
    """Claims as somebody may see them, to be narrowed."""
    return _claims(user)


def current_among_seen(user: Any) -> QuerySet[models.Claim]:
    """The same of those that count: none that was withdrawn, and none in whose place a correction stands."""
    return _claims(user).filter(superseded=False).exclude(value=None)


def claims_about(user: Any, entity: str) -> QuerySet[models.Claim]:
    """Claims whose subject the entity is, withdrawn ones among them without their content."""
    return _claims(user).filter(subject_id=entity).order_by("property", "id")


def claims_pointing_to(user: Any, entity: str) -> QuerySet[models.Claim]:
    return _claims(user).filter(target=entity, superseded=False).order_by("property", "id")


def corrections_of(user: Any, claims: Collection[str]) -> dict[str, models.Correction]:
    """By claim, old and new: the correction that stands, for who may see who people are."""
    found: dict[str, models.Correction] = {}
    for row in (
        visible(user, models.Correction).filter(taken_back=None).filter(Q(old_id__in=claims) | Q(new_id__in=claims))
    ):
        found[row.old_id] = found[row.new_id] = row
    return found


def claim_seen(user: Any, claim: str) -> models.Claim | None:
    """One claim that a user may see, as it is shown with its source."""
    found: models.Claim | None = _claims(user).filter(id=claim).first()
    return found


def superseded_among(ids: Collection[str]) -> set[str]:
    """Those of some records that are claims of ours and count no more: corrected, or withdrawn."""
    asked, found = list(ids), set[str]()
    for start in range(0, len(asked), BATCH):
        part = models.Claim.objects.filter(id__in=asked[start : start + BATCH])
        found.update(part.filter(Q(superseded=True) | Q(value=None)).values_list("id", flat=True))
    return found


def claims_of(user: Any, source: str) -> QuerySet[models.Claim]:
    return _claims(user).filter(source_id=source).order_by("id")


def names_of(user: Any, entities: Collection[str]) -> dict[str, str]:
    """The name shown for each person of some."""
    found = _shown_names(user).filter(person_id__in=entities)
    return dict(found.values_list("person_id", "text"))


def judged_same(user: Any, person: str) -> list[str]:
    """Entries that somebody judged to be the same person, for who may see pairs."""
    found = visible(user, models.Judgement).filter(Q(left=person) | Q(right=person), verdict="same", withdrawn=None)
    ends = found.order_by("id").values_list("left", "right")
    return list(dict.fromkeys(one for pair in ends for one in pair if one != person))


def document(user: Any, kind: str) -> models.Document | None:
    """The newest document of a kind."""
    found: models.Document | None = visible(user, models.Document).filter(kind=kind).order_by("-id").first()
    return found


# For the owner, who opened the vault with its passphrase


def sources() -> dict[str, records.Source]:
    """All sources that stand, by id."""
    return {row.id: rows.source(row) for row in models.Source.objects.filter(withdrawn=None).order_by("id")}


def called_among(sources: Iterable[str]) -> dict[str, str]:
    """What those of some sources that stand are called, by id."""
    asked, found = list(sources), dict[str, str]()
    for start in range(0, len(asked), BATCH):
        rows_ = models.Source.objects.filter(id__in=asked[start : start + BATCH], withdrawn=None)
        found |= dict(rows_.annotate(shown=called()).values_list("id", "shown"))
    return found


def first_version(source: str) -> str:
    """The first version of a list's row of which a source is a later one; else the source itself."""
    return models.Imported.objects.filter(source_id=source).values_list("first", flat=True).first() or source


def derivations() -> tuple[dict[str, list[str]], set[str]]:
    """What each source derives from, by what it was taken in with and by what people judged; and which were
    withdrawn."""
    found = list(models.Source.objects.order_by("id").values_list("id", "derives_from", "withdrawn"))
    derives = {one: before for one, before, _ in found}
    for tie in ties():
        if tie.weight == "derives" and tie.source in derives:
            derives[tie.source] = [*derives[tie.source], tie.other]
    return derives, {one for one, _, gone in found if gone is not None}


def erased_with(sources: Collection[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Claims that fall with some sources: id, source, and which people each is about."""
    found = models.Claim.objects.filter(source_id__in=sources).order_by("id")
    for row in found.values_list("id", "source_id", "subject_id", "subject__kind", "target"):
        claim, source, subject, kind, target = row
        yield claim, source, [one for one in (subject if kind == "person" else "", target) if one]


@dataclass(frozen=True, slots=True)
class SourcesAndPeople:
    """Who told some claims, and whom they are about, by id."""

    sources: tuple[str, ...]
    people: tuple[str, ...]


def sources_and_people(claims: QuerySet[Any]) -> SourcesAndPeople:
    """Sources and people of the claims whose ids a query gives."""
    found = models.Claim.objects.filter(id__in=claims)
    sources = found.order_by("source_id").values_list("source_id", flat=True).distinct()
    subjects = found.filter(subject__kind="person").order_by("subject_id").values_list("subject_id", flat=True)
    targets = found.exclude(target="").order_by("target").values_list("target", flat=True)
    return SourcesAndPeople(tuple(sources), tuple(dict.fromkeys([*subjects.distinct(), *targets.distinct()])))


def consents() -> list[records.Consent]:
    return [rows.consent(row, row.member or "") for row in _consents(models.Consent.objects)]


def _consents(given: Any) -> QuerySet[models.Consent, Any]:
    """Consents with the member that sent each: what it says in somebody's own right is its word, and not ours."""
    return given.annotate(member=F("source__from_member__member")).order_by("id")  # type: ignore[no-any-return]


def consents_of(sources: Sequence[str]) -> Iterator[records.Consent]:
    """The consents that some sources gave, as they are relied on today."""
    for start in range(0, len(sources), 500):
        for row in _consents(models.Consent.objects.filter(source_id__in=sources[start : start + 500])):
            yield rows.consent(row, row.member or "")


def with_what_they_told(sources: Sequence[str]) -> list[str]:
    """Some sources, and the claims that they told and that stand: whoever was given these is to know."""
    found = list[str]()
    for start in range(0, len(sources), BATCH):
        part = sources[start : start + BATCH]
        claims = models.Claim.objects.filter(source_id__in=part).exclude(value=None)
        found += [*part, *claims.values_list("id", flat=True)]
    return found


def parts() -> list[tuple[str, str]]:
    """Rows and records of lists, each with its list, as ids."""
    found = models.Source.objects.exclude(part_of=None).filter(withdrawn=None)
    return list(found.values_list("id", "part_of_id"))


def member_among(sources: Collection[str]) -> str:
    """The member from whom one of some sources came; empty where all are our own."""
    return min((one.member for one in from_members(sources).values()), default="")


def from_members(sources: Collection[str]) -> dict[str, models.FromMember]:
    """Those of some sources that other members let us have, by id."""
    asked, found = list(sources), dict[str, models.FromMember]()
    for start in range(0, len(asked), BATCH):
        found |= models.FromMember.objects.in_bulk(asked[start : start + BATCH])
    return found


def people_erased(consents: Collection[records.Consent]) -> set[str]:
    """People of whom a source that took its leave to name back told something that is erased by now."""
    back = sorted({one.source for one in consents if "name" in one.uses and one.withdrawn and one.blocked != UNDONE})
    people = set[str]()
    for start in range(0, len(back), 500):
        found = models.Claim.objects.filter(
            source_id__in=back[start : start + 500], source__withdrawn__isnull=False, subject__kind="person"
        )
        people.update(found.values_list("subject_id", flat=True))
    return people


def allowed(given: Collection[records.Consent], on: date) -> dict[records.Audience, set[records.Use]]:
    """What one source's consents allow each audience on a day; before a named body: what any body was allowed."""
    asked: set[tuple[records.Audience, str]] = {
        (audience, "") for audience in records.AUDIENCES if audience != "named body"
    }
    asked |= {("named body", one.body) for one in given if one.body} or {("named body", "-")}
    found: dict[records.Audience, set[records.Use]] = {audience: set() for audience in records.AUDIENCES}
    for audience, body in asked:
        permissions = records.Permissions.of(given, audience, on, body)
        found[audience] |= {use for use in records.USES for one in given if permissions.allows(use, one.source)}
    return found


def allowing(
    given: QuerySet[models.Consent], use: records.Use, audience: records.Audience, on: date
) -> QuerySet[models.Consent]:
    """Those of some consents that allow a use before an audience on a day: what :func:`allowed` says, asked of the
    database. A property test holds the two against each other."""
    reaching: tuple[records.Audience, ...]
    if audience == "named body":
        reaching = ("named body", "public")
    else:
        wider = records.AUDIENCES[records.AUDIENCES.index(audience) :]
        reaching = tuple(one for one in wider if one != "named body" or audience == "own")
    holding_ = given.alias(listed=Cast("uses", TextField())).filter(
        Q(ends=None) | Q(ends__gte=on),
        Q(withdrawn=None) | Q(withdrawn__gt=on),
        audience__in=reaching,
        begins__lte=on,
        listed__contains=f'"{use}"',
    )
    return holding_ if audience == "own" else holding_.filter(conditions="", blocked="")


def consents_blocked(user: Any) -> bool:
    """Whether some consent was blocked, and nothing was read again or withdrawn for its source since."""
    found = visible(user, models.Consent).exclude(blocked="").filter(withdrawn=None)
    again = models.Consent.objects.filter(version__gt=1, source_id=OuterRef("source_id"), audience="public", blocked="")
    return bool(found.exclude(Exists(again)).exists())


def claims(properties: Collection[str] | None = None) -> Iterator[records.Claim]:
    """All claims that count, in the order they were taken in; of some properties only: none that was withdrawn, and
    none in whose place a correction stands."""
    found = models.Claim.objects.exclude(value=None).filter(superseded=False)
    if properties is not None:
        found = found.filter(property__in=properties)
    for row in found.order_by("id").iterator(chunk_size=2000):
        yield rows.claim(row)


def claims_seen(user: Any) -> Iterator[records.Claim]:
    """Claims that somebody may see and that stand, in the order they were taken in. Only to be counted: who may not see
    who people are gets them whole."""
    for row in (
        visible(user, models.Claim)
        .exclude(value=None)
        .filter(superseded=False)
        .order_by("id")
        .iterator(chunk_size=2000)
    ):
        yield rows.claim(row)


def words_of(row: models.Claim) -> str:
    """The words of a claim that has some: a name, a text."""
    return str(getattr(rows.claim(row).value, "text", ""))


def claims_kept() -> Iterator[records.Claim]:
    """All claims whose content is here, those that count no more among them."""
    for row in models.Claim.objects.exclude(value=None).order_by("id").iterator(chunk_size=2000):
        yield rows.claim(row)


def claims_among(ids: Sequence[str]) -> Iterator[models.Claim]:
    """Those of some claims that stand, as they are stored, in the order they were taken in within each 500."""
    for start in range(0, len(ids), 500):
        yield from models.Claim.objects.filter(id__in=ids[start : start + 500]).exclude(value=None).order_by("id")


def entities() -> list[records.Entity]:
    return [rows.entity(row) for row in models.Entity.objects.order_by("id")]


def judgements() -> list[records.Judgement]:
    return [rows.judgement(row) for row in models.Judgement.objects.order_by("id")]


def people_among(entities: Collection[str]) -> set[str]:
    """Those entities that are persons."""
    asked, found = list(entities), set[str]()
    for start in range(0, len(asked), 500):
        part = models.Entity.objects.filter(id__in=asked[start : start + 500], kind="person")
        found.update(part.values_list("id", flat=True))
    return found


def people_without_first_name() -> list[str]:
    """People whose shown name was withdrawn while others of theirs still stand."""
    shown = models.PersonName.objects.filter(first=True).values("person_id")
    return list(models.PersonName.objects.exclude(person_id__in=shown).values_list("person_id", flat=True).distinct())


def make_first_name(person: str) -> None:
    other = models.PersonName.objects.filter(person_id=person).order_by("id").first()
    if other is not None:
        other.first = True
        other.save(update_fields=["first"])


def kept(kind: str) -> object | None:
    """The newest document of a kind."""
    row = models.Document.objects.filter(kind=kind).order_by("-id").first()
    return None if row is None else row.body
