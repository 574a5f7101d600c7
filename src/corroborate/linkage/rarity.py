"""How rare a value is: the chance that another person has it too, which a list's own counts overstate for rare values.

A name that stands once on each of two lists of a thousand seems to be one in a thousand, however rare it is. So counts
are taken within one list (the largest), less the entry itself, and shared with a base measure, as in a Dirichlet
process's prediction (Ferguson 1973): for given names in Hangul the product of their syllables' frequencies, for others
one over the number of values seen.
"""

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.levels import Ints, numbered

Floats = NDArray[np.float64]
_STRENGTH = 0.5  # of the base measure, in shares of the list's length


def rarity(table: pa.Table, column: str) -> tuple[Ints, Floats, pa.Array]:
    """Term frequencies of a column: each entry's value by number; by number, the chance that another person has it
    (nought where there is no value), and the value."""
    code, values = numbered(table[column])
    known = values.is_valid().to_numpy(zero_copy_only=False)
    lists = table["list"].to_numpy().astype(np.int64)
    count, width = len(values), int(lists.max(initial=0)) + 1
    per_list = np.bincount(code.astype(np.int64) * width + lists, minlength=count * width).reshape(count, width)
    per_list[~known] = 0
    size = per_list.sum(axis=0).astype(float)
    distinct = max(int(known.sum()), 1)
    prior = _base(values.to_pylist(), per_list.sum(axis=1)) if column == "given" else np.full(count, 1 / distinct)
    strength = _STRENGTH * size
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = (per_list - 1 + np.outer(prior, strength)) / (size + strength)
    return code, np.where(per_list > 0, expected, 0.0).max(axis=1), values


def _base(values: list[str | None], counts: NDArray[np.int64]) -> Floats:
    """Chance of a given name as its syllables' frequencies have it; of one not in Hangul, one over the names seen."""
    syllables: Counter[str] = Counter()
    for value, count in zip(values, counts.tolist(), strict=True):
        if value and "가" <= value[0] <= "힣":
            for syllable in value:
                syllables[syllable] += count
    total = sum(syllables.values())
    share = {syllable: count / total for syllable, count in syllables.items()}
    distinct = sum(value is not None for value in values)
    found = np.full(len(values), 1 / max(distinct, 1))
    for at, value in enumerate(values):
        if value and "가" <= value[0] <= "힣":
            chance = 1.0
            for syllable in value:
                chance *= share[syllable]
            found[at] = chance
    return found
