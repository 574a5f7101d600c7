"""What a linkage's quality can be said to be: as numbers for programs, and as one page for people.

Without a known truth nobody can compute precision and recall. What can be said: how many matches each threshold would
make; how sure the matches are (their expected precision, if the probabilities are right); how many true pairs blocking
is likely to have missed; how many entries cannot be linked at all, because nothing of a given name is known.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from html import escape

import numpy as np

from corroborate.linkage.calibration import Bin
from corroborate.linkage.charts import cluster_chart, m_and_u, svg, waterfall_chart, weakest
from corroborate.linkage.linking import Evidence, Linkage, Place, waterfall
from corroborate.linkage.quality import Quality

_STEPS = tuple(x / 100 for x in (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99))


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a threshold would give: matches, and the share of them that the probabilities expect to be right."""

    threshold: float
    matches: int
    expected_precision: float
    expected_recall: float  # of the pairs that were compared


@dataclass(frozen=True, slots=True)
class Summary:
    """What can be said of a linkage without its truth."""

    thresholds: tuple[Threshold, ...]
    blocking_recall: float | None  # estimated, of true pairs; None when too few are sure
    unlinkable: int  # entries without a given name
    bands: tuple[tuple[float, int], ...]  # lower end of each tenth of probability, pairs in it

    def as_json(self) -> dict[str, object]:
        return {
            "thresholds": [asdict(one) for one in self.thresholds],
            "blocking_recall_estimate": self.blocking_recall,
            "unlinkable": self.unlinkable,
        }


def summary(linkage: Linkage) -> Summary:
    """Count what the evidence says."""
    evidence = linkage.evidence
    if evidence is None:
        return Summary((), None, 0, ())
    p = evidence.probability
    whole = float(p.sum())
    made = []
    for step in _STEPS:
        taken = p[p >= step]
        right = float(taken.sum())
        made.append(
            Threshold(step, len(taken), round(right / len(taken), 4) if len(taken) else 1.0,
                      round(right / whole, 4) if whole else 1.0)
        )  # fmt: skip
    counts, edges = np.histogram(p[p >= 0.01], bins=10, range=(0, 1))
    bands = tuple((round(float(e), 2), int(c)) for e, c in zip(edges, counts, strict=False))
    return Summary(tuple(made), blocking_recall(evidence), _unlinkable(evidence), bands)


def blocking_recall(evidence: Evidence) -> float | None:
    """Share of true pairs that some block brought together, estimated by capture and recapture.

    Two kinds of block are taken as two lists of the true pairs: those by the whole name, and all others. If they were
    independent, the pairs that both found would tell how many neither did (Chapman 1951, as for people on two lists).
    They are not: a pair with a spoiled name and no date escapes both, so this is an upper bound. None under 30 sure pairs.
    Short lists are compared everybody with everybody: then nothing escapes.
    """
    if evidence.scored.blocked.everybody:
        return 1.0
    sure = evidence.probability >= 0.9
    levels = evidence.scored.levels
    if int(sure.sum()) < 30 or "given" not in levels or "family" not in levels:
        return None
    best_given, best_family = int(levels["given"].max(initial=0)), int(levels["family"].max(initial=0))
    by_name = (levels["given"] >= best_given - 1) & (levels["family"] >= best_family - 1)
    others = np.zeros(len(by_name), dtype=bool)
    for name in ("birth", "place", "facility", "event"):
        if name in levels:
            others |= levels[name] >= max(int(levels[name].max(initial=0)) - 2, 1)
    a, b, both = (int((sure & x).sum()) for x in (by_name, others, by_name & others))
    if both < 10:
        return None
    everything = (a + 1) * (b + 1) / (both + 1) - 1
    found = int((sure & (by_name | others)).sum())
    return round(min(found / everything, 1.0), 4)


def _unlinkable(evidence: Evidence) -> int:
    """Entries without a given name: no pair of them can be held up by more than what kin share."""
    return int((~evidence.named).sum())


_CSS = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8886}
th,td{overflow-wrap:normal}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}.wide{overflow-x:auto}svg{width:100%;height:auto;min-width:34rem;max-width:44rem}.note{border-left:4px solid #b50;padding:.2rem .8rem}
svg text{font:12px system-ui,sans-serif;fill:currentColor}svg .a{fill:#2b6cb0}svg .b{fill:#b45309}svg .l{stroke:currentColor;stroke-opacity:.35}
svg .e{stroke:#2b6cb0;stroke-width:2}svg .w{stroke:#b45309;stroke-width:3;stroke-dasharray:6 4}
svg .c{fill:none;stroke:#2b6cb0;stroke-width:2}svg .d{fill:none;stroke:#b45309;stroke-width:2;stroke-dasharray:6 4}
"""


_CSS_HASH = b64encode(sha256(_CSS.encode()).digest()).decode()


def html_report(
    linkage: Linkage, found: Summary, quality: Quality | None = None, *, threshold: float, reliability: tuple[Bin, ...] = (),
    examples: int = 6,
) -> str:  # fmt: skip
    """One page that stands alone: no script, nothing loaded, its one style sheet let in by its hash.

    Names of people do not stand in it: pairs are told by list and row.
    """
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'sha256-{_CSS_HASH}'\">"
        f"<title>Linkage quality</title><style>{_CSS}</style></head><body><h1>Linkage quality</h1>"
    ]
    if not linkage.calibrated:
        parts.append(
            "<p class=note>Probabilities are <strong>not calibrated</strong> on reviewers’ judgements: they rest on the "
            "model’s assumptions. Look at the possible pairs before you quote a number.</p>"
        )
    rows: list[tuple[object, ...]] = [("Entries", sum(map(len, linkage.clusters))), ("People", len(linkage.clusters)),
            ("People in the overlap table", linkage.overlap.documented),
            ("Matched pairs", sum(p.decision == "match" for p in linkage.pairs)),
            ("Possible pairs for a reviewer", sum(p.decision == "possible" for p in linkage.pairs)),
            ("Pairs of likely relatives", sum(p.decision == "relative" for p in linkage.pairs)),
            ("Entries that cannot be linked (no given name)", found.unlinkable),
            ("Likely matches kept apart by one to one", len(linkage.conflicts))]  # fmt: skip
    if found.blocking_recall is not None:
        rows.append(("Share of true pairs compared at all (estimate, at most)", f"{found.blocking_recall:.1%}"))
    parts.append(_table(("", "count"), rows))
    if quality is not None:
        parts.append("<h2>Against the known truth</h2>")
        parts.append(_table(("", "precision", "recall", "F1"), [
            ("by pairs", quality.precision, quality.recall, quality.f1),
            ("by entries (B³)", quality.b_cubed_precision, quality.b_cubed_recall, quality.b_cubed_f1)]))  # fmt: skip
    if found.thresholds:
        parts += ["<h2>What another threshold would give</h2>", _threshold_chart(found.thresholds, threshold)]
        parts.append(_table(("threshold", "matched pairs", "expected precision", "expected recall"),
                            [(t.threshold, t.matches, t.expected_precision, t.expected_recall) for t in found.thresholds]))  # fmt: skip
        parts += ["<h2>How sure the pairs are</h2>", _bars(found.bands)]
    if reliability:
        parts += ["<h2>Said and found (reliability)</h2>", _reliability_chart(reliability)]
    parts += _examples(linkage, examples)
    parts += _clusters(linkage)
    if linkage.evidence is not None and linkage.evidence.scored.learned:
        parts += ["<h2>What each agreement weighs</h2>", _wide(m_and_u(linkage.evidence.scored.learned))]
    if linkage.notices:
        parts.append("<h2>Left out</h2><ul>" + "".join(f"<li>{escape(n)}</li>" for n in linkage.notices) + "</ul>")
    parts.append("</body></html>\n")
    return "".join(parts)


def _table(heading: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    head = "".join(f"<th{' class=n' if at else ''}>{escape(h)}</th>" for at, h in enumerate(heading))
    body = "".join(
        "<tr>" + "".join(f"<td{' class=n' if at else ''}>{_cell(c)}</td>" for at, c in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else escape(str(value))


def _svg(height: int, title: str, inside: list[str]) -> str:
    return _wide(svg(height, title, inside))


def _wide(drawn: str) -> str:
    return f"<div class=wide>{drawn}</div>"


def _threshold_chart(points: tuple[Threshold, ...], threshold: float) -> str:
    """Expected precision (whole line) and recall (dashed) by threshold."""

    def at(x: float, y: float) -> str:
        return f"{40 + 580 * x:.1f},{200 - 180 * y:.1f}"

    lines = [f"<line class=l x1=40 x2=620 y1={200 - 180 * y:.0f} y2={200 - 180 * y:.0f} /><text x=4 y={204 - 180 * y:.0f}>{y:g}</text>"
             for y in (0, 0.5, 1)]  # fmt: skip
    lines += [f"<text x={36 + 580 * x:.0f} y=218>{x:g}</text>" for x in (0, 0.25, 0.5, 0.75, 1)]
    lines.append(f"<line class=l x1={40 + 580 * threshold:.1f} x2={40 + 580 * threshold:.1f} y1=20 y2=200 />")
    lines.append(f"<polyline class=c points='{' '.join(at(p.threshold, p.expected_precision) for p in points)}'/>")
    lines.append(f"<polyline class=d points='{' '.join(at(p.threshold, p.expected_recall) for p in points)}'/>")
    lines.append("<text x=44 y=14>whole line: expected precision; dashed: expected recall of compared pairs</text>")
    return _svg(226, "Expected precision and recall by threshold; the numbers stand in the table below", lines)


def _bars(bands: tuple[tuple[float, int], ...]) -> str:
    most = max((n for _, n in bands), default=0) or 1
    made = []
    for at, (low, n) in enumerate(bands):
        width = 420 * n / most
        made.append(f"<text x=4 y={24 + 22 * at}>{low:.1f} to {low + 0.1:.1f}</text><rect class=a x=90 y={12 + 22 * at} "
                    f"width={width:.1f} height=16 /><text x={96 + width:.1f} y={24 + 22 * at}>{n:,}</text>")  # fmt: skip
    return _svg(22 * len(bands) + 16, "Pairs by match probability", made)


def _reliability_chart(bins: tuple[Bin, ...]) -> str:
    made = ["<line class=l x1=40 y1=220 x2=240 y2=20 />"]
    made += [f"<circle class=b cx={40 + 200 * b.said:.1f} cy={220 - 200 * b.same:.1f} r={3 + min(b.count, 400) ** 0.5 / 4:.1f} />"
             for b in bins]  # fmt: skip
    made += ["<text x=40 y=236>said: 0</text>", "<text x=220 y=236>1</text>", "<text x=4 y=24>same</text>"]
    return _svg(244, "Share of pairs judged the same against the probability said", made)


def _examples(linkage: Linkage, most: int) -> list[str]:
    chosen = sorted((p for p in linkage.pairs if p.decision == "possible"), key=lambda p: abs(p.probability - 0.5))[
        :most
    ]
    if not chosen:
        return []
    parts = ["<h2>The most doubtful pairs, and what each agreement weighs</h2>"]
    for pair in chosen:
        said = f"{_place(pair.left)} and {_place(pair.right)}: probability {pair.probability:.2f}"
        bars = waterfall(linkage, pair.left, pair.right)
        parts.append(f"<h3>{escape(said)}</h3>{_wide(waterfall_chart(bars))}")
    return parts


def _clusters(linkage: Linkage) -> list[str]:
    weak = weakest(linkage)
    if not weak:
        return []
    parts = ["<h2>People who hang together by one match</h2>"]
    for members, (left, right, chance) in weak:
        parts.append(f"<h3>{escape(_place(left))} and {escape(_place(right))}: probability {chance:.2f}</h3>")
        parts.append(_wide(cluster_chart(linkage, members[0])))
    return parts


def _place(place: Place) -> str:
    return f"{place[0]} row {place[1]}"
