"""What one member tries on another by the files between them: an agreement under another's name, terms that nobody
sees, questions without end; and a record passed on, taken back in its owner's place."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import pyrage
import pytest
from click.testing import CliRunner
from tests.exchange.members import PASSPHRASE, members
from tests.exchange.test_records_on_sticks import through_the_door
from tests.exchange.test_terms_bind import _id, _records
from tests.private.conftest import Chance
from tests.releasing import released

from corroborate.custody import Note, Signer, statements
from corroborate.errors import InvalidValue
from corroborate.exchange import write_bundle
from corroborate.exchange.records import Handed, Head, Terms, write_records
from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate.linkage import private
from corroborate.records import USES
from corroborate.values import Digest, new_id
from corroborate_cli.main import group
from corroborate_cli.vaults import now
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions, batches, queries


def tried(*words):
    return CliRunner().invoke(group, ["private", *map(str, words)], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})


def ran(*words) -> str:
    done = tried(*words)
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Three members who hold the same invented people, and a hub that compares."""
    folder = tmp_path_factory.mktemp("three")
    table = read_table(write_lists(make_world(11, 60), folder / "lists").files["A"])
    rows = person_entries(table, checked_mapping(table, {}), "A", latest=2020).entries
    api.create_vault(folder / "hub", "hub", PASSPHRASE, hub=True)
    for seed, name in enumerate(("ours", "bob", "mallory")):
        api.create_vault(folder / name, name, PASSPHRASE)
        with api.open_vault(folder / name, PASSPHRASE) as vault:
            taken = batches.from_rows(rows, name, recorder="t", at=now(), agreed=True, entropy=Chance(seed))
            actions.receive(owner(vault, now()), taken.entities, taken.sources, taken.consents, taken.claims)
    return folder


def vault_of(folder, name):
    return "--vault", folder / name


def accepted(folder, first, second, name, change=lambda terms: terms):
    """The terms of one side, changed by whoever makes its file, as the other side accepts them; and how that went."""
    key = ran("card", *vault_of(folder, first)).split(" ")[0]
    unit = ran("card", *vault_of(folder, "hub")).splitlines()[0]
    file = folder / f"{name}.offer"
    ran("offer", *vault_of(folder, first), "--unit", unit, "--reveal", "fields", "--out", file)
    with api.open_vault(folder / first, PASSPHRASE) as vault:
        from corroborate_node.review.private import node_of

        node = node_of(vault)
        terms = change(private.offered(file.read_bytes(), vault.signer.verifier(), node))
        file.write_bytes(private.offer(terms, node))
    half = folder / f"{name}.half"
    return tried("accept", file, *vault_of(folder, second), "--key", key, "--out", half, "--yes"), half


def agreed(folder, first, second, name, change=lambda terms: terms):
    done, half = accepted(folder, first, second, name, change)
    assert done.exit_code == 0, done.exception
    key = ran("card", *vault_of(folder, second)).split(" ")[0]
    ran("countersign", half, "--offer", folder / f"{name}.offer", *vault_of(folder, first), "--key", key, "--out",
        folder / name)  # fmt: skip
    return folder / name


def release(folder, name, body):
    with api.open_vault(folder / name, PASSPHRASE) as vault:
        return released(vault, now(), audience="coalition", body=body, linking="fields")


def test_an_agreement_under_the_id_of_one_with_another_member_is_encoded_for_by_nobody(three):
    """What Mallory told would be read as what Bob told, and what was judged of Bob's word would stand under hers."""
    with_bob = agreed(three, "ours", "bob", "with-bob")
    ran("encode", with_bob, "--release", release(three, "ours", "bob"), *vault_of(three, "ours"), "--out", three / "1")
    taken = private.Agreement.parse(Note.parse(with_bob.read_bytes()).text).id
    hers = agreed(three, "mallory", "ours", "with-mallory", lambda terms: replace(terms, id=taken))
    more = ("--release", release(three, "ours", "mallory"), *vault_of(three, "ours"), "--out", three / "2")
    done = tried("encode", hers, *more)
    assert "has the id of ours with bob" in str(done.exception)
    assert not (three / "2").exists()
    ran("encode", with_bob, "--release", release(three, "ours", "bob"), *vault_of(three, "ours"), "--out", three / "3")


def all_alike(terms):
    """Only the sex counts, and it fills the filter: half of all people are one person."""
    weights = dict.fromkeys(terms.schema.weights, 1) | {"sex": terms.schema.bits - 1}
    return replace(terms, schema=private.Schema(weights=weights))


@pytest.mark.parametrize(
    "change",
    [
        all_alike,
        lambda terms: replace(terms, nearness=499),
        lambda terms: replace(terms, schema=private.Schema(fan_in=2)),
        lambda terms: replace(terms, schema=private.Schema(round_to=10)),
    ],
    ids=["weights", "nearness", "hardening", "rounding"],
)
def test_terms_under_which_strangers_are_one_person_are_not_accepted(three, change):
    done, half = accepted(three, "mallory", "ours", "weak", change)
    assert "strangers may count as one person" in str(done.exception)
    assert not half.exists()


def numbers(folder, agreement, name, given, file):
    with api.open_vault(folder / name, PASSPHRASE):
        people = sorted({claim.subject for claim in list(queries.claims()) if claim.property == "name"})
    rows = "".join(f"{person},{number}\n" for person, number in zip(people, given, strict=False))
    (folder / "given.csv").write_text(f"person,number\n{rows}", encoding="utf-8")
    other = {"ours": "mallory", "mallory": "ours"}[name]
    ran("numbers", "enter", agreement, folder / "given.csv", "--release", release(folder, name, other),
        *vault_of(folder, name), "--out", folder / file)  # fmt: skip
    return folder / file


def test_numbers_that_were_entered_once_answer_one_file_of_the_other_side(three):
    """With more of them all numbers there are could be tried, a few at a time."""
    agreement = agreed(three, "ours", "mallory", "numbers")
    numbers(three, agreement, "ours", ["7-001", "7-002", "7-003"], "ours.numbers")
    first = numbers(three, agreement, "mallory", ["7-001", "7-002"], "first.numbers")
    second = numbers(three, agreement, "mallory", ["7-003", "7-004"], "second.numbers")
    for _ in range(2):  # the answer may be lost
        ran("numbers", "answer", agreement, first, *vault_of(three, "ours"), "--out", three / "answer")
    done = tried("numbers", "answer", agreement, second, *vault_of(three, "ours"), "--out", three / "more")
    assert "were answered with those entered here" in str(done.exception)
    assert not (three / "more").exists()
    numbers(three, agreement, "ours", ["7-001"], "ours-anew.numbers")
    ran("numbers", "answer", agreement, second, *vault_of(three, "ours"), "--out", three / "more")


# --- bundles ----------------------------------------------------------------------------------------------------------


@contextmanager
def hand_of(stick, name):
    with api.open_vault(stick[name], PASSPHRASE) as vault:
        yield vault


def by_hand(stick, sender, to, name, files):
    """A bundle as the sender's own vault would not make it, under its key and in its place."""
    with hand_of(stick, sender) as vault:
        from corroborate_node.exchange import exchanging, pairs
        from corroborate_node.log import models
        from corroborate_node.log import queries as log

        at, place = now(), pairs.next_place(to)
        exchanging._signed_first(owner(vault, at))
        id_ = new_id(
            "bundle", milliseconds=int(at.timestamp() * 1000), randomness=Digest.of(name.encode()).hex.encode()[:10]
        )
        key = models.Address.objects.get(origin=to).key
        content = write_bundle(
            files, vault.signer, {key: place}, at, id_, log.to_gossip(vault), exchanging.steps(vault)
        )
        models.Carried.objects.create(
            bundle=id_, direction="out", other=to, digest=str(Digest.of(content)), files=len(files), at=at,
            number=place.number, before=place.before, log=log.log_size(), made=at,
        )  # fmt: skip
    stick.on(name).write_bytes(content)


def test_who_passed_a_record_on_takes_back_its_own_copy_and_never_the_owner_s(tmp_path_factory):
    """Chiba hands Ansan's records on as its own, and takes them back: Busan can still have them from Ansan."""
    from corroborate_node.release.giving import RECORDS

    stick = members(tmp_path_factory.mktemp("passed") / "all", "Ansan", "Busan", "Chiba")
    entities, sources, _, claims = _records()
    with hand_of(stick, "Ansan") as vault:
        actions.receive(owner(vault, now()), *_records())
    head = Head("Chiba", _id("release", 77), 77, "t", "coalition", "", date(2026, 1, 1), None)
    terms = tuple(Terms(one.id, frozenset(USES), "coalition", date(2026, 1, 1)) for one in sources)
    handed = Handed(head, tuple(entities), tuple(sources), terms, tuple(claims))
    by_hand(stick, "Chiba", "Busan", "1.age", {RECORDS: write_records(handed)})
    bundle = json.loads(stick.receive("Busan", "1.age", "--json"))["bundle"]
    stick.ran("exchange", "inbox", "accept", bundle, "--yes", "--vault", stick["Busan"])
    with hand_of(stick, "Chiba") as vault:
        lines = [("log", "Chiba"), ("release", head.release), ("number", "77"), ("reason", "withdrawn")]
        lines += [("at", statements.write_time(now())), *(("erase", one.id) for one in sources)]
        note = statements.signed(statements.write("corroborate recall v1", lines), vault.signer)
    by_hand(stick, "Chiba", "Busan", "2.age", {"recalls/1-1.note": note})
    assert "3 claims were erased here" in stick.receive("Busan", "2.age")
    number = through_the_door(stick, "Ansan", "--audience", "coalition", "--body", "Busan")
    stick.send("Ansan", "Busan", "3.age", "--release", number, "--form", "records")
    bundle = json.loads(stick.receive("Busan", "3.age", "--json"))["bundle"]
    done = json.loads(stick.ran("exchange", "inbox", "accept", bundle, "--yes", "--json", "--vault", stick["Busan"]))
    assert done["claims"] == 3
    by_hand(stick, "Chiba", "Busan", "4.age", {"recalls/1-2.note": note})  # its recall once more reaches none of them
    stick.receive("Busan", "4.age")
    with hand_of(stick, "Busan"):
        assert len([one for one in queries.claims() if one.property == "name"]) == 3
    by_hand(stick, "Chiba", "Busan", "5.age", {RECORDS: write_records(replace(handed, head=replace(head, number=78)))})
    assert json.loads(stick.receive("Busan", "5.age", "--json"))["records"] is False  # what it took back stays back
    doctor = json.loads(stick.tried("doctor", "--json", "--vault", stick["Busan"]).stdout)
    assert [one for one in doctor if one["state"] == "wrong"] == []


@pytest.mark.parametrize("name", ["release\u202enosj.exe", "a\x9b2J.json", "a/\u200bb"])
def test_no_file_of_a_bundle_has_a_name_that_is_read_as_another(name):
    at, to = datetime(2026, 1, 1, tzinfo=UTC), str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(InvalidValue, match="no path for a file"):
        write_bundle({name: b"x"}, Signer("Ansan", b"1" * 32), [to], at, _id("bundle", 1))


def test_a_title_of_another_s_begins_no_line_of_ours(tmp_path_factory):
    """A title with a line break would read as what the program itself says of the next source."""
    from corroborate.values import read_name
    from corroborate_node.release.giving import RECORDS

    stick = members(tmp_path_factory.mktemp("lines") / "all", "Ansan", "Busan")
    entities, sources, _, claims = _records()
    lie = "notes\nsource_x  checked by Busan (witness)\u2028all\tgood\x1b[2J"
    sources[0] = replace(sources[0], title=lie)
    claims[0] = replace(claims[0], value=read_name("Kim\nsource_y"))
    head = Head("Ansan", _id("release", 78), 78, "t", "coalition", "", date(2026, 1, 1), None)
    terms = tuple(Terms(one.id, frozenset(USES), "coalition", date(2026, 1, 1)) for one in sources)
    records = write_records(Handed(head, tuple(entities), tuple(sources), terms, tuple(claims)))
    by_hand(stick, "Ansan", "Busan", "1.age", {RECORDS: records})
    bundle = json.loads(stick.receive("Busan", "1.age", "--json"))["bundle"]
    shown = stick.ran("exchange", "inbox", "show", bundle, "--vault", stick["Busan"])
    assert not [line for line in shown.splitlines() if line.startswith(("source_x", "source_y", "all"))]
    assert "notes<U+000A>source_x  checked by Busan (witness)<U+2028>all<U+0009>good<U+001B>[2J" in shown
