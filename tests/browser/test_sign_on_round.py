"""A whole sign-on round in a real browser: the secretariat in Korean, three members in English, each with its vault;
at two widths, without JavaScript, by keyboard; axe finds nothing; a stranger verifies what comes out."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.member_keys import OWN as OWN_OF_OFFICE

from corroborate.coalition.final import Final

HERE = Path(__file__).parent
PASSPHRASE = "a passphrase for the round"
OWN = "a passphrase of one's own"
MEMBERS = ("새봄인권기록회", "新潟の会", "Geneva Watch")
ACCOUNTS = ("saebom", "niigata", "geneva")
TEXT = "Open the camps\n\nLet monitors in, tell the families and release all who are held.\n"
pytestmark = pytest.mark.browser

MAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from corroborate.coalition import memberships
from corroborate.values import PartialDate
from corroborate_node import api
from tests.member_keys import recorded
folder, passphrase, own = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
names, accounts = sys.argv[4].split("|"), sys.argv[5].split("|")
at, keys = datetime.now(UTC), []
for account, name in zip(accounts, names):
    api.create_vault(folder / account, name, passphrase, account_passphrase=own)
    with api.open_vault(folder / account, passphrase) as vault:
        keys.append(vault.signer)
(folder / "keys.txt").write_text("".join(str(key.verifier()) + "\\n" for key in keys), encoding="utf-8")
api.create_vault(folder / "hub", "사무국", passphrase, hub=True, account_passphrase=own)
with api.open_vault(folder / "hub", passphrase) as hub:
    from django.contrib.auth import get_user_model
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core import accounts as rows
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner

    def given(hub, name, roles, member):
        rows.add(owner(hub, at), name, roles, member)
        user = get_user_model().objects.get(username=name)
        rows.choose(Desk(hub, actor_of(user), at), own, lambda _: False)

    keeper = owner(hub, at)
    for account, name, key in zip(accounts, names, keys):
        details = memberships.Details(name, "organisation", "KR")
        label = actions.admit(keeper, details, "member", PartialDate.parse("2011-12"), founding=True)
        recorded(hub, label, key, at)
        given(hub, account, ["representative"], label)
    given(hub, "office", ["secretariat"], "")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("round")
    arguments = [str(made), PASSPHRASE, OWN, "|".join(MEMBERS), "|".join(ACCOUNTS)]
    subprocess.run([sys.executable, "-c", MAKE, *arguments], check=True)
    return made


def entered(browser, address: str, account: str, *, width: int, language: str, passphrase: str = OWN):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, bypass_csp=True, locale=language, accept_downloads=True
    )
    page = context.new_page()
    page.goto(f"{address}/log-in")
    page.locator("#id_username").focus()
    page.keyboard.type(account)
    page.keyboard.press("Tab")
    page.keyboard.type(passphrase)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    return page


def clean(page, violations, name: str) -> None:
    """axe finds nothing, and nothing is wider than the window. Where asked, a picture is kept to be looked at."""
    assert violations(page) == [], f"{page.url} {name}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} {name} is too wide"
    if kept := os.environ.get("CORROBORATE_PICTURES"):
        page.screenshot(path=f"{kept}/{name}-{page.viewport_size['width']}.png", full_page=True)


def saved(page, selector: str, to: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(selector)
    waiting.value.save_as(to)
    return to


def opened(page, summary: str) -> None:
    """Open a part of the page by keyboard."""
    page.locator("summary", has_text=summary).focus()
    page.keyboard.press("Enter")


def handed_in(page, hub: str, file: Path) -> str:
    page.goto(f"{hub}/hand-in")
    page.set_input_files("#answers", str(file))  # sent at once
    page.wait_for_selector("[role=status]")
    return page.inner_text("main")


def answered(folder: Path, account: str, request: Path, choice: str, out: Path) -> Path:
    """On the member's own vault, by command."""
    arguments = ["statement", "answer", str(request), "--choice", choice, "--vault", str(folder / account)]
    done = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", *arguments, "--out", str(out), "--yes"],
        env={**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out


def test_a_round_by_three_members_and_the_secretariat(browser, violations, served, folder, tmp_path):
    with served(folder / "hub", PASSPHRASE) as hub, served(folder / "saebom", PASSPHRASE) as vault:
        office = entered(browser, hub, "office", width=1280, language="ko-KR")
        clean(office, violations, "today-ko")
        assert office.inner_text("h1") == "오늘"
        office.goto(f"{hub}/statements")
        office.fill("#name", "open-the-camps")
        office.fill("#text", TEXT)
        clean(office, violations, "statements-ko")
        office.locator("main form.card button").press("Enter")
        office.wait_for_url("**/statements/open-the-camps")
        opened(office, "서명 받기 시작")
        office.fill("#deadline", "2099-01-01T18:00")
        clean(office, violations, "draft-ko")
        office.locator("form:has(#deadline) button").press("Enter")
        office.wait_for_selector("#sign-ons")
        assert "답 없음: 3" in office.inner_text("main")

        # The first member signs on a phone, on pages of its own vault; nothing is preselected.
        member = entered(browser, hub, "saebom", width=360, language="en-GB")
        assert "Asked to sign: Open the camps" in member.inner_text("main")
        clean(member, violations, "today-member")
        member.click(".waiting a")
        clean(member, violations, "statement-member")
        request = saved(member, "a.button[href$='/request']", tmp_path / "first.request")
        own = entered(browser, vault, "keeper", width=360, language="en-GB")
        own.goto(f"{vault}/sign")
        clean(own, violations, "sign-empty")
        own.set_input_files("#request", str(request))  # read at once
        own.wait_for_selector("fieldset")
        assert "Let monitors in" in own.inner_text(".statement")
        assert own.locator("input[type=radio]:checked").count() == 0
        clean(own, violations, "sign")
        own.locator("button[name=sign]").press("Enter")
        own.wait_for_selector("[role=alert]")
        assert "Nothing is signed by default" in own.inner_text("[role=alert]")
        own.locator("#choice_0").focus()
        own.keyboard.press("Space")
        with own.expect_download() as waiting:
            own.locator("button[name=sign]").press("Enter")
        waiting.value.save_as(tmp_path / "first.signed")
        assert "taken in: 1; refused: 0" in handed_in(member, hub, tmp_path / "first.signed")
        clean(member, violations, "hand-in")

        # The others sign by command; one hands in the answer of the other: each proves itself.
        for account in ACCOUNTS[1:]:
            answered(folder, account, request, "with us", tmp_path / f"{account}.signed")
            assert "taken in: 1" in handed_in(member, hub, tmp_path / f"{account}.signed")

        # A comma: all three fall, visibly, and are asked again.
        office.reload()
        assert "서명함: 3" in office.inner_text("main")
        opened(office, "글 고치기")
        office.fill("#text", TEXT.replace(" and release", ", and release"))
        office.locator("form:has(#text) button").press("Enter")
        office.wait_for_selector("a[href$='/compare']")
        assert "다른 판에 답함. 더는 유효하지 않음: 3" in office.inner_text("main")
        clean(office, violations, "lapsed-ko")
        office.click("a[href$='/compare']")
        assert office.inner_text("ins").replace(" ", "").endswith(",")
        clean(office, violations, "compare-ko")
        member.goto(f"{hub}/")
        assert "The text changed: asked to sign again" in member.inner_text("main")
        assert "changed since" in handed_in(member, hub, stale(folder, request, tmp_path))

        member.goto(f"{hub}/statements/open-the-camps")
        again = saved(member, "a.button[href$='/request']", tmp_path / "second.request")
        for account in ACCOUNTS:
            if account != "saebom":  # whose vault is open in its own process
                answered(folder, account, again, "with us", tmp_path / f"{account}.second")
                handed_in(member, hub, tmp_path / f"{account}.second")
        time.sleep(1.1)  # what a member says twice in one second counts as its more cautious word
        answered(folder, "geneva", again, "withdraws", tmp_path / "withdrawn")
        handed_in(member, hub, tmp_path / "withdrawn")
        own.goto(f"{vault}/sign")
        own.set_input_files("#request", str(again))
        own.locator("#choice_0").press("Space")
        with own.expect_download() as waiting:
            own.locator("button[name=sign]").press("Enter")
        waiting.value.save_as(tmp_path / "again.signed")
        handed_in(member, hub, tmp_path / "again.signed")

        office.goto(f"{hub}/statements/open-the-camps")
        office.locator("button[value=close]").press("Enter")  # before the deadline: one asks, another closes
        office.wait_for_load_state()
        other = entered(browser, hub, "second-hand", width=1280, language="ko-KR", passphrase=OWN_OF_OFFICE)
        other.goto(f"{hub}/statements/open-the-camps")
        clean(other, violations, "closing-ko")
        other.locator("button[value=close]").press("Enter")
        other.wait_for_selector("button[value=close]", state="detached")
        office.goto(f"{hub}/statements/open-the-camps")
        office.locator("button", has_text="발표하기").press("Enter")
        office.wait_for_selector("a[href*='final.html']")
        clean(office, violations, "published-ko")
        final = saved(office, "a[href*='final.html']", tmp_path / "statement.html")
        text = saved(office, "a[href*='final.txt']", tmp_path / "statement.txt")
        assert saved(office, "a[href*='final.pdf']", tmp_path / "statement.pdf").read_bytes().startswith(b"%PDF")
        member.goto(f"{hub}/members")
        clean(member, violations, "members")
        member.click("td a >> nth=0")
        assert "What stands under this name" in member.inner_text("main")
        clean(member, violations, "member")
        office.set_viewport_size({"width": 320, "height": 700})
        for path in ("/", "/members", "/statements", "/statements/open-the-camps", "/decisions", "/hand-in"):
            office.goto(hub + path)
            clean(office, violations, f"narrow{path.replace('/', '-')}")

    publisher = Final.from_block(Path(text).read_text(encoding="utf-8")).publisher
    with (folder / "keys.txt").open("a", encoding="utf-8") as keys:
        keys.write(f"{publisher}\n")
    for page in (final, text):
        arguments = ["statement", "verify", str(page), "--keys", str(folder / "keys.txt"), "--json"]
        found = subprocess.run([sys.executable, "-m", "corroborate_cli", *arguments], capture_output=True, text=True)
        verdict = json.loads(found.stdout)
        assert (found.returncode, verdict["verdict"]) == (0, "valid"), verdict
        assert (verdict["checked"]["signed_by_key"], verdict["checked"]["withdrawn"]) == (2, 1)
    page = browser.new_context(
        viewport={"width": 360, "height": 800}, java_script_enabled=True, bypass_csp=True
    ).new_page()
    page.goto(final.as_uri())
    assert "새봄인권기록회" in page.inner_text("main")
    clean(page, violations, "final")


def stale(folder: Path, request: Path, tmp_path: Path) -> Path:
    time.sleep(1.1)
    return answered(folder, "geneva", request, "with us", tmp_path / "stale.signed")


def test_pages_are_whole_without_javascript(browser, served, folder):
    with served(folder / "hub", PASSPHRASE) as hub:
        context = browser.new_context(java_script_enabled=False, locale="en-GB", viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.goto(f"{hub}/log-in")
        page.fill("#id_username", "keeper")
        page.fill("#id_password", OWN)
        page.click("main form button")
        page.goto(f"{hub}/decisions")
        page.fill("#name", "share-the-costs")
        page.fill("#title", "Share the costs")
        page.fill("#text", "Each member pays a tenth.")
        page.fill("#closes", "2099-01-01T18:00")
        page.click("main form.card button")
        page.click("td a")
        assert page.inner_text("h1") == "Share the costs"
        page.select_option("#tongue", "ko")
        page.click("form[action='/language'] button")
        assert "규칙" in page.inner_text("main")
