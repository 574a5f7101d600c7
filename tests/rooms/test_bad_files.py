"""Files that cannot be taken in end in one clear message; rows that cannot, in a list with their reasons."""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from corroborate.errors import InputRefused
from corroborate.importers import Limits, checked_mapping, person_entries, read_table, rejected_csv


def written(tmp_path, content: bytes, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "no rows"),
        (b"Name,Sex\n", "no rows"),
        (b"\x00\x01\x02Name", "no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "Excel 97"),
        (b"PK\x03\x04broken", "damaged workbook"),
        ((",".join(f"c{i}" for i in range(16_385)) + "\n1\n").encode(), "16385 columns"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path, content, says):
    with pytest.raises(InputRefused, match=says):
        read_table(written(tmp_path, content))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputRefused, match="no file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(InputRefused, match="folder"):
        read_table(tmp_path)


def test_columns_without_a_name_are_refused_with_what_to_do(tmp_path):
    table = read_table(written(tmp_path, b"Colour,Weight\nred,3\n"))
    with pytest.raises(InputRefused, match="--map name=COLUMN"):
        checked_mapping(table, {})
    with pytest.raises(InputRefused, match="no column Shade"):
        checked_mapping(table, {"name": "Shade"})
    with pytest.raises(InputRefused, match="no field shade"):
        checked_mapping(table, {"shade": "Colour"})
    assert checked_mapping(table, {"name": "Colour"})["name"] == "Colour"


def test_a_cell_of_ten_megabytes_rejects_its_row_and_takes_the_others(tmp_path):
    table = read_table(written(tmp_path, b"Name,Notes\n" + b"Kim," + b"x" * (10 << 20) + b"\nRi Yong,ok\n"))
    assert [row.number for row in table.rows] == [2]
    assert "characters" in table.rejected[0].reason


def test_a_bomb_in_a_workbook_is_not_opened(tmp_path):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))
    with pytest.raises(InputRefused, match="would unpack"):
        read_table(written(tmp_path, raw.getvalue(), "list.xlsx"))


def test_an_empty_sheet_is_refused(tmp_path):
    raw = io.BytesIO()
    Workbook().save(raw)
    with pytest.raises(InputRefused, match="no rows"):
        read_table(written(tmp_path, raw.getvalue(), "list.xlsx"))


def test_a_wrong_encoding_is_named_with_its_line_and_the_right_one_is_found(tmp_path):
    path = written(tmp_path, "성명,성별\n김철수,남\n".encode("cp949"))
    with pytest.raises(InputRefused, match="line 1"):
        read_table(path, encoding="utf-8")
    with pytest.raises(InputRefused, match="no encoding"):
        read_table(path, encoding="klingon")
    assert read_table(path).encoding == "cp949"
    assert read_table(written(tmp_path, "氏名,ふりがな\n平山誠,ひらやま\n".encode("cp932"))).encoding == "cp932"


def test_lines_in_two_encodings_are_read_and_said(tmp_path):
    path = written(tmp_path, "성명,비고\n김철수,가\n".encode() + "리영호,나\n".encode("cp949"))
    table = read_table(path)
    assert [row.cells["성명"] for row in table.rows] == ["김철수", "리영호"]
    assert "1 line is in cp949" in table.notices[0]


def test_rows_that_fail_are_collected_and_their_words_are_not_written_again(tmp_path):
    path = written(tmp_path, b"Name,Notes\nKim A,x\n,=cmd()\nKim B,x,y,z\nName,Notes\ntotal,2\n")
    table = read_table(path)
    reading = person_entries(table, checked_mapping(table, {}), "A", latest=2020)
    assert [e.row for e in reading.entries] == [1]
    assert [(r.row, r.reason) for r in reading.rejected] == [
        (2, "has no name"), (3, "has 4 cells, the heading 2"), (4, "repeats the heading"), (5, "is a line of totals"),
    ]  # fmt: skip
    assert rejected_csv(reading.rejected).splitlines()[1] == "2,has no name,3,"


def test_other_delimiters_quotes_and_marks_inside_are_read(tmp_path):
    table = read_table(written(tmp_path, 'Name;Notes\n"Kim\nA";x\n\ufeffRi B;y\n'.encode()))
    assert [row.cells["Name"] for row in table.rows] == ["Kim\nA", "Ri B"]
    assert len(table.notices) == 2


def test_limits_are_the_caller_s(tmp_path):
    path = written(tmp_path, b"Name\nKim\n")
    with pytest.raises(InputRefused, match="the limit is 4"):
        read_table(path, limits=Limits(file_bytes=4))


def test_a_line_in_no_encoding_loses_its_row_and_no_other(tmp_path):
    good = "성명,비고\n김철수,가\n박영희,다\n".encode()
    table = read_table(written(tmp_path, good + b"\x8a\xff\xfe,x\n" + "리영호,나\n".encode("cp949")))
    assert [row.cells["성명"] for row in table.rows] == ["김철수", "박영희", "리영호"]
    assert [(one.row, "lost" in one.reason) for one in table.rejected] == [(3, True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
def test_each_encoding_is_found_by_its_bytes(tmp_path, encoding):
    table = read_table(written(tmp_path, "성명,성별\n김철수,남\n리영희,여\n".encode(encoding)))
    assert [row.cells["성명"] for row in table.rows] == ["김철수", "리영희"]
    assert table.encoding == encoding.removesuffix("-le")


def test_commas_inside_cells_do_not_make_a_semicolon_file_a_comma_file(tmp_path):
    table = read_table(written(tmp_path, b"Name;Notes\nKim, A;x, y, z\nRi, B;p, q\n"))
    assert table.columns == ("Name", "Notes")
    assert table.rows[0].cells == {"Name": "Kim, A", "Notes": "x, y, z"}


def test_a_quotation_mark_that_nobody_closes_does_not_swallow_the_list_in_silence(tmp_path):
    table = read_table(written(tmp_path, b'Name,Notes\nKim,"open\n' + b"Ri,x\n" * 300))
    assert not table.rows
    assert "not closed" in table.rejected[0].reason


def test_a_workbook_s_dates_and_numbers_are_read_as_typed_and_merged_cells_reported(tmp_path):
    book = Workbook()
    sheet = book.active
    for row in (["Name", "Born", "Taken"], ["Kim A", 1958.0, datetime(1978, 3, 12)], ["Kim B", None, None]):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    raw = io.BytesIO()
    book.save(raw)
    table = read_table(written(tmp_path, raw.getvalue(), "list.xlsx"))
    assert table.rows[0].cells == {"Name": "Kim A", "Born": "1958", "Taken": "1978-03-12"}
    assert table.rows[1].cells["Taken"] == "1978-03-12"
    assert any("C2:C3" in notice and "filled down" in notice for notice in table.notices)


def test_a_workbook_whose_sheet_is_no_xml_is_refused(tmp_path):
    raw, broken = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(["Name"])
    book.save(raw)
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(broken, "w") as after:
        for name in before.namelist():
            after.writestr(name, b"<worksheet><sheetData><row" if "sheet1" in name else before.read(name))
    with pytest.raises(InputRefused, match="no workbook"):
        read_table(written(tmp_path, broken.getvalue(), "list.xlsx"))


def test_a_name_whose_letters_were_lost_is_no_name_and_the_other_form_stands(tmp_path):
    table = read_table(written(tmp_path, "성명,한자\n????,李金月\n????,\n김?수,\n".encode()))
    reading = person_entries(table, checked_mapping(table, {}), "A", latest=2020)
    assert [[name.text for name in one.names] for one in reading.entries] == [["李金月"], ["김?수"]]
    assert "its letters were lost" in reading.entries[0].notes[0]
    assert [(one.row, "no letters" in one.reason) for one in reading.rejected] == [(2, True)]
