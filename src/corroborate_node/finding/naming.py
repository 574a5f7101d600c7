"""People by their names: in every way in which the words of a question may mean one, the surest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from corroborate.languages.finding import asked_parts, asked_sounds, asked_whole, folded
from corroborate.languages.names import explain
from corroborate.values import script_of
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import begins
from corroborate_node.finding import counting, narrowing
from corroborate_node.finding.models import NameKey
from corroborate_node.finding.narrowing import Look
from corroborate_node.records.models import NamePart, PersonName

_COUNTED = 50_000  # names that are counted to find the rarest of common pairs of letters
_BLOCK = 60  # names that are put in order together


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: a record by its id, and why it answers: keys of words (``why_…`` of words.yaml)."""

    id: str
    why: str
    name: str = ""  # of a person: the writing that was found
    likely: float = 1.0  # of a name: how likely both writings mean the same one, as explained by the rules of names


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which names are meant: the rows that lead to them, and the same as a condition of names.

    ``to``: from a row to its name. ``number``: of rows, counted to a limit.
    """

    why: str
    rows: QuerySet[Any]
    to: str
    condition: Q
    number: int


def reason(asked: str, name: str) -> str:
    """By what kind of rule two writings of a whole name meet."""
    scripts = {script_of(asked), script_of(name)}
    if scripts == {"Hang"}:
        return "why_initial"
    if "Kana" in scripts:
        return "why_kana"
    if "Hani" in scripts:
        return "why_hanja" if len(scripts) > 1 else "why_variant"
    if "Arab" in scripts:
        return "why_consonants"
    return "why_romanised" if "Hang" in scripts else "why_scripts" if len(scripts) > 1 else "why_spelled"


@lru_cache(maxsize=10_000)
def _likely(asked: str, name: str) -> float:
    return max((one.probability for one in explain(asked, name)), default=0.0)


def ways(look: Look) -> Iterator[Way]:
    """Names by each way in which a question may mean them, the surest first; none that leads to no name."""
    asked = look.asked.words
    letters = folded(asked)
    whole, parts, sounds = sorted(asked_whole(asked)), sorted(asked_parts(asked)), asked_sounds(asked)
    pairs = sorted({letters[at : at + 2] for at in range(max(1, len(letters) - 1))}) if letters else []
    each = [*(counting.key(one) for one in (*whole, *parts, *sounds)), *(counting.part(one) for one in pairs)]
    numbers = iter(counting.counted(each))
    common = [dict(zip(keys, numbers, strict=False)) for keys in (whole, parts, sounds, pairs)]
    contained = bool(pairs) and min(common[3].values()) > 0
    if contained:
        names = visible(look.user, PersonName)
        yield Way("why_letters", names.filter(folded=letters).order_by("id"), "", Q(folded=letters), 0)
    yield from _by_keys(look, "whole", common[0])
    if contained:
        yield _by_letters(look, letters, common[3])
    yield from _by_keys(look, "why_part", common[1])
    if sounds and min(common[2].values()) > 0:
        yield _by_sounds(look, common[2])


def _by_keys(look: Look, why: str, common: dict[str, int]) -> Iterator[Way]:
    """Names under one of some keys: those of few names together, each other key by itself, in the order of its names.
    Else the database would gather all names of a common key before the first is shown."""
    rare = [key for key, number in common.items() if 0 < number < counting.COMMON]
    many = [[key] for key, number in common.items() if number >= counting.COMMON]
    for keys in [*([rare] if rare else []), *many]:
        rows = visible(look.user, NameKey).filter(key__in=keys) if keys is rare else _under(look, keys[0])
        held = NameKey.objects.filter(key__in=keys, name_id=OuterRef("id"))
        yield Way(why, rows.order_by("name_id"), "name__", Q(Exists(held)), sum(common[key] for key in keys))


def _under(look: Look, key: str) -> QuerySet[NameKey]:
    rows: QuerySet[NameKey] = visible(look.user, NameKey).filter(key=key)
    return rows


def _by_letters(look: Look, letters: str, common: dict[str, int]) -> Way:
    """Names that contain some letters, from their rarest pair; those without another pair are not read."""
    if min(common.values()) >= counting.COMMON:
        common = dict(zip(common, counting.counted([counting.part(one) for one in common], _COUNTED), strict=True))
    parts, (rarest, *others) = visible(look.user, NamePart), sorted(common, key=lambda pair: common[pair])
    if len(letters) == 1:
        rows = parts.filter(begins("part", letters))
    else:
        rows = parts.filter(part=rarest).order_by("name_id")
        for one in others:
            rows = rows.filter(Exists(NamePart.objects.filter(part=one, name_id=OuterRef("name_id"))))
        rows = rows if rarest == letters else rows.filter(name__folded__contains=letters)
    return Way("why_letters", rows, "name__", Q(folded__contains=letters), common[rarest])


def _by_sounds(look: Look, common: dict[str, int]) -> Way:
    """Names of which words sound like each of the question's, from the rarest."""
    rarest = min(common, key=lambda key: common[key])
    rows, held = _under(look, rarest), Q()
    for key in common:
        held &= Q(Exists(NameKey.objects.filter(key=key, name_id=OuterRef("id"))))
        if key != rarest:
            rows = rows.filter(Exists(NameKey.objects.filter(key=key, name_id=OuterRef("name_id"))))
    return Way("why_sounds", rows.order_by("name_id"), "name__", held, common[rarest])


def people(look: Look) -> Iterator[Found]:
    """People with names that a question may mean, each maybe several times."""
    meant = list(ways(look))
    if _filters_are_rarer(look, meant):
        for few in narrowing.people(look):
            names = visible(look.user, PersonName).filter(person_id__in=few)
            for way in meant:
                yield from _found_by_words(
                    look, way, list(names.filter(way.condition).values_list("person_id", "text"))
                )
        return
    for way in meant:
        person = F(f"{way.to}person_id") if way.to else F("person_id")
        rows = way.rows.filter(narrowing.of_person(look, f"{way.to}person_id"))
        named = rows.values_list(person, f"{way.to}text").iterator(chunk_size=_BLOCK)
        while some := list(islice(named, _BLOCK)):
            yield from _found_by_words(look, way, some)


def _filters_are_rarer(look: Look, meant: Sequence[Way]) -> bool:
    """Whether fewer records fulfil the filters than have such a name: then the names of those few are asked."""
    if not any(way.number >= counting.COMMON for way in meant):
        return False
    first = narrowing.rarest(look)
    if first is None:
        return False
    number = first[1]
    return any(way.number >= counting.COMMON and way.rows[: number + 1].count() > number for way in meant)


def _found_by_words(look: Look, way: Way, some: list[tuple[str, str]]) -> list[Found]:
    """Some names in order: those most likely the same first."""
    asked, whole = look.asked.words, way.why == "whole"
    found = [
        Found(person, reason(asked, text) if whole else way.why, text, _likely(asked, text) if whole else 1.0)
        for person, text in some
    ]
    return sorted(found, key=lambda one: (-one.likely, one.name, one.id))


__all__ = ["Found", "people", "reason", "ways"]
