"""The dossier's pages: no holes where a letter should be, and nothing that cannot be set is set."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from corroborate.coalition import demands, register, timeline
from corroborate.disclosure import NameShown, Order, PersonShown, Records, Results, release
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


def test_a_letter_that_no_font_of_ours_holds_stops_the_dossier():
    with pytest.raises(InvalidValue, match="cannot be set"):
        dossier_bytes(decided("ꦗꦮ", "Java", "jv"))
