"""Words in the reader's language, by gettext. English stands in the code, each other language in PO files.

Each of our packages has a folder ``locale/LANGUAGE/ROOM.po``. A page's words have their key as context (``msgctxt``),
which tells two uses of one English word apart; sentences of errors and results have none. What a translator has not
written yet, or has marked as doubtful (fuzzy), is shown in English.

A sentence keeps its places apart from what stands in them until it is shown: ``no case {name}`` and ``name``. So a
translator has whole sentences, and nobody has to recognise an English one by its form.
"""

import gettext
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from numbers import Integral, Real
from string import Formatter
from types import MappingProxyType
from typing import Protocol, cast, runtime_checkable

import polib
import yaml

PACKAGES = ("corroborate", "corroborate_node", "corroborate_cli")
COMPLETE = (("en", "English"), ("ko", "한국어"), ("ja", "日本語"), ("es", "Español"))  # a test holds them complete
BEGUN = (("ar", "العربية"), ("fa", "فارسی"))  # offered once somebody has made their folder
LANGUAGES = (*COMPLETE, *(one for one in BEGUN if (resources.files(__package__) / "locale" / one[0]).is_dir()))
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
# How many forms a number's word has, and which: the rule of the PO file's heading, as GNU gettext writes it.
PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "ko": "nplurals=1; plural=0;",
    "ja": "nplurals=1; plural=0;",
    "es": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "fa": "nplurals=2; plural=(n > 1);",
}
NUMBER = "1,234.5"  # how a number is written; the PO files say how each language writes this one
NO_READER = "No native reader has seen this yet."  # a comment of an entry, until somebody has
READ_BY = "Read by "  # begins the comment that takes its place: who read it, and on which day
Catalogue = Mapping[tuple[str, str], str | tuple[str, ...]]  # (context or "", English) -> translation, or its forms


class Sentence(str):
    """A sentence in English that knows its places: shown as it is, it is English; ``in_language`` puts it in another.

    ``text``: with places in braces; for a sentence that counts, two of them, the one for 1 first, as gettext has
    them. ``values``: what stands in the places, which may be sentences themselves. The first number among the places
    is the one that is counted.
    """

    __slots__ = ("one", "text", "values")
    one: str  # for 1, where the sentence counts; else empty
    text: str
    values: Mapping[str, object]

    def __new__(cls, text: str | tuple[str, str], /, **values: object) -> "Sentence":
        one, more = text if isinstance(text, tuple) else ("", text)
        shape = one if one and counted_in(more, values) == 1 else more
        made = super().__new__(cls, shape.format(**values) if values else shape)
        made.one, made.text, made.values = one, more, MappingProxyType(values)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.shapes, dict(self.values))

    @property
    def shapes(self) -> str | tuple[str, str]:
        """What it was made of."""
        return (self.one, self.text) if self.one else self.text

    def filled(self, **values: object) -> "Sentence":
        """The same sentence with something in its places, where it stands in a table without."""
        return Sentence(self.shapes, **values)

    def without_quoted(self, instead: "Unquoted") -> "Sentence":
        """The sentence without what it quotes (``{place!r}``), within the sentences that stand in it as well."""
        quoted = {name for _, name, _, how in Formatter().parse(self.text) if how == "r"}
        return Sentence(self.shapes, **{
            name: instead if name in quoted else one.without_quoted(instead) if isinstance(one, Sentence) else one
            for name, one in self.values.items()
        })  # fmt: skip


class Unquoted(Sentence):
    """What stands without quotation marks where a sentence quotes."""

    __slots__ = ()

    def __new__(cls, text: str, /, **values: object) -> "Unquoted":
        return cast("Unquoted", super().__new__(cls, text, **values))

    def __repr__(self) -> str:
        return str(self)

    def __reduce__(self) -> tuple[object, ...]:
        return Unquoted, (self.text,)


def counted(number: int, one: str, more: str) -> Sentence:
    """A number with its word: 1 person, 2 people. The words as literals: a program finds them for translators."""
    return Sentence((f"{{n:,}} {one}", f"{{n:,}} {more}"), n=number)


def counted_in(text: str, values: Mapping[str, object]) -> int | None:
    """The number that a sentence counts: the first of its places that holds one; else the first with one in digits,
    as a page has written it out."""
    named = [values[name] for _, name, _, _ in Formatter().parse(text) if name and name in values]
    for value in named:
        if isinstance(value, Integral) and not isinstance(value, bool):
            return int(value)
    for value in named:
        if isinstance(value, str) and _WRITTEN_OUT.fullmatch(value):
            return int("".join(filter(str.isdecimal, value)))
    return None


_WRITTEN_OUT = re.compile("[0-9]+|[0-9]{1,3}(?:[,.\u00a0\u202f][0-9]{3})+")


def together(parts: Sequence[str], between: str = "; ") -> str:
    """Sentences one after another, as one."""
    if len(parts) == 1:
        return parts[0]
    names = [f"part{number}" for number, _ in enumerate(parts)]
    return Sentence(between.join(f"{{{name}}}" for name in names), **dict(zip(names, parts, strict=True)))


def as_json(said: str) -> str | dict[str, object]:
    """A sentence for another process or a later day: its ``text`` (``one`` for 1) and ``values``; other words as they
    are."""
    if not isinstance(said, Sentence):
        return said
    kept: dict[str, object] = {
        "text": said.text,
        **({"one": said.one} if said.one else {}),
        "values": {
            name: as_json(one) if isinstance(one, Sentence) else plain(one) for name, one in said.values.items()
        },
    }
    return {**kept, "unquoted": True} if isinstance(said, Unquoted) else kept


def of_json(kept: object) -> str:
    """The sentence that ``as_json`` wrote. What another hand wrote in its form is text: its places are names and
    nothing that looks into what stands there, and each has a value."""
    if not isinstance(kept, dict):
        return kept if isinstance(kept, str) else str(kept)
    text, one, given = (kept.get(name) for name in ("text", "one", "values"))
    if not isinstance(text, str) or not (one is None or isinstance(one, str)) or not isinstance(given or {}, dict):
        return json.dumps(kept, ensure_ascii=False)
    if kept.get("unquoted"):
        return Unquoted(text)
    values = {name: of_json(each) if isinstance(each, dict) else each for name, each in (given or {}).items()}
    try:
        if not all(_plain(shape, values) for shape in (text, one or "")):
            return text
        return Sentence((one, text) if one else text, **values)
    except (ValueError, TypeError):  # braces that do not close, a number's form for a word
        return text


def _plain(shape: str, values: Mapping[str, object]) -> bool:
    """Whether each place of a sentence is the name of a value, written in no odd way."""
    named = [(name, how or "") for _, name, how, _ in Formatter().parse(shape) if name is not None]
    return all(name in values and name.isidentifier() and _HOW.fullmatch(how) for name, how in named)


_HOW = re.compile(r"[<>^]?[+#]?[0-9]{0,2}[,_]?(?:\.[0-9]{1,2})?[a-zA-Z%]?|(?:%[YmdHMS][-: /.]?){1,6}")


def written(said: str) -> str:
    """A sentence as text that ``read_back`` reads: JSON, so that it can be said in another language later. Words of a
    person's own that look like one are kept as words."""
    if isinstance(said, Sentence):
        return json.dumps(as_json(said), ensure_ascii=False, sort_keys=True)
    return json.dumps({"text": "{said}", "values": {"said": said}}) if said.startswith(_KEPT) else said


def read_back(text: str) -> str:
    """What ``written`` wrote; other text as it is."""
    if not text.startswith(_KEPT):
        return text
    try:
        return of_json(json.loads(text))
    except ValueError:
        return text


_KEPT = ('{"text": ', '{"one": ', '{"unquoted": ')  # how ``written`` begins, whose keys are sorted


def label_of(labels: Mapping[str, str], language: str) -> str:
    """A label in a language: as the vocabulary has it, else by the PO files, else in English."""
    return labels[language] if language in labels else in_language(labels["en"], language)


@runtime_checkable
class CarriesSentence(Protocol):
    """What says one when it is shown: an error of ours."""

    sentence: Sentence


def _again(text: str | tuple[str, str], values: Mapping[str, object]) -> Sentence:
    return Sentence(text, **values)


@cache
def catalogue(package: str, room: str, language: str) -> Catalogue:
    """What a room's PO file says. Empty where there is none."""
    file = resources.files(package) / "locale" / language / f"{room}.po"
    if not file.is_file():
        return {}
    entries = polib.pofile(file.read_text(encoding="utf-8"))
    found: dict[tuple[str, str], str | tuple[str, ...]] = {}
    for one in entries:
        if one.fuzzy or one.obsolete:
            continue
        if one.msgid_plural:
            forms = tuple(one.msgstr_plural[number] for number in sorted(one.msgstr_plural))
            if forms and all(forms):
                found[one.msgctxt or "", one.msgid_plural] = forms
        elif one.msgstr:
            found[one.msgctxt or "", one.msgid] = one.msgstr
    return found


@cache
def english(package: str, room: str) -> Mapping[str, str]:
    """The English words of a room by their keys: its ``words.yaml``."""
    text = resources.files(f"{package}.{room}").joinpath("words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, str] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


class RoomWords:
    """A room's words by their keys, in a language: ``words["key"]``, ``words.key`` in a template. English where the
    language lacks them. ``beyond``: another room's, for keys that this one has not."""

    def __init__(self, language: str, package: str, room: str, beyond: "RoomWords | None" = None) -> None:
        self.language, self.package, self.room, self.beyond = language, package, room, beyond

    def __getitem__(self, key: str) -> str:
        return self.said(key)[0]

    def said(self, key: str) -> tuple[str, str]:
        """The words and the language they are in. Raises KeyError."""
        own, asked = english(self.package, self.room), key.replace(" ", "_")
        found = asked if asked in own else key
        if found not in own:
            if self.beyond is None:
                raise KeyError(key)
            return self.beyond.said(key)
        if self.language != "en":
            other = catalogue(self.package, self.room, self.language).get((found, own[found]))
            if isinstance(other, str):
                return other, self.language
        return own[found], "en"

    def get(self, key: str, default: str) -> str:
        """The words, or ``default`` where there are none."""
        try:
            return self[key]
        except KeyError:
            return default


@cache
def _shapes(language: str) -> Mapping[str, str | tuple[str, ...]]:
    """Every sentence of every room: English -> the language, in the forms of its plural where it counts."""
    found: dict[str, str | tuple[str, ...]] = {}
    for package in PACKAGES:
        folder = _folder(package, language)
        for room in folder:
            found |= {
                text: other for (context, text), other in catalogue(package, room, language).items() if not context
            }
    return found


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Every sentence of every room: English -> the language. Of one that counts, as it is said of many."""
    return {text: other if isinstance(other, str) else other[-1] for text, other in _shapes(language).items()}


def _folder(package: str, language: str) -> list[str]:
    try:
        folder = resources.files(package) / "locale" / language
    except ModuleNotFoundError:  # the library stands without the node
        return []
    if not folder.is_dir():
        return []
    return sorted(one.name.removesuffix(".po") for one in folder.iterdir() if one.name.endswith(".po"))


def in_language(text: str, language: str) -> str:
    """A sentence in a language; English where that has no words for it. Values that are sentences follow."""
    if language == "en":
        return str(text)
    if not isinstance(text, Sentence):
        return sentences(language).get(text, text)
    shape = _form(_shapes(language).get(text.text, text.shapes), counted_in(text.text, text.values), language)
    return filled_in(shape, text.values, language) if text.values else shape


class _Filled(Formatter):
    """Fills the places of a sentence, with numbers as a language writes them."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: object, format_spec: str) -> str:
        written = str(super().format_field(value, format_spec))
        digits = isinstance(value, Real) and not isinstance(value, bool)
        return number_in(written, self.language) if digits else written


def filled_in(shape: str, values: Mapping[str, object], language: str) -> str:
    """A sentence of a language with what stands in its places. A number without a form of its own (a year, a version)
    has no mark of thousands to begin with."""
    return _Filled(language).vformat(shape, (), {name: _value(one, language) for name, one in values.items()})


def number_in(written: str, language: str) -> str:
    """A number that is written as English writes it, with the marks of a language: 2,215.5 -> 2.215,5 in Spanish."""
    return written if language == "en" else with_marks(written, sentences(language).get(NUMBER, NUMBER))


def with_marks(written: str, example: str) -> str:
    """A number with the marks that stand in ``example``, which is ``NUMBER`` as a language writes it."""
    if len(example) != len(NUMBER):
        return written
    return written.translate({ord(","): example[1], ord("."): example[5]})


def _form(said: str | tuple[str, ...], number: int | None, language: str) -> str:
    """Of a translation: the form that a number asks for; the last one where there is none."""
    if isinstance(said, str):
        return said
    if number is None or len(said) == 1:
        return said[-1]
    return said[min(_rule(language)(abs(number)), len(said) - 1)]


@cache
def _rule(language: str) -> Callable[[int], int]:
    """Which form, by number: the heading's rule, read by the standard library."""
    made: Callable[[int], int] = gettext.c2py(
        PLURALS.get(language, PLURALS["en"]).rpartition("plural=")[2].rstrip("; ")
    )
    return made


def _value(value: object, language: str) -> object:
    said = value.sentence if isinstance(value, CarriesSentence) else value
    if isinstance(said, Unquoted):
        return Unquoted(in_language(str(said.text), language))
    return in_language(said, language) if isinstance(said, Sentence) else value


def shape_of(text: str, values: Mapping[str, object], language: str) -> str:
    """A sentence with its places, as a language says it of these values. Raises KeyError where it has no words. What
    is nothing but places (sentences ``together``) is the same in every language."""
    if not any(letter.isalpha() for bare, _, _, _ in Formatter().parse(text) for letter in bare):
        return text
    return _form(_shapes(language)[text], counted_in(text, values), language)


def places(document: object) -> dict[str, dict[str, object]]:
    """What stands in the places of each sentence of a JSON document: English as it is shown -> its ``text`` and
    ``values``, which are JSON too. A document that keeps this beside itself can be put into words later."""
    found: dict[str, dict[str, object]] = {}
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, CarriesSentence):
            waiting.append(one.sentence)
        elif isinstance(one, Sentence) and one.values:
            found[str(one)] = {
                "text": one.text,
                **({"one": one.one} if one.one else {}),
                "values": {name: plain(each) for name, each in one.values.items()},
            }
            waiting += one.values.values()
    return found


def plain(value: object) -> str | int | float:
    """A value of a sentence as JSON: a number stays one, so that a translation may write it otherwise."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    return int(value) if isinstance(value, Integral) else float(value)


def known(text: str, language: str) -> bool:
    """Whether a language has words for a sentence."""
    shape = text.text if isinstance(text, Sentence) else text
    return language == "en" or shape in sentences(language)


def of_environment(environment: Mapping[str, str] = os.environ) -> str:
    """The language of whoever types commands: ``CORROBORATE_LANGUAGE``, else that of the terminal (``LC_ALL``,
    ``LC_MESSAGES``, ``LANG``), else English."""
    codes = {code for code, _ in LANGUAGES}
    for name in ("CORROBORATE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            code = value.replace("-", "_").split("_")[0].split(".")[0].lower()
            return code if code in codes else "en"
    return "en"
