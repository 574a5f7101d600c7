"""Times in detention, disappearances and posts: typed or in a file, kept as claims with their source, shown, found,
corrected, taken back, exported and withdrawn like any other."""

import json
import re

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.test_pages import begun, recorded

from corroborate_node import api

ENTRY = """
source: {title: Interview 31}
consent: {own: hold; count; link, public: count; quote}
people: [{names: 김뷔가, speaks: yes}]
acts:
  - {what: 고문, whom: 박뷔나, when: 98년 봄, where: 회령, by: 최뷔다, did: gave_order, sure: probably_them,
     unit: 보위부뷁}
held: [{who: 박뷔나, facility: 개천교화소, section: 삼반뷁, from: "1987", to: 1992-12, ended: 사면으로뷁}]
missing:
  - {who: 정뷔라, what: 납치, when: 1978-08, where: 속초, last_seen: 부두에서뷁, unit: 보위부뷁, searched: 신고했다뷁,
     answered: 없었다뷁, taken_in: KR, held_in: KP, since: 평양에서뷁, returned: 2002-10, came_back: 배로뷁,
     at: "31:10"}
posts: [{who: 최뷔다, title: 소장뷁, unit: 보위부뷁, under: 국가보위부뷁, from: 1996, to: 1999}]
"""
TOLD = (
    "삼반뷁",
    "사면으로뷁",
    "부두에서뷁",
    "신고했다뷁",
    "없었다뷁",
    "평양에서뷁",
    "배로뷁",
    "소장뷁",
    "국가보위부뷁",
)


@pytest.fixture
def told(vault, tmp_path):
    (tmp_path / "a.yaml").write_text(ENTRY, encoding="utf-8")
    return json.loads(ran("interview", tmp_path / "a.yaml", "--vault", vault, "--json"))


def names_of(browser, told):
    return {key: id_ for key, id_ in told["new"].items() if id_.startswith("person_")}


def test_what_a_file_tells_of_a_disappearance_a_detention_and_a_post_is_on_pages_and_found(vault, told, entered):
    with api.open_vault(vault, WORDS):
        from corroborate_node.records.models import Claim, Entity

        browser = entered("hana")
        kinds = sorted(Entity.objects.values_list("kind", flat=True))
        assert kinds == ["act", "act", "detention", "involvement", "party", "party", "person", "person", "post", "unit",
                         "unit"]  # fmt: skip
        victim = Claim.objects.get(property="victim", subject_id=told["new"]["missing 1"]).target
        page = browser.get(f"/persons/{victim}").content.decode()
        assert "1978-08 – 2002-10" in page  # along the line of a life
        assert "국가에 의한 납치" in page or "납치" in page
        act = browser.get(f"/acts/{told['new']['missing 1']}").content.decode()
        assert re.search(r"<h1>[^<]*납치[^<]*1978-08[^<]*속초", act)
        for words in ("부두에서뷁", "신고했다뷁", "없었다뷁", "평양에서뷁", "배로뷁", "KP", "31:10"):
            assert words in act, words
        held = Claim.objects.get(property="person", subject__kind="detention").target
        page = browser.get(f"/persons/{held}").content.decode()
        for words in ("삼반뷁", "사면으로뷁", "1987 – 1992-12"):
            assert words in page, words
        other = browser.get(f"/acts/{told['new']['act 1']}").content.decode()
        assert "명령했다" in other  # what they did, in the reader's words
        assert "최뷔다" in other
        found = browser.get("/search", {"q": "삼반뷁"}).content.decode()
        assert f"/persons/{held}" in found
        assert "부두에서뷁" in browser.get("/search", {"q": "부두에서뷁"}).content.decode()
    assert "wrong" not in ran("doctor", "--vault", vault)


def test_an_act_is_called_by_what_when_and_where_wherever_it_is_named(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        page = browser.get(f"/sources/{told['source']}").content.decode()
        called = re.search(rf'<a href="/acts/{told["new"]["act 1"]}"[^>]*>(.*?)</a>', page, re.S)[1]
        told_as = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", called)).strip()
        assert told_as.startswith("고문")
        assert "1998-03 – 1998-05" in told_as
        assert "회령" in told_as


def test_how_a_detention_ended_is_corrected_and_the_old_words_stay(vault, told, entered):
    with api.open_vault(vault, WORDS):
        from corroborate_node.records.models import Claim

        browser = entered("hana")
        claim = Claim.objects.get(property="ended")
        held = Claim.objects.get(property="person", subject_id=claim.subject_id).target
        assert f"/claims/{claim.id}/correct" in browser.get(f"/persons/{held}").content.decode()
        done = browser.post(f"/claims/{claim.id}/correct",
                            {"act": "correct", "to": "탈출뷁", "because": "잘못 들었다"})  # fmt: skip
        assert done.status_code == 200
        page = browser.get(f"/persons/{held}").content.decode()
        assert "탈출뷁" in page
        assert Claim.objects.get(id=claim.id).value["text"] == "사면으로뷁"


def test_a_release_to_everybody_names_no_perpetrator_post_or_unit_and_counts_the_disappearance(vault, told, tmp_path):
    number = json.loads(
        ran("release", "make", "--audience", "public", "--vault", vault, "--yes", "--no-names", "--json")
    )
    ran("log", "checkpoint", "--vault", vault)
    ran("pack", tmp_path / "package", "--release", number["release"], "--vault", vault)
    text = "".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in (tmp_path / "package").rglob("*")
        if path.is_file()
    )
    assert "liberty.abduction" in text
    for kept in (*TOLD, "최뷔다", "보위부뷁"):
        assert kept not in text
        assert kept.encode("ascii", "backslashreplace").decode() not in text


def test_it_is_exported_whole_and_withdrawn_without_a_trace(vault, told, tmp_path, entered):
    ran("export", tmp_path / "out", "--vault", vault, "--yes")
    text = "".join(
        path.read_text("utf-8", errors="replace") for path in (tmp_path / "out").rglob("*") if path.is_file()
    )
    for words in TOLD:
        assert words in text or words.encode("ascii", "backslashreplace").decode() in text, words
    ran("withdraw", told["source"], "--vault", vault)
    with api.open_vault(vault, WORDS):
        from tests.recording.test_pages import held as tables

        for words in (*TOLD, "보위부뷁"):
            assert tables(words) == set(), words


def test_the_page_takes_them_row_by_row_and_says_beside_the_field_what_is_wrong(vault, entered):
    sent = {
        "source-kind": "witness", "source-title": "면담 32", "consent-own": ["hold", "count"],
        "missing-0-who": "정뷔라", "missing-0-what": "고문", "missing-0-when": "1978년",
        "posts-0-who": "최뷔다", "posts-0-under": "국가보위부뷁",
    }  # fmt: skip
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        address = begun(browser)
        page = browser.post(address, {**sent, "version": "1", "act": "look"})
        body = page.content.decode()
        assert page.status_code == 400
        assert 'href="#missing-0-what"' in body
        assert 'href="#posts-0-title"' in body
        right = {**sent, "missing-0-what": "납치", "posts-0-unit": "보위부뷁", "posts-0-title": "소장뷁"}
        source = recorded(browser, address, right)
        page = browser.get(source).content.decode()
        for words in ("정뷔라", "소장뷁", "국가보위부뷁"):
            assert words in page, words
        entry = re.search(r"/entries/(entry_[0-9a-f]+)", page)[1]
        parts = browser.get(f"{source}/entries/{entry}").content.decode()
        post = re.search(r'href="\?part=(post_[0-9a-f]+)"', parts)[1]
        assert browser.post(f"{source}/entries/{entry}", {"part": post}).status_code == 302
        from corroborate_node.records.models import Claim

        assert not Claim.objects.filter(subject_id=post, superseded=False).exists()
