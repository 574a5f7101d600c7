"""Generated records given as columns: seconds, memory, recall. `python bench/linkage_scale.py 1000000 5000000`.

Two lists of half the records each, one in Hangul and one in passports' Latin; two thirds of the second's people stand
on the first. Slips: 2 % of names, 6 % of birth years; 8 % of birth years, 5 % of places and 20 % of years taken are
missing. Run it on a machine that does nothing else; memory is the peak of the process, what it measures included.
`--by-rule` says what each rule of blocking gives.
"""

import json
import resource
import subprocess
import sys
import time

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corroborate.invented.tables import ALL_PLACES, SURNAMES, SYLLABLES
from corroborate.linkage import blocking
from corroborate.linkage.entries import RAW, coded, features_of
from corroborate.linkage.linking import Options, weigh


def records(count: int, seed: int) -> tuple[pa.Table, np.ndarray]:
    """The records as columns, and whom each is about."""
    chance = np.random.default_rng(seed)
    half = count // 2
    people = half + half // 3
    shares = np.array([s.share for s in SURNAMES])
    surname = chance.choice(len(SURNAMES), people, p=shares / shares.sum())
    one, other = (chance.integers(0, len(SYLLABLES), people) for _ in range(2))
    born, taken = chance.integers(1930, 2000, people), chance.integers(1960, 2015, people)
    place, sex = chance.integers(0, len(ALL_PLACES), people), chance.integers(0, 2, people)
    again = np.concatenate([chance.choice(half, half - half // 3, replace=False), np.arange(half, people)])
    tables, about = [], []
    for at, on in enumerate((np.arange(half), chance.permutation(again)[:half])):
        size = len(on)
        second = other[on].copy()
        slipped = chance.random(size) < 0.02
        second[slipped] = chance.integers(0, len(SYLLABLES), slipped.sum())
        words = [[s.hangul for s in SURNAMES], [s.hangul for s in SYLLABLES]] if at == 0 else [
            [s.passport[0] for s in SURNAMES], [s.passport for s in SYLLABLES]]  # fmt: skip
        families = pa.array(words[0]).take(pa.array(surname[on]))
        given = pc.binary_join_element_wise(
            pa.array(words[1]).take(pa.array(one[on])),
            pa.array(words[1]).take(pa.array(second)),
            "" if at == 0 else "-",
        )
        names = pc.binary_join_element_wise(families, given, "" if at == 0 else " ")
        names = pc.binary_join_element_wise(pa.scalar(coded(at, ("",))), names, "")
        year = born[on].copy()
        off = chance.random(size) < 0.06
        year[off] += chance.choice([-1, 1], off.sum())
        years = pa.array(year, pa.int32(), mask=chance.random(size) < 0.08)
        event = pa.array(taken[on], pa.int32(), mask=chance.random(size) < 0.2)
        towns = pa.array([p.hangul if at == 0 else p.latin for p in ALL_PLACES]).take(pa.array(place[on]))
        none = pa.nulls(size, pa.string())
        made = {
            "list": pa.array(np.full(size, at), pa.int16()), "names": names, "born_on": none, "facility": none,
            "sex": pa.array(["m", "f"]).take(pa.array(sex[on])), "birth_first": years, "birth_last": years,
            "place": pc.if_else(pa.array(chance.random(size) < 0.05), None, towns), "event_first": event,
            "event_last": event, "region": none, "occupation": none,
        }  # fmt: skip
        tables.append(pa.table({field.name: made[field.name] for field in RAW}, schema=RAW))
        about.append(on)
    return pa.concat_tables(tables).combine_chunks(), np.concatenate(about)


def true_pairs(person: np.ndarray) -> np.ndarray:
    """Pairs of entries about one person, each as one number: the smaller entry in its upper half. Nobody has three."""
    order = np.argsort(person, kind="stable")
    same = np.flatnonzero(person[order][1:] == person[order][:-1])
    left, right = order[same].astype(np.uint64), order[same + 1].astype(np.uint64)
    return np.sort(np.minimum(left, right) << np.uint64(32) | np.maximum(left, right))


def by_rule(features: pa.Table, person: np.ndarray, largest: int) -> dict[str, object]:
    """What each rule gives alone: pairs an entry, recall, and the recall lost without it."""
    true, found = true_pairs(person), {}
    with duckdb.connect() as engine:
        hashed = {name: blocking._hashed(engine, features, sql) for name, sql in blocking.PARTS.items()}
    for at, (name, parts) in enumerate(blocking.RULES):
        made = blocking._of_rule(at, [hashed[part] for part in parts], len(features), largest)
        if made is not None:
            pairs = np.sort(blocking._pairs(made[0].ids, made[0].sizes))
            where = np.minimum(np.searchsorted(pairs, true), max(len(pairs) - 1, 0))
            found[name] = (len(pairs), pairs[where] == true if len(pairs) else np.zeros(len(true), dtype=bool))
    times = sum((hit.astype(int) for _, hit in found.values()), np.zeros(len(true), dtype=int))
    return {
        name: {
            "pairs_an_entry": round(pairs / len(features), 3), "recall": round(float(hit.mean()), 4),
            "recall_by_it_alone": round(float((hit & (times == 1)).mean()), 4),
        }
        for name, (pairs, hit) in found.items()
    }  # fmt: skip


def measured(count: int, rules: bool) -> dict[str, object]:
    raw, person = records(count, seed=7)
    started, used = time.perf_counter(), time.process_time()
    features = features_of(raw)
    named = time.perf_counter()
    evidence, notices = weigh(features, (), Options())
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1e6
    right = person[evidence.left] == person[evidence.right]
    true = len(true_pairs(person))
    matched = evidence.clustering.matched
    return {
        "records": count, "seconds": round(seconds, 1), "of_which_names": round(named - started, 1),
        "cpu_seconds": round(cpu, 1), "cpu_microseconds_a_record": round(1e6 * cpu / count, 1),
        "pairs": len(evidence.left), "pairs_an_entry": round(len(evidence.left) / count, 2),
        "blocking_recall": round(float(right.sum() / true), 4),
        "matched_recall": round(float((right & matched).sum() / true), 4),
        "matched_precision": round(float((right & matched).sum() / max(int(matched.sum()), 1)), 4),
        "peak_gb": round(peak, 2), "notices": notices,
        **({"by_rule": by_rule(features, person, evidence.scored.blocked.largest)} if rules else {}),
    }  # fmt: skip


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:] if size != "--by-rule"] or [100_000]
    if len(sizes) == 1:
        print(json.dumps(measured(sizes[0], "--by-rule" in sys.argv)))
        return
    for size in sizes:  # each in a process of its own, whose peak of memory is its own
        subprocess.run([sys.executable, __file__, str(size)], check=True)


if __name__ == "__main__":
    main()
