"""A thief of a key dates ahead, and whoever gave its seat up goes on: none of them has the last word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from corroborate.coalition import autonomy, decisions
from corroborate.coalition.declarations import AHEAD, Keys, read_declaration
from corroborate.coalition.stands import read_stand, stand, standing
from corroborate.coalition.statements import Round, Version, sign
from corroborate.custody import Signer
from corroborate.custody.keys import KeyHistory
from corroborate.disclosure import Release, StandShown, check_stand, finding_digest, with_stands
from corroborate.disclosure.shown import FindingShown
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.linkage.private.nodes import Node

AT = datetime(2026, 11, 29, 9, tzinfo=UTC)
OLD, NEW = (Signer("busan", bytes([number]) * 32) for number in (1, 2))
TEXT = Version("access", 1, b"We say so.\n")
FINDING = FindingShown("cah.torture", "7(1)(f)", "cah.torture.1", "conduct", "Pain was inflicted.", 12, 0, 11, (), 11,
                       "supported", "", "", "draft")  # fmt: skip


def released(*findings, body="OHCHR", audience="named body"):
    return Release("A title", "Ansan", audience, body, AT.date(), invented=True, findings=findings)


def test_a_sign_on_dated_ahead_is_refused_and_one_of_a_replaced_key_is_in_nobody_s_way():
    asked = Round({"busan": OLD.verifier()}).propose(TEXT)
    far = sign(OLD, TEXT, "with us", datetime(2999, 1, 1, tzinfo=UTC))
    with pytest.raises(NotAllowed, match="dated 2999"):
        asked.receive(far, AT)
    assert "dated 2999" in asked.receive_all([far], AT)[1][0].refused
    said = asked.receive(sign(OLD, TEXT, "with us", AT + AHEAD), AT)  # a clock may go before ours by some minutes
    said = replace(said, members={"busan": NEW.verifier()})
    said = said.receive(sign(NEW, TEXT, "withdraws", AT + timedelta(minutes=1)), AT + timedelta(minutes=1))
    assert [one.state for one in said.responses()] == ["withdrawn"]
    # what was taken in before dates were looked at is no later word either
    kept = asked.receive(far, datetime(2999, 1, 1, tzinfo=UTC))
    assert [one.state for one in kept.receive(sign(OLD, TEXT, "withdraws", AT), AT).responses()] == ["withdrawn"]


def test_stances_and_positions_under_a_replaced_key_go_before_those_of_the_key_of_now():
    later, subject = AT + timedelta(days=1), autonomy.Subject("campaign", "open", AT.date())
    keys = Keys.of([("busan", OLD.verifier()), ("busan", NEW.verifier())])
    given = ((OLD, "with us", later), (NEW, "apart", AT))
    said = [autonomy.read_stance(autonomy.choose(key, subject, what, at), keys) for key, what, at in given]
    assert autonomy.Choices().receive(said[0]).receive(said[1]).stance("busan", subject) == "apart"
    asked = decisions.Proposal("costs", "Costs", "Share them.", ("busan",), decisions.Rule("consensus"), AT,
                               AT + timedelta(days=9), {}, frozenset({"busan"}))  # fmt: skip
    for key, what, at in ((OLD, "support", later), (NEW, "abstain", AT)):
        note = decisions.take_position(key, asked, what, "", at)
        one = read_declaration(note, "position as asked", keys)
        asked = decisions.hear(asked, decisions.said_in(one), later, about=one.fields)
    assert asked.said["busan"].position == "abstain"


def test_a_seat_that_was_given_up_agrees_to_nothing_more():
    histories = {"busan": KeyHistory(OLD.verifier())}
    here = Node(Signer("ansan", bytes([3]) * 32), histories=histories)
    assert here.senders(OLD.verifier())[0].key == OLD.verifier()
    with pytest.raises(NotAllowed, match="left the coalition"):
        replace(here, left=frozenset({"busan"})).senders(OLD.verifier())


def test_a_release_with_two_findings_of_one_id_is_refused():
    lie = replace(FINDING, victims=5000, proposition="Everybody was exterminated.")
    assert Release.from_json(released(FINDING).to_json()).findings == (FINDING,)
    with pytest.raises(InvalidValue, match=r"two findings 'cah\.torture\.1'"):
        Release.from_json(released(lie, FINDING).to_json())


def test_a_word_under_a_key_that_was_revoked_is_shown_so_and_not_as_current():
    made = released(FINDING)
    signed = (FINDING.element, "named body: OHCHR", finding_digest(made, FINDING.element))
    note = stand(OLD, *signed, "stands", "", AT + timedelta(days=1))
    stolen = replace(read_stand(note, Keys.of([("busan", OLD.verifier())])), revoked=True)
    [shown] = with_stands(made, standing([stolen])).stands
    assert (shown.current, shown.revoked) == (False, True)
    assert check_stand(made, shown, [OLD.verifier()]) == "revoked"
    with pytest.raises(NotVerified, match="signed something else"):
        check_stand(made, replace(shown, current=True), [OLD.verifier()])
    own = read_stand(stand(NEW, *signed, "withdraws", "", AT), Keys.of([("busan", NEW.verifier())]))
    assert standing([own, stolen]) == standing([stolen, own]) == ()


def test_a_body_that_is_called_like_an_audience_is_another_reader():
    element, shown = FINDING.element, []
    for body, audience in (("public", "named body"), ("", "public"), ("Chiba", "named body"), ("Chiba", "coalition")):
        made = released(FINDING, body=body, audience=audience)
        reader = f"{audience}: {body}" if body else audience
        note = stand(OLD, element, reader, finding_digest(made, element), "stands", "", AT)
        shown.append((made, read_stand(note, Keys.of([("busan", OLD.verifier())]))))
    for made, _ in shown:
        stands: tuple[StandShown, ...] = with_stands(made, [one for _, one in shown]).stands
        assert [one.current for one in stands] == [True]
