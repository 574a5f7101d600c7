"""`corroborate program`: what the export of another program says, and back into its shape."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export
from corroborate.importers.programs import (
    beside_name,
    programs,
    read_export,
    recognised,
    write_beside,
    write_export,
)
from corroborate.translation import counted
from corroborate_cli.speaking import echo, say


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "name", help="Which program wrote it; otherwise it is known by its content.")
@click.option("--as", "other", help="Write it in the shape that this program takes in: ftm, uwazi or bayanat.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to; otherwise it is printed.")
@click.option("--json", "as_json", is_flag=True, help="Print people, acts, sources and links as one JSON object.")
def command(file: Path | None, name: str | None, other: str | None, out: Path | None, as_json: bool) -> None:
    """Show what the export FILE of another program says: who, what was done to whom, who told it. Nothing is stored.

    Without FILE: the programs that are known, and where their export button is.

    \b
    Example: corroborate program export.actors.json --json
             corroborate program velora_cases.csv.zip --as ftm --out entities.ftm.json
    """
    if file is None:
        for program in programs().values():
            click.echo(f"{program.name}: {program.title}. {program.export}")
        return
    found = name or recognised(file)
    if found is None:
        raise InputRefused(
            "{name} is no export that we know: {listed}; import it as a list",
            name=file.name,
            listed=", ".join(programs()),
        )
    export = read_export(file, found)
    if other is not None:
        text, lost = write_export(export, other)
        for one in lost:
            say("Not in it: {one}", one=one, err=True)
        if out is None:
            echo(text, nl=False)
        else:
            out.write_text(text, encoding="utf-8", newline="")
            for ending, more in write_beside(export, other).items():
                beside = beside_name(out, ending)
                beside.write_text(more, encoding="utf-8", newline="")
                say(
                    "{name} holds the {partition}: import it first",
                    name=beside.name,
                    partition=ending.partition(".")[0],
                    err=True,
                )
        return
    if as_json:
        click.echo(json.dumps(export.as_json(), ensure_ascii=False))
        return
    _print_read(export, programs()[found].title)


def _print_read(export: Export, title: str) -> None:
    say(
        "{title}: {people}, {acts}, {sources}.",
        title=title,
        people=counted(len(export.people), "person or group", "people and groups"),
        acts=counted(len(export.acts), "act", "acts"),
        sources=counted(len(export.sources), "source", "sources"),
    )
    for person in export.people:
        click.echo(f"  {person.name} ({person.role})")
    for source in export.sources:
        for passage in _passages(source.more.get("passages")):
            click.echo(f"  {passage}")
    for notice in export.notices:
        say("Note: {notice}", notice=notice)


def _passages(listed: object) -> Iterator[str]:
    """Passages of a document, each after the place where a person finds it."""
    for one in listed if isinstance(listed, list) else ():
        said = f"{one['speaker']}: " if one.get("speaker") else ""
        yield f"[{one['where']}] {said}{one['text']}"
