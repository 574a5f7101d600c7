"""`corroborate exchange inbox`: records that members sent, before anything of them is taken in."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import click

from corroborate.records.sources import SourceKind
from corroborate.translation import Sentence, in_language
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.speaking import echo, in_one_line, language, say, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may
from corroborate_node.exchange import inbox, pairs, recalls
from corroborate_node.records import cases as filing

_MANY = 50  # sources that are listed without --all
_STATES = {
    inbox.WAITING: Sentence("waits"),
    inbox.TAKEN: Sentence("taken in"),
    inbox.DECLINED: Sentence("declined"),
    inbox.RECALLED: Sentence("taken back by its sender"),
}
_MAY = {
    "own": Sentence("    here it may be: {uses}"),
    "coalition": Sentence("    before the coalition it may be: {uses}"),
    "public": Sentence("    before everybody it may be: {uses}"),
}
_USES = {
    "hold": Sentence("held"),
    "link": Sentence("linked"),
    "count": Sentence("counted"),
    "quote": Sentence("quoted"),
    "name": Sentence("named"),
}


@click.group(invoke_without_command=True)
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List records that members sent, what of their bundles did not come, and who has answered what we took back.

    Nothing is taken in by that.

    Example: corroborate exchange inbox --vault our-vault
    """
    if context.invoked_subcommand is not None:
        return
    with looked_into(folder, passphrase_file) as vault:
        found = _listed(desk_of(vault, None, None))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found["records"]:
        say(
            (
                "{bundle}  {member}, release {number}: {claims} claim about {people} people; {state}",
                "{bundle}  {member}, release {number}: {claims} claims about {people} people; {state}",
            ),
            bundle=one["bundle"],
            member=one["from"],
            number=str(one["release"]),
            claims=one["claims"],
            people=one["people"],
            state=_STATES[one["state"]],
        )
    for member, numbers in found["missing"].items():
        say("Of {member} did not come yet: {listed}", member=member, listed=pairs.ranges(tuple(numbers)))
    for one in found["taken_back"]:
        _say_recall(one)
    if not any(found.values()):
        say("No member sent records yet, and nothing that you sent was taken back.")


def _listed(desk: Desk) -> dict[str, Any]:
    records = [
        {
            "bundle": one.bundle,
            "from": one.member,
            "release": one.number,
            "title": one.title,
            "state": one.state,
            "at": one.at.isoformat(),
            "until": None if one.until is None else one.until.isoformat(),
            "sources": one.sources,
            "people": one.people,
            "claims": one.claims,
            "import": one.taken,
        }
        for one in inbox.parcels(desk)
    ]
    told: list[dict[str, Any]] = [
        {
            "release": one.recall.release_id,
            "to": one.member,
            "told": one.at.isoformat(),
            "answered": None if one.answered is None else one.answered.isoformat(),
            "claims": one.claims,
        }
        for one in recalls.board(desk)
    ]
    told += [
        {"release": number, "to": member, "told": None, "answered": None, "claims": None}
        for number, member in recalls.untold(desk)
    ]
    return {"records": records, "missing": pairs.missing(), "taken_back": told}


def _say_recall(one: Mapping[str, Any]) -> None:
    values = {"number": str(one["release"]), "member": one["to"]}
    if one["answered"]:
        say("Release {number}: {member} erased what was taken back, on {day}", **values, day=one["answered"][:10])
    elif one["told"]:
        say("Release {number}: {member} was told what was taken back, and has not answered", **values)
    else:
        say("Release {number}: {member} was not told yet what was taken back; the next bundle tells it", **values)


@command.command()
@click.argument("bundle")
@vault_options
@click.option("--all", "every", is_flag=True, help="List every source, also more than 50.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(bundle: str, folder: Path, passphrase_file: Path | None, every: bool, as_json: bool) -> None:
    """Show what came in BUNDLE: who sent it, source by source, about whom, and what may be done with it.

    Example: corroborate exchange inbox show bundle_0190163d --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, None, None)
        row = inbox.parcel(desk, bundle)
        offers = list(inbox.offers(desk, row)) if may(desk, "identity.read") else []
    sources = [
        {
            "source": one.source,
            "kind": one.kind,
            "called": one.called,
            "people": [{"id": id_, "name": name} for id_, name in one.people],
            "claims": one.claims,
            "may": one.may,
            "until": None if one.ends is None else one.ends.isoformat(),
        }
        for one in offers
    ]
    if as_json:
        about = {"bundle": row.bundle, "from": row.member, "release": row.number, "title": row.title}
        click.echo(json.dumps({**about, "state": row.state, "sources": sources}, ensure_ascii=False))
        return
    say(
        "{member}, release {number}: {title}; {state}",
        member=row.member,
        number=row.number,
        title=in_one_line(row.title),
        state=_STATES[row.state],
    )
    for one in offers if every else offers[:_MANY]:
        who = ", ".join(in_one_line(name) or id_ for id_, name in one.people)
        say(
            (
                "{source}  {called} ({kind}): {claims} claim; {who}",
                "{source}  {called} ({kind}): {claims} claims; {who}",
            ),
            source=one.source,
            called=in_one_line(one.called) or "-",
            kind=one.kind,
            claims=one.claims,
            who=who or "-",
        )
        for reach in inbox.REACHES:
            echo(_MAY[reach].filled(uses=_uses(one.may.get(reach, ()))))
    if len(offers) > _MANY and not every:
        say("and {more} more: --all lists them", more=len(offers) - _MANY)


def _uses(uses: Iterable[str]) -> str:
    return ", ".join(in_language(_USES[one], language()) for one in uses) or worded("nothing")


@command.command()
@click.argument("bundle")
@vault_options
@click.option("--source", "sources", multiple=True, help="Only what this source told; again for more.")
@click.option("--person", "people", multiple=True, help="Only what is about this person, by id; again for more.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(get_args(SourceKind)),
    help="Only sources of this kind; again for more.",
)
@click.option("--case", help="The case in which it is filed.")
@click.option("--as", "account", help="The account that does it; its passphrase is asked. Otherwise: the owner.")
@click.option(
    "--account-passphrase-file",
    "account_file",
    type=click.Path(exists=True, path_type=Path),
    help="Its first line is that account's passphrase.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.confirmation_option(prompt="What you do not choose is erased from the inbox. Take it in?")
def accept(
    bundle: str,
    folder: Path,
    passphrase_file: Path | None,
    sources: tuple[str, ...],
    people: tuple[str, ...],
    kinds: tuple[str, ...],
    case: str | None,
    account: str | None,
    account_file: Path | None,
    as_json: bool,
) -> None:
    """Take in what came in BUNDLE, or a part of it, under the terms with which it came; `imports undo` takes it back.

    Example: corroborate exchange inbox accept bundle_0190163d --kind witness --vault our-vault
    """
    chosen = [frozenset(one) if one else None for one in (sources, people, kinds)]
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        cases = [filing.named(desk, case).id] if case else []
        done = inbox.accept(desk, inbox.parcel(desk, bundle).bundle, inbox.Only(*chosen), cases)
    if as_json:
        found = {"import": done.number, "sources": done.sources, "claims": done.claims, "people": done.people}
        click.echo(json.dumps({**found, "here": done.here}))
        return
    say(
        (
            "Import {number}: {claims} claim about {people} new people; {here} were here",
            "Import {number}: {claims} claims about {people} new people; {here} were here",
        ),
        claims=done.claims,
        number=str(done.number),
        people=done.people,
        here=done.here,
    )


@command.command()
@click.argument("bundle")
@vault_options
@click.confirmation_option(prompt="All of it is erased from the inbox. Decline it?")
def decline(bundle: str, folder: Path, passphrase_file: Path | None) -> None:
    """Take nothing of BUNDLE in, and erase it from the inbox. Its sender can send it again.

    Example: corroborate exchange inbox decline bundle_0190163d --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, None, None)
        row = inbox.parcel(desk, bundle)
        inbox.decline(desk, row.bundle)
    say("Declined: {bundle} of {member} was erased from the inbox", bundle=row.bundle, member=row.member)
