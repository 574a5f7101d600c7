"""Overlap tables with their names and digests, and what stands behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corroborate.values import Digest, strata_csv
from corroborate_node.estimates.options import Options

OWN = "overlap"  # the name of the table that the estimate is of


@dataclass(frozen=True, slots=True)
class Counted:
    """Overlap tables with their names, and what stands behind them: numbers only, no person."""

    tables: tuple[dict[str, str], ...]  # {"name", "csv", "digest"}
    about: Mapping[str, Any] = field(default_factory=dict)


def table(name: str, csv: str) -> dict[str, str]:
    return {"name": name, "csv": csv, "digest": Digest.of(csv.encode()).hex}


def given(asked: Options) -> Counted:
    """A table that was given by hand, as it is counted by: patterns in order."""
    found = asked.tables()
    csv = strata_csv(found, asked.by) if asked.by else found[()].to_csv()
    first = next(iter(found.values()))
    documented = sum(one.documented for one in found.values())
    lists = [{"title": name, "people": sum(one.on(name) for one in found.values())} for name in first.lists]
    notices = list(dict.fromkeys(note for one in found.values() for note in one.notes))
    return Counted((table(OWN, csv),), {"lists": lists, "people": documented, "notices": notices})
