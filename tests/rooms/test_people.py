"""Whoever a list tells of is found among the people of the vault, with a name or without one."""

import re
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from corroborate_cli.main import group
from corroborate_node import api

VAULT, OWN = "the words of the vault", "the words of its keeper"
LIST = """이름,성별,체포일,증언
김영희,여,1998,
성명 미상 여성,여,1999,강가에서 끌려갔다
죄수 12명,,2001,
박모,남,2002,
unidentified man,남,2003,
"""


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """A vault into which a list was taken by the command that a member gives."""
    folder = tmp_path_factory.mktemp("people")
    (folder / "명단.csv").write_text(LIST, encoding="utf-8")
    api.create_vault(folder / "vault", "새봄", VAULT, account_passphrase=OWN)
    words = ["import", str(folder / "명단.csv"), "--vault", str(folder / "vault")]
    done = CliRunner().invoke(group, words, env={"CORROBORATE_PASSPHRASE": VAULT})
    assert done.exit_code == 0, done.output
    with api.open_vault(folder / "vault", VAULT):
        from django.test import Client

        browser = Client(HTTP_HOST="127.0.0.1")
        answer = browser.post("/log-in", {"username": "keeper", "password": OWN})
        assert answer.status_code == 302, answer.content.decode()
        yield SimpleNamespace(get=lambda path: browser.get(path, headers={"accept-language": "ko"}).content.decode())


def listed(page: str) -> list[str]:
    rows = re.findall(r"<tr>\s*<td>(.*?)</td></tr>", page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_people_without_a_name_and_groups_are_listed_in_the_words_of_their_source(vault):
    page = vault.get("/persons")
    rows = listed(page)
    assert len(rows) == 5
    assert "5 명." in page
    assert any("이름이 알려지지 않은 사람" in row and "성명 미상 여성" in row for row in rows)
    assert any("unidentified man" in row for row in rows)
    assert any("여러 사람 (12)" in row for row in rows)
    assert "5" in vault.get("/").partition("사람들</dt>")[2][:40]


@pytest.mark.parametrize(("known", "many"), [("named", 1), ("partial", 1), ("unnamed", 2), ("group", 1), ("", 5)])
def test_people_are_filtered_by_how_they_are_known(vault, known, many):
    page = vault.get(f"/persons?known={known}")
    assert len(listed(page)) == many
    assert f'known={known}" aria-current="true"' in page


def test_a_person_without_a_name_is_found_by_the_words_of_the_source_and_has_a_page(vault):
    page = vault.get("/persons?q=미상")
    assert len(listed(page)) == 1
    address = re.search(r'href="(/persons/person_\w+)"', page)[1]
    person = vault.get(address)
    assert "<h1>이름이 알려지지 않은 사람</h1>" in person
    assert "성명 미상 여성" in person
    assert 'lang="ko">이름 없이<' in person  # how they are known is said in the reader's words, and marked so


def test_a_group_says_that_it_is_one_and_how_many_its_source_counts(vault):
    address = re.search(r'href="(/persons/person_\w+)"', vault.get("/persons?known=group"))[1]
    person = vault.get(address)
    assert "<h1>여러 사람</h1>" in person
    assert "12" in person


def test_a_search_that_finds_nobody_says_what_to_do_next(vault):
    page = vault.get("/persons?q=뷁뷁")
    assert listed(page) == []
    assert 'href="/persons"' in page.partition("<main")[2]
