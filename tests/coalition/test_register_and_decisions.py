"""The register through time, each member's own choice, and decisions whose result follows from their record."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.member_keys import proved

from corroborate.coalition import autonomy, decisions, memberships
from corroborate.coalition.declarations import Keys, declare, read_declaration
from corroborate.coalition.memberships import Admitted, Details, Left, Register, Returned, keep
from corroborate.coalition.requests import Request, answer, ask_position, ask_stance
from corroborate.coalition.statements import Round, Version, sign
from corroborate.custody import Signer
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed, NotVerified
from corroborate.values import Digest, PartialDate

DAY = date(2026, 3, 1)
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SIGNERS = {name: Signer(name, bytes([at]) * 32) for at, name in enumerate(("seoul", "niigata", "geneva"), 1)}
KEYS = Keys.of({name: signer.verifier() for name, signer in SIGNERS.items()})


def admitted(id_: str, name: str = "", kind: str = "organisation", **more: str) -> Admitted:
    return Admitted(id_, Details(name or id_, kind, **more), "member", PartialDate.parse("2011-12"))  # type: ignore[arg-type]


def register(*events: memberships.Event) -> Register:
    found = Register()
    for event in (*(admitted(one) for one in SIGNERS), *events):
        found = keep(found, event)
    return found


def keyed() -> Register:
    day = datetime.combine(DAY, time(), UTC)
    return register(*(event for name, signer in SIGNERS.items() for event in proved(name, name, signer, day)))


def test_the_same_event_twice_changes_nothing():
    for event in (admitted("seoul"), Left("seoul", DAY), proved("seoul", "seoul", SIGNERS["seoul"], AT)[0]):
        once = keep(register(), event)
        assert keep(once, event) == once


def test_a_member_who_left_is_asked_nothing_and_keeps_what_it_signed():
    round_ = keyed().seat(Round({}), DAY).propose(Version("joint", 1, b"Text\n"))
    round_ = round_.receive(sign(SIGNERS["geneva"], round_.current, "with us", AT), AT)
    after = keep(keyed(), Left("geneva", date(2026, 4, 1)))
    later = after.seat(round_, date(2026, 4, 2))
    assert {one.member: one.state for one in later.responses()}["geneva"] == "signed"
    new = after.seat(Round({}), date(2026, 4, 2)).propose(Version("next", 1, b"Next\n"))
    assert "geneva" not in {one.member for one in new.responses()}
    when = datetime(2026, 4, 2, tzinfo=UTC)
    with pytest.raises(NotAllowed, match="left on 2026-04-01"):
        new.receive(sign(SIGNERS["geneva"], new.current, "with us", AT), when)  # its own clock set back helps nothing
    changed = later.propose(Version("joint", 2, b"Text.\n"))
    with pytest.raises(NotAllowed, match="left on"):
        changed.receive(sign(SIGNERS["geneva"], changed.current, "with us", when), when)
    assert "geneva" in {one.member for one in keep(after, Returned("geneva", when.date())).seat(Round({}), when.date())
                        .propose(Version("next", 1, b"Next\n")).responses()}  # fmt: skip


def test_two_organisations_with_one_name_are_flagged_and_told_apart_by_their_keys():
    found = register(admitted("peace-1", "Peace House"), admitted("peace-2", "Peace House"))
    assert "already" in found["peace-2"].flags[0]
    first, second = Signer("Peace-House", b"\x07" * 32), Signer("Peace-House", b"\x08" * 32)
    round_ = Round({"peace-1": first.verifier(), "peace-2": second.verifier()}).propose(Version("joint", 1, b"T\n"))
    round_ = round_.receive(sign(second, round_.current, "with us", AT), AT)
    assert {one.member: one.state for one in round_.responses()} == {"peace-1": "silent", "peace-2": "signed"}


def test_one_key_is_one_member_s():
    with pytest.raises(NotAllowed, match="is, or was, the one of seoul"):
        keep(keyed(), proved("geneva", "geneva", SIGNERS["seoul"], AT)[0])


def test_an_individual_without_authority_stands_in_a_personal_capacity_until_corrected_or_confirmed():
    mina = admitted("mina", "Mina Holm", "individual", affiliation="geneva", capacity="on behalf")
    found = keep(keyed(), mina)
    assert "has not confirmed" in found["mina"].flags[0]
    assert found.shown("mina").personal
    personal = replace(found["mina"].details, capacity="personal")
    corrected = keep(found, memberships.Corrected("mina", personal, DAY))
    assert corrected["mina"].flags == ()
    assert corrected["mina"].formerly == ((DAY, found["mina"].details),)
    person = memberships.Signatory("Mina Holm", "Director", DAY, proof="key")
    note = memberships.name_signatory(SIGNERS["geneva"], person, AT)
    confirmed = keep(found, memberships.SignatoryNamed("geneva", person, read_declaration(note, "signatory", KEYS)))
    assert not confirmed.shown("mina").personal
    forged = read_declaration(memberships.name_signatory(SIGNERS["seoul"], person, AT), "signatory", KEYS)
    for said in (forged, None):
        with pytest.raises(NotVerified):
            keep(found, memberships.SignatoryNamed("geneva", person, said))
    ended = keep(confirmed, memberships.SignatoryEnded("geneva", "Mina Holm", date(2026, 5, 1)))
    assert ended.shown("mina").personal
    assert not ended.shown("mina", on=date(2026, 4, 30)).personal, "she had it on that day"
    assert ended.shown("mina", on=date(2026, 5, 1)).personal
    gone = keep(confirmed, memberships.Left("geneva", date(2026, 5, 1)))
    assert gone.shown("mina", on=date(2026, 5, 2)).personal, "who left gives nobody authority"


def test_a_letter_of_authority_is_sealed_and_countersigned_by_somebody_else():
    person = memberships.Signatory("Tom Lind", "Chair", DAY, letter=Digest.of(b"scan"), countersigned_by="kim")
    with pytest.raises(NotAllowed, match="countersigned"):
        keep(keyed(), memberships.SignatoryNamed("geneva", person, recorded_by="kim"))
    found = keep(keyed(), memberships.SignatoryNamed("geneva", person, recorded_by="lee"))
    assert found["geneva"].may_sign("Tom Lind", DAY)
    assert not found["geneva"].may_sign("Tom Lind", date(2025, 1, 1))


def test_a_new_key_ends_the_old_one_and_old_notes_stay_their_member_s():
    new = Signer("seoul", b"\x33" * 32)
    found = keyed()
    for event in proved("seoul", "seoul", new, datetime(2026, 6, 1, tzinfo=UTC)):
        found = keep(found, event)
    assert found["seoul"].key(date(2026, 5, 1)) == SIGNERS["seoul"].verifier()
    assert found["seoul"].key(date(2026, 6, 1)) == new.verifier()


def test_an_ended_key_says_nothing_new_and_what_it_said_stands():
    round_ = keyed().seat(Round({}), DAY).propose(Version("joint", 1, b"Text\n"))
    round_ = round_.receive(sign(SIGNERS["seoul"], round_.current, "with us", AT), AT)
    later = date(2026, 6, 1)
    after = keep(keyed(), memberships.KeyEnded("seoul", later)).seat(round_, later)
    assert {one.member: one.state for one in after.responses()}["seoul"] == "signed"
    when = datetime(2026, 6, 2, tzinfo=UTC)
    with pytest.raises(NotVerified):
        after.receive(sign(SIGNERS["seoul"], round_.current, "withdraws", when), when)


@pytest.mark.parametrize(
    "details",
    [{"name": ""}, {"name": "A\nB"}, {"name": "A", "site": "javascript:alert(1)"},
     {"name": "A", "capacity": "personal"}, {"name": "A", "kind": "individual", "capacity": "on behalf"}],
)  # fmt: skip
def test_details_that_cannot_be_are_refused(details):
    with pytest.raises(InvalidValue):
        Details(**{"kind": "organisation", **details})


SUBJECT = autonomy.Subject("finding", "cah.torture", DAY)


def chosen(order: list[tuple[str, str, int]]) -> autonomy.Choices:
    found = autonomy.Choices()
    for who, stance, second in order:
        note = autonomy.choose(SIGNERS[who], SUBJECT, stance, AT + timedelta(seconds=second))  # type: ignore[arg-type]
        found = found.receive(autonomy.read_stance(note, KEYS))
    return found


@given(
    st.lists(st.tuples(st.sampled_from(sorted(SIGNERS)), st.sampled_from(autonomy.STANCES), st.integers(0, 3))),
    st.randoms(use_true_random=False),
)
def test_stances_in_any_order_with_replays_give_one_answer(said, chance):
    again = [*said, *said[: len(said) // 2]]
    chance.shuffle(again)
    for member in SIGNERS:
        assert chosen(said).stance(member, SUBJECT) == chosen(again).stance(member, SUBJECT)


def test_nothing_is_chosen_for_anybody_and_leaving_changes_nothing_before():
    found = chosen([("seoul", "with us", 0)])
    assert [found.stance(one, SUBJECT) for one in SIGNERS] == ["with us", "silent", "silent"]
    assert found.stance("seoul", SUBJECT, left=date(2026, 4, 1)) == "with us"
    after = autonomy.Subject("finding", "new", date(2026, 5, 1))
    note = autonomy.choose(SIGNERS["seoul"], after, "with us", AT)
    with pytest.raises(NotAllowed, match="cannot be with it"):
        found.receive(autonomy.read_stance(note, KEYS), date(2026, 4, 1), after)
    assert found.stance("seoul", after, left=date(2026, 4, 1)) == "silent"


RULES = st.one_of(
    st.builds(decisions.Rule, st.just("consensus"), st.integers(0, 3), st.integers(1, 3)),
    st.builds(decisions.Rule, st.sampled_from(["majority", "steering"]), st.just(0), st.integers(1, 3)),
)
SAID = st.lists(
    st.tuples(st.sampled_from(sorted(SIGNERS)), st.sampled_from(decisions.POSITIONS), st.integers(0, 5)), max_size=8
)


def proposal(rule: decisions.Rule | None = None) -> decisions.Proposal:
    return decisions.Proposal(
        "costs", "Share the costs", "Each pays a tenth.\n", tuple(SIGNERS), rule or decisions.Rule("consensus"), AT,
        AT + timedelta(days=1), {}, frozenset(SIGNERS),
    )  # fmt: skip


def heard(order: list[tuple[str, str, int]], rule: decisions.Rule) -> decisions.Proposal:
    found = proposal(rule)
    for who, position, second in order:
        note = decisions.take_position(SIGNERS[who], found, position, "a reason",  # type: ignore[arg-type]
                                       AT + timedelta(seconds=second))  # fmt: skip
        said = read_declaration(note, "position as asked", KEYS)
        found = decisions.hear(found, decisions.said_in(said), AT, about=said.fields)
    return found


@given(SAID, RULES, st.randoms(use_true_random=False))
def test_positions_in_any_order_with_replays_give_one_result(said, rule, chance):
    again = [*said, *said[::2]]
    chance.shuffle(again)
    end = AT + timedelta(days=2)
    assert decisions.result(heard(said, rule), end) == decisions.result(heard(again, rule), end)


@given(SAID, RULES)
def test_an_objection_more_never_turns_a_refusal_into_an_adoption(said, rule):
    end, before = AT + timedelta(days=2), heard(said, rule)
    silent = [one for one in SIGNERS if one not in before.said]
    if silent and decisions.result(before, end).outcome == "not adopted":
        assert decisions.result(heard([*said, (silent[0], "object", 0)], rule), end).outcome == "not adopted"


@pytest.mark.parametrize(
    ("rule", "positions", "outcome"),
    [
        (decisions.Rule("consensus"), "ssa", "adopted"),
        (decisions.Rule("consensus"), "sso", "not adopted"),
        (decisions.Rule("consensus", 1), "sso", "adopted"),
        (decisions.Rule("consensus", 1), "soo", "not adopted"),
        (decisions.Rule("consensus"), "aaa", "not adopted"),
        (decisions.Rule("majority"), "sso", "adopted"),
        (decisions.Rule("majority"), "so", "not adopted"),
        (decisions.Rule("majority", 0, 3), "ss", "no quorum"),
        (decisions.Rule("steering"), "s", "adopted"),
    ],
)
def test_results_by_rule(rule, positions, outcome):
    full = {"s": "support", "a": "abstain", "o": "object"}
    said = [(who, full[letter], 0) for who, letter in zip(SIGNERS, positions, strict=False)]
    assert decisions.result(heard(said, rule), AT + timedelta(days=2)).outcome == outcome
    assert decisions.result(heard(said, rule), AT).outcome == "open"


def test_positions_that_nobody_may_take():
    one = proposal()
    with pytest.raises(NotAllowed, match="its key alone"):
        decisions.hear(one, decisions.Said("seoul", "support", "", AT, recorded_by="kim"), AT)
    with pytest.raises(NotAllowed, match="not asked"):
        decisions.hear(one, decisions.Said("stranger", "support", "", AT, recorded_by="kim"), AT)
    with pytest.raises(NotAllowed, match="closed"):
        decisions.hear(one, decisions.Said("seoul", "support", "", AT, b"note"), AT + timedelta(days=3))
    with pytest.raises(InvalidValue, match="reason"):
        decisions.Said("seoul", "object", " ", AT, b"note")
    note = decisions.take_position(SIGNERS["seoul"], replace(one, text="other words"), "support", "", AT)
    said = read_declaration(note, "position as asked", KEYS)
    with pytest.raises(NotAllowed, match="other words"):
        decisions.hear(one, decisions.said_in(said), AT, about=said.fields)


def test_what_a_member_signed_is_replaced_only_by_a_signed_word():
    """Its key ended, and somebody writes down that it was heard to agree after all."""
    one = replace(heard([("geneva", "object", 0)], decisions.Rule("consensus")), by_key=frozenset())
    later = AT + timedelta(hours=1)
    with pytest.raises(NotAllowed, match="only a signed word"):
        decisions.hear(one, decisions.Said("geneva", "support", "", later, recorded_by="kim"), later)
    silent = decisions.hear(one, decisions.Said("niigata", "support", "", later, recorded_by="kim"), later)
    assert decisions.result(silent, AT + timedelta(days=2)).object == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": decisions.Rule("consensus", 2)},
        {"rule": decisions.Rule("majority")},
        {"rule": decisions.Rule("consensus", 1, 2)},
        {"closes": AT + timedelta(days=9)},
    ],
)
def test_a_position_counts_under_the_rule_and_until_the_time_that_it_was_given_for(changed):
    """Who bears one objection may well object; where two are borne since, the same word adopts what it was against."""
    one = heard([("seoul", "support", 0), ("geneva", "object", 0), ("niigata", "object", 0)],
                decisions.Rule("consensus", 1))  # fmt: skip
    assert decisions.result(one, AT + timedelta(days=20)).outcome == "not adopted"
    other, end = replace(one, **changed), AT + timedelta(days=20)
    found = decisions.result(other, end)
    assert (found.outcome, found.silent) == ("no quorum", 3)
    names = {label: label for label in SIGNERS}
    text = decisions.minutes_text(other, names, end)
    assert text.count("said of another proposal (consensus minus 1, quorum 1, until 2026-03-02T09:00:00Z)") == 3
    note = decisions.take_position(SIGNERS["geneva"], one, "object", "late", AT + timedelta(seconds=9))
    old = read_declaration(note, "position as asked", KEYS)
    with pytest.raises(NotAllowed, match="under another rule, or until another time"):
        decisions.hear(other, decisions.said_in(old), AT, about=old.fields)
    again = decisions.take_position(SIGNERS["geneva"], other, "object", "again", AT + timedelta(seconds=9))
    new = read_declaration(again, "position as asked", KEYS)
    said = decisions.hear(other, decisions.said_in(new), AT, about=new.fields)
    assert decisions.result(said, end).object == 1


def test_a_note_of_an_earlier_version_is_read_and_shown_as_such():
    fields = {"proposal": "costs", "sha256": proposal().digest.hex, "choice": "object", "reason": "too much"}
    said = read_declaration(declare(SIGNERS["seoul"], "position", fields, AT), "position", KEYS)
    found = decisions.hear(proposal(), decisions.said_in(said), AT, about=said.fields)
    text = decisions.minutes_text(found, {label: label for label in SIGNERS}, AT)
    assert "signed, in an earlier version's note, which names neither the rule nor the closing time" in text
    assert decisions.result(found, AT).object == 1
    asked = replace(ask_position(proposal(), "hub"), kind="position", fields={"proposal": "costs"})
    with pytest.raises(InputRefused, match="ask the hub for it again"):
        Request.read(asked.to_json())


def test_minutes_say_who_said_what_and_show_markup_as_text():
    one = heard([("seoul", "support", 0), ("geneva", "object", 1)], decisions.Rule("consensus", 1))
    names = {"seoul": "새봄", "niigata": "<b>新潟</b>", "geneva": "Geneva Watch"}
    end = AT + timedelta(days=2)
    text, html = decisions.minutes_text(one, names, end), decisions.minutes_html(one, names, end)
    assert "- Geneva Watch: object: a reason (2026-03-01 09:00 UTC, signed)" in text
    assert "Result: adopted. 1 objected; this consensus bears 1." in text
    assert "<b>" not in html
    assert "&lt;b&gt;新潟" in html


def test_a_request_is_answered_about_its_own_words_and_nothing_is_preselected():
    asked = Request.read(ask_position(proposal(), "hub").to_json())
    with pytest.raises(NotAllowed, match="by default"):
        answer(SIGNERS["seoul"], asked, "", AT)
    with pytest.raises(InvalidValue, match="reason"):
        answer(SIGNERS["seoul"], asked, "object", AT)
    said = read_declaration(answer(SIGNERS["seoul"], asked, "object", AT, "Too\nmuch"), "position as asked", KEYS)
    assert said.fields["sha256"] == proposal().digest.hex
    assert said.fields["reason"] == "Too much"
    stance = Request.read(ask_stance("finding", "cah.torture", "Torture", "hub").to_json())
    assert read_declaration(answer(SIGNERS["seoul"], stance, "apart", AT), "stance", KEYS).choice == "apart"


@given(st.binary(max_size=300))
def test_any_bytes_handed_over_as_a_request_are_an_answer_and_no_traceback(content):
    with pytest.raises(InputRefused):
        Request.read(content)


@given(st.data())
def test_a_declaration_with_any_byte_changed_is_refused(data):
    note = bytearray(autonomy.choose(SIGNERS["seoul"], SUBJECT, "apart", AT))
    place = data.draw(st.integers(0, len(note) - 1))
    note[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CorroborateError):
        autonomy.read_stance(bytes(note), KEYS)


def test_one_kind_of_declaration_is_never_read_as_another():
    note = autonomy.choose(SIGNERS["seoul"], SUBJECT, "with us", AT)
    for kind in ("sign-on", "translation", "quote", "position"):
        with pytest.raises(InvalidValue):
            read_declaration(note, kind, KEYS)  # type: ignore[arg-type]
