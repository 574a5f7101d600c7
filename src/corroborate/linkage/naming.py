"""Names compared as sequences of words, in any script: how likely two names are one person's.

All words of two names are laid side by side, the best pairs first. A word that is found again counts by how rare it is;
one that is nearly found counts less, by how often two words of these lists come as near by chance; an initial or a
short form less again. Words left without a partner on one side only are left out there (second surname, patronymic,
grandfather); words without a partner on both sides contradict one another, and where one of them may be the given name,
the two are relatives at most: nothing that they share counts for one person.

Everything is done on numbers: words are numbered once (:class:`Vocabulary`), names are rows of numbers
(:class:`Sequences`), and pairs of names are laid side by side by compiled loops.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import yaml
from numba import njit
from numpy.typing import NDArray

from corroborate.languages.sounds import LETTERS, sound_of

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
MOST_WORDS, MOST_WRITINGS, _LENGTH = 8, 3, 16
SAME, ALIKE, NEAR, INITIAL, SHORT = range(5)  # how a word is found again
AGREEMENTS = ("the same", "another spelling", "nearly the same", "an initial", "a short form")
_compiled = njit(cache=True, nogil=True, error_model="numpy")


_YA = 0.95  # ya heard as a


def _costs() -> NDArray[np.float32]:
    """What it costs to hear one letter as another, 0 to 1."""
    size = len(LETTERS)
    cost = np.ones((size, size), dtype=np.float32)
    np.fill_diagonal(cost, 0.0)

    def near(pairs: str, value: float) -> None:
        for pair in pairs.split():
            a, b = LETTERS.index(pair[0]), LETTERS.index(pair[1])
            cost[a, b] = cost[b, a] = value

    near("ae ei ou", 0.3)
    near("ao", 0.5)
    near("iu eo", 0.6)
    near("ai au eu oi", 0.8)
    near("wv", 0.1)
    near("ij wu bv kX hX sz sS sc cC SC jg Dz Dd", 0.3)
    near("vu bp fv fp dt gk gX gh zj jC ck", 0.4)
    near("jS ts dz kC nm kh Ch", 0.5)
    near("rl ks fw", 0.7)
    near("Ae", 0.15)
    near("Ao Dt", 0.4)
    near("AA Aa Wu Wo Ww Wv Yi Ye Yj Ha Hh Qg Qk Ts Tt Dz Dd Bb Bv Pp Pf Kk KX ZS Zs Ea Ee Eo Ei Eu EA EY", 0.0)
    near("He Ht QX KC XC", 0.1)
    near("Ai Au Wa Wi We Yo Yu", 0.9)
    near("Ya", _YA)
    near("QK Xk", 0.2)
    for at in range(size):
        cost[0, at] = cost[at, 0] = 0.2  # a letter that was lost
    return cost


COST = _costs()
_VOWEL = np.array([c in "aeiou" for c in LETTERS])
_LONG = np.array([c in "AWY" for c in LETTERS])
_FREE = np.array([c in "EH" for c in LETTERS])
_SOFT = np.array([c in "hwij" for c in LETTERS])
EAR = (COST, _VOWEL, _LONG, _FREE, _SOFT)


@cache
def short_forms() -> Mapping[str, frozenset[int]]:
    """Plain letters of a name -> the groups of names that it stands for."""
    text = resources.files("corroborate.languages").joinpath("nicknames.yaml").read_text(encoding="utf-8")
    found: dict[str, set[int]] = {}
    for number, line in enumerate(yaml.safe_load(text)):
        for word in str(line).split():
            found.setdefault(sound_of(word).letters, set()).add(number)
    return {word: frozenset(groups) for word, groups in found.items()}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by number, as they are compared."""

    words: tuple[str, ...]
    codes: NDArray[np.uint8]  # [words, 16]: letters of the sound, by number
    size: NDArray[np.uint8]  # letters
    kind: NDArray[np.uint8]  # how the script writes vowels
    letters: Ints  # number of the plain letters: equal where two words are the same but for marks and capitals
    mask: NDArray[np.uint64]  # which letters occur
    initial: NDArray[np.bool_]
    groups: Ints  # [words, 2]: groups of short forms, or -1

    @classmethod
    def of(cls, words: Sequence[str]) -> "Vocabulary":
        number = {letter: at for at, letter in enumerate(LETTERS)}
        codes = np.zeros((len(words), _LENGTH), dtype=np.uint8)
        size, kind = np.zeros(len(words), dtype=np.uint8), np.zeros(len(words), dtype=np.uint8)
        letters, initial = np.zeros(len(words), dtype=np.int32), np.zeros(len(words), dtype=bool)
        groups, known, short = np.full((len(words), 2), -1, dtype=np.int32), dict[str, int](), short_forms()
        for at, word in enumerate(words):
            sound = sound_of(word)
            heard = sound.sound[:_LENGTH]
            codes[at, : len(heard)] = [number[c] for c in heard]
            size[at], kind[at] = len(heard), sound.kind
            letters[at] = known.setdefault(sound.letters, len(known))
            initial[at] = len(word.rstrip(".")) == 1
            for place, group in enumerate(sorted(short.get(sound.letters, ()))[:2]):
                groups[at, place] = group
        mask = np.zeros(len(words), dtype=np.uint64)
        for place in range(_LENGTH):
            mask |= np.where(place < size, np.uint64(1) << codes[:, place].astype(np.uint64), np.uint64(0))
        return cls(tuple(words), codes, size, kind, letters, mask, initial, groups)

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """As compiled loops take them."""
        return self.codes, self.size, self.kind, self.letters, self.mask, self.initial, self.groups


@_compiled
def _distance(a, na, ka, b, nb, kb, ear, most):  # type: ignore[no-untyped-def]
    """How far two words sound apart: changes of letters, each 0 to 1; more than ``most`` is not told exactly."""
    cost, na, nb = ear[0], int(na), int(nb)
    before = np.empty(_LENGTH + 1, dtype=np.float32)
    row = np.empty(_LENGTH + 1, dtype=np.float32)
    earlier = np.empty(_LENGTH + 1, dtype=np.float32)
    before[0] = 0.0
    for j in range(nb):
        before[j + 1] = before[j] + _dropped(b, j, kb, ka, ear, nb)
    for i in range(na):
        gone = _dropped(a, i, ka, kb, ear, na)
        row[0] = before[0] + gone
        least = row[0]
        for j in range(nb):
            change = cost[a[i], b[j]]
            if i == na - 1 and j == nb - 1 and change > 0.94 and change < 0.96:
                change = 0.1  # the last ya may be an alif: Layla, Mustafa
            best = before[j] + change
            best = min(best, before[j + 1] + gone)
            best = min(best, row[j] + _dropped(b, j, kb, ka, ear, nb))
            if i > 0 and j > 0 and a[i] == b[j - 1] and a[i - 1] == b[j] and a[i] != b[j]:
                best = min(best, earlier[j - 1] + (0.8 if i > 1 and j > 1 else 1.1))
            row[j + 1] = best
            least = min(least, best)
        if least > most:
            return least
        for j in range(nb + 1):
            earlier[j] = before[j]
            before[j] = row[j]
    return before[nb]


@_compiled
def _dropped(word, at, kind, other, ear, size):  # type: ignore[no-untyped-def]
    """What it costs that the other writing has no such letter."""
    _, vowel, long, free, soft = ear
    letter = word[at]
    if free[letter]:
        return 0.05
    if long[letter]:
        return 1.0
    if vowel[letter]:
        if other == 1 and kind != 1:  # short vowels are not written there; the second of two makes a long one
            return 0.5 if at and vowel[word[at - 1]] else 0.04
        if other == 2 or kind == 2:
            return 0.06 if letter == 1 else 0.3
        if at == 0:
            return 1.1  # Ahmad is not Hamad
        return 0.3 if at == size - 1 and letter == 5 else 0.5
    if soft[letter]:
        return 0.3 if at else 0.8
    return 1.0


@_compiled
def _agreement(x, y, words, ear):  # type: ignore[no-untyped-def]
    """How one word is found again in another: SAME to SHORT, or -1."""
    codes, size, kind, letters, mask, initial, groups = words
    if letters[x] == letters[y]:
        return 0
    if initial[x] or initial[y]:
        return 3 if size[x] and size[y] and ear[0][codes[x, 0], codes[y, 0]] <= 0.1 else -1
    for p in range(2):
        for q in range(2):
            if groups[x, p] >= 0 and groups[x, p] == groups[y, q]:
                return 4
    na, nb = np.int64(size[x]), np.int64(size[y])
    longer = max(na, nb)
    across = kind[x] != kind[y]
    if abs(na - nb) > (4 if across else 3):
        return -1
    if not across and not (mask[x] | mask[y]) & 1:
        apart = mask[x] ^ mask[y]
        count = 0
        while apart:
            apart &= apart - np.uint64(1)
            count += 1
        if count > 4:
            return -1
    most = np.float64((0.22 if longer > 5 else 0.2 if longer == 5 else 0.15) * longer)
    if kind[x] == 1 and kind[y] == 1:
        most = np.float64(0.13 * longer if longer > 4 else 0.1)
    if across and (kind[x] == 1 or kind[y] == 1):  # where short vowels cost nothing, a long one tells two names apart
        most = np.float64(0.16 * longer)
    found = _distance(codes[x], na, kind[x], codes[y], nb, kind[y], ear, most)
    if found <= (0.27 if across else 0.02):
        return 0 if across else 1
    if found <= (0.11 if across else 0.13) * longer:
        return 1
    return 2 if found <= most else -1


@_compiled
def _laid(one, joined_one, n, other, joined_other, k, gains, levels, out):  # type: ignore[no-untyped-def]
    """Lay two sequences side by side, the pair of words that says most first. ``gains``, ``levels``: of each two words,
    whole words first, then each two neighbours as one word. ``out``: words by agreement, then conflicts, words left
    out, whether the order is another, whether the first word may be contradicted. Returns the sum of gains."""
    used_a, used_b = np.zeros(8, dtype=np.bool_), np.zeros(8, dtype=np.bool_)
    place = np.full(8, -1, dtype=np.int8)
    total = 0.0
    while True:
        best, bi, bj = -1.0, -1, -1
        for i in range(n + n - 1):
            if i < n:
                if used_a[i]:
                    continue
            elif used_a[i - n] or used_a[i - n + 1]:
                continue
            for j in range(k + k - 1):
                if i >= n and j >= k:
                    continue
                if j < k:
                    if used_b[j]:
                        continue
                elif used_b[j - k] or used_b[j - k + 1]:
                    continue
                if levels[i, j] >= 0 and gains[i, j] > best:
                    best, bi, bj = gains[i, j], i, j
        if bi < 0:
            break
        total += best
        out[levels[bi, bj]] += 1
        first_a = bi if bi < n else bi - n
        first_b = bj if bj < k else bj - k
        used_a[first_a] = True
        used_b[first_b] = True
        place[first_a] = first_b
        if bi >= n:
            used_a[first_a + 1] = True
        if bj >= k:
            used_b[first_b + 1] = True
    left_a = n - used_a[:n].sum()
    left_b = k - used_b[:k].sum()
    out[5] = min(left_a, left_b)
    out[6] = max(left_a, left_b) - out[5]
    last, crossed, matched = -1, 0, 0
    for i in range(n):
        if place[i] >= 0:
            matched += 1
            if place[i] < last:
                crossed = 1
            last = place[i]
    out[7] = crossed if matched > 1 else -1
    given = not used_a[0] or not used_b[0] or (n <= 2 and k <= 2)
    out[8] = 1 if out[5] > 0 and given else 0
    return total


@_compiled
def _compared(left, right, names, count, joined, share, chance, words, ear, penalty, out, sums):  # type: ignore[no-untyped-def]
    """For each pair of names the best of its writings. ``share``: by word, the chance that another name has it;
    ``chance``: u by agreement, at least."""
    for at in range(len(left)):
        a, b = left[at], right[at]
        top = -1e9
        for v in range(count.shape[1]):
            n = count[a, v]
            if n == 0:
                break
            for w in range(count.shape[1]):
                k = count[b, w]
                if k == 0:
                    break
                gains = np.full((15, 15), -1.0, dtype=np.float64)
                levels = np.full((15, 15), -1, dtype=np.int8)
                for i in range(2 * n - 1):
                    x = names[a, v, i] if i < n else joined[a, v, i - n]
                    if x < 0:
                        continue
                    for j in range(2 * k - 1):
                        if i >= n and j >= k:
                            continue
                        y = names[b, w, j] if j < k else joined[b, w, j - k]
                        if y < 0:
                            continue
                        level = _agreement(x, y, words, ear)
                        if level < 0 or ((i >= n or j >= k) and level > 1):
                            continue
                        u = max(share[x], share[y], chance[level])
                        levels[i, j] = level
                        gains[i, j] = max(-np.log2(u), 0.0)
                found = np.zeros(9, dtype=np.int8)
                total = _laid(names[a, v], joined[a, v], n, names[b, w], joined[b, w], k, gains, levels, found)
                worth = total - penalty * found[5] - 1.5 * found[6] - found[7]
                if worth > top:
                    top = worth
                    sums[at] = total
                    out[at] = found


TURNED = ">"  # before a writing that told which word is the family's


def written(words: Sequence[str], turned: bool) -> str:
    """A writing of a name as one text: what the table of entries holds."""
    return (TURNED if turned else "") + " ".join(words)


@dataclass(frozen=True, slots=True)
class Sequences:
    """Distinct names as numbered words: [names, writings, words], -1 where there is none."""

    vocabulary: Vocabulary
    names: Ints
    count: NDArray[np.int8]  # [names, writings]: words of each
    joined: Ints  # each two neighbours as one word, or -1
    share: Floats  # by word: the chance that another person's name has it
    chance: Floats  # by agreement: the chance that some word of another name agrees so

    @classmethod
    def of(cls, distinct: Sequence[Sequence[str] | None], code: Ints, list_of: NDArray[np.int16]) -> "Sequences":
        """``distinct``: writings of each distinct name; ``code``: the number of each entry's name."""
        number: dict[str, int] = {}
        names = np.full((len(distinct), MOST_WRITINGS, MOST_WORDS), -1, dtype=np.int32)
        joined = np.full((len(distinct), MOST_WRITINGS, MOST_WORDS), -1, dtype=np.int32)
        count = np.zeros((len(distinct), MOST_WRITINGS), dtype=np.int8)
        for at, writings in enumerate(distinct):
            for which, text in enumerate((writings or ())[:MOST_WRITINGS]):
                words = text.removeprefix(TURNED).split()[:MOST_WORDS]
                count[at, which] = len(words)
                for place, word in enumerate(words):
                    names[at, which, place] = number.setdefault(word, len(number))
        whole = len(number)
        for at, writings in enumerate(distinct):
            for which, text in enumerate((writings or ())[:MOST_WRITINGS]):
                words = text.removeprefix(TURNED).split()[:MOST_WORDS]
                for place in range(len(words) - 1):
                    if len(words[place]) > 1 and len(words[place + 1]) > 1:
                        joined[at, which, place] = number.setdefault(words[place] + words[place + 1], len(number))
        vocabulary = Vocabulary.of(tuple(number))
        share = _shares(names, code, list_of, len(number))
        return cls(vocabulary, names, count, joined, share, _chances(vocabulary, names, code, whole))

    def agreement(self, one: str, other: str) -> int:
        """How two words of these names agree: a number of ``AGREEMENTS``, or -1."""
        words = self.vocabulary.words
        return int(_agreement(words.index(one), words.index(other), self.vocabulary.arrays, EAR))

    def compare(self, left: Ints, right: Ints) -> "Laid":
        """Lay pairs of names (by number) side by side."""
        out, sums = np.zeros((len(left), 9), dtype=np.int8), np.zeros(len(left))
        words = self.vocabulary.arrays
        _compared(left, right, self.names, self.count, self.joined, self.share, self.chance, words, EAR,
                  5.0, out, sums)  # fmt: skip
        return Laid(out, sums)


_UNSEEN = 200  # words of names that a short list has not shown yet


def _shares(names: Ints, code: Ints, list_of: NDArray[np.int16], size: int) -> Floats:
    """By word, the chance that another person's name has it: as ``rarity`` counts values, in the list that has most."""
    lists = int(list_of.max(initial=0)) + 1
    per_list = np.zeros((size, lists))
    flat = names.reshape(len(names), -1)
    for number in range(lists):
        times = np.bincount(code[list_of == number], minlength=len(names)).astype(float)
        for column in range(flat.shape[1]):
            word = flat[:, column]
            earlier = (flat[:, :column] == word[:, None]).any(axis=1) if column else np.zeros(len(word), dtype=bool)
            told = (word >= 0) & ~earlier
            per_list[:, number] += np.bincount(word[told], times[told], minlength=size)
    entries = np.bincount(list_of, minlength=lists).astype(float)
    strength = 0.5 * entries
    base = 1 / (int((per_list.sum(axis=1) > 0).sum()) + _UNSEEN)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (per_list - 1 + base * strength) / (entries + strength)
    top: Floats = np.where(per_list > 0, found, base / 3).max(axis=1)
    return np.maximum(top, 1e-7)


_SAMPLED = 600  # words of the lists, each with each, from which chance is counted


def _chances(vocabulary: Vocabulary, names: Ints, code: Ints, whole: int) -> Floats:
    """How often some word of another name is as near to a word by chance: spelled otherwise, nearly so, an initial."""
    used = names[code[:: max(1, len(code) // 4000)]].ravel()
    used = used[used >= 0]
    used = used[:: max(1, len(used) // _SAMPLED)].astype(np.int32)
    found = np.zeros(5)
    if len(used):
        _tallied(used, vocabulary.arrays, EAR, found)
        found /= max(len(used) * (len(used) - 1) / 2, 1)
    of_a_name = 2.5  # words of a name, any of which may be the one
    return np.maximum(found * of_a_name, [1e-7, 2e-4, 1e-3, 0.15, 2e-3]) * [0, 1, 1, 1, 1] + [1e-7, 0, 0, 0, 0]


@_compiled
def _tallied(used, words, ear, found):  # type: ignore[no-untyped-def]
    for at in range(len(used)):
        for other in range(at):
            if words[3][used[at]] == words[3][used[other]]:
                continue
            level = _agreement(used[at], used[other], words, ear)
            if level >= 0:
                found[level] += 1


# How pairs of names agree, the best first: what the report and a waterfall say.
CONTRADICTED = 5  # column of ``Laid.found``
LEVELS = (
    "every word agrees", "words are left out in one", "a word differs, the given name agrees",
    "the given name differs, others agree", "names differ",
)  # fmt: skip
OWN_NAME = range(3)
_STATED_M = np.array([0.78, 0.11, 0.055, 0.02, 0.01, 0.025])  # as in AGREEMENTS; and one that differs
_WORTH = 60.0  # words of matches that the stated m stand for beside what the lists teach
_LEAST_APART = 2_000  # pairs of two people, from which the scale of names is found
_LEFT_OUT = np.array([0.78, 0.14, 0.05, 0.03])  # 0, 1, 2, more words left out
_ORDER = np.array([0.93, 0.07])


@dataclass(frozen=True, slots=True)
class Laid:
    """Pairs of names laid side by side. ``found``: by pair, words by agreement (five columns), contradictions, words
    left out, whether the order is another (-1: nothing to order), whether the given name may be contradicted.
    ``rarity``: log2 of how unlikely the words found again are by chance."""

    found: NDArray[np.int8]
    rarity: Floats

    @property
    def level(self) -> NDArray[np.int8]:
        """As Splink numbers levels: 0 where names differ, 4 where every word agrees."""
        matched = self.found[:, :CONTRADICTED].sum(axis=1)
        conflict, out, given = self.found[:, 5] > 0, self.found[:, 6] > 0, self.found[:, 8] > 0
        some = np.where(~conflict, np.where(out, 3, 4), np.where(given, 1, 2))
        return np.where(matched > 0, some, 0).astype(np.int8)


@dataclass(frozen=True, slots=True)
class NameModel:
    """What agreements of words weigh. m: of a person's words, the share that is found again so; u of what is left out
    and of the order: among names of two people."""

    words: tuple[float, ...]  # m of the same, another spelling, nearly the same, an initial, a short form, differing
    left_out: tuple[float, ...]  # m of 0, 1, 2, more
    left_out_by_chance: tuple[float, ...]
    order: tuple[float, float]  # m of the same order, another
    pairs: float = 0.0  # of one person, from which it was learned
    scale: float = 1.0  # words of a name go together (Pham Minh): what their agreement weighs is scaled down by so much

    @classmethod
    def stated(cls, chance: Laid) -> "NameModel":
        """What is believed before anything is learned. ``chance``: names of random pairs."""
        counted = np.bincount(np.minimum(chance.found[:, 6], 3), minlength=4) + 4 * _LEFT_OUT
        by_chance = counted / counted.sum()
        return cls(tuple(_STATED_M), tuple(0.5 * _LEFT_OUT + 0.5 * by_chance), tuple(by_chance), tuple(_ORDER))

    def _of_words(self) -> Floats:
        """log2 of m by agreement. Another spelling is nearly as good as the same: as it is shared among spellings of
        a name where the two are one person, so it is where they are two, and their names' shares say so already."""
        m = np.log2(np.array(self.words[:5]))
        spelled = float(np.clip(0.3 * (m[SAME] - m[ALIKE]), 0.3, 1.5))
        m[SAME] = np.log2(self.words[SAME] + self.words[ALIKE])
        m[ALIKE] = m[SAME] - spelled
        return np.asarray(m)

    def weights(self, laid: Laid) -> Floats:
        """log2 of the Bayes factor of each pair of names."""
        found = laid.found.astype(np.int64)
        m = self._of_words()
        total = self.scale * (laid.rarity + found[:, :5] @ m)
        contradicted = found[:, 5] * np.log2(self.words[5])
        out = np.log2(np.array(self.left_out) / np.array(self.left_out_by_chance))[np.minimum(found[:, 6], 3)]
        order = np.log2(np.array([*self.order, 0.5]) / 0.5)[found[:, 7]]
        total = total + contradicted + out + order
        nothing = found[:, :5].sum(axis=1) == 0
        weights: Floats = np.where((found[:, 8] > 0) | nothing, np.minimum(total, contradicted), total)
        return weights

    def learned(self, laid: Laid, match: Floats) -> "NameModel":
        """m from pairs, each as far as it is of one person, beside what was stated."""
        found = laid.found.astype(float)
        words = _WORTH * _STATED_M + match @ found[:, :6]
        prior = 0.5 * _LEFT_OUT + 0.5 * np.array(self.left_out_by_chance)
        out = 20 * prior + np.bincount(np.minimum(laid.found[:, 6], 3), match, minlength=4)
        ordered = laid.found[:, 7] >= 0
        order = 20 * _ORDER + np.bincount(laid.found[ordered, 7], match[ordered], minlength=2)
        m = words / words.sum()
        m[5] = min(m[5], 0.06)  # relatives among the pairs would teach that a person's names differ
        left_out, kept = tuple(out / out.sum()), tuple(order / order.sum())
        return NameModel(tuple(m), left_out, self.left_out_by_chance, kept, float(match.sum()), self.scale)

    def scaled(self, apart: Laid) -> "NameModel":
        """Scaled so that names of people who are two weigh what they must: the mean of the Bayes factor over them is 1.
        ``apart``: names of pairs that are two people for other reasons."""
        if len(apart.rarity) < _LEAST_APART:
            return self
        low, high = 0.4, 1.0
        for at in range(12):
            middle = 1.0 if at == 0 else (low + high) / 2
            made = replace(self, scale=middle)
            if float(np.exp2(made.weights(apart)).mean()) <= 1.5:
                low = middle
            else:
                high = middle
            if low == 1.0:
                break
        return replace(self, scale=low)
