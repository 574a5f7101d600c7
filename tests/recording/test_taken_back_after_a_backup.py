"""What somebody took back by their code after a backup was made is relied on no more in a vault that is restored from
it; and where nobody can know, the vault says so."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.test_my_words import ENTRY, PAGE, come_in, handed, narrowed, read, recorded

from corroborate_node import api

TODAY = datetime.now(UTC).date()


@pytest.fixture
def source(vault, tmp_path):
    return recorded(vault, tmp_path, ENTRY)


@pytest.fixture
def coded(vault, source, entered):
    """Code and word of the source, made before the backup."""
    with api.open_vault(vault, WORDS):
        return handed(entered("hana"), source)


def backed_up(vault, *places):
    for place in places:
        ran("backup", place, "--vault", vault)


def restored(backup, folder):
    return json.loads(ran("restore", backup, folder, "--marks", folder.with_name(f"{folder.name}-marks"), "--json"))


def allowed(vault, source):
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        return queries.allowed(list(queries.consents_of([source])), TODAY)


def waits(vault, entered):
    with api.open_vault(vault, WORDS):
        return entered("hana").get("/").content.decode()


@pytest.mark.parametrize("target", ["backups", "apart.backup"])
def test_what_she_narrowed_is_not_relied_on_in_a_vault_from_before(vault, source, coded, entered, tmp_path, target):
    backed_up(vault, tmp_path / target)
    with api.open_vault(vault, WORDS):
        assert narrowed(come_in(*coded), ("public", "", "name"), ("coalition", "", "quote")).status_code == 302
    now = allowed(vault, source)
    assert now["public"] == {"count"}
    found = restored(tmp_path / target, tmp_path / "new")
    assert found["taken_back_again"] == [source]
    assert allowed(tmp_path / "new", source) == now
    ran("doctor", "--vault", tmp_path / "new")  # every consent against its seal
    with api.open_vault(tmp_path / "new", WORDS):
        assert "public: count" in read(come_in(*coded))  # and her code opens there


def test_all_that_she_took_back_stays_so_and_waits_to_be_erased(vault, source, coded, entered, tmp_path):
    backed_up(vault, tmp_path / "backups")
    with api.open_vault(vault, WORDS):
        browser = come_in(*coded)
        narrowed(browser, ("public", "", "name"))
        assert browser.post(f"{PAGE}/change", {"act": "withdraw", "sure": "on"}).status_code == 302
    restored(tmp_path / "backups", tmp_path / "new")
    assert not any(allowed(tmp_path / "new", source).values())
    assert f'href="/sources/{source}/withdraw"' in waits(tmp_path / "new", entered)


def test_a_release_from_before_may_go_no_more_and_its_receiver_is_to_be_told(vault, source, coded, tmp_path):
    ran("log", "checkpoint", "--vault", vault)
    made = json.loads(ran("release", "make", "--audience", "public", "--no-names", "--vault", vault, "--yes", "--json"))
    ran("release", "write", made["release"], "--json", tmp_path / "r.json", "--vault", vault)
    backed_up(vault, tmp_path / "backups")
    with api.open_vault(vault, WORDS):
        come_in(*coded).post(f"{PAGE}/change", {"act": "shut"})
    restored(tmp_path / "backups", tmp_path / "new")
    with api.open_vault(tmp_path / "new", WORDS):
        from corroborate_node.release.models import Recall

        assert Recall.objects.get().reason == "consent"


def test_where_no_note_lies_beside_it_the_vault_says_that_nobody_knows(vault, source, coded, entered, tmp_path):
    backed_up(vault, tmp_path / "backups")
    shutil.copytree(tmp_path / "backups", tmp_path / "carried-away")
    with api.open_vault(vault, WORDS):
        come_in(*coded).post(f"{PAGE}/change", {"act": "shut"})
    asked = ("--marks", tmp_path / "marks")
    said = ran("restore", tmp_path / "carried-away", tmp_path / "new", *asked)
    assert "ask them before anything of it leaves" in said.replace("\n", " ")
    assert f'href="/sources/{source}/remarks"' in waits(tmp_path / "new", entered)
    with api.open_vault(tmp_path / "new", WORDS):
        page = entered("hana").get(f"/sources/{source}/remarks").content.decode()
        assert "백업에서 되살렸습니다" in page
        assert "백업" not in read(come_in(*coded))  # it is for those who work there


def test_no_note_holds_a_word_that_anybody_said(vault, source, coded, tmp_path):
    backed_up(vault, tmp_path / "backups")
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_node.log import withdrawals
        from corroborate_node.records.models import Consent

        Consent.objects.update(given_by="김뷔가의 딸", asked="aloud")
        narrowed(come_in(*coded), ("public", "", "name"))
        notes = list(withdrawals.after(next((tmp_path / "backups").glob("*.backup")), 0, opened.master))
    assert "뷔" not in json.dumps(notes, ensure_ascii=False)
    assert "aloud" not in json.dumps(notes)
    restored(tmp_path / "backups", tmp_path / "new")
    assert any(one["consents"] for one in notes)


@pytest.mark.in_a_file  # an export is read into a new vault of the default, and moved afterwards
def test_no_code_goes_with_an_export_and_a_new_one_shows_nothing_of_another(vault, source, coded, entered, tmp_path):
    with api.open_vault(vault, WORDS):
        come_in(*coded)
    other = recorded(vault, tmp_path, ENTRY.replace("51", "53").replace("김뷔가", "황뷔가").replace("서뷔바", "권뷔바"))
    ran("export", tmp_path / "all", "--vault", vault, "--yes", "--json")
    everything = "".join(one.read_text(encoding="utf-8") for one in (tmp_path / "all").rglob("*.json*"))
    assert coded[0] not in everything
    ran("new", tmp_path / "next", "--name", "Successor", "--from-export", tmp_path / "all", "--json")
    with api.open_vault(tmp_path / "next", WORDS) as opened:
        from corroborate_node.core.desk import owner
        from corroborate_node.survivor import making

        assert making.standing() == []
        desk = owner(opened, datetime.now(UTC).replace(microsecond=0))
        making.make(desk, other)
        assert making.uses(desk, other) == []
        making.make(desk, source)
        assert [one.what for one in making.uses(desk, source)] != []  # what was done by the old one stands with it
