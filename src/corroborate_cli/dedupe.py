"""`corroborate dedupe`: entries of one list that are the same person."""

from pathlib import Path

import click

from corroborate_cli.link import run


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the results.")
@click.option("--truth", help="Column that says who each row is about: prints precision and recall.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Override a guessed column; repeatable.")
@click.option("--encoding", help="Of the CSV file; found out when not said.")
@click.option("--latest", default=2030, show_default=True, help="Latest year a date in the list can have.")
@click.option("--threshold", default=0.9, show_default=True, help="Match probability from which a pair is a match.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(
    file: Path, out: Path, truth: str | None, maps: tuple[str, ...], encoding: str | None, latest: int,
    threshold: float, as_json: bool,
) -> None:  # fmt: skip
    """Find entries of one list that are the same person. Nothing is merged: pairs and clusters are written beside it.

    Example: corroborate dedupe a.csv --out deduplicated
    """
    run([file], out, truth=truth, maps=maps, encoding=encoding, latest=latest, threshold=threshold, as_json=as_json)
