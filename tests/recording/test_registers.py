"""Registers: from a file of an interview and a list to the page, and to the last byte of a release's CSV."""

import csv
import io
import json
import re

import pytest
from tests.importing.commanding import WORDS, ran
from tests.recording.conftest import OWN
from tests.recording.test_places import asked_few, page

from corroborate.registers.acts import ACTS, terms_of
from corroborate.vocabulary import load
from corroborate_node import api

ENTRY = """
source: {title: Interview 51}
consent: {own: hold; count; link; quote; name, public: count; quote}
people: [{names: 김뷔가, speaks: yes}]
acts:
  - {what: 공개처형, whom: 박뷔나, when: 1998-03, where: 박뷔나의집뷁, by: 최뷔다, sure: probably_them, unit: 보위부뷁}
  - {what: 처형, whom: 이뷔바, when: 1996}
  - {what: 고문, whom: 정뷔라, when: 1998-05, where: 회령}
missing:
  - {who: 정뷔라, what: 납치, when: 1978-08, where: 속초, last_seen: 부두에서뷁, searched: 신고했다뷁,
     answered: 없었다뷁, taken_in: KR, held_in: KP, since: 평양에서뷁, returned: 2002-10, came_back: 배로뷁}
"""
LIST = "성명,생년,체포일,장소,혐의\n한뷔사,1970,1997-03,청진,처형\n오뷔아,1971,,회령,처형\n"
SECRET = ("박뷔나의집뷁", "최뷔다", "보위부뷁", "부두에서뷁", "신고했다뷁", "없었다뷁", "평양에서뷁", "배로뷁")


@pytest.fixture
def told(vault, tmp_path):
    (tmp_path / "a.yaml").write_text(ENTRY, encoding="utf-8")
    (tmp_path / "명단.csv").write_text(LIST, encoding="utf-8")
    ran("import", tmp_path / "명단.csv", "--vault", vault)
    return json.loads(ran("interview", tmp_path / "a.yaml", "--vault", vault, "--json"))


def rows_of(body):
    return re.findall(r'<tr><th scope="row"><a href="(/(?:acts|persons)/[a-z0-9_-]+)"', body)


def test_every_register_stands_on_violations_that_there_are_and_the_pages_count_them(vault, told, entered):
    for name in ACTS:
        assert set(ACTS[name]) <= set(terms_of(name)) <= set(load("violations").entries), name
    with api.open_vault(vault, WORDS):
        body = asked_few(entered("hana"), "/registers")
        counted = dict(re.findall(r'<a href="/registers/([a-z-]+)">[^<]*</a></th><td>(\d+)</td>', body))
        assert {name: int(number) for name, number in counted.items()} == {
            "disappeared": 1, "executions": 4, "torture": 1, "forced-labour": 0, "forced-abortions": 0,
            "prisoners": 0, "perpetrators": 1, "posts": 0, "units": 0,
        }  # fmt: skip


def test_a_disappearance_shows_what_the_working_group_asks_and_an_execution_by_whom_and_how_sure(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        body = asked_few(browser, "/registers/disappeared")
        for words in (*SECRET[3:], "정뷔라", "KR", "KP", "2002-10", "1978-08", "Interview 51"):
            assert words in body, words
        body = asked_few(browser, "/registers/executions")
        assert len(rows_of(body)) == 4
        for words in ("최뷔다", "아마 그 사람", "보위부뷁", "한뷔사", "오뷔아", "<svg"):
            assert words in body, words
        years = dict(re.findall(r'<th scope="row">(\d{4})</th><td>(\d+)</td>', body))
        assert years == {"1996": "1", "1997": "1", "1998": "1"}  # and one row without a year stands beside


def test_rows_are_narrowed_and_ordered_and_pages_go_on_where_the_one_before_ended(vault, told, entered, monkeypatch):
    from corroborate_node.finding import registers

    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        assert len(rows_of(page(browser, "/registers/executions", place="청진"))) == 1
        narrowed = page(browser, "/registers/executions", from_="1997", to="1998")
        assert len(rows_of(narrowed)) == 2
        in_order = [rows_of(page(browser, "/registers/executions", order=one)) for one in registers.ORDERS]
        assert in_order[1] == in_order[0][::-1]
        assert [len(one) for one in in_order] == [4, 4, 4, 4]
        assert len({tuple(sorted(one)) for one in in_order}) == 1
        dated = page(browser, "/registers/executions", order="date")
        assert dated.index("1996") < dated.index("1997-03")
        monkeypatch.setattr(registers.page, "__defaults__", ("taken", "", 1))
        for order, whole in zip(registers.ORDERS, in_order, strict=True):
            found, asked = [], {"order": order}
            while asked:
                body = page(browser, "/registers/executions", **asked)
                found += rows_of(body)
                following = re.search(r'rel="next" href="\?([^"]+)"', body)
                asked = dict(one.split("=", 1) for one in following[1].split("&amp;")) if following else {}
                asked = {key: value.replace("%7E", "~") for key, value in asked.items()}
            assert found == whole, order


def test_what_is_no_register_no_place_in_one_and_no_date_is_said(vault, told, entered):
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        assert browser.get("/registers/nothing").status_code == 404
        assert browser.get("/registers/torture", {"from_": "someday"}).status_code == 400
        wrong = browser.get("/registers/torture", {"order": "date", "after": "뷁"})
        assert wrong.status_code == 400
        assert "뷁" in wrong.content.decode()
        assert "기록" in page(browser, "/registers/forced-labour")


def test_who_sees_a_case_or_no_names_sees_no_row_or_no_name(vault, told, entered):
    with api.open_vault(vault, WORDS):
        limited = entered("net")
        assert rows_of(page(limited, "/registers/executions")) == []
        reader = page(entered("set"), "/registers/disappeared")
        for words in (*SECRET, "정뷔라", "Interview 51"):
            assert words not in reader, words


def released(vault, *words):
    return json.loads(ran("release", "make", *words, "--vault", vault, "--yes", "--json"))["release"]


def csv_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_a_release_within_the_house_writes_each_register_and_says_how_sure_it_is(vault, told, tmp_path):
    number = released(vault, "--audience", "own", "--no-names")
    ran("release", "write", number, "--registers", tmp_path / "out", "--vault", vault)
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "disappeared.csv",
        "executions.csv",
        "torture.csv",
    ]
    rows = csv_of(tmp_path / "out" / "executions.csv")
    assert {row["what"] for row in rows} == {"Execution", "Public execution"}
    given = json.loads(ran("release", "show", number, "--vault", vault, "--json"))["given"]
    assert [one["form"] for one in given] == ["registers"]
    again = ran("release", "write", number, "--registers", tmp_path / "out", "--vault", vault, code=1)
    assert "never written over" in again


NAMED = """
source: {title: Interview 52}
consent: {own: hold; count; link; quote; name, public: count; quote; name, named body: count; quote; name, body: ICC}
people: [{names: 김뷔카, speaks: yes}]
acts:
  - {what: 처형, whom: 유뷔타, when: 1996-04, where: 유뷔타의집뷁, by: 최뷔다, sure: probably_them, unit: 보위부뷁}
missing:
  - {who: 유뷔타, what: 납치, when: 1996-03, where: 속초, last_seen: 부두에서뷁, taken_in: KR, held_in: KP}
"""


@pytest.fixture
def confirmed(vault, told, tmp_path, account):
    """`confirmed(audience, …)`: the number of a release that names people, which a second person confirmed."""
    (tmp_path / "b.yaml").write_text(NAMED, encoding="utf-8")
    (tmp_path / "passphrase").write_text(OWN + "\n", encoding="utf-8")
    ran("interview", tmp_path / "b.yaml", "--vault", vault)

    with api.open_vault(vault, WORDS) as opened:
        account(opened, "jin", OWN, "lawyer")

    def made(*words):
        by = ("--account-file", tmp_path / "passphrase", "--as")
        number = released(vault, *words, *by, "jin")
        ran("release", "confirm", number, *by, "hana", "--vault", vault)
        return number

    return made


def test_to_everybody_goes_who_may_be_named_with_the_decade_and_no_more_to_the_last_byte(vault, confirmed, tmp_path):
    number = confirmed("--audience", "public")
    ran("release", "write", number, "--registers", tmp_path / "out", "--vault", vault)
    files = {one.name: one.read_text(encoding="utf-8") for one in (tmp_path / "out").iterdir()}
    heading = "who,what,decade,independent_sources\n"
    assert files == {
        "disappeared.csv": f"{heading}유뷔타,Abduction by agents of a State,,1\n",
        "executions.csv": f"{heading}유뷔타,Execution,,1\n",
    }
    for kept in (*SECRET, "유뷔타의집뷁", "박뷔나", "정뷔라", "속초", "act_", "person_"):
        assert kept not in "".join(files.values()), kept


def test_one_body_is_told_who_is_said_to_have_done_it_only_with_how_sure_that_is(vault, confirmed, tmp_path):
    number = confirmed("--audience", "named body", "--body", "ICC", "--words", "last_seen")
    ran("release", "write", number, "--registers", tmp_path / "out", "--vault", vault)
    rows = csv_of(tmp_path / "out" / "executions.csv")
    assert {one["who"] for one in rows} == {"유뷔타", ""}  # of the others is quoted, and they are not named
    [row] = [one for one in rows if one["who"]]
    assert (row["who"], row["when"], row["what"]) == ("유뷔타", "1996-04", "Execution")
    assert (row["perpetrator_unit"], row["part"] + row["caution"] != "") == ("보위부뷁", True)
    [row] = [one for one in csv_of(tmp_path / "out" / "disappeared.csv") if one["who"]]
    assert (row["state_taken"], row["state_held"], row["last_seen"], row["where"]) == ("KR", "KP", "부두에서뷁", "속초")
    assert (row["searched"], row["answered"]) == ("", "")
    everything = "".join(one.read_text(encoding="utf-8") for one in (tmp_path / "out").iterdir())
    for kept in ("정뷔라", "이뷔바", "act_", "person_", "src_"):
        assert kept not in everything, kept


def test_a_register_that_leaves_in_public_holds_no_place_no_perpetrator_and_nobody_who_was_not_asked(
    vault, told, tmp_path
):
    number = released(vault, "--audience", "public", "--no-names")
    refused = ran("release", "write", number, "--registers", tmp_path / "out", "--vault", vault, code=1)
    assert "names nobody" in refused
    assert not (tmp_path / "out").exists()


def test_a_withdrawn_source_stands_in_no_register(vault, told, entered):
    ran("withdraw", told["source"], "--vault", vault)
    with api.open_vault(vault, WORDS):
        browser = entered("hana")
        assert rows_of(page(browser, "/registers/disappeared")) == []
        assert len(rows_of(page(browser, "/registers/executions"))) == 2
