"""Joint statements and the sign-on round: a member's name stands only under the exact bytes it signed.

A state machine without I/O: an event in, a new round out. A sign-on is a signed note, so it travels as a file and
anybody can check it with nothing but the member's verifier key and the text. A member without a key signs on paper:
the scan is sealed, its digest stands in the record, and a second person confirms it; a member with a key speaks by
its key alone, so that no administrator of a hub can speak for it.
"""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Self

from corroborate.coalition.declarations import (
    AHEAD,
    Keys,
    check_asked,
    check_beside,
    check_time,
    declare,
    kind_of,
    read_declaration,
)
from corroborate.coalition.imitation import check_quoted
from corroborate.custody import Signer, Verifier
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed
from corroborate.values import Digest
from corroborate.values.signs import blocks, broken, stacked, unseen

Choice = Literal["with us", "abstains", "withdraws"]
CHOICES: tuple[Choice, ...] = ("with us", "abstains", "withdraws")
State = Literal["signed", "lapsed", "abstains", "withdrawn", "silent"]
LARGEST_TEXT = 256 << 10  # bytes: some 40,000 words; a longer text is a report, and is signed by its digest elsewhere
# Characters by which a text shows other words than its bytes hold: directions (CVE-2021-42574) and what nobody sees.


@dataclass(frozen=True, slots=True)
class Version:
    """One exact text of a statement in one language. Nothing is normalised: a changed comma is another text."""

    statement: str  # name of the statement: lower-case letters, digits, dots, dashes
    number: int
    text: bytes
    language: str = "en"  # ISO 639-1
    again: datetime | None = None  # of an earlier text that was put back: from when on it is signed anew

    @property
    def digest(self) -> Digest:
        return Digest.of(self.text)


def checked_text(content: bytes) -> bytes:
    """The bytes of a text that may be put up for signature, as given. Raises InputRefused with the place.

    Refused: more than 256 KiB, no UTF-8, control characters, and characters that let a reader see other words than the
    bytes hold. Line ends of Windows and a form other than Unicode's NFC are refused too, because a copy by hand would
    change the bytes without anybody seeing it; :func:`as_text` makes them even before the text is first put up.
    """
    if len(content) > LARGEST_TEXT:
        raise InputRefused(
            "a text of {number:,} bytes is longer than the {largest_text:,} that a statement may have; "
            "publish it as a report, and let the statement name it",
            number=len(content),
            largest_text=LARGEST_TEXT,
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused("the text is not UTF-8 (byte {start}); save it as UTF-8", start=error.start) from error
    if not text.strip():
        raise InputRefused("the text is empty")
    for at, letter in enumerate(text):
        if (ord(letter) < 0x20 and letter not in "\n\t") or 0x7F <= ord(letter) <= 0x9F:
            raise InputRefused(
                "a control character (U+{ord:04X}) stands in line {line}", ord=ord(letter), line=_line(text, at)
            )
    if (at := unseen(text)) >= 0:
        raise InputRefused(
            "an invisible character (U+{ord:04X}) stands in line {line}: readers would see other words than are signed",
            ord=ord(text[at]),
            line=_line(text, at),
        )
    if (at := blocks(text)) >= 0:
        raise InputRefused(
            "the mark of a signature block stands in line {line}: the page that is published could not be read",
            line=_line(text, at),
        )
    if _even(text) != text:
        raise InputRefused("the text is not in Unicode's form NFC; two copies that look alike would differ in bytes")
    return content


def _even(text: str) -> str:
    """In Unicode's form NFC. Raises InputRefused for marks without end over one letter, which would take hours."""
    if (at := stacked(text)) >= 0:
        raise InputRefused(
            "more marks stand over one letter in line {line} than any script writes", line=_line(text, at)
        )
    return unicodedata.normalize("NFC", text)


def as_text(typed: str) -> bytes:
    """A text as typed or pasted, made even once before it is first put up: NFC, line ends of Unix, one at the end."""
    even = _even(typed.replace("\r\n", "\n").replace("\r", "\n"))
    return checked_text((even.strip("\n") + "\n").encode())


ENOUGH = 32  # digits of a SHA-256: nobody makes two texts that begin so alike
TOLD_APART = 16  # digits by which any two texts of one place differ


def check_told_apart(text: bytes, known: Iterable[str]) -> None:
    """Raises NotAllowed for a text whose SHA-256 begins like another text's here (``known``): a letter that names the
    one by its first digits would be read as to the other."""
    digest = Digest.of(text).hex
    if any(one != digest and one[:TOLD_APART] == digest[:TOLD_APART] for one in known):
        raise NotAllowed(
            "the SHA-256 of another text here begins with the same {digits} digits, which does not happen by chance: "
            "change a word",
            digits=TOLD_APART,
        )


LONGEST_NAME = 300  # characters


def checked_name(name: str) -> str:
    """A name as it may be shown: one line, without control or invisible characters. Raises InvalidValue."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidValue("a name has between 1 and {longest_name} characters", longest_name=LONGEST_NAME)
    if name != unicodedata.normalize("NFC", name).strip():
        raise InvalidValue("{name!r} has spaces around it, or is not in Unicode's form NFC", name=name)
    if broken(name):
        raise InvalidValue("{name!r} holds a character that nobody can see", name=name)
    check_beside(name)
    return name


def check_typed(record: object, lines: Collection[str] = ()) -> None:
    """Words of a record that is typed in and shown to others, in whatever field: :func:`check_beside` of each.
    ``lines``: the fields that are one line. Raises InvalidValue."""
    for name, words in _words_of(record, ""):
        check_beside(words)
        if name in lines and broken(words):
            raise InvalidValue("{name!r} holds a character that nobody can see", name=words)


def _words_of(record: object, name: str) -> Iterator[tuple[str, str]]:
    match record:
        case str():
            yield name, record
        case tuple():
            for one in record:
                yield from _words_of(one, name)
        case _ if is_dataclass(record):
            for one in fields(record):
                yield from _words_of(getattr(record, one.name), one.name)


def key_name(organisation: str) -> str:
    """The name that an organisation's signing key bears: its own, without what a signed note's line cannot hold."""
    return re.sub(r"[\s+\x00-\x1f]+", "-", unicodedata.normalize("NFC", organisation).strip())


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


@dataclass(frozen=True, slots=True)
class Paper:
    """How a sign-on on paper was recorded. It stands only once a second person has confirmed it against the scan."""

    scan: Digest  # of the scanned letter; the scan itself is sealed
    recorded_by: str
    confirmed_by: str = ""

    def __post_init__(self) -> None:
        if not self.recorded_by.strip():
            raise InvalidValue("whoever records a sign-on from paper is named")
        if self.confirmed_by == self.recorded_by:
            raise NotAllowed("a sign-on on paper is confirmed by another person than the one who recorded it")


@dataclass(frozen=True, slots=True)
class SignOn:
    """What a member signed: which text, with which choice, when by its own clock."""

    member: str  # the label that the register gives it; often the name of its key
    statement: str
    language: str
    digest: Digest
    choice: Choice
    at: datetime
    note: bytes  # empty when on paper
    paper: Paper | None = None
    key: Verifier | None = None  # that signed it; None on paper
    words: str = ""  # its reservation, or why it abstains: part of what it signed

    @classmethod
    def read(cls, note: bytes, members: Mapping[str, Verifier] | Keys) -> Self:
        """Read and check a sign-on. ``members``: label -> verifier key. Raises NotVerified, InvalidValue."""
        keys = members if isinstance(members, Keys) else Keys.of(members)
        said = read_declaration(note, "sign-on" if kind_of(note) == "sign-on" else "sign-on with words", keys)
        choice = next(one for one in CHOICES if one == said.choice)
        fields = said.fields
        digest = Digest(fields["sha256"])
        words = fields.get("words", "")
        if words != " ".join(unicodedata.normalize("NFC", words).split()):
            raise InvalidValue("the words of a sign-on are one line, in Unicode's form NFC")
        return cls(
            said.member, fields["statement"], fields["language"], digest, choice, said.at, note, None, said.key, words
        )  # fmt: skip

    @property
    def mark(self) -> str:
        """By which a page says what it showed of a letter: another choice, word, day, text or scan has another."""
        scan = self.paper.scan.hex if self.paper else ""
        said = (self.member, self.statement, self.digest.hex, self.choice, self.at.isoformat(), self.words, scan)
        return Digest.of("\n".join(said).encode()).hex

    @property
    def stands(self) -> bool:
        """Whether it counts: by key at once, on paper once it was confirmed."""
        return self.paper is None or bool(self.paper.confirmed_by)

    @property
    def _order(self) -> tuple[datetime, int, bytes]:
        # Two words of one second: the more cautious one counts, whichever arrived first; then any fixed order.
        return self.at, CHOICES.index(self.choice), self.note


def sign(signer: Signer, version: Version, choice: Choice, at: datetime, words: str = "") -> bytes:
    """A member's sign-on to one exact text, as a note. Nobody else's key can make it.

    ``words``: its reservation or explanation, which stands beside its name wherever that stands.
    """
    fields = {
        "statement": version.statement,
        "language": version.language,
        "sha256": version.digest.hex,
        "choice": choice,
    }
    if said := said_words(words):
        return declare(signer, "sign-on with words", {**fields, "words": said}, at)
    return declare(signer, "sign-on", fields, at)


def said_words(typed: str) -> str:
    """A reservation or explanation as it is signed: one line, in Unicode's form NFC."""
    return " ".join(_even(typed).split())


@dataclass(frozen=True, slots=True)
class Response:
    """What stands, or does not, beside one member's name."""

    member: str
    state: State
    digest: Digest | None = None
    at: datetime | None = None
    on_paper: bool = False
    waits: bool = False  # a sign-on on paper that nobody has confirmed yet


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bulk reception says of one note: whose it is when it was taken, why not when it was refused."""

    member: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A sign-on round: versions in order, members by label, what was received in order of arrival."""

    members: Mapping[str, Verifier]
    versions: tuple[Version, ...] = ()
    received: tuple[SignOn, ...] = ()
    deadline: datetime | None = None
    left: Mapping[str, datetime] = field(default_factory=dict)  # label -> when it left
    without_key: tuple[str, ...] = ()  # members asked who have no key and may sign on paper
    gone: Mapping[str, Verifier] = field(default_factory=dict)  # who left before, and is not asked: label -> key
    taken_back: tuple[SignOn, ...] = ()  # by whoever handed them in; nothing older speaks in their place
    put: Mapping[str, datetime] = field(default_factory=dict)  # SHA-256 of a text -> when it was first put up here
    opened: datetime | None = None  # from when on members were asked

    def __post_init__(self) -> None:
        if both := set(self.without_key) & set(self.members):
            raise InvalidValue("{both} has a key, and cannot be without one", both=sorted(both)[0])

    @property
    def current(self) -> Version:
        if not self.versions:
            raise NotAllowed("the round has no text yet")
        return self.versions[-1]

    def propose(self, version: Version, at: datetime | None = None) -> "Round":
        """Put a text up. Any other bytes than the last make a new version, and sign-ons to the last fall away.

        ``at``: needed to put an earlier text back. What was said of it before then has fallen, and stays so.
        """
        if self.versions:
            if version.statement != self.current.statement or version.language != self.current.language:
                raise NotAllowed(
                    "the round is about {statement} in {language}",
                    statement=self.current.statement,
                    language=self.current.language,
                )
            if version.digest == self.current.digest:
                raise NotAllowed("this text is the one that already stands")
            if version.number != self.current.number + 1:
                raise NotAllowed(
                    "version {number} does not follow version {number2}",
                    number=version.number,
                    number2=self.current.number,
                )
            if any(one.digest == version.digest for one in self.versions):
                if at is None:
                    raise NotAllowed("this text stood before: to put it back, say when")
                version = replace(
                    version, again=at.replace(microsecond=0) + timedelta(seconds=1)
                )  # notes count seconds
        put = dict(self.put) if at is None else {version.digest.hex: at, **self.put}
        return replace(self, versions=(*self.versions, version), put=put)

    def stands_under(self, one: SignOn) -> bool:
        """Whether a word was said of the text that stands: of these bytes, and since they were put up last. A letter
        has a day and no hour: one of the day on which an earlier text was put back could be of the time before."""
        again = self.current.again
        if again is None or one.digest != self.current.digest:
            return one.digest == self.current.digest
        return one.at.date() > again.date() if one.paper else one.at >= again

    def receive(self, note: bytes, at: datetime) -> "Round":
        """Take a sign-on in that arrived at a time; one that is there already changes nothing.

        Refused: an unknown key, another text, after the deadline, by a member who left, older than what the member
        said last.
        """
        one = SignOn.read(note, {**self.members, **self.gone})
        return self._with(one) if self._news(one, self._last(one.member), at) else self

    def receive_all(self, notes: Iterable[bytes], at: datetime) -> tuple["Round", tuple[Answer, ...]]:
        """Take many in, each on its own: the refusal of one keeps none of the others out. For thousands an hour."""
        keys = Keys.of({**self.members, **self.gone})
        last = self._said()
        taken: list[SignOn] = []
        answers: list[Answer] = []
        for note in notes:
            try:
                one = SignOn.read(note, keys)
                if self._news(one, last.get(one.member), at):
                    taken.append(one)
                    last[one.member] = one
                answers.append(Answer(member=one.member))
            except CorroborateError as error:
                answers.append(Answer(refused=str(error)))
        return replace(self, received=(*self.received, *taken)), tuple(answers)

    def record(self, one: SignOn, at: datetime) -> "Round":
        """Take in a sign-on on paper, recorded by one person and not yet confirmed. Only from a member without a key.

        Raises NotAllowed for a member with a key: its key alone speaks for it.
        """
        if one.paper is None or one.note:
            raise InvalidValue("a sign-on by key is received as a note, not recorded")
        if one.member in self.members:
            raise NotAllowed("{member} has a key on record, so its key alone can speak for it", member=one.member)
        if one.member not in self.without_key:
            raise NotAllowed("{member} is not asked in this round", member=one.member)
        if one.at > at:
            raise InvalidValue("a letter cannot be signed later than it was recorded")
        return self._with(one) if self._news(one, self._last(one.member), at) else self

    def confirm(self, member: str, by: str) -> "Round":
        """A second person has held the scan against the record. Raises NotAllowed when it is the same person."""
        last = self._last(member)
        if last is None or last.paper is None:
            raise NotAllowed("there is no sign-on on paper of {member} to confirm", member=member)
        if last.paper.confirmed_by:
            return self
        if member in self.members:  # it got its key after the letter was recorded
            raise NotAllowed("{member} has a key on record, so its key alone can speak for it", member=member)
        confirmed = replace(last, paper=replace(last.paper, confirmed_by=by))
        return replace(self, received=tuple(confirmed if one is last else one for one in self.received))

    def without(self, member: str, note: Digest) -> "Round":
        """The round before a member's last word, by the digest of its note: only where the member is then one that has
        not spoken to the text that stands. Raises NotAllowed where it would be made to say what it no longer says.

        The member signed it all the same. It stays the floor under what comes later: whoever carries files is not to
        choose which of two words of a member is its last.
        """
        last = self._last(member)
        if last is None or not last.note or Digest.of(last.note) != note:
            raise NotAllowed("{member} has said something later", member=member)
        kept = tuple(one for one in self.received if one is not last)
        before = replace(self, received=kept, taken_back=(*self.taken_back, last))
        stood = next((one.state for one in before.responses() if one.member == member), "silent")
        if last.choice == "withdraws" or stood in ("signed", "abstains"):
            raise NotAllowed("taking it back would make {member} say what it no longer says", member=member)
        return before

    def check_named(self, digits: str) -> None:
        """Raises NotAllowed unless a letter names the version that stands by so many first digits of its SHA-256 that
        they can mean no other text. Whoever writes texts makes two that begin alike in fewer, and need put only one of
        them up here: the member would have signed the other."""
        typed = "".join(digits.split()).casefold()
        if re.fullmatch(rf"[0-9a-f]{{{ENOUGH},64}}", typed) is None:
            raise InvalidValue(
                "a letter names its text by at least {digits} digits of its SHA-256, as they are printed: fewer can "
                "mean two texts. Where it names fewer, ask for another letter",
                digits=ENOUGH,
            )
        named = next((one for one in self.versions if one.digest.hex.startswith(typed)), None)
        if named is None:
            raise NotAllowed("no version of this text has a SHA-256 that begins with these digits")
        if named.digest != self.current.digest:
            raise NotAllowed(
                "the letter names version {number}, and version {current} stands: it needs another letter",
                number=named.number,
                current=self.current.number,
            )

    def _with(self, one: SignOn) -> "Round":
        return replace(self, received=(*self.received, one))

    def _news(self, one: SignOn, last: SignOn | None, at: datetime) -> bool:
        """Whether a sign-on says something new; raises NotAllowed when a rule refuses it."""
        if one.statement != self.current.statement or one.language != self.current.language:
            raise NotAllowed(
                "the sign-on is to {statement} in {language}, not to {statement2}",
                statement=one.statement,
                language=one.language,
                statement2=self.current.statement,
            )
        if one.choice == "withdraws" and all(one.digest != version.digest for version in self.versions):
            raise NotAllowed(  # two statements may bear one name, at two hubs: it takes back another one's
                "{member} withdraws from another text ({hex}…) than any that stood here",
                member=one.member,
                hex=one.digest.hex[:12],
            )
        again = last is not None and last.note == one.note and last.paper == one.paper and last.at == one.at
        if one.choice != "withdraws":
            if one.digest != self.current.digest:
                former = next((v for v in self.versions if v.digest == one.digest), None)
                which = f"version {former.number}, which was changed since" if former else "a text we do not know"
                raise NotAllowed(
                    "{member} signed another text ({hex}…, {which}) than the one that stands ({hex2}…)",
                    member=one.member,
                    hex=one.digest.hex[:12],
                    which=which,
                    hex2=self.current.digest.hex[:12],
                )
            if not self.stands_under(one):
                raise NotAllowed(
                    "{member} said this of the text before it was changed and put back: it is asked to say so anew",
                    member=one.member,
                )
            if again:  # sent once more under the text that stands: nothing new; under another, refused above
                return False
            if self.deadline is not None and at > self.deadline:
                raise NotAllowed("the round closed at {deadline:%Y-%m-%d %H:%M} UTC", deadline=self.deadline)
            self._refuse_left(one.member, at)
        elif again:
            return False
        elif one.member in self.gone:
            self._refuse_left(one.member, at)
        check_time(one.at, at)
        if one.note:  # a letter has a day and no hour: whoever records it holds it against the day of its text
            put = self.put.get(one.digest.hex)
            asked = [each for each in (put, self.opened) if each is not None]
            check_asked(one.at, max(asked, default=None))
        check_quoted(one.member, check_beside(one.words))
        floors = [each for each in self.taken_back if each.member == one.member and each.note != one.note]
        for before in [*floors, *([last] if last is not None else [])]:
            if not self._fallen(before, one, at) and self._older(one, before):
                raise NotAllowed(
                    "{member} has said something later, at {at:%Y-%m-%d %H:%M:%S} UTC", member=one.member, at=before.at
                )
        return True

    @staticmethod
    def _fallen(last: SignOn, one: SignOn, at: datetime) -> bool:
        """Whether the last word stands in no other's way: it is under a key that the member has no more, or is dated
        later than today. Whoever stole a key is not to have the last word with it."""
        return last.key is not None and (one.key not in (None, last.key) or last.at > at + AHEAD)

    def _older(self, one: SignOn, last: SignOn) -> bool:
        """Whether a word comes before, or with, the last one. Clocks count seconds: an answer to the text that stands
        is newer than one of the same second to a text that was changed since, but not than a withdrawal."""
        if one.at == last.at and last.choice != "withdraws" and self.stands_under(one) and not self.stands_under(last):
            return False
        return one._order <= last._order

    def _refuse_left(self, member: str, at: datetime) -> None:
        left = self.left.get(member)
        if left is not None and at >= left:
            raise NotAllowed(
                "{member} left on {left:%Y-%m-%d} and signs nothing that comes after", member=member, left=left
            )

    def _said(self) -> dict[str, SignOn]:
        return {one.member: one for one in self.received}

    def _last(self, member: str) -> SignOn | None:
        return next((one for one in reversed(self.received) if one.member == member), None)

    def responses(self) -> tuple[Response, ...]:
        """Every member asked, in the order of the register. Who has not spoken is silent, never assumed."""
        stands = self.words()
        waits = set(self.letters())
        return tuple(
            self._of(member, stands.get(member), member in waits) for member in (*self.members, *self.without_key)
        )

    def _of(self, member: str, last: SignOn | None, waits: bool) -> Response:
        """``last``: what stands of it; something on paper that waits for confirmation neither adds nor takes a name."""
        if last is None:
            return Response(member, "silent", waits=waits)
        state: State = "signed" if last.choice == "with us" else "abstains"
        if last.choice == "withdraws":
            state = "withdrawn"
        elif not self.stands_under(last):
            state = "lapsed"
        return Response(member, state, last.digest, last.at, last.paper is not None, waits)

    def signed(self) -> tuple[SignOn, ...]:
        """The sign-ons under the text that stands, in the order in which they were given."""
        words = self.words()
        names = [one.member for one in self.responses() if one.state == "signed"]
        return tuple(sorted((words[name] for name in names), key=lambda one: (one.at, one.member)))

    def words(self) -> dict[str, SignOn]:
        """What each member said last, as far as it stands."""
        return {one.member: one for one in self.received if one.stands}

    def letters(self) -> dict[str, SignOn]:
        """What each letter on paper says that waits for a second person: the last one of each member."""
        return {label: one for label, one in self._said().items() if not one.stands}

    def word_of(self, member: str) -> SignOn:
        """What a member said last, as far as it stands. Raises NotAllowed when it has said nothing."""
        found = next((one for one in reversed(self.received) if one.member == member and one.stands), None)
        if found is None:
            raise NotAllowed("{member} has said nothing", member=member)
        return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comparison."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts as one, word by word: what stayed, what went, what came. Putting "same" and "removed" together gives
    the first text back, "same" and "added" the second.

    Paragraphs are matched first, words only within those that changed, so that a long text costs little more than its
    changes.
    """
    pieces: list[Piece] = []

    def add(kind: Literal["same", "removed", "added"], words: Iterable[str]) -> None:
        text = "".join(words)
        if text and pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(kind, pieces[-1].text + text)
        elif text:
            pieces.append(Piece(kind, text))

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for kind, a, b, c, d in _opcodes(old, new):
        if kind == "equal":
            add("same", old[a:b])
            continue
        left, right = (_WORDS.findall("".join(lines)) for lines in (old[a:b], new[c:d]))
        if len(left) * len(right) > _MOST_WORDS:  # a whole rewriting: shown as one, not searched for likeness
            add("removed", left)
            add("added", right)
            continue
        for inner, e, f, g, h in _opcodes(left, right):
            if inner == "equal":
                add("same", left[e:f])
            else:
                add("removed", left[e:f])
                add("added", right[g:h])
    return tuple(pieces)


_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 4_000_000


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    yield from difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()


def compare(before: str, after: str) -> tuple[str, ...]:
    """What changed between two texts, word by word: lines of ``- …`` and ``+ …`` with what stands before them."""
    changes, around, pieces = [], "", difference(before, after)
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "same":
            around = piece.text
            at += 1
            continue
        removed, added = "", ""
        while at < len(pieces) and pieces[at].kind != "same":
            if pieces[at].kind == "removed":
                removed += pieces[at].text
            else:
                added += pieces[at].text
            at += 1
        before_it = "".join(_WORDS.findall(around)[-8:]).replace("\n", " ").strip()
        changes.append(f"after “{before_it}”: - {removed!r} + {added!r}")
    return tuple(changes)
