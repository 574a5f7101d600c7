"""Filters are exact whatever the number of answers, and as the rules of consent say; pages hold each answer once."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.finding.conftest import HEAD, VAULT, ran

from corroborate.records import AUDIENCES, USES, Consent
from corroborate.values import new_id
from corroborate_node import api

MANY = 2_050  # of one name: more than are ever shown together


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A list of people of one name, of whom the last alone may be named in public and alone was tortured."""
    place = tmp_path_factory.mktemp("crowd")
    api.create_vault(place / "v", "Member", VAULT)
    rows = [f"김영수,남,1999-0{1 + n % 9},회령,,처형,아니요,증인{n},\n" for n in range(MANY)]
    (place / "many.csv").write_text(HEAD + "".join(rows) + "김영수,남,2003,청진,,고문,예,증인,\n", encoding="utf-8")
    ran(place / "v", "import", place / "many.csv")
    return place / "v"


@pytest.mark.parametrize(
    "narrowed",
    [("--consent", "name:public"), ("--violation", "Torture"), ("--place", "청진"), ("--from", "2003")],
)
@pytest.mark.parametrize("words", [("김영수",), ("영수",), ("김",), ()])
def test_one_of_very_many_is_found_by_what_it_alone_fulfils(crowd, words, narrowed):
    found = json.loads(ran(crowd, "search", *words, *narrowed, "--in", "people", "--json"))["people"]
    assert (found["number"], found["more"]) == (1, False)
    found = json.loads(ran(crowd, "search", *narrowed, "--in", "acts", "--json"))["acts"]
    assert [one["title"] for one in found["found"]] == ["Torture; 2003; 청진"]


def test_pages_hold_each_answer_once_and_all_of_them(crowd):
    from corroborate_node.core.desk import owner
    from corroborate_node.finding.criteria import criteria_of
    from corroborate_node.finding.queries import find

    with api.open_vault(crowd, VAULT) as vault:
        desk, day = owner(vault, datetime.now(UTC)), date(2026, 11, 29)
        for question in ({"q": "Kim Young-soo"}, {"q": "처형"}, {"violation": "life.execution"}):
            kind, seen, first = "people" if "Kim" in str(question) else "acts", list[str](), 0
            while True:
                page = find(desk, kind, criteria_of(question), day, first, 500)
                seen += [one.id for one in page.found]
                first += 500
                if not page.more:
                    break
            assert len(seen) == len(set(seen)) == (MANY + 1 if kind == "people" else MANY), question


DAYS = st.integers(0, 6).map(lambda days: date(2026, 1, 1) + timedelta(days))


SOURCE = new_id("source", milliseconds=1, randomness=bytes(10))  # replaced by one that is there


@st.composite
def consents(draw):
    audience = draw(st.sampled_from(AUDIENCES))
    return Consent(
        new_id("consent", milliseconds=1, randomness=draw(st.binary(min_size=10, max_size=10))), SOURCE,
        draw(st.frozensets(st.sampled_from(USES))), audience,
        draw(DAYS), draw(st.none() | DAYS), draw(st.none() | DAYS),
        draw(st.sampled_from(("UN", "ICC"))) if audience == "named body" else "",
        conditions=draw(st.sampled_from(("", "only after the trial"))),
        blocked=draw(st.sampled_from(("", "read wrongly"))),
    )  # fmt: skip


class BackError(Exception):
    """Takes back what one example stored."""


@given(st.data())
def test_what_the_database_says_of_consents_is_what_the_rules_say(house, data):
    from corroborate_node.records import queries, rows
    from corroborate_node.records.models import Consent as Row
    from corroborate_node.records.models import Source

    source = Source.objects.first().id
    drawn, on = data.draw(st.lists(consents(), max_size=4, unique_by=lambda one: one.id)), data.draw(DAYS)
    given_ = [replace(one, source=source) for one in drawn]
    try:
        with transaction.atomic():
            Row.objects.filter(source_id=source).delete()
            Row.objects.bulk_create([rows.consent_row(one) for one in given_])
            allowed = queries.allowed(given_, on)
            for audience in AUDIENCES:
                for use in USES:
                    said = queries.allowing(Row.objects.filter(source_id=source), use, audience, on).exists()
                    assert said == (use in allowed[audience]), (use, audience, given_)
            raise BackError
    except BackError:
        pass
