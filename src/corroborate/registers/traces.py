"""From a figure to what it rests on, in a package and without a network: claims, sources, places in them, sealed items.

A package is not asked to say which claims stand behind a figure: that is worked out anew from the claims themselves.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corroborate.custody import verify
from corroborate.disclosure import LinkShown, Release
from corroborate.errors import InputRefused, InvalidValue, NotVerified
from corroborate.vocabulary import load

_KINDS = ("people", "for", "against", "roots")  # figures of one element
CALCULATED = (
    "documented",
    "compared",
    "at-least",
    "beside",
    "headline",
    "headline-low",
    "headline-high",
    "blind-low",
    "blind-high",
)
_PEOPLE = ("named", "people", "entries")  # figures of everybody in the package


@dataclass(frozen=True, slots=True)
class Traced:
    """One claim behind a figure: what it says, of whom, in which source and where, and the entry that proves it."""

    claim: str
    about: str
    says: str
    source: str
    locator: str
    recorder: str
    recorded: str
    entry: int  # of the log
    proof: str  # the file in the package


@dataclass(frozen=True, slots=True)
class Trace:
    """What a package shows of a figure. ``verdict``: of the whole package (valid, incomplete)."""

    figure: str
    organisation: str
    verdict: str
    claims: tuple[Traced, ...]
    people: int  # whom these claims are about, by the package's own ids
    sealed: int  # records of the package that it proves and does not show

    @property
    def sources(self) -> int:
        return len({one.source for one in self.claims})


def trace(package: Path, figure: str) -> Trace:
    """The claims of a package that stand behind a figure. Raises InvalidValue, InputRefused, NotVerified.

    The package is verified first: nothing is read from one that was changed.
    """
    figure = f"people.{figure[2:]}" if figure.startswith("p.") else figure  # as the dossier shortens it
    wanted = _wanted(figure)
    if not package.is_dir():
        raise InputRefused("{package} is no folder of a package: unpack the ZIP file first", package=package)
    verdict = verify.verify(package)
    if verdict["verdict"] == "invalid":
        raise NotVerified("{package} is no package as it was made: {why}", package=package, why=verdict["failures"][0])
    index = json.loads((package / "data" / "index.json").read_text(encoding="utf-8"))
    shown = {one["path"]: one["proof"] for one in index["items"] if "commitment" not in one}
    records = dict(_records(package, shown))
    victims = {one["subject"]: one["value"]["entity"] for one in records.values() if one.get("property") == "victim"}
    claims = [_traced(path, one, package, shown[path]) for path, one in records.items() if wanted(one)]
    about = {victims.get(one["subject"], one["subject"]) for one in records.values() if wanted(one)}
    sealed = len(index["items"]) - len(shown)
    ordered = tuple(sorted(claims, key=lambda one: one.entry))
    return Trace(figure, str(index["organisation"]), str(verdict["verdict"]), ordered, len(about), sealed)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of published material behind a figure: what it says, where it stands, and where a reader opens it."""

    id: str
    says: str
    document: str
    place: str  # paragraphs of the document; of a place of detention, its status and as of when
    checked: str  # seen, recalled; empty: not said
    addresses: tuple[str, ...]


def lines_behind(made: Release, figure: str) -> tuple[Line, ...]:
    """What stands behind a figure of the public record, from the signed release alone and without a network.

    Worked out anew from the lines themselves. Raises InvalidValue for a figure of another kind.
    """
    record, (kind, _, which) = made.record, figure.partition(".")
    if record is None:
        raise InvalidValue("this release holds no public record: give the package that goes with it (--package)")
    if kind == "places" and which in {one.status for one in made.places}:
        return tuple(
            Line(one.id, one.names[0].text, one.source, f"{one.status} {one.as_of}".strip(), "", _opened(one.links))
            for one in made.places
            if one.status == which
        )
    wanted = {
        "lines": {one.id for one in record.found if one.kind == which},
        "lines-speaking": record.speaking,
        "elements-spoken": record.speaking,
        "speaking": {id_ for one in record.elements if one.element == which for id_ in one.found},
    }.get(kind, frozenset())
    if not wanted:
        raise InvalidValue(
            "no figure {figure} of the public record; there are lines.KIND, lines-speaking, elements-spoken, "
            "places.STATUS, and speaking.ELEMENT, such as speaking.cah.torture.1",
            figure=figure,
        )
    return tuple(
        Line(one.id, one.what, one.document, one.paragraphs, one.checked, _opened(one.links))
        for one in record.found
        if one.id in wanted
    )


def _opened(links: Iterable[LinkShown]) -> tuple[str, ...]:
    return tuple(one.address for one in links)


def _wanted(figure: str) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a record stands behind the figure."""
    kind, _, element = figure.partition(".")
    if figure in CALCULATED:
        raise InvalidValue(
            "{figure} is calculated from the overlap of lists, and is no count of claims: see the dossier's methods; "
            "`corroborate estimate` calculates it again",
            figure=figure,
        )
    if figure in _PEOPLE:
        return lambda one: one.get("property") == "name"
    conduct = {
        part["id"]: crime
        for crime, entry in load("crimes").entries.items()
        for part in entry.more["elements"]
        if part["kind"] == "conduct"
    }
    if kind not in _KINDS or element not in conduct:
        raise InvalidValue(
            "no figure {figure} of claims; there are named, people, and for.ELEMENT, against.ELEMENT, roots.ELEMENT, "
            "people.ELEMENT, such as for.cah.torture.1",
            figure=figure,
        )
    says = "no_violation" if kind == "against" else "violation"
    terms = {
        entry.id for entry in load("violations").entries.values() if conduct[element] in entry.more.get("crimes", ())
    }
    return lambda one: one.get("property") == says and one["value"].get("id") in terms


def _records(package: Path, shown: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in shown:
        content = json.loads((package / path).read_bytes())
        if isinstance(content, dict) and "property" in content:
            yield path, content


def _traced(path: str, one: Mapping[str, Any], package: Path, proof: str) -> Traced:
    lines = (package / proof).read_text(encoding="utf-8").splitlines()
    entry = next((int(line.split()[1]) for line in lines if line.startswith("index ")), -1)
    value = one["value"]
    says = str(value.get("id") or value.get("text") or value.get("entity") or value.get("date", ""))
    return Traced(
        str(one["id"]),
        str(one["subject"]),
        says,
        str(one["source"]),
        str(one["locator"]),
        str(one["recorder"]),
        str(one["recorded_at"]),
        entry,
        proof,
    )
