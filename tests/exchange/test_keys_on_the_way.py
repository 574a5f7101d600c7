"""A key changes while a bundle is on its way: as planned, it is taken in once its sender's next bundle names it. Under
a key that was replaced and is in other hands, or that was revoked, nothing is taken in."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from tests.exchange.members import PASSPHRASE, members
from tests.member_keys import spoken

from corroborate.custody import Signer
from corroborate.custody.keys import countersign, revoke
from corroborate.exchange import Place, write_bundle
from corroborate.values import Digest
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions, models

pytestmark = pytest.mark.in_a_file  # vaults are copied as folders


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    stick = members(tmp_path_factory.mktemp("keys") / "all", "Ansan", "Busan", "Chiba")
    path = stick.folder / "list.csv"
    path.write_text("성명,성별,혐의,공개여부\n김뷔하나,남,고문,공개동의\n", encoding="utf-8")
    stick.ran("import", path, "--vault", stick["Ansan"], "--rejected", stick.folder / "rejected.csv")
    asked = ("--audience", "coalition", "--no-names", "--yes")
    stick.ran("release", "make", *asked, "--vault", stick["Ansan"])
    return stick


@pytest.fixture
def stick(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "all")
    return type(made)(tmp_path / "all")


def signer_of(stick, name):
    with api.open_vault(stick[name], PASSPHRASE) as vault:
        return vault.signer


def rotated(stick, name, *followers):
    note = stick.on(f"{name}.rotation")
    stick.ran("log", "rotate", "--vault", stick[name], "--out", note)
    for other in followers:
        stick.ran("log", "follow", note, "--vault", stick[other])


def test_a_bundle_sent_before_a_planned_change_comes_in_with_the_next_one_that_names_it(stick):
    stick.send("Ansan", "Busan", "1.age", "--release", "1", "--form", "records")
    rotated(stick, "Ansan", "Busan", "Chiba")
    refused = stick.tried("exchange", "receive", stick.on("1.age"), "--vault", stick["Busan"])
    assert refused.exit_code == 1
    assert "signed with a key that Ansan has replaced" in refused.output + str(refused.exception)
    stick.send("Ansan", "Busan", "2.age")  # with nothing in it, under the key of now
    assert "1 bundle of Ansan did not come yet: 1." in stick.receive("Busan", "2.age")
    told = json.loads(stick.receive("Busan", "1.age", "--json"))
    assert (told["number"], told["alarms"]) == (1, 0)
    assert "is here now; none is missing" in told["said"][0]
    waiting = json.loads(stick.ran("exchange", "inbox", "--vault", stick["Busan"], "--json"))["records"]
    assert [one["state"] for one in waiting] == ["waiting"]
    stick.ran("exchange", "inbox", "accept", waiting[0]["bundle"], "--yes", "--vault", stick["Busan"])


def test_what_the_thief_of_a_replaced_key_sends_never_comes_in_whatever_day_it_bears(stick):
    old = signer_of(stick, "Ansan")
    stick.send("Ansan", "Busan", "1.age")
    rotated(stick, "Ansan", "Busan", "Chiba")
    stick.send("Ansan", "Busan", "2.age")
    stick.receive("Busan", "2.age")
    with api.open_vault(stick["Busan"], PASSPHRASE):
        address = models.ExchangeKey.objects.get().public
    with api.open_vault(stick["Ansan"], PASSPHRASE):
        note = bytes(models.Checkpoint.objects.order_by("size").first().note)
    before = Digest.of(stick.on("1.age").read_bytes()).hex
    year = datetime.now(UTC).replace(microsecond=0) - timedelta(days=365)
    for number, place in enumerate((Place(1), Place(2, before), Place(3, "a" * 64))):
        id_ = f"bundle_{number:032x}"
        forged = write_bundle({"recalls/a.note": b"x"}, old, {address: place}, year, id_, [note])
        stick.on("forged.age").write_bytes(forged)
        refused = stick.tried("exchange", "receive", stick.on("forged.age"), "--vault", stick["Busan"])
        assert refused.exit_code == 1
        assert "signed with a key that Ansan has replaced" in str(refused.exception)
    assert "none is missing" in stick.receive("Busan", "1.age")  # its owner's own is named by what came


def test_a_planned_change_of_the_receiver_holds_nothing_up_and_its_receipt_is_asked_for_again(stick):
    stick.send("Ansan", "Busan", "1.age")
    stick.send("Ansan", "Busan", "2.age")
    stick.receive("Busan", "1.age", "--receipt", stick.on("1.receipt"))
    rotated(stick, "Busan", "Ansan", "Chiba")
    stick.receive("Busan", "2.age", "--receipt", stick.on("2.receipt"))
    stick.ran("exchange", "received", stick.on("2.receipt"), "--vault", stick["Ansan"])
    late = stick.tried("exchange", "received", stick.on("1.receipt"), "--vault", stick["Ansan"])
    assert "signed with a key that Busan has replaced" in str(late.exception)
    stick.receive("Busan", "1.age", "--receipt", stick.on("1.again"))
    stick.ran("exchange", "received", stick.on("1.again"), "--vault", stick["Ansan"])


def test_what_came_before_can_be_received_again_after_its_sender_changed_its_key(stick):
    stick.send("Ansan", "Busan", "1.age")
    stick.receive("Busan", "1.age")
    rotated(stick, "Ansan", "Busan", "Chiba")
    assert "It came before" in stick.receive("Busan", "1.age")


def test_under_a_revoked_key_nothing_comes_in_and_what_waits_is_not_accepted(stick):
    stick.send("Ansan", "Busan", "1.age", "--release", "1", "--form", "records")
    stick.send("Ansan", "Busan", "2.age")
    stick.receive("Busan", "1.age")
    now = datetime.now(UTC).replace(microsecond=0)
    heir, stolen = Signer("Ansan", bytes([7]) * 32), signer_of(stick, "Ansan").verifier()
    note = revoke(stolen, heir, 0, now)
    for other in ("Busan", "Chiba"):
        note = countersign(note, signer_of(stick, other), spoken(heir))
    with api.open_vault(stick["Busan"], PASSPHRASE) as vault:
        actions.change_key(owner(vault, now), note)
    refused = stick.tried("exchange", "receive", stick.on("2.age"), "--vault", stick["Busan"])
    assert "not by exactly one key that we trust" in str(refused.exception)
    [waits] = json.loads(stick.ran("exchange", "inbox", "--vault", stick["Busan"], "--json"))["records"]
    kept = stick.tried("exchange", "inbox", "accept", waits["bundle"], "--yes", "--vault", stick["Busan"])
    assert "was revoked since" in str(kept.exception)
    stick.ran("exchange", "inbox", "decline", waits["bundle"], "--yes", "--vault", stick["Busan"])


def test_a_bundle_that_shows_nothing_of_its_sender_s_log_is_an_alarm(stick):
    with api.open_vault(stick["Busan"], PASSPHRASE):
        address = models.ExchangeKey.objects.get().public
    at = datetime.now(UTC).replace(microsecond=0)
    silent = write_bundle({}, signer_of(stick, "Ansan"), {address: Place(1)}, at, "bundle_" + "0" * 32)
    stick.on("silent.age").write_bytes(silent)
    told = json.loads(stick.receive("Busan", "silent.age", "--json", code=1))
    assert told["alarms"] == 1
    assert "shows nothing of its log" in told["said"][0]
