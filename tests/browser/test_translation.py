"""What a translator writes is what a page says; a page read from right to left holds together and takes Arabic in."""

import os
import shutil
from pathlib import Path

import polib
import pytest

from corroborate import translation
from corroborate_node import api

pytestmark = pytest.mark.browser
PASSPHRASE, KEEPER, OWN = "a passphrase for words", "the keeper's own passphrase", "a documenter's own passphrase"
SOURCES = Path(translation.__file__).parents[1]
PAGES = ("/", "/imports", "/search?q=محمد", "/persons", "/cases", "/estimates/new", "/releases", "/log", "/verify")


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The program with a sentence that a Korean translator changed, and with Arabic begun: one word of it."""
    folder = tmp_path_factory.mktemp("translated") / "src"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "corroborate_node/locale/ko/core.po"
    korean = polib.pofile(str(path))
    next(one for one in korean if one.msgctxt == "log_in").msgstr = "번역가가 고친 로그인"
    korean.save(str(path))
    for package in translation.PACKAGES:
        (folder / package / "locale/ar").mkdir()
    arabic = polib.pofile(str(SOURCES / "corroborate_node/locale/ko/core.po"))
    for one in arabic:
        one.msgstr = "دخول" if one.msgctxt == "log_in" else ""
    arabic.save(str(folder / "corroborate_node/locale/ar/core.po"))
    return folder


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("words") / "vault"
    api.create_vault(folder, "سجل الشهود", PASSPHRASE, account_passphrase=KEEPER)
    with api.open_vault(folder, PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter", "analyst", "coordinator")
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, sources, served):
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(sources)
    try:
        with served(vault, PASSPHRASE) as address:
            yield address
    finally:
        os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)


def test_a_page_says_what_the_translator_wrote(browser, address):
    page = browser.new_context(locale="ko-KR").new_page()
    page.goto(f"{address}/log-in")
    assert page.get_by_role("button", name="번역가가 고친 로그인").count() == 1
    page = browser.new_context(locale="ar-EG").new_page()
    page.goto(f"{address}/log-in")
    assert page.get_by_role("button", name="دخول").count() == 1


def test_an_error_of_a_rule_is_said_in_the_readers_language(browser, address):
    page = browser.new_context(locale="es-AR").new_page()
    page.goto(f"{address}/log-in")
    page.fill("#id_username", "hana")
    page.fill("#id_password", "not her passphrase")
    page.press("#id_password", "Enter")
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator(".error-summary, .error").count() >= 1
    assert page.locator(".error-summary [lang=en], .error [lang=en]").count() == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_read_from_right_to_left_hold_together(browser, address, violations, width):
    page = browser.new_context(locale="ar-EG", viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{address}/log-in")
    page.fill("#id_username", "hana")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector("main")
    for path in PAGES:
        page.goto(address + path)
        assert page.locator("html").get_attribute("dir") == "rtl", path
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        for box in page.locator("main h1").all():
            edge = box.bounding_box()
            assert edge is None or edge["x"] >= 0, path
    if width == 1280:  # the menu stands where such a reader looks first
        assert page.locator("#menu").bounding_box()["x"] > page.locator("#content").bounding_box()["x"]
    page.goto(f"{address}/search")
    field = page.locator("main input[type=text], main input[type=search]").first
    field.fill("محمد بن علي")
    assert field.evaluate("one => getComputedStyle(one).direction") == "rtl"
    field.fill("Muhammad")
    assert field.evaluate("one => getComputedStyle(one).direction") == "ltr"
    assert violations(page) == []
