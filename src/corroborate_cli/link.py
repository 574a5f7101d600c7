"""`corroborate link`: the same person in several lists."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table as Grid

from corroborate.custody import write_file
from corroborate.errors import InputRefused


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8, LF; cells that a spreadsheet would run as a formula are defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([f"'{c}" if isinstance(c, str) and c[:1] in ("=", "+", "-", "@") else c for c in row])
    return out.getvalue().encode()


def run(
    files: Sequence[Path], out: Path, *, truth: str | None, maps: Sequence[str], encoding: str | None, latest: int,
    threshold: float, as_json: bool,
) -> None:  # fmt: skip
    """Link one or more files and write pairs, clusters, overlap and quality."""
    from corroborate.linkage import Options, link, quality  # Splink and DuckDB take a second to load
    from corroborate_cli.lists import changes, entry, read_list

    names = [path.stem for path in files]
    if len(set(names)) != len(names):
        raise InputRefused(f"two files have the same name: {', '.join(names)}; a list is named after its file")
    wanted = changes(maps)
    console = Console(stderr=True, highlight=False)
    lists, said, known = {}, {}, {}
    every: set[str] = set()
    for path, name in zip(files, names, strict=True):
        table, reading = read_list(path, name, maps=wanted, encoding=encoding, latest=latest)
        every |= set(table.columns)
        lists[name] = [entry(row) for row in reading.entries]
        said[name] = {
            "encoding": table.encoding, "mapping": dict(reading.mapping), "rows": len(reading.entries),
            "rejected": [{"row": one.row, "reason": one.reason} for one in reading.rejected],
            "notices": list(table.notices),
        }  # fmt: skip
        if truth is not None and truth in table.columns:
            rows = {row.number: row.cells[truth] for row in table.rows}
            known |= {(name, row.row): rows[row.row] for row in reading.entries if rows[row.row]}
        console.print(f"{path.name} ({table.encoding}): {len(reading.entries)} rows, {len(reading.rejected)} rejected")
        console.print("  " + ", ".join(f"{field}={column}" for field, column in reading.mapping.items()), style="dim")
    if missing := sorted(set(wanted.values()) - every):
        raise InputRefused(f"no file has a column {', '.join(missing)}")
    if truth is not None and not known:
        raise InputRefused(f"no file has a column {truth!r} for --truth")
    found = link(lists, options=Options(threshold=threshold))
    out.mkdir(parents=True, exist_ok=True)
    write_file(out / "pairs.csv", csv_text(
        ("left_list", "left_row", "right_list", "right_row", "weight", "probability", "decision"),
        ((*p.left, *p.right, p.weight, p.probability, p.decision) for p in found.pairs)))  # fmt: skip
    write_file(out / "clusters.csv", csv_text(
        ("cluster", "list", "row"),
        ((number, *one) for number, cluster in enumerate(found.clusters, start=1) for one in cluster)))  # fmt: skip
    write_file(out / "overlap.csv", found.overlap.to_csv().encode())
    summary: dict[str, object] = {
        "lists": said, "entries": sum(map(len, lists.values())), "people": len(found.clusters),
        "documented": found.overlap.documented, "matches": sum(p.decision == "match" for p in found.pairs),
        "possible": sum(p.decision == "possible" for p in found.pairs), "threshold": threshold, "calibrated": False,
        "notices": list(found.notices),
    }  # fmt: skip
    if known:
        summary |= quality(found, known).as_json()
    write_file(out / "quality.json", json.dumps(summary, ensure_ascii=False, indent=1).encode() + b"\n")
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    grid = Grid("", "")
    for key in ("entries", "people", "documented", "matches", "possible", "precision", "recall", "f1"):
        if key in summary:
            grid.add_row(key, f"{summary[key]:,}")
    console.print(grid)
    for notice in found.notices:
        console.print(f"- {notice}")
    console.print("Probabilities are not calibrated on reviewers' judgements. Look at the possible pairs.")
    click.echo(str(out / "overlap.csv"))


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the results.")
@click.option("--truth", help="Column that says who each row is about: prints precision and recall.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Override a guessed column; repeatable.")
@click.option("--encoding", help="Of the CSV files; found out when not said.")
@click.option("--latest", default=2030, show_default=True, help="Latest year a date in the lists can have.")
@click.option("--threshold", default=0.9, show_default=True, help="Match probability from which a pair is a match.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(
    files: tuple[Path, ...], out: Path, truth: str | None, maps: tuple[str, ...], encoding: str | None, latest: int,
    threshold: float, as_json: bool,
) -> None:  # fmt: skip
    """Find the same person across lists: FILES are CSV or XLSX, one a list, named after the file.

    Columns are guessed from headings in English, Korean and Japanese, and shown. Writes pairs.csv, clusters.csv,
    overlap.csv (for `estimate`) and quality.json.

    Example: corroborate link a.csv b.csv c.csv d.csv --out linked
    """
    if len(files) < 2:
        raise click.UsageError("linking takes at least two files; `corroborate dedupe` takes one")
    run(files, out, truth=truth, maps=maps, encoding=encoding, latest=latest, threshold=threshold, as_json=as_json)
