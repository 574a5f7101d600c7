"""What leaves is counted by independent origins of what may leave: a finding that hangs on what stays says so."""

from datetime import UTC, date, datetime

import pytest

from corroborate.cases import Tie, findings
from corroborate.disclosure import Order, Records, Results, release
from corroborate.records import Claim, Consent, Source, Term
from corroborate.values import new_id

AT, DAY = datetime(2026, 1, 1, tzinfo=UTC), date(2026, 11, 24)


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=bytes(10))


SOURCES = {made("source", at): Source(made("source", at), "witness", f"W{at}") for at in range(3)}


def records(counted=3, **more):
    claims = tuple(
        Claim(
            made("claim", at),
            made("act", at),
            "violation",
            Term("violations", "liberty.kwanliso"),
            source,
            "1",
            "saw",
            "x",
            AT,
        )
        for at, source in enumerate(SOURCES)
    )
    consents = tuple(
        Consent(made("consent", at), source, frozenset({"hold", "count"}), "public", date(2020, 1, 1))
        for at, source in enumerate(list(SOURCES)[:counted])
    )
    return Records(claims, SOURCES, consents, **more)


def support(given):
    found = findings(given.claims, given.sources, given.same, given.ties)
    shown = release(Order("Release", "Coalition", "public", DAY), given, Results(findings=found)).findings
    return {one.support for one in shown if one.claims_for != 0}


def test_three_witnesses_support_what_leaves():
    assert support(records()) == {"several roots"}


def test_a_finding_whose_other_witnesses_stay_leaves_as_one_that_hangs_on_one_root():
    assert support(records(counted=1)) == {"one root"}
    assert support(records(counted=0)) == set()


@pytest.mark.parametrize("kind", ["same_interview", "same_interpreter", "told_by"])
def test_what_people_tied_is_one_root_in_what_leaves_too(kind):
    one, two, three = SOURCES
    assert support(records(ties=(Tie(kind, one, two), Tie(kind, three, two)))) == {"one root"}


def test_a_circle_does_not_stop_a_release_and_supports_nothing():
    one, two, three = SOURCES
    circle = (Tie("told_by", one, two), Tie("told_by", two, three), Tie("told_by", three, one))
    assert support(records(ties=circle)) == {"none"}
