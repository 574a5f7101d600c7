"""What differs between estimates, and how one is told in a line."""

from collections.abc import Sequence
from typing import Any

from corroborate.translation import number_in
from corroborate_node.core.wording import Words
from corroborate_node.estimates import as_json as telling
from corroborate_node.estimates import models


def inputs(run: models.Run, w: Words) -> list[tuple[str, str]]:
    """What a result stands on, as (what, said): the same rows in the same order for every result."""
    asked, about = run.asked, run.counted
    period = "–".join("…" if year is None else str(year) for year in (asked["since"], asked["until"]))
    tables: Sequence[dict[str, str]] = run.tables
    return [
        (w["lists"], ", ".join(one["title"] for one in about.get("lists", ()))),
        (w["given_table"], asked["table_name"] or w["none"] if not asked["lists"] else w["none"]),
        (w["period"], w["all"] if period == "…–…" else period),
        (w["strata"], ", ".join(stratum(one, w) for one in asked["by"]) or w["none"]),
        (w["audience"], w[f"a_{asked['audience']}"]),
        (w["joining"], w[f"j_{asked['joining']}"] if asked["lists"] else w["none"]),
        (w["documented"], _many(about["people"], w) if "people" in about else ""),
        (w["judgements"], _many(about.get("judgements", 0), w)),
        (w["waiting"], _many(about.get("waiting", 0), w)),
        (w["unallowed"], _many(about.get("unallowed", 0), w)),
        (w["undated"], _many(about.get("undated", 0), w)),
        (w["seed"], str(asked["seed"])),
        (w["level"], f"{asked['level']:g}"),
        (w["digest"], tables[0]["digest"] if tables else ""),
        (w["program"], str((run.result or {}).get("version", ""))),
    ]


def _many(number: int, w: Words) -> str:
    return number_in(f"{number:,}", w.language)


def stratum(name: str, w: Words) -> str:
    """A stratum of the vault's own in words; a table's column as it is called there."""
    try:
        return w[f"s_{name}"]
    except KeyError:
        return name


def stratum_value(name: str, asked: dict[str, Any], w: Words) -> str:
    """The name of one stratum of the vault's own lists, its sex in words; a table's strata are as they stand there."""
    parts = name.split(", ")
    if asked["lists"] and "sex" in asked["by"] and len(parts) == len(asked["by"]):
        at = asked["by"].index("sex")
        parts[at] = w[f"v_{parts[at]}"] if parts[at] in ("f", "m") else parts[at]
    return ", ".join(parts)


def differences(runs: Sequence[models.Run], w: Words) -> tuple[list[Any], list[Any]]:
    """Rows (what, values) of the inputs that differ, and of those that are alike (what, value)."""
    rows = [(each[0][0], [one for _, one in each]) for each in zip(*(inputs(run, w) for run in runs), strict=True)]
    return [row for row in rows if len(set(row[1])) > 1], [
        (what, said[0]) for what, said in rows if len(set(said)) == 1
    ]


def as_json(runs: Sequence[models.Run]) -> dict[str, Any]:
    """The comparison as programs read it, in English."""
    different, alike = differences(runs, Words("en", "estimates")) if len(runs) > 1 else ([], [])
    return {
        "runs": [telling.run(one) for one in runs],
        "different": [{"what": what, "values": values} for what, values in different],
        "alike": [{"what": what, "value": value} for what, value in alike],
    }
