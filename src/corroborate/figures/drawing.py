"""SVG by hand: few shapes, no style sheet, the reader's own ink colour, and the same bytes each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from corroborate.translation import with_marks

Said = Mapping[str, str]  # a figure's English words, with their places for numbers -> the same in another language
ENGLISH: Said = MappingProxyType({})
WIDTH = 420  # units of the drawing; text is 13 of them high, so that it can be read on a phone


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture, what it says in words, and its numbers as a table: heading first."""

    name: str
    title: str
    svg: str
    alt: str
    table: tuple[tuple[str, ...], ...]


def said(in_words: Said, text: str, **values: object) -> str:
    """A text in the reader's language, its numbers put in; as it is where there is no translation."""
    found = in_words.get(text, text)
    return found.format(**values) if values else found


def people(number: float) -> str:
    """People in whole numbers, as English writes them."""
    return people_in(ENGLISH)(number)


def people_in(in_words: Said) -> Callable[[float], str]:
    """Writes people in whole numbers, thousands set apart as in the text around the picture."""
    return lambda number: marked(f"{round(number):,}", in_words)


def marked(written: str, in_words: Said) -> str:
    """A number with the marks of the reader's language."""
    return with_marks(written, said(in_words, "1,234.5"))


def number(value: float) -> str:
    """A coordinate: two decimals at most, never ``-0``."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(
    x1: float, y1: float, x2: float, y2: float, *, width: float = 1, opacity: float = 1, dashed: bool = False
) -> str:
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" stroke="currentColor" '
        f'stroke-width="{number(width)}" stroke-opacity="{number(opacity)}"{dashes}/>'
    )


def box(x: float, y: float, width: float, height: float, *, opacity: float = 1) -> str:
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'fill="currentColor" fill-opacity="{number(opacity)}"/>'
    )


def dot(x: float, y: float, radius: float, *, opacity: float = 1) -> str:
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="currentColor" '
        f'fill-opacity="{number(opacity)}"/>'
    )


def path(points: list[tuple[float, float]], *, width: float = 1.5) -> str:
    steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polyline points="{steps}" fill="none" stroke="currentColor" stroke-width="{number(width)}"/>'


def area(points: list[tuple[float, float]], *, opacity: float) -> str:
    steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{steps}" fill="currentColor" fill-opacity="{number(opacity)}"/>'


def words(
    x: float, y: float, text: str, *, anchor: str = "start", size: float = 13, bold: bool = False, halo: bool = False
) -> str:
    """A text; ``halo``: on white, so that no line of a map runs through it."""
    weight = ' font-weight="bold"' if bold else ""
    around = ""
    if halo:
        around = (
            f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{number(size)}"{weight} '
            f'fill="#ffffff" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" aria-hidden="true">'
            f"{escape(text)}</text>"
        )
    return around + (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" font-size="{number(size)}"{weight} '
        f'fill="currentColor">{escape(text)}</text>'
    )


def svg(height: float, parts: list[str], alt: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {number(height)}" role="img" '
        f'aria-label={quoteattr(alt)} font-family="sans-serif">{"".join(parts)}</svg>'
    )
