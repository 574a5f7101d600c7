"""Promise 2, between members: bundles, files of private linkage, notes of recall, the journal and what commands say."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from tests.promises.test_p02_from_the_list_to_the_bytes import MAY, MAY_NOT, PASSPHRASE, TWO, _list, through_the_door

from corroborate.custody.enrolment import Enrolment, countersign, fingerprint_words, propose
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import queries as records_queries


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
    """What a member writes for linkage without handing over its list: terms, and the encoding for the hub."""
    hub, out = folder / "hub", folder / "out"
    ran("new", hub, "--name", "Hub", "--hub")
    unit = ran("private", "card", "--vault", hub).splitlines()[0]
    keys = {one: ran("private", "card", "--vault", one).split(" ")[0] for one in (vault, other)}
    ran("private", "offer", "--vault", vault, "--unit", unit, "--reveal", "fields", "--out", out / "offer")
    ran("private", "accept", out / "offer", "--vault", other, "--key", keys[vault], "--out", out / "half")
    ran("private", "countersign", out / "half", "--offer", out / "offer", "--vault", vault, "--key", keys[other],
        "--out", out / "agreement")  # fmt: skip
    number = through_the_door(vault, "--audience", "coalition", "--body", "Other", "--link", "held")
    ran("private", "encode", out / "agreement", "--release", number, "--vault", vault, "--out", out / "encoding")


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


@pytest.mark.parametrize("name", [*MAY, *MAY_NOT])
def test_neither_the_journal_nor_what_commands_say_holds_any_name(between, found_in, name):
    assert found_in(between / "said", name) == []


def test_the_journal_tells_of_each_of_these_exports(between):
    lines = json.loads((between / "said" / "journal.json").read_text(encoding="utf-8"))
    assert {"bundle.send", "linkage.encode", "release.recall"} <= {one["what"] for one in lines}
    assert {one["by"] for one in lines if one["what"] == "release.confirm"} <= set(TWO)
