"""A vault that came back from a backup: what it may sign, and how a log goes on whose entries are lost."""

import itertools
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import needed
from corroborate.custody.recovery import answers_needed, continuation, status_of
from corroborate.errors import InvalidValue, NotVerified

from .worlds import AT, FIRST, OWNER, SECOND, signed, tree_of

KEY = OWNER.verifier()


def test_a_restored_vault_asks_before_it_signs():
    found = status_of(tree_of(7), KEY, {"B": signed(tree_of(7), FIRST)}, 2)
    assert (found.state, found.may_sign) == ("asking", False)
    found = status_of(tree_of(7), KEY, {"B": signed(tree_of(7), FIRST), "C": None}, 2)
    assert (found.state, found.may_sign) == ("free", True)


def test_a_vault_behind_its_own_cosigned_checkpoint_may_not_sign():
    found = status_of(tree_of(7), KEY, {"B": signed(tree_of(9), FIRST), "C": signed(tree_of(7), SECOND)}, 2)
    assert (found.state, found.may_sign) == ("behind", False)
    assert found.newest == signed(tree_of(9), FIRST)
    # One answer is enough to know that it is behind.
    assert status_of(tree_of(7), KEY, {"B": signed(tree_of(9), FIRST)}, 3).state == "behind"


def test_a_vault_with_other_entries_may_not_sign():
    found = status_of(tree_of(9), KEY, {"B": signed(tree_of(9, b"other", fork=5), FIRST), "C": None}, 2)
    assert (found.state, found.may_sign) == ("forked", False)


def test_what_our_key_did_not_sign_is_no_answer():
    for note in (signed(tree_of(7), owner=FIRST), signed(tree_of(7), FIRST).replace(b"a.example", b"x.example")):
        with pytest.raises(NotVerified, match="no checkpoint of ours"):
            status_of(tree_of(7), KEY, {"B": note}, 1)


@given(st.integers(1, 7), st.data())
def test_enough_answers_meet_every_quorum_in_one_that_tells_the_truth(n, data):
    f = data.draw(st.integers(0, (n - 1) // 3))
    k = needed(n, f)
    m = answers_needed(n, k, f)
    for quorum, asked in itertools.product(itertools.combinations(range(n), k), itertools.combinations(range(n), m)):
        assert len(set(quorum) & set(asked)) >= min(f + 1, k, m)


def test_answers_cannot_be_asked_of_more_than_there_are():
    assert answers_needed(3, 0, 2) == 3
    for wrong in ((3, 4, 0), (3, 2, 3), (0, 0, 0)):
        with pytest.raises(InvalidValue):
            answers_needed(*wrong)


def test_a_new_log_begins_with_what_the_old_one_ended_with():
    old = signed(tree_of(9), FIRST, SECOND)
    record = json.loads(continuation(old, OWNER.name + "~2", 7, datetime(2026, 1, 1, tzinfo=UTC)))
    assert (record["continues"], record["size"], record["root"]) == (OWNER.name, 9, tree_of(9).root().hex())
    assert record["checkpoint"].encode() == old
    assert record["lost_from"] == 7
    with pytest.raises(InvalidValue, match="new name"):
        continuation(old, OWNER.name, 7, AT)
