"""A passage of a document is found by its words, with the place where a person finds it; by nobody who may not see its
document; and by no word once that is withdrawn."""

import json
import unicodedata
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.finding.conftest import OWN, VAULT, ran

from corroborate.languages.excerpts import excerpt
from corroborate.languages.finding import asked_words, plain_letters
from corroborate_node import api


def passages(folder, *words):
    return json.loads(ran(folder, "search", *words, "--in", "passages", "--json"))["passages"]["found"]


def marked(one):
    return [text for text, asked in one["excerpt"] if asked]


@pytest.mark.parametrize(
    ("words", "locator", "shown"),
    [
        ("nineteen days", "line 5", ["nineteen", "days"]),
        ("detention CENTRE chongjin", "line 5", ["détention", "centre", "Chongjin"]),
        ("광장 공개처형", "line 3", ["광장", "공개", "처형"]),
        ("ถูกเผา", "line 7", ["ถูกเผา"]),
        ("borrowed invent", "line 1", ["borrowed", "invented"]),
    ],
)
def test_a_passage_of_a_document_is_found_with_its_place_and_the_words_marked(made, words, locator, shown):
    (one,) = [one for one in passages(made, *words.split()) if "told_in" in one]
    assert (one["where"], one["told_in"], marked(one)) == (locator, "interview 7.txt", shown)
    assert "[" + shown[0] + "]" in ran(made, "search", words, "--in", "passages")


def test_a_passage_is_narrowed_by_its_source_and_by_what_its_source_allows(made):
    assert [one["told_in"] for one in passages(made, "detention", "centre", "--source-kind", "document")] == [
        "interview 7.txt",
        "needletheirs memo.txt",
    ]
    assert passages(made, "detention", "centre", "--source-kind", "witness") == []
    assert len(passages(made, "detention", "centre", "--consent", "hold:own")) == 2
    assert passages(made, "detention", "centre", "--consent", "quote:public") == []
    assert passages(made, "detention", "centre", "--violation", "Torture") == []


def test_a_withdrawn_document_leaves_no_word_and_an_older_index_gains_its_passages(tmp_path):
    from corroborate_node.finding.models import Index, Said, Word
    from corroborate_node.records.models import Source

    api.create_vault(tmp_path / "v", "Member", VAULT)
    paper = tmp_path / "paper.txt"
    paper.write_text("A stay.\n\nThe needleword cellar.\n", encoding="utf-8")
    ran(tmp_path / "v", "import", paper)
    with api.open_vault(tmp_path / "v", VAULT):
        Said.objects.all().delete()
        Index.objects.update(rules=1)  # as a vault of the version before has it
    (one,) = passages(tmp_path / "v", "needleword")
    assert one["where"] == "line 3"
    with api.open_vault(tmp_path / "v", VAULT):
        source = Source.objects.get(title="paper.txt").id
    ran(tmp_path / "v", "withdraw", source, "--on", date.today().isoformat())
    assert passages(tmp_path / "v", "needleword") == []
    with api.open_vault(tmp_path / "v", VAULT):
        assert not Said.objects.filter(source_id=source).exists()
        assert not Word.objects.filter(word__in=("needleword", "cellar", "paper")).exists()


def client(name):
    one = Client(HTTP_HOST="127.0.0.1")
    assert one.post("/log-in", {"username": name, "password": OWN}).status_code == 302
    return one


def test_the_page_marks_the_words_and_leads_to_the_passage(house):
    one = client("whole")
    body = one.get("/search", {"q": "detention centre"}).content.decode()
    assert "détention</mark> <mark>centre</mark>" in body.replace("\n", "")
    address = body.split('class="mark" href="/sources/')[1].split('"')[0]
    page = one.get("/sources/" + address.split("#")[0].replace("&amp;", "&")).content.decode()
    assert f'id="{address.split("#")[1]}"' in page


def test_a_document_of_another_case_is_found_by_nobody_of_this_one(house):
    ours = client("ours").get("/search", {"q": "detention centre"}).content.decode()
    assert "interview 7" in ours
    assert "memo" not in ours
    counts = client("counts").get("/search", {"q": "detention centre"}).content.decode()
    assert "interview 7" not in counts


TEXTS = st.text(st.sampled_from("가각힣 청진공개처형한국ガｶﾞﾟé́̈aeB12.,-\u200b\u00ad\nกาတို"), max_size=120)


@given(TEXTS, TEXTS.map(lambda text: text[:8]), st.sampled_from(["NFC", "NFD"]))
def test_an_excerpt_shows_letters_of_its_text_and_marks_only_what_was_asked(text, question, form):
    text = unicodedata.normalize(form, text)
    parts = excerpt(text, question)
    whole = "".join(one.text for one in parts).strip("…")
    assert whole in " ".join(text.split()) or whole.strip() in " ".join(text.split()) or "\n" in text
    letters = plain_letters(question)
    for one in parts:
        if one.asked:
            assert any(word.removesuffix("*") in plain_letters(one.text) for word in asked_words(letters))
