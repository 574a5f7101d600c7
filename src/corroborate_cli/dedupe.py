"""`corroborate dedupe`: entries of one list that are the same person."""

from pathlib import Path
from typing import Any

import click

from corroborate_cli.link import Wanted, options, run


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options
def command(file: Path, **chosen: Any) -> None:
    """Find entries of one list that are the same person. Nothing is merged: pairs and clusters are written beside it.

    Example: corroborate dedupe a.csv --out deduplicated
    """
    run([file], Wanted(**chosen))
