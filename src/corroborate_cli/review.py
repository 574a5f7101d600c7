"""`corroborate review`: pairs that may be one person, judged one by one."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from corroborate.translation import Sentence
from corroborate_cli.audit import command as audit
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import say
from corroborate_cli.terminal import Table, Terminal
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.http_api import answers
from corroborate_node.review import api as review
from corroborate_node.review import loading, queries

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_BY = click.option("--by", required=True, help="Who judges: the name that stands in the history.")


@click.group()
def command() -> None:
    """Pairs that may be one person: take them in, judge them, undo, and see how far reviewers agree.

    The page `/review` of `corroborate serve` is quicker: two entries side by side, one key a verdict.

    Example: corroborate review list --vault our-vault
    """


@command.command()
@click.argument("pairs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@vault_options
@_JSON
def load(pairs: Path, folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Take the file PAIRS in: `pairs.csv` of `link` or `dedupe`, or any CSV with left, right and probability.

    Rows of a list are found by the list's name and row, as it was imported; left and right are ids of people. Pairs
    with an entry that is not in this vault are left out, and counted.

    Example: corroborate review load linked/pairs.csv --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        done = loading.load_file(owner(vault, now()), pairs)
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    say(
        (
            "{new:,} pair waits anew, {before:,} were here, {elsewhere:,} are not in this vault.",
            "{new:,} pairs wait anew, {before:,} were here, {elsewhere:,} are not in this vault.",
        ),
        new=done.new,
        before=done.before,
        elsewhere=done.elsewhere,
    )


@command.command()
@vault_options
@click.option("--least", default=0.05, show_default=True, type=click.FloatRange(0, 1), help="Least probability.")
@_JSON
def find(folder: Path, passphrase_file: Path | None, least: float, as_json: bool) -> None:
    """Compare the vault's own people with each other, and take the pairs that may be one person in.

    Example: corroborate review find --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        done = loading.find(owner(vault, now()), least)
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    say(
        (
            "{new:,} pair waits anew, {before:,} were here before.",
            "{new:,} pairs wait anew, {before:,} were here before.",
        ),
        new=done.new,
        before=done.before,
    )


@command.command(name="list")
@vault_options
@click.option("--most", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Pairs to show.")
@_JSON
def list_(folder: Path, passphrase_file: Path | None, most: int, as_json: bool) -> None:
    """List the pairs that nobody has judged, the one whose judgement is expected to move most first.

    Example: corroborate review list --vault our-vault --most 50
    """
    with looked_into(folder, passphrase_file) as vault:
        waiting, count = queries.owner_waiting(most)
        people = [end for one in waiting for end in (one.left, one.right)]
        journal.viewed(owner(vault, now()), "command review list", people)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in waiting], ensure_ascii=False))
        return
    grid = Table("pair", "one entry", "the other", "probability", "worth")
    for one in waiting:
        names = (" / ".join(each) for each in (one.left_names, one.right_names))
        grid.add_row(str(one.pair), *names, f"{one.probability:.2f}", f"{one.worth:.1f}")
    Terminal(highlight=False).print(grid)
    say(("{count:,} pair waits.", "{count:,} pairs wait."), count=count)


@command.command()
@click.argument("pair", type=int)
@click.argument("verdict", type=click.Choice(["same", "different", "unsure"]))
@vault_options
@_BY
@click.option("--why", required=True, help="What was seen. A judgement without a reason proves nothing.")
@_JSON
def judge(
    pair: int, verdict: str, folder: Path, passphrase_file: Path | None, by: str, why: str, as_json: bool
) -> None:
    """Judge the pair with the number PAIR. The judgement is sealed in the log, and can be taken back.

    Example: corroborate review judge 12 same --vault our-vault --by keeper --why "same school, same uncle"
    """
    with opened(folder, passphrase_file) as vault:
        judgement = review.judge(vault, pair, verdict, by, why, now())
    click.echo(json.dumps({"judgement": judgement}) if as_json else judgement)


@command.command()
@vault_options
@_BY
@click.option("--judgement", help="Its id; otherwise this reviewer's last one that stands.")
@_JSON
def undo(folder: Path, passphrase_file: Path | None, by: str, judgement: str | None, as_json: bool) -> None:
    """Take a judgement back: who is judged the same as whom is exactly as it was before. The history keeps it.

    Example: corroborate review undo --vault our-vault --by keeper
    """
    with opened(folder, passphrase_file) as vault:
        gone = review.undo(vault, by, judgement, now())
    click.echo(json.dumps({"taken_back": gone}) if as_json else Sentence("{gone} is taken back", gone=gone))


@command.command()
@click.argument("person")
@vault_options
@click.option("--other", "others", multiple=True, help="Whom to part from PERSON, by id; again for more. None: all.")
@_BY
@click.option("--why", required=True, help="Why they are not one.")
@_JSON
def part(
    person: str, folder: Path, passphrase_file: Path | None, others: tuple[str, ...], by: str, why: str, as_json: bool
) -> None:
    """Part people who were judged one by mistake: --other from PERSON. What was said stays with whom it was said of.

    Example: corroborate review part person_… --other person_… --by keeper --why "two birthplaces" --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        done = review.part(vault, person, others, by, why, now())
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    say(
        (
            "Parted: {listed}. {number} judgement is taken back.",
            "Parted: {listed}. {number} judgements are taken back.",
        ),
        listed=", ".join(done.others),
        number=len(done.taken_back),
    )


@command.command()
@vault_options
@_JSON
def agreement(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Show how far every two reviewers agree on pairs that both judged: Cohen's kappa with its 95% interval.

    Example: corroborate review agreement --vault our-vault
    """
    with looked_into(folder, passphrase_file):
        found = queries.owner_agreement()
    if as_json:
        click.echo(json.dumps([answers.agreement(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        kappa = "no kappa (all verdicts alike)" if one.kappa is None else (
            Sentence("kappa {kappa:.2f} ({low:.2f} to {high:.2f})", kappa=one.kappa, low=one.low, high=one.high)
        )  # fmt: skip
        say(
            (
                "{listed}: {pairs:,} pair, {agreed:,} agreed, {kappa}",
                "{listed}: {pairs:,} pairs, {agreed:,} agreed, {kappa}",
            ),
            listed=" and ".join(one.reviewers),
            pairs=one.pairs,
            agreed=one.agreed,
            kappa=kappa,
        )
    if not found:
        say("No pair has been judged by two reviewers yet.")


command.add_command(audit)
