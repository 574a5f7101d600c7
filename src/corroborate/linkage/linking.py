"""The same person in several lists: compare, weigh, then match one to one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import Any

import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from rapidfuzz.distance import Levenshtein
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from corroborate.errors import NotLinkable
from corroborate.linkage.entries import Features, PersonEntry, features
from corroborate.values import OverlapTable


@dataclass(frozen=True, slots=True)
class Options:
    """How to link. Weights are log2 of the Bayes factor; probabilities are *not* calibrated on judgements yet."""

    threshold: float = 0.9  # match probability from which a pair is said to be the same person
    largest_share: float = 0.01  # of all entries; a key above it is a nickname or title
    largest_block: int = 2_000  # entries under one key in any case
    seed: int = 1  # of the random pairs from which chance agreement is estimated


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two entries and how likely they are one person. ``decision``: match, or possible (a reviewer should look)."""

    left: tuple[str, int]  # list, row
    right: tuple[str, int]
    weight: float
    probability: float
    decision: str


@dataclass(frozen=True, slots=True)
class Linkage:
    """Pairs, clusters over all lists (every entry stands in one), the overlap table, and what was left out."""

    pairs: tuple[ScoredPair, ...]
    clusters: tuple[tuple[tuple[str, int], ...], ...]
    overlap: OverlapTable
    notices: tuple[str, ...]


# Chances of each agreement of names among entries of one person. Expectation maximisation cannot learn them: in any
# block that does not use the name, relatives who share place and date look like the matches. So they are stated: of
# two entries of one person, two in three have one skeleton, one in four another spelling of it, few a slip.
_M = {"hanja": 0.12, "key": 0.55, "sounds": 0.22, "slip": 0.06, "else": 0.05}
_NAME = {
    "output_column_name": "name",
    "comparison_levels": [
        cll.CustomLevel("len(keys_l) = 0 or len(keys_r) = 0", "no whole name").configure(is_null_level=True),
        cll.ExactMatchLevel("hanja", term_frequency_adjustments=True).configure(m_probability=_M["hanja"]),
        cll.ExactMatchLevel("key", term_frequency_adjustments=True).configure(m_probability=_M["key"]),
        cll.CustomLevel("len(list_intersect(keys_l, keys_r)) > 0", "same sounds").configure(m_probability=_M["sounds"]),
        cll.CustomLevel(
            "family_l = family_r and given_l is not null and given_r is not null and levenshtein(given_l, given_r) = 1",
            "one sound differs",
        ).configure(m_probability=_M["slip"]),
        cll.ElseLevel().configure(m_probability=_M["else"]),
    ],
}
_GAP = "greatest({0}_first_l - {0}_last_r, {0}_first_r - {0}_last_l)"


def _years(column: str, gaps: Sequence[tuple[int, str]]) -> dict[str, Any]:
    first, last = f"{column}_first", f"{column}_last"
    exact = f"{first}_l = {first}_r and {last}_l = {last}_r and {first}_l = {last}_l"
    return {
        "output_column_name": column,
        "comparison_levels": [
            cll.CustomLevel(f"{column}_first_l is null or {column}_first_r is null").configure(is_null_level=True),
            cll.CustomLevel(exact, "same year"),
            *(cll.CustomLevel(f"{_GAP.format(column)} <= {gap}", label) for gap, label in gaps),
            cll.ElseLevel(),
        ],
    }


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.CustomComparison(**_NAME),
            cl.CustomComparison(**_years("birth", ((0, "spans meet"), (2, "two years off"), (10, "ten years off")))),
            cl.CustomComparison(**_years("event", ((0, "spans meet"), (1, "a year off")))),
            cl.ExactMatch("sex"),
            cl.ExactMatch("place"),
            cl.ExactMatch("facility"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("keys", arrays_to_explode=["keys"]),
            block_on("hanja"),
            block_on("family", "place", "event_first"),
            block_on("given", "birth_first"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def link(lists: Mapping[str, Sequence[PersonEntry]], *, options: Options | None = None) -> Linkage:
    """Deduplicate each list, match the lists one to one, and cluster over all of them.

    Fellegi-Sunter weights with term frequencies of names, by Splink on DuckDB; parameters by random pairs (u) and
    expectation maximisation (m). A pair needs evidence from the given name: relatives arrested together share surname,
    place and date, and are not one person. Then, best pairs first: entries of one list that match are one person, and
    a person of one list is at most one person of another. Deterministic for the same input and options.
    """
    options = options or Options()
    entries = tuple(entry for name in sorted(lists) for entry in lists[name])
    if len(lists) < 1 or not any(entry.names for entry in entries):
        raise NotLinkable("the lists hold no names")
    rows = features(entries)
    rows, notices = _without_explosions(rows, options)
    scored = _score(rows, options)
    pairs = [
        (probability, weight, left, right)
        for left, right, weight, probability in scored
        if _named_alike(rows[left], rows[right])
    ]
    pairs.sort(key=lambda one: (-one[1], one[2], one[3]))
    clusters, matched = _assign(entries, pairs, options)
    found = tuple(
        ScoredPair(
            (entries[left].list, entries[left].row), (entries[right].list, entries[right].row), round(weight, 4),
            round(probability, 6), "match" if (left, right) in matched else "possible",
        )
        for probability, weight, left, right in pairs if probability >= 0.01
    )  # fmt: skip
    nameless = {(entries[row.unique_id].list, entries[row.unique_id].row) for row in rows if not row.keys}
    if nameless:
        notices.append(
            f"{len(nameless):,} entries hold no whole name: nobody can say whose they are, so they stand in no overlap"
        )
    known = [cluster for cluster in clusters if not nameless.issuperset(cluster)]
    return Linkage(found, clusters, _overlap(known, tuple(lists)), tuple(notices))


def dedupe(name: str, entries: Sequence[PersonEntry], *, options: Options | None = None) -> Linkage:
    """Entries of one list that are the same person."""
    return link({name: entries}, options=options)


def _without_explosions(rows: list[Features], options: Options) -> tuple[list[Features], list[str]]:
    """Keys that too many entries share are left out of blocking, and said."""
    counts = Counter(key for row in rows for key in row.keys)
    most = min(options.largest_block, max(50, int(len(rows) * options.largest_share)))
    large = {key for key, count in counts.items() if count > most}
    if not large:
        return rows, []
    notices = [f"{counts[key]:,} entries share the key {key}: not compared by it" for key in sorted(large)]
    return [
        replace(row, keys=tuple(k for k in row.keys if k not in large), key=None if row.key in large else row.key)
        for row in rows
    ], notices


def _score(rows: list[Features], options: Options) -> list[tuple[int, int, float, float]]:
    columns = {name: [getattr(row, name) for row in rows] for name in Features.__slots__}
    types = {
        "keys": pa.list_(pa.string()), "unique_id": pa.int64(),
        **dict.fromkeys(("birth_first", "birth_last", "event_first", "event_last"), pa.int64()),
    }  # fmt: skip
    table = pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()})
    engine = DuckDBAPI()
    engine.duckdb_con.execute("set threads = 2")
    linker = Linker(engine.register(table, table_name="entries"), _settings(), log_level="ERROR")
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=options.seed)
    training.estimate_probability_two_random_records_match([block_on("key", "birth_first")], recall=0.15)
    training.estimate_parameters_using_expectation_maximisation(block_on("key"))
    predictions = linker.inference.predict(threshold_match_weight=-12)
    query = (
        "select least(unique_id_l, unique_id_r) as l, greatest(unique_id_l, unique_id_r) as r, max(match_weight) as w, "  # noqa: S608 - the table is the engine's
        f"max(match_probability) as p from {predictions.physical_name} group by 1, 2 order by 1, 2"
    )
    found = engine.duckdb_con.execute(query).fetchall()
    return [(int(a), int(b), float(w), float(p)) for a, b, w, p in found]


def _named_alike(one: Features, other: Features) -> bool:
    """Evidence from the given name. Without it only kin fields are left: surname, place, date."""
    if one.hanja is not None and one.hanja == other.hanja:
        return True
    if not set(one.keys).isdisjoint(other.keys):
        return True
    if one.family is None or one.family != other.family or one.given is None or other.given is None:
        return False
    return Levenshtein.distance(one.given, other.given) == 1


def _assign(
    entries: tuple[PersonEntry, ...], pairs: Sequence[tuple[float, float, int, int]], options: Options
) -> tuple[tuple[tuple[tuple[str, int], ...], ...], set[tuple[int, int]]]:
    """Within lists first, then one to one between lists, the likeliest pair first."""
    parent = list(range(len(entries)))
    lists_of: list[frozenset[str]] = [frozenset({entry.list}) for entry in entries]

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    matched: set[tuple[int, int]] = set()
    sure = [(left, right) for probability, _, left, right in pairs if probability >= options.threshold]
    for within in (True, False):
        for left, right in sure:
            if (entries[left].list == entries[right].list) != within:
                continue
            one, other = root(left), root(right)
            if one == other:
                matched.add((left, right))
            elif within or not lists_of[one] & lists_of[other]:
                parent[max(one, other)] = min(one, other)
                lists_of[min(one, other)] = lists_of[one] | lists_of[other]
                matched.add((left, right))
    groups: dict[int, list[tuple[str, int]]] = {}
    for at, entry in enumerate(entries):
        groups.setdefault(root(at), []).append((entry.list, entry.row))
    return tuple(tuple(sorted(group)) for group in groups.values()), matched


def _overlap(clusters: Sequence[Sequence[tuple[str, int]]], lists: tuple[str, ...]) -> OverlapTable:
    counts: Counter[tuple[int, ...]] = Counter()
    for cluster in clusters:
        on = {name for name, _ in cluster}
        counts[tuple(int(name in on) for name in lists)] += 1
    return OverlapTable(lists, dict(sorted(counts.items())))


@dataclass(frozen=True, slots=True)
class Quality:
    """Agreement with a known truth over pairs of entries, all lists together."""

    precision: float
    recall: float
    f1: float
    true_pairs: int
    found_pairs: int
    right_pairs: int

    def as_json(self) -> dict[str, float | int]:
        return asdict(self)


def quality(linkage: Linkage, truth: Mapping[tuple[str, int], str]) -> Quality:
    """Pairwise precision, recall and F1. ``truth``: (list, row) -> person; entries without one are nobody else's."""
    found = sum(len(c) * (len(c) - 1) // 2 for c in linkage.clusters)
    right = sum(
        truth.get(one) is not None and truth.get(one) == truth.get(other)
        for cluster in linkage.clusters
        for one, other in combinations(cluster, 2)
    )
    people = Counter(truth.values())
    true = sum(n * (n - 1) // 2 for n in people.values())
    precision = right / found if found else 1.0
    recall = right / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Quality(round(precision, 4), round(recall, 4), round(f1, 4), true, found, right)
