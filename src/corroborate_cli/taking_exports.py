"""What `corroborate import` does with an export or document that was recognised: lays it out and takes it in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from corroborate.errors import InputRefused
from corroborate.importers.programs import programs
from corroborate_cli.desks import opened
from corroborate_cli.import_export import SHOWN, Given
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import cases as filing
from corroborate_node.records import documents
from corroborate_node.records.taking_exports import Laid, Terms, from_export


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for beside the file."""

    title: str
    agreed: bool
    recorder: str
    cases: Sequence[str]
    at: datetime
    dry_run: bool
    strict: bool
    as_json: bool


def take_exports(given: Sequence[Given], asked: Asked, folder: Path, passphrase_file: Path | None) -> None:
    """Lay each out, take all of them in unless it is a dry run, and say what was done."""

    laid = [(one, from_export(one.export, one.path, _terms(one, asked, len(given)))) for one in given]
    doubts = [(one.path.name, *doubt) for one, out in laid for doubt in out.doubts]
    if asked.strict and doubts:
        raise InputRefused(f"{len(doubts)} records are in doubt; --dry-run --json says which and why")
    done = None if asked.dry_run else _taken(laid, asked, folder, passphrase_file)
    if asked.as_json:
        click.echo(json.dumps(_summary(laid, done), ensure_ascii=False))
        return
    for one, out in laid:
        _told(one, out)
    for name in done[2] if done is not None else ():
        click.echo(f"NOT what its export says it is: {name} has another SHA-256. It is kept as it is")
    claims = sum(len(out.claims) for _, out in laid)
    if done is None:
        click.echo(f"{claims} claims would be taken in. Nothing was stored.")
    else:
        click.echo(f"{done[0]} claims taken in; the log has {done[1]} entries.")


def _terms(one: Given, asked: Asked, files: int) -> Terms:

    title = one.path.name if files > 1 or not asked.title else asked.title
    if one.program not in ("documents", "media") and not asked.title:
        title = one.path.stem
    return Terms(title, asked.recorder, asked.at, asked.agreed)


def _taken(
    laid: Sequence[tuple[Given, Laid]], asked: Asked, folder: Path, passphrase_file: Path | None
) -> tuple[int, int, list[str]]:
    """How many claims, the size of the log, and files that are not what their export says."""

    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, asked.at)
        filed = filing.open_now(desk, asked.cases)
        together = [out for _, out in laid]
        done = documents.receive(desk, _joined(together), filed)
        log_actions.checkpoint(desk)
    return done.claims, done.size, list(done.changed)


def _joined(laid: Sequence[Laid]) -> Laid:
    """All of a folder at once: it is taken in whole or not at all."""
    if len(laid) == 1:
        return laid[0]
    first, *rest = laid
    for one in rest:
        first.entities += one.entities
        first.sources += one.sources
        first.consents += one.consents
        first.claims += one.claims
        first.passages += one.passages
        first.files += one.files
    return first


def _summary(laid: Sequence[tuple[Given, Laid]], done: tuple[int, int, list[str]] | None) -> dict[str, object]:
    files = [
        {
            "file": one.path.name,
            "program": one.program,
            **out.numbers(),
            "doubts": [{"record": key, "doubt": words} for key, words in out.doubts],
            "notices": out.notices,
            **({"export": one.export.as_json()} if done is None else {}),
        }
        for one, out in laid
    ]
    if done is None:
        return {"files": files, "taken": False}
    claims, size, changed = done
    return {"files": files, "taken": True, "claims": claims, "log_size": size, "not_what_their_export_says": changed}


def _told(one: Given, out: Laid) -> None:
    title = programs()[one.program].title if one.program in programs() else "Picture, sound or film"
    count = out.numbers()
    click.echo(f"{one.path.name}: {title}")
    click.echo(
        "  "
        + ", ".join(
            f"{number} {word if number != 1 else _ONE[word]}"
            for word, number in count.items()
            if number and word != "claims"
        )
    )
    for notice in out.notices[:SHOWN]:
        click.echo(f"Note: {notice}")
    if out.doubts:  # what is printed repeats no words of anybody: a key may be a name
        click.echo(f"{len(out.doubts)} doubts, kept with the words of the source; --dry-run --json says each")


_ONE = {
    "people": "person",
    "parties": "party",
    "acts": "act",
    "sources": "source",
    "passages": "passage",
    "files": "file",
}
