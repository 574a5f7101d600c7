"""Promise 2: everybody reads of no place that may be somebody's home, grave or hiding place, by itself."""

import csv
import json

import pytest
from tests.promises.test_p02_from_the_list_to_the_bytes import ran, through_the_door

from corroborate.disclosure.wide_places import leads_home, told_widely

HOUSE = "her house behind the school in Musan"
CELLAR = "the cellar of Pak Chol"
ROWS = [
    ["Name", "Sex", "Violation", "Place of the event", "Detained at", "Consent to publish name"],
    ["Kim Byeol-ga", "f", "arbitrary detention", HOUSE, CELLAR, "yes"],
    ["Ri Byeol-na", "m", "arbitrary detention", "Kwan-li-so No. 15, Yodok", "Kyo-hwa-so No. 12", "yes"],
]
PUBLIC = ("--audience", "public")


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    with (folder / "list.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(ROWS)
    ran("new", folder / "vault", "--name", "Member")
    ran("import", folder / "list.csv", "--vault", folder / "vault")
    ran("log", "checkpoint", "--vault", folder / "vault")
    return folder / "vault"


def test_a_camp_is_told_to_everybody_and_a_house_is_not(vault, tmp_path, found_in):
    number = through_the_door(vault, *PUBLIC)
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert found_in(tmp_path / "package", "Kim Byeol-ga")
    assert found_in(tmp_path / "package", "No. 15, Yodok")
    assert found_in(tmp_path / "package", "Kyo-hwa-so No. 12")
    assert found_in(tmp_path / "package", HOUSE) == []
    assert found_in(tmp_path / "package", CELLAR) == []
    shown = json.loads(ran("release", "show", number, "--vault", vault, "--json"))
    assert "place" in {one["why"] for one in shown["stays"]}


def test_a_house_goes_to_everybody_when_the_release_names_places_and_a_second_person_read_it(vault, tmp_path, found_in):
    number = through_the_door(vault, *PUBLIC, "--words", "event_place", "--words", "place", second=False)
    shown = json.loads(ran("release", "show", number, "--vault", vault, "--json"))
    assert shown["needs_second"]
    assert HOUSE in ran("release", "show", number, "--vault", vault)
    ran("pack", tmp_path / "early", "--release", number, "--vault", vault, code=1)
    ran("release", "confirm", number, "--as", "S. Mori", "--account-passphrase-file", vault.parent / "S. Mori.txt",
        "--vault", vault)  # fmt: skip
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert found_in(tmp_path / "package", HOUSE)


def test_a_body_that_may_read_it_reads_where(vault, tmp_path, found_in):
    number = through_the_door(vault, "--audience", "named body", "--body", "OHCHR")
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert found_in(tmp_path / "package", HOUSE)


def test_what_became_of_somebody_goes_by_a_word_of_a_list_alone():
    assert not leads_home("fate", "dead")
    assert leads_home("fate", "buried behind her mother's house")
    assert not leads_home("violation", HOUSE)  # held by other rules


@pytest.mark.parametrize(
    "told",
    [
        "Hoeryong",
        "함경북도 회령시",
        "회령시, 함경북도",
        "제22호 관리소",
        "Kwan-li-so No. 22 (Hoeryong)",
        "요덕 수용소",
        "China",
        "북한",
        "전거리교화소",
        "Kyo-hwa-so No. 12, Jongo-ri",
        "Musan-gun",
        "清津",
        "Corea del Norte",
        "North Hamgyong Province",
        "Kwan-li-so n.º 14",
        "第14号管理所（价川）",
    ],
)
def test_what_holds_many_people_is_wide(told):
    assert told_widely(told)


@pytest.mark.parametrize(
    "told",
    [
        HOUSE,
        "14",
        "회령 14호",
        "무산읍 14호",
        "무산군 22반",
        "Hoeryong, 22",
        "12 Camp road Musan",
        "home",
        "청진시 수남구역",
        "Camp 99",
        "회령 집",
        "the hill above Camp 15",
        "Yodok, the third grave",
        "",
        " , ",
        "집 (회령)",
        "15 Yodok",
        "Chongjin 22-14-3",
        "Chongjin 김철수네 집",
        "Osaka 生野区桃谷3-1-22",
        "Nampo 38.7123 125.4123",
        "Chongjin дом 12",
        "Musan 7-12-3, North Hamgyong",
        "camp 14 1967",
        "camp no 14 no 3",
        "정치범 제14호 제3호 수용소",
        "수용소 14 14",
        "Yodok 김철수네 집",
        "China 22",
        "camp 14, hut 3",
    ],
)
def test_what_may_be_a_home_or_a_grave_is_not(told):
    assert not told_widely(told)
