"""Where the heading of a list stands: below titles, or in two rows that belong together."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corroborate.tables.sheets import Span, Written, letters_of
from corroborate.translation import Sentence

SEEN = 60  # how many rows are looked at to find the heading
Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Heading:
    """``columns`` are as many as the heading has; ``last`` is its (last) line, ``first`` the line of its first row."""

    columns: tuple[str, ...]
    first: int
    last: int
    above: tuple[Written, ...] = ()


def find_heading(rows: Sequence[Written], spans: Sequence[Span], knows: Knows) -> Heading | None:
    """The heading among the first rows that are not blank. ``knows``: whether a word is a heading that we know.

    Without known words it is the first row that fills at least half of the columns that most rows fill.
    """
    rows = [row for row in rows if _filled(row)][:SEEN]
    if not rows:
        return None
    typical = Counter(_filled(row) for row in rows).most_common()
    most = max(count for _, count in typical)
    width = max(filled for filled, count in typical if count == most)
    plain = next((at for at, row in enumerate(rows) if 2 * _filled(row) >= width and _words(row)), 0)
    known = [sum(bool(cell.strip()) and knows(cell) for cell in row.cells) for row in rows[:30]]
    best = known.index(max(known))
    at = best if known[best] > max(1, known[plain] if plain < len(known) else 0) else plain
    return _joined(rows, at, spans, knows)


def _filled(row: Written) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _words(row: Written) -> bool:
    """Whether a row can be a heading: not most of its cells are numbers or dates."""
    cells = [(at, cell) for at, cell in enumerate(row.cells) if cell.strip()]
    numbers = sum(at in row.dates or not any(letter.isalpha() for letter in cell) for at, cell in cells)
    return 2 * numbers <= len(cells) or len(cells) == 1


def _joined(rows: Sequence[Written], at: int, spans: Sequence[Span], knows: Knows) -> Heading:
    head = rows[at]
    above = rows[at - 1] if at else None
    below = rows[at + 1] if at + 1 < len(rows) else None
    if above is not None and above.line == head.line - 1 and _groups(above, head, spans):
        return Heading(_two(above, head, spans), above.line, head.line, tuple(rows[: at - 1]))
    if below is not None and below.line == head.line + 1 and _parts(head, below, spans, knows):
        return Heading(_two(head, below, spans), head.line, below.line, tuple(rows[:at]))
    return Heading(tuple(cell.strip() for cell in head.cells), head.line, head.line, tuple(rows[:at]))


def _groups(above: Written, head: Written, spans: Sequence[Span]) -> bool:
    """Whether the row above names groups of the columns: several names over it, fewer than there are columns."""
    whole = any(s.top == above.line and s.right - s.left + 1 >= _filled(head) for s in spans)
    return not whole and 2 <= _filled(above) <= _filled(head) and _words(above)


def _parts(head: Written, below: Written, spans: Sequence[Span], knows: Knows) -> bool:
    """Whether the row below divides columns of this one: it fills gaps of this row, all in words that are headings.
    Where no cell is merged, what stands under a heading must be one too: a person's name under *Name* is none."""
    top, bottom = _padded(head, below)
    gaps = [low for high, low in zip(top, bottom, strict=True) if not high and low]
    wide = any(span.top == head.line and span.right > span.left for span in spans)
    letters = all(any(letter.isalpha() for letter in cell) for cell in bottom if cell) and not below.dates
    under = [low for high, low in zip(top, bottom, strict=True) if high and low]
    heads = any(knows(cell) for cell in gaps) and all(knows(cell) for cell in under)
    return bool(gaps) and bool(letters) and (wide or heads)


def _padded(one: Written, other: Written) -> tuple[list[str], list[str]]:
    width = max(len(one.cells), len(other.cells))
    top, bottom = ([*(c.strip() for c in row.cells), *[""] * (width - len(row.cells))] for row in (one, other))
    return top, bottom


def _two(above: Written, below: Written, spans: Sequence[Span]) -> tuple[str, ...]:
    """``group/column``: a group's words run right over the columns that they are merged over, or over the gap."""
    top, bottom = _padded(above, below)
    merged = {at: s.left for s in spans if s.top == above.line for at in range(s.left, min(s.right, len(top) - 1) + 1)}
    names, running = [], ""
    for at, (high, low) in enumerate(zip(top, bottom, strict=True)):
        running = (high or running) if low else ""
        group = top[merged[at]] if at in merged else (high if merged else (high or running))
        names.append(f"{group}/{low}" if group and low and group != low else low or group)
    return tuple(names)


def named(columns: Sequence[str], width: int) -> tuple[tuple[str, ...], list[str]]:
    """Every column with a name of its own: ``(column C)`` where the heading is blank, ``Name (2)`` where it stands
    twice. Also says so."""
    names: list[str] = []
    blank, twice = [], []
    for at in range(max(width, len(columns))):
        name = " ".join(columns[at].split()) if at < len(columns) else ""
        if not name:
            name = f"(column {letters_of(at)})"
            blank.append(letters_of(at))
        if name in names:
            number = next(n for n in range(2, len(names) + 3) if f"{name} ({n})" not in names)
            twice.append(name)
            name = f"{name} ({number})"
        names.append(name)
    notices: list[str] = []
    if blank:
        notices.append(
            Sentence(
                "no heading stands over column {listed}{which}",
                listed=", ".join(blank[:8]),
                which=" …" if len(blank) > 8 else "",
            )
        )
    if twice:
        few = ", ".join(dict.fromkeys(map(repr, twice)))
        notices.append(
            Sentence("the heading {few} stands more than once; the later columns are called by a number", few=few)
        )
    return tuple(names), notices
