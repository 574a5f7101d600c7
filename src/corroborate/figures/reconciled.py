"""How the people of a release relate, drawn to one scale: entries, people, and the parts that people fall into."""

from corroborate.disclosure import PeopleShown
from corroborate.figures.drawing import ENGLISH, WIDTH, Figure, Said, box, line, people_in, said, svg, words
from corroborate.translation import Sentence

_LEFT, _RIGHT = 8, WIDTH - 8
Part = tuple[str, int]


def reconciled_figure(one: PeopleShown, in_words: Said = ENGLISH) -> Figure | None:
    """None where too little may be told to draw it."""
    if one.people is None or one.entries is None:
        return None
    rows: list[tuple[str, tuple[Part, ...]]] = [
        ("", ((Sentence("entries"), one.entries),)),
        (Sentence("after matching, each once"), ((Sentence("people"), one.people),)),
    ]
    if one.compared is not None and one.beside is not None:
        rows.append(
            (
                Sentence("the same people, by what is known"),
                ((Sentence("compared"), one.compared), (Sentence("known in part"), one.beside)),
            )
        )
    if one.named is not None and one.unnamed is not None:
        parts = (
            (Sentence("named here"), one.named),
            (Sentence("not named here"), one.unnamed),
            (Sentence("leave taken back"), one.taken_back or 0),
        )
        rows.append((Sentence("the same people, by what is told here"), parts))
    return _drawn(rows, max(one.entries, one.people), in_words)


def _drawn(rows: list[tuple[str, tuple[Part, ...]]], most: int, in_words: Said) -> Figure:
    people, scale = people_in(in_words), (_RIGHT - _LEFT) / most
    parts: list[str] = []
    table: list[tuple[str, ...]] = [(said(in_words, "what is counted"), said(in_words, "number"))]
    y = 14.0
    for heading, counted in rows:
        if heading:
            parts.append(words(_LEFT, y, said(in_words, heading), size=11))
            y += 6
        x = float(_LEFT)
        for at, (name, count) in enumerate(one for one in counted if one[1]):
            wide = count * scale
            parts.append(box(x, y, max(wide - 1, 1), 16, opacity=(0.85, 0.5, 0.25)[at]))
            x += wide
            table.append((said(in_words, name), people(count)))
        y += 30
        for at, (name, count) in enumerate(one for one in counted if one[1]):
            left = _LEFT + at * (_RIGHT - _LEFT) / 3
            parts.append(box(left, y - 8, 9, 9, opacity=(0.85, 0.5, 0.25)[at]))
            parts.append(words(left + 13, y, f"{people(count)} {said(in_words, name)}", size=11, bold=at == 0))
        y += 14
        parts.append(line(_LEFT, y - 6, _RIGHT, y - 6, opacity=0.2))
        y += 12
    title = said(in_words, "How the numbers fit together")
    alt = f"{title}: " + "; ".join(f"{name} {count}" for name, count in table[1:])
    return Figure("reconciled", title, svg(y - 8, parts, alt), alt, tuple(table))
