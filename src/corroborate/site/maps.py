"""Maps as small SVG in the page: the reader's own ink, no tile, no request. Outlines: Natural Earth (public domain)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup, escape

from corroborate.disclosure import PlaceShown
from corroborate.figures import apart, shapes


def _n(value: float) -> str:
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def world(counts: Mapping[str, int], alt: str) -> Markup:
    """Circles on the world, by country (ISO 3166-1) and count; area in proportion to the count."""
    base = shapes()["world"]
    parts = []
    for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if code not in base["centres"]:
            continue
        x, y = base["centres"][code]
        radius = 4 * sqrt(count)
        parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>')
        if count > 1:
            parts.append(f'<text x="{_n(x)}" y="{_n(y + 3.5)}">{count}</text>')
    return Markup(
        '<svg class="map" viewBox="0 0 {width} {height}" role="img" aria-label="{alt}">'
        '<path class="land" d="{land}"/>{parts}</svg>'
    ).format(width=base["width"], height=base["height"], alt=alt, land=base["land"], parts=Markup("".join(parts)))  # noqa: S704 - numbers alone


@dataclass(frozen=True, slots=True)
class Marked:
    """A place with its number on the map; 0 when no point of it is published."""

    number: int
    place: PlaceShown


SHAPES = {"open": "disc", "closed": "ring", "disputed": "half", "converted": "square"}


def sign(status: str, x: float, y: float, size: float = 5) -> str:
    """The shape of a status: full, empty, half, a square; a triangle for every other."""
    kind = SHAPES.get(status, "triangle")
    if kind == "disc":
        return f'<circle class="full" cx="{_n(x)}" cy="{_n(y)}" r="{_n(size)}"/>'
    if kind == "ring":
        return f'<circle class="empty" cx="{_n(x)}" cy="{_n(y)}" r="{_n(size)}"/>'
    if kind == "half":
        return (
            f'<circle class="empty" cx="{_n(x)}" cy="{_n(y)}" r="{_n(size)}"/>'
            f'<path class="full" d="M{_n(x)} {_n(y - size)}a{_n(size)} {_n(size)} 0 0 1 0 {_n(2 * size)}z"/>'
        )
    if kind == "square":
        side = _n(2 * size - 1)
        place = f'x="{_n(x - size + 0.5)}" y="{_n(y - size + 0.5)}"'
        return f'<rect class="empty" {place} width="{side}" height="{side}"/>'
    steps = f"{_n(size)} -{_n(2 * size)} {_n(size)} {_n(2 * size)}"
    return f'<path class="empty" d="M{_n(x - size)} {_n(y + size)}l{steps}z"/>'


def legend(status: str) -> Markup:
    """The same shape beside its word."""
    shape = Markup(sign(status, 7, 7))  # noqa: S704 - numbers alone
    return Markup('<svg class="sign" viewBox="0 0 14 14" aria-hidden="true">{}</svg>').format(shape)


def numbered(places: Sequence[PlaceShown]) -> tuple[Marked, ...]:
    """Places in their order, those with a point numbered from 1."""
    found, number = [], 0
    for place in places:
        if place.point:
            number += 1
        found.append(Marked(number if place.point else 0, place))
    return tuple(found)


def korea(places: Iterable[Marked], alt: str) -> Markup:
    """Places of detention with their numbers, on the outline of the country."""
    base = shapes()["korea"]
    points = []
    for one in places:
        if one.number:
            latitude, longitude = one.place.point
            x, y = (longitude - base["west"]) * base["across"], (base["north"] - latitude) * base["down"]
            points.append((one, x, y))
    drawn = apart([(x, y) for _, x, y in points], 11)
    parts = [
        f'<path class="lead" d="M{_n(x)} {_n(y)}L{_n(to[0])} {_n(to[1])}"/>'
        for (_, x, y), to in zip(points, drawn, strict=True)
        if to != (x, y)
    ]
    points = [(one, *to) for (one, _, _), to in zip(points, drawn, strict=True)]
    taken = [(x - 6, y - 6, x + 6, y + 6) for _, x, y in points]
    for one, x, y in points:
        text = str(one.number)
        wide = 6.5 * len(text)
        box = _free(x, y, wide, taken)
        taken.append(box)
        if abs((box[0] + box[2]) / 2 - x) > 16 or abs((box[1] + box[3]) / 2 - y) > 14:
            parts.append(
                f'<path class="lead" d="M{_n(x)} {_n(y)}L{_n((box[0] + box[2]) / 2)} {_n((box[1] + box[3]) / 2)}"/>'
            )
        parts.append(sign(one.place.status, x, y))
        parts.append(f'<text x="{_n(box[0])}" y="{_n(box[3] - 2)}">{escape(text)}</text>')
    return Markup(
        '<svg class="map korea" viewBox="0 0 {width} {height}" role="img" aria-label="{alt}">'
        '<path class="around" d="{around}"/><path class="land" d="{land}"/>{parts}</svg>'
    ).format(
        width=_n(base["width"]), height=_n(base["height"]), alt=alt, around=base["around"], land=base["land"],
        parts=Markup("".join(parts)),  # noqa: S704 - numbers alone
    )  # fmt: skip


Box = tuple[float, float, float, float]


def _free(x: float, y: float, wide: float, taken: Sequence[Box]) -> Box:
    """A place for a number near its point that covers nothing yet: beside it first, then further out."""
    for away in (7, 13, 20, 28, 38):
        for dx, dy in ((1, 0), (-1, 0), (0, -1), (0, 1), (0.8, -0.8), (0.8, 0.8), (-0.8, -0.8), (-0.8, 0.8)):
            left = x + dx * away - (wide if dx < 0 else wide / 2 if dx == 0 else 0)
            top = y + dy * away - 6
            box = (left, top, left + wide, top + 12)
            if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                return box
    return (x + 7, y - 6, x + 7 + wide, y + 6)
