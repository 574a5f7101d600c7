"""Files that commands read and write, as options and as what is said of them."""

from collections.abc import Callable
from pathlib import Path

import click

from corroborate.custody import write_file
from corroborate.translation import Sentence
from corroborate_cli.speaking import echo
from corroborate_cli.vaults import Function

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
LOG = click.Path(exists=True, file_okay=False, path_type=Path)


def out_option(what: str) -> Callable[[Function], Function]:
    return click.option("--out", required=True, type=OUT, help=Sentence("File for {what}.", what=what))


def written(out: Path, content: bytes) -> None:
    """Write the file that was asked for, and say where it is."""
    write_file(out, content)
    echo(str(out))


def printed(out: Path | None, content: bytes) -> None:
    """Write the file, or print it where none was asked for."""
    if out is None:
        echo(content.decode(), nl=False)
    else:
        written(out, content)
