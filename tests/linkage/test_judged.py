"""People as reviewers judged them become an overlap table; what nobody judged is left apart, joined, or drawn."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.linkage import PersonEntry, by_strata
from corroborate.linkage.judged import Judged, draws_of, linkage_of

NAMES = (
    "김철수",
    "리영희",
    "박민호",
    "최은경",
    "정대현",
    "강순옥",
    "조성일",
    "윤미란",
    "장동식",
    "임향숙",
    "한기철",
    "오명희",
)


def entries(name, size, **more):
    return [PersonEntry(name, row, (NAMES[row % len(NAMES)],), **more) for row in range(1, size + 1)]


def judged(same=(), apart=(), waiting=(), sizes=(4, 4, 4)):
    lists = {name: entries(name, size) for name, size in zip("ABC", sizes, strict=False)}
    places = [(name, one.row) for name, rows in lists.items() for one in rows]
    person = {place: at for at, place in enumerate(places)}
    for one, other in same:
        was, now = person[other], person[one]
        person = {place: now if at == was else at for place, at in person.items()}
    ends = [(person[a], person[b]) for a, b in apart]
    pairs = [(person[a], person[b], p) for a, b, p in waiting]
    return Judged(lists, person, [frozenset(one) for one in ends], pairs)


def test_nobody_judged_stands_on_one_list_each():
    table = linkage_of(judged()).overlap
    assert dict(table.counts) == {(1, 0, 0): 4, (0, 1, 0): 4, (0, 0, 1): 4}


def test_judged_the_same_is_one_person_on_both_lists_and_a_duplicate_is_one_on_its_own():
    table = linkage_of(judged(same=[(("A", 1), ("B", 1)), (("A", 1), ("C", 2)), (("A", 3), ("A", 4))])).overlap
    assert dict(table.counts) == {(1, 1, 1): 1, (1, 0, 0): 2, (0, 1, 0): 3, (0, 0, 1): 3}


def test_a_threshold_joins_what_waits_unless_somebody_said_different_or_a_list_would_name_one_person_twice():
    waiting = [
        (("A", 1), ("B", 1), 0.95),
        (("A", 2), ("B", 1), 0.9),
        (("A", 2), ("B", 2), 0.7),
        (("A", 3), ("B", 3), 0.99),
    ]
    given_ = judged(apart=[(("A", 3), ("B", 3))], waiting=waiting)
    assert linkage_of(given_).overlap.counts.get((1, 1, 0), 0) == 0
    assert linkage_of(given_, threshold=0.9).overlap.counts[1, 1, 0] == 1  # not A2: B1 is A1's
    assert linkage_of(given_, threshold=0.5).overlap.counts[1, 1, 0] == 2


def test_people_judged_different_stay_apart_through_others_too():
    waiting = [(("A", 1), ("B", 1), 0.9), (("B", 1), ("C", 1), 0.8)]
    table = linkage_of(judged(apart=[(("A", 1), ("C", 1))], waiting=waiting), threshold=0.5).overlap
    assert table.counts[1, 1, 0] == 1
    assert (1, 1, 1) not in table.counts


def test_draws_keep_what_was_judged_and_share_out_what_waits():
    pairs = [((("A", at), ("B", at), 0.5)) for at in (1, 2, 3)]
    given_ = judged(same=[(("A", 4), ("B", 4))], waiting=pairs)
    tables = draws_of(given_, 60, seed=3)
    assert tables == draws_of(given_, 60, seed=3)
    both = [table.counts.get((1, 1, 0), 0) for table in tables]
    assert min(both) >= 1
    assert 1.9 < sum(both) / len(both) < 3.1  # one judged, and half of three
    assert len(set(both)) > 2
    for wrong in (0, 10_001):
        with pytest.raises(InvalidValue, match="draws"):
            draws_of(given_, wrong, seed=1)


def test_an_entry_without_a_given_name_stands_in_no_overlap():
    lists = {"A": [PersonEntry("A", 1, ("김철수",)), PersonEntry("A", 2, ("김○○",), False)], "B": entries("B", 2)}
    person = {("A", 1): 0, ("A", 2): 1, ("B", 1): 0, ("B", 2): 2}
    found = linkage_of(Judged(lists, person))
    assert dict(found.overlap.counts) == {(1, 1): 1, (0, 1): 1}
    assert "1 entry holds no given name" in found.notices[0]


def test_strata_add_up_to_the_whole():
    lists = {name: entries(name, 6, sex="f" if name == "A" else None) for name in "AB"}
    person = {(name, row): row if row < 4 else 10 * ord(name) + row for name in "AB" for row in range(1, 7)}
    found = linkage_of(Judged(lists, person))
    strata = by_strata(found, lists, ["sex"])
    assert {key: table.documented for key, table in strata.items()} == {("",): 3, ("f",): 6}
    assert sum(table.documented for table in strata.values()) == found.overlap.documented


@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.floats(0, 1)), max_size=20),
)
def test_joining_more_never_documents_more_people_and_no_list_gains_or_loses_its_own(same, waiting):
    places = [(name, row) for name in "ABC" for row in range(1, 5)]
    given_ = judged([(places[a], places[b]) for a, b in same], (), [(places[a], places[b], p) for a, b, p in waiting])
    tables = [linkage_of(given_, threshold=t).overlap for t in (None, 0.9, 0.5, 0.0)]
    for more, fewer in combinations(tables, 2):
        assert fewer.documented <= more.documented
        assert [fewer.on(name) for name in "ABC"] == [more.on(name) for name in "ABC"]


def test_every_entry_has_its_person_and_every_chance_is_one():
    with pytest.raises(InvalidValue, match="no person's"):
        Judged({"A": entries("A", 1)}, {})
    with pytest.raises(InvalidValue, match="no probability"):
        Judged({"A": entries("A", 1)}, {("A", 1): 0}, (), [(0, 1, 1.5)])
