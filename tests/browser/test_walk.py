"""Pages in a real browser: log-in to source, by two widths; axe finds nothing; nothing is asked of another host."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PASSPHRASE = "a passphrase for the walk"
OWN = "a passphrase of one's own"
pytestmark = pytest.mark.browser

TAKE_IN = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from corroborate.coalition import demands, register
from corroborate.estimation import estimate
from corroborate.cases import findings
from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate.values import OverlapTable
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log.actions import checkpoint
from corroborate_node.records import queries
from corroborate_node.records.actions import keep, receive
from corroborate_node.records import batches
folder, passphrase, own = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
at = datetime(2026, 11, 24, 9, tzinfo=UTC)
lists = write_lists(make_world(3, 200), folder / "lists")
api.create_vault(folder / "vault", "새봄인권기록회", passphrase, account_passphrase=own)
with api.open_vault(folder / "vault", passphrase) as vault:
    table = read_table(lists.files["A"])
    rows = person_entries(table, checked_mapping(table, {}), "A", latest=2020).entries
    taken = batches.from_rows(rows, "List A", recorder="walk", at=at, agreed=True)
    desk = owner(vault, at)
    receive(desk, taken.entities, taken.sources, taken.consents, taken.claims)
    checkpoint(desk)
    table = OverlapTable(("A", "B"), {(1, 0): 60, (0, 1): 70, (1, 1): 30})
    keep(desk, "estimate", estimate(table).as_json())
    found = findings(list(queries.claims()), queries.sources())
    keep(desk, "findings", [{**f.as_json(), "for": len(f.for_), "roots": len(f.roots)} for f in found])
    keep(desk, "members", [m.as_json() for m in register()])
    keep(desk, "demands", [d.as_json() for d in demands()])
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory, served):
    folder = tmp_path_factory.mktemp("walk")
    subprocess.run([sys.executable, "-c", TAKE_IN, str(folder), PASSPHRASE, OWN], check=True)
    with served(folder / "vault", PASSPHRASE) as address:
        yield address


PAGES = [
    "/",
    "/persons",
    "/log",
    "/witnesses",
    "/alarms",
    "/members",
    "/statements",
    "/demands",
    "/estimate",
    "/findings",
    "/findings?law=modes",
    "/findings/cah.imprisonment.1",
    "/findings/cah.imprisonment.1/assess",
]


def entered(browser, address, width, locale="en-GB"):
    """A page that has logged in with the keyboard alone, and everything it asked for."""
    for left_open in browser.contexts:
        left_open.close()
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True, locale=locale)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/")
    name = page.locator("#id_username[autofocus]")
    name.focus()  # a browser gives the autofocus with its next frame, which on a busy machine may come after our keys
    page.keyboard.type("keeper")
    page.keyboard.press("Tab")
    page.keyboard.type(OWN)
    assert (name.input_value(), page.input_value("#id_password")) == ("keeper", OWN)
    page.keyboard.press("Enter")
    page.locator("nav a[href='/persons']").or_(page.locator("[role=alert]")).first.wait_for(state="attached")
    assert page.url == f"{address}/", page.inner_text("main")
    return page, asked


@pytest.mark.parametrize("width", [360, 1280])
def test_a_documenter_walks_from_log_in_to_the_source_of_a_claim(browser, address, violations, width):
    page, asked = entered(browser, address, width)
    assert violations(page) == []
    for path in PAGES:
        response = page.goto(address + path)
        assert response.status == 200
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{path} is wider than {width}"
        )
    page.goto(f"{address}/persons")
    name = page.inner_text("tbody tr:first-child a")
    page.click("tbody tr:first-child a")
    assert page.inner_text("h1") == name
    assert "Invented" in page.inner_text(".invented")
    assert violations(page) == []
    page.click("main a[href^='/acts/'] >> nth=0")
    assert violations(page) == []
    page.click("details.note summary >> nth=0")  # provenance is a mark that opens
    page.click(".mark a >> nth=0")
    assert "What it allows" in page.inner_text("main")
    cut = "[...document.querySelectorAll('td')].filter(one => one.getBoundingClientRect().right > innerWidth).length"
    assert page.evaluate(cut) == 0  # no answer of the table of consents stands outside what a phone shows
    assert violations(page) == []
    page.goto(f"{page.url.split('#')[0]}/independence")
    assert page.locator("h1", has_text="Independence").count() == 1
    assert violations(page) == []
    page.goto(f"{address}/findings/cah.imprisonment.1")
    page.click("main a[href*='/told-of/'] >> nth=0")
    assert "side by side" in page.inner_text("main")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert {url.split("/")[2] for url in asked} == {address.split("/")[2]}


@pytest.mark.parametrize(("locale", "width"), [("ko-KR", 360), ("ja-JP", 1280)])
def test_a_documenter_reads_people_acts_and_sources_in_their_own_language(
    browser, address, violations, foreign, locale, width
):
    page, _ = entered(browser, address, width, locale)

    def looked_at():
        assert page.get_attribute("html", "lang") == locale[:2]
        assert foreign(page) == [], page.url
        assert violations(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
        if kept := os.environ.get("CORROBORATE_PICTURES"):
            page.screenshot(path=f"{kept}/{page.url.split('/')[3]}-{locale}.png", full_page=True)

    looked_at()
    page.goto(f"{address}/persons")
    looked_at()
    page.click("tbody tr:first-child a")
    looked_at()
    page.click("main a[href^='/acts/'] >> nth=0")
    looked_at()
    page.click("details.note summary >> nth=0")
    page.click(".mark a >> nth=0")
    looked_at()
    page.goto(f"{address}/persons?q=뷁뷁")
    looked_at()
    page.select_option("#tongue", "en")
    page.click("form[action='/language'] button")
    assert "Nobody here has such a name" in page.inner_text("main")


def test_a_name_is_found_by_two_syllables_in_hangul(browser, address):
    page, _ = entered(browser, address, 1280)
    page.goto(f"{address}/persons")
    names = [text for text in page.locator("tbody a").all_inner_texts() if len(text.replace(" ", "")) == 3]
    part = names[0].replace(" ", "")[1:]
    page.fill("#q", part)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert any(part in text.replace(" ", "") for text in page.locator("main li a").all_inner_texts())


def test_hangul_is_set_in_letters_and_not_in_boxes(browser, address):
    page, _ = entered(browser, address, 1280)
    page.goto(f"{address}/persons")
    loaded = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(f => [f.family, f.status]))")
    assert ["Corroborate KR", "loaded"] in [[family.strip('"'), status] for family, status in loaded]


def test_nobody_sees_a_page_without_logging_in_and_the_policy_lets_nothing_in(browser, address):
    context = browser.new_context()
    page = context.new_page()
    for path in PAGES:
        response = page.goto(address + path)
        assert "/log-in" in page.url
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "unsafe" not in response.headers["content-security-policy"]
    page.fill("#id_username", "keeper")
    page.fill("#id_password", "a wrong passphrase")
    page.keyboard.press("Enter")
    assert "do not go together" in page.inner_text("[role=alert]")
    assert page.input_value("#id_username") == "keeper"
