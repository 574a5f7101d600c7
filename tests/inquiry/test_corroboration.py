"""Accounts of one thing, side by side: what agrees, and of what kind each difference is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from corroborate.cases import Spoken, Tie, accounts, corroborated, origins
from corroborate.cases.corroboration import (
    MOST_ACCOUNTS,
    Account,
    act_likeness,
    day_likeness,
    name_likeness,
    place_likeness,
)
from corroborate.records import Claim, Reference, Term, Text
from corroborate.values import DateSpan, PartialDate, new_id, read_name

AT = datetime(2026, 1, 1, tzinfo=UTC)


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=bytes(10))


S = [made("source", at) for at in range(MOST_ACCOUNTS + 10)]
PERSON = made("person", 1)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("1997-03-12", "1997-03-12", "same"),
        ("1997-03", "1997-03-12", "less_exact"),
        ("1997", "1998", "a_year_off"),
        ("1997-11", "1998-10", "a_year_off"),
        ("1997-03-12", "1997-12-03", "turned"),
        ("1997", "2001", "conflict"),
    ],
)
def test_days_differ_in_kinds(one, other, kind):
    left, right = PartialDate.parse(one), PartialDate.parse(other)
    assert day_likeness(left, right) == day_likeness(right, left) == kind


def test_a_season_holds_a_month_of_it():
    spring = DateSpan(date(1998, 3, 1), date(1998, 5, 31))
    assert day_likeness(spring, PartialDate.parse("1998-04")) == "less_exact"
    assert day_likeness(spring, PartialDate.parse("1999-04")) == "a_year_off"


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("회령", "회령", "same"),
        ("회령시", "Hoeryong", "renamed"),
        ("회령", "함경북도", "less_exact"),
        ("회령", "신의주", "conflict"),
        ("15호 관리소", "Camp 15", "renamed"),
        ("Camp 15", "Camp 14", "conflict"),
        ("수용소", "교화소", "conflict"),
    ],
)
def test_places_differ_in_kinds(one, other, kind):
    assert place_likeness(one, other) == place_likeness(other, one) == kind


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("김뷔가", "김뷔가", "same"),
        ("김철수", "Kim Chol Su", "another_form"),
        ("리철수", "이철수", "another_form"),
        ("김철수", "박영희", "conflict"),
    ],
)
def test_names_differ_in_kinds(one, other, kind):
    assert name_likeness(read_name(one), read_name(other)) == kind


def test_one_kind_of_act_may_hold_another():
    assert act_likeness("life.execution", "life.execution.public") == "broader"
    assert act_likeness("life.execution", "integrity.torture") == "another_act"


def told(at, speaks="for", term="life.execution", where="회령", when="1998-05"):
    day = (PartialDate.parse(when),) if when else ()
    return Account(S[at], made("act", at), made("claim", at), speaks, (), (term,), (where,) if where else (), day)


def known(*ties):
    return origins(dict.fromkeys(S, ()), ties)


def test_two_of_different_origins_that_agree_on_what_and_where_corroborate():
    found = corroborated(PERSON, [told(0), told(1, when="")], known())
    assert (found.level, found.independent.number) == ("corroborated", 2)
    assert found.agreed == ("what", "where")


def test_what_says_neither_where_nor_when_is_unspecific():
    assert corroborated(PERSON, [told(0, where="", when=""), told(1)], known()).level == "unspecific"


def test_two_who_had_one_interpreter_repeat_one_another():
    found = corroborated(PERSON, [told(0), told(1)], known(Tie("same_interpreter", S[0], S[1])))
    assert (found.level, found.independent.number, found.agreed) == ("one_origin", 1, ())


def test_a_year_off_is_no_conflict_and_another_town_is():
    near = corroborated(PERSON, [told(0), told(1, when="1999-04")], known())
    assert (near.level, near.differences[0].kind) == ("corroborated", "a_year_off")
    far = corroborated(PERSON, [told(0), told(1, where="신의주")], known())
    assert far.level == "in_conflict"
    assert [(one.side, one.kind, one.said) for one in far.differences] == [("where", "conflict", ("회령", "신의주"))]


def test_that_it_was_not_so_stands_beside_that_it_was():
    found = corroborated(PERSON, [told(0), told(1, "against")], known())
    assert (found.level, found.independent.number) == ("denied", 1)
    assert ("what", "denied") in [(one.side, one.kind) for one in found.differences]
    other = corroborated(PERSON, [told(0), told(1, "against", term="integrity.torture")], known())
    assert ("what", "another_act") in [(one.side, one.kind) for one in other.differences]


def test_more_accounts_than_can_be_compared_are_counted_all_and_said():
    every = [told(at) for at in range(MOST_ACCOUNTS + 5)]
    found = corroborated(PERSON, every, known())
    assert found.bounded
    assert found.independent.number == MOST_ACCOUNTS + 5


def test_an_account_is_read_from_claims_of_its_own_source_alone():
    act, other = made("act", 100), made("act", 101)

    def claim(number, subject, property_, value, source):
        return Claim(made("claim", number), subject, property_, value, source, "row 1", "saw", "x", AT)

    claims = [
        claim(200, act, "violation", Term("violations", "life.execution"), S[0]),
        claim(201, act, "victim", Reference(PERSON), S[0]),
        claim(202, PERSON, "name", read_name("김뷔가"), S[0]),
        claim(203, PERSON, "event_date", PartialDate.parse("1998"), S[0]),
        claim(204, PERSON, "event_date", PartialDate.parse("2001"), S[1]),
        claim(205, act, "place", Text("회령"), S[0]),
        claim(206, other, "place", Text("신의주"), S[0]),
    ]
    spoken = [Spoken(made("claim", 200), act, PERSON, PERSON, S[0], "saw", "for")]
    [one] = accounts(spoken, claims)
    assert ([str(day) for day in one.when], one.where, one.what) == (["1998"], ("회령",), ("life.execution",))
    assert [name.text for name in one.who] == ["김뷔가"]


def test_who_is_named_by_hearsay_alone_or_by_one_origin_is_flagged():
    by = {"by": ("Invented Guard",)}
    heard = [replace(told(0), **by), replace(told(1), **by)]
    [one] = corroborated(PERSON, heard, known()).named
    assert (one.name, one.independent.number, one.hearsay) == ("Invented Guard", 2, True)
    seen = [*heard, replace(told(2), by_first_hand=True, **by)]
    assert corroborated(PERSON, seen, known()).named[0].hearsay is False
    denied = [replace(told(0, "against"), **by)]
    assert corroborated(PERSON, denied, known()).named == ()
