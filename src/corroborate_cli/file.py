"""`corroborate file`: all that a case is filed as, by one plan: dossiers for one body and for everybody, submissions.

Each reader gets a release of its own, so that each is given what consents let go to it, and no more. What may not go is
refused with its reason, and the rest is written.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import click

from corroborate import submissions
from corroborate.custody import write_file
from corroborate.disclosure import Release
from corroborate.errors import CorroborateError, InputRefused, NotAllowed
from corroborate.submissions import DossierPlan, Filing, Mentioned, Plan, SubmissionPlan
from corroborate.translation import in_language
from corroborate.values import Digest
from corroborate_cli.desks import desk_of, opened
from corroborate_cli.release import shown_and_confirmed
from corroborate_cli.speaking import echo, say
from corroborate_cli.speaking import language as spoken
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import before
from corroborate_node.finding import screening
from corroborate_node.release import giving, making

FILED = "filed.json"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(slots=True)
class Filed:
    """What was done in a folder so far: which plan, which release for which part, what is written, what was refused."""

    plan: str
    releases: dict[str, int]
    written: dict[str, list[str]]
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One reader's part: what is released for it, and what is written of the release."""

    name: str
    asked: making.Asked
    write: Callable[[Desk, int, Path], list[str]]


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--plan", "planned", required=True, type=_FILE, help="YAML: `corroborate submission plan` writes one.")
@vault_options
@click.option("--as", "account", help="The account that does it; its passphrase is asked. Otherwise: the owner.")
@click.option("--account-file", type=_FILE, help="Its first line is that account's passphrase.")
@click.option("--second", help="The account of a second person who sits beside, and confirms what names people.")
@click.option("--second-file", type=_FILE, help="Its first line is the second person's passphrase.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    context: click.Context,
    /,
    out: Path,
    planned: Path,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    second: str | None,
    second_file: Path | None,
    as_json: bool,
) -> None:
    """Write all that a case is filed as into OUT: a dossier for one body, one for everybody, and submissions.

    Each reader gets a release of its own. What names people waits for a second person: who sits beside confirms it with
    --second; otherwise confirm it later (corroborate release confirm), and run the same command again: it goes on where
    it stopped, and writes nothing twice. What consents, rules of the body or its last day refuse is said with its
    reason, and everything else is written. Exit code 1 where something was refused.

    Example: corroborate file filed --plan plan.yaml --vault our-vault
    """
    content = planned.read_bytes()
    plan = submissions.read_plan(content, planned.name)
    done = _begun(out, Digest.of(content).hex)
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        before(desk)  # an older copy of the vault refuses as a whole: no part of the case would be filed
        confirming = partial(_confirmed, partial(desk_of, vault, second, second_file) if second else None)
        out.mkdir(parents=True, exist_ok=True)
        for part in _parts(plan):
            if part.name not in done.written:
                _do(desk, part, out, done, confirming)
                write_file(out / FILED, json.dumps(asdict(done), ensure_ascii=False, indent=1).encode() + b"\n")
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        _show(out, done)
    context.exit(1 if done.refused else 0)


def _begun(out: Path, plan: str) -> Filed:
    """A new folder, or one that the same plan began. Raises InputRefused for any other."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return Filed(plan, {}, {}, {})
    try:
        told = json.loads((out / FILED).read_bytes())
        found = Filed(**told)
    except (OSError, ValueError, TypeError) as error:
        raise InputRefused("{out} holds something else: choose another folder", out=out) from error
    if found.plan != plan:
        raise InputRefused(
            "{out} was begun by another plan, or the plan was changed since: choose another folder", out=out
        )
    return found


def _parts(plan: Plan) -> Iterator[Part]:
    common = making.Asked("public", case=plan.case, record=plan.record, estimate=plan.estimate, names=False)
    for name, one in (("confidential", plan.confidential), ("public", plan.public)):
        if one is not None:
            asked = replace(common, title=one.title, names=one.names, **_reader(one.body))
            yield Part(name, asked, partial(_dossiers, one, name))
    for text in plan.submissions:
        body = submissions.form(text.procedure).body
        asked = replace(common, names=text.names, **_reader(body))
        yield Part(text.procedure, asked, partial(_submission, text))


def _reader(body: str) -> dict[str, Any]:
    return {"audience": "named body", "body": body} if body else {"audience": "public"}


def _do(desk: Desk, part: Part, out: Path, done: Filed, confirming: Callable[[Desk, int], None]) -> None:
    """Release, confirm and write one part; or say why not. What was released before is not released again, unless it
    may no longer go."""
    try:
        number = done.releases.get(part.name)
        if number is None or _is_over(desk, number):
            number = making.make(desk, part.asked)
        done.releases[part.name] = number
        confirming(desk, number)
        done.written[part.name] = part.write(desk, number, out)
        done.refused.pop(part.name, None)
    except CorroborateError as error:
        what, advice = error.worded(spoken()), error.advised(spoken())
        done.refused[part.name] = f"{what} {advice}".strip()


def _is_over(desk: Desk, number: int) -> bool:
    """Whether a release may no longer be written, for another reason than that it waits for its second person."""
    row = making.seen(desk, number)
    if row.content is not None and row.needs_second and row.confirmed is None:
        return False
    try:
        giving.current_release(desk, number)
    except NotAllowed:
        return True
    return False


def _confirmed(second: Callable[[], Desk] | None, desk: Desk, number: int) -> None:
    row = making.seen(desk, number)
    if row.needs_second and row.confirmed is None and second is not None:
        with redirect_stdout(sys.stderr):  # for eyes: standard output is what was filed
            shown_and_confirmed(second(), number)


def _dossiers(plan: DossierPlan, name: str, desk: Desk, number: int, out: Path) -> list[str]:
    """The dossier in each language, and the signed release that it is checked with."""
    place = out / name
    place.mkdir(exist_ok=True)
    paths = {f"dossier.{one}.{form}": ("dossier", one) for one in plan.languages for form in plan.forms}
    paths |= {"release.json": ("json", "en")}
    for path, (form, language) in paths.items():
        giving.write(desk, number, form, place / path, to=plan.body, language=language)
    return [f"{name}/{path}" for path in paths]


def _submission(plan: SubmissionPlan, desk: Desk, number: int, out: Path) -> list[str]:
    """The text with the record of what becomes of it, and the release behind it."""
    folder, body = out / "submissions" / plan.procedure, submissions.form(plan.procedure).body
    giving.submit(desk, number, partial(_text, plan, desk, folder), body)
    giving.write(desk, number, "json", folder / "release.json", to=body)
    return [f"submissions/{plan.procedure}/{one}" for one in ("submission.txt", "submission.json", "release.json")]


def _text(plan: SubmissionPlan, desk: Desk, folder: Path, made: Release) -> Path:
    asked, on = submissions.form(plan.procedure), desk.at.astimezone(UTC).date()
    answers = {**submissions.prefilled(asked, made), **{key: one for key, one in plan.answers.items() if one}}
    filing = Filing(on, plan.language, plan.state, plan.deadline, plan.joint, mentioned=_mentioned(desk, plan))
    faults = submissions.checked(asked, answers, made, filing)
    for one in faults:
        if one.kind == "warning":
            say("{procedure}: look at: {what}", procedure=plan.procedure, what=one.what, err=True)
    if refused := submissions.refusals(faults):
        raise NotAllowed(
            "{title} is not written: {first}",
            title=asked.title,
            first="; ".join(in_language(one, spoken()) for one in refused),
        )
    return submissions.start(
        folder, submissions.tracked(asked, answers, filing), submissions.write(made, asked, answers)
    )


def _mentioned(desk: Desk, plan: SubmissionPlan) -> tuple[Mentioned, ...]:
    """Whom of our people the answers may name, in any field and in any writing of the name. A hub knows nobody."""
    if desk.vault.hub:
        return ()
    desk.require("identity.read")
    found = []
    for field, answer in plan.answers.items():
        named = screening.screen(desk, answer[: screening.LONGEST])
        journal.viewed(desk, "screen", [person.id for one in named for person in one.people])
        found += [Mentioned(field, one.text, one.doubt == "strong") for one in named]
    return tuple(dict.fromkeys(found))


def _show(out: Path, done: Filed) -> None:
    for paths in done.written.values():
        for path in paths:
            echo(str(out / path))
    for part, why in done.refused.items():
        say("Refused: {part}: {why}", part=part, why=why)
    if any("submissions/" in path for paths in done.written.values() for path in paths):
        say("Read each text whole before it is sent.")
