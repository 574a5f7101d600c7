"""On a stick: what was lost, doubled, late or sent by a vault that was set back is said where it comes."""

import json
import re
import shutil
import time

import pytest
from tests.exchange.members import members

pytestmark = pytest.mark.in_a_file  # a vault's folder is copied whole, with the rows in it


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return members(tmp_path_factory.mktemp("pairs") / "all", "Ansan", "Busan")


@pytest.fixture
def stick(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "all")
    return type(made)(tmp_path / "all")


def said(stick, name, code=0):
    return json.loads(stick.receive("Busan", name, "--json", code=code))


def grow(stick, name, rows):
    """Records come in, so that its log grows."""
    path = stick.folder / f"{name}-{len(rows)}.csv"
    path.write_text("name\n" + "".join(f"{one}\n" for one in rows), encoding="utf-8")
    stick.ran("import", path, "--vault", stick[name], "--rejected", stick.folder / f"{name}-{len(rows)}-rejected.csv")


def test_two_is_missing_when_three_comes_before_it_and_healed_when_it_comes(stick):
    for at in (1, 2, 3):
        stick.send("Ansan", "Busan", f"{at}.age")
    first = said(stick, "1.age")
    assert (first["number"], first["said"], first["alarms"]) == (1, [], 0)
    assert said(stick, "3.age")["said"] == ["1 bundle of Ansan did not come yet: 2."]
    assert "missing and is here now; none is missing" in said(stick, "2.age")["said"][0]


def test_a_double_says_so_and_is_not_unpacked_again(stick):
    grow(stick, "Ansan", ["Kim", "Lee"])
    stick.ran("release", "make", "--audience", "coalition", "--no-names", "--vault", stick["Ansan"], "--yes")
    stick.send("Ansan", "Busan", "1.age", "--release", "1")
    first = stick.folder / "first"
    stick.receive("Busan", "1.age", "--into", first, "--receipt", stick.on("1.receipt"))
    again = stick.receive("Busan", "1.age", "--into", stick.folder / "again", "--receipt", stick.on("again.receipt"))
    assert "It came before" in again
    assert first.is_dir() and not (stick.folder / "again").exists()
    assert "Busan received bundle_" in stick.ran(
        "exchange", "received", stick.on("again.receipt"), "--vault", stick["Ansan"]
    )


def test_a_sender_that_went_back_to_an_older_copy_is_an_alarm_with_exit_code_1(stick):
    stick.send("Ansan", "Busan", "1.age")
    copy = stick.folder / "copy"
    shutil.copytree(stick["Ansan"], copy)
    stick.send("Ansan", "Busan", "2.age")
    stick.set_back("Ansan", copy)
    stick.send("Ansan", "Busan", "other.age")
    said(stick, "1.age")
    assert said(stick, "2.age")["alarms"] == 0
    found = said(stick, "other.age", code=1)
    assert found["alarms"] == 1
    assert "two different bundles under number 2" in found["said"][0]
    done = stick.tried("exchange", "receive", stick.on("other.age"), "--vault", stick["Busan"])
    assert "It came before" in done.stdout


def test_a_sender_set_back_behind_what_the_receiver_cosigned_is_an_alarm_though_no_bundle_tells(stick):
    """On another machine, where no mark of the newer log lies."""
    grow(stick, "Ansan", ["Kim", "Lee"])
    stick.ran("log", "checkpoint", "--vault", stick["Ansan"])
    copy = stick.folder / "copy"
    shutil.copytree(stick["Ansan"], copy)
    grow(stick, "Ansan", ["Park", "Choi", "Han"])
    stick.ran("log", "checkpoint", "--vault", stick["Ansan"])
    key = re.search(r"(Busan\+\S+)", stick.ran("log", "policy", "--vault", stick["Ansan"]))[1]
    stick.ran("log", "request", key, "--vault", stick["Ansan"], "--out", stick.on("request"))
    stick.ran("log", "witness", stick.on("request"), "--vault", stick["Busan"], "--out", stick.on("answer"))
    stick.set_back("Ansan", copy)
    shutil.rmtree(stick.folder / "marks")
    time.sleep(1.1)  # a manifest's time is in whole seconds: within one, nobody can say which came first
    stick.send("Ansan", "Busan", "1.age")
    found = said(stick, "1.age", code=1)
    assert found["alarms"] == 1
    assert "were shown here before it was made" in found["said"][0]


def test_a_vault_that_may_not_sign_sends_nothing_and_says_why(stick):
    grow(stick, "Ansan", ["Kim", "Lee"])
    copy = stick.folder / "copy"
    shutil.copytree(stick["Ansan"], copy)
    grow(stick, "Ansan", ["Park", "Choi", "Han"])
    stick.ran("log", "checkpoint", "--vault", stick["Ansan"])
    stick.set_back("Ansan", copy)
    done = stick.tried("exchange", "send", stick.on("1.age"), "--to", "Busan", "--vault", stick["Ansan"], "--yes")
    assert done.exit_code == 1
    assert "this vault signs nothing" in str(done.exception)
    assert not stick.on("1.age").exists()


def test_what_was_recorded_since_is_signed_before_it_is_sent(stick):
    grow(stick, "Ansan", ["Kim", "Lee"])
    stick.send("Ansan", "Busan", "1.age")
    signed = (stick["Ansan"] / "log" / "checkpoint").read_bytes()
    stick.ran("log", "checkpoint", "--vault", stick["Ansan"])
    assert (stick["Ansan"] / "log" / "checkpoint").read_bytes() == signed, "something was left unsigned"
