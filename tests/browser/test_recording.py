"""A documenter records an interview in Korean, by keyboard, in a real browser; and without JavaScript."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from corroborate_cli.main import group
from corroborate_node import api

pytestmark = pytest.mark.browser
PASSPHRASE, KEEPER, OWN = "a passphrase for recording", "the keeper's own passphrase", "a documenter's own passphrase"


def command(folder, *asked):
    done = CliRunner().invoke(group, [*asked, "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("recording") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase=KEEPER)
    listed = folder.parent / "명단.csv"
    listed.write_text("성명,출생,침해유형\nKim Byol Ha,1961,구타\n", encoding="utf-8")
    command(folder, "import", str(listed))
    with api.open_vault(folder, PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter")
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, PASSPHRASE) as address:
        yield address


class Keyboard:
    """What a documenter presses: every key is counted, and nothing is clicked."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key, times=1):
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text):
        self.page.keyboard.insert_text(text)
        self.keys += len(text)

    def to(self, name):
        """Tab on to a field, as somebody does who looks for it."""
        for _ in range(80):
            if self.page.evaluate("document.activeElement?.name ?? ''") == name:
                return
            self.press("Tab")
        raise AssertionError(f"no way by Tab to {name}")

    def fill(self, name, text):
        self.to(name)
        self.type(text)


def logged_in(context, address):
    page = context.new_page()
    page.goto(f"{address}/record")
    page.fill("#id_username", "hana")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector("[name=kind]")
    page.wait_for_load_state()
    return page


ACTS = (
    ("고문", "김별하, 이가을", "98년 봄", "회령", "박보위", "s", "12:30"),
    ("구타", "최나루", "1999-03", "청진", "박보위", "s", "14:00"),
    ("공개처형", "한바다", "2001", "무산", "", "h", "21:10"),
    ("강제실종", "정노을", "2003-05", "온성", "윤지도", "h", "25:00"),
    ("강제노동", "김별하, 강바람", "1998", "회령", "", "s", "31:45"),
)


def typed_interview(page, keys):
    """An interview with five acts and eight people, of whom one is here already under another writing."""
    keys.fill("source-title", "면담 12")
    keys.fill("source-language", "ko")
    keys.fill("source-met", "2026-11-03")
    keys.fill("source-present", "면담자 가, 통역 나")
    keys.fill("source-place", "바닷가 외딴집")
    for _ in ("hold", "link", "count"):
        keys.to("consent-own")
        keys.press("Space")
        keys.press("Tab")
    keys.fill("acts-0-what", "")
    for number, (what, whom, when, where, by, basis, at) in enumerate(ACTS):
        keys.fill(f"acts-{number}-what", what)
        for field, text in (("whom", whom), ("when", when), ("where", where), ("by", by)):
            keys.fill(f"acts-{number}-{field}", text)
        keys.to(f"acts-{number}-basis")
        keys.press({"s": "ArrowDown", "h": "ArrowDown"}[basis], {"s": 1, "h": 2}[basis])
        keys.fill(f"acts-{number}-at", at)
        if number + 1 < len(ACTS):
            keys.press("Enter")
    keys.press("Control+Enter")
    page.wait_for_selector("#wrong-here")
    page.wait_for_load_state()


def test_an_interview_is_typed_in_korean_looked_over_and_recorded(
    browser, address, vault, violations, foreign, tmp_path
):
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    page = logged_in(context, address)
    assert violations(page) == []
    page.get_by_role("button", name="시작하기").press("Enter")
    page.wait_for_selector("form.recording")
    page.wait_for_load_state()
    assert violations(page) == []
    assert foreign(page) == []
    keys = Keyboard(page)
    typed_interview(page, keys)
    assert violations(page) == []
    page.screenshot(path=str(Path(tmp_path) / "undecided.png"), full_page=True)
    # one of them is here in Latin letters: whether it is she, a person says
    rows = page.locator("[name^='people-'][name$='-names']")
    assert rows.count() == 8
    alike = page.locator("select[name^='people-'][name$='-known']").filter(has_text="Kim Byol Ha")
    assert alike.count() == 1
    page.locator("#wrong-here a").first.press("Enter")
    keys.press("End")
    keys.press("Control+Enter")
    page.wait_for_selector("#ready")
    page.wait_for_load_state()
    page.screenshot(path=str(Path(tmp_path) / "ready.png"), full_page=True)
    assert page.evaluate("document.activeElement.id") == "record-now"
    keys.press("Enter")
    page.wait_for_url("**/sources/source_*")
    page.screenshot(path=str(Path(tmp_path) / "source.png"), full_page=True)
    print(f"{keys.keys} keys")  # noqa: T201 - docs/walks says it
    assert keys.keys < 700
    page.click("main h3 a[href^='/persons/'] >> nth=0")
    page.wait_for_selector("h1")
    assert violations(page) == []
    assert foreign(page) == []
    page.locator("details.note summary").first.press("Enter")
    assert page.locator("details.note .mark").first.is_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    for path in (page.url, f"{address}/record"):
        page.goto(path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_without_a_script_the_buttons_do_the_same(browser, address):
    context = browser.new_context(locale="es-ES", viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = logged_in(context, address)
    page.get_by_role("button", name="Empezar").click()
    page.fill("[name=source-title]", "Entrevista 7")
    page.check("[name=consent-own][value=hold]")
    page.fill("[name=acts-0-what]", "tortura")
    page.fill("[name=acts-0-whom]", "Inventada Pérez")
    page.get_by_role("button", name="Otro acto").click()
    assert page.input_value("[name=acts-0-whom]") == "Inventada Pérez"
    page.fill("[name=acts-1-what]", "detención arbitraria")
    page.get_by_role("button", name="Revisar", exact=True).click()
    assert "Diga a quién" in page.inner_text("#wrong-here")
    page.fill("[name=acts-1-whom]", "Inventada Pérez")
    page.get_by_role("button", name="Revisar", exact=True).click()
    page.get_by_role("button", name="Registrarlo").click()
    assert "/sources/source_" in page.url
    assert "Inventada Pérez" in page.inner_text("main")
    context.close()


def begun(page, address, button):
    page.goto(f"{address}/record")
    page.get_by_role("button", name=button).click()
    page.wait_for_selector("form.recording")
    page.wait_for_load_state()
    return page.url


def typed_without_a_pause(page, words):
    """As somebody types who does not look up: no key waits for the page."""
    page.focus("[name=source-title]")
    page.keyboard.insert_text(f"{words} title")
    page.focus("[name=acts-0-what]")
    page.keyboard.insert_text(f"{words} what")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(f"{words} second")


LEAVING = {  # what leads away from the page, or loads it again
    "attach": lambda page: page.click("button[value=attach]"),
    "discard, and then not": lambda page: page.click("button[value=discard]"),
    "language": lambda page: page.click("button[value=language]"),
    "search": lambda page: page.click("button[value=find]"),
    "search by Enter": lambda page: page.press("#q", "Enter"),
    "another act": lambda page: page.click("button[value=add-acts]"),
    "look over": lambda page: page.click("button[value=look]"),
    "a link": lambda page: page.click("nav a[href='/persons']"),
    "log out": lambda page: page.click("button[value=log-out]"),
}


@pytest.mark.parametrize("script", [True, False])
def test_no_button_or_link_of_the_page_loses_a_word_typed_without_a_pause(browser, address, script, tmp_path):
    context = browser.new_context(locale="en", java_script_enabled=script)
    page = logged_in(context, address)
    notes = tmp_path / "notes.txt"
    notes.write_text("notes", encoding="utf-8")
    for number, (name, press) in enumerate(LEAVING.items()):
        if name == "a link" and not script:
            continue  # nothing but a script can keep what is left by a link; the browser's own way back has it
        words = f"뷁{number}"
        draft = begun(page, address, "Begin")
        typed_without_a_pause(page, words)
        if name == "attach":
            page.set_input_files("[name=file]", str(notes))
        if "search" in name:
            page.fill("#q", "nobody")
        with page.expect_navigation() if name != "another act" or not script else page.expect_event("request"):
            press(page)
        page.wait_for_load_state()
        if name == "log out":
            assert "/log-in" in page.url
            page = logged_in(context, address)
        if "search" in name:
            assert "/search?q=nobody" in page.url
        for _ in range(20):  # what the page sent as it was left may still be on its way where much else runs
            page.goto(draft)
            if page.input_value("[name=source-title]") == f"{words} title":
                break
            page.wait_for_timeout(250)
        assert page.input_value("[name=source-title]") == f"{words} title", name
        assert page.input_value("[name=acts-0-what]").startswith(f"{words} what"), name
        if script:
            assert page.input_value("[name=acts-1-what]") == f"{words} second", name
        assert page.locator("button[value^=detach-]").count() == (name == "attach"), name
    context.close()


def test_what_is_typed_is_kept_while_one_types_on(browser, address):
    context = browser.new_context(locale="en")
    page = logged_in(context, address)
    begun(page, address, "Begin")
    page.focus("[name=acts-0-words]") if page.is_visible("[name=acts-0-words]") else page.focus("[name=acts-0-what]")
    kept = []
    page.on("requestfinished", lambda one: kept.append(one.post_data) if one.method == "POST" else None)
    for _ in range(30):  # three seconds without a pause
        page.keyboard.insert_text("a")
        page.wait_for_timeout(100)
    assert kept
    assert "acts-0-what=aaaaa" in kept[0]
    context.close()


def test_after_another_log_in_the_page_that_was_left_open_still_keeps_its_words(browser, address):
    context = browser.new_context(locale="en")
    page = logged_in(context, address)
    draft = begun(page, address, "Begin")
    other = context.new_page()
    other.goto(f"{address}/record")
    other.click("button[value=log-out], .leave button")
    page.focus("[name=source-title]")
    page.keyboard.insert_text("typed while logged out")
    page.get_by_text("Not kept: the vault does not answer").wait_for()
    page.click("button[value=log-out]")
    page.wait_for_timeout(300)
    assert page.input_value("[name=source-title]") == "typed while logged out"
    logged_in(context, address).close()
    with page.expect_navigation():
        page.click("button[value=keep]:visible")
    page.goto(draft)
    assert page.input_value("[name=source-title]") == "typed while logged out"
    context.close()
