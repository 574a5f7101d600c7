"""A documenter looks at sealed files, plays a recording by keyboard and takes a name out of a page, in a browser."""

import json
import shutil

import pytest
from click.testing import CliRunner
from tests.files.conftest import NAME, pdf_of_a_stranger, unpacked, wav_of

from corroborate_cli.main import group
from corroborate_node import api

pytestmark = pytest.mark.browser
PASSPHRASE, KEEPER, OWN = "a passphrase for files", "the keeper's own passphrase", "a documenter's own passphrase"
ENTRY = "source: {title: Interview 7}\nconsent: {own: hold}\npeople: [{names: Kim Bwi Ga, speaks: yes}]\n"
CUES = """WEBVTT

00:00:00.000 --> 00:00:01.000
<v Hana>It was winter.

00:00:03.500 --> 00:00:05.000
<v Witness>They came at night.
"""


def command(folder, *asked):
    done = CliRunner().invoke(
        group, [*map(str, asked), "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": PASSPHRASE}
    )
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def vault(tmp_path_factory, account):
    folder = tmp_path_factory.mktemp("files") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase=KEEPER)
    with api.open_vault(folder, PASSPHRASE) as opened:
        account(opened, "hana", OWN, "documenter")
    return folder


@pytest.fixture(scope="module")
def files(vault, tmp_path_factory):
    """The ids of a PDF and of a recording with its transcript."""
    place = tmp_path_factory.mktemp("given")
    found = {}
    for name, content in (("said.pdf", pdf_of_a_stranger()), ("voice.wav", wav_of(8))):
        (place / name).write_bytes(content)
        (place / "a.yaml").write_text(ENTRY.replace("7", name).replace("Bwi Ga", name[:4]), encoding="utf-8")
        more = []
        if name == "voice.wav":
            (place / "said.vtt").write_text(CUES, encoding="utf-8")
            more = ["--transcript", place / "said.vtt"]
        told = json.loads(
            command(vault, "interview", place / "a.yaml", "--attach", place / name, *more, "--json").splitlines()[-1]
        )
        listed = json.loads(command(vault, "files", told["source"], "--json"))
        found[name] = next(one["id"] for one in listed if one["name"] == name)
    return found


@pytest.fixture(scope="module", autouse=True)  # before the browser: Django refuses to work beside its event loop
def address(vault, files, served):
    with served(vault, PASSPHRASE) as address:
        yield address


def opened(browser, address, path, locale="en", width=1280, script=True):
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 900}, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.fill("#id_username", "hana")
    page.fill("#id_password", OWN)
    page.press("#id_password", "Enter")
    page.wait_for_selector("h1[dir], h1")
    page.goto(f"{address}{path}")
    return page


def until(page, true):
    """The page runs no words of a test as a script by itself: it is asked again and again."""
    for _ in range(300):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    state = "(one => one && [one.paused, one.currentTime, one.readyState, one.networkState, one.seeking, one.ended])"
    raise AssertionError(f"never: {true}: {page.evaluate(state + '(document.getElementById(`player`))')}")


@pytest.mark.parametrize("locale", ["en", "ko"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_files_can_be_read_by_everybody(browser, address, files, violations, locale, width):
    page = opened(browser, address, f"/files/{files['said.pdf']}", locale, width)
    shown = page.locator("#leaf")
    assert shown.evaluate("one => one.complete && one.naturalWidth") == 1200
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for path in (
        f"/files/{files['said.pdf']}/copy",
        f"/files/{files['voice.wav']}",
        f"/files/{files['voice.wav']}/copy",
    ):
        page.goto(f"{address}{path}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.context.close()


def test_a_name_is_taken_out_with_the_mouse_and_with_the_keys(browser, address, files):
    page = opened(browser, address, f"/files/{files['said.pdf']}/copy")
    sheet = page.locator("#sheet")
    until(page, "document.getElementById('leaf').complete")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] * 0.3, steps=4)
    page.mouse.up()
    [line] = page.input_value("textarea[name=out]").splitlines()
    number, left, top, wide, high = map(float, line.split())
    assert number == 1
    assert left < 1
    assert top < 1
    assert wide > 98
    assert 28 < high < 31
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    assert page.input_value("textarea[name=out]").splitlines()[1] == "1 40 46 21 4"
    assert page.locator("#sheet .black").count() == 2
    page.click("button[value=page-2]")
    assert page.input_value("textarea[name=out]").splitlines()[1] == "1 40 46 21 4", "what was marked stays"
    assert page.locator("#sheet .black").count() == 0, "on another page"
    page.click("button[value=derive]")
    page.wait_for_url("**/files/file_*")
    assert page.url.rsplit("/", 1)[1] != files["said.pdf"]
    with page.expect_download() as taken:
        page.click("a[href$='/original']")
    content = taken.value.path().read_bytes()
    assert content.startswith(b"%PDF-1.4")
    assert NAME.encode() not in unpacked(content)
    page.context.close()


def test_without_a_script_regions_are_written_and_passages_lead_to_their_place(browser, address, files):
    page = opened(browser, address, f"/files/{files['said.pdf']}/copy", script=False)
    page.fill("textarea[name=out]", "1 0 0 100 40")
    page.fill("input[name=name]", "for the court.pdf")
    page.click("button[value=derive]")
    page.wait_for_url("**/files/file_*")
    assert page.text_content("h1") == "for the court.pdf"
    page.goto(f"{address}/files/{files['voice.wav']}")
    page.click("a[data-jump='3.5'], a[data-jump='3']")
    assert "#t=3" in page.get_attribute("#player", "src")
    page.context.close()


def test_a_recording_is_played_by_keys_beside_its_words(browser, address, files):
    page = opened(browser, address, f"/files/{files['voice.wav']}")
    until(page, "document.getElementById('player').readyState > 0")
    assert page.evaluate("document.getElementById('player').duration") == pytest.approx(8, abs=0.1)
    at = "document.getElementById('player').currentTime"
    page.keyboard.press("l")
    page.keyboard.press("l")
    page.keyboard.press("j")
    assert page.evaluate(at) == pytest.approx(2, abs=0.3)
    page.keyboard.press("k")
    until(page, f"{at} > 2.2")
    page.keyboard.press("k")
    assert page.evaluate("document.getElementById('player').paused")
    page.click("li[data-at='3'] a[data-jump]")
    until(page, f"{at} >= 3")
    page.wait_for_selector("li[data-at='3'][aria-current]")
    page.context.close()


def test_what_is_heard_is_typed_by_keyboard_and_kept_by_itself(browser, address, files):
    page = opened(browser, address, f"/files/{files['voice.wav']}/transcript")
    until(page, "document.getElementById('player').readyState > 0")
    at = "document.getElementById('player').currentTime"
    page.focus("textarea[name=text]")
    page.keyboard.press("Escape")
    until(page, f"{at} > 2.5")
    page.keyboard.press("Escape")
    page.keyboard.press("F2")
    assert page.evaluate(at) < 2.5
    page.keyboard.press("F4")
    page.keyboard.insert_text("밤에 왔습니다.")
    page.wait_for_selector("#kept:not(:empty)")
    until(page, "document.getElementById('kept').textContent.length > 0")
    page.reload()
    typed = page.input_value("textarea[name=text]")
    assert typed.startswith("[00:00:0")
    assert typed.endswith("] 밤에 왔습니다.")
    page.click("button[value=seal]")
    page.wait_for_url(f"**/files/{files['voice.wav']}")
    assert "밤에 왔습니다." in page.text_content("ol.claims")
    page.context.close()


def test_an_interview_is_recorded_with_the_microphone_and_lies_sealed_beside_the_draft(browser, address):
    """Chromium's own invented microphone beeps."""
    fake = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    )
    page = opened(fake, address, "/record")
    page.click("main form button[type=submit]")
    page.wait_for_selector("#microphone:not([hidden])")
    page.click("#microphone button")
    page.wait_for_timeout(2500)
    page.click("#microphone button")
    until(page, "document.querySelector('#files input[type=file]').files.length === 1")
    page.click("button[value=attach]")
    page.wait_for_selector("#files li")
    assert ".webm" in page.text_content("#files li")
    fake.close()
