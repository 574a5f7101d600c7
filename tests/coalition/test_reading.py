"""Members read from the shapes in which joint statements print them. All names are invented."""

import io

import docx
import pytest
import typst

from corroborate.coalition.likeness import doubts, mixed, skeleton
from corroborate.coalition.members import read_members
from corroborate.coalition.reading import read_statement
from corroborate.errors import InputRefused

BY_COUNTRY = """Joint letter on access

We ask for access.

Signatories:

Japan
- Niigata Families' Association
- Light House (LH)
Norway:
- Aid and Rights Network - ARN
Republic of Korea
- 새봄인권기록회
"""
RUN_ONE = (
    "Signed by: Families' Voice Network (Norway), Human Rights Bridge (HRB, Japan), Light Foundation, Inc., and "
    "Committee for the Missing (Canada).\n"
)
KOREAN = """공동성명

우리는 요구한다.

서명 단체:
1. 새봄인권기록회 (대한민국)
2. 니가타 가족의 모임(일본)
3. 기록과 연대 네트워크

개인:
4. 한바람 (들꽃대학교 교수)
5. 서리나, 변호사
"""
JAPANESE = """共同声明

賛同団体：
・新潟の会（日本）
・記録と連帯センター（韓国）
個人
・架空太郎（青空大学教授）
"""
INDIVIDUALS = """We sign as individuals.

Individual signatories:
- Mina Holm, Director, Aid House (Norway)
- Prof. Anna Berg (Sky University, Sweden)
- Tom Lind
"""
PLAIN = """Endorsing organisations
Aid House (Norway)
Families' Voice Network (Japan)
Committee for the Missing
"""


def found(text: str) -> list[tuple[str, str, str, str, str]]:
    return [(m.name, m.kind, m.country, m.abbreviation, m.affiliation) for m in read_members(text)]


def test_entries_under_headings_of_countries():
    assert found(BY_COUNTRY) == [
        ("Niigata Families' Association", "organisation", "JP", "", ""),
        ("Light House (LH)", "organisation", "JP", "LH", ""),
        ("Aid and Rights Network", "organisation", "NO", "ARN", ""),
        ("새봄인권기록회", "organisation", "KR", "", ""),
    ]


def test_a_run_of_names_in_one_paragraph_keeps_a_comma_within_a_name_and_flags_it():
    assert found(RUN_ONE) == [
        ("Families' Voice Network", "organisation", "NO", "", ""),
        ("Human Rights Bridge", "organisation", "JP", "HRB", ""),
        ("Light Foundation, Inc.", "organisation", "", "", ""),
        ("Committee for the Missing", "organisation", "CA", "", ""),
    ]
    assert [bool(m.flag) for m in read_members(RUN_ONE)] == [False, False, True, False]


def test_korean_organisations_and_individuals():
    assert found(KOREAN) == [
        ("새봄인권기록회", "organisation", "KR", "", ""),
        ("니가타 가족의 모임", "organisation", "JP", "", ""),
        ("기록과 연대 네트워크", "organisation", "", "", ""),
        ("한바람", "individual", "", "", "들꽃대학교 교수"),
        ("서리나", "individual", "", "", "변호사"),
    ]


def test_japanese_with_full_width_brackets():
    assert found(JAPANESE) == [
        ("新潟の会", "organisation", "JP", "", ""),
        ("記録と連帯センター", "organisation", "KR", "", ""),
        ("架空太郎", "individual", "", "", "青空大学教授"),
    ]


def test_individuals_with_affiliations():
    assert found(INDIVIDUALS) == [
        ("Mina Holm", "individual", "NO", "", "Director, Aid House"),
        ("Prof. Anna Berg", "individual", "SE", "", "Sky University"),
        ("Tom Lind", "individual", "", "", ""),
    ]


def test_one_entry_a_line_without_dashes():
    assert [one[:3] for one in found(PLAIN)] == [
        ("Aid House", "organisation", "NO"), ("Families' Voice Network", "organisation", "JP"),
        ("Committee for the Missing", "organisation", ""),
    ]  # fmt: skip


TABLE = (("Name", "Organization", "Country"), ("Mina Holm", "Aid House", "Norway"), ("Tom Lind", "", "Atlantis"))


def html_table() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    return f"<html><body><script>Signed by: Nobody</script><p>We ask.</p><table>{rows}</table></body></html>".encode()


def word_table() -> bytes:
    document = docx.Document()
    document.add_paragraph("We ask.")
    table = document.add_table(rows=0, cols=3)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize("made", [html_table, word_table])
def test_a_table_names_people_with_their_organisations_and_flags_a_country_it_does_not_know(made):
    members = read_statement(made()).members
    assert [(m.name, m.kind, m.country, m.affiliation) for m in members] == [
        ("Mina Holm", "individual", "NO", "Aid House"), ("Tom Lind", "individual", "", ""),
    ]  # fmt: skip
    assert "Atlantis" in members[1].flag


def test_a_list_in_html_and_in_word():
    page = (
        "<!doctype html><body><h2>Signatories:</h2><ul><li>Aid <b>House</b> (Norway)</li><li>새봄 모임</li></ul></body>"
    )
    document = docx.Document()
    document.add_paragraph("Signatories:")
    for name in ("Aid House (Norway)", "새봄 모임"):
        document.add_paragraph(name, style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    for content in (page.encode(), file.getvalue()):
        read = read_statement(content).members
        assert [(m.name, m.country) for m in read] == [("Aid House", "NO"), ("새봄 모임", "")]


COLUMNS = """#set page(width: 400pt, height: 300pt, margin: 30pt)
#set text(size: 9pt)
We, the undersigned, ask that every place of detention be opened to independent monitors without delay.

Signatories:
#columns(2)[
#for name in ("Aid House (Norway)", "Bridge Network (Japan)", "Committee A (Canada)", "Dawn Group (Sweden)",
  "East Watch (Poland)", "Families First (France)", "Group of Light (Italy)", "Human Voice (Spain)") [- #name \\
  #if name.starts-with("Dawn") { colbreak() }
]]
"""


def test_a_pdf_in_two_columns_is_read_column_by_column(tmp_path):
    source = tmp_path / "two.typ"
    source.write_text(COLUMNS, encoding="utf-8")
    members = read_statement(typst.compile(str(source))).members
    assert [m.name for m in members] == [
        "Aid House", "Bridge Network", "Committee A", "Dawn Group", "East Watch", "Families First", "Group of Light",
        "Human Voice",
    ]  # fmt: skip
    assert all(m.country for m in members)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", b"PK\x03\x04 broken", b"\x00\x01", b"<html></html>"])
def test_a_file_without_a_list_is_refused(content):
    with pytest.raises(InputRefused):
        read_statement(content)


def test_a_paragraph_after_the_list_is_no_member_and_a_line_that_is_no_name_is_refused():
    text = "Signatories:\n- Aid House (Norway)\n- Tom Lind\n\n" + "About the coalition. " * 40
    assert [one[0] for one in found(text)] == ["Aid House", "Tom Lind"]
    with pytest.raises(InputRefused, match="longer than any name"):
        read_members("Signatories:\n- " + "(" * 200_000 + "\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_other_encodings_of_korean_text_are_read(encoding):
    assert len(read_statement(KOREAN.encode(encoding)).members) == 5


def test_names_that_look_alike_are_flagged_and_honest_ones_are_not():
    register = ["Human Rights Watchers", "새봄인권기록회"]
    assert "looks like" in doubts("Humаn Rights Watchers", register)[-1]
    assert mixed("Humаn") == "Humаn"
    assert doubts("Ηuman Rights", register)
    assert "already" in doubts("새봄인권기록회", register)[0]
    for honest in ("NK정보센터", "北韓民主化同盟", "新潟ネットの会", "Žižkov Café", "Права человека", "KINU 북한센터"):
        assert doubts(honest, register) == ()
    assert skeleton("ＮＫ　Watch") == skeleton("NK Watch")
