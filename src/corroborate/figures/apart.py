"""Signs of a map set apart: one that would lie on another stands beside it, and a line leads to its true point."""

from collections.abc import Sequence
from math import cos, hypot, pi, sin

Point = tuple[float, float]


def apart(points: Sequence[Point], least: float) -> list[Point]:
    """Where to draw each sign: at its point, or, where that is nearer than ``least`` to one before it, at the nearest
    free place around it. All in units of the drawing; the same points give the same places."""
    set_: list[Point] = []
    for x, y in points:
        set_.append(_free(x, y, set_, least))
    return set_


def _free(x: float, y: float, others: Sequence[Point], least: float) -> Point:
    for ring in range(12):
        for turn in range(8 if ring else 1):
            away, angle = ring * least / 2, 2 * pi * turn / 8
            place = (x + away * cos(angle), y + away * sin(angle))
            if all(hypot(place[0] - one[0], place[1] - one[1]) >= least for one in others):
                return place
    return (x, y)
