"""`corroborate estimate`: overlap tables in, three statements out, or a refusal."""

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.status import Status

from corroborate.errors import CorroborateError, InputRefused
from corroborate.tables import overlap_text
from corroborate.translation import Sentence
from corroborate.values import Digest, OverlapTable
from corroborate_cli.speaking import worded
from corroborate_cli.terminal import Table, Terminal

WAITING = 100  # unjudged pairs from which they are the first thing said

if TYPE_CHECKING:
    from corroborate.estimation import Estimate, Progress, Settings


def read_overlap(path: Path) -> OverlapTable:
    """An overlap table from a file, in our shape or as another program writes it."""
    return OverlapTable.read(overlap_text(path))


@click.command()
@click.argument("tables", nargs=-1, metavar="TABLE…",
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--draws", is_flag=True, help="The tables are draws of one linkage: pool them into one interval.")
@click.option("--stratify-by", "by", multiple=True, metavar="COLUMN",
              help="Column of the table that says a place, a time or a sex; repeatable.")  # fmt: skip
@click.option("--level", default=0.95, show_default=True, help="Of the interval.")
@click.option("--tip", multiple=True, type=float, metavar="PEOPLE",
              help="Say what it takes for the number to fall below, or rise above, this; repeatable.")  # fmt: skip
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same numbers.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.html",
              help="Also write one page that stands alone: charts, methods, diagnostics, assumptions.")  # fmt: skip
@click.option("--plan", type=int, metavar="PEOPLE",
              help="No table yet: how wide the interval would be for so many people, see --chance.")  # fmt: skip
@click.option("--chance", "chances", multiple=True, type=float, metavar="SHARE",
              help="With --plan: the chance of one list to name a person; one for each list.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    context: click.Context, tables: tuple[Path, ...], draws: bool, by: tuple[str, ...], level: float,
    tip: tuple[float, ...], seed: int, report: Path | None, plan: int | None, chances: tuple[float, ...],
    as_json: bool,
) -> None:  # fmt: skip
    """Estimate how many people there were, on a list or not.

    TABLE is a CSV file: one column of 0 and 1 a list, then `count`; with --stratify-by, further columns before it. It
    is also read as R, LCMCR, Rcapture, SparseMSE, dga and verdata write it, with one row a person, or as a workbook.
    Several tables are the same lists linked at other thresholds, shown beside the first; with --draws, draws of one
    linkage, pooled into one interval.

    \b
    Example: corroborate estimate linked/overlap.csv --report estimate.html
             corroborate estimate linked/overlap_*.csv --draws
             corroborate estimate killings.csv --stratify-by place --stratify-by year
             corroborate estimate --plan 5000 --chance 0.3 --chance 0.2 --chance 0.1 --chance 0.2
    """
    if (plan is None) == (not tables) or (plan is None and chances):
        raise click.UsageError(worded("give an overlap table, or --plan with --chance for each list"))
    if by and len(tables) > 1:
        raise click.UsageError(worded("--stratify-by takes one table"))
    if draws and len(tables) < 2:
        raise click.UsageError(worded("--draws takes at least two tables"))
    from corroborate.estimation import Settings  # numba and scipy take a second to load

    try:
        if plan is not None:
            _plan(plan, chances, seed, level, as_json)
            return
        with Terminal(stderr=True).status("Estimating …") as status:
            linkage = beside(tables, draws, by)
            found = replace(_found(tables, draws, by, Settings(seed, level, tip=tip), status), audit=linkage.audit)
            found = replace(found, warnings=(*linkage.said, *found.warnings))
    except CorroborateError as error:
        if not as_json:
            raise
        click.echo(json.dumps({"refused": str(error), "remedy": error.remedy}, ensure_ascii=False))
        context.exit(1)
    if report is not None:
        from corroborate_cli.estimate_report import write_report

        write_report(report, found, read_overlap(tables[0]) if not by else None)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        show(found, Terminal(highlight=False))


@dataclass(frozen=True, slots=True)
class Linkage:
    """What stands beside the tables about the linkage behind them: the audit, and what a reader must hear first."""

    audit: dict[str, Any]
    said: tuple[str, ...]


def beside(tables: tuple[Path, ...], draws: bool, by: tuple[str, ...]) -> Linkage:
    """Reads audit.json and quality.json in the folder of the tables. Raises NotEstimable where they say that a tenth of
    the links or more were missed, and the tables are not corrected for it."""
    from corroborate.estimation.audit import UNAUDITED, require

    folder = tables[0].parent
    audited = not by and (folder / "audit.json").exists()
    digests = [Digest.of(read_overlap(path).to_csv().encode()).hex for path in tables if audited]
    audit = _json(folder / "audit.json")
    corrected = bool(digests) and set(digests) <= set(audit.get("corrected") or ())
    if corrected:
        return Linkage(audit, ())
    if digests and audit.get("uncorrected") in digests:
        require(float(audit["recall"]), corrected=False)
        return Linkage(
            audit,
            (
                Sentence(
                    "The audit of the linkage found {recall:.0%} of its links; not corrected for here.",
                    recall=audit["recall"],
                ),
            ),
        )
    quality = _json(folder / "quality.json") if tables[0].name.startswith("overlap") else {}
    if quality.get("recall") is not None:
        require(float(quality["recall"]), corrected=False, by="the known truth (quality.json)")
    said = [UNAUDITED]
    if (waiting := int(quality.get("possible") or 0)) >= WAITING and not draws:
        said.insert(
            0,
            Sentence(
                (
                    "{waiting:,} pair that may be one person is not judged: the number stands on few matches.",
                    "{waiting:,} pairs that may be one person are not judged: the number stands on few matches.",
                ),
                waiting=waiting,
            ),
        )
    return Linkage({}, tuple(said))


def _json(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputRefused("{path} is not JSON; make it again, or move it away", path=path) from error
    return found if isinstance(found, dict) else {}


def _found(tables: tuple[Path, ...], draws: bool, by: tuple[str, ...], how: "Settings", status: Status) -> "Estimate":
    from corroborate.estimation import by_strata, estimate, over_linkage, side_by_side

    def strata(done: int, of: int) -> None:
        status.update(Sentence("Estimating: stratum {done} of {of}", done=done, of=of))

    def told(name: str, progress: "Progress") -> None:
        where = f"{name}: " if name else ""
        far = f"{progress.number} of {progress.of}, {progress.share:.0%}"
        status.update(f"Estimating: {escape(where)}{escape(progress.method)} ({far})")

    if by:
        return by_strata(OverlapTable.read_strata(overlap_text(tables[0]), by), by, how, strata)
    if len(tables) == 1:
        return estimate(read_overlap(tables[0]), settings=how, told=partial(told, ""))
    names = [path.name if len({one.name for one in tables}) == len(tables) else str(path) for path in tables]
    read = {name: read_overlap(path) for name, path in zip(names, tables, strict=True)}
    return over_linkage(read, how, told) if draws else side_by_side(read, how, told)


def _plan(people: int, chances: tuple[float, ...], seed: int, level: float, as_json: bool) -> None:
    from corroborate.estimation.planning import plan

    outlooks = plan(people, chances, seed=seed, level=level)
    if as_json:
        click.echo(json.dumps({"people": people, "level": level, "outlooks": [one.as_json() for one in outlooks]}))
        return
    console = Terminal(highlight=False)
    console.print(
        Sentence("If there are {people:,} people, the lists are independent and nobody is out of reach:", people=people)
    )
    grid = Table("lists", "documented", Sentence("{level:.0%} interval", level=level), "its width", "no estimate in")
    for one in outlooks:
        span = Sentence("{low:,.0f} to {high:,.0f}", low=one.low, high=one.high)
        grid.add_row(one.lists, f"{one.documented:,.0f}", span, f"{one.width:.0%}",
                     Sentence("{number} of 40", number=one.refused) if one.refused else "")  # fmt: skip
    console.print(grid)
    console.print(Sentence("Dependent lists and a blind spot widen it: this is the best there can be."))


def show(found: "Estimate", console: Console) -> None:
    """The three parts, never one without the others, and what they stand on."""
    for line in found.warnings[:1] if not found.audit else ():
        console.print(line)
    console.print(
        Sentence("Documented on {number} lists: {documented:,}", number=len(found.lists), documented=found.documented)
    )
    console.print(Sentence("1. At least: {at_least:,.0f}", at_least=found.at_least))
    _headline(found, console)
    low, high = found.band
    console.print(Sentence("3. If the lists share a blind spot: from {low:,.0f} to {high:,.0f}", low=low, high=high))
    grid = Table("odds ratio of the highest order", "median", "low", "high", "hidden share")
    for point in found.sensitivity:
        numbers = (f"{n:,.0f}" for n in (point.median, point.low, point.high))
        grid.add_row(f"{point.odds_ratio:.2g}", *numbers, f"{point.hidden_share:.0%}" if point.hidden_share else "")
    console.print(grid)
    console.print(found.tipping)
    console.print(found.rule)
    methods = Table("method", "median", "low", "high", "")
    for name, summary in found.methods.items():
        methods.add_row(name, *(f"{n:,.0f}" for n in (summary.median, summary.low, summary.high)), summary.note)
    console.print(methods)
    if found.changes:
        changes = Table("what would change it", "median", "low", "high", "")
        for name, summary in found.changes.items():
            changes.add_row(name, *(f"{n:,.0f}" for n in (summary.median, summary.low, summary.high)), summary.note)
        console.print(changes)
    for row in _strata(found):
        console.print(row)
    if found.r_hat is not None and found.ess is not None:
        console.print(
            Sentence("Latent classes: R-hat {r_hat:.4f}, {ess:,.0f} effective draws.", r_hat=found.r_hat, ess=found.ess)
        )
    if found.diagnostics.error_of_ends is not None:
        console.print(
            Sentence(
                "Another seed moves an end of the interval by about {error_of_ends:.1%} of its width.",
                error_of_ends=found.diagnostics.error_of_ends,
            )
        )
    for title, lines in (("It assumes:", found.assumptions), ("Warnings:", found.warnings)):
        if lines:
            console.print(title)
        for line in lines:
            console.print(f"  - {line}")


def _headline(found: "Estimate", console: Console) -> None:
    """One number with its interval, or each of several that lie far apart."""
    head = found.headline
    if found.single:
        console.print(
            Sentence(
                "2. Headline ({method}): {median:,.0f}, {level:.0%} from {low:,.0f} to "
                "{high:,.0f}, if nobody was out of every list's reach beyond what the overlaps show",
                method=found.method,
                median=head.median,
                level=found.level,
                low=head.low,
                high=head.high,
            )
        )
    else:
        console.print(
            Sentence(
                "2. No one headline ({method}): the overlaps allow several numbers, far apart", method=found.method
            )
        )
        for one in found.modes:
            console.print(f"   {one.said()}")


def _strata(found: "Estimate") -> list[Table]:
    rows = found.parts.get("strata")
    if not isinstance(rows, list):
        return []
    grid = Table("stratum", "documented", "at least", "alone", "partially pooled", "refused")
    for row in rows:
        assert isinstance(row, dict)  # noqa: S101 - we wrote it
        head, pooled = row.get("estimate"), row.get("pooled")
        least = row.get("at_least")
        grid.columns[0].overflow = "fold"  # a name is never cut short
        grid.add_row(
            str(row["name"]), f"{row['documented']:,}", f"{least:,.0f}" if isinstance(least, float) else "",
            _span(head), _span(pooled), str(row.get("refused") or ""),
        )  # fmt: skip
    return [grid]


def _span(one: object) -> str:
    return f"{one['median']:,.0f} ({one['low']:,.0f} to {one['high']:,.0f})" if isinstance(one, dict) else ""
