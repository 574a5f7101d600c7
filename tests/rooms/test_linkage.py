"""Forms of one name meet; relatives do not become one person; a list's person is matched at most once."""

import csv
import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corroborate.invented import make_world, write_lists
from corroborate.invented.tables import SURNAMES, SYLLABLES
from corroborate.languages.names import name_keys
from corroborate.languages.places import facility_key, place_key
from corroborate.linkage import Linkage, link, quality
from corroborate.values import OverlapTable
from corroborate_cli.lists import entry, read_list
from corroborate_cli.main import group

# One name in the systems named: Revised Romanization, McCune-Reischauer, the North's, passports, hanja.
FORMS = [
    (
        "리영수",
        "이영수",
        "李英洙",
        "Ri Yong Su",
        "Yi Yŏng-su",
        "Yi Yong-su",
        "Lee Young-soo",
        "Youngsoo LEE",
        "I Yeong-su",
    ),
    ("최성철", "崔成哲", "Choe Song Chol", "Ch'oe Sŏng-ch'ŏl", "Choi Sung-chul", "Choe Seong-cheol"),
    ("박금순", "朴金順", "Pak Kum Sun", "Park Keum-soon", "Bak Geum-sun", "Geum-sun Bak"),
    ("류은희", "유은희", "柳恩姬", "Ryu Un Hui", "Yoo Eun-hee"),
    ("정광호", "鄭光浩", "Jong Kwang Ho", "Chŏng Kwang-ho", "Jung Kwang-ho", "JEONG Gwangho"),
]


@pytest.mark.parametrize("forms", FORMS)
def test_all_forms_of_one_name_share_a_key(forms):
    assert set.intersection(*({k for k in name_keys(form) if k.startswith("k:")} for form in forms))


def test_different_names_do_not_meet():
    for at, forms in enumerate(FORMS):
        for others in FORMS[at + 1 :]:
            mine, theirs = (set().union(*map(name_keys, each)) for each in (forms, others))
            assert mine.isdisjoint(theirs)


@given(st.sampled_from(SURNAMES), st.sampled_from(SYLLABLES), st.sampled_from(SYLLABLES))
def test_romanisations_of_any_name_meet_its_hangul(surname, one, other):
    hangul = name_keys(surname.hangul + one.hangul + other.hangul)
    for latin in (
        f"{surname.mr} {one.mr}-{other.mr}",
        f"{surname.rr} {one.rr}-{other.rr}".title(),
        f"{surname.passport[0]} {one.passport}-{other.passport}",
    ):
        assert hangul & name_keys(latin), latin


def test_kana_and_hepburn_of_a_japanese_name_meet():
    assert name_keys("よしだ しょうじ") & name_keys("Yoshida Shoji")
    assert name_keys("ﾖｼﾀﾞ ｼｮｳｼﾞ") & name_keys("Shoji YOSHIDA")


def test_an_incomplete_name_has_no_key():
    assert not name_keys("김○수")


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader_of_names(text):
    name_keys(text)
    place_key(text)
    facility_key(text)


def test_places_and_camps_meet_across_scripts_and_former_names():
    assert len({place_key(p) for p in ("김책", "성진", "Kimchaek", "城津", "じょうしん")}) == 1
    assert {facility_key(f) for f in ("22호", "제22호 관리소", "회령 22호", "Camp 22", "No. 22")} == {"22"}


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    lists = write_lists(make_world(5, 3000), folder)
    with (folder / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
        truth = {(r["list"].lower(), r["row"]): r["person"] for r in csv.DictReader(file)}
    out = folder / "out"
    result = CliRunner().invoke(group, ["link", *map(str, lists.files.values()), "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    return folder, out, truth


def test_relatives_taken_together_are_not_one_person(linked):
    _, out, truth = linked
    with (out / "clusters.csv").open(encoding="utf-8", newline="") as file:
        clusters: dict[str, set[str]] = {}
        for row in csv.DictReader(file):
            clusters.setdefault(row["cluster"], set()).add(truth[row["list"], row["row"]])
    mixed = sum(len(people - {"none"}) > 1 for people in clusters.values())
    assert mixed < 0.03 * len(clusters)


def test_precision_and_recall_on_hard_lists(linked):
    _, out, truth = linked
    with (out / "clusters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    groups: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        groups.setdefault(row["cluster"], []).append((row["list"], int(row["row"])))
    found = Linkage((), tuple(map(tuple, groups.values())), OverlapTable(("a",), {}), ())
    known = {(name, int(row)): person for (name, row), person in truth.items() if person != "none"}
    result = quality(found, known)
    assert result.precision >= 0.9
    assert result.recall >= 0.4


def test_the_files_have_the_columns_programs_read(linked):
    _, out, _ = linked
    heads = {
        name: (out / f"{name}.csv").read_text(encoding="utf-8").split("\n")[0]
        for name in ("pairs", "clusters", "overlap")
    }
    assert heads == {
        "pairs": "left_list,left_row,right_list,right_row,weight,probability,decision",
        "clusters": "cluster,list,row,counted",
        "overlap": "a,b,c,d,count",
    }
    summary = json.loads((out / "quality.json").read_text(encoding="utf-8"))
    assert summary["calibrated"] is False
    assert summary["lists"]["a"]["mapping"]["name"] == "성명"


def test_a_person_of_one_list_is_at_most_one_of_another_and_the_result_does_not_change(tmp_path):
    world = write_lists(make_world(6, 600), tmp_path)
    lists = {
        name: [entry(r) for r in read_list(path, name, maps=(), encoding=None, latest=2020)[1].entries]
        for name, path in world.files.items()
    }
    one, other = link(lists), link(lists)
    assert one == other
    matched = {p.left: p.right for p in one.pairs if p.decision == "match"}
    assert matched
    assert sum(one.overlap.counts.values()) == one.overlap.documented
    assert sorted(e for cluster in one.clusters for e in cluster) == sorted(
        (name, e.row) for name, entries in lists.items() for e in entries
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--map", "name"], "FIELD=COLUMN"),
        (["--map", "name=Nobody"], "no file has a column Nobody"),
        (["--truth", "person"], "--truth"),
    ],
)
def test_misuse_ends_in_one_message(tmp_path, options, says):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("Name,Sex\nKim Yong Su,m\n", encoding="utf-8")
    result = CliRunner().invoke(
        group, ["link", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--out", str(tmp_path / "o"), *options]
    )
    assert result.exit_code != 0
    assert says in result.output + str(result.exception)
