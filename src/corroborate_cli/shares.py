"""Shares of a key, on a terminal: printed once, typed back by hand."""

import html
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from corroborate.errors import CorroborateError, InputRefused, unwritten
from corroborate.sealed import Joined
from corroborate.sealed.shares import Share, joined, read_share
from corroborate.translation import Sentence
from corroborate_cli.speaking import language, refused, say, worded
from corroborate_cli.vaults import Function

_A_LINE = 6  # words
_SHARES = Sentence("Nothing was changed.")


def shares_options(function: Function) -> Function:
    """``--shares`` and ``--shares-file`` for what can be opened with shares."""
    function = click.option(
        "--shares-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Shares, one a line, in place of typing them.",
    )(function)
    return click.option("--shares", "by_shares", is_flag=True, help="Open it with shares, typed from paper.")(function)


def typed(*files: Path | None) -> tuple[Joined, int]:
    """What enough shares give, and how many they were: from files, or asked for until they are enough."""
    found = [share for one in files if one is not None for share in _of_file(one)] or _asked()
    return Joined(joined(found)), len({one.number for one in found})


def _of_file(file: Path) -> list[Share]:
    try:
        lines = [line for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise InputRefused("{of_file} is not UTF-8", of_file=file).advising(_SHARES) from error
    if not lines:
        raise InputRefused("{of_file} is empty: each line should be a share", of_file=file).advising(_SHARES)
    return [read_share(line) for line in lines]


def _asked() -> list[Share]:
    """Asked again where one was mistyped; nothing that was typed before is lost."""
    found: dict[int, Share] = {}
    while not found or len(found) < next(iter(found.values())).need:
        line = click.prompt(worded("Share {number}: its 33 words or numbers", number=len(found) + 1), err=True)
        try:
            one = read_share(str(line))
            if found and one.set != next(iter(found.values())).set:
                raise InputRefused("this share is of another key than the one before").advising(_SHARES)
        except CorroborateError as error:
            what, advice = refused(error)
            click.echo(f"{what}\n{advice}", err=True)
            continue
        if one.number in found:
            say("This share was typed already.", err=True)
        found[one.number] = one
    return list(found.values())


def printed(shares: Sequence[Share]) -> Iterator[str]:
    """Each share in lines for a terminal: words with their numbers in the list."""
    for one in shares:
        yield Sentence(
            "Share {number} of {of}: any {need} open the vault.", number=one.number, of=len(shares), need=one.need
        )
        yield from in_lines(one)
        yield ""


def in_lines(one: Share) -> Iterator[str]:
    """The words of a share with their numbers in the list, a few a line."""
    both = [f"{word} {number:04}" for word, number in zip(one.words, one.numbers, strict=True)]
    for at in range(0, len(both), _A_LINE):
        line = (f"{place:>2} {text:<14}" for place, text in enumerate(both[at : at + _A_LINE], at + 1))
        yield "  " + " ".join(line).rstrip()


def write_words(path: Path, one: Share) -> None:
    """The words of a share in a line, into a new file readable by its owner alone. Raises InputRefused, StorageFull."""
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(f"{one}\n", encoding="utf-8")
    except FileExistsError as error:
        raise there_already(path) from error
    except OSError as error:
        raise unwritten(Sentence("the share"), error) from error


_STYLE = (
    "@page{size:A4;margin:2cm}body{font:14pt/1.5 sans-serif;margin:0}section{break-after:page;padding:1cm}"
    "ol{columns:3;padding-left:2em}li{break-inside:avoid;font:14pt/1.7 monospace}small{font-size:11pt}"
)


def write_pages(path: Path, shares: Sequence[Share], made: str) -> None:
    """Pages to be printed, one a share: one file, readable by its owner alone. Raises InputRefused, StorageFull."""
    body = "".join(_page(one, len(shares), made) for one in shares)
    text = (
        f'<!DOCTYPE html><html lang="{language()}"><meta charset="utf-8"><title>·</title><style>{_STYLE}</style>{body}'
    )
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text, encoding="utf-8")
    except FileExistsError as error:
        raise there_already(path) from error
    except OSError as error:
        raise unwritten(Sentence("the pages of the shares"), error) from error


def there_already(path: Path) -> InputRefused:
    return InputRefused("{path} is there already, and nothing is overwritten", path=path).advising(_SHARES)


def _page(one: Share, of: int, made: str) -> str:
    """It names neither the organisation nor the program's data: a paper that is found says as little as can be."""
    items = "".join(
        f"<li>{html.escape(word)} <small>{number:04}</small></li>"
        for word, number in zip(one.words, one.numbers, strict=True)
    )
    said = (
        worded("Share {number} of {of}, made on {made}", number=one.number, of=of, made=made),
        worded(
            "Any {need} of the {of} together open what they were made for. One alone says nothing.",
            need=one.need,
            of=of,
        ),
        worded("Keep it apart from the others, dry and locked. Tell nobody the words; photograph them never."),
        worded("To use it: corroborate restore BACKUP NEW-FOLDER --shares. Type the words, or the numbers."),
    )
    head, *rest = map(html.escape, said)
    return f"<section><h1>{head}</h1><ol lang=en>{items}</ol>{''.join(f'<p>{line}</p>' for line in rest)}</section>"
