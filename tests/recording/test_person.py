"""The page of a person: each fact with its source, a life along a line; and the sheet that whoever told it gets."""

import json
from datetime import date

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate.values import DateSpan, PartialDate
from corroborate_node import api
from corroborate_node.people.lifeline import WIDTH, Event, drawn

ENTRY = """
source: {title: Interview 12, promised: "보고서를 2027년 봄에 보냄", place: 외딴집뷁}
consent: {own: hold; count, public: count, ends: 2030-12-31}
people: [{names: 김뷔가; Kim Bwi Ga, birth: "1961", speaks: yes}]
acts: [{what: 고문, whom: 김뷔가, when: 98년 봄, where: 회령, by: 박보위, at: "12:30", basis: saw}]
held: [{who: 김뷔가, facility: 개천교화소, from: "1987", to: 1992-12}]
kin: [{of: 김뷔가, is: 아들, who: 이뷔나}]
"""


@pytest.fixture
def told(vault, tmp_path):
    (tmp_path / "a.yaml").write_text(ENTRY, encoding="utf-8")
    done = json.loads(ran("interview", tmp_path / "a.yaml", "--vault", vault, "--json"))
    return done["new"]["people 1"], done["source"]


def test_the_page_shows_facts_a_life_and_what_each_source_allows_in_few_questions(vault, told, entered):
    person, source = told
    with api.open_vault(vault, WORDS):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        browser = entered("hana")
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(f"/persons/{person}").content.decode()
        about = [one for one in asked.captured_queries if "evidence_" in one["sql"] or "release" in one["sql"]]
        assert len(about) <= 20, [one["sql"][:90] for one in about]
        for words in ("Kim Bwi Ga", "1961", "1987 – 1992-12", "개천교화소", "아들: 이뷔나", "고문", "owner", "12:30"):
            assert words in page, words
        assert page.count("<rect") == 3
        assert f'href="/sources/{source}/sheet"' in page
        assert f"/record?person={person}" in page
        assert "외딴집뷁" not in page


def test_the_sheet_says_what_was_recorded_and_allowed_in_her_language(vault, told, entered):
    _, source = told
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        for language, words in (("ko", "마음이 바뀌면"), ("ja", "気持ちが変わったら"), ("es", "Si cambia de opinión")):
            page = browser.get(f"/sources/{source}/sheet?language={language}").content.decode()
            assert words in page
            assert f'<html lang="{language}"' in page
            for said in (
                "고문" if language == "ko" else "1961",
                "2030-12-31",
                "보고서를 2027년 봄에 보냄",
                source[-8:],
            ):
                assert said in page, (language, said)
        assert "외딴집뷁" not in page
        assert entered("set").get(f"/sources/{source}/sheet").status_code == 403
        assert entered("net").get(f"/sources/{source}/sheet").status_code == 404


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (PartialDate(1961), None),
        (DateSpan(date(1998, 3, 1), date(1998, 5, 31)), None),
        (PartialDate(1987), PartialDate(1992, 12)),
        (DateSpan(date.min, date(1980, 1, 1)), None),
        (PartialDate(2), PartialDate(9998)),
    ],
)
def test_whatever_is_dated_stands_within_the_picture(begin, end):
    line = drawn([Event("act", "x", begin, end, None), Event("birth", "y", PartialDate(1950), None, None)])
    assert line is not None
    for bar in line.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
    assert [bar.event.title for bar in line.bars] == sorted(
        ("x", "y"), key=lambda name: next(bar.x for bar in line.bars if bar.event.title == name)
    )


def test_a_life_of_which_no_day_is_known_has_no_line():
    assert drawn([Event("act", "x", None, None, None)]) is None
