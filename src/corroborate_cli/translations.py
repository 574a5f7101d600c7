"""Keep the PO files in step with the code, and say what a language lacks.

    python -m corroborate_cli.translations            write every PO file anew from the code; keep what was translated
    python -m corroborate_cli.translations --missing  list what has no translation, by language and room; exit 1 if any
    python -m corroborate_cli.translations --reference print docs/reference/translations.md

An entry whose English changed keeps its translation and is marked fuzzy: English is shown until somebody has looked.
What the code no longer says is left out.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polib
import yaml

from corroborate import translation
from corroborate.translation import LANGUAGES, NO_READER

SOURCES = Path(translation.__file__).parents[1]
ROOMS_OF_TWO = ("coalition", "core")  # rooms of the node with rooms of their own
# Where a sentence stands: name of what is called -> which of its arguments it is. Errors end in none of these.
SAYS = {"Sentence": 0, "_refused": 0, "Question": 1}
SAYS_IN = {"corroborate_cli": {"say": 0, "worded": 0}, "figures": {"said": 1}}  # in a package or room alone
SHOWN = ("dossier", "site")  # rooms of the library whose words.yaml is shown; others are read in lists
ALONE = ("verify.py",)  # travels in packages and speaks English


_PAGE = """# What is translated

English stands in the code. Korean, Japanese and Spanish stand in PO files, one a room:
`src/PACKAGE/locale/LANGUAGE/ROOM.po`. How to change one: [translate](../how-to/translate.md).

*Unread*: translations that no native reader has seen yet. They were written by the people who wrote the code. Whoever
reads the language and finds a sentence right takes the comment `No native reader has seen this yet.` out of its entry.

| room | sentences | ko | unread | ja | unread | es | unread |
|---|--:|--:|--:|--:|--:|--:|--:|
{rows}
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence or a word of a page. ``key``: of a page's word, empty for a sentence."""

    text: str
    key: str = ""


def errors(tree: ast.Module) -> set[str]:
    """Names that are raised in a module."""
    raised = (one.exc for one in ast.walk(tree) if isinstance(one, ast.Raise))
    return {one.func.id for one in raised if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}


def sentences(path: Path) -> Iterator[str]:
    """What a module says to people: errors, what to do about them, and sentences."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    says = {**dict.fromkeys(errors(tree), 0), **SAYS}
    for place, more in SAYS_IN.items():
        says |= more if place in path.parts else {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Call):
            name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
            at = says.get(name, 0 if name.startswith("Not") or name.endswith(("Value", "Refused")) else -1)
            if 0 <= at < len(one.args) and (text := _text(one.args[at])):
                yield text
            if name == "Table" and "corroborate_cli" in path.parts:
                yield from filter(None, map(_text, one.args))
            if name == "counted" and len(one.args) == 3:
                yield from (f"{{n:,}} {each}" for each in map(_text, one.args[1:]) if each)
        elif isinstance(one, ast.Assign) and _remedies(one) and (text := _text(one.value)):
            yield text


_IN_TEMPLATE = re.compile(r"{%-? *(say|table|fact|form|press|pager|nothing_yet|badge|with) +(.*?)-?%}", re.S)
_QUOTED = re.compile(r'(?:(?<=\s)|^|(?<=\blabel=)|(?<=\btext=))"([^"]*)"')
_FILTERED = re.compile(r'{{ *"([^"]+)"\|in_words:')


def in_template(path: Path) -> Iterator[str]:
    """What stands in English in a template: sentences, and what the components say."""
    text = path.read_text(encoding="utf-8")
    yield from _FILTERED.findall(text)
    for tag, arguments in _IN_TEMPLATE.findall(text):
        said = _QUOTED.findall(arguments)
        if tag == "badge":  # its first word is a shape
            said = said[1:]
        yield from (one for one in said if any(letter.isalpha() for letter in one))


def _remedies(one: ast.Assign) -> bool:
    names = (each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in one.targets)
    return any(name == "remedy" or name.endswith("_AGAIN") for name in names)


def _text(one: ast.expr) -> str:
    text = one.value if isinstance(one, ast.Constant) else None
    return text if isinstance(text, str) and any(letter.isalpha() for letter in text) else ""


def room_of(path: Path, package: str) -> str:
    """The room in whose PO file a module's sentences stand."""
    parts = path.relative_to(SOURCES / package).parts
    if package == "corroborate_cli":
        return "demonstration" if len(parts) > 1 else "commands"
    if len(parts) == 1:
        return "library" if package == "corroborate" else "node"
    if package == "corroborate_node" and parts[0] in ROOMS_OF_TWO and len(parts) > 2 and _has_words(path.parent):
        return f"{parts[0]}.{parts[1]}"
    return parts[0]


def _labels(package: str) -> Iterator[tuple[str, str]]:
    """What vocabularies and the table of roles call things, where they lack a language themselves: room and English."""
    if package == "corroborate":
        for name in ("violations", "crimes", "standards", "procedures"):
            path = SOURCES / package / "vocabulary" / f"{name}.yaml"
            yield from (("vocabulary", text) for text in _lacking_in(path))
    if package == "corroborate_node":
        path = SOURCES / package / "core" / "permissions.yaml"
        yield from (("core.access", text) for text in _lacking_in(path))


def _lacking_in(path: Path) -> Iterator[str]:
    waiting = [yaml.safe_load(path.read_text(encoding="utf-8"))]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            if isinstance(one.get("en"), str) and not {code for code, _ in LANGUAGES} <= set(one):
                yield one["en"]
            if "kind" in one and isinstance(one.get("text"), str):  # an element of a crime
                yield one["text"]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _has_words(folder: Path) -> bool:
    return (folder / "words.yaml").is_file() and "locale" not in folder.parts


def messages(package: str) -> dict[str, list[Message]]:
    """What each room of a package says, in the order of its files."""
    found: dict[str, dict[Message, None]] = {}
    for words in sorted((SOURCES / package).rglob("words.yaml")):
        room = ".".join(words.parent.relative_to(SOURCES / package).parts)
        if package == "corroborate" and room not in SHOWN:
            continue
        for key, text in translation.english(package, room).items():
            found.setdefault(room, {})[Message(text, str(key))] = None
    for labels in sorted((SOURCES / package).rglob("labels.yaml")):
        room = ".".join(labels.parent.relative_to(SOURCES / package).parts)
        for text in yaml.safe_load(labels.read_text(encoding="utf-8")):
            found.setdefault(room, {})[Message(text)] = None
    for room, text in _labels(package):
        found.setdefault(room, {})[Message(text)] = None
    for path in sorted((SOURCES / package).rglob("templates/**/*.html")) if package == "corroborate_node" else ():
        for text in in_template(path):
            found.setdefault(room_of(path, package), {})[Message(text)] = None
    for path in sorted((SOURCES / package).rglob("*.py")):
        if path.name in ALONE or "migrations" in path.parts:
            continue
        for text in sentences(path):
            found.setdefault(room_of(path, package), {})[Message(text)] = None
    return {room: list(each) for room, each in sorted(found.items())}


def merged(before: polib.POFile | None, said: list[Message], language: str) -> polib.POFile:
    """A PO file of what a room says now, with what was translated before."""
    made = polib.POFile(wrapwidth=0)
    made.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    old = {(one.msgctxt or "", one.msgid): one for one in before or ()}
    by_key = {one.msgctxt: one for one in before or () if one.msgctxt}
    for one in said:
        kept = old.get((one.key, one.text))
        entry = polib.POEntry(msgctxt=one.key or None, msgid=one.text)
        if kept is not None:
            entry.msgstr, entry.flags, entry.tcomment = kept.msgstr, kept.flags, kept.tcomment
        elif (other := by_key.get(one.key)) is not None and other.msgstr:
            entry.msgstr, entry.tcomment, entry.flags = other.msgstr, other.tcomment, ["fuzzy"]
        made.append(entry)
    return made


def _po(package: str, language: str, room: str) -> Path:
    return SOURCES / package / "locale" / language / f"{room}.po"


def lacking(package: str, language: str) -> Mapping[str, list[Message]]:
    """By room: what a language has no words for."""
    found: dict[str, list[Message]] = {}
    for room, said in messages(package).items():
        known = translation.catalogue(package, room, language)
        if missing := [one for one in said if (one.key, one.text) not in known]:
            found[room] = missing
    return found


def unread(path: Path) -> int:
    """How many translations of a PO file no native reader has seen."""
    return sum(one.tcomment == NO_READER for one in polib.pofile(str(path)) if one.msgstr)


def reference() -> str:
    """The page of the documentation that says what is translated, and what of it a native reader has seen."""
    rows = []
    for package in translation.PACKAGES:
        for room, texts in messages(package).items():
            cells = []
            for language, _ in LANGUAGES[1:]:
                path = _po(package, language, room)
                done = len(texts) - len(lacking(package, language).get(room, ()))
                cells.append(f"{done} | {unread(path) if path.is_file() else 0}")
            rows.append(f"| `{package}/{room}` | {len(texts)} | {' | '.join(cells)} |")
    return _PAGE.format(rows="\n".join(rows))


def write() -> None:
    """Write every PO file anew from the code."""
    for package in translation.PACKAGES:
        said = messages(package)
        for language, _ in LANGUAGES[1:]:
            for room, texts in said.items():
                path = _po(package, language, room)
                path.parent.mkdir(parents=True, exist_ok=True)
                before = polib.pofile(str(path)) if path.is_file() else None
                merged(before, texts, language).save(str(path))
            for path in (SOURCES / package / "locale" / language).glob("*.po"):
                if path.stem not in said:
                    path.unlink()


def main() -> int:
    if "--reference" in sys.argv:
        print(reference(), end="")
        return 0
    if "--missing" not in sys.argv:
        write()
        return 0
    missing = 0
    for language, _ in LANGUAGES[1:]:
        for package in translation.PACKAGES:
            for room, texts in lacking(package, language).items():
                missing += len(texts)
                print(f"{language} {package}/{room}: {len(texts)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
