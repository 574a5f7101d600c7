"""`corroborate overlap`: an overlap table as it was read, or in the shape of another program."""

from pathlib import Path

import click

from corroborate.tables import overlap_text
from corroborate.values import OverlapTable
from corroborate.values.overlap_shapes import SHAPES
from corroborate_cli.speaking import echo


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "shape", type=click.Choice(["count", *SHAPES]), default="count", show_default=True,
              help="Whose shape: r (write.csv), r2 (write.csv2), lcmcr, rcapture, sparsemse, dga, verdata, persons "
                   "(one row each); count is our own.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to; otherwise it is printed.")
def command(table: Path, shape: str, out: Path | None) -> None:
    """Read an overlap TABLE that any program wrote, and write it in the shape that another one reads.

    What was done to read it is said on the error stream.

    Example: corroborate overlap patterns.csv --as lcmcr --out for-lcmcr.csv
    """
    read = OverlapTable.read(overlap_text(table))
    for note in read.notes:
        echo(note, err=True)
    text = read.to_csv() if shape == "count" else read.shaped(shape)
    if out is None:
        echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="")
