"""A text may name our people: where, by which rule, and how little a name says. Nothing of the text is kept."""

import json

import pytest
from tests.finding.conftest import OWN, ran

# Invented: nobody in it exists.
BROADCAST = """Evening programme, first page.

Speaking from the studio, the announcer said that Ri Yong Su, a worker of the port of Chongjin, had confessed.
With him stood Ryu Un Hui, 41, and a driver whom the court called Kim Il Nam. Nothing was said of New York Times
reports. 남궁혁은 끝내 나오지 않았다. 유은희동무는 눈물을 흘리며 말하였다고 한다.
재판장은 리 영수에게 무기 교화형을 선고하였다.

Second page, from foreign papers.

昨夜の放送で李英洙の名が読み上げられた。横田めぐみさんの家族は放送を聞いていない。
По словам агентства, Сергей Кузнецов и Ли Ён Су содержались вместе.
وقالت الوكالة إن محمد الشامي نقل إلى مكان آخر
El diario dijo que Mohamed al-Shami fue trasladado. Juan Pérez no fue visto.
"""
LINES = {"Ri Yong Su": 3, "Ryu Un Hui": 4, "남궁혁": 5, "유은희": 5, "리 영수": 6, "李英洙": 10, "横田めぐみ": 10,
         "Ли Ён Су": 11, "محمد الشامي": 12, "Mohamed al-Shami": 13}  # fmt: skip


def test_a_broadcast_of_two_pages_says_whom_it_may_name_and_where(made, tmp_path):
    file = tmp_path / "broadcast.txt"
    file.write_text(BROADCAST, encoding="utf-8")
    named = json.loads(ran(made, "screen", file, "--json"))
    assert {one["text"]: one["line"] for one in named}.items() >= LINES.items()
    by_text = {one["text"]: one for one in named}
    assert "Juan Pérez" not in by_text
    assert "New York Times" not in by_text
    assert {one["name"] for one in by_text["Ri Yong Su"]["people"]} == {"리영수", "李英洙", "Lee Young-soo"}
    assert by_text["남궁혁"]["doubt"] in ("some", "strong")
    assert by_text["리 영수"]["doubt"] == "weak"  # a very common name that three of ours have
    assert "several of ours have it" in by_text["리 영수"]["because"]
    assert all(BROADCAST[one["at"] :].startswith(one["text"]) for one in named)
    assert "남궁혁" in ran(made, "screen", "-", given=BROADCAST)
    assert "No name of ours" in ran(made, "screen", "The weather will be fine in Seoul tomorrow.")


@pytest.mark.parametrize(
    "text",
    ["그때 남 궁 혁 선생을 보았다", "남.궁.혁은 살아 있다", "남·궁·혁", "남궁-혁이 왔다", "남_궁혁을",
     "남\u200b궁\u200b혁이", "남\u00a0궁\u00a0혁", "李 英 洙", "李・英・洙", "李\u2060英洙", "横 田 め ぐ み",
     "横-田-め-ぐ-み", "横\u200b田めぐみ"],
)  # fmt: skip
def test_a_name_whose_letters_stand_apart_is_a_name(made, text):
    """A reader joins them, and so does whoever looks for the name."""
    [one] = json.loads(ran(made, "screen", "-", "--json", given=text))
    assert {"남궁혁", "李英洙", "横田めぐみ"} & {each["name"] for each in one["people"]}


@pytest.mark.parametrize("text", ["ヨ コ タ メ グ ミ", "ヨ・コ・タ　メ・グ・ミ", "ヨ-コ-タ-メ-グ-ミ"])
def test_kana_that_stand_apart_are_read_as_a_name_of_two_words(text):
    from corroborate_node.finding.screening import candidates

    assert "ヨコタ メグミ" in {one.name for one in candidates(text)}


def test_ordinary_words_of_one_syllable_are_no_name(made):
    prose = (
        "그는 한 두 번 왔다가 다시 그 곳 에 갔다. 남·북 관계는 2019-03-12에 바뀌었다. 영·미·중 삼국과 이 한 수. "
        "日・中・韓の三国。ア・イ・ウ・エ・オ"
    )
    assert json.loads(ran(made, "screen", "-", "--json", given=prose)) == []


def test_an_account_that_may_not_see_names_may_not_screen(house):
    from django.test import Client

    one = Client(HTTP_HOST="127.0.0.1")
    one.post("/log-in", {"username": "counts", "password": OWN})
    assert one.post("/search/screen", {"text": BROADCAST}).status_code == 403


@pytest.mark.parametrize(
    ("name", "seen", "unseen"), [("ours", "리영수", "Lee Young-soo"), ("whole", "Lee Young-soo", "Juan")]
)
def test_a_text_names_those_alone_whom_its_reader_may_see(house, name, seen, unseen):
    from corroborate_node.finding.screening import screen

    people = {person.name for one in screen(getattr(house, name), BROADCAST) for person in one.people}
    assert seen in people
    assert unseen not in people


def test_nothing_of_the_text_is_kept(house):
    from django.db import connection
    from django.test import Client

    one = Client(HTTP_HOST="127.0.0.1")
    one.post("/log-in", {"username": "whole", "password": OWN})
    body = one.post("/search/screen", {"text": BROADCAST.replace("studio", "needlestudio")}).content.decode()
    assert "남궁혁" in body
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert "needlestudio" not in str(cursor.fetchall()), table
