"""A documenter says what words of a list mean, in Korean, in a real browser: by typing, on a phone, in the dark."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from corroborate_cli.main import group
from corroborate_node import api

pytestmark = pytest.mark.browser
PASSPHRASE, KEEPER, OWN = "a passphrase for words", "the keeper's own passphrase", "a documenter's own passphrase"
WORDS = "토굴에 가둠"


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("words") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase=KEEPER)
    rows = "\n".join(
        f"{name},{words},1997"
        for name, words in (("김갑돌", WORDS), ("이을순", WORDS), ("박병철", "뒷산으로 데려감"), ("최정순", "구타"))
    )
    (folder.parent / "접수.csv").write_text(f"성명,침해유형,체포일자\n{rows}\n", encoding="utf-8")
    asked = ["import", str(folder.parent / "접수.csv"), "--vault", str(folder)]
    done = CliRunner().invoke(group, asked, env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == 0, done.output
    with api.open_vault(folder, PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter")
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, served):
    with served(vault, PASSPHRASE) as address:
        yield address


@pytest.mark.parametrize("dark", [False, True])
def test_words_are_taught_by_typing_and_code_what_stands(browser, address, violations, foreign, tmp_path, dark):
    width = {"width": 390, "height": 800} if dark else {"width": 1200, "height": 900}
    page = browser.new_context(locale="ko-KR", color_scheme="dark" if dark else "light", viewport=width).new_page()
    page.goto(f"{address}/words")
    page.fill("#id_username", "hana")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector("[name=violation]")
    page.wait_for_load_state()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pictures = Path(tmp_path)
    page.screenshot(path=str(pictures / "words.png"), full_page=True)
    if not dark:
        assert foreign(page) == []
        form = page.locator("tr", has_text=WORDS)
        form.locator("[name=violation]").fill("징벌방 감금")
        form.locator("[name=violation]").press("Enter")
        page.wait_for_url("**/words/changes*")
        assert page.get_by_text("징벌방 감금 (이 사람이 당함)").count() == 3  # what the words mean, and two cells
        assert violations(page) == []
        page.screenshot(path=str(pictures / "changes.png"), full_page=True)
        page.get_by_role("button", name="지금 코드 붙이기").click()
        page.wait_for_selector("text=달라질 기록이 없습니다")
    page.context.close()
