"""Two members link by files alone: the commands as they are typed, with vaults, consent and a hub that compares."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from tests.private.conftest import Chance
from tests.releasing import released

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate.linkage import private
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions
from corroborate_node.records import batches
from corroborate_node.records import queries as records_queries

PASSPHRASE = "a passphrase for two vaults"
LISTS = {"ours": "A", "theirs": "C"}


def ran(*words, code=0):
    done = CliRunner().invoke(
        group, ["private", *map(str, words)], env={"CORROBORATE_PASSPHRASE": PASSPHRASE}, catch_exceptions=True
    )
    if code == 0:
        assert done.exit_code == 0, (words, done.output, done.exception)
        return done.stdout
    assert done.exit_code == code or done.exception is not None
    return str(done.exception)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Vaults of two lists of the same invented people, and a hub."""
    folder = tmp_path_factory.mktemp("two")
    lists = write_lists(make_world(11, 200), folder / "lists")
    now = datetime.now(UTC).replace(microsecond=0)
    api.create_vault(folder / "hub", "secretariat", PASSPHRASE, hub=True)
    for seed, (place, name) in enumerate(LISTS.items()):
        api.create_vault(folder / place, f"the {place}", PASSPHRASE)
        with api.open_vault(folder / place, PASSPHRASE) as vault:
            table = read_table(lists.files[name])
            rows = person_entries(table, checked_mapping(table, {}), name, latest=2020).entries
            taken = batches.from_rows(rows, name, recorder="test", at=now, agreed=True, entropy=Chance(seed))
            records_actions.receive(owner(vault, now), taken.entities, taken.sources, taken.consents, taken.claims)
    return folder


@pytest.fixture(scope="module")
def linked(folder):
    """Everything up to both results; consent of one source that was encoded is withdrawn before the answer."""
    at = {name: ("--vault", folder / name) for name in ("ours", "theirs", "hub")}
    unit = ran("card", *at["hub"]).splitlines()[0]
    keys = {name: ran("card", *at[name]).split(" ")[0] for name in LISTS}
    whole = ran("card", *at["ours"]).splitlines()[0]  # as it is handed over; its first part is the key
    ran("offer", *at["ours"], "--unit", unit, "--reveal", "fields", "--out", folder / "offer")
    ran("accept", folder / "offer", *at["theirs"], "--key", whole, "--out", folder / "half", "--yes")
    ran("countersign", folder / "half", "--offer", folder / "offer", *at["ours"], "--key", keys["theirs"],
        "--out", folder / "agreement")  # fmt: skip
    for name, other in (("ours", "the-theirs"), ("theirs", "the-ours")):
        with api.open_vault(folder / name, PASSPHRASE) as vault:
            now = datetime.now(UTC).replace(microsecond=0)
            assert released(vault, now, audience="coalition", body=other, linking="fields") == 1
        ran("encode", folder / "agreement", "--release", 1, *at[name], "--out", folder / f"{name}.encoding")
    done = json.loads(
        ran("match", folder / "agreement", folder / "theirs.encoding", folder / "ours.encoding", *at["hub"],
            "--out", folder / "results", "--json")
    )  # fmt: skip
    return folder, at, dict(zip(LISTS, done["results"], strict=True)), done


def names_of(folder, place):
    with api.open_vault(folder / place, PASSPHRASE):
        found = {}
        for claim in list(records_queries.claims()):
            if claim.property == "name":
                found.setdefault(claim.subject, set()).add(str(claim.value))
        return found


def test_both_sides_learn_of_the_people_both_hold_and_facts_only_where_sources_allow(linked):
    folder, at, results, done = linked
    assert all(rows % 100 == 0 for rows in done["rows"])
    shown = json.loads(
        ran("decide", folder / "agreement", results["theirs"], "--release", 1, *at["theirs"], "--show", "--json")
    )
    assert shown["held"] > 0
    assert shown["fields"] > 0
    # one source takes its leave back between encoding and answer
    gone = next(one for one in shown["decisions"] if one["reveal"] == "fields")["people"][0]
    with api.open_vault(folder / "theirs", PASSPHRASE) as vault:
        now = datetime.now(UTC).replace(microsecond=0)
        for source in {claim.source for claim in list(records_queries.claims()) if claim.subject == gone}:
            records_actions.withdraw(owner(vault, now), source, now.date())
        # what the release showed is gone with the source: another one says what may be told now
        release = {"ours": 1, "theirs": released(vault, now, audience="coalition", body="the-ours", linking="fields")}
    assert "was withdrawn" in ran(
        "decide", folder / "agreement", results["theirs"], "--release", 1, *at["theirs"], "--show", code=1
    )
    less = folder / "less.csv"
    narrowed = next(one for one in shown["decisions"] if one["reveal"] == "fields" and one["people"][0] != gone)[
        "people"
    ][0]
    less.write_text(f"person,reveal\n{narrowed},nothing\n", encoding="utf-8")
    for name in LISTS:
        more = ["--only", less] if name == "theirs" else ["--most", "held"]
        ran(
            "decide",
            folder / "agreement",
            results[name],
            "--release",
            release[name],
            *at[name],
            *more,
            "--out",
            folder / f"{name}.answer",
        )
    ours = json.loads(ran("learn", folder / "agreement", folder / "theirs.answer", *at["ours"], "--json"))
    theirs = json.loads(ran("learn", folder / "agreement", folder / "ours.answer", *at["theirs"], "--json"))
    assert 8 < len(ours) <= len(theirs) <= done["near"]
    assert all(one["fields"] == {} for one in theirs)
    told = [one for one in ours if one["fields"]]
    assert 0 < len(told) < len(ours)
    names = names_of(folder, "theirs")
    public = {person for one in shown["decisions"] if one["reveal"] == "fields" for person in one["people"]}
    allowed = set().union(*(names[person] for person in public - {gone, narrowed} if person in names))
    for one in told:
        assert set(one["fields"]["name"]) <= allowed
    again = ran(
        "decide", folder / "agreement", results["theirs"], "--release", 2, *at["theirs"], "--out", folder / "x", code=1
    )
    assert "answered before" in again
    assert not (folder / "x").exists()
    assert "taken in before" in ran("learn", folder / "agreement", folder / "theirs.answer", *at["ours"], code=1)
    again = json.loads(ran("learn", folder / "agreement", *at["ours"], "--json"))
    assert again == ours, "what was learnt can be read again"
    known = names_of(folder, "ours")
    for one in again:
        assert all(name in known[person] for person, name in zip(one["people"], one["names"], strict=True))
    shown = ran("learn", folder / "agreement", *at["ours"])
    assert f"{min(one['difference'] for one in ours):.3f}" in shown
    assert "at most 0.455 pass" in shown


def test_a_second_comparison_is_named_and_answered_only_by_who_says_so(linked):
    """The unit compares one encoding twice: two answers would say together what neither does."""
    folder, at, _, _ = linked
    note, out = folder / "agreement", folder / "second.answer"
    files = [folder / "theirs.encoding", folder / "ours.encoding"]
    done = json.loads(ran("match", note, *files, *at["hub"], "--out", folder / "second", "--json"))
    result = dict(zip(LISTS, done["results"], strict=True))["ours"]
    refused = ran("decide", note, result, "--release", 1, *at["ours"], "--out", out, code=1)
    assert "compared it a second time" in refused
    assert not out.exists()
    ran("decide", note, result, "--release", 1, *at["ours"], "--out", out, "--yes")
    assert out.exists()


def test_terms_are_said_in_words_and_nothing_is_signed_unless_they_are_accepted(linked, tmp_path):
    folder, at, _, _ = linked
    key = ran("card", *at["ours"]).splitlines()[0]
    words = ["private", "accept", folder / "offer", *at["theirs"], "--key", key, "--out", tmp_path / "half"]
    env = {"CORROBORATE_PASSPHRASE": PASSPHRASE}
    done = CliRunner().invoke(group, [*map(str, words)], env=env, input="n\n")
    assert done.exit_code == 1
    assert not (tmp_path / "half").exists()
    for said in ("the-ours offers", "names and facts, of those whose sources allow it", "455 of 1,000"):
        assert said in done.output
    done = CliRunner().invoke(group, [*map(str, words)], env=env, input="y\n")
    assert done.exit_code == 0
    assert (tmp_path / "half").read_bytes().startswith(b"corroborate linkage agreement v1")


def test_files_that_are_anothers_are_refused_by_the_command(linked):
    folder, at, results, _ = linked
    wrong = ran(
        "decide", folder / "agreement", results["ours"], "--release", 1, *at["theirs"], "--out", folder / "y", code=1
    )
    assert "sealed to another node" in wrong
    assert "signed" in ran("encode", folder / "half", "--release", 1, *at["ours"], "--out", folder / "y", code=1)
    assert not (folder / "y").exists()


def test_a_hub_encodes_nobody(linked):
    folder, at, _, _ = linked
    assert "hub holds no people" in ran(
        "encode", folder / "agreement", "--release", 1, *at["hub"], "--out", folder / "z", code=1
    )


def test_the_agreement_says_in_plain_words_what_was_agreed(linked):
    folder, *_ = linked
    text = (folder / "agreement").read_text(encoding="utf-8")
    assert text.startswith("corroborate linkage agreement v1\n")
    assert "\nreveal fields\n" in text
    assert private.read_agreement(text.encode()).reveal == "fields"


def test_document_numbers_that_both_have_are_found_where_sources_allow_it(linked, tmp_path):
    folder, at, *_ = linked
    people = {name: sorted(names_of(folder, name)) for name in LISTS}
    had = {"ours": ["CB-1", "CB 2", "cb3"], "theirs": ["CB2", "CB-3", "CB4"]}
    for name, numbers in had.items():
        rows = "".join(f"{person},{number}\n" for person, number in zip(people[name], numbers, strict=False))
        (tmp_path / f"{name}.csv").write_text("person,number\n" + rows, encoding="utf-8")
        other = {"ours": "the-theirs", "theirs": "the-ours"}[name]
        with api.open_vault(folder / name, PASSPHRASE) as vault:
            now = datetime.now(UTC).replace(microsecond=0)
            made = released(vault, now, audience="coalition", body=other, linking="held")
        ran("numbers", "enter", folder / "agreement", tmp_path / f"{name}.csv", "--release", made, *at[name],
            "--out", tmp_path / f"{name}.numbers")  # fmt: skip
    for name, other in (("ours", "theirs"), ("theirs", "ours")):
        ran("numbers", "answer", folder / "agreement", tmp_path / f"{other}.numbers", *at[name],
            "--out", tmp_path / f"{name}.answer")  # fmt: skip
    found = {
        name: json.loads(ran("numbers", "compare", folder / "agreement", tmp_path / f"{other}.numbers",
                             tmp_path / f"{other}.answer", *at[name], "--json"))
        for name, other in (("ours", "theirs"), ("theirs", "ours"))
    }  # fmt: skip
    assert found == {"ours": people["ours"][1:3], "theirs": people["theirs"][0:2]}
    (tmp_path / "wrong.csv").write_text("person,number\nsomebody,1\n", encoding="utf-8")
    said = ran(
        "numbers", "enter", folder / "agreement", tmp_path / "wrong.csv", "--release", 2, *at["ours"],
        "--out", tmp_path / "x", code=1,
    )  # fmt: skip
    assert "nobody here has the id" in said
    assert not (tmp_path / "x").exists()
