"""How rare a value is: the chance that another person has it too, which a list's own counts overstate for rare values.

A name that stands once on each of two lists of a thousand seems to be one in a thousand, however rare it is. So counts
are taken within one list (the largest), less the entry itself, and shared with a base measure, as in a Dirichlet
process's prediction (Ferguson 1973): for given names in Hangul the product of their syllables' frequencies, for others
one over the number of values seen.
"""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_STRENGTH = 0.5  # of the base measure, in shares of the list's length


def rarities(table: pa.Table, column: str) -> pa.Table:
    """Term frequencies of a column for Splink: the value, and the chance that another person has it."""
    kept = table.select(["list", column]).drop_null()
    counts = kept.group_by([column, "list"]).aggregate([("list", "count")])
    sizes = {r["values"].as_py(): r["counts"].as_py() for r in pc.value_counts(kept["list"])}
    per_list = counts["list_count"].to_numpy()
    size = np.array([sizes[at] for at in counts["list"].to_pylist()], dtype=float)
    base = _base(counts[column], per_list) if column == "given" else None
    values = counts[column].to_pylist()
    distinct = len(set(values))
    strength = _STRENGTH * size
    prior = np.array([base[v] for v in values]) if base is not None else np.full(len(values), 1 / max(distinct, 1))
    expected = (per_list - 1 + strength * prior) / (size + strength)
    frame = pa.table({column: counts[column], "f": expected}).group_by(column).aggregate([("f", "max")])
    return pa.table({column: frame[column], f"tf_{column}": frame["f_max"]})


def _base(values: pa.ChunkedArray, counts: np.ndarray) -> dict[str, float]:
    """Chance of a given name as its syllables' frequencies have it; of one not in Hangul, one over the names seen."""
    syllables: Counter[str] = Counter()
    pairs = list(zip(values.to_pylist(), counts.tolist(), strict=True))
    for value, count in pairs:
        if "가" <= value[0] <= "힣":
            for syllable in value:
                syllables[syllable] += count
    total = sum(syllables.values())
    distinct = len({value for value, _ in pairs})
    found = {}
    for value, _ in pairs:
        if "가" <= value[0] <= "힣" and total:
            chance = 1.0
            for syllable in value:
                chance *= syllables[syllable] / total
            found[value] = chance
        else:
            found[value] = 1 / distinct
    return found
