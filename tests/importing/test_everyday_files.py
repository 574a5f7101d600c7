"""Files as offices keep them: every row of them is read, and what had to be decided is said."""

import io
import shutil
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import numbers
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from corroborate.errors import InputRefused
from corroborate.importers import open_table, read_table

FILES = Path(__file__).parent / "files"


def read(name: str, **more):
    return read_table(FILES / name, **more)


def names(table):
    return [row.cells["Name"] for row in table.rows]


def saved(tmp_path: Path, book: Workbook, name="list.xlsx") -> Path:
    book.save(tmp_path / name)
    return tmp_path / name


def changed(path: Path, change) -> Path:
    """The workbook with each of its parts as ``change(name, bytes)`` gives it."""
    raw = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    path.write_bytes(raw.getvalue())
    return path


@pytest.mark.parametrize("name", ["dim_A1.xlsx", "dim_A1D50.xlsx"])
def test_a_sheet_whose_dimension_is_wrong_is_read_whole(name):
    table = read(name)
    assert len(table.rows) == 200
    assert (table.rows[-1].line, table.rows[-1].cells["Name"]) == (201, "Ri Chol 199")


@pytest.mark.parametrize(
    "name", ["chartsheet.xlsx", "badfill.xlsx", "strict.xlsx", "old.xls", "libre.ods", "lookup_hidden.xlsx",
             "title_rows.xlsx"],
)  # fmt: skip
def test_a_workbook_of_each_kind_gives_its_two_people(name):
    table = read(name)
    assert names(table) == ["Ri Chol Su", "Kim Sun Hui"]
    assert [row.cells["Date of birth"] for row in table.rows] == ["1961-03-02", "1958-11-20"]


def test_a_chart_a_hidden_sheet_and_a_title_are_said():
    assert "Chart1" in " ".join(read("chartsheet.xlsx").notices)
    assert "lookups" in " ".join(read("lookup_hidden.xlsx").notices)
    assert read("lookup_hidden.xlsx", sheet="lookups").columns == ("sex_codes",)
    said = " ".join(read("title_rows.xlsx").notices)
    assert "row 4" in said and "Compiled by the Committee" in said


def test_lines_are_those_that_a_person_sees():
    assert [row.line for row in read("title_rows.xlsx").rows] == [5, 6]
    assert [row.line for row in read("blank_rows.csv").rows] == [2, 5, 7]
    assert [row.line for row in read("sep.csv").rows] == [3]
    assert [(row.sheet, row.line) for row in read("two_same_sheets.xlsx").rows] == [
        ("1997", 2), ("1997", 3), ("1998", 2), ("1998", 3),
    ]  # fmt: skip


def test_a_line_break_inside_a_cell_does_not_shift_the_lines_below(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b'Name,Notes\r\n"Kim A","one\r\ntwo\r\nthree"\r\n\r\nRi B,x\r\n')
    assert [row.line for row in read_table(path).rows] == [2, 6]


def test_two_heading_rows_are_joined():
    table = read("two_heads.xlsx")
    assert table.columns == (
        "Personal information/Name", "Personal information/Sex", "Personal information/Date of birth",
        "Detention/Camp",
    )  # fmt: skip
    assert [row.line for row in table.rows] == [3, 4]


@pytest.mark.parametrize("as_csv", [False, True])
def test_two_heading_rows_whose_first_column_is_merged_downwards_are_joined(tmp_path, as_csv):
    rows = [["Name", "Detention", "", "Notes"], ["", "Camp", "Date", ""], ["Kim A", "Camp 1", "1997", "x"]]
    if as_csv:
        path = tmp_path / "list.csv"
        path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    else:
        book = Workbook()
        for row in rows:
            book.active.append([cell or None for cell in row])
        for span in ("A1:A2", "B1:C1", "D1:D2"):
            book.active.merge_cells(span)
        path = saved(tmp_path, book)
    table = read_table(path)
    assert table.columns == ("Name", "Detention/Camp", "Detention/Date", "Notes")
    assert list(table.rows[0].cells.values()) == ["Kim A", "Camp 1", "1997", "x"]


def test_a_gap_in_the_first_row_of_people_is_no_second_heading(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name,,Camp\nKim A,note,Camp 1\nRi B,,Camp 2\n", encoding="utf-8")
    assert [row.line for row in read_table(path).rows] == [2, 3]


def test_merged_cells_are_filled_down_and_said_and_not_to_the_right(tmp_path):
    table = read("merged_down.xlsx")
    assert [row.cells["Camp"] for row in table.rows] == ["Camp 15"] * 3 + ["Camp 14"]
    assert "filled down" in " ".join(table.notices)
    book = Workbook()
    for row in (["Name", "Camp", "Sex"], ["Kim A", "Camp 1", "m"], ["Ri B", None, None]):
        book.active.append(row)
    book.active.merge_cells("B2:C3")
    rows = read_table(saved(tmp_path, book)).rows
    assert rows[1].cells == {"Name": "Ri B", "Camp": "Camp 1", "Sex": ""}


def test_a_merged_cell_makes_no_person_of_an_empty_row(tmp_path):
    book = Workbook()
    for row in (["Camp", "Name"], ["Camp 1", "Kim A"], [None, "Ri B"], [None, None]):
        book.active.append(row)
    book.active.merge_cells("A2:A4")
    assert len(read_table(saved(tmp_path, book)).rows) == 2


def test_dates_are_what_the_sheet_shows():
    rows = read("dates_as_cells.xlsx").rows
    assert [row.cells["Event date"] for row in rows] == [
        "1997-06-21 12:00:00", "1997-06", "1905", "1905-06-19", "1997-06-21 00:00:00",
    ]  # fmt: skip
    assert ["Event date" in row.dates for row in rows] == [True, True, True, True, False]
    assert rows[2].cells["Date of birth"] == "1900-01-00"
    assert "########" in rows[1].doubts[0]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (36526, numbers.FORMAT_DATE_DDMMYY, "2000-01-01"),
        (36526, '[$-412]yyyy"년" m"월" d"일";@', "2000-01-01"),
        (36526, "mmm\\-yy", "2000-01"),
        (36526, "d-mmm", "01-01"),
        (36526.75, "yyyy/m/d h:mm", "2000-01-01 18:00:00"),
        (0.5, "h:mm", "12:00:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (60, "yyyy-mm-dd", "1900-02-29"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (7, "0000", "0007"),
        (1234.5, "#,##0.00", "1234.5"),
        (12, '"day "0', "12"),
        (0.000012, "0.00E+00", "1.2e-05"),
    ],
)
def test_a_number_is_what_its_format_shows(tmp_path, value, code, shown):
    book = Workbook()
    book.active.append(["Name", "When"])
    book.active.append(["Kim A", None])
    book.active["B2"].value = value
    book.active["B2"].number_format = code
    path = changed(saved(tmp_path, book), lambda name, content: content.replace(b't="d"', b""))
    assert read_table(path).rows[0].cells["When"] == shown


def test_a_workbook_that_counts_from_1904_is_read_so(tmp_path):
    book = Workbook()
    book.active.append(["Name", "When"])
    book.active.append(["Kim A", 35064])
    book.active["B2"].number_format = "yyyy-mm-dd"
    book.epoch = CALENDAR_MAC_1904
    assert read_table(saved(tmp_path, book)).rows[0].cells["When"] == "2000-01-01"


def test_formulas_that_were_never_computed_are_said_and_give_no_value(tmp_path):
    table = read("formula_name.xlsx")
    assert [row.cells["Name"] for row in table.rows] == ["", ""]
    assert "B2" in table.rows[0].doubts[0]
    assert "never computed" in " ".join(table.notices)
    book = Workbook()
    book.active.append(["Name", "Age"])
    book.active.append(["Kim A", "=40+5"])
    path = changed(saved(tmp_path, book), lambda name, content: content.replace(b"<v/>", b"<v>0</v>").replace(
        b"<v />", b"<v>0</v>"))  # fmt: skip
    assert read_table(path).rows[0].cells["Age"] == ""  # 0 that a program wrote for a formula to be computed later


def test_furigana_over_a_name_is_no_part_of_it(tmp_path):
    book = Workbook()
    book.active.append(["Name"])
    book.active.append(["架空人"])
    path = saved(tmp_path, book)

    def with_furigana(name, content):
        return content.replace(
            "<t>架空人</t>".encode(), '<t>架空人</t><rPh sb="0" eb="1"><t>カクウジン</t></rPh>'.encode()
        )

    assert names(read_table(changed(path, with_furigana))) == ["架空人"]


def test_sheets_with_other_columns_are_each_read_by_their_own_heading(tmp_path):
    book = Workbook()
    for row in (["Name", "Sex"], ["Kim A", "m"]):
        book.active.append(row)
    other = book.create_sheet("later")
    for row in (["Camp", "Name", "Year"], ["Camp 1", "Ri B", 1998]):
        other.append(row)
    book.create_sheet("about").append(["Made by the committee"])
    table = read_table(saved(tmp_path, book))
    assert [dict(row.cells) for row in table.rows] == [
        {"Name": "Kim A", "Sex": "m"}, {"Camp": "Camp 1", "Name": "Ri B", "Year": "1998"},
    ]  # fmt: skip
    assert "about" in " ".join(table.notices)


def test_the_rows_of_a_form_s_repeat_get_the_cells_of_their_interview():
    table = read("kobo_repeat.xlsx")
    assert [(row.cells["name"], row.cells["date_event"], row.cells["camp"]) for row in table.rows] == [
        ("Ri Chol Su", "1997-03-02", "Camp 15"), ("Kim Sun Hui", "1997-03-02", "Camp 15"),
        ("Pak Yong Nam", "1998-04", "Camp 14"),
    ]  # fmt: skip
    assert "joined" in " ".join(table.notices)


def test_blank_and_repeated_headings_are_kept_under_names_of_their_own(tmp_path):
    assert read("pandas_index.csv").columns[0] == "(column A)"
    path = tmp_path / "list.csv"
    path.write_text("Name,Notes,Notes,\nKim A,x,y,z\n", encoding="utf-8")
    table = read_table(path)
    assert table.columns == ("Name", "Notes", "Notes (2)", "(column D)")
    assert list(table.rows[0].cells.values()) == ["Kim A", "x", "y", "z"]
    assert "'Notes'" in " ".join(table.notices)


def test_a_thousand_columns_are_read(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(",".join(["Name", *(f"q{n}" for n in range(1500))]) + "\n" + ",".join(["Kim A", *["1"] * 1500]))
    assert len(read_table(path).rows[0].cells) == 1501


def test_a_password_is_called_a_lock():
    with pytest.raises(InputRefused, match="locked with a password"):
        read("password.xlsx")


def test_the_line_that_excel_writes_for_itself_is_no_heading():
    table = read("sep.csv")
    assert (table.columns, names(table)) == (("Name", "Sex", "Date of birth"), ["Ri Chol Su"])


def test_errors_of_a_spreadsheet_stay_the_words_of_their_cells(tmp_path):
    assert names(read("errors.csv")) == ["#REF!", "#N/A", "Ri Chol Su"]
    book = Workbook()
    book.active.append(["Name"])
    book.active.append(["#REF!"])
    book.active["A2"].data_type = "e"
    assert names(read_table(saved(tmp_path, book))) == ["#REF!"]


def test_text_that_excel_writes_as_a_formula_keeps_its_zeros(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b'Name,No\r\nKim A,="007"\r\n')
    assert read_table(path).rows[0].cells["No"] == "007"


def test_titles_above_a_csv_and_notes_below_it_are_no_rows(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("List of the missing;;\n;;\nName;Sex;Camp\nKim A;m;Camp 1\nSource: the committee;;\n")
    table = read_table(path)
    assert (table.columns, names(table)) == (("Name", "Sex", "Camp"), ["Kim A"])
    assert [(one.line, "note" in one.reason) for one in table.rejected] == [(5, True)]


def test_a_name_with_line_ends_a_device_and_a_pipe_are_refused(tmp_path):
    path = tmp_path / "a\nb.csv"
    path.write_bytes(b"")
    with pytest.raises(InputRefused, match=r"a␤b\.csv is empty"):
        read_table(path)
    for device in ("/dev/null", "/dev/zero"):
        with pytest.raises(InputRefused, match="device"):
            read_table(Path(device))


def test_rows_come_one_by_one_and_the_first_are_there_at_once(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write("Name,Sex\n" + "Kim A,m\n" * 400_000)
    before = time.process_time()
    table = open_table(path)
    assert next(table.rows).line == 2
    first = time.process_time() - before
    assert sum(1 for _ in table.rows) == 399_999
    assert first < (time.process_time() - before) / 4  # a ratio, since machines differ


def test_the_same_file_under_another_ending_is_read_by_its_content(tmp_path):
    shutil.copy(FILES / "old.xls", tmp_path / "list.csv")
    assert names(read_table(tmp_path / "list.csv")) == ["Ri Chol Su", "Kim Sun Hui"]
