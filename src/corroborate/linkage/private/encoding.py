"""From people to hardened filters: what each side does with its own list before anything leaves it.

One filter a reading of the whole record, and no field apart: five surnames cover over half of all Koreans, so whatever
stands for a surname, or for a name, alone is read off by its rank. The filter (a Bloom filter: Schnell, Bachteler &
Reiher 2009, in the cryptographic long-term key form of 2011) takes pairs of a name's syllables, never one alone, and
the years, sex, places of the same row with them. A linear diffusion layer (Armknecht, Heng & Schnell 2023) then makes
each bit that leaves the sum of ``fan_in`` secret bits of the filter: near filters stay near, and a pattern of bits says
nothing.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from corroborate.languages.names import name_keys, on_key, partial_name
from corroborate.languages.places import facility_key, place_key
from corroborate.linkage.entries import PersonEntry
from corroborate.linkage.private.agreement import Agreed, Schema
from corroborate.values import script_of

Entropy = Callable[[int], bytes]
Bits = NDArray[np.uint8]  # one byte a bit, 0 or 1
KEY = 8  # bytes of a composite blocking key: enough against chance among a billion rows, and no room for more


@dataclass(frozen=True, slots=True)
class Encoded:
    """What leaves a side. Row numbers are its own and random; rows that stand for nobody are among them.

    ``filters``: rows × (readings, masks) × bytes, eight bits a byte. ``keys``: rows × composites × 8 bytes, or none.
    """

    filters: NDArray[np.uint8]
    keys: NDArray[np.uint8]

    @property
    def rows(self) -> int:
        return int(self.filters.shape[0])


def readings(entry: PersonEntry, most: int) -> tuple[str, ...]:
    """Keys of a person's names, the likeliest first: what different scripts write of one name has one in common.

    Of a first name with a missing part nothing is read; what stands beside it in another script may be whole.
    """
    # a nickname in Hangul reads as a name too: it is none beside a name in part
    names = entry.names if entry.complete else tuple(n for n in entry.names[1:] if script_of(n) in ("Hani", "Kana"))
    ranked: dict[str, int] = {}
    for place, name in enumerate(names):
        keys = {key for key in name_keys(name) if key[:2] in ("k:", "o:", "j:")}
        if script_of(name) == "Hani" and (reading := on_key(name.replace(" ", ""))) is not None:
            keys.add(reading)
        korean = sorted(key for key in keys if key.startswith("k:"))
        for rank, key in enumerate([*korean, *sorted(keys - set(korean))]):
            # each name's first reading before any name's second
            ranked.setdefault(key, rank * 8 + place + (32 if not key.startswith("k:") else 0))
    return tuple(sorted(ranked, key=lambda key: (ranked[key], key)))[:most]


def masks(entry: PersonEntry, most: int, side: int) -> tuple[str, ...]:
    """A name with one of two given syllables left out, where a Korean reading of it has two: 김영수 as 김○수, 김영○.

    Each mask says of whose *whole* names it is: a whole name's is of its own side, a name of which a part is missing is
    looked for among the other's. So two whole names never meet by what they have in common (brothers mostly share a
    syllable), nor two names in part, of which nobody could say that they are one. Less than a name says too little
    alone: who has fewer than two facts that tell people apart has no mask.
    """
    if sum(bool(tokens) for fact, tokens in _fact_tokens(entry).items() if fact != "sex") < 2:
        return ()
    if keys := readings(entry, 4):
        parts = [key[2:].split("-") for key in keys if key.startswith("k:") and key.count("-") == 2]
        first = [f"{family}-?-{last}" for family, _, last in parts]
        other = [f"{family}-{start}-?" for family, start, _ in parts[:1]]
        return tuple(f"m:{side}-{one}" for one in dict.fromkeys([*first[:1], *other, *first[1:]]))[:most]
    found = next(filter(None, map(partial_name, entry.names)), None)
    if found and found.family and found.given and len(found.given) == 2 and found.given.count("?") == 1 and most:
        return (f"m:{1 - side}-{found.family}-{'-'.join(found.given)}",)
    return ()


def _name_tokens(key: str) -> list[tuple[str, str]]:
    """The whole key, and pairs of its parts: with one syllable heard wrong, a third of the pairs still agrees."""
    kind, text = key[0], key[2:]
    if kind == "m":
        return [("masked", key)]
    parts = text.split("-") if kind == "k" else [text[at : at + 3] for at in range(0, len(text), 3)]
    pairs = [f"{kind}{a}|{b}|{gap}" for (at, a), (to, b) in combinations(enumerate(parts), 2) if (gap := to - at) < 3]
    return [("whole", key), *(("pair", pair) for pair in pairs)]


def _years(span: tuple[int, int] | None, reach: int, widest: int) -> list[str]:
    """A year and its neighbours, so that a year off costs little. A span wider than ``widest`` says too little."""
    if span is None or span[1] - span[0] > widest:
        return []
    middle = (span[0] + span[1]) // 2
    return [str(year) for year in range(middle - reach, middle + reach + 1)]


def _fact_tokens(entry: PersonEntry) -> dict[str, list[str]]:
    return {
        "birth": _years(entry.birth, 2, 3),
        "event": _years(entry.event, 1, 2),
        "sex": [entry.sex] if entry.sex else [],
        "place": [place_key(entry.place)] if entry.place else [],
        "facility": [facility_key(entry.facility)] if entry.facility else [],
    }


class _Hashing:
    """Positions of a token in the filter: the first bytes of a keyed BLAKE2b, two a position."""

    def __init__(self, key: bytes, bits: int) -> None:
        self._key, self._bits = key, bits
        self._seen: dict[tuple[str, str, int], list[int]] = {}

    def positions(self, field: str, token: str, count: int) -> list[int]:
        if (found := self._seen.get((field, token, count))) is None:
            stream = b"".join(
                hashlib.blake2b(f"{field}\n{token}\n{block}".encode(), key=self._key, digest_size=64).digest()
                for block in range(-(-count // 32))
            )
            found = [int.from_bytes(stream[2 * at : 2 * at + 2], "big") % self._bits for at in range(count)]
            self._seen[field, token, count] = found
        return found


def forms(entry: PersonEntry, schema: Schema, side: int) -> tuple[str, ...]:
    """What stands in each of a row's filters: readings, then masks; "" where it has none."""
    whole, part = readings(entry, schema.readings), masks(entry, schema.masks, side)
    return (*whole, *("",) * (schema.readings - len(whole)), *part, *("",) * (schema.masks - len(part)))


def filters_of(entries: Sequence[PersonEntry], agreed: Agreed, entropy: Entropy) -> tuple[Bits, list[tuple[str, ...]]]:
    """The filters before the diffusion, rows × (readings, masks) × bits, and what each stands for ("" for nothing).

    These never leave a side: :func:`encode` hardens them first. What a person does not have is filled by chance there,
    so that nobody sees how many readings there are, nor whose name is whole.
    """
    schema = agreed.schema
    hashing = _Hashing(agreed.key("filter"), schema.bits)
    said = [forms(entry, schema, agreed.side) for entry in entries]
    filled = np.zeros((len(entries), schema.slots, schema.bits), np.uint8)
    for row, (entry, keys) in enumerate(zip(entries, said, strict=True)):
        facts: list[int] = []
        for field, tokens in _fact_tokens(entry).items():
            weight = schema.weights[field]
            for token in tokens:
                facts += hashing.positions(field, token, max(1, round(weight / len(tokens))))
            if not tokens:  # chance in place of a fact: neither that it is missing nor how often is seen
                facts += _chance(entropy, schema.filler(field), schema.bits)
        for at, key in enumerate(keys):
            if not key:
                continue
            tokens_ = _name_tokens(key)
            each = {
                "whole": schema.weights["whole"],
                "masked": schema.weights["whole"] + schema.weights["pair"],
                "pair": round(schema.weights["pair"] / max(1, len(tokens_) - 1)),
            }
            for field, token in tokens_:
                filled[row, at, hashing.positions(field, token, max(1, each[field]))] = 1
            filled[row, at, facts] = 1
            if at >= schema.readings and schema.doubt:
                filled[row, at, _chance(entropy, schema.doubt, schema.bits)] = 1
    return filled, said


def name_filters(entries: Sequence[PersonEntry], agreed: Agreed) -> Bits:
    """Filters of names alone, rows × bits: what nobody should send. Kept for measuring what it would give away."""
    hashing = _Hashing(agreed.key("filter"), agreed.schema.bits)
    filled = np.zeros((len(entries), agreed.schema.bits), np.uint8)
    for row, entry in enumerate(entries):
        for key in readings(entry, 1):
            for field, token in _name_tokens(key)[1:]:
                filled[row, hashing.positions(field, token, 10)] = 1
    return filled


def _chance(entropy: Entropy, count: int, bits: int) -> list[int]:
    drawn = entropy(2 * count)
    return [int.from_bytes(drawn[2 * at : 2 * at + 2], "big") % bits for at in range(count)]


def diffusion(agreed: Agreed) -> NDArray[np.int32]:
    """For each bit that leaves, which bits of the filter are added: ``sent`` × ``fan_in``, from the agreement's key."""
    schema = agreed.schema
    stream = hashlib.shake_256(b"diffusion\n" + agreed.key("diffusion")).digest(8 * schema.sent * schema.bits)
    order = np.frombuffer(stream, ">u8").reshape(schema.sent, schema.bits).argsort(axis=1, kind="stable")
    return order[:, : schema.fan_in].astype(np.int32)


def harden(filters: Bits, agreed: Agreed) -> Bits:
    """Each bit that leaves is the sum modulo 2 of ``fan_in`` bits of the filter."""
    sums = np.zeros((*filters.shape[:-1], agreed.schema.sent), np.uint8)
    for column in diffusion(agreed).T:
        sums ^= filters[..., column]
    return sums


def composites(entry: PersonEntry, key: str) -> list[str]:
    """What two entries of one person likely have in common, always a whole name with something else."""
    found = []
    if entry.birth is not None and entry.birth[1] - entry.birth[0] <= 3:
        middle = (entry.birth[0] + entry.birth[1]) // 2
        found += [f"{key}|b{middle // 4}", f"{key}|c{(middle + 2) // 4}"]
    if entry.event is not None and entry.event[1] - entry.event[0] <= 2:
        middle = (entry.event[0] + entry.event[1]) // 2
        found += [f"{key}|e{middle // 2}", f"{key}|f{(middle + 1) // 2}"]
    if entry.place:
        found.append(f"{key}|p{place_key(entry.place)}")
    if entry.facility:
        found.append(f"{key}|h{facility_key(entry.facility)}")
    return found


def blocking_keys(
    entries: Sequence[PersonEntry], said: Sequence[tuple[str, ...]], agreed: Agreed, entropy: Entropy
) -> Bits:
    """Composite keys of each row, rows × keys × 8 bytes: HMAC-SHA-256 cut off, and chance where a row has fewer."""
    slots = agreed.schema.keys
    made = np.frombuffer(entropy(len(entries) * slots * KEY), np.uint8).reshape(len(entries), slots, KEY).copy()
    secret = agreed.key("blocking")
    for row, (entry, keys) in enumerate(zip(entries, said, strict=True)):
        every = [one for key in keys if key for one in composites(entry, key)][:slots]
        for at, text in enumerate(every):
            digest = hmac.digest(secret, text.encode(), "sha256")[:KEY]
            made[row, at] = np.frombuffer(digest, np.uint8)
    return made


def padded(count: int, schema: Schema) -> int:
    """How many rows leave for ``count`` people: a tenth more at least, rounded up, so that the size says little."""
    return -(-(count + max(count // 10, schema.round_to // 2)) // schema.round_to) * schema.round_to


def encode(entries: Iterable[PersonEntry], agreed: Agreed, entropy: Entropy) -> tuple[Encoded, tuple[int | None, ...]]:
    """Encode people for the linkage unit. Returns what leaves, and for each of its rows which entry it is, or None.

    People of whose given name nothing is known cannot be matched and are left out. The order is chance; rows that stand
    for nobody are drawn like filters of people and match nobody. Deterministic for the same entropy.
    """
    everybody = tuple(entries)
    schema = agreed.schema
    named = [at for at, entry in enumerate(everybody) if any(forms(entry, schema, agreed.side))]
    people = [everybody[at] for at in named]
    filters, said = filters_of(people, agreed, entropy)
    rows = padded(len(people), schema)
    sent = np.frombuffer(entropy(rows * schema.slots * schema.sent // 8), np.uint8)
    sent = sent.reshape(rows, schema.slots, schema.sent // 8).copy()
    keys = np.frombuffer(entropy(rows * schema.keys * KEY), np.uint8).reshape(rows, schema.keys, KEY).copy()
    hardened = np.packbits(harden(filters, agreed), axis=-1)
    for row, said_ in enumerate(said):
        there = [at for at, key in enumerate(said_) if key]
        sent[row, there] = hardened[row, there]
    keys[: len(people)] = blocking_keys(people, said, agreed, entropy)
    order = np.random.Generator(np.random.PCG64(int.from_bytes(entropy(16), "big"))).permutation(rows)
    whose = tuple(named[at] if at < len(named) else None for at in order.tolist())
    return Encoded(sent[order], keys[order]), whose
