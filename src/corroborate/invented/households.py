"""Two invented lists of households: people who share surname, home, arrest and their father's names, which linkage must
not make into one person.

Of each household some were put on the first list, some on the second, most on both; brothers and sisters share a syllable
of their given name and are born a year or two apart; some are twins. Each list spells and dates with faults of its own.
Everybody in it is invented. Rates are assumptions.
"""

from dataclasses import dataclass, replace

import numpy as np

from corroborate.errors import InvalidValue
from corroborate.invented.tables import ALL_PLACES, SURNAMES, SYLLABLES


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one of the two lists. Years and texts as a list would have them; None where it has none."""

    list: str  # register (Hangul, hanja) or testimony (romanised)
    row: int
    person: int
    household: int
    name: str
    hanja: str | None
    sex: str | None
    born: int | None
    place: str | None
    taken: int | None
    father: str | None = None  # as this list spells him
    mother: str | None = None


@dataclass(frozen=True, slots=True)
class _One:
    person: int
    household: int
    surname: int
    given: tuple[int, ...]
    sex: str
    born: int
    place: int
    taken: int
    parents: "tuple[_One, _One] | None" = None


def make_households(seed: int, households: int) -> tuple[Row, ...]:
    """Two lists of invented households, each without repeats, so that the true matching is one to one."""
    if not 5 <= households <= 1_000_000:
        raise InvalidValue(
            ("{households} household: choose 5 to 1,000,000", "{households} households: choose 5 to 1,000,000"),
            households=households,
        )
    chance = np.random.default_rng([seed, 77])
    people = [one for household in range(households) for one in _household(chance, household)]
    people = [_One(number, *_rest(one)) for number, one in enumerate(people)]
    rows: list[Row] = []
    kin = np.random.default_rng([seed, 78])  # of its own, so that the lists are the same with kin and without
    for name in ("register", "testimony"):
        on = [one for one in people if chance.random() < 0.75]
        rows += [
            _with_parents(kin, _row(chance, name, at, on[int(place)]), on[int(place)])
            for at, place in enumerate(chance.permutation(len(on)), start=1)
        ]
    return tuple(rows)


def _rest(one: _One) -> "tuple[int, int, tuple[int, ...], str, int, int, int, tuple[_One, _One] | None]":
    return one.household, one.surname, one.given, one.sex, one.born, one.place, one.taken, one.parents


def _with_parents(chance: np.random.Generator, row: Row, one: _One) -> Row:
    """A list says the father of six children in ten, and the mother of four, spelled anew each time."""
    if one.parents is None:
        return row
    father, mother = (_row(chance, row.list, 0, parent).name for parent in one.parents)
    said = chance.random(2) < (0.6, 0.4)
    return replace(row, father=father if said[0] else None, mother=mother if said[1] else None)


def _household(chance: np.random.Generator, household: int) -> list[_One]:
    shares = np.array([s.share for s in SURNAMES])
    surname, other = (int(chance.choice(len(SURNAMES), p=shares / shares.sum())) for _ in range(2))
    place, taken = int(chance.integers(len(ALL_PLACES))), int(chance.integers(1958, 2013))
    eldest = taken - int(chance.integers(35, 70))
    shared = int(chance.integers(len(SYLLABLES)))

    def given() -> tuple[int, ...]:
        one, two = (int(x) for x in chance.choice(len(SYLLABLES), 2, replace=False))
        return one, two

    members = [_One(0, household, surname, given(), "m", eldest, place, taken),
               _One(0, household, other, given(), "f", eldest + int(chance.integers(-1, 7)), place, taken)]  # fmt: skip
    born = eldest + int(chance.integers(21, 29))
    used = {shared}
    for _ in range(int(chance.integers(0, 6))):
        if born > taken:
            break
        own = int(chance.choice([s for s in range(len(SYLLABLES)) if s not in used]))
        used.add(own)
        names = (shared, own) if chance.random() < 0.6 else given()
        sex = str(chance.choice(["m", "f"]))
        members.append(_One(0, household, surname, names, sex, born, place, taken, (members[0], members[1])))
        born += 0 if chance.random() < 1 / 90 else int(chance.integers(1, 4))
    return members


def _row(chance: np.random.Generator, name: str, row: int, one: _One) -> Row:
    surname, given = SURNAMES[one.surname], [SYLLABLES[g] for g in one.given]
    if name == "register":
        family = surname.southern if chance.random() < 0.3 else surname.hangul
        text = family + "".join(s.hangul for s in given)
        hanja = surname.hanja + "".join(s.hanja[0] for s in given) if chance.random() < 0.5 else None
    else:
        style = int(chance.integers(3))
        spelled = [(s.mr, s.rr, s.passport)[style] for s in given]
        family = (surname.mr, surname.rr, surname.passport[0])[style]
        text, hanja = f"{family} {'-'.join(spelled).capitalize()}", None
    born: int | None = one.born
    drawn = float(chance.random())
    if drawn < 0.08:
        born = None
    elif drawn < 0.16:
        born = one.born + int(chance.choice([-1, 1]))
    place = ALL_PLACES[one.place]
    return Row(
        name, row, one.person, one.household, text, hanja, None if chance.random() < 0.03 else one.sex, born,
        (place.hangul if name == "register" else place.latin) if chance.random() > 0.05 else None,
        one.taken if chance.random() > 0.2 else None,
    )  # fmt: skip
