"""Claims with their sources, consent that is silent unless given, roots."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.records import (
    AUDIENCES,
    USES,
    Claim,
    Consent,
    Permissions,
    Reference,
    Source,
    Term,
    Text,
    read_value,
    roots_of,
    write_value,
)
from corroborate.values import DateSpan, PartialDate, canonical, new_id, read_name

DAY = date(2014, 2, 17)


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=bytes(10))


def claim(**other: object) -> Claim:
    fields: dict[str, object] = {
        "id": made("claim", 1), "subject": made("person", 1), "property": "name", "value": read_name("리영숙"),
        "source": made("src", 1), "locator": "p. 12", "basis": "saw", "recorder": "mk",
        "recorded_at": datetime(2014, 2, 17, tzinfo=UTC),
    }  # fmt: skip
    return Claim(**(fields | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        Text("그는 돌아오지 않았다", "ko"), PartialDate(1978, 3), DateSpan(date(1970, 1, 1), date(1979, 1, 1)),
        read_name("李英淑"), Term("violations", "integrity.torture"), Reference(made("person", 2)),
    ],
)  # fmt: skip
def test_a_value_comes_back_as_it_was_written(value: object):
    assert read_value(write_value(value)) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("missing", ["locator", "recorder", "property"])
def test_a_claim_without_locator_recorder_or_property_is_refused(missing: str):
    with pytest.raises(InvalidValue):
        claim(**{missing: ""})


def test_a_claim_at_a_time_without_zone_is_refused():
    with pytest.raises(InvalidValue, match="zone"):
        claim(recorded_at=datetime(2014, 2, 17))


def test_silence_is_no():
    for audience in AUDIENCES:
        permissions = Permissions.of([], audience, DAY, "a body" if audience == "named body" else "")
        assert not any(permissions.allows(use, "src_" + "0" * 32) for use in USES)


consents = st.builds(
    Consent,
    id=st.just(made("consent", 1)),
    source=st.just(made("src", 1)),
    uses=st.frozensets(st.sampled_from(USES)),
    audience=st.sampled_from(["own", "coalition", "public"]),
    begins=st.dates(date(2010, 1, 1), date(2020, 1, 1)),
    ends=st.none() | st.dates(date(2010, 1, 1), date(2020, 1, 1)),
    withdrawn=st.none() | st.dates(date(2010, 1, 1), date(2020, 1, 1)),
)


@given(consents, st.sampled_from(USES), st.sampled_from(AUDIENCES), st.dates(date(2009, 1, 1), date(2021, 1, 1)))
def test_consent_never_reaches_a_wider_audience_another_use_or_another_day(consent, use, audience, on):
    if consent.holds(use, audience, on):
        assert use in consent.uses
        assert consent.begins <= on
        assert consent.ends is None or on <= consent.ends
        assert consent.withdrawn is None or on < consent.withdrawn
        assert AUDIENCES.index(audience) <= AUDIENCES.index(consent.audience)


def test_consent_for_one_body_is_none_for_another_nor_for_the_coalition():
    given_ = Consent(made("consent", 1), made("src", 1), frozenset(USES), "named body", DAY, body="OHCHR")
    assert given_.holds("quote", "named body", DAY, "OHCHR")
    assert not given_.holds("quote", "named body", DAY, "Another body")
    assert not given_.holds("quote", "coalition", DAY)
    assert not given_.holds("quote", "public", DAY)


def test_consent_ends_on_the_day_of_its_withdrawal():
    given_ = Consent(made("consent", 1), made("src", 1), frozenset(USES), "public", DAY, withdrawn=DAY + timedelta(9))
    assert given_.holds("name", "public", DAY + timedelta(8))
    assert not given_.holds("name", "public", DAY + timedelta(9))


def test_a_report_of_a_report_of_a_witness_has_the_witness_as_root():
    witness, report, book = made("src", 1), made("src", 2), made("src", 3)
    sources = {
        witness: Source(witness, "witness", "W-0001"),
        report: Source(report, "document", "report", (witness,)),
        book: Source(book, "document", "book", (report, witness)),
    }
    assert roots_of(book, sources) == {witness}


def test_a_circle_of_sources_is_refused():
    one, two = made("src", 1), made("src", 2)
    sources = {one: Source(one, "site", "a", (two,)), two: Source(two, "site", "b", (one,))}
    with pytest.raises(InvalidValue, match="derives from itself"):
        roots_of(one, sources)


def test_a_chain_of_ten_thousand_repetitions_still_has_one_root():
    ids = [made("src", number) for number in range(1, 10_001)]
    sources = {
        one: Source(one, "site", "copy", (before,) if before else ())
        for one, before in zip(ids, [None, *ids[:-1]], strict=True)
    }
    assert roots_of(ids[-1], sources) == {ids[0]}


@given(
    st.text(max_size=300).filter(lambda text: text.isprintable() or "\n" in text),
    st.sampled_from(["원문", 'a "quoted" page\\n', "p. 1"]),
)
def test_the_bytes_that_are_sealed_are_those_of_the_record(text, where):
    texts = [Text(text), Text(text, "ko"), Term("violations", "life.execution")]
    names = [
        replace(read_name("리영숙"), printed=printed) for printed in ("", "리영숙 (가명)")
    ]  # equal, and not the same
    days = [DateSpan(DAY, DAY), DateSpan(DAY, DAY, approximate=True), PartialDate(1998, 3)]
    for value in (*texts, *names, *days, Reference(made("person", 2)), *texts, *names):
        one = claim(value=value, locator=where, recorder=text or "mk")
        assert one.canonical() == canonical(one.record())
