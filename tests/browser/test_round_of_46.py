"""A round of 46 members in a real browser: four on paper, three languages, two versions, a reservation, an abstention,
one that leaves, one whose key is stolen in the middle. The clicks and steps of everybody are counted; the documentation
compares them with those of a form."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.member_keys import OWN as OWN_OF_OFFICE
from tests.security import test_behind_a_proxy as proxy

from corroborate.coalition import packets
from corroborate.custody import Signer

PASSPHRASE, OWN = "a passphrase for the round", "a passphrase of one's own"
MANY, ON_PAPER = 46, 4
VAULTS = {"새봄인권기록회": ("KR", "ko"), "Memoria del Sur": ("AR", "es")}  # who sign on pages of their own
STOLEN, LEAVING, ABSTAINING, RESERVED = 10, 11, 12, 13  # members by number
TEXT = "Open the camps\n\nLet monitors in, tell the families and release all who are held.\n"
CHANGED = TEXT.replace(" and release", ", and release")
TRANSLATIONS = {
    "ko": "수용소를 열라\n\n감시단을 들이고 가족에게 알리고 갇힌 이를 모두 풀어 주라.\n",
    "es": "Abran los campos\n\nDejen entrar a observadores, avisen a las familias y liberen a todos.\n",
}
LANGUAGES = ("en", "ko", "es")
DOCUMENT = Path(__file__).parents[2] / "docs" / "explanation" / "a-round-counted.md"
pytestmark = pytest.mark.browser

MAKE = """
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from corroborate.coalition import memberships
from corroborate.custody import Signer
from corroborate.values import PartialDate
from corroborate_node import api
from tests.browser.test_round_of_46 import LANGUAGES, OWN, PASSPHRASE, VAULTS, named
from tests.member_keys import recorded
folder, at, own = Path(sys.argv[1]), datetime.now(UTC).replace(microsecond=0), {}
many, on_paper, database = int(sys.argv[2]), int(sys.argv[3]), os.environ.get("CORROBORATE_DATABASE")
for number, name in enumerate(VAULTS):
    api.create_vault(folder / f"vault-{number}", name, PASSPHRASE, account_passphrase=OWN, database=database)
    with api.open_vault(folder / f"vault-{number}", PASSPHRASE) as vault:
        own[name] = vault.signer
api.create_vault(folder / "hub", "Office", PASSPHRASE, hub=True, account_passphrase=OWN, database=database)
with api.open_vault(folder / "hub", PASSPHRASE) as hub:
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core.desk import owner
    from corroborate_node.core.storing import storing
    joined, given = PartialDate.parse("2012"), []
    for number in range(many):
        name, country, language = named(number)
        details = memberships.Details(name, "organisation", country, languages=(language,))
        given.append((details, "member", joined, False, ""))
    labels = actions.admit_all(owner(hub, at), given)
    with storing():
        for number, label in enumerate(labels[: many - on_paper]):
            recorded(hub, label, own.get(named(number)[0]) or Signer(label, bytes([number]) * 32), at)
"""


def named(number: int) -> tuple[str, str, str]:
    """Name, country and language of a member by its number."""
    if number < len(VAULTS):
        name, (country, language) = list(VAULTS.items())[number]
        return name, country, language
    return f"member-{number}", ("CH", "KR", "AR")[number % 3], LANGUAGES[number % 3]


@dataclass
class Hand:
    """Somebody at a page, whose clicks, fields and files are counted."""

    page: object
    counts: Counter = field(default_factory=Counter)

    def click(self, selector: str) -> None:
        self.counts["clicks"] += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def fill(self, selector: str, text: str) -> None:
        self.counts["fields"] += 1
        self.page.fill(selector, text)

    def choose(self, selector: str, value: str) -> None:
        self.counts["fields"] += 1
        self.page.select_option(selector, value)

    def drop(self, selector: str, *files: Path) -> None:
        self.counts["files"] += 1
        self.page.set_input_files(selector, [str(one) for one in files])
        self.page.wait_for_load_state()

    def save(self, selector: str, to: Path) -> Path:
        self.counts["clicks"] += 1
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.click()
        waiting.value.save_as(to)
        return to

    def text(self) -> str:
        return str(self.page.inner_text("main"))


@pytest.fixture(scope="module", params=["here", pytest.param("proxy", marks=pytest.mark.long)])
def behind(request):
    """Whether the hub is reached on this machine, or by a name, through nginx with TLS."""
    return request.param


@contextmanager
def proxied(hub: Path, tool):
    """The hub under a host name, as the page on proxies has it set up."""
    nginx, openssl = tool("nginx", "/usr/sbin/nginx"), tool("openssl")
    place = hub.parent / "proxy"
    place.mkdir()
    inside, outside = proxy.free(), proxy.free()
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={proxy.NAME}",
         "-addext", f"subjectAltName=DNS:{proxy.NAME}", "-keyout", place / "key", "-out", place / "pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    command = [sys.executable, "-m", "corroborate_cli", "serve", "--vault", hub, "--port", str(inside), "--host",
               f"{proxy.NAME}:{outside}", "--behind-proxy"]  # fmt: skip
    settings = proxy.configured(place, outside, inside)
    with (
        proxy.running(command, lambda: proxy.answers(inside), env={**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE}),
        proxy.running([nginx, "-p", str(place), "-c", settings], lambda: proxy.answers(outside)),
    ):
        yield f"https://{proxy.NAME}:{outside}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, behind):
    made = tmp_path_factory.mktemp("round")
    subprocess.run([sys.executable, "-c", MAKE, str(made), str(MANY), str(ON_PAPER)], check=True)
    assert (made / "hub" / "vault.db").exists() == ("CORROBORATE_DATABASE" not in os.environ)
    return made


@pytest.fixture(scope="module")
def hands(browser, served, folder, behind, tool):
    """`hands(where, account, language)`: a hand that logged in; ``where``: the hub, or a member's vault."""
    with (
        proxied(folder / "hub", tool) if behind == "proxy" else served(folder / "hub", PASSPHRASE) as hub,
        served(folder / "vault-0", PASSPHRASE) as first,
        served(folder / "vault-1", PASSPHRASE) as second,
    ):
        addresses = {"hub": hub, "vault-0": first, "vault-1": second}

        def entered(where: str, account: str, passphrase: str, language: str, zone: str, width: int = 1280) -> Hand:
            context = browser.new_context(
                locale=language,
                timezone_id=zone,
                accept_downloads=True,
                bypass_csp=True,
                ignore_https_errors=True,  # the certificate of the proxy is this test's own
                viewport={"width": width, "height": 800},
                base_url=addresses[where],
            )
            page = context.new_page()
            page.goto("/log-in")
            page.fill("#id_username", account)
            page.fill("#id_password", passphrase)
            page.click("main form button")
            page.wait_for_load_state()
            return Hand(page)

        yield entered


def answers_of(letters: Path, out: Path, approving: dict[str, str], at: datetime) -> Path:
    """What members' own vaults make of the requests in their folders, each with its own key: one file a member."""
    with zipfile.ZipFile(letters) as sent, zipfile.ZipFile(out, "w") as back:
        for number in range(len(VAULTS), MANY - ON_PAPER):
            label = f"member-{number}"
            request = [name for name in sent.namelist() if name.startswith(f"{label}/") and name.endswith(".request")]
            if not request or label in approving.get("silent", ""):
                continue
            packet = packets.Packet.read(sent.read(request[0]))
            choice, words = "with us", ""
            if number == ABSTAINING:
                choice, words = "abstains", "We were not asked about the second paragraph."
            if number == RESERVED:
                words = "We join this text, the third sentence excepted."
            language = named(number)[2]
            approved = [place for place, one in enumerate(packet.others) if one.fields["language"] == language]
            signer = Signer(label, bytes([number]) * 32)
            notes = packets.answers(signer, packet, choice, approved, at, words)
            back.writestr(f"{label}.signed", packets.write_answers(notes))
    return out


def pictured(page, violations, name: str) -> None:
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
    if kept := os.environ.get("CORROBORATE_PICTURES"):
        page.screenshot(path=f"{kept}/{name}-{page.viewport_size['width']}.png", full_page=True)


def put_up(office: Hand, version: int) -> None:
    """The text, and both translations."""
    if version == 1:
        office.page.goto("/statements")
        office.fill("#name", "open-the-camps")
        office.fill("#text", TEXT)
        office.click("main form.card button")
    else:
        office.page.goto("/statements/open-the-camps")
        office.click("summary:has-text('Change the text')")
        office.fill("form:has(button[value=draft]) textarea", CHANGED)
        office.click("button[value=draft]")
    for language, text in TRANSLATIONS.items():
        office.click("summary:has-text('Put up a translation')")
        office.fill("#translation-language", language)
        office.fill("#translation-translator", "The office")
        office.fill("#translation-text", text.replace(",", ";") if version == 2 else text)
        office.click("button[value=translate]")


def signed_in_vault(hand: Hand, request: Path, out: Path) -> Path:
    """A member's sign-on after its own log-in: the page Sign, the file dropped there, the choice, the button."""
    hand.click("nav a[href='/sign']")
    hand.drop("#request", request)
    hand.page.wait_for_url("**/sign/*")
    hand.click("input[name=choice] >> nth=0")
    return hand.save("button[name=sign]", out)


def row_of(hand: Hand, name: str) -> str:
    return str(hand.page.locator("tr", has_text=name).first.inner_text())


def test_a_round_of_46_members(hands, violations, tmp_path, folder):
    office = hands("hub", "first-hand", OWN_OF_OFFICE, "en-GB", "Europe/Zurich")
    put_up(office, 1)
    office.click("summary:has-text('Open the round')")
    office.fill("#deadline", "2099-01-01T18:00")
    office.click("button[value=open]")
    office.click("a.button[href$='/round']")
    assert "Missing\n46" in office.text()
    letters = office.save("button[value=missing]", tmp_path / "letters-1.zip")

    now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    first = answers_of(letters, tmp_path / "answers-1.zip", {}, now)
    office.click("a[href='/hand-in']")
    office.drop("#answers", first)
    office.page.wait_for_selector("[role=status]")
    assert "refused: 0" in office.text()
    office.page.goto("/statements/open-the-camps/round")
    assert "Missing\n6" in office.text()  # four on paper, two with vaults of their own
    assert "We join this text" in row_of(office, "member-13 ")

    # the key of one is stolen: it is ended, and what the thief signs with it says nothing
    office.page.goto(f"/members/member-{STOLEN}")
    office.click("summary:has-text('Put a key forward')")
    office.click("button[value=end-key]")
    other = hands("hub", "second-hand", OWN_OF_OFFICE, "en-GB", "Europe/Zurich")
    other.page.goto(f"/members/member-{STOLEN}")  # while a round asks it, a second person says so too
    other.click("button[value=end-key]")
    for hand in (office, other):  # and two say that one left
        hand.page.goto(f"/members/member-{LEAVING}")
        hand.click("summary:has-text('Record that it left')")
        hand.fill("#leaving-on", f"{datetime.now(UTC):%Y-%m-%d}")
        hand.click("button[value=leave]")

    put_up(office, 2)
    office.page.goto("/statements/open-the-camps/round")
    again = office.save("button[value=missing]", tmp_path / "letters-2.zip")
    with zipfile.ZipFile(again) as sent:
        body = sent.read("member-14/letter.txt").decode()
        assert "[añadido: ,]" in body  # in its own language: what changed since it spoke
        packet = sent.read("새봄인권기록회/open-the-camps.2.request")
        assert sent.read("member-45/open-the-camps.2.pdf").startswith(b"%PDF")
    (tmp_path / "seoul.request").write_bytes(packet)
    second = answers_of(letters, tmp_path / "stale.zip", {}, now + timedelta(seconds=5))
    office.page.goto("/hand-in")
    office.drop("#answers", second)
    office.page.wait_for_selector("[role=status]")
    assert "changed since" in office.text()

    third = answers_of(again, tmp_path / "answers-2.zip", {}, now + timedelta(seconds=10))
    theft = packets.Packet.read(packet)
    thief = packets.answers(Signer(f"member-{STOLEN}", bytes([STOLEN]) * 32), theft, "with us", [], now)
    (tmp_path / "thief.signed").write_bytes(packets.write_answers(thief))
    office.page.goto("/hand-in")
    office.drop("#answers", third, tmp_path / "thief.signed")
    office.page.wait_for_selector("[role=status]")
    assert "refused: 1" in office.text()
    assert "thief.signed" in office.page.locator("tr", has_text="refused").first.inner_text()

    # two members on pages of their own vaults, in their own languages and zones
    own = {}
    for at, (language, zone) in enumerate((("ko-KR", "Asia/Seoul"), ("es-AR", "America/Buenos_Aires"))):
        member = hands(f"vault-{at}", "keeper", OWN, language, zone)
        out = signed_in_vault(member, tmp_path / "seoul.request", tmp_path / f"vault-{at}.signed")
        assert (member.counts["clicks"], member.counts["fields"]) == (3, 0)
        member.page.reload()
        pictured(member.page, violations, f"sign-{at}")
        member.page.set_viewport_size({"width": 360, "height": 800})
        pictured(member.page, violations, f"sign-{at}")
        own[at] = out
    office.page.goto("/hand-in")
    office.drop("#answers", *own.values())
    office.page.wait_for_selector("[role=status]")
    assert "refused: 0" in office.text()
    pictured(office.page, violations, "hand-in")

    letters_on_paper(office, other, tmp_path)
    office.page.goto("/statements/open-the-camps/round")
    pictured(office.page, violations, "round")
    clocks = re.findall(r"\d\d:\d\d(?: \S+)?", office.page.inner_text("main table"))
    assert {one[5:] for one in clocks} == {" UTC+1"}  # a clock that is not named is read as any other
    assert "Missing\n1" in office.text()  # whose key was stolen: neither its key nor paper speaks for it now
    office.page.set_viewport_size({"width": 360, "height": 800})
    pictured(office.page, violations, "round")
    office.page.set_viewport_size({"width": 1280, "height": 800})

    for hand in (office, other):  # before the deadline: one asks, another closes
        hand.page.goto("/statements/open-the-camps")
        hand.click("button[value=close]")
    office.page.goto("/statements/open-the-camps")
    office.click("button[value=publish]")
    office.counts.update(other.counts)
    page = office.save("a[href*='final.html?language=en']", tmp_path / "statement.html")
    found = subprocess.run(
        [sys.executable, "-m", "corroborate_cli", "statement", "verify", str(page), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = json.loads(found.stdout)
    by_key = MANY - ON_PAPER - 3  # one abstains, one left, one lost its key
    checked = verdict["checked"]
    assert (verdict["verdict"], checked["signed_by_key"], checked["on_paper"]) == ("incomplete", by_key, ON_PAPER)
    assert (checked["abstained"], len(checked["words"])) == (1, 2)
    told = "{clicks} clicks, {fields} fields, {files} files".format(**office.counts)
    assert told in DOCUMENT.read_text(encoding="utf-8"), f"the page says otherwise: {told}"


def letters_on_paper(office: Hand, other: Hand, tmp_path: Path) -> None:
    """Four letters: recorded by one person, opened and confirmed by another."""
    from corroborate.values import Digest

    digits = Digest.of(CHANGED.encode()).hex[:32]
    for number in range(MANY - ON_PAPER, MANY):
        scan = tmp_path / f"scan-{number}.png"
        scan.write_bytes(b"scan of a letter by hand %d" % number)
        office.page.goto("/statements/open-the-camps")
        office.click("summary:has-text('Record a sign-on on paper')")
        office.choose("#paper-member", f"member-{number}")
        office.click("input[name=choice] >> nth=0")
        office.fill("#paper-digits", digits)
        office.fill("#paper-signed", f"{datetime.now(UTC):%Y-%m-%d}")
        office.drop("#paper-scan", scan)
        office.click("button[value=paper]")
    other.page.goto("/statements/open-the-camps")
    for _ in range(ON_PAPER):
        other.save("a[href^='/scans/']", tmp_path / "opened")
        other.click("button[value=confirm]")


def test_what_is_printed_is_the_list(hands, tmp_path):
    office = hands("hub", "first-hand", OWN_OF_OFFICE, "en-GB", "Europe/Zurich")
    office.page.goto("/statements/open-the-camps/round")
    office.page.emulate_media(media="print")
    assert office.page.locator("table").is_visible()
    assert not office.page.locator(".filters").is_visible()
    assert io.BytesIO(office.page.pdf()).read(4) == b"%PDF"
