"""The pages of a place, a facility and a unit: by any spelling, with who was held, acts by year, posts and units."""

import json
import re

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate_node import api

ENTRY = """
source: {title: Interview 41}
consent: {own: hold; count; link}
people: [{names: 김뷔가, speaks: yes}]
acts:
  - {what: 고문, whom: 박뷔나, when: 1998-03, where: 회령, by: 최뷔다, sure: probably_them, unit: 회령 보위부뷁}
  - {what: 구타, whom: 박뷔나, when: 1998-05, where: Hoeryong, by: 최뷔다, unit: 회령 보위부뷁}
  - {what: 고문, whom: 정뷔라, when: 2001, where: 会寧}
  - {what: 구타, whom: 정뷔라, when: 1996/1997, where: 회령}
held:
  - {who: 박뷔나, facility: 제15호 관리소, section: 삼반뷁, from: "1987", to: 1992-12, ended: 석방}
  - {who: 정뷔라, facility: Camp 15, from: "1990"}
posts:
  - {who: 최뷔다, title: 소장뷁, unit: 회령 보위부뷁, under: 함북 보위부뷁, from: 1996, to: 1999}
  - {who: 한뷔마, title: 부장뷁, unit: 함북 보위부뷁, under: 국가보위부뷁}
"""


@pytest.fixture
def told(vault, tmp_path):
    (tmp_path / "a.yaml").write_text(ENTRY, encoding="utf-8")
    return json.loads(ran("interview", tmp_path / "a.yaml", "--vault", vault, "--json"))


def page(browser, address, **asked):
    answer = browser.get(address, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def asked_few(browser, address, **asked):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        body = page(browser, address, **asked)
    about = [one["sql"] for one in found.captured_queries if "evidence_" in one["sql"] or "finding_" in one["sql"]]
    assert len(about) <= 20, (len(about), "\n".join(one[:260] for one in about))
    return body


def test_a_place_is_one_page_for_all_its_spellings_with_acts_by_year_and_a_map(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        by_each = [asked_few(browser, "/places", place=name) for name in ("회령", "Hoeryong", "会寧")]
        for body in by_each:
            for words in ("회령", "Hoeryong", "会寧", "최뷔다", "아마 그 사람", "<circle"):
                assert words in body, words
            assert len(re.findall(r'href="/acts/act_', body)) == 4
            years = dict(re.findall(r'<th scope="row">(\d{4})</th><td>(\d+)</td>', body))
            assert years == {"1998": "2", "2001": "1"}
            assert "1998–2001" not in body  # each spelling has the years of its own acts
        assert 'href="/places?place=' in page(browser, "/search", q="회령")


def test_a_facility_says_who_was_held_there_from_when_and_what_the_public_record_says(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        body = asked_few(browser, "/places", facility="15호 관리소")
        for words in ("박뷔나", "정뷔라", "삼반뷁", "1992-12", "석방", "요덕"):
            assert words in body, words
        assert "제15호 관리소" in page(browser, "/places", all="facilities")


def test_a_unit_has_its_posts_the_units_over_it_drawn_and_acts_with_how_sure_it_is(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        body = asked_few(browser, "/units", name="회령보위부뷁")
        for words in ("소장뷁", "최뷔다", "1996", "함북 보위부뷁", "국가보위부뷁", "아마 그 사람"):
            assert words in body, words
        assert body.count('class="own"') == 1
        assert body.index("국가보위부뷁") < body.index("함북 보위부뷁")  # the highest is drawn first
        assert len(re.findall(r'href="/acts/act_', body)) == 2
        over = asked_few(browser, "/units", name="함북 보위부뷁")
        assert "회령 보위부뷁" in over  # under it
        assert "부장뷁" in over


def test_what_somebody_may_not_see_is_not_there(vault, told, entered):
    with api.open_vault(vault, WORDS):
        limited = entered("net")
        assert limited.get("/places", {"place": "회령"}).status_code == 404
        assert limited.get("/units", {"name": "회령보위부뷁"}).status_code == 404
        assert "회령" not in page(limited, "/places")
        assert entered("hana").get("/places", {"place": "없는곳뷁"}).status_code == 404
        assert entered("hana").get("/places", {"place": "\x00" + "가" * 5000}).status_code in (400, 404)


def test_after_a_withdrawal_no_place_or_unit_of_it_is_left(vault, told, entered):
    ran("withdraw", told["source"], "--vault", vault)
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        assert browser.get("/units", {"name": "회령보위부뷁"}).status_code == 404
        assert "회령" not in page(browser, "/places")
