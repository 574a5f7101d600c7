"""Calendars, feeds and data of the site, as programs that others wrote read them."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from corroborate.coalition import Action, Version, invitations, lifecycle, sign
from corroborate.coalition.statements import Round
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Results, release
from corroborate.site import SiteOptions, publish

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
CHANGED = "2026-11-23T08:07:06Z"
TEXT = Version("joint", 1, "Open the camps, now; and let “monitors” in\n\n감시단을 들여보내라.\n".encode())
KEY = Signer("Keyed", b"\x01" * 32)
ACTIONS = (
    Action("a", "exhibition", "Photographs; of the missing, “here”", ("Group A", "새봄"), date(2026, 10, 1),
           date(2026, 10, 3), country="KR", place="Seoul, City Hall", text="Two\nlines \\ and more, " * 9,
           address="https://a.example/x?y=1&z=2"),
    Action("b", "vigil", "사라진 사람들을 위한 밤샘 " * 6, ("새봄",), date(2026, 12, 10), date(2026, 12, 10),
           "ko", "KR"),
)  # fmt: skip


def _reader(name: str):
    return pytest.importorskip(name, reason=f"{name} is not installed: what others read was not read here")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    round_ = Round({"Keyed": KEY.verifier()}).propose(TEXT)
    round_ = round_.receive(sign(KEY, TEXT, "with us", AT), AT)
    results = Results(
        rounds=(("Open the camps", round_),), actions=ACTIONS, changed={"a": CHANGED, "joint": CHANGED},
        supported={"joint": 3},
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("read") / "site"
    made = release(Order("Joint", "Coalition", "public", date(2026, 11, 25)), Records(), results)
    publish(made, folder, SiteOptions(base_url="https://coalition.example/"))
    return folder


def test_the_calendar_of_actions_says_the_same_to_icalendar(site):
    icalendar = _reader("icalendar")
    read = icalendar.Calendar.from_ical((site / "actions.ics").read_bytes())
    assert not read.errors
    events = {str(one["summary"]): one for one in read.walk("VEVENT")}
    assert set(events) == {one.title for one in ACTIONS}
    for one in ACTIONS:
        event = events[one.title]
        assert not event.errors
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (one.begins, one.ends + timedelta(days=1))
        assert str(event.get("url", "")) == one.address
        assert str(event["description"]) == "; ".join(one.members) + (f"\n{one.text}" if one.text else "")
    assert str(events[ACTIONS[0].title]["location"]) == "Seoul, City Hall, KR"


def test_the_calendar_of_a_round_says_its_deadline_to_icalendar():
    icalendar = _reader("icalendar")
    state, _ = lifecycle.advance(lifecycle.Statement(Round({"Keyed": KEY.verifier()})), lifecycle.Drafted(TEXT))
    deadline = AT + timedelta(days=20)
    state, _ = lifecycle.advance(state, lifecycle.Opened(AT, deadline))
    for language in ("en", "ko", "ja", "es"):
        read = icalendar.Calendar.from_ical(invitations.calendar(state, AT, language))
        (event,) = read.walk("VEVENT")
        assert not event.errors
        assert event.decoded("dtend") == deadline
        assert "Open the camps, now; and let “monitors” in" in str(event["summary"])
        assert [one.decoded("trigger") for one in read.walk("VALARM")] == [
            -one for one in lifecycle.REMINDERS
        ]  # fmt: skip


def test_the_feeds_say_when_something_changed_to_feedparser(site):
    feedparser = _reader("feedparser")
    for language in ("en", "ko", "ja", "es"):
        read = feedparser.parse((site / language / "actions.atom").read_bytes())
        assert not read.bozo, read.get("bozo_exception")
        updated = {one.title: one.updated for one in read.entries}
        assert updated[ACTIONS[0].title] == CHANGED, "when it was entered, and not the day of the event"
        assert updated[ACTIONS[1].title.strip()] == "2026-11-25T00:00:00Z", "nobody kept when: the day of the release"
        assert [one.name for one in read.entries[0].authors]
        feed = feedparser.parse((site / language / "feed.atom").read_bytes())
        assert not feed.bozo
        assert CHANGED in [one.updated for one in feed.entries]


def test_the_data_for_machines_is_json_ld_that_a_processor_expands_whole(site):
    jsonld = _reader("pyld").jsonld

    def offline(address: str, _options: object) -> dict[str, object]:
        """schema.org's own context maps every bare word to its vocabulary; nothing is loaded from elsewhere."""
        assert address.rstrip("/") == "https://schema.org", address
        document = {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}}
        return {"contextUrl": None, "documentUrl": address, "document": document}

    found = 0
    for page in sorted(site.rglob("*.html")):
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.read_text("utf-8"), re.S):
            (whole,) = jsonld.expand(json.loads(unescape(text)), {"documentLoader": offline})
            assert all(one.startswith("https://schema.org/") for one in whole["@type"]), page
            for key in whole:
                assert key.startswith(("@", "https://schema.org/")), (page, key)
            assert jsonld.to_rdf(whole, {"documentLoader": offline})["@default"]
            found += 1
    assert found
