"""How far two people who coded the same thing without seeing each other's work agree: Krippendorff's α.

α is 1 where they agree in everything, 0 where they agree as often as chance would, and below 0 where less often.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

ENOUGH, TENTATIVE = 0.8, 0.667  # Krippendorff (2004), p. 241: rely on it; draw tentative conclusions


@dataclass(frozen=True, slots=True)
class Alpha:
    """Agreement in one field. ``value`` is None where α is not defined: nobody coded two things the same unit, or only
    one category was ever used, so that nothing could have differed. ``units``: coded by two or more; ``agreed``: of
    these, coded alike by everybody who coded them."""

    value: float | None
    units: int
    agreed: int


def alpha(units: Iterable[Sequence[Hashable]]) -> Alpha:
    """Krippendorff's α for categories without an order (nominal). ``units``: for each thing that was coded, the
    category that each coder gave it; who did not code it is left out. A unit that one person coded says nothing.

    Krippendorff (2011), *Computing Krippendorff's Alpha-Reliability*: 1 - observed / expected disagreement, from the
    coincidences of pairs of values within units, each pair weighted by 1 / (values of the unit - 1).
    """
    paired = [list(one) for one in units if len(one) > 1]
    totals = Counter(value for unit in paired for value in unit)
    number = totals.total()
    agreed = sum(len(set(unit)) == 1 for unit in paired)
    expected = number * number - sum(each * each for each in totals.values())  # pairs of different values, by chance
    if expected == 0:
        return Alpha(None, len(paired), agreed)
    observed = sum(
        (len(unit) ** 2 - sum(each * each for each in Counter(unit).values())) / (len(unit) - 1) for unit in paired
    )
    return Alpha(1 - (number - 1) * observed / expected, len(paired), agreed)


__all__ = ["ENOUGH", "TENTATIVE", "Alpha", "alpha"]
