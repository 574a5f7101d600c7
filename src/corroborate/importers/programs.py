"""The programs whose exports we know: a folder each, with its manifest, its reader and a sample."""

import csv
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from types import ModuleType

import yaml

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export
from corroborate.importers.forms.questions import is_form
from corroborate.tables import File
from corroborate.translation import Sentence


@dataclass(frozen=True, slots=True)
class Program:
    """What a manifest says. ``expects`` are columns or keys without which the export is not what we know."""

    name: str
    title: str
    export: str  # where its export button is
    licence: str
    expects: Mapping[str, list[str]]


@cache
def programs() -> Mapping[str, Program]:
    """Every importer's folder by its name."""
    found = {}
    for folder in resources.files("corroborate.importers").iterdir():
        manifest = folder / "manifest.yaml"
        if manifest.is_file():
            said = yaml.load(manifest.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            found[folder.name] = Program(
                folder.name, said["title"], said["export"], said["licence"], said.get("expects", {})
            )
    return dict(sorted(found.items()))


def _reader(name: str) -> ModuleType:
    if name not in programs():
        raise InputRefused("there is no importer {name!r}; there are {listed}", name=name, listed=", ".join(programs()))
    return import_module(f"corroborate.importers.{name}.read")


def recognised(given: Path | File) -> str | None:
    """The program that wrote a file, by what the file holds; None where it is a list like any other."""
    if isinstance(given, Path) and not given.is_file():
        return None
    file = File.of(given)
    return next((name for name in programs() if _reader(name).recognises(file)), None)


_UWAZI = Sentence(
    "holds templates, thesauri or kinds of relations of Uwazi, and no records: import its CSV, or api/search"
)
_SETTINGS = (  # what programs keep beside their records, told by how it begins
    (
        rb'\{\s*"rows"\s*:\s*\[\s*\{\s*"_id"[^{}]*"name"(?:[^{}]*"type"\s*:\s*"thesauri"|[^{}]*"commonProperties"|[^{},]*\})',
        _UWAZI,
    ),
    (
        rb'\{\s*"name"\s*:[^{}]*"data"\s*:\s*\{\s*"map"\s*:',
        Sentence("is a mapping of Bayanat, and no records: import the sheet beside it"),
    ),
    (
        rb'\{\s*"link_type"\s*:.*"comparisons"',
        Sentence("is a model of Splink, and no records: its predictions and clusters are"),
    ),
    (
        rb"<(?:\w+:)?html[^>]*xforms",
        Sentence("is a form, and no records: lay it beside the export, whose words it explains"),
    ),
)


def no_records(given: Path | File) -> str | None:
    """What a file is that a program keeps beside its records; None for any other. As a list, it would make people of
    what is none."""
    file = File.of(given)
    with file.open() as opened:
        begins = opened.read(1 << 17)
    if begins.lstrip().startswith((b"{", b"<", b"[")) and b'"sharedId"' not in begins:
        return next((words for shape, words in _SETTINGS if re.search(shape, begins, re.S)), None)
    if begins.startswith(b"PK\x03\x04") and file.path is not None and is_form(file.path):
        return Sentence("is a form (XLSForm), and no records: lay it beside the export, whose words it explains")
    return None


_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, EOFError, csv.Error,
           zipfile.BadZipFile, zlib.error)  # fmt: skip
"""What a file that was damaged, or made to be, can do to a reader that expects what its program writes."""


def read_export(given: Path | File, name: str) -> Export:
    """What a program's export says. Raises InputRefused, also where the program writes otherwise than its manifest
    expects."""
    file = File.of(given)
    if isinstance(given, Path) and not given.is_file():
        raise InputRefused("there is no file {name}", name=file.name)
    try:
        found: Export = _reader(name).read(file)
    except _BROKEN as error:
        title = programs()[name].title
        raise InputRefused(
            "{name} is no export of {title} that can be read ({error!r})", name=file.name, title=title, error=error
        ) from error
    return found


def write_export(export: Export, name: str) -> tuple[str, tuple[str, ...]]:
    """The export as another program takes it in, and what that program cannot hold. Raises InputRefused."""
    reader = _reader(name)
    if not hasattr(reader, "write"):
        back = [one for one in programs() if hasattr(_reader(one), "write")]
        raise InputRefused("nothing is written for {name}; there are {listed}", name=name, listed=", ".join(back))
    written: tuple[str, tuple[str, ...]] = reader.write(export)
    return written


def beside_name(out: Path, ending: str) -> Path:
    """How a file beside another one is called: ``import.people.csv``, ``import.mapping.json``."""
    return out.with_suffix(f".{ending}" if "." in ending else f".{ending}{out.suffix}")


def write_beside(export: Export, name: str) -> Mapping[str, str]:
    """Files that the other program takes in besides: how their names end, before ``.csv`` where that says no kind of
    file, and their text."""
    beside = getattr(_reader(name), "beside", None)
    made: Mapping[str, str] = beside(export) if beside is not None else {}
    return made
