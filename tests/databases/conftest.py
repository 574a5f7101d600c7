"""A vault of many records, in a file or in PostgreSQL."""

from datetime import UTC, date, datetime

import pytest
from tests.promises.conftest import found_in  # noqa: F401 - a fixture

from corroborate.records import Claim, Consent, Entity, Source, Text
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "long enough to hold"
NEEDLES = ("김철수", "Hoeryong", "told me so himself", "minute 31", "Witness Aster")


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=b"0123456789")


def records(people: int):
    """Entities, sources, consents and claims of some invented people, each told by a witness of their own."""
    numbers = range(1, people + 1)
    sources = [Source(made("source", n), "witness", f"Witness Aster {n}") for n in numbers]
    told = (("name", lambda n: read_name(f"김철수{n}")), ("testimony", lambda n: Text(f"told me so himself, {n}")),
            ("event_place", lambda n: Text("Hoeryong")))  # fmt: skip
    claims = [
        Claim(made("claim", 10 * n + at), made("person", n), prop, value(n), made("source", n), "minute 31", "heard",
              "r", AT)
        for n in numbers
        for at, (prop, value) in enumerate(told)
    ]  # fmt: skip
    consents = [
        Consent(made("consent", n), made("source", n), frozenset({"hold", "name"}), "public", date(2026, 1, 1),
                words="yes, my name too")
        for n in numbers
    ]  # fmt: skip
    return [Entity(made("person", n), "person") for n in numbers], sources, consents, claims


@pytest.fixture
def filled():
    """`filled(folder, people, database)`: a vault with invented people in it."""

    def fill(folder, people, database=None):
        api.create_vault(folder, "Member", PASSPHRASE, database=database)
        with api.open_vault(folder, PASSPHRASE) as vault:
            records_actions.receive(owner(vault, AT), *records(people))

    return fill
