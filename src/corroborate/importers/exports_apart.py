"""Read the export of a program, or a document, in a process of its own with little time, little memory and no network.

As :mod:`corroborate.importers.apart` does with lists: the two speak JSON, and nothing that the process says is run.
"""

import json
import mimetypes
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from corroborate.errors import CorroborateError, InputRefused
from corroborate.importers.apart import broken
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource
from corroborate.importers.headings import NAME_FIELDS, guess_mapping
from corroborate.importers.programs import no_records, read_export, recognised
from corroborate.tables import File, Limits, read_table
from corroborate.tables.limited import allow, limit
from corroborate.translation import Sentence, as_json, of_json

NO_RECORDS = ("splink",)  # tells of pairs, and of nobody's record
_PDF = b"%PDF"
_TOGETHER = 200  # documents that one process reads
_MEDIA = ("image", "audio", "video")
_TEXTS = (".txt", ".text", ".md")


def read_export_apart(given: Path | File, limits: Limits | None = None) -> tuple[str, Export] | None:
    """The program that wrote a file and what its export says, or ``documents``; None for a list like any other.

    Raises InputRefused for an export that is broken, or reaches a limit.
    """
    limits, file = limits or Limits(), File.of(given)
    return next(_answers([file], limits))


def read_documents_apart(paths: Sequence[Path], limits: Limits | None = None) -> list[Export | None]:
    """What each of many documents says; None for what is none. All are read in one process, each with its own time: one
    that breaks it is named, and nothing of the others is lost that was asked for.

    Raises InputRefused for a document that is broken, or reaches a limit.
    """
    limits, found = limits or Limits(), dict[Path, Export | None]()
    pdfs = [one for one in paths if _is_pdf(File.of(one))]  # their reader is a library in C: in a process of their own
    for some in (pdfs, [one for one in paths if one not in set(pdfs)]):
        for start in range(0, len(some), _TOGETHER):
            part = some[start : start + _TOGETHER]
            answers = _answers([File.of(one) for one in part], limits, documents=True)
            for path, read in zip(part, answers, strict=True):
                found[path] = None if read is None else read[1]
    return [found[one] for one in paths]


def _answers(files: Sequence[File], limits: Limits, *, documents: bool = False) -> Iterator[tuple[str, Export] | None]:
    """What the process says of each file, in order."""
    named = [{"path": None if one.path is None else str(one.path.absolute()), "name": one.name} for one in files]
    asked = {"files": named, "documents": documents, "limits": asdict(limits)}
    content = b"".join(one.content for one in files if one.path is None)
    at = 0
    with subprocess.Popen(
        [sys.executable, "-m", "corroborate.importers.exports_apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as reader:
        try:
            answer, _ = reader.communicate(json.dumps(asked).encode() + b"\n" + content)
            lines = answer.splitlines()
            for at in range(len(files)):
                said = json.loads(lines[at])
                if "refused" in said:
                    raise InputRefused.from_json(said)
                yield None if said["program"] is None else (str(said["program"]), _export(said["export"]))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise broken(files[at], limits) from error
        finally:
            reader.kill()


def _is_pdf(file: File) -> bool:
    try:
        with file.open() as opened:
            return opened.read(len(_PDF)) == _PDF
    except OSError:
        return False  # whoever reads it says what is wrong with it


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


def _report(file: Path | File, *, documents: bool = False) -> Mapping[str, Any]:
    """``documents``: what is none is not read."""
    try:
        program = recognised(file)
        if program is None and is_text(file):
            program = "documents"
        if documents and program != "documents":
            return {"program": None}
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
    """The process: a line with its question on the standard input, after it what lies in memory alone; a line for each
    file on the standard output."""
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    files = [
        Path(one["path"]) if one["path"] is not None else File(one["name"], content=content) for one in asked["files"]
    ]
    limits = Limits(**asked["limits"])
    whole = replace(limits, seconds=limits.seconds * len(files))
    limit(whole, native=_is_pdf(File.of(files[0])))
    for one in files:
        allow(limits.seconds, whole.seconds)
        json.dump(_report(one, documents=asked["documents"]), sys.stdout, default=str)
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
