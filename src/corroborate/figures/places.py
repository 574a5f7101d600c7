"""The map of places of detention: numbered points whose shape says their status. No person's point is ever drawn."""

from collections.abc import Sequence

from corroborate.disclosure import PlaceShown
from corroborate.figures.apart import apart
from corroborate.figures.drawing import ENGLISH, WIDTH, Figure, Said, line, number, said, svg, words
from corroborate.figures.shapes import shapes
from corroborate.translation import Sentence

MEANS = {
    "open": Sentence("in operation"),
    "closed": Sentence("closed down"),
    "disputed": Sentence("sources differ"),
    "converted": Sentence("converted"),
    "unconfirmed": Sentence("unconfirmed"),
}
Box = tuple[float, float, float, float]


def places_figure(places: Sequence[PlaceShown], in_words: Said = ENGLISH) -> Figure:
    """Places with a published point, numbered from 1 in the order of the register; the others stand in its table."""
    base = shapes()["korea"]
    scale = WIDTH / base["width"]
    parts = [
        f'<g transform="scale({number(scale)})">'
        f'<path d="{base["around"]}" fill="currentColor" fill-opacity="0.06" stroke="none"/>'
        f'<path d="{base["land"]}" fill="currentColor" fill-opacity="0.12" stroke="currentColor" '
        'stroke-width="0.4"/></g>',
    ]
    points = []
    for at, place in enumerate((one for one in places if one.point), start=1):
        latitude, longitude = place.point
        x, y = (longitude - base["west"]) * base["across"] * scale, (base["north"] - latitude) * base["down"] * scale
        points.append((str(at), place, x, y))
    drawn = apart([(x, y) for _, _, x, y in points], 9)
    parts += [line(x, y, *to, width=0.5) for (_, _, x, y), to in zip(points, drawn, strict=True) if to != (x, y)]
    points = [(text, place, *to) for (text, place, _, _), to in zip(points, drawn, strict=True)]
    taken = [(x - 5, y - 5, x + 5, y + 5) for _, _, x, y in points]
    for text, place, x, y in points:
        box = _free(x, y, 6.0 * len(text), taken)
        taken.append(box)
        parts += [_sign(place.status, x, y), words(box[0], box[3] - 1.5, text, size=10, halo=True)]
    height = base["height"] * scale
    statuses = list(dict.fromkeys(place.status for _, place, _, _ in points))
    for at, status in enumerate(statuses):
        y = height + 14 + 16 * (at // 3)
        x = 12 + 136 * (at % 3)
        parts += [_sign(status, x, y - 4), words(x + 10, y, said(in_words, MEANS.get(status, status)), size=11)]
    title = said(in_words, "Places of detention as public sources describe them")
    heading = ("№", said(in_words, "name"), said(in_words, "status"))
    rows = [(text, _name(place), said(in_words, MEANS.get(place.status, place.status))) for text, place, _, _ in points]
    alt = f"{title}: " + "; ".join(f"{text} {_name(place)}" for text, place, _, _ in points)
    return Figure(
        "places", title, svg(height + 20 + 16 * ((len(statuses) - 1) // 3), parts, alt), alt, (heading, *rows)
    )


def _name(place: PlaceShown) -> str:
    return next((one.text for one in place.names if one.language == "en"), place.names[0].text)


def _sign(status: str, x: float, y: float) -> str:
    """Full: in operation; empty: closed; half: sources differ; a square: converted; a triangle: anything else."""
    ring = '<circle cx="{x}" cy="{y}" r="4" fill="#ffffff" stroke="currentColor" stroke-width="1.1"/>'
    at = {"x": number(x), "y": number(y)}
    if status == "open":
        return '<circle cx="{x}" cy="{y}" r="4" fill="currentColor"/>'.format(**at)
    if status == "closed":
        return ring.format(**at)
    if status == "disputed":
        half = f'<path d="M{number(x)} {number(y - 4)}a4 4 0 0 1 0 8z" fill="currentColor"/>'
        return ring.format(**at) + half
    if status == "converted":
        box = f'<rect x="{number(x - 3.5)}" y="{number(y - 3.5)}" width="7" height="7" '
        return f'{box}fill="#ffffff" stroke="currentColor" stroke-width="1.1"/>'
    steps = f"M{number(x - 4)} {number(y + 3.5)}l4 -8 4 8z"
    return f'<path d="{steps}" fill="#ffffff" stroke="currentColor" stroke-width="1.1"/>'


def _free(x: float, y: float, wide: float, taken: Sequence[Box]) -> Box:
    """A place for a number near its point that covers nothing yet: beside it first, then further out."""
    around = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.8, -0.8), (0.8, 0.8), (-0.8, -0.8), (-0.8, 0.8))
    for away in (6, 11, 17, 24, 32):
        for dx, dy in around:
            left = x + dx * away - (wide if dx < 0 else wide / 2 if dx == 0 else 0)
            top = y + dy * away - 5
            box = (left, top, left + wide, top + 10)
            if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                return box
    return (x + 6, y - 5, x + 6 + wide, y + 5)
