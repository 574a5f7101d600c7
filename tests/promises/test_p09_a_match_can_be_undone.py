"""Promise 9: merging is a recorded judgement; undoing it gives back exactly what was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from corroborate.records import Clusters, Judgement
from corroborate.records.reviewing import joining
from corroborate.values import new_id

AT = datetime(2026, 1, 1, tzinfo=UTC)
ENTRIES = [new_id("ent", milliseconds=at, randomness=bytes(10)) for at in range(8)]


def judgement(number: int, left: int, right: int, verdict: str) -> Judgement:
    identifier = new_id("jud", milliseconds=number, randomness=bytes(10))
    return Judgement(identifier, ENTRIES[left], ENTRIES[right], verdict, "reviewer", "same name and year", AT)


pairs = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] != p[1])
judgements = st.lists(st.tuples(pairs, st.sampled_from(["same", "different", "unsure"])), max_size=12).map(
    lambda drawn: [judgement(n, *pair, verdict) for n, (pair, verdict) in enumerate(drawn)]
)


@given(judgements, pairs)
def test_taking_a_match_back_gives_exactly_what_was(before, pair):
    was = Clusters.of(ENTRIES, before)
    match = judgement(99, *pair, "same")
    merged = Clusters.of(ENTRIES, [*before, match])
    assert any({match.left, match.right} <= cluster for cluster in merged.members)
    undone = Clusters.of(ENTRIES, [*before, replace(match, withdrawn=AT + timedelta(days=1))])
    assert undone == was


@given(judgements)
def test_every_entry_is_in_exactly_one_cluster_whatever_was_judged(made):
    members = [entry for cluster in Clusters.of(ENTRIES, made).members for entry in cluster]
    assert sorted(members) == sorted(ENTRIES)


@given(judgements)
def test_a_conflict_is_shown_and_not_settled(made):
    found = Clusters.of(ENTRIES, made)
    for conflict in found.conflicts:
        assert conflict.verdict == "different"
        assert any({conflict.left, conflict.right} <= cluster for cluster in found.members)


@given(judgements, st.integers(0, 7))
def test_splitting_an_entry_off_leaves_everybody_else_as_if_it_had_never_been_joined(made, at):
    entry = ENTRIES[at]
    taken_back = {one.id for one in joining(made, entry)}
    after = Clusters.of(
        ENTRIES, [replace(one, withdrawn=AT + timedelta(days=1)) if one.id in taken_back else one for one in made]
    )
    assert frozenset({entry}) in after.members
    without = Clusters.of([one for one in ENTRIES if one != entry], [
        one for one in made if entry not in (one.left, one.right)
    ])  # fmt: skip
    assert set(after.members) - {frozenset({entry})} == set(without.members)


@given(judgements, st.randoms())
def test_undoing_every_judgement_one_by_one_in_any_order_ends_where_it_began(made, order):
    standing = list(made)
    for one in order.sample(made, len(made)):
        standing = [replace(each, withdrawn=AT + timedelta(days=1)) if each.id == one.id else each for each in standing]
    assert Clusters.of(ENTRIES, standing) == Clusters.of(ENTRIES, [])
