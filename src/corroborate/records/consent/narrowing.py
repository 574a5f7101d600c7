"""What stands of consents once whoever gave them takes part of it back: never more than before, and nothing of that."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from corroborate.records.consent.permissions import USES, Audience, Consent, Use

Circle = tuple[Audience, str]  # an audience; of a named body, which
Taken = tuple[Audience, str, Use]  # what is taken back: a use before an audience, and so before every wider one
BY_THE_SOURCE = "taken back by whoever told it"  # why a consent that was narrowed is relied on no more
_NARROWER: Mapping[Audience, tuple[Audience, ...]] = {  # where a use goes on that ends in a wider circle, widest first
    "own": (),
    "coalition": ("own",),
    "named body": ("own",),
    "public": ("coalition", "own"),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Consents that end, by id, and the narrower ones in their place."""

    ended: tuple[str, ...]
    left: tuple[Consent, ...]


def allowed_to(given: Iterable[Consent], on: date) -> dict[Circle, frozenset[Use]]:
    """What each circle may do by some consents, today or later: own, coalition, each body that one of them names,
    public. What everybody may, each body may too."""
    current = [one for one in given if _stands(one, on)]
    asked: list[Circle] = [("own", ""), ("coalition", ""), *_bodies(current), ("public", "")]
    return {
        (audience, body): frozenset(
            use for one in current for use in USES if one.holds(use, audience, max(on, one.begins), body)
        )
        for audience, body in asked
    }


def narrowed(given: Iterable[Consent], taken: Collection[Taken], on: date, new: Iterator[str]) -> Narrowed:
    """Consents without what is taken back from ``on``. A wider circle includes the narrower ones, so what ends in one
    ends in every wider one; what does not end goes on as far as it went, in the widest circle that is left.

    No consent can allow *every body but one*: where a use ends for everybody, it goes on for those bodies alone that a
    consent names. ``new``: ids.
    """
    ended, left = list[str](), list[Consent]()
    gone, given = frozenset(taken), [*given]
    bodies = _bodies(one for one in given if _stands(one, on))
    for one in given:
        lost = {use for use in one.uses if _ends(one.audience, one.body, use, gone)}
        if not lost or not _stands(one, on):
            continue
        ended.append(one.id)
        goes_on: dict[Circle, set[Use]] = {(one.audience, one.body): set(one.uses - lost)}
        for use in lost:
            for circle in _left_in(one.audience, bodies, use, gone):
                goes_on.setdefault(circle, set()).add(use)
        begins = max(on, one.begins)
        left += [
            replace(one, id=next(new), uses=frozenset(uses), audience=audience, body=body, begins=begins, version=2)
            for (audience, body), uses in goes_on.items()
            if uses
        ]
    return Narrowed(tuple(ended), tuple(left))


def _left_in(audience: Audience, bodies: Iterable[Circle], use: Use, taken: Collection[Taken]) -> Iterator[Circle]:
    """The circles in which a use goes on that ends in a wider one: of those that include one another, the widest."""
    narrower = next((each for each in _NARROWER[audience] if not _ends(each, "", use, taken)), None)
    if narrower is not None:
        yield narrower, ""
    if audience == "public":
        yield from (each for each in bodies if not _ends(*each, use, taken))


def _bodies(given: Iterable[Consent]) -> list[Circle]:
    return [("named body", one) for one in sorted({each.body for each in given if each.body})]


def _stands(one: Consent, on: date) -> bool:
    return (one.ends is None or one.ends >= on) and (one.withdrawn is None or one.withdrawn > on)


def _ends(audience: Audience, body: str, use: Use, taken: Collection[Taken]) -> bool:
    """Whether a use ends in a circle: it, or a narrower one that it includes, was named."""
    if audience == "public":
        return any(each == use for _, _, each in taken)
    inside: set[Taken] = {("own", "", use), (audience, body, use)}
    return bool(inside & set(taken))


__all__ = ["BY_THE_SOURCE", "Circle", "Narrowed", "Taken", "allowed_to", "narrowed"]
