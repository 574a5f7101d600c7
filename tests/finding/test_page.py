"""The page of search in a real browser: the key / goes to the box, why each answer was found stands beside it, filters
narrow, a text is screened; in three languages, at two widths; axe finds nothing."""

import pytest
from tests.finding.conftest import KEEPER, VAULT


@pytest.fixture(scope="module")
def address(made, served):
    with served(made, VAULT) as found:
        yield found


@pytest.mark.parametrize(("width", "language"), [(360, "ko"), (1280, "en"), (1280, "ja")])
def test_somebody_searches_narrows_and_screens_a_text(browser, address, violations, foreign, width, language):
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
    page, said = context.new_page(), []
    # a fast hand in the log-in form is remarked on by the browser, and no fault of a page
    page.on("console", lambda message: said.append(message.text) if "Autofocus" not in message.text else None)
    page.goto(f"{address}/log-in")
    page.fill("[name=username]", "keeper")
    page.fill("[name=password]", KEEPER)
    page.click("main button[type=submit]")

    def looked_at(title):
        assert violations(page) == [], title
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), title
        if language != "en":
            strange = [one for one in foreign(page) if not one.startswith("명단")]  # as a member calls its list
            assert strange == [], title

    page.goto(f"{address}/search")
    looked_at("nothing asked")
    page.locator("main h1").click()
    page.keyboard.press("/")
    page.keyboard.type("Ri Yong Su")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert {"리영수", "李英洙", "Lee Young-soo"} <= set(page.locator("main li a").all_inner_texts())
    looked_at("people")
    page.click("summary")
    page.select_option("[name=violation]", "integrity.torture")
    page.fill("main [name=q]", "")
    page.fill("[name=from_]", "1997")
    page.fill("[name=to]", "1997")
    page.click("main form button[type=submit]")
    assert "청진" in page.inner_text("main section:has(#kind-acts)")
    looked_at("narrowed")
    page.goto(f"{address}/search?q=qqqq")
    looked_at("nothing found")
    page.goto(f"{address}/search?q=detention+centre")
    marked = page.locator("main mark").all_inner_texts()  # two documents that answer alike come in any order
    assert sorted([marked[:2], marked[2:]]) == [["detention", "centre"], ["détention", "centre"]]
    looked_at("passages")
    page.locator("main details summary").last.click()
    page.fill("#save-name", f"방 {width}{language}")
    page.locator("main form button[value=save]").click()
    page.wait_for_url("**/search?q=*")
    looked_at("saved")
    page.goto(f"{address}/search/saved")
    looked_at("searches")
    page.click(f"main a:text-is('방 {width}{language}')")
    assert page.locator("main mark").count() == 4
    page.goto(f"{address}/search/saved")
    page.locator("main button[value=delete]").first.click()
    page.wait_for_url("**/search/saved")
    assert page.locator("main section").count() == 0
    page.goto(f"{address}/search/screen")
    page.fill("main textarea", "유은희동무는 눈물을 흘리며 말하였다.")
    page.click("main form button[type=submit]")
    assert "류은희" in page.inner_text("main table")
    looked_at("screened")
    assert said == []
    context.close()
