"""Promise 2, between members: bundles, files of private linkage, notes of recall, the journal and what commands say."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.promises.test_p02_from_the_list_to_the_bytes import MAY, MAY_NOT, PASSPHRASE, TWO, _list, through_the_door

from corroborate.custody.enrolment import Enrolment, countersign, fingerprint_words, propose
from corroborate.values import new_id
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import queries as records_queries

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def between(tmp_path_factory):
    """A folder of what goes from one member to another; what the commands said lies in ``said``."""
    folder = tmp_path_factory.mktemp("between")
    vault, other, out = folder / "vault", folder / "other", folder / "out"
    (folder / "said").mkdir()
    out.mkdir()

    def ran(*words: object) -> str:
        given = {"CORROBORATE_PASSPHRASE": PASSPHRASE}
        done = CliRunner().invoke(group, [str(one) for one in words], env=given)
        assert done.exit_code == 0, (words, done.output, done.exception)
        with (folder / "said" / "all.txt").open("a", encoding="utf-8") as said:
            said.write(done.stdout + done.stderr)
        return done.stdout

    ran("new", vault, "--name", "Member")
    ran("new", other, "--name", "Other")
    ran("import", _list(folder / "list.csv"), "--vault", vault, "--rejected", folder / "rejected.csv")
    ran("log", "checkpoint", "--vault", vault)
    _enrolled(vault, other)
    for one in (vault, other):
        ran("exchange", "address", "--vault", one, "--out", folder / f"{one.name}.address")
    ran("exchange", "meet", folder / "other.address", "--vault", vault)
    ran("exchange", "meet", folder / "vault.address", "--vault", other)
    members = through_the_door(vault, "--audience", "coalition")
    ran("exchange", "send", out / "bundle.age", "--release", members, "--form", "json", "--form", "dossier", "--form",
        "package", "--to", "Other", "--vault", vault, "--yes")  # fmt: skip
    ran("exchange", "receive", out / "bundle.age", "--into", out / "came", "--receipt", out / "receipt", "--vault",
        other)  # fmt: skip
    _linked(ran, folder, vault, other)
    with api.open_vault(vault, PASSPHRASE):
        source = next(
            one.source for one in list(records_queries.claims()) if one.property == "name" and str(one.value) in MAY
        )
    ran("withdraw", source, "--vault", vault)
    ran("release", "recall", members, "--out", out / "notes", "--vault", vault)
    (folder / "said" / "journal.json").write_text(ran("journal", "--json", "--vault", vault), encoding="utf-8")
    ran("release", "list", "--vault", vault)
    ran("release", "show", members, "--vault", vault)
    return folder


def _enrolled(*folders) -> None:
    """Each vault's enrolment, countersigned by the other, is taken in by both."""
    at, notes = datetime.now(UTC).replace(microsecond=0), {}
    for one, another in (folders, folders[::-1]):
        with api.open_vault(one, PASSPHRASE) as opened:
            key = opened.signer.verifier()
            note = propose(Enrolment(opened.name, opened.name, key, at), opened.signer)
        with api.open_vault(another, PASSPHRASE) as opened:
            notes[one] = countersign(note, opened.signer, " ".join(fingerprint_words(key)))
    for one in folders:
        with api.open_vault(one, PASSPHRASE) as opened:
            for note in notes.values():
                log_actions.admit(owner(opened, at), note)


def _linked(ran, folder, vault, other) -> None:
    """Two members link without handing over their lists, to the end: terms, encodings, the hub's comparison, both
    answers and what the other learns of one; document numbers; and letters, the other way by which names leave."""
    hub, out, at = folder / "hub", folder / "out", {"vault": vault, "other": other}
    ran("import", _list(folder / "theirs.csv"), "--vault", other)
    ran("new", hub, "--name", "Hub", "--hub")
    unit = ran("private", "card", "--vault", hub).splitlines()[0]
    keys = {one: ran("private", "card", "--vault", one).split(" ")[0] for one in (vault, other)}
    ran("private", "offer", "--vault", vault, "--unit", unit, "--reveal", "fields", "--out", out / "offer")
    ran("private", "accept", out / "offer", "--vault", other, "--key", keys[vault], "--out", out / "half", "--yes")
    ran("private", "countersign", out / "half", "--offer", out / "offer", "--vault", vault, "--key", keys[other],
        "--out", out / "agreement")  # fmt: skip
    numbers = {}
    for name, place, whom in (("vault", vault, "Other"), ("other", other, "Member")):
        numbers[name] = through_the_door(place, "--audience", "coalition", "--body", whom, "--link", "fields")
        file = out / ("encoding" if name == "vault" else "their-encoding")
        ran("private", "encode", out / "agreement", "--release", numbers[name], "--vault", place, "--out", file)
    ran("private", "match", out / "agreement", out / "encoding", out / "their-encoding", "--vault", hub, "--out",
        out / "results")  # fmt: skip
    for name, (result, file) in zip(
        at, zip(sorted((out / "results").iterdir()), ("answer", "their-answer"), strict=True), strict=True
    ):
        ran("private", "decide", out / "agreement", result, "--release", numbers[name], "--vault", at[name], "--out",
            out / file)  # fmt: skip
    learnt = _asked("private", "learn", out / "agreement", out / "answer", "--vault", other, "--json")
    (folder / "learnt").mkdir()
    (folder / "learnt" / "learnt.json").write_text(learnt, encoding="utf-8")
    _numbers(ran, folder, at, numbers)
    _letters(ran, folder, vault)


def _asked(*words: object) -> str:
    """What a command shows to whoever may see it: read by itself."""
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout


def _numbers(ran, folder, at, releases) -> None:
    """Document numbers of everybody whom the vault holds, those who allow nothing among them."""
    out = folder / "out"
    for name, place in at.items():
        with api.open_vault(place, PASSPHRASE):
            people = [one.subject for one in records_queries.claims() if one.property == "name"]
        rows = "".join(f"{person},{place.name}-{row}\n" for row, person in enumerate(people))
        (folder / f"{name}.csv").write_text(f"person,number\n{rows}", encoding="utf-8")
        ran("private", "numbers", "enter", out / "agreement", folder / f"{name}.csv", "--release", releases[name],
            "--vault", place, "--out", out / f"{name}.numbers")  # fmt: skip
    ran("private", "numbers", "answer", out / "agreement", out / "other.numbers", "--vault", at["vault"], "--out",
        out / "numbers-answer")  # fmt: skip


GONE, WRITTEN_TO = "김뷔편지", "박뷔서신"


def _letters(ran, folder, vault) -> None:
    """Letters to a State: one contact may be written to, another took their leave back."""
    from corroborate.coalition import Contact
    from corroborate.records import Consent
    from corroborate_node.coalition.advocacy import actions
    from corroborate_node.core.desk import owner

    at = datetime.now(UTC).replace(microsecond=0)
    with api.open_vault(vault, PASSPHRASE) as opened:
        for name, uses in ((GONE, {"hold", "name"}), (WRITTEN_TO, {"hold"})):
            given = Consent(new_id("consent", milliseconds=1, randomness=name.encode()[:10]),
                            new_id("source", milliseconds=1, randomness=name.encode()[:10]), frozenset(uses), "own",
                            date(2026, 1, 1))  # fmt: skip
            made = Contact(f"contact-{len(name)}{len(uses)}", "KR", name, "desk officer", "+82 2 000", (given,))
            actions.add_contact(owner(opened, at), made, at.date())
        actions.forget_contact(owner(opened, at), f"contact-{len(GONE)}2")
    (folder / "letter.txt").write_text("To {name} of {state}", encoding="utf-8")
    ran("target", "letters", "KR", "--text", folder / "letter.txt", "--out", folder / "letters", "--vault", vault)


def test_an_opened_bundle_holds_the_names_that_may_go_and_no_other(between, found_in):
    came = between / "out" / "came"
    files = sorted(one.name for one in came.rglob("*") if one.is_file())
    assert files == [
        "dossier.pdf",
        "package.zip",
        "release.json",
    ]
    for name in MAY:
        for file in came.iterdir():
            assert found_in(file, name), (file.name, name)
    for name in MAY_NOT:
        assert found_in(came, name) == [], name


@pytest.mark.parametrize("name", [*MAY, *MAY_NOT])
def test_nothing_else_between_members_holds_any_name(between, found_in, name):
    """An encrypted bundle, receipts, terms and encodings of linkage, notes of recall."""
    out = between / "out"
    files = [one for one in out.rglob("*") if one.is_file() and (out / "came") not in one.parents]
    assert {"bundle.age", "receipt", "offer", "half", "agreement", "encoding"} <= {one.name for one in files}
    assert any("recall" in one.name for one in files)
    assert [one.name for one in files if found_in(one, name)] == []


@pytest.mark.parametrize("name", MAY_NOT)
def test_the_other_side_learns_nothing_of_whom_their_row_did_not_let_go(between, found_in, name):
    assert found_in(between / "learnt", name) == []


def test_the_other_side_learns_of_whom_both_let_go_so_the_search_is_no_empty_one(between, found_in):
    assert [name for name in MAY if found_in(between / "learnt", name)] == MAY


def test_letters_name_who_may_be_written_to_and_nobody_of_the_records(between, found_in):
    assert found_in(between / "letters", WRITTEN_TO)
    for name in (GONE, *MAY, *MAY_NOT):
        assert found_in(between / "letters", name) == [], name


@pytest.mark.parametrize("name", [*MAY, *MAY_NOT])
def test_neither_the_journal_nor_what_commands_say_holds_any_name(between, found_in, name):
    assert found_in(between / "said", name) == []


# Ways out that are walked elsewhere, with where; each other one is walked here.
ELSEWHERE = {
    "answer.sign": "a member's signature under a joint statement: tests/promises/test_p01_own_name_own_words.py",
    "finding.stand": "a member's own word under a finding: tests/inquiry/test_standing.py",
    "finding.stand-read": "the same, by its page: tests/inquiry/test_standing.py",
    "linkage.sign-again": "what this vault sent, signed with its key of now: tests/private/test_keys_that_change.py",
    "grant.take": "to the person whom a grant names: tests/access/test_grants.py",
    "key.offer": "a public key and its proof, to the hub: tests/security/test_nobody_signs_for_another.py",
    "key.tell": "a letter to the member whose key it is: tests/security/test_nobody_signs_for_another.py",
    "release.file": "dossiers and submissions, each of a release of its own: tests/inquiry/test_filing.py",
    "release.hand-over": "the same bytes to a program: tests/http_api/test_a_documenters_day.py",
    "release.pack": "tests/promises/test_p02_from_the_list_to_the_bytes.py, and within the bundle here",
    "release.publish": "tests/promises/test_p02_from_the_list_to_the_bytes.py",
    "release.write": "tests/promises/test_p02_from_the_list_to_the_bytes.py",
    "requests.download": "what each member of a round is asked, as its letter says: tests/coalition/test_packets.py",
    "request.answer": "a member's signatures under a text and its translations: tests/coalition/test_answering.py",
    "succession.hand-over": "to the successor that sources named: tests/keeping/test_succession.py",
    "support.export": "who confirmed, without an address, for the secretariat: tests/coalition/test_supporters.py",
    "support.letters": "to each supporter's own address, by a person: tests/coalition/test_supporters.py",
    "reminder.send": "to members' addresses in the hub's register: tests/coalition/test_mail.py",
}


def test_every_act_by_which_something_leaves_was_walked_here_or_stands_with_where_it_is(between):
    """The registry of acts says which there are: a new one fails this until somebody walks it."""
    from corroborate_node.every_act import every_act

    lines = json.loads((between / "said" / "journal.json").read_text(encoding="utf-8"))
    walked = {one["what"] for one in lines}
    ways_out = {one.name for one in every_act() if one.kind == "export"}
    assert ways_out - walked - set(ELSEWHERE) == set()
    assert set(ELSEWHERE) <= ways_out
    for where in ELSEWHERE.values():
        for path in re.findall(r"tests/\S+\.py", where):
            assert (ROOT / path).is_file(), path


def test_the_journal_tells_of_each_of_these_exports(between):
    lines = json.loads((between / "said" / "journal.json").read_text(encoding="utf-8"))
    assert {one["by"] for one in lines if one["what"] == "release.confirm"} <= set(TWO)
