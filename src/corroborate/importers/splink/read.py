"""Splink: pairs with their weights, or clusters. An entry's key is its list and its number there: the number alone is
not. Pairs under the threshold that was asked for are not in the file, and are not "no match"."""

import csv
import io
from collections.abc import Iterator, Mapping

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export
from corroborate.tables import File, guessed
from corroborate.values import JSON

_LARGEST = 512 << 20


def recognises(file: File) -> bool:
    with file.open() as opened:
        heading = opened.read(4096).split(b"\n")[0].replace(b'"', b"").strip().split(b",")
    return {b"match_probability", b"unique_id_l", b"unique_id_r"} <= set(heading) or (
        b"cluster_id" in heading and b"unique_id" in heading
    )


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    rows = csv.DictReader(io.StringIO(guessed(file.read(), file.name).text or "", newline=""))
    if "match_probability" in (rows.fieldnames or ()):
        links = tuple(_pairs(rows, file.name))
        notice = "pairs under the threshold that was asked for are not in the file"
    else:
        links = tuple(_clusters(rows))
        notice = "an entry alone in its cluster is in the file too"
    return Export("splink", links=links, notices=(notice,))


def _pairs(rows: "csv.DictReader[str]", name: str) -> Iterator[Mapping[str, JSON]]:
    for number, row in enumerate(rows, start=2):
        try:
            probability, weight = float(row["match_probability"]), float(row.get("match_weight") or "nan")
        except ValueError as error:
            raise InputRefused(
                "{name}: line {number} has no probability of a match: {error}", name=name, number=number, error=error
            ) from error
        yield {"type": "pair", "left": [row.get("source_dataset_l") or "", row["unique_id_l"]],
               "right": [row.get("source_dataset_r") or "", row["unique_id_r"]], "probability": probability,
               "weight": weight if weight == weight else None}  # fmt: skip


def _clusters(rows: "csv.DictReader[str]") -> Iterator[Mapping[str, JSON]]:
    members: dict[str, list[JSON]] = {}
    for row in rows:
        members.setdefault(row["cluster_id"], []).append([row.get("source_dataset") or "", row["unique_id"]])
    for cluster, entries in members.items():
        yield {"type": "cluster", "cluster": cluster, "entries": entries}
