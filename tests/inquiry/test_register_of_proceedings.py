"""The register of proceedings: by its page, its file and its command; each with what became of it and its sources."""

import csv
import io
import json
import re

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.test_places import asked_few

from corroborate.public_record import looked_at, proceedings
from corroborate_node import api

TOKYO = "proc.2022.jp-repatriation"


@pytest.fixture
def browser(vault, entered):
    with api.open_vault(vault, WORDS):
        yield entered("hana")


def addresses(body):
    return re.findall(r'href="/proceedings/(proc\.[^"]+)"', body)


def ids(*asked):
    return [one["id"] for one in json.loads(ran("proceedings", "--published", "--json", *asked))]


def test_the_page_lists_every_one_by_time_with_sources_that_open_and_says_how_far_anybody_looked(browser):
    body = asked_few(browser, "/proceedings")
    assert set(addresses(body)) == {one.id for one in proceedings()}
    days = re.findall(r'<th scope="row"><time>(\d{4}[-\d]*)</time></th>', body)
    assert days == sorted(days)
    assert len(days) == len(proceedings())
    for one in proceedings():
        for link in one.links:
            assert f'href="{link.address.replace("&", "&amp;")}"' in body, one.id
    assert looked_at() in body
    back = asked_few(browser, "/proceedings", order="-date")
    assert addresses(back) != addresses(body)
    assert re.findall(r'<th scope="row"><time>(\d{4}[-\d]*)</time></th>', back) == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("asked", "option", "found"),
    [
        ({"state": "JP"}, ("--state", "jp"), {TOKYO}),
        ({"body": "도쿄"}, ("--body", "도쿄"), {TOKYO}),
        ({"body": "일본"}, ("--body", "일본"), {TOKYO}),
        ({"became": "final"}, ("--became", "final"), {TOKYO}),
        ({"kind": "complaint"}, ("--kind", "complaint"), {"proc.2025.kr-complaint"}),
        ({"became": "renewed"}, ("--became", "renewed"), {"proc.2021.eu-list"}),
        ({"from_": "2026"}, ("--from", "2026"), {TOKYO}),
        ({"to": "2014"}, ("--to", "2014"), {"proc.2014.us-appeal"}),
        ({"state": "KR", "kind": "sanction"}, ("--state", "KR", "--kind", "sanction"), set()),
    ],
)
def test_page_file_and_command_narrow_alike(browser, asked, option, found):
    assert set(addresses(asked_few(browser, "/proceedings", **asked))) == found
    assert set(ids(*option)) == found
    rows = csv.DictReader(io.StringIO(browser.get("/proceedings.csv", asked).content.decode()))
    assert {row["id"] for row in rows} == found


def test_where_none_fits_the_page_says_so_and_leads_back_and_a_span_that_ends_before_it_begins_is_refused(browser):
    body = asked_few(browser, "/proceedings", state="KR", kind="sanction")
    assert 'href="/proceedings"' in body
    assert "아무" in body or "없습니다" in body
    assert "No proceeding fits" in ran("proceedings", "--published", "--state", "KR", "--kind", "sanction")
    wrong = browser.get("/proceedings", {"from_": "2020", "to": "2010"})
    assert wrong.status_code == 400
    assert 'role="alert"' in wrong.content.decode()
    assert browser.get("/proceedings.csv", {"from_": "2020", "to": "2010"}).status_code == 400
    assert "2020" in ran("proceedings", "--published", "--from", "2020", "--to", "2010", code=1)
    assert browser.get("/proceedings", {"kind": "rumour"}).status_code == 400


def test_the_page_of_one_has_its_steps_in_order_in_the_language_of_its_reader(browser):
    for language, words in {"en": "sent back on appeal", "ko": "파기", "ja": "差し戻し", "es": "devuelta"}.items():
        browser.cookies["language"] = language
        body = asked_few(browser, f"/proceedings/{TOKYO}")
        steps = re.findall(r'<th scope="row"><time>(\d{4}-\d\d-\d\d)</time></th>', body)
        assert steps == ["2022-03-23", "2023-10-30", "2026-01-26", "2026-02-10"]
        assert words in body or words in body.lower(), language
        assert looked_at() in body
    assert browser.get("/proceedings/proc.2022.nobody").status_code == 404


def test_what_became_is_the_last_of_its_steps_and_nothing_later_where_one_alone_is_known():
    said = {one["id"]: one for one in json.loads(ran("proceedings", "--published", "--json"))}
    assert said["proc.2014.us-appeal"]["became"] == "unenforced"
    assert said["proc.2018.us-student"]["became"] == "nothing_later"
    assert all(one["links"] and one["looked_at_to"] == looked_at() for one in said.values())


def test_no_step_is_told_that_the_words_of_its_proceeding_do_not_date(browser):
    """Every year of a step stands in what it decided, in what became of it, or is its own day's."""
    for one in proceedings():
        told = f"{one.date} {one.labels['en']} {one.became.get('en', '')}"
        assert all(step.date is None or str(step.date.year) in told for step in one.steps), one.id
        assert any(step.date and str(step.date) == str(one.date) for step in one.steps), one.id


def test_the_page_of_registers_leads_to_it(browser):
    body = asked_few(browser, "/registers")
    assert f'<a href="/proceedings">절차: 판결, 고소, 영장, 제재</a></th><td>{len(proceedings())}</td>' in body


def test_a_vault_is_asked_by_the_command_too(vault):
    assert "2026-02-10" in ran("proceedings", "--state", "JP", "--vault", vault)
