"""A file made to break its reader breaks a process of its own, and ends in a sentence."""

import io
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from corroborate.errors import InputRefused
from corroborate.importers import Limits, open_table, read_table
from corroborate.importers.apart import read_table_apart
from corroborate.importers.exports_apart import read_documents_apart
from corroborate.tables import File

FILES = Path(__file__).parent / "files"


@pytest.mark.parametrize(
    "name", ["kobo_repeat.xlsx", "old.xls", "cp1251_ru.csv", "dates_as_cells.xlsx", "blank_rows.csv"]
)
def test_a_limited_process_gives_the_same_table(name):
    assert read_table_apart(FILES / name) == read_table(FILES / name)


def test_its_refusals_are_the_same_sentences(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    for path in (FILES / "password.xlsx", tmp_path / "empty.csv", tmp_path, tmp_path / "none.csv", Path("/dev/null")):
        with pytest.raises(InputRefused) as here:
            read_table(path)
        with pytest.raises(InputRefused) as apart:
            read_table_apart(path)
        assert str(here.value) == str(apart.value)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputRefused, match="pipe"):
        read_table_apart(tmp_path / "pipe.csv")


def test_a_file_that_needs_too_much_of_the_processor_or_of_memory_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("Name,Sex\n" + "Kim A,m\n" * 600_000, encoding="utf-8")
    with pytest.raises(InputRefused, match="1 seconds of the processor"):
        read_table_apart(path, limits=Limits(seconds=1))
    wide = tmp_path / "wide.csv"
    wide.write_bytes(b"Name\n" + "é".encode("cp1252") * (120 << 20))
    with pytest.raises(InputRefused, match="MB to be read"):
        read_table_apart(wide, limits=Limits(memory=400 << 20))


def test_words_that_name_entities_of_their_own_are_not_followed(tmp_path):
    book = Workbook()
    book.active.append(["Name"])
    raw, bomb = io.BytesIO(), io.BytesIO()
    book.save(raw)
    words = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c t="str">'
    lol = words + b"<v>&b;"
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(bomb, "w") as after:
        for name in before.namelist():
            after.writestr(name, lol if "sheet1" in name else before.read(name))
    with pytest.raises(InputRefused, match="entities"):
        read_table(File("bomb.xlsx", content=bomb.getvalue()))


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Name\n" + "Kim A\n" * 1000, encoding="utf-8")
    rows = open_table(path).rows
    next(rows)
    with path.open("a", encoding="utf-8") as more:
        more.write("Ri B\n")
    with pytest.raises(InputRefused, match="changed while it was read"):
        list(rows)


def read_or_refused(name: str, content: bytes) -> None:
    """Either rows or a sentence; anything else fails the test."""
    try:
        read_table(File(name, content=content), limits=Limits(file_bytes=1 << 20))
    except InputRefused as refused:
        assert str(refused)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(min_size=1, max_size=400))
def test_bytes_of_any_kind_end_in_rows_or_in_a_sentence(content):
    read_or_refused("list.csv", content)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(path.name for path in FILES.iterdir() if path.suffix == ".csv")),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 6)), max_size=4),
)
def test_a_list_with_bytes_changed_ends_in_rows_or_in_a_sentence(name, cuts):
    read_or_refused(name, mutated((FILES / name).read_bytes(), cuts))


CUTS = [b"", b"<", b'"', b"9", b"A1", b"-", b"&", b"\x00", b"</row>"]
PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels",
         "xl/sharedStrings.xml", "[Content_Types].xml"]  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from([f"{one}.xlsx" for one in ("strict", "merged_down", "dates_as_cells", "two_heads")]),
    part=st.sampled_from(PARTS),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(CUTS), st.integers(0, 12)), min_size=1, max_size=3),
    drop=st.booleans(),
)  # fmt: skip
def test_a_workbook_with_a_part_changed_ends_in_rows_or_in_a_sentence(name, part, cuts, drop):
    raw = io.BytesIO()
    with zipfile.ZipFile(FILES / name) as before, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as after:
        for one in before.namelist():
            if one != part:
                after.writestr(one, before.read(one))
            elif not drop:
                after.writestr(one, mutated(before.read(one), cuts))
    read_or_refused("list.xlsx", raw.getvalue())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3), st.integers(0, 3)), min_size=1, max_size=4))
def test_a_workbook_with_bytes_changed_ends_in_rows_or_in_a_sentence(cuts):
    read_or_refused("list.xlsx", mutated((FILES / "merged_down.xlsx").read_bytes(), cuts))


@pytest.mark.parametrize("name", ["old.xls", "libre.ods"])
def test_old_workbooks_with_bytes_changed_end_in_rows_or_in_a_sentence(name, tmp_path):
    content = (FILES / name).read_bytes()
    for at in range(0, 8):
        path = tmp_path / f"{at}{name}"
        path.write_bytes(mutated(content, [(0.1 + at / 10, b"\xff\x7f", 2)]))
        try:
            read_table_apart(path)
        except InputRefused as refused:
            assert str(refused)


@pytest.mark.parametrize("name", ["breaks_off.ods", "in_a_circle.xls"])
def test_a_small_workbook_that_its_reader_would_follow_for_ever_ends_in_a_sentence(name):
    with pytest.raises(InputRefused, match=r"broke its reader|no workbook"):
        read_table_apart(FILES / name, limits=Limits(seconds=2))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("asked", [["--help"], ["import", str(FILES / "again.csv"), "--dry-run", "--json"]])
def test_output_onto_a_full_disk_is_an_error_in_a_sentence(asked):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", *asked],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("name", ["old.xls", "libre.ods", "dates_as_cells.xlsx"])
def test_workbooks_changed_in_many_places_end_in_rows_or_in_a_sentence(name):
    chance, content = random.Random(name), (FILES / name).read_bytes()
    for _ in range(60):
        cuts = [(chance.random(), chance.randbytes(chance.randrange(5)), chance.randrange(9)) for _ in range(4)]
        try:
            read_table_apart(File(name, content=mutated(content, cuts)), limits=Limits(seconds=3))
        except InputRefused as refused:
            assert str(refused)


def mutated(content: bytes, cuts: list[tuple[float, bytes, int]]) -> bytes:
    for share, words, gone in cuts:
        at = int(share * len(content))
        content = content[:at] + words + content[at + gone :]
    return content


@pytest.mark.parametrize("name", ["kobo_repeat.xlsx", "old.xls", "cp1251_ru.csv"])
def test_what_lies_in_memory_alone_is_read_the_same_and_touches_no_disk(name, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    held = File(name, content=(FILES / name).read_bytes())
    assert read_table_apart(held) == read_table(FILES / name)
    assert list(tmp_path.iterdir()) == []


def test_what_lies_in_memory_and_breaks_its_reader_is_a_sentence():
    with pytest.raises(InputRefused, match=r"big\.csv broke its reader"):
        read_table_apart(File("big.csv", content=b"name\n" + b"a\n" * 4_000_000), limits=Limits(memory=64 << 20))


def test_a_document_of_a_folder_that_needs_too_much_is_named_and_breaks_a_process_of_its_own(tmp_path):
    for name, times in (("a.txt", 1), ("b.txt", 1_500_000), ("c.srt", 1)):
        (tmp_path / name).write_text("Somebody speaks, and on it goes.\n\n" * times, encoding="utf-8")
    every = sorted(tmp_path.iterdir())
    # a quick machine reads the whole within its seconds, and then counts its passages
    for limits, named in (
        (Limits(memory=250 << 20), r"b\.txt broke its reader"),
        (Limits(seconds=1), r"b\.txt (broke its reader|has [\d,]+ passages)"),
    ):
        with pytest.raises(InputRefused, match=named):
            read_documents_apart(every, limits)
    first, _ = read_documents_apart([every[0], every[2]], Limits(memory=400 << 20))
    assert first is not None and first.sources
