"""What makes linkage quick changes no result: against plain SQL, Splink's own engine and a whole assignment problem."""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from corroborate.errors import NotLinkable
from corroborate.invented.households import make_households
from corroborate.linkage import Options, PersonEntry, learning
from corroborate.linkage.assignment import _assigned
from corroborate.linkage.blocking import PARTS, RULES, Budget, block
from corroborate.linkage.entries import RAW, coded, columns, features_of
from corroborate.linkage.learning import monotone
from corroborate.linkage.levels import Agreement, condition, plain
from corroborate.linkage.linking import weigh
from corroborate.linkage.model import COMPARISONS, STATED, unknown
from corroborate.linkage.rarity import rarity
from corroborate.linkage.scoring import score

NAMES = [
    "김영수",
    "김영호",
    "리영수",
    "Kim Young-soo",
    "Ri Yong Su",
    "李英洙",
    "キム・ヨンス",
    "박철",
    "김○수",
    "Joe Lee",
]
PLACES = ["회령", "Hoeryong", "함북", "청진", None]


@pytest.fixture(scope="module")
def households():
    rows = make_households(5, 150)
    return columns({
        name: [
            PersonEntry(
                row.list, row.row, tuple(filter(None, (row.name, row.hanja))), sex=row.sex, place=row.place,
                birth=(row.born, row.born) if row.born else None, event=(row.taken, row.taken) if row.taken else None,
            )
            for row in rows if row.list == name
        ]
        for name in ("register", "testimony")
    })  # fmt: skip


entries = st.lists(
    st.builds(
        lambda name, other, year, span, day, place, sex: PersonEntry(
            "a", 0, tuple(filter(None, (name, other))), birth=(year, year + span) if year else None, born_on=day,
            place=place, sex=sex, event=(year + 30, year + 30) if year else None),
        st.sampled_from([*NAMES, ""]), st.sampled_from(["", "李英洙", "金英洙"]), st.sampled_from([None, 1950, 1951]),
        st.sampled_from([0, 0, 2]), st.sampled_from([None, "19500312", "19510312"]), st.sampled_from(PLACES),
        st.sampled_from([None, "f", "m"])),
    min_size=2, max_size=24,
)  # fmt: skip


def table_of(rows):
    half = len(rows) // 2
    return columns({"a": rows[:half], "b": rows[half:]})


@given(entries)
@settings(max_examples=12, deadline=None)
def test_blocks_hold_the_pairs_that_a_join_in_sql_finds(rows):
    table = table_of(rows)
    with duckdb.connect() as engine:
        left, right, blocked = block(engine, table, Budget(everybody=0))
        engine.register("entries", plain(table))
        expected, by_rule = set(), dict.fromkeys((name for name, _ in RULES), 0)
        for name, parts in RULES:
            made = ", ".join(f"{PARTS[part]} as p{at}" for at, part in enumerate(parts))
            same = " and ".join(f"a.p{at} = b.p{at}" for at in range(len(parts)))
            found = engine.sql(
                f"with made as (select unique_id as id, {made} from entries)"  # noqa: S608
                f" select a.id, b.id from made a join made b on {same} and a.id < b.id"
            ).fetchall()
            by_rule[name] = len(found)
            expected |= set(found)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == sorted(expected)
    assert dict(blocked.by_rule) == {name: by_rule[name] for name, _ in blocked.by_rule}
    assert all(by_rule[name] == 0 for name in by_rule.keys() - dict(blocked.by_rule).keys())


@given(entries)
@settings(max_examples=12, deadline=None)
def test_levels_of_distinct_values_are_those_of_each_pair(rows):
    table = table_of(rows)
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))
    with duckdb.connect() as engine:
        found = Agreement(engine, table, COMPARISONS).levels(left, right)
        whole = plain(table)
        for side in ("l", "r"):
            engine.register(f"side_{side}", whole.rename_columns([f"{name}_{side}" for name in whole.column_names]))
        asked = ", ".join(f"{condition(name)} as {name}" for name in COMPARISONS)
        expected = engine.sql(
            f"select {asked} from side_l join side_r on unique_id_l < unique_id_r order by unique_id_l, unique_id_r"  # noqa: S608
        ).to_arrow_table()
    for name in COMPARISONS:
        assert found[name].tolist() == expected[name].to_pylist(), name


def splinks(
    present: frozenset[str], learned: Mapping[str, Sequence[tuple[str, float, float]]] | None = None
) -> SettingsCreator:
    """The model as Splink's settings; with every m and u, once they are known."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            _comparison(name, learned[name] if learned is not None else None) for name in COMPARISONS if name in present
        ],
        blocking_rules_to_generate_predictions=[block_on("key")],  # the pairs are registered
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=False,
        probability_two_random_records_match=0.3,  # where learning starts, among pairs with one name; no prior
        max_iterations=25,
        em_convergence=1e-4,
    )


def _comparison(name: str, learned: Sequence[tuple[str, float, float]] | None) -> cl.CustomComparison:
    levels = [cll.CustomLevel(unknown(name), "not known").configure(is_null_level=True)]
    for at, level in enumerate(COMPARISONS[name]):
        made = cll.CustomLevel(level.sql, level.label) if level.sql else cll.ElseLevel()
        if level.rare:
            made = cll.ExactMatchLevel(level.rare, term_frequency_adjustments=True)
        m, u = learned[at][1:] if learned is not None else (level.m, level.u)
        extra: dict[str, float | bool] = {}
        if m is not None:
            extra |= {"m_probability": m, "fix_m_probability": True}
        if u is not None:
            extra |= {"u_probability": u, "fix_u_probability": True}
        levels.append(made.configure(**extra))
    return cl.CustomComparison(output_column_name=name, comparison_levels=levels)


def test_splink_weighs_the_same_pairs_the_same(households):
    found = score(households, budget=Budget(), seed=1, threads=1)
    engine = DuckDBAPI()
    engine.duckdb_con.register("entries", plain(households))
    linker = Linker(engine.register("entries"), splinks(frozenset(found.learned), found.learned), log_level="ERROR")
    for column in ("given", "family", "place"):
        _, chance, values = rarity(households, column)
        lookup = engine.register(pa.table({column: values, f"tf_{column}": chance}).drop_null())
        linker.table_management.register_term_frequency_lookup(lookup, column)
    pairs = pa.table({"join_key_l": found.left, "join_key_r": found.right, "match_key": ["0"] * len(found.left)})
    linker.table_management.register_blocked_pairs_for_predict(engine.register(pairs))
    predicted = linker.inference.predict(warning_mode="never").physical_name
    theirs = engine.duckdb_con.sql(
        f"select * from {predicted} order by unique_id_l, unique_id_r"  # noqa: S608
    ).to_arrow_table()
    assert theirs["unique_id_l"].to_pylist() == found.left.tolist()
    for name, weights in found.weights.items():
        expected = theirs[f"mw_{name}"].to_numpy().astype(float)
        if COMPARISONS[name][0].rare:
            expected = expected + theirs[f"mw_tf_adj_{name}"].to_numpy().astype(float)
        assert weights == pytest.approx(expected, abs=1e-4), name


def test_splink_learns_the_same_from_other_random_pairs(households, monkeypatch):
    monkeypatch.setattr(learning, "_SHORT", 0)  # Splink counts entries of one person as chance too
    found = score(households, budget=Budget(), seed=1, threads=1)
    engine = DuckDBAPI()
    engine.duckdb_con.register("entries", plain(households))
    linker = Linker(engine.register("entries"), splinks(frozenset(found.learned)), log_level="ERROR")
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=3, num_chunks=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        name = comparison["output_column_name"]
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for (_, m, u), level in zip(found.learned[name], levels, strict=True):
            if isinstance(level.get("u_probability"), float):
                assert u == pytest.approx(level["u_probability"], rel=0.15, abs=2e-4), name
            if name not in STATED and isinstance(level.get("m_probability"), float):
                assert m == pytest.approx(level["m_probability"], abs=0.015), name


def test_entries_of_one_person_are_not_chance_agreement(households):
    learned = score(households, budget=Budget(), seed=1, threads=1).learned
    rows = make_households(5, 150)
    assert len(rows) < 1_400  # all pairs are seen, so that nothing is left to chance
    person = np.array([row.person for name in ("register", "testimony") for row in rows if row.list == name])
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(rows), 1))
    one = person[left] == person[right]
    with duckdb.connect() as engine:
        levels = Agreement(engine, households, learned).levels(left, right)
    for name, best in (("given", 0), ("birth", 2)):
        known = levels[name] >= 0
        same = levels[name] == len(COMPARISONS[name]) - 1 - best
        of_two, of_all = same[known & ~one].mean(), same[known].mean()
        assert of_all > 1.03 * of_two
        assert learned[name][best][2] == pytest.approx(of_two, rel=0.02), name


@given(st.lists(st.tuples(st.floats(1e-6, 1), st.floats(1e-6, 1)), min_size=2, max_size=9), st.booleans())
@settings(max_examples=200, deadline=None)
def test_no_agreement_weighs_less_than_a_lesser_one(drawn, worst):
    m, u = (np.array(values) for values in zip(*drawn, strict=True))
    weights = np.log2(monotone(m, u, worst=worst) / u)
    assert np.all(np.diff(weights) <= 1e-9)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.floats(-5.5, 30)), min_size=1, max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_matching_of_two_lists_weighs_more(drawn):
    """Part by part, stars at once, against the whole problem."""
    edges = {(a, b): weight for a, b, weight in drawn}
    a, b = (np.array([edge[at] for edge in edges], dtype=np.int64) for at in (0, 1))
    weight = np.array(list(edges.values()))
    chosen = _assigned(a, b, np.zeros_like(a), np.ones_like(b), weight, np.ones(len(a)), 0.0)
    assert len(set(a[chosen])) == len(set(b[chosen])) == chosen.sum()
    gain = np.zeros((7, 7))
    gain[a, b] = weight + 6
    assert (weight + 6)[chosen].sum() == pytest.approx(gain[linear_sum_assignment(gain, maximize=True)].sum())


def rows_of(names, **more):
    made = {"list": pa.array(np.arange(len(names)) % 2, pa.int16()), "names": names, **more}
    return pa.table({f.name: made.get(f.name, pa.nulls(len(names), f.type)) for f in RAW}, schema=RAW)


def test_a_million_rows_of_one_surname_are_refused_before_they_are_compared():
    names = pa.array([coded(at % 2, ("김영수",)) for at in range(2)]).take(pa.array(np.arange(1_000_000) % 2))
    with pytest.raises(NotLinkable, match=r"1,000,000 entries share the block .whole name: k:김-영-수"):
        weigh(features_of(rows_of(names)), (), Options())
