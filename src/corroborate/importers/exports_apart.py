"""Read the export of a program, or a document, in a process of its own with little time, little memory and no network.

As :mod:`corroborate.importers.apart` does with lists: the two speak JSON, and nothing that the process says is run.
"""

import json
import mimetypes
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corroborate.errors import CorroborateError, InputRefused
from corroborate.importers.apart import broken, limit
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource
from corroborate.importers.headings import NAME_FIELDS, guess_mapping
from corroborate.importers.programs import no_records, read_export, recognised
from corroborate.tables import File, Limits, read_table
from corroborate.translation import Sentence, as_json, of_json

NO_RECORDS = ("splink",)  # tells of pairs, and of nobody's record
_PDF = b"%PDF"
_MEDIA = ("image", "audio", "video")
_TEXTS = (".txt", ".text", ".md")


def read_export_apart(given: Path | File, limits: Limits | None = None) -> tuple[str, Export] | None:
    """The program that wrote a file and what its export says, or ``documents``; None for a list like any other.

    Raises InputRefused for an export that is broken, or reaches a limit.
    """
    limits, file = limits or Limits(), File.of(given)
    path = None if file.path is None else str(file.path.absolute())
    asked = {"path": path, "name": file.name, "limits": asdict(limits)}
    with subprocess.Popen(
        [sys.executable, "-m", "corroborate.importers.exports_apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as reader:
        try:
            answer, _ = reader.communicate(json.dumps(asked).encode() + b"\n" + file.content)
            said = json.loads(answer)
            if "refused" in said:
                raise InputRefused.from_json(said)
            return None if said["program"] is None else (str(said["program"]), _export(said["export"]))
        except (ValueError, KeyError, TypeError) as error:
            raise broken(file, limits) from error
        finally:
            reader.kill()


def medium(name: str) -> Export | None:
    """A picture, sound or film, by the name of its file."""
    kind = mimetypes.guess_type(name)[0] or ""
    if kind.partition("/")[0] not in _MEDIA:
        return None
    return Export("documents", sources=(ExportSource("file", name, kind),))


def is_text(given: Path | File) -> bool:
    """Whether a text file is no list with a column of names."""
    file = File.of(given)
    if not file.name.lower().endswith(_TEXTS):
        return False
    try:
        table = read_table(given, most=5)
    except CorroborateError:
        return True
    return not set(NAME_FIELDS) & set(guess_mapping(table.columns))


def _export(said: Mapping[str, Any]) -> Export:
    """Sequences of JSON as the values have them."""
    return Export(
        str(said["format"]),
        tuple(_person(one) for one in said["people"]),
        tuple(_act(one) for one in said["acts"]),
        tuple(ExportSource(**one) for one in said["sources"]),
        tuple(said["links"]),
        tuple(map(of_json, said["notices"])),
        tuple(Path(one) for one in said["read_too"]),
    )


def _person(one: Mapping[str, Any]) -> ExportPerson:
    return ExportPerson(**{**one, "other_names": tuple(one["other_names"])})


def _act(one: Mapping[str, Any]) -> ExportAct:
    several = ("victims", "perpetrators", "sources", "involved")
    return ExportAct(**{**one, **{name: tuple(one[name]) for name in several}})


def _report(file: Path | File) -> Mapping[str, Any]:
    try:
        program = recognised(file)
        if program is None and is_text(file):
            program = "documents"
        if program is None or program in NO_RECORDS:
            words = no_records(file) if program is None else None
            if words is None:
                return {"program": None}
            return {"refused": as_json(Sentence("{name} {words}", name=File.of(file).name, words=words))}
        export = read_export(file, program)
        return {"program": program, "export": {**asdict(export), "notices": [*map(as_json, export.notices)]}}
    except InputRefused as refused:
        return refused.as_json()


def main() -> None:
    """The process: a line with its question on the standard input, after it what lies in memory alone; its answer on
    the standard output."""
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    file = Path(asked["path"]) if asked["path"] is not None else File(asked["name"], content=content)
    with File.of(file).open() as opened:
        native = opened.read(len(_PDF)) == _PDF  # its reader is a library in C
    limit(Limits(**asked["limits"]), native=native)
    json.dump(_report(file), sys.stdout, default=str)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
