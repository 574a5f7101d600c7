"""`corroborate succession`: who takes the archive over when an organisation ends, and what goes to them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.search import account_options
from corroborate_cli.shares import in_lines, shares_options, typed, write_words
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.release import everything, succession

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def command() -> None:
    """Let an archive outlive its organisation.

    What a source's own consent lets go to the successor by name goes; the rest stays, sealed, and is listed. It goes
    in a file that some trustees open together, each with the key of its own vault, and none of them alone.

    Example: corroborate succession show --vault our-vault
    """


@command.command()
@click.argument("successor")
@vault_options
@account_options
@click.option(
    "--trustee", "trustees", multiple=True, required=True, help="The name of a member's log. May be given again."
)
@click.option(
    "--need", type=click.IntRange(2), required=True, help="So many trustees open together what is handed over."
)
def plan(
    successor: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    trustees: tuple[str, ...],
    need: int,
) -> None:
    """Write down that SUCCESSOR takes the archive over, and who the trustees are.

    Sources allow it by a consent for the named body SUCCESSOR, with the use hold. A trustee is a member whose address
    was met (`corroborate exchange meet`): its share is locked with the key of its vault.

    Example: corroborate succession plan "Archive of the North" --trustee A --trustee B --need 2 --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        done = succession.plan(desk_of(vault, account, account_file), successor, trustees, need)
    say(
        "{successor} takes the archive over, if {need} of {listed} open it.",
        successor=done.successor,
        need=done.need,
        listed=", ".join(done.trustees),
    )


@command.command()
@vault_options
@_JSON
def show(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Say who takes the archive over, what would go to them today, and what stays and why.

    Example: corroborate succession show --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        said = succession.planned()
        found = succession.estate(owner(vault, now()), said.successor)
    if as_json:
        click.echo(json.dumps(_as_json(said, found), ensure_ascii=False))
        return
    if said.successor:
        say(
            "{successor} takes the archive over, if {need} of {listed} open it.",
            successor=said.successor,
            need=said.need,
            listed=", ".join(said.trustees),
        )
    else:
        say("Nobody is named to take the archive over: corroborate succession plan")
    _print(found)


def _as_json(said: succession.Plan, found: succession.Estate) -> dict[str, Any]:
    return {
        **asdict(said),
        "goes": list(found.goes),
        "stays": [{"source": id_, "why": str(why)} for id_, why in found.stays.items()],
    }


def _print(found: succession.Estate) -> None:
    say("Sources that go: {number:,}.", number=len(found.goes))
    say("Sources that stay: {number:,}.", number=len(found.stays))
    for id_, why in found.stays.items():
        say("  {id}: {why}", id=id_, why=why)


@command.command("hand-over")
@click.argument("out", type=_OUT)
@vault_options
@shares_options
@_JSON
def hand_over(
    out: Path,
    folder: Path,
    passphrase_file: Path | None,
    shares_file: Path | None,
    by_shares: bool,
    as_json: bool,
) -> None:
    """Write what goes to the successor into the new file OUT, locked: as many trustees as the plan says open it.

    Nothing of it is written in the clear, and in this vault nothing is erased; the log says that it went. Give the file
    to the trustees and to the successor: who has it alone has nothing. With --shares the vault is opened with shares on
    paper. Then each trustee: `corroborate succession share OUT`.

    Example: corroborate succession hand-over handed-over.age --vault our-vault
    """
    secret = typed(shares_file)[0] if by_shares or shares_file is not None else None
    with opened(folder, passphrase_file, secret=secret) as vault:
        desk = owner(vault, now())
        done = succession.hand_over(desk, out)
        log_actions.checkpoint(owner(vault, desk.at))
    if as_json:
        told = _as_json(done.plan, done.estate)
        click.echo(
            json.dumps(
                {**told, "file": str(done.left.folder), "rows": done.left.rows, "files": done.left.files},
                ensure_ascii=False,
            )
        )
        return
    _print(done.estate)
    say(
        "{file} is locked: {need} of {listed} open it together, each with: corroborate succession share {file}",
        file=done.left.folder,
        need=done.plan.need,
        listed=", ".join(done.plan.trustees),
    )


@command.command()
@click.argument("file", type=_FILE)
@vault_options
@click.option("--out", type=_OUT, help="Write its words into a new file, readable by you alone; otherwise show them.")
def share(file: Path, folder: Path, passphrase_file: Path | None, out: Path | None) -> None:
    """As a trustee: take your share out of FILE, which another member handed over, with your vault's key.

    One share says nothing alone. Give it to who opens the archive, by a way that nobody else reads: read aloud, or on
    paper. When you may do that is written on your page of the plan.

    Example: corroborate succession share handed-over.age --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        found = succession.share(owner(vault, now()), file)
    if out is not None:
        write_words(out, found)
        say(
            "{path} holds share {number}; it takes {need} different ones.",
            path=out,
            number=found.number,
            need=found.need,
        )
        return
    for line in in_lines(found):
        echo(line)
    say("Share {number}; it takes {need} different ones.", number=found.number, need=found.need)


@command.command("open")
@click.argument("file", type=_FILE)
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--share",
    "files",
    multiple=True,
    type=_FILE,
    help="A file with the words of a share, in place of typing them. May be given again.",
)
@click.option("--yes", is_flag=True, help="Do not ask whether every name in it may be written in the clear.")
def open_(file: Path, out: Path, files: tuple[Path, ...], yes: bool) -> None:
    """Open FILE with enough trustees' shares: what is in it is written into the new folder OUT, in the clear.

    Put OUT on an encrypted disk, and destroy it when it was taken in: `corroborate new DIR --from-export OUT`.

    Example: corroborate succession open handed-over.age /media/encrypted/all
    """
    if not yes:
        asked = worded(
            "What {file} holds is written to {out}, readable by anybody who has it. Go on?", file=file, out=out
        )
        click.confirm(asked, abort=True, err=True)
    key, _ = typed(*files)
    said = everything.unlocked(file, key.secret, out)
    say("{out} holds what {name} handed over, readable by anybody.", out=out, name=said["name"])
    say("Make a vault of it: corroborate new DIR --name NAME --from-export {folder}", folder=out)
