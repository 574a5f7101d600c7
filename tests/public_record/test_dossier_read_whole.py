"""The dossier of the public record as its reader reads it, page by page, in each language: nothing cut off, nothing
left in another language, no code for a word."""

import re
import subprocess
import sys

import pypdfium2
import pytest

from corroborate.disclosure import Release, read_signed


def read(path):
    document = pypdfium2.PdfDocument(path)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.fixture(scope="module")
def told(record):
    folder, _ = record
    return {code: read(folder / f"dossier.{code}.pdf") for code in ("en", "ko", "ja", "es")}


@pytest.fixture(scope="module")
def made(record) -> Release:
    return read_signed((record[0] / "release.json").read_bytes()).release


def squeezed(words):
    return "".join(words.split())


def test_every_dispute_about_a_place_stands_in_it_and_none_is_left_out_for_room(told, made):
    disputes = [one for one in made.places if one.conflict]
    assert len(disputes) > 14
    for code, pages in told.items():
        whole = "".join(pages)
        missing = [one.id for one in disputes if squeezed(one.conflict) not in whole]
        assert missing == [], code


@pytest.mark.parametrize("code", ["ko", "ja", "es"])
def test_provinces_places_and_courts_are_called_in_the_reader_s_language(told, made, code):
    whole = "".join(told[code])
    for one in made.places:
        [region] = [label.text for label in one.region if label.language == code]
        assert squeezed(region) in whole, one.id
        # of two places no source gives a name in Korean
        named = [name.text for name in one.names if name.language == code] or [one.names[0].text]
        assert squeezed(named[0]) in whole, one.id
    for one in made.record.proceedings:
        [court] = [label.text for label in one.bodies if label.language == code]
        assert squeezed(court) in whole, one.id


def test_countries_of_members_are_called_by_their_names_in_table_and_picture(record, tmp_path):
    for code, name in (("en", "Republic of Korea"), ("ja", "韓国"), ("es", "Corea del Sur")):
        out = tmp_path / f"{code}.html"
        made = [sys.executable, "-m", "corroborate_cli", "dossier", out, "--release", record[0] / "release.json"]
        subprocess.run([*map(str, made), "--language", code], check=True, capture_output=True, timeout=300)
        page = out.read_text(encoding="utf-8")
        assert f">{name}<" in page
        assert re.search(r"<td[^>]*>[A-Z]{2}</td>", page) is None, "a code for a country"


def test_several_paragraphs_are_called_so(told):
    assert "A/HRC/25/63,paragraphs9-11." in "".join(told["en"])
    assert "A/HRC/25/63,párrafos9-11." in "".join(told["es"])


def test_no_page_but_a_last_one_is_nearly_empty(told):
    for code, pages in told.items():
        short = [number for number, page in enumerate(pages[2:-1], start=3) if len(page) < 120]
        assert short == [], code
