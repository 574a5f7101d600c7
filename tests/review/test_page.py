"""A reviewer clears pairs of the demonstration's lists by keyboard, in Korean, in a real browser."""

import re

import pytest
from tests.copies import copied
from tests.review.conftest import AT, OWN, PASSPHRASE

from corroborate.translation import RoomWords
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries
from corroborate_node.review import loading

pytestmark = pytest.mark.browser
SECOND = "another reviewer's passphrase"


@pytest.fixture(scope="module")
def vault(reviewed, tmp_path_factory, account):
    """A copy of the vault, so that other tests' judgements are not in it, with pairs and two reviewers."""
    folder = tmp_path_factory.mktemp("page") / "vault"
    copied(reviewed[0], folder, PASSPHRASE)
    with api.open_vault(folder, PASSPHRASE) as opened:
        for judgement in records_queries.judgements():
            if judgement.withdrawn is None:
                records_actions.take_back(owner(opened, AT), judgement.id)
        account(opened, "second", SECOND, "reviewer")
        loading.load_file(owner(opened, AT), reviewed[1])
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, PASSPHRASE) as address:
        yield address


def entered(browser, address, *, name="keeper", passphrase=OWN, **context):
    for left_open in browser.contexts:
        left_open.close()
    page = browser.new_context(**context).new_page()
    page.goto(f"{address}/review")
    page.fill("#id_username", name)
    page.fill("#id_password", passphrase)
    page.press("#id_password", "Enter")
    page.wait_for_selector(".review")
    page.wait_for_load_state()  # a key pressed before the script has run does nothing
    return page


def press(page, key):
    """A key, and the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press(key)


def waiting_in(page):
    """How many pairs the navigation says wait."""
    return int(re.search(r"\d+", page.inner_text("nav a[href='/review']"))[0])


def test_fifty_pairs_are_cleared_by_keyboard_in_korean(browser, address, vault):
    page = entered(browser, address, locale="ko-KR", viewport={"width": 1280, "height": 900})
    words = RoomWords("ko", "corroborate_node", "review")
    assert page.inner_text("h1") == words["question"]
    assert page.get_attribute("html", "lang") == "ko"
    waiting = waiting_in(page)
    press(page, "j")
    press(page, "k")
    seen = set()
    for number in range(50):
        seen.add(page.url.split("?")[0])
        press(page, "ynu"[number % 3])
        assert words[("same", "different", "unsure")[number % 3]] in page.inner_text("[role=status]")
    assert len(seen) == 50
    assert waiting_in(page) == waiting - 50
    last = page.url.split("?")[0]
    press(page, "z")
    assert words["undone"] in page.inner_text("[role=status]")
    assert page.url.split("?")[0] in seen
    assert page.url.split("?")[0] != last
    assert words["took_back"] in page.inner_text("main")
    page.keyboard.press("r")
    page.keyboard.type("같은 학교, 같은 외삼촌 ynuz")  # letters in a reason press no button
    page.keyboard.press("Escape")
    press(page, "y")
    press(page, "h")
    assert "같은 학교, 같은 외삼촌 ynuz" in page.inner_text("main")
    assert page.locator("main li time").count() >= 51


def test_keys_work_under_a_korean_input_method(browser, address):
    page = entered(browser, address, locale="ko-KR")
    before = page.url
    with page.expect_navigation():
        page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ㅓ', code: 'KeyJ', bubbles: true}))")
    assert page.url != before


def test_another_reviewer_does_not_see_the_first_ones_verdict(browser, address):
    page = entered(browser, address, name="second", passphrase=SECOND, locale="en-GB")
    page.click("a[href='/review?queue=second']")
    assert "keeper" not in page.inner_text("main")
    assert page.locator("button:has-text('Take back')").count() == 0
    press(page, "y")
    press(page, "y")
    press(page, "h")
    assert "keeper, second: pairs judged by both: 2" in page.inner_text("main")


@pytest.mark.parametrize(("width", "locale"), [(360, "ko-KR"), (1280, "ja-JP")])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(browser, address, violations, width, locale):
    page = entered(browser, address, locale=locale, viewport={"width": width, "height": 800}, bypass_csp=True)
    for path in ("/review", "/review/history", "/review?queue=second"):
        page.goto(address + path)
        assert page.get_attribute("html", "lang") == locale[:2]
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_without_a_script_the_same_buttons_do_it_and_undo_it(browser, address, vault):
    page = entered(browser, address, locale="en-GB", java_script_enabled=False)
    pair = page.url
    with page.expect_navigation():
        page.click("button[value=unsure]")
    assert "Judged: Unsure" in page.inner_text("[role=status]")
    with page.expect_navigation():
        page.click("form[action='/review/undo'] button")
    assert page.url.split("?")[0] == pair.split("?")[0]
    assert "as it was before" in page.inner_text("[role=status]")
    page.click("td a[href^='/sources/'] >> nth=0")
    assert "What it allows" in page.inner_text("main")


def test_the_policy_lets_only_our_own_script_in_and_only_there(browser, address):
    page = entered(browser, address)
    policy = page.goto(f"{address}/review").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in page.goto(f"{address}/persons").headers["content-security-policy"]
    page.context.clear_cookies()
    for path in ("/review", "/review/1", "/review/history"):
        page.goto(address + path)
        assert "/log-in" in page.url
