"""Two sides and a linkage unit, as keys alone: each file travels between them as on a stick."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pytest

from corroborate.custody import Signer
from corroborate.invented.lists import Lists
from corroborate.linkage import PersonEntry, private
from corroborate.values import new_id

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = AT.date()
ONE, OTHER, UNIT = (Signer(name, bytes([number]) * 32) for number, name in enumerate(("one", "other", "unit"), 1))


def distinct(lists: Lists, entries: Iterable[PersonEntry]) -> Iterator[PersonEntry]:
    """List A's first entry of each person: a keeper encodes people, and not rows."""
    with (lists.folder / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
        whose = {int(row["row"]): row["person"] for row in csv.DictReader(file) if row["list"] == "A"}
    seen: set[str] = set()
    for one in entries:
        if (person := whose[one.row]) == "none" or person not in seen:
            seen.add(person)
            yield one


class Chance:
    """Bytes from a seed."""

    def __init__(self, seed: int) -> None:
        self._drawn = np.random.default_rng(seed)

    def __call__(self, length: int) -> bytes:
        return self._drawn.bytes(length)


def identifier(kind: str, number: int = 0) -> str:
    return new_id(kind, milliseconds=number, randomness=bytes(10))


def terms(**changes: object) -> private.Agreement:
    nobody = private.Party(ONE.verifier(), bytes(32))
    given = {"ends": date(2026, 12, 24), "schema": private.Schema(round_to=20), "unit": private.card(UNIT)} | changes
    return private.Agreement(identifier("agreement"), DAY, parties=(nobody,), **given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Signed:
    """An agreement that both signed, and each side's view of it."""

    note: bytes
    one: private.Agreed
    other: private.Agreed


def signed(**changes: object) -> Signed:
    offer = private.offer(terms(**changes), ONE)
    half = private.accept(offer, ONE.verifier(), OTHER, DAY)
    note = private.countersign(half, OTHER.verifier(), offer, ONE, DAY)
    return Signed(note, private.agreed(note, ONE, DAY), private.agreed(note, OTHER, DAY))


@pytest.fixture(scope="session")
def agreement() -> Signed:
    return signed()
