"""Names in many scripts and spellings, on lists that no rule was written from.

Development data: the names in ``FORMS`` of ``tests/rooms/test_linkage.py`` and the tables of the invented lists. Test
data, not looked at while the rules were written: ``names_unseen.csv`` and ``hanja_unseen.csv``, public office holders,
athletes, artists and historical figures as their offices, federations and publishers spell them (151 and 84 names, by
hand). What the rules miss on them stays missed: Syngman Rhee, Kim Yu-na, Lee Ufan.
"""

import csv
from pathlib import Path

import pytest

from corroborate.languages.korean import read_hangul, read_hanja, revised, rules
from corroborate.languages.names import explain, list_shares, name_forms, name_keys, partial_name
from corroborate.linkage import PersonEntry, link, quality

HERE = Path(__file__).parent


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def linked(left, right):
    """Quality of linking two lists of names alone; the n-th of one is the n-th of the other."""
    lists = {
        side: [PersonEntry(side, at, (name,)) for at, name in enumerate(names)]
        for side, names in (("one", left), ("other", right))
    }
    truth = {(side, e.row): str(e.row) for side, entries in lists.items() for e in entries}
    return link(lists), truth


def test_hangul_meets_passport_spellings_on_an_unseen_list_by_name_alone():
    names = rows("names_unseen.csv")
    found, truth = linked([r["hangul"] for r in names], [r["roman"] for r in names])
    judged = quality(found, truth, between=True)
    assert judged.precision >= 0.98
    assert judged.recall >= 0.95


def test_hanja_of_an_unseen_list_read_as_their_hangul():
    names = rows("hanja_unseen.csv")
    right = sum(
        (hangul.family, hangul.given) in {(r.family, r.given) for r in read_hanja(row["hanja"])}
        for row in names
        if (hangul := read_hangul(row["hangul"]))
    )
    assert right >= 0.98 * len(names)


def test_names_one_syllable_apart_are_not_matched_by_name_alone():
    names = rows("names_unseen.csv")
    common = [
        "영",
        "수",
        "호",
        "철",
        "성",
        "진",
        "민",
        "정",
        "현",
        "경",
        "미",
        "숙",
        "희",
        "순",
        "자",
        "옥",
        "준",
        "재",
        "지",
        "은",
        "혜",
        "선",
        "우",
        "상",
        "동",
        "인",
        "기",
        "석",
        "태",
        "용",
    ]
    apart = []
    for at, row in enumerate(names):
        hangul = row["hangul"]
        place = 1 + at % (len(hangul) - 1)
        other = next(s for s in common[at % len(common) :] + common if s != hangul[place])
        apart.append(hangul[:place] + other + hangul[place + 1 :])
    found, _ = linked(apart, [r["roman"] for r in names])
    matched = sum(p.decision == "match" and p.left[1] == p.right[1] for p in found.pairs)
    assert matched <= 0.01 * len(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("리영수", "이영수"), ("류은희", "유은희"), ("김련희", "김연희"), ("리렬", "이열"), ("로병철", "노병철"),
        ("김영수", "김 영수"), ("남궁영", "Namgung Young"), ("김정일", "Kim Cengil"), ("김정은", "Ким Чен Ын"),
        ("박근혜", "Пак Кын Хе"), ("이영수", "Ли Ён Су"), ("廣田", "広田"), ("裵勇俊", "배용준"),
        ("Kim, Yong-su", "KIM Yong Su"),
        ("Youngsoo LEE", "Lee Young-soo"), ("Ch'oe Sŏng-ch'ŏl", "최성철"), ("محمد الشامي", "Mohamed ash-Shami"),
        ("خالد بن الوليد", "Khaled Waleed"), ("فاطمة أحمد", "Fatimah Ahmad"), ("أبو عمر", "Abou Omar"),
        ("عبد الرحمن حسن", "Abdul-Rahman Hasan"),
    ],
)  # fmt: skip
def test_writings_of_one_name_share_a_key(one, other):
    assert name_keys(one) & name_keys(other)
    assert explain(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("أبو عمر", "Omar Hassan"), ("김영수", "Kim Yong-ho"), ("이순자", "Lee Sun-hee")],
)
def test_writings_of_two_names_share_none(one, other):
    assert not name_keys(one) & name_keys(other)
    assert not explain(one, other)


def test_a_korean_name_meets_its_katakana_and_says_why():
    why = explain("최성철", "チェ・ソンチョル")
    assert why
    assert "Japanese" in why[0].one


def test_a_list_that_romanises_as_the_south_does_reads_song_as_song():
    south = ["Kim Young-soo", "Lee Hyun-woo", "Park Jeong-hoon", "Choi Eun-kyung", "Yoon Seung-woo"] * 8
    north = ["Kim Yong Su", "Ri Hyon U", "Pak Jong Hun", "Choe Un Gyong", "Yun Sung U", "Ri Hyok Chol"] * 8

    def likely(others):
        return name_forms("Kim Song-ho", list_shares(others))[0].given

    assert likely(south) == "송호"
    assert likely(north) == "성호"


def test_incomplete_names_keep_what_is_left():
    assert partial_name("김○수").given == "?수"
    assert partial_name("Mr. Ri").family == "이"
    assert partial_name("鄭?順").given == "?순"
    assert not name_keys("김○수")


def test_names_written_as_they_sound_meet_their_writing():
    for row in rules()["liaison"]:
        hangul, heard = row["example"].split()
        assert name_keys("김" + hangul) & name_keys(f"Kim {heard}"), row["rule"]


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("김금룡", "Kim Kŭmnyong"), ("김학룡", "Kim Hangnyong"), ("김국련", "Kim Kung-nyŏn"), ("리선락", "Ri Sŏllak"),
        ("김영란", "Ким Ён Нан"), ("김백록", "Kim Baeng-nok"),
    ],
)  # fmt: skip
def test_sounds_that_meet_are_undone_in_every_system_that_writes_them(written, heard):
    assert name_keys(written) & name_keys(heard)


def test_a_name_that_is_written_as_it_sounds_stays_itself():
    for hangul, roman in (("김영남", "Kim Yong-nam"), ("김성민", "Kim Seong-min"), ("김일남", "Kim Il-nam")):
        assert name_keys(hangul) & name_keys(roman)
    assert not name_keys("김영수") & name_keys("Kim Yeong-nan")


def test_a_name_as_one_calls_somebody_meets_the_name():
    for ending, row in rules()["calling"].items():
        called, _, name = row["example"].partition(" for ")
        assert called == name + ending
        assert name_keys("김" + called) & name_keys("김" + name)
    assert not name_keys("김영숙야") & name_keys("김영숙")  # -야 stands behind a vowel
    assert name_forms("김숙이")[0].given == "숙이"  # of two syllables the name itself is likelier


def test_every_rule_has_an_example():
    assert all(row["example"] for row in (*rules()["liaison"], *rules()["calling"].values()))
    assert all("example" in row for part in ("leads", "vowels", "tails") for row in rules()[part].values())


def test_common_syllables_are_read_back_from_their_revised_romanisation():
    missed = [
        syllable
        for syllable in " ".join(rules()["common"][:2]).split()
        if not name_keys("김" + syllable + "호") & name_keys(f"Gim {revised('', syllable).title()}-ho")
    ]
    assert not missed
