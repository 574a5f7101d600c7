"""Whoever told something comes in on a telephone, without a script, sees it, takes it back and leaves: in four
languages, wide and narrow."""

import base64
import re

import pypdfium2
import pytest
from tests.importing.commanding import WORDS, ran

from corroborate.translation import COMPLETE, RoomWords
from corroborate_node import api

pytestmark = pytest.mark.browser
ENTRY = """
source: {title: 면담 51}
consent: {own: hold; count, coalition: count; quote, public: count; quote; name, whose: 김뷔가, right: self}
people: [{names: 김뷔가, speaks: yes}]
acts: [{what: 구금, whom: 김뷔가, when: 1998, where: 회령}]
"""
OWN = "a documenter's own passphrase"
LATIN = re.compile("[A-Za-z]{2,}")
NAMED = re.compile("UTC|English|español|Member of Busan|hana")


@pytest.fixture(scope="module")
def story(tmp_path_factory, account):
    """A vault with what one person told for each language, and its code and word; and somebody who works there."""
    folder = tmp_path_factory.mktemp("words")
    api.create_vault(folder / "vault", "Member of Busan", WORDS, account_passphrase="the words of its keeper")
    (folder / "a.yaml").write_text(ENTRY, encoding="utf-8")
    for _ in COMPLETE:
        ran("interview", folder / "a.yaml", "--vault", folder / "vault", "--json")
    with api.open_vault(folder / "vault", WORDS) as opened:
        from datetime import UTC, datetime

        from corroborate_node.core.desk import owner
        from corroborate_node.records.models import Source
        from corroborate_node.survivor import making

        desk = owner(opened, datetime.now(UTC).replace(microsecond=0))
        account(opened, "hana", OWN, "documenter")
        sources = list(Source.objects.order_by("id").values_list("id", flat=True))
        return folder / "vault", [making.make(desk, one) for one in sources], sources


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(story, served):
    with served(story[0], WORDS) as address:
        yield address


def printed(page):
    """What stands on the paper, as a browser prints a page by itself: with its title and address at the edges."""
    page.emulate_media(media="null")
    asked = page.context.new_cdp_session(page).send("Page.printToPDF", {"displayHeaderFooter": True})
    paper = pypdfium2.PdfDocument(base64.b64decode(asked["data"]))
    return "\n".join(one.get_textpage().get_text_range() for one in paper)


def looked_at(page, width, language, violations, foreign, picture):
    page.set_viewport_size({"width": width, "height": 900})
    page.screenshot(path=picture, full_page=True)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    if language in ("ko", "ja"):
        assert [one for one in foreign(page) if LATIN.search(NAMED.sub("", one))] == []


@pytest.mark.parametrize(("at", "language"), [(at, one) for at, (one, _) in enumerate(COMPLETE)])
def test_she_looks_takes_back_and_leaves(story, address, browser, violations, foreign, tmp_path, at, language):
    handed, words = story[1][at], RoomWords(language, "corroborate_node", "survivor")
    page = browser.new_context(locale=language).new_page()

    def look(name):
        for width in (1280, 360):
            looked_at(page, width, language, violations, foreign, tmp_path / f"{name}-{language}-{width}.png")

    page.goto(f"{address}/my-words")
    assert words["leave_how"] in page.inner_text("main")
    assert "Busan" not in page.content()
    assert page.locator("input[type=password]").count() == 0  # or the telephone offers to keep code and word
    look("come-in")
    page.fill("#code", handed.code)
    page.fill("#word", "not the word")
    page.press("#word", "Enter")
    page.wait_for_selector("#wrong")
    look("wrong")
    page.fill("#code", handed.code.lower())
    page.fill("#word", handed.word)
    page.press("#word", "Enter")
    page.wait_for_url("**/my-words/told*")
    assert "김뷔가" in page.inner_text("main")
    look("told")
    page.click("a.button")
    page.wait_for_url("**/my-words/change*")
    look("change")
    page.check("input[name=end][value*=name][value^=public]")
    page.click("button[value=narrow]")
    page.wait_for_selector("#done")
    look("done")
    page.goto(f"{address}/my-words/change?language={language}")
    page.check("input[name=kind][value=call]")
    page.click("button[value=say]")
    page.wait_for_selector("#said")
    page.goto(f"{address}/my-words/change?language={language}")
    page.click("button[value=withdraw]")
    page.wait_for_selector(".error-summary")  # she has to say that it is meant
    look("sure")
    page.check("input[name=sure]")
    page.click("button[value=withdraw]")
    page.wait_for_selector("#erase")
    look("erase")
    page.click("header button")
    page.wait_for_url("**/my-words/leave*")
    assert page.inner_text("h1") == words["left_title"]
    assert "김뷔가" not in page.content()
    look("left")
    page.go_back()
    page.wait_for_load_state()
    assert "김뷔가" not in page.content()
    page.goto(f"{address}/my-words/told")
    page.wait_for_selector("#code")
    assert page.context.cookies() == [one for one in page.context.cookies() if one["expires"] == -1]


@pytest.mark.parametrize(("at", "language"), [(at, one) for at, (one, _) in enumerate(COMPLETE)])
def test_a_member_makes_a_code_and_prints_it_without_its_word(
    story, address, browser, violations, foreign, tmp_path, at, language
):
    source, words = story[2][at], RoomWords(language, "corroborate_node", "survivor")
    page = browser.new_context(locale=language, viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/sources/{source}/code")
    page.fill("#id_username", "hana")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector("#uses")
    page.click("button[value=make]")
    page.wait_for_selector("#word")
    code, word = page.inner_text("#code"), page.inner_text("#word")
    for width in (1280, 360):
        looked_at(page, width, language, violations, foreign, tmp_path / f"made-{language}-{width}.png")
    page.emulate_media(media="print")
    assert page.is_visible("#code")
    assert not page.is_visible("#word")  # whoever prints this page has no paper with both
    page.emulate_media(media="screen")
    page.goto(f"{address}/sources/{source}/sheet?language={language}&form=short")
    assert page.inner_text("#code") == code
    assert word not in page.content()
    assert words["sheet_look_word"] in page.inner_text("main")
    paper = printed(page)  # it names nobody, not us either, nor where our vault answers
    assert code in paper
    assert [one for one in ("Busan", "127.0.0.1", source) if one in paper] == []
    for width in (1280, 360):
        looked_at(page, width, language, violations, foreign, tmp_path / f"sheet-{language}-{width}.png")
    page.goto(f"{address}/sources/{source}/code")
    assert word not in page.content()
    for width in (1280, 360):
        looked_at(page, width, language, violations, foreign, tmp_path / f"uses-{language}-{width}.png")
    page.goto(f"{address}/sources/{source}/remarks")
    looked_at(page, 360, language, violations, foreign, tmp_path / f"remarks-{language}.png")
