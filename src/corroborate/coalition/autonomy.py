"""With us, silent, apart: each member's own choice about each campaign, statement, finding and publication.

Nothing is chosen for anybody. A choice is a note by the member's own key; what nobody chose is "silent". Leaving ends
what comes after and changes nothing of what was chosen before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from corroborate.coalition.declarations import Declaration, Keys, Kind, check_asked, declare, kind_of, read_declaration
from corroborate.coalition.lifecycle import Statement, Translation
from corroborate.coalition.statements import Round, Version
from corroborate.custody import Signer
from corroborate.errors import NotAllowed
from corroborate.translation import Sentence

Stance = Literal["with us", "silent", "apart"]
STANCES: tuple[Stance, ...] = ("with us", "silent", "apart")  # of two words of one second the later here counts
KINDS: Final[tuple[Kind, ...]] = ("stance", "stance on a text")  # of notes; the second is about a statement
SUBJECTS = ("campaign", "statement", "finding", "publication")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a stance is about, and since when it is there."""

    kind: Literal["campaign", "statement", "finding", "publication"]
    id: str
    since: date


@dataclass(frozen=True, slots=True)
class Choices:
    """All stances, in any order of arrival."""

    said: Mapping[tuple[str, str, str], tuple[Declaration, ...]] = field(default_factory=dict)

    def receive(self, said: Declaration, left: date | None = None, subject: Subject | None = None) -> "Choices":
        """Take a stance in; twice changes nothing. A member who left chooses nothing about what came after it."""
        if said.kind not in KINDS:
            raise NotAllowed("this is no stance")
        if left is not None and subject is not None and subject.since >= left and said.choice == "with us":
            raise NotAllowed(
                "{member} left on {left}, before this began, and cannot be with it", member=said.member, left=left
            )
        key = (said.member, said.fields["on"], said.fields["subject"])
        before = self.said.get(key, ())
        if any(one.note == said.note for one in before):
            return self
        return Choices({**self.said, key: (*before, said)})

    def stance(self, member: str, subject: Subject, left: date | None = None) -> Stance:
        """What stands. Silence is the answer of whoever gave none, and of whoever had left before it began."""
        if left is not None and subject.since >= left:
            return "silent"
        last = _last(self.said.get((member, subject.kind, subject.id), ()))
        return "silent" if last is None else _stance(last)


def _last(said: tuple[Declaration, ...]) -> Declaration | None:
    """The word that counts: the latest under the key of whoever spoke last. What was said under a key before it, that
    was lost or stolen, is older, whatever it is dated. Nobody is with a text that its note does not name."""
    mine = (one for one in said if one.key == said[-1].key and not (_unnamed(one) and one.choice == "with us"))
    return max(mine, key=lambda one: (one.at, STANCES.index(_stance(one)), one.note), default=None)


def _unnamed(said: Declaration) -> bool:
    """Whether a note is about a statement and names no text, as those of an earlier version: what another coalition
    calls alike is another text, and so is one that was changed between the question and the answer."""
    return said.kind == "stance" and said.fields["on"] == "statement"


def _stance(said: Declaration) -> Stance:
    return next(one for one in STANCES if one == said.choice)


def choose(signer: Signer, subject: Subject, stance: Stance, at: datetime) -> bytes:
    """A member's stance on what is no statement, as a note."""
    return declare(signer, "stance", {"on": subject.kind, "subject": subject.id, "choice": stance}, at)


def choose_on(signer: Signer, version: Version, stance: Stance, at: datetime) -> bytes:
    """A member's stance on one exact text of a statement, as a note."""
    fields = {"on": "statement", "subject": version.statement, "sha256": version.digest.hex, "choice": stance}
    return declare(signer, "stance on a text", fields, at)


def read_stance(note: bytes, keys: Keys) -> Declaration:
    """Read and check a stance. Raises NotVerified, InvalidValue."""
    return read_declaration(note, "stance" if kind_of(note) == "stance" else "stance on a text", keys)


def check_text(said: Declaration, of: Round) -> None:
    """Raises NotAllowed for a stance on other words than any that stood here, and for one of before they did."""
    digest = said.fields.get("sha256", "")
    if digest and all(one.digest.hex != digest for one in of.versions):
        raise NotAllowed(
            "{member} speaks of another text ({hex}…) than any that stood here", member=said.member, hex=digest[:12]
        )
    check_asked(said.at, of.put.get(digest))


CHOSEN: Mapping[str, Sentence] = {
    "with us": Sentence("with us"),
    "silent": Sentence("silent"),
    "apart": Sentence("apart"),
    "abstains": Sentence("abstains"),
    "withdraws": Sentence("withdraws"),
}
APPROVED: Mapping[str, Sentence] = {
    "approves": Sentence("approves the translation into {language}"),
    "withdraws": Sentence("withdraws the translation into {language}"),
}


def _of_translation(approval: Declaration, translation: Translation) -> str:
    shape = APPROVED.get(approval.choice)
    return shape.filled(language=translation.language) if shape else f"{approval.choice} {translation.language}"


OF_EARLIER = Sentence("{choice}: said of version {version}, which was changed since")
OF_NO_TEXT = Sentence("{choice}: said without naming a text")
OF_UNKNOWN = Sentence("{choice}: of something that is not known here")


def _of_what(said: Declaration, of: Round | None) -> tuple[str, bool]:
    """What a stance says, and whether it is of what stands now. Of campaigns, findings and publications nothing is kept
    under a short name: it says so."""
    choice = CHOSEN[_stance(said)]
    if of is None:
        return OF_UNKNOWN.filled(choice=choice), False
    if _unnamed(said):
        return OF_NO_TEXT.filled(choice=choice), False
    named = [one for one in of.versions if one.digest.hex == said.fields["sha256"]]
    if not named:
        return OF_UNKNOWN.filled(choice=choice), False
    again = of.current.again
    if named[-1] is not of.current or (again is not None and said.at < again):
        return OF_EARLIER.filled(choice=choice, version=named[0].number), False
    return choice, True


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a member's name appears, or appeared, and on what it rests."""

    kind: Literal["statement", "quote", "translation", "stance", "position", "register"]
    id: str
    title: str
    what: str  # what stands there, in a word or two
    since: str  # ISO 8601
    proof: str = ""  # the note, or how else it is known
    stands: bool = True


def places(member: str, statements: Iterable[tuple[str, Statement]], choices: Choices) -> tuple[Place, ...]:
    """Everything that stands, or stood, under a member's name: it need not trust that nothing else does."""
    found: list[Place] = []
    statements = tuple(statements)
    for title, state in statements:
        name = state.round.current.statement
        for one in state.round.received:
            if one.member != member:
                continue
            last = one.stands and state.round.word_of(member) is one
            version = next((v.number for v in state.round.versions if v.digest == one.digest), 0)
            current = state.round.stands_under(one)
            values = {"choice": CHOSEN[one.choice], "version": version}
            standing = (
                Sentence("{choice}, version {version}, on paper", **values)
                if one.paper
                else Sentence("{choice}, version {version}", **values)
            )
            what: str = (
                standing
                if one.stands
                else Sentence("{choice}, version {version}, on paper, waits for confirmation", **values)
            )
            scan = Sentence("on paper, scan {scan}", scan=str(one.paper.scan)) if one.paper else ""
            proof = one.note.decode() or scan
            stands = last and current and one.choice == "with us"
            found.append(Place("statement", name, title, what, one.at.isoformat(), proof, stands))
        for quote in state.quotes:
            if quote.member == member:
                said, stands = quote.said, quote.approved
                what = f"{quote.spokesperson}: “{quote.words}”"
                found.append(Place("quote", name, title, what, said.at.isoformat() if said else "",
                                   said.note.decode() if said else "", stands))  # fmt: skip
        for translation in state.translations:
            if member in translation.approved:
                approval = translation.approved[member]
                what = _of_translation(approval, translation)
                found.append(Place("translation", name, title, what, approval.at.isoformat(), approval.note.decode(),
                                   translation.official_for(member)))  # fmt: skip
    rounds = {state.round.current.statement: state.round for _, state in statements}
    for (who, kind, subject), said_ in choices.said.items():
        if who == member:
            last_ = _last(said_)
            of = rounds.get(subject) if kind == "statement" else None
            for each in said_:
                what, now = _of_what(each, of)
                stands = now and each is last_ and each.choice == "with us"
                found.append(Place("stance", subject, kind, what, each.at.isoformat(), each.note.decode(), stands))
    return tuple(sorted(found, key=lambda one: (one.since, one.kind, one.id)))
