"""Two members on sticks, by commands alone: records go with their terms, wait in the inbox, are taken in, in part,
counted, and erased again where they came when their source takes them back."""

import json
import re
from datetime import UTC, datetime

import pytest
from tests.exchange.members import members
from tests.releasing import desks

from corroborate_node import api

GOES = ["김뷔하나", "김뷔둘이", "김뷔셋이"]
STAYS = ["박뷔넷이", "박뷔다섯"]
WORDS = {"J. Han": "words of one person", "S. Mori": "words of another person"}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    stick = members(tmp_path_factory.mktemp("story") / "all", "Ansan", "Busan")
    path = stick.folder / "list.csv"
    rows = [*(f"{one},남,고문,공개동의" for one in GOES), *(f"{one},남,고문,공개동의 안 함" for one in STAYS)]
    path.write_text("성명,성별,혐의,공개여부\n" + "\n".join(rows) + "\n", encoding="utf-8")
    stick.ran("import", path, "--vault", stick["Ansan"], "--rejected", stick.folder / "rejected.csv")
    return stick


def through_the_door(stick, vault, *asked):
    with api.open_vault(stick[vault], "long enough to hold") as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
    files = {}
    for name, words in WORDS.items():
        files[name] = stick.folder / f"{vault} {name}.txt"
        files[name].write_text(words, encoding="utf-8")
    told = json.loads(
        stick.ran(
            "release",
            "make",
            *asked,
            "--vault",
            stick[vault],
            "--as",
            "J. Han",
            "--account-passphrase-file",
            files["J. Han"],
            "--json",
        )
    )
    if told["needs_second"]:
        stick.ran(
            "release",
            "confirm",
            told["release"],
            "--as",
            "S. Mori",
            "--account-passphrase-file",
            files["S. Mori"],
            "--vault",
            stick[vault],
        )
    return int(told["release"])


def in_the_clear(stick, vault, when):
    """Everything that a vault holds, as an organisation that leaves takes it along."""
    out = stick.folder / f"{vault} {when}"
    if not out.exists():
        stick.ran("export", out, "--vault", stick[vault], "--yes")
    return out


def shown(stick, bundle):
    return json.loads(stick.ran("exchange", "inbox", "show", bundle, "--vault", stick["Busan"], "--json"))


def test_the_whole_story(story, found_in):
    stick = story
    number = through_the_door(stick, "Ansan", "--audience", "coalition")
    bundle = stick.send("Ansan", "Busan", "1.age", "--release", number, "--form", "records")
    for name in (*GOES, *STAYS):
        assert found_in(bundle, name) == []
    came = json.loads(stick.receive("Busan", "1.age", "--receipt", stick.on("1.receipt"), "--json"))
    assert came["records"]
    listed = json.loads(stick.ran("exchange", "inbox", "--vault", stick["Busan"], "--json"))
    assert [(one["from"], one["release"], one["people"], one["state"]) for one in listed["records"]] == [
        ("Ansan", number, 3, "waiting")
    ]
    offered = shown(stick, came["bundle"])["sources"]
    assert {one["name"] for source in offered for one in source["people"]} == set(GOES)
    assert all(source["may"]["public"] == ["hold", "link", "count", "quote", "name"] for source in offered)
    # a part of it: two of three
    two = [source for source in offered if source["people"][0]["name"] != GOES[2]]
    chosen = [word for source in two for word in ("--source", source["source"])]
    done = json.loads(
        stick.ran("exchange", "inbox", "accept", came["bundle"], *chosen, "--yes", "--json", "--vault", stick["Busan"])
    )
    assert (done["people"], done["sources"]) == (2, len(two) + 1)
    wanted = through_the_door(stick, "Busan", "--audience", "public")
    stick.ran("release", "write", wanted, "--json", stick.folder / "onward.json", "--vault", stick["Busan"])
    assert found_in(stick.folder / "onward.json", GOES[0])
    for name in (GOES[2], *STAYS):
        assert found_in(stick.folder / "onward.json", name) == []
        assert found_in(in_the_clear(stick, "Busan", "before"), name) == []
    # taken back where it came from
    gone = two[0]
    stick.ran("withdraw", gone["source"], "--vault", stick["Ansan"])
    stick.send("Ansan", "Busan", "2.age")
    said = stick.receive("Busan", "2.age", "--receipt", stick.on("2.receipt"))
    assert re.search(r"Ansan took back something of its release 1: \d claims were erased here", said)
    waits = json.loads(stick.ran("exchange", "inbox", "--vault", stick["Ansan"], "--json"))["taken_back"]
    assert [(one["to"], one["answered"]) for one in waits] == [("Busan", None)]
    stick.ran("exchange", "received", stick.on("2.receipt"), "--vault", stick["Ansan"])
    (answer,) = json.loads(stick.ran("exchange", "inbox", "--vault", stick["Ansan"], "--json"))["taken_back"]
    assert answer["answered"] and answer["claims"] >= 3
    name = gone["people"][0]["name"]
    for vault in ("Ansan", "Busan"):
        assert found_in(in_the_clear(stick, vault, "after"), name) == []
    again = through_the_door(stick, "Busan", "--audience", "public")
    stick.ran("release", "write", again, "--json", stick.folder / "after.json", "--vault", stick["Busan"])
    assert found_in(stick.folder / "after.json", name) == []
    other = next(one for one in GOES[:2] if one != name)
    assert found_in(stick.folder / "after.json", other)
    notes = stick.folder / "notes"
    stick.ran("release", "recall", wanted, "--out", notes, "--vault", stick["Busan"])
    assert found_in(notes, gone["source"]) or list(notes.iterdir()), "our own receivers are told as well"
    doctor = json.loads(stick.tried("doctor", "--json", "--vault", stick["Busan"]).stdout)
    assert [one for one in doctor if one["state"] == "wrong"] == []
