"""Promise 7: ten reports of one witness are one root."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from corroborate.cases import findings
from corroborate.records import Claim, Source, Term
from corroborate.values import new_id

AT = datetime(2026, 1, 1, tzinfo=UTC)


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=bytes(10))


def claim(number: int, source: str, *, against: bool = False, basis="saw", term="integrity.torture") -> Claim:
    return Claim(
        made("claim", number), made("act", number), "no_violation" if against else "violation",
        Term("violations", term), source, "row 1", basis, "analyst", AT,
    )  # fmt: skip


def torture(claims, sources):
    by_id = {source.id: source for source in sources}
    return next(f for f in findings(claims, by_id) if f.crime == "cah.torture" and f.kind == "conduct")


@given(st.integers(1, 30), st.integers(1, 4))
def test_any_number_of_reports_that_go_back_to_one_witness_are_one_root(reports: int, depth: int):
    witness = Source(made("src", 0), "witness", "W1")
    sources, before = [witness], witness.id
    for at in range(depth):
        sources.append(Source(made("src", 100 + at), "document", f"report {at}", (before,)))
        before = sources[-1].id
    sources += [Source(made("src", 200 + at), "site", f"copy {at}", (before,)) for at in range(reports)]
    found = torture([claim(at, sources[-1 - at].id) for at in range(reports)], sources)
    assert found.roots == (witness.id,)
    assert found.hangs_on == witness.id
    assert found.support == "one root"
    assert len(found.for_) == reports


def test_independent_witnesses_are_counted_each_once():
    sources = [Source(made("src", at), "witness", f"W{at}") for at in range(3)]
    found = torture([claim(at, sources[at % 3].id) for at in range(9)], sources)
    assert len(found.roots) == 3
    assert found.support == "several roots"
    assert found.hangs_on == ""


def test_a_report_of_two_witnesses_has_both_as_roots():
    one, two = (Source(made("src", at), "witness", f"W{at}") for at in range(2))
    both = Source(made("src", 9), "document", "report", (one.id, two.id))
    assert set(torture([claim(1, both.id)], [one, two, both]).roots) == {one.id, two.id}


def test_what_speaks_against_stands_beside_what_speaks_for():
    sources = [Source(made("src", at), "witness", f"W{at}") for at in range(2)]
    found = torture([claim(1, sources[0].id), claim(2, sources[1].id, against=True)], sources)
    assert (found.support, len(found.for_), len(found.against)) == ("contested", 1, 1)


def test_hearsay_is_no_first_hand_root():
    sources = [Source(made("src", at), "witness", f"W{at}") for at in range(2)]
    found = torture([claim(1, sources[0].id), claim(2, sources[1].id, basis="heard")], sources)
    assert (len(found.roots), found.first_hand) == (2, 1)


def test_no_number_of_acts_settles_intent_or_context():
    source = Source(made("src", 0), "witness", "W")
    open_ = [f for f in findings([claim(1, source.id)], {source.id: source}) if f.kind != "conduct"]
    assert open_
    assert {f.support for f in open_} == {"none"}
    assert {f.status for f in findings([claim(1, source.id)], {source.id: source})} == {"draft"}
