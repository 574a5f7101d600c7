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
    return page


ACTS = (
    ("고문", "김별하, 이가을", "98년 봄", "회령", "박보위", "s", "12:30"),
    ("구타", "최나루", "1999-03", "청진", "박보위", "s", "14:00"),
    ("공개처형", "한바다", "2001", "무산", "", "h", "21:10"),
    ("강제실종", "정노을", "2003-05", "온성", "윤지도", "h", "25:00"),
    ("강제노동", "김별하", "1998", "회령", "", "s", "31:45"),
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


def test_an_interview_is_typed_in_korean_looked_over_and_recorded(
    browser, address, vault, violations, foreign, tmp_path
):
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    page = logged_in(context, address)
    assert violations(page) == []
    page.get_by_role("button", name="시작하기").press("Enter")
    page.wait_for_selector("form.recording")
    assert violations(page) == []
    assert foreign(page) == []
    keys = Keyboard(page)
    typed_interview(page, keys)
    assert violations(page) == []
    page.screenshot(path=str(Path(tmp_path) / "undecided.png"), full_page=True)
    # one of them is here in Latin letters: whether it is she, a person says
    rows = page.locator("[name^='people-'][name$='-names']")
    assert rows.count() == 7
    alike = page.locator("select[name^='people-'][name$='-known']").filter(has_text="Kim Byol Ha")
    assert alike.count() == 1
    page.locator("#wrong-here a").first.press("Enter")
    keys.press("End")
    keys.press("Control+Enter")
    page.wait_for_selector("#ready")
    page.screenshot(path=str(Path(tmp_path) / "ready.png"), full_page=True)
    assert page.evaluate("document.activeElement.id") == "record-now"
    keys.press("Enter")
    page.wait_for_url("**/sources/source_*")
    page.screenshot(path=str(Path(tmp_path) / "source.png"), full_page=True)
    assert keys.keys < 900
    context.close()
