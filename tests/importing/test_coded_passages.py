"""Passages of documents, marked and coded by a person: by command and on the page. All people are invented."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.copies import copied
from tests.importing.commanding import WORDS, ran
from tests.importing.test_exports_in_a_vault import page, sources_of, watched  # noqa: F401

from corroborate_node import api

TEXT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v 한누리>별하나는 1997년 봄에 끌려갔습니다.
별하나의 오빠도 보았습니다.

00:01:05.500 --> 00:01:09.000
<v 기록자>그때 소대장 쇄빙선머리가 있었습니까?
"""
DONE = {"en": "Code it", "ko": "코딩하기"}


@pytest.fixture(scope="module")
def taken(tmp_path_factory) -> tuple[Path, str]:
    """A vault with one interview, to be copied."""
    at = tmp_path_factory.mktemp("taken")
    api.create_vault(at / "vault", "Passages", WORDS)
    return _heard(at / "vault", at)


@pytest.fixture
def heard(tmp_path, taken, monkeypatch) -> tuple[Path, str]:
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "marks"))  # copies of one vault would be older ones
    return copied(taken[0], tmp_path / "vault", WORDS), taken[1]


def _heard(folder: Path, at: Path) -> tuple[Path, str]:
    (at / "면담.vtt").write_text(TEXT, encoding="utf-8")
    ran("import", at / "면담.vtt", "--vault", folder, "--as", "부두 면담")
    return folder, sources_of(folder)["부두 면담"]


def code(vault: Path, source: str, *options: str, number: int = 1) -> dict:
    return json.loads(ran("code", source, "--vault", vault, "--passage", number, *options, "--json"))


def shown(vault: Path, id_: str) -> list[dict]:
    return json.loads(ran("show", id_, "--vault", vault, "--json"))["claims"]


TORTURE = ("--property", "violation", "--value", "integrity.torture")


def test_marked_words_become_claims_of_their_source_with_their_place(heard):
    folder, source = heard
    done = code(
        folder,
        source,
        "--words",
        "1997년  봄에 끌려갔습니다",
        "--person",
        "별하나",
        "--property",
        "violation",
        "--value",
        "강제 실종",
        "--basis",
        "saw",
    )
    act = {one["property"]: one for one in shown(folder, done["act"])}
    assert act["violation"]["source"] == source
    assert act["violation"]["basis"] == "saw"
    assert act["violation"]["locator"] == "00:00:01 to 00:00:04, letters 6 to 20"
    assert TEXT.splitlines()[3].removeprefix("<v 한누리>")[5:20] == "1997년 봄에 끌려갔습니다"
    assert act["victim"]["about"] == done["act"]
    [name] = [one for one in shown(folder, done["about"]) if one["property"] == "name"]
    assert (name["value"], name["locator"]) == ("별하나", act["violation"]["locator"])
    assert "별하나" in ran("search", "별하나", "--vault", folder)
    assert "are what was sealed" in ran("doctor", "--vault", folder)


def test_what_is_denied_seen_or_feared_is_never_done(heard):
    folder, source = heard
    person = code(folder, source, "--person", "별하나", *TORTURE, "--stance", "against")["about"]
    for stance in ("seen", "threatened"):
        assert code(folder, source, "--person", person, *TORTURE, "--stance", stance)["act"] is None
    said = [(one["about"][:4], one["property"]) for one in shown(folder, person)]
    assert ("pers", "witnessed") in said
    assert ("pers", "threatened") in said
    with api.open_vault(folder, WORDS):
        from corroborate_node.records import queries

        assert "violation" not in {one.property for one in queries.claims()}


def test_an_act_is_coded_further_and_by_whom(heard):
    folder, source = heard
    done = code(folder, source, "--person", "별하나", *TORTURE)
    code(folder, source, "--act", done["act"], "--property", "date", "--value", "1997년 봄")
    code(
        folder,
        source,
        "--act",
        done["act"],
        "--property",
        "perpetrator",
        "--value",
        "쇄빙선머리",
        "--words",
        "소대장 쇄빙선머리",
        number=2,
    )
    party = code(
        folder, source, "--person", "쇄빙선머리", "--party", "--property", "name", "--value", "쇄빙선머리", number=2
    )
    assert party["about"].startswith("party_")
    act = {one["property"]: one["value"] for one in shown(folder, done["act"])}
    assert act["perpetrator"] == "쇄빙선머리"
    assert "1997-03" in act["date"]


REFUSED = [
    (("--person", "별하나", *TORTURE, "--words", "없는 말"), "does not have these words"),
    (("--person", "별하나", *TORTURE, "--words", "별하나"), "2 times"),
    (("--person", "별하나", "--property", "violation", "--value", "쇄빙"), "no term"),
    (("--person", "별하나", "--property", "birth_date", "--value", "작년인가"), "no date"),
    (("--person", "별하나", "--property", "shoe", "--value", "42"), "no property 'shoe'"),
    (("--person", "별하나", "--property", "fate", "--value", "x", "--stance", "against"), "of a violation alone"),
    (("--person", "별하나", "--party", *TORTURE), "to whom it was done"),
    (("--person", "person_0190163d8694739b9c1c0d4c0c0d3b2a", *TORTURE), "no person, party or act"),
    (TORTURE, "say whom it is about"),
    (("--person", "…", *TORTURE), "the name tells of nobody: '…' stands for a name"),
    (("--person", "이름", *TORTURE), "the name tells of nobody: '이름' stands for a name"),
    (("--person", "?", *TORTURE), "the name has no letters in its name: '?'"),
]


def test_what_cannot_be_coded_is_refused_and_leaves_nothing(heard):
    folder, source = heard
    for options, why in REFUSED:
        assert why in ran("code", source, "--vault", folder, "--passage", "1", *options, code=1)
    with api.open_vault(folder, WORDS):
        from corroborate_node.log.models import LogEntry
        from corroborate_node.records import queries

        assert not [one for one in queries.entities() if one.kind in ("person", "party", "act")]
        assert not LogEntry.objects.filter(kind="coding").exists()


def test_one_name_is_two_people_only_when_a_person_says_so(heard):
    folder, source = heard
    first = code(folder, source, "--person", "별하나", *TORTURE)["about"]
    refused = ran("code", source, "--vault", folder, "--passage", "1", "--person", "별하나", *TORTURE, code=1)
    assert first in refused
    assert "coded as that already" in ran(
        "code", source, "--vault", folder, "--passage", "1", "--person", first, *TORTURE, code=1
    )
    assert code(folder, source, "--person", "별하나", "--new", *TORTURE)["about"] != first


def test_somebody_without_a_name_is_no_person_with_that_name(heard):
    folder, source = heard
    person = code(folder, source, "--person", "신원미상", *TORTURE)["about"]
    said = {one["property"]: one["value"] for one in shown(folder, person)}
    assert said["victim_kind"]
    assert "name" not in said


def test_a_coding_is_taken_back_and_what_it_said_counts_no_more(heard):
    folder, source = heard
    done = code(folder, source, "--person", "별하나", *TORTURE)
    [term] = [one["id"] for one in shown(folder, done["act"]) if one["property"] == "violation"]
    new = json.loads(
        ran(
            "correct", term, "--to", "integrity.beating", "--because", "the words say held", "--vault", folder, "--json"
        )
    )["new"]
    listed = json.loads(ran("code", source, "--vault", folder, "--json"))["passages"][0]["codings"]
    assert {one["id"] for one in listed[0]["claims"]} >= {term, new}
    ran("code", new, "--undo", "--vault", folder)
    assert json.loads(ran("code", source, "--vault", folder, "--json"))["passages"][0]["codings"] == []
    assert not any(one["stands"] for one in shown(folder, done["act"]))
    with api.open_vault(folder, WORDS):
        from corroborate_node.records import queries

        assert not [one for one in queries.claims() if one.subject in (done["about"], done["act"])]
    assert "was taken back" in ran("correct", new, "--undo", "--vault", folder, code=1)
    code(folder, source, "--person", "별하나", *TORTURE)
    assert "are what was sealed" in ran("doctor", "--vault", folder)


def test_a_withdrawn_document_leaves_nothing_of_what_was_coded_from_it(heard):
    folder, source = heard
    code(folder, source, "--person", "쇄빙선머리맡", "--words", "소대장 쇄빙선머리", *TORTURE, number=2)
    ran("withdraw", source, "--vault", folder)
    with api.open_vault(folder, WORDS):
        from django.db import connection

        from corroborate_node.log.models import LogEntry

        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            held = "".join(str(cursor.execute(f'SELECT * FROM "{one}"').fetchall()) for one in tables)  # noqa: S608
        assert "쇄빙선머리" not in held
        assert "letters" not in held
        assert not LogEntry.objects.filter(kind="coding").exclude(salt=None).exists()


def test_the_page_of_a_passage_codes_it_in_korean_without_a_script(watched, tmp_path):  # noqa: F811
    folder, source = _heard(watched, tmp_path)
    with api.open_vault(folder, WORDS):
        from django.test import Client

        assert f"/sources/{source}/passages/1" in page(folder, f"/sources/{source}")
        browser = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "ko"})
        browser.post("/log-in", {"username": "keeper", "password": "the words of its keeper"})
        address = f"/sources/{source}/passages/1"
        form = browser.get(address).content.decode()
        assert DONE["ko"] in form
        asked = {
            "words": "1997년 봄에",
            "who": "별하나",
            "about": "new-person",
            "property": "violation",
            "term": "integrity.torture",
            "value": "",
            "stance": "for",
            "basis": "saw",
            "act": "code",
        }
        assert browser.post(address, asked).status_code == 302
        after = browser.get(address).content.decode()
        assert "<mark>1997년 봄에</mark>" in after
        assert "고문" in after
        found = browser.post(address, {**asked, "act": "find"}).content.decode()
        [act] = re.findall(r'value="(act_[0-9a-f]+)"', found)
        dated = {**asked, "about": act, "property": "date", "value": "1997년 봄", "words": ""}
        assert browser.post(address, dated).status_code == 302
        wrong = browser.post(address, {**asked, "words": "없는 말"})
        assert wrong.status_code == 400
        assert "없는 말" in wrong.content.decode()
        [mark] = set(re.findall(r'value="(coding_[0-9a-f]+)"', browser.get(address).content.decode())[:1])
        assert browser.post(address, {"act": "undo", "coding": mark}).status_code == 302
        assert mark not in browser.get(address).content.decode()


def test_an_import_that_is_undone_takes_what_was_coded_from_it_along(heard):
    folder, source = heard
    done = code(folder, source, "--person", "별하나", *TORTURE)
    ran("imports", "undo", "1", "--vault", folder)
    assert not any(one["stands"] for one in shown(folder, done["act"]))
    with api.open_vault(folder, WORDS):
        from corroborate_node.records import models

        assert not models.Coding.objects.exists()
        assert not models.Passage.objects.exists()


def test_who_may_not_code_does_not(heard, account):
    folder, source = heard
    with api.open_vault(folder, WORDS) as opened:
        from corroborate.errors import NotAllowed
        from corroborate_node.core.actors import actor_of
        from corroborate_node.core.desk import Desk
        from corroborate_node.records import codings

        now = datetime.now(UTC)
        reader = Desk(opened, actor_of(account(opened, "R. Eader", "words of a reader's own", "lawyer")), now)
        asked = codings.Asked("violation", "integrity.torture", name="별하나")
        with pytest.raises(NotAllowed, match="Mark and code"):
            codings.code(reader, source, 1, asked)
