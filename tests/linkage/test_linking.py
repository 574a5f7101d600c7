"""Relatives stay apart, doubt is carried on, probabilities are calibrated, and bad input ends in one message."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from corroborate.errors import InvalidValue, NotLinkable
from corroborate.invented.households import make_households
from corroborate.linkage import (
    Linkage,
    Options,
    PersonEntry,
    calibrate,
    draws,
    expected_calibration_error,
    html_report,
    link,
    quality,
    reliability,
    summary,
    waterfall,
)
from corroborate.linkage.blocking import Budget
from corroborate.linkage.entries import columns
from corroborate.linkage.scoring import score
from corroborate.values import OverlapTable
from corroborate_cli.main import group


def entry(row):
    return PersonEntry(
        row.list, row.row, tuple(filter(None, (row.name, row.hanja))), sex=row.sex,
        birth=(row.born, row.born) if row.born else None, place=row.place,
        event=(row.taken, row.taken) if row.taken else None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def households():
    rows = make_households(11, 500)
    lists = {name: [entry(r) for r in rows if r.list == name] for name in ("register", "testimony")}
    return lists, {(r.list, r.row): str(r.person) for r in rows}, {(r.list, r.row): r for r in rows}


@pytest.fixture(scope="module")
def linked(households):
    return link(households[0])


def test_people_of_households_are_matched_one_to_one(linked, households):
    judged = quality(linked, households[1], between=True)
    assert judged.precision >= 0.98
    assert judged.f1 >= 0.99
    assert quality(linked, households[1]).precision >= 0.98


def test_kin_fields_alone_never_make_a_match(linked, households):
    rows = households[2]
    for pair in linked.pairs:
        one, other = rows[pair.left], rows[pair.right]
        if one.household == other.household and one.person != other.person and pair.decision == "match":
            bars = {bar.comparison: bar for bar in waterfall(linked, pair.left, pair.right)}
            assert bars["given"].weight > 0


def test_what_brothers_share_is_not_counted():
    kin = {"place": "회령", "event": (1977, 1977), "facility": "22호", "sex": "m"}
    names = [s + g + h for s in "박최정강조" for g in "영수호철성" for h in "진민현경석"]
    crowd = [
        PersonEntry("a", n, (name,), birth=(1930 + n % 40, 1930 + n % 40), place="청진", sex="m")
        for n, name in enumerate(names)
    ]
    brothers = {
        "a": [*crowd, PersonEntry("a", 900, ("김영수",), birth=(1950, 1950), **kin)],
        "b": [PersonEntry("b", 1, ("김영호",), birth=(1952, 1952), **kin)],
    }
    found = link(brothers)
    assert not [p for p in found.pairs if p.decision == "match" and ("b", 1) in (p.left, p.right)]


def test_a_waterfall_adds_up_to_the_weight(linked):
    pair = next(p for p in linked.pairs if p.decision == "match" and p.left[0] != p.right[0])
    total = sum(bar.weight for bar in waterfall(linked, pair.left, pair.right) if bar.counted)
    assert total == pytest.approx(pair.weight, abs=0.02)


def test_each_entry_stands_in_one_cluster_and_a_list_person_in_one_match(linked, households):
    lists = households[0]
    assert sorted(e for c in linked.clusters for e in c) == sorted((n, e.row) for n, es in lists.items() for e in es)
    assert sum(linked.overlap.counts.values()) == linked.overlap.documented


def test_draws_spread_round_the_best_table_and_repeat_with_their_seed(linked):
    tables = draws(linked, 12, seed=5)
    assert tables == draws(linked, 12, seed=5)
    assert all(isinstance(table, OverlapTable) and table.lists == linked.overlap.lists for table in tables)
    both = [table.counts.get((1, 1), 0) for table in tables]
    best = linked.overlap.counts[1, 1]
    assert min(both) <= best * 1.02
    assert max(both) >= best * 0.98
    assert abs(np.mean(both) - best) < 0.05 * best
    with pytest.raises(InvalidValue):
        draws(linked, 0, seed=1)


def test_a_linkage_without_doubt_draws_itself():
    sure = {
        "a": [PersonEntry("a", n, (f"김{g}{h}",), born_on=f"19{n + 20}0{1 + n % 9}1{n % 9}", birth=(1920 + n, 1920 + n))
              for n, (g, h) in enumerate((g, h) for g in "영수호철성" for h in "진민현경석")],
    }  # fmt: skip
    sure["b"] = [PersonEntry("b", e.row, e.names, born_on=e.born_on, birth=e.birth) for e in sure["a"]]
    found = link(sure)
    assert {table.counts[1, 1] for table in draws(found, 5, seed=2)} == {found.overlap.counts[1, 1]}


def simulated(count, seed):
    """Weights whose true probability is not what the model says: it is over-confident by half."""
    chance = np.random.default_rng(seed)
    weight = chance.uniform(-14, 14, count)
    return weight, chance.random(count) < 1 / (1 + np.exp2(-(0.5 * weight - 1)))


@pytest.mark.parametrize("wrong", [0.005, 0.02])
def test_300_judgements_calibrate_to_within_two_per_cent(linked, households, wrong):
    """Simulated reviewers see pairs drawn at random and are wrong once in 200, or once in 50, which nobody tells."""
    evidence, truth = linked.evidence, households[1]
    shown = np.flatnonzero(evidence.weight > -12)
    same = np.array(
        [truth[evidence.places[evidence.left[n]]] == truth[evidence.places[evidence.right[n]]] for n in shown]
    )
    weight, errors = evidence.weight[shown], []
    for seed in range(20):
        chance = np.random.default_rng(seed)
        judged = chance.choice(len(shown), 300, replace=False)
        said = same[judged] ^ (chance.random(300) < wrong)
        fitted = calibrate(weight[judged], said)
        assert fitted.method == "isotonic"
        errors.append(expected_calibration_error(reliability(fitted.apply(weight), same)))
    assert np.mean(errors) <= 0.02


def test_an_overconfident_model_is_drawn_in():
    weight, same = simulated(20_000, 7)
    raw = expected_calibration_error(reliability(1 / (1 + np.exp2(-weight)), same))
    fitted = calibrate(*simulated(300, 1))
    assert raw > 0.05
    assert expected_calibration_error(reliability(fitted.apply(weight), same)) < raw / 2


def test_calibration_needs_both_verdicts_and_never_falls():
    with pytest.raises(InvalidValue, match="five of each kind"):
        calibrate([1.0] * 40, [True] * 40)
    for method in ("logistic", "isotonic"):
        fitted = calibrate(*simulated(1500, 3), method=method)
        assert np.all(np.diff(fitted.probabilities) >= 0)


def test_an_explosion_is_refused_with_its_key_before_it_is_compared():
    crowd = [PersonEntry("a", n, ("김영수",)) for n in range(12_000)]
    with pytest.raises(NotLinkable, match=r"12,000 entries share the block .whole name: k:김-영-수"):
        link({"a": crowd})


def test_blocks_fit_their_budget():
    lists = {"a": [entry(r) for r in make_households(3, 300) if r.list == "register"]}
    found = score(
        columns(lists), budget=Budget(largest_block=40, pairs_each=2, least_pairs=0, everybody=0), seed=1, threads=2
    )
    assert found.blocked.pairs <= 2 * len(lists["a"])


def test_the_report_stands_alone(linked):
    page = html_report(linked, summary(linked), threshold=0.5)
    assert "not calibrated" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page
    assert "unsafe-inline" not in page


def run(tmp_path, command, files, *options):
    paths = []
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(str(tmp_path / name))
    return CliRunner().invoke(group, [command, *paths, "--out", str(tmp_path / "out"), *options])


NAMES = ["Kim Young-soo", "Lee Hyun-woo", "Park Jeong-hoon", "Choi Eun-kyung", "Yoon Seung-woo", "Kang Min-ho"]


def people(*columns, rows=None):
    return "\n".join([",".join(columns), *(",".join(row) for row in rows)]) + "\n"


@pytest.mark.parametrize(
    ("files", "options", "says"),
    [
        ({"a.csv": "Colour,Size\nred,1\n", "b.csv": "Name\nKim\n"}, (), "none of the columns is known to hold a name"),
        ({"a.csv": "Name\n" + "\n".join(NAMES)}, (), "at least two files"),
        ({"a.csv": "Name\n" + "\n".join(NAMES), "b.csv": "Name\n" + "\n".join(NAMES)}, (), "hold the same rows"),
        ({"a.csv": "Name,Sex\n,m\n,f\n", "b.csv": "Name\n" + "\n".join(NAMES)}, (), "a holds no name"),
    ],
)
def test_lists_that_cannot_be_linked_end_in_one_message(tmp_path, files, options, says):
    result = run(tmp_path, "link", files, *options)
    assert result.exit_code != 0
    assert says in result.output + str(result.exception)
    assert not (tmp_path / "out").exists()


def test_doubtful_lists_are_linked_and_the_doubts_said(tmp_path):
    one = people("ID", "Name", "Birth", "Camp", rows=[("7", n, "no idea", "") for n in NAMES])
    other = people(
        "ID", "Name", "Birth", "Camp", rows=[(str(k), n, f"19{k}5", "") for k, n in enumerate(NAMES, start=3)]
    )
    result = run(tmp_path, "link", {"a.csv": one, "b.csv": other.encode("utf-16")}, "--encoding", "utf-16", "--json")
    assert result.exit_code != 0 or json.loads(result.stdout)  # the option is for all files, and one is not in it
    result = run(tmp_path, "link", {"a.csv": one, "b.csv": other.encode("cp949")}, "--json", "--draws", "2")
    assert result.exit_code == 0, result.output
    said = " ".join(json.loads(result.stdout)["notices"])
    assert "1 id repeats: 7" in said
    assert "no date that we can read" in said
    assert "is empty" in said
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"pairs.csv", "clusters.csv", "overlap.csv", "overlap_001.csv", "overlap_002.csv", "quality.json",
            "quality.html", "conflicts.csv"} <= names  # fmt: skip


def test_truth_prints_pairs_and_b_cubed(tmp_path):
    one = people("who", "Name", rows=[(str(k), n) for k, n in enumerate(NAMES)])
    other = people(
        "who",
        "이름",
        rows=[(str(k), n) for k, n in enumerate(["김영수", "이현우", "박정훈", "최은경", "윤승우", "강민호"])],
    )
    result = run(
        tmp_path, "link", {"a.csv": one, "b.csv": other}, "--truth", "who", "--json", "--explain", "a:1", "b:1"
    )
    assert result.exit_code == 0, result.output
    summed = json.loads(result.stdout)
    assert summed["precision"] == summed["recall"] == summed["b_cubed_f1"] == 1.0


def test_quality_counts_by_hand():
    clusters = ((("a", 1), ("b", 1), ("b", 2)), (("a", 2),))
    truth = {("a", 1): "x", ("b", 1): "x", ("b", 2): "y", ("a", 2): "y"}
    found = quality(Linkage((), clusters, OverlapTable(("a", "b"), {}), ()), truth)
    assert (found.precision, found.recall) == (round(1 / 3, 4), 0.5)
    assert found.b_cubed_precision == round((4 / 3 + 1 / 3 + 1) / 4, 4)
    assert found.b_cubed_recall == round((2 + 0.5 + 0.5) / 4, 4)


def test_a_row_given_twice_is_refused():
    with pytest.raises(NotLinkable, match="row 1 of list a is given twice"):
        link({"a": [PersonEntry("a", 1, ("김영수",)), PersonEntry("a", 1, ("이현우",))]}, options=Options())
