"""A consent's own rules: whose it is, in what right, until when; old records are read as they were sealed."""

import ast
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records import AUDIENCES, RIGHTS, USES, Consent, Permissions
from corroborate.records.consent import READ, checked_clock, leaving_day, relied_on

DAY = date(2026, 11, 24)
SOURCE, PERSON = "src_" + "0" * 32, "person_" + "0" * 32
SRC = Path(__file__).parents[2] / "src"


def consent(**more) -> Consent:
    given_ = {"uses": frozenset(USES), "audience": "public", "begins": date(2020, 1, 1)} | more
    return Consent("consent_" + "0" * 32, SOURCE, **given_)


@given(
    st.sampled_from(RIGHTS), st.sampled_from(AUDIENCES), st.sets(st.sampled_from(USES)), st.text(max_size=9),
    st.sampled_from([1, 2]),
)  # fmt: skip
def test_a_record_is_read_as_it_was_written(right, audience, uses, words, version):
    body = "a court" if audience == "named body" else ""
    more = {"right": right, "subject": PERSON, "conditions": words, "words": words} if version == 2 else {}
    one = consent(audience=audience, uses=frozenset(uses), body=body, version=version, ends=DAY, **more)
    again = Consent.from_record(json.loads(one.canonical()))
    assert again == one
    assert again.canonical() == one.canonical()


def test_the_first_version_s_bytes_are_what_they_were():
    one = consent(uses=frozenset({"hold"}), audience="own", version=1)
    assert json.loads(one.canonical()).keys() == {
        "version", "id", "source", "uses", "audience", "body", "begins", "ends", "withdrawn",
    }  # fmt: skip


@pytest.mark.parametrize("record", [{}, {"version": 3}, {"version": 1, "id": "x"}, {"version": "1"}])
def test_what_is_no_record_is_refused(record):
    with pytest.raises(InvalidValue, match="no record of a consent"):
        Consent.from_record(record)


@pytest.mark.parametrize("more", [{"conditions": "after the trial"}, {"blocked": "its words were not kept"}])
def test_under_a_condition_nothing_leaves(more):
    one = consent(**more)
    assert Permissions.of([one], "own", DAY).allows("hold", SOURCE)
    for audience in ("coalition", "public"):
        assert not any(Permissions.of([one], audience, DAY).allows(use, SOURCE) for use in USES)


def test_a_member_of_the_coalition_may_be_named():
    one = consent(audience="named body", body="Other")
    assert Permissions.of([one], "coalition", DAY, "Other").allows("link", SOURCE)
    assert not Permissions.of([one], "coalition", DAY, "Third").allows("link", SOURCE)
    assert not Permissions.of([one], "coalition", DAY).allows("link", SOURCE)


@pytest.mark.parametrize(("audience", "body"), [("named body", ""), ("public", "a body"), ("everybody", "")])
def test_an_audience_is_said_whole(audience, body):
    with pytest.raises(InvalidValue):
        Permissions.of([], audience, DAY, body)


def test_only_everybody_s_own_consent_is_everybody_s():
    other = "person_" + "1" * 32
    mine = consent(subject=PERSON, right="self")
    permissions = Permissions.of([mine], "public", DAY)
    assert permissions.own("quote", [PERSON], SOURCE)
    assert not permissions.own("quote", [PERSON, other], SOURCE)
    assert not permissions.own("quote", [], SOURCE)
    for right in RIGHTS[:1] + RIGHTS[2:]:
        assert not Permissions.of([replace(mine, right=right)], "public", DAY).own("quote", [PERSON], SOURCE)


@given(st.integers(-400, 400), st.integers(-400, 400))
def test_what_is_handed_over_later_holds_on_both_days(begins, ends):
    begin, end = sorted((begins, ends))
    one = consent(begins=DAY + timedelta(days=begin), ends=DAY + timedelta(days=end))
    later = DAY + timedelta(days=30)
    both = Permissions.of([one], "public", later, also=DAY).allows("name", SOURCE)
    assert both == (begin <= 0 and end >= 30)


def test_nothing_leaves_on_a_day_that_is_over_or_by_a_clock_set_back():
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert leaving_day(None, at, at) == DAY
    assert leaving_day(DAY + timedelta(days=9), at, None) == DAY + timedelta(days=9)
    with pytest.raises(NotAllowed, match="on a day that is over"):
        leaving_day(DAY - timedelta(days=1), at, None)
    with pytest.raises(NotAllowed, match="set the clock right"):
        checked_clock(at, at + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("공개여부\t공개동의", True),
        ("공개여부\t공개동의 안 함", False),
        ("공개여부\t공개동의\n\t공개동의 철회 2019", False),
        ("", False),
        ("consent\tyes", False),
    ],
)
def test_a_stored_consent_is_read_again_from_its_words(words, stands):
    assert bool(relied_on(consent(asked=READ, words=words)).blocked) != stands
    assert not relied_on(consent(asked="aloud", words=words)).blocked, "what was asked aloud was not read from a cell"


def test_no_other_room_asks_consent_in_its_own_way():
    """Whether a consent holds is asked within its room alone; all others ask Permissions or Leaving."""
    for path in SRC.rglob("*.py"):
        if path.is_relative_to(SRC / "corroborate/records/consent"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "holds":
                value = node.func.value
                assert isinstance(value, ast.Name), f"{path}:{node.lineno}"
                assert value.id == "queries", f"{path}:{node.lineno} asks a consent itself"
