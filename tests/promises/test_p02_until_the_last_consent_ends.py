"""Promise 2: who is only counted was asked too. What is told of numbers ends on the day on which their consents do."""

import json
import os
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.promises.test_p02_releases import PASSPHRASE, ran

from corroborate.records import Claim, Consent, Entity, Reference, Source, Term
from corroborate.values import new_id
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions


def _counted(vault, at: datetime, ends: date) -> None:
    """An act, done to somebody without a name, that may be counted in public until a day."""
    new = {kind: new_id(kind, milliseconds=1, randomness=os.urandom(10)) for kind in ("person", "act", "source")}
    consent = Consent(new_id("consent", milliseconds=1, randomness=os.urandom(10)), new["source"], frozenset({"count"}),
                      "public", date(2020, 1, 1), ends)  # fmt: skip
    told = (("victim", Reference(new["person"])), ("violation", Term("violations", "integrity.torture")))
    claims = [
        Claim(new_id("claim", milliseconds=1, randomness=os.urandom(10)), new["act"], property_, value, new["source"],
              "p. 1", "saw", "recorder", at)
        for property_, value in told
    ]  # fmt: skip
    entities = [Entity(new["person"], "person"), Entity(new["act"], "act")]
    records_actions.receive(owner(vault, at), entities, [Source(new["source"], "witness", "w")], [consent], claims)
    log_actions.checkpoint(owner(vault, at))


@pytest.mark.parametrize("asked", [[], ["--until", "2199-01-01"]])
def test_a_release_of_numbers_ends_with_the_first_consent_to_count(tmp_path, asked):
    vault, at = tmp_path / "vault", datetime.now(UTC).replace(microsecond=0)
    first, later = at.date() + timedelta(days=5), at.date() + timedelta(days=50)
    ran("new", vault, "--name", "Member")
    with api.open_vault(vault, PASSPHRASE) as opened:
        _counted(opened, at, later)
        _counted(opened, at, first)
    made = json.loads(ran("release", "make", "--audience", "public", "--no-names", *asked, "--vault", vault, "--json"))
    assert made["until"] == first.isoformat()
    ran("release", "write", made["release"], "--json", tmp_path / "release.json", "--vault", vault)
    assert json.loads((tmp_path / "release.json").read_bytes())["release"]["until"] == first.isoformat()


def test_a_last_day_that_was_asked_for_and_is_earlier_stands(tmp_path):
    vault, at = tmp_path / "vault", datetime.now(UTC).replace(microsecond=0)
    asked = (at.date() + timedelta(days=2)).isoformat()
    ran("new", vault, "--name", "Member")
    with api.open_vault(vault, PASSPHRASE) as opened:
        _counted(opened, at, at.date() + timedelta(days=5))
    made = json.loads(
        ran("release", "make", "--audience", "public", "--no-names", "--until", asked, "--vault", vault, "--json")
    )
    assert made["until"] == asked
