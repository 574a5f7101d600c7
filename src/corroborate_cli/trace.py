"""`corroborate trace`: from a figure of a dossier to the claims, sources and sealed items behind it."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from corroborate.disclosure import read_signed
from corroborate.figures import numbers
from corroborate.registers.traces import lines_behind, trace
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.terminal import Table

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("figure")
@click.option("--package", type=_FOLDER, help="Folder of the evidence package; of the public record there is none.")
@click.option("--release", type=_FILE, help="The release.json beside the dossier: says the figure as it stands there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(figure: str, package: Path | None, release: Path | None, as_json: bool) -> None:
    """List what stands behind FIGURE of a dossier, by its name there, from a package and without a network.

    The package is verified first. Each claim comes with its source, the place in that source, who recorded it, the
    entry of the log and the file that proves it. What the package seals and does not show is counted.

    Of the public record the signed release is enough: each line comes with its document, its paragraphs, whether
    somebody of us read them, and an address.

    Example: corroborate trace p.cah.imprisonment.1 --package demo/package --release demo/release.json

    Example: corroborate trace lines.finding --release public-record/release.json
    """
    if package is None:
        _of_record(figure, release, as_json)
        return
    found = trace(package, figure)
    known = [] if release is None else numbers(read_signed(release.read_bytes()).release)
    told = next((one for one in known if one.id == found.figure), None)
    if as_json:
        said = None if told is None else asdict(told)
        click.echo(json.dumps({**asdict(found), "in_dossier": said}, ensure_ascii=False))
        return
    if told is not None:
        say(
            "In the dossier: {value} {unit}, {definition} ({population}). Digest {digest}.",
            value="—" if told.value is None else f"{told.value:,}",
            unit=told.unit,
            definition=told.definition,
            population=told.population,
            digest=told.digest[:16],
        )
    say(
        "In this package of {organisation} ({verdict}): {n} claims about {people} people, from {sources} sources; "
        "{sealed} further records are sealed and not shown to this reader.",
        organisation=found.organisation,
        verdict=found.verdict,
        n=len(found.claims),
        people=found.people,
        sources=found.sources,
        sealed=found.sealed,
    )
    grid = Table("claim", "says", "about", "source", "where in it", "recorded by", "entry", show_header=True)
    for one in found.claims:
        grid.add_row(
            one.claim,
            one.says,
            one.about,
            one.source,
            one.locator,
            f"{one.recorder}, {one.recorded[:10]}",
            str(one.entry),
        )
    Console(highlight=False, width=200).print(grid)


def _of_record(figure: str, release: Path | None, as_json: bool) -> None:
    """The lines of published material behind a figure."""
    if release is None:
        raise click.UsageError(worded("Give --package FOLDER, or the --release of a public record."))
    signed = read_signed(release.read_bytes())
    found = lines_behind(signed.release, figure)
    told = next((one for one in numbers(signed.release) if one.id == figure), None)
    if as_json:
        said = None if told is None else asdict(told)
        lines = [asdict(one) for one in found]
        signer = {"name": signed.key.name, "fingerprint": str(signed.key.fingerprint)}
        click.echo(
            json.dumps({"figure": figure, "signed_by": signer, "lines": lines, "in_dossier": said}, ensure_ascii=False)
        )
        return
    say("{figure}: {n} lines of published material.", figure=figure, n=len(found))
    say("  signed by {signer}, key {fingerprint}", signer=signed.key.name, fingerprint=signed.key.fingerprint)
    for one in found:
        echo(f"{one.document} {one.place}{'' if one.checked in ('seen', '') else ' †'}: {one.says}")
        for address in one.addresses:
            echo(f"  {address}")
