"""An invented population whose size is known, and who of it came onto which of four lists."""

from dataclasses import dataclass, replace
from itertools import count, product
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import InvalidValue
from corroborate.invented.tables import (
    ALL_PLACES,
    CAMPS,
    JAPAN,
    JAPANESE_FAMILIES,
    JAPANESE_GIVEN,
    NORTH,
    PRISONS,
    SOUTH,
    SURNAMES,
    SYLLABLES,
)

LISTS = ("A", "B", "C", "D")
STRATA = ("K1", "K2", "P", "J1", "J2", "S")
SHARES = (0.38, 0.17, 0.22, 0.12, 0.04, 0.07)
BORN = ((1910, 2000), (1920, 1992), (1940, 2001), (1900, 1975), (1910, 1965), (1915, 1965))
TAKEN = ((1958, 2012), (1960, 2018), (1996, 2019), (1965, 2000), (1953, 1990), (1955, 1987))
BASE = {  # chance to be on each list, before family and person effects; 0 is impossible by design
    "A": (0.22, 0.26, 0.45, 0.18, 0.02, 0.30),
    "B": (0.0, 0.0, 0.0, 0.22, 0.80, 0.03),
    "C": (0.18, 0.22, 0.16, 0.20, 0.35, 0.20),
    "D": (0.20, 0.14, 0.12, 0.08, 0.01, 0.02),
}
LISTED = {"A": 1950, "B": 360, "C": 1200, "D": 900}  # persons listed, per 6,000
PAIRS = {("A", "D"): 3.0, ("A", "C"): 4.0, ("B", "C"): 2.0, ("B", "D"): 0.7}  # odds ratios
THREE_WAY = (("A", "C", "D"), 1.5)
PERSON_EFFECT = 0.8  # sd on the logit scale
FAMILY_EFFECT = float(np.sqrt(np.pi**2 / 3))  # sd that gives an intraclass correlation of 0.5 on the logit scale
SURVIVOR, SILENCE = 3.0, 0.2  # odds with a released or escaped relative; chance factor with nobody left to speak
VIOLATIONS: dict[str, dict[str, float]] = {  # id -> chance, by stratum
    "K1": {"liberty.kwanliso": 1, "integrity.collective_punishment": 0.7, "slavery.forced_labour.detention": 0.6,
           "integrity.torture": 0.2, "life.death_in_camp": 0.2, "life.execution.public": 0.03,
           "life.death_denial_of_food": 0.1},
    "K2": {"liberty.kwanliso": 1, "slavery.forced_labour.detention": 0.6, "integrity.torture": 0.4,
           "life.death_in_camp": 0.15, "life.execution.public": 0.05},
    "P": {"liberty.ordinary_prison": 1, "movement.punishment_of_return": 0.8, "slavery.forced_labour.detention": 0.5,
          "integrity.beating": 0.4, "integrity.torture": 0.15},
    "J1": {"liberty.repatriation_programme": 1, "liberty.kwanliso": 0.5, "life.death_in_camp": 0.1},
    "J2": {"liberty.abduction": 1},
    "S": {"liberty.abduction.fisher": 1},
}  # fmt: skip
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person, all attributes exact."""

    id: str
    stratum: str
    sex: str  # f or m
    family: int  # -1: alone
    surname: int  # index into the tables
    given: tuple[int, ...]
    hanja: str
    japanese: tuple[int, int] | None  # everyday name (J1) or own name (J2), as indices
    born: int
    born_day: int  # day of the year
    taken: int  # year
    taken_day: int
    origin: int  # index into ALL_PLACES
    facility: str  # id of the vocabulary of places, or empty
    occupation: int
    violations: tuple[str, ...]
    fate: str  # alive, dead, unknown
    survivor_in_family: bool


@dataclass(frozen=True, slots=True)
class World:
    """The population, who is related to whom, and who is on which list."""

    seed: int
    people: tuple[Person, ...]
    kin: tuple[tuple[str, str, str], ...]  # from, to, relation
    inclusion: NDArray[np.bool_]  # (people, 4), lists in the order of LISTS
    independent: bool

    @property
    def population(self) -> int:
        return len(self.people)

    @property
    def by_stratum(self) -> dict[str, int]:
        return {stratum: sum(p.stratum == stratum for p in self.people) for stratum in STRATA}


def make_world(seed: int, size: int, independent: bool = False) -> World:
    """Invent ``size`` people from a seed. Rates are design assumptions, not measurements.

    ``independent``: no list has an effect on another, and nobody is easier to find than others of the same stratum; so
    that an estimator can be seen where its assumptions hold and where they fail.
    """
    if not 50 <= size <= 5_000_000:
        raise InvalidValue("a population of {size}: choose 50 to 5,000,000", size=size)
    chance = np.random.default_rng([seed, 1])
    people, kin = _people(chance, size)
    inclusion = _capture(np.random.default_rng([seed, 2]), people, independent)
    return World(seed, people, kin, inclusion, independent)


@dataclass(frozen=True, slots=True)
class _Chances:
    """What people are drawn from: places in the tables, and how often each surname is met."""

    surnames: NDArray[np.float64]
    use: dict[str, list[int]]  # sex -> syllables
    japanese: dict[str, list[int]]  # sex -> given names

    @classmethod
    def of_the_tables(cls) -> Self:
        weights = np.array([s.share for s in SURNAMES])
        weights /= weights.sum()
        use = {sex: [i for i, s in enumerate(SYLLABLES) if s.use in (sex, "b")] for sex in "fm"}
        japanese = {sex: [i for i, one in enumerate(JAPANESE_GIVEN) if one[3] == sex] for sex in "fm"}
        return cls(weights, use, japanese)

    def surname(self, chance: np.random.Generator) -> int:
        return int(chance.choice(len(SURNAMES), p=self.surnames))


@dataclass(frozen=True, slots=True)
class _Household:
    """People of one stratum who were taken together: what they have in common."""

    at: int  # of the stratum
    related: bool
    family: int  # -1: alone
    together: int
    taken: int
    day: int
    origin: int
    places: tuple[str, ...]
    facility: str
    surname: int
    shared: dict[str, int]  # sex -> the syllable that a generation has in common
    house: int  # of Japanese family names
    survivor: bool
    eldest: int  # year of birth


def _people(chance: np.random.Generator, size: int) -> tuple[tuple[Person, ...], tuple[tuple[str, str, str], ...]]:
    """Everybody and who is whose kin. One stream of chance in one order: every draw depends on those before it."""
    counts = np.floor(np.array(SHARES) * size).astype(int)
    counts[0] += size - counts.sum()
    chances, families = _Chances.of_the_tables(), count()
    people: list[Person] = []
    kin: list[tuple[str, str, str]] = []
    for at in range(len(STRATA)):
        left = int(counts[at])
        while left:
            together = min(left, _how_many(chance, STRATA[at]))
            left -= together
            home = _household(chance, chances, at, together, next(families) if together > 1 else -1)
            first = len(people)
            for member in range(together):
                role = "" if not home.related else "head" if member == 0 else "wife" if member == 1 else "child"
                people.append(_person(chance, chances, home, f"person-{len(people) + 1:06}", member, role))
                if role and member:
                    kin.append((people[first].id, people[-1].id, role))
    return _same_names(chance, people), tuple(kin)


def _how_many(chance: np.random.Generator, stratum: str) -> int:
    """People who were taken together."""
    if stratum in ("K1", "J1"):
        return int(np.clip(chance.poisson(2.5) + 2, 2, 8))
    return int(chance.integers(5, 31)) if stratum == "S" else 1


def _household(chance: np.random.Generator, chances: _Chances, at: int, together: int, family: int) -> _Household:
    stratum = STRATA[at]
    related = stratum in ("K1", "J1") and together > 1
    taken = int(chance.integers(TAKEN[at][0], TAKEN[at][1] + 1))
    day = int(chance.integers(1, 364))
    origin = _origin(chance, stratum)
    places = tuple(PRISONS) if stratum == "P" else tuple(CAMPS)
    facility = str(chance.choice(places)) if stratum in ("K1", "K2", "P", "J1") else ""
    surname = chances.surname(chance)
    shared = {sex: int(chance.choice(chances.use[sex])) for sex in "fm"}
    house = int(chance.integers(len(JAPANESE_FAMILIES)))
    survivor = bool(chance.random() < (0.45 if related else 0.3))
    eldest = int(chance.integers(BORN[at][0], min(BORN[at][1], taken - 25) + 1))
    return _Household(
        at, related, family, together, taken, day, origin, places, facility, surname, shared, house, survivor, eldest
    )


def _person(
    chance: np.random.Generator, chances: _Chances, home: _Household, id_: str, member: int, role: str
) -> Person:
    at, stratum, taken = home.at, STRATA[home.at], home.taken
    sex = _sex(chance, stratum, member if home.related else -1)
    born = _born(chance, home, role)
    surname = home.surname if role in ("", "head", "child") else chances.surname(chance)
    if role == "" and home.together > 1:
        surname = chances.surname(chance)
    given = _given(chance, chances.use[sex])
    if role == "child" and chance.random() < (0.6 if sex == "m" else 0.3):
        shared = home.shared[sex]
        given = (shared, next(g for g in (*given, *chances.use[sex]) if g != shared))
    hanja = SURNAMES[surname].hanja + "".join(str(chance.choice(list(SYLLABLES[g].hanja))) for g in given)
    everyday = None
    if stratum in ("J1", "J2"):
        everyday = (
            home.house if home.related else int(chance.integers(len(JAPANESE_FAMILIES))),
            int(chance.choice(chances.japanese[sex])),
        )
    done = tuple(v for v, p in VIOLATIONS[stratum].items() if chance.random() < p)
    if stratum == "P" and sex == "f" and chance.random() < 0.06:
        done = (*done, "reproductive.forced_abortion.returnee")
    dead = any(v.startswith("life.") for v in done)
    return Person(
        id_, stratum, sex, home.family, surname, given, hanja, everyday, max(BORN[at][0], min(born, taken)),
        int(chance.integers(1, 366)), taken, home.day + int(chance.integers(0, 3)), home.origin,
        home.facility if chance.random() < 0.9 or not home.facility else str(chance.choice(home.places)),
        int(chance.integers(12)), done, "dead" if dead else str(chance.choice(["alive", "unknown"])), home.survivor,
    )  # fmt: skip


def _born(chance: np.random.Generator, home: _Household, role: str) -> int:
    born = home.eldest if role in ("", "head") else home.eldest + int(chance.integers(-2, 8))
    if role == "child":
        return min(home.eldest + int(chance.integers(20, 42)), home.taken, 2001)
    if role == "" and home.together > 1:
        return int(chance.integers(BORN[home.at][0], min(BORN[home.at][1], home.taken - 15) + 1))
    return born


def _same_names(chance: np.random.Generator, people: list[Person]) -> tuple[Person, ...]:
    """Forty pairs per 6,000 of unrelated people with one full name, so that a name alone must fail."""
    pairs = round(len(people) * 40 / 6000)
    groups: dict[tuple[str, str], list[int]] = {}
    for at, person in enumerate(people):
        groups.setdefault((person.stratum, person.sex), []).append(at)
    keys = sorted(key for key, members in groups.items() if len(members) > 1)
    for _ in range(pairs if keys else 0):
        members = groups[keys[int(chance.integers(len(keys)))]]
        one, other = (members[int(i)] for i in chance.choice(len(members), 2, replace=False))
        source = people[one]
        people[other] = replace(people[other], surname=source.surname, given=source.given, hanja=source.hanja)
    return tuple(people)


def _origin(chance: np.random.Generator, stratum: str) -> int:
    north, south = len(NORTH), len(SOUTH)
    if stratum == "S":
        return north + int(chance.integers(south))
    if stratum == "J2":
        return north + south + int(chance.integers(len(JAPAN)))
    border = [at for at, place in enumerate(ALL_PLACES) if place.border]
    if stratum == "P" and chance.random() < 0.8:
        return int(chance.choice(border))
    return int(chance.integers(north))


def _sex(chance: np.random.Generator, stratum: str, member: int) -> str:
    if member in (0, 1):
        return "mf"[member]
    female = {"P": 0.75, "S": 0.03, "K2": 0.25}.get(stratum, 0.5)
    return "f" if chance.random() < female else "m"


def _given(chance: np.random.Generator, syllables: list[int]) -> tuple[int, ...]:
    if chance.random() < 0.06:
        return (int(chance.choice(syllables)),)
    one, other = chance.choice(syllables, 2, replace=False)
    return int(one), int(other)


def _capture(chance: np.random.Generator, people: tuple[Person, ...], independent: bool) -> NDArray[np.bool_]:
    """Draw the lists from a log-linear model of all 16 patterns, with one intercept a list solved for its length.

    An odds ratio between two lists is the factor by which being on both is likelier than the product of the odds.
    """
    count = len(people)
    stratum = np.array([STRATA.index(p.stratum) for p in people])
    base = np.array([[BASE[name][s] for name in LISTS] for s in range(len(STRATA))])[stratum]
    with np.errstate(divide="ignore"):
        logit = np.log(base) - np.log1p(-base)
    if not independent:
        logit = logit + _effects(chance, people)[:, None]
        family = np.array([p.family for p in people])
        members = np.bincount(family[family >= 0], minlength=1)
        spread = chance.normal(0, FAMILY_EFFECT, (len(members), len(LISTS)))
        logit = logit + np.where(family[:, None] >= 0, spread[np.maximum(family, 0)], 0.0)
        survived = np.array([p.survivor_in_family for p in people])
        logit = logit + np.where(survived, np.log(SURVIVOR), 0.0)[:, None]
        silent = (family >= 0) & ~survived
        logit[np.ix_(silent, [0, 2, 3])] += np.log(SILENCE)
    patterns = np.array(list(product((0, 1), repeat=len(LISTS))))
    joint = np.zeros(len(patterns))
    if not independent:
        for (one, other), ratio in PAIRS.items():
            joint += np.log(ratio) * patterns[:, LISTS.index(one)] * patterns[:, LISTS.index(other)]
        joint += np.log(THREE_WAY[1]) * patterns[:, [LISTS.index(name) for name in THREE_WAY[0]]].prod(axis=1)
    goal = np.array([LISTED[name] for name in LISTS]) * count / 6000
    intercept = np.zeros(len(LISTS))
    possible = np.isfinite(logit)
    finite = np.where(possible, logit, 0.0)
    shut = (~possible).astype(float) @ patterns.T > 0  # patterns that hold a list this person cannot be on

    def probabilities(shift: Floats) -> Floats:
        score = (finite + shift) @ patterns.T + joint
        score[shut] = -np.inf
        score -= score.max(axis=1, keepdims=True)
        weight: Floats = np.exp(score)
        share: Floats = weight / weight.sum(axis=1, keepdims=True)
        return share

    for _ in range(60):
        expected = (probabilities(intercept) @ patterns).sum(axis=0)
        change = np.log(goal / expected)
        intercept += 1.2 * change
        if np.max(np.abs(change)) < 1e-4:
            break
    reach = probabilities(intercept).cumsum(axis=1)
    drawn = (chance.random(count)[:, None] > reach).sum(axis=1)
    included: NDArray[np.bool_] = patterns[np.minimum(drawn, len(patterns) - 1)].astype(bool)
    return included


def _effects(chance: np.random.Generator, people: tuple[Person, ...]) -> Floats:
    """Prominence, survival, a home at the border and a later year make people visible; standard deviation 0.8."""
    parts = np.column_stack(
        [
            chance.normal(size=len(people)),
            [p.fate == "alive" for p in people],
            [ALL_PLACES[p.origin].border for p in people],
            [p.taken for p in people],
        ]
    ).astype(float)
    parts -= parts.mean(axis=0)
    parts /= np.maximum(parts.std(axis=0), 1e-9)
    total: Floats = parts @ np.array([1.0, 0.5, 0.4, 0.4])
    return PERSON_EFFECT * total / max(float(total.std()), 1e-9)
