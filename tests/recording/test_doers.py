"""Who is said to have done it, and posts: from a file of an interview to the page and to the bytes of a release."""

import csv
import io
import json
import re

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.conftest import OWN
from tests.recording.test_places import asked_few, page

from corroborate_node import api

ENTRY = """
source: {title: Interview 71}
consent: {own: hold; count; link; quote; name, public: count; quote; name}
people: [{names: 김뷔가, speaks: yes}]
acts:
  - {what: 자의적 구금, whom: 박뷔나, when: 1998-03, where: 회령, by: 최뷔다, did: gave_order, sure: probably_them,
     unit: 회령 보위부뷁, basis: saw}
  - {what: 자의적 구금, whom: 이뷔바, when: 1999, where: 무산, by: 최뷔다, sure: surely_them, basis: saw}
  - {what: 자의적 구금, whom: 정뷔라, when: 2001, by: 한뷔소, basis: heard, witnesses: 목격뷔자}
posts:
  - {who: 최뷔다, title: 소장뷁, unit: 회령 보위부뷁, under: 함북 보위부뷁, from: 1996, to: 1999, basis: saw}
  - {who: 한뷔마, title: 부장뷁, unit: 함북 보위부뷁, under: 국가보위부뷁, from: 1990, to: 1997, basis: heard}
  - {who: 오뷔아, title: 부장뷁, unit: 함북 보위부뷁, under: 국가보위부뷁, from: 2003, to: 2005, basis: heard}
"""
LIST = "성명,생년,체포일,장소,혐의,가해자\n한뷔사,1970,1997-03,청진,자의적 구금,감시원뷁\n"


@pytest.fixture
def told(vault, tmp_path):
    (tmp_path / "a.yaml").write_text(ENTRY, encoding="utf-8")
    (tmp_path / "명단.csv").write_text(LIST, encoding="utf-8")
    ran("import", tmp_path / "명단.csv", "--vault", vault)
    return json.loads(ran("interview", tmp_path / "a.yaml", "--vault", vault, "--json"))


def rows_of(body):
    """By name: the words of a row."""
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", body, re.S)
    words = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", one)) for one in rows]
    return [one.strip() for one in words]


def test_who_is_said_to_have_done_it_stands_once_with_acts_post_and_how_it_is_known(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        rows = rows_of(asked_few(browser, "/registers/perpetrators"))
        assert len(rows) == 3
        assert not [one for one in rows if "목격뷔자" in one], "who only saw it did nothing"
        [ordered] = [one for one in rows if "최뷔다" in one]
        for words in ("1998-03", "1999", "회령", "무산", "소장뷁", "1996–1999", "한 출처", "아마 그 사람", "1 , 2"):
            assert words in ordered, (words, ordered)
        [rumoured] = [one for one in rows if "한뷔소" in one]
        assert "전해 들은 말로만" in rumoured
        assert "전해 들은 말로만" not in ordered
        [listed] = [one for one in rows if "감시원뷁" in one]
        assert "어떻게 아는지 아무도 말하지 않음" in listed, "a list does not say how it knows"
        hearsay = rows_of(page(browser, "/registers/perpetrators", known="hearsay"))
        assert "최뷔다" not in "".join(hearsay)
        assert "한뷔소" in "".join(hearsay)
        assert "최뷔다" in "".join(rows_of(page(browser, "/registers/perpetrators", known="seen")))
        assert browser.get("/registers/perpetrators", {"known": "뷁"}).status_code == 400
        assert browser.get("/registers/perpetrators", {"page": "x"}).status_code == 400


def test_a_post_says_which_units_stood_over_it_and_who_held_posts_there_in_the_same_days(vault, told, entered):
    with api.open_vault(vault, WORDS):
        rows = rows_of(asked_few(entered("hana"), "/registers/posts"))
        assert len(rows) == 3
        [own] = [one for one in rows if one.startswith("소장뷁")]
        assert own.index("회령 보위부뷁") < own.index("함북 보위부뷁") < own.index("국가보위부뷁")
        assert "한뷔마" in own, "1990 to 1997 and 1996 to 1999 have days in common"
        assert "오뷔아" not in own, "2003 is after it"


def test_who_may_not_see_who_people_are_or_the_case_sees_no_row_and_no_register(vault, told, entered):
    with api.open_vault(vault, WORDS):
        for register in ("perpetrators", "posts"):
            assert entered("set").get(f"/registers/{register}").status_code == 404
            assert rows_of(page(entered("net"), f"/registers/{register}")) == []
        assert "perpetrators" not in page(entered("set"), "/registers")
        listed = page(entered("hana"), "/registers")
        counted = dict(re.findall(r'<a href="/registers/([a-z-]+)">[^<]*</a></th><td>(\d+)</td>', listed))
        assert (counted["perpetrators"], counted["posts"]) == ("3", "3")


def test_after_a_withdrawal_nobody_of_it_stands_there(vault, told, entered):
    ran("withdraw", told["source"], "--vault", vault)
    with api.open_vault(vault, WORDS):
        rows = rows_of(page(entered("hana"), "/registers/perpetrators"))
        assert [("감시원뷁" in one) for one in rows] == [True]
        assert rows_of(page(entered("hana"), "/registers/posts")) == []


@pytest.fixture
def written(vault, told, tmp_path, account):
    """`written(audience, …)`: what a release writes as registers, by name of the file."""
    (tmp_path / "passphrase").write_text(OWN + "\n", encoding="utf-8")
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "jin", OWN, "lawyer")

    def made(*words):
        by = ("--account-file", tmp_path / "passphrase", "--as")
        number = json.loads(ran("release", "make", *words, "--vault", vault, "--yes", "--json", *by, "jin"))["release"]
        ran("release", "confirm", number, *by, "hana", "--vault", vault)
        ran("release", "write", number, "--registers", tmp_path / "out", "--vault", vault)
        files = {one.name: one.read_text(encoding="utf-8") for one in (tmp_path / "out").iterdir()}
        return {name: list(csv.DictReader(io.StringIO(text))) for name, text in files.items()}

    return made


def named(vault, name, *to, by):
    """That two people decided to name somebody."""
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        who = next(one.subject for one in queries.claims() if one.property == "name" and one.value.text == name)
    asked = ("--sure", "probably_them", "--because", "they are asked about", "--vault", vault, *by, "--as")
    made = json.loads(ran("naming", "decide", who, *to, *asked, "jin", "--json"))["id"]
    ran("naming", "confirm", made, "--vault", vault, *by, "--as", "yun")


def test_one_body_is_told_who_is_said_to_have_done_it_with_caution_and_the_chain_of_command(
    vault, written, tmp_path, account
):
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "yun", OWN, "lawyer")
    for name in ("최뷔다", "한뷔소", "한뷔마"):
        by = ("--account-file", tmp_path / "passphrase")
        named(vault, name, "--audience", "named body", "--body", "ICC", by=by)
    found = written("--audience", "named body", "--body", "ICC")
    people = {one["who"]: one for one in found["perpetrators.csv"]}
    assert set(people) == {"최뷔다", "한뷔소"}  # the list allows nothing
    one = people["최뷔다"]
    assert (one["acts"], one["sources"], one["first_hand_sources"]) == ("2", "1", "1")
    assert one["caution"] == "one source; a source says probably or possibly"
    assert one["posts"] == "소장뷁, 회령 보위부뷁 (1996–1999)"
    assert people["한뷔소"]["caution"] == "named by hearsay alone; one source; nobody said how sure"
    [post] = [one for one in found["posts.csv"] if one["title"] == "소장뷁"]
    assert post["units_over"] == "함북 보위부뷁 < 국가보위부뷁"
    assert post["who_held_posts_over_it_then"] == "한뷔마, 부장뷁, 함북 보위부뷁 (1990–1997)"
    cells = [one for rows in found.values() for row in rows for one in row.values()]
    assert not [one for one in cells if re.search(r"(party|act|post|unit)_", one)]


def test_to_everybody_units_and_posts_leave_without_who_held_them_and_when(written):
    found = written("--audience", "public")
    assert set(found) == {"prisoners.csv", "posts.csv", "units.csv"}
    text = json.dumps(found, ensure_ascii=False)
    for kept in ("최뷔다", "한뷔소", "한뷔마", "감시원뷁", "1996", "1990", "2003"):
        assert kept not in text, kept
    assert {(one["title"], one["unit"]) for one in found["posts.csv"]} == {
        ("소장뷁", "회령 보위부뷁"), ("부장뷁", "함북 보위부뷁"),
    }  # fmt: skip
