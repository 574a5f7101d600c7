"""How alike two written names are, in any script, and why: the comparison of names by itself.

    >>> found = similarity("محمد حسين الشامي", "Mohamad Hussein Shami")
    >>> found.score > 0.9
    True
    >>> [one.reason for one in found.words]
    ['another spelling', 'the same', 'the same']

No list stands behind two names, so words weigh alike; in a linkage rare words weigh more (``linkage.naming``). Korean,
Chinese and Japanese names are read back to what they can stand for first (``languages.names``), and one reading in
common is as good as one name.
"""

from dataclasses import dataclass

import numpy as np

from corroborate.languages.names import SURE, name_forms
from corroborate.languages.words import name_words, writings
from corroborate.linkage.naming import AGREEMENTS, MOST_WORDS, Sequences, written

_WORTH = (1.0, 0.9, 0.7, 0.5, 0.8)  # of a word found again: as AGREEMENTS
_LEFT_OUT, _CONTRADICTED = 0.1, 0.6  # taken off for each word


@dataclass(frozen=True, slots=True)
class WordAgreement:
    """A word of each name that were taken for one, and how they agree."""

    one: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True)
class Similarity:
    """``score``: 1 for one name, 0 for two that have nothing in common. ``words``: which words were found again.
    ``differ``, ``left_out``: how many contradict one another, and how many one name has more. ``reading``: the reading
    that two names have in common, where they are read into parts."""

    score: float
    words: tuple[WordAgreement, ...] = ()
    differ: int = 0
    left_out: int = 0
    reading: str | None = None


def similarity(one: str, other: str) -> Similarity:
    """Compare two written names; the better of their writings where a cell holds several (``맹경섭(孟慶燮)``)."""
    reading = _reading(one, other)
    if reading is not None:
        return Similarity(1.0, reading=reading)
    tried = [_by_words(a, b) for a in writings(one) for b in writings(other)]
    return max(tried, key=lambda found: found.score)


def _reading(one: str, other: str) -> str | None:
    mine = {form.key: form.probability for form in name_forms(one) if form.key[:2] in ("k:", "o:", "h:")}
    theirs = {form.key: form.probability for form in name_forms(other) if form.key[:2] in ("k:", "o:", "h:")}
    shared = [key for key in mine if key in theirs and min(mine[key], theirs[key]) >= SURE]
    return max(shared, key=lambda key: (mine[key] * theirs[key], key)) if shared else None


def _by_words(one: str, other: str) -> Similarity:
    texts = [name_words(text).words[:MOST_WORDS] for text in (one, other)]
    if not all(texts):
        return Similarity(0.0)
    sides = np.array([0, 1], dtype=np.int16)
    sequences = Sequences.of([[written(words, False)] for words in texts], sides.astype(np.int32), sides)
    laid = sequences.compare(np.array([0], np.int32), np.array([1], np.int32))
    found = laid.found[0]
    pairs = _pairs(sequences, texts)
    worth = sum(_WORTH[at] * int(found[at]) for at in range(5))
    whole = int(found[:5].sum())
    differ, left = int(found[5]), int(found[6])
    score = (worth - _CONTRADICTED * differ - _LEFT_OUT * left) / max(whole + differ, 1)
    if found[7] == 1:
        score -= 0.05  # the same words in another order
    return Similarity(round(max(score, 0.0), 4), pairs, differ, left)


def _pairs(sequences: Sequences, texts: list[tuple[str, ...]]) -> tuple[WordAgreement, ...]:
    """Each word with the word of the other name that it agrees with best, each used once."""
    every = []
    for i, a in enumerate(texts[0]):
        for j, b in enumerate(texts[1]):
            level = sequences.agreement(a, b)
            if level >= 0:
                every.append((-_WORTH[level], i, j, level))
    used: tuple[set[int], set[int]] = (set(), set())
    found = []
    for _, i, j, level in sorted(every):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            found.append((i, WordAgreement(texts[0][i], texts[1][j], AGREEMENTS[level])))
    return tuple(agreement for _, agreement in sorted(found, key=lambda one: one[0]))
