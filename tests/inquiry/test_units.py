"""The register of units: which is part of which, who held which post there from when until when, by which claims."""

import json

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.test_places import asked_few

from corroborate_node import api

ENTRY = """
source: {{title: Interview {number}}}
consent: {{own: hold; count; link; quote; name, public: count; quote; name}}
people: [{{names: 김뷔{number}, speaks: yes}}]
posts:
{posts}
"""
FIRST = """
  - {who: 최뷔다, title: 소장뷁, unit: 회령 보위부뷁, under: 함북 보위부뷁, from: 1996, to: 1999, basis: saw}
  - {who: 한뷔마, title: 부장뷁, unit: 함북 보위부뷁, under: 국가보위부뷁, from: 1990, to: 1997, basis: heard}
"""
SECOND = """
  - {who: 오뷔아, title: 소장뷁, unit: 회령 보위부뷁, from: 2000, to: 2003, basis: heard}
  - {who: 서뷔자, title: 반장뷁, unit: 무산 보위부뷁, under: 함북 보위부뷁, from: 2001, basis: heard}
"""


@pytest.fixture
def told(vault, tmp_path):
    for number, posts in enumerate((FIRST, SECOND), 91):
        (tmp_path / "entry.yaml").write_text(ENTRY.format(number=number, posts=posts), encoding="utf-8")
        ran("interview", tmp_path / "entry.yaml", "--vault", vault)
    return vault


def units(vault, *more):
    return {one["names"][0]: one for one in json.loads(ran("units", "--json", *more, "--vault", vault))}


def test_units_of_one_name_are_one_with_all_that_is_over_and_under_it_and_every_post(told):
    found = units(told)
    assert set(found) == {"회령 보위부뷁", "함북 보위부뷁", "국가보위부뷁", "무산 보위부뷁"}
    own = found["회령 보위부뷁"]
    assert own["over"] == ["함북 보위부뷁", "국가보위부뷁"]
    held = [(one["held_by"], one["when"]) for one in own["posts"]]
    assert held == [("최뷔다", "1996–1999"), ("오뷔아", "2000–2003")]
    assert len(own["sources"]) == 2
    assert found["함북 보위부뷁"]["under"] == ["무산 보위부뷁", "회령 보위부뷁"]
    assert found["무산 보위부뷁"]["cautions"] == ["hearsay", "one_source"]


def test_they_are_narrowed_by_how_they_are_known_and_by_a_part_of_the_name(told):
    assert set(units(told, "--known", "hearsay")) >= {"무산 보위부뷁"}
    assert "회령 보위부뷁" not in units(told, "--known", "hearsay")
    assert set(units(told, "--named", "함북")) == {"함북 보위부뷁"}
    assert units(told, "--named", "뷁뷁") == {}
    assert "No unit" in ran("units", "--named", "뷁뷁", "--vault", told)
    assert "소장뷁 1996–1999" in ran("units", "--named", "회령", "--vault", told)


def test_the_page_shows_the_same_in_few_queries_and_only_to_who_may_see_who_people_are(told, entered):
    with api.open_vault(told, WORDS):
        body = asked_few(entered("hana"), "/registers/units")
        for words in ("회령 보위부뷁", "함북 보위부뷁", "최뷔다", "1996–1999", "전해 들은 말로만"):
            assert words in body, words
        narrowed = entered("hana").get("/registers/units", {"unit": "무산"}).content.decode()
        assert "서뷔자" in narrowed
        assert "최뷔다" not in narrowed
        assert 'name="unit"' not in entered("hana").get("/registers/posts").content.decode()
        assert entered("set").get("/registers/units").status_code == 404
    ran("units", "--as", "set", "--vault", told, code=1)
