"""The whole story in a real browser: a member gives access, a second person confirms, the reader comes in by link and
word, reads, asks; the member sees it, answers, revokes; the reader is refused. In four languages, wide and narrow."""

import re

import pytest
from tests.access import world
from tests.access.world import BODY, MAY, MAY_NOT, PASSPHRASE, PURPOSE, READER
from tests.releasing import FIRST, SECOND

from corroborate.translation import COMPLETE, RoomWords, in_language
from corroborate_node import api

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """And a second grant, whose link waits, for the pages in every language."""
    made = world.made(tmp_path_factory.mktemp("story"))
    with api.open_vault(made, PASSPHRASE) as opened:
        number = world.granted(opened)
        return made, [(number, world.handed(opened, world.granted(opened))) for _ in COMPLETE]


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault[0], PASSPHRASE) as address:
        yield address


def member(browser, address, who, language="en", **viewport):
    page = browser.new_context(locale=language, viewport=viewport or {"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/grants")
    page.fill("#id_username", who[0])
    page.fill("#id_password", who[1])
    page.press("#id_password", "Enter")
    page.wait_for_selector("main h1")
    return page


def test_the_whole_story(browser, address):
    first, second = member(browser, address, FIRST), member(browser, address, SECOND)
    first.goto(f"{address}/grants/new")
    first.fill("#reader", READER)
    first.fill("#institution", BODY)
    first.fill("#purpose", PURPOSE)
    first.fill("#ends", world.until())
    first.check("input[name=identities][value=with]")
    first.check("#taking")
    first.click("button[value=show]")
    first.wait_for_selector("button[value=make]")
    assert all(first.get_by_text(name).first.is_visible() for name in MAY)
    assert first.input_value("#reader") == READER  # nothing typed is lost
    first.click("button[value=make]")
    first.wait_for_url(re.compile(r"/grants/\d+$"))
    here = first.url
    assert first.get_by_text("waits for a second person").first.is_visible()
    assert first.get_by_role("button", name="Make a link and a word").count() == 0
    second.goto(here)
    assert all(second.get_by_text(name).first.is_visible() for name in MAY)
    second.get_by_role("button", name="Confirm this grant").click()
    second.wait_for_selector(".badge.yes")
    first.goto(here)
    first.get_by_role("button", name="Make a link and a word").click()
    link, word = first.inner_text("#link"), first.inner_text("#word")

    reader = browser.new_context(locale="en").new_page()
    refused = []
    reader.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    reader.goto(link)
    reader.keyboard.press("Tab")
    reader.fill("#word", "not the word")
    reader.press("#word", "Enter")
    reader.wait_for_selector("#wrong")
    refused.clear()  # the browser says that the answer was 403
    reader.fill("#word", word)
    reader.press("#word", "Enter")
    reader.wait_for_url("**/access")
    assert reader.get_by_text(PURPOSE).is_visible()
    reader.get_by_role("link", name="People who are named").click()
    reader.wait_for_url("**/access/people")
    text = reader.inner_text("main")
    assert all(name in text for name in MAY)
    assert not any(name in text for name in MAY_NOT)
    mark = reader.evaluate(
        "document.querySelector('.watermark').complete && document.querySelector('.watermark').naturalWidth"
    )
    assert mark > 0
    over = reader.evaluate("getComputedStyle(document.querySelector('.watermark'))['pointer-events']")
    assert over == "none"
    reader.get_by_role("link", name=re.compile("Ask about this person")).first.click()
    reader.fill("#text", "Is there a photograph?")
    reader.press("#text", "Tab")
    reader.get_by_role("button", name="Send").click()
    reader.wait_for_selector("blockquote")
    with reader.expect_download() as taken:
        reader.goto(f"{address}/access")
        reader.get_by_role("button", name="The package (ZIP)").click()
    assert taken.value.suggested_filename.endswith(".zip")
    assert refused == []  # nothing that the policy of the page refused

    first.goto(f"{address}/")
    assert first.get_by_text("A question under a grant waits for an answer").first.is_visible()
    first.goto(here)
    assert first.get_by_text("Is there a photograph?").is_visible()
    assert first.get_by_text("took a file along").is_visible()
    first.fill("textarea", "It is in the package.")
    first.get_by_role("button", name="Answer", exact=True).click()
    first.wait_for_selector("details:has(textarea)")
    reader.goto(f"{address}/access/questions")
    assert reader.get_by_text("It is in the package.").is_visible()
    first.goto(here)
    first.get_by_role("button", name="Revoke at once").click()
    first.wait_for_selector(".badge.no")
    assert reader.goto(f"{address}/access/people").status == 403
    assert not any(name in reader.content() for name in MAY)
    assert reader.get_by_text("Your access was ended").is_visible()


LATIN = re.compile("[A-Za-z]{2,}")
NAMED = re.compile(rf"{READER}|{BODY}|Member of Busan|corroborate verify|verify\.py|PDF|ZIP|UTC")  # names in a sentence


@pytest.mark.parametrize(("at", "language"), [(at, one) for at, (one, _) in enumerate(COMPLETE)])
def test_every_page_in_every_language(vault, address, browser, violations, foreign, tmp_path, at, language):
    number, handed = vault[1][at]
    words = RoomWords(language, "corroborate_node", "grants")
    inside = member(browser, address, FIRST, language)
    reader = browser.new_context(locale=language, viewport={"width": 1280, "height": 900}).new_page()
    reader.goto(f"{address}/access/open/{handed.secret}")
    assert words["f_word"] in reader.inner_text("main")
    assert violations(reader) == []
    reader.fill("#word", handed.word)
    reader.press("#word", "Enter")
    reader.wait_for_url("**/access")
    assert in_language("What is kept back, and why", language) in reader.inner_text("main")
    its = (
        "access",
        "access/people",
        "access/records",
        "access/registers/torture",
        "access/findings",
        "access/questions",
    )
    for page, paths in ((inside, ("grants", "grants/new", f"grants/{number}")), (reader, its)):
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            for path in paths:
                page.goto(f"{address}/{path}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=tmp_path / f"{path.replace('/', '-')}-{language}-{width}.png", full_page=True)
                assert page.evaluate("document.documentElement.lang") == language
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                assert violations(page) == [], path
                if language in ("ko", "ja"):
                    assert [one for one in foreign(page) if LATIN.search(NAMED.sub("", one))] == [], path
