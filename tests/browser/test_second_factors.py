"""A passkey is made, shown at the log-in and refused elsewhere: a real browser, with an authenticator that it plays."""

import pytest

from corroborate_node import api

pytestmark = pytest.mark.browser
VAULT, KEEPER = "the words of a vault", "the words of its keeper"


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("passkeys") / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, VAULT) as address:
        yield address.replace("127.0.0.1", "localhost")


def authenticator(page):
    """A security key that Chromium plays; its touch is given at once."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
    return devices, made["authenticatorId"]


def with_passphrase(page, address, name="keeper"):
    page.goto(f"{address}/log-in")
    page.fill("#id_username", name)
    page.fill("#id_password", KEEPER)
    page.press("#id_password", "Enter")


def test_a_passkey_opens_the_second_step_and_a_copied_one_does_not(browser, address, violations, foreign, tmp_path):
    context = browser.new_context(locale="ko-KR", viewport={"width": 1200, "height": 900})
    page = context.new_page()
    wrong = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    devices, key = authenticator(page)
    with_passphrase(page, address)
    page.goto(f"{address}/second-factors")
    assert violations(page) == []
    assert foreign(page) == []
    page.screenshot(path=str(tmp_path / "none.png"), full_page=True)
    page.goto(f"{address}/second-factors/code")
    assert violations(page) == []
    page.screenshot(path=str(tmp_path / "app.png"), full_page=True)
    page.goto(f"{address}/second-factors/passkey")
    assert violations(page) == []
    page.fill("#name", "yellow key")
    page.press("#name", "Enter")
    page.wait_for_selector(".plain-list code")
    papers = page.locator(".plain-list code").all_inner_texts()
    assert len(papers) == 10
    assert violations(page) == []
    page.screenshot(path=str(tmp_path / "papers.png"), full_page=True)
    page.goto(f"{address}/second-factors")
    assert page.get_by_text("yellow key").first.is_visible()
    kept = devices.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [one["rpId"] for one in kept] == ["localhost"]
    assert wrong == []  # nothing that the policy of the page refused

    later = browser.new_context(locale="es-ES").new_page()
    devices, key = authenticator(later)
    with_passphrase(later, address)
    later.wait_for_url("**/second-factor")
    later.screenshot(path=str(tmp_path / "second.png"), full_page=True)
    assert violations(later) == []
    later.click("form:has([data-passkey]) button")
    later.wait_for_selector("#passkey-wrong:not([hidden])")  # this authenticator has no passkey of ours
    devices.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": kept[0]})
    later.click("form:has([data-passkey]) button")
    later.wait_for_url(f"{address}/")

    copied = browser.new_context().new_page()  # the same key once more, with the counter that it had before
    devices, key = authenticator(copied)
    devices.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": kept[0]})
    with_passphrase(copied, address)
    copied.wait_for_url("**/second-factor")
    copied.click("form:has([data-passkey]) button")
    copied.wait_for_selector("#wrong")
    assert copied.goto(f"{address}/journal").url.startswith(f"{address}/log-in")

    by_number = browser.new_context().new_page()  # 127.0.0.1 is no name: it says where passkeys work
    with_passphrase(by_number, address.replace("localhost", "127.0.0.1"))
    by_number.wait_for_url("**/second-factor")
    assert by_number.locator(f'a[href="{address}/second-factor"]').count() == 1
    by_number.fill("#code", papers[0])
    by_number.press("#code", "Enter")
    by_number.wait_for_url("http://127.0.0.1*/")
