"""What `corroborate import` was given that is no list: the export of a program, a document, a folder of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from corroborate.errors import InputRefused
from corroborate.importers.exports import PARTS, Export, Role, with_parts
from corroborate.importers.exports_apart import medium, read_documents_apart, read_export_apart
from corroborate.importers.forms import interviews
from corroborate_cli.speaking import worded

SHOWN = 10  # doubts and notices that are told one by one


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it will be taken in: the program that wrote it, or ``documents`` or ``media``."""

    path: Path
    program: str
    export: Export


def parts(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, Role]:
    """``WHO=PART`` as a mapping."""
    found: dict[str, Role] = {}
    for one in given:
        who, _, word = one.rpartition("=")
        part = next((known for known in PARTS if known == word), None)
        if not who or part is None:
            raise click.BadParameter(
                worded("{one!r}: write WHO=PART, PART being {listed}", one=one, listed=", ".join(PARTS)),
                context,
                parameter,
            )
        found[who] = part
    return found


def known(path: Path, said: Mapping[str, Role] | None = None) -> tuple[Given, ...]:
    """What a path holds that is no list: an export, a document, or a folder of them. Nothing for a list like any other.
    ``said``: which part people had in acts, where the export does not say it.

    Raises InputRefused for an export that is broken, and for a folder that holds nothing to be taken in.
    """
    if path.is_dir():
        return _of_folder(path)
    if path.is_file() and (medium := _medium(path)) is not None:
        return (medium,)
    read = read_export_apart(path) if path.is_file() else None
    if read is not None:
        interviews.check_list(read[1], path.name)
    return () if read is None else (Given(path, read[0], with_parts(read[1], said or {})),)


def _medium(path: Path) -> Given | None:
    """A picture, sound or film, by its name."""
    found = medium(path.name)
    return None if found is None else Given(path, "media", found)


def _of_folder(folder: Path) -> tuple[Given, ...]:
    """Documents and media of a folder, each a source. A list or an export in it is to be imported by itself."""
    found, lists, others = list[Given](), list[str](), list[Path]()
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and not one.is_symlink()):
        if path.name.startswith("."):
            continue
        if (one := _medium(path)) is not None:
            found.append(one)
        else:
            others.append(path)
    for path, export in zip(others, read_documents_apart(others), strict=True):
        if export is None:
            lists.append(path.name)
        else:
            found.append(Given(path, "documents", export))
    found.sort(key=lambda one: one.path)
    if lists:
        named = ", ".join(lists[:SHOWN]) + (" …" if len(lists) > SHOWN else "")
        raise InputRefused(
            "{name} holds files that are neither documents nor media: import them one by one, or move them out "
            "of it: {named}",
            name=folder.name,
            named=named,
        )
    if not found:
        raise InputRefused("{name} holds no document and no picture", name=folder.name)
    return tuple(found)
