"""Whom the campaign asks: states and how they voted, what they committed to, and whom one may write to there.

Votes and commitments are public facts with a source. A contact is a person: who may know of it is decided by the
consent that person gave, and no publication ever sees one.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from string import Formatter

from corroborate.errors import InputRefused, InvalidValue
from corroborate.records import Audience, Consent, Permissions, Use
from corroborate.translation import Sentence
from corroborate.values import JSON, PartialDate
from corroborate.vocabulary import country_names

BODIES = {
    "HRC": "UN Human Rights Council",
    "GA": "UN General Assembly",
    "GA3": "Third Committee of the UN General Assembly",
}
VOTES = {
    "yes": Sentence("in favour"),
    "no": Sentence("against"),
    "abstain": Sentence("abstained"),
    "absent": Sentence("absent"),
    "consensus": Sentence("in a consensus"),
}
_SPELLINGS = {
    "y": "yes", "yes": "yes", "in favour": "yes", "in favor": "yes", "for": "yes",
    "n": "no", "no": "no", "against": "no",
    "a": "abstain", "abstain": "abstain", "abstained": "abstain", "abstention": "abstain",
    "x": "absent", "absent": "absent", "non-voting": "absent", "did not vote": "absent",
    "consensus": "consensus", "without a vote": "consensus",
}  # fmt: skip
COLUMNS = ("state", "body", "resolution", "date", "vote", "source")
LARGEST = 5 << 20  # bytes of a file of votes


MOST_FAULTS = 200  # lines named in full; of more, how many there are


def check_state(code: str) -> None:
    """Raises InvalidValue for what is no State of ISO 3166-1."""
    if code not in country_names():
        raise InvalidValue("{state!r} is no country code such as KR (ISO 3166-1)", state=code)


def check_past(on: PartialDate, today: date) -> None:
    """Raises InvalidValue for a day of what has happened that has not come yet. A year or a month that has begun is
    past enough."""
    if on.earliest > today:
        raise InvalidValue("{on} has not come yet: what is recorded has happened", on=on)


@dataclass(frozen=True, slots=True)
class Vote:
    """How one state stood on one resolution."""

    state: str  # ISO 3166-1 alpha-2
    body: str
    resolution: str  # symbol, such as A/HRC/RES/22/13
    on: PartialDate
    vote: str
    source: str

    def __post_init__(self) -> None:
        check_state(self.state)
        if self.body not in BODIES:
            raise InvalidValue(
                "{body!r} is no body known here; there are {listed}", body=self.body, listed=", ".join(BODIES)
            )
        if self.vote not in VOTES:
            raise InvalidValue("{vote!r} is no vote; there are {listed}", vote=self.vote, listed=", ".join(VOTES))
        if not self.resolution.strip() or not self.source.strip():
            raise InvalidValue("a vote names its resolution and its source")


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a state or body said it would do, on a day, and where that is said."""

    state: str  # ISO 3166-1 alpha-2
    what: str
    on: PartialDate
    source: str
    demand: str = ""
    kept: str = "open"  # open, kept, broken
    entered_by: str = field(default="", compare=False)  # who put it down

    def __post_init__(self) -> None:
        check_state(self.state)
        if self.kept not in ("open", "kept", "broken"):
            raise InvalidValue("a commitment is open, kept or broken, not {kept!r}", kept=self.kept)
        if not self.what.strip() or not self.source.strip():
            raise InvalidValue("a commitment says what was promised, and where that is said")


def read_votes(content: bytes, today: date | None = None) -> tuple[Vote, ...]:
    """Votes from a CSV file with the columns ``state, body, resolution, date, vote, source``, in any order.

    All or nothing: raises InputRefused with every faulty line by number. A state twice on one resolution is a fault,
    unless the two lines are the same; so is a vote after ``today``.
    """
    if len(content) > LARGEST:
        raise InputRefused(
            "a file of votes has at most {largest} MiB; this one has {number:,} bytes",
            largest=LARGEST >> 20,
            number=len(content),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused("the file is not UTF-8 (byte {start}): save it as CSV UTF-8", start=error.start) from error
    if "\0" in text:
        raise InputRefused("the file holds zero bytes: it is no CSV text")
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = [name.strip().casefold() for name in rows.fieldnames or ()]
        if missing := [name for name in COLUMNS if name not in names]:
            raise InputRefused(
                "the first line lacks the column {listed}; it needs {listed2}",
                listed=", ".join(missing),
                listed2=", ".join(COLUMNS),
            )
        rows.fieldnames = names
        return _votes(rows, today)
    except csv.Error as error:
        raise InputRefused("the file is no CSV: {error}", error=error) from error


def _votes(rows: "csv.DictReader[str]", today: date | None) -> tuple[Vote, ...]:
    found: dict[tuple[str, str], Vote] = {}
    faults = []
    for row in rows:
        cell = {name: (row.get(name) or "").strip() for name in COLUMNS}
        try:
            if None in row:
                raise InvalidValue("the line has more cells than the first line")
            said = cell["vote"].casefold()
            if said not in _SPELLINGS:
                raise InvalidValue("{vote!r} is no vote; write {listed}", vote=cell["vote"], listed=", ".join(VOTES))
            vote = Vote(
                cell["state"].upper(), cell["body"].upper(), cell["resolution"], PartialDate.parse(cell["date"]),
                _SPELLINGS[said], cell["source"],
            )  # fmt: skip
            if today is not None:
                check_past(vote.on, today)
            before = found.setdefault((vote.state, vote.resolution), vote)
            if before.vote != vote.vote:
                raise InvalidValue(
                    "{state} stands twice on {resolution}: {vote} and {vote2}",
                    state=vote.state,
                    resolution=vote.resolution,
                    vote=before.vote,
                    vote2=vote.vote,
                )
        except InvalidValue as error:
            faults.append(f"line {rows.line_num}: {error}")
    if faults:
        more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        raise InputRefused("; ".join(faults[:MOST_FAULTS]) + more)
    if not found:
        raise InputRefused("the file holds no vote: only its first line is there")
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Contact:
    """A person one may write to, with what they allowed. Never leaves but as their own consent says."""

    id: str
    state: str
    name: str
    role: str
    reach: str  # address, number
    consents: tuple[Consent, ...] = ()

    def may(self, audience: Audience, on: date) -> bool:
        """Whether this contact may be held, and named, before an audience on a day. Silence is "no"."""
        return self._allows("hold", "own", on) and (audience == "own" or self._allows("name", audience, on))

    def _allows(self, use: Use, audience: Audience, on: date) -> bool:
        permissions = Permissions.of(self.consents, audience, on)
        return any(permissions.allows(use, source) for source in permissions.by_source)


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom one letter goes: what stands in the text's braces, and paragraphs of their own."""

    name: str
    values: Mapping[str, str]
    paragraphs: tuple[str, ...] = ()  # in the place of {local}


FIELDS = ("name", "state", "role", "vote", "commitments", "local")


def letters(text: str, addressees: Sequence[Addressee]) -> tuple[tuple[str, str], ...]:
    """One letter each from one text: (name, letter). Braces hold ``name``, ``state``, ``role``, ``vote``,
    ``commitments`` or ``local``; a brace that no value fills stops all letters, so that none goes out half-written."""
    try:
        wanted = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise InvalidValue(
            "the text has a brace that does not close: {error}; write {{{{ for a brace itself", error=error
        ) from error
    if unknown := sorted(set(wanted) - set(FIELDS)):
        raise InvalidValue(
            "the text asks for {{{unknown}}}; it may ask for {listed}", unknown=unknown[0], listed=", ".join(FIELDS)
        )
    made = []
    for one in addressees:
        values = {**one.values, "name": one.name, "local": "\n\n".join(one.paragraphs)}
        if empty := sorted(name for name in set(wanted) - {"local"} if not values.get(name, "").strip()):
            raise InvalidValue(
                "nothing is known for {{{empty}}} in the letter to {name}", empty=empty[0], name=one.name
            )
        # not str.format: a value is text, and what looks like a brace in it stays as it is
        letter = "".join(
            literal + (values[name] if name is not None else "") for literal, name, _, _ in Formatter().parse(text)
        )
        made.append((one.name, re.sub(r"\n{3,}", "\n\n", letter)))
    return tuple(made)


def votes_json(votes: Iterable[Vote]) -> list[JSON]:
    return [
        {"state": one.state, "body": one.body, "resolution": one.resolution, "date": str(one.on), "vote": one.vote,
         "source": one.source}
        for one in votes
    ]  # fmt: skip
