"""Tables in memory, given to the library's front door and taken out again: what its how-to shows, and bad input."""

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from corroborate.errors import InvalidValue
from corroborate.estimation import estimate, overlap_of
from corroborate.linkage import PersonEntry, dedupe, link

HOW_TO = Path(__file__).parents[2] / "docs/how-to/use-as-a-library.md"
KOREAN = {"name": ["리영수", "김철", "박순희", "Choe Min Ho"], "dob": ["1970-03-04", "1981-07-09", None, "1990-01-02"]}
LATIN = {"name": ["Ri Yong Su", "Pak Sun Hui", "최민호"], "dob": ["1970-03-04", None, "1990-01-02"]}


class Frame:
    """As another library's frame hands itself over: by the PyCapsule interface and nothing else."""

    def __init__(self, columns):
        self._table = pa.table(columns)

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


def relation(columns):
    table = pa.table(columns)
    return duckdb.connect().from_arrow(table)


@pytest.mark.parametrize("made", [dict, pa.table, Frame, relation])
def test_every_kind_of_table_gives_the_same_people(made):
    found = link({"a": made(KOREAN), "b": made(LATIN)}, {"name": "name", "birth": "dob"})
    people = {}
    for row in found.clusters.to_pylist():
        people.setdefault(row["person"], set()).add((row["list"], row["row"]))
    assert {frozenset(one) for one in people.values()} == {
        frozenset({("a", 0), ("b", 0)}),
        frozenset({("a", 1)}),
        frozenset({("a", 2), ("b", 1)}),
        frozenset({("a", 3), ("b", 2)}),
    }
    assert found.overlap.to_pylist() == [{"a": 1, "b": 1, "count": 3}, {"a": 1, "b": 0, "count": 1}]
    assert set(found.pairs["decision"].to_pylist()) == {"match"}


def test_results_go_on_into_sql_and_into_an_estimate():
    found = link({"a": KOREAN, "b": LATIN}, {"name": "name", "birth": "dob"})
    clusters, overlap = found.clusters, overlap_of(found.overlap)
    rows = duckdb.sql("select count(distinct person) from clusters").fetchall()
    assert rows == [(4,)]
    assert len(clusters) == 7
    assert overlap.documented == 4
    again = overlap_of(relation({"x": [1, 1, 0], "y": [1, 0, 1], "count": [30, 20, 25]}))
    assert estimate(again).documented == 75


def test_one_table_is_deduplicated_and_ages_places_and_dates_of_any_form_are_read():
    table = {
        "name": ["Ana Gil", "ANA GIL", "Luis Mora", "김○○"],
        "birth": ["3 Feb 1980", "03.02.1980", "1975", None],
        "age": [None, None, 40, float("nan")],
        "sex": ["F", "mujer", "m", None],
    }
    found = dedupe(table)
    person = [row["person"] for row in sorted(found.clusters.to_pylist(), key=lambda row: row["row"])]
    assert person == [1, 1, 2, 3]
    assert any("no given name" in notice for notice in found.notices)


def test_entries_are_taken_as_before():
    one = [PersonEntry("a", 1, ("리영수",)), PersonEntry("a", 2, ("리 영수",))]
    assert len(dedupe("a", one).clusters) == 1
    assert len(link({"a": one, "b": [PersonEntry("b", 1, ("Ri Yong Su",))]}).clusters) == 1


@pytest.mark.parametrize(
    ("tables", "columns", "said"),
    [
        ({"a": 7, "b": LATIN}, None, "int is no table"),
        ({"a": KOREAN, "b": LATIN}, {"nam": "name"}, "no field nam"),
        ({"a": KOREAN, "b": LATIN}, {"name": "nome"}, "no column nome; it has name, dob"),
        ({"a": {"who": ["x"]}, "b": LATIN}, None, "no column for a name"),
    ],
)
def test_what_is_no_table_or_column_is_said(tables, columns, said):
    with pytest.raises(InvalidValue, match=said):
        link(tables, columns)


def test_cells_that_cannot_be_read_are_counted():
    table = {"name": ["Ana Gil", "Luis Mora"], "birth": ["soon", "1980-01-02"]}
    assert any("1 cell of birth could not be read" in said for said in dedupe(table).notices)


@pytest.mark.parametrize("wrong", [{"x": [2], "count": [1]}, {"x": [0.5]}, {"x": [0], "count": [9]}, {"x": ["a"]}, 3])
def test_what_is_no_overlap_table_is_refused(wrong):
    with pytest.raises(InvalidValue):
        overlap_of(wrong)


def test_the_how_to_runs_as_it_is_printed(capsys):
    """Each block of the page, one after another, as somebody would type them."""
    text = HOW_TO.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    shown = re.findall(r"```text\n(.*?)```", text, re.S)
    assert blocks
    world: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(HOW_TO), "exec"), world)  # noqa: S102 - the page itself
    assert capsys.readouterr().out == "".join(shown)
