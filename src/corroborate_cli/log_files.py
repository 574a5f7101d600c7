"""`corroborate log` on files alone: prove an entry, verify a log on disk, check a record."""

import json
from pathlib import Path

import click

from corroborate.custody import Checkpoint, Note, Proof, Tree, proof_text, read_tree
from corroborate.custody.policy import Policy
from corroborate.errors import InvalidValue
from corroborate.translation import Sentence
from corroborate_cli.written import FILE, LOG, OUT, printed


def _tree(log: Path) -> tuple[Tree, bytes]:
    """A log on disk up to its checkpoint, and the checkpoint's note."""
    note = (log / "checkpoint").read_bytes()
    return read_tree(log, Checkpoint.parse(Note.parse(note).text).size), note


@click.command()
@click.argument("log", type=LOG)
@click.argument("index", type=click.IntRange(min=0))
@click.option("--out", type=OUT, help="File for the tlog-proof.")
def prove(log: Path, index: int, out: Path | None) -> None:
    """Prove that entry INDEX stands in the log in the folder LOG (C2SP tlog-proof).

    Example: corroborate log prove our-vault/log 12 --out entry-12.tlog-proof
    """
    tree, note = _tree(log)
    if index >= tree.size:
        raise InvalidValue(
            (
                "the log has {size} entry; there is no entry {index}",
                "the log has {size} entries; there is no entry {index}",
            ),
            size=tree.size,
            index=index,
        )
    text = proof_text(index, tree.inclusion(index), note)
    printed(out, text)


@click.command(name="verify")
@click.argument("log", type=LOG)
@click.option("--policy", type=FILE, required=True, help="Whose signatures count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_(log: Path, policy: Path, as_json: bool) -> None:
    """Recompute the log in the folder LOG from its entries and check its checkpoint under a policy.

    Example: corroborate log verify our-vault/log --policy policy.txt
    """
    witnessed = Policy.parse(policy.read_text(encoding="utf-8")).check((log / "checkpoint").read_bytes())
    found = witnessed.checkpoint
    tree, _ = _tree(log)
    if tree.size < found.size or tree.root(found.size) != found.root:
        raise InvalidValue("the entries on disk do not give the root that was signed at size {size}", size=found.size)
    result = {
        "log": found.origin, "size": found.size, "valid": True,
        "witnesses": {name: at.isoformat() for name, at in witnessed.times.items()},
    }  # fmt: skip
    click.echo(
        json.dumps(result, ensure_ascii=False)
        if as_json
        else Sentence(
            (
                "{origin}: {size} entry, valid; cosigned by {listed}",
                "{origin}: {size} entries, valid; cosigned by {listed}",
            ),
            origin=found.origin,
            size=found.size,
            listed=", ".join(witnessed.times) or Sentence("nobody"),
        )
    )


@click.command()
@click.argument("record", type=FILE)
@click.argument("proof", type=FILE)
@click.option("--policy", type=FILE, required=True, help="Whose log it is, and whose cosignatures count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(record: Path, proof: Path, policy: Path, as_json: bool) -> None:
    """Check that a sealed RECORD, such as an estimate taken out of a vault, stands in its log as PROOF says. Offline.

    Example: corroborate log check estimate.json estimate.tlog-proof --policy policy.txt
    """
    read = Proof.parse(proof.read_bytes())
    witnessed = read.check_record(record.read_bytes(), Policy.parse(policy.read_text(encoding="utf-8")))
    found = witnessed.checkpoint
    result = {
        "valid": True, "log": found.origin, "index": read.index, "size": found.size,
        "witnesses": {name: at.isoformat() for name, at in witnessed.times.items()},
    }  # fmt: skip
    by = ", ".join(witnessed.times) or "nobody"
    said = Sentence(
        "{origin}: valid, entry {index} of {size}; cosigned by {by}",
        origin=found.origin,
        index=read.index,
        size=found.size,
        by=by,
    )
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else said)
