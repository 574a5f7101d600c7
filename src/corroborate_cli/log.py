"""`corroborate log`: checkpoints, witnesses and proofs, as C2SP files."""

import json
from pathlib import Path

import click

from corroborate.custody import Checkpoint, Note, Tree, Verifier, proof_text, read_tree, write_file
from corroborate.custody.policy import Policy
from corroborate.errors import InvalidValue
from corroborate_cli.vaults import now, passphrase_of, vault_options


def _tree(log: Path) -> tuple[Tree, bytes]:
    """A log on disk up to its checkpoint, and the checkpoint's note."""
    note = (log / "checkpoint").read_bytes()
    return read_tree(log, Checkpoint.parse(Note.parse(note).text).size), note


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """The vault's log: sign a checkpoint, witness another member's, prove an entry, verify a log on disk.

    Example: corroborate log verify our-vault/log --policy policy.txt
    """


@command.command()
@vault_options
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for the note; otherwise printed.")
def checkpoint(folder: Path, passphrase_file: Path | None, out: Path | None) -> None:
    """Sign the log as it is now.

    Example: corroborate log checkpoint --vault our-vault --out ours.checkpoint
    """
    from corroborate_node import api

    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        note = api.checkpoint(vault, now())
    if out is None:
        click.echo(note.decode(), nl=False)
    else:
        write_file(out, note)
        click.echo(str(out))


@command.command()
@click.argument("note", type=_FILE)
@vault_options
@click.option("--key", required=True, help="The other log's verifier key.")
@click.option("--tiles", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The other log's folder, when an earlier checkpoint of it was cosigned here.")  # fmt: skip
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File for the cosignature.")
def witness(note: Path, folder: Path, passphrase_file: Path | None, key: str, tiles: Path | None, out: Path) -> None:
    """Cosign another member's checkpoint in the file NOTE, if it goes on from the one cosigned before.

    Example: corroborate log witness theirs.checkpoint --key KEY --vault our-vault --out ours.cosignature
    """
    from corroborate_node import api

    log = Verifier.parse(key)
    with api.open_vault(folder, passphrase_of(passphrase_file)) as vault:
        before = api.seen(vault, log)
        proof: list[bytes] = []
        if before.size:
            if tiles is None:
                raise InvalidValue(f"{log.name} was cosigned at size {before.size}: give its folder with --tiles")
            proof = _tree(tiles)[0].consistency(before.size)
        line = api.cosign(vault, note.read_bytes(), log=log, proof=proof, at=now())
    write_file(out, line.encode())
    click.echo(str(out))


@command.command()
@click.argument("log", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("index", type=click.IntRange(min=0))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for the tlog-proof.")
def prove(log: Path, index: int, out: Path | None) -> None:
    """Prove that entry INDEX stands in the log in the folder LOG (C2SP tlog-proof).

    Example: corroborate log prove our-vault/log 12 --out entry-12.tlog-proof
    """
    tree, note = _tree(log)
    if index >= tree.size:
        raise InvalidValue(f"the log has {tree.size} entries; there is no entry {index}")
    text = proof_text(index, tree.inclusion(index), note)
    if out is None:
        click.echo(text.decode(), nl=False)
    else:
        write_file(out, text)
        click.echo(str(out))


@command.command(name="verify")
@click.argument("log", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--policy", type=_FILE, required=True, help="Whose signatures count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_(log: Path, policy: Path, as_json: bool) -> None:
    """Recompute the log in the folder LOG from its entries and check its checkpoint under a policy.

    Example: corroborate log verify our-vault/log --policy policy.txt
    """
    witnessed = Policy.parse(policy.read_text(encoding="utf-8")).check((log / "checkpoint").read_bytes())
    found = witnessed.checkpoint
    tree, _ = _tree(log)
    if tree.size < found.size or tree.root(found.size) != found.root:
        raise InvalidValue(f"the entries on disk do not give the root that was signed at size {found.size}")
    result = {
        "log": found.origin, "size": found.size, "valid": True,
        "witnesses": {name: at.isoformat() for name, at in witnessed.times.items()},
    }  # fmt: skip
    click.echo(
        json.dumps(result, ensure_ascii=False)
        if as_json
        else f"{found.origin}: {found.size} entries, valid; cosigned by {', '.join(witnessed.times) or 'nobody'}"
    )
