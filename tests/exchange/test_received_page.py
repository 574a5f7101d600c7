"""The page of what members sent, in a real browser: who sent what under which terms, a part taken in, the rest gone."""

import json

import pytest
from tests.exchange.members import members
from tests.exchange.test_records_on_sticks import through_the_door
from tests.exchange.test_terms_bind import COUNTED, MEMBERS_ONLY, NAMED, _records

from corroborate.translation import COMPLETE, RoomWords, in_language
from corroborate_cli.vaults import now
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions

pytestmark = pytest.mark.browser
PASSPHRASE, OWN = "long enough to hold", "words of somebody of Busan"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory, account):
    """Two bundles with records at Busan, one that was lost between them, and one of Busan's own that was taken back."""
    stick = members(tmp_path_factory.mktemp("received") / "all", "Ansan", "Busan")
    with api.open_vault(stick["Ansan"], PASSPHRASE) as opened:
        actions.receive(owner(opened, now()), *_records())
    ours = stick.folder / "list.csv"
    ours.write_text("성명,성별,공개여부\n우리사람,남,공개동의\n", encoding="utf-8")
    stick.ran("import", ours, "--vault", stick["Busan"], "--rejected", stick.folder / "rejected.csv")
    number = through_the_door(stick, "Busan", "--audience", "coalition")
    stick.send("Busan", "Ansan", "ours.age", "--release", number, "--form", "records")
    with api.open_vault(stick["Busan"], PASSPHRASE):
        from corroborate_node.records import queries

        source = next(one.source for one in queries.claims() if one.property == "name")
    stick.ran("withdraw", source, "--vault", stick["Busan"])
    stick.send("Busan", "Ansan", "recall.age")
    number = through_the_door(stick, "Ansan", "--audience", "coalition", "--body", "Busan")
    for at in (1, 2, 3):
        stick.send("Ansan", "Busan", f"{at}.age", "--release", number, "--form", "records")
    stick.receive("Busan", "1.age")
    found = json.loads(stick.receive("Busan", "3.age", "--json"))["bundle"]
    with api.open_vault(stick["Busan"], PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter", "coordinator", vouched=False)
    return stick, found


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(bundle, served):
    with served(bundle[0]["Busan"], PASSPHRASE) as address:
        yield address


def entered(browser, address, language, **viewport):
    page = browser.new_context(locale=language, viewport=viewport).new_page()
    page.goto(f"{address}/received")
    page.fill("#id_username", "hana")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector("main h1")
    return page


@pytest.mark.parametrize("language", [one for one, _ in COMPLETE])
def test_it_says_what_came_what_is_missing_and_who_has_answered(
    bundle, address, browser, tmp_path, violations, foreign, language
):
    _, id_ = bundle
    for width in (1280, 360):
        page = entered(browser, address, language, width=width, height=900)
        for name, where in (("received", "/received"), ("one", f"/received/{id_}")):
            page.goto(address + where)
            page.screenshot(path=tmp_path / f"{name}-{language}-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.lang") == language
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(page) == []
            if language in ("ko", "ja"):
                assert foreign(page) == []
        for name in (COUNTED, NAMED, MEMBERS_ONLY):
            assert page.get_by_text(name).first.is_visible()
        page.goto(address + "/received")
        assert "Ansan: 2" in page.inner_text("main")
        page.context.close()


def test_a_part_is_taken_in_and_the_rest_is_gone(bundle, address, browser):
    stick, id_ = bundle
    page = entered(browser, address, "ko", width=1280, height=900)
    words = RoomWords("ko", "corroborate_node", "exchange")
    page.goto(f"{address}/received/{id_}")
    page.get_by_label(words["take_ticked"]).check()
    page.get_by_label(NAMED).check()
    page.click("button[value=accept]")
    page.wait_for_url("**/imports/taken/*")
    page.goto(f"{address}/persons")
    text = page.inner_text("main")
    assert NAMED in text
    assert COUNTED not in text
    page.goto(f"{address}/received/{id_}")
    assert page.locator("button[value=accept]").count() == 0
    assert COUNTED not in page.content()
    assert not (stick["Busan"] / "inbox" / f"{id_}.age").exists()
    page.context.close()


def test_nothing_chosen_is_refused_in_words(bundle, address, browser):
    page = entered(browser, address, "en", width=1280, height=900)
    page.goto(f"{address}/received")
    page.locator("main tr", has_text="waits").locator("a").first.click()
    page.get_by_label("what is ticked below").check()
    page.click("button[value=accept]")
    said = in_language("nothing of it is from these sources, about these people or of these kinds", "en")
    assert said in page.inner_text("main")
    page.context.close()
