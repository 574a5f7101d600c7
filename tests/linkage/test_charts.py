"""Charts of a linkage: well-formed, told by list and row, and saying what the linkage says."""

from xml.etree import ElementTree

import pytest

from corroborate.errors import NotLinkable
from corroborate.linkage import (
    PersonEntry,
    alone,
    card_of,
    cluster_chart,
    html_report,
    link,
    m_and_u,
    summary,
    waterfall,
    waterfall_chart,
    weakest,
)
from corroborate.linkage.charts import bridge


@pytest.fixture(scope="module")
def found():
    names = [f"{a} {b}" for a in ("Ana", "Luis", "Rosa", "Juan", "Elsa") for b in ("Gil", "Mora", "Paz", "Rey", "Sol")]
    lists = {
        at: [
            PersonEntry(at, row, (name,), birth=(1950 + row, 1950 + row), born_on=f"{1950 + row}0203")
            for row, name in enumerate(names)
        ]
        for at in "abc"
    }
    lists["c"][3] = PersonEntry("c", 3, ("Ana Rey",), birth=(1954, 1954), born_on="19540203")
    return link(lists)


def read(chart):
    return ElementTree.fromstring(alone(chart))  # noqa: S314 - our own


def texts(chart):
    return [each.text for each in read(chart).iter("{http://www.w3.org/2000/svg}text")]


def test_m_and_u_stand_for_each_agreement_with_its_weight(found):
    learned = card_of(found).taught.learned
    said = texts(m_and_u(learned))
    for name, levels in learned.items():
        assert name in said
        assert {label for label, _, _ in levels} <= set(said)


def test_a_waterfall_shows_every_weight_that_counts(found):
    bars = waterfall(found, ("a", 0), ("b", 0))
    said = texts(waterfall_chart(bars))
    assert [f"{bar.weight:+.1f}" for bar in bars if bar.weight or bar.comparison == "prior"] == said[1::2]


def test_a_cluster_shows_its_entries_and_their_matches(found):
    said = texts(cluster_chart(found, ("a", 0)))
    assert {"a row 0", "b row 0", "c row 0"} <= set(said)
    with pytest.raises(NotLinkable):
        cluster_chart(found, ("a", 99))


def test_the_weak_bridge_is_the_match_without_which_a_cluster_falls_apart():
    a, b, c, d = ((name, 1) for name in "abcd")
    ring = [(a, b, 0.9), (b, c, 0.6), (a, c, 0.8)]
    assert bridge((a, b, c), ring) is None
    assert bridge((a, b, c, d), [*ring, (c, d, 0.7)]) == (c, d, 0.7)
    assert bridge((a, b, c), [(a, b, 0.9), (b, c, 0.95)]) == (a, b, 0.9)


def test_clusters_that_hang_by_one_match_stand_in_the_report_the_weakest_first(found):
    weak = weakest(found)
    assert [edge[2] for _, edge in weak] == sorted(edge[2] for _, edge in weak)
    page = html_report(found, summary(found), threshold=0.5)
    assert "What each agreement weighs" in page
    assert ("hang together by one match" in page) == bool(weak)
    assert "Ana" not in page
