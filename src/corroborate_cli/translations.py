"""Keep the PO files in step with the code, and say what a language lacks.

    python -m corroborate_cli.translations            write every PO file anew from the code; keep what was translated
    python -m corroborate_cli.translations --missing  list what has no translation, by language and room; exit 1 if any
    python -m corroborate_cli.translations --reference print docs/reference/translations.md

An entry whose English changed keeps its translation and is marked fuzzy: English is shown until somebody has looked.
What the code no longer says is left out.
"""

import ast
import inspect
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path

import click
import polib
import yaml

from corroborate import translation
from corroborate.translation import LANGUAGES, NO_READER, READ_BY
from corroborate_cli.helping import AS_TYPED
from corroborate_cli.lazy import Lazy
from corroborate_cli.main import group

SOURCES = Path(translation.__file__).parents[1]
ROOMS_OF_TWO = ("coalition", "core")  # rooms of the node with rooms of their own
# Where a sentence stands: name of what is called -> which of its arguments it is. Errors end in none of these.
SAYS = {"Sentence": 0, "_refused": 0, "Question": 1}
SAYS_IN = {"corroborate_cli": {"say": 0, "worded": 0}, "figures": {"said": 1}}  # in a package or room alone
SHOWN = ("dossier", "site")  # rooms of the library whose words.yaml is shown; others are read in lists
# Fields of a vocabulary that pages show and that are English in it: their translations stand in the PO files.
SHOWN_AS_WRITTEN = {"demands": ("addressee", "note", "by", "judged_by"), "members": ("flag", "region")}
ALONE = ("verify.py",)  # travels in packages and speaks English


_PAGE = """# What is translated

English stands in the code. Korean, Japanese and Spanish stand in PO files, one a room:
`src/PACKAGE/locale/LANGUAGE/ROOM.po`. How to change one: [translate](../how-to/translate.md).

*Unread*: translations that no native reader has seen yet. They were written by the people who wrote the code. Whoever
reads the language and finds a sentence right writes `Read by NAME, DAY` in place of the comment of its entry. An entry
without such a name counts as unread, whatever its comment.

| room | sentences | ko | unread | ja | unread | es | unread |
|---|--:|--:|--:|--:|--:|--:|--:|
{rows}
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence or a word of a page. ``key``: of a page's word, empty for a sentence. ``one``: how it is said of 1,
    where it counts."""

    text: str
    key: str = ""
    one: str = ""


def errors(tree: ast.Module) -> set[str]:
    """Names that are raised in a module."""
    raised = (one.exc for one in ast.walk(tree) if isinstance(one, ast.Raise))
    return {one.func.id for one in raised if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}


def sentences(path: Path) -> Iterator[Message]:
    """What a module says to people: errors, what to do about them, and sentences."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    says = {**dict.fromkeys(errors(tree), 0), **SAYS}
    for place, more in SAYS_IN.items():
        says |= more if place in path.parts else {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Call):
            name = one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")
            at = says.get(name, 0 if name.startswith("Not") or name.endswith(("Value", "Refused")) else -1)
            if 0 <= at < len(one.args):
                yield from _said(one.args[at])
            if name == "Table" and "corroborate_cli" in path.parts:
                yield from chain.from_iterable(map(_said, one.args))
            if name == "counted" and len(one.args) == 3 and all(map(_text, one.args[1:])):
                yield Message(f"{{n:,}} {_text(one.args[2])}", one=f"{{n:,}} {_text(one.args[1])}")
        elif isinstance(one, ast.Assign) and _remedies(one):
            yield from _said(one.value)


_IN_TEMPLATE = re.compile(r"{%-? *(say|table|fact|form|press|pager|nothing_yet|badge|with) +(.*?)-?%}", re.S)
_QUOTED = re.compile(r'(?:(?<=\s)|^|(?<=\blabel=)|(?<=\btext=))"([^"]*)"')
_ONE = re.compile(r'\bone="([^"]*)"')
_FILTERED = re.compile(r'{{ *"([^"]+)"\|in_words:')


def in_template(path: Path) -> Iterator[Message]:
    """What stands in English in a template: sentences, and what the components say."""
    text = path.read_text(encoding="utf-8")
    yield from map(Message, _FILTERED.findall(text))
    for tag, arguments in _IN_TEMPLATE.findall(text):
        said = _QUOTED.findall(arguments)
        if tag == "badge":  # its first word is a shape
            said = said[1:]
        single = _ONE.search(arguments) if tag == "say" else None
        yield from (
            Message(one, one=single[1] if single else "") for one in said if any(letter.isalpha() for letter in one)
        )


def _remedies(one: ast.Assign) -> bool:
    names = (each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in one.targets)
    return any(name == "remedy" or name.endswith("_AGAIN") for name in names)


def _said(one: ast.expr) -> Iterator[Message]:
    """A literal, or two of them: for 1 and for more."""
    if isinstance(one, ast.Tuple) and len(one.elts) == 2 and all(map(_text, one.elts)):
        single, more = map(_text, one.elts)
        yield Message(more, one=single)
    elif text := _text(one):
        yield Message(text)


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
        for name in ("violations", "crimes", "other_law", "standards", "procedures"):
            path = SOURCES / package / "vocabulary" / f"{name}.yaml"
            yield from (("vocabulary", text) for text in _lacking_in(path))
        for name, fields in SHOWN_AS_WRITTEN.items():
            path = SOURCES / package / "vocabulary" / f"{name}.yaml"
            yield from (("vocabulary", text) for text in _written_in(path, fields))
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


def _written_in(path: Path, fields: Collection[str]) -> Iterator[str]:
    """What stands in some fields of a vocabulary, once each."""
    found: dict[str, None] = {}
    waiting = [yaml.safe_load(path.read_text(encoding="utf-8"))]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            found |= dict.fromkeys(one[name] for name in fields if isinstance(one.get(name), str))
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    yield from found


def _has_words(folder: Path) -> bool:
    return (folder / "words.yaml").is_file() and "locale" not in folder.parts


def _helped(command: click.Command, context: click.Context) -> Iterator[str]:
    """The sentences of a command's help, and of those in it."""
    for paragraph in inspect.cleandoc(command.help or "").partition("\f")[0].split("\n\n"):
        if paragraph and not paragraph.startswith(AS_TYPED):
            yield " ".join(paragraph.split())
    for one in command.params:
        if isinstance(one, click.Option) and one.help and not one.hidden and "--help" not in one.opts:
            yield one.help
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        inner = command.get_command(context, name) if isinstance(command, click.Group) else None
        if inner is not None:
            lines = command.places if isinstance(command, Lazy) else {}
            yield lines[name].line if name in lines else inner.get_short_help_str(10_000)
            yield from _helped(inner, click.Context(inner, info_name=name, parent=context))


def _of_click() -> Iterator[Message]:
    """What the library of commands says to people, of the version that is installed."""
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types"):
        path = Path(str(resources.files("click"))) / f"{name}.py"
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(one.func, "id", "") if isinstance(one, ast.Call) else ""
            if called == "_" and isinstance(one, ast.Call):
                yield from _said(one.args[0])
            elif called == "ngettext" and isinstance(one, ast.Call):
                single, more = map(_text, one.args[:2])
                yield Message(more, one=single)


@cache
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
        for message in in_template(path):
            found.setdefault(room_of(path, package), {})[message] = None
    for path in sorted((SOURCES / package).rglob("*.py")):
        if path.name in ALONE or "migrations" in path.parts:
            continue
        for message in sentences(path):
            found.setdefault(room_of(path, package), {})[message] = None
    if package == "corroborate_cli":
        found["help"] = dict.fromkeys(map(Message, _helped(group, click.Context(group))))
        found["click"] = dict.fromkeys(_of_click())
    return {room: list(each) for room, each in sorted(found.items())}


def merged(before: polib.POFile | None, said: list[Message], language: str) -> polib.POFile:
    """A PO file of what a room says now, with what was translated before."""
    made = polib.POFile(wrapwidth=0)
    made.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": translation.PLURALS[language],
    }
    old = {(one.msgctxt or "", one.msgid_plural or one.msgid): one for one in before or ()}
    by_key = {one.msgctxt: one for one in before or () if one.msgctxt}
    for one in said:
        kept = old.get((one.key, one.text))
        entry = polib.POEntry(msgctxt=one.key or None, msgid=one.one or one.text, msgid_plural=one.one and one.text)
        if one.one:
            forms = int(translation.PLURALS[language].partition(";")[0].rpartition("=")[2])
            entry.msgstr_plural = _forms(kept, old.get((one.key, one.one)), forms)
        if kept is not None:
            entry.flags, entry.tcomment = kept.flags, kept.tcomment
            entry.msgstr = "" if one.one else kept.msgstr
        elif (other := by_key.get(one.key)) is not None and other.msgstr:
            entry.msgstr, entry.tcomment, entry.flags = other.msgstr, other.tcomment, ["fuzzy"]
        if not (entry.tcomment or "").startswith(READ_BY) or "fuzzy" in entry.flags:
            entry.tcomment = NO_READER  # nothing claims a reader that is not named
        made.append(entry)
    return made


def _forms(more: polib.POEntry | None, single: polib.POEntry | None, number: int) -> dict[int, str]:
    """The forms of a sentence that counts: as they were written, or of what was translated before it counted."""
    if more is not None and more.msgid_plural:
        return dict(more.msgstr_plural)
    said = more.msgstr if more is not None else ""
    return {at: (single.msgstr if at == 0 < number - 1 and single is not None else said) for at in range(number)}


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
    written = (one for one in polib.pofile(str(path)) if one.msgstr or any(one.msgstr_plural.values()))
    return sum(not (one.tcomment or "").startswith(READ_BY) for one in written)


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
                saved(merged(before, texts, language), path)
                if room == "click":
                    compiled(path)
            for path in (SOURCES / package / "locale" / language).glob("*.po"):
                if path.stem not in said:
                    path.unlink()


def saved(catalogue: polib.POFile, path: Path) -> None:
    """Beside it, then renamed: cut off, the file that was there stands as it was."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(str(catalogue).encode())
    beside.replace(path)


def compiled(path: Path) -> None:
    """What click says, as click reads it: a file of GNU gettext beside ours."""
    made = path.parent / "LC_MESSAGES" / "messages.mo"
    made.parent.mkdir(exist_ok=True)
    beside = made.with_name(made.name + ".new")
    beside.write_bytes(polib.pofile(str(path)).to_binary())
    beside.replace(made)


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
