"""`corroborate private`: link with another member's vault by files alone, handing no list to anybody."""

import csv
import io
import json
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from rich.text import Text

from corroborate.custody import Verifier, write_file
from corroborate.errors import InputRefused, InvalidValue
from corroborate.translation import Sentence
from corroborate.values import new_id
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, in_one_line, say, worded
from corroborate_cli.terminal import Table, Terminal
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.review import held, held_queries, private
from corroborate_node.review import numbers as document_numbers

if TYPE_CHECKING:
    from corroborate.linkage.private import Agreement, Reveal

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
        made = make(private.node_of(vault))
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
        write_file(out, make(terms, private.node_of(vault)))
    echo(str(out))


@command.command()
@click.argument("offer", type=_FILE)
@vault_options
@_KEY
@_OUT
@click.option("--yes", is_flag=True, help="Do not ask: you have read the terms.")
def accept(offer: Path, folder: Path, passphrase_file: Path | None, key: str, out: Path, yes: bool) -> None:
    """Accept the terms in the file OFFER, and sign them. They are said in words, and you are asked.

    Example: corroborate private accept terms.offer --vault our-vault --key KEY --out half.agreement
    """
    from corroborate.linkage.private import accept as make
    from corroborate.linkage.private import check_usual, offered

    sender, content = Verifier.parse(key), offer.read_bytes()
    with opened(folder, passphrase_file) as vault:
        node = private.node_of(vault)
        terms = offered(content, sender, node)
        for line in in_words(terms):
            echo(line, err=True)
        check_usual(terms)
        if not yes and not click.confirm(worded("Do you accept these terms, and sign them?"), err=True):
            say("Nothing was signed.", err=True)
            raise SystemExit(1)
        write_file(out, make(content, sender, node, now().date()))
    echo(str(out))


_REVEALED = {
    "nothing": Sentence("nothing: only how many people both hold"),
    "held": Sentence("that it holds the person too, and nothing else"),
    "fields": Sentence("names and facts, of those whose sources allow it"),
}


def in_words(terms: "Agreement") -> list[Sentence]:
    """The terms of an agreement as somebody reads them who signs for an organisation."""
    schema, offering = terms.schema, terms.parties[0].key
    lines = [
        Sentence("{name} offers to find out whom you both hold.", name=offering.name),
        Sentence("  its key: {print}", print=offering.fingerprint),
        Sentence(
            "  who compares: {name}, with the key {print}", name=terms.unit.key.name, print=terms.unit.key.fingerprint
        ),
        Sentence("  it holds from {begins} until {ends}", begins=terms.begins, ends=terms.ends),
        Sentence("  the most that either side tells of a person whom both hold: {what}", what=_REVEALED[terms.reveal]),
        Sentence("  two codes count as one person where at most {near} of 1,000 bits differ", near=terms.nearness),
        Sentence("  who compares learns how many rows each has, rounded up to {round}", round=schema.round_to),
    ]
    if schema.keys:
        lines.append(
            Sentence("  and which rows share a whole name with a year or place ({keys} keys a row)", keys=schema.keys)
        )
    return lines


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
        node = private.node_of(vault)
        signed = make(agreement.read_bytes(), Verifier.parse(key), offer.read_bytes(), node, now().date())
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
        (
            "{people:,} person encoded, {left_out:,} left out (no leave to link, or no given name): {out}",
            "{people:,} people encoded, {left_out:,} left out (no leave to link, or no given name): {out}",
        ),
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
            private.node_of(vault),
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


@command.command("sign-again")
@click.argument("file", type=_FILE)
@vault_options
@_OUT
def sign_again(file: Path, folder: Path, passphrase_file: Path | None, out: Path) -> None:
    """Sign FILE again with our key of now: an offer, agreement, encoding or answer that we sent before the key changed.

    Who gets a file of a key that we have replaced does not take it in without: whoever has that key could have made it.
    Results of the linkage unit are made again with `private match`, answers to numbers with `private numbers answer`.

    Example: corroborate private sign-again ours.encoding --vault our-vault --out ours-again.encoding
    """
    with opened(folder, passphrase_file) as vault:
        write_file(out, private.sign_again(owner(vault, now()), file.read_bytes()))
    echo(str(out))


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
@click.option("--yes", "again", is_flag=True, help="Answer a second result for the same encoding too.")
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
    again: bool,
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
                owner(vault, now()), note, result.read_bytes(), release, most=limit, only=less, again=again
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
            grid.add_row(Text(in_one_line(one.name)), one.people[0], one.reveal, "; ".join(dict.fromkeys(one.withheld)))
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
@click.argument("answer", type=_FILE, required=False)
@vault_options
@click.option("--to-review", is_flag=True, help="Without ANSWER: have what an earlier version learnt judged too.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def learn(
    agreement: Path, answer: Path | None, folder: Path, passphrase_file: Path | None, to_review: bool, as_json: bool
) -> None:
    """Read the other side's ANSWER: which of our people it holds too, and what it let us have of them.

    Each of them waits in Review, and for `corroborate private judge`. Without ANSWER: what was learnt under this
    agreement before, and how it was judged.

    Example: corroborate private learn agreement theirs.answer --vault our-vault
    """
    note = agreement.read_bytes()
    looking = answer is None and not to_review
    with looked_into(folder, passphrase_file) if looking else opened(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        if to_review:
            say(
                ("{number:,} person more waits in Review.", "{number:,} people more wait in Review."),
                number=private.to_review(desk, note),
                err=True,
            )
        if answer is None:
            found = private.learnt_before(desk, note)
            journal.viewed(desk, "command private learn", [who for one in found for who in _people(one)])
        else:
            found = private.learn(desk, note, answer.read_bytes())
        names, judged = private.named(found), private.judged_under(note)
    if as_json:
        named = [
            {**one, "names": [names[who] for who in _people(one)], **judged.get(_people(one)[0], private.UNSEEN)}
            for one in found
        ]
        click.echo(json.dumps(named, ensure_ascii=False))
        return
    _print_learnt(found, names, judged, note)


_VERDICTS = {
    "": Sentence("not judged yet"),
    "same": Sentence("same person"),
    "different": Sentence("different people"),
    "unsure": Sentence("unsure"),
}


def _print_learnt(
    found: "list[dict[str, object]]", names: Mapping[str, str], judged: "Mapping[str, private.Judged]", note: bytes
) -> None:
    grid = Table("number", "person of ours", "id", "difference", "what they told", "judged")
    for one in sorted(found, key=lambda one: cast("float", one["difference"])):
        fields = cast("dict[str, list[str]]", one["fields"])
        told = "; ".join(f"{key}: {', '.join(values)}" for key, values in fields.items())
        first, difference = _people(one)[0], cast("float", one["difference"])
        name = names[first] or Sentence("no longer named here")
        about = judged.get(first, private.UNSEEN)
        verdict = _VERDICTS.get(about["judged"], Sentence("reviewers differ"))
        number = "" if about["pair"] is None else str(about["pair"])
        said = Text(in_one_line(told)) if told else Sentence("that they hold them too")  # no markup of a stranger's
        grid.add_row(number, Text(name) if isinstance(name, str) else name, first, f"{difference:.3f}", said, verdict)
    Terminal(highlight=False).print(grid)
    say(
        (
            "{number:,} person of ours is held by the other side too, as far as it tells.",
            "{number:,} people of ours are held by the other side too, as far as it tells.",
        ),
        number=len(found),
    )
    if found:
        say(
            "Difference: what part of two codes differs; the agreement lets at most {most:.3f} pass. Nearest first.",
            most=private.nearness(note),
        )


@command.command()
@click.argument("number", type=int)
@click.argument("verdict", type=click.Choice(["same", "different", "unsure"]))
@vault_options
@click.option("--by", required=True, help="Who judges: the name that stands in the history.")
@click.option("--why", required=True, help="What was seen. A judgement without a reason proves nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def judge(
    number: int, verdict: str, folder: Path, passphrase_file: Path | None, by: str, why: str, as_json: bool
) -> None:
    """Say whether the person with the NUMBER that `private learn` shows is the one whom the other side holds too.

    It joins nobody: their record is not here. The judgement is sealed in the log, and can be taken back.

    Example: corroborate private judge 3 same --vault our-vault --by keeper --why "born in one year, one camp"
    """
    with opened(folder, passphrase_file) as vault:
        judgement = held.judge(owner(vault, now()), held_queries.pair(number), verdict, why, by)
    click.echo(json.dumps({"judgement": judgement}) if as_json else judgement)


@command.command()
@vault_options
@click.option("--by", required=True, help="Whose last such judgement is taken back.")
@click.option("--judgement", help="Its id; otherwise this reviewer's last one that stands.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def undo(folder: Path, passphrase_file: Path | None, by: str, judgement: str | None, as_json: bool) -> None:
    """Take back what was said of somebody whom the other side holds too. The history keeps it.

    Example: corroborate private undo --vault our-vault --by keeper
    """
    with opened(folder, passphrase_file) as vault:
        gone = judgement or held_queries.last_by(by)
        held.take_back(owner(vault, now()), gone)
    click.echo(json.dumps({"taken_back": gone}) if as_json else Sentence("{gone} is taken back", gone=gone))


@command.command()
@_AGREEMENT
@vault_options
@click.confirmation_option(prompt="Erase what the other side told under this agreement?")
def forget(agreement: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Erase what the other side told under an agreement, as when its source took consent back.

    Example: corroborate private forget agreement --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        number = held.forget(owner(vault, now()), private.id_of(agreement.read_bytes()))
    say(("{number:,} person was forgotten.", "{number:,} people were forgotten."), number=number)


def _people(one: Mapping[str, object]) -> list[str]:
    return cast("list[str]", one["people"])


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
        (
            "{entered:,} number entered, {left_out:,} left out (no leave to link): {out}",
            "{entered:,} numbers entered, {left_out:,} left out (no leave to link): {out}",
        ),
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
        json.dumps(found)
        if as_json
        else "\n".join(
            [*found, Sentence(("{number:,} person of ours.", "{number:,} people of ours."), number=len(found))]
        )
    )
