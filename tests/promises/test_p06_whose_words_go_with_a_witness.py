"""Promise 6, from a list that somebody made: when a witness withdraws, every row that the witness told is erased."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.releasing import FIRST, SECOND, desks

from corroborate.records.sources import fallen_with
from corroborate_cli.main import group
from corroborate_node import api

PASSPHRASE = "long enough to hold"
LIST = """\
name,sex,violation,witness,consent to publish,notes
Han Toldone,m,torture,Witness Alpha,yes,brother of Kin Toldone
Han Toldtwo,f,torture,Witness Alpha,yes,
Han Otherone,m,torture,Witness Beta,yes,
Han Othertwo,f,torture,,yes,
"""
TOLD, OTHERS = ("Han Toldone", "Han Toldtwo"), ("Han Otherone", "Han Othertwo")


def ran(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.output


@pytest.fixture
def vault(tmp_path):
    """A vault with the list, and a release of it for everybody that was written."""
    folder, listed = tmp_path / "vault", tmp_path / "list.csv"
    listed.write_text(LIST, encoding="utf-8")
    ran("new", folder, "--name", "Member")
    ran("import", listed, "--vault", folder)
    with api.open_vault(folder, PASSPHRASE) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
    release(folder)
    ran("release", "write", 1, "--json", tmp_path / "before.json", "--receiver", "Every paper", "--vault", folder)
    return folder


def release(folder):
    files = {name: folder.parent / f"{name}.txt" for name, _ in (FIRST, SECOND)}
    for name, words in (FIRST, SECOND):
        files[name].write_text(words, encoding="utf-8")
    (maker, _), (other, _) = FIRST, SECOND
    told = json.loads(ran("release", "make", "--audience", "public", "--vault", folder, "--as", maker,
                          "--account-passphrase-file", files[maker], "--json"))  # fmt: skip
    ran("release", "confirm", told["release"], "--as", other, "--account-passphrase-file", files[other],
        "--vault", folder)  # fmt: skip
    return told["release"]


def sources(folder):
    """Ids of sources by title, and of people by name."""
    from corroborate_node.records import models

    with api.open_vault(folder, PASSPHRASE):
        found = {row.title or f"row {row.number}": row.id for row in models.Source.objects.all()}
        return found, {row.text: row.person_id for row in models.PersonName.objects.filter(first=True)}


def test_all_that_a_witness_told_is_erased_and_a_later_release_names_nobody_of_it(vault, tmp_path):
    before = (tmp_path / "before.json").read_text(encoding="utf-8")
    assert all(name in before for name in (*TOLD, *OTHERS))
    said = ran("withdraw", sources(vault)[0]["Witness Alpha"], "--vault", vault)
    assert "Withdrawn with it, for they go back to nothing else: 2 sources." in said
    assert "about 2 people." in said
    assert "Release 1 carried some of it, to Every paper" in said
    assert "corroborate release recall 1 --out" in said
    number = release(vault)
    ran("release", "write", number, "--json", tmp_path / "after.json", "--vault", vault)
    after = (tmp_path / "after.json").read_text(encoding="utf-8")
    assert not [name for name in TOLD if name in after]
    assert all(name in after for name in OTHERS)
    with api.open_vault(vault, PASSPHRASE):
        from django.db import connection

        with connection.cursor() as cursor:
            for table in ("evidence_claim", "evidence_personname", "evidence_source", "evidence_consent"):
                cursor.execute(f"select * from {table}")  # noqa: S608 - fixed names
                rows = str(cursor.fetchall())
                assert not [word for word in (*TOLD, "Kin Toldone", "Witness Alpha") if word in rows], table
    assert '"wrong"' not in ran("doctor", "--vault", vault, "--json")


def test_the_withdrawal_as_json_and_what_a_release_says_afterwards(vault):
    found, people = sources(vault)
    told = json.loads(ran("withdraw", found["Witness Alpha"], "--vault", vault, "--json"))
    assert told["sources_withdrawn"][0] == found["Witness Alpha"]
    assert len(told["sources_withdrawn"]) == 3
    assert set(told["people"]) == {people[name] for name in TOLD}
    assert told["releases"][0]["to"] == ["Every paper"]
    shown = ran("release", "show", 1, "--vault", vault)
    assert "A recall waits" in shown
    assert "We give everybody" not in shown
    ran("withdraw", found["Witness Alpha"], "--vault", vault, code=1)


def test_the_journal_finds_what_left_and_what_fell_by_a_source_and_by_a_person(vault):
    found, people = sources(vault)
    row = next(one for title, one in found.items() if title in ("row 1", "row 2"))
    ran("withdraw", found["Witness Alpha"], "--vault", vault)
    for about in (people["Han Toldone"], row):
        lines = ran("journal", "--about", about, "--vault", vault)
        for what in ("release.make", "release.write", "source.withdraw"):
            assert what in lines, (about, what, lines)
    assert "sources/3" in ran("journal", "--about", found["Witness Alpha"], "--vault", vault, "--json")


def test_a_page_withdraws_and_shows_nothing_of_it_afterwards(vault):
    found, people = sources(vault)
    witness = found["Witness Alpha"]
    with api.open_vault(vault, PASSPHRASE):
        from django.test import Client

        page = Client(HTTP_HOST="127.0.0.1")
        assert page.login(username=FIRST[0], password=FIRST[1])
        assert f"/sources/{witness}/withdraw" in page.get(f"/sources/{witness}").content.decode()
        asked = page.get(f"/sources/{witness}/withdraw").content.decode()
        assert "cannot be undone" in asked
        done = page.post(f"/sources/{witness}/withdraw").content.decode()
        assert "a recall waits" in done
        assert "Recalls wait" in page.get("/").content.decode()
        assert "corroborate release recall 1" in page.get("/releases/1").content.decode()
        for address in (f"/persons/{people['Han Toldone']}", *(f"/sources/{one}" for one in found.values())):
            text = page.get(address).content.decode()
            if "Withdrawn on" in text or "/persons/" in address:
                assert not [word for word in (*TOLD, "Kin Toldone", "consent to publish") if word in text], address


ids = [f"s{at}" for at in range(8)]


@given(st.fixed_dictionaries({one: st.lists(st.sampled_from([*ids, "elsewhere"]), max_size=3) for one in ids}),
       st.sampled_from(ids), st.sets(st.sampled_from(ids), max_size=3))  # fmt: skip
def test_what_falls_is_what_reaches_no_standing_root(derives, source, before):
    """Held against the rule written the other way round: first who repeats the source, then who is still carried."""
    lost, after = {source, *before}, {source}
    for _ in ids:
        after |= {one for one in ids if after & set(derives[one])}
    standing = {"elsewhere", *ids} - after - lost
    for _ in ids:
        standing |= {one for one in ids if one not in lost and standing & set(derives[one])}
    fallen = fallen_with(source, derives, before)
    assert set(fallen.gone) == after - standing - before
    assert set(fallen.also_told) == after & standing
    assert source in before or fallen.gone[0] == source
