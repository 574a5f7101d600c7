"""`corroborate release`: the door. What goes to whom, what stays and why; nothing leaves by another way."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from corroborate.custody import write_file
from corroborate.disclosure import NAMEABLE
from corroborate.errors import InputRefused
from corroborate.records import AUDIENCES, Audience
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.dossier import language_option
from corroborate_cli.pack import packing_of, packing_options
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.speaking import language as spoken
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.wording import Words
from corroborate_node.release import giving, making, named, naming, recalling, summaries, wording

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_AS = click.option("--as", "account", help="The account that does it; its passphrase is asked. Otherwise: the owner.")
_AS_FILE = click.option(
    "--account-file",
    "--account-passphrase-file",
    "account_file",
    type=_FILE,
    help="Its first line is that account's passphrase.",
)


_NAMES = click.option("--names", is_flag=True, help=f"List everybody who is named, also more than {named.AT_ONCE}.")


@click.group()
def command() -> None:
    """Make, show, confirm and write releases: the one way by which anything of a vault leaves it.

    \b
    1. release make      shows what would go and what stays, and asks
    2. release confirm   by a second person, where names or acts done to a body go
    3. release write     as dossier, site, package or release.json

    Example: corroborate release make --audience "named body" --body OHCHR --vault our-vault
    """


@command.command()
@vault_options
@click.option("--audience", type=click.Choice(AUDIENCES), required=True, help="Who gets it. There is no default.")
@click.option("--body", default="", help="The court or commission, with 'named body'; the member, with 'coalition'.")
@click.option("--title", default="", help="Its title. Otherwise: records of this vault.")
@click.option("--case", default="", help="Of this case alone: records of its sources, and no others.")
@click.option("--until", type=_DAY, help="Last day on which the receiver may use it.")
@click.option("--on", type=_DAY, help="The day on which it is handed over, if later: consent must hold on both.")
@click.option("--claim", "claims", multiple=True, help="A claim's id; again for more. Without it: all.")
@click.option("--no-claims", is_flag=True, help="No records of this vault: only other members' packages.")
@click.option("--no-names", is_flag=True, help="Name nobody, and leave out what was done to a body.")
@click.option(
    "--words",
    multiple=True,
    type=click.Choice(NAMEABLE),
    help="Somebody's own words of this kind may go too; title: of lists and papers; place: also of homes. Repeatable.",
)
@click.option("--file", "files", multiple=True, help="A sealed file, or copy of one, goes too; its id. Repeatable.")
@click.option("--estimate", is_flag=True, help="With the sealed estimate that the pages name.")
@click.option("--campaign", is_flag=True, help="With members, statements, demands and actions that are public here.")
@click.option("--public-record", "record", is_flag=True, help="Of the public record alone; at a hub.")
@click.option("--link", type=click.Choice(["held", "fields"]), default=None,
              help="For private linkage with the member --body: that we hold a person, or facts too.")  # fmt: skip
@click.option("--include", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Folder of another member's package, to travel in ours; again for more.")  # fmt: skip
@_AS
@_AS_FILE
@_NAMES
@click.option("--preview", is_flag=True, help="Show it, and make nothing.")
@click.option("--yes", is_flag=True, help="Make it without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def make(
    folder: Path, passphrase_file: Path | None, audience: Audience, body: str, title: str, case: str,
    until: datetime | None, on: datetime | None, claims: tuple[str, ...], no_claims: bool, no_names: bool,
    words: tuple[str, ...], files: tuple[str, ...],
    estimate: bool, campaign: bool, record: bool, link: Any, include: tuple[Path, ...], account: str | None,
    account_file: Path | None, names: bool, preview: bool, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show what would leave, to whom, until when, and what stays and why; then make it, when you say so.

    A release is kept and sealed. Nothing has left by that: `release write`, `dossier`, `publish`, `pack`, `private` and
    `exchange send` write what it holds. Where names go, or what was done to a body, a second person confirms first.

    Example: corroborate release make --audience public --vault our-vault
    """
    if claims and no_claims:
        raise click.UsageError(worded("--claim and --no-claims contradict one another"))
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        wanted = frozenset(claims) if claims or no_claims else None
        asked = making.Asked(
            audience, body, title, case, on.date() if on else None, until.date() if until else None, wanted,
            not no_names, link or "", estimate, campaign, include, frozenset(words),
            record=record, files=frozenset(files),
        )  # fmt: skip
        shown = making.preview(desk, asked)
        going = named.going(desk, shown.release.items, written=shown.release.words_beside)
        journal.viewed(desk, "command release make", _people(going))
        told = {"title": shown.release.title, "audience": audience, "body": body, "until": _day(shown.release.until),
                **shown.as_json(), "needs_second": shown.release.needs_second, **_named(going, names)}  # fmt: skip
        if not as_json:
            echo(shown.release.title)
            _show(audience, body, _day(shown.release.until), shown.as_json())
            _show_named(going, names)
        if preview:
            if as_json:
                click.echo(json.dumps(told, ensure_ascii=False))
            return
        if not (yes or as_json):
            click.confirm(worded("Make this release?"), abort=True, err=True)
        number = making.make(desk, asked)
        second = making.known(number).needs_second
    if as_json:
        click.echo(json.dumps({"release": number, **told}, ensure_ascii=False))
        return
    say("Release {number} is made and sealed. Nothing has left yet.", number=number)
    if second:
        say("Names, what was done to a body, or somebody's own words go: a second person confirms it first.\n"
                   "corroborate release confirm {number} --as ACCOUNT", number=number)  # fmt: skip


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _show(audience: str, body: str, until: str | None, told: dict[str, Any], *, taken_back: bool = False) -> None:
    """One sentence, what goes, what stays and why."""
    words = Words(spoken(), wording.ROOM)
    echo(wording.sentence(words, audience, body, until, told, taken_back=taken_back))
    for line in wording.goes(words, told):
        echo(f"  {line.head:<8} {line.what}; {line.under}".rstrip("; "))
    stays = wording.stays(words, told)
    echo(f"{words['what_stays']}:" if stays else words["nothing_stays"])
    for line in stays:
        click.echo(f"  {line.what}: {line.under}")
    for few in wording.beside(words, told):
        click.echo(f"  {few}")


def shown_parts(body: str, shown: Any, going: named.Going | None) -> None:
    """Print what somebody of a body would see: a release before it was made, or its row. Everybody who is named is."""
    told, until = (shown.as_json(), shown.release.until) if hasattr(shown, "as_json") else (shown.told, shown.until)
    _show("named body", body, _day(until), told)
    _show_named(going, wanted=True)


def _people(going: named.Going | None) -> list[str]:
    """Who is shown, for the journal."""
    return [] if going is None else [*(one.person for one in going.people), *(one.file for one in going.files)]


def _named(going: named.Going | None, wanted: bool) -> dict[str, Any]:
    """Who is named, for JSON: null for who may not see who people are, and for a long list that nobody asked for."""
    if going is None or (len(going.people) > named.AT_ONCE and not wanted):
        return {"named": None, "named_sources": None, "words": None, "files": None}
    return going.as_json()


def _show_named(going: named.Going | None, wanted: bool) -> None:
    """Who is named and what is told of each, or how to see it."""
    words = Words(spoken(), wording.ROOM)
    if going is None:
        say("Who is named is shown to those who may see who people are.")
        return
    if len(going.people) > named.AT_ONCE and not wanted:
        say(
            ("{number:,} person is named: --names says who.", "{number:,} people are named: --names lists them."),
            number=len(going.people),
        )
        return
    echo(f"{words['who_is_named']}:" if going.people else words["names_nobody"])
    for one in going.people:
        click.echo(f"  {one.in_words()}")
    if going.sources:
        echo(words["sources_named"])
    for title in going.sources:
        click.echo(f"  {title}")
    if going.files:
        echo(words["files_go"])
    for file in going.files:
        click.echo(f"  {file.file}  {file.name}: {file.said or words['file_original']}")
    if going.words:
        echo(words["words_told"])
    for told in going.words:
        click.echo(f"  {told.what}: {told.value}")


@command.command("list")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List releases, newest first: to whom, what was written of each, and what was taken back since.

    Example: corroborate release list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, None, None)
        rows = summaries.all_releases(desk)
        journal.viewed(desk, "command release list", [f"release/{one.number}" for one in rows])
    if as_json:
        click.echo(json.dumps([one.as_json() for one in rows], ensure_ascii=False))
        return
    for one in rows:
        say(
            "{number:>4}  {at:%Y-%m-%d}  for {body}: {state}",
            number=one.number,
            at=one.at,
            body=one.body or one.audience,
            state=one.state,
        )
    if not rows:
        say("Nothing has left yet: corroborate release make")


@command.command()
@click.argument("release")
@vault_options
@_NAMES
@click.option("--whose", default="", help="Say instead whom or what its reader means by this id of a row or record.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(release: str, folder: Path, passphrase_file: Path | None, names: bool, whose: str, as_json: bool) -> None:
    """Show RELEASE, a number or a release.json of this vault: what goes, what stays, who got it, in which bytes.

    Example: corroborate release show 3 --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, None, None)
        if whose:
            meant = naming.whose(desk, giving.number_of(desk, release), whose)
            journal.viewed(desk, "command release show", [meant])
            click.echo(json.dumps({"asked": whose, "is": meant}) if as_json else meant)
            return
        one = summaries.one_release(desk, giving.number_of(desk, release))
        going = None if one.erased else named.of_release(desk, one.number)
        journal.viewed(desk, "command release show", [f"release/{one.number}", *_people(going)])
    if as_json:
        click.echo(json.dumps(one.as_json() | _named(going, names), ensure_ascii=False))
        return
    say("Release {number}, {state}; made by {made_by}", number=one.number, state=one.state, made_by=one.made_by)
    echo(one.title)
    if "waits" in one.recalls:
        click.echo(f"{Words(spoken(), wording.ROOM)['recall_to_do']} {wording.recall_command(one.number)}")
    _show(one.audience, one.body, one.until, dict(one.told), taken_back=one.erased)
    if not one.erased:
        _show_named(going, names)
    for given in one.given:
        echo(f"  {given.at:%Y-%m-%d} {given.form} {given.to} sha256:{given.digest}".replace("  sha", " sha"))


@command.command()
@click.argument("number", type=int)
@vault_options
@click.option("--as", "account", required=True, help="The account of the second person; its passphrase is asked.")
@_AS_FILE
def confirm(number: int, folder: Path, passphrase_file: Path | None, account: str, account_file: Path | None) -> None:
    """Confirm release NUMBER as its second person: neither you nor who made it made or reset the other's account.

    Example: corroborate release confirm 3 --as "S. Mori" --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        shown_and_confirmed(desk, number)
    say("Release {number} is confirmed by {account}.", number=number, account=account)


def shown_and_confirmed(desk: Any, number: int) -> None:
    """Print what goes and who is named, as its second person must see it, and confirm it."""
    row = making.seen(desk, number)
    echo(row.title)
    _show(row.audience, row.body, _day(row.until), row.told)
    going = named.of_release(desk, number)
    journal.viewed(desk, "command release confirm", [f"release/{number}", *_people(going)])
    _show_named(going, wanted=True)
    making.confirm(desk, number)


@command.command()
@click.argument("number", type=int)
@vault_options
@click.option("--dossier", type=click.Path(dir_okay=False, path_type=Path), help="A PDF; or .html, .docx, by the name.")
@language_option
@click.option("--site", type=click.Path(file_okay=False, path_type=Path), help="A folder of static pages.")
@click.option("--package", type=click.Path(path_type=Path), help="A new folder: evidence with its proofs.")
@click.option("--json", "as_file", type=click.Path(dir_okay=False, path_type=Path), help="What its reader is shown.")
@click.option("--ftm", type=click.Path(dir_okay=False, path_type=Path), help="Entities of FollowTheMoney, a line each.")
@click.option("--uwazi", type=click.Path(dir_okay=False, path_type=Path), help="A CSV that Uwazi takes in.")
@click.option("--bayanat", type=click.Path(dir_okay=False, path_type=Path), help="A sheet that Bayanat takes in.")
@click.option("--registers", type=click.Path(path_type=Path), help="A new folder of CSVs: what was done to whom.")
@click.option("--receiver", default="", help="Who gets it, where the audience has several.")
@_AS
@_AS_FILE
@packing_options
def write(
    number: int, folder: Path, passphrase_file: Path | None, dossier: Path | None, language: str, site: Path | None,
    package: Path | None, as_file: Path | None, ftm: Path | None, uwazi: Path | None, bayanat: Path | None,
    registers: Path | None, receiver: str, account: str | None, account_file: Path | None,
    **packing: Any,
) -> None:  # fmt: skip
    """Write release NUMBER for its receiver, in one form or several: all of them, or none where one cannot be given.

    What was written is kept by its SHA-256.

    Example: corroborate release write 3 --dossier dossier.pdf --json release.json --vault our-vault
    """
    files = {"json": as_file, "dossier": dossier, "ftm": ftm, "uwazi": uwazi, "bayanat": bayanat}
    if not (site or package or registers or any(files.values())):
        raise click.UsageError(
            worded(
                "Say what to write: --dossier FILE, --site DIR, --package OUT, --json FILE, "
                "--registers DIR, or --ftm, --uwazi, --bayanat."
            )
        )
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        if sum(one is not None for one in (*files.values(), site, package, registers)) > 1:
            giving.ready(desk, number, files=files, site=site, package=package, registers=registers)
        if package is not None:  # first: what else could refuse it is known only while it is written, whole or not
            packed = giving.package(desk, number, package, packing_of(packing), to=receiver)
            say(
                (
                    "{package}: {shown} record, {withheld} withheld; its number: {number}",
                    "{package}: {shown} records, {withheld} withheld; its number: {number}",
                ),
                package=package,
                shown=packed.shown,
                withheld=packed.withheld,
                number=packed.number,
            )
        for form, out in (files | {"registers": registers}).items():
            if out is not None:
                done = giving.write(desk, number, form, out, to=receiver, language=language)
                echo("\n".join(str(one) for one in (out, *done.beside)))
                for one in done.lost:
                    say("Not in it: {one}", one=one, err=True)
        if site is not None:
            giving.site(desk, number, site, site_options(vault))
            echo(str(site / "index.html"))


def site_options(vault: Any) -> Any:
    """How a site is signed: by a hub's key; a vault's site is not signed."""
    from corroborate.site import SiteOptions

    options = SiteOptions()
    return replace(options, key=vault.signer.verifier(), sign=vault.signer.line) if vault.hub else options


@command.command()
@click.argument("number", type=int)
@vault_options
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the notes.")
@click.option("--answered", is_flag=True, help="The receiver has answered: it erased what was taken back.")
def recall(number: int, folder: Path, passphrase_file: Path | None, out: Path | None, answered: bool) -> None:
    """Hand over the signed notes that tell the receivers of release NUMBER what was taken back; they carry no name.

    Example: corroborate release recall 3 --out notes --vault our-vault
    """
    if (out is None) == (not answered):
        raise click.UsageError(worded("Give --out FOLDER for the notes, or --answered."))
    if out is not None and out.exists() and any(out.iterdir()):
        raise InputRefused("{out} is not empty", out=out)
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, None, None)
        if out is None:
            say(("{answered} note answered.", "{answered} notes answered."), answered=recalling.answered(desk, number))
            return
        for at, note in enumerate(recalling.recall(desk, number), 1):
            write_file(out / f"recall-{number}-{at}.note", note)
            echo(str(out / f"recall-{number}-{at}.note"))
