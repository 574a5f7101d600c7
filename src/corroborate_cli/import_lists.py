"""What `corroborate import` does with a list that was read: takes it into a vault, or says what that would do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, cast

from corroborate.errors import InputRefused
from corroborate.importers import Habits, Reading, Table
from corroborate.importers.again import digest_of_columns
from corroborate.languages.calendars import Calendar
from corroborate.tables import File
from corroborate.values import JSON
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.import_options import Asked, Chosen
from corroborate_cli.vaults import now
from corroborate_node.coding.table import read_again
from corroborate_node.core.desk import Desk, owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import cases as filing
from corroborate_node.records import coming, imports


def import_list(
    path: Path,
    table: Table,
    reading: Reading,
    asked: Asked,
    chosen: Chosen,
    at: datetime,
    folder: Path,
    passphrase_file: Path | None,
) -> tuple[Reading, imports.Done]:
    """Take the rows in that are new or changed, all of them, and sign the log; how they were read with the words that
    the vault was taught, and what became of them.

    Raises InputRefused where somebody must say first whether the list came before, or how it is to be read.
    """
    digest = _digest(path)
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, at)
        filed = filing.open_now(desk, asked.cases)  # before the list is laid out: a wrong name costs nothing
        if not asked.guess and not chosen.columns:
            _read_otherwise_before(imports.chosen_before(desk, digest_of_columns(table.columns)))
        reading, laid = _laid_out(desk, path, table, reading, asked, chosen, digest)
        done = imports.receive(desk, laid, imports.Given(File.of(path), digest, _choices(chosen)), filed)
        log_actions.checkpoint(desk)
    return reading, done


@dataclass(frozen=True, slots=True)
class Compared:
    """What a list would do to a vault. ``counted``: rows by what would become of them; ``gone``: rows that stand there
    and are not in this file; ``question``: what somebody must say before it can be taken in."""

    counted: Mapping[str, int]
    gone: int = 0
    question: coming.Question | None = None

    def as_json(self) -> dict[str, JSON]:
        if self.question is not None:
            return {"question": self.question.kind, "again": self.question.again, "lines": [*self.question.lines]}
        return {**self.counted, "gone": self.gone}


def compare_list(
    path: Path,
    table: Table,
    reading: Reading,
    asked: Asked,
    chosen: Chosen,
    at: datetime,
    folder: Path,
    passphrase_file: Path | None,
) -> tuple[Reading, Compared]:
    """What a dry run says of a vault: how rows are read with the words that it was taught, what would be added, changed
    and left. Nothing is stored."""
    with looked_into(folder, passphrase_file) as vault:
        try:
            reading, laid = _laid_out(owner(vault, at), path, table, reading, asked, chosen, _digest(path))
        except coming.Question as question:
            return reading, Compared({}, 0, question)
    return reading, Compared(laid.counted, len(laid.gone))


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _laid_out(
    desk: Desk, path: Path, table: Table, reading: Reading, asked: Asked, chosen: Chosen, digest: str
) -> tuple[Reading, coming.Coming]:
    """Rows as the vault's own coding table reads them, and what is new or changed of them."""
    title, habits = asked.title or path.stem, Habits(chosen.day_first, chosen.calendar)
    reading = read_again(table, reading, title, latest=desk.at.year, habits=habits)
    of = coming.Asked(
        title, asked.recorder, desk.at, chosen.agreed, asked.again, asked.as_new, chosen.key, asked.looked
    )
    return reading, coming.of_list(desk, table, reading, of, digest)


def _read_otherwise_before(came: Any) -> None:
    if came is not None:
        raise InputRefused(
            "a file with these columns was read otherwise than by the guess before, with import {number}. Say "
            "--like {number} to read it so, or --guess",
            number=came.number,
        )


def _choices(chosen: Chosen) -> dict[str, JSON]:
    """As the pages keep them: column -> field."""
    return {
        "columns": {column: name for name, column in chosen.columns.items()},
        "encoding": chosen.encoding or "",
        "sheet": chosen.sheet or "",
        "dates": {True: "day", False: "month", None: ""}[chosen.day_first],
        "calendar": chosen.calendar or "",
        "agreed": chosen.agreed,
        "key": list(chosen.key),
    }


def as_before(number: int, chosen: Chosen, folder: Path, passphrase_file: Path | None) -> Chosen:
    """What was chosen for an import, under what is chosen now. Consent is never taken over: it was given for that file.

    Raises InvalidValue for an import that is not there.
    """
    with opened(folder, passphrase_file) as vault:
        kept = imports.import_seen(owner(vault, now()), number).choices
    columns = {name: column for column, name in kept.get("columns", {}).items() if name != "-"}
    return replace(
        chosen,
        columns={name: one for name, one in columns.items() if one not in chosen.columns.values()} | chosen.columns,
        encoding=chosen.encoding or kept.get("encoding") or None,
        sheet=chosen.sheet or kept.get("sheet") or None,
        day_first={"day": True, "month": False}.get(kept.get("dates", ""))
        if chosen.day_first is None
        else chosen.day_first,
        calendar=chosen.calendar or cast("Calendar | None", kept.get("calendar") or None),
        key=chosen.key or tuple(kept.get("key", ())),
    )


__all__ = ["Compared", "as_before", "compare_list", "import_list"]
