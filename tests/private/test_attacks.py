"""The attacks on encodings: each finds what a careless encoding gives away, and little in ours."""

from dataclasses import replace

import numpy as np
import pytest
from tests.private.conftest import Chance, distinct, signed

from corroborate.invented import make_world, write_lists
from corroborate.linkage import private
from corroborate.linkage.private import attacks, encoding
from corroborate_cli.lists import entry, read_list


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    lists = write_lists(make_world(31, 1500), tmp_path_factory.mktemp("attacked"))
    rows = read_list(lists.files["A"], "A", maps={}, encoding=None, latest=2020)[1].entries
    return [one for one in distinct(lists, map(entry, rows)) if encoding.readings(one, 1)][:450]


@pytest.fixture(scope="module")
def encoded(people):
    """Names by row, filters before and after hardening, and the attacker's own of the same people."""
    both, foreign = signed().one, signed(schema=private.Schema(round_to=30)).one
    names = tuple(encoding.readings(one, 1)[0] for one in people)
    own = encoding.filters_of(people, both, Chance(1))[0][:, 0]
    clear = encoding.filters_of(people, foreign, Chance(2))[0][:, 0]
    return names, own, encoding.harden(own, both), clear, both


def test_names_alone_are_read_off_by_their_rank(people):
    """With names as a surname-heavy population has them, and no other field: what we do not send."""
    common = [replace(one, names=("김영수",), complete=True) for one in people[:60]]
    common += [replace(one, names=("리철수",), complete=True) for one in people[60:90]]
    both = signed().one
    names = tuple(encoding.readings(one, 1)[0] for one in (*common, *people[90:]))
    target = attacks.Target(encoding.name_filters([*common, *people[90:]], both), names)
    assert attacks.by_rank(target) >= 90 / len(names)


def test_the_same_rows_hardened_with_their_other_facts_are_not(people):
    common = [replace(one, names=("김영수",), complete=True) for one in people[:60]]
    both = signed().one
    rows = [*common, *people[90:]]
    names = tuple(encoding.readings(one, 1)[0] for one in rows)
    own = encoding.filters_of(rows, both, Chance(1))[0][:, 0]
    # naming every row after the commonest name would be right for one in seven: the attack is no better than blind
    assert attacks.by_rank(attacks.Target(encoding.harden(own, both), names)) <= 1 / len(names) * 5


def test_each_attack_from_outside_names_at_most_one_row_in_a_hundred(encoded):
    names, _, hardened, clear, both = encoded
    target = attacks.Target(hardened, names)
    assert attacks.by_rank(target) <= 0.01
    assert attacks.by_patterns(target) <= 0.01
    assert attacks.by_graph(target, clear, both.schema.fan_in) <= 0.01


def test_graph_matching_works_on_filters_that_are_not_hardened(encoded):
    names, own, _, clear, _ = encoded
    assert attacks.by_graph(attacks.Target(own, names), clear, 1) > 0.05
    assert attacks.by_graph(attacks.Target(own, names), own, 1) > 0.9  # with the same graph it finds nearly all


def test_a_key_holder_who_gets_the_encodings_reads_them_with_a_dictionary(people, encoded):
    """Said in the docs as what is left: the linkage unit must not be a friend of one side."""
    names, _, hardened, _, both = encoded
    tried = encoding.harden(encoding.filters_of(people, both, Chance(5))[0][:, 0], both)
    assert attacks.by_dictionary(attacks.Target(hardened, names), tried, names, 0.46) > 0.9
    foreign = signed(nearness=300).one
    without = encoding.harden(encoding.filters_of(people, foreign, Chance(5))[0][:, 0], foreign)
    assert attacks.by_dictionary(attacks.Target(hardened, names), without, names, 0.46) == 0


def test_hardened_bits_are_balanced_and_strangers_differ_in_half_of_them(encoded):
    _, own, hardened, _, _ = encoded
    assert own.mean() < 0.3
    assert abs(hardened.mean() - 0.5) < 0.02
    some = np.packbits(hardened, axis=-1)[:100]
    apart = np.bitwise_count(some[:, None] ^ some[None, :]).sum(-1)[np.triu_indices(100, 1)] / hardened.shape[1]
    assert 0.47 < np.median(apart) < 0.51


def test_the_diffusion_is_linear():
    both = signed().one
    drawn = np.random.default_rng(3).integers(0, 2, (4, both.schema.bits), dtype=np.uint8)
    together = encoding.harden(drawn[:1] ^ drawn[1:2], both)
    assert (together == encoding.harden(drawn[:1], both) ^ encoding.harden(drawn[1:2], both)).all()
