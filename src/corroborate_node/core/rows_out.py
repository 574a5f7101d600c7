"""Every row of a vault as lines of JSON, and back: for whoever leaves with all that is theirs, and for nothing else.

A line is one row: a list of values in the order of the columns that the table's first line names. Bytes are base64,
times and days ISO 8601. What says who may log in, and what only this installation knows, is not among them.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from corroborate.errors import InputRefused
from corroborate.translation import Sentence
from corroborate_node.core.storing import insert_whole

APART = ("auth", "sessions", "contenttypes")  # Django's own: accounts
OWN = (  # of this installation alone: its keys, its copies, what its pages wait for
    "core.WrongTry",
    "grants.Link",  # digests under this vault's key: what people hold opens nothing elsewhere
    "grants.Visit",
    "survivor.Code",
    "witnessing.ExchangeKey",
    "witnessing.SigningHalt",
    "witnessing.Answered",
    "witnessing.Backup",
    "witnessing.BackupPlan",
    "witnessing.ShareDrill",
    "witnessing.FixityRound",
    "campaign.MailPassword",
)
_CHUNK = 2_000  # rows read at once
Change = Callable[[Any], Any]


def exported() -> list[Any]:
    """The models whose rows go, those that others point to first: none that is about an account of this vault."""
    found = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]
    left = {one for one in found if one._meta.app_label in APART or one._meta.label in OWN}
    while more := {one for one in found if one not in left and _points_to(one, left)}:
        left |= more
    return [one for one in found if one not in left]


def _points_to(model: Any, left: set[Any]) -> bool:
    return any(field.is_relation and field.related_model in left for field in model._meta.concrete_fields)


def write_rows(model: Any, path: Path) -> int:
    """The rows of a table into a new file; how many."""
    number = -1  # the first line names the columns
    with path.open("x", encoding="utf-8") as file:
        for line in lines_of(model):
            file.write(line)
            number += 1
    return number


def lines_of(model: Any) -> Iterator[str]:
    """The lines of a table: its columns, then its rows."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    writers = [_writer(field) for field in fields]
    yield json.dumps(names) + "\n"
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=_CHUNK):
        values = [write(value) for write, value in zip(writers, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False) + "\n"


def _writer(field: Any) -> Change:
    if isinstance(field, models.BinaryField):
        return lambda value: None if value is None else base64.b64encode(bytes(value)).decode()
    if isinstance(field, models.DateField):  # of days and of moments
        return lambda value: None if value is None else value.isoformat()
    return lambda value: value


def read_rows(model: Any, path: Path, renamed: Mapping[str, str]) -> int:
    """Put the rows of a file into the table, in place of those that are there; how many. ``renamed``: addresses of
    sealed files, which are others under another key. Raises InputRefused."""
    model._base_manager.all()._raw_delete("default")
    number = [0]
    insert_whole("default", model, _counted(_lines(model, path, renamed), number))
    return number[0]


def _counted(rows: Iterator[list[Any]], number: list[int]) -> Iterator[list[Any]]:
    for row in rows:
        number[0] += 1
        yield row


def _lines(model: Any, path: Path, renamed: Mapping[str, str]) -> Iterator[list[Any]]:
    fields = model._meta.concrete_fields
    readers = [_reader(field, renamed) for field in fields]
    with path.open(encoding="utf-8") as file:
        names = _json(file.readline(), path, 1)
        if names != [field.attname for field in fields]:
            raise InputRefused("{file} has other columns than this program: {names}", file=path.name, names=names)
        for number, line in enumerate(file, 2):
            row = _json(line, path, number)
            if not isinstance(row, list) or len(row) != len(fields):
                raise _refused(path, number)
            try:
                yield [read(value) for read, value in zip(readers, row, strict=True)]
            except (ValueError, TypeError) as error:
                raise _refused(path, number) from error


def _json(line: str, path: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise _refused(path, number) from error


def _refused(path: Path, number: int) -> InputRefused:
    return InputRefused("line {number} of {file} is no row of this table", number=number, file=path.name).advising(
        Sentence("Take the export as it was written. No vault was made.")
    )


def _reader(field: Any, renamed: Mapping[str, str]) -> Change:
    if isinstance(field, models.BinaryField):
        return lambda value: None if value is None else base64.b64decode(value, validate=True)
    if isinstance(field, models.DateField):
        return lambda value: None if value is None else field.to_python(value)
    if isinstance(field, models.JSONField):
        return lambda value: _renamed(value, renamed)
    return lambda value: renamed.get(value, value) if isinstance(value, str) else value


def _renamed(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(one, renamed) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, renamed) for one in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def numbers_go_on() -> None:
    """A number that was given once is not given again."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), exported()):
            cursor.execute(statement)


__all__ = ["exported", "lines_of", "numbers_go_on", "read_rows", "write_rows"]
