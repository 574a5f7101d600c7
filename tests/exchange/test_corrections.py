"""What a member corrects counts no more where it was sent; the new one stands beside it when it comes."""

import json

import pytest
from tests.exchange.members import members
from tests.exchange.test_records_on_sticks import in_the_clear, through_the_door
from tests.exchange.test_terms_bind import NAMED, PASSPHRASE, _id, _records

from corroborate_cli.vaults import now
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions, models, queries

RIGHT = "김뷔바름"


@pytest.fixture(scope="module")
def stick(tmp_path_factory):
    stick = members(tmp_path_factory.mktemp("corrected") / "all", "Ansan", "Busan")
    with api.open_vault(stick["Ansan"], PASSPHRASE) as opened:
        actions.receive(owner(opened, now()), *_records())
    sent(stick, "1.age")
    return stick


def sent(stick, name):
    """The records of a release of today, sent and taken in; what was said when they came."""
    number = through_the_door(stick, "Ansan", "--audience", "coalition", "--body", "Busan")
    stick.send("Ansan", "Busan", name, "--release", number, "--form", "records")
    came = json.loads(stick.receive("Busan", name, "--json", "--receipt", stick.on(f"{name}.receipt")))
    done = stick.ran("exchange", "inbox", "accept", came["bundle"], "--yes", "--json", "--vault", stick["Busan"])
    return came["said"], json.loads(done)


def onward(stick, name):
    number = through_the_door(stick, "Busan", "--audience", "public")
    stick.ran("release", "write", number, "--json", stick.folder / name, "--vault", stick["Busan"])
    return stick.folder / name


def test_a_corrected_claim_counts_no_more_and_the_new_one_comes_beside_it(stick, found_in):
    assert found_in(onward(stick, "before.json"), NAMED)
    claim = _id("claim", 2)
    stick.ran("correct", claim, "--to", RIGHT, "--because", "misheard", "--vault", stick["Ansan"])
    said, done = sent(stick, "2.age")
    assert said == ["Ansan corrected something of its release 1: 1 claim counts no more here."]
    assert (done["claims"], done["here"]) == (1, 2)
    after = onward(stick, "after.json")
    assert found_in(after, NAMED) == []
    assert found_in(after, RIGHT)
    with api.open_vault(stick["Busan"], PASSPHRASE):
        assert models.Claim.objects.get(id=claim).superseded
        (new,) = [one for one in queries.claims() if getattr(one.value, "text", "") == RIGHT]
        assert queries.sources()[new.source].derives_from == (_id("source", 2),), "one origin, not two"
    stick.ran("exchange", "received", stick.on("2.age.receipt"), "--vault", stick["Ansan"])
    (answer,) = json.loads(stick.ran("exchange", "inbox", "--vault", stick["Ansan"], "--json"))["taken_back"]
    assert answer["answered"]


def test_both_versions_go_when_their_source_withdraws(stick, found_in):
    stick.ran("withdraw", _id("source", 2), "--vault", stick["Ansan"])
    stick.send("Ansan", "Busan", "3.age")
    stick.receive("Busan", "3.age")
    clear = in_the_clear(stick, "Busan", "after")
    for name in (NAMED, RIGHT):
        assert found_in(clear, name) == []
