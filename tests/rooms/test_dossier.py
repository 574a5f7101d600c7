"""The dossier's pages: no holes where a letter should be, and nothing that cannot be set is set."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import docx
import pypdfium2
import pytest

from corroborate.coalition import demands, register, timeline
from corroborate.disclosure import FindingShown, NameShown, Order, PersonShown, Records, Results, release
from corroborate.dossier import dossier_bytes, dossier_html, dossier_word
from corroborate.errors import InvalidValue


def decided(name: str, script: str, language: str):
    found = release(
        Order("Dossier", "Test", "public", date(2026, 1, 1), invented=True),
        Records(),
        Results(members=register(), demands=demands(), timeline=timeline()),
    )
    return replace(found, persons=(PersonShown((NameShown(name, script, language),), (), 1),))


@pytest.mark.parametrize(
    ("name", "script", "language"), [("김갑돌", "Hang", "ko"), ("横田高志", "Hani", "ja"), ("ヨコタ", "Kana", "ja")]
)
def test_a_name_can_be_read_out_of_the_pdf_again(name, script, language):
    document = pypdfium2.PdfDocument(dossier_bytes(decided(name, script, language)))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert name in text


def test_findings_stand_under_their_crime_and_small_numbers_stay_small():
    known = FindingShown(
        "Torture", "art. 7(1)(f)", "cah.torture.1", "conduct", "The person caused severe pain.", 12, 0, 3, (), None,
        "several roots", "", "Reasonable grounds to believe", "draft",
    )  # fmt: skip
    silent = replace(known, crime="Apartheid", article="art. 7(1)(j)", claims_for=0, roots=0, support="none")
    found = replace(decided("김갑돌", "Hang", "ko"), findings=(known, silent))
    pages = pypdfium2.PdfDocument(dossier_bytes(found))
    text = " ".join("".join(page.get_textpage().get_text_bounded() for page in pages).split())
    assert "The person caused severe pain. 12 0 3 fewer than 10 several roots" in text
    assert text.index("Crimes to which no claim speaks") < text.rindex("Apartheid")


def test_a_letter_that_no_font_of_ours_holds_stops_the_dossier():
    with pytest.raises(InvalidValue, match="cannot be set"):
        dossier_bytes(decided("ꦗꦮ", "Java", "jv"))


@pytest.mark.parametrize(
    ("language", "heading", "crime", "asked"),
    [("ko", "확인", "고문", "요구"), ("ja", "確かめ", "拷問", "要求"), ("es", "Cómo", "Tortura", "pide")],
)
def test_a_dossier_in_another_language_says_its_own_words_in_it_and_keeps_others_as_they_wrote(
    language, heading, crime, asked
):
    known = FindingShown(
        "Torture", "art. 7(1)(f)", "cah.torture.1", "conduct", "The person caused severe pain.", 12, 0, 3, (), None,
        "several roots", "", "Reasonable grounds to believe", "draft",
    )  # fmt: skip
    found = replace(decided("김갑돌", "Hang", "ko"), findings=(known,))
    document = pypdfium2.PdfDocument(dossier_bytes(found, language))
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert heading in text and crime in text and asked in text and "김갑돌" in text
    for english in ("How to check this", "Contents", "What is asked", "Kind", "several roots", "Latest evidence"):
        assert english not in text, english
    assert dossier_bytes(found, language) == dossier_bytes(found, language)


def test_a_language_that_we_have_not_is_refused():
    with pytest.raises(InvalidValue, match="no language 'fr'; there are en, ko, ja, es"):
        dossier_bytes(decided("김갑돌", "Hang", "ko"), "fr")


class Told(HTMLParser):
    """Headings, cells and addresses of a page."""

    def __init__(self):
        super().__init__()
        self.headings, self.cells, self.loads, self._in = [], 0, [], ""

    def handle_starttag(self, tag, attrs):
        self.cells += tag in ("td", "th")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append("")
            self._in = tag
        given = dict(attrs)
        if tag in ("img", "script", "link", "iframe"):
            self.loads.append(given.get("src") or given.get("href") or "")

    def handle_endtag(self, tag):
        self._in = "" if tag == self._in else self._in

    def handle_data(self, data):
        if self._in:
            self.headings[-1] += data


def told(page):
    found = Told()
    found.feed(page.decode())
    return found


def test_page_and_word_file_say_what_the_pdf_says():
    made = decided("김갑돌", "Hang", "ko")
    html, word = dossier_html(made, "ko"), dossier_word(made, "ko")
    assert (html, word) == (dossier_html(made, "ko"), dossier_word(made, "ko")), "the same bytes twice"
    page, file = told(html), docx.Document(io.BytesIO(word))
    pdf = pypdfium2.PdfDocument(dossier_bytes(made, "ko"))
    text = "".join("".join(one.get_textpage().get_text_bounded() for one in pdf).split())
    own = [one for one in page.headings if one]
    assert len(own) > 10
    assert [one for one in own if "".join(one.split()) not in text] == []
    headings = [one.text for one in file.paragraphs if one.style.name.startswith(("Heading", "Title"))]
    assert [one.strip() for one in headings] == [one.strip() for one in own if "차례" not in one]
    assert sum(len(row.cells) for table in file.tables for row in table.rows) == page.cells
    everything = " ".join(one.text for one in file.paragraphs)
    assert "김갑돌" in html.decode()
    assert "김갑돌" in everything
    assert file.core_properties.language == "ko"


def test_the_page_loads_nothing_and_pictures_are_described():
    html = dossier_html(decided("Ann", "Latn", "en"))
    page = told(html)
    assert page.loads
    assert all(one.startswith("data:image/") for one in page.loads)
    assert "default-src 'none'" in html.decode()
    assert html.decode().count("<h1>") == 1
    assert re.findall(r'<img[^>]*alt="[^"]{20,}"', html.decode())
    file = docx.Document(io.BytesIO(dossier_word(decided("Ann", "Latn", "en"))))
    assert file.inline_shapes
    assert all(len(one._inline.docPr.get("descr")) > 20 for one in file.inline_shapes)


def test_a_word_file_keeps_no_day_of_the_machine():
    with zipfile.ZipFile(io.BytesIO(dossier_word(decided("Ann", "Latn", "en")))) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-01-01T00:00:00Z" in file.read("docProps/core.xml")
