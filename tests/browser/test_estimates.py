"""An analyst goes from lists to a sealed estimate by keyboard, in Korean, in a real browser."""

import json

import pytest
from click.testing import CliRunner
from tests.copies import copied
from tests.estimation_page.conftest import AT, OWN, PASSPHRASE, counted  # noqa: F401 - a fixture

from corroborate.translation import RoomWords
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.estimates import api as estimates
from corroborate_node.estimates.options import Options

pytestmark = pytest.mark.browser
TABLE = "north,south,count\n1,0,50\n0,1,40\n1,1,22\n"
APART = "north,south,count\n1,0,50\n0,1,40\n"
SECONDS = 120_000  # milliseconds that an estimate may take on a machine that does six things at once


def words(language):
    return RoomWords(language, "corroborate_node", "estimates")


@pytest.fixture(scope="module")
def vault(counted, tmp_path_factory):  # noqa: F811
    """A copy of the vault with two results by hand, one of them a refusal."""
    folder = tmp_path_factory.mktemp("estimates") / "vault"
    copied(counted[0], folder, PASSPHRASE)
    with api.open_vault(folder, PASSPHRASE) as opened:
        estimates.estimate(opened, Options(table=TABLE, table_name="two.csv"), "북쪽과 남쪽", "keeper", AT)
        estimates.estimate(opened, Options(table=APART, table_name="apart.csv"), "<b>Apart</b>", "keeper", AT)
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, PASSPHRASE) as address:
        yield address


def entered(browser, address, path="/estimates", **context):
    for left_open in browser.contexts:
        left_open.close()
    page = browser.new_context(**context).new_page()
    page.goto(f"{address}{path}")
    page.fill("#id_username", "keeper")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector(".campaign")
    return page


def reach(page, selector, most=60):
    """Tab until what is wanted has the focus: what cannot be reached by keyboard cannot be used."""
    for _ in range(most):
        if page.evaluate("s => !!document.activeElement && document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the keyboard")


def follow(page, selector):
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_lists_to_a_sealed_estimate_in_korean_by_keyboard(browser, address, vault, tmp_path):
    page = entered(browser, address, locale="ko-KR", viewport={"width": 1280, "height": 900})
    w = words("ko")
    outside = []
    page.on("request", lambda request: outside.append(request.url))
    page.on("pageerror", lambda error: outside.append(str(error)))
    assert page.inner_text("h1") == w["title"]
    assert page.get_attribute("html", "lang") == "ko"
    follow(page, "main a.button[href='/estimates/new']")
    reach(page, "#title")
    page.keyboard.type("네 명단, 전체")
    for title in ("B", "D"):  # two lists are quick to estimate from; all are chosen at first
        reach(page, "input[name=lists]")
        box = page.locator(f"label:has(span:text-is('{title}')) input")
        value = box.get_attribute("value")
        reach(page, f"input[value='{value}']")
        page.keyboard.press("Space")
        assert not box.is_checked()
    follow(page, "form[aria-labelledby=from-lists] button")
    page.wait_for_selector(".parts", timeout=SECONDS)
    three = page.inner_text(".parts")
    assert all(w[key] in three for key in ("p_least", "p_head", "p_if", "documented"))
    assert page.locator(".parts .number").count() == 3
    assert w["assumes"] in page.inner_text("main")
    assert page.locator("figure svg[role=img][aria-label]").count() >= 3
    for text in page.locator("p[lang=en], li[lang=en], td[lang=en], dd[lang=en]").all_inner_texts():
        raise AssertionError(f"in English on a Korean page: {text}")
    id_ = page.url.rsplit("/", 1)[1].split("?")[0]
    follow(page, f"form[action='/estimates/{id_}/seal'] button")
    assert w["seal_holds"] in page.inner_text("section")
    page.goto(f"{address}/estimates/{id_}.json")
    made = json.loads(page.inner_text("body"))
    assert made["sealed"]["holds"] is True
    assert [one["title"] for one in made["counted"]["lists"]] == ["A", "C"]
    page.goto(f"{address}/estimate")
    assert f"{made['result']['estimate']['median']:,.0f}" in page.inner_text("main")
    assert {url.split("/")[2] for url in outside} == {address.split("/")[2]}


def test_a_table_given_by_hand_has_the_commands_numbers_and_the_same_file_again_finds_it(browser, address, tmp_path):
    page = entered(browser, address, "/estimates/new", locale="en-GB")
    table = "a,b,c,count\n1,0,0,60\n0,1,0,50\n0,0,1,45\n1,1,0,20\n1,0,1,18\n0,1,1,15\n1,1,1,9\n"
    (tmp_path / "three.csv").write_text(table, encoding="utf-8")
    seen = []
    for at in range(2):
        page.goto(f"{address}/estimates/new")
        page.fill("#table-title", f"three {at}")
        page.fill("#table-seed", "5")
        page.set_input_files("#table", tmp_path / "three.csv")
        with page.expect_navigation():
            page.click("form[aria-labelledby=from-table] button")
        page.wait_for_selector(".parts", timeout=SECONDS)
        seen.append(page.url.split("?")[0])
    assert seen[0] == seen[1]
    assert words("en")["found_first"] in page.inner_text("[role=status]")
    page.goto(f"{seen[0]}.json")
    result = json.loads(page.inner_text("body"))["result"]
    done = CliRunner().invoke(group, ["estimate", str(tmp_path / "three.csv"), "--seed", "5", "--json"])
    said = json.loads(done.stdout)
    assert said.pop("places")  # what stands in the places of its sentences: a run keeps it beside its result
    assert result == said


def test_progress_says_what_is_done_and_a_run_is_called_off(browser, address, violations):
    page = entered(browser, address, "/estimates/new", locale="ko-KR", bypass_csp=True)
    w = words("ko")
    page.fill("#title", "취소할 것")
    page.check("input[value=facility]")
    page.check("input[value=decade]")
    page.click("form[aria-labelledby=from-lists] button")
    page.wait_for_selector("[data-progress]")
    url = page.url
    page.wait_for_selector("progress:not([value='0']):not([value='0.000'])", timeout=SECONDS)
    assert page.inner_text("[data-step]").strip()
    assert violations(page) == []
    page.click("form[action$='/cancel'] button")
    page.wait_for_selector("form[action$='/again']")
    assert page.url == url
    assert w["cancelled_means"] in page.inner_text("main")
    page.click("form[action$='/discard'] button")
    assert w["discarded"] in page.inner_text("[role=status]")
    page.click("form[action$='/restore'] button")
    page.wait_for_selector("form[action$='/again']")


def test_results_are_compared_and_a_refusal_stands_among_them_with_its_reason(browser, address):
    page = entered(browser, address, locale="ja-JP")
    w = words("ja")
    for name in ("북쪽과 남쪽", "<b>Apart</b>"):
        page.locator("tr", has_text=name).locator("input[name=run]").check()
    with page.expect_navigation():
        page.click("form[action='/estimates/compare'] button")
    said = page.inner_text("main")
    assert w["refused"] in said
    assert "二つの名簿に載る人がいない" in said
    assert "<b>Apart</b>" in said
    assert "112" in said
    page.click("main a:has-text('Apart')")
    assert "記録された人の数だけを公表し" in page.inner_text("main")


def test_without_a_script_it_runs_and_is_looked_at_again_sealed_and_withdrawn(browser, address, tmp_path):
    page = entered(browser, address, "/estimates/new", locale="en-GB", java_script_enabled=False)
    (tmp_path / "two.csv").write_text(TABLE.replace("22", "33"), encoding="utf-8")
    page.set_input_files("#table", tmp_path / "two.csv")
    page.click("form[aria-labelledby=from-table] button")
    for _ in range(300):
        if page.locator(".parts").count():
            break
        page.wait_for_timeout(300)
        page.click("main a.button")
    page.click("form[action$='/seal'] button")
    said = page.inner_text("main")
    assert words("en")["stays_here"] in said, "sealed is not released"
    assert "no release shows this estimate" in said
    assert page.locator("a[href$='sealed.json'], a[href$='sealed.tlog-proof']").count() == 0
    page.fill("#why", "the lists have one maker")
    page.click("form[action$='/withdraw'] button")
    assert "the lists have one maker" in page.inner_text("[role=alert]")
    assert page.locator("form[action$='/withdraw']").count() == 0
    page.goto(f"{address}/estimates")
    assert words("en")["withdrawn"] in page.inner_text("tbody")


def test_what_was_typed_stays_where_it_cannot_be_estimated_as_asked(browser, address):
    page = entered(browser, address, "/estimates/new", locale="ko-KR")
    page.fill("#title", "기간이 거꾸로")
    page.fill("#since", "2000")
    page.fill("#until", "1990")
    page.check("input[value=sex]")
    page.click("form[aria-labelledby=from-lists] button")
    assert "기간이 시작(2000)보다 먼저(1990)" in page.inner_text("[role=alert]")
    assert (page.input_value("#title"), page.input_value("#since")) == ("기간이 거꾸로", "2000")
    assert page.is_checked("input[value=sex]")


@pytest.mark.parametrize(("width", "locale"), [(360, "ko-KR"), (1280, "ja-JP")])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(browser, address, violations, width, locale):
    page = entered(browser, address, locale=locale, viewport={"width": width, "height": 800}, bypass_csp=True)
    links = [one.get_attribute("href") for one in page.locator("tbody th a").all()]
    chosen = "&".join(f"run={one.get_attribute('value')}" for one in page.locator("input[name=run]").all()[:3])
    for path in ("/estimates", "/estimates/new", f"/estimates/compare?{chosen}", "/estimates/compare", *links):
        page.goto(address + path)
        assert page.get_attribute("html", "lang") == locale[:2]
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_the_policy_lets_only_our_own_script_in_and_nobody_without_an_account(browser, address):
    page = entered(browser, address)
    link = page.locator("tbody th a").first.get_attribute("href")
    policy = page.goto(address + link).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in page.goto(f"{address}/estimates").headers["content-security-policy"]
    page.context.clear_cookies()
    for path in ("/estimates", "/estimates/new", "/estimates/compare", link, f"{link}.json", f"{link}/sealed.json"):
        page.goto(address + path)
        assert "/log-in" in page.url
