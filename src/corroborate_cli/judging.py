"""`corroborate findings matrix|assess|weigh|take-back`: elements as people judged them, in the vault or in a case."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from corroborate.cases.law import LAWS, Law
from corroborate.cases.matrix import CONCLUSIONS, STANCES, WEIGHTS, Conclusion, Stance, Weight
from corroborate.errors import InvalidValue
from corroborate.translation import COMPLETE, Sentence, in_language
from corroborate.vocabulary import load
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import language, say
from corroborate_cli.terminal import Terminal
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.core.wording import Words
from corroborate_node.inquiry import as_json as written
from corroborate_node.inquiry import assessing
from corroborate_node.inquiry.assessing import matrix_of
from corroborate_node.log import actions as log_actions


class InWords(click.Choice[str]):
    """A choice that also takes what the page calls it, in any of our languages."""

    def __init__(self, choices: Sequence[str], of: str) -> None:
        super().__init__(choices)
        self._of = of

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As click does; the page's words become the choice that they stand for."""
        asked = _plain(str(value))
        for tongue, _ in COMPLETE:
            words = Words(tongue, "inquiry")
            for one in self.choices:
                if asked == _plain(words[f"{self._of}_{one}"]):
                    return one
        return super().convert(value, param, ctx)


def _plain(words: str) -> str:
    return words.strip(" .。").casefold()


_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_CASE = click.option("--case", default="", help="In this case; otherwise in the whole vault.")


@click.command("matrix")
@vault_options
@account_options
@_CASE
@click.option("--law", type=click.Choice(LAWS), default="article_7", show_default=True, help="Under which law.")
@_JSON
def matrix(
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    case: str,
    law: Law,
    as_json: bool,
) -> None:
    """Show the matrix: each element of each crime that anything speaks to, its doubts, and how people judged it.

    An account that may judge sees what others judged of an element once its own judgement stands.

    Example: corroborate findings matrix --vault our-vault --case "Camp 15"
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("finding.read")
        told = written.matrix(matrix_of(desk, case, law))
        journal.viewed(desk, "command findings", ["findings", *filter(None, [told["case"]])])
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Terminal(highlight=False)
    for cell in told["cells"]:
        if cell["for"] or cell["against"] or cell["evidence"] or cell["state"] != "untouched":
            _line(console, cell)


def _line(console: Terminal, cell: Any) -> None:
    words, proposition = Words(language(), "inquiry"), in_language(cell["proposition"], language())
    console.print(f"[bold]{escape(cell['element'])}[/bold] {escape(proposition)}")
    counts = Sentence(
        "  for {number}, against {number2}, independent origins {number3}; {state}",
        number=cell["for"],
        number2=cell["against"],
        number3=cell["independent"],
        state=words[f"state_{cell['state']}"],
    )
    console.print(counts)
    if cell["doubts"]:
        console.print(Sentence("  doubts: {doubts}", doubts=", ".join(words[f"doubt_{one}"] for one in cell["doubts"])))


@click.command()
@click.argument("element")
@vault_options
@account_options
@click.option(
    "--conclusion",
    type=InWords(CONCLUSIONS, "conclusion"),
    required=True,
    help="It meets the standard, falls short of it, or cannot be said yet (open).",
)
@click.option("--standard", default="proof.reasonable_grounds", show_default=True, help="Standard of proof, by its id.")
@click.option("--reasons", required=True, help="Why.")
@click.option("--gaps", default="", help="What is missing; needed where it is left open.")
@click.option("--contrary", default="", help="What speaks against it, and how it was weighed.")
@_CASE
@_JSON
def assess(
    element: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    conclusion: Conclusion,
    standard: str,
    reasons: str,
    gaps: str,
    contrary: str,
    case: str,
    as_json: bool,
) -> None:
    """Judge ELEMENT under a standard of proof. Your earlier judgement of it is replaced, and stays to be read.

    Example: corroborate findings assess cah.torture.1 --conclusion meets --reasons "three who saw it" --vault ours
    """
    load("standards")[standard]  # refuses an unknown one before the vault is opened
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        row = assessing.assess(desk, element, conclusion, standard, reasons, gaps, contrary, case)
        log_actions.checkpoint(owner(vault, desk.at))
    _told({"id": row.id, "element": element, "conclusion": conclusion, "case": row.case_id}, as_json)


@click.command()
@click.argument("element")
@click.argument("claim")
@vault_options
@account_options
@click.option("--speaks", type=InWords(STANCES, "speaks"), required=True, help="How the claim speaks to the element.")
@click.option("--weight", type=InWords(WEIGHTS, "weight"), required=True, help="With what weight.")
@click.option("--because", required=True, help="How it speaks to it.")
@_CASE
@_JSON
def weigh(
    element: str,
    claim: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    speaks: Stance,
    weight: Weight,
    because: str,
    case: str,
    as_json: bool,
) -> None:
    """Set CLAIM beside ELEMENT, as evidence for it, against it, or neither.

    Example: corroborate findings weigh cah.torture.context claim_… --speaks for --weight some --because "an order"
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        row = assessing.weigh(desk, element, claim, speaks, weight, because, case)
        log_actions.checkpoint(owner(vault, desk.at))
    _told({"id": row.id, "element": element, "conclusion": None, "case": row.case_id}, as_json)


@click.command("take-back")
@click.argument("record")
@vault_options
@account_options
@_JSON
def take_back(
    record: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Take back a judgement of yours (assessment_…), or evidence that was set beside an element (weighed_…).

    Example: corroborate findings take-back assessment_… --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        kind = record.partition("_")[0]
        if kind not in ("assessment", "weighed"):
            raise InvalidValue("{record} is neither a judgement, assessment_…, nor evidence, weighed_…", record=record)
        row = assessing.undo(desk, record) if kind == "assessment" else assessing.set_aside(desk, record)
        log_actions.checkpoint(owner(vault, desk.at))
    _told({"id": row.id, "element": row.element, "conclusion": None, "case": row.case_id}, as_json)


def _told(done: dict[str, str | None], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
    else:
        say("Done: {id}, of {element}.", id=done["id"], element=done["element"])
