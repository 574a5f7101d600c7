"""Public proceedings: in the vocabulary, in the register's bytes and in the dossier, each with a source that opens."""

import csv
import io
import re
from datetime import date

import pypdfium2
import pytest

from corroborate.disclosure import Order, Records, Release, Results, release
from corroborate.dossier import dossier_bytes, dossier_html
from corroborate.errors import InvalidValue
from corroborate.public_record import commission, looked_at, populations, proceedings
from corroborate.public_record.proceedings import KINDS, Proceeding
from corroborate.registers import register_files
from corroborate.values import PartialDate
from corroborate.vocabulary import load

TONGUES = ("en", "ko", "ja", "es")


@pytest.fixture(scope="module")
def made():
    order = Order("Public record", "Coalition", "public", date(2026, 11, 30))
    results = Results(found=commission(), populations=populations(), proceedings=proceedings())
    return release(order, Records(), results)


def test_each_says_what_it_is_in_four_languages_who_decided_and_where_a_reader_opens_it():
    for one in proceedings():
        assert one.kind in KINDS
        assert one.body and one.links, one.id
        assert all(one.labels.get(code) for code in TONGUES), one.id
        assert not one.became or all(one.became.get(code) for code in TONGUES), one.id
        assert str(one.date) <= looked_at(), one.id


def test_figures_and_days_are_the_same_in_every_language():
    for entry in load("proceedings").entries.values():
        for labels in (entry.label, entry.more.get("became", {})):
            years = {code: sorted(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)) for code, text in labels.items()}
            assert len({tuple(one) for one in years.values()}) <= 1, (entry.id, years)


def test_nothing_is_later_than_the_newest_page_that_was_looked_at():
    assert looked_at() <= str(date(2026, 11, 30))
    newest = [day for entry in load("proceedings").entries.values()
              for text in (entry.label["en"], entry.more.get("became", {}).get("en", ""))
              for day in re.findall(r"\b20\d\d\b", text)]  # fmt: skip
    assert max(newest) <= looked_at()[:4]


def test_a_kind_that_is_none_is_refused_by_its_name():
    with pytest.raises(InvalidValue, match="no kind of proceeding"):
        Proceeding("proc.x", "rumour", PartialDate(2020), "x", {"en": "x"}, {}, "x", "seen")


def test_the_register_holds_each_once_and_a_release_that_was_read_again_the_same(made):
    again = Release.from_json(made.to_json())
    assert again.record == made.record
    rows = list(csv.DictReader(io.StringIO(register_files(again)["proceedings.csv"].decode())))
    assert [row["id"] for row in rows] == [one.id for one in proceedings()]
    assert {row["looked_at_to"] for row in rows} == {looked_at()}
    assert all(row["links"].startswith("http") for row in rows)


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Proceedings"), ("ko", "절차"), ("ja", "手続き"), ("es", "Procesos")]
)
def test_the_dossier_says_what_became_of_each_and_how_far_anybody_looked(made, language, heading):
    pages = pypdfium2.PdfDocument(dossier_bytes(made, language))
    text = re.sub(r"\s+", "", "".join(page.get_textpage().get_text_bounded() for page in pages))
    html = re.sub(r"\s+", "", dossier_html(made, language).decode())
    for one in proceedings():
        words = re.sub(r"\s+", "", re.split(r"[,:;.。、：]", one.labels[language])[0])
        assert words in text.replace("-", "") or words in text, one.id
        assert words in html, one.id
    assert heading in text
    assert looked_at() in text


def test_a_release_of_an_earlier_version_is_read_as_it_was(made):
    """Its record had no proceedings."""
    import json

    document = json.loads(made.to_json())
    del document["release"]["record"]["proceedings"], document["release"]["record"]["proceedings_to"]
    assert Release.from_json(json.dumps(document).encode()).record.proceedings == ()


def test_on_a_phone_each_cell_says_under_which_heading_it_stands_and_the_title_stands_alone(made):
    html = dossier_html(made, "en").decode()
    assert "<h1>Public record</h1>" in html
    cells = re.findall(r'<td data-heading="What became of it">', html)
    assert len(cells) == len(proceedings())
    assert "<td><td" not in html and html.count("<td") == html.count("</td>")
