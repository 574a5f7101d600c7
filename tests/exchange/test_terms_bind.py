"""What a member let us have goes on under its terms and no others: who may be counted, and not named, is named by no
door of ours; nothing here widens it; and it is undone, declined and taken back as a whole."""

import json
from datetime import UTC, date, datetime

import pytest
from tests.exchange.members import members
from tests.exchange.test_records_on_sticks import in_the_clear, through_the_door

from corroborate.errors import NotAllowed
from corroborate.records import USES, Claim, Consent, Entity, Source
from corroborate.values import new_id, read_name
from corroborate_cli.vaults import now
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions, queries

PASSPHRASE = "long enough to hold"
AT = datetime(2026, 1, 2, tzinfo=UTC)
# whom everybody may count, whom everybody may name, whom members may name
COUNTED, NAMED, MEMBERS_ONLY = "김뷔세기", "김뷔이름", "김뷔연대"


def _id(kind, number):
    return new_id(kind, milliseconds=1, randomness=number.to_bytes(10, "big"))


def _records():
    """Three witnesses who told of themselves, with what each allows whom."""
    all_ = frozenset(USES)
    given = {
        COUNTED: [(all_, "named body", "Busan"), (frozenset({"count"}), "public", "")],
        NAMED: [(all_, "public", "")],
        MEMBERS_ONLY: [(all_, "coalition", "")],
    }
    entities, sources, consents, claims = [], [], [], []
    for at, (name, allowed) in enumerate(given.items(), 1):
        person, source = _id("person", at), _id("source", at)
        entities.append(Entity(person, "person"))
        sources.append(Source(source, "witness", f"interview {at}"))
        for number, (uses, audience, body) in enumerate(allowed):
            consents.append(Consent(_id("consent", 10 * at + number), source, uses, audience, date(2026, 1, 1),
                                    body=body, subject=person, right="self"))  # fmt: skip
        claims.append(Claim(_id("claim", at), person, "name", read_name(name), source, "minute 1", "saw", "J. Han", AT))
    return entities, sources, consents, claims


@pytest.fixture(scope="module")
def came(tmp_path_factory):
    """The three records wait at Busan, which is to have them all."""
    stick = members(tmp_path_factory.mktemp("terms") / "all", "Ansan", "Busan", "Chiba")
    with api.open_vault(stick["Ansan"], PASSPHRASE) as opened:
        actions.receive(owner(opened, now()), *_records())
    number = through_the_door(stick, "Ansan", "--audience", "coalition", "--body", "Busan")
    stick.send("Ansan", "Busan", "1.age", "--release", number, "--form", "records")
    bundle = json.loads(stick.receive("Busan", "1.age", "--json"))["bundle"]
    return stick, bundle


@pytest.fixture(scope="module")
def taken(came):
    stick, bundle = came
    offered = json.loads(stick.ran("exchange", "inbox", "show", bundle, "--vault", stick["Busan"], "--json"))["sources"]
    done = json.loads(stick.ran("exchange", "inbox", "accept", bundle, "--yes", "--json", "--vault", stick["Busan"]))
    return stick, offered, done


def test_before_anything_is_taken_in_it_is_said_what_may_be_done_with_each(taken):
    _, offered, _ = taken
    may = {source["people"][0]["name"]: source["may"] for source in offered}
    assert may[COUNTED] == {"own": [*USES], "coalition": ["count"], "public": ["count"]}
    assert may[NAMED] == {"own": [*USES], "coalition": [*USES], "public": [*USES]}
    assert may[MEMBERS_ONLY] == {"own": [*USES], "coalition": [*USES]}


def test_who_may_be_counted_and_not_named_is_named_by_no_door_of_the_receiver(taken, found_in):
    stick, _, done = taken
    assert done["people"] == 3
    assert found_in(in_the_clear(stick, "Busan", "held"), COUNTED), "the search is no empty one"
    vault = ("--vault", stick["Busan"])
    out = stick.folder / "out"
    out.mkdir()
    stick.ran("log", "checkpoint", *vault)
    everybody = through_the_door(stick, "Busan", "--audience", "public")
    stick.ran("release", "write", everybody, "--json", out / "release.json", *vault)
    stick.ran("release", "write", everybody, "--ftm", out / "ftm.json", *vault)
    stick.ran("dossier", out / "dossier.pdf", "--release", everybody, *vault)
    stick.ran("publish", out / "site", "--release", everybody, *vault)
    stick.ran("pack", out / "package", "--release", everybody, *vault)
    onward = through_the_door(stick, "Busan", "--audience", "coalition", "--body", "Chiba")
    stick.send("Busan", "Chiba", "onward.age", "--release", onward, "--form", "records", "--form", "json", "--form",
               "dossier", "--form", "package")  # fmt: skip
    stick.receive("Chiba", "onward.age", "--into", out / "bundle")
    bundle = json.loads(stick.ran("exchange", "inbox", "--vault", stick["Chiba"], "--json"))["records"][0]["bundle"]
    offers = stick.ran("exchange", "inbox", "show", bundle, "--vault", stick["Chiba"])
    (out / "offers.txt").write_text(offers, encoding="utf-8")
    stick.ran("exchange", "inbox", "accept", bundle, "--yes", "--vault", stick["Chiba"])
    in_the_clear(stick, "Chiba", "got").rename(out / "chiba")
    linking = through_the_door(stick, "Busan", "--audience", "coalition", "--body", "Chiba", "--link", "fields")
    shown = stick.ran("release", "show", linking, *vault)
    (out / "linking.txt").write_text(shown, encoding="utf-8")
    assert found_in(out, COUNTED) == []
    assert found_in(out / "release.json", NAMED), "the search is no empty one"
    assert found_in(out / "chiba", MEMBERS_ONLY), "a member may pass on what members may name"
    for public in ("release.json", "dossier.pdf", "site", "package", "ftm.json"):
        assert found_in(out / public, MEMBERS_ONLY) == [], public


def test_nothing_here_widens_what_a_member_let_us_have(taken):
    stick, offered, _ = taken
    source = next(one["source"] for one in offered if one["people"][0]["name"] == COUNTED)
    with api.open_vault(stick["Busan"], PASSPHRASE) as opened:
        wider = Consent(_id("consent", 999), source, frozenset(USES), "public", date(2026, 1, 1))
        with pytest.raises(NotAllowed, match="ask Ansan for more"):
            actions.receive(owner(opened, now()), [], [], [wider], [])
        assert wider.id not in {one.id for one in queries.consents()}


def test_a_member_s_consent_for_our_own_person_opens_nothing_of_ours(taken):
    """A member says that somebody whom *we* recorded let their body be told of: that is not theirs to say."""
    from corroborate.exchange.records import Handed, Head, Terms
    from corroborate_node.records import received

    stick, _, _ = taken
    with api.open_vault(stick["Busan"], PASSPHRASE) as opened:
        desk = owner(opened, now())
        ours, source = Entity(_id("person", 50), "person"), Source(_id("source", 50), "witness", "ours")
        claim = Claim(_id("claim", 50), ours.id, "name", read_name("우리사람"), source.id, "1", "saw", "J. Han", AT)
        actions.receive(desk, [ours], [source], [], [claim])
        theirs = Source(_id("source", 51), "witness", "theirs")
        head = Head("Ansan", _id("release", 51), 9, "t", "coalition", "", date(2026, 1, 1), None)
        terms = Terms(theirs.id, frozenset(USES), "public", date(2026, 1, 1), subject=ours.id, right="self")
        said = Claim(_id("claim", 51), ours.id, "sex", read_name("F"), theirs.id, "1", "saw", "x", AT)
        laid = received.lay(desk, Handed(head, (ours,), (theirs,), (terms,), (said,)), "Ansan")
    assert [one.subject for one in laid.consents] == [""]


def test_it_is_undone_as_if_it_had_not_come(taken, found_in):
    stick, _, done = taken
    stick.ran("imports", "undo", done["import"], "--vault", stick["Busan"])
    clear = in_the_clear(stick, "Busan", "undone")
    for name in (COUNTED, NAMED, MEMBERS_ONLY):
        assert found_in(clear, name) == [], name
    doctor = json.loads(stick.tried("doctor", "--json", "--vault", stick["Busan"]).stdout)
    assert [one for one in doctor if one["state"] == "wrong"] == []


def test_what_is_declined_leaves_nothing_and_can_be_sent_again(came, taken, found_in):
    stick, _ = came
    stick.send("Ansan", "Busan", "2.age", "--release", "1", "--form", "records")
    bundle = json.loads(stick.receive("Busan", "2.age", "--json"))["bundle"]
    stick.ran("exchange", "inbox", "decline", bundle, "--yes", "--vault", stick["Busan"])
    assert list((stick["Busan"] / "inbox").iterdir()) == []
    assert found_in(in_the_clear(stick, "Busan", "declined"), NAMED) == []
    again = stick.tried("exchange", "inbox", "accept", bundle, "--yes", "--vault", stick["Busan"])
    assert "was declined, and erased" in str(again.exception)


def test_a_recall_that_comes_before_its_records_keeps_them_out(came, taken, found_in):
    """The records are long on their way; what was taken back overtakes them."""
    stick, _ = came
    slow = stick.send("Ansan", "Busan", "slow.age", "--release", "1", "--form", "records")
    stick.ran("withdraw", _id("source", 2), "--vault", stick["Ansan"])
    stick.send("Ansan", "Busan", "fast.age")
    stick.receive("Busan", "fast.age")
    came_late = json.loads(stick.receive("Busan", slow.name, "--json"))
    assert came_late["records"] is False
    assert found_in(in_the_clear(stick, "Busan", "late"), NAMED) == []
    assert list((stick["Busan"] / "inbox").iterdir()) == []
