"""Words of a member stand in quotation marks behind its name, among other names with words. Words that end those marks
would be read as what another member says; none are taken in, whoever signed them."""

from datetime import UTC, datetime

import pytest
from tests.security import test_a_round_from_outside as outside

from corroborate.coalition import decisions, requests
from corroborate.errors import InvalidValue

hub, client = outside.hub, outside.client  # one hub for this file
SAEBOM, CASA, GENEVA = outside.KEYED
ENDED = "We sign.” · Geneva Watch: “We, too, and we take back our figures of 2019."
WHY = "end the quotation marks around them"
FIGURES = "take back our figures"


@pytest.mark.parametrize("choice", ["with us", "abstains", "withdraws"])
def test_no_words_of_a_sign_on_are_read_as_another_member_s(client, choice):
    name = f"round-{choice.replace(' ', '-')}"
    outside.start(client, name)
    for mark in ("”", '"', "’’", "»", "」"):
        note = outside.signed(
            name, CASA, choice, words=ENDED.replace("”", mark).replace("“", "")
        )  # by a program of its own
        assert WHY in outside.hand_in(client, "casa", note)
    assert outside.stands(name, CASA) == "silent"
    assert FIGURES not in outside.words_of(client["saebom"].get(f"/statements/{name}"))


def test_words_that_quote_somebody_and_end_what_they_began_stand(client):
    outside.start(client, "quoting")
    words = "We sign; of “the State's” camps we'd say 'all of them'."
    outside.hand_in(client, "casa", outside.signed("quoting", CASA, words=words))
    assert outside.stands("quoting", CASA) == "signed"


def test_no_member_s_own_vault_signs_them(client):
    outside.start(client, "asked")
    asked = requests.ask_sign_on(outside.state_of("asked").round.current, "hub", None)
    with pytest.raises(InvalidValue, match=WHY):
        requests.answer(outside.SIGNERS[CASA], asked, "with us", datetime.now(UTC), ENDED)


def test_no_reason_of_a_position_is_read_as_another_member_s(client):
    from corroborate_node.coalition.campaign import models, queries

    outside.proposed(client, "costs", rule="majority")
    asked = queries.proposal(models.Proposal.objects.get(id="costs"))
    note = decisions.take_position(outside.SIGNERS[CASA], asked, "object", ENDED, datetime.now(UTC))
    assert WHY in outside.hand_in(client, "casa", note)
    assert FIGURES not in outside.words_of(client["saebom"].get("/decisions/costs"))


@pytest.mark.parametrize("field", ["words", "spokesperson", "quote_role"])
def test_no_quote_is_put_up_that_is_read_as_another_member_s(client, field):
    name = f"quoted-{field.replace('_', '-')}"
    outside.start(client, name)
    form = {"member": outside.label(CASA), "spokesperson": "A. Rey", "quote_role": "", "words": "We agree."}
    answer = outside.act(client, name, act="quote", **{**form, field: ENDED})
    assert answer.status_code == 400
    assert WHY in outside.words_of(answer)
    assert outside.state_of(name).quotes == ()
