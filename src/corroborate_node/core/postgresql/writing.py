"""What is stored of a row: sealed and blind values in the place of plain ones."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import BinaryField, JSONField

from corroborate_node.core.sealing import Sealer
from corroborate_node.core.veils import VAULT, Veil, veil_of

_BATCH = 5_000  # ids in one question


def sealed(sealer: Sealer, field: Any, owner: str, value: Any) -> Any:
    """A value of a field as it is stored under the key of an owner. What is empty stays so: it says nothing."""
    if empty(value):
        return value
    if isinstance(field, JSONField):
        return sealer.seal(owner, json.dumps(value, cls=field.encoder, ensure_ascii=False))
    if isinstance(field, BinaryField):
        return sealer.seal_bytes(owner, bytes(value))
    return sealer.seal(owner, str(value))


def empty(value: Any) -> bool:
    """Whether a value says nothing, and is stored as it is."""
    return value is None or value in ("", b"", [], {})


def blind(sealer: Sealer, field: Any, value: Any) -> Any:
    """The one writing of a field's value."""
    if value is None or value == "":
        return value
    return sealer.blind(f"{field.model._meta.db_table}.{field.column}", str(value))


def veiled_rows(
    connection: Any, model: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    """Rows of many values as they are stored. ``names``: of the fields, as instances have them."""
    veil = veil_of(model)
    if not veil.sealed and not veil.blind:
        yield from rows
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for some in _blocks(rows):
        yield from _veiled(connection, model, veil, fields, names, some)


def _veiled(
    connection: Any, model: Any, veil: Veil, fields: dict[str, Any], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    sealer, new = connection.sealer, [list(row) for row in rows]
    for path, columns in veil.sealed.items():
        owners = _owners(connection, model, path, names, rows)
        sealer.ready(owners)
        for at, name in enumerate(names):
            if fields[name].name in columns or name in columns:
                for owner, row in zip(owners, new, strict=True):
                    row[at] = sealed(sealer, fields[name], owner, row[at])
    for at, name in enumerate(names):
        if name in veil.blind:
            for row in new:
                row[at] = blind(sealer, fields[name], row[at])
    return new


def _owners(connection: Any, model: Any, path: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Whose key each row is sealed under."""
    if path == VAULT:
        return [VAULT] * len(rows)
    if path in names:
        at = names.index(path)
        return [str(row[at]) for row in rows]
    first, _, rest = path.partition("__")
    key = model._meta.get_field(first)
    at = names.index(key.attname)
    asked, known = list({row[at] for row in rows}), dict[Any, str]()
    related = key.related_model._base_manager.using(connection.alias)
    for some in _blocks(asked):
        known |= dict(related.filter(pk__in=some).values_list("pk", rest))
    return [str(known[row[at]]) for row in rows]


def _blocks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, _BATCH)):
        yield some


def owner_of(instance: Any, path: str) -> str:
    """Whose key an instance is sealed under."""
    if path == VAULT:
        return VAULT
    found = instance
    for part in path.split("__"):
        found = getattr(found, part)
    return str(found)


__all__ = ["blind", "empty", "owner_of", "sealed", "veiled_rows"]
