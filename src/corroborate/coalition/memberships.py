"""The register: who is a member, since when, in which role, and who may sign for it. A state machine without I/O.

Nothing is overwritten: what changed stays with its dates, and leaving takes a member out of what comes after, never out
of what it signed before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from corroborate.coalition.declarations import Declaration, declare
from corroborate.coalition.final import Signatory as Shown
from corroborate.coalition.key_proofs import WAIT, Holder, How, Introduced, Proof, offered
from corroborate.coalition.likeness import (
    Names,
    as_said,
    doubts,
    everybody,
    holds_name,
    is_called,
    one_body,
    reads_like,
)
from corroborate.coalition.lists import Kind
from corroborate.coalition.statements import Round, checked_name
from corroborate.custody import Signer, Verifier
from corroborate.custody.enrolment import same_words
from corroborate.custody.roster import is_enrolment
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.values import Digest, PartialDate

Role = Literal["member", "supporter", "observer"]
ROLES: tuple[Role, ...] = ("member", "supporter", "observer")
Capacity = Literal["", "personal", "on behalf"]
MOST_NAMES = 30  # of one member, beside the one under which it signs


@dataclass(frozen=True, slots=True)
class Details:
    """What the register says of a member beside whether it still is one. Correctable; the history keeps what it was."""

    name: str
    kind: Kind
    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""
    abbreviation: str = ""
    languages: tuple[str, ...] = ()  # ISO 639
    field_of_work: str = ""
    site: str = ""
    contact: str = ""  # of the office, never published
    affiliation: str = ""  # of an individual: the organisation named beside it
    capacity: Capacity = ""  # of an individual with an affiliation
    also_called: tuple[str, ...] = ()  # in other languages and letters: others who say it say its name, and no key does

    def __post_init__(self) -> None:
        for name in (self.name, *self.also_called):
            checked_name(name)
        if len(self.also_called) > MOST_NAMES:
            raise InvalidValue("a member has {most} further names at most", most=MOST_NAMES)
        if self.site and not self.site.startswith(("https://", "http://")):
            raise InvalidValue("{site!r} is no address of a site (https://…)", site=self.site)
        if self.capacity and self.kind != "individual":
            raise InvalidValue("only an individual signs in a capacity")
        if self.capacity and not self.affiliation:
            raise InvalidValue("a capacity needs the organisation it is held in")

    @property
    def beside(self) -> str:
        """The organisation that is named beside it: of an individual. Earlier versions kept one of an organisation."""
        return self.affiliation if self.kind == "individual" else ""

    def check_affiliation(self) -> None:
        """Raises InvalidValue for an organisation of which it is said that it belongs to another."""
        if self.affiliation and self.kind != "individual":
            raise InvalidValue("an affiliation is an individual's: {name} is an organisation", name=self.name)


def named_as(known: Details, said: Details) -> Details:
    """What is said beside a name, under the name and the address that are known: those wait on ways of their own."""
    return replace(said, name=known.name, abbreviation=known.abbreviation, contact=known.contact)


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who may sign for an organisation, and what proves it."""

    name: str
    role: str
    since: date
    until: date | None = None
    proof: Literal["key", "letter"] = "letter"
    letter: Digest | None = None  # of the scanned letter of authority, sealed
    countersigned_by: str = ""  # who, beside the recorder, has seen the letter
    said: datetime | None = None  # by key: when, by the organisation's own clock
    person: str | None = None  # label of who stood beside the organisation by then; None: of an earlier version
    ended: datetime | None = None  # by key: when the organisation wrote that the authority ends


@dataclass(frozen=True, slots=True)
class Renaming:
    """A name that somebody says a member has now, until a second person says so too."""

    name: str
    by: str
    on: date
    abbreviation: str | None = None  # where it is another too: its key may be proved for it

    @property
    def read(self) -> str:
        """What a second person reads and stands by."""
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name


@dataclass(frozen=True, slots=True)
class Beside:
    """What somebody says stands beside a name now, until a second person or the member's own account says so too:
    another member, and anything at all of a member that spoke, may speak, or is asked."""

    affiliation: str
    capacity: Capacity
    by: str
    on: date
    details: Details | None = None  # whole, without name and address; None: of the rest nothing waits

    def beside(self, known: Details) -> Details:
        """What the register would say of a member, of which it says something by now."""
        if self.details is None:
            return replace(known, affiliation=self.affiliation, capacity=self.capacity)
        return named_as(known, self.details)


@dataclass(frozen=True, slots=True)
class Moving:
    """Another address at which somebody says that a member is reached, until a second person says so too."""

    contact: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Leaving:
    """What one person says that would silence a member in an open round, or undo what its own key said, until a second
    one says so too: that it left, that its key ends, that it is back."""

    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """A key that two other members say is not the member's any more. It says nothing from that day on; the new one is
    heard by a second person, or speaks after :data:`WAIT`, unless it is refused."""

    key: Verifier
    on: date
    refused_by: str = ""  # the first of two of the secretariat who say that the new key is not the member's


@dataclass(frozen=True, slots=True)
class Membership:
    """One member through time."""

    id: str
    details: Details
    role: Role
    joined: PartialDate
    founding: bool = False
    left: date | None = None
    steering: tuple[tuple[date, date | None], ...] = ()
    keys: tuple[tuple[Verifier, date, date | None], ...] = ()
    signatories: tuple[Signatory, ...] = ()
    flags: tuple[str, ...] = ()  # what a person must still look at
    formerly: tuple[tuple[date, Details], ...] = ()  # until when, what the register said
    proofs: tuple[Proof, ...] = ()  # of its keys; those recorded before proofs were kept have none
    introduced: Introduced | None = None  # a key that waits for a second person
    mistaken: str = ""  # who said that it was taken in by mistake; a second person undoes that
    renaming: Renaming | None = None  # a name that waits for a second person
    beside: Beside | None = None  # an affiliation that waits for a second person
    moving: Moving | None = None  # an address that waits for a second person
    own_contact: str = ""  # the address that its own account gave last
    leaving: Leaving | None = None  # a departure that waits for a second person
    ending: Leaving | None = None  # the end of its key, that waits for a second person
    returning: Leaving | None = None  # that it is back, where its own key said that it left
    left_by_key: bool = False  # whether its own key said that it left
    frozen: Frozen | None = None  # its key of before, while a revocation by two others waits
    refused: tuple[Verifier, ...] = ()  # new keys of revocations that were refused: the same note does not come again
    endings: Mapping[str, datetime] = field(default_factory=dict)  # name -> when its key last said that it may not sign
    namesake: str = ""  # who took in a name that reads like another member's: it is asked nothing until a second does

    def moved(self, on: date) -> tuple[date, str] | None:
        """When its address was changed by others within :data:`WAIT` before a day, and which it was before. Who changed
        it could have its key's words heard from somebody else."""
        after = self.details.contact
        for day, details in reversed(self.formerly):
            before = details.contact
            if before != after and timedelta() <= on - day < WAIT and after != self.own_contact:
                return day, before
            after = before
        return None

    def check_hears(self, on: date) -> None:
        """Raises NotAllowed for the days after its address was changed in which no key of it is heard."""
        if (moved := self.moved(on)) is not None:
            raise NotAllowed(
                "the address of {name} was changed on {day}, and not by its own account: no key of it is heard before "
                "{until}",
                name=self.details.name,
                day=moved[0],
                until=moved[0] + WAIT,
            )

    def key(self, on: date) -> Verifier | None:
        """The key with which it speaks on a day."""
        return next(
            (key for key, since, until in reversed(self.keys) if since <= on and (not until or on < until)), None
        )

    def coming(self, on: date) -> tuple[Verifier, date] | None:
        """A key that two people stand by and that does not speak yet, and from when it does."""
        return next(((key, since) for key, since, _ in self.keys if since > on), None)

    def put_forward_by(self, on: date) -> str:
        """Who put the key forward that waits for a second person; empty where none does."""
        heir = self.heir(on)
        return self.introduced.by if self.introduced else heir.by if heir else ""

    def heir(self, on: date) -> Proof | None:
        """The proof of a key that two other members put in the place of one that they revoked, while it waits."""
        coming = self.coming(on)
        proof = None if coming is None else self.proof(coming[0])
        return proof if proof is not None and proof.how == "members" and not is_enrolment(proof.note) else None

    def thawing(self, on: date) -> Frozen | None:
        """The key of before, which would speak again if its heir were refused: while that one waits, and not after."""
        return self.frozen if self.heir(on) is not None else None

    def waiting(self, on: date) -> Verifier | None:
        """The key that does not count yet: for want of a second person, or because its day has not come."""
        coming = self.coming(on)
        return self.introduced.key if self.introduced else coming[0] if coming else None

    def keyed(self, on: date) -> date:
        """Since when it has, by what was shown here, the key with which it speaks on a day; that day where it has
        none."""
        key = self.key(on)
        found = [since for known, since, until in self.keys if known == key and since <= on]
        proof = None if key is None else self.proof(key)
        return max([*found[-1:], *([proof.on] if proof else [])], default=on)

    def proof(self, key: Verifier) -> Proof | None:
        return next((one for one in self.proofs if one.key == key), None)

    def paper_counts(self, on: date) -> bool:
        """Whether a letter on paper may speak for it: not while it has a key, nor for a time after one was ended, so
        that nobody ends a key in order to write a letter in its place."""
        ended = self._ended
        return self.key(on) is None and (ended is None or on >= ended + WAIT)

    @property
    def _ended(self) -> date | None:
        return max((until for _, _, until in self.keys if until is not None), default=None)

    def check_paper(self, on: date) -> None:
        """Raises NotAllowed for the time after a key was ended in which no letter on paper counts."""
        ended = self._ended
        if self.key(on) is None and ended is not None and not self.paper_counts(on):
            raise NotAllowed(
                "the key of {name} was ended on {ended}; letters on paper count again from {ended2}",
                name=self.details.name,
                ended=ended,
                ended2=ended + WAIT,
            )

    def check_spoken_for(self, on: date) -> None:
        """Raises NotAllowed where nobody may write down what it said: while it has a key, and for the time after one
        was ended in which no letter counts either."""
        if self.key(on) is not None:
            raise NotAllowed(
                "{member} has a key on record, so its key alone can speak for it", member=self.details.name
            )
        self.check_paper(on)

    def is_member(self, on: date) -> bool:
        return not self.namesake and (self.left is None or on < self.left)

    def on_steering(self, on: date) -> bool:
        return any(since <= on and (until is None or on < until) for since, until in self.steering)

    def may_sign(self, person: str, on: date) -> bool:
        return any(
            one.name == person and one.since <= on and (one.until is None or on < one.until) for one in self.signatories
        )

    def gave_authority(self, label: str, name: str, on: date | None) -> bool:
        """Whether it named this member of the register, on a day (without one: with no end known). Who came to stand
        beside it later under the name of somebody whom it had named is somebody else until it says so."""
        return any(
            one.name == name and one.person in (None, label)
            and (one.since <= on and (one.until is None or on < one.until) if on else one.until is None)
            for one in self.signatories
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Register:
    """All members, in the order in which they were taken in."""

    members: Mapping[str, Membership] = field(default_factory=dict)
    name: str = ""  # of the coalition itself, as its hub is called

    def __getitem__(self, id_: str) -> Membership:
        try:
            return self.members[id_]
        except KeyError as error:
            raise InvalidValue("there is no member {id} in the register", id=id_) from error

    def asked(self, on: date) -> tuple[Mapping[str, Verifier], tuple[str, ...]]:
        """Who is asked to sign on a day: members by key, and those without one. Observers are not asked."""
        present = [one for one in self.members.values() if one.is_member(on) and one.role != "observer"]
        keys = {one.id: key for one in present if (key := one.key(on)) is not None}
        return keys, tuple(one.id for one in present if one.id not in keys)

    def seat(self, round_: Round, on: date, *, over: bool = False) -> Round:
        """A round with the keys and departures of a day. Whoever spoke stays in it; once it is over, nobody is added
        to those who were asked."""
        keys, without = self.asked(on)
        spoke = {one.member for one in round_.received}
        asked = set(round_.members) | set(round_.without_key) if over else {*keys, *without}
        asked |= spoke
        seated = [one for one in self.members.values() if one.id in asked]
        parted = [one for one in self.members.values() if one.left is not None]
        left = {one.id: datetime.combine(one.left, time(), UTC) for one in parted if one.left is not None}
        # a key that was ended (lost, stolen) speaks for nobody, also not for a member who spoke with it before
        by_key = {one.id: key for one in seated if (key := one.key(on)) is not None}
        gone = {one.id: key for one in parted if one.id not in asked and (key := one.key(on)) is not None}
        without_key = tuple(one.id for one in seated if one.id not in by_key)
        return replace(round_, members=by_key, without_key=without_key, left=left, gone=gone)

    def called(self, names: Iterable[str]) -> tuple[str, ...]:
        """Whom names can mean, in whatever spelling: capitals, hyphens, look-alikes of another script, a place behind
        it; by former names too. Who left keeps its names: it stands under what it signed, and may return. Errs towards
        meaning somebody: it is asked who is to be told. An empty name means nobody."""
        given = [each for one in names if (stripped := one.strip()) for each in as_said(stripped)]
        found = []
        for one in self.members.values():
            known, whole = names_of(one), whole_names(one)
            if any(is_called(each, known) or any(one_body(each, name) for name in whole) for each in given):
                found.append(one.id)
        return tuple(found)

    def named_in(self, texts: Iterable[str], but: Iterable[str]) -> tuple[str, ...]:
        """Whom a reader would find named in texts, but for those whose texts they are (``but``: names). A text that
        speaks of the coalition, or of all members, names every member that has not left."""
        own = sorted(but, key=len, reverse=True)
        read = list(texts)
        bare = read
        for name in own:
            bare = [one.replace(name, " ") for one in bare]
        theirs = {label for name in own for label in self._called_so(name) or self.called([name])}
        known = {one.id: names_of(one) for one in self.members.values() if one.id not in theirs}
        # another's name may hold the own one (a section's, that of the whole): that one is looked for in all the words
        longer = {label for label, names in known.items() if any(holds_name(each, own) for each in names)}
        anybody = Names.of(name for names in known.values() for name in names)
        found = [(one, rest) for one, rest in zip(read, bare, strict=True) if anybody.within(one)]
        all_of_them = any(self.names_all(one) for one in bare)
        return tuple(
            label
            for label, names in known.items()
            if (all_of_them and self.members[label].left is None)
            or any(holds_name(one if label in longer else rest, names) for one, rest in found)
        )

    def reads_as_member(self, name: str) -> bool:
        """Whether a reader finds a member, or all of them, in a name, in whatever spelling or among other words."""
        return bool(self.called([name]) or self.named_in([name], ()))

    def names_all(self, text: str) -> bool:
        """Whether a text speaks of the coalition or of all its members, beside the names of members that it holds."""
        if not everybody(text, self.name):
            return False
        for name in sorted((name for one in self.members.values() for name in names_of(one)), key=len, reverse=True):
            text = text.replace(name, " ")
        return everybody(text, self.name)

    def names(self) -> Names:
        """The names of all members, those of before and of who left too, to be found in what others write."""
        everyone = self.members.values()
        return Names.of(
            (name for one in everyone for name in names_of(one)),
            (name for one in everyone for name in whole_names(one)),
        )

    def _called_so(self, name: str) -> tuple[str, ...]:
        """Who has exactly this name, however it is spelled."""
        return tuple(one.id for one in self.members.values() if is_called(name, names_of(one)))

    def shown(self, id_: str, country: str = "", on: date | None = None) -> Shown:
        """How a member stands under a text on a day. An individual speaks for an organisation only when it has
        confirmed so."""
        one = self[id_].details
        personal = bool(one.beside) and not self.speaks_for(id_, on)
        return Shown(one.name, one.kind, country or one.country, one.beside, personal, str(self[id_].joined))

    def speaks_for(self, id_: str, on: date | None = None) -> bool:
        """Whether an individual has, on a day (without one: with no end known), the authority of the organisation
        beside its name: the organisation is a member then, and has it among its signatories."""
        one = self[id_].details
        if one.kind != "individual" or one.capacity != "on behalf":
            return False
        return any(
            other.details.kind == "organisation" and other.details.name == one.affiliation
            and (other.is_member(on) if on else other.left is None) and other.gave_authority(id_, one.name, on)
            for other in self.members.values()
        )  # fmt: skip


# What happens to the register


@dataclass(frozen=True, slots=True)
class Admitted:
    id: str
    details: Details
    role: Role
    joined: PartialDate
    founding: bool = False
    flag: str = ""  # a fault of the list it was read from
    by: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    id: str
    details: Details
    on: date


@dataclass(frozen=True, slots=True)
class RenameSaid:
    """Somebody says what a member is called now, also for short; it is once a second person says so too."""

    id: str
    name: str
    by: str
    on: date
    abbreviation: str | None = None


@dataclass(frozen=True, slots=True)
class BesideSaid:
    """Somebody says what stands beside a name; it does once a second person, or its own account, says so too."""

    id: str
    affiliation: str
    capacity: Capacity
    by: str
    on: date
    details: Details | None = None


@dataclass(frozen=True, slots=True)
class ContactSaid:
    """Somebody says at which address a member is reached now; it is once a second person says so too, or at once where
    the member's ``own`` account says it."""

    id: str
    contact: str
    by: str
    on: date
    own: bool = False


@dataclass(frozen=True, slots=True)
class NameSeconded:
    """A second person stands by a name that waits: a member's new one, or that of a newcomer that reads like another's.
    ``name``: that this person read."""

    id: str
    name: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class NameRefused:
    """A member is not called what somebody said."""

    id: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class FlagCleared:
    """A person looked at a doubt and decided; who and why stands in the history."""

    id: str
    flag: str
    by: str


@dataclass(frozen=True, slots=True)
class KeyIntroduced:
    """A file signed by the new key. Where nothing else stands behind it, it waits for a second person."""

    id: str
    note: bytes
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class KeySeconded:
    """A second person has heard the words of the key that waits, from the member. It speaks after :data:`WAIT`."""

    id: str
    heard: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class KeyRefused:
    """The key that waits, or that does not speak yet, is not the member's. Over a revocation by two other members two
    people say so, or the member's ``own`` account."""

    id: str
    on: date
    by: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class KeyAnswered:
    """What the member said of a new key with the one it has: it is its own, and speaks at once, or it is not."""

    id: str
    said: Declaration
    on: date


@dataclass(frozen=True, slots=True)
class KeyEnded:
    id: str
    on: date


@dataclass(frozen=True, slots=True)
class KeyEndSaid:
    """Somebody says that a member's key is lost or stolen; it ends once a second person says so too."""

    id: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class SignatoryNamed:
    """By the organisation's key (``said``), or by a letter that somebody else than its recorder has countersigned."""

    id: str
    signatory: Signatory
    said: Declaration | None = None
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class SignatoryEnded:
    id: str
    name: str
    on: date
    said: datetime | None = None  # by the organisation's own clock


@dataclass(frozen=True, slots=True)
class Steering:
    id: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class MistakeSaid:
    """Somebody says that a member was taken in by mistake, or, with nobody named, that it was none."""

    id: str
    by: str


@dataclass(frozen=True, slots=True)
class LeavingSaid:
    """Somebody says that a member leaves on a day; it does once a second person says so too, or its own key."""

    id: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Left:
    id: str
    on: date
    by_key: bool = False  # whether its own key said so


@dataclass(frozen=True, slots=True)
class ReturnSaid:
    """Somebody says that a member is back whose own key said that it left; it is once a second person says so too."""

    id: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class NotSo:
    """What waits for a second person is not so: that a key ends, that a member is back, that it has another address, or
    that something stands beside its name."""

    id: str
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Returned:
    id: str
    on: date


Event = (
    Admitted | Corrected | BesideSaid | ContactSaid | RenameSaid | NameSeconded | NameRefused | FlagCleared
    | KeyIntroduced | KeySeconded | KeyRefused | KeyAnswered | KeyEndSaid | KeyEnded
    | SignatoryNamed | SignatoryEnded | Steering | MistakeSaid | LeavingSaid | Left | ReturnSaid | Returned | NotSo
)  # fmt: skip


def keep(register: Register, event: Event) -> Register:
    """The register after an event. The same event twice changes nothing. Raises NotAllowed, InvalidValue."""
    after: Membership = _STEPS[type(event)](register, event)
    return replace(register, members={**register.members, after.id: after})


def undo_admission(register: Register, id_: str, by: str) -> Register:
    """The register without a member that was taken in by mistake: the second of two people says so. Raises NotAllowed
    for a member that ever had a key or a signatory: it leaves, and what it said stays."""
    one = register[id_]
    if not one.mistaken:
        raise NotAllowed("nobody has said yet that {name} was taken in by mistake", name=one.details.name)
    if by == one.mistaken:
        raise NotAllowed("another person is needed: nobody is second to themselves")
    _check_mistaken(one)
    return replace(register, members={label: each for label, each in register.members.items() if label != id_})


def _check_mistaken(one: Membership) -> None:
    if one.keys or one.signatories or one.introduced is not None:
        raise NotAllowed("{name} has a key or a signatory on record: let it leave instead", name=one.details.name)


def _mistake_said(register: Register, event: MistakeSaid) -> Membership:
    one = register[event.id]
    if event.by:
        _check_mistaken(one)
    return replace(one, mistaken=event.by)


def _admitted(register: Register, event: Admitted) -> Membership:
    event.details.check_affiliation()
    new = Membership(event.id, event.details, event.role, event.joined, event.founding)
    before = register.members.get(event.id)
    if before is not None:
        if (before.details, before.role, before.joined, before.founding) == (
            new.details,
            new.role,
            new.joined,
            new.founding,
        ):
            return before
        raise NotAllowed("{id} is in the register already", id=event.id)
    flags = [event.flag] if event.flag else []
    flags += doubts(event.details.name, (one.details.name for one in register.members.values()))
    if event.details.capacity == "on behalf":
        flags.append(_authority(event.details))
    short = event.details.abbreviation  # its key may be proved for it, and be called so
    given = (event.details.name, short, *event.details.also_called)
    read_like = any(_read_like(register, event.id, name) for name in given if name)
    namesake = (event.by or "?") if read_like else ""
    return replace(new, flags=tuple(flags), namesake=namesake)


def _read_like(register: Register, id_: str, name: str) -> bool:
    """Whether a reader would take a name for another member's, also for one that it had: what was said under it would
    be read as said by who has it now."""
    others = (names_of(one) for one in register.members.values() if one.id != id_)
    return any(reads_like(name, each) for names in others for each in names)


def renamed_by_two(register: Register, id_: str, *given: str) -> bool:
    """Whether two people give a member a name, or an abbreviation: where it has, had or is to have a key, and where one
    reads like another member's. What it said under the name before would be read as said under the new one, and a key
    is proved for what a member is called."""
    one = register[id_]
    keyed = bool(one.keys) or one.introduced is not None
    new = [name for name in given if name and name not in (one.details.name, one.details.abbreviation)]
    return any(keyed or _read_like(register, id_, name) for name in new)


def _authority(details: Details) -> str:
    return (
        f"{details.name} is to sign for {details.affiliation}, which has not confirmed it: shown in a personal "
        "capacity until that organisation's key or a countersigned letter says otherwise"
    )


def _corrected(register: Register, event: Corrected) -> Membership:
    one = register[event.id]
    if one.details == event.details:
        return one
    event.details.check_affiliation()
    if renamed_by_two(register, event.id, event.details.name, event.details.abbreviation):
        raise NotAllowed("two people say that {name} is called otherwise now", name=one.details.name)
    _check_also_called(register, one, event.details)
    return _with_details(register, event)


def _check_also_called(register: Register, one: Membership, said: Details) -> None:
    for name in [each for each in said.also_called if each not in one.details.also_called]:
        if everybody(name, register.name):
            raise InvalidValue("{name} is read as the coalition, or as all its members", name=name)
        if _read_like(register, one.id, name):
            raise InvalidValue("another member is called {name}, as a reader would say", name=name)


def _with_details(register: Register, event: Corrected) -> Membership:
    one = register[event.id]
    others = (other.details.name for other in register.members.values() if other.id != one.id)
    flags = [flag for flag in one.flags if event.details.name == one.details.name and flag != _authority(one.details)]
    if event.details.name != one.details.name:
        flags += doubts(event.details.name, others)
    if event.details.capacity == "on behalf":
        flags.append(_authority(event.details))
    beside = one.beside if named_as(one.details, event.details) == one.details else None
    moving = one.moving if event.details.contact == one.details.contact else None
    formerly = (*one.formerly, (event.on, one.details))
    return replace(one, details=event.details, flags=tuple(flags), beside=beside, moving=moving, formerly=formerly)


def _beside_said(register: Register, event: BesideSaid) -> Membership:
    if not event.by.strip():
        raise InvalidValue("whoever says what stands beside a name is named")
    one, said = register[event.id], Beside(event.affiliation, event.capacity, event.by, event.on, event.details)
    wanted = said.beside(one.details)
    wanted.check_affiliation()
    _check_also_called(register, one, wanted)
    return replace(one, beside=said)


def _contact_said(register: Register, event: ContactSaid) -> Membership:
    one = register[event.id]
    if not event.by.strip():
        raise InvalidValue("whoever says at which address a member is reached is named")
    if event.own:
        return replace(one, moving=None, own_contact=event.contact)
    return replace(one, moving=Moving(event.contact, event.by, event.on))


def _rename_said(register: Register, event: RenameSaid) -> Membership:
    one = register[event.id]
    checked_name(event.name)
    if not event.by.strip():
        raise InvalidValue("whoever says what a member is called is named")
    short = None if event.abbreviation == one.details.abbreviation else event.abbreviation
    if event.name == one.details.name and short is None:
        return replace(one, renaming=None)
    return replace(one, renaming=Renaming(event.name, event.by, event.on, short))


def _name_seconded(register: Register, event: NameSeconded) -> Membership:
    one = register[event.id]
    waits = one.renaming
    if waits is None and not one.namesake:
        raise InvalidValue("no name of {name} waits for a second person", name=one.details.name)
    name, by = (waits.read, waits.by) if waits else (one.details.name, one.namesake)
    if event.name != name:
        raise NotAllowed("another name waits by now: {name}", name=name)
    if not event.by.strip() or event.by == by:
        raise NotAllowed("another person is needed: nobody is second to themselves")
    if waits is None:
        return replace(one, namesake="")
    short = one.details.abbreviation if waits.abbreviation is None else waits.abbreviation
    details = replace(one.details, name=waits.name, abbreviation=short)
    return replace(_with_details(register, Corrected(event.id, details, event.on)), renaming=None)


def _name_refused(register: Register, event: NameRefused) -> Membership:
    one = register[event.id]
    if one.renaming is None:
        raise InvalidValue("no name of {name} waits for a second person", name=one.details.name)
    return replace(one, renaming=None)


def _flag_cleared(register: Register, event: FlagCleared) -> Membership:
    one = register[event.id]
    if not event.by.strip():
        raise InvalidValue("whoever clears a doubt is named")
    return replace(one, flags=tuple(flag for flag in one.flags if flag != event.flag))


def _key_introduced(register: Register, event: KeyIntroduced) -> Membership:
    one = register[event.id]
    key, how = offered(event.note, _holder(register, one, event.on))
    if any(key == known and until is None for known, _, until in one.keys):
        return one
    for other in register.members.values():
        had = [known for known, *_ in other.keys]
        if other.introduced is not None and other.id != one.id:
            had.append(other.introduced.key)
        if any(key.public == known.public for known in had):
            raise NotAllowed("this key is, or was, the one of {name}", name=other.details.name)
    _check_called(register, one, key)
    if how is not None:
        proof, coming = Proof(key, how, event.note, event.on, event.by), one.coming(event.on)
        if not _waits(one, how, event):
            return _with_key(one, proof, event.on)
        if coming is not None:
            raise NotAllowed("another key waits for {name}: say first that it is not its own", name=one.details.name)
        return _frozen(_with_key(one, proof, event.on + WAIT), one, event)
    if one.introduced is not None and one.introduced.key == key:
        return one
    if one.introduced is not None or one.coming(event.on) is not None:
        raise NotAllowed("another key waits for {name}: say first that it is not its own", name=one.details.name)
    if not event.by.strip():
        raise InvalidValue("whoever puts a key forward is named")
    return replace(one, introduced=Introduced(key, event.note, event.on, event.by))


def _waits(one: Membership, how: How, event: KeyIntroduced) -> bool:
    """Whether two members' word for a key counts only after a time: where it would go over a key that the member has,
    or had until lately. Two seats of one body cannot always be told apart (names are translated): whoever has both
    would be heir to any key."""
    return how == "members" and not one.paper_counts(event.on)


def _frozen(after: Membership, before: Membership, event: KeyIntroduced) -> Membership:
    """An enrolment says nothing of the key before, which speaks until the new one does. A revocation says that it is
    in other hands: it speaks for nobody from that day on."""
    key = before.key(event.on)
    if is_enrolment(event.note) or key is None:
        return after
    new = after.keys[-1][0]
    if new in before.refused:
        raise NotAllowed(
            "it was said that this key is not the one of {name}: its vault makes another one", name=before.details.name
        )
    keys = tuple((known, since, event.on if known == key else until) for known, since, until in after.keys)
    return replace(after, keys=keys, frozen=Frozen(key, event.on))


def _check_called(register: Register, one: Membership, key: Verifier) -> None:
    """Raises NotAllowed for a key that is called like another member, or like its key: what it signs would be read as
    that one's."""
    own = (*_proved(one), *(known.name for known, *_ in one.keys))  # a log keeps its name when its key changes
    if any(reads_like(key.name, name) for name in own):
        return
    for other in register.members.values():
        called = (*names_of(other), *(known.name for known, *_ in other.keys))
        if other.id != one.id and any(reads_like(key.name, name) for name in called):
            raise NotAllowed(
                "this key calls itself {key}, as a reader would call {other}: its vault makes one under another name",
                key=key.name,
                other=other.details.name,
            )


def names_of(one: Membership) -> tuple[str, ...]:
    """What a member is called, was called, is called for short, and is called in other languages."""
    return tuple(dict.fromkeys((*_proved(one), *one.details.also_called)))


def whole_names(one: Membership) -> tuple[str, ...]:
    """The same without what it is called for short: names of which a part says whom somebody means."""
    return tuple(dict.fromkeys((one.details.name, *(was.name for _, was in one.formerly), *one.details.also_called)))


def _proved(one: Membership) -> tuple[str, ...]:
    """Names for which a key of a member is proved: none that it is called in other languages, which one person says."""
    known = one.details
    names = [known.name, *(details.name for _, details in one.formerly), known.abbreviation]
    return tuple(dict.fromkeys(filter(None, names)))


def called_since(one: Membership) -> Mapping[str, date]:
    """The names that the register gave a member after it took it in, with the first day of each."""
    found: dict[str, date] = {}
    days = [None, *(until for until, _ in one.formerly)]
    for since, details in zip(days, [*(was for _, was in one.formerly), one.details], strict=True):
        for name in (details.name, details.abbreviation):
            if name and name not in found:
                found[name] = since or date.min
    return {name: since for name, since in found.items() if since != date.min}


def _bodies(one: Membership) -> tuple[str, ...]:
    """A member's names, and the organisations beside which it stands or stood."""
    waits = "" if one.beside is None else one.beside.affiliation
    beside = [one.details.affiliation, waits, *(details.affiliation for _, details in one.formerly)]
    return (*names_of(one), *filter(None, beside))


def _holder(register: Register, one: Membership, on: date) -> Holder:
    """Supporters and observers are no members who could stand by another's key."""
    others = {
        key: _bodies(m) for m in register.members.values()
        if m.id != one.id and m.role == "member" and m.is_member(on) and (key := m.key(on)) is not None
    }  # fmt: skip
    had = [(key, since) for key, since, _ in one.keys if since <= on]
    last, since = had[-1] if had else (None, None)
    known = tuple(names_of(m) for m in register.members.values())
    current, called = one.key(on), called_since(one)
    short = one.details.abbreviation if one.details.abbreviation != one.details.name else ""
    return Holder(one.details.name, _proved(one), last, since, current, others, _bodies(one), known, called, short)


def _with_key(one: Membership, proof: Proof, since: date) -> Membership:
    """A member whose new key speaks from a day on. One that was to come after that day does not come."""
    closed = tuple(
        (key, begun, since if until is None or until > since else until)
        for key, begun, until in one.keys if begun <= since and key != proof.key
    )  # fmt: skip
    proofs = (*(known for known in one.proofs if known.key != proof.key), proof)
    keys = (*closed, (proof.key, since, None))
    # more than one stood by its key
    return replace(one, keys=keys, proofs=proofs, introduced=None, namesake="", frozen=None, ending=None)


def _key_seconded(register: Register, event: KeySeconded) -> Membership:
    one = register[event.id]
    key, first, heir = one.waiting(event.on), one.put_forward_by(event.on), one.heir(event.on)
    one.check_hears(event.on)
    if key is None or (one.introduced is None and heir is None):
        raise InvalidValue("no key of {name} waits for a second person", name=one.details.name)
    if not event.by.strip() or event.by == first:
        raise NotAllowed("another person than the one who put the key forward hears its words")
    if not same_words(key, event.heard):
        raise NotVerified("these are not the words of the key that waits for {name}", name=one.details.name)
    if heir is not None:  # two members signed for it, and a second person heard it: it need not wait any longer
        return _with_key(one, replace(heir, on=event.on, second=event.by), event.on)
    note = b"" if one.introduced is None else one.introduced.note
    return _with_key(one, Proof(key, "two people", note, event.on, first, event.by), event.on + WAIT)


def _key_refused(register: Register, event: KeyRefused) -> Membership:
    one = register[event.id]
    coming = one.coming(event.on)
    if one.introduced is None and coming is None:
        raise InvalidValue("no key waits for {name}", name=one.details.name)
    if not event.by.strip():
        raise InvalidValue("whoever says that a key is not the member's own is named")
    frozen = one.thawing(event.on)
    if frozen is not None and not event.own:  # one of the secretariat alone would set free a key that was stolen
        if not frozen.refused_by:
            return replace(one, frozen=replace(frozen, refused_by=event.by))
        if event.by == frozen.refused_by:
            raise NotAllowed("another person is needed: nobody is second to themselves")
    return _without_coming(one, event.on)


def _without_coming(one: Membership, on: date) -> Membership:
    """The key before goes on, unless it was ended meanwhile."""
    coming = one.coming(on)
    if coming is None:
        return replace(one, introduced=None)
    key, since = coming
    frozen = one.thawing(on)
    over = None if frozen is None else (frozen.key, frozen.on)
    kept = tuple(
        (k, begun, None if until == since or (k, until) == over else until) for k, begun, until in one.keys if k != key
    )
    proofs = tuple(proof for proof in one.proofs if proof.key != key)
    refused = one.refused if frozen is None else (*one.refused, key)
    return replace(one, keys=kept, proofs=proofs, introduced=None, frozen=None, refused=refused)


def _key_answered(register: Register, event: KeyAnswered) -> Membership:
    one, said = register[event.id], event.said
    if said.kind != "key" or said.member != one.id or said.key != one.key(event.on):
        raise NotVerified("this is not said by the key that {name} has now", name=one.details.name)
    waits = one.waiting(event.on)
    if waits is None or str(waits) != said.fields["key"]:
        raise NotAllowed("no such key waits for {name}", name=one.details.name)
    if said.choice == "not ours":
        return _without_coming(one, event.on)
    return _with_key(one, Proof(waits, "old key", said.note, event.on), event.on)


def _key_ended(register: Register, event: KeyEnded) -> Membership:
    one = register[event.id]
    keys = tuple(
        (key, since, until if since > event.on or (until is not None and until <= event.on) else event.on)
        for key, since, until in one.keys
    )
    return replace(one, keys=keys, ending=None, frozen=_never(one.frozen))


def _never(frozen: Frozen | None) -> Frozen | None:
    """A frozen key that was ended meanwhile speaks no more, also where its heir is refused."""
    return None if frozen is None else replace(frozen, on=date.min)


def _key_end_said(register: Register, event: KeyEndSaid) -> Membership:
    one = register[event.id]
    if not event.by.strip():
        raise InvalidValue("whoever says that a key ends is named")
    if one.key(event.on) is None:
        raise InvalidValue("{name} has no key that could end", name=one.details.name)
    return replace(one, ending=Leaving(event.on, event.by))


def name_signatory(signer: Signer, signatory: Signatory, at: datetime) -> bytes:
    """An organisation's note that somebody may sign for it."""
    fields = {"name": signatory.name, "role": signatory.role, "since": str(signatory.since), "choice": "names"}
    return declare(signer, "signatory", fields, at)


def signatory_in(said: Declaration) -> Signatory:
    """The person whom an organisation's note names. Raises InvalidValue for a day in no calendar."""
    try:
        since = date.fromisoformat(said.fields["since"])
    except ValueError as error:
        raise InvalidValue("{since} is in no calendar", since=said.fields["since"]) from error
    return Signatory(said.fields["name"], said.fields["role"], since, proof="key", said=said.at)


def _signatory_named(register: Register, event: SignatoryNamed) -> Membership:
    one, new = register[event.id], event.signatory
    checked_name(new.name)
    if one.details.kind != "organisation":
        raise NotAllowed("an individual signs for itself")
    if new.proof == "key":
        said = event.said
        if (
            said is None
            or (said.kind, said.choice, said.member) != ("signatory", "names", one.id)
            or replace(new, until=None, said=said.at) != signatory_in(said)
        ):
            raise NotVerified(
                "the authority of {name} is not signed by the key of {name2}", name=new.name, name2=one.details.name
            )
        _check_not_ended(one, new, said.at)
        new = replace(new, said=said.at)
    elif new.letter is None or not new.countersigned_by or new.countersigned_by == event.recorded_by:
        raise NotAllowed("a letter of authority is sealed, and countersigned by somebody else than its recorder")
    known = next((each for each in one.signatories if each.until is None and _same(each, new)), None)
    if known is None:
        same = next((each for each in one.signatories if _one_word(each, new)), None)  # an earlier reading of it stays
        person = _stands_beside(register, one, new) if same is None else same.person
        return replace(one, signatories=(*one.signatories, replace(new, person=person)))
    if new.said is None or (known.said is not None and new.said <= known.said):
        return one  # handed in again, or older: it says nothing new, and means nobody who came since
    again = replace(known, said=new.said, person=_stands_beside(register, one, new))  # an older word does not end it
    return replace(one, signatories=tuple(again if each is known else each for each in one.signatories))


def _same(one: Signatory, other: Signatory) -> bool:
    """Whether two notes or letters name one person in one way."""
    first, second = (replace(each, until=None, said=None, person=None, ended=None) for each in (one, other))
    return first == second


def _one_word(one: Signatory, other: Signatory) -> bool:
    """Whether two are of one letter, whoever recorded it."""
    return one.letter is not None and (one.name, one.letter) == (other.name, other.letter)


def _stands_beside(register: Register, one: Membership, new: Signatory) -> str:
    """The label of the one person of this name who stands beside an organisation, and stood there when it named them;
    empty where there is none. A note of before then means somebody else of that name."""
    found = [each for each in register.members.values() if _is_beside(each.details, new.name, names_of(one))]
    if len(found) != 1:
        return ""
    since = max(
        (until for until, was in found[0].formerly if not _is_beside(was, new.name, names_of(one))), default=None
    )
    came_later = since is not None and new.said is not None and new.said.date() < since
    return "" if came_later else found[0].id


def _is_beside(details: Details, name: str, names: Iterable[str]) -> bool:
    return (details.kind, details.name) == ("individual", name) and details.affiliation in names


def _check_not_ended(one: Membership, new: Signatory, said: datetime) -> None:
    """Raises NotAllowed for a note of before the organisation said, in whatever role, that this person may sign no
    more: whoever kept it can hand it in again, or for the first time. What its key says has an hour; what the
    secretariat wrote down has a day."""
    last = one.endings.get(new.name)
    by_key = [last] if last is not None and said <= last else []
    days = [each.until for each in one.signatories if each.name == new.name and each.until and each.ended is None]
    by_hand = [day for day in days if said.date() <= day]
    if by_key or by_hand:
        raise NotAllowed(
            "the authority of {name} was ended on {day}, and this note is not newer: a new one is needed",
            name=new.name,
            day=max(*(each.date() for each in by_key), *by_hand, date.min),
        )


def _signatory_ended(register: Register, event: SignatoryEnded) -> Membership:
    one = register[event.id]
    named = [each for each in one.signatories if each.name == event.name]
    if not named and event.said is None:
        raise InvalidValue("{name} is no signatory of {name2}", name=event.name, name2=one.details.name)
    ended = [each for each in named if not _named_since(each, event)]
    if named and not ended:
        raise NotAllowed(
            "{name2} named {name} anew since this note was written", name=event.name, name2=one.details.name
        )
    people = tuple(
        replace(each, until=event.on, ended=event.said) if each in ended and each.until is None else each
        for each in one.signatories
    )
    if event.said is None:
        return replace(one, signatories=people)
    last = max(event.said, one.endings.get(event.name, event.said))  # kept also where it comes before what it ends
    return replace(one, signatories=people, endings={**one.endings, event.name: last})


def _named_since(one: Signatory, event: SignatoryEnded) -> bool:
    """Whether a person was named after it was written that it may sign no more: notes arrive in any order."""
    return one.said is not None and event.said is not None and one.said > event.said


def _steering(register: Register, event: Steering) -> Membership:
    one = register[event.id]
    if event.until is not None and event.until <= event.since:
        raise InvalidValue("a term in the steering group ends after it begins")
    terms = tuple(term for term in one.steering if term[0] != event.since)
    return replace(one, steering=tuple(sorted((*terms, (event.since, event.until)), key=lambda term: term[0])))


def _left(register: Register, event: Left) -> Membership:
    one = register[event.id]
    if one.left is not None:
        if one.left == event.on:
            return one
        raise NotAllowed("{name} left on {left} already", name=one.details.name, left=one.left)
    return replace(one, left=event.on, leaving=None, left_by_key=event.by_key)


def _leaving_said(register: Register, event: LeavingSaid) -> Membership:
    one = register[event.id]
    if not event.by.strip():
        raise InvalidValue("whoever says that a member left is named")
    if one.left is not None:
        raise NotAllowed("{name} left on {left} already", name=one.details.name, left=one.left)
    return replace(one, leaving=Leaving(event.on, event.by))


def _returned(register: Register, event: Returned) -> Membership:
    one = register[event.id]
    if one.left is None:
        return replace(one, leaving=None)
    if event.on < one.left:
        raise InvalidValue("{name} cannot return before it left on {left}", name=one.details.name, left=one.left)
    return replace(one, left=None, leaving=None, returning=None, left_by_key=False)


def _return_said(register: Register, event: ReturnSaid) -> Membership:
    one = register[event.id]
    if not event.by.strip():
        raise InvalidValue("whoever says that a member is back is named")
    if one.left is None:
        return one
    return replace(one, returning=Leaving(event.on, event.by))


def _not_so(register: Register, event: NotSo) -> Membership:
    one = register[event.id]
    if not (one.ending or one.returning or one.moving or one.beside):
        raise InvalidValue("nothing about {name} waits for a second person", name=one.details.name)
    return replace(one, ending=None, returning=None, moving=None, beside=None)


_STEPS: Mapping[type, Callable[..., Membership]] = {
    Admitted: _admitted, Corrected: _corrected, BesideSaid: _beside_said, ContactSaid: _contact_said,
    RenameSaid: _rename_said, NameSeconded: _name_seconded, NameRefused: _name_refused, FlagCleared: _flag_cleared,
    KeyIntroduced: _key_introduced, KeySeconded: _key_seconded, KeyRefused: _key_refused, KeyAnswered: _key_answered,
    KeyEndSaid: _key_end_said, KeyEnded: _key_ended,
    SignatoryNamed: _signatory_named, SignatoryEnded: _signatory_ended, Steering: _steering,
    MistakeSaid: _mistake_said, LeavingSaid: _leaving_said, Left: _left,
    ReturnSaid: _return_said, Returned: _returned, NotSo: _not_so,
}  # fmt: skip
