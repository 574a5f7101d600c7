"""People and bodies of the public who support a published text: asked twice, counted apart from members, erasable.

Whoever supports says so twice: on a page or a sheet, and then with a code that went to their own address by letter, so
that nobody is counted whose address somebody else typed. No key proves a supporter, and none is shown as a member.
"""

import base64
import csv
import hashlib
import hmac
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal

from corroborate.coalition.countries import countries_named, country_name
from corroborate.coalition.declarations import NAME, check_beside
from corroborate.coalition.likeness import Names, holds_name, is_called
from corroborate.coalition.lists import folded
from corroborate.coalition.reading import LARGEST_TEXT
from corroborate.coalition.sign_ons import Sheet, is_sign_on_sheet, read_answers
from corroborate.coalition.statements import checked_name, said_words
from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InputRefused, InvalidValue, NotVerified
from corroborate.tables import File, read_table
from corroborate.translation import Sentence, in_language
from corroborate.values import Digest
from corroborate.values.rows import defused

Kind = Literal["individual", "organisation"]
LETTERS = ("en", "ko", "ja", "es")  # languages in which letters are written
WAITS = timedelta(days=14)  # so long a code counts; who did not confirm by then is forgotten
LONGEST_WORDS = 500  # characters of what a supporter adds
MOST_ROWS = 20_000  # of one sheet
_CODE = re.compile(r"[a-z2-7]{20}")
_LINK = re.compile(r"://|\bwww\.|@", re.I)
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")


@dataclass(frozen=True, slots=True)
class Supporter:
    """What one supporter says of itself. The address is none of it."""

    name: str
    kind: Kind = "individual"
    country: str = ""  # ISO 3166-1 alpha-2
    affiliation: str = ""
    words: str = ""
    shown: bool = False  # whether the name may be shown in public
    language: str = "en"  # of its letter

    def __post_init__(self) -> None:
        checked_name(self.name)
        if any(_LINK.search(one) for one in (self.name, self.affiliation)):  # a letter would carry it to strangers
            raise InvalidValue("a name holds no address of a page, and no e-mail address")
        if self.affiliation:
            checked_name(self.affiliation)
        if self.country and self.country not in dict(countries_named()):
            raise InvalidValue("{country!r} is no country code such as KR (ISO 3166-1)", country=self.country)
        if len(self.words) > LONGEST_WORDS or self.words != said_words(self.words):
            raise InvalidValue("what a supporter adds is one line of {most} characters at most", most=LONGEST_WORDS)
        check_beside(self.words)
        if self.language not in LETTERS:
            raise InvalidValue("letters are written in {listed}", listed=", ".join(LETTERS))


def checked_own_name(one: Supporter, members: Collection[str]) -> Supporter:
    """A supporter of the open page. ``members``: who signed the text, as everybody reads. Raises InvalidValue for one
    that calls itself a member, whose word counts by its key alone."""
    for name in (one.name, one.affiliation):
        if is_called(name, members):
            raise InvalidValue("{name} is a member: it speaks by its own key", name=name)
    return one


def address_of(typed: str) -> str:
    """One e-mail address, as letters are sent to it. Raises InvalidValue."""
    address = typed.strip()
    if len(address) > 254 or _ADDRESS.fullmatch(address) is None:
        raise InvalidValue("{address!r} is no e-mail address", address=address[:80])
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.casefold()}"


def mark_of(key: bytes, statement: str, address: str) -> str:
    """By which an address is known again within one statement, without being kept: a keyed digest. Small and capital
    letters are one address."""
    said = f"support\n{statement}\n{address_of(address).casefold()}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def mark_of_row(key: bytes, statement: str, one: "Row") -> str:
    """The same of a row of a sheet; of one without an address by its name, so that it is counted once."""
    if one.address:
        return mark_of(key, statement, one.address)
    said = f"support\n{statement}\nname {folded(one.name)}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def new_code(random: bytes) -> str:
    """A code from 13 random bytes: twenty small letters and digits, 100 bits."""
    return base64.b32encode(random).decode().lower()[:20]


def read_code(typed: str) -> str:
    """A code as somebody typed or followed it, in groups or not. Raises InvalidValue."""
    code = re.sub(r"[\s–—-]+", "", typed).casefold().replace("0", "o").replace("1", "l")
    if _CODE.fullmatch(code) is None:
        raise InvalidValue("a code has twenty letters and digits, as the letter prints them")
    return code


def printed_code(code: str) -> str:
    """In groups of four, as it is read aloud and typed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_mark(key: bytes, code: str) -> str:
    """By which a code is found, without being kept."""
    return hmac.new(key, f"support code\n{code}".encode(), hashlib.sha256).hexdigest()


# The letter


@dataclass(frozen=True, slots=True)
class Letter:
    """What one supporter is sent, by whoever of the secretariat sends letters: the node sends none."""

    address: str
    language: str
    subject: str
    body: str


def letter(one: Supporter, address: str, code: str, title: str, digest: str, page: str, hub: str) -> Letter:
    """The letter by which a supporter confirms. ``page``: where the hub's pages reach its reader (https://…). No word
    that was typed on the page stands in it: whoever typed may be a stranger to whoever reads it."""
    link = f"{page}/{code}"
    body = Sentence(
        "Somebody, we hope you, gave this address to support this text of {hub}:\n\n"
        "{title}\n(SHA-256 of its words: {digest})\n\nNobody is counted yet. To confirm, open this page and press "
        "Confirm:\n\n{link}\n\nor type this code on {page}: {printed}\n\nIf it was not you, do nothing: after {days} "
        "days it is forgotten. Keep this letter: with the same page you can have everything that is held of you "
        "erased, whenever you wish.\n",
        hub=hub,
        title=title,
        digest=digest,
        link=link,
        page=page,
        printed=printed_code(code),
        days=WAITS.days,
    )
    subject = Sentence("Confirm that you support: {title}", title=title)
    return Letter(address, one.language, in_language(subject, one.language), in_language(body, one.language))


def as_mail(made: Letter, sender: str = "") -> bytes:
    """A letter as a file that mail programs open as a draft (RFC 5322)."""
    local, _, domain = made.address.rpartition("@")
    mail = EmailMessage(policy.SMTP.clone(utf8=not made.address.isascii()))
    mail["To"] = Address(username=local, domain=domain)
    if sender:
        mail["From"] = sender
    mail["Subject"] = made.subject
    mail["X-Unsent"] = "1"
    mail.set_content(made.body)
    return mail.as_bytes()


# Sheets, as forms write them


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet, read. ``refused``: why it is not taken in; ``doubts``: what a person should look at."""

    line: int
    name: str
    supporter: Supporter | None = None
    address: str = ""
    confirmed: bool = False  # elsewhere, as the sheet says
    doubts: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    rows: tuple[Row, ...]
    heading: str
    notices: tuple[str, ...] = ()

    @property
    def good(self) -> tuple[Row, ...]:
        return tuple(one for one in self.rows if not one.refused)


def read_supporters(content: bytes, name: str, members: Collection[str], *, language: str = "en") -> Rows:
    """Supporters from a sheet as a form or a petition's program writes it (CSV, XLSX). Raises InputRefused.

    ``members``: names of the register, whose bodies speak by their keys and are no supporters. ``language``: of the
    letters to those who have not confirmed.
    """
    if len(content) > LARGEST_TEXT:
        raise InputRefused("{name} is larger than {largest} MB", name=name, largest=LARGEST_TEXT >> 20)
    table = read_table(File(name or "the sheet", content=content), knows=_known)
    if not is_sign_on_sheet(table.columns):
        raise InputRefused(
            "{name} is no sheet of people who signed: it needs names, and an e-mail address or an answer. Its columns "
            "are {listed}",
            name=name,
            listed=", ".join(table.columns[:12]),
        )
    sheet = read_answers(table.columns, ((row.line, row.cells) for row in table.rows))
    if len(sheet.answers) > MOST_ROWS:
        raise InputRefused("a sheet has at most {most:,} rows; take it in in parts", most=MOST_ROWS)
    return _read(sheet, members, language)


def _known(word: str) -> bool:
    pattern = r"organi[sz]ation|name$|country|timestamp|단체|성명|이름|団体|氏名|email|nombre"
    return bool(re.search(pattern, word, re.I))


def _read(sheet: Sheet, members: Collection[str], language: str) -> Rows:
    rows, folds = [], frozenset(map(folded, members))
    for one in sheet.answers:
        said = one.member
        doubts = [said.flag] if said.flag else []
        if len(one.words) > LONGEST_WORDS:
            doubts.append(Sentence("what it adds is longer than {most} characters, and was cut", most=LONGEST_WORDS))
        words = said_words(one.words[:LONGEST_WORDS])
        try:
            if not one.signs:
                raise InvalidValue("it does not sign, by its own answer")
            if folded(said.name) in folds or is_called(said.name, members):
                raise InvalidValue("{name} is a member: it speaks by its own key", name=said.name)
            if not one.address and not one.confirmed:
                raise InvalidValue("it has no e-mail address, so nobody can confirm it")
            address = address_of(one.address) if one.address else ""
            if not one.confirmed:
                doubts.append(Sentence("has not confirmed: a letter asks it to"))
            made = Supporter(said.name, said.kind, said.country, said.affiliation, words, one.shown, language)
            rows.append(Row(one.line, said.name, made, address, bool(one.confirmed), tuple(doubts)))
        except InvalidValue as error:
            rows.append(Row(one.line, said.name[:80], refused=error.sentence))
    return Rows(tuple(rows), sheet.heading, sheet.notices)


COLUMNS = (
    "Timestamp",
    "Name of organisation",
    "Your name",
    "Affiliation",
    "Country",
    "Do you sign this text?",
    "Comment",
    "Confirmed",
    "Show the name",
    "To look at",
)
_NOT_ITS_WORD = "names a member, which did not say this; nobody has looked whether it is another"


def write_supporters(people: Iterable[tuple[Supporter, datetime, bool]]) -> bytes:
    """Those who confirmed, as a form writes them down: CSV in UTF-8, without addresses. Cells that a spreadsheet would
    run are defused. Each with whether it names a member, and nobody has looked whether it is another: what is handed on
    as a list of who supports a text says of that one that it does not, and is not to be shown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one, at, names_member in people:
        whole = one.kind == "organisation"
        writer.writerow(
            map(
                defused,
                (
                    f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
                    one.name if whole else "",
                    "" if whole else one.name,
                    one.affiliation,
                    country_name(one.country, "en") if one.country else "",
                    "Yes",
                    one.words,
                    "Yes",
                    "Yes" if one.shown and not names_member else "No",
                    _NOT_ITS_WORD if names_member else "",
                ),
            )
        )
    return out.getvalue().encode()


def write_letters(letters: Sequence[Letter]) -> bytes:
    """Letters as a sheet for a program that sends many: CSV in UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("address", "language", "subject", "body"))
    for one in letters:
        writer.writerow(map(defused, (one.address, one.language, one.subject, one.body)))
    return out.getvalue().encode()


# What is counted, and what remains of who was erased


@dataclass(frozen=True, slots=True)
class Counted:
    """Supporters of one text, never added to its members: who confirmed here, and who did elsewhere, as sheets say."""

    here: int = 0
    elsewhere: int = 0
    organisations: int = 0  # among both
    waiting: int = 0  # counted nowhere

    @property
    def whole(self) -> int:
        return self.here + self.elsewhere


_RECEIPT = re.compile(
    rf"corroborate supporter erased v1\nstatement (?P<statement>{NAME})\n"
    r"entry (?P<entry>[a-z0-9_-]{1,60})\nat (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n"
)


def erasure_receipt(signer: Signer, statement: str, entry: str, at: datetime) -> bytes:
    """What an erased supporter is given: that an entry of this number is gone, signed by the hub. It names nobody."""
    when = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = f"corroborate supporter erased v1\nstatement {statement}\nentry {entry}\nat {when}\n"
    if _RECEIPT.fullmatch(text) is None:
        raise InvalidValue("no receipt can be written for {entry!r}", entry=entry)
    return f"{text}\n{signer.line(text)}".encode()


def read_receipt(note: bytes, hub: Verifier) -> Mapping[str, str]:
    """Check a receipt by the hub's key; what it says. Raises NotVerified, InvalidValue."""
    parsed = Note.parse(note)
    found = _RECEIPT.fullmatch(parsed.text)
    if found is None:
        raise InvalidValue("this is no receipt of an erasure")
    if hub not in parsed.check([hub]):
        raise NotVerified("the receipt is not signed by {name}", name=hub.name)
    return found.groupdict()


def digest_of(content: bytes) -> str:
    """Of a sheet: by which it is known again."""
    return Digest.of(content).hex


__all__ = [
    "LETTERS",
    "WAITS",
    "Counted",
    "Letter",
    "Names",
    "Row",
    "Rows",
    "Supporter",
    "address_of",
    "as_mail",
    "checked_own_name",
    "code_mark",
    "digest_of",
    "erasure_receipt",
    "holds_name",
    "is_called",
    "letter",
    "mark_of",
    "mark_of_row",
    "new_code",
    "printed_code",
    "read_code",
    "read_receipt",
    "read_supporters",
    "write_letters",
    "write_supporters",
]
