"""When, how old and how many, as people of this field write it in English, Korean, Japanese and Spanish.

The tables beside this file hold phrases with the values that they should have, which were written down before the
program was asked. The laws below hold for whatever is put together by the rules of a language.
"""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.importing.test_cells import by_line, dry_run, invented

from corroborate.languages.ages import read_years
from corroborate.languages.dates import DateReading, read_date
from corroborate.languages.numbers import cjk_number, in_digits, read_amount
from corroborate.languages.persons import read_person
from corroborate.values import Age, Amount, DateSpan, PartialDate
from corroborate.values.ages import OLDEST

CELLS = Path(__file__).parent / "cells/phrases"
LATEST = 2026


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((CELLS / f"{name}.csv").open(encoding="utf-8")))


# the tables


@pytest.mark.parametrize("wanted", table("dates"), ids=lambda row: row["cell"])
def test_a_phrase_for_a_time(wanted):
    reading = read_date(wanted["cell"], latest=LATEST)
    if not wanted["earliest"] and not wanted["latest"]:
        assert reading.value is None
        assert reading.notes, "words without a date are doubted"
        return
    assert reading.value is not None
    assert (reading.value.earliest.isoformat(), reading.value.latest.isoformat()) == (
        wanted["earliest"],
        wanted["latest"],
    )
    if wanted["approximate"]:
        assert reading.approximate == (wanted["approximate"] == "yes")


@pytest.mark.parametrize("wanted", table("ages"), ids=lambda row: row["cell"])
def test_a_phrase_for_an_age(wanted):
    age = read_years(wanted["cell"])
    if not wanted["lowest"]:
        assert age is None
        return
    assert age is not None
    assert (str(age.lowest), "" if age.ends is None else str(age.ends)) == (wanted["lowest"], wanted["highest"])
    assert age.approximate == (wanted["approximate"] == "yes")
    assert age.words == wanted["cell"]


@pytest.mark.parametrize("wanted", table("counts"), ids=lambda row: row["cell"])
def test_a_phrase_for_a_number_of_people(wanted):
    amount = read_amount(wanted["cell"])
    if not wanted["lowest"]:
        assert amount is None
        return
    assert amount is not None
    assert (str(amount.lowest), "" if amount.highest is None else str(amount.highest)) == (
        wanted["lowest"],
        wanted["highest"],
    )
    assert amount.approximate == (wanted["approximate"] == "yes")
    assert amount.words == wanted["cell"]


@pytest.mark.parametrize("wanted", table("people"), ids=lambda row: row["cell"])
def test_how_many_a_cell_for_a_name_stands_for(wanted):
    person = read_person(wanted["cell"])
    assert person.kind == wanted["kind"]
    amount = person.others.amount if person.others else person.amount
    count = person.others.count if person.others else person.count
    assert ("" if count is None else str(count)) == wanted["count"]
    assert ("" if amount is None else str(amount)) == wanted["counted"]
    assert [name.text for name in person.names] == ([wanted["name"]] if wanted["name"] else [])


# from the outermost door


def test_a_list_of_phrases_from_the_file_to_what_a_program_reads(tmp_path):
    heads = ["Name", "Age", "Date of arrest", "Number of victims"]
    rows = [
        ["unknown", "in his mid-40s", "1990년대 후반", "두세 명"],
        ["신원미상", "over 60", "2003.7~8", "at least 5"],
        ["desconocido", "treintena", "principios de los noventa", "no más de 10"],
        ["氏名不詳", "五十二歳", "前年の冬", "数十人"],
        ["Fictman Alpha and about 10 others", "fifty-two", "a few days before Chuseok", ""],
    ]
    read = by_line(dry_run(tmp_path, heads, rows))
    ages = [(read[line]["age"]["lowest"], read[line]["age"]["highest"]) for line in range(2, 7)]
    assert ages == [(44, 46), (60, None), (30, 39), (52, 52), (52, 52)]
    times = [read[line].get("event_date", {}).get("earliest") for line in range(2, 7)]
    assert times == ["1995-01-01", "2003-07-01", "1990-01-01", None, None]
    counted = [read[line]["person"].get("counted") for line in range(2, 6)]
    assert [(one["lowest"], one["highest"], one["words"]) for one in counted] == [
        (2, 3, "두세 명"),
        (5, None, "at least 5"),
        (1, 10, "no más de 10"),
        (20, 99, "数十人"),
    ]
    assert [read[line]["person"]["count"] for line in range(2, 6)] == [None] * 4, "a range is no number"
    for line, cell in ((5, "前年の冬"), (6, "a few days before Chuseok")):
        assert {"field": "event_date", "words": cell} in read[line]["unread"]
        assert read[line]["doubts"]
    others = read[6]["person"]["others"]
    assert (others["count"], others["counted"]["approximate"]) == (10, True)


def test_a_number_that_cannot_be_read_is_queued_with_its_words(tmp_path):
    read = by_line(dry_run(tmp_path, ["Name", "Number of victims"], [["unknown", "half"], [invented(1), "2-3"]]))
    assert {"field": "count", "words": "half"} in read[2]["unread"]
    assert any("2-3" in doubt for doubt in read[3]["doubts"]), "one name, and more people than one"
    assert read[3]["person"]["count"] == 1


# laws: what is written out of a number gives the number back

_WORDS = {
    "english": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "tens": "twenty thirty forty fifty sixty seventy eighty ninety",
    "spanish": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis "
    "veintisiete veintiocho veintinueve",
    "decenas": "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "cientos": "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
    "korean tens": "열 스물 서른 마흔 쉰 예순 일흔 여든 아흔",
    "korean ones": "한 두 세 네 다섯 여섯 일곱 여덟 아홉",
}
ENGLISH, TENS, SPANISH, DECENAS, CIENTOS, KOREAN_TENS, KOREAN_ONES = (words.split() for words in _WORDS.values())


def english(n: int) -> str:
    if n >= 1000:
        rest = english(n % 1000) if n % 1000 else ""
        return f"{english(n // 1000)} thousand{' and ' if 0 < n % 1000 < 100 else ' '}{rest}".strip()
    if n >= 100:
        return f"{english(n // 100)} hundred" + (f" and {english(n % 100)}" if n % 100 else "")
    return ENGLISH[n] if n < 20 else TENS[n // 10 - 2] + (f"-{ENGLISH[n % 10]}" if n % 10 else "")


def spanish(n: int) -> str:
    if n >= 1000:
        lead = "mil" if n < 2000 else f"{spanish(n // 1000)} mil"
        return lead + (f" {spanish(n % 1000)}" if n % 1000 else "")
    if n >= 100:
        return "cien" if n == 100 else CIENTOS[n // 100 - 1] + (f" {spanish(n % 100)}" if n % 100 else "")
    return SPANISH[n] if n < 30 else DECENAS[n // 10 - 3] + (f" y {SPANISH[n % 10]}" if n % 10 else "")


def korean(n: int) -> str:
    if n == 20:
        return "스무"
    return (KOREAN_TENS[n // 10 - 1] if n >= 10 else "") + (KOREAN_ONES[n % 10 - 1] if n % 10 else "")


def by_places(n: int, digits: str, units: str) -> str:
    """A number as hanja and Korean write it: 三百二十一, 삼백이십일."""
    made = ""
    for place, unit in zip((1000, 100, 10), units, strict=True):
        if digit := n // place % 10:
            made += (digits[digit] if digit > 1 else "") + unit
    return made + (digits[n % 10] if n % 10 else "")


def hanja(n: int) -> str:
    return by_places(n, "〇一二三四五六七八九", "千百十")


def sino_korean(n: int) -> str:
    return by_places(n, "영일이삼사오육칠팔구", "천백십")


@given(st.integers(1, 9999))
def test_a_number_in_words_is_the_number(n):
    assert in_digits(english(n)) == str(n)
    assert read_amount(f"{english(n)} people") == Amount(n, n, False, f"{english(n)} people")
    plain = spanish(n).translate(str.maketrans("áéíóú", "aeiou"))
    assert in_digits(plain) == str(n)
    assert cjk_number(hanja(n)) == cjk_number(sino_korean(n)) == n
    for cell in (f"{hanja(n)}人", f"{sino_korean(n)} 명", f"{spanish(n)} personas"):
        assert (amount := read_amount(cell)) is not None, cell
        assert (amount.lowest, amount.highest, amount.approximate) == (n, n, False), cell


@given(st.integers(1, 99))
def test_an_age_in_words_is_the_age(n):
    for cell in (
        english(n),
        f"{english(n)} years old",
        f"aged {english(n)}",
        f"{spanish(n)} años",
        f"a los {spanish(n)} años",
        f"{korean(n)} 살",
        f"만 {korean(n)} 살",
        f"{sino_korean(n)}세",
        f"{hanja(n)}歳",
    ):
        assert read_years(cell) == Age(n, n, False, cell), cell


@given(st.integers(1900, 2025))
def test_a_year_in_words_is_the_year(year):
    two = english(year % 100)
    said = f"{english(year // 100)} {two}" if year % 100 > 9 else english(year)
    for cell in (said, spanish(year), f"{hanja(year)}年", f"{sino_korean(year)}년"):
        assert read_date(cell, latest=LATEST).value == PartialDate(year), cell


# laws: a range stays a range, and words that widen never narrow


@given(st.integers(1, 400), st.integers(1, 400))
def test_a_range_of_people_is_never_one_number(one, other):
    low, high = sorted((one, other))
    assume(low < high)
    for cell in (
        f"{low}-{high}",
        f"{low}~{high}명",
        f"between {low} and {high}",
        f"{low} o {high} personas",
        f"{low}～{high}人",
        f"about {low}-{high} people",
        f"{english(low)} to {english(high)}",
        f"entre {spanish(low)} y {spanish(high)} personas",
    ):
        amount = read_amount(cell)
        assert amount is not None, cell
        assert (amount.lowest, amount.highest, amount.named) == (low, high, None), cell


WIDER = (
    "about {}",
    "around {}",
    "약 {}",
    "約{}",
    "unos {}",
    "hacia {}",
    "{} or so",
    "{} aproximadamente",
    "~{}",
    "{}?",
)
LEAST = ("at least {}", "{} or more", "최소 {}", "{} 이상", "{}以上", "少なくとも{}", "al menos {}", "{} o más", "{}+")
MOST = ("no more than {}", "up to {}", "최대 {}", "{} 이하", "{}以下", "hasta {}", "a lo sumo {}", "{} or fewer")


@given(st.integers(1, 5000), st.sampled_from(WIDER))
def test_about_marks_a_number_and_never_narrows_it(n, words):
    amount = read_amount(words.format(n))
    assume(words != "hacia {}" or amount is not None)
    assert amount is not None
    assert amount.lowest <= n <= (amount.highest or n)
    assert not amount.exact


@given(st.integers(1, 5000), st.sampled_from(LEAST + MOST))
def test_an_end_is_an_end_and_no_number(n, words):
    amount = read_amount(words.format(n))
    assert amount is not None
    assert amount.named is None
    assert (amount.lowest, amount.highest) == ((n, None) if words in LEAST else (0, n))


@given(st.integers(1, 99), st.sampled_from(["about {}", "약 {}세", "約{}歳", "unos {} años", "alrededor de {} años"]))
def test_about_an_age_holds_the_age(n, words):
    age = read_years(words.format(n))
    assert age is not None
    assert age.lowest <= n <= age.highest
    assert age.approximate


@given(st.integers(1, 99))
def test_over_and_under_an_age_are_ends(n):
    for cell in (f"over {n}", f"{n}세 이상", f"{n}歳以上", f"más de {n} años", f"{n} or older"):
        age = read_years(cell)
        assert age is not None, cell
        assert (age.lowest, age.ends) == (n, None), cell
    for cell in (f"under {n}", f"{n}세 미만", f"{n}歳未満", f"menor de {n} años"):
        age = read_years(cell)
        assert age is not None, cell
        assert (age.lowest, age.highest) == (0, n - 1), cell


PARTS = {
    "{}s": (0, 9),
    "early {}s": (0, 3),
    "mid-{}s": (4, 6),
    "late {}s": (7, 9),
    "early to mid {}s": (0, 6),
    "mid to late {}s": (4, 9),
    "first half of the {}s": (0, 4),
    "{}년대": (0, 9),
    "{}년대 초": (0, 3),
    "{}년대 중반": (4, 6),
    "{}년대 말": (7, 9),
    "{}년대 전반": (0, 4),
    "{}년대 후반": (5, 9),
    "{}년대 중후반": (4, 9),
    "{}年代前半": (0, 4),
    "{}年代後半": (5, 9),
    "{}年代半ば": (4, 6),
    "principios de los {}": (0, 3),
    "mediados de los años {}": (4, 6),
    "finales de la década de {}": (7, 9),
    "segunda mitad de los {}": (5, 9),
}


@given(st.integers(193, 199).map(lambda n: n * 10), st.sampled_from(sorted(PARTS)))
def test_a_part_of_a_decade_lies_in_the_decade_and_is_marked(start, words):
    whole = read_date(words.format(start), latest=LATEST)
    short = read_date(words.format(start % 100), latest=LATEST)
    first, last = PARTS[words]
    assert whole.value == DateSpan(date(start + first, 1, 1), date(start + last, 12, 31))
    assert whole.approximate == (PARTS[words] != (0, 9))
    assert short.value == whole.value
    assert short.notes, "the century is a guess, and said"


@given(st.integers(1950, 2024), st.integers(1, 11), st.data())
def test_two_months_of_a_year_are_a_span(year, first, data):
    last = data.draw(st.integers(first + 1, 12))
    for cell in (f"{year}.{first}~{last}", f"{year}년 {first}~{last}월", f"{year}年{first}～{last}月"):
        value = read_date(cell, latest=LATEST).value
        assert isinstance(value, DateSpan), cell
        assert (value.earliest, value.latest.month, value.latest.year) == (date(year, first, 1), last, year), cell


@given(
    st.integers(1930, 1988),
    st.sampled_from(["昭和{}年{}月", "昭和{}年の秋", "昭和{}年{}月下旬", "主体{}年{}月", "주체{}년 봄"]),
)
def test_a_year_of_an_era_is_that_year_whatever_stands_behind_it(year, words):
    number = year - (1925 if words.startswith("昭") else 1911)
    reading = read_date(words.format(number, 11), latest=LATEST)
    assert reading.value is not None
    assert (reading.value.earliest.year, reading.value.latest.year) == (year, year)


# laws: what is relative, or has two readings, is no exact date


@given(
    st.integers(1, 99), st.sampled_from(["년 전", "년 후", "年前", "年後", " years ago", " years later", " años antes"])
)
def test_how_long_ago_is_no_date(n, words):
    reading = read_date(f"{n}{words}", latest=LATEST)
    assert reading.value is None
    assert reading.notes


@given(
    st.sampled_from(["spring", "winter", "year", "summer", "night", "month"]),
    st.sampled_from(
        ["the {} before", "the previous {}", "the following {}", "the {} before {year}", "a {} after {year}"]
    ),
    st.integers(1950, 2020),
)
def test_what_is_told_from_another_time_stays_words(unit, words, year):
    reading = read_date(words.format(unit, year=year), latest=LATEST)
    assert reading.value is None
    assert reading.notes


@pytest.mark.parametrize(
    "cell",
    ["1996-7", "the 1900s", "2000년대", "1977年（昭和53年）11月", "1997年度", "3/4/97", "97/3", "음력 1997년 5월"],
)
def test_a_doubt_is_said_where_two_readings_are_possible(cell):
    assert read_date(cell, latest=LATEST).notes


@pytest.mark.parametrize("cell", ["early 1900s", "20년 전", "1997.11~2", "winter 1990-95", "二三人"])
def test_what_is_not_surely_read_stays_words(cell):
    assert read_date(cell, latest=LATEST) == DateReading(None, read_date(cell, latest=LATEST).notes)
    assert read_amount(cell) is None


@given(
    st.text(
        alphabet="0123456789 ~-/.여수십백명세살년월일대초중후반약以上人歳年月数十百二三頃abcdeinorstuy'", max_size=24
    )
)
def test_no_phrase_breaks_a_reader_and_every_reading_keeps_its_words(text):
    read_date(text, latest=LATEST)
    read_person(text)
    if (age := read_years(text)) is not None:
        assert age.words == text.strip()
        assert 0 <= age.lowest <= age.highest <= OLDEST
    if (amount := read_amount(text)) is not None:
        assert amount.words == text.strip()
        assert amount.highest is None or amount.lowest <= amount.highest


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("early spring of {year}", 3, 4),
        ("late autumn {year}", 10, 11),
        ("principios de la primavera de {year}", 3, 4),
        ("{year}년 초봄", 2, 4),
        ("{year}년 이른 봄", 2, 4),
        ("{year}년 늦가을", 10, 11),
        ("{year}年晩秋", 10, 11),
        ("{year}年の初夏", 5, 6),
        ("late winter {year}", 1, 2),
    ],
)
@given(year=st.integers(1950, 2020))
def test_the_beginning_or_end_of_a_season_is_some_of_its_months_and_is_marked(words, first, last, year):
    reading = read_date(words.format(year=year), latest=LATEST)
    assert reading.value is not None
    assert reading.approximate
    assert (reading.value.earliest, reading.value.latest.month) == (date(year, first, 1), last)
    assert reading.value.latest.year == year


@pytest.mark.parametrize(
    ("cell", "sex", "lowest", "ends"),
    [
        ("20-30 year old man", "m", 20, 30),
        ("20-30 year-old male", "m", 20, 30),
        ("man, 20-30 years old", "m", 20, 30),
        ("woman, about 40", "f", None, None),
        ("male, approx. 25", "m", None, None),
        ("an unidentified woman aged 30", "f", 30, 30),
        ("hombre de 20-30 años", "m", 20, 30),
    ],
)
def test_how_old_somebody_was_is_no_name_and_no_number_of_people(cell, sex, lowest, ends):
    person = read_person(cell)
    assert (person.kind, person.names, person.count, person.sex) == ("unnamed", (), 1, sex)
    age = read_years(person.age or "")
    assert age is not None
    if lowest is not None:
        assert (age.lowest, age.ends) == (lowest, ends)


@pytest.mark.parametrize("cell", ["Man 3", "20-30 men", "Kim, about 40", "Guy Man"])
def test_a_number_beside_a_word_for_somebody_is_no_age_by_itself(cell):
    assert read_person(cell).age is None or cell.startswith("Kim")
