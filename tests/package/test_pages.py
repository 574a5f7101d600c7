"""The pages of custody in a real browser: drop a package, get the command's answer; see what became of a record."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.releasing import packed as out_of

from corroborate.custody import COSIGNATURE_V1, Policy, Signer, verify
from corroborate.records import Claim, Consent, Entity, Source
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "a passphrase for the walk"
OWN = "a passphrase of one's own"
WITNESSES = [Signer(name, bytes([n]) * 32) for n, name in enumerate(("帰りを待つ会", "Northern-Records-Project"), 1)]
CLAIM, SOURCE = (new_id(kind, milliseconds=1, randomness=b"0123456789") for kind in ("claim", "source"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A vault with one record that was packed, its package as a ZIP file, a changed copy, and a policy."""
    folder = tmp_path_factory.mktemp("pages")
    api.create_vault(folder / "vault", "새봄인권기록회", PASSPHRASE, account_passphrase=OWN)
    with api.open_vault(folder / "vault", PASSPHRASE) as vault:
        person = new_id("person", milliseconds=1, randomness=b"0123456789")
        source = Source(SOURCE, "witness", "지어낸 증인", invented=True)
        claim = Claim(CLAIM, person, "name", read_name("김철수"), SOURCE, "p. 1", "saw", "지어낸 기록자", AT)
        consent = Consent(
            new_id("consent", milliseconds=1, randomness=b"0123456789"), SOURCE, frozenset({"name", "quote"}), "public",
            date(2025, 1, 1),
        )  # fmt: skip
        records_actions.receive(owner(vault, AT), [Entity(person, "person")], [source], [consent], [claim])
        text = log_actions.checkpoint(owner(vault, AT)).decode().split("\n\n")[0] + "\n"
        lines = [one.cosignature_line(text, AT) for one in WITNESSES]
        log_actions.add_cosignatures(owner(vault, datetime.now(UTC)), lines, [one.verifier() for one in WITNESSES])
        keys = {f"w{n}": one.verifier(COSIGNATURE_V1) for n, one in enumerate(WITNESSES)}
        policy = Policy(vault.signer.verifier(), keys, 2)
        from corroborate_node.log.models import Token

        Token.objects.create(size=4, raw=b"x", state="unchecked", authority="CN=Authority", says=AT, found="", at=AT)
        out_of(vault, folder / "package", at=AT, on=date(2026, 2, 1), audience="public", policy=policy)
    (folder / "policy.txt").write_text(policy.text(), encoding="utf-8")
    shutil.make_archive(str(folder / "good"), "zip", folder, "package")
    shutil.copytree(folder / "package", folder / "changed")
    item = next((folder / "changed/data/items").glob("claim_*"))
    item.write_bytes(item.read_bytes().replace(b"saw", b"heard"))
    shutil.make_archive(str(folder / "bad"), "zip", folder, "changed")
    return folder


@pytest.fixture(scope="module", autouse=True)  # before the browser, whose loop keeps Django from its database
def address(place, served):
    with served(place / "vault", PASSPHRASE) as address:
        yield address


@pytest.fixture(params=[360, 1280])
def page(browser, address, request):
    """Logged in, without any script of a page's own: JavaScript is off for pages, on for the test's tools."""
    context = browser.new_context(viewport={"width": request.param, "height": 900}, bypass_csp=True)
    opened = context.new_page()
    opened.goto(f"{address}/log-in")
    opened.fill("#id_username", "keeper")
    opened.fill("#id_password", OWN)
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"{address}/")
    yield opened
    context.close()


def assert_accessible(page, violations):
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def pictured(page, name):
    """A picture for whoever looks, where the run asks for it: CORROBORATE_PICTURES=DIR."""
    if folder := os.environ.get("CORROBORATE_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)


def submitted(page, address, package, policy=None):
    page.goto(f"{address}/verify")
    page.set_input_files("#package", package)
    if policy:
        page.set_input_files("#policy", policy)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def test_a_dropped_package_gets_the_answer_of_the_command(page, address, violations, place):
    page.goto(f"{address}/log")
    page.click("text=Verify a package")
    assert_accessible(page, violations)
    pictured(page, "verify-empty")
    for name, policy in (("good", None), ("good", "policy.txt"), ("bad", None)):
        given = place / policy if policy else None
        command = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", "verify", place / f"{name}.zip", "--json",
             *(["--policy", given] if given else [])],
            capture_output=True, text=True,
        )  # fmt: skip
        expected = json.loads(command.stdout)
        submitted(page, address, place / f"{name}.zip", given)
        text = page.inner_text("main")
        assert page.inner_text("#verdict").lower().split(":")[0].endswith(expected["verdict"])
        for failure in [*expected["failures"], *expected["checked"].get("notes", [])]:
            assert failure in text
        for digits in [*expected["checked"]["fingerprints"].values(), expected["checked"]["package_number"]]:
            assert digits in text
        assert ("brought its own list of keys" in text) == (policy is None)
        assert_accessible(page, violations)
        pictured(page, f"verify-{name}-{'policy' if policy else 'own'}")


def test_the_page_stores_nothing_of_what_was_dropped(page, address, place, tmp_path_factory):
    before = {
        path: path.stat().st_size
        for path in (place / "vault").rglob("*")
        if path.is_file() and "vault.db" not in path.name
    }
    submitted(page, address, place / "good.zip")
    after = {
        path: path.stat().st_size
        for path in (place / "vault").rglob("*")
        if path.is_file() and "vault.db" not in path.name
    }
    assert after == before
    assert page.goto(f"{address}/verify").headers["cache-control"] == "no-store"


def test_what_is_no_package_or_too_large_is_said_and_breaks_nothing(page, address, place, tmp_path):
    (tmp_path / "letter.zip").write_bytes(b"not a ZIP file")
    submitted(page, address, tmp_path / "letter.zip")
    assert "Invalid" in page.inner_text("#verdict")
    with (tmp_path / "large.zip").open("wb") as file:
        file.truncate((64 << 20) + 1)
    submitted(page, address, tmp_path / "large.zip")
    assert "at most 64 MB" in page.inner_text("[role=alert]")
    with (tmp_path / "huge.zip").open("wb") as file:
        file.truncate(80 << 20)
    page.goto(f"{address}/verify")
    page.set_input_files("#package", tmp_path / "huge.zip")
    try:
        page.click("main button[type=submit]")
        assert "larger than" in page.content()
    except Exception as refused:  # noqa: BLE001 - a browser that still sends may only see that the line was closed
        assert "ERR_" in str(refused)
    submitted(page, address, place / "good.zip")
    assert "Incomplete" in page.inner_text("#verdict")  # it holds, by keys that nobody confirmed


def test_a_forged_form_from_elsewhere_is_refused(page, address, place):
    answer = page.request.post(f"{address}/verify", multipart={"package": str(place / "good.zip")})
    assert answer.status == 403


def test_the_history_of_a_record_is_a_picture_with_words_and_a_table(page, address, violations):
    page.goto(f"{address}/persons")
    page.click("tbody tr:first-child a")
    page.click("details.note summary >> nth=0")  # provenance is a mark that opens
    page.locator("text=history >> visible=true").first.click()
    assert page.inner_text("h1") == "What became of this record"
    picture = page.locator("figure svg")
    assert picture.evaluate("image => image.getBoundingClientRect().width > 0")
    alt = picture.get_attribute("aria-label")
    table = page.inner_text("table")
    steps = (
        "recorded by 지어낸 기록자", "sealed as entry", "cosigned by 帰りを待つ会",
        "cosigned by Northern-Records-Project", "timestamped by CN=Authority (unchecked)",
        "shown to public in the package",
    )  # fmt: skip
    for part in steps:
        assert part in alt
        assert part in table
    assert "Invented" in page.inner_text(".invented")
    assert_accessible(page, violations)
    pictured(page, "custody")
    page.goto(f"{address}/sources/{SOURCE}")
    page.click("text=What became of this record")
    assert "taken in and sealed" in page.inner_text("table")
    assert page.goto(f"{address}/custody/claim_0").status == 404


def test_nobody_sees_them_without_logging_in(browser, address):
    context = browser.new_context()
    page = context.new_page()
    for path in ("/verify", f"/custody/{CLAIM}", f"/custody/{CLAIM}.svg"):
        page.goto(address + path)
        assert "/log-in" in page.url
    context.close()


def test_the_pages_answer_is_the_librarys(place):
    assert verify.verify(place / "good.zip", (place / "policy.txt").read_bytes())["verdict"] == "valid"
    assert verify.verify(place / "bad.zip")["verdict"] == "invalid"
