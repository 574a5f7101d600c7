"""A day's list goes in by the pages, in Korean, in a real browser: with a script, without, on a phone, in the dark."""

from datetime import UTC, datetime

import pytest

from corroborate.translation import RoomWords
from corroborate_node import api

pytestmark = pytest.mark.browser
PASSPHRASE, KEEPER, OWN = "a passphrase for lists", "the keeper's own passphrase", "a documenter's own passphrase"
W = RoomWords("ko", "corroborate_node", "importing")
ROWS = 300
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


def people():
    """An everyday list: a column that nobody knows, dates of several forms, consent in words."""
    families, given, towns = (
        "김이박최정강조윤",
        ("철수", "영희", "순복", "명호", "금희"),
        ("청진", "함흥", "원산", "혜산"),
    )
    said = ("예", "아니오", "예", "모름", "")
    lines = ["성명,성별,생년월일,고향,체포일자,동의(공개),비고,혈액형"]
    for at in range(ROWS):
        name = (
            "신원미상"
            if at % 60 == 59
            else families[at % 8] + given[at // 8 % 5]
            if at < 40
            else families[at % 8] + "성" + chr(0xAC00 + 28 * at)
        )
        taken = "봄쯤" if at % 50 == 49 else f"199{at % 9}년 {at % 12 + 1}월"
        lines.append(
            f"{name},{'남여'[at % 2]},19{30 + at % 60}년생,{towns[at % 4]},{taken},{said[at % 5]},,{'ABO'[at % 3]}"
        )
    return "\r\n".join(lines).encode("cp949")


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("imports") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase=KEEPER)
    with api.open_vault(folder, PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter")
    (folder.parent / "2026년 11월 접수.csv").write_bytes(people())
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, PASSPHRASE) as address:
        yield address


def entered(browser, address, **context):
    for left_open in browser.contexts:
        left_open.close()
    page = browser.new_context(locale="ko-KR", **context).new_page()
    page.goto(f"{address}/imports")
    page.fill("#id_username", "hana")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector("#file")
    return page


def select(page, heading):
    return page.locator(f"label:text-is('{heading}')").locator("xpath=..").locator("select")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_days_list_goes_in_in_korean(browser, address, vault, violations, tmp_path, script):
    page = entered(browser, address, java_script_enabled=True, viewport={"width": 1280, "height": 900})
    if not script:
        page.route("**/imports.js", lambda route: route.abort())
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.set_input_files("#file", vault.parent / "2026년 11월 접수.csv")
    assert violations(page) == []
    page.click("main form button[type=submit]")
    page.wait_for_url("**/columns")
    assert page.input_value("#title") == "2026년 11월 접수"
    assert "cp949" in page.inner_text("main").lower()
    assert select(page, "성명").input_value() == "name"
    assert select(page, "체포일자").input_value() == "event_date"
    select(page, "고향").select_option("birth_place")
    assert violations(page) == []
    page.screenshot(path=tmp_path / "columns.png", full_page=True)
    page.click("button[value=choose]")
    page.wait_for_url("**/columns")
    assert select(page, "고향").input_value() == "birth_place"
    page.click("button[value=check]")
    follow(page, script, "#consent")
    text = page.inner_text("main")
    assert f"{W['would_add']}" in text
    assert str(ROWS) in text
    assert page.locator("details").count() >= 1, "doubts by kind"
    page.locator("label:has-text('동의(공개): 예')").locator("xpath=..").locator("select").select_option("unnamed")
    assert violations(page) == []
    page.screenshot(path=tmp_path / "check.png", full_page=True)
    page.click("button[value=take]")
    follow(page, script, ".digest")
    report = page.inner_text("main")
    assert W["taken_in"] in report
    assert W["rows_taken"] in report
    assert "김철수" not in report, "the report holds no words of the rows"
    assert violations(page) == []
    page.screenshot(path=tmp_path / "report.png", full_page=True)
    page.click("main a.button[href='/persons']")
    assert page.locator("main table tbody tr").count() > 10
    assert wrong == []


def follow(page, script, wanted):
    """Until the job is done: the page turns by itself, or by the link that does without a script."""
    for _ in range(120):
        if script:
            page.wait_for_timeout(500)
        elif page.locator("progress").count():
            page.wait_for_timeout(500)
            page.click(f"a.button:text-is('{W['look_again']}')")
        if page.locator(wanted).count():
            return
    raise AssertionError(page.inner_text("main"))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_hold_on_a_phone_and_in_the_dark(browser, address, violations, tmp_path, width, scheme):
    page = entered(browser, address, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_input_files("#file", {"name": "긴 이름의 명단.csv", "mimeType": "text/csv", "buffer": people()})
    page.click("main form button[type=submit]")
    page.wait_for_url("**/columns")
    for step in ("columns", "list"):
        if step == "list":
            page.goto(f"{address}/imports")
        assert violations(page) == [], step
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{step} is wider than the screen"
        page.screenshot(path=tmp_path / f"{step}.png", full_page=True)
