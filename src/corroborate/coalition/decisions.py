"""How a coalition decided: what was proposed, who was asked, who said what and why, by which rule, with which result.

The result is computed from the record by a pure function, and the minutes print both.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from corroborate.coalition.declarations import Declaration, Kind, before_asked, check_asked, declare
from corroborate.coalition.imitation import check_quoted
from corroborate.coalition.statements import checked_name
from corroborate.custody import Signer
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import Digest

Position = Literal["support", "abstain", "object"]
POSITIONS: tuple[Position, ...] = ("support", "abstain", "object")
Outcome = Literal["open", "adopted", "not adopted", "no quorum", "waits"]
KINDS: tuple[Kind, ...] = ("position", "position as asked")  # of notes; the first is an earlier version's
AS_ASKED = datetime(2026, 11, 30, 16, tzinfo=UTC)  # since when notes name the rule and the closing time
LONGEST_PROPOSAL = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Rule:
    """``consensus``: adopted unless more than ``objections`` of those asked object. ``majority``: more support than
    objections among those who spoke. ``steering``: the same, and only the steering group is asked. ``quorum``: the
    least number who must have spoken, abstentions included."""

    kind: Literal["consensus", "majority", "steering"]
    objections: int = 0
    quorum: int = 1

    def __post_init__(self) -> None:
        if self.objections < 0 or self.quorum < 1:
            raise InvalidValue("a rule has no negative numbers, and a quorum of one at least")
        if self.objections and self.kind != "consensus":
            raise InvalidValue("only a consensus says how many objections it bears")

    def __str__(self) -> str:
        if self.kind == "consensus":
            bears = f"minus {self.objections}" if self.objections else "without objection"
            return f"consensus {bears}, quorum {self.quorum}"
        return f"{'majority' if self.kind == 'majority' else 'majority of the steering group'}, quorum {self.quorum}"


@dataclass(frozen=True, slots=True)
class Said:
    """A position. By the member's key, or heard in a meeting from a member without one, and then who wrote it down."""

    member: str
    position: Position
    reason: str
    at: datetime
    note: bytes = b""
    recorded_by: str = ""
    key: str = ""  # that signed it; empty where it was heard
    confirmed_by: str = ""  # of one that was heard: who heard the same, as a second person
    sha256: str = ""  # of the words that it answers; empty where an earlier version kept none
    rule: str = ""  # of the decision as it was asked; empty in a note of an earlier version
    until: str = ""  # when the question was to close, likewise

    def __post_init__(self) -> None:
        if self.position == "object" and not self.reason.strip():
            raise InvalidValue("an objection has its reason, so that the others can answer it")
        if not self.note and not self.recorded_by.strip():
            raise InvalidValue("a position is signed, or somebody says that it was heard")

    @property
    def sure(self) -> bool:
        """Whether more than one person's word stands behind it."""
        return bool(self.note or self.confirmed_by)

    def seconds(self, before: "Said") -> bool:
        """Whether this is a second person's word that the same was heard."""
        heard = not (before.sure or self.note)
        return heard and self.position == before.position and self.recorded_by != before.recorded_by

    @property
    def whole(self) -> bool:
        """Whether it names the rule and the closing time that it answers."""
        return bool(self.rule)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal with the positions taken so far."""

    id: str
    title: str
    text: str
    asked: tuple[str, ...]
    rule: Rule
    opened: datetime
    closes: datetime
    said: Mapping[str, Said] = field(default_factory=dict)
    by_key: frozenset[str] = frozenset()  # those asked who have a key, and so speak by it alone

    def __post_init__(self) -> None:
        checked_name(self.title)
        if not self.text.strip() or len(self.text) > LONGEST_PROPOSAL:
            raise InvalidValue(
                "a proposal has between 1 and {longest_proposal:,} characters", longest_proposal=LONGEST_PROPOSAL
            )
        if not self.asked or len(set(self.asked)) != len(self.asked):
            raise InvalidValue("a proposal asks somebody, and everybody once")
        if self.closes <= self.opened:
            raise InvalidValue("a proposal closes after it opens")

    @property
    def digest(self) -> Digest:
        """Over title and text: a position is to these words."""
        return Digest.of(f"{self.title}\n\n{self.text}".encode())

    @property
    def until(self) -> str:
        """When it closes, as a position names it."""
        return f"{self.closes.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def asks(self, said: Said) -> bool:
        """Whether a position was taken on this question: to these words, under this rule, until this time. Who objects
        where one objection is borne did not say what it would where none is. Nor was a note on it that is older, or
        that names neither rule nor time where every vault names them."""
        if said.note and (before_asked(said.at, self.opened) or (not said.whole and self.opened >= AS_ASKED)):
            return False
        here = ((said.sha256, self.digest.hex), (said.rule, str(self.rule)), (said.until, self.until))
        return all(theirs in ("", ours) for theirs, ours in here)

    @property
    def counted(self) -> Mapping[str, Said]:
        """What each member said of the question as it is asked now."""
        return {label: one for label, one in self.said.items() if self.asks(one)}

    def seconded(self, said: Said) -> Said | None:
        """What somebody heard, where this is a second person's word that they heard it too."""
        heard = self.counted.get(said.member)
        return heard if heard is not None and said.seconds(heard) else None


def take_position(signer: Signer, proposal: Proposal, position: Position, reason: str, at: datetime) -> bytes:
    """A member's position, as a note."""
    fields = {
        "proposal": proposal.id,
        "sha256": proposal.digest.hex,
        "rule": str(proposal.rule),
        "until": proposal.until,
        "choice": position,
        "reason": reason.strip(),
    }
    return declare(signer, "position as asked", fields, at)


def said_in(said: Declaration) -> Said:
    """The position that a checked declaration takes."""
    position = next(one for one in POSITIONS if one == said.choice)
    fields = said.fields
    asked = {"sha256": fields["sha256"], "rule": fields.get("rule", ""), "until": fields.get("until", "")}
    return Said(said.member, position, fields["reason"], said.at, said.note, key=str(said.key), **asked)


def hear(proposal: Proposal, said: Said, at: datetime, *, about: Mapping[str, str] | None = None) -> Proposal:
    """Take a position in that arrived at a time. The last word of a member counts, in whatever order words arrive.

    ``about``: the fields of the signed note. Raises NotAllowed: not asked, too late, another question, or spoken for.
    """
    check_quoted(said.member, said.reason)
    if said.member not in proposal.asked:
        raise NotAllowed("{member} is not asked about this", member=said.member)
    heard = proposal.seconded(said)
    if heard is not None:  # also after it closed: the first wrote it down in time
        _check_heard_alike(heard, said)
        sure = replace(heard, confirmed_by=said.recorded_by)
        return replace(proposal, said={**proposal.said, said.member: sure})
    if at > proposal.closes:
        raise NotAllowed("the question closed at {closes:%Y-%m-%d %H:%M} UTC", closes=proposal.closes)
    if said.note and about is not None and (about["proposal"], about["sha256"]) != (proposal.id, proposal.digest.hex):
        raise NotAllowed("{member} speaks about other words than these", member=said.member)
    if said.note:
        check_asked(said.at, proposal.opened)
        if not said.whole and proposal.opened >= AS_ASKED:
            raise NotAllowed(
                "this note of {member} is an earlier version's, which names neither the rule nor the closing time: it "
                "counts for questions of before {since}. Ask its vault anew",
                member=said.member,
                since=AS_ASKED.date(),
            )
    if not proposal.asks(said):
        raise NotAllowed(
            "{member} speaks of these words under another rule, or until another time: {rule}, until {until}",
            member=said.member,
            rule=said.rule,
            until=said.until,
        )
    if not said.note:
        said = replace(said, sha256=proposal.digest.hex, rule=str(proposal.rule), until=proposal.until)
    if not said.note and said.member in proposal.by_key:
        raise NotAllowed("{member} has a key on record, so its key alone can speak for it", member=said.member)
    before = proposal.said.get(said.member)
    if before is not None and before.note and not said.note:
        raise NotAllowed("{member} has signed what it says; only a signed word takes its place", member=said.member)
    before = proposal.counted.get(said.member)  # what was said of another question is no later word on this one
    # a key is replaced once for all: what was said under the one before is older, whatever it is dated
    same = before is not None and (before.key == said.key or not (before.key and said.key))
    if before is not None and same and _order(said) <= _order(before):
        return proposal
    return replace(proposal, said={**proposal.said, said.member: said})


def _check_heard_alike(first: Said, second: Said) -> None:
    """Raises NotAllowed where two people heard one position for two reasons: what is read as both people's word is what
    both wrote down."""
    if first.reason.split() != second.reason.split():
        raise NotAllowed(
            "{first} wrote down this reason: “{reason}”. What two people heard is what both wrote: write the same "
            "where you heard it so, or let {first} write it anew",
            first=first.recorded_by,
            reason=" ".join(first.reason.split()),
        )


def _order(said: Said) -> tuple[datetime, int, str, bytes]:
    return said.at, POSITIONS.index(said.position), said.reason, said.note


@dataclass(frozen=True, slots=True)
class Result:
    """What follows from the record by the rule, and why in one sentence."""

    outcome: Outcome
    support: int
    abstain: int
    object: int
    silent: int
    why: str


def result(proposal: Proposal, at: datetime) -> Result:
    """The result at a time. Silence is neither support nor objection."""
    counts = {position: sum(one.position == position for one in proposal.counted.values()) for position in POSITIONS}
    spoke = len(proposal.counted)
    support, objections = counts["support"], counts["object"]
    silent = len(proposal.asked) - spoke

    def found(outcome: Outcome, why: str) -> Result:
        return Result(outcome, support, counts["abstain"], objections, silent, why)

    if at <= proposal.closes:
        return found("open", f"open until {proposal.closes:%Y-%m-%d %H:%M} UTC")
    outcome, why = _outcome(proposal.rule, support, objections, spoke)
    if _decided_by_one(proposal, outcome):
        return found("waits", "positions that one person heard decide this: a second person says what they heard too")
    return found(outcome, why)


def _outcome(rule: Rule, support: int, objections: int, spoke: int) -> tuple[Outcome, str]:
    if spoke < rule.quorum:
        return "no quorum", f"{spoke} spoke, and the quorum is {rule.quorum}"
    if rule.kind == "consensus":
        adopted = objections <= rule.objections and support > 0
        why = f"{objections} objected; this consensus bears {rule.objections}"
    else:
        adopted = support > objections
        why = f"{support} for, {objections} against"
    return "adopted" if adopted else "not adopted", why


def _decided_by_one(proposal: Proposal, outcome: Outcome) -> bool:
    """Whether another result could follow if some of the positions that one person alone heard were left out."""
    sure = [one.position for one in proposal.counted.values() if one.sure]
    heard = [one.position for one in proposal.counted.values() if not one.sure]
    for kept in ((), ("support",), ("object",), ("support", "abstain"), ("object", "abstain"), ("support", "object")):
        some = sure + [one for one in heard if one in kept]
        if _outcome(proposal.rule, some.count("support"), some.count("object"), len(some))[0] != outcome:
            return True
    return False


def minutes_text(proposal: Proposal, names: Mapping[str, str], at: datetime) -> str:
    """The minutes as plain text. ``names``: label -> name. Lines of the proposal's own text are marked, so that none is
    read as a line of the minutes."""
    end = result(proposal, at)
    lines = [
        proposal.title, "=" * len(proposal.title), "", *_marked(proposal.text), "",
        f"Rule: {proposal.rule}", f"Asked: {', '.join(names[one] for one in proposal.asked)}",
        f"Opened {_time(proposal.opened)}, closes {_time(proposal.closes)}",
        f"SHA-256 of the words: {proposal.digest}", "",
    ]  # fmt: skip
    for member in proposal.asked:
        said = proposal.said.get(member)
        if said is None:
            lines.append(f"- {names[member]}: silent")
            continue
        how = _how(proposal, said)
        reason = f": {' '.join(said.reason.split())}" if said.reason.strip() else ""
        lines.append(f"- {names[member]}: {said.position}{reason} ({_time(said.at)}, {how})")
    lines += [
        "",
        f"Result: {end.outcome}. {end.why}.",
        f"Support {end.support}, abstain {end.abstain}, object {end.object}, silent {end.silent}.",
    ]
    return "\n".join(lines) + "\n"


def _how(proposal: Proposal, said: Said) -> str:
    """How a position is known, as the minutes print it, and whether it was taken on this question."""
    if not proposal.asks(said):
        of = f"{said.rule}, until {said.until}" if said.rule else "other words"
        return f"{_known(said)}, said of another proposal ({of}): it does not count until it is said again"
    if said.note and not said.whole:
        return f"{_known(said)}, in an earlier version's note, which names neither the rule nor the closing time"
    return _known(said)


def _known(said: Said) -> str:
    if said.note:
        return "signed"
    second = f" and {said.confirmed_by}" if said.confirmed_by else ", by nobody else"
    return f"heard, recorded by {said.recorded_by}{second}"


def _marked(text: str) -> list[str]:
    """Each line of a text as mail marks what another wrote, whatever ends a line of it."""
    return [f"> {line}".rstrip() for line in text.strip().splitlines()]


def minutes_html(proposal: Proposal, names: Mapping[str, str], at: datetime) -> str:
    """The minutes as one page that needs nothing else."""
    end, safe = result(proposal, at), html.escape
    rows = []
    for member in proposal.asked:
        said = proposal.said.get(member)
        cells = (
            names[member],
            said.position if said else "silent",
            said.reason if said else "",
            _time(said.at) if said else "",
            _how(proposal, said) if said else "",
        )
        rows.append("<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in cells) + "</tr>")
    heads = "".join(f'<th scope="col">{one}</th>' for one in ("Member", "Position", "Reason", "When", "How known"))
    paragraphs = "".join(f"<p>{safe(one)}</p>" for one in proposal.text.strip().split("\n\n"))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{safe(proposal.title)}</title></head><body><main><h1>{safe(proposal.title)}</h1>"
        f"<blockquote>{paragraphs}</blockquote>"
        f"<p>Rule: {safe(str(proposal.rule))}. Opened {_time(proposal.opened)}, closes {_time(proposal.closes)}.</p>"
        f"<p>SHA-256 of the words: <code>{proposal.digest}</code></p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f"<p><strong>Result: {end.outcome}.</strong> {safe(end.why)}. Support {end.support}, abstain {end.abstain}, "
        f"object {end.object}, silent {end.silent}.</p></main></body></html>\n"
    )


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
