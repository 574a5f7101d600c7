"""A list that comes in: whether it came before, which of its rows are new or changed, and what of these is taken in."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from itertools import count

from django.db.models import QuerySet

from corroborate import records
from corroborate.errors import InputRefused, InvalidValue
from corroborate.importers import PersonRow, Reading, Table, claims, unswept
from corroborate.importers.again import (
    Looked,
    Matched,
    RowBefore,
    RowNow,
    RowsNow,
    digest_of_columns,
    matched,
    names_folded,
    numbering,
)
from corroborate.records import Claim, Source
from corroborate.translation import Sentence
from corroborate.values import JSON, Packed, canonical
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.records import models, queries, rows
from corroborate_node.records.batches import ROWS, Batch, Entropy, Laying, Part, consents_of_row, ids, together

_ENTITIES = ("victim", "told_by")  # properties whose value is another entity: no part of what a row says


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list is to be taken in.

    ``again``: number of an import, or id of a list, which this is; ``new``: it is a list of its own, whatever it
    resembles; ``key``: columns that tell one row from another; ``looked``: somebody made sure that no new row is one
    that was withdrawn.
    """

    title: str
    recorder: str
    at: datetime
    agreed: bool = False
    again: str = ""
    new: bool = False
    key: tuple[str, ...] = ()
    looked: bool = False
    entropy: Entropy = os.urandom


QUESTIONS = ("other_columns", "resembles", "withdrawn", "other_person")


class Question(InputRefused):
    """What a person must say before a list is taken in. ``kind``: one of QUESTIONS; ``again``: what to say where it is
    the list that it resembles; ``called``: what that list is called; ``lines``: of the rows that it is about."""

    def __init__(
        self, kind: str, words: str, /, again: str = "", called: str = "", lines: Sequence[int] = (), **values: object
    ) -> None:
        super().__init__(words, again=again, called=called, **values)
        self.kind, self.again, self.called, self.lines = kind, again, called, tuple(lines)


@dataclass(frozen=True, slots=True)
class Coming:
    """What is taken in of a list. ``blocks``: lays it out anew, so many rows at once, each when it is asked for, since
    all claims of a long list would fill the memory; ``counted``: rows by what became of them; ``allows``: sources that
    stood before -> the row that says anew what they allow; ``limits``: the same of rows that are as before, which may
    have been narrowed by a person since, and are never widened by that; ``gone``: rows that stood before and are not in
    this file."""

    blocks: Callable[[], Iterator[Batch]]
    counted: Mapping[str, int]
    shape: str
    list: str  # id of its source
    fresh: bool  # whether the list came for the first time
    numbers: str = ""  # the column that only numbers the rows
    allows: Mapping[str, PersonRow] = field(default_factory=dict)
    limits: Mapping[str, PersonRow] = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    @property
    def adds(self) -> bool:
        """Whether there is anything to store."""
        return self.fresh or bool(self.counted["new"] or self.counted["changed"])


@unswept()
def of_list(desk: Desk, table: Table, reading: Reading, asked: Asked, digest: str) -> Coming:
    """Lay out what a list adds and changes. ``digest``: of the file. Raises InputRefused where a person must say first
    whether it came before, InvalidValue for a key that it does not have."""
    if missing := [one for one in asked.key if one not in table.columns]:
        raise InvalidValue(
            "the list has no column {missing}; its columns: {listed}",
            missing=missing[0],
            listed=", ".join(table.columns),
        )
    shape = digest_of_columns(table.columns)
    known = [one for one in [reading.mapping.get("id")] if one]
    numbers = known[0] if known and numbering(known[0], table.rows) else ""
    now = RowsNow(table.rows, numbers, asked.key or known)
    entries = reading.entries
    here = [(one.row, one.invented) for one in entries]
    whole = _came_before(desk, [now[number].content for number, _ in here], shape, asked, digest)
    before = _read_before(whole, table)
    if (before.numbers is not None and before.numbers != numbers) or before.key:
        asked = replace(asked, key=asked.key or before.key)
        numbers = numbers if before.numbers is None else before.numbers
        now = RowsNow(table.rows, numbers, asked.key or known)
    if whole is None:
        entries, out = _without_withdrawn(entries, digest)
        laying = Laying(asked.title, asked.recorder, asked.at, asked.agreed, asked.entropy, now)
        new = laying.whole_of(any(invented for _, invented in here))
        counted = {"rows": len(reading.entries), "new": len(entries), "changed": 0, "same": 0, "withdrawn": out}
        return Coming(partial(laying.blocks, entries, new, first=True), counted, shape, new.id, True, numbers)
    return replace(_Again(desk, whole, entries, now, asked, digest, shape).coming(), numbers=numbers)


@dataclass(frozen=True, slots=True)
class _ReadBefore:
    """The key that somebody named when a list came before, and which column then only numbered the rows: in a file
    whose rows were moved or added it no longer looks so."""

    key: tuple[str, ...] = ()
    numbers: str | None = None


def _read_before(whole: models.Source | None, table: Table) -> _ReadBefore:
    if whole is None:
        return _ReadBefore()
    came = [row.choices for row in models.Import.objects.filter(list=whole, undone=None).order_by("-number")]
    keys = [tuple(one.get("key", ())) for one in came]
    key = next((one for one in keys if one and set(one) <= set(table.columns)), ())
    return _ReadBefore(key, next((one["numbers"] for one in reversed(came) if "numbers" in one), None))


# --- whether it came before -------------------------------------------------------------------------------------------


def _came_before(desk: Desk, contents: Sequence[str], shape: str, asked: Asked, digest: str) -> models.Source | None:
    """The list that this is again; None: it is new here."""
    lists = visible(desk, models.Source).filter(kind="list", withdrawn=None)
    if asked.again:
        return _named(desk, lists, asked.again)
    if asked.new:
        return None
    named: models.Source | None = lists.filter(title=asked.title).order_by("-id").first()
    if named is not None:
        came = models.Import.objects.filter(list=named, undone=None).order_by("-number")
        if came.filter(shape=shape).exists():
            return named
        again = _again_by(named)
        raise Question(
            "other_columns" if came.exists() else "resembles",
            "a list called {called} stands here already, with other columns or from an earlier version. {advice}",
            again,
            asked.title,
            advice=_say(again),
        )
    if (like := _resembled(lists, contents)) is not None:
        found, share = like
        again = _again_by(found)
        raise Question(
            "resembles",
            "{share} of {number} rows stand here already, in {called}. {advice}",
            again,
            found.title,
            share=share,
            number=len(contents),
            advice=_say(again),
        )
    return None


def _named(desk: Desk, lists: QuerySet[models.Source], again: str) -> models.Source:
    """The list that somebody names by the number of an import or by its id. Raises InvalidValue."""
    id_: str | None = again
    if again.isdecimal():
        row = visible(desk, models.Import).filter(number=int(again), program="").first()
        id_ = None if row is None else row.list_id
    found = lists.filter(id=id_ or "").first()
    if found is None:
        raise InvalidValue(
            "no list {again} stands here: `corroborate imports list` shows what came with which import", again=again
        )
    return found


def _again_by(found: models.Source) -> str:
    """How a list is named to say that it came again: by its newest import; one of an earlier version by its id."""
    came = models.Import.objects.filter(list=found, undone=None).order_by("-number").first()
    return found.id if came is None else str(came.number)


def _say(again: str) -> str:
    return Sentence(
        "If this is the same list, say so with --again {again}. If it is another one, say --new, and give it a title "
        "of its own with --as",
        again=again,
    )


def _resembled(lists: QuerySet[models.Source], contents: Sequence[str]) -> tuple[models.Source, int] | None:
    """A list in which at least half of these rows stand, and how many of them do."""
    asked = list(dict.fromkeys(one for one in contents if one))
    counts = Counter[str]()
    for start in range(0, len(asked), queries.BATCH):
        here = models.Imported.objects.filter(content__in=asked[start : start + queries.BATCH])
        counts.update(of for of, _ in set(here.values_list("source__part_of_id", "content")) if of)
    for list_, share in counts.most_common():
        found = lists.filter(id=list_).first()
        if found is not None and 2 * share >= len(contents):
            return found, share
    return None


def withdrawn_of(whole: models.Source) -> QuerySet[models.Source]:
    """Parts of a list that were withdrawn, and not by undoing an import."""
    gone = models.Source.objects.filter(part_of=whole).exclude(withdrawn=None)
    undone = models.Import.objects.filter(list=whole).exclude(undone=None).exists()
    return gone.filter(came__isnull=False) if undone else gone


def _without_withdrawn(entries: Sequence[PersonRow], digest: str) -> tuple[Sequence[PersonRow], int]:
    """The rows of a file without those that were withdrawn since the same file came first, and how many these are.

    Of such a row nothing is kept but its number: it is left out by that.
    """
    first = models.Import.objects.filter(digest=digest, program="", counted__fresh=True)
    gone = set(
        models.Imported.objects.filter(by__in=first, content="", source__number__isnull=False)
        .exclude(source__withdrawn=None)
        .values_list("source__number", flat=True)
    )
    if not gone:
        return entries, 0
    kept = Packed(one for one in entries if one.row not in gone)
    return kept, len(entries) - len(kept)


# --- a list that came before ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Row:
    """A row that stands: all its versions, the first first."""

    versions: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    key: str = ""
    about: str = ""
    number: int = 0


@dataclass(frozen=True)
class _Again:
    desk: Desk
    whole: models.Source
    entries: Sequence[PersonRow]
    now: Mapping[int, RowNow]
    asked: Asked
    digest: str
    shape: str

    def coming(self) -> Coming:
        found = self.matched
        fresh = frozenset(found.new)
        entries: Sequence[PersonRow] = [one for one in self.entries if one.row in fresh]
        entries, out = self._checked(entries)
        numbered, now = self._numbered(entries)
        if self.asked.key and not self.asked.looked:
            self._same_people(found)
        changed = [(one, self.current[found.changed[one.row]]) for one in self.entries if one.row in found.changed]
        same = [(one, self.current[found.same[one.row]]) for one in self.entries if one.row in found.same]
        allows = {version: entry for entry, row in changed for version in row.versions}
        limits = {version: entry for entry, row in same for version in row.versions}
        counted = {
            "rows": len(self.entries),
            "new": len(entries),
            "changed": len(changed),
            "same": sum(one.row in found.same for one in self.entries),
            "withdrawn": out,
        }
        return Coming(
            partial(self._blocks, numbered, now, changed),
            counted,
            self.shape,
            self.whole.id,
            fresh=False,
            allows=allows,
            limits=limits,
            gone=tuple(self.current[one].versions[0] for one in found.gone),
        )

    def _blocks(
        self, fresh: Sequence[PersonRow], now: Mapping[int, RowNow], changed: Sequence[tuple[PersonRow, _Row]]
    ) -> Iterator[Batch]:
        """New rows, and further versions of those that changed."""
        asked = self.asked
        laying = Laying(
            self.whole.title,
            asked.recorder,
            asked.at,
            asked.agreed,
            asked.entropy,
            now,
            self._origins() if fresh else {},
        )
        yield from laying.blocks(fresh, rows.source(self.whole), first=False)
        new = self._new("act", "source", "consent", "claim")
        for start in range(0, len(changed), ROWS):
            yield together(self._change(entry, row, new) for entry, row in changed[start : start + ROWS])

    @cached_property
    def current(self) -> dict[str, _Row]:
        """By the id of its first version, each row of the list that stands."""
        found: dict[str, _Row] = defaultdict(_Row)
        parts = models.Source.objects.filter(part_of=self.whole, withdrawn=None, from_member=None).order_by("id")
        for id_, number, content, key, about, first in parts.values_list(
            "id", "number", "came__content", "came__key", "came__about", "came__first"
        ):
            row = found[first or id_]
            row.versions.insert(len(row.versions) if first else 0, id_)
            row.contents += [content] if content else []
            row.key, row.about = key or row.key, about or row.about
            row.number = row.number or number or 0
        return dict(found)

    @cached_property
    def matched(self) -> Matched:
        here = {one.row for one in self.entries}
        before = [RowBefore(id_, tuple(one.contents), one.key) for id_, one in self.current.items()]
        return matched(
            [one for number, one in self.now.items() if number in here],
            before,
            self._look_now,
            self._look_into,
            certain=bool(self.asked.key),
        )

    def _look_now(self, numbers: Collection[int]) -> dict[int, Looked]:
        asked, new = set(numbers), self._new("person", "act", "source", "claim")
        return {
            one.row: Looked(
                names_folded(name.text for name in one.names),
                _compared(self._claims(one, next(new["person"]), new, next(new["source"]))),
            )
            for one in self.entries
            if one.row in asked
        }

    def _look_into(self, firsts: Collection[str]) -> dict[str, Looked]:
        found = {}
        for first in firsts:
            said = self._told(self.current[first])
            names = [str(getattr(one.value, "text", "")) for one in said if one.property in rows.NAMES]
            found[first] = Looked(names_folded(names), _compared(said))
        return found

    @cached_property
    def _all_told(self) -> dict[str, list[Claim]]:
        """By source, every claim of the list's rows whose words are here, corrected ones among them: what a coder has
        corrected is not taken in again as it was."""
        found: dict[str, list[Claim]] = defaultdict(list)
        told = models.Claim.objects.filter(source__part_of=self.whole).exclude(value=None)
        for row in told.order_by("id").iterator(chunk_size=2000):
            found[row.source_id].append(rows.claim(row))
        return found

    def _told(self, row: _Row) -> list[Claim]:
        return [claim for version in row.versions for claim in self._all_told[version]]

    def _new(self, *kinds: str) -> dict[str, Iterator[str]]:
        return {kind: ids(kind, self.asked.at, self.asked.entropy) for kind in kinds}

    def _claims(self, entry: PersonRow, person: str, new: Mapping[str, Iterator[str]], source: str) -> list[Claim]:
        return claims(
            entry,
            person=person,
            act_ids=new["act"],
            claim_ids=new["claim"],
            source=source,
            recorder=self.asked.recorder,
            recorded_at=self.asked.at,
        )

    def _same_people(self, found: Matched) -> None:
        """Raises Question where a row has the key of another one, and neither its name nor most of what it says."""
        now, then = self._look_now(list(found.changed)), self._look_into(list(found.changed.values()))
        others = [
            one.line or one.row
            for one in self.entries
            if one.row in found.changed and _another(now[one.row], then[found.changed[one.row]])
        ]
        if others:
            lines = ", ".join(map(str, others[:20])) + (" …" if len(others) > 20 else "")
            raise Question(
                "other_person",
                "{number} rows have the key of a row that is here, and tell of somebody else by name and most of "
                "what they say (lines {shown}). Correct the key in the file, or say --looked where it is one person",
                called=self.whole.title,
                lines=others,
                number=len(others),
                shown=lines,
            )

    # --- new rows -----------------------------------------------------------------------------------------------------

    def _checked(self, entries: Sequence[PersonRow]) -> tuple[Sequence[PersonRow], int]:
        """New rows, without those that were withdrawn. Where nobody can tell whether one of them is a row that was
        withdrawn, since nothing of that is kept, a person looks first. Raises InputRefused."""
        entries, out = _without_withdrawn(entries, self.digest)  # also where it was withdrawn from another list
        gone = withdrawn_of(self.whole)
        numbers = set(gone.values_list("number", flat=True))
        if not numbers or not entries or self.asked.looked:
            return entries, out
        came = models.Import.objects.filter(list=self.whole).order_by("number").first()
        if came is not None and came.digest == self.digest:
            return entries, out
        lines = ", ".join(str(one.line or one.row) for one in entries[:20]) + (" …" if len(entries) > 20 else "")
        raise Question(
            "withdrawn",
            "{withdrawn} rows of this list were withdrawn since it came, and nothing is kept by which they could "
            "be known. {new} rows of this file are new (lines {shown}): look that none of them is one that was "
            "withdrawn, take such a row out of the file, and say --looked",
            called=self.whole.title,
            withdrawn=len(numbers),
            new=len(entries),
            shown=lines,
            lines=[one.line or one.row for one in entries],
        )

    def _numbered(self, entries: Sequence[PersonRow]) -> tuple[list[PersonRow], dict[int, RowNow]]:
        """New rows, each with a number that no other row of the list has had, its own where that is free; and by what
        each is known again."""
        parts = models.Source.objects.filter(part_of=self.whole)
        taken = {number for number in parts.values_list("number", flat=True) if number is not None}
        following = count(max([0, *taken, *(one.row for one in entries)]) + 1)
        numbered = [replace(one, row=next(following)) if one.row in taken else one for one in entries]
        return numbered, {one.row: self.now[before.row] for one, before in zip(numbered, entries, strict=True)}

    def _origins(self) -> dict[tuple[str, str], Source]:
        """Witnesses and papers that rows of this list go back to already."""
        parts = models.Source.objects.filter(part_of=self.whole, withdrawn=None, from_member=None)
        before = parts.values_list("derives_from", flat=True)
        asked = sorted({one for each in before for one in each} - {self.whole.id})
        found: dict[tuple[str, str], Source] = {}
        for start in range(0, len(asked), queries.BATCH):
            part = models.Source.objects.filter(id__in=asked[start : start + queries.BATCH], part_of=None)
            found |= {(one.kind, one.title): rows.source(one) for one in part.filter(withdrawn=None)}
        return found

    # --- changed rows -------------------------------------------------------------------------------------------------

    def _change(self, entry: PersonRow, row: _Row, new: Mapping[str, Iterator[str]]) -> Batch:
        """A further version of a row: what it says that it did not say before, about the same person and acts."""
        told = self._told(row)
        person = row.about or next((one.subject for one in told if one.subject.startswith("person_")), "")
        source = Source(
            next(new["source"]), "document", "", (row.versions[0],), entry.invented, self.whole.id, row.number
        )
        made = _beside(self._claims(entry, person, new, source.id), told, person)
        acts = dict.fromkeys(one.subject for one in made if one.subject != person)
        entities = tuple(records.Entity(act, "act") for act in acts if act not in {one.subject for one in told})
        consents = consents_of_row(entry, source.id, person, self.asked.agreed, self.asked.at, new["consent"])
        now = self.now[entry.row]
        part = Part(source.id, now.content, now.key, person, row.versions[0])
        return Batch(entities, (source,), tuple(consents), tuple(made), {entry.row: person}, (part,))


def _another(now: Looked, then: Looked) -> bool:
    return not now.names & then.names and 2 * len(now.says & then.says) < min(len(now.says), len(then.says))


def _compared(claims_: Sequence[Claim]) -> frozenset[str]:
    """What two rows of one name are compared by: not by the name, nor by the sex that goes with it."""
    return frozenset(_said(one) for one in claims_ if one.property not in (*rows.NAMES, "sex"))


def _said(claim: Claim) -> str:
    """Equal for claims that say the same of whomever."""
    value: JSON = "" if claim.property in _ENTITIES else records.write_value(claim.value)
    return f"{claim.property}:{canonical(value).decode()}"


def _beside(made: Sequence[Claim], told: Sequence[Claim], person: str) -> list[Claim]:
    """Those claims that say what was not said before. An act with the same violation is the same act."""
    said: dict[str, set[str]] = defaultdict(set)
    for one in told:
        said[one.subject].add(_said(one))
    by_kind: dict[frozenset[str], list[str]] = defaultdict(list)
    for act, words in said.items():
        if act != person:
            by_kind[_kind(words)].append(act)
    new: dict[str, list[Claim]] = defaultdict(list)
    for one in made:
        new[one.subject].append(one)
    kept = [one for one in new.pop(person, []) if _said(one) not in said[person]]
    for claims_ in new.values():
        same = by_kind[_kind({_said(one) for one in claims_})]
        if not same:
            kept += claims_
            continue
        act = same.pop(0)
        kept += [replace(one, subject=act) for one in claims_ if _said(one) not in said[act]]
    return kept


def _kind(said: Collection[str]) -> frozenset[str]:
    return frozenset(one for one in said if one.startswith(("violation:", "no_violation:", "victim", "told_by")))


__all__ = ["QUESTIONS", "Asked", "Coming", "Question", "of_list", "withdrawn_of"]
