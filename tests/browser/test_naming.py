"""Two people decide on a page who is named as said to have done something; the registers that lead there hold on a
phone and in the dark, in two languages."""

import pytest
from tests.importing.commanding import WORDS, ran
from tests.inquiry.test_naming import ENTRY, ONE

from corroborate_node import api

pytestmark = pytest.mark.browser
OWN = "a documenter's own passphrase"


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("naming")
    api.create_vault(folder / "vault", "Inquiry", WORDS, account_passphrase="the words of its keeper")
    (folder / "entry.yaml").write_text(ENTRY, encoding="utf-8")
    ran("interview", folder / "entry.yaml", "--vault", folder / "vault")
    with api.open_vault(folder / "vault", WORDS) as opened:
        for name in ("jin", "sora"):
            account(opened, name, OWN, "lawyer")
    return folder / "vault"


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, WORDS) as address:
        yield address


def entered(browser, address, name, **more):
    for left_open in browser.contexts:
        left_open.close()
    page = browser.new_context(**more).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{address}/log-in")
    page.fill("#id_username", name)
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "log-in" not in url)
    return page


def test_one_decides_from_the_register_by_keyboard_and_another_confirms(browser, address):
    page = entered(browser, address, "jin", locale="ko-KR")
    page.goto(f"{address}/registers/perpetrators")
    page.locator("tr", has_text=ONE).locator('a[href^="/naming"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/naming?who=*")
    assert page.input_value("#who").startswith("party_")
    page.select_option("#audience", "public")
    page.fill("#because", "공개 법정에서 이름이 나왔다")
    page.focus("main form button[value=decide]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/naming")
    assert ONE in page.inner_text("main table")
    assert page.locator("button[value=confirm]").count() == 0
    page = entered(browser, address, "sora", locale="ko-KR")
    page.goto(f"{address}/naming")
    page.click("button[value=confirm]")
    page.wait_for_url("**/naming")
    assert "유효" in page.inner_text("main table")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["ko-KR", "en"])
def test_the_pages_hold_on_a_phone_and_in_the_dark(
    browser, address, violations, foreign, tmp_path, width, scheme, locale
):
    page = entered(
        browser, address, "jin", locale=locale, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    for name in ("naming", "registers/perpetrators", "registers/posts", "registers/units", "registers"):
        page.goto(f"{address}/{name}")
        page.screenshot(path=tmp_path / f"{name.replace('/', '-')}.png", full_page=True)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
