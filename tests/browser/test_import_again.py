"""A list comes again, changed, and is taken back, by the pages, in Korean, in a real browser. People are invented."""

import csv
import io

import pytest
from tests.browser.test_import import KEEPER, OWN, PASSPHRASE, entered, follow
from tests.importing.test_programs import SAMPLES

from corroborate.translation import RoomWords
from corroborate_node import api

pytestmark = pytest.mark.browser
W = RoomWords("ko", "corroborate_node", "importing")
HEADING = ["번호", "성명", "성별", "출생", "체포일", "수용소", "공개"]
FIRST = [
    ["1", "한별가", "남", "1970", "1998년 봄", "요덕", "예"],
    ["2", "한별나", "여", "1965", "1997-03", "회령", "아니오"],
    ["3", "한별다", "여", "1980", "2001", "개천", "예"],
    ["4", "신원미상", "남", "", "2000", "요덕", ""],
]
LATER = [
    *FIRST[:2],
    ["3", "한별다", "여", "1980", "2001-05-09", "개천", "아니오"],
    FIRST[3],
    ["5", "한별마", "여", "1990", "2005", "청진", ""],
]


def text(rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADING, *rows])
    return out.getvalue().encode()


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("again") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase=KEEPER)
    with api.open_vault(folder, PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter")
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, PASSPHRASE) as address:
        yield address


def given(page, address, name, rows):
    """Give a list and have it checked."""
    page.goto(f"{address}/imports")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": text(rows)})
    page.click("main form button[type=submit]")
    page.wait_for_url("**/columns")
    page.click("button[value=check]")
    follow(page, True, "#consent")


def fact(page, word: str) -> str:
    return page.locator("dl div", has=page.get_by_text(word, exact=True)).locator("dd").first.inner_text()


def test_a_list_comes_again_and_is_taken_back(browser, address, tmp_path, violations):
    page = entered(browser, address, viewport={"width": 1280, "height": 900})
    given(page, address, "명단.csv", FIRST)
    page.click("button[value=take]")
    follow(page, True, ".digest")
    given(page, address, "명단.csv", FIRST)
    assert W["came_before"] in page.content()
    assert (fact(page, W["new_rows"]), fact(page, W["same_rows"])) == ("0", "4")
    given(page, address, "명단 사본.csv", LATER)
    assert W["q_resembles"] in page.content()
    page.screenshot(path=tmp_path / "question.png", full_page=True)
    assert violations(page) == []
    page.click("button[value=take]")
    assert page.locator(".error-summary").count() == 1  # a question is answered, never guessed
    page.get_by_label("예: 명단", exact=True).check()
    page.click("button[value=take]")
    follow(page, True, ".digest")
    assert (fact(page, W["new_rows"]), fact(page, W["changed_rows"]), fact(page, W["same_rows"])) == ("1", "1", "3")
    page.goto(f"{address}/imports")
    page.screenshot(path=tmp_path / "index.png", full_page=True)
    page.get_by_role("link", name=W["all_that_came"]).click()
    page.get_by_role("link", name="2", exact=True).click()
    page.screenshot(path=tmp_path / "import.png", full_page=True)
    assert violations(page) == []
    assert page.get_by_role("link", name="명단 · 3").count() == 1
    page.get_by_role("link", name=W["undo"]).click()
    page.screenshot(path=tmp_path / "undo.png", full_page=True)
    assert violations(page) == []
    page.get_by_role("button", name=W["undo_now"]).click()
    page.get_by_text(W["undo_done"]).wait_for()
    page.goto(f"{address}/persons?q=한별마")
    assert "한별마</a>" not in page.content()
    page.goto(f"{address}/imports/taken/2")
    assert W["is_undone"] in page.content()
    page.set_viewport_size({"width": 360, "height": 740})
    for where in ("/imports", "/imports/taken", "/imports/taken/1", "/imports/taken/1/undo"):
        page.goto(address + where)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, where
        assert violations(page) == [], where
    page.context.close()


def test_an_export_and_a_document_go_in_by_the_page(browser, address, tmp_path, violations):
    page = entered(browser, address, viewport={"width": 1280, "height": 900})
    page.set_input_files("#file", SAMPLES["kobo"])
    page.click("main form button[type=submit]")
    page.wait_for_url("**/columns")
    assert "KoboToolbox" in page.inner_text("main")
    assert violations(page) == []
    page.screenshot(path=tmp_path / "export.png", full_page=True)
    page.click("button[value=check]")
    follow(page, True, "#consent")
    assert (fact(page, W["people"]), fact(page, W["acts"])) == ("4", "4")
    assert violations(page) == []
    page.screenshot(path=tmp_path / "export_check.png", full_page=True)
    page.click("button[value=take]")
    follow(page, True, ".digest")
    assert W["taken_in"] in page.content()
    assert violations(page) == []
    page.screenshot(path=tmp_path / "export_report.png", full_page=True)
    page.goto(f"{address}/persons")
    assert page.locator("main table tbody tr").count() >= 4
    page.goto(f"{address}/imports")
    words = "면담 기록\n\n한별하나는 1998년에 체포되었다.\n".encode()
    page.set_input_files("#file", {"name": "면담.txt", "mimeType": "text/plain", "buffer": words})
    page.click("main form button[type=submit]")
    page.wait_for_url("**/columns")
    assert W["is_document"] in page.content()
    page.click("button[value=check]")
    follow(page, True, "#consent")
    assert fact(page, W["passages"]) == "2"
    page.click("button[value=take]")
    follow(page, True, ".digest")
    page.goto(f"{address}/search?q=한별하나는")
    assert "1998년에 체포되었다" in page.inner_text("main")
    page.context.close()
