"""Charts of a linkage, as SVG that stands alone: no script, no name of a person, pairs told by list and row.

What m and u are of each agreement, and what it weighs so; what another threshold would give; what one pair's agreements
add up to; and clusters with the bridge that holds them together most weakly.
"""

from collections.abc import Mapping
from html import escape
from math import cos, log2, pi, sin

from corroborate.errors import NotLinkable
from corroborate.linkage.learning import Learned
from corroborate.linkage.linking import Linkage, Place, Weight

_STYLE = (
    "<style>text{font:12px system-ui,sans-serif;fill:#222}.a{fill:#2b6cb0}.b{fill:#b45309}"
    ".l{stroke:#666;stroke-opacity:.5}"
    ".e{stroke:#2b6cb0;stroke-width:2}.w{stroke:#b45309;stroke-width:3;stroke-dasharray:6 4}</style>"
)
Edge = tuple[Place, Place, float]


def alone(drawn: str) -> str:
    """A chart as a file of its own: with its style and its name space."""
    head, _, rest = drawn.partition(">")
    return f"{head} xmlns='http://www.w3.org/2000/svg'>{_STYLE}{rest}\n"


def svg(height: int, title: str, inside: list[str], width: int = 640) -> str:
    return f"<svg viewBox='0 0 {width} {height}' role=img aria-label='{escape(title)}'>{''.join(inside)}</svg>".replace(
        "role=img", "role='img'"
    )


def m_and_u(learned: Learned) -> str:
    """How often each agreement is met among entries of one person (m, blue) and of two (u, brown), and its weight."""
    heads = ((300, "m (one person)"), (430, "u (two)"), (560, "weight"))
    made, at = [f"<text x='{x}' y='14'>{head}</text>" for x, head in heads], 30
    for name, levels in learned.items():
        made.append(f"<text x='4' y='{at + 12}' font-weight='bold'>{escape(name)}</text>")
        at += 18
        for label, m, u in levels:
            made.append(
                f"<text x='16' y='{at + 12}'>{escape(label)}</text>"
                f"<rect class='a' x='300' y='{at + 2}' width='{max(120 * m, 0.5):.1f}' height='11'/>"
                f"<rect class='b' x='430' y='{at + 2}' width='{max(120 * u, 0.5):.1f}' height='11'/>"
                f"<text x='560' y='{at + 12}'>{log2(m / u):+.1f}</text>"
            )
            at += 16
        at += 6
    return svg(at, "m and u of each agreement, and its weight", made)


def waterfall_chart(bars: tuple[Weight, ...]) -> str:
    """From the prior to the sum of the weights, one bar a comparison."""
    counted = [b for b in bars if b.weight or b.comparison == "prior"]
    ends, at = [], 0.0
    for bar in counted:
        ends.append((at, at + (bar.weight if bar.counted else 0.0)))
        at = ends[-1][1]
    low, high = min(0.0, *(min(e) for e in ends)), max(0.0, *(max(e) for e in ends))
    scale = 260 / max(high - low, 1e-9)
    zero = 360 - low * scale
    made = [f"<line class='l' x1='{zero:.1f}' x2='{zero:.1f}' y1='4' y2='{22 * len(counted) + 6}'/>"]
    for row, (bar, (a, b)) in enumerate(zip(counted, ends, strict=True)):
        label = f"{bar.comparison}: {bar.agreement}" + ("" if bar.counted else " (kin share it: not counted)")
        made.append(
            f"<text x='4' y='{20 + 22 * row}'>{escape(label)}</text><rect class='{'a' if b >= a else 'b'}'"
            f" x='{360 + (min(a, b) - low) * scale:.1f}' y='{8 + 22 * row}' width='{max(abs(b - a) * scale, 1):.1f}'"
            f" height='16'/><text x='310' y='{20 + 22 * row}'>{bar.weight:+.1f}</text>"
        )
    return svg(22 * len(counted) + 12, "Weights of the comparisons of two entries", made)


def edges_of(linkage: Linkage) -> Mapping[tuple[Place, ...], list[Edge]]:
    """Of each cluster of three entries and more, the pairs within it that were matched, with their probability."""
    group = {place: one for one in linkage.clusters if len(one) > 2 for place in one}
    found: dict[tuple[Place, ...], list[Edge]] = {}
    for pair in linkage.pairs:
        if pair.decision == "match" and pair.left in group and group[pair.left] is group.get(pair.right):
            found.setdefault(group[pair.left], []).append((pair.left, pair.right, pair.probability))
    return found


def bridge(members: tuple[Place, ...], edges: list[Edge]) -> Edge | None:
    """The weakest match without which a cluster falls apart; None where each of its matches has another way round."""
    for edge in sorted(edges, key=lambda each: each[2]):
        if _parts(members, [one for one in edges if one is not edge]) > _parts(members, edges):
            return edge
    return None


def _parts(members: tuple[Place, ...], edges: list[Edge]) -> int:
    root = {one: one for one in members}

    def of(one: Place) -> Place:
        while root[one] != one:
            one = root[one]
        return one

    for left, right, _ in edges:
        root[of(left)] = of(right)
    return len({of(one) for one in members})


def weakest(linkage: Linkage, most: int = 6) -> list[tuple[tuple[Place, ...], Edge]]:
    """Clusters that hang on the weakest bridges, the weakest first."""
    held = [(one, edge) for one, edges in edges_of(linkage).items() if (edge := bridge(one, edges)) is not None]
    return sorted(held, key=lambda each: (each[1][2], each[0]))[:most]


def cluster_chart(linkage: Linkage, place: Place) -> str:
    """The cluster that an entry stands in: entries in a circle, matches between them, the weak bridge dashed.
    NotLinkable for an entry that is in no cluster of three and more."""
    members = next((one for one in linkage.clusters if place in one and len(one) > 2), None)
    if members is None:
        raise NotLinkable(
            "{place} row {place2} is in no cluster of three entries and more", place=place[0], place2=place[1]
        )
    edges = edges_of(linkage).get(members, [])
    weak = bridge(members, edges)
    spot = {
        one: (320 + 150 * cos(2 * pi * at / len(members)), 130 + 100 * sin(2 * pi * at / len(members)))
        for at, one in enumerate(members)
    }
    made = []
    for edge in edges:
        (x, y), (z, w) = spot[edge[0]], spot[edge[1]]
        kind = "w" if edge == weak else "e"
        made.append(f"<line class='{kind}' x1='{x:.0f}' y1='{y:.0f}' x2='{z:.0f}' y2='{w:.0f}'/>")
        made.append(f"<text x='{(x + z) / 2 + 4:.0f}' y='{(y + w) / 2 - 4:.0f}'>{edge[2]:.2f}</text>")
    for one, (x, y) in spot.items():
        made.append(f"<circle class='a' cx='{x:.0f}' cy='{y:.0f}' r='6'/>")
        made.append(f"<text x='{x + 10:.0f}' y='{y + 4:.0f}'>{escape(one[0])} row {one[1]}</text>")
    return svg(260, f"A cluster of {len(members)} entries; its weakest bridge is dashed", made)
