"""The estimate as one page that stands alone: nothing is loaded from elsewhere, not even a picture."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corroborate.custody import write_file
from corroborate.disclosure import NumberShown, estimate_shown
from corroborate.disclosure.small_numbers import protect
from corroborate.estimation import ASSUMPTIONS_IN, Estimate
from corroborate.figures import (
    Figure,
    estimate_figure,
    overlap_figure,
    people,
    posterior_figure,
    ranks_figure,
    sensitivity_figure,
    strata_figure,
)
from corroborate.translation import Sentence
from corroborate.values import JSON, OverlapTable


def write_report(path: Path, found: Estimate, table: OverlapTable | None) -> None:
    """Write the page. Overlap cells of under ten people, and what would reveal them, are withheld in it."""
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    html = pages.get_template("estimate_report.html").render(
        e=found, n=people, figures={one.name: one for one in figures(found, table)}, said=ASSUMPTIONS_IN,
        outside=[
            " + ".join(name for name, on in zip(found.lists, cell.pattern, strict=True) if on)
            for cell in found.cells if not cell.fits
        ],
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, html.encode())


def figures(found: Estimate, table: OverlapTable | None) -> list[Figure]:
    """All pictures of one estimate, in the order in which the page shows them."""
    body = found.as_json()
    shown = estimate_shown(body)
    histogram = body["histogram"]
    assert isinstance(histogram, dict)  # noqa: S101 - we wrote it
    made = [
        estimate_figure(shown), sensitivity_figure(shown),
        posterior_figure(_floats(histogram["edges"]), _floats(histogram["shares"]), found.documented, found.at_least),
    ]  # fmt: skip
    if found.diagnostics.ranks:
        made.append(ranks_figure(found.diagnostics.ranks))
    if table is not None and len(table.lists) <= 5:
        made.append(overlap_figure(protect(table)))
    strata = found.parts.get("strata")
    if isinstance(strata, list):
        made.append(strata_figure([_stratum(one) for one in strata]))
    return made


def _floats(value: JSON) -> list[float]:
    return [one for one in value if isinstance(one, int | float)] if isinstance(value, list) else []


def _stratum(row: JSON) -> NumberShown:
    assert isinstance(row, dict)  # noqa: S101 - we wrote it
    name, one = str(row["name"]), row.get("pooled") or row.get("estimate")
    if not isinstance(one, dict):
        return NumberShown(
            name, 0, 0, 0, Sentence("no estimate; {documented} documented", documented=row["documented"])
        )
    median, low, high = (one[key] for key in ("median", "low", "high"))
    assert isinstance(median, float) and isinstance(low, float) and isinstance(high, float)  # noqa: S101
    return NumberShown(name, median, low, high)
