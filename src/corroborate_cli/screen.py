"""`corroborate screen`: which of our people a broadcast, a list or an article may name."""

import json
import sys
from pathlib import Path

import click

from corroborate.errors import InputRefused
from corroborate_cli.desks import desk_of, looked_into
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.wording import Words
from corroborate_node.finding import screening
from corroborate_node.http_api import answers


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
        click.echo(json.dumps([answers.mention(one) for one in named], ensure_ascii=False))
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
            raise InputRefused("{words} is a folder: name one file of text", words=text)
        else:
            content = text.encode(errors="surrogateescape")
        words = content.decode("utf-8-sig")
    except OSError as error:
        raise InputRefused("{words} cannot be read: {strerror}", words=text, strerror=error.strerror) from error
    except UnicodeDecodeError as error:
        raise InputRefused("{words} is not text in UTF-8: save it as plain text first", words=text) from error
    if len(words) > screening.LONGEST:
        raise InputRefused("the text has more than {longest:,} letters: divide it", longest=screening.LONGEST)
    return words


def _because(one: screening.Mention, tongue: str) -> str:
    words = Words(tongue, "finding")
    return ", ".join(words[key] for key in one.why)


def _print(named: list[screening.Mention]) -> None:
    words = Words(language(), "finding")
    for one in named:
        because = f" ({_because(one, language())})" if one.why else ""
        echo(f"line {one.line}: …{one.before[-20:]}[{one.text}]{one.after[:20]}…".replace("\n", " "))
        say("  says {doubt} that it is one of ours{because}", doubt=one.doubt, because=because)
        for person in one.people[:10]:
            say("  {name}  {id}  by {words}", name=person.name, id=person.id, words=words[person.why])
        if len(one.people) > 10:
            say("  and {number} more of ours", number=len(one.people) - 10)
    if not named:
        echo(words["nobody"])
