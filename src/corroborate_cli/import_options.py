"""What can be said to `corroborate import` beside the file, as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from corroborate.importers.exports import Role
from corroborate.languages.calendars import CALENDARS, Calendar
from corroborate_cli.import_export import parts
from corroborate_cli.speaking import worded


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose over the guess. ``columns``: field -> column."""

    columns: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None
    sheet: str | None = None
    day_first: bool | None = None
    calendar: Calendar | None = None
    agreed: bool = False
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Every option, by its name."""

    title: str
    changes: dict[str, str]
    encoding: str | None
    sheet: str | None
    agreed: bool
    day_first: bool | None
    calendar: Calendar | None
    again: str
    as_new: bool
    key: tuple[str, ...]
    looked: bool
    like: int | None
    guess: bool
    said: dict[str, Role]
    recorder: str
    cases: tuple[str, ...]
    dry_run: bool
    strict: bool
    rejected: Path | None
    as_json: bool
    compared: bool = False  # a dry run that looks into the vault which was named

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.changes, self.encoding, self.sheet, self.day_first, self.calendar, self.agreed, self.key)

    @property
    def by_itself(self) -> bool:
        """Whether nothing was said that only a list can have."""
        return self.encoding is None and self.sheet is None and not self.changes


def _changes(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for one in given:
        field, equals, column = one.partition("=")
        if not (field and equals and column):
            raise click.BadParameter(worded("{one!r} is not FIELD=COLUMN", one=one), context, parameter)
        if field in changes or column in changes.values():
            raise click.BadParameter(
                worded("{one!r}: a field has one column and a column one field. Say which", one=one), context, parameter
            )
        changes[field] = column
    return changes


_OPTIONS = (
    click.option("--as", "title", default="", help="What the list is called; otherwise the file's name."),
    click.option("--map", "changes", multiple=True, callback=_changes, help="FIELD=COLUMN, over the guess."),
    click.option("--encoding", help="Of a CSV file; otherwise detected and shown."),
    click.option("--sheet", help="Of a workbook; otherwise all with the same heading."),
    click.option(
        "--agreed",
        is_flag=True,
        help="The list came with leave for the coalition to link it and publish numbers, no names, from it.",
    ),
    click.option(
        "--day-first/--month-first",
        "day_first",
        default=None,
        help="Which comes first in dates such as 3/12/1978; otherwise the column's other cells decide.",
    ),
    click.option(
        "--calendar",
        type=click.Choice([one.word for one in CALENDARS]),
        help="The calendar of years that ours cannot have (1358, 2522).",
    ),
    click.option("--again", default="", metavar="NUMBER", help="It is the list of this import, come again."),
    click.option(
        "--new", "as_new", is_flag=True, help="It is a list of its own, though it resembles one that is here."
    ),
    click.option(
        "--key", multiple=True, metavar="COLUMN", help="A row that came before is known by this column; again for more."
    ),
    click.option("--looked", is_flag=True, help="No new row of it is one that was withdrawn: you looked."),
    click.option(
        "--like", type=click.IntRange(1), metavar="NUMBER", help="Read it as the file of this import was read."
    ),
    click.option(
        "--guess", is_flag=True, help="Guess its columns, though a file of this shape was read otherwise before."
    ),
    click.option(
        "--part",
        "said",
        multiple=True,
        callback=parts,
        metavar="WHO=PART",
        help="Who had which part in acts, where an export does not say: a name, schema:Person or *.",
    ),
    click.option("--recorder", default="import", show_default=True, help="Who takes it in."),
    click.option("--case", "cases", multiple=True, help="File all of it in this open case; again for more."),
    click.option("--dry-run", is_flag=True, help="Read, map and check, but take nothing in."),
    click.option("--strict", is_flag=True, help="Refuse the whole file when one row fails."),
    click.option(
        "--rejected",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write which rows were left out, and why, to this file.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with all of them."""
    for one in reversed(_OPTIONS):
        command = one(command)
    return command
