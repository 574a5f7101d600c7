"""What `corroborate import` does with an export or document that was recognised: lays it out and takes it in."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click

from corroborate.errors import InputRefused
from corroborate.importers.programs import programs
from corroborate.tables import File
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.import_export import SHOWN, Given
from corroborate_cli.import_options import Asked
from corroborate_cli.import_said import show_compared
from corroborate_cli.speaking import echo, say
from corroborate_node.core.desk import Desk, owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import cases as filing
from corroborate_node.records import imports
from corroborate_node.records.coming import Question
from corroborate_node.records.coming_records import AskedOfRecords, RecordsComing, of_documents, of_export
from corroborate_node.records.export_batches import Laid, Terms, from_export, joined, sha256_of
from corroborate_node.records.imports import Done


def import_exports(
    given: Sequence[Given], asked: Asked, at: datetime, folder: Path, passphrase_file: Path | None
) -> None:
    """Lay each out, take all of them in unless it is a dry run, and say what was done."""

    laid = [(one, from_export(one.export, one.path, _terms(one, asked, at, len(given)))) for one in given]
    doubts = [(one.path.name, *doubt) for one, out in laid for doubt in out.doubts]
    if asked.strict and doubts:
        raise InputRefused(
            (
                "{number} record is in doubt; --dry-run --json says which and why",
                "{number} records are in doubt; --dry-run --json says which and why",
            ),
            number=len(doubts),
        )
    done = None if asked.dry_run else _imported(laid, asked, at, folder, passphrase_file)
    compared = _compared(laid, asked, at, folder, passphrase_file) if asked.compared else None
    if asked.as_json:
        click.echo(json.dumps(_summary(laid, done, compared), ensure_ascii=False))
        return
    for one, out in laid:
        _show_one(one, out)
    if done is None:
        say(
            (
                "{value} claim would be taken in. Nothing was stored.",
                "{value} claims would be taken in. Nothing was stored.",
            ),
            value=sum(len(out.claims) for _, out in laid),
        )
        if compared is not None:
            show_compared(*compared)
        return
    for name in done[1]:
        say("NOT what its export says it is: {name} has another SHA-256. It is kept as it is", name=name)
    show_done(done[0])


def show_done(done: Done) -> None:
    """What became of the rows or records."""
    counted = done.counted
    if counted["same"] or counted["changed"]:
        again = [f"{counted[one]} {one}" for one in ("new", "changed", "same") if counted[one]]
        say("This came before. Of its rows: {listed}.", listed=", ".join(again))
    if counted["withdrawn"]:
        say(
            (
                "{withdrawn} row was withdrawn since it came: it is left out.",
                "{withdrawn} rows were withdrawn since it came: they are left out.",
            ),
            withdrawn=counted["withdrawn"],
        )
    if not done.number:
        say("Nothing of it is new: nothing was taken in.")
        return
    rows = counted["new"] + counted["changed"]
    say(
        (
            "{rows} row taken in as {claims} claims; the log has {size} entries.",
            "{rows} rows taken in as {claims} claims; the log has {size} entries.",
        ),
        rows=rows,
        claims=done.claims,
        size=done.size,
    )
    say("This is import {number}: `corroborate imports undo {number}` takes it back.", number=done.number)


def _terms(one: Given, asked: Asked, at: datetime, files: int) -> Terms:

    title = one.path.name if files > 1 or not asked.title else asked.title
    if one.program not in ("documents", "media") and not asked.title:
        title = one.path.stem
    return Terms(title, asked.recorder, at, asked.agreed)


def _imported(
    laid: Sequence[tuple[Given, Laid]], asked: Asked, at: datetime, folder: Path, passphrase_file: Path | None
) -> tuple[Done, tuple[str, ...]]:
    """What was done, and files that are not what their export says."""
    first = laid[0][0]
    digest = _digest(laid)
    name = first.path.name if len(laid) == 1 else first.path.parent.name
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, at)
        filed = filing.open_now(desk, asked.cases)
        coming = _coming(desk, laid, asked, digest)
        given = imports.Given(File(name), digest, {"agreed": asked.agreed})
        done = imports.receive_records(desk, coming, given, first.program, filed)
        log_actions.checkpoint(desk)
    return done


def _digest(laid: Sequence[tuple[Given, Laid]]) -> str:
    digests = [sha256_of(File.of(one.path)) for one, _ in laid]
    return digests[0] if len(digests) == 1 else sha256("".join(sorted(digests)).encode()).hexdigest()


def _coming(desk: Desk, laid: Sequence[tuple[Given, Laid]], asked: Asked, digest: str) -> RecordsComing:
    """What of it is new or changed in a vault. Raises Question."""
    together = joined([out for _, out in laid])
    if not together.whole:
        return of_documents(desk, together, AskedOfRecords("", asked.again, asked.as_new, asked.looked), digest)
    title = next(one.title for one in together.sources if one.id == together.whole)
    of = AskedOfRecords(title, asked.again, asked.as_new, asked.looked)
    return of_export(desk, together, laid[0][0].program, of, digest)


Compared = tuple[Mapping[str, int], int, Question | None]


def _compared(
    laid: Sequence[tuple[Given, Laid]], asked: Asked, at: datetime, folder: Path, passphrase_file: Path | None
) -> Compared:
    """What it would do to a vault, of which nothing is changed."""
    with looked_into(folder, passphrase_file) as vault:
        try:
            return _coming(owner(vault, at), laid, asked, _digest(laid)).counted, 0, None
        except Question as question:
            return {}, 0, question


def _summary(
    laid: Sequence[tuple[Given, Laid]], done: tuple[Done, tuple[str, ...]] | None, compared: Compared | None
) -> dict[str, object]:
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
        if compared is None:
            return {"files": files, "taken": False}
        counted, _, question = compared
        again = counted if question is None else {"question": question.kind, "again": question.again}
        return {"files": files, "taken": False, "again": dict(again)}
    taken, changed = done
    return {
        "files": files,
        "taken": True,
        "claims": taken.claims,
        "log_size": taken.size,
        "import": taken.number or None,
        "again": dict(taken.counted),
        "not_what_their_export_says": list(changed),
    }


def _show_one(one: Given, out: Laid) -> None:
    title = programs()[one.program].title if one.program in programs() else "Picture, sound or film"
    count = out.numbers()
    click.echo(f"{one.path.name}: {title}")
    echo(
        "  "
        + ", ".join(
            f"{number} {word if number != 1 else _ONE[word]}"
            for word, number in count.items()
            if number and word != "claims"
        )
    )
    for notice in out.notices[:SHOWN]:
        say("Note: {notice}", notice=notice)
    if out.doubts:  # what is printed repeats no words of anybody: a key may be a name
        say(
            (
                "{number} doubt, kept with the words of the source; --dry-run --json says which",
                "{number} doubts, kept with the words of the source; --dry-run --json says each",
            ),
            number=len(out.doubts),
        )


_ONE = {
    "people": "person",
    "parties": "party",
    "acts": "act",
    "sources": "source",
    "passages": "passage",
    "files": "file",
}
