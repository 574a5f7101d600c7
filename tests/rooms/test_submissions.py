"""A submission is written only when the procedure has what it requires."""

from datetime import date

import pytest

from corroborate.disclosure import Order, Records, Results, release
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.submissions import form, missing, write
from corroborate.vocabulary import load

BODY = "Commission of inquiry"
MADE = release(Order("R", "Coalition", "named body", date(2026, 11, 24), BODY, True), Records(), Results())


@pytest.mark.parametrize("procedure", load("procedures").entries)
def test_every_procedure_has_a_form_that_asks_for_something(procedure: str):
    assert form(procedure).fields


def test_nothing_is_written_while_a_required_answer_is_missing():
    asked = form("coi.call_for_submissions")
    assert "consent" in {one.id for one in missing(asked, {"facts": "who, what, when"})}
    with pytest.raises(NotAllowed, match="still asks for"):
        write(MADE, asked, {"facts": "who, what, when"})


def test_the_text_holds_every_answer_and_says_when_its_people_are_invented():
    asked = form("coi.call_for_submissions")
    answers = {one.id: f"answer to {one.id}" for one in asked.fields if one.required}
    text = write(MADE, asked, answers)
    assert all(answer in text for answer in answers.values())
    assert "INVENTED" in text


def test_what_was_released_to_the_coalition_alone_is_not_filed():
    asked = form("coi.call_for_submissions")
    answers = {one.id: "answer" for one in asked.fields}
    inner = release(Order("R", "Coalition", "coalition", date(2026, 11, 24)), Records(), Results())
    with pytest.raises(NotAllowed, match="coalition"):
        write(inner, asked, answers)


def test_an_answer_to_a_field_that_the_form_has_not_is_refused():
    with pytest.raises(InvalidValue, match="no field"):
        missing(form("coi.call_for_submissions"), {"fax": "1"})
