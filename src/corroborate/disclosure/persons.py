"""Which persons may be named, and what may stand beside a name."""

from collections import Counter
from collections.abc import Sequence

from corroborate.cases import Origins, fewest
from corroborate.disclosure.items import Deciding
from corroborate.disclosure.shown import FactShown, NameShown, PersonShown
from corroborate.records import Claim, Leaving, Reference, Term
from corroborate.values import DateSpan, Name, PartialDate
from corroborate.vocabulary import load

_LANGUAGES = {"Hang": "ko", "Kana": "ja", "Hani": "ja", "Latn": "und-Latn", "Cyrl": "und-Cyrl", "Arab": "und-Arab"}

_COUNTED = "person_"
_PEOPLE = (_COUNTED, "party_")

Kept = Counter[tuple[str, str]]


def persons_shown(
    deciding: Deciding, claims: Sequence[Claim], known: Origins
) -> tuple[tuple[PersonShown, ...], Kept, frozenset[str]]:
    """Persons who may be named before this audience on this day, in the order of their names, what was kept back, and
    the ids of the persons who are named.

    A person one of whose sources took its leave back is not named at all, even where another source allows it.
    """
    same = deciding.person
    victim = {
        claim.subject: claim.value.entity
        for claim in claims
        if claim.property == "victim" and isinstance(claim.value, Reference)
    }
    victims = {same.get(one, one) for one in victim.values()}
    about: dict[str, list[Claim]] = {}
    for claim in claims:
        if deciding.guard.unread(claim):
            continue  # a name that those who decided to name them did not read
        entity = victim.get(claim.subject, claim.subject)
        about.setdefault(same.get(entity, entity), []).append(claim)
    shown: list[PersonShown] = []
    kept: Kept = Counter()
    told: set[str] = set()
    for whose, mine in about.items():
        if not any(claim.property == "name" and isinstance(claim.value, Name) for claim in mine):
            continue
        if not whose.startswith(_PEOPLE) or (whose in deciding.guard.people and whose not in victims):
            continue  # units are no people; who is only said to have done something stands in registers of their own
        what = "persons" if whose.startswith(_COUNTED) else "parties, who are counted in no figure of people"
        if deciding.guard.unnamed(whose):
            kept[what, "they are also said to have done something, and nobody decided to name them"] += 1
            continue
        if whose in deciding.unnamed:
            kept[what, "a source has withdrawn its leave to name them"] += 1
            continue
        if not deciding.names:
            kept[what, "this release names nobody"] += 1
            continue
        person = _person(deciding.leaving, mine, known, kept, what)
        if person is not None:
            shown.append(person)
            told.add(whose)
    ordered = sorted(shown, key=lambda one: (one.names[0].text, [(f.property, f.value) for f in one.facts]))
    return tuple(ordered), kept, frozenset(told)


def _person(leaving: Leaving, mine: Sequence[Claim], known: Origins, kept: Kept, what: str) -> PersonShown | None:
    permissions = leaving.permissions
    named = [claim for claim in mine if claim.property == "name" and permissions.allows("name", claim.source)]
    names = _names([claim.value for claim in named if isinstance(claim.value, Name)], mine, kept)
    if not names:
        kept[what, "no source allows naming them before this audience on this day"] += 1
        return None
    facts: set[FactShown] = set()
    used = {claim.source for claim in named}
    for claim in mine:
        if claim.property in ("name", "victim"):
            continue
        if not (permissions.allows("name", claim.source) and permissions.allows("quote", claim.source)):
            kept["facts about named persons", "their source does not allow quoting beside a name"] += 1
        elif not (leaving.allows("name", claim) and leaving.allows("quote", claim)):
            kept["facts about named persons", "done to their body, and they have not allowed it themselves"] += 1
        elif (fact := _fact(claim)) is None:
            kept["facts about named persons", "of a kind that is never published beside a name"] += 1
        else:
            facts.add(fact)
            used.add(claim.source)
    independent = fewest(known.origins(source) for source in used).number
    return PersonShown(names, tuple(sorted(facts, key=lambda fact: (fact.property, fact.value))), independent)


def _names(allowed: Sequence[Name], mine: Sequence[Claim], kept: Kept) -> tuple[NameShown, ...]:
    """Names in the order ko, ja, Latin. Hanja beside a Hangul name tell namesakes apart and are withheld."""
    korean = any(isinstance(claim.value, Name) and claim.value.script == "Hang" for claim in mine)
    found = {name.text: name for name in allowed}.values()
    hanja = [name for name in found if korean and name.script == "Hani"]
    if hanja:
        kept["names in hanja", "never published beside a Korean name"] += len(hanja)
    order = ("Hang", "Hani", "Kana", "Latn", "Cyrl", "Arab", "Zyyy")
    shown = sorted((name for name in found if name not in hanja), key=lambda n: (order.index(n.script), n.text))
    return tuple(NameShown(name.text, name.script, _LANGUAGES.get(name.script, "und")) for name in shown)


def _fact(claim: Claim) -> FactShown | None:
    """A fact that may stand beside a name, made as coarse as it must be, or None.

    Only the decade of the event and the violation ever do: no birth, place, workplace, kin, whereabouts, health, fate
    or free text.
    """
    value = claim.value
    if claim.property == "event_date" and isinstance(value, PartialDate):
        return FactShown("event_date", f"{value.year // 10 * 10}s")
    if claim.property == "event_date" and isinstance(value, DateSpan):
        if not value.bounded:
            return None  # a decade that nobody knows is none
        first, last = value.earliest.year // 10 * 10, value.latest.year // 10 * 10
        return FactShown("event_date", f"{first}s" if first == last else f"{first}s to {last}s")
    if claim.property == "violation" and isinstance(value, Term) and value.vocabulary == "violations":
        return FactShown("violation", load("violations")[value.id].label["en"])
    return None
