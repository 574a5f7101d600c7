"""The model card: what every agreement weighs in a linkage, and what that was learned from, as JSON that people read,
keep, change and give again (``--model``).

For each comparison: m and u of its levels, and from how many pairs of one person m was learned; nought, or fewer than
``FEW``: what is believed stands (``not_learned``). For names compared by words: what words weigh. And the odds that two
entries are one person before anything is compared.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from corroborate.errors import InvalidValue
from corroborate.linkage.learning import Taught
from corroborate.linkage.model import COMPARISONS, STATED
from corroborate.linkage.naming import NameModel

VERSION = 1
FEW = 10.0  # pairs of one person, under which a list has taught less than what was believed before


@dataclass(frozen=True, slots=True)
class Card:
    """A model to link by. ``prior``: log2 of the odds of entries of two lists, and of one."""

    taught: Taught
    prior: tuple[float, float]

    @property
    def not_learned(self) -> tuple[str, ...]:
        """Comparisons for which what is believed, or stated, stands."""
        return tuple(
            name
            for name in (*self.taught.learned, *(("name",) if self.taught.names else ()))
            if name in STATED or self.taught.pairs.get(name, 0.0) < FEW
        )

    def as_json(self) -> str:
        comparisons = {
            name: {
                "levels": [{"agreement": label, "m": m, "u": u} for label, m, u in levels],
                "pairs": round(self.taught.pairs.get(name, 0.0), 1),
            }
            for name, levels in self.taught.learned.items()
        }
        names = self.taught.names
        return json.dumps(
            {
                "version": VERSION,
                "comparisons": comparisons,
                "names": None if names is None else asdict(names),
                "prior": {"between_lists": self.prior[0], "within_a_list": self.prior[1]},
                "not_learned": list(self.not_learned),
            },
            ensure_ascii=False,
            indent=1,
        )


def read_card(text: str) -> Card:
    """Read what ``Card.as_json`` wrote, perhaps changed by hand. Raises InvalidValue, and says what is wrong."""
    try:
        said = json.loads(text)
        version = said["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidValue("this is no model card: give the model.json that a linkage wrote") from error
    if version != VERSION:
        raise InvalidValue(
            "a model card of version {version}; this program reads version {version2}. Link anew to get one",
            version=version,
            version2=VERSION,
        )
    try:
        learned = {name: _levels(name, one["levels"]) for name, one in said["comparisons"].items()}
        pairs = {name: float(one["pairs"]) for name, one in said["comparisons"].items()}
        names = None if said["names"] is None else _names(said["names"])
        prior = float(said["prior"]["between_lists"]), float(said["prior"]["within_a_list"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidValue(
            "the model card cannot be read: {error}. Link anew, or mend it by model.json", error=error
        ) from error
    if names is not None:
        pairs["name"] = names.pairs
    return Card(Taught(learned, names, pairs), prior)


def _levels(name: str, levels: list[Mapping[str, Any]]) -> tuple[tuple[str, float, float], ...]:
    if name not in COMPARISONS:
        raise InvalidValue("no comparison {name}; there are {listed}", name=name, listed=", ".join(COMPARISONS))
    labels = [level.label for level in COMPARISONS[name]]
    if [one["agreement"] for one in levels] != labels:
        raise InvalidValue(
            "the levels of {name} are not those of this program: {listed}", name=name, listed=", ".join(labels)
        )
    found = tuple((str(one["agreement"]), float(one["m"]), float(one["u"])) for one in levels)
    if wrong := [label for label, m, u in found if not (0 < m <= 1 and 0 < u <= 1)]:
        raise InvalidValue("{name}, {wrong}: m and u are chances, above 0 and up to 1", name=name, wrong=wrong[0])
    return found


_LENGTHS = {"words": 6, "left_out": 4, "left_out_by_chance": 4, "order": 2}


def _names(said: Mapping[str, Any]) -> NameModel:
    told = {one.name: said[one.name] for one in fields(NameModel)}
    for name, length in _LENGTHS.items():
        told[name] = tuple(float(value) for value in told[name])
        if len(told[name]) != length or not all(0 < value <= 1 for value in told[name]):
            raise InvalidValue("names, {name}: {length} chances, above 0 and up to 1", name=name, length=length)
    return NameModel(**told)


def by_card(taught: Taught, card: Card) -> Taught:
    """What was learned, with what the card says in its place."""
    learned = {name: card.taught.learned.get(name, levels) for name, levels in taught.learned.items()}
    names = taught.names if card.taught.names is None else card.taught.names
    return Taught(learned, None if taught.names is None else names, {**taught.pairs, **card.taught.pairs})
