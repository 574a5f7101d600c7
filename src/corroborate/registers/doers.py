"""Registers of those who are said to have done it: perpetrators, the posts that people held, and the units over them.

They are what claims say, and no finding. Beside each name stands how it is known: whoever is named by hearsay alone is
called so. A person of one account and one of the same name of another are two rows, until somebody judges them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from corroborate.cases.findings import FIRST_HAND
from corroborate.languages.finding import folded
from corroborate.records import Claim, Source
from corroborate.records.schema import names_of_type
from corroborate.registers.cells import SEVERAL, Rows, Said, joined, pointed, words
from corroborate.values import DateSpan, PartialDate

About = Mapping[str, Said]  # by subject
Caution = Literal["hearsay", "basis_unsaid", "one_source", "how_sure_unsaid", "held_doubtful"]
# Why a name is to be read with caution, the gravest first
CAUTIONS: Final[Mapping[Caution, str]] = {
    "hearsay": "named by hearsay alone",
    "basis_unsaid": "nobody said how it is known",
    "one_source": "one source",
    "how_sure_unsaid": "nobody said how sure",
    "held_doubtful": "a source says probably or possibly",
}
NOT_NAMED = "not named to this reader"
MOST_OVER = 6  # units over a unit
_DOUBTFUL = ("probably_them", "possibly_them")
_NAMES = names_of_type("name")


class _Told:
    """What some claims tell of: by how many sources, and how they know it."""

    __slots__ = ()
    told: tuple[Claim, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({one.source for one in self.told}))

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """Why it is to be read with caution."""
        found = how_known(self.told)
        return (*found, "one_source") if len(self.sources) == 1 else found


@dataclass(frozen=True, slots=True)
class Held(_Told):
    """A post that somebody held, as told. ``over``: names of the units over it, the nearest first."""

    id: str
    holder: str  # id; empty where who held it does not go
    title: str
    unit: str
    over: tuple[str, ...]
    begin: tuple[Claim, ...]
    end: tuple[Claim, ...]
    told: tuple[Claim, ...]
    in_unit: str = ""  # the unit's id

    @property
    def span(self) -> tuple[date, date]:
        """The first and last day on which it may have been held; an end that nobody told is open."""
        first = min((_first(one) for one in self.begin), default=date.min)
        return first, max((_last(one) for one in self.end), default=date.max)

    @property
    def when(self) -> str:
        begin, end = (joined(words(one) for one in each) for each in (self.begin, self.end))
        return f"{begin}–{end}" if begin or end else ""


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who is said to have had a part in acts. ``id``: theirs; of one who stands in an act's words alone, the
    act's."""

    id: str
    names: tuple[str, ...]
    acts: tuple[str, ...]
    named: tuple[Claim, ...]  # the claims that say it was they
    part: tuple[Claim, ...]
    caution_told: tuple[Claim, ...]
    unit: tuple[Claim, ...]
    rank: tuple[Claim, ...]
    posts: tuple[Held, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({one.source for one in self.named}))

    @property
    def first_hand(self) -> int:
        """Sources that saw it, or are documents."""
        return len({one.source for one in self.named if one.basis in FIRST_HAND})

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """Why the name is to be read with caution; none says that it was they."""
        said = {words(one) for one in self.caution_told}
        found: list[tuple[Caution, bool]] = [
            *((one, True) for one in how_known(self.named)),
            ("one_source", len(self.sources) == 1),
            ("how_sure_unsaid", not said),
            ("held_doubtful", bool(said & set(_DOUBTFUL))),
        ]
        return tuple(name for name, so in found if so)


def how_known(told: Iterable[Claim]) -> tuple[Caution, ...]:
    """What is to be said of claims of which none is of somebody who saw it, or of a document."""
    bases = {one.basis for one in told}
    if bases & set(FIRST_HAND):
        return ()
    return ("basis_unsaid",) if "unknown" in bases else ("hearsay",)


def doers(about: About) -> tuple[Doer, ...]:
    """Everybody who is said to have done something, by what some claims say. Who only saw it is none."""
    parts: dict[str, list[Said]] = {}
    taken: set[str] = set()  # acts of which somebody has a part: their words name the same people again
    for of in about.values():
        who, acts = pointed(of, "person"), pointed(of, "act")
        if who and acts and not any(words(one) == "witness" for one in of.get("degree", ())):
            parts.setdefault(who[0], []).append(of)
            taken.update(acts)
    held = posts(about)
    found = [_doer(who, of, about, [one for one in held if one.holder == who]) for who, of in parts.items()]
    for id_, of in about.items():
        named = tuple(of.get("perpetrator", ()))
        if named and id_ not in taken:
            called = tuple(dict.fromkeys(words(one) for one in named))
            caution = tuple(of.get("caution", ()))
            unit, rank = tuple(of.get("perpetrator_unit", ())), tuple(of.get("perpetrator_rank", ()))
            found.append(Doer(id_, called, (id_,), named, (), caution, unit, rank))
    return tuple(sorted(found, key=lambda one: (one.names or ("~",), one.id)))


def _doer(who: str, parts: Sequence[Said], about: About, held: Sequence[Held]) -> Doer:
    acts = tuple(dict.fromkeys(act for of in parts for act in pointed(of, "act")))

    def of_parts(name: str) -> tuple[Claim, ...]:
        return tuple(one for of in parts for one in of.get(name, ()))

    def of_acts(name: str) -> tuple[Claim, ...]:
        return tuple(one for act in acts for one in about.get(act, {}).get(name, ()))

    return Doer(
        who,
        _called(who, about),
        acts,
        of_parts("person"),
        of_parts("took_part"),
        of_parts("caution"),
        of_acts("perpetrator_unit"),
        of_acts("perpetrator_rank"),
        tuple(held),
    )


def posts(about: About) -> tuple[Held, ...]:
    """Posts that people held, in the order of units and of days."""
    names_of_units, over = _units_over(about)
    found = []
    for id_, of in about.items():
        if not id_.startswith("post_"):
            continue
        unit = next((name for one in pointed(of, "held_by") for name in names_of_units.get(one, ())), "")
        holder = next(iter(pointed(of, "person")), "")
        title = joined(words(one) for one in of.get("title", ()))
        told = tuple(one for each in of.values() for one in each)
        begin, end = tuple(of.get("begin", ())), tuple(of.get("end", ()))
        of_unit = next(iter(pointed(of, "held_by")), "")
        chain = tuple(_chain(folded(unit), over))
        found.append(Held(id_, holder, title, unit, chain, begin, end, told, of_unit))
    return tuple(sorted(found, key=lambda one: (one.unit or "~", one.span, one.id)))


Over = Mapping[str, Mapping[str, str]]  # by a unit's name as names are compared: the units over it


def _units_over(about: About) -> tuple[Mapping[str, tuple[str, ...]], Over]:
    """Names of units by their ids, and which stand over which. Units of one name are one here, whoever tells of it."""
    units = {id_: _called(id_, about) for id_ in about if id_.startswith("unit_")}
    over: dict[str, dict[str, str]] = {}
    for id_, names in units.items():
        for other in pointed(about[id_], "part_of"):
            for mine in names:
                for above in units.get(other, ()):
                    over.setdefault(folded(mine), {})[folded(above)] = above
    return units, over


@dataclass(frozen=True, slots=True)
class Unit(_Told):
    """A unit by its name, whoever tells of it. ``over``: the units over it, the nearest first; ``under``: those that
    are said to be part of it."""

    id: str  # of its first record
    names: tuple[str, ...]
    over: tuple[str, ...]
    under: tuple[str, ...]
    posts: tuple[Held, ...]
    acts: tuple[str, ...]  # that words of an act say it did
    told: tuple[Claim, ...]


def units(about: About) -> tuple[Unit, ...]:
    """Units that some claims name, in the order of their names."""
    names, over = _units_over(about)
    below: dict[str, dict[str, str]] = {}
    for mine in (one for each in names.values() for one in each):
        for above in over.get(folded(mine), {}):
            below.setdefault(above, {})[folded(mine)] = mine
    held: dict[str, list[Held]] = {}
    for post in posts(about):
        held.setdefault(folded(post.unit), []).append(post)
    acts: dict[str, list[str]] = {}
    for id_, of in about.items():
        for one in of.get("perpetrator_unit", ()):
            acts.setdefault(folded(words(one)), []).append(id_)
    by_name: dict[str, list[str]] = {}
    for id_, each in names.items():
        if each:
            by_name.setdefault(folded(each[0]), []).append(id_)
    found = []
    for key, ids in by_name.items():
        told = tuple(one for id_ in ids for each in about[id_].values() for one in each)
        called = tuple(dict.fromkeys(name for id_ in ids for name in names[id_]))
        there = tuple(held.get(key, ()))
        under = tuple(sorted(below.get(key, {}).values()))
        did = tuple(dict.fromkeys(acts.get(key, ())))
        found.append(Unit(ids[0], called, tuple(_chain(key, over)), under, there, did, told))
    return tuple(sorted(found, key=lambda one: (one.names, one.id)))


def _chain(unit: str, over: Over) -> Iterable[str]:
    """The units over a unit, the nearest first. What leads back to one that was named ends it."""
    seen, level = {unit}, [unit]
    for _ in range(MOST_OVER):
        following = {key: name for one in level for key, name in over.get(one, {}).items() if key not in seen}
        yield from following.values()
        seen |= following.keys()
        level = list(following)


def heads_over(one: Held, held: Iterable[Held]) -> tuple[Held, ...]:
    """Who held a post in a unit over it in days that may be the same: as far as told, the chain of command."""
    place = {folded(name): at for at, name in enumerate(one.over)}
    first, last = one.span
    found = [each for each in held if folded(each.unit) in place and each.span[0] <= last and first <= each.span[1]]
    return tuple(sorted(found, key=lambda each: (place[folded(each.unit)], each.span, each.id)))


# --- as tables --------------------------------------------------------------------------------------------------------


def doer_registers(about: About, sources: Mapping[str, Source], called: Callable[[str], str]) -> dict[str, Rows]:
    """Perpetrators, posts, units, as tables; empty ones are left out. ``called``: what its reader is told for an id."""
    invented = {id_ for id_, one in sources.items() if one.invented}
    held = posts(about)
    tables: dict[str, Rows] = {
        "perpetrators": (_DOER, [_doer_row(one, about, invented, called) for one in doers(about)]),
        "posts": (_POST, [_post_row(one, held, about, invented, called) for one in held]),
        "units": (_UNIT, [_unit_row(one, about, invented, called) for one in units(about)]),
    }
    return {name: one for name, one in tables.items() if one[1]}


_DOER = (
    "id",
    "who",
    "what",
    "when",
    "where",
    "part",
    "unit",
    "rank",
    "posts",
    "acts",
    "sources",
    "first_hand_sources",
    "caution",
    "how_sure_as_told",
    "invented",
)
_POST = (
    "id",
    "who_held_it",
    "title",
    "unit",
    "units_over",
    "from",
    "to",
    "who_held_posts_over_it_then",
    "sources",
    "caution",
    "invented",
)

_UNIT = (
    "id",
    "unit",
    "units_over",
    "units_under",
    "posts_and_who_held_them",
    "acts",
    "sources",
    "caution",
    "invented",
)


def _unit_row(one: Unit, about: About, invented: set[str], called: Callable[[str], str]) -> Sequence[object]:
    return (
        called(one.id),
        joined(one.names),
        " < ".join(one.over),
        joined(one.under),
        joined(f"{joined(_called(each.holder, about)) or 'not named'}: {_post_words(each)}" for each in one.posts),
        len(one.acts),
        len(one.sources),
        SEVERAL.join(CAUTIONS[each] for each in one.cautions),
        "invented" if invented.intersection(one.sources) else "",
    )


def _doer_row(one: Doer, about: About, invented: set[str], called: Callable[[str], str]) -> Sequence[object]:
    acts = [about.get(act, {}) for act in one.acts]

    def told(*names: str) -> str:
        return joined(words(claim) for of in acts for name in names for claim in of.get(name, ()))

    return (
        called(one.id),
        joined(one.names) or NOT_NAMED,
        told("violation"),
        told("date", "event_date"),
        told("place", "event_place", "facility"),
        joined(words(claim) for claim in one.part),
        joined(words(claim) for claim in one.unit),
        joined(words(claim) for claim in one.rank),
        joined(_post_words(each) for each in one.posts),
        len(one.acts),
        len(one.sources),
        one.first_hand,
        SEVERAL.join(CAUTIONS[each] for each in one.cautions),  # the gravest first
        joined(words(claim) for claim in one.caution_told),
        "invented" if invented.intersection(one.sources) else "",
    )


def _post_row(
    one: Held, held: Sequence[Held], about: About, invented: set[str], called: Callable[[str], str]
) -> Sequence[object]:
    over = [
        f"{joined(_called(each.holder, about)) or 'not named'}, {_post_words(each)}" for each in heads_over(one, held)
    ]
    return (
        called(one.id),
        joined(_called(one.holder, about)),
        one.title,
        one.unit,
        " < ".join(one.over),
        joined(words(claim) for claim in one.begin),
        joined(words(claim) for claim in one.end),
        joined(over),
        len(one.sources),
        SEVERAL.join(CAUTIONS[each] for each in one.cautions),  # the gravest first
        "invented" if invented.intersection(one.sources) else "",
    )


def _post_words(one: Held) -> str:
    """A post in a cell: *head, Hoeryong bureau (1996–1999)*."""
    named = ", ".join(filter(None, (one.title, one.unit)))
    return f"{named} ({one.when})" if one.when else named


def _called(id_: str, about: About) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words(one) for name in _NAMES for one in about.get(id_, {}).get(name, ())))


def _first(claim: Claim) -> date:
    return claim.value.earliest if isinstance(claim.value, PartialDate | DateSpan) else date.min


def _last(claim: Claim) -> date:
    return claim.value.latest if isinstance(claim.value, PartialDate | DateSpan) else date.max


__all__ = ["CAUTIONS", "Caution", "Doer", "Held", "Unit", "doer_registers", "doers", "heads_over", "posts", "units"]
