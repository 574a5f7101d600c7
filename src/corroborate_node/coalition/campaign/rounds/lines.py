"""Each member's line of a round: asked when and how, opened, what it said, to which translations, what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from corroborate.coalition import lifecycle, memberships, statements
from corroborate.coalition.round_letters import current_translations, spoken_to
from corroborate_node.coalition.campaign import models
from corroborate_node.core.queries import visible

Way = Literal["key", "paper", "no_way"]
Shown = Literal["all", "missing", "signed", "words", "abstains", "withdrawn", "lapsed", "paper", "unopened", "left"]
SHOWN: tuple[Shown, ...] = (
    "all",
    "missing",
    "signed",
    "words",
    "abstains",
    "withdrawn",
    "lapsed",
    "paper",
    "unopened",
    "left",
)
HANDED = ("Reminded", "Downloaded")  # of the history: letters that went, and requests that were taken to be sent


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter that went, or that somebody took to carry it: when, how, and what became of it."""

    at: datetime
    how: str  # an outcome of a letter, or "file"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One member of a round."""

    member: str
    details: memberships.Details
    way: Way
    response: statements.Response
    words: str
    version: int  # to which it spoke; 0 for none
    asked: Asked | None
    opened: tuple[datetime, int] | None  # when, and which version
    approved: tuple[tuple[str, bool], ...]  # language of each translation of today, and whether it is approved
    left: date | None
    scan: str = ""

    @property
    def missing(self) -> str:
        """What is still awaited, as the key of a word; empty where nothing is."""
        if self.left is not None and self.response.state in ("silent", "lapsed"):
            return ""
        if self.response.waits:
            return "missing_confirm"
        if self.response.state in ("silent", "lapsed"):
            return {"key": "missing_answer", "paper": "missing_paper", "no_way": "missing_key"}[self.way]
        return ""

    def within(self, shown: str) -> bool:
        """Whether it belongs to what the reader wants to see."""
        match shown:
            case "missing":
                return bool(self.missing)
            case "words":
                return bool(self.words)
            case "paper":
                return self.way == "paper" or self.response.on_paper
            case "unopened":
                return self.opened is None and self.response.state in ("silent", "lapsed")
            case "left":
                return self.left is not None
            case "signed" | "abstains" | "withdrawn" | "lapsed":
                return self.response.state == shown
        return True


def lines(user: Any, state: lifecycle.Statement, register: memberships.Register, on: date) -> tuple[Line, ...]:
    """Every member asked, in the order of the register."""
    name = state.round.current.statement
    asked, opened = _asked(user, name), _opened(user, name)
    said = state.round.words()
    scans = {one.member: one.paper.scan.hex for one in state.round.received if one.paper is not None}
    tongues = current_translations(state)
    return tuple(
        Line(
            one.member,
            register[one.member].details,
            _way(register[one.member], on),
            one,
            said[one.member].words if one.member in said else "",
            _version(state, one),
            asked.get(one.member),
            opened.get(one.member),
            tuple((each.language, each.official_for(one.member)) for each in tongues),
            register[one.member].left,
            scans.get(one.member, ""),
        )
        for one in state.round.responses()
    )


def _version(state: lifecycle.Statement, one: statements.Response) -> int:
    if one.digest is None:
        return 0
    before = spoken_to(state, one.member)
    return before.number if before is not None else state.round.current.number


def _way(one: memberships.Membership, on: date) -> Way:
    """How a member can answer on a day: by its key, on paper, or, for a time after a key was ended, not at all."""
    if one.key(on) is not None:
        return "key"
    return "paper" if one.paper_counts(on) else "no_way"


def _asked(user: Any, name: str) -> Mapping[str, Asked]:
    """The last that became of a letter to each member."""
    found: dict[str, Asked] = {}
    rows = visible(user, models.Happened).filter(stream=f"statement/{name}", what__in=HANDED).order_by("id")
    for row in rows:
        for one in row.body:
            found[str(one["member"])] = Asked(row.at, str(one.get("outcome", "file")), str(one.get("why", "")))
    return found


def _opened(user: Any, name: str) -> Mapping[str, tuple[datetime, int]]:
    rows = visible(user, models.Happened).filter(stream=opened_stream(name)).order_by("id")
    return {str(row.body["member"]): (row.at, int(row.body["version"])) for row in rows}


def opened_stream(name: str) -> str:
    """Where the history keeps who opened a text: apart, so that a look is no event of the statement."""
    return f"opened/{name}"


def counted(found: Iterable[Line]) -> dict[str, int]:
    """How many lines each filter shows, none where there is none."""
    listed = tuple(found)
    return {shown: many for shown in SHOWN if (many := sum(one.within(shown) for one in listed))}


def approvals(found: Sequence[Line]) -> tuple[tuple[str, int], ...]:
    """How many members approved each translation."""
    tongues = [tongue for tongue, _ in found[0].approved] if found else []
    return tuple((tongue, sum(dict(one.approved)[tongue] for one in found)) for tongue in tongues)


__all__ = ["HANDED", "SHOWN", "Asked", "Line", "approvals", "counted", "lines", "opened_stream"]
