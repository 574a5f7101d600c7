"""What waits for a second person before a key speaks, is ended, or proves a name; and who may say no meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.member_keys import beneath, spoken
from tests.security.test_nobody_signs_for_another import (
    FIRST,
    NAMES,
    NEW,
    NOW,
    OWN,
    SIGNERS,
    act,
    affiliated,
    enrolment,
    entered,
    hand_in,
    hub,
    key_of,
    label,
    made,
    member,
    open_round,
    seen_by,
    upload,
)

from corroborate.coalition import requests
from corroborate.coalition.key_proofs import WAIT
from corroborate.coalition.memberships import Details, KeyIntroduced, KeyRefused, Register, keep
from corroborate.custody import Signer
from corroborate.custody.enrolment import Enrolment, countersign, propose
from corroborate.custody.keys import is_change, revoke, rotate
from corroborate.custody.roster import Departure, depart
from corroborate.errors import InvalidValue
from corroborate.values import PartialDate

__all__ = ["hub", "made"]  # fixtures
SAEBOM, CASA, GENEVA, KEYLESS = NAMES


def revocation(of: str, new: Signer, *others: Signer) -> bytes:
    note = revoke(SIGNERS[of].verifier(), new, 0, NOW)
    for other in others:
        note = beneath(note, other)
    return note


def signed(who, signer: Signer) -> str:
    asked = requests.Request.read(who.get("/statements/joint/request").content)
    return hand_in(who, requests.answer(signer, asked, "with us", datetime.now(UTC).replace(microsecond=0)))


def today():
    return datetime.now(UTC).date()


# A revocation by two other members


def test_from_a_revocation_on_the_old_key_says_nothing_and_the_new_one_not_yet(hub):
    office, saebom = entered("office"), entered("saebom")
    open_round(office)
    assert "taken in: <strong>1</strong>" in hand_in(office, revocation(SAEBOM, NEW, SIGNERS[CASA], SIGNERS[GENEVA]))
    old = SIGNERS[SAEBOM]
    assert key_of(SAEBOM) is None
    for signer in (old, NEW):
        assert "taken in: <strong>0</strong>" in signed(office, signer)
    assert "names no successor" in hand_in(office, rotate(old, Signer(old.name, b"q" * 32), 0, NOW))
    assert "is of no member that we know" in hand_in(office, depart(Departure(old.verifier(), NOW), old))
    about = requests.ask_key(NEW.verifier(), SAEBOM, "Secretariat")
    assert "taken in: <strong>0</strong>" in hand_in(office, requests.answer(old, about, "not ours", NOW))
    assert "your key is in other hands" in seen_by(saebom)
    assert "A second person hears the words" in office.get(f"/members/{label(SAEBOM)}").content.decode()


def test_a_second_person_who_heard_its_words_lets_the_new_key_speak_at_once(hub):
    office, office2 = entered("office"), entered("office2")
    open_round(office)
    hand_in(office, revocation(SAEBOM, NEW, SIGNERS[CASA], SIGNERS[GENEVA]))
    assert label(SAEBOM) in office2.get("/").content.decode()  # it waits for that person
    assert "another person" in act(office, SAEBOM, "heard", heard=spoken(NEW))
    assert "not the words" in act(office2, SAEBOM, "heard", heard=spoken(FIRST))
    assert act(office2, SAEBOM, "heard", heard=spoken(NEW)).startswith("302 ")
    assert key_of(SAEBOM) == NEW.verifier()
    assert "taken in: <strong>1</strong>" in signed(office, NEW)
    assert "taken in: <strong>0</strong>" in signed(office, SIGNERS[SAEBOM])


def test_where_nobody_says_anything_it_speaks_after_the_time(hub):
    hand_in(entered("office"), revocation(SAEBOM, NEW, SIGNERS[CASA], SIGNERS[GENEVA]))
    one = member(SAEBOM)
    assert [one.key(today() + each) for each in (WAIT - timedelta(days=1), WAIT)] == [None, NEW.verifier()]


def test_once_the_new_key_speaks_no_refusal_brings_the_old_one_back(hub):
    hand_in(entered("office"), revocation(SAEBOM, NEW, SIGNERS[CASA], SIGNERS[GENEVA]))
    later, one, third = today() + WAIT, label(SAEBOM), Signer(SAEBOM, b"\x57" * 32)
    register = Register({one: member(SAEBOM)})
    with pytest.raises(InvalidValue, match="no key waits"):
        keep(register, KeyRefused(one, later, "office", own=True))
    register = keep(register, KeyIntroduced(one, enrolment(SAEBOM, third, at=NOW + WAIT), later, "office"))
    register = keep(register, KeyRefused(one, later, "office"))  # one person is enough again
    assert (register[one].introduced, register[one].key(later)) == (None, NEW.verifier())
    assert SIGNERS[SAEBOM].verifier() not in [key for key, _, until in register[one].keys if until is None]


def test_the_member_s_own_account_refuses_and_the_key_before_speaks_again(hub):
    office, saebom = entered("office"), entered("saebom")
    open_round(office)
    note = revocation(SAEBOM, NEW, SIGNERS[CASA], SIGNERS[GENEVA])
    hand_in(office, note)
    assert act(saebom, SAEBOM, "not-theirs").startswith("302 ")
    assert key_of(SAEBOM) == SIGNERS[SAEBOM].verifier()
    assert "taken in: <strong>1</strong>" in signed(saebom, SIGNERS[SAEBOM])
    assert "its vault makes another one" in hand_in(office, note)  # nobody freezes it again with the same file
    assert key_of(SAEBOM) == SIGNERS[SAEBOM].verifier()


def test_an_account_that_nobody_vouched_for_sets_no_stolen_key_free(hub):
    """Whoever made it may be the thief."""
    from django.contrib.auth import get_user_model

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    keeper = Desk(hub, actor_of(accounts.known("keeper")), NOW)
    accounts.add(keeper, "straw", ["representative"], label(SAEBOM))
    straw = get_user_model().objects.get(username="straw")
    accounts.choose(Desk(hub, actor_of(straw), NOW), OWN, lambda _: False)
    hand_in(entered("office"), revocation(SAEBOM, NEW, SIGNERS[CASA], SIGNERS[GENEVA]))
    assert "nobody has vouched for this account" in act(entered("straw"), SAEBOM, "not-theirs")
    assert key_of(SAEBOM) is None


def test_of_the_secretariat_two_people_refuse_and_not_one(hub):
    office, office2, saebom = entered("office"), entered("office2"), entered("saebom")
    hand_in(office, revocation(SAEBOM, NEW, SIGNERS[CASA], SIGNERS[GENEVA]))
    assert act(office, SAEBOM, "not-theirs").startswith("302 ")
    assert key_of(SAEBOM) is None
    assert "office says that the new key is not yours" in seen_by(saebom)
    assert "nobody is second to themselves" in act(office, SAEBOM, "not-theirs")
    assert act(office2, SAEBOM, "not-theirs").startswith("302 ")
    assert key_of(SAEBOM) == SIGNERS[SAEBOM].verifier()


def test_one_body_with_two_seats_in_two_languages_is_heir_to_no_key(hub, recorded_key):
    """No likeness tells that the House of Memory is the Casa de la Memoria."""
    office, saebom = entered("office"), entered("saebom")
    open_round(office)
    mina = affiliated("Mina Holm", "House of Memory, Madrid", "member", b"\x31", recorded_key, hub)
    thief = Signer(SAEBOM, b"\x66" * 32)
    hand_in(office, revocation(SAEBOM, thief, SIGNERS[CASA], mina))
    assert "taken in: <strong>0</strong>" in signed(office, thief)
    act(saebom, SAEBOM, "not-theirs")
    assert "taken in: <strong>1</strong>" in signed(saebom, SIGNERS[SAEBOM])


def test_an_individual_and_the_body_beside_it_are_one_voice_against_a_key(hub, recorded_key):
    mina = affiliated("Mina Holm", "Memoria, Casa de la", "member", b"\x31", recorded_key, hub)
    said = hand_in(entered("office"), revocation(SAEBOM, NEW, SIGNERS[CASA], mina))
    assert "1 other member has signed" in said
    assert key_of(SAEBOM) == SIGNERS[SAEBOM].verifier()


# Names by which a key can be proved


def corrected(who, name: str, /, **given: str) -> str:
    known = member(name).details
    row = {"name": known.name, "kind": known.kind, "country": "kr", "abbreviation": known.abbreviation, **given}
    return act(who, name, "correct", **row)


SUNRISE = Signer("Sunrise-Fund", b"\x51" * 32)  # another body's, for which two members heard its words, truly


def of_sunrise(days: int = 60) -> bytes:
    note = enrolment("Sunrise Fund", SUNRISE, SIGNERS[SAEBOM], SIGNERS[CASA], at=NOW - timedelta(days=days))
    assert note
    return note


@pytest.mark.parametrize("field", ["abbreviation", "name"])
def test_a_name_written_down_since_proves_no_key_that_was_heard_for_another_body(hub, field):
    """Also where the name was written down and taken away again."""
    office = entered("office")
    was, where = label(KEYLESS), f"/members/{label(KEYLESS)}"
    assert corrected(office, KEYLESS, **{field: "Sunrise Fund"}).startswith("302 ")
    called = "Sunrise Fund" if field == "name" else KEYLESS
    for again in (called, KEYLESS):
        if field == "name" and again == KEYLESS:
            assert corrected(office, called, name=KEYLESS).startswith("302 ")
        answer = office.post(where, {"act": "key", "proof": upload(of_sunrise())})
        assert answer.status_code == 302
        one = member(again)
        assert (one.id, one.key(today()), one.waiting(today())) == (was, None, SUNRISE.verifier())
        assert one.introduced is not None
        assert one.introduced.by == "office"
        assert act(office, again, "not-theirs").startswith("302 ")


def test_a_name_that_stood_before_the_note_proves_its_key_as_before(hub):
    office = entered("office")
    note = enrolment(KEYLESS, FIRST, SIGNERS[SAEBOM], SIGNERS[CASA])
    assert act(office, KEYLESS, "key", proof=upload(note)).startswith("302 ")
    assert key_of(KEYLESS) == FIRST.verifier()


def test_an_abbreviation_of_a_member_with_a_key_is_said_by_two(hub):
    office, office2, saebom = entered("office"), entered("office2"), entered("saebom")
    assert corrected(office, SAEBOM, abbreviation="Sunrise Fund", contact="a@example.org").startswith("302 ")
    assert (member(SAEBOM).details.abbreviation, member(SAEBOM).details.contact) == ("", "")
    assert member(SAEBOM).moving.contact == "a@example.org"
    assert "Sunrise Fund" in seen_by(saebom)
    shown = f"{SAEBOM} (Sunrise Fund)"
    assert shown in office2.get(f"/members/{label(SAEBOM)}").content.decode()
    assert "nobody is second to themselves" in act(office, SAEBOM, "second-name", name=shown)
    assert "another name waits" in act(office2, SAEBOM, "second-name", name=SAEBOM)
    assert act(office2, SAEBOM, "second-name", name=shown).startswith("302 ")
    assert member(SAEBOM).details.abbreviation == "Sunrise Fund"
    assert corrected(office, SAEBOM, abbreviation="").startswith("302 ")  # to take one away proves nothing
    assert member(SAEBOM).details.abbreviation == ""


def test_an_abbreviation_that_is_another_member_s_name_is_said_by_two(hub):
    assert corrected(entered("office"), KEYLESS, abbreviation="geneva-watch").startswith("302 ")
    assert member(KEYLESS).details.abbreviation == ""


# What a key is called


def test_a_key_that_is_called_like_another_member_is_not_taken(hub):
    office = entered("office")
    for called in ("Geneva-Watch", "GENEVA_WATCH", "Genevа-Watch"):  # the last one in part Cyrillic
        note = enrolment(KEYLESS, Signer(called, b"\x4e" * 32), SIGNERS[SAEBOM], SIGNERS[CASA])
        assert "calls itself" in act(office, KEYLESS, "key", proof=upload(note))
    assert member(KEYLESS).waiting(today()) is None


# The end of a key, and a return


def test_in_an_open_round_one_person_ends_no_key_and_either_takes_it_back(hub):
    office, office2, saebom = entered("office"), entered("office2"), entered("saebom")
    open_round(office)
    assert act(office, SAEBOM, "end-key").startswith("302 ")
    assert "Somebody says that your key is lost or stolen" in seen_by(saebom)
    assert "taken in: <strong>1</strong>" in signed(office, SIGNERS[SAEBOM])
    assert "nobody is second to themselves" in act(office, SAEBOM, "end-key")
    assert act(office2, SAEBOM, "not-so").startswith("302 ")
    assert act(office2, SAEBOM, "end-key").startswith("302 ")  # who says it now is the first again
    assert key_of(SAEBOM) is not None
    assert act(office, SAEBOM, "end-key").startswith("302 ")
    assert key_of(SAEBOM) is None


def test_who_left_by_its_own_key_is_not_brought_back_by_one_person(hub):
    office, office2 = entered("office"), entered("office2")
    hand_in(entered("saebom"), depart(Departure(SIGNERS[SAEBOM].verifier(), NOW), SIGNERS[SAEBOM]))
    act(office, SAEBOM, "return")
    assert member(SAEBOM).left is not None
    assert act(office2, SAEBOM, "not-so").startswith("302 ")
    assert member(SAEBOM).returning is None
    act(office2, SAEBOM, "return")
    assert member(SAEBOM).left is not None
    act(office, SAEBOM, "return")
    assert member(SAEBOM).left is None


# What the hub's own log knows of keys, and of whom a name is


def logged(vault, *notes: bytes) -> None:
    from corroborate_node.core.desk import owner
    from corroborate_node.log import actions

    for note in notes:
        desk = owner(vault, datetime.now(UTC).replace(microsecond=0))
        (actions.change_key if is_change(note) else actions.admit)(desk, note)


@pytest.mark.parametrize("by", ["revoked", "replaced"])
def test_a_key_that_the_log_here_knows_as_given_up_says_nothing_more(hub, by):
    """The register still has it: whoever has the key now would sign a text, and end its member's part in the round."""
    office, old, seats = entered("office"), SIGNERS[GENEVA], [NOW - timedelta(days=days) for days in (40, 39, 38)]
    logged(hub, enrolment(CASA, SIGNERS[CASA], at=seats[0]))
    logged(hub, enrolment(SAEBOM, SIGNERS[SAEBOM], SIGNERS[CASA], at=seats[1]))
    logged(hub, enrolment(GENEVA, old, SIGNERS[CASA], SIGNERS[SAEBOM], at=seats[2]))
    heir = Signer(old.name, b"\x59" * 32)
    open_round(office)
    if by == "revoked":
        logged(hub, beneath(beneath(revoke(old.verifier(), heir, 1, NOW), SIGNERS[CASA]), SIGNERS[SAEBOM]))
    else:
        logged(hub, rotate(old, heir, 1, NOW))
    said = signed(office, old)
    assert "taken in: <strong>0</strong>" in said
    assert "this key was revoked or replaced: it speaks for nobody" in said
    gone = hand_in(office, depart(Departure(old.verifier(), NOW), old))
    assert "this key was revoked or replaced: it speaks for nobody" in gone
    assert member(GENEVA).left is None


@pytest.mark.parametrize(("organisation", "voice", "at_once"), [
    ("NKF", "North Korea Forum, Berlin", False), ("NKF", "北の家族の会", False),
    ("北の家族の会", "North Korea Forum, Berlin", False), ("北の家族の会", "北の家族の会", True),
])  # fmt: skip
def test_an_enrolment_under_an_abbreviation_or_another_s_voice_waits_for_somebody_who_heard_it(
    hub, organisation, voice, at_once
):
    """Two bodies may have one short name: who countersigned one of them heard nothing of the other."""
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core.desk import owner

    details = Details("北の家族の会", "organisation", "JP", abbreviation="NKF")
    given = [(details, "member", PartialDate.parse("2015"), False, "")]
    actions.admit_all(owner(hub, NOW - timedelta(days=90)), given)
    signer = Signer("NKF", b"\x79" * 32)
    note = propose(Enrolment(organisation, voice, signer.verifier(), NOW), signer)
    for other in (SIGNERS[SAEBOM], SIGNERS[CASA]):
        note = countersign(note, other, spoken(signer))
    hand_in(entered("office"), note)
    one = member("北の家族の会")
    assert (one.key(today()) == signer.verifier()) == at_once
    assert (one.introduced is not None) == (not at_once)
