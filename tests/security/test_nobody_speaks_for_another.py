"""What one account tries on a hub so that a member says what it did not say: positions, letters, authorities, names."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.member_keys import spoken
from tests.security.test_nobody_signs_for_another import (
    NAMES,
    NOW,
    OWN,
    SIGNERS,
    TEXT,
    act,
    enrolment,
    entered,
    hand_in,
    hub,
    key_of,
    label,
    letter,
    made,
    member,
    seen_by,
    upload,
)

from corroborate.coalition import Member, Round, Version, memberships, requests, sign
from corroborate.coalition.declarations import declare
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Results, release
from corroborate.errors import InvalidValue
from corroborate.site import SiteOptions, publish
from corroborate.values import Digest

__all__ = ["hub", "made"]  # fixtures
KEYED, WITHOUT = NAMES[0], NAMES[3]


def asked(office) -> requests.Request:
    """The question, put to all, and the request that takes a position on it."""
    row = {"title": "Shall we meet?", "text": "In May.", "rule": "majority", "closes": "2099-01-01 18:00"}
    assert office.post("/decisions", {"name": "meeting", **row}).status_code == 302
    return requests.Request.read(office.get("/decisions/meeting/request").content)


def heard(office, name: str) -> str:
    answer = office.post("/decisions/meeting", {"member": label(name), "position": "support", "reason": "as was said"})
    return html.unescape(f"{answer.status_code} {answer.content.decode()}")


def minutes(office) -> str:
    return office.get("/decisions/meeting/txt").content.decode()


def test_nobody_ends_a_key_to_write_down_what_its_member_said(hub):
    office = entered("office")
    act(office, KEYED, "end-key")
    asked(office)
    assert "letters on paper count again from" in heard(office, KEYED)
    assert heard(office, WITHOUT).startswith("302 ")  # who never had a key can be heard
    assert f"- {KEYED}: silent" in minutes(office)


def test_what_a_member_signed_is_not_written_over_by_what_somebody_heard(hub, recorded_key):
    """It had no key when the question was put, and has one now."""
    office = entered("office")
    question = asked(office)
    recorded_key(hub, label(WITHOUT), SIGNERS[WITHOUT], NOW - timedelta(days=30))
    early = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    hand_in(office, requests.answer(SIGNERS[WITHOUT], question, "object", early, "never"))
    assert "its key alone can speak" in heard(office, WITHOUT)
    act(office, WITHOUT, "end-key")
    assert heard(office, WITHOUT).startswith("400 ")
    assert f"- {WITHOUT}: object: never" in minutes(office)


def waiting_letter(office, **more: str) -> None:
    office.post("/statements", {"name": "joint", "text": TEXT, "text_language": "en"})
    office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 18:00"})
    assert letter(office, WITHOUT, **more).startswith("302 ")


def confirmed(who, page: str = "") -> str:
    """The button of a page: what it showed goes with it."""
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    form = {"act": "confirm", "member": label(WITHOUT), "shown": shown[1] if shown else ""}
    answer = who.post("/statements/joint", form)
    return html.unescape(f"{answer.status_code} {answer.content.decode()}")


def state_of(name: str) -> str:
    from corroborate_node.coalition.campaign import queries

    found = queries.state("joint", queries.register(), NOW.date())
    return next(one.state for one in found.round.responses() if one.member == label(name))


def test_who_confirms_a_letter_is_shown_what_its_record_says(hub):
    office, office2 = entered("office"), entered("office2")
    waiting_letter(office, letter="But not the second demand")
    page = html.unescape(office2.get("/statements/joint").content.decode())
    waits = page.partition("The record of the letter says:")[2].partition("</td>")[0]
    assert "with us" in waits
    assert "But not the second demand" in waits
    assert "recorded by office" in waits
    office2.get(f"/scans/{Digest.of(b'a letter')}")
    assert confirmed(office2, page).startswith("302 ")
    assert state_of(WITHOUT) == "signed"


def test_a_record_that_was_changed_under_the_second_person_s_eyes_is_not_confirmed(hub):
    from corroborate_node.coalition.campaign import models

    office, office2 = entered("office"), entered("office2")
    office.post("/statements", {"name": "joint", "text": TEXT, "text_language": "en"})
    before = datetime.now(UTC) - timedelta(days=2)
    models.Happened.objects.filter(stream="statement/joint").update(at=before)  # it was put up two days ago
    waiting_letter(office, choice="abstains", signed=f"{before:%Y-%m-%d}")
    page = html.unescape(office2.get("/statements/joint").content.decode())
    office2.get(f"/scans/{Digest.of(b'a letter')}")
    assert letter(office, WITHOUT, choice="with us").startswith("302 ")  # the same scan, another word
    assert "another record of this letter stands" in confirmed(office2, page)
    assert state_of(WITHOUT) == "silent"


def test_a_letter_counts_no_more_once_its_member_has_a_key(hub, recorded_key):
    office, office2 = entered("office"), entered("office2")
    waiting_letter(office)
    recorded_key(hub, label(WITHOUT), SIGNERS[WITHOUT], NOW - timedelta(days=30))
    office2.get(f"/scans/{Digest.of(b'a letter')}")
    assert "its key alone can speak" in confirmed(office2)
    assert state_of(WITHOUT) == "silent"


def test_an_authority_that_a_member_ended_does_not_come_back_with_the_old_note(hub):
    office, today = entered("office"), datetime.now(UTC).replace(microsecond=0)
    kim = memberships.Signatory("Kim Mallory", "clerk", (today - timedelta(days=9)).date())
    names = memberships.name_signatory(SIGNERS[KEYED], kim, today - timedelta(days=5))
    fields = {"name": kim.name, "role": kim.role, "since": str(kim.since), "choice": "ends"}
    hand_in(office, names, declare(SIGNERS[KEYED], "signatory", fields, today - timedelta(days=1)))
    assert not member(KEYED).may_sign(kim.name, today.date())
    assert "this note is not newer" in hand_in(office, names)
    assert not member(KEYED).may_sign(kim.name, today.date())


def authority(office, name: str, person: str) -> str:
    form = {"person": person, "person_role": "Chair", "since": "2026-01-01", "scan": upload(b"a letter", "l.png")}
    return act(office, name, "letter", second="office2", second_passphrase=OWN, **form)


def test_one_scan_is_one_authority_of_one_person_by_one_member(hub):
    office = entered("office")
    assert authority(office, KEYED, "Tom Lind").startswith("302 ")
    assert "one scan is one letter" in authority(office, NAMES[1], "Tom Lind")
    assert "one scan is one letter" in authority(office, KEYED, "Ann Berg")
    assert authority(office, KEYED, "Tom Lind").startswith("302 ")  # the same once more says nothing new
    assert "one scan is one letter" in letter_as_sign_on(office)


def letter_as_sign_on(office) -> str:
    office.post("/statements", {"name": "joint", "text": TEXT, "text_language": "en"})
    office.post("/statements/joint", {"act": "open", "deadline": "2099-01-01 18:00"})
    return letter(office, WITHOUT)


def test_another_member_s_account_is_none_of_the_two_who_stand_by_a_key(hub, account):
    """Whoever acts for one member hands in a key in another's name: then one of the secretariat would be enough."""
    office, saebom, new = entered("office"), entered("saebom"), Signer("x", b"\x55" * 32)
    assert "put forward by the secretariat" in hand_in(saebom, enrolment(WITHOUT, new))
    assert member(WITHOUT).introduced is None
    assert act(office, WITHOUT, "heard", heard=spoken(new)).startswith("400 ")
    assert key_of(WITHOUT) is None
    account(hub, "niigata", OWN, "representative", scope=label(WITHOUT))
    hand_in(entered("niigata"), enrolment(WITHOUT, new))
    assert member(WITHOUT).introduced is not None
    with_two = enrolment(NAMES[1], Signer("y", b"\x54" * 32), SIGNERS[KEYED], SIGNERS[NAMES[2]])
    assert "taken in: <strong>1</strong>" in hand_in(saebom, with_two)  # what two members signed, anybody carries


@pytest.mark.parametrize("name", ["owner", "Owner", "system: fixity"])
def test_no_account_is_named_as_the_history_names_the_owner_or_the_node(hub, name):
    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    keeper = Desk(hub, actor_of(accounts.known("keeper")), NOW)
    with pytest.raises(InvalidValue, match="how the history names"):
        accounts.add(keeper, name, ["secretariat"])


def test_no_account_bears_the_name_of_a_member_for_which_it_does_not_act(hub):
    """Its comments would be read as that member's."""
    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    keeper, name = Desk(hub, actor_of(accounts.known("keeper")), NOW), NAMES[1]
    for given in (name, name.upper(), label(name)):
        for roles, scope in ((["secretariat"], ""), (["representative"], label(KEYED))):
            with pytest.raises(InvalidValue, match="this account does not act for it"):
                accounts.add(keeper, given, roles, scope)
    accounts.add(keeper, name, ["representative"], label(name))


def test_a_member_whose_name_in_the_register_is_changed_is_told(hub):
    office, saebom = entered("office"), entered("saebom")
    form = {"act": "correct", "name": "Another House", "kind": "organisation", "country": "KR"}
    assert office.post(f"/members/{label(KEYED)}", form).status_code == 302
    assert "Somebody says that you are called Another House now" in seen_by(saebom)
    second = {"act": "second-name", "name": "Another House"}
    assert entered("office2").post(f"/members/{label(KEYED)}", second).status_code == 302
    assert f"Your name in the register was changed. Before it was {KEYED}" in seen_by(saebom)


@pytest.mark.parametrize("names", [("New Light", "New-Light"), ("Hope", "Hope")], ids=["alike", "the same"])
def test_no_member_s_page_lists_what_another_of_a_like_name_signed(names, tmp_path):
    signer = Signer("first", b"\x01" * 32)
    text = Version("joint", 1, b"Let monitors in.\n")
    round_ = Round({"first": signer.verifier()}, without_key=("second",)).propose(text)
    round_ = round_.receive(sign(signer, text, "with us", NOW), NOW)
    known = dict(zip(("second", "first"), ((one, "organisation") for one in names), strict=True))
    listed = tuple(Member(one, "organisation", "", code, "none") for one, code in zip(names, ("KR", "JP"), strict=True))
    given = Results(members=listed, rounds=(("Let monitors in", round_),), called=known)
    publish(release(Order("Joint", "Coalition", "public", NOW.date()), Records(), given), tmp_path, SiteOptions())
    pages = {one.name: one.read_text("utf-8") for one in sorted((tmp_path / "en" / "members").glob("*.html"))}
    signed = [name for name, page in pages.items() if "statements/joint.html" in page]
    assert len(pages) == 2
    assert signed == ([] if names[0] == names[1] else ["new-light-2.html"])
    assert "<bdi>" + names[1] in (tmp_path / "en" / "statements" / "joint.html").read_text("utf-8")
