"""`corroborate drafts`: what one person wrote and another reads before it is sealed."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from corroborate.client.shapes import DraftRead
from corroborate.errors import InvalidValue
from corroborate.languages.telling import folded
from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.interview import called, read_in, typed_in
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.wording import Words
from corroborate_node.http_api import answers
from corroborate_node.log import actions as log_actions
from corroborate_node.recording import actions, queries, reviewing
from corroborate_node.records import entering

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Drafts that somebody wrote and another person reads before they are sealed.

    Whoever wrote a draft submits it (--as THEIR-ACCOUNT). Another person reads it, comments, and sends it back or
    approves it; then it is sealed, and is corrected by a new claim alone. Until then each step can be taken back.

    Example: corroborate drafts submit interview.yaml --as hana --vault our-vault
    """


@command.command("list")
@vault_options
@account_options
@_JSON
def list_(
    folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, as_json: bool
) -> None:
    """List drafts that wait for a second person, or were read by one and are not sealed yet.

    Example: corroborate drafts list --as duri --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        found = [answers.draft_waiting(one) for one in queries.submitted(desk)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        say("No draft waits for a second person.")
    for one in found:
        reader = one["approved_by"] or one["reviewer"] or Sentence("anybody who may")
        say(
            "{draft}  {state}  {title}  (by {author}, read by {reader})",
            draft=one["id"],
            state=Words(language(), "recording")[f"state_{one['state']}"],
            title=one["title"],
            author=one["author"],
            reader=reader,
        )


@command.command()
@click.argument("draft")
@vault_options
@account_options
@_JSON
def show(
    draft: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Show DRAFT whole: what stands in it, and what was said of it.

    Example: corroborate drafts show draft_… --as duri --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("draft.review")
        found = answers.draft_read(_one(desk, draft))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    _print(found)


def _one(desk: Desk, draft: str) -> Any:
    row = queries.one_submitted(desk, draft)
    if row is None:
        raise InvalidValue("no draft {id} was submitted here; `corroborate drafts list` shows them", id=draft)
    return row


def _print(found: DraftRead) -> None:
    words = Words(language(), "recording")
    for part, said in found["typed"].items():
        rows = said if isinstance(said, list) else [said]
        for number, row in enumerate(rows):
            title = words.get(f"part_{part}", part)
            click.echo(f"{part}-{number}  {title} {number + 1}" if isinstance(said, list) else f"{part}  {title}")
            for name, value in row.items() if isinstance(row, Mapping) else [("", row)]:
                shown = "; ".join(map(str, value)) if isinstance(value, list) else value
                click.echo(f"  {called(part, name)}: {shown}")
    for place, terms in found["understood"].items():
        echo(Sentence("{place} will be sealed as: {terms}", place=place, terms=", ".join(terms)))
    for one in found["remarks"]:
        mark = "✓" if one["settled"] else ("!" if one["asks"] else "·")
        click.echo(f"{mark} {one['place'] or '*'}  {one['by']}: {one['text']}  {one['id']}")


@command.command()
@click.argument("file")
@vault_options
@account_options
@click.option("--to", "reviewer", default="", help="The account that is to read it; otherwise anybody who may.")
@click.option("--transcript", type=_FILE, help="Its passages stand with it: TXT, SRT, VTT, DOCX, PDF.")
@click.option("--attach", "attached", type=_FILE, multiple=True, help="A recording, notes or scan beside it.")
@click.option("--case", default="", help="The open case, by its id, in which the source is to be filed.")
@click.option("--again", default="", help="The own draft, draft_…, that FILE takes the place of: one that came back.")
@_JSON
def submit(
    file: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    reviewer: str,
    transcript: Path | None,
    attached: tuple[Path, ...],
    case: str,
    again: str,
    as_json: bool,
) -> None:
    """Hand FILE to a second person: a file as `corroborate interview` takes it, or an own draft by its id, draft_….

    A draft that came back is mended in the file, and handed in with --again: what was said of it stays beside it.

    Example: corroborate drafts submit interview.yaml --as hana --to duri --vault our-vault
    """
    typed = None if file.startswith("draft_") else typed_in(Path(file))
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        if typed is None:
            draft = queries.draft(desk, file)
        else:
            read_in(typed, desk.at.date())
            draft = _mended(desk, again, typed, case) if again else _begun(desk, typed, case)
        if draft is None:
            raise InvalidValue("you have no draft of this id")
        for one in (*attached, *([transcript] if transcript else [])):
            actions.attach(desk, draft, one.name, one.read_bytes(), passages=one == transcript)
        _said(reviewing.submit(desk, draft, reviewer), desk, as_json=as_json)


def _begun(desk: Desk, typed: Mapping[str, Any], case: str) -> Any:
    """A new draft with what a file says. Raises InvalidValue, before anything is kept, where it cannot be recorded."""
    reviewing.entry_of(desk, typed)
    source = typed.get("source") or {}
    if (same := _same(desk, source)) is not None:
        raise InvalidValue(
            "your draft {id} is of the same source: hand FILE in with --again {id}, or discard that one first",
            id=same.id,
        )
    draft = actions.begin(desk, str(source.get("kind") or "witness"), str(source.get("id") or ""))
    actions.keep(desk, draft, {**typed, **({"case": case} if case else {})}, draft.version)
    return draft


def _same(desk: Desk, source: Mapping[str, Any]) -> Any:
    """An own draft of a source of the same code, or one of the same known source that came back."""
    title = folded(str(source.get("title") or ""))
    for one in queries.drafts(desk):
        state = getattr(getattr(one, "submitted", None), "state", "")
        known = source.get("id") and one.source_id == source["id"] and state == reviewing.RETURNED
        if known or (
            title and not source.get("id") and title == folded(str(one.typed.get("source", {}).get("title", "")))
        ):
            return one
    return None


def _mended(desk: Desk, id_: str, typed: Mapping[str, Any], case: str) -> Any:
    """An own draft with what a file says now in place of what it said. Raises InvalidValue, before anything changed."""
    draft = queries.draft(desk, id_)
    if draft is None:
        raise InvalidValue("you have no draft of this id")
    reviewing.entry_of(desk, typed)
    case = case or str(draft.typed.get("case") or "")
    actions.keep(desk, draft, {**typed, **({"case": case} if case else {})}, draft.version)
    return draft


def _said(draft: str, desk: Desk, *, as_json: bool) -> None:
    row = queries.one_submitted(desk, draft)
    state = "draft" if row is None else row.state
    if as_json:
        click.echo(json.dumps({"draft": draft, "state": state}))
        return
    words = {
        "draft": Sentence("{draft} is a draft as before.", draft=draft),
        "submitted": Sentence("{draft} waits for its second person.", draft=draft),
        "returned": Sentence("{draft} went back to be mended.", draft=draft),
        "approved": Sentence("{draft} is approved. Seal it: corroborate drafts seal {draft}", draft=draft),
    }
    echo(words[state])


def _step(
    act: Callable[[Desk], object],
    draft: str,
    folder: Path,
    secret: Path | None,
    account: str | None,
    file: Path | None,
    *,
    as_json: bool,
) -> None:
    with opened(folder, secret) as vault:
        desk = desk_of(vault, account, file)
        act(desk)
        _said(draft, desk, as_json=as_json)


@command.command()
@click.argument("draft")
@vault_options
@account_options
@click.option("--to", "reviewer", default="", help="The account that is to read it; without it, anybody who may.")
@_JSON
def assign(
    draft: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    reviewer: str,
    as_json: bool,
) -> None:
    """Say who is to read DRAFT.

    Example: corroborate drafts assign draft_… --to duri --vault our-vault
    """
    _step(
        lambda desk: reviewing.assign(desk, draft, reviewer),
        draft,
        folder,
        passphrase_file,
        account,
        account_file,
        as_json=as_json,
    )


@command.command()
@click.argument("draft")
@click.argument("text")
@vault_options
@account_options
@click.option("--place", default="", help="The row that it is about: acts-0 is the first act.")
@click.option("--to", default="", help="The account that it is for.")
@_JSON
def comment(
    draft: str,
    text: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    place: str,
    to: str,
    as_json: bool,
) -> None:
    """Say TEXT of DRAFT, or of one row of it.

    Example: corroborate drafts comment draft_… "Which spring?" --place acts-0 --as duri --vault our-vault
    """
    _step(
        lambda desk: reviewing.remark(desk, draft, text, place, to),
        draft,
        folder,
        passphrase_file,
        account,
        account_file,
        as_json=as_json,
    )


@command.command()
@click.argument("draft")
@click.argument("remark")
@vault_options
@account_options
@click.option("--again", is_flag=True, help="Open it again.")
@_JSON
def settle(
    draft: str,
    remark: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    again: bool,
    as_json: bool,
) -> None:
    """Say that REMARK of DRAFT is settled; `drafts show` lists them with their ids.

    Example: corroborate drafts settle draft_… remark_… --as hana --vault our-vault
    """
    _step(
        lambda desk: reviewing.settle(desk, draft, remark, again=again),
        draft,
        folder,
        passphrase_file,
        account,
        account_file,
        as_json=as_json,
    )


@command.command("return")
@click.argument("draft")
@vault_options
@account_options
@click.option("--because", required=True, help="What is to be mended.")
@click.option("--place", default="", help="The row that it is about: acts-0 is the first act.")
@_JSON
def return_(
    draft: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    because: str,
    place: str,
    as_json: bool,
) -> None:
    """Send DRAFT back to whoever wrote it, with what is to be mended.

    Example: corroborate drafts return draft_… --because "Two witnesses are one" --as duri --vault our-vault
    """
    _step(
        lambda desk: reviewing.send_back(desk, draft, because, place),
        draft,
        folder,
        passphrase_file,
        account,
        account_file,
        as_json=as_json,
    )


@command.command()
@click.argument("draft")
@vault_options
@account_options
@click.option("--undo", is_flag=True, help="Take the own approval back.")
@click.option("--looked", default="", help="The digest that `drafts show --json` gave: of what you read.")
@_JSON
def approve(
    draft: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    undo: bool,
    looked: str,
    as_json: bool,
) -> None:
    """Approve DRAFT as its second person. Without --looked it is shown first, and a question is asked.

    Example: corroborate drafts approve draft_… --as duri --vault our-vault
    """
    _step(
        lambda desk: reviewing.disapprove(desk, draft) if undo else _approved(desk, draft, looked),
        draft,
        folder,
        passphrase_file,
        account,
        account_file,
        as_json=as_json,
    )


def _approved(desk: Desk, draft: str, looked: str) -> str:
    if not looked:
        desk.require("draft.approve")
        row = _one(desk, draft)
        reviewing.can_read(desk, row)
        found = answers.draft_read(row)
        _print(found)
        looked = found["looked"]
        click.confirm(worded("You read all of it, and found it as it was told?"), abort=True, err=True)
    return reviewing.approve(desk, draft, looked)


@command.command()
@click.argument("draft")
@vault_options
@account_options
@_JSON
def retract(
    draft: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Take the own DRAFT back from its second person: it can be changed again.

    Example: corroborate drafts retract draft_… --as hana --vault our-vault
    """
    _step(
        lambda desk: reviewing.retract(desk, draft),
        draft,
        folder,
        passphrase_file,
        account,
        account_file,
        as_json=as_json,
    )


@command.command()
@click.argument("draft")
@vault_options
@account_options
@_JSON
def seal(
    draft: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Seal DRAFT, which a second person approved: it becomes records.

    Example: corroborate drafts seal draft_… --as hana --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        done = reviewing.seal(desk, draft)
        log_actions.checkpoint(owner(vault, desk.at))
    if as_json:
        told = {"entry": done.id, "source": done.source, "claims": len(done.claims), "new": done.entities}
        click.echo(json.dumps({**told, "size": done.size}, ensure_ascii=False))
        return
    say(
        (
            "{source}: {number} claim is recorded and sealed, as {id}.",
            "{source}: {number} claims are recorded and sealed, as {id}.",
        ),
        source=done.source,
        number=len(done.claims),
        id=done.id,
    )


@command.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@vault_options
@account_options
def rule(
    state: str, folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None
) -> None:
    """Say whether a second person reads each entry before it is sealed (on), or authors may seal alone (off).

    Example: corroborate drafts rule on --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        entering.rule(desk_of(vault, account, account_file), lift=state == "off")
    if state == "on":
        say("From now on a second person reads each entry before it is sealed.")
    else:
        say("Whoever writes an entry may seal it, or submit it to a second person.")
