"""What leaves as a package for a court or commission: each record as its source's consent allows, the rest as seals."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from corroborate.custody import Description, Item, Policy, package_files, write_package
from corroborate.errors import InvalidValue
from corroborate.records import Audience, Claim, Consent, Reference, Use, allows
from corroborate.values import Name
from corroborate_node.evidence import models, queries, rows
from corroborate_node.opened import Vault


@dataclass(frozen=True, slots=True)
class Packed:
    """How many items show their record, and how many only that something was sealed."""

    shown: int
    withheld: int


def use_of(claim: Claim) -> Use:
    """Which permission a claim needs: one that names or leads to a person needs ``name``, any other ``quote``."""
    names = isinstance(claim.value, Name) or claim.property in (*rows.NAMES, "kin")
    return "name" if names or isinstance(claim.value, Reference) else "quote"


def pack(
    vault: Vault,
    out: Path,
    *,
    at: datetime,
    on: date,
    audience: Audience,
    body: str = "",
    claims: Collection[str] | None = None,
    policy: Policy | None = None,
    software: str = "corroborate",
) -> Packed:
    """Write a package of some claims (all: None) and the sources they stand on.

    Only entries under the newest checkpoint can be proved, so others raise InvalidValue: make a checkpoint first.
    ``policy``: whose signatures count; without one, the vault's own alone.
    """
    note = queries.newest_checkpoint()
    if note is None:
        raise InvalidValue("the log has no checkpoint yet; run `corroborate log checkpoint`")
    by_source: dict[str, list[Consent]] = {}
    for consent in queries.consents():
        by_source.setdefault(consent.source, []).append(consent)
    sources = queries.sources()
    wanted = [one for one in queries.claims() if claims is None or one.id in claims]
    if claims is not None and (missing := set(claims) - {one.id for one in wanted}):
        raise InvalidValue(f"{len(missing)} of the claims are unknown here or withdrawn, such as {min(missing)}")
    entries = {e.record: e for e in models.LogEntry.objects.filter(kind__in=("claim", "source")).order_by("index")}
    items: list[Item] = []

    def add(id_: str, record: bytes, title: str, *, allowed: bool) -> None:
        entry = entries[id_]
        shown = allowed and entry.salt is not None
        items.append(
            Item(
                f"{id_}.json",
                entry.index,
                bytes(entry.commitment),
                record if shown else None,
                bytes(entry.salt) if shown else b"",
                title if shown else "",
            )
        )

    for claim in wanted:
        granted = allows(by_source.get(claim.source, ()), use_of(claim), audience, on, body)
        add(claim.id, claim.canonical(), claim.property, allowed=granted)
    used = sorted({one.source for one in wanted})
    for id_ in used:
        granted = allows(by_source.get(id_, ()), "name", audience, on, body)
        add(id_, sources[id_].canonical(), sources[id_].kind, allowed=granted)
    about = Description(
        f"Records of {vault.name}",
        vault.name,
        at,
        software,
        f"for {body or audience}, as each source allowed on {on.isoformat()}; the rest is withheld",
        invented=any(sources[id_].invented for id_ in used),
    )
    policy = policy or Policy(vault.signer.verifier(), {}, 0)
    write_package(out, package_files(items, queries.tree(), note, policy, vault.signer, about))
    shown = sum(item.record is not None for item in items)
    return Packed(shown, len(items) - shown)
