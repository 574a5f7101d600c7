"""Lists in the code pages that they were saved in: read rightly, or asked about; never read wrongly in silence."""

import random
import unicodedata
from pathlib import Path

import pytest
import yaml

from corroborate.errors import InputRefused
from corroborate.importers import read_table
from corroborate.tables.letters import guessed

WORDS = {
    language: (words["heading"], words["cells"], words["pages"])
    for language, words in yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")).items()
}
CASES = [(language, page) for language, (_, _, pages) in WORDS.items() for page in pages]


def encoded(text: str, page: str) -> bytes:
    """Bytes as a program of that time wrote them: in Vietnamese the tones follow their letters."""
    if page != "cp1258":
        return text.encode(page)
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        try:
            out += letter.encode(page)
        except UnicodeEncodeError:
            out += (rest + tones).encode(page)
    return out


def a_list(language: str, rows: int, seed: int, own_heading: bool = True) -> str:
    heading, cells, _ = WORDS[language]
    chance = random.Random(f"{language} {rows} {seed}")
    lines = [heading if own_heading else "Name;Sex;Place"]
    lines += [f"{chance.choice(cells)};{chance.choice('MF')};{chance.randrange(1950, 2010)}" for _ in range(rows)]
    return unicodedata.normalize("NFC", "\n".join(lines) + "\n")


@pytest.mark.parametrize(("language", "page"), CASES)
def test_a_list_of_sixty_rows_is_read_in_its_own_code_page(language, page):
    text = a_list(language, 60, seed=1)
    letters = guessed(encoded(text, page), "list.csv")
    assert letters.text == text
    assert not letters.unsure


@pytest.mark.parametrize(("language", "page"), CASES)
def test_a_list_of_three_rows_is_read_rightly_or_asked_about(language, page):
    for seed in range(4):
        text = a_list(language, 3, seed, own_heading=bool(seed % 2))
        letters = guessed(encoded(text, page), "list.csv")
        assert letters.text == text or letters.unsure, (letters.encoding, letters.notices)


def test_most_short_lists_need_no_question():
    asked = [bool(guessed(encoded(a_list(one, 3, seed), page), "x").unsure) for one, page in CASES for seed in range(4)]
    assert sum(asked) < 0.12 * len(asked)


def test_a_reading_is_shown_with_samples(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("Name,Sex\nJosé Muñoz,m\nÁngel Peña,m\n".encode("cp1252"))
    table = read_table(path)
    assert table.encoding == "cp1252"
    assert "José Muñoz" in table.notices[0] and "--encoding" in table.notices[0]


def test_two_readings_that_both_make_sense_are_a_question_with_both_samples(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("Name,Sex\nAna Dačić,f\n".encode("cp1250"))
    table = read_table(path)
    assert "more than one way" in table.unsure
    assert "Dačić" in table.unsure
    assert table.unsure in table.notices
    assert not read_table(path, encoding="cp1250").unsure


@pytest.mark.parametrize("page", ["iso2022_jp", "iso2022_kr", "hz", "utf-32", "utf-16-be"])
def test_encodings_that_say_themselves_are_read_as_they_say(tmp_path, page):
    text = {"iso2022_kr": "성명,성별\n가상인,남\n", "hz": "姓名,性别\n王虚构,男\n"}.get(
        page, "氏名,性別\n架空太郎,男\n"
    )
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(page))
    assert next(iter(read_table(path).rows[0].cells.values())) == text.split("\n")[1].split(",")[0]


def test_bytes_that_no_language_has_are_refused():
    with pytest.raises(InputRefused, match="--encoding"):
        guessed(bytes(random.Random(7).choices(range(128, 256), k=4000)), "list.csv")
