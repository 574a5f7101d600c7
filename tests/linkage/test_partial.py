"""People of whom a part of the name is left: possible with everybody they may be, drawn, and never matched."""

import pytest

from corroborate.linkage import PersonEntry, draws, link, waterfall

SURNAMES = "박최정강조윤장임한오"


def full(where, row, name, place, year, sex="m"):
    return PersonEntry(where, row, (name,), sex=sex, birth=(year, year), place=place)


def lists(*partial, compatible=1):
    """Forty people on both lists; and, on the first, one or more men who may be the one of whom a part is left."""
    people = [
        (f"{SURNAMES[at % 10]}{'영철순희민'[at % 5]}{'수호진석일남옥금'[at // 5]}", 1930 + at) for at in range(40)
    ]
    towns = ("회령", "청진", "온성", "무산", "함흥")
    a = [full("a", at, name, towns[at % 5], year, "mf"[at % 2]) for at, (name, year) in enumerate(people)]
    b = [full("b", at, name, towns[at % 5], year, "mf"[at % 2]) for at, (name, year) in enumerate(people)]
    a += [full("a", 100 + at, f"김{given}수", "라진", 1951) for at, given in enumerate("영철민광명"[:compatible])]
    return {"a": a, "b": [*b, *partial]}


def of(found, left, right):
    return next((pair for pair in found.pairs if {pair.left, pair.right} == {left, right}), None)


@pytest.mark.parametrize("written", ["김○○", "Mr. Kim", "Gim X", "김모"])
def test_the_only_one_it_may_be_is_possible_and_is_drawn(written):
    one = PersonEntry("b", 100, (written,), complete=False, birth=(1951, 1951), place="라진", sex="m", kind="partial")
    found = link(lists(one))
    pair = of(found, ("a", 100), ("b", 100))
    assert pair is not None
    assert pair.decision == "possible"
    assert 0.5 < pair.probability < 0.98
    assert found.overlap.counts == {(1, 1): 40, (1, 0): 1}
    drawn = [table.counts.get((1, 1), 0) for table in draws(found, 200, 1)]
    assert set(drawn) == {40, 41}
    assert sum(drawn) / 200 - 40 == pytest.approx(pair.probability, abs=0.12)
    assert min(bar.weight for bar in waterfall(found, ("a", 100), ("b", 100))) > -20


def test_those_it_may_be_share_its_chance():
    one = PersonEntry("b", 100, ("김○○",), complete=False, birth=(1951, 1951), place="라진", sex="m", kind="partial")
    alone = of(link(lists(one)), ("a", 100), ("b", 100)).probability
    found = link(lists(one, compatible=3))
    chances = [of(found, ("a", 100 + at), ("b", 100)).probability for at in range(3)]
    assert max(chances) - min(chances) < 1e-6
    assert alone > sum(chances) / 3
    assert alone - 0.05 < sum(chances) < 1


@pytest.mark.parametrize("other", [{"birth": (1915, 1915)}, {"sex": "f"}, {"names": ("박○○",)}])
def test_who_does_not_fit_is_not_shown(other):
    fits = {"names": ("김○○",), "birth": (1951, 1951), "place": "라진", "sex": "m"}
    one = PersonEntry("b", 100, complete=False, kind="partial", **{**fits, **other})
    pair = of(link(lists(one)), ("a", 100), ("b", 100))
    assert pair is None or pair.probability < 0.35


def test_nobody_is_anybody_s_whom_that_list_names_already():
    one = PersonEntry("b", 100, ("김○○",), complete=False, birth=(1951, 1951), place="라진", sex="m", kind="partial")
    both = lists(one)
    both["b"].append(full("b", 101, "김영수", "라진", 1951))
    found = link(both)
    assert of(found, ("a", 100), ("b", 101)).decision == "match"
    assert of(found, ("a", 100), ("b", 100)) is None
