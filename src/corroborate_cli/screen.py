"""`corroborate screen`: which of our people a broadcast, a list or an article may name."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from corroborate.errors import InputRefused
from corroborate_cli.desks import desk_of, looked_into
from corroborate_cli.search import account_options
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.wording import Words
from corroborate_node.finding import screening


@click.command()
@click.argument("text")
@vault_options
@account_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    text: str, folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, as_json: bool
) -> None:
    """Say whom of our people TEXT may name: where, by which rule, and how little that says. TEXT is words, a file of
    text in UTF-8, or - for standard input.

    It is compared on this machine. Nothing of the text is kept; the journal keeps which people were found.

    Example: corroborate screen broadcast.txt --vault our-vault
    """
    words = read(text)
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("identity.read")
        named = screening.screen(desk, words)
        journal.viewed(desk, "screen", [person.id for one in named for person in one.people])
    if as_json:
        click.echo(json.dumps([_said(one) for one in named], ensure_ascii=False))
        return
    _print(named)


def read(text: str) -> str:
    """The words themselves, of a file, or of standard input. Raises InputRefused for what is no text."""
    path = Path(text)
    try:
        if text == "-":
            content = sys.stdin.buffer.read(4 * screening.LONGEST + 1)
        elif len(text) < 250 and "\n" not in text and path.is_file():
            with path.open("rb") as file:
                content = file.read(4 * screening.LONGEST + 1)
        elif len(text) < 250 and path.is_dir():
            raise InputRefused(f"{text} is a folder: name one file of text")
        else:
            content = text.encode(errors="surrogateescape")
        words = content.decode("utf-8-sig")
    except OSError as error:
        raise InputRefused(f"{text} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputRefused(f"{text} is not text in UTF-8: save it as plain text first") from error
    if len(words) > screening.LONGEST:
        raise InputRefused(f"the text has more than {screening.LONGEST:,} letters: divide it")
    return words


def _because(one: screening.Mention) -> str:
    words = Words("en", "finding")
    return ", ".join(words[key] for key in one.why)


def _said(one: screening.Mention) -> dict[str, Any]:
    words = Words("en", "finding")
    return {
        "text": one.text,
        "line": one.line,
        "at": one.at,
        "doubt": one.doubt,
        "because": _because(one),
        "people": [
            {"id": person.id, "name": person.name, "why": words[person.why], "likely": person.likely}
            for person in one.people
        ],
    }


def _print(named: list[screening.Mention]) -> None:
    words = Words("en", "finding")
    for one in named:
        because = f" ({_because(one)})" if one.why else ""
        click.echo(f"line {one.line}: …{one.before[-20:]}[{one.text}]{one.after[:20]}…".replace("\n", " "))
        click.echo(f"  says {one.doubt} that it is one of ours{because}")
        for person in one.people[:10]:
            click.echo(f"  {person.name}  {person.id}  by {words[person.why]}")
        if len(one.people) > 10:
            click.echo(f"  and {len(one.people) - 10} more of ours")
    if not named:
        click.echo(words["nobody"])
