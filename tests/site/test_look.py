"""The site in a real browser, from the disk: axe, an outside validator, widths, requests, search, print and dark."""

import os
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corroborate.coalition import Action, demands, register, timeline
from corroborate.custody import Signer
from corroborate.disclosure import EstimateShown, NumberShown, Order, Records, Release, Results, release
from corroborate.site import LANGUAGES, SiteOptions, publish

pytestmark = pytest.mark.browser
HUB = Signer("Secretariat", b"\x07" * 32)
KINDS = ("demands/*", "members/*", "actions/*")  # of which one page in each language is looked at by axe


def decided() -> Release:
    actions = [
        Action("action_1", "exhibition", "사라진 사람들", ("Free NK Gulag",), date(2026, 10, 1), date(2026, 10, 20),
               "ko", "KR", "서울", ("demand.release_abductees",), "사진 40점", "https://example.org/photos"),
    ]  # fmt: skip
    numbers = (NumberShown("Chao's lower bound", 900, 800, 1000), NumberShown("latent classes", 950, 850, 1100))
    ratios = tuple(NumberShown(ratio, 950 * float(ratio), 800, 1500) for ratio in ("0.5", "1", "2"))
    estimate = EstimateShown(
        546, 782, 950, 850, 1100, 0.95, "latent classes", numbers, ratios, (), 1.0, 2000, ("Few lists.",),
        ("Lists are independent within classes.",), "It would have to double.",
    )  # fmt: skip
    made = release(
        Order("What is known", "Coalition", "public", date(2026, 11, 24), invented=True), Records(),
        Results(members=register(), demands=demands(), timeline=timeline(), actions=actions),
    )  # fmt: skip
    return replace(made, estimate=estimate, refused="")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("look") / "site"
    publish(decided(), folder, SiteOptions("https://coalition.example", "", HUB.verifier(), HUB.line))
    return folder


def chosen(site: Path, language: str) -> list[Path]:
    """Every main page, and one of each kind of its own: a demand, a member, an action."""
    own = [sorted((site / language).glob(f"{kind}.html"))[:1] for kind in KINDS]
    return sorted((site / language).glob("*.html")) + [one for each in own for one in each]


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(browser, site, violations, language):
    context = browser.new_context(viewport={"width": 320, "height": 700}, bypass_csp=True)
    page = context.new_page()
    for path in chosen(site, language):
        page.goto(path.as_uri())
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.emulate_media(color_scheme="dark")
    for name in ("index", "camps", "demands"):
        page.goto((site / language / f"{name}.html").as_uri())
        assert violations(page) == [], f"{name}, dark"
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
def test_every_page_holds_together_on_a_phone_and_on_a_desk(browser, site, language, width):
    """Nothing is wider than the window and no words are cut off. Where asked, pictures are kept to be looked at."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in chosen(site, language):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.inner_text("h1").strip(), path
        if kept := os.environ.get("CORROBORATE_PICTURES"):
            page.screenshot(path=f"{kept}/site-{path.stem}-{language}-{width}.png", full_page=True)
    context.close()


def test_every_page_is_valid_html_by_an_outside_validator(site, module, tool):
    program, settings = module("html-validate/bin/html-validate.mjs"), Path(__file__).with_name("html-validate.json")
    command = [tool("node"), str(program), "--config", str(settings), f"{site}/**/*.html"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_first_page_asks_for_its_own_few_files_and_a_reader_with_the_fonts_for_fewer(browser, site):
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for language, _ in LANGUAGES:
        asked.clear()
        page.goto((site / language / "index.html").as_uri(), wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        files = {Path(one.removeprefix("file://")) for one in asked}  # a browser may ask for the sign of a tab twice
        assert all(one.is_relative_to(site) for one in files)
        # the page, its style, its sign, the fonts of three scripts, and letters that names have beyond our own words
        assert len(files) <= 7, sorted(one.name for one in files)
        assert sum(one.stat().st_size for one in files) <= 150_000
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize(
    ("language", "asked", "address"),
    [
        ("en", "tortu", "demands/stop-torture.html"),
        ("ko", "고문", "demands/stop-torture.html"),
        ("ja", "強制労働", "demands/stop-forced-labour.html"),
        ("es", "INVESTIGACION", "demands/establish-coi.html"),
        ("en", "fence", "members/no-fence.html"),
        ("en", "사라진", "actions/action-1.html"),
    ],
)
def test_search_finds_pages_without_a_server(browser, site, language, asked, address):
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((site / language / "search.html").as_uri())
    page.focus("#q")
    page.keyboard.type(asked)
    assert address in [one.get_attribute("href") for one in page.locator("#found a").all()]
    page.fill("#q", "qqqq zzzz")
    assert page.locator("#found a").count() == 0
    assert page.inner_text("#told")
    assert faults == []
    context.close()


def test_without_a_script_the_search_page_lists_every_page(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "ko" / "search.html").as_uri())
    assert not page.locator("form").is_visible()
    assert page.locator("noscript p").count() + page.locator("text=자바스크립트").count() > 0
    listed = {one.get_attribute("href") for one in page.locator("main a").all()}
    there = {path.relative_to(site / "ko").as_posix() for path in (site / "ko").rglob("*.html")}
    assert listed == there - {"search.html"}
    context.close()


def test_the_keyboard_reaches_the_content_first(browser, site):
    page = browser.new_page()
    page.goto((site / "en" / "index.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/index.html#content")  # the address follows the key a moment later, where much else runs
    page.close()


def test_a_printed_page_shows_no_navigation_and_the_addresses_of_its_links(browser, site):
    page = browser.new_page()
    page.goto((site / "en" / "demands" / "close-kwanliso.html").as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav.main").is_visible()
    after = page.evaluate("getComputedStyle(document.querySelector('main a[href^=\"https\"]'), '::after').content")
    assert "fidh.org" in after or "attr(href)" in after
    page.close()
