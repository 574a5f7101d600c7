"""Overlaps by stratum are the same people as the overlap of all, each once."""

from collections import Counter

import pytest

from corroborate.errors import NotLinkable
from corroborate.linkage import STRATA, PersonEntry, by_strata, link
from corroborate.values import OverlapTable, strata_csv

NAMES = ("김영희", "박철수", "리명옥", "최금란", "강순녀", "윤복동", "한길선", "조만식", "장옥련", "서정애")


@pytest.fixture(scope="module")
def linked():
    lists = {
        name: [
            PersonEntry(
                name, at, (text,), sex="f" if at % 2 else "m", birth=(1950 + at, 1950 + at), place="무산",
                event=(1990 + at, 1990 + at) if name == "A" else None, facility="22호 관리소" if at < 3 else None,
            )
            for at, text in enumerate(NAMES[start:], start=start)
        ]
        for name, start in (("A", 0), ("B", 2), ("C", 5))
    }  # fmt: skip
    return link(lists), lists


@pytest.mark.parametrize("by", [(one,) for one in STRATA] + [("sex", "decade"), tuple(STRATA)])
def test_strata_hold_the_people_of_the_overlap_each_once(linked, by):
    linkage, lists = linked
    tables = by_strata(linkage, lists, by)
    together = Counter()
    for table in tables.values():
        together.update(table.counts)
    assert dict(together) == dict(linkage.overlap.counts)
    assert OverlapTable.parse_strata(strata_csv(tables, by), by) == tables


def test_a_person_stands_in_the_stratum_that_its_entries_say_and_nowhere_where_none_does(linked):
    linkage, lists = linked
    assert {key: table.documented for key, table in by_strata(linkage, lists, ["decade"]).items()} == {("1990s",): 10}
    assert sorted(by_strata(linkage, lists, ["facility"])) == [("",), ("22",)]
    assert sorted(by_strata(linkage, lists, ["sex"])) == [("f",), ("m",)]


def test_an_unknown_stratum_is_refused_with_those_there_are(linked):
    with pytest.raises(NotLinkable, match="sex, province, decade, facility"):
        by_strata(*linked, ["colour"])


def test_a_stratum_that_a_spreadsheet_would_run_is_defused():
    text = strata_csv({("=1+1",): OverlapTable(("A", "B"), {(1, 1): 2})}, ["place"])
    assert "'=1+1" in text
