"""Rows in JSON, in pages of HTML, and in tables as pandas writes them."""

import json
import zipfile

import pytest

from corroborate.errors import InputRefused
from corroborate.importers import read_table

PEOPLE = [{"name": "Kim A", "other": ["K. A."], "birth": 542246400000, "age": 32.0, "released": None},
          {"name": "Ri B", "other": None, "birth": -31536000000, "age": None, "released": True}]  # fmt: skip


def written(tmp_path, text, name="list.json"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PEOPLE),
        "\n".join(json.dumps(one) for one in PEOPLE),
        json.dumps({key: {str(at): one[key] for at, one in enumerate(PEOPLE)} for key in PEOPLE[0]}),
        json.dumps({"count": 2, "results": PEOPLE}),
    ],
)
def test_records_of_json_are_rows_whichever_way_they_are_written(tmp_path, text):
    table = read_table(written(tmp_path, text))
    assert [dict(row.cells) for row in table.rows] == [
        {"name": "Kim A", "other": "K. A.", "birth": "1987-03-09", "age": "32", "released": ""},
        {"name": "Ri B", "other": "", "birth": "1969-01-01", "age": "", "released": "TRUE"},
    ]
    assert "milliseconds since 1970" in " ".join(table.notices)


@pytest.mark.parametrize("text", ['{"a": {"b": {"c": 1}}}', '["x", "y"]', '{"name": "x"}\n{"name": ', '[{"a": 1}, 3]'])
def test_json_that_is_no_list_is_refused(tmp_path, text):
    with pytest.raises(InputRefused, match="JSON"):
        read_table(written(tmp_path, text))


def test_lists_that_python_printed_are_words_and_nothing_of_them_is_run(tmp_path):
    rows = "name,other\nKim A,\"['K. A.', 'Kim']\"\nRi B,['__import__']\nO C,\"['x' + 'y']\"\n"
    table = read_table(written(tmp_path, rows, "list.csv"))
    assert [row.cells["other"] for row in table.rows] == ["K. A.; Kim", "__import__", "['x' + 'y']"]


def test_a_page_that_is_called_a_workbook_is_read_by_its_tables(tmp_path):
    page = (
        "<html><script>x</script><table><tr><td colspan=3>List of 2019</td></tr><tr><th>Name<th>Sex<th>Camp</tr>"
        "<tr><td>Kim&nbsp;A</td><td>m</td><td>Camp <b>1</b></td></tr><tr><td>Ri B<td>f<td></tr></table></html>"
    )
    table = read_table(written(tmp_path, page, "list.xls"))
    assert [tuple(row.cells.values()) for row in table.rows] == [("Kim A", "m", "Camp 1"), ("Ri B", "f", "")]
    assert "HTML" in " ".join(table.notices)


@pytest.mark.parametrize(
    "name",
    ["to_csv.default.csv", "to_csv.utf-16.tsv", "to_csv.utf-8-sig.semicolon.csv", "to_excel.xlsx",
     "to_json.default.json",
     "to_json.records.jsonl"],
)  # fmt: skip
def test_what_pandas_writes_names_the_same_people(shared, name):
    people = json.loads(shared("formats/pandas/expected.json").read_text(encoding="utf-8"))["people"]
    rows = read_table(shared(f"formats/pandas/{name}")).rows
    assert [(row.cells["name"], row.cells["other"], row.cells["sex"], row.cells["birth"]) for row in rows] == [
        (one["name"], "; ".join(one["other_names"]), one["sex"] or "", one["birth"] or "") for one in people
    ]
    assert [row.cells["case_no"] for row in rows][:2] == ["001", "002"]


def test_broken_pages_and_other_zip_files_are_refused(tmp_path):
    with pytest.raises(InputRefused, match="no HTML"):
        read_table(written(tmp_path, "<html><table><tr><![<![<![", "list.xls"))
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as packed:
        packed.writestr("a.jpg", b"x")
    with pytest.raises(InputRefused, match="unpack it"):
        read_table(tmp_path / "pictures.zip")
