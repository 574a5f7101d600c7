"""`corroborate dossier`: a release as PDF."""

from pathlib import Path

import click

from corroborate.disclosure import Release
from corroborate.dossier import write_dossier


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--release",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What may be seen, as disclosure decided it (release.json).",
)
def command(out: Path, path: Path) -> None:
    """Write the dossier of a release to OUT (PDF/A-2a, PDF/UA-1). The same release gives the same bytes.

    Example: corroborate dossier dossier.pdf --release demo/release.json
    """
    write_dossier(Release.from_json(path.read_bytes()), out)
    click.echo(str(out))
