"""A statement's final text, and how a stranger checks it offline.

HTML and plain text are pure functions of one signature block, which each carries within itself: the exact text, every
member's note, and the names as shown. Whoever verifies draws the page anew from the block and compares it byte for
byte, so that a word changed, hidden or added anywhere on the page shows, and not only one in the block.
"""

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any, Literal, Self, cast

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from corroborate.coalition import imitation
from corroborate.coalition.declarations import Keys, read_declaration
from corroborate.coalition.lifecycle import GROUPINGS, Grouping, Quote, Statement
from corroborate.coalition.likeness import skeleton
from corroborate.coalition.speakers import Speakers, Trusted, named
from corroborate.coalition.statements import Paper, SignOn, checked_name, checked_text
from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed, NotVerified
from corroborate.values import JSON, Digest, canonical, script_of
from corroborate.values.signs import broken, unseen

FORMAT = "corroborate statement v2"
# v2, and why a member took its name back, and that nobody signed of which kind it is: of pages on which this is told
FORMAT_TELLING = "corroborate statement v3"
FORMAT_BEFORE = "corroborate statement v1"  # pages published before words stood beside names; drawn as they were
LARGEST = 64 << 20  # bytes of a page: the notes of some 50,000 members
_BEGIN, _END = "-----BEGIN CORROBORATE STATEMENT-----", "-----END CORROBORATE STATEMENT-----"
_BLOCK = re.compile(rf"{_BEGIN}\n([A-Za-z0-9+/=\n]+)\n{_END}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*")  # as a page names one in ``lang``
_SCRIPTS = ("Latn", "Cyrl", "Arab", "Hang", "Kana", "Hani", "Zyyy")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Words around statements by key and language."""
    text = resources.files("corroborate.coalition").joinpath("words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return found


def word(key: str, language: str) -> str:
    """A word in a language, in English where the language lacks it."""
    one = words()[key]
    return one.get(language, one["en"])


@dataclass(frozen=True, slots=True)
class Signatory:
    """How a member is shown under a text."""

    name: str
    kind: Literal["organisation", "individual"] = "organisation"
    country: str = ""  # as it is to be printed, in any language
    affiliation: str = ""  # of an individual
    personal: bool = False  # the affiliation only says who it is; the employer does not speak here
    joined: str = ""  # ISO 8601 date, as exact as known; empty sorts last

    def __post_init__(self) -> None:
        checked_name(self.name)
        for part in (self.country, self.affiliation):
            if part:
                checked_name(part)
        if self.kind not in ("organisation", "individual"):  # it would stand under no heading, and be counted
            raise InvalidValue("{kind!r} is no kind of member", kind=self.kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member under, or once under, the text: how it is shown and the proof that it said so."""

    label: str
    signatory: Signatory
    key: str  # verifier key; empty on paper
    note: str
    at: str  # UTC, ISO 8601
    paper: Mapping[str, str] | None = None  # scan (SHA-256), recorded_by, confirmed_by
    words: str = ""  # its reservation, or why it abstains: part of what it signed

    def shown(self, language: str) -> str:
        one = self.signatory
        beside = [one.affiliation] if one.affiliation else []
        if one.affiliation and one.personal:
            beside.append(word("personally", language))
        line = ", ".join([one.name, *beside])
        return f"{line} ({one.country})" if one.country else line


@dataclass(frozen=True, slots=True)
class Spoken:
    """An approved quote."""

    label: str
    name: str
    key: str
    spokesperson: str
    role: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Final:
    """A final text in one language, as it is published. ``seal``: the publisher's note over all else."""

    statement: str
    number: int
    language: str
    text: str
    published: str  # UTC date and time, ISO 8601
    grouping: Grouping
    signed: tuple[Entry, ...]
    withdrawn: tuple[Entry, ...] = ()
    quotes: tuple[Spoken, ...] = ()
    original: str = ""  # of a translation: the original's exact text, which is what was signed
    original_language: str = ""
    translator: str = ""
    approvals: tuple[tuple[str, str, str], ...] = ()  # of a translation: label, key, note
    publisher: str = ""  # verifier key
    seal: str = ""
    abstained: tuple[Entry, ...] = ()  # who abstained and said why: not signatories
    format: str = FORMAT

    @property
    def title(self) -> str:
        """The text's own first line: a title beside the text would stand over names that never signed it."""
        return self.text.partition("\n")[0]

    @property
    def signed_text(self) -> str:
        return self.original or self.text

    @property
    def signed_language(self) -> str:
        return self.original_language or self.language

    @property
    def approved_by(self) -> tuple[str, ...]:
        """Of a translation: the names of those who approved it. Only a signatory's approval is taken."""
        names = {one.label: one.signatory.name for one in self.signed}
        return tuple(names.get(label, label) for label, _, _ in self.approvals)

    def content(self) -> bytes:
        """What the publisher seals: everything but its own seal."""
        record = cast("dict[str, JSON]", json.loads(json.dumps(asdict(self))))
        del record["seal"]
        if self.format == FORMAT_BEFORE:
            del record["abstained"]
            for one in cast("list[dict[str, JSON]]", [*cast("list[JSON]", record["signed"]),
                                                      *cast("list[JSON]", record["withdrawn"])]):  # fmt: skip
                del one["words"]
        return canonical(record)

    def block(self) -> str:
        """The signature block: canonical JSON in base64, between two lines by which it is found. Not compressed:
        two builds of zlib give different bytes, and the block is drawn anew by whoever verifies."""
        record = cast("dict[str, JSON]", json.loads(self.content()))
        encoded = base64.b64encode(canonical({**record, "seal": self.seal})).decode()
        lines = [encoded[at : at + 76] for at in range(0, len(encoded), 76)]
        return "\n".join([_BEGIN, *lines, _END])

    @classmethod
    def from_block(cls, page: str) -> Self:
        """Read the one block of a page. Raises InvalidValue."""
        found = _BLOCK.findall(page)
        if len(found) != 1:
            raise InvalidValue("the page holds {number} signature blocks, and should hold one", number=len(found))
        try:
            return cls._of(json.loads(base64.b64decode(found[0].replace("\n", ""), validate=True)))
        except (binascii.Error, ValueError, KeyError, TypeError, RecursionError) as error:
            raise InvalidValue("the signature block cannot be read") from error

    @classmethod
    def _of(cls, record: dict[str, Any]) -> Self:
        if record["format"] not in (FORMAT, FORMAT_TELLING, FORMAT_BEFORE):
            raise InvalidValue("the signature block is of another form")
        if record["grouping"] not in GROUPINGS:
            raise InvalidValue("the signature block asks for an unknown order")
        signed, withdrawn, abstained = (
            tuple(Entry(**{**one, "signatory": Signatory(**one["signatory"])}) for one in record.pop(key, ()))
            for key in ("signed", "withdrawn", "abstained")
        )
        quotes = tuple(Spoken(**one) for one in record.pop("quotes"))
        approvals = tuple((str(a), str(b), str(c)) for a, b, c in record.pop("approvals"))
        page = cls(
            **record, signed=signed, withdrawn=withdrawn, quotes=quotes, approvals=approvals, abstained=abstained
        )  # fmt: skip
        _all_text(asdict(page))
        _plain(page)
        return page


def _all_text(value: object) -> None:
    """A block is a stranger's: what it holds is text, and nothing that could be taken for something else."""
    if isinstance(value, str):
        value.encode()  # a half of a pair of UTF-16 is none: ValueError
    elif isinstance(value, dict):
        for one in value.values():
            _all_text(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _all_text(one)
    elif not isinstance(value, int) and value is not None:
        raise InvalidValue("the signature block cannot be read")


def _plain(page: Final) -> None:
    """What stands at the foot of a page and no member signs: a number, a day and a language, and no words beside."""
    if type(page.number) is not int or page.number < 0:
        raise InvalidValue("the signature block cannot be read")
    if _TIME.fullmatch(page.published) is None:
        raise InvalidValue("the signature block cannot be read")
    tongues = (page.language, *([page.original_language] if page.original_language else []))
    if any(LANGUAGE.fullmatch(tongue) is None for tongue in tongues):
        raise InvalidValue("the signature block cannot be read")


def final(
    state: Statement, signatories: Mapping[str, Signatory], publisher: Signer, at: datetime, language: str = ""
) -> Final:
    """The final text in the original's language or a translation's, sealed by whoever publishes it.

    ``signatories``: label -> how the member is shown. Raises NotAllowed before the statement is published, and for a
    translation that is missing or of another version.
    """
    if state.phase != "published":
        raise NotAllowed("there is no final text before the statement is published")
    current, round_ = state.round.current, state.round
    signed = tuple(_entry(one, signatories[one.member]) for one in round_.signed())
    words_ = round_.words()
    # what was said of an earlier version is no word about this one, and its note would not bear it out
    gone = [one for one in round_.responses() if one.state == "withdrawn" and one.digest == current.digest]
    withdrawn = tuple(_entry(words_[one.member], signatories[one.member]) for one in gone)
    abstained = tuple(
        _entry(words_[one.member], signatories[one.member])
        for one in round_.responses() if one.state == "abstains" and words_[one.member].words
    )  # fmt: skip
    quotes = tuple(
        Spoken(
            q.member, signatories[q.member].name, str(q.said.key), q.spokesperson, q.role, q.words, q.said.note.decode()
        )
        for q in state.quotes
        if q.said is not None and q.approved
    )
    stamp = (state.published or at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    page = Final(
        current.statement, current.number, current.language, current.text.decode(), stamp, state.grouping, signed,
        withdrawn, quotes, publisher=str(publisher.verifier()), abstained=abstained,
        format=FORMAT_TELLING if state.grouping == "kind" or any(one.words for one in withdrawn) else FORMAT,
    )  # fmt: skip
    if language and language != current.language:
        found = state.translation(language)
        if found is None:
            raise NotAllowed("there is no translation into {language}", language=language)
        if state.stale(found):
            raise NotAllowed("the translation into {language} is of an earlier version", language=language)
        under = {one.label for one in signed}  # who approved the words and took its name back stands under neither
        approvals = tuple(
            (label, str(said.key), said.note.decode())
            for label, said in sorted(found.approved.items())
            if said.choice == "approves" and label in under
        )
        page = replace(
            page, language=language, text=found.text.decode(), original=current.text.decode(),
            original_language=current.language, translator=found.translator, approvals=approvals,
        )  # fmt: skip
    return replace(page, seal=_seal(page, publisher))


def _seal(page: Final, publisher: Signer) -> str:
    text = f"{page.format}\nsha256 {Digest.of(page.content())}\n"
    return f"{text}\n{publisher.line(text)}"


def _entry(one: SignOn, signatory: Signatory) -> Entry:
    paper = None if one.paper is None else _paper(one.paper)
    at = one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Entry(
        one.member, signatory, str(one.key) if one.key is not None else "", one.note.decode(), at, paper, one.words
    )


def _paper(paper: Paper) -> dict[str, str]:
    """That two people saw the letter, without their names: a final text is public, and accounts may be named after
    people. Who they were stays in the hub's history."""
    second = "second person" if paper.confirmed_by else ""
    return {"scan": paper.scan.hex, "recorded_by": "first person", "confirmed_by": second}


def _alphabet(entry: Entry) -> tuple[int, str]:
    """Alphabet by language: scripts one after another, each in its own order, without regard to case or marks."""
    name = re.sub(r"^The ", "", entry.signatory.name)
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return _SCRIPTS.index(script_of(name)), unicodedata.normalize("NFC", bare).casefold()


def grouped(entries: Sequence[Entry], grouping: Grouping, language: str) -> list[tuple[str, list[Entry]]]:
    """Signatories under headings, in the order asked for. An empty heading: one list."""
    by_name = sorted(entries, key=_alphabet)
    if grouping == "joined":
        return [("", sorted(by_name, key=lambda one: one.signatory.joined or "~"))] if entries else []
    if grouping == "kind":
        kinds = (("organisation", "organisations"), ("individual", "individuals"))
        found = [(word(title, language), [e for e in by_name if e.signatory.kind == kind]) for kind, title in kinds]
        return [(title, names) for title, names in found if names]
    if grouping == "alphabet" or not any(one.signatory.country for one in entries):
        return [("", by_name)] if entries else []
    countries = sorted(by_name, key=lambda one: (not one.signatory.country, one.signatory.country.casefold()))
    return [
        (country or word("elsewhere", language), list(names))
        for country, names in groupby(countries, key=lambda one: one.signatory.country)
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    shown: str
    paper: bool
    words: str = ""


@cache
def _environment(autoescape: bool) -> Environment:
    return Environment(
        loader=PackageLoader("corroborate.coalition"),
        autoescape=autoescape,  # noqa: S701 - plain text is not escaped
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def shown(page: Final) -> dict[str, Any]:
    """All that a template shows of a final text."""
    in_country = page.grouping == "country"

    def line(one: Entry) -> _Line:
        entry = replace(one, signatory=replace(one.signatory, country="")) if in_country else one
        return _Line(entry.shown(page.language), one.paper is not None, one.words)

    approved = {label for label, _, _ in page.approvals}
    under = [one for one in page.signed if not page.original or one.label in approved]
    here = page.signed if page.format == FORMAT_BEFORE else under  # a name stands under the text that it signed
    return {
        "elsewhere": len(page.signed) - len(here),
        "original_digest": Digest.of(page.original.encode()).hex if page.original else "",
        "abstained": [line(one) for one in page.abstained],
        "f": page,
        "published": f"{page.published[:10]} {page.published[11:16]} UTC",
        "text": page.text,
        "rest": page.text.partition("\n")[2].lstrip("\n"),
        "digest": Digest.of(page.text.encode()).hex,
        "w": lambda key: word(key, page.language),
        "groups": [(h, [line(e) for e in many]) for h, many in grouped(here, page.grouping, page.language)],
        "withdrawn": [
            (_Line(one.shown(page.language), False, _reason(page, one)), one.at[:10]) for one in page.withdrawn
        ],
        "kinds": page.grouping == "kind" and page.format == FORMAT_TELLING,
        "quotes": [(one, one.name) for one in page.quotes],
        "official": page.approved_by,
        "block": page.block(),
    }


def _reason(page: Final, one: Entry) -> str:
    """Why a member took its name back, where the page shows it."""
    return one.words if page.format == FORMAT_TELLING else ""


def _template(page: Final, form: str) -> str:
    return f"statement.v1.{form}" if page.format == FORMAT_BEFORE else f"statement.{form}"


def statement_html(page: Final) -> bytes:
    """The final text as one page that needs nothing else, without script."""
    style = resources.files("corroborate.coalition").joinpath("templates", "statement.css").read_text(encoding="utf-8")
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment(True).get_template(_template(page, "html"))
    return template.render(**shown(page), style=style, style_hash=style_hash).encode()


def statement_text(page: Final) -> bytes:
    """The final text as plain text, block included."""
    return _environment(False).get_template(_template(page, "txt")).render(**shown(page)).encode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. ``incomplete``: nothing is wrong, and something could not be proved by a key."""

    verdict: Literal["valid", "invalid", "incomplete"]
    checked: Mapping[str, JSON]
    failures: tuple[str, ...] = ()

    def as_json(self) -> dict[str, JSON]:
        return {"verdict": self.verdict, "checked": dict(self.checked), "failures": list(self.failures)}


def is_statement(content: bytes) -> bool:
    """Whether a file is a final text of a statement, by what it holds: a block on lines of its own, and not within
    another file, as in the JSON of a release."""
    return re.search(rb"(?m)^" + _BEGIN.encode() + rb"\r?$", content) is not None


def is_html(content: bytes) -> bool:
    """Whether a final text is read as a page: in its plain form markup is words, and no browser is to draw them."""
    return content.startswith(b"<!doctype html>\n")


def verify_statement(content: bytes, trusted: Trusted | None = None) -> Verdict:
    """Check a final text, HTML or plain, offline.

    1. The page is exactly what its block gives: nothing was changed, hidden or added. 2. The publisher's seal holds.
    3. Each name stands under exactly this text by its member's own key, or is marked "on paper". 4. Each quote and each
    approval of a translation is signed to the word. 5. ``trusted`` (keys, or name -> key), when given: every key is one
    that the reader already knows, the publisher's too; without it the page's own keys are used, and their fingerprints
    are to be compared. What no member signs (its country and affiliation, the order, the day of publication) only the
    publisher vouches for, and the verdict says so.
    """
    checked: dict[str, JSON] = {"kind": "statement"}
    failures: list[str] = []
    unproved: list[str] = []
    try:
        if len(content) > LARGEST:
            raise InputRefused("a page of {number:,} bytes is longer than any statement", number=len(content))
        page = Final.from_block(content.decode("utf-8"))
        _drawn_anew(content, page)
        _check(page, trusted, checked, failures, unproved)
    except UnicodeDecodeError:
        failures.append("the file is not UTF-8")
    except (CorroborateError, AttributeError, TypeError, RecursionError) as error:  # a stranger's: fields of any type
        failures.append(str(error) if isinstance(error, CorroborateError) else "the signature block cannot be read")
    verdict: Literal["valid", "invalid", "incomplete"] = (
        "invalid" if failures else "incomplete" if unproved else "valid"
    )
    return Verdict(verdict, checked, (*failures, *unproved))


def _drawn_anew(content: bytes, page: Final) -> None:
    anew = statement_html(page) if is_html(content) else statement_text(page)
    if anew != content:
        for number, (old, new) in enumerate(zip(content.split(b"\n"), anew.split(b"\n"), strict=False), start=1):
            if old != new:
                raise NotVerified(
                    "line {number} is not what the signature block gives: the page was changed", number=number
                )
        raise NotVerified("the page holds more or less than the signature block gives: it was changed")


def _check(
    page: Final,
    trusted: Trusted | None,
    checked: dict[str, JSON],
    failures: list[str],
    unproved: list[str],
) -> None:
    checked_text(page.text.encode())
    digest = Digest.of(page.signed_text.encode())
    checked |= {
        "statement": page.statement,
        "title": page.title,
        "version": page.number,
        "language": page.language,
        "sha256": digest.hex,
        "published": page.published,
    }
    publisher = Verifier.parse(page.publisher)
    if publisher not in Note.parse(page.seal.encode()).check([publisher]) or (
        Note.parse(page.seal.encode()).text != f"{page.format}\nsha256 {Digest.of(page.content())}\n"
    ):
        failures.append(f"the seal of {publisher.name} is not over this page")
    spoke = Speakers()
    by_key, on_paper = _signed(page, digest, spoke, failures, unproved)
    _quotes(page, digest, spoke, failures, unproved)
    _translated(page, failures, unproved)
    _approvals(page, digest, spoke, failures)
    failures += spoke.failures(trusted)
    unproved += spoke.doubts(trusted)
    unproved += _vouched_for(page, publisher, trusted)
    if not failures:
        unproved += _imitating(page, publisher, trusted)
    checked |= {
        "signed_by_key": by_key, "on_paper": on_paper, "withdrawn": len(page.withdrawn), "quotes": len(page.quotes),
        "keys": "given by the reader" if trusted is not None else "the page's own",
        "publisher": publisher.name, "abstained": len(page.abstained),
        "words": {one.signatory.name: one.words for one in _entries(page) if one.words},
        "translation": _translation(page),
        "fingerprints": _fingerprints(spoke),
        "shown_otherwise": {name: key.name for name, key in spoke.otherwise()},
        "signed_by_nobody": {one.signatory.name: said for one in _entries(page) if (said := _beside(page, one))},
    }  # fmt: skip


def _fingerprints(spoke: Speakers) -> dict[str, JSON]:
    """By the names that are shown: a label is whatever the publisher writes, another member's name too."""
    found: dict[str, JSON] = {}
    for label, held in sorted(spoke.keys.items()):
        name = spoke.names[label][0]
        found[f"{name} ({label})" if name in found else name] = " / ".join(key.fingerprint for key in held)
    return found


def _entries(page: Final) -> tuple[Entry, ...]:
    return (*page.signed, *page.withdrawn, *page.abstained)


def _beside(page: Final, one: Entry) -> list[JSON]:
    """What stands beside a name, or over it, and is no part of what its member signed."""
    who = one.signatory
    return [part for part in (who.kind if page.grouping == "kind" else "", who.affiliation, who.country) if part]


def _vouched_for(page: Final, publisher: Verifier, trusted: Trusted | None) -> list[str]:
    """What nothing proves but the publisher's word."""
    found = []
    if trusted is not None and publisher not in {key for _, key in named(trusted)}:
        found.append(
            f"the page was made by {publisher.name}, whose key you did not give: only it says when, and what "
            "stands beside the names"
        )
    for group, what in ((page.signed, "signed"), (page.withdrawn, "withdrew"), (page.abstained, "abstained")):
        if number := sum(one.paper is not None for one in group):
            found.append(
                f"{number} {what} on paper: no key proves it, only {publisher.name}, who holds the scans, "
                "vouches for it"
            )
    if hidden := [one.signatory.name for one in page.withdrawn if one.words and not _reason(page, one)]:
        found.append(f"the page does not show why {', '.join(hidden)} withdrew: it stands here among the words")
    if affiliated := [one.signatory.name for one in _entries(page) if one.signatory.affiliation]:
        found.append(
            f"what stands beside {', '.join(affiliated)} was signed by nobody: only {publisher.name} says for "
            "whom they speak"
        )
    return found


def _imitating(page: Final, publisher: Verifier, trusted: Trusted | None) -> list[str]:
    """Words that a reader would take for what the page itself says of its members."""
    said = [page.text, *(quote.words for quote in page.quotes), *(one.words for one in _entries(page))]
    headings = _headings()
    lines = sorted(
        {line.strip() for words_ in said for line in words_.splitlines() if imitation.is_heading(line, headings)}
    )
    found = []
    if lines:
        found.append(f"“{lines[0]}” stands within the words themselves, and reads like this page's own: names that "
                     "stand below it there signed nothing")  # fmt: skip
    known = {key.name for _, key in named(trusted or ()) if key != publisher}
    names = imitation.looks({*known, *(one.signatory.name for one in _entries(page)), *(q.name for q in page.quotes)})
    if name := _named_by_others(page, names):
        found.append(f"{name} is named within words that it did not say or sign: what stands there is not its own")
    found += [
        f"the words of {name} end the quotation marks around them: all that follows is still what {name} says"
        for words_, name in [
            *((one.words, one.signatory.name) for one in _entries(page)),
            *((quote.words, quote.name) for quote in page.quotes),
        ]
        if imitation.closes(words_)
    ]
    found += [
        f"the words of {one.signatory.name} hold a sign that nobody sees: they may be read as others"
        for one in _entries(page) if unseen(one.words) >= 0
    ]  # fmt: skip
    return found + _beside_it(page, publisher, names)


def _named_by_others(page: Final, names: Mapping[str, str]) -> str:
    """The first of these names that words give which are not its own: a text or a quote as a list does, and the words
    beside a name in whatever way, since they stand on the line on which members are listed."""
    lists = [(page.text, _under(page))]
    lists += [(f"{q.words}\n{q.spokesperson}, {q.role}", {skeleton(q.name)}) for q in page.quotes]
    for words_, own in lists:
        listed = (name for line in words_.splitlines() for name in imitation.listed(line, names))
        if name := next((name for name in listed if skeleton(name) not in own), ""):
            return name
    for q in page.quotes:  # who says it stands on a line of its own, where any name is read as that of who speaks
        if name := imitation.naming(f"{q.spokesperson}, {q.role}", names, own=q.name):
            return name
    for one in _entries(page):
        if one.words and (name := imitation.naming(one.words, names, own=one.signatory.name)):
            return name
    return ""


def _under(page: Final) -> set[str]:
    """Whom a text may list without a doubt, by what the names look like: who signed it; of a translation, who approved
    it, and whom the original that they signed lists as well."""
    if not page.original:
        return {skeleton(one.signatory.name) for one in page.signed}
    names = imitation.looks([one.signatory.name for one in page.signed])
    alike = {skeleton(name) for line in page.original.splitlines() for name in imitation.listed(line, names)}
    return alike | {skeleton(name) for name in page.approved_by}


def _beside_it(page: Final, publisher: Verifier, names: Mapping[str, str]) -> list[str]:
    """What only the publisher says, where it is more than a country's or a translator's name."""
    countries = {one.signatory.country for one in _entries(page) if one.signatory.country}
    found = [
        f"“{one}” is no country that we know, and stands beside a name: only {publisher.name} says so"
        for one in sorted(countries)
        if not imitation.is_country(one)
    ]
    more = len(page.translator) > 100 or set(page.translator) & set(':：;“”"')
    approved = {skeleton(name) for name in page.approved_by}
    named = imitation.naming(page.translator, names, own="") if skeleton(page.translator) not in approved else ""
    if more or named:
        found.append(f"“{page.translator}” stands where the translator is named: only {publisher.name} says so")
    return found


_OURS = ("signed_by", "signed_and_approved", "abstained", "withdrew", "quotes", "check", "block", "fingerprint")


@cache
def _headings() -> frozenset[str]:
    return frozenset(skeleton(one) for key in _OURS for one in words()[key].values())


def _translated(page: Final, failures: list[str], unproved: list[str]) -> None:
    """A translation says so, and names of those who did not approve it stand under the original alone. On pages of
    the first form they stand under the translation too, which they never signed."""
    if bool(page.original) != bool(page.translator) or bool(page.original) != bool(page.original_language):
        failures.append("the page does not say whether this text is a translation, of what, and by whom")
    elif page.original:
        checked_text(page.original.encode())
        checked_name(page.translator)
    elif page.approvals:
        failures.append("somebody approves a translation, and the page shows none")
    approved = {label for label, _, _ in page.approvals}
    others = sum(one.label not in approved for one in page.signed) if page.original else 0
    if page.format == FORMAT_BEFORE and others:
        unproved.append(
            f"{others} of the names stand under a translation that they did not approve: what they signed "
            "is the original"
        )


def _translation(page: Final) -> dict[str, JSON] | None:
    """Of a translation: both digests, and who approved it. Names of others stand under the original alone."""
    if not page.original:
        return None
    approved: list[JSON] = list(page.approved_by)
    return {"sha256": Digest.of(page.text.encode()).hex, "of": Digest.of(page.original.encode()).hex,
            "original_language": page.original_language, "approved_by": approved}  # fmt: skip


def _signed(page: Final, digest: Digest, spoke: Speakers, failures: list[str], unproved: list[str]) -> tuple[int, int]:
    """Each name against its note or its paper; how many stand by key, and how many on paper."""
    by_key = on_paper = 0
    labels = [one.label for one in _entries(page)]
    if len(set(labels)) != len(labels):
        failures.append("a member stands twice")
    said_ = [(one, choice) for choice, some in (("with us", page.signed), ("withdraws", page.withdrawn),
                                                ("abstains", page.abstained)) for one in some]  # fmt: skip
    for one, wanted in said_:
        counts = wanted == "with us"
        if one.paper is not None:
            on_paper += counts
            spoke.show(one.label, one.signatory.name)
            if not one.paper.get("confirmed_by") or one.paper["confirmed_by"] == one.paper.get("recorded_by"):
                failures.append(f"{one.signatory.name}: on paper, and nobody but its recorder confirmed it")
            continue
        try:
            key = Verifier.parse(one.key)
            spoke.add(one.label, one.signatory.name, key)
            said = SignOn.read(one.note.encode(), Keys.of({one.label: key}))
            if (said.statement, said.choice) != (page.statement, wanted):
                raise NotVerified(
                    "the note says “{choice}” to {statement}", choice=said.choice, statement=said.statement
                )
            if wanted != "withdraws" and (said.digest != digest or said.language != page.signed_language):
                raise NotVerified("the note is under another text")
            if wanted == "withdraws" and said.digest != digest:
                unproved.append(
                    f"{one.signatory.name} withdrew from another text than this one: of this one it says nothing"
                )
            if said.words != one.words:
                raise NotVerified("other words stand beside it than it signed")
            if f"{said.at:%Y-%m-%dT%H:%M:%SZ}" != one.at:
                raise NotVerified("the note bears another date")
            by_key += counts
        except CorroborateError as error:
            failures.append(f"{one.signatory.name}: {error}")
    return by_key, on_paper


def _quotes(page: Final, digest: Digest, spoke: Speakers, failures: list[str], unproved: list[str]) -> None:
    for quote in page.quotes:
        try:
            spoke.add(quote.label, checked_name(quote.name), Verifier.parse(quote.key))
            checked_text(quote.words.encode())
            if broken(quote.spokesperson) or broken(quote.role):
                raise NotVerified("who speaks is not told on one line")
            if not _quote(page, quote, digest):
                unproved.append(
                    f"the quote of {quote.spokesperson}, {quote.name}, was approved for a statement of this name, and "
                    "nobody signed that it is beside this text"
                )
        except CorroborateError as error:
            failures.append(f"quote of {quote.spokesperson}: {error}")


def _approvals(page: Final, digest: Digest, spoke: Speakers, failures: list[str]) -> None:
    names = {one.label: one.signatory.name for one in page.signed}
    if len({label for label, _, _ in page.approvals}) != len(page.approvals):
        failures.append("a member approves twice")
    for label, vkey, note in page.approvals:
        try:
            if label not in names:  # its name would be whatever the publisher writes
                raise NotVerified("it is none of those who signed")
            spoke.add(label, names[label], Verifier.parse(vkey))
            approved = read_declaration(note.encode(), "translation", Keys.of({label: Verifier.parse(vkey)}))
            wanted = {
                "choice": "approves",
                "statement": page.statement,
                "language": page.language,
                "sha256": Digest.of(page.text.encode()).hex,
                "of": digest.hex,
            }
            if dict(approved.fields) != wanted:
                raise NotVerified("approves another translation")
        except CorroborateError as error:
            failures.append(f"approval of {label}: {error}")


def _quote(page: Final, quote: Spoken, digest: Digest) -> bool:
    """Whether its member approved it beside this very text; an earlier version's note names the statement alone.
    Raises NotVerified where it is not approved at all, or beside another text."""
    said = read_declaration(quote.note.encode(), "quote", Keys.of({quote.label: Verifier.parse(quote.key)}))
    words_ = Quote(quote.label, quote.spokesperson, quote.role, quote.words)
    beside = replace(words_, of=digest.hex)
    if said.choice != "approves" or said.fields["sha256"] not in (words_.digest.hex, beside.digest.hex):
        raise NotVerified("these are not the words that were approved, or it was beside another text")
    if said.fields["statement"] != page.statement or said.fields["spokesperson"] != quote.spokesperson:
        raise NotVerified("it was approved for another statement or spokesperson")
    return said.fields["sha256"] == beside.digest.hex
