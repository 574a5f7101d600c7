"""Reviewing in a vault, by the command: take pairs in, judge, undo, split, and who agrees with whom."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from tests.review.conftest import AT, PASSPHRASE

from corroborate.errors import InputRefused, InvalidValue
from corroborate.records import Clusters
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import queries as records_queries
from corroborate_node.review import actions, loading, queries
from corroborate_node.review import api as review


def ran(reviewed, *words):
    done = CliRunner().invoke(
        group, ["review", *words, "--vault", str(reviewed[0]), "--json"], env={"CORROBORATE_PASSPHRASE": PASSPHRASE}
    )
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def loaded(reviewed):
    return reviewed, ran(reviewed, "load", str(reviewed[1]))


def clusters_of(vault):
    people = [one.id for one in records_queries.entities() if one.kind == "person"]
    return Clusters.of(people, records_queries.judgements())


def test_a_pair_taken_in_twice_is_one_pair(loaded):
    reviewed, first = loaded
    assert first["new"] > 100
    assert first["elsewhere"] == 0
    assert ran(reviewed, "load", str(reviewed[1])) == {"new": 0, "before": first["new"], "elsewhere": 0}


def test_the_pair_whose_judgement_moves_most_stands_first(loaded):
    reviewed, _ = loaded
    waiting = ran(reviewed, "list", "--most", "500")
    worths = [one["worth"] for one in waiting]
    assert worths == sorted(worths, reverse=True)
    assert worths[0] > 1 > worths[-1]
    assert all(one["left_names"] and one["right_names"] for one in waiting)


def test_of_several_judgements_in_one_second_undo_takes_back_the_last(loaded):
    reviewed, _ = loaded
    waiting = [one["pair"] for one in ran(reviewed, "list", "--most", "8")]
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        keeper = owner(vault, datetime.now(UTC).replace(microsecond=0))
        pairs = [queries.pairs(keeper).get(id=number) for number in waiting]
        made = [actions.judge(keeper, one, "unsure", "asked again", "quick").id for one in pairs]
        for last in reversed(made):
            assert queries.last_by("quick") == last
            actions.take_back(keeper, last)


def test_undo_gives_back_exactly_what_was_and_the_history_keeps_it(loaded):
    reviewed, _ = loaded
    before = ran(reviewed, "list", "--most", "1000")
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        was, size = clusters_of(vault), log_queries.whole_tree().size
    made = ran(reviewed, "judge", str(before[0]["pair"]), "same", "--by", "keeper", "--why", "the same uncle")
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        merged = clusters_of(vault)
        assert any({before[0]["left"], before[0]["right"]} <= one for one in merged.members)
        assert log_queries.whole_tree().size == size + 1
    assert [one["pair"] for one in ran(reviewed, "list", "--most", "1000")] == [one["pair"] for one in before[1:]]
    assert ran(reviewed, "undo", "--by", "keeper") == {"taken_back": made["judgement"]}
    assert ran(reviewed, "list", "--most", "1000") == before
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        assert clusters_of(vault) == was
        gone = next(one for one in records_queries.judgements() if one.id == made["judgement"])
        assert gone.withdrawn is not None
        assert gone.why == "the same uncle"
        assert log_queries.whole_tree().size == size + 2
        assert [one.found for one in fixity.everything(vault) if one.state == "wrong"] == []


def test_two_reviewers_agreement_is_shown_and_a_changed_verdict_replaces_the_former(loaded):
    reviewed, _ = loaded
    pairs = [one["pair"] for one in ran(reviewed, "list", "--most", "1000")][-6:]
    verdicts = {"first": ["same"] * 3 + ["different"] * 3, "second": ["same"] * 2 + ["different"] * 4}
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        for by, said in verdicts.items():
            for pair, verdict in zip(pairs, said, strict=True):
                review.judge(vault, pair, verdict, by, "as it looks", AT)
    (found,) = ran(reviewed, "agreement")
    assert (found["reviewers"], found["pairs"], found["agreed"]) == (["first", "second"], 6, 5)
    assert 0 < found["kappa"] < 1
    ran(reviewed, "judge", str(pairs[2]), "same", "--by", "second", "--why", "looked again")
    (found,) = ran(reviewed, "agreement")
    assert (found["pairs"], found["agreed"], found["kappa"]) == (6, 6, 1.0)


def test_splitting_a_person_off_leaves_the_others_joined(loaded):
    reviewed, _ = loaded
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        waiting, _ = queries.owner_waiting(500)
        linked: dict[str, list] = {}
        for one in waiting:
            linked.setdefault(one.left, []).append(one)
            linked.setdefault(one.right, []).append(one)
        middle, pairs = next((person, pairs) for person, pairs in linked.items() if len(pairs) >= 2)
        was = clusters_of(vault)
        for one in pairs:
            review.judge(vault, one.pair, "same", "keeper", "as it looks", AT)
        assert len(next(c for c in clusters_of(vault).members if middle in c)) >= 3
        from corroborate_node.core.desk import owner
        from corroborate_node.review import actions

        assert actions.split(owner(vault, AT), middle) == len(pairs)
        assert clusters_of(vault) == was
        with pytest.raises(InvalidValue, match="joined to nobody"):
            actions.split(owner(vault, AT), middle)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "no file of pairs"),
        (b"a,b\n1,2\n", "no file of pairs"),
        (b"left,right,probability\nx,y,0.5\n", "nobody here"),
        (b"left,right,probability\nx,y,often\n", "line 2"),
        (b"left,right,probability\nx,y,1.5\n", "no probability"),
        (b"left,right,probability\nx,x,.5\n", "with itself"),
        (b"left_list,left_row,right_list,right_row,probability\nA,one,B,2,.5\n", "line 2"),
        (b"\xff\xfe\x00", "no CSV"),
    ],
)
def test_a_file_that_is_none_of_pairs_is_refused_whole(loaded, tmp_path, content, what):
    reviewed, _ = loaded
    (tmp_path / "pairs.csv").write_bytes(content)
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        count = queries.owner_waiting(1)[1]
        with pytest.raises((InputRefused, InvalidValue), match=what):
            loading.load_file(owner(vault, AT), tmp_path / "pairs.csv")
        assert queries.owner_waiting(1)[1] == count


def test_pairs_of_rows_that_are_elsewhere_are_counted_and_left_out(loaded, tmp_path):
    reviewed, _ = loaded
    file = tmp_path / "pairs.csv"
    file.write_text("left_list,left_row,right_list,right_row,probability\nA,1,Z,2,0.5\n", encoding="utf-8")
    assert ran(reviewed, "load", str(file)) == {"new": 0, "before": 0, "elsewhere": 1}


def test_a_pair_or_reviewer_that_is_not_there_is_said(loaded):
    reviewed, _ = loaded
    with api.open_vault(reviewed[0], PASSPHRASE) as vault:
        with pytest.raises(InvalidValue, match="no pair 999999"):
            review.judge(vault, 999_999, "same", "keeper", "why", AT)
        with pytest.raises(InvalidValue, match="no judgement of nobody stands"):
            review.undo(vault, "nobody", None, AT)
