"""Names of which a part is missing: they meet whole names of the other side, and no two whole names meet by them."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.private.conftest import Chance, distinct, signed

from corroborate.invented import make_world, write_lists
from corroborate.linkage import PersonEntry, private
from corroborate.linkage.private import attacks, encoding
from corroborate_cli.lists import entry, read_list
from corroborate_cli.main import group

FACTS = {"sex": "m", "birth": (1950, 1950), "place": "회령", "event": (1977, 1977), "facility": "22호"}


def matched(left, right, agreement):
    """Names that the unit puts together, from one row a side."""
    encoded = [
        private.encode(rows, side, Chance(number))
        for number, (rows, side) in enumerate(((left, agreement.one), (right, agreement.other)))
    ]
    pairs = private.match(encoded[0][0], encoded[1][0], agreement.one.agreement)
    return {
        (left[a].names[0], right[b].names[0])
        for pair in pairs
        if (a := encoded[0][1][pair.left]) is not None and (b := encoded[1][1][pair.right]) is not None
    }


def rows(*names, **facts):
    return [PersonEntry("list", at, (name,), "○" not in name, **(FACTS | facts)) for at, name in enumerate(names)]


@pytest.mark.parametrize("part", ["김○수", "김영○"])
@pytest.mark.parametrize("whole", ["김영수", "Kim Yong-su", "KIM Young Soo"])
def test_a_name_in_part_meets_the_whole_name_on_the_other_side_in_both_directions(agreement, part, whole):
    assert matched(rows(part), rows(whole), agreement) == {(part, whole)}
    assert matched(rows(whole), rows(part), agreement) == {(whole, part)}


def test_nobody_is_matched_by_what_is_missing(agreement):
    """Brothers who share a syllable and every fact; two names in part; another syllable; few facts to bear it out."""
    assert matched(rows("김영수"), rows("김철수"), agreement) == set()
    assert matched(rows("김○수"), rows("김○수"), agreement) == set()
    assert matched(rows("김○수"), rows("김영호"), agreement) == set()
    assert matched(rows("김○○"), rows("김영수"), agreement) == set()
    few = {"birth": None, "place": None, "event": None, "facility": None}
    assert matched(rows("김○수", **few), rows("김영수", **few), agreement) == set()


def test_hanja_beside_a_name_in_part_are_read(agreement):
    beside = [replace(rows("김○수")[0], names=("김○수", "金英洙"))]
    assert matched(beside, rows("김영수", birth=None, facility=None), agreement) == {("김○수", "김영수")}


@settings(max_examples=20, deadline=None)
@given(st.text("영수호철성진민현경석", min_size=2, max_size=2), st.integers(0, 1))
def test_each_side_marks_whose_whole_names_a_mask_is_of(given_name, side):
    whole = PersonEntry("list", 1, ("김" + given_name,), **FACTS)
    part = PersonEntry("list", 2, (f"김○{given_name[1]}",), complete=False, place="회령", birth=(1950, 1950))
    assert encoding.masks(part, 3, side)[0] in encoding.masks(whole, 3, 1 - side)
    assert not set(encoding.masks(whole, 3, side)) & set(encoding.masks(whole, 3, 1 - side))
    assert not set(encoding.masks(part, 3, side)) & set(encoding.masks(part, 3, 1 - side))


def test_a_row_in_part_has_as_many_filters_as_any_other(agreement):
    encoded, _ = private.encode(rows("김○수", "김영수", "박철호"), agreement.one, Chance(3))
    assert encoded.filters.shape[1] == agreement.one.schema.slots
    ones = np.unpackbits(encoded.filters, axis=-1).mean(axis=-1)
    assert abs(ones - 0.5).max() < 0.06  # nothing tells chance from a name


def test_attacks_on_masks_name_at_most_one_row_in_a_hundred(tmp_path_factory):
    lists = write_lists(make_world(37, 1500), tmp_path_factory.mktemp("masked"))
    read = read_list(lists.files["A"], "A", maps=(), encoding=None, latest=2020)[1].entries
    people = [
        one for one in distinct(lists, map(entry, read)) if encoding.readings(one, 1) and encoding.masks(one, 1, 0)
    ]
    people = people[:450]
    both, foreign = signed().one, signed(schema=private.Schema(round_to=30)).one
    names = tuple(encoding.readings(one, 1)[0] for one in people)
    slot = both.schema.readings
    mask, clear = (encoding.filters_of(people, one, Chance(n))[0][:, slot] for n, one in enumerate((both, foreign)))
    target = attacks.Target(encoding.harden(mask, both), names)
    assert attacks.by_rank(target) <= 0.01
    assert attacks.by_patterns(target) <= 0.01
    assert attacks.by_graph(target, clear, both.schema.fan_in) <= 0.01


def test_link_hands_over_to_the_private_steps():
    runner = CliRunner()
    shown = runner.invoke(group, ["link", "--private"])
    assert shown.exit_code == 0
    assert "private card" in shown.output
    assert "--private" in runner.invoke(group, ["link", "--help"]).output
