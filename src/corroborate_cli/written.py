"""Files that commands read and write, as options and as what is said of them."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from corroborate.custody import write_file
from corroborate.translation import Sentence
from corroborate_cli.speaking import echo
from corroborate_cli.vaults import Function

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)
LOG = click.Path(exists=True, file_okay=False, path_type=Path)


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8, LF; cells that a spreadsheet would run as a formula are defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([f"'{c}" if isinstance(c, str) and c[:1] in ("=", "+", "-", "@") else c for c in row])
    return out.getvalue().encode()


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


def counted(number: int, one: str, more: str) -> Sentence:
    """A number with its word: 1 person, 2 people."""
    return Sentence(f"{{n:,}} {one if number == 1 else more}", n=number)
