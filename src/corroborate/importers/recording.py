"""From a row that was understood to the claims that follow, with the words of the source beside them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache

from corroborate.importers.coding import Act
from corroborate.importers.people import PersonRow
from corroborate.records import Claim, Reference, Term, Text, Value
from corroborate.records.schema import kinds
from corroborate.tables import Rejected
from corroborate.values import Amount, DateSpan, PartialDate


def locator(entry: PersonRow | Rejected) -> str:
    """Where a person who opens the file finds the row."""
    if not entry.line:
        return f"row {entry.row}"
    return f"sheet {entry.sheet}, row {entry.line}" if entry.sheet else f"line {entry.line}"


def claims(
    entry: PersonRow,
    *,
    person: str,
    act_ids: Iterator[str],
    claim_ids: Iterator[str],
    source: str,
    recorder: str,
    recorded_at: datetime,
) -> list[Claim]:
    """The claims of one row: facts about the person, and an act for each violation. Ids come from the caller.

    What was done is an act with the person as its victim; what is denied, an act with ``no_violation``; what the
    person saw, or what was threatened, is a fact about the person and no act; what was done to somebody else is told
    of that victim in words. Cells that say more than what was understood stand as *told*, with their heading.
    """
    made: list[Claim] = []
    where = locator(entry)

    def claim(subject: str, property_: str, value: Value) -> None:
        made.append(
            Claim(next(claim_ids), subject, property_, value, source, where, entry.basis, recorder, recorded_at)
        )

    for at, name in enumerate(entry.names):
        claim(person, "name" if at == 0 else "alias", name)
    for property_, value in facts_of(entry):
        claim(person, property_, value)
    acts_of_words(entry.acts, person, act_ids, claim, _circumstances(entry))
    if not any(one.said in ("for", "against") for one in entry.acts):  # no act is known of which this could be told
        for property_, value in _as_told("act", entry):
            claim(person, "told", Text(f"{property_}: {value.text}"))
    return made


def acts_of_words(
    acts: Iterable[Act],
    person: str,
    act_ids: Iterator[str],
    claim: Callable[[str, str, Value], None],
    around: Iterable[tuple[str, Value]],
) -> None:
    """The claims of acts that a cell tells of a person. ``around``: when and where they were done."""
    circumstances = tuple(around)
    for act_told in acts:
        term = Term("violations", act_told.term)
        if act_told.said == "seen":
            claim(person, "witnessed", term)
        elif act_told.said == "threatened":
            claim(person, "threatened", term)
        elif act_told.said == "another":
            act = next(act_ids)
            claim(act, "victim_told", Text(act_told.kin or "somebody else"))
            claim(act, "violation", term)
            claim(act, "told_by", Reference(person))
        else:
            act = next(act_ids)
            claim(act, "victim", Reference(person))
            claim(act, "violation" if act_told.said == "for" else "no_violation", term)
            for property_, value in circumstances:
                claim(act, property_, value)


def facts_of(entry: PersonRow) -> Iterator[tuple[str, Value]]:
    """What a row says of the person beside their names and what was done."""
    told = "; ".join(f"{field}: {name}" for field, name in entry.kin_named)
    texts = (
        ("kin", told or None),
        ("sex", entry.sex),
        ("birth_date", _about(entry, "birth", entry.birth)),
        ("origin", entry.place),
        ("event_date", _about(entry, "event_date", entry.event)),
        ("facility", entry.facility),
        ("occupation", entry.occupation),
        ("fate", entry.fate),
        ("kin", entry.kin),
        ("described", entry.described),
        ("age", str(entry.age) if entry.age else None),
    )
    for property_, value in texts:
        if value is not None:
            yield property_, Text(value) if isinstance(value, str) else value
    yield from _as_told("person", entry)
    if entry.kind in ("unnamed", "group", "partial"):
        yield "victim_kind", Text(entry.kind)
    if entry.kind == "group":
        yield "count", Text(_so_many(entry.count, entry.amount))
    if entry.others is not None:
        yield "others", Text(_so_many(entry.others.count, entry.others.amount))
    for heading, words in (*entry.told, *_words(entry)):
        yield "told", Text(f"{heading}: {words}")


def _so_many(count: int | None, amount: Amount | None) -> str:
    """A number of people as a claim has it: 5, ~20, 20-30, 5+; unknown where a word for several says no more."""
    if amount is None or (amount.approximate and amount.highest is None):
        return "unknown" if count is None else str(count)
    return str(amount)


def _words(entry: PersonRow) -> Iterator[tuple[str, str]]:
    """Cells whose words say more than what stands for them: of people without a name, dates, ages, violations and cells
    that were not read."""
    if entry.kind in ("unnamed", "group") and entry.words.get("name"):
        yield "name", entry.words["name"]
    for name, value in (("birth", entry.birth), ("event_date", entry.event), ("age", entry.age)):
        if name in entry.words and value is not None and str(value) != entry.words[name]:
            yield name, entry.words[name]
    if entry.amount is not None and "count" in entry.words:
        yield "count", entry.words["count"]
    if entry.others is not None and entry.others.amount is not None:
        yield "others", entry.others.amount.words
    if entry.acts and "violation" in entry.words:
        yield "violation", entry.words["violation"]
    for one in entry.unread:
        yield one.field, one.words


def _about(entry: PersonRow, name: str, value: PartialDate | DateSpan | None) -> PartialDate | DateSpan | None:
    """A date that its source marks as approximate, as such."""
    if value is None or name not in entry.approximate:
        return value
    return DateSpan(value.earliest, value.latest, approximate=True)


def _circumstances(entry: PersonRow) -> Iterator[tuple[str, Value]]:
    date = _about(entry, "event_date", entry.event)
    if date is not None:
        yield "date", date
    if entry.facility is not None:
        yield "facility", Text(entry.facility)
    yield from _as_told("act", entry)


def _as_told(kind: str, entry: PersonRow) -> Iterator[tuple[str, Text]]:
    """What cells say of a kind of entity in words that stand as they are."""
    for property_, field in _texts_of(kind):
        if text := entry.texts.get(field):
            yield property_, Text(text)


@cache
def _texts_of(kind: str) -> tuple[tuple[str, str], ...]:
    """Each property of a kind that is a text, with each field of a list that says it."""
    return tuple((one.name, field) for one in kinds()[kind].properties if one.type == "text" for field in one.fields)
