"""Tella: what a phone knew when a picture was taken. Networks, cells, addresses and the device are the witness's own:
they stay in the file, which is kept sealed, and are never shown."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportAct, ExportSource
from corroborate.tables import File, guessed
from corroborate.translation import Sentence
from corroborate.values import JSON

_LARGEST = 64 << 20
_OWN = Sentence(
    "networks, cells, addresses and the device are the witness's own: they stay in the file, and are not shown"
)


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(4096)
    web = re.match(rb'\s*\{\s*"total":\s*\d+,\s*"results":\s*\[\s*\{\s*"id"', begins)
    return (
        begins.startswith(b"File hash,File path,File name")
        or b'"fileHash"' in begins
        or bool(web and b'"bucket"' in begins and b'"author"' in begins)
    )


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    text = guessed(file.read(), file.name).text or ""
    if text.lstrip().startswith("{"):
        said = json.loads(text)
        return _reports(said) if "results" in said else Export("tella", sources=(_of_json(said),), notices=(_OWN,))
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 2 or len(lines[0].split(",")) != len(lines[1].split(",")):
        raise InputRefused(
            (
                "{name} is no metadata of Tella: it has {number} line, or a comma too many",
                "{name} is no metadata of Tella: it has {number} lines, or a comma too many",
            ),
            name=file.name,
            number=len(lines),
        )
    cells = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))  # Tella quotes nothing
    return Export("tella", sources=(_of_csv(cells),), notices=(_OWN,))


def _when(milliseconds: object) -> str | None:
    """0 means that the time is not known, not that it was 1970."""
    number = int(str(milliseconds or 0))
    if number <= 0:
        return None
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number):%Y-%m-%dT%H:%M:%SZ}"


def _of_csv(cells: Mapping[str, str]) -> ExportSource:
    point = {
        "lat": cells.get("Location latitude"),
        "lon": cells.get("Location longitude"),
        "accuracy_m": cells.get("Location accuracy"),
    }
    more: dict[str, JSON] = {name: float(value) for name, value in point.items() if value}
    if cells.get("File hash"):
        more["sha256"] = cells["File hash"]
    when = _when(cells.get("Timestamp"))
    if when is None:
        more["note"] = "no metadata was taken"
    return ExportSource("file", cells["File name"], cells.get("Data type") or None, when, None, more)


def _of_json(said: Mapping[str, JSON]) -> ExportSource:
    place = said.get("location")
    more: dict[str, JSON] = {"sha256": said.get("fileHash")}
    if isinstance(place, dict):
        more |= {"lat": place.get("latitude"), "lon": place.get("longitude"), "accuracy_m": place.get("accuracy")}
    if said.get("notes"):
        more["notes"] = said["notes"]
    kind = said.get("dataType")
    return ExportSource(
        "file", str(said["fileName"]), str(kind) if kind else None, _when(said.get("timestamp")), None, more
    )


def _is_metadata(name: str, names: list[str]) -> bool:
    """The phone's CSV is called as the file that it is about."""
    stem, _, ending = name.rpartition(".")
    return ending == "csv" and any(other != name and other.rpartition(".")[0] == stem for other in names)


def _reports(said: Mapping[str, JSON]) -> Export:
    acts, sources = [], []
    reports = said["results"]
    assert isinstance(reports, list)  # noqa: S101 - what is no list raises, and is told in a sentence
    for report in reports:
        assert isinstance(report, dict)  # noqa: S101
        files = report.get("files") or []
        assert isinstance(files, list)  # noqa: S101
        named = [(str(one["id"]), str(one["fileName"])) for one in files if isinstance(one, dict)]
        here = [ExportSource(key, name) for key, name in named if not _is_metadata(name, [one for _, one in named])]
        sources += here
        more: dict[str, JSON] = {"title": report.get("title"), "narrative": report.get("description")}
        acts.append(
            ExportAct(str(report["id"]), None, sources=tuple(one.key for one in here), more=more, victims_told=False)
        )
    notices = (
        Sentence("a report is free text: the names in it are no fields"),
        Sentence("its author is a living person, and is not shown"),
    )
    return Export("tella", (), tuple(acts), tuple(sources), (), notices)
