"""The figures of a release: each says its doubt, and each comes with its numbers as a table."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor, log

from corroborate.coalition.countries import country_name
from corroborate.disclosure import EstimateShown, MemberShown, NumberShown, OverlapShown
from corroborate.errors import InvalidValue
from corroborate.figures.drawing import (
    ENGLISH,
    WIDTH,
    Figure,
    Said,
    area,
    box,
    dot,
    line,
    marked,
    path,
    people_in,
    said,
    svg,
    words,
)

_LEFT, _RIGHT = 8, WIDTH - 8


def _ticks(high: float) -> list[float]:
    """At most five round numbers from 0 up to ``high``."""
    step = 1.0
    while high / step > 4:
        step *= 2 if str(step)[0] in "15" else 2.5
    return [step * at for at in range(int(high // step) + 1)]


def _axis(y: float, scale: float, high: float, in_words: Said) -> list[str]:
    people = people_in(in_words)
    parts = [line(_LEFT, y, _RIGHT, y, opacity=0.5)]
    for tick in _ticks(high):
        x = _LEFT + tick * scale
        anchor = "start" if tick == 0 else "middle" if x < _RIGHT - 24 else "end"
        parts += [line(x, y, x, y + 4, opacity=0.5), words(x, y + 17, people(tick), anchor=anchor, size=12)]
    return parts


def _doubt(y: float, one: NumberShown, scale: float, *, thick: bool) -> list[str]:
    """An interval as a bar with its middle as a dot: the bar is the message, the dot is not."""
    low, middle, high = (_LEFT + value * scale for value in (one.low, one.median, one.high))
    height = 10 if thick else 6
    return [box(low, y - height / 2, max(high - low, 1), height, opacity=0.35), dot(middle, y, 4 if thick else 3)]


def estimate_figure(estimate: EstimateShown, in_words: Said = ENGLISH) -> Figure:
    """Documented, at least, headline with its interval, and every other method below. Unit: people. ``in_words``: see
    :func:`said`."""
    people = people_in(in_words)
    level = f"{estimate.level:.0%}".replace("%", " %")
    method = said(in_words, estimate.method)
    name = said(in_words, "headline: {method}", method=method)
    headline = NumberShown(name, estimate.median, estimate.low, estimate.high)
    others = [
        NumberShown(said(in_words, one.name), one.median, one.low, one.high)
        for one in estimate.methods
        if one.name != estimate.method
    ]
    high = max(estimate.high, *(one.high for one in others)) if others else estimate.high
    high = min(high, 4 * estimate.high)
    scale = (_RIGHT - _LEFT) / high
    parts: list[str] = []
    y = 16.0
    for name, value in (("documented", float(estimate.documented)), ("at least", estimate.at_least)):
        parts += [words(_LEFT, y, f"{said(in_words, name)}: {people(value)}", bold=name == "at least")]
        parts += [box(_LEFT, y + 6, value * scale, 8, opacity=0.8)]
        y += 36
    for one in (headline, *others):
        shown = NumberShown(one.name, min(one.median, high), min(one.low, high), min(one.high, high))
        text = f"{one.name}: {said(in_words, '{low} to {high}', low=people(one.low), high=people(one.high))}"
        parts += [words(_LEFT, y, text, bold=one is headline), *_doubt(y + 10, shown, scale, thick=one is headline)]
        y += 36
    parts += _axis(y, scale, high, in_words)
    alt = said(
        in_words,
        "{documented} people are documented; at least {least}. The headline method, {method}, gives {median}, {level} "
        "interval {low} to {high}.",
        documented=people(estimate.documented), least=people(estimate.at_least), method=method, level=level,
        median=people(estimate.median), low=people(estimate.low), high=people(estimate.high),
    )  # fmt: skip
    rows = tuple((one.name, people(one.median), people(one.low), people(one.high)) for one in (headline, *others))
    first = tuple(
        (said(in_words, name), people(value), "", "")
        for name, value in (("documented", estimate.documented), ("at least", estimate.at_least))
    )
    table = (tuple(said(in_words, name) for name in ("what", "people", "low", "high")), *first, *rows)
    title = said(in_words, "Documented and estimated, in people")
    return Figure("estimate", title, svg(y + 24, parts, alt), alt, table)


def _ratio(value: float, in_words: Said) -> str:
    """An odds ratio under one as a fraction where it is one: 1/4, 2/3."""
    near = Fraction(value).limit_denominator(4)
    return str(near) if value < 1 and abs(near - value) < 0.005 else marked(f"{value:g}", in_words)


def sensitivity_figure(estimate: EstimateShown, in_words: Said = ENGLISH) -> Figure:
    """The estimate against the interaction of the highest order, as an odds ratio: median and interval, the headline a
    dot, the number documented a dashed line."""
    people = people_in(in_words)
    points = sorted((float(one.name), one) for one in estimate.sensitivity)
    if len(points) < 2:
        raise InvalidValue("a curve of sensitivity needs at least two odds ratios")
    high, bottom, top = max(one.high for _, one in points), 196.0, 14.0
    first, last = log(points[0][0]), log(points[-1][0])
    if first == last:
        raise InvalidValue("a curve of sensitivity needs at least two odds ratios that differ")

    def place(ratio: float, value: float) -> tuple[float, float]:
        x = 62 + (log(ratio) - first) / (last - first) * (WIDTH - 62 - 20)
        return x, bottom - value / high * (bottom - top)

    parts = [
        area(
            [place(ratio, one.low) for ratio, one in points] + [place(ratio, one.high) for ratio, one in points[::-1]],
            opacity=0.2,
        ),
        path([place(ratio, one.median) for ratio, one in points]),
        line(62, bottom, WIDTH - 20, bottom, opacity=0.5),
    ]
    for tick in _ticks(high):
        y = bottom - tick / high * (bottom - top)
        parts += [line(58, y, WIDTH - 20, y, opacity=0.15), words(54, y + 4, people(tick), anchor="end", size=12)]
    documented = bottom - estimate.documented / high * (bottom - top)
    parts += [line(62, documented, WIDTH - 20, documented, dashed=True)]
    below = 14 if documented < bottom - 20 else -5
    text = f"{said(in_words, 'documented')} {people(estimate.documented)}"
    parts += [words(WIDTH - 22, documented + below, text, anchor="end", size=12)]
    parts += [dot(*place(ratio, one.median), 4) for ratio, one in points if ratio == 1]
    last_x = -100.0
    for ratio, _ in points:
        x, _ = place(ratio, 0)
        parts += [line(x, bottom, x, bottom + 4, opacity=0.5)]
        if x - last_x > 30:
            parts += [words(x, bottom + 17, _ratio(ratio, in_words), anchor="middle", size=12)]
            last_x = x
    text = said(in_words, "shared blind spot: odds ratio of the highest order")
    parts.append(words(WIDTH - 20, bottom + 36, text, anchor="end", size=12))
    rows = tuple(
        (_ratio(ratio, in_words), people(one.median), people(one.low), people(one.high)) for ratio, one in points
    )
    (least, at_least), (most, at_most) = points[0], points[-1]
    alt = said(
        in_words,
        "At an odds ratio of {least} the middle estimate is {least_median} people ({least_low} to {least_high}); at "
        "{most}, {most_median} ({most_low} to {most_high}). The dot is the headline. {tipping}",
        least=_ratio(least, in_words), least_median=people(at_least.median), least_low=people(at_least.low),
        least_high=people(at_least.high), most=_ratio(most, in_words), most_median=people(at_most.median),
        most_low=people(at_most.low), most_high=people(at_most.high), tipping=said(in_words, estimate.tipping),
    )  # fmt: skip
    table = (tuple(said(in_words, name) for name in ("odds ratio", "people", "low", "high")), *rows)
    title = said(in_words, "What if the lists share a blind spot?")
    return Figure("sensitivity", title, svg(bottom + 44, parts, alt), alt, table)


def overlap_figure(overlap: OverlapShown, in_words: Said = ENGLISH) -> Figure:
    """People by the exact set of lists that name them, largest first; withheld cells say so."""
    people = people_in(in_words)
    shown = sorted(overlap.cells, key=lambda cell: (-(cell.count or 0), cell.count is None, cell.pattern))
    most = max((cell.count or 0 for cell in shown), default=0) or 1
    step, radius = 20.0, 5.0
    start = 24 + len(overlap.lists) * step
    parts = [words(16 + at * step, 14, str(at + 1), anchor="middle", size=12) for at in range(len(overlap.lists))]
    y = 30.0
    for cell in shown:
        on = [16 + at * step for at, one in enumerate(cell.pattern) if one]
        parts += [dot(16 + at * step, y, radius, opacity=1 if one else 0.15) for at, one in enumerate(cell.pattern)]
        parts += [line(a, y, b, y, width=2) for a, b in pairwise(on)]
        if cell.count is None:
            parts.append(words(start, y + 4, said(in_words, "withheld"), size=12))
        else:
            width = cell.count / most * (WIDTH - start - 60)
            parts += [
                box(start, y - 6, width, 12, opacity=0.7),
                words(start + width + 6, y + 4, people(cell.count), size=12),
            ]
        y += step
    for number, name in enumerate(overlap.lists, start=1):  # whole names, which have no room over a column
        parts.append(words(_LEFT, y + 8, f"{number}  {name}", size=12))
        y += 18
    kept = sum(cell.count is None for cell in shown)
    alt = said(
        in_words,
        "People by the lists that name them: {shown} groups shown, {kept} withheld.",
        shown=len(shown) - kept,
        kept=kept,
    )
    rows = tuple(
        (
            " + ".join(name for name, one in zip(overlap.lists, cell.pattern, strict=True) if one),
            said(in_words, "withheld") if cell.count is None else people(cell.count),
        )
        for cell in shown
    )
    head = tuple(said(in_words, name) for name in ("lists", "people"))
    return Figure("overlap", said(in_words, "Who stands on which lists"), svg(y, parts, alt), alt, (head, *rows))


def posterior_figure(
    edges: Sequence[float], shares: Sequence[float], documented: float, at_least: float, in_words: Said = ENGLISH
) -> Figure:
    """How the headline's draws share out, with the number documented and *at least* marked. Edges in people."""
    people = people_in(in_words)
    if len(edges) != len(shares) + 1 or not shares:
        raise InvalidValue("a histogram has one edge more than it has bars")
    bottom, top, start = 150.0, 40.0, min(documented, edges[0]) * 0.97
    scale = (_RIGHT - _LEFT) / (edges[-1] - start)
    most = max(shares) or 1.0

    def x(value: float) -> float:
        return _LEFT + (value - start) * scale

    parts = [
        box(x(a), bottom - share / most * (bottom - top), max((b - a) * scale - 0.5, 0.5),
            share / most * (bottom - top), opacity=0.45)
        for (a, b), share in zip(pairwise(edges), shares, strict=True)
    ]  # fmt: skip
    parts += [line(_LEFT, bottom, _RIGHT, bottom, opacity=0.5)]
    for value, name, y in ((documented, "documented", 14.0), (at_least, "at least", 30.0)):
        text = f"{said(in_words, name)} {people(value)}"
        anchor = "start" if x(value) < WIDTH * 0.6 else "end"
        parts += [
            line(x(value), y + 4, x(value), bottom, dashed=True),
            words(x(value), y, text, anchor=anchor, size=12),
        ]
    for tick in _between(start, edges[-1]):
        anchor = "middle" if 30 < x(tick) < _RIGHT - 24 else "end" if x(tick) > 30 else "start"
        parts += [
            line(x(tick), bottom, x(tick), bottom + 4),
            words(x(tick), bottom + 17, people(tick), anchor=anchor, size=12),
        ]
    alt = said(
        in_words,
        "The headline's draws lie between {low} and {high} people; documented {documented}, at least {least}.",
        low=people(edges[0]),
        high=people(edges[-1]),
        documented=people(documented),
        least=people(at_least),
    )
    rows = tuple(
        (said(in_words, "{low} to {high}", low=people(a), high=people(b)), marked(f"{share:.1%}", in_words))
        for (a, b), share in zip(pairwise(edges), shares, strict=True)
    )
    title = said(in_words, "How likely each number is, under the headline")
    head = tuple(said(in_words, name) for name in ("people", "share of the draws"))
    return Figure("posterior", title, svg(bottom + 24, parts, alt), alt, (head, *rows))


def _between(low: float, high: float) -> list[float]:
    """At most five round numbers between two."""
    step = 1.0
    while (high - low) / step > 5:
        step *= 2 if str(step)[0] in "15" else 2.5
    first = int(low // step) + 1
    return [step * at for at in range(first, int(high // step) + 1)]


def ranks_figure(ranks: Sequence[Sequence[int]], in_words: Said = ENGLISH) -> Figure:
    """Rank plot: each chain's draws among twenty equal bins of all draws; flat where the chains agree."""
    if not ranks or not all(ranks):
        raise InvalidValue("a rank plot needs at least one chain with draws")
    flat = sum(map(sum, ranks)) / (len(ranks) * len(ranks[0]))
    most, height, y = max(max(one) for one in ranks), 44.0, 6.0
    width = (_RIGHT - 70) / len(ranks[0])
    parts: list[str] = []
    for number, one in enumerate(ranks, start=1):
        parts.append(words(_LEFT, y + height - 4, said(in_words, "chain {number}", number=number), size=12))
        for at, count in enumerate(one):
            tall = count / most * height
            parts.append(box(70 + at * width, y + height - tall, width - 1, tall, opacity=0.5))
        parts.append(
            line(70, y + height - flat / most * height, _RIGHT, y + height - flat / most * height, dashed=True)
        )
        y += height + 8
    far = max(abs(count / flat - 1) for one in ranks for count in one)
    alt = said(
        in_words,
        "{chains} chains; the bin farthest from flat has {far} more or fewer draws than an equal share.",
        chains=len(ranks),
        far=f"{far:.0%}",
    )
    table = (
        (said(in_words, "chain"), *(str(at + 1) for at in range(len(ranks[0])))),
        *((str(number), *map(str, one)) for number, one in enumerate(ranks, start=1)),
    )
    title = said(in_words, "Do the chains agree? Ranks of each chain's draws")
    return Figure("ranks", title, svg(y, parts, alt), alt, table)


def strata_figure(strata: Sequence[NumberShown], in_words: Said = ENGLISH) -> Figure:
    """Each stratum's interval on one scale. ``note`` says why one has none. Unit: people."""
    people = people_in(in_words)
    shown = [one for one in strata if one.high > 0]
    high = max((one.high for one in shown), default=1.0)
    scale, y = (_RIGHT - _LEFT) / high, 16.0
    parts: list[str] = []
    for one in strata:
        text = one.note or f"{people(one.median)} ({_span(one, in_words)})"
        parts.append(words(_LEFT, y, f"{one.name}: {text}", size=12))
        if one.high > 0:
            parts += _doubt(y + 10, one, scale, thick=False)
        y += 34 if one.high > 0 else 20
    parts += _axis(y, scale, high, in_words)
    alt = said(
        in_words, "{shown} strata with an estimate, {other} without.", shown=len(shown), other=len(strata) - len(shown)
    )
    rows = tuple(
        (one.name, people(one.median), people(one.low), people(one.high))
        if one.high > 0
        else (one.name, one.note, "", "")
        for one in strata
    )
    head = tuple(said(in_words, name) for name in ("stratum", "people", "low", "high"))
    return Figure("strata", said(in_words, "Each stratum, in people"), svg(y + 24, parts, alt), alt, (head, *rows))


def _span(one: NumberShown, in_words: Said) -> str:
    people = people_in(in_words)
    return said(in_words, "{low} to {high}", low=people(one.low), high=people(one.high))


def compared_figure(estimates: Sequence[tuple[str, EstimateShown]], in_words: Said = ENGLISH) -> Figure:
    """The three parts of several estimates on one axis: *at least* as a solid bar, the interval with its middle, and
    the band if the lists share a blind spot. Unit: people. The axis ends at four times the highest interval; a band
    that goes on beyond it ends in an arrow."""
    people = people_in(in_words)
    if len(estimates) < 2:
        raise InvalidValue("a comparison needs at least two estimates")
    bands = [
        (min(one.low for one in each.sensitivity), max(one.high for one in each.sensitivity)) for _, each in estimates
    ]
    high = min(max(top for _, top in bands), 4 * max(each.high for _, each in estimates))
    scale, y = (_RIGHT - _LEFT - 12) / high, 14.0
    parts: list[str] = []
    legend = (("at least", 0.8), ("headline with its interval", 0.45), ("if the lists share a blind spot", 0.2))
    for name, opacity in legend:
        parts += [box(_LEFT, y - 9, 12, 8, opacity=opacity), words(_LEFT + 18, y, said(in_words, name), size=12)]
        y += 18
    y += 8
    rows = []
    for (name, each), (low, top) in zip(estimates, bands, strict=True):
        parts.append(words(_LEFT, y, name, bold=True))
        parts.append(box(_LEFT, y + 6, each.at_least * scale, 7, opacity=0.8))
        shown = NumberShown(name, each.median, each.low, min(each.high, high))
        parts += _doubt(y + 21, shown, scale, thick=True)
        end = min(top, high)
        parts.append(box(_LEFT + low * scale, y + 30, max((end - low) * scale, 1), 7, opacity=0.2))
        if top > high:
            x = _LEFT + high * scale
            parts.append(area([(x, y + 28), (x + 9, y + 33.5), (x, y + 39)], opacity=0.6))
        span = said(in_words, "{low} to {high}", low=people(each.low), high=people(each.high))
        band = said(in_words, "{low} to {high}", low=people(low), high=people(top))
        rows.append((name, people(each.at_least), people(each.median), span, band))
        y += 58
    parts += _axis(y - 8, scale, high, in_words)
    alt = "; ".join(
        said(
            in_words,
            "{name}: at least {least}; {median}, interval {span}; band {band}",
            name=name,
            least=least,
            median=median,
            span=span,
            band=band,
        )
        for name, least, median, span, band in rows
    )
    head = tuple(said(in_words, name) for name in ("estimate", "at least", "headline", "interval", "if a blind spot"))
    title = said(in_words, "The three parts on one axis, in people")
    return Figure("compared", title, svg(y + 16, parts, alt), alt, (head, *rows))


def _share(share: float) -> str:
    """With one decimal and never rounded up: 199 of 200 are not all."""
    return f"{floor(round(share * 1000, 6)) / 1000:.1%}"


def coverage_figure(rows: Sequence[tuple[str, float, float, float]]) -> Figure:
    """How often each of the three parts held the truth, by population. ``rows``: name, and the shares of populations in
    which *at least* was safe, the interval held the truth, and the band did."""
    if not rows:
        raise InvalidValue("no population was judged, so there is nothing to draw")
    kinds = (("at least is safe", 0.8), ("interval holds the truth", 0.45), ("band at 4 holds it", 0.2))
    parts: list[str] = []
    y = 14.0
    for name, opacity in kinds:
        parts += [box(_LEFT, y - 9, 12, 8, opacity=opacity), words(_LEFT + 18, y, name, size=12)]
        y += 18
    y += 8
    scale = (_RIGHT - _LEFT - 44) / 1.0
    for name, *shares in rows:
        parts.append(words(_LEFT, y, name, size=12))
        for at, share in enumerate(shares):
            top = y + 5 + at * 10
            parts += [box(_LEFT, top, share * scale, 8, opacity=kinds[at][1])]
            parts += [words(_LEFT + share * scale + 5, top + 8, _share(share), size=10)]
        y += 52
    worst = min(rows, key=lambda row: row[2])
    safe, banded = min(row[1] for row in rows), min(row[3] for row in rows)
    alt = (
        f"Over {len(rows)} kinds of populations, at least was safe in {_share(safe)} or more of each and the band held "
        f"the truth in {_share(banded)} or more; the interval did worst in {worst[0]}: {_share(worst[2])}."
    )
    table = (
        ("population", *(name for name, _ in kinds)),
        *((n, _share(a), _share(b), _share(c)) for n, a, b, c in rows),
    )
    return Figure("coverage", "How often each part held the truth", svg(y, parts, alt), alt, table)


def members_figure(members: Sequence[MemberShown], in_words: Said = ENGLISH, language: str = "en") -> Figure:
    """Members and supporters by country, in the words of a language, most first. Where none is known, it says so."""

    def called(code: str) -> str:
        return said(in_words, code) if code == "not stated" else country_name(code, language)

    counts = Counter(member.country or "not stated" for member in members)
    rows = sorted(counts.items(), key=lambda row: (row[0] == "not stated", -row[1], row[0]))
    most = max(counts.values(), default=1)
    parts: list[str] = []
    y = 16.0
    for name, count in rows:
        width = count / most * (WIDTH - 170)
        parts += [words(124, y + 4, called(name), anchor="end", size=12), box(132, y - 6, width, 12, opacity=0.7)]
        parts += [words(132 + width + 6, y + 4, str(count), size=12)]
        y += 20
    known = sum(1 for name in counts if name != "not stated")
    alt = said(
        in_words, "{number} members and supporters; {known} countries are stated.", number=len(members), known=known
    )
    heads = (said(in_words, "country"), said(in_words, "members and supporters"))
    table = (heads, *((called(name), str(count)) for name, count in rows))
    return Figure("members", said(in_words, "Members and supporters by country"), svg(y, parts, alt), alt, table)
