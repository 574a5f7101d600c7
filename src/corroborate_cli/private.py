"""`corroborate private`: link with another member's vault by files alone, handing no list to anybody."""

import csv
import io
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from corroborate.custody import Verifier, write_file
from corroborate.errors import InputRefused, InvalidValue
from corroborate.translation import Sentence
from corroborate.values import new_id
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.terminal import Table, Terminal
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.review import numbers as document_numbers
from corroborate_node.review import private

if TYPE_CHECKING:
    from corroborate.linkage.private import Reveal

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)
_REVEALS = ("nothing", "held", "fields")
_KEY = click.option(
    "--key",
    required=True,
    callback=lambda _context, _option, said: (said.split() or [said])[0],
    help="The other member's verifier key, or its whole card, as its `private card` says.",
)
_AGREEMENT = click.argument("agreement", type=_FILE)
_OUT = click.option("--out", required=True, type=_NEW, help="File to write.")
_RELEASE = click.option(
    "--release", required=True, type=int, help="Number of a release made for it (release make … --link)."
)


@click.group()
def command() -> None:
    """Link with another member's vault by files: neither hands its list to anybody.

    \b
    1. unit:        private card              -> its card, to both sides
    2. one side:    private offer             -> offer, to the other
    3. other side:  private accept            -> agreement, back
    4. one side:    private countersign       -> agreement, to the other and to the unit
    5. both:        release make --link       -> who may be linked, and what be told
       both:        private encode            -> encoding, to the unit
    6. unit:        private match             -> a result for each side
    7. both:        private decide            -> answer, to the other
    8. both:        private learn

    Example: corroborate private card --vault our-vault
    """


def _id(kind: str) -> str:
    return new_id(kind, milliseconds=int(now().timestamp() * 1000), randomness=os.urandom(10))


@command.command()
@vault_options
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file for it; otherwise printed.")
def card(folder: Path, passphrase_file: Path | None, out: Path | None) -> None:
    """Print this node's card: its verifier key, and its key for sealing files to it. Both are public.

    Compare the fingerprint by voice: whoever can change a card on its way can put itself in the middle.

    Example: corroborate private card --vault our-vault
    """
    from corroborate.linkage.private import card as make

    with looked_into(folder, passphrase_file) as vault:
        made = make(vault.signer)
    if out is None:
        echo(made.text())
    else:
        write_file(out, f"{made.text()}\n".encode())
        echo(str(out))
    say("fingerprint {fingerprint}", fingerprint=made.key.fingerprint, err=True)


@command.command()
@vault_options
@click.option("--unit", required=True, help="Card of the node that will compare: any third node, or the hub.")
@click.option(
    "--reveal",
    type=click.Choice(_REVEALS),
    default="held",
    show_default=True,
    help="The most that either side tells the other of a person whom both hold.",
)
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366), help="How long it holds.")
@click.option(
    "--keys",
    default=0,
    show_default=True,
    type=click.IntRange(0, 64),
    help="Composite blocking keys a row, for lists of more than 10,000. They tell the unit which rows share "
    "a whole name with a year or place.",
)
@_OUT
def offer(folder: Path, passphrase_file: Path | None, unit: str, reveal: str, days: int, keys: int, out: Path) -> None:
    """Offer another member terms for linking privately.

    Example: corroborate private offer --vault our-vault --unit "CARD" --out terms.offer
    """
    from corroborate.linkage.private import Agreement, Party, Schema
    from corroborate.linkage.private import offer as make

    today = now().date()
    with opened(folder, passphrase_file) as vault:
        nobody = Party(vault.signer.verifier(), bytes(32))
        terms = Agreement(
            _id("agreement"),
            today,
            today + timedelta(days=days),
            (nobody,),
            Schema(keys=keys),
            Party.parse(unit),
            reveal=cast("Reveal", reveal),
        )
        write_file(out, make(terms, vault.signer))
    echo(str(out))


@command.command()
@click.argument("offer", type=_FILE)
@vault_options
@_KEY
@_OUT
def accept(offer: Path, folder: Path, passphrase_file: Path | None, key: str, out: Path) -> None:
    """Accept the terms in the file OFFER, and sign them. They are printed: read them.

    Example: corroborate private accept terms.offer --vault our-vault --key KEY --out half.agreement
    """
    from corroborate.linkage.private import accept as make
    from corroborate.linkage.private import offered

    sender = Verifier.parse(key)
    echo(offered(offer.read_bytes(), sender).text(), err=True, nl=False)
    with opened(folder, passphrase_file) as vault:
        write_file(out, make(offer.read_bytes(), sender, vault.signer, now().date()))
    echo(str(out))


@command.command()
@_AGREEMENT
@click.option("--offer", required=True, type=_FILE, help="The offer as we sent it.")
@vault_options
@_KEY
@_OUT
def countersign(agreement: Path, offer: Path, folder: Path, passphrase_file: Path | None, key: str, out: Path) -> None:
    """Countersign the file AGREEMENT that the other side accepted, if its terms are the ones that we offered.

    Example: corroborate private countersign half.agreement --offer terms.offer --vault ours --key KEY --out agreement
    """
    from corroborate.linkage.private import countersign as make

    with opened(folder, passphrase_file) as vault:
        signed = make(agreement.read_bytes(), Verifier.parse(key), offer.read_bytes(), vault.signer, now().date())
        write_file(out, signed)
    echo(str(out))


@command.command()
@_AGREEMENT
@_RELEASE
@vault_options
@_OUT
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def encode(agreement: Path, release: int, folder: Path, passphrase_file: Path | None, out: Path, as_json: bool) -> None:
    """Encode everybody whom the release lets be linked, for the linkage unit and nobody else.

    Example: corroborate private encode agreement --release 1 --vault our-vault --out ours.encoding
    """
    with opened(folder, passphrase_file) as vault:
        sent, people, left_out = private.encode(owner(vault, now()), agreement.read_bytes(), release)
    write_file(out, sent)
    if as_json:
        click.echo(json.dumps({"file": str(out), "people": people, "left_out": left_out}))
        return
    say(
        "{people:,} people encoded, {left_out:,} left out (no leave to link, or no given name): {out}",
        people=people,
        left_out=left_out,
        out=out,
    )


@command.command()
@_AGREEMENT
@click.argument("encodings", nargs=2, type=_FILE)
@vault_options
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the results.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def match(
    agreement: Path, encodings: tuple[Path, Path], folder: Path, passphrase_file: Path | None, out: Path, as_json: bool
) -> None:
    """As the linkage unit: compare two ENCODINGS, and write a result for each side.

    This node learns how many rows there are (rounded up, with rows of nobody among them) and which are near.

    Example: corroborate private match agreement ours.encoding theirs.encoding --vault hub --out results
    """
    from corroborate.linkage.private import match_files

    with opened(folder, passphrase_file) as vault:
        found = match_files(
            agreement.read_bytes(),
            [one.read_bytes() for one in encodings],
            vault.signer,
            now(),
            _id("run"),
            os.urandom,
        )
    names = [f"{number}-{party.key.name}.result" for number, party in enumerate(found.agreement.parties, start=1)]
    for name, result in zip(names, found.results, strict=True):
        write_file(out / name.replace("/", "-"), result)
    paths = [str(out / name.replace("/", "-")) for name in names]
    if as_json:
        click.echo(json.dumps({"rows": found.rows, "near": len(found.pairs), "results": paths}, ensure_ascii=False))
        return
    say(
        "{rows:,} and {rows2:,} rows, {number:,} pairs near enough.",
        rows=found.rows[0],
        rows2=found.rows[1],
        number=len(found.pairs),
    )
    for path in paths:
        echo(path)


def read_only(path: Path | None) -> "dict[str, Reveal]":
    """Single people of whom less is told: CSV with the columns ``person`` and ``reveal``."""
    if path is None:
        return {}
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except UnicodeDecodeError as error:
        raise InputRefused("{path} is not UTF-8", path=path) from error
    if not rows or not {"person", "reveal"} <= set(rows[0]):
        raise InputRefused("{path} lacks the columns person and reveal", path=path)
    if wrong := next((row["reveal"] for row in rows if row["reveal"] not in _REVEALS), None):
        raise InvalidValue("{wrong!r} is none of {listed}", wrong=wrong, listed=", ".join(_REVEALS))
    return {row["person"]: cast("Reveal", row["reveal"]) for row in rows}


@command.command()
@_AGREEMENT
@click.argument("result", type=_FILE)
@_RELEASE
@vault_options
@click.option(
    "--most",
    type=click.Choice(_REVEALS),
    default="fields",
    show_default=True,
    help="The most we tell of anybody; never more than consent and agreement allow.",
)
@click.option("--only", type=_FILE, help="CSV with person and reveal: tell less of single people.")
@click.option("--show", is_flag=True, help="Show what would be told, and write nothing.")
@click.option("--out", type=_NEW, help="File for the other side.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def decide(
    agreement: Path,
    result: Path,
    release: int,
    folder: Path,
    passphrase_file: Path | None,
    most: str,
    only: Path | None,
    show: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Answer the other side: of each person what consent allows on this day, and no more. Look first with --show.

    Who has a partner on the other side is not known here yet, so the answer covers everybody we encoded: the other side
    can read it only of people whom it holds too.

    Example: corroborate private decide agreement ours.result --release 1 --vault our-vault --show
    """
    if not show and out is None:
        raise click.UsageError(worded("give --out FILE, or look first with --show"))
    less, limit = read_only(only), cast("Reveal", most)
    with opened(folder, passphrase_file) as vault:
        note = agreement.read_bytes()
        if show or out is None:
            listed = private.decisions(owner(vault, now()), note, release, most=limit, only=less)[0]
            shown = [person for one in listed for person in one.people]
            journal.viewed(owner(vault, now()), "command private decide", [f"release/{release}", *shown])
        else:
            sent, listed = private.decide(
                owner(vault, now()), note, result.read_bytes(), release, most=limit, only=less
            )
            write_file(out, sent)
    counts = {reveal: sum(one.reveal == reveal for one in listed) for reveal in _REVEALS}
    if as_json:
        people = [{"people": one.people, "reveal": one.reveal, "withheld": one.withheld} for one in listed]
        click.echo(json.dumps({"file": None if show else str(out), **counts, "decisions": people}, ensure_ascii=False))
        return
    if show:
        grid = Table("person", "id", "tell", "why not more")
        for one in listed:
            grid.add_row(one.name, one.people[0], one.reveal, "; ".join(dict.fromkeys(one.withheld)))
        Terminal(highlight=False).print(grid)
    say(
        "Nothing of {nothing:,}, that we hold them too of {held:,}, facts of {fields:,}.",
        nothing=counts["nothing"],
        held=counts["held"],
        fields=counts["fields"],
    )
    if not show:
        echo(str(out))


@command.command()
@_AGREEMENT
@click.argument("answer", type=_FILE)
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def learn(agreement: Path, answer: Path, folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Read the other side's ANSWER: which of our people it holds too, and what it let us have of them.

    Example: corroborate private learn agreement theirs.answer --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        found = private.learn(owner(vault, now()), agreement.read_bytes(), answer.read_bytes())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    grid = Table("person of ours", "difference", "what they told")
    for one in found:
        fields = cast("dict[str, list[str]]", one["fields"])
        told = "; ".join(f"{key}: {', '.join(values)}" for key, values in fields.items())
        grid.add_row(cast("list[str]", one["people"])[0], f"{one['difference']:.3f}", told or "that they hold them too")
    Terminal(highlight=False).print(grid)
    say("{number:,} people of ours are held by the other side too, as far as it tells.", number=len(found))


def read_numbers(path: Path) -> dict[str, str]:
    """Document numbers and whose they are: CSV with the columns ``person`` and ``number``."""
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except UnicodeDecodeError as error:
        raise InputRefused("{path} is not UTF-8", path=path) from error
    if not rows or not {"person", "number"} <= set(rows[0]):
        raise InputRefused("{path} lacks the columns person and number", path=path)
    found: dict[str, str] = {}
    for row in rows:
        if row["number"] in found and found[row["number"]] != row["person"]:
            raise InvalidValue("the number {number!r} stands at two people", number=row["number"])
        found[row["number"]] = row["person"]
    return found


@command.group()
def numbers() -> None:
    """Document numbers that both sides have, to the letter, without a linkage unit: private set intersection.

    Both sides enter, each answers the other's file, each compares. Both learn which numbers both have, and nothing of
    the others. There is no deciding afterwards: only numbers of people whose sources allow linking are entered.

    Example: corroborate private numbers enter agreement numbers.csv --release 1 --vault our-vault --out ours.numbers
    """


@numbers.command()
@_AGREEMENT
@click.argument("file", type=_FILE)
@_RELEASE
@vault_options
@_OUT
def enter(agreement: Path, file: Path, release: int, folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Enter the numbers in FILE (CSV: person, number); write the file for the other side.

    Example: corroborate private numbers enter agreement numbers.csv --release 1 --vault our-vault --out ours.numbers
    """
    given = read_numbers(file)
    with opened(folder, passphrase_file) as vault:
        sent, entered, left_out = document_numbers.enter(owner(vault, now()), agreement.read_bytes(), given, release)
    write_file(out, sent)
    say(
        "{entered:,} numbers entered, {left_out:,} left out (no leave to link): {out}",
        entered=entered,
        left_out=left_out,
        out=out,
    )


@numbers.command()
@_AGREEMENT
@click.argument("theirs", type=_FILE)
@vault_options
@_OUT
def answer(agreement: Path, theirs: Path, folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Answer the other side's file THEIRS.

    Example: corroborate private numbers answer agreement theirs.numbers --vault our-vault --out for-them.answer
    """
    with opened(folder, passphrase_file) as vault:
        write_file(out, document_numbers.answer(owner(vault, now()), agreement.read_bytes(), theirs.read_bytes()))
    echo(str(out))


@numbers.command()
@_AGREEMENT
@click.argument("theirs", type=_FILE)
@click.argument("answered", type=_FILE)
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of people.")
def compare(
    agreement: Path, theirs: Path, answered: Path, folder: Path, passphrase_file: Path | None, as_json: bool
) -> None:
    """Say which people of ours have a number that the other side has too.

    THEIRS is the file the other side entered, ANSWERED its answer to ours.

    Example: corroborate private numbers compare agreement theirs.numbers from-them.answer --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        found = document_numbers.compare(
            owner(vault, now()), agreement.read_bytes(), theirs.read_bytes(), answered.read_bytes()
        )
    click.echo(
        json.dumps(found) if as_json else "\n".join([*found, Sentence("{number:,} people of ours.", number=len(found))])
    )
