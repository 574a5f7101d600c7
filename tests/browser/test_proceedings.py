"""The register of proceedings is narrowed and read by keyboard; it holds on a phone and in the dark."""

import pytest
from tests.browser.test_naming import OWN, entered
from tests.importing.commanding import WORDS, ran
from tests.recording.test_proceedings import ACCUSED, ENTRY

from corroborate_node import api

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("proceedings")
    api.create_vault(folder / "vault", "Inquiry", WORDS, account_passphrase="the words of its keeper")
    (folder / "entry.yaml").write_text(ENTRY, encoding="utf-8")
    ran("interview", folder / "entry.yaml", "--vault", folder / "vault")
    with api.open_vault(folder / "vault", WORDS) as opened:
        account(opened, "jin", OWN, "lawyer")
    return folder / "vault"


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, WORDS) as address:
        yield address


def test_one_is_found_and_read_by_keyboard_alone(browser, address):
    page = entered(browser, address, "jin", locale="en")
    page.goto(f"{address}/registers")
    page.locator('main a[href="/proceedings"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/proceedings")
    page.focus("#asked-state")
    page.keyboard.type("Japan")
    page.focus("main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**state=JP**")
    assert page.locator("main tbody tr").count() == 1
    page.locator("main tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/proceedings/proc.2022.jp-repatriation")
    assert "sent back on appeal" in page.inner_text("main")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["ko-KR", "en"])
def test_the_pages_hold_on_a_phone_and_in_the_dark(browser, address, violations, tmp_path, width, scheme, locale):
    page = entered(
        browser, address, "jin", locale=locale, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    for name in ("proceedings", "proceedings?kind=warrant", "proceedings/proc.2022.jp-repatriation"):
        page.goto(f"{address}/{name}")
        page.screenshot(path=tmp_path / f"{name.replace('/', '-').replace('?', '-')}.png", full_page=True)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
    page.goto(f"{address}/proceedings?kind=complaint&from_=2026")
    page.click("main tbody a")
    page.wait_for_url("**/proceedings/proceeding_*")
    assert ACCUSED in page.inner_text("main")
    page.screenshot(path=tmp_path / "own.png", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
