"""Independence on graphs that were worked out by hand, and on any graph: one more report never raises a count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.cases import Tie, fewest, hangs_on, origins
from corroborate.cases.independence import MOST_SETS, circle_of
from corroborate.errors import InvalidValue
from corroborate.values import new_id


def made(number: int) -> str:
    return new_id("source", milliseconds=number, randomness=bytes(10))


A, B, C, D, E, F, G = (made(at) for at in range(7))


def names(sets) -> set[frozenset[str]]:
    return {frozenset(one) for one in sets}


def counted(known, *sources):
    return fewest(known.origins(one) for one in sources).number


# By hand: a witness A; a report B of A; an article C that quotes B; an article D that quotes B and the witness E.
CHAIN = {A: (), B: (A,), C: (B,), D: (B, E), E: ()}


def test_a_chain_goes_back_to_the_witness_and_an_article_of_two_to_both():
    known = origins(CHAIN)
    assert known.of(C) == {A}
    assert known.of(D) == {A, E}
    assert counted(known, A, B, C) == 1
    assert counted(known, A, E) == 2


def test_an_article_of_two_witnesses_alone_counts_once_for_nobody_knows_which_of_them_said_it():
    known = origins(CHAIN)
    assert counted(known, D) == 1
    assert counted(known, D, A) == 1, "A may be the one whom D repeats"
    assert counted(known, D, A, E) == 2


def test_ties_entered_by_people_count_as_those_that_came_with_a_list():
    known = origins({A: (), B: (), C: ()}, [Tie("told_by", B, A), Tie("quoted_from", C, B)])
    assert [known.of(one) for one in (A, B, C)] == [{A}] * 3


@pytest.mark.parametrize("kind", ["same_interview", "same_broadcast", "same_pass"])
def test_what_shares_an_origin_is_one_origin(kind):
    known = origins({A: (), B: (), C: ()}, [Tie(kind, A, B)])
    assert (counted(known, A, B), counted(known, A, B, C)) == (1, 2)
    assert fewest(known.origins_apart(one) for one in (A, B)).number == 1


@pytest.mark.parametrize("kind", ["related", "same_interpreter", "same_broker"])
def test_relatives_and_those_of_one_interpreter_count_once_and_the_other_number_is_kept(kind):
    known = origins({A: (), B: (), C: ()}, [Tie(kind, A, B)])
    assert counted(known, A, B, C) == 2
    assert fewest(known.origins_apart(one) for one in (A, B, C)).number == 3


def test_what_is_tied_by_way_of_another_is_tied_too():
    known = origins(dict.fromkeys((A, B, C, D), ()), [Tie("related", A, B), Tie("same_interpreter", B, C)])
    assert counted(known, A, B, C, D) == 2


def test_a_circle_has_no_root_and_carries_nobody_but_what_stands_outside_of_it_does():
    known = origins({A: (B,), B: (C,), C: (A,), D: (A,), E: (D, F), F: ()})
    assert [set(one) for one in known.circles] == [{A, B, C}]
    assert known.circular(A)
    assert known.circular(D)
    assert known.of(E) == {F}
    assert counted(known, A, B, C, D) == 0
    assert counted(known, A, E) == 1


def test_a_circle_that_began_elsewhere_has_that_root():
    known = origins({A: (B,), B: (A, C), C: ()})
    assert known.of(A) == known.of(B) == {C}
    assert len(known.circles) == 1


def test_a_tie_that_would_close_a_circle_is_named_with_its_way():
    assert circle_of(CHAIN, A, C) == (C, B, A)
    assert circle_of(CHAIN, E, C) == ()
    with pytest.raises(InvalidValue, match="tied to itself"):
        Tie("told_by", A, A)
    with pytest.raises(InvalidValue, match="no tie between sources"):
        Tie("overheard", A, B)  # type: ignore[arg-type]


def test_a_long_chain_is_no_matter_of_depth():
    chain = {made(at): (made(at - 1),) if at else () for at in range(20_000)}
    assert origins(chain).of(made(19_999)) == {made(0)}


def sets(*words: str) -> list[frozenset[str]]:
    return [frozenset(word) for word in words]


def test_the_fewest_origins_of_claims_by_hand():
    assert fewest(sets()).number == 0
    assert fewest(sets("a", "a", "a")).number == 1
    assert fewest(sets("ab", "bc", "cd")).number == 2  # b and c, or b and d
    assert fewest(sets("ab", "bc", "ca")).number == 2
    assert fewest(sets("ab", "cd", "ef")).number == 3
    assert fewest(sets("a", "ab", "abc", "bc")).number == 2


def test_what_a_finding_hangs_on_by_hand():
    """Three people: of the first only a tells, of the second a and b, of the third b or c, nobody knows which."""
    found = hangs_on({"one": sets("a"), "two": sets("a", "b"), "three": sets("bc")})
    assert found.falls == {"a": ("one",)}
    assert names(found.smallest) == {frozenset("ab"), frozenset("ac")}
    assert not found.bounded
    assert found.keystone == ""


def test_a_finding_of_one_origin_hangs_on_it_whole():
    found = hangs_on({"one": sets("a", "a"), "two": sets("a")})
    assert found.keystone == "a"
    assert found.smallest == (frozenset("a"),)


def test_a_part_that_is_told_in_a_circle_alone_is_carried_by_nobody():
    found = hangs_on({"one": [frozenset()], "two": sets("a")})
    assert found.uncarried == ("one",)
    assert found.falls == {"a": ("two",)}


def test_a_search_that_is_cut_short_says_so_and_claims_no_more_than_it_knows():
    pairs = [frozenset((f"{at}l", f"{at}r")) for at in range(30)]  # 2^30 smallest sets
    found = hangs_on({str(at): [one] for at, one in enumerate(pairs)})
    assert found.bounded
    assert len(found.smallest) <= MOST_SETS
    assert fewest(pairs).number == 30


SIZES = st.integers(2, 12)


@st.composite
def graphs(draw):
    """Sources that go back to earlier ones, some ties, and some sources that have a claim each."""
    number = draw(SIZES)
    ids = [made(at) for at in range(number)]
    derives = {
        one: tuple(draw(st.sets(st.sampled_from(ids[:at]), max_size=3))) if at and draw(st.booleans()) else ()
        for at, one in enumerate(ids)
    }
    pair = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda two: two[0] != two[1])
    kinds = st.sampled_from(["same_interview", "related", "same_broker"])
    ties = [Tie(kind, *two) for kind, two in draw(st.lists(st.tuples(kinds, pair), max_size=3))]
    return derives, ties, draw(st.lists(st.sampled_from(ids), min_size=1, max_size=8))


@given(graphs(), st.data())
def test_one_more_report_of_what_was_told_never_raises_a_count(graph, data):
    derives, ties, telling = graph
    before = counted(origins(derives, ties), *telling)
    of = tuple(data.draw(st.sets(st.sampled_from(telling), min_size=1, max_size=3)))
    more = made(99)
    after = origins({**derives, more: of}, ties)
    assert counted(after, *telling, more) == before
    assert after.of(more) <= {root for one in telling for root in after.of(one)}


@given(graphs(), st.data())
def test_one_more_tie_never_raises_a_count(graph, data):
    derives, ties, telling = graph
    before = counted(origins(derives, ties), *telling)
    two = data.draw(st.lists(st.sampled_from(sorted(derives)), min_size=2, max_size=2, unique=True))
    assert counted(origins(derives, [*ties, Tie("same_interview", *two)]), *telling) <= before


@given(st.lists(st.sets(st.sampled_from("abcdef"), min_size=1, max_size=4), min_size=1, max_size=6))
def test_the_smallest_sets_are_those_that_trying_every_set_finds(parts):
    from itertools import chain, combinations

    every = sorted(set(chain.from_iterable(parts)))
    hits = [
        frozenset(one)
        for size in range(len(every) + 1)
        for one in combinations(every, size)
        if all(part & set(one) for part in parts)
    ]
    least = min(map(len, hits))
    found = hangs_on({str(at): [frozenset(part)] for at, part in enumerate(parts)})
    assert names(found.smallest) == {one for one in hits if len(one) == least} or found.bounded
    assert fewest(map(frozenset, parts)).number == least
