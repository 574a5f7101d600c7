"""`corroborate submission`: what procedures ask for and refuse, the text that is filed, and what became of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Console

from corroborate import submissions
from corroborate.disclosure import Release
from corroborate.errors import InputRefused, NotAllowed
from corroborate.submissions import Fault, Filing, Form
from corroborate.translation import Sentence
from corroborate.vocabulary import load
from corroborate_cli.dossier import signed_of
from corroborate_cli.speaking import echo, say
from corroborate_cli.terminal import Table
from corroborate_cli.written import OUT, printed, written

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_ON = click.option("--on", type=_DAY, help="The day, where it is not today.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def command() -> None:
    """Submissions to commissions, special procedures, treaty bodies and courts, from a release.

    Facts about procedures that were recalled and not read are marked: open the official page on the day of filing.
    """


def _of_filing(function: Callable[..., Any]) -> Callable[..., Any]:
    for one in reversed(
        (
            click.argument("procedure"),
            click.option("--release", required=True, type=_FILE, help="The release.json that it is made from."),
            click.option("--answers", type=_FILE, help="YAML or JSON: each field of the form and its answer."),
            click.option("--state", default="", help="Against which State (KP, CN, …), where a treaty must bind it."),
            click.option("--language", default="en", show_default=True, help="Of the text (ISO 639-1)."),
            click.option("--deadline", type=_DAY, help="The last day, as the call or session says."),
            click.option("--joint", is_flag=True, help="Of several organisations together."),
            click.option("--earlier", multiple=True, type=_FOLDER, help="A submission made before; again for more."),
            _ON,
        )
    ):
        function = one(function)
    return function


@command.command("list")
@click.option("--state", default="", help="Only what can be filed about this State, as its treaties stand (KP, CN, …).")
@_JSON
def list_(state: str, as_json: bool) -> None:
    """List the procedures, whom each hears, and which State must be bound by what.

    Example: corroborate submission list --state KP
    """
    rows = []
    for id_ in load("procedures").entries:
        asked, rules = submissions.form(id_), submissions.rules_of(id_)
        if state and rules.treaty and not submissions.bond(state, rules.treaty).bound:
            continue
        rows.append(
            {
                "id": id_,
                "title": asked.title,
                "body": asked.body,
                "treaty": rules.treaty,
                "deadline": rules.yearly or rules.deadline,
                "closed": rules.closed,
                "address": rules.address,
                "recalled": asked.recalled,
            }
        )
    if as_json:
        click.echo(json.dumps({"procedures": rows}, ensure_ascii=False))
        return
    grid = Table("procedure", "", "treaty", "last day", "to be looked up", show_header=True)
    for one in rows:
        when = Sentence("closed") if one["closed"] else str(one["deadline"] or "–")
        marked = Sentence("yes") if one["recalled"] else ""
        grid.add_row(str(one["id"]), str(one["title"]), str(one["treaty"]) or "–", when, marked)
    Console(highlight=False, width=160).print(grid)


@command.command()
@click.argument("procedure")
@click.option("--release", type=_FILE, help="A release.json: its own answers are filled in.")
@_JSON
def show(procedure: str, release: Path | None, as_json: bool) -> None:
    """Show what PROCEDURE asks for, its limits and rules; with --release as a file of answers to go on with.

    Example: corroborate submission show wgeid.case
    """
    asked, rules = submissions.form(procedure), submissions.rules_of(procedure)
    known = {} if release is None else dict(submissions.prefilled(asked, signed_of(str(release)).release))
    if as_json:
        click.echo(json.dumps({"form": asdict(asked), "rules": asdict(rules), "prefilled": known}, ensure_ascii=False))
        return
    if release is not None:
        click.echo(
            yaml.safe_dump(
                {one.id: known.get(one.id, "") for one in asked.fields}, allow_unicode=True, sort_keys=False, width=100
            )
        )
        return
    say("{title}, to {body}: {address}", title=asked.title, body=asked.body, address=rules.address or "–")
    for limit in asked.limits:
        click.echo(f"  {limit}")
    grid = Table("field", "", "required", show_header=True)
    for one in asked.fields:
        grid.add_row(one.id, one.label, Sentence("yes") if one.required else "")
    Console(highlight=False, width=160).print(grid)


@command.command()
@_of_filing
@_JSON
@click.pass_context
def check(context: click.Context, /, procedure: str, as_json: bool, **given: Any) -> None:
    """Say what stands against filing: missing answers, names, State, limits, last day, procedures that exclude it.

    Exit code 1 where it may not be filed so.

    Example: corroborate submission check wgeid.case --release release.json --answers answers.yaml --state KP
    """
    asked, *_, faults = _checked(procedure, given)
    if as_json:
        told = [{"kind": one.kind, "what": str(one.what)} for one in faults]
        click.echo(json.dumps({"procedure": asked.id, "faults": told}, ensure_ascii=False))
    else:
        _say(faults)
    context.exit(1 if submissions.refusals(faults) else 0)


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_of_filing
def make(folder: Path, procedure: str, **given: Any) -> None:
    """Write the text into FOLDER, a new one, with the record of what becomes of it. Refused where check refuses.

    Example: corroborate submission make to-wgeid wgeid.case --release release.json --answers answers.yaml --state KP
    """
    asked, answers, made, filing, faults = _checked(procedure, given)
    _say(faults)
    if refused := submissions.refusals(faults):
        raise NotAllowed("{title} is not written: {first}", title=asked.title, first=refused[0])
    submissions.start(folder, submissions.tracked(asked, answers, filing), submissions.write(made, asked, answers))
    say("{folder}: read it whole before it is sent.", folder=folder)


@command.command()
@click.argument("procedures", nargs=-1, required=True)
@click.option("--body", default="OHCHR", show_default=True, help="Whom the confidential dossier is for.")
@click.option("--state", default="", help="Against which State (KP, CN, …), where a treaty must bind it.")
@click.option("--public-record", "record", is_flag=True, help="Of the public record, at a hub.")
@click.option("--out", type=OUT, help="File for the plan. Otherwise it is printed.")
def plan(procedures: tuple[str, ...], body: str, state: str, record: bool, out: Path | None) -> None:
    """Write a plan for `corroborate file`: two dossiers, and a submission to each of PROCEDURES, to be answered.

    Example: corroborate submission plan ohchr.repository wgeid.case --out plan.yaml
    """
    printed(out, submissions.example(procedures, body, state.upper(), record=record).encode())


@command.command()
@click.argument("folder", type=_FOLDER)
@click.option("--by", required=True, help="Who approved the exact text.")
@click.option("--reference", default="", help="The body's reference.")
@click.option("--answer-due", type=_DAY, help="Until when the body, or the State, is to answer.")
@_ON
def sent(folder: Path, by: str, reference: str, answer_due: datetime | None, on: datetime | None) -> None:
    """Record that the text in FOLDER was sent, by whose approval, and the reference.

    Example: corroborate submission sent to-wgeid --by "A. Lawyer" --reference G/SO-1
    """
    made = submissions.mark_sent(folder, _day(on), by, reference, _given_day(answer_due))
    say("Sent on {on}, SHA-256 {digest}.", on=made.sent, digest=made.digest)


@command.command()
@click.argument("folder", type=_FOLDER)
@click.argument("words")
@_ON
def answered(folder: Path, words: str, on: datetime | None) -> None:
    """Record what was answered to the submission in FOLDER.

    Example: corroborate submission answered to-wgeid "Transmitted to the Government."
    """
    made = submissions.mark_answered(folder, _day(on), words)
    say("Answered on {on}.", on=made.answered)


@command.command()
@click.argument("folders", nargs=-1, required=True, type=_FOLDER)
@click.option("--out", required=True, type=OUT, help="Calendar file (.ics).")
@_ON
def calendar(folders: tuple[Path, ...], out: Path, on: datetime | None) -> None:
    """Write the last days of submissions, and the days answers are due, as a calendar file.

    Example: corroborate submission calendar to-wgeid to-upr --out days.ics
    """
    tracked = [(one.name, submissions.tracked_in(one)) for one in folders]
    written(out, submissions.calendar_of(tracked, _day(on)))


def _checked(
    procedure: str, given: Mapping[str, Any]
) -> tuple[Form, dict[str, str], Release, Filing, tuple[Fault, ...]]:
    asked, made = submissions.form(procedure), signed_of(str(given["release"])).release
    answers = {**submissions.prefilled(asked, made), **_answers(given["answers"])}
    earlier = tuple(submissions.tracked_in(one).as_earlier() for one in given["earlier"])
    filing = Filing(
        _day(given["on"]),
        given["language"],
        given["state"].upper(),
        _given_day(given["deadline"]),
        given["joint"],
        earlier,
    )
    return asked, answers, made, filing, submissions.checked(asked, answers, made, filing)


def _answers(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputRefused("{path} is no YAML or JSON in UTF-8: {error}", path=path, error=error) from error
    if not isinstance(told, dict):
        raise InputRefused("{path} is no list of fields with their answers (field: answer)", path=path)
    return {str(key): "" if value is None else str(value) for key, value in told.items()}


def _say(faults: tuple[Fault, ...]) -> None:
    for one in faults:
        echo(
            Sentence("refused: {what}", what=one.what)
            if one.kind == "refused"
            else Sentence("look at: {what}", what=one.what)
        )
    if not faults:
        say("Nothing stands against it that we know of.")


def _day(given: datetime | None) -> date:
    return datetime.now(UTC).date() if given is None else given.date()


def _given_day(given: datetime | None) -> date | None:
    return None if given is None else given.date()
