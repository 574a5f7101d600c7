"""Compared pairs and what each agreement weighs, by Splink: on DuckDB here, on Spark where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, block_on

from corroborate.linkage.blocking import Blocked, Budget, block, run
from corroborate.linkage.model import COMPARISONS, NEEDS, STATED, settings
from corroborate.linkage.rarity import rarities

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Learned = dict[str, tuple[tuple[str, float, float], ...]]  # comparison -> (agreement, m, u), the best agreement first
_SAMPLE = 1_000_000  # random pairs from which u is learned
_TAUGHT = 200_000  # pairs with one name, from which m is learned
_LEAST_M = 0.002


@dataclass(frozen=True, slots=True)
class Scored:
    """Compared pairs as columns: entries (left < right), the level and weight (log2) of each comparison."""

    left: Ints
    right: Ints
    levels: Mapping[str, NDArray[np.int8]]  # Splink's gamma: -1 where a side is missing
    weights: Mapping[str, NDArray[np.float32]]
    blocked: Blocked
    learned: Learned


def score(table: pa.Table, *, budget: Budget, seed: int, threads: int) -> Scored:
    """Block, learn and weigh. Deterministic for the same table, budget and seed."""
    engine = DuckDBAPI()
    con: duckdb.DuckDBPyConnection = engine.duckdb_con
    run(con, f"set threads = {threads}")
    run(con, "set preserve_insertion_order = false")
    con.register("entries_in", table)
    run(con, "create table entries as select * from entries_in")
    con.unregister("entries_in")
    blocked = block(con, len(table), budget)
    present = frozenset(name for name, column in NEEDS.items() if table[column].null_count < len(table))
    namesakes = con.execute(
        "select exists (from entries a join entries b on a.given = b.given and a.family = b.family"
        " and a.unique_id < b.unique_id)"
    ).fetchall()[0][0]
    teachable = bool(namesakes) and bool(present - STATED)
    learned = _learn(Linker(engine.register("entries"), settings(present), log_level="ERROR"), seed, teachable)
    linker = Linker(engine.register("entries"), settings(present, learned), log_level="ERROR")
    for column in ("given", "family", "place"):
        if column in present:
            lookup = engine.register(rarities(table, column))
            linker.table_management.register_term_frequency_lookup(lookup, column)
    linker.table_management.register_blocked_pairs_for_predict(engine.register("pairs"))
    predicted = linker.inference.predict(warning_mode="never")
    rare = {n for n in COMPARISONS if n in present and any(level.rare for level in COMPARISONS[n])}
    chosen = ", ".join(
        f"mw_{n}::float as b_{n}" + (f", mw_tf_adj_{n}::float as t_{n}" if n in rare else "")
        for n in COMPARISONS
        if n in present
    )
    rows = con.sql(
        f"select unique_id_l as l, unique_id_r as r, {chosen} from {predicted.physical_name} order by 1, 2"
    ).to_arrow_table()
    levels, weights = {}, {}
    for n in learned:
        basic = rows[f"b_{n}"].to_numpy()
        levels[n] = _levels(basic, learned[n])
        weights[n] = basic + rows[f"t_{n}"].to_numpy() if n in rare else basic
    return Scored(rows["l"].to_numpy(), rows["r"].to_numpy(), levels, weights, blocked, learned)


def _levels(weights: NDArray[np.float32], learned: tuple[tuple[str, float, float], ...]) -> NDArray[np.int8]:
    """The level of each pair, told by its weight: Splink keeps no levels without the columns compared, which are large.

    Levels count as Splink counts them: 0 where nothing agrees, -1 where a side is missing (a weight of nought).
    """
    known = np.array([0.0, *(np.log2(m / u) for _, m, u in learned)])
    order = np.argsort(known)
    middle = (known[order][1:] + known[order][:-1]) / 2
    at = order[np.searchsorted(middle, weights)]
    found: NDArray[np.int8] = np.where(at == 0, -1, len(learned) - at).astype(np.int8)
    return found


def _learn(linker: Linker, seed: int, teachable: bool) -> Learned:
    """m and u of every level. One never met gets the little that a sample of its size allows, not nothing."""
    linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLE, seed=seed, num_chunks=1)
    if teachable:  # blocking on what the name comparisons use keeps them out: all pairs of the block agree in them
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on("given", "family"), max_pairs=_TAUGHT
        )
    found: Learned = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        name = comparison["output_column_name"]
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        found[name] = tuple(
            (
                stated.label,
                stated.m or max(_number(level.get("m_probability")), _LEAST_M),
                stated.u or max(_number(level.get("u_probability")), 1 / _SAMPLE),
            )
            for stated, level in zip(COMPARISONS[name], levels, strict=True)
        )
    return found


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
