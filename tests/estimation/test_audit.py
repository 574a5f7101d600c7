"""An audit restores what linkage missed and made up: over worlds of known size, and from files to files."""

import csv
import json
from collections import Counter

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.errors import InvalidValue, NotEstimable
from corroborate.estimation.audit import Answer, Frame, allocation, audit, drawn, needed, planned, require
from corroborate.estimation.linked_populations import answers, world
from corroborate_cli.main import group

CHANCES = (0.3, 0.25, 0.2, 0.3)
HARD = {"recall": 0.8, "false": 0.02, "strangers": 0.05}


def audited(seed, people=400, *, errs=0.0, second=0.0, **wrong):
    chance = np.random.default_rng([seed, 19])
    made = world(2000, CHANCES, chance, **wrong)
    chosen = drawn(made.frame, people, chance)
    looked = chosen[: round(second * len(chosen))]
    settled = answers(made, looked, chance, errs=errs**2)
    return made, audit(made.frame, answers(made, chosen, chance, errs=errs), settled, settled, seed=seed, draws=100)


def test_an_audit_of_everybody_gives_the_true_table_to_the_unit_and_leaves_no_doubt():
    chance = np.random.default_rng(1)
    made = world(500, CHANCES, chance, **HARD)
    everybody = drawn(made.frame, len(made.frame.members), chance)
    found = audit(made.frame, answers(made, everybody, chance), seed=1, draws=50)
    truth = [made.truth.counts.get(pattern, 0) for pattern in found.patterns]
    assert found.mean == pytest.approx(np.array(truth))
    assert np.ptp(found.draws, axis=0) == pytest.approx(np.zeros(len(truth)), abs=1e-6)
    assert found.tables(3, chance)[0].documented == made.truth.documented


@settings(max_examples=5)
@given(st.integers(0, 10**6), st.floats(0.6, 1), st.floats(0, 0.05), st.floats(0, 0.1))
def test_the_mean_over_all_draws_of_people_is_the_true_table(seed, recall, false, strangers):
    """Each linked person alone stands for itself: the shares of all of them add up to the truth, so a sample's do on
    average."""
    chance = np.random.default_rng(seed)
    made = world(150, CHANCES, chance, recall=recall, false=false, strangers=strangers)
    found = audit(made.frame, answers(made, sorted(made.frame.members), chance), draws=2)
    assert found.documented == pytest.approx(made.truth.documented)


def test_audits_of_400_hold_the_number_documented_where_the_table_as_linked_is_far_off():
    holds, ratios = 0, []
    for seed in range(12):
        made, found = audited(seed, **HARD)
        low, high = np.quantile(found.draws.sum(axis=1), [0.025, 0.975])
        holds += low <= made.truth.documented <= high
        ratios.append(found.documented / made.truth.documented)
        assert made.linked().documented > 1.1 * made.truth.documented
    assert holds >= 10  # of twelve 95 % intervals, fewer are held twice in a hundred
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.02)


def test_links_found_and_links_right_are_near_the_truth_and_strangers_are_seen_by_list():
    found = [audited(seed, **HARD)[1] for seed in range(4)]
    assert np.mean([one.overall.recall for one in found]) == pytest.approx(0.77, abs=0.05)  # .8 and pieces apart
    assert 0.85 < np.mean([one.overall.precision for one in found]) < 1
    for name in "ABCD":
        assert np.mean([one.strangers[name] for one in found]) == pytest.approx(0.05, abs=0.03)


def test_a_second_reviewer_takes_back_what_the_first_missed():
    alone = [audited(seed, recall=0.8, errs=0.3) for seed in range(8)]
    helped = [audited(seed, recall=0.8, errs=0.3, second=0.6) for seed in range(8)]

    def off(made_and_found):
        return np.mean([found.documented / made.truth.documented for made, found in made_and_found]) - 1

    assert abs(off(helped)) < off(alone) / 2
    assert all(found.missed is not None and 0 < found.missed < 0.8 for _, found in helped)


def test_the_allocation_goes_with_the_root_and_gives_three_to_each():
    shares = allocation({(1, 0): 10_000, (0, 1): 100, (1, 1): 2}, 113)
    assert shares == {(1, 0): 101, (0, 1): 10, (1, 1): 2}
    assert allocation({(1, 0): 5, (1, 1): 4}, 100) == {(1, 0): 5, (1, 1): 4}
    with pytest.raises(NotEstimable, match="too small"):
        allocation({(1, 0): 10_000, (0, 1): 100}, 4)


def test_more_people_are_asked_for_where_the_doubt_is_to_be_smaller():
    made, found = audited(3, **HARD)
    assert planned(made.frame, 0.1) > planned(made.frame, 0.2) > planned(made.frame, 0.4)
    assert needed(found, 0.1) > needed(found, 0.2)


def test_answers_that_contradict_themselves_or_the_linkage_are_refused():
    frame = Frame(("A", "B"), {1: (("A", 1), ("B", 1)), 2: (("A", 2),), 3: (("B", 2),)})
    right = [Answer(one, (frozenset(frame.members[one]),)) for one in frame.members]
    twice = Answer(1, (frozenset([("A", 1)]), frozenset([("A", 1), ("B", 1)])))
    with pytest.raises(InvalidValue, match="two people's"):
        audit(frame, [twice, *right[1:]])
    with pytest.raises(InvalidValue, match="linkage done again"):
        audit(frame, [*right, Answer(9, ())])
    with pytest.raises(NotEstimable, match="only 0 of 1"):
        audit(frame, right[:2])
    with pytest.raises(NotEstimable, match="two reviewers differ on 1"):
        audit(frame, right, [Answer(1, (frozenset([("A", 1)]), frozenset([("B", 1)])))])


def test_a_reviewer_who_says_same_to_everything_is_named():
    made, _ = audited(1, recall=0.7)
    chosen = drawn(made.frame, 200, np.random.default_rng(1))
    found = audit(made.frame, [Answer(one, (frozenset(made.frame.members[one]),)) for one in chosen])
    assert any("found nothing to correct in 200" in line for line in found.warnings)


def test_a_table_that_missed_a_tenth_of_the_links_is_refused_uncorrected():
    require(0.95, corrected=False)
    require(0.5, corrected=True)
    with pytest.raises(NotEstimable, match="found 80% of the links"):
        require(0.8, corrected=False)


# -- from files to files ---------------------------------------------------------------------------------------------


@pytest.fixture
def linked(tmp_path):
    """What `link` writes, of an invented world, and that world."""
    chance = np.random.default_rng(5)
    made = world(600, CHANCES, chance, **HARD)
    rows = [f"{number},{name},{row},1" for number, places in made.frame.members.items() for name, row in places]
    folder = tmp_path / "linked"
    folder.mkdir()
    (folder / "clusters.csv").write_text("\n".join(["cluster,list,row,counted", *rows, "99999,A,99999,0"]) + "\n")
    (folder / "overlap.csv").write_text(made.linked().to_csv())
    return folder, made


def run(*arguments):
    return CliRunner().invoke(group, ["review", "audit", *map(str, arguments)], catch_exceptions=True)


def fill(path, made, *, blank=0):
    """What a reviewer who knows the truth makes of the file: numbers, strangers, and rows found elsewhere."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = list(dict.fromkeys(int(row["linked"]) for row in rows))
    lines = ["linked,list,row,person"]
    for answer in answers(made, numbers[blank:], np.random.default_rng(1)):
        own = made.frame.members[answer.linked]
        for at, person in enumerate(answer.people, start=1):
            lines += [f"{answer.linked},{name},{row},{at}" for name, row in sorted(person)]
        known = frozenset().union(*answer.people)
        lines += [f"{answer.linked},{name},{row},Stranger" for name, row in own if (name, row) not in known]
    for number in numbers[:blank]:
        lines += [f"{number},{name},{row}," for name, row in made.frame.members[number]]
    path.write_text("\n".join(lines) + "\n")


def test_an_audit_goes_from_a_folder_through_reviewers_to_tables_for_estimate(linked):
    folder, made = linked
    done = run("draw", folder, "--people", "300", "--second", "0.2", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["second"] == 60
    fill(folder / "audit.csv", made)
    fill(folder / "audit_second.csv", made)
    taken = run("take", folder, folder / "audit.csv", "--second", folder / "audit_second.csv", "--draws", "5")
    assert taken.exit_code == 0, taken.output
    assert "of the links there are, found" in taken.output
    said = json.loads((folder / "audit.json").read_text())
    assert said["documented"]["low"] <= made.truth.documented <= said["documented"]["high"]
    assert len(list(folder.glob("audited_*.csv"))) == 5
    again = run("draw", folder, "--people", "300")
    assert again.exit_code == 1
    assert "is there already" in str(again.exception)


def test_an_audit_broken_off_is_refused_until_it_is_said_that_it_may_be(linked):
    folder, made = linked
    run("draw", folder, "--people", "300", "--second", "0")
    fill(folder / "audit.csv", made, blank=20)
    refused = run("take", folder, folder / "audit.csv")
    assert refused.exit_code == 1
    assert "20 of 300 linked people" in str(refused.exception)
    assert "--so-far" in str(refused.exception)
    assert not (folder / "audit.json").exists()
    taken = run("take", folder, folder / "audit.csv", "--so-far", "--json")
    assert taken.exit_code == 0, taken.output
    assert json.loads(taken.output)["audited"] == 280


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1,A,1,2\n1,A,1,3", "answered twice"),
        ("888888,A,1,1", "does not have"),
        ("1,Z,1,1", "there is no list Z"),
        ("1,A,one,1", "is not a number"),
    ],
)
def test_answers_that_make_no_sense_are_refused_with_their_line(linked, line, said):
    folder, made = linked
    run("draw", folder, "--people", "300", "--second", "0")
    fill(folder / "audit.csv", made)
    with (folder / "audit.csv").open("a") as file:
        file.write(line + "\n")
    refused = run("take", folder, folder / "audit.csv")
    assert refused.exit_code == 1
    assert said in str(refused.exception)
    assert not (folder / "audit.json").exists()


def test_a_folder_of_two_linkages_is_refused(linked):
    folder, made = linked
    counts = Counter(made.linked().counts)
    counts[1, 0, 0, 0] += 1
    (folder / "overlap.csv").write_text(type(made.linked())(made.frame.lists, dict(counts)).to_csv())
    refused = run("draw", folder, "--people", "300")
    assert refused.exit_code == 1
    assert "not of one linkage" in str(refused.exception)


def test_estimate_refuses_the_uncorrected_table_and_takes_the_corrected_ones(linked):
    folder, made = linked
    run("draw", folder, "--people", "300", "--second", "0")
    fill(folder / "audit.csv", made)
    run("take", folder, folder / "audit.csv", "--draws", "2")
    refused = CliRunner().invoke(group, ["estimate", str(folder / "overlap.csv"), "--json"])
    assert refused.exit_code == 1
    assert "of the links there are" in json.loads(refused.output)["refused"]
    tables = [str(path) for path in sorted(folder.glob("audited_*.csv"))]
    done = CliRunner().invoke(group, ["estimate", *tables, "--draws", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["audit"]["audited"] == 300
    assert not any("Without an audit" in line for line in found["warnings"])


def test_without_an_audit_the_first_line_says_so_and_unjudged_pairs_come_before(tmp_path, linked):
    folder, _ = linked
    quality = {"possible": 412, "recall": None}
    (folder / "quality.json").write_text(json.dumps(quality))
    done = CliRunner().invoke(group, ["estimate", str(folder / "overlap.csv")])
    assert done.exit_code == 0, done.output
    first = next(line for line in done.stdout.splitlines() if line.strip())
    assert first.startswith("412 pairs that may be one person are not judged")
    assert "Without an audit of the linkage" in done.stdout
    (folder / "quality.json").write_text(json.dumps(quality | {"recall": 0.7}))
    refused = CliRunner().invoke(group, ["estimate", str(folder / "overlap.csv"), "--json"])
    assert refused.exit_code == 1
    assert "the known truth" in json.loads(refused.output)["refused"]
