"""`corroborate decision`: what was asked, who said what, and what follows."""

import json
from datetime import datetime
from pathlib import Path

import click

from corroborate.coalition import decisions
from corroborate.coalition.declarations import Keys, check_seen, check_time, kind_of, read_declaration
from corroborate.custody import Verifier
from corroborate.errors import CorroborateError, InputRefused
from corroborate_cli.moments import MOMENT
from corroborate_cli.speaking import echo, say
from corroborate_cli.vaults import now

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Decisions of a coalition: count signed positions by the rule, and print the minutes.

    Example: corroborate decision minutes --help
    """


@command.command()
@click.argument("text", type=_FILE)
@click.argument("positions", nargs=-1, type=_FILE)
@click.option("--name", required=True, help="The proposal's short name.")
@click.option("--title", required=True, help="The proposal's title, as members were asked.")
@click.option("--keys", required=True, type=_FILE, help="Verifier keys of those asked, one a line.")
@click.option(
    "--rule", type=click.Choice(["consensus", "majority", "steering"]), default="consensus", show_default=True
)
@click.option("--objections", default=0, show_default=True, help="How many a consensus bears.")
@click.option("--quorum", default=1, show_default=True, help="The least number who must have spoken.")
@click.option("--opened", required=True, type=MOMENT, help="2026-03-01T18:00+09:00, or with a named zone; else UTC.")
@click.option("--closes", required=True, type=MOMENT, help="As --opened.")
@click.option("--html", "as_html", is_flag=True, help="Print one HTML page.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def minutes(
    text: Path, positions: tuple[Path, ...], name: str, title: str, keys: Path, rule: str, objections: int,
    quorum: int, opened: datetime, closes: datetime, as_html: bool, as_json: bool,
) -> None:  # fmt: skip
    """Count signed POSITIONS on the exact words of TEXT, and print who said what and what follows by the rule.

    Example: corroborate decision minutes costs.txt a.signed b.signed --name costs --title "Share the costs"
    --keys members.txt --opened 2026-11-01T09:00 --closes 2026-12-01T18:00
    """
    lines = [line.strip() for line in _text(keys).splitlines() if line.strip() and not line.startswith("#")]
    members = {key.name: key for key in map(Verifier.parse, lines)}
    kind = next(one for one in ("consensus", "majority", "steering") if one == rule)
    proposal = decisions.Proposal(
        name, title, _text(text), tuple(members), decisions.Rule(kind, objections, quorum),
        opened, closes, {}, frozenset(members),
    )  # fmt: skip
    refused: dict[str, str] = {}
    for path in positions:
        try:
            note = path.read_bytes()
            kind_ = kind_of(note)
            said = read_declaration(note, kind_ if kind_ in decisions.KINDS else "position as asked", Keys.of(members))
            check_time(said.at, now())
            check_seen(said)
            proposal = decisions.hear(proposal, decisions.said_in(said), said.at, about=said.fields)
        except CorroborateError as error:
            refused[str(path)] = str(error)
    at, names = now(), {one: one for one in members}
    if as_json:
        found = decisions.result(proposal, at)
        said_ = {one.member: one.position for one in proposal.counted.values()}
        click.echo(json.dumps({"outcome": found.outcome, "why": found.why, "support": found.support,
                               "abstain": found.abstain, "object": found.object, "silent": found.silent,
                               "positions": said_, "refused": refused}, ensure_ascii=False))  # fmt: skip
    else:
        echo((decisions.minutes_html if as_html else decisions.minutes_text)(proposal, names, at), nl=False)
        for file, why in refused.items():
            say("refused {of_file}: {why}", of_file=file, why=why, err=True)
    if refused:
        raise SystemExit(1)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused("{path} is not UTF-8 (byte {start})", path=path, start=error.start) from error
