"""Kinds of cells rather than rows: whatever is put together by their rules is understood by them."""

import csv
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.importers.coding import Act, CodingTable, coding_table
from corroborate.languages.ages import read_years
from corroborate.languages.dates import read_date
from corroborate.languages.persons import read_person
from corroborate.values import DateSpan, PartialDate, read_name
from corroborate.vocabulary import load

WORDS = {
    "en": (
        "torture",
        "rape",
        "public execution",
        "arbitrary arrest",
        "forced labor",
        "enforced disappearance",
        "beating",
        "forced abortion",
        "abduction",
        "arrest",
        "solitary confinement",
        "deportation",
    ),
    "es": (
        "tortura",
        "violación sexual",
        "ejecución pública",
        "detención arbitraria",
        "trabajo forzado",
        "secuestro",
        "desaparición forzada",
        "golpiza",
        "aborto forzado",
        "esclavitud sexual",
        "deportación",
    ),
    "ko": (
        "고문",
        "강간",
        "공개처형",
        "체포",
        "강제노동",
        "강제실종",
        "구타",
        "강제낙태",
        "납치",
        "구금",
        "총살",
        "성폭행",
        "인신매매",
    ),
    "ja": (
        "拷問",
        "強姦",
        "公開処刑",
        "逮捕",
        "強制労働",
        "強制失踪",
        "殴打",
        "強制堕胎",
        "拉致",
        "拘禁",
        "銃殺",
        "人身売買",
    ),
}
DENIED = {
    "en": (
        "no {}",
        "never {}",
        "without {}",
        "{}: no",
        "no evidence of {}",
        "{} did not occur",
        "{} - none",
        "neither {}",
    ),
    "es": ("no hubo {}", "sin {}", "nunca hubo {}", "{}: no", "niega {}", "ni {}"),
    "ko": ("{} 없음", "{}은 없었다", "{}당하지 않았다", "{} 당한 적 없음", "{} 안 함", "{}한 사실이 없다", "{} 부인"),
    "ja": (
        "{}はなかった",
        "{}されなかった",
        "{}を受けたことはない",
        "{}なし",
        "{}ではない",
        "{}を否定",
        "{}されていない",
    ),
}
SEEN = {
    "en": ("witnessed {}", "saw a {}", "eyewitness of {}"),
    "es": ("presenció {}", "fue testigo de {}", "vio una {}"),
    "ko": ("{}을 목격", "{}하는 것을 봄", "{} 목격함"),
    "ja": ("{}を目撃", "{}を見た", "{}を目撃した"),
}
THREATENED = {
    "en": ("threatened with {}", "fear of {}", "at risk of {}"),
    "es": ("amenazado con {}", "temía {}", "riesgo de {}"),
    "ko": ("{}하겠다고 협박", "{} 위협", "{}할까 두려움"),
    "ja": ("{}すると脅された", "{}を恐れて", "{}の危険"),
}
PAIRS = [(language, word) for language, words in WORDS.items() for word in words]


def said(cell: str) -> set[str]:
    return {act.said for act in coding_table().read(cell).acts}


@pytest.mark.parametrize(("language", "word"), PAIRS)
def test_a_word_alone_is_for_and_dressed_in_a_denial_or_a_threat_it_never_is(language, word):
    assert said(word) == {"for"}
    for pattern in DENIED[language]:
        assert said(pattern.format(word)) <= {"against"}, pattern
    for pattern in SEEN[language]:
        assert said(pattern.format(word)) == {"seen"}, pattern
    for pattern in THREATENED[language]:
        assert said(pattern.format(word)) == {"threatened"}, pattern


@given(st.sampled_from(list(WORDS)), st.data())
def test_several_acts_in_a_cell_are_each_told(language, data):
    first, second = data.draw(st.lists(st.sampled_from(WORDS[language]), min_size=2, max_size=2, unique=True))
    both = coding_table().read(f"{first}; {second}").acts
    terms = {act.term for act in both if act.said == "for"}
    for one in (first, second):
        mine = {act.term for act in coding_table().read(one).acts}
        assert all(any(term.startswith(wanted) or wanted.startswith(term) for term in terms) for wanted in mine)


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_every_term_of_the_vocabulary_is_reached_by_its_own_label(language):
    for entry in load("violations").entries.values():
        acts = coding_table().read(entry.in_language(language)).acts
        assert entry.id in {act.term for act in acts}, entry.in_language(language)


def test_words_of_lists_that_were_collected_elsewhere_are_coded(shared):
    path = shared("reference/additions_2026/headings_and_words.csv")
    manners = {"for": "for", "against": "against", "witness": "seen", "threat": "threatened"}
    rows = [
        r for r in csv.DictReader(path.open(encoding="utf-8")) if r["kind"] == "violation" and r["speaks"] in manners
    ]
    right = 0
    for row in rows:
        wanted = row["violation_ids"].split()
        acts = [
            a
            for a in coding_table().read(row["phrase"]).acts
            if any(a.term == w or a.term.startswith(f"{w}.") for w in wanted)
        ]
        right += any(act.said == manners[row["speaks"]] for act in acts)
    assert right >= 0.98 * len(rows)


def test_a_coder_s_correction_teaches_the_table_with_name_and_day():
    cell = "sent to the white house"
    assert not coding_table().read(cell).acts
    taught = coding_table().with_correction(cell, [Act("liberty.kwanliso")], "A. Coder", date(2026, 3, 1))
    assert taught.read(cell).acts == (Act("liberty.kwanliso"),)
    assert (taught.corrections[0].by, taught.corrections[0].on) == ("A. Coder", date(2026, 3, 1))
    assert not coding_table().read(cell).acts
    with pytest.raises(InvalidValue, match=r"no liberty\.white_house"):
        CodingTable().with_correction(cell, [Act("liberty.white_house")], "A. Coder", date(2026, 3, 1))


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_no_text_breaks_a_reader(text):
    coding_table().read(text)
    read_person(text)
    read_years(text)
    read_date(text, latest=2026, day_first=True, calendar="hijri")


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MESES = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MESIATSY = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


@given(st.dates(date(1900, 1, 2), date(2025, 12, 31)))
def test_a_day_is_read_back_from_every_language(day):
    month = day.month - 1
    for text in (
        f"{day.day} {MONTHS[month]} {day.year}",
        f"{MONTHS[month]} {day.day}, {day.year}",
        f"{day.day:02}-{MONTHS[month][:3]}-{day.year}",
        f"{day.day} de {MESES[month]} de {day.year}",
        f"{day.day} {MOIS[month]} {day.year}",
        f"{day.day} {MESIATSY[month]} {day.year} г.",
        f"{day.day:02}.{day.month:02}.{day.year}",
        f"{day.isoformat()}T10:00:00.000+09:00",
        f"{day.year}. {day.month}. {day.day}.",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert read_date(text, latest=2026).value == PartialDate(day.year, day.month, day.day), text


@given(st.integers(1900, 2025))
def test_years_with_words_around_them_are_spans_and_say_whether_they_are_exact(year):
    whole = (date(year, 1, 1), date(year, 12, 31))
    for text in (
        f"ca. {year}",
        f"{year}?",
        f"around {year}",
        f"약 {year}년",
        f"{year}년경",
        f"{year}年頃",
        f"hacia {year}",
        f"~{year}",
    ):
        reading = read_date(text, latest=2026)
        assert reading.value is not None, text
        assert (reading.value.earliest, reading.value.latest) == whole
        assert reading.approximate, text
    assert read_date(f"before {year}", latest=2026).value == DateSpan(date.min, date(year - 1, 12, 31))
    assert read_date(f"after {year}", latest=2026).value == DateSpan(date(year + 1, 1, 1), date.max)


@given(st.integers(1, 110))
def test_an_age_is_one_number_in_every_language(age):
    for text in (
        f"{age}",
        f"{age}세",
        f"만 {age}세",
        f"満{age}歳",
        f"{age} years old",
        f"{age} años",
        f"{age} ans",
        f"{age} лет",
    ):
        years = read_years(text)
        assert years is not None, text
        assert (years.lowest, years.highest, years.approximate, years.words) == (age, age, False, text)
    counted = read_years(f"세는나이 {age}")
    assert counted is not None
    assert (counted.lowest, counted.highest) == (max(0, age - 2), max(0, age - 1))


NAMES = ("Ri Chol Su", "Xavier Lopez", "방철갑", "李哲洙", "Пак Виктор Иванович", "José Núñez Fabula", "Nguyen Van An")
BESIDE = {
    "Latn": ("Dr. {}", "Mr. {}", "{} (47)", "{}, 47", "{} (m, 47)", "{} and 3 others", "3. {}", "{}?", "{} (b. 1950)"),
    "Hang": ("{} 씨", "{}씨", "{} 선생님", "{}(47세)", "{}, 47세", "{} 외 3명", "{}(남, 47세)", "故 {}", "{} (Ri Il)"),
    "Hani": ("{}さん", "{}氏", "{}（47歳）", "{}ほか3名", "{}先生"),
    "Cyrl": ("г-н {}", "{} (47)", "{}, 47 лет", "{} и ещё 3"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_out_whole_from_whatever_stands_beside_it(name):
    for pattern in ("{}", *BESIDE[read_name(name).script]):
        person = read_person(pattern.format(name))
        assert (person.kind, person.names[0].called) == ("named", name), pattern


def test_values_that_were_sealed_before_are_read_as_they_were():
    from corroborate.records import read_value, write_value

    for before in (
        {"type": "name", "text": "리철수", "script": "Hang", "order": "family-given"},
        {"type": "span", "earliest": "1979-01-01", "latest": "1979-12-31"},
    ):
        assert write_value(read_value(before)) == before
    open_ = DateSpan(date.min, date(1979, 12, 31), approximate=True)
    assert read_value(write_value(open_)) == open_
    assert DateSpan.parse(str(open_)) == open_
