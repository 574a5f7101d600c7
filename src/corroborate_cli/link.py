"""`corroborate link`: the same person in several lists."""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Grid

from corroborate.custody import write_file
from corroborate.errors import EngineUnavailable, InputRefused
from corroborate.translation import Sentence
from corroborate.values import strata_csv
from corroborate.values.rows import csv_text
from corroborate_cli.audit import CLUSTERS, cluster_rows
from corroborate_cli.speaking import echo, worded
from corroborate_cli.terminal import Terminal

TWICE = 30  # pairs that two reviewers judged, from which their agreement is taken


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Options that `link` and `dedupe` share."""
    for add in reversed((
        click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="For the results."),
        click.option("--truth", help="Column that says who each row is about."),
        click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN",
                     help="Column of a field, or LIST:FIELD=COLUMN for one list; repeatable, also for one field: "
                          "name=name_ar and name=name_en are two writings of one name."),
        click.option("--model", "model", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help="A model card (model.json of another linkage) to link by, in place of learning."),
        click.option("--deduplicated", is_flag=True, help="No list has a person twice: match between lists only."),
        click.option("--encoding", help="Of the CSV files; found out when not said."),
        click.option("--latest", default=2030, show_default=True, help="Latest year a date in the lists can have."),
        click.option("--threshold", default=0.5, show_default=True, type=click.FloatRange(0.01, 0.999),
                     help="Match probability from which a pair is a match."),
        click.option("--draws", "drawn", default=0, show_default=True, type=click.IntRange(0, 10_000),
                     help="Overlap tables drawn from what is uncertain: overlap_001.csv and so on."),
        click.option("--seed", default=1, show_default=True, help="Of the draws."),
        click.option("--by", multiple=True, type=click.Choice(["sex", "province", "decade", "facility"]),
                     help="Also overlap_by.csv, for `estimate --stratify-by`; repeatable."),
        click.option("--judged", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help="Verdicts to calibrate by: a CSV like pairs.csv, with verdict, and chance where pairs were "
                          "not drawn alike."),
        click.option("--explain", nargs=2, metavar="LIST:ROW LIST:ROW", help="Print what each comparison weighs."),
        click.option("--backend", default="duckdb", show_default=True, type=click.Choice(["duckdb", "spark"]),
                     help="What finds and compares the pairs; the results are the same."),
        click.option("--spark-master", metavar="URL",
                     help="Where Spark runs: spark://host:7077, yarn, local[2]. Without it as Spark's own configuration"
                          " says (SPARK_HOME, SPARK_CONF_DIR), or on this machine."),
        click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
    )):  # fmt: skip
        command = add(command)
    return command


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked `link` or `dedupe` for."""

    out: Path
    truth: str | None
    maps: tuple[str, ...]
    encoding: str | None
    latest: int
    threshold: float
    drawn: int
    seed: int
    by: tuple[str, ...]
    judged: Path | None
    model: Path | None
    deduplicated: bool
    explain: tuple[str, str] | None
    backend: str
    spark_master: str | None
    as_json: bool


def run(files: Sequence[Path], wanted: Wanted) -> None:
    """Link one or more files and write pairs, clusters, overlap and quality."""
    from corroborate import linkage  # Splink and DuckDB take a second to load
    from corroborate_cli.lists import read_lists

    console = Terminal(stderr=True, highlight=False)
    read = read_lists(files, maps=wanted.maps, encoding=wanted.encoding, latest=wanted.latest, truth=wanted.truth)
    _say_read(console, files, read.said.values())
    found, bins = _linked(console, read.lists, wanted)
    judged = linkage.quality(found, read.truth) if read.truth else None
    said_of = linkage.summary(found)
    out = wanted.out
    out.mkdir(parents=True, exist_ok=True)
    write_file(out / "pairs.csv", csv_text(
        ("left_list", "left_row", "right_list", "right_row", "weight", "probability", "decision"),
        ((*p.left, *p.right, p.weight, p.probability, p.decision) for p in found.pairs)))  # fmt: skip
    write_file(out / "clusters.csv", csv_text(CLUSTERS, cluster_rows(found)))
    write_file(out / "conflicts.csv", csv_text(
        ("left_list", "left_row", "right_list", "right_row", "probability"),
        ((*c.left, *c.right, c.probability) for c in found.conflicts)))  # fmt: skip
    write_file(out / "overlap.csv", found.overlap.to_csv().encode())
    for number, table in enumerate(linkage.draws(found, wanted.drawn, wanted.seed) if wanted.drawn else (), start=1):
        write_file(out / f"overlap_{number:03}.csv", table.to_csv().encode())
    if wanted.by:
        strata = linkage.by_strata(found, read.lists, wanted.by)
        write_file(out / "overlap_by.csv", strata_csv(strata, wanted.by).encode())
    card = linkage.card_of(found)
    write_file(out / "model.json", card.as_json().encode() + b"\n")
    page = linkage.html_report(found, said_of, judged, threshold=wanted.threshold, reliability=bins)
    write_file(out / "quality.html", page.encode())
    result: dict[str, object] = {
        "lists": read.said, "entries": sum(map(len, read.lists.values())), "people": len(found.clusters),
        "documented": found.overlap.documented, "matches": sum(p.decision == "match" for p in found.pairs),
        "possible": sum(p.decision == "possible" for p in found.pairs), "conflicts": len(found.conflicts),
        "not_learned": list(card.not_learned),
        "threshold": wanted.threshold, "calibrated": found.calibrated, "draws": wanted.drawn,
        "notices": [*read.notices, *found.notices], **said_of.as_json(),
    }  # fmt: skip
    if bins:
        result["reliability"] = [asdict(one) for one in bins]
        result["expected_calibration_error"] = round(linkage.expected_calibration_error(bins), 4)
    if judged is not None:
        result |= judged.as_json()
    write_file(out / "quality.json", json.dumps(result, ensure_ascii=False, indent=1).encode() + b"\n")
    if wanted.explain:
        _explain(console, found, wanted.explain)
    if wanted.as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    _print(console, result)
    echo(str(out / "overlap.csv"))


def _say_read(console: Console, files: Sequence[Path], read: Iterable[Mapping[str, Any]]) -> None:
    for path, said in zip(files, read, strict=True):
        console.print(
            Sentence(
                (
                    "{name} ({encoding}): {rows} row, {number} rejected",
                    "{name} ({encoding}): {rows} rows, {number} rejected",
                ),
                name=path.name,
                encoding=said["encoding"],
                rows=said["rows"],
                number=len(said["rejected"]),
            )
        )
        console.print("  " + ", ".join(f"{field}={column}" for field, column in said["mapping"].items()), style="dim")


def _linked(console: Console, lists: Mapping[str, Any], wanted: Wanted) -> tuple[Any, tuple[Any, ...]]:
    """Link on the engine asked for; again, calibrated, where there are verdicts."""
    from corroborate import linkage

    if wanted.spark_master is not None and wanted.backend != "spark":
        raise click.UsageError(worded("--spark-master goes with --backend spark"))
    if wanted.backend == "spark":
        console.print("Spark's workers see names, dates and places in clear: use only what is your own.")
    card = None if wanted.model is None else linkage.read_card(wanted.model.read_text(encoding="utf-8"))
    status = console.status("Comparing ...") if sys.stderr.isatty() else nullcontext()
    try:
        with status, linkage.ENGINES[wanted.backend](wanted.spark_master, os.environ) as engine:
            options = linkage.Options(
                threshold=wanted.threshold, engine=engine, deduplicated=wanted.deduplicated, card=card
            )
            found = linkage.link(lists, options=options)
            if wanted.judged is None:
                return found, ()
            calibration, bins = _calibrated(found, wanted.judged)
            return linkage.link(lists, options=replace(options, calibration=calibration)), bins
    except EngineUnavailable as error:
        raise click.UsageError(f"{error}.\n{error.remedy}") from error


def _print(console: Console, result: Mapping[str, Any]) -> None:
    grid = Grid("", "")
    for key in ("entries", "people", "documented", "matches", "possible", "conflicts", "blocking_recall_estimate",
                "precision", "recall", "f1", "b_cubed_f1"):  # fmt: skip
        if result.get(key) is not None:
            grid.add_row(key, f"{result[key]:,}")
    console.print(grid)
    if result["not_learned"]:
        console.print(
            Sentence("- what is believed of {listed} stands: see model.json", listed=", ".join(result["not_learned"]))
        )
    for notice in result["notices"]:
        console.print(f"- {notice}")
    if not result["calibrated"]:
        console.print("Probabilities are not calibrated on reviewers' judgements. Look at the possible pairs.")


def _place(text: str) -> tuple[str, int]:
    name, _, row = text.rpartition(":")
    if not name or not row.isdigit():
        raise click.BadParameter(worded("{words!r} is not LIST:ROW, such as a:12", words=text), param_hint="--explain")
    return name, int(row)


def _explain(console: Console, found: Any, pair: tuple[str, str]) -> None:
    from corroborate.linkage import waterfall

    bars = waterfall(found, _place(pair[0]), _place(pair[1]))
    grid = Grid("compared", "agreement", "weight", "sum")
    total = 0.0
    for bar in bars:
        total += bar.weight if bar.counted else 0.0
        said = (
            bar.agreement
            if bar.counted
            else Sentence("{agreement} (kin share it: not counted)", agreement=bar.agreement)
        )
        grid.add_row(bar.comparison, said, f"{bar.weight:+.2f}", f"{total:+.2f}")
    console.print(grid)


def _calibrated(found: Any, path: Path) -> tuple[Any, tuple[Any, ...]]:
    """Fit to reviewers' verdicts on pairs of this linkage. Where two judged the same pair, their agreement says how
    often a verdict is wrong."""
    from corroborate.linkage import calibrate, error_of_reviewers, reliability

    weights = {frozenset((p.left, p.right)): p.weight for p in found.pairs}
    said: dict[frozenset[tuple[str, int]], list[bool]] = {}
    chances: dict[frozenset[tuple[str, int]], float] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                pair = frozenset(((row["left_list"], int(row["left_row"])), (row["right_list"], int(row["right_row"]))))
                verdict = row["verdict"].strip()
                chances[pair] = float(row.get("chance") or 1.0)
            except (KeyError, ValueError, AttributeError) as error:
                raise InputRefused(
                    "line {number} of {name}: needs left_list, left_row, right_list, right_row and verdict;"
                    " chance, where it is there, is a number",
                    number=number,
                    name=path.name,
                ) from error
            if not 0 < chances[pair] <= 1:
                raise InputRefused(
                    "line {number} of {name}: a chance of {chances} is not above 0, up to 1",
                    number=number,
                    name=path.name,
                    chances=chances[pair],
                )
            if verdict in ("same", "different") and pair in weights:
                said.setdefault(pair, []).append(verdict == "same")
    each = [(weights[pair], same, chances[pair]) for pair, verdicts in said.items() for same in verdicts]
    x, y, sampled = [one[0] for one in each], [one[1] for one in each], [one[2] for one in each]
    twice = [verdicts for verdicts in said.values() if len(verdicts) > 1]
    error_ = error_of_reviewers(len(twice), sum(v[0] == v[1] for v in twice)) if len(twice) >= TWICE else None
    calibration = calibrate(x, y, sampled=sampled, error=error_)
    return calibration, reliability(calibration.apply(x), y)


def _private(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Hand over to `private`, whose steps go from vault to vault and take no list in a file."""
    if not wanted or ctx.resilient_parsing:
        return
    from corroborate_cli.private import command as private

    with click.Context(private, info_name="private", parent=ctx.parent) as other:
        echo(private.get_help(other))
    ctx.exit()


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--private",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_private,
    help="Show the steps of `corroborate private`: linking with another member who hands over no list.",
)
@options
def command(files: tuple[Path, ...], **chosen: Any) -> None:
    """Find the same person across lists: FILES are CSV or XLSX, one a list, named after the file.

    Columns are guessed from headings in English, Korean and Japanese, and shown. Writes pairs.csv, clusters.csv,
    overlap.csv (for `estimate`), conflicts.csv, quality.json and quality.html.

    Lists that their holders will not hand over are linked by `corroborate private`, from vault to vault.

    Example: corroborate link a.csv b.csv c.csv d.csv --out linked --draws 50
    """
    if len(files) < 2:
        raise click.UsageError(worded("linking takes at least two files; `corroborate dedupe` takes one"))
    run(files, Wanted(**chosen))
