"""`corroborate publish`: a release as a public site."""

from pathlib import Path

import click

from corroborate.disclosure import Release
from corroborate.errors import NotAllowed
from corroborate.site import publish


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--release",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What may be seen, as disclosure decided it (release.json).",
)
@click.option("--base-url", default="", help="Where it will stand, for the site map.")
def command(folder: Path, path: Path, base_url: str) -> None:
    """Write the public site of a release to FOLDER: static pages in English, Korean and Japanese, no script.

    Only a release for the public is published. Files that did not change are left untouched.

    Example: corroborate publish site --release demo/release.json
    """
    release = Release.from_json(path.read_bytes())
    if release.audience != "public":
        raise NotAllowed(f"this release is for {release.body or release.audience}, not for the public")
    changed = publish(release, folder, base_url)
    click.echo(f"{folder / 'index.html'} ({changed} files changed)")
