"""Words in the reader's language, by gettext. English stands in the code, each other language in PO files.

Each of our packages has a folder ``locale/LANGUAGE/ROOM.po``. A page's words have their key as context (``msgctxt``),
which tells two uses of one English word apart; sentences of errors and results have none. What a translator has not
written yet, or has marked as doubtful (fuzzy), is shown in English.

A sentence keeps its places apart from what stands in them until it is shown: ``no case {name}`` and ``name``. So a
translator has whole sentences, and nobody has to recognise an English one by its form.
"""

import json
import os
from collections.abc import Mapping, Sequence
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
NO_READER = "No native reader has seen this yet."  # a comment of an entry, until somebody has
Catalogue = Mapping[tuple[str, str], str]  # (context or "", English) -> translation


class Sentence(str):
    """A sentence in English that knows its places: shown as it is, it is English; ``in_language`` puts it in another.

    ``text``: with places in braces; ``values``: what stands in them, which may be sentences themselves.
    """

    __slots__ = ("text", "values")
    text: str
    values: Mapping[str, object]

    def __new__(cls, text: str, /, **values: object) -> "Sentence":
        made = super().__new__(cls, text.format(**values) if values else text)
        made.text, made.values = text, MappingProxyType(values)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.text, dict(self.values))

    def filled(self, **values: object) -> "Sentence":
        """The same sentence with something in its places, where it stands in a table without."""
        return Sentence(self.text, **values)

    def without_quoted(self, instead: "Unquoted") -> "Sentence":
        """The sentence without what it quotes (``{place!r}``), within the sentences that stand in it as well."""
        quoted = {name for _, name, _, how in Formatter().parse(self.text) if how == "r"}
        return Sentence(self.text, **{
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


def together(parts: Sequence[str], between: str = "; ") -> str:
    """Sentences one after another, as one."""
    if len(parts) == 1:
        return parts[0]
    names = [f"part{number}" for number, _ in enumerate(parts)]
    return Sentence(between.join(f"{{{name}}}" for name in names), **dict(zip(names, parts, strict=True)))


def as_json(said: str) -> str | dict[str, object]:
    """A sentence for another process or a later day: its ``text`` and ``values``; other words as they are."""
    if not isinstance(said, Sentence):
        return said
    kept: dict[str, object] = {
        "text": said.text,
        "values": {
            name: as_json(one) if isinstance(one, Sentence) else plain(one) for name, one in said.values.items()
        },
    }
    return {**kept, "unquoted": True} if isinstance(said, Unquoted) else kept


def of_json(kept: object) -> str:
    """The sentence that ``as_json`` wrote."""
    if not isinstance(kept, dict):
        return kept if isinstance(kept, str) else str(kept)
    if kept.get("unquoted"):
        return Unquoted(str(kept["text"]))
    values = {name: of_json(one) if isinstance(one, dict) else one for name, one in kept["values"].items()}
    return Sentence(str(kept["text"]), **values)


def written(said: str) -> str:
    """A sentence as text that ``read_back`` reads: JSON, so that it can be said in another language later."""
    return json.dumps(as_json(said), ensure_ascii=False, sort_keys=True) if isinstance(said, Sentence) else said


def read_back(text: str) -> str:
    """What ``written`` wrote; other text as it is."""
    return of_json(json.loads(text)) if text.startswith('{"text": ') else text


def label_of(labels: Mapping[str, str], language: str) -> str:
    """A label in a language: as the vocabulary has it, else by the PO files, else in English."""
    return labels[language] if language in labels else in_language(labels["en"], language)


@runtime_checkable
class CarriesSentence(Protocol):
    """What says one when it is shown: an error of ours."""

    sentence: Sentence


def _again(text: str, values: Mapping[str, object]) -> Sentence:
    return Sentence(text, **values)


@cache
def catalogue(package: str, room: str, language: str) -> Catalogue:
    """What a room's PO file says. Empty where there is none."""
    file = resources.files(package) / "locale" / language / f"{room}.po"
    if not file.is_file():
        return {}
    entries = polib.pofile(file.read_text(encoding="utf-8"))
    return {
        (one.msgctxt or "", one.msgid): one.msgstr
        for one in entries
        if one.msgstr and not one.fuzzy and not one.obsolete
    }


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
            if other is not None:
                return other, self.language
        return own[found], "en"

    def get(self, key: str, default: str) -> str:
        """The words, or ``default`` where there are none."""
        try:
            return self[key]
        except KeyError:
            return default


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Every sentence of every room: English -> the language."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        folder = _folder(package, language)
        for room in folder:
            found |= {
                text: other for (context, text), other in catalogue(package, room, language).items() if not context
            }
    return found


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
    shape = sentences(language).get(text.text, text.text)
    return shape.format(**{name: _value(one, language) for name, one in text.values.items()}) if text.values else shape


def _value(value: object, language: str) -> object:
    said = value.sentence if isinstance(value, CarriesSentence) else value
    if isinstance(said, Unquoted):
        return Unquoted(in_language(str(said.text), language))
    return in_language(said, language) if isinstance(said, Sentence) else value


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
            found[str(one)] = {"text": one.text, "values": {name: plain(each) for name, each in one.values.items()}}
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
