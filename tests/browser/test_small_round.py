"""A round of six members in a real browser, with the rows of all in a file and in PostgreSQL: one on paper, three
languages, two versions, a reservation, an abstention, one that leaves, one whose key is stolen in the middle.

It is what the round of 46 shows, small enough to run each time on both. That one counts clicks; this one looks at what
each said.
"""

import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from tests.browser.test_round_of_46 import (
    CHANGED,
    MAKE,
    OWN,
    OWN_OF_OFFICE,
    PASSPHRASE,
    Hand,
    pictured,
    put_up,
    row_of,
)

from corroborate.coalition import packets
from corroborate.custody import Signer
from corroborate.values import Digest

MEMBERS, ON_PAPER = 6, 1
SEOUL, SOUTH, PLAIN, STOLEN, LEAVING, PAPER = range(MEMBERS)
RESERVED = "첫 문장에 찬성하고 마지막 문장은 유보합니다."
ABSTAINED = "Nuestra asamblea no pudo reunirse a tiempo."
HERE = "/statements/open-the-camps"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["file", "postgresql"])
def folder(request, tmp_path_factory):
    """A hub and two members' vaults, and where their rows lie."""
    made = tmp_path_factory.mktemp("small")
    environment = {one: value for one, value in os.environ.items() if one != "CORROBORATE_DATABASE"}
    if request.param == "postgresql":
        environment["CORROBORATE_DATABASE"] = request.getfixturevalue("cluster").address
    command = [sys.executable, "-c", MAKE, str(made), str(MEMBERS), str(ON_PAPER)]
    subprocess.run(command, check=True, env=environment)
    assert (made / "hub" / "vault.db").exists() == (request.param == "file")
    return made


@pytest.fixture(scope="module")
def hands(browser, served, folder):
    """`hands(where, account, language, zone)`: somebody who logged in on the hub or a member's vault."""
    with (
        served(folder / "hub", PASSPHRASE) as hub,
        served(folder / "vault-0", PASSPHRASE) as first,
        served(folder / "vault-1", PASSPHRASE) as second,
    ):
        addresses = {"hub": hub, "vault-0": first, "vault-1": second}

        def entered(where, account, passphrase, language, zone, width=1280):
            context = browser.new_context(
                locale=language, timezone_id=zone, accept_downloads=True, bypass_csp=True,
                viewport={"width": width, "height": 800}, base_url=addresses[where],
            )  # fmt: skip
            page = context.new_page()
            page.goto("/log-in")
            page.fill("#id_username", account)
            page.fill("#id_password", passphrase)
            page.click("main form button")
            page.wait_for_load_state()
            return Hand(page)

        yield entered


def asked_in(letters, out):
    """What the letters ask of each member, by the member's name: its packet as a file."""
    found = {}
    with zipfile.ZipFile(letters) as sent:
        for name in sent.namelist():
            if name.endswith(".request"):
                place = out / f"{len(found)}-{letters.stem}.request"
                place.write_bytes(sent.read(name))
                found[name.split("/")[0]] = place
    return found


def answered(number, request, at, out):
    """The answer of a member that signs with a key of its own."""
    signer = Signer(f"member-{number}", bytes([number]) * 32)
    notes = packets.answers(signer, packets.Packet.read(request.read_bytes()), "with us", [], at, "")
    out.write_bytes(packets.write_answers(notes))
    return out


def handed_in(office, *files):
    office.page.goto("/hand-in")
    office.drop("#answers", *files)
    office.page.wait_for_selector("[role=status]")
    return office.text()


def says(hand, request, choice, words, approving):
    """A member reads the request on its own page, chooses, writes why, approves a translation, and signs."""
    hand.page.goto("/sign")
    hand.drop("#request", request)
    hand.page.wait_for_url("**/sign/*")
    hand.click(f"input[name=choice][value='{choice}']")
    hand.fill("#reason", words)
    if approving:
        hand.click("input[name^=approves-] >> nth=0")


def test_six_members_each_say_what_they_say_and_nobody_says_it_for_them(hands, violations, tmp_path, folder):
    office = hands("hub", "first-hand", OWN_OF_OFFICE, "en-GB", "Europe/Zurich")
    put_up(office, 1)
    office.click("summary:has-text('Open the round')")
    assert office.page.input_value("#deadline_zone") == "Europe/Zurich"  # typed on the reader's own clock
    office.fill("#deadline", "2099-01-01T18:00")
    office.click("button[value=open]")
    assert "2099-01-01 17:00 UTC (2099-01-01 18:00 Europe/Zurich)" in office.text()
    office.page.goto(f"{HERE}/round")
    assert "Missing\n6" in office.text()
    first = asked_in(office.save("button[value=missing]", tmp_path / "first.zip"), tmp_path)

    now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    signed = [answered(one, first[f"member-{one}"], now, tmp_path / f"{one}.signed") for one in (PLAIN, STOLEN)]
    assert "refused: 0" in handed_in(office, *signed)

    # the key of one is stolen and ended; one leaves; then a comma: nobody has signed the new text
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
    office.page.goto(f"{HERE}/round")
    again = asked_in(office.save("button[value=missing]", tmp_path / "second.zip"), tmp_path)
    assert f"member-{LEAVING}" not in again
    stale = answered(PLAIN, first[f"member-{PLAIN}"], now + timedelta(seconds=5), tmp_path / "stale.signed")
    assert "changed since" in handed_in(office, stale)
    theft = answered(STOLEN, again["새봄인권기록회"], now + timedelta(seconds=9), tmp_path / "thief.signed")
    assert "refused: 1" in handed_in(office, theft)
    plain = answered(PLAIN, again[f"member-{PLAIN}"], now + timedelta(seconds=10), tmp_path / "plain.signed")
    assert "refused: 0" in handed_in(office, plain)

    own = []
    seoul = hands("vault-0", "keeper", OWN, "ko-KR", "Asia/Seoul")
    says(seoul, again["새봄인권기록회"], "with us", RESERVED, approving=True)
    own.append(seoul.save("button[name=sign]", tmp_path / "seoul.signed"))
    south = hands("vault-1", "keeper", OWN, "es-AR", "America/Buenos_Aires", width=360)
    says(south, again["Memoria-del-Sur"], "abstains", ABSTAINED, approving=False)
    own.append(south.save("button[name=sign]", tmp_path / "south.signed"))
    for number, hand in enumerate((seoul, south)):
        hand.page.reload()
        pictured(hand.page, violations, f"small-sign-{number}")
    assert "refused: 0" in handed_in(office, *own)
    on_paper(office, hands, tmp_path)

    office.page.goto(f"{HERE}/round")
    pictured(office.page, violations, "small-round")
    assert RESERVED in row_of(office, "새봄인권기록회")
    assert ABSTAINED in row_of(office, "Memoria del Sur")
    assert "Missing\n1" in office.text()
    office.page.goto(HERE)
    office.click("button[value=close]")  # before the deadline: one asks, another closes
    other.page.goto(HERE)
    other.click("button[value=close]")
    office.page.goto(HERE)
    office.click("button[value=publish]")
    pages = {
        language: office.save(f"a[href*='final.html?language={language}']", tmp_path / f"{language}.html")
        for language in ("en", "ko")
    }
    published(pages, hands)


def on_paper(office, hands, tmp_path):
    """A letter: recorded by one person, opened and confirmed by another."""
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"scan of a letter by hand")
    office.page.goto(HERE)
    office.click("summary:has-text('Record a sign-on on paper')")
    office.choose("#paper-member", f"member-{PAPER}")
    office.click("input[name=choice] >> nth=0")
    office.fill("#paper-digits", Digest.of(CHANGED.encode()).hex[:32])
    office.fill("#paper-signed", f"{datetime.now(UTC):%Y-%m-%d}")
    office.drop("#paper-scan", scan)
    office.click("button[value=paper]")
    other = hands("hub", "second-hand", OWN_OF_OFFICE, "en-GB", "Europe/Zurich")
    other.page.goto(HERE)
    other.click("button[value=confirm]")
    assert "open the scan first" in other.text(), "nobody confirms what nobody opened"
    other.page.goto(HERE)
    other.save("a[href^='/scans/']", tmp_path / "opened")
    other.click("button[value=confirm]")


def published(pages, hands):
    """What a stranger finds in the page, and what the public sees: each under the words that it signed."""
    for language, page in pages.items():
        found = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", "statement", "verify", str(page), "--json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        verdict = json.loads(found.stdout)
        checked = verdict["checked"]
        said = (checked["signed_by_key"], checked["on_paper"], checked["abstained"], len(checked["words"]))
        assert said == (2, 1, 1, 2), language
        text = page.read_text(encoding="utf-8")
        assert RESERVED in text
        assert ABSTAINED in text
        assert f"member-{LEAVING}" not in text
    stranger = hands("hub", "first-hand", OWN_OF_OFFICE, "es-AR", "America/Buenos_Aires")
    stranger.page.goto(pages["ko"].as_uri())
    assert "새봄인권기록회" in stranger.text()
