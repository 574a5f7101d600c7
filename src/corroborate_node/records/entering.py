"""What somebody records by hand: an interview or a paper, with what whoever told it allows, as claims like any others.

An entry is taken in whole or not at all. How it was told (who was there, where, in which language) is kept beside it
and is no claim: no release can carry it. What was recorded by mistake is taken back, as a whole or one act, person or
time in detention of it: its claims count no more, and stay to be read.
"""

import hmac
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.importers.by_hand import Agreed, Entry, Link, Subject
from corroborate.records import AUDIENCES, USES, Audience, Claim, Consent, Entity, Permissions, Reference, Source
from corroborate.sealed import derive
from corroborate.tables import File
from corroborate.values import canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import NodeRule
from corroborate_node.core.queries import visible
from corroborate_node.core.rooms import taken_back, taken_in
from corroborate_node.core.storing import storing
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import documents, models, queries, rows
from corroborate_node.records.batches import ids
from corroborate_node.records.correcting import REASON
from corroborate_node.records.export_batches import KeptPassage, Laid, ToKeep
from corroborate_node.records.narrowing import taken_back_by_themselves

KIND, UNDONE, REVIEW = "entry", "entry-undo", "entry-review"
_RULE = "second reader"  # of the node
RECORDER = "recording"  # a package shows it to strangers: who it was stands with the entry, and stays here
BATCH = queries.BATCH


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept sealed with an entry. ``files``: recordings, notes, scans. ``passages``: the words of a transcript,
    each with its place in it, its text and who says it."""

    files: tuple[File, ...] = ()
    passages: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, by ids. ``entities``: key in the entry -> id; ``size``: of the log."""

    id: str
    source: str
    claims: tuple[str, ...]
    entities: dict[str, str]
    size: int


def _ids(done: Recorded) -> list[str]:
    return [done.id, done.source, *done.entities.values()][:BATCH]


@act("record.enter", ways=("command interview",), of_effects=_ids)
def enter(
    desk: Desk, entry: Entry, beside: Beside = Beside(), cases: Sequence[str] = (), *, source: str = ""
) -> Recorded:
    """Record an entry. Raises InvalidValue, NotAllowed, InputRefused, StorageFull; then nothing was kept.

    ``cases``: ids of the open cases in which a new source is filed; a source that is here stays where it is filed.
    ``source``: the id of a new source (:func:`source_of`).
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    if second_reads():
        error = NotAllowed("here a second person reads each entry before it is sealed: submit it as a draft")
        error.remedy = "On the page Record, or corroborate drafts submit FILE --as ACCOUNT."
        raise error
    return entered(desk, entry, beside, cases, by=desk.by, id_=source)


def source_of(desk: Desk, submission: str) -> str:
    """The id of the source that a submission of a form makes: always the same here, and telling nobody which one. It
    stays when the source is withdrawn, so that the same file does not bring it back."""
    secret = derive(desk.vault.master or b"", "submissions of forms")
    made = hmac.digest(secret, submission.encode(), "sha256")
    return new_id("source", milliseconds=int.from_bytes(made[:5], "big"), randomness=made[5:15])


def submitted_before(desk: Desk, sources: Collection[str]) -> dict[str, bool]:
    """Which of the sources of submissions were recorded here, whoever may see them; true: and stand."""
    desk.require("record.enter")
    rows = models.Source.objects.filter(id__in=list(sources))
    return {id_: withdrawn is None for id_, withdrawn in rows.values_list("id", "withdrawn")}


def allows_less(desk: Desk, source: str, given: Collection[Agreed]) -> bool:
    """Whether what a submission allows now is less than what is relied on of its source: to some reader, for some use,
    today or from the day after one of its permissions ends. Nothing is changed by that."""
    kept = list(queries.consents_of([source]))
    new = [
        Consent(
            source,
            source,
            one.uses,
            one.audience,
            one.begins or desk.at.date(),
            one.ends,
            body=one.body,
            conditions=one.conditions,
        )
        for one in given
    ]
    days = {desk.at.date()} | {one.ends + timedelta(1) for one in new if one.ends and one.ends >= desk.at.date()}
    bodies = {one.body for one in (*kept, *new) if one.body} or {"-"}
    asked: list[tuple[Audience, str]] = [(one, "") for one in AUDIENCES if one != "named body"]
    asked += [("named body", one) for one in bodies]
    return any(
        Permissions.of(kept, audience, day, body).allows(use, source)
        and not Permissions.of(new, audience, day, body).allows(use, source)
        for day in days
        for audience, body in asked
        for use in USES
    )


def entered(desk: Desk, entry: Entry, beside: Beside, cases: Sequence[str], *, by: str, id_: str = "") -> Recorded:
    """The same, within the act of the caller. ``by``: who wrote the entry, where another person seals it."""
    making = _Making(desk, entry, id_)
    making.make()
    source = making.source
    if entry.told.known:
        cases = [one.id for one in queries.cases_of_source(desk, source)]
    milliseconds = int(desk.at.timestamp() * 1000)
    id_ = new_id(KIND, milliseconds=milliseconds, randomness=desk.entropy(10))
    laid = making.laid
    _keep_beside(desk, laid, beside, source)
    with storing():
        documents.receive(desk, laid, cases)
        row = models.Entered.objects.create(
            id=id_,
            source_id=source,
            claims=[one.id for one in laid.claims],
            by=by,
            at=desk.at,
            meeting={name: words for name, words in asdict(entry.meeting).items() if words},
        )
        size = seal_all([(KIND, id_, sealed_bytes(row))], desk.at, desk.entropy)
    return Recorded(id_, source, tuple(row.claims), making.ids, size)


def second_reads() -> bool:
    """Whether a second person reads each entry before it is sealed, by the rule of this vault."""
    return NodeRule.objects.filter(name=_RULE).exists()


@act("record.rule", ways=("page record", "command drafts"), objects=lambda *_, **__: [])
def rule(desk: Desk, *, lift: bool = False) -> None:
    """From now on a second person reads each entry before it is sealed. ``lift``: whoever writes one may seal it."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    if lift:
        NodeRule.objects.filter(name=_RULE).delete()
    else:
        NodeRule.objects.get_or_create(name=_RULE, defaults={"since": desk.at})


@dataclass(frozen=True, slots=True)
class Reading:
    """Who wrote an entry, who read it before it was sealed, and when."""

    author: str
    by: str
    at: datetime


def reviewed(desk: Desk, entry: str, reading: Reading) -> None:
    """Keep with an entry who read it, sealed. Within the act that seals the entry."""
    models.Reviewed.objects.create(
        entry_id=entry, author=reading.author, by=reading.by, at=reading.at, sealed_by=desk.by
    )
    content = canonical(
        {
            "version": 1,
            "entry": entry,
            "author": reading.author,
            "reviewed_by": reading.by,
            "reviewed": reading.at.isoformat(),
            "sealed_by": desk.by,
            "at": desk.at.isoformat(),
        }
    )
    seal_all([(REVIEW, entry, content)], desk.at, desk.entropy)


def _keep_beside(desk: Desk, laid: Laid, beside: Beside, source: str) -> None:
    new = {kind: ids(kind, desk.at, desk.entropy) for kind in ("passage", "file")}
    first = models.Passage.objects.filter(source_id=source).count() + 1
    for number, (where, text, speaker) in enumerate(beside.passages, start=first):
        laid.passages.append(KeptPassage(next(new["passage"]), source, number, where, text, speaker))
    laid.files += [ToKeep(next(new["file"]), one, (source,)) for one in beside.files]


def all_here(desk: Desk, entry: Entry) -> None:
    """Raises InvalidValue where an entry tells of a source or a person that somebody does not see here."""
    making = _Making(desk, entry)
    making.seen()


class _Making:
    """From an entry to the records that stand for it, each with its id."""

    def __init__(self, desk: Desk, entry: Entry, made: str = "") -> None:
        self.desk, self.entry, self.laid, self.made = desk, entry, Laid(), made
        kinds = ("source", "consent", "claim", *(one.kind for one in entry.subjects))
        self.new = {kind: ids(kind, desk.at, desk.entropy) for kind in kinds}
        self.ids: dict[str, str] = {}
        self.source = entry.told.known

    def seen(self) -> None:
        self._source()
        self._known()

    def make(self) -> None:
        self._source()
        self._known()
        for one in self.entry.subjects:
            if not one.known:
                self.ids[one.key] = next(self.new[one.kind])
                self.laid.entities.append(Entity(self.ids[one.key], one.kind))
        self._given_again()
        self.laid.consents += [self._consent(one) for one in self.entry.consents]
        self.laid.claims += self._in_order([claim for one in self.entry.subjects for claim in self._claims(one)])

    @staticmethod
    def _in_order(claims: Sequence[Claim]) -> list[Claim]:
        """Claims stand everywhere in the order of their ids; those of one moment would be shuffled."""
        return [replace(one, id=id_) for one, id_ in zip(claims, sorted(one.id for one in claims), strict=True)]

    def _source(self) -> None:
        told, sources = self.entry.told, visible(self.desk, models.Source).filter(withdrawn=None)
        for id_ in filter(None, (told.known, told.heard_before)):
            if not sources.filter(id=id_).exists():
                raise InvalidValue("no source {id} stands here; the address of its page ends in its id", id=id_)
        if not told.known:
            self.source = self.made or next(self.new["source"])
            before = (told.heard_before,) if told.heard_before else ()
            self.laid.sources.append(Source(self.source, told.kind, told.title, before))

    def _known(self) -> None:
        asked = {one.known: one for one in self.entry.subjects if one.known}
        rows = visible(self.desk, models.Entity).filter(id__in=list(asked))
        here = dict(rows.values_list("id", "kind"))
        for id_, one in asked.items():
            if id_ not in here:
                if one.kind == "proceeding":
                    raise InvalidValue("there is no step of a proceeding {id} here: its page says its id", id=id_)
                raise InvalidValue(
                    "there is no person or party {id} here; the address of their page ends in their id", id=id_
                )
            self.ids[one.key] = id_

    def _given_again(self) -> None:
        """Whoever took something back by themselves gives it again to somebody, on a day; a draft from before is no
        such word."""
        since = taken_back_by_themselves([self.source]).get(self.source) if self.entry.told.known else None
        if since is not None and any(one.begins is None or one.begins < since for one in self.entry.consents):
            raise InvalidValue(
                "whoever told this took something back by themselves on {day}: ask them again, and write under consent "
                "from which day on they allow it",
                day=since.isoformat(),
            )

    def _consent(self, given: Agreed) -> Consent:
        """Whose it is: the person's who is named, else the source's own."""
        return Consent(
            next(self.new["consent"]),
            self.source,
            given.uses,
            given.audience,
            given.begins or self.desk.at.date(),
            given.ends,
            None,
            given.body,
            self.ids.get(given.whose, self.source),
            given.right,
            given.given_by,
            given.asked,
            given.language,
            given.conditions,
        )

    def _claims(self, subject: Subject) -> Iterator[Claim]:
        for one in subject.said:
            value = Reference(self.ids[one.value.key]) if isinstance(one.value, Link) else one.value
            yield Claim(
                next(self.new["claim"]),
                self.ids[subject.key],
                one.property,
                value,
                self.source,
                one.locator,
                one.basis,
                RECORDER,
                self.desk.at,
            )


def sealed_bytes(row: models.Entered) -> bytes:
    """The bytes of an entry that are sealed."""
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "source": row.source_id,
            "claims": row.claims,
            "meeting": row.meeting,
            "by": row.by,
            "at": row.at.isoformat(),
        }
    )


# --- taken back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What counts no more: claims of an entry, by id."""

    entry: str
    source: str
    claims: tuple[str, ...]


def _back_ids(done: TakenBack) -> list[str]:
    return [done.entry, done.source, f"claims/{len(done.claims)}", *done.claims][:BATCH]


@act("record.take-back", "record.enter", ways=("page take-back-entry", "command interview"), of_effects=_back_ids)
def take_back(desk: Desk, entry: str, part: str = "") -> TakenBack:
    """Take back what an entry recorded, or one part of it: the id of an act, a person, a time in detention. Its claims
    count no more and stay to be read; so does what one of them was corrected to. Raises InvalidValue where nothing of
    it stands, or where something of the same entry still points to a person that is taken back."""
    row = visible(desk, models.Entered).filter(id=entry, taken_back=None).first()
    if row is None:
        raise InvalidValue("no entry {entry} stands here: the page of its source lists what was recorded", entry=entry)
    gone = [one.id for one in _going(row, part)]
    if not gone:
        raise InvalidValue("nothing of {named} stands that could be taken back", named=part or entry)
    with storing():
        models.Claim.objects.filter(id__in=gone).update(superseded=True)
        names_leave(gone)
        if not _current(row):
            models.Entered.objects.filter(id=row.id).update(taken_back=desk.at, taken_back_by=desk.by)
        taken_in([])
        content = canonical(
            {"version": 1, "taken_back": entry, "claims": [*gone], "by": desk.by, "at": desk.at.isoformat()}
        )
        seal_all([(UNDONE, entry, content)], desk.at, desk.entropy)
        taken_back(desk, gone, REASON)
    return TakenBack(entry, row.source_id, tuple(gone))


def _current(row: models.Entered) -> list[models.Claim]:
    """Claims of an entry that count, and those in the place of ones that were corrected since."""
    asked = list(row.claims)
    found: list[models.Claim] = []
    while asked:
        part, asked = asked[:BATCH], asked[BATCH:]
        found += models.Claim.objects.filter(id__in=part, superseded=False).exclude(value=None)
        corrected = models.Correction.objects.filter(old_id__in=part, taken_back=None)
        asked += corrected.values_list("new_id", flat=True)
    return sorted(found, key=lambda one: one.id)


def _going(row: models.Entered, part: str) -> list[models.Claim]:
    """Claims that go when an entry or a part of it is taken back. Raises InvalidValue where another part points to a
    person that would go."""
    claims = _current(row)
    if not part:
        return claims
    if part.startswith(("person_", "party_")):
        pointing = {one.subject_id for one in claims if one.target == part}
        if pointing:
            raise InvalidValue(
                "{known} of the same entry tells of {part}: take that back first",
                known=", ".join(sorted(pointing)),
                part=part,
            )
    return _of_part(claims, part)


def _of_part(claims: Sequence[models.Claim], part: str) -> list[models.Claim]:
    """What is said of one entity; who had which part in it where it is an act; and what stands of people because of it
    alone: where they were held."""
    parts = {one.subject_id for one in claims if one.property == "act" and one.target == part} | {part}
    return [one for one in claims if one.subject_id in parts or one.id in _held_because(claims, part)]


def _held_because(claims: Sequence[models.Claim], part: str) -> set[str]:
    """Claims of people that say where they were held, as only this time in detention says it. A facility that was
    corrected since was written of them as it was first."""
    if not part.startswith("detention_"):
        return set()
    spans: dict[str, set[str]] = {}
    for one in claims:
        if one.property == "person" and one.subject_id.startswith("detention_"):
            spans.setdefault(one.subject_id, set()).add(one.target)
    named: dict[str, set[str]] = {}
    rows_ = models.Claim.objects.filter(subject_id__in=spans, property="facility").exclude(value=None)
    for one in rows_:
        named.setdefault(one.subject_id, set()).add(queries.words_of(one))
    others = {(who, words) for span in spans if span != part for who in spans[span] for words in named.get(span, ())}
    return {
        one.id
        for one in claims
        if one.property == "facility"
        and one.subject_id in spans.get(part, ())
        and (words := queries.words_of(one)) in named.get(part, ())
        and (one.subject_id, words) not in others
    }


@dataclass(frozen=True, slots=True)
class Going:
    """What would go with a part of an entry, and of whom nothing but what they are called would stand after it."""

    claims: tuple[models.Claim, ...]
    bare: tuple[str, ...]


def would_go(user: Any, row: models.Entered, part: str) -> Going:
    """What taking back would do, before it is done. Raises InvalidValue as :func:`take_back` does."""
    gone = _going(row, part)
    ids_ = {one.id for one in gone}
    left = [one for one in _current(row) if one.id not in ids_]
    told = {one.subject_id for one in left if one.property not in ("name", "alias", "victim_kind", "count")}
    told |= {one.target for one in left if one.target}
    pointed = dict.fromkeys(one.target for one in gone if one.target.startswith(("person_", "party_")))
    named = {one.subject_id for one in left}
    seen = visible(user, models.Claim).filter(id__in=list(ids_)).order_by("id")
    return Going(tuple(seen), tuple(one for one in pointed if one in named and one not in told))


@act("record.put-back", "record.enter", ways=("page take-back-entry", "command interview"), of_effects=_back_ids)
def put_back(desk: Desk, entry: str, part: str = "") -> TakenBack:
    """Let what was taken back of an entry count again as it did, all of it or one part. Raises InvalidValue where
    nothing of it was taken back, its source was withdrawn, or it points to somebody who is still taken back."""
    row = visible(desk, models.Entered).filter(id=entry).first()
    if row is None:
        raise InvalidValue("no entry {entry} stands here: the page of its source lists what was recorded", entry=entry)
    gone = _gone_since(row)
    back = _of_part(gone, part) if part else gone
    if not back:
        raise InvalidValue("nothing of {named} was taken back that could stand again", named=part or entry)
    ids_ = [one.id for one in back]
    out = {one.subject_id for one in gone if one.id not in ids_} - {one.subject_id for one in _current(row)}
    if missing := sorted({one.target for one in back if one.target in out}):
        raise InvalidValue(
            "it tells of {known}, who were taken back too: put them back first", known=", ".join(missing)
        )
    with storing():
        models.Claim.objects.filter(id__in=ids_).update(superseded=False)
        models.Entered.objects.filter(id=row.id).update(taken_back=None, taken_back_by="")
        _names_come([rows.claim(one) for one in back])
        taken_in([])  # its names are found by their keys again
        content = canonical(
            {"version": 1, "put_back": entry, "claims": [*ids_], "by": desk.by, "at": desk.at.isoformat()}
        )
        seal_all([(UNDONE, entry, content)], desk.at, desk.entropy)
    return TakenBack(entry, row.source_id, tuple(ids_))


def _gone_since(row: models.Entered) -> list[models.Claim]:
    """Claims of an entry that count no more though nothing stands in their place."""
    asked, found = list(row.claims), list[models.Claim]()
    while asked:
        part, asked = asked[:BATCH], asked[BATCH:]
        corrected = models.Correction.objects.filter(old_id__in=part, taken_back=None)
        asked += corrected.values_list("new_id", flat=True)
        replaced = corrected.values("old_id")
        gone = models.Claim.objects.filter(id__in=part, superseded=True).exclude(value=None)
        found += gone.exclude(id__in=replaced)
    return sorted(found, key=lambda one: one.id)


def _names_come(claims: Sequence[Claim]) -> None:
    """Names count again; whoever has a name that is shown keeps it."""
    subjects = {one.subject for one in claims}
    people = set(models.Entity.objects.filter(id__in=subjects, kind="person").values_list("id", flat=True))
    shown = set(models.PersonName.objects.filter(person_id__in=people, first=True).values_list("person_id", flat=True))
    names = rows.name_rows(claims, people)
    for name in names:
        name.first = name.first and name.person_id not in shown
    rows.insert_names(names)


def names_leave(claims: Sequence[str]) -> None:
    """A name that counts no more is found no more; another name of the same person is shown in its place."""
    names = models.PersonName.objects.filter(claim_id__in=claims)
    people = set(names.values_list("person_id", flat=True))
    names.delete()
    for person in people & set(queries.people_without_first_name()):
        queries.make_first_name(person)


# --- erased with their source -----------------------------------------------------------------------------------------


def erased(sources: Sequence[str]) -> None:
    """With sources that are withdrawn, how they were told goes, who recorded them, and why one was preferred."""
    for start in range(0, len(sources), BATCH):
        part = sources[start : start + BATCH]
        gone = models.Entered.objects.filter(source_id__in=part)
        for kind in (KIND, UNDONE, REVIEW):
            unsalt(kind, gone.values_list("id", flat=True))
        models.Reviewed.objects.filter(entry__in=gone).update(author="", by="", sealed_by="")
        gone.update(meeting={}, by="", taken_back_by="")
        preferred = models.Preference.objects.filter(claim__source_id__in=part)
        unsalt("preference", preferred.values_list("id", flat=True))
        preferred.update(why="", by="", taken_back_by="")


# --- seen -------------------------------------------------------------------------------------------------------------


def entries_seen(user: Any, source: str) -> list[models.Entered]:
    """What was recorded of a source by hand, oldest first, with who read it before it was sealed."""
    found = visible(user, models.Entered).filter(source_id=source).select_related("reviewed")
    return list(found.order_by("id"))


def current_parts(user: Any, row: models.Entered) -> dict[str, list[models.Claim]]:
    """What of an entry can be taken back by itself: each person, act and time in detention, with its claims."""
    found: dict[str, list[models.Claim]] = {}
    for one in visible(user, models.Claim).filter(id__in=[each.id for each in _current(row)]).order_by("id"):
        found.setdefault(one.subject_id, []).append(one)
    return {id_: made for id_, made in found.items() if not id_.startswith("involvement_")}


def taken_parts(user: Any, row: models.Entered) -> dict[str, list[models.Claim]]:
    """What of an entry was taken back and could be put back: each person, act and time in detention."""
    found: dict[str, list[models.Claim]] = {}
    for one in visible(user, models.Claim).filter(id__in=[each.id for each in _gone_since(row)]).order_by("id"):
        found.setdefault(one.subject_id, []).append(one)
    return {id_: made for id_, made in found.items() if not id_.startswith("involvement_")}


def recorded_by(user: Any, sources: Sequence[str]) -> dict[str, tuple[str, date]]:
    """By source: who recorded it by hand, and on which day; nobody once it was withdrawn. A limited account is told so
    of its own cases alone."""
    rows = visible(user, models.Entered).filter(source_id__in=list(sources)).exclude(by="").order_by("-id")
    return {row.source_id: (row.by, row.at.date()) for row in rows}


__all__ = [
    "Beside",
    "Going",
    "Reading",
    "Recorded",
    "TakenBack",
    "all_here",
    "enter",
    "entered",
    "entries_seen",
    "erased",
    "put_back",
    "recorded_by",
    "reviewed",
    "rule",
    "second_reads",
    "take_back",
    "taken_parts",
    "would_go",
]
