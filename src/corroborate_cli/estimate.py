"""`corroborate estimate`: an overlap table in, three statements out, or a refusal."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from corroborate.errors import CorroborateError, InputRefused
from corroborate.values import OverlapTable


def read_overlap(path: Path) -> OverlapTable:
    """An overlap table from a CSV file in UTF-8."""
    try:
        return OverlapTable.parse(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputRefused(f"{path} is not UTF-8 (byte {error.start}); save it as CSV in UTF-8") from error


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", default=0.95, show_default=True, help="Of the interval.")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same numbers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, table: Path, level: float, seed: int, as_json: bool) -> None:
    """Estimate how many people there were, on a list or not.

    TABLE is a CSV file: one column of 0 and 1 a list, then `count`.

    Example: corroborate estimate linked/overlap.csv
    """
    from corroborate.estimation import estimate  # numba and scipy take a second to load

    try:
        result = estimate(read_overlap(table), seed=seed, level=level)
    except CorroborateError as error:
        if not as_json:
            raise
        click.echo(json.dumps({"refused": str(error), "remedy": error.remedy}, ensure_ascii=False))
        context.exit(1)
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(f"Documented on {len(result.lists)} lists: {result.documented:,}")
    console.print(f"At least: {result.at_least:,.0f}")
    head = result.headline
    console.print(
        f"Headline ({result.method}): {head.median:,.0f}, {result.level:.0%} from {head.low:,.0f} to {head.high:,.0f}"
    )
    console.print("If the lists share a blind spot, odds ratio of the highest order:")
    grid = Table("odds ratio", "median", "low", "high")
    for point in result.sensitivity:
        grid.add_row(f"{point.odds_ratio:g}", *(f"{n:,.0f}" for n in (point.median, point.low, point.high)))
    console.print(grid)
    console.print(result.tipping)
    methods = Table("method", "median", "low", "high", "")
    for name, one in result.methods.items():
        methods.add_row(name, *(f"{n:,.0f}" for n in (one.median, one.low, one.high)), one.note)
    console.print(methods)
    for title, lines in (("It assumes:", result.assumptions), ("Warnings:", result.warnings)):
        console.print(title)
        for line in lines:
            console.print(f"  - {line}")
