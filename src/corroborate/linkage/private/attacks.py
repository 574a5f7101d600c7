"""What somebody without leave can find out from encodings: the known attacks, run against our own.

Each attacker is given more than a real one would have, and must name people: a row counts as re-identified when the
attack's guess for it is the person's whole name as it was encoded. Guesses that are wrong cost the attacker nothing
here.

- *frequency by rank*: rows whose bits are equal, most frequent first, against names, most frequent first (Kuzu et al.
  2011).
- *pattern mining*: bits that are set together in many rows, against the parts of names by how often they occur; each
  row is then named by the parts found in it (Christen, Ranbaduge, Vatsalan & Schnell 2018; Vidanage et al. 2019).
- *graph matching*: which rows are near each other, against which people of a list in clear text are; row and person
  whose neighbourhoods look alike are put together (Vidanage, Christen, Ranbaduge & Schnell 2020).
- *dictionary*: whoever holds the key encodes names and facts and compares. Nothing keeps a key holder who also gets the
  encodings from this; what keeps it from getting them is that they are sealed to the linkage unit.

The first three get the true population of the encoded list, in clear text, as what the attacker knows beforehand.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Target:
    """What an attack is run on. ``bits``: rows × bits, of each row's first reading. ``names``: who each row is.

    By the names guesses are judged; for the outside attacks they are also, in no order, what the attacker knows.
    """

    bits: Bits
    names: tuple[str, ...]

    def rate(self, guesses: Sequence[str | None]) -> float:
        """Share of rows that a guess names rightly."""
        return sum(a == b for a, b in zip(guesses, self.names, strict=True)) / max(1, len(self.names))


def _parts(name: str) -> list[str]:
    """Pairs of parts of a name's key, as the filter takes them, in the attacker's own notation."""
    parts = name[2:].split("-") if name.startswith("k:") else [name[at : at + 3] for at in range(2, len(name), 3)]
    return [f"{a}|{b}|{to - at}" for at, a in enumerate(parts) for to, b in enumerate(parts) if 0 < to - at < 3]


def by_rank(target: Target) -> float:
    """Frequency by rank: the commonest encoding is the commonest name, and so on down."""
    rows = [row.tobytes() for row in np.packbits(target.bits, axis=-1)]
    encodings = [row for row, _ in sorted(Counter(rows).items(), key=lambda one: (-one[1], one[0]))]
    names = [name for name, _ in sorted(Counter(target.names).items(), key=lambda one: (-one[1], one[0]))]
    guess = dict(zip(encodings, names, strict=False))
    return target.rate([guess.get(row) for row in rows])


def by_rank_of_keys(keys: NDArray[np.uint8], composites: Sequence[Sequence[str]], target: Target) -> float:
    """The same on composite blocking keys: the commonest key is the commonest composite, which names its rows.

    ``composites``: of each row, what its keys stand for; the attacker knows them in no order.
    """
    seen = [[key.tobytes() for key in row] for row in keys]
    counts = Counter(key for row in seen for key in row)
    # equals in the order of their bytes: an order of rows would tell the attacker what it has to find out
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    known = Counter(text for row in composites for text in row)
    guess = dict(zip(ranked, sorted(known, key=lambda text: (-known[text], text)), strict=False))
    guesses: list[str | None] = []
    for row in seen:
        best = max(row, key=lambda key: counts[key], default=None)
        text = guess.get(best) if best is not None and counts[best] > 1 else None
        guesses.append(None if text is None else text.rsplit("|", 1)[0])
    return target.rate(guesses)


def by_patterns(target: Target, parts: int = 300) -> float:
    """Pattern mining: groups of bits that are nearly always set together, as many rows as a part of names is frequent.

    The commonest parts are looked for, the commonest first. For each the attacker takes the group of columns that agree
    best with one another among those set about as often as the part occurs; rows with all of the group have the part.
    """
    rows, names = target.bits.astype(bool), Counter(target.names)
    known = Counter(part for name, count in names.items() for part in dict.fromkeys(_parts(name)) for _ in range(count))
    columns = rows.sum(axis=0)
    together = rows.T.astype(np.float32) @ rows.astype(np.float32)
    union = columns[:, None] + columns[None, :] - together
    likeness = np.divide(together, union, out=np.zeros_like(together), where=union > 0)
    np.fill_diagonal(likeness, 0)
    free = np.ones(len(columns), bool)
    has = np.zeros((len(rows), parts), bool)
    found: list[str] = []
    for part, count in known.most_common(parts):
        # bits are shared by tokens, so a part's columns are set at least as often as it occurs
        fitting = np.flatnonzero(free & (columns >= count) & (columns <= 3 * count + 20))
        if len(fitting) < 2:
            found.append(part)
            continue
        inside = likeness[np.ix_(fitting, fitting)]
        seed = int(inside.max(axis=1).argmax())
        group = fitting[[seed, *np.argsort(-inside[seed])[:5]]]
        has[:, len(found)] = rows[:, group].all(axis=1)
        free[group] = False
        found.append(part)
    place = {part: at for at, part in enumerate(found)}
    people = sorted(names)
    wanted = np.zeros((len(people), parts), np.float32)
    for at, name in enumerate(people):
        wanted[at, [place[part] for part in _parts(name) if part in place]] = 1
    score = 2 * (has.astype(np.float32) @ wanted.T) / (has.sum(1)[:, None] + wanted.sum(1)[None, :] + 1e-9)
    score += np.array([names[name] for name in people]) * 1e-6  # of equals the commoner name
    best = score.argmax(axis=1)
    guesses = [people[at] if score[row, at] > 0.5 else None for row, at in enumerate(best)]
    return target.rate(guesses)


def _features(likeness: NDArray[np.float32], edges: int = 12) -> NDArray[np.float32]:
    """A row's neighbourhood: its nearest likenesses, how many lie in each band, and its neighbours' bands."""
    order = -np.sort(-likeness, axis=1)[:, :edges]
    bands = np.stack([(likeness > low).sum(1) for low in np.linspace(0.1, 0.9, 17)], axis=1).astype(np.float32)
    bands = np.log1p(bands)
    weights = np.where(likeness > 0.3, likeness, 0)
    around = (weights @ bands) / np.maximum(weights.sum(1, keepdims=True), 1e-6)
    found = np.concatenate([order, bands, around], axis=1)
    scaled: NDArray[np.float32] = (found - found.mean(0)) / (found.std(0) + 1e-6)
    return scaled


def by_graph(target: Target, clear: Bits, fan_in: int) -> float:
    """Graph matching, with filters of the *same people* under the attacker's own key as its graph in clear text.

    ``clear``: those filters, in the rows' order, which the attack does not use. ``fan_in``: of the diffusion, which is
    no secret: the attacker turns differences back into what they were before it.
    """
    mine, theirs = _likenesses(target.bits, fan_in), _likenesses(clear, 1)
    cost = -(_features(mine) @ _features(theirs).T)
    rows, columns = linear_sum_assignment(cost)
    guesses: list[str | None] = [None] * len(target.names)
    for row, column in zip(rows, columns, strict=True):
        guesses[row] = target.names[column]
    return target.rate(guesses)


def _likenesses(bits: Bits, fan_in: int) -> NDArray[np.float32]:
    """1 for the same filter down to 0 for strangers, from the share of bits that differ, diffusion undone."""
    signs = bits.astype(np.float32) * 2 - 1
    kept = np.clip((signs @ signs.T) / bits.shape[1], 0, 1)  # 1 - 2 × difference
    likeness: NDArray[np.float32] = kept ** (1 / fan_in)
    np.fill_diagonal(likeness, 0)
    low = float(np.median(likeness))
    spread: NDArray[np.float32] = np.clip((likeness - low) / (1 - low), 0, 1).astype(np.float32)
    return spread


def by_dictionary(target: Target, tried: Bits, names: Sequence[str], most: float) -> float:
    """A key holder's dictionary: the nearest entry tried, if it is nearer than the agreement's nearness."""
    guesses: list[str | None] = []
    other = tried.astype(np.float32) * 2 - 1
    for start in range(0, len(target.bits), 512):
        part = target.bits[start : start + 512].astype(np.float32) * 2 - 1
        difference = (1 - (part @ other.T) / tried.shape[1]) / 2
        for row in difference:
            at = int(row.argmin())
            guesses.append(names[at] if row[at] <= most else None)
    return target.rate(guesses)
