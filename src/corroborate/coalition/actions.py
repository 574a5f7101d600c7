"""What members do for the campaign, each under its own name: reports, hearings, exhibitions and the like.

Two members may enter the same event. That is proposed as a pair and decided by a person; nothing is merged by itself.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from corroborate.errors import InvalidValue
from corroborate.translation import Sentence
from corroborate.values import JSON
from corroborate.values.addresses import is_web
from corroborate.vocabulary import country_names

KINDS = {
    "report": Sentence("report"),
    "hearing": Sentence("hearing"),
    "exhibition": Sentence("exhibition"),
    "petition": Sentence("petition"),
    "broadcast": Sentence("broadcast"),
    "litigation": Sentence("litigation"),
    "vigil": Sentence("vigil"),
    "lobbying": Sentence("lobbying visit"),
}
ALIKE = 0.5  # share of the titles' word parts in common, from which two entries of one day are proposed as one
LONGEST = 2_000  # characters of a field
EARLIEST = date(1945, 1, 1)
AHEAD = timedelta(days=3 * 366)  # so far an action can be announced


@dataclass(frozen=True, slots=True)
class Action:
    """One initiative of one or more members. Days are whole and both ends are included."""

    id: str
    kind: str
    title: str
    members: tuple[str, ...]  # names as the members give them
    begins: date
    ends: date
    language: str = "en"  # of the title and the text, ISO 639-1
    country: str = ""  # ISO 3166-1 alpha-2
    place: str = ""
    demands: tuple[str, ...] = ()
    text: str = ""
    address: str = ""  # https page of the member
    entered_by: str = field(default="", compare=False)  # who put it down, where no account of the member did

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidValue(
                "no such kind of action: {kind}; there are {listed}", kind=self.kind, listed=", ".join(KINDS)
            )
        if not self.title.strip() or not self.members or not all(one.strip() for one in self.members):
            raise InvalidValue("an action has a title and the name of the member whose it is")
        if self.ends < self.begins:
            raise InvalidValue(
                "the action ends on {ends}, before it begins on {begins}", ends=self.ends, begins=self.begins
            )
        if self.country and self.country not in country_names():
            raise InvalidValue("{country!r} is no country code such as KR (ISO 3166-1)", country=self.country)
        if re.fullmatch(r"[a-z]{2,3}", self.language) is None:
            raise InvalidValue("{language!r} is no language code such as ko (ISO 639-1)", language=self.language)
        if self.address and not is_web(self.address):
            raise InvalidValue("{address!r} is no address of a page (https://…)", address=self.address)
        if max(map(len, (self.title, self.place, self.text, self.address))) > LONGEST:
            raise InvalidValue("a field of an action has at most {longest} characters", longest=LONGEST)

    def check_days(self, today: date) -> None:
        """Raises InvalidValue for days that nobody can know of: before there was a campaign, or years ahead."""
        if self.begins < EARLIEST or self.ends > today + AHEAD:
            raise InvalidValue(
                "{begins} to {ends}: an action lies between {earliest} and {latest}",
                begins=self.begins,
                ends=self.ends,
                earliest=EARLIEST,
                latest=today + AHEAD,
            )

    def as_json(self) -> dict[str, JSON]:
        return {
            "id": self.id, "kind": self.kind, "title": self.title, "members": list(self.members),
            "begins": self.begins.isoformat(), "ends": self.ends.isoformat(), "language": self.language,
            "country": self.country or None, "place": self.place or None, "demands": list(self.demands),
            "text": self.text or None, "address": self.address or None, "entered_by": self.entered_by or None,
        }  # fmt: skip


def _parts(text: str) -> set[str]:
    """Pairs of letters: the same for words of a Latin script and for scripts that put no space between words."""
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    return {letters[at : at + 2] for at in range(len(letters) - 1)} or {letters}


def alike(one: Action, other: Action) -> float:
    """How alike two titles are: pairs of letters in both, as a share of those in either (Jaccard), from 0 to 1."""
    first, second = _parts(one.title), _parts(other.title)
    return len(first & second) / len(first | second)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entries that may be one event. A person decides."""

    first: Action
    second: Action
    why: str


def proposals(actions: Sequence[Action], apart: Iterable[frozenset[str]] = ()) -> tuple[Proposal, ...]:
    """Pairs of entries that may be the same event: the same kind, on overlapping days, in no two different countries,
    and besides one of these: titles alike; the same page; the same place, by a common member or on exactly the same
    days; or, of titles in two languages, a common member or the same country on exactly the same days. ``apart``: pairs
    of ids that a person has judged different."""
    judged = set(apart)
    by_kind: dict[str, list[Action]] = {}
    for action in sorted(actions, key=lambda each: (each.begins, each.id)):
        by_kind.setdefault(action.kind, []).append(action)
    found = []
    for group in by_kind.values():
        for first, second in _neighbours(group):
            if frozenset((first.id, second.id)) in judged:
                continue
            if first.country and second.country and first.country != second.country:
                continue
            if why := _why(first, second):
                found.append(Proposal(first, second, why))
    return tuple(found)


def _why(first: Action, second: Action) -> str:
    """Why two entries of one kind whose days overlap may be one event; empty where nothing says so."""
    share = alike(first, second)
    if first.address and first.address == second.address:
        return Sentence("the same kind, overlapping days and the same page")
    if share >= ALIKE:
        return Sentence("the same kind, overlapping days, titles {share:.0%} alike", share=share)
    same_days = (first.begins, first.ends) == (second.begins, second.ends)
    member = bool({_even(one) for one in first.members} & {_even(one) for one in second.members})
    place = bool(first.place) and _even(first.place) == _even(second.place)
    if place and member:
        return Sentence("the same kind, overlapping days, the same place and a common member")
    if place and same_days:
        return Sentence("the same kind, days and place")
    if first.language == second.language:
        return ""  # two titles of one language that differ are two events, unless something else says not
    if member and same_days:
        return Sentence("the same kind and days, a common member, and titles in two languages")
    elsewhere = bool(first.place and second.place) and _one_script(first.place, second.place)
    if first.country and first.country == second.country and same_days and not elsewhere:
        return Sentence("the same kind, days and country, and titles in two languages")
    return ""


def _even(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _one_script(one: str, other: str) -> bool:
    """Whether two names are in letters of one kind, so that they would be alike if they were of one place."""
    return one.isascii() == other.isascii()


def _neighbours(group: Sequence[Action]) -> Iterable[tuple[Action, Action]]:
    """Pairs that overlap in time, from a list in the order of beginning."""
    open_: list[Action] = []
    for action in group:
        open_ = [one for one in open_ if one.ends >= action.begins]
        yield from ((one, action) for one in open_)
        open_.append(action)


def merged(first: Action, second: Action) -> Action:
    """One event of both members, as a person decided. What the first says stays; the second fills what is empty."""
    return replace(
        first,
        members=tuple(dict.fromkeys((*first.members, *second.members))),
        begins=min(first.begins, second.begins),
        ends=max(first.ends, second.ends),
        country=first.country or second.country,
        place=first.place or second.place,
        demands=tuple(dict.fromkeys((*first.demands, *second.demands))),
        text=first.text or second.text,
        address=first.address or second.address,
        entered_by=first.entered_by or second.entered_by,
    )


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11. Whatever a reader may take for the end of a line is one, so that no text begins another
    property, and with it another member's event."""
    marked = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", r"\\n", marked)


def _described(one: Action) -> str:
    """Whose it is, and the text. A calendar is read apart from every page: where no account of the member put it down,
    that stands here too, before the words."""
    mark = Sentence("entered by {by}, and signed by nobody", by=one.entered_by) if one.entered_by else ""
    return "\n".join(filter(None, ("; ".join(one.members), str(mark), one.text)))


def _folded(line: str) -> str:
    """Lines of at most 75 octets, no letter cut in two (RFC 5545, 3.1)."""
    parts: list[bytes] = []
    part = b""
    for letter in line:
        encoded = letter.encode()
        if len(part) + len(encoded) > (75 if not parts else 74):
            parts.append(part)
            part = b""
        part += encoded
    return "\r\n ".join(one.decode() for one in (*parts, part))


def calendar(actions: Iterable[Action], name: str, stamp: date, domain: str = "corroborate.invalid") -> str:
    """Actions as iCalendar (RFC 5545), whole days. ``stamp``: the day as of which it was made, so that the same input
    gives the same bytes."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Corroborate//Actions//EN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_escaped(name)}"]  # fmt: skip
    for one in sorted(actions, key=lambda each: (each.begins, each.id)):
        lines += ["BEGIN:VEVENT", f"UID:{one.id}@{domain}", f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
                  f"DTSTART;VALUE=DATE:{one.begins:%Y%m%d}",
                  f"DTEND;VALUE=DATE:{one.ends + timedelta(days=1):%Y%m%d}",
                  f"SUMMARY;LANGUAGE={one.language}:{_escaped(one.title)}",
                  f"DESCRIPTION:{_escaped(_described(one))}",
                  f"CATEGORIES:{_escaped(KINDS[one.kind])}"]  # fmt: skip
        place = ", ".join(part for part in (one.place, one.country) if part)
        if place:
            lines.append(f"LOCATION:{_escaped(place)}")
        if one.address:
            lines.append(f"URL:{one.address}")
        lines.append("END:VEVENT")
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


__all__ = ["KINDS", "Action", "Proposal", "alike", "calendar", "merged", "proposals"]
