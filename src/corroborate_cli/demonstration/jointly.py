"""The coalition's release, by the door of one of its members: the same acts as everybody's."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from corroborate.disclosure import Order, Records, Results, countable
from corroborate.errors import NotAllowed
from corroborate_cli.demonstration.people import two_people
from corroborate_cli.desks import opened
from corroborate_node.core.desk import Desk
from corroborate_node.release import giving, making

TITLE = "What is known, and what is not (demonstration)"
COALITION = "Coalition of the demonstration"


def release_jointly(
    folder: Path,
    vault: Path,
    passphrase: str,
    at: datetime,
    evidence: Records,
    results: Results,
    entropy: Callable[[int], bytes],
) -> dict[str, Path]:
    """The coalition's release, by one member's door: made at one desk, confirmed at another, kept, sealed and written.

    No vault may be open in this process yet. The others' records pass through and are not kept.
    """
    asked = making.Asked(
        "public", title=TITLE, coalition=COALITION, claims=frozenset(one.id for one in evidence.claims)
    )
    paths = {"release": folder / "release.json", "dossier": folder / "dossier.pdf"}
    with opened(vault, secret=passphrase, marks=vault.parent / "marks") as member:
        first, second = (Desk(member, one, at, entropy) for one in two_people(member, entropy, at))
        checked_countable(evidence, at.date())
        number = making.make(first, asked, results=results, others=evidence)
        if making.known(number).needs_second:
            making.confirm(second, number)
        giving.write(first, number, "json", paths["release"])
        giving.write(first, number, "dossier", paths["dossier"])
    return paths


def checked_countable(evidence: Records, on: date) -> None:
    """Raises NotAllowed where the overlap, which was counted before the door, counts what may not be counted."""
    people = {claim.subject for claim in evidence.claims if claim.property == "name"}
    if uncountable := people - countable(evidence, Order(TITLE, COALITION, "public", on)):
        raise NotAllowed(
            (
                "{number} entry of the overlap may not be counted before the public",
                "{number} entries of the overlap may not be counted before the public",
            ),
            number=len(uncountable),
        )
