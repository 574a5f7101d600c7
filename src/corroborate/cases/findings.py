"""Findings against the elements of crimes against humanity, counted by independent roots.

The program lines evidence up against elements and counts where it comes from. It decides nothing: each finding is a
draft until a person has judged it under a named standard of proof.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corroborate.errors import InvalidValue
from corroborate.records import Claim, Reference, Source, Term, roots_of
from corroborate.values import JSON
from corroborate.vocabulary import load

Support = Literal["none", "one root", "several roots", "contested"]
STANDARD = "proof.reasonable_grounds"  # under which commissions of inquiry find


@dataclass(frozen=True, slots=True)
class Finding:
    """One element of one crime, and what the claims say for and against it."""

    crime: str
    element: str
    kind: str  # conduct, circumstance, mental, context
    proposition: str
    for_: tuple[str, ...]  # claim ids
    against: tuple[str, ...]
    roots: tuple[str, ...]  # source ids, the one that most claims trace back to first
    first_hand: int  # roots with a claim of someone who saw it, or of a document
    victims: int  # distinct people, as far as matched
    support: Support
    hangs_on: str = ""  # the one root without which nothing, or only one root, would be left
    standard: str = STANDARD
    status: str = "draft"
    dissent: tuple[str, ...] = ()

    def as_json(self) -> dict[str, JSON]:
        """Stable keys. ``for`` and ``against`` are claim ids, ``roots`` source ids."""
        crime = load("crimes")[self.crime]
        return {
            "crime": self.crime, "article": str(crime.more["article"]), "title": crime.label["en"],
            "element": self.element, "kind": self.kind, "proposition": self.proposition, "for": list(self.for_),
            "against": list(self.against), "roots": list(self.roots), "first_hand": self.first_hand,
            "victims": self.victims, "support": self.support, "hangs_on": self.hangs_on or None,
            "standard": self.standard, "status": self.status, "dissent": list(self.dissent),
        }  # fmt: skip


def findings(
    claims: Iterable[Claim], sources: Mapping[str, Source], same: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Line up claims of violations against every element of every crime of article 7.

    A claim with the property ``violation`` speaks for the conduct of each crime that its term may engage, one with
    ``no_violation`` against it. Ten claims that trace back to one witness are one root. Elements of circumstance,
    intent and context do not follow from single acts; they stay open for a lawyer, and are shown as open.
    ``same``: entity id -> id of the person it was judged to be.
    """
    same = same or {}
    violations = load("violations")
    victim: dict[str, str] = {}
    spoken: list[Claim] = []
    for claim in claims:
        if claim.property == "victim" and isinstance(claim.value, Reference):
            victim[claim.subject] = claim.value.entity
        elif claim.property in ("violation", "no_violation"):
            spoken.append(claim)
    by_crime: dict[str, list[Claim]] = {}
    for claim in spoken:
        if not isinstance(claim.value, Term) or claim.value.vocabulary != "violations":
            raise InvalidValue("claim {id} says a violation in no term of the vocabulary", id=claim.id)
        for crime in violations[claim.value.id].more["crimes"]:
            by_crime.setdefault(crime, []).append(claim)
    known: dict[str, frozenset[str]] = {}

    def roots(source: str) -> frozenset[str]:
        if source not in known:
            known[source] = roots_of(source, sources)
        return known[source]

    found: list[Finding] = []
    for crime, entry in load("crimes").entries.items():
        about = by_crime.get(crime, [])
        for element in entry.more["elements"]:
            mine = about if element["kind"] == "conduct" else []
            found.append(_finding(crime, element, mine, roots, victim, same))
    return tuple(found)


def _finding(
    crime: str,
    element: Mapping[str, str],
    about: Sequence[Claim],
    roots: Callable[[str], frozenset[str]],
    victim: Mapping[str, str],
    same: Mapping[str, str],
) -> Finding:
    for_ = [claim for claim in about if claim.property == "violation"]
    against = [claim for claim in about if claim.property == "no_violation"]
    weight = Counter(root for claim in for_ for root in roots(claim.source))
    ordered = sorted(weight, key=lambda root: (-weight[root], root))
    first_hand = {r for claim in for_ if claim.basis in ("saw", "document") for r in roots(claim.source)}
    people = {victim.get(claim.subject, claim.subject) for claim in for_}
    support: Support = "none"
    if for_:
        support = "contested" if against else "one root" if len(ordered) == 1 else "several roots"
    return Finding(
        crime, element["id"], element["kind"], element["text"], tuple(claim.id for claim in for_),
        tuple(claim.id for claim in against), tuple(ordered), len(first_hand),
        len({same.get(person, person) for person in people}), support,
        ordered[0] if 0 < len(ordered) <= 2 else "",
    )  # fmt: skip
