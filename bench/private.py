"""Private linkage against clear linkage on the demonstration's lists, and the attacks on what leaves a vault.

`python bench/private.py [SIZE] [SEED]`. The encoding's weights and nearness were set on worlds of the seeds 101 and
102; this measures another world. Clear and private link the same rows in one run, clear with every field, and once
both without names of which a part is missing and with the same fields. A rate is the share of rows whose person an
attack names; the smaller the better.
"""

import csv
import json
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from corroborate.custody import Signer
from corroborate.invented import make_world, write_lists
from corroborate.linkage import PersonEntry, dedupe, link, private
from corroborate.linkage.private import attacks, encoding
from corroborate.linkage.private.matching import blocked
from corroborate.values import new_id
from corroborate_cli.lists import entry, read_list

DAY = date(2026, 11, 24)
ONE, OTHER, UNIT = (Signer(name, bytes([at]) * 32) for at, name in enumerate(("one", "other", "unit"), 1))
SIDES = (("A", "C"), ("A", "B"), ("B", "C"), ("A", "D"))


class Chance:
    def __init__(self, seed: int) -> None:
        self._drawn = np.random.default_rng(seed)

    def __call__(self, length: int) -> bytes:
        return self._drawn.bytes(length)


def agreed(schema: private.Schema) -> tuple[private.Agreed, private.Agreed]:
    """An agreement as its two sides see it."""
    identifier = new_id("agreement", milliseconds=0, randomness=bytes(10))
    nobody = private.Party(ONE.verifier(), bytes(32))
    terms = private.Agreement(identifier, DAY, date(2026, 12, 24), (nobody,), schema, private.card(UNIT))
    offer = private.offer(terms, ONE)
    note = private.countersign(private.accept(offer, ONE.verifier(), OTHER, DAY), OTHER.verifier(), offer, ONE, DAY)
    return private.agreed(note, ONE, DAY), private.agreed(note, OTHER, DAY)


def people_of(name: str, entries: list[PersonEntry]) -> tuple[list[PersonEntry], list[list[tuple[str, int]]]]:
    """A list as its keeper encodes it: entries judged one person are one row."""
    by_row = {one.row: one for one in entries}
    people, rows = [], []
    for cluster in dedupe(name, entries).clusters:
        each = sorted((by_row[row] for _, row in cluster), key=lambda one: (not one.complete, one.row))

        def first(field: str, each: list[PersonEntry] = each) -> object:
            return next((getattr(one, field) for one in each if getattr(one, field) is not None), None)

        names = tuple(dict.fromkeys(text for one in each if one.complete for text in one.names)) or each[0].names
        facts = {field: first(field) for field in ("sex", "birth", "place", "event", "facility")}
        people.append(replace(each[0], row=len(people), names=names, **facts))
        rows.append(list(cluster))
    return people, rows


def scores(found: set, true: set) -> dict[str, float]:
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    return {"precision": round(precision, 4), "recall": round(recall, 4),
            "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4)}  # fmt: skip


def same_fields(entries: list[PersonEntry]) -> list[PersonEntry]:
    """Entries with a whole name, and no field that private linkage does not encode."""
    return [
        PersonEntry(one.list, one.row, one.names, one.complete, one.sex, one.birth, one.place, one.event, one.facility)
        for one in entries
        if encoding.readings(one, 1)
    ]


def linked_in_clear(entries: dict, one: str, other: str) -> set:
    """Pairs of rows across two lists."""
    found = link({one: entries[one], other: entries[other]})
    return {(a, b) for c in found.clusters for a in c if a[0] == one for b in c if b[0] == other}


def linked(truth: dict, schema: private.Schema, people: dict, known: dict) -> dict[str, object]:
    """Clear and private over the same pairs of lists: pairs across lists, all together."""
    both = agreed(schema)
    made: tuple[dict, dict] = ({}, {})
    for at, name in enumerate(people):
        for side in range(2):
            if name in {pair[side] for pair in SIDES}:
                made[side][name] = private.encode(people[name][0], both[side], Chance(2 * at + side))
    clear, secret, true, seconds, compared, possible = set(), set(), set(), 0.0, 0, 0
    by_pair = {}
    for one, other in SIDES:
        sides: dict[str, tuple[list, list]] = defaultdict(lambda: ([], []))
        for key, person in truth.items():
            if key[0] in (one, other):
                sides[person][key[0] == other].append(key)
        here = {(a, b) for left, right in sides.values() for a in left for b in right}
        in_clear = known[one, other]
        started = time.perf_counter()
        (mine, mine_whose), (theirs, theirs_whose) = made[0][one], made[1][other]
        pairs = private.match(mine, theirs, both[0].agreement)
        seconds += time.perf_counter() - started
        rows = mine.rows, theirs.rows
        possible += rows[0] * rows[1]
        compared += len(blocked(mine, theirs)) if schema.keys else rows[0] * rows[1]
        in_private = set()
        for pair in pairs:
            left, right = mine_whose[pair.left], theirs_whose[pair.right]
            if left is not None and right is not None:
                in_private |= {(a, b) for a in people[one][1][left] for b in people[other][1][right]}
        by_pair[f"{one}-{other}"] = {"clear": scores(in_clear, here)["f1"], "private": scores(in_private, here)["f1"]}
        clear |= in_clear
        secret |= in_private
        true |= here
    return {"clear": scores(clear, true), "private": scores(secret, true), "by_pair": by_pair,
            "difference_f1": round(scores(secret, true)["f1"] - scores(clear, true)["f1"], 4),
            "pairs_compared": compared, "pairs_possible": possible, "match_seconds": round(seconds, 1)}  # fmt: skip


def attacked(people: list[PersonEntry], schema: private.Schema) -> dict[str, dict[str, float | None]]:
    """Rates of each attack under each setting, on the largest list."""
    (both, _), (foreign, _) = agreed(schema), agreed(replace(schema, round_to=schema.round_to + 10))
    named = [one for one in people if encoding.readings(one, 1)]
    keys = [encoding.readings(one, schema.readings)[0] for one in named]
    own = encoding.filters_of(named, both, Chance(1))[0][:, 0]
    bare, bare_foreign = encoding.name_filters(named, both), encoding.name_filters(named, foreign)
    clear = encoding.filters_of(named, foreign, Chance(2))[0][:, 0]
    hardened = encoding.harden(own, both)
    masked = [one for one in named if encoding.masks(one, 1, 0)]
    mask_names = tuple(encoding.readings(one, 1)[0] for one in masked)
    mask, mask_clear = (
        encoding.filters_of(masked, one, Chance(number))[0][:, schema.readings]
        for number, one in ((5, both), (6, foreign))
    )
    names = tuple(keys)
    tries = {
        "name and all facts": named,
        "name, sex and birth year": [replace(one, place=None, event=None, facility=None) for one in named],
        "name alone": [replace(one, sex=None, birth=None, place=None, event=None, facility=None) for one in named],
    }
    most = both.agreement.nearness / 1000
    composites = [encoding.composites(one, key) for one, key in zip(named, keys, strict=True)]
    with_keys, _ = agreed(replace(schema, keys=16))
    secret = encoding.blocking_keys(named, [(key,) for key in keys], with_keys, Chance(4))

    def outside(bits: np.ndarray, graph: np.ndarray, fan_in: int, whose: tuple = names) -> dict[str, float | None]:
        target = attacks.Target(bits, whose)
        return {
            "frequency": round(attacks.by_rank(target), 4), "patterns": round(attacks.by_patterns(target), 4),
            "graph": round(attacks.by_graph(target, graph, fan_in), 4),
        }  # fmt: skip

    whole = attacks.Target(hardened, names)

    def holder(tried: list[PersonEntry]) -> float:
        made = encoding.harden(encoding.filters_of(tried, both, Chance(3))[0][:, 0], both)
        return round(attacks.by_dictionary(whole, made, names, most), 4)

    return {
        "name alone, not hardened": outside(bare, bare_foreign, 1),
        "whole record, not hardened": outside(own, clear, 1),
        "whole record, hardened": outside(hardened, clear, schema.fan_in),
        "name with a syllable left out, whole record, hardened": outside(
            encoding.harden(mask, both), mask_clear, schema.fan_in, mask_names
        ),
        "whole record, hardened, composite keys": outside(hardened, clear, schema.fan_in)
        | {"frequency": round(attacks.by_rank_of_keys(secret, composites, attacks.Target(hardened, names)), 4)},
        "whole record, hardened, key holder's dictionary of": {what: holder(tried) for what, tried in tries.items()},
        "guessing the commonest name": {"any": round(max(map(names.count, set(names))) / len(names), 4)},
    }


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 2011
    with tempfile.TemporaryDirectory() as folder:
        lists = write_lists(make_world(seed, size), Path(folder))
        entries = {
            name: [entry(row) for row in read_list(path, name, maps=(), encoding=None, latest=2020)[1].entries]
            for name, path in lists.files.items()
        }
        with (Path(folder) / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
            truth = {(r["list"], int(r["row"])): r["person"] for r in csv.DictReader(file) if r["person"] != "none"}
    people = {name: people_of(name, each) for name, each in entries.items()}
    schema = private.Schema()
    fewer = {name: same_fields(each) for name, each in entries.items()}
    known = {pair: linked_in_clear(fewer, *pair) for pair in SIDES}
    everything = {pair: linked_in_clear(entries, *pair) for pair in SIDES}
    figures = {
        "population": size, "seed": seed, "rows": sum(map(len, entries.values())),
        "all_pairs": linked(truth, schema, people, everything),
        "names_with_a_missing_part_left_out": linked(truth, replace(schema, masks=0), people, known),
        "composite_keys": linked(truth, replace(schema, keys=32), people, everything),
        "attacks": attacked(people["A"][0][:2000], schema),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
