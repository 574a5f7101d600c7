"""What programs do with estimates: plain functions on an open vault, as the pages do it.

    with open_vault(folder, passphrase) as vault:
        made = estimate(vault, Asked(tuple(one.id for one in owner_lists())), "four lists", by="analyst", at=now)
        if made["state"] == "done":
            seal(vault, made["id"], by="analyst", at=now)

Results are JSON values with the keys that a page's ``.json`` has.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from corroborate.errors import InvalidValue
from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.estimates import actions, as_json, comparing, models, queries
from corroborate_node.estimates.options import Options

Told = dict[str, Any]


def estimate(vault: Vault, asked: Options, title: str, by: str, at: datetime) -> Told:
    """Count and estimate, and return when it is done. Equal inputs and seed give the run that was made of them."""
    return as_json.run(actions.ask(owner(vault, at), asked, title, by, wait=True))


def runs(vault: Vault) -> list[Told]:
    """Every run that was not discarded, newest first, without its result."""
    return [as_json.run(one, whole=False) for one in queries.owner_runs()]


def run(vault: Vault, id_: str) -> Told:
    """One run with its result."""
    return as_json.run(_found(id_))


def compare(vault: Vault, ids: Sequence[str]) -> dict[str, Any]:
    """What differs in the inputs of some runs, what is alike, and the runs."""
    return comparing.as_json([_found(one) for one in ids])


def discard(vault: Vault, id_: str, at: datetime) -> None:
    """Put a result aside that is not sealed."""
    actions.discard(owner(vault, at), _found(id_))


def seal(vault: Vault, id_: str, by: str, at: datetime) -> Told:
    """Seal a result with its inputs in the log; pages and dossier name it from then on."""
    actions.seal(owner(vault, at), _found(id_), by)
    return as_json.run(_found(id_))


def withdraw(vault: Vault, id_: str, by: str, why: str, at: datetime) -> Told:
    """Withdraw a sealed result; it stays as withdrawn."""
    actions.withdraw(owner(vault, at), _found(id_), why, by)
    return as_json.run(_found(id_))


def sealed_record(vault: Vault, id_: str, at: datetime) -> tuple[bytes, bytes]:
    """The bytes that were sealed, and the proof that the log holds their seal (C2SP tlog-proof, with the salt).

    Raises NotAllowed for a result about fewer than ten people or one that no release shows, InvalidValue where no
    checkpoint holds it yet.
    """
    found = _found(id_)
    sealed = queries.sealed_of(found)
    if sealed is None:
        raise InvalidValue("{id} is not sealed", id=id_)
    proof = queries.proof(sealed).text()
    return actions.given(owner(vault, at), found, bytes(sealed.content)), proof


def _found(id_: str) -> models.Run:
    return queries.owner_run(id_)
