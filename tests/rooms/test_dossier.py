"""The dossier's pages: no holes where a letter should be, and nothing that cannot be set is set."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from corroborate.coalition import demands, register, timeline
from corroborate.disclosure import FindingShown, NameShown, Order, PersonShown, Records, Results, release
from corroborate.dossier import dossier_bytes
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
