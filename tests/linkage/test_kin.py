"""Parents, spouses and other kin whom lists name, and occupations: what two lists' words for them have in common."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.importers.people import guess_mapping
from corroborate.invented.households import make_households
from corroborate.invented.tables import OCCUPATIONS
from corroborate.languages.kinship import Kin, kin_keys, named_kin, read_kin
from corroborate.languages.occupations import occupation_key, trade
from corroborate.linkage import PersonEntry, link, quality, waterfall
from corroborate.linkage.model import COMPARISONS, KIN, OWN_BIRTH, OWN_GIVEN, gamma
from corroborate.linkage.relatives import counting
from corroborate_cli.lists import entry


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("아버지 리영수, 어머니 박순자", [("father", "리영수"), ("mother", "박순자")]),
        ("리영수의 아들", [("parent", "리영수")]),
        ("父: 李英洙", [("father", "李英洙")]),
        ("父李英洙", [("father", "李英洙")]),
        ("李英洙の長男", [("parent", "李英洙")]),
        ("son of Ri Yong-su", [("parent", "Ri Yong-su")]),
        ("wife of Kim Chol-ho; brother Pak Yong-ho", [("spouse", "Kim Chol-ho"), ("sibling", "Pak Yong-ho")]),
        ("김철수", [("kin", "김철수")]),
        ("兄", []),  # what the reporter is, and no name
        ("미상", []),
        ("unknown", []),
        ("", []),
    ],
)
def test_a_cell_about_kin_is_read_in_three_languages(cell, told):
    assert read_kin(cell) == tuple(Kin(*one) for one in told)


def test_one_father_in_three_scripts_has_a_key_in_common():
    assert set(kin_keys("리영수")) & set(kin_keys("李英洙")) & set(kin_keys("Lee Young-soo"))
    assert kin_keys("Mahmoud") == kin_keys("MAHMOUD")
    assert kin_keys("n/k") == kin_keys("미상") == ()


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("성명", "부", "모", "배우자"), ("name", "father", "mother", "spouse")),
        (("氏名", "父", "母", "配偶者"), ("name", "father", "mother", "spouse")),
        (("Name", "Father's name", "Mother", "Spouse", "Kin of"), ("name", "father", "mother", "spouse", "kin")),
    ],
)
def test_columns_of_parents_are_guessed(headings, fields):
    assert guess_mapping(headings) == dict(zip(fields, headings, strict=True))


def test_a_row_brings_its_kin_to_linkage(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("Name,Father's name,Kin of\nKim Chol-su,Kim Yong-ho,brother of Kim Chol-min\n", encoding="utf-8")
    table = read_table(file)
    (row,) = person_entries(table, checked_mapping(table, {}), "list", latest=2020).entries
    assert entry(row).kin == (Kin("father", "Kim Yong-ho"), Kin("sibling", "Kim Chol-min"))


SIZES = {name: len(levels) for name, levels in COMPARISONS.items()}
any_levels = st.fixed_dictionaries({name: st.integers(-1, size - 1) for name, size in SIZES.items()})


@settings(max_examples=300)
@given(any_levels, st.booleans())
def test_agreement_that_kin_share_counts_only_beside_something_of_the_persons_own(drawn, named):
    """For every pattern of agreement that a pair can have."""
    levels = {name: np.array([level], dtype=np.int8) for name, level in drawn.items()}
    counts = counting(levels, 1, np.array([named]))
    given_agrees = drawn["given"] in {gamma("given", at) for at in OWN_GIVEN}
    same_day = drawn["birth"] in {gamma("birth", at) for at in OWN_BIRTH}
    for name in KIN:
        if counts.of(name)[0]:
            assert given_agrees or same_day
            assert not (name in ("father", "mother", "spouse") and not given_agrees)  # twins share even the day
            assert not counts.apart[0]


GIVEN = [g + h for g in "영수호철성진민현경석" for h in "순옥자금란복향월"]


def crowd(name, count, start):
    surnames = "박최정강조윤장임한오서신권황안송류홍"
    return [
        PersonEntry(name, start + n, (surnames[n % 18] + GIVEN[(n * 7 + start) % 80],), sex="fm"[n % 2],
                    birth=(1925 + n * 3 % 50, 1925 + n * 3 % 50), place=("청진", "회령", "함흥")[n % 3])
        for n in range(count)
    ]  # fmt: skip


def test_brothers_who_share_everything_but_the_given_name_are_never_one():
    """60 pairs: surname, place, arrest, camp, father, mother and year of birth agree, and the given name does not."""
    shared = {"place": "성진", "event": (1977, 1977), "facility": "22호", "sex": "m", "birth": (1950, 1950)}
    chance = np.random.default_rng(8)
    lists = {"a": crowd("a", 200, 0), "b": crowd("b", 200, 0)}
    for n in range(60):
        one, other = (GIVEN[int(at)] for at in chance.choice(80, 2, replace=False))
        while len({*one, *other}) < 4:
            one, other = (GIVEN[int(at)] for at in chance.choice(80, 2, replace=False))
        kin = (Kin("father", "김" + GIVEN[n % 80]), Kin("mother", "리" + GIVEN[-n % 80]))
        lists["a"].append(PersonEntry("a", 1000 + n, ("김" + one,), kin=kin, **shared))
        lists["b"].append(PersonEntry("b", 1000 + n, ("김" + other,), kin=kin, **shared))
    found = link(lists)
    wrong = [p for p in found.pairs if p.decision == "match" and p.left[1] >= 1000 and p.left[1] == p.right[1]]
    assert not wrong


def test_a_father_in_common_tells_namesakes_apart():
    """Two 김영수 of one town: the one with the same father is the one."""
    lists = {"a": crowd("a", 200, 0), "b": crowd("b", 200, 0)}
    for rows in lists.values():  # fathers of the crowd, so that the lists teach what agreement in them is worth
        rows[:] = [
            PersonEntry(e.list, e.row, e.names, e.complete, e.sex, e.birth, e.place,
                        kin=(Kin("father", e.names[0][0] + GIVEN[e.row % 80]),)) for e in rows
        ]  # fmt: skip
    for row, father in ((900, "김철호"), (901, "김복남")):
        lists["a"].append(PersonEntry("a", row, ("김영수",), place="청진", sex="m", kin=(Kin("father", father),)))
    lists["b"].append(
        PersonEntry("b", 900, ("Kim Yong Su",), place="Chongjin", sex="m", kin=(Kin("parent", "Kim Pok Nam"),))
    )
    decided = {(p.left[1], p.right[1]): p.decision for p in link(lists).pairs}
    assert decided[901, 900] == "match"
    assert decided.get((900, 900)) != "match"


def test_brothers_born_apart_and_people_whom_a_row_names_as_kin_are_relatives():
    kin = (Kin("father", "김철호"), Kin("mother", "리순자"))
    lists = {"a": crowd("a", 200, 0), "b": crowd("b", 200, 0)}
    lists["a"].append(PersonEntry("a", 900, ("김영수",), birth=(1950, 1950), place="성진", sex="m", kin=kin))
    lists["b"].append(PersonEntry("b", 900, ("김영호",), birth=(1952, 1952), place="성진", sex="m", kin=kin))
    lists["a"].append(PersonEntry("a", 901, ("최진옥",), place="성진", event=(1980, 1980), facility="22호"))
    lists["b"].append(PersonEntry("b", 901, ("최진복",), place="성진", event=(1980, 1980), facility="22호",
                                  kin=(Kin("sibling", "최진옥"),)))  # fmt: skip
    found = link(lists)
    evidence = found.evidence
    for row in (900, 901):
        at = next(
            n for n, (i, j) in enumerate(zip(evidence.left.tolist(), evidence.right.tolist(), strict=True))
            if evidence.places[i][1] == evidence.places[j][1] == row
        )  # fmt: skip
        assert evidence.counts.apart[at]
        assert evidence.relative[at]
        assert not evidence.clustering.matched[at]
        assert all(bar.weight <= 0 for bar in waterfall(found, ("a", row), ("b", row)) if bar.counted
                   and bar.comparison in ("place", "event", "facility", "father", "mother", "family"))  # fmt: skip


def listed(row):
    kin = named_kin([(which, name) for which in ("father", "mother") if (name := getattr(row, which)) is not None])
    return PersonEntry(
        row.list, row.row, tuple(filter(None, (row.name, row.hanja))), sex=row.sex,
        birth=(row.born, row.born) if row.born else None, place=row.place,
        event=(row.taken, row.taken) if row.taken else None, kin=kin,
    )  # fmt: skip


def test_households_whose_parents_are_named_are_matched_one_to_one():
    rows = make_households(17, 300)
    assert sum(row.father is not None for row in rows) > 0.2 * len(rows)
    lists = {name: [listed(r) for r in rows if r.list == name] for name in ("register", "testimony")}
    found, truth = link(lists), {(r.list, r.row): str(r.person) for r in rows}
    assert quality(found, truth, between=True).f1 >= 0.99
    assert quality(found, truth).precision >= 0.98


def test_an_occupation_is_one_in_three_languages():
    for every in zip(OCCUPATIONS["ko"], OCCUPATIONS["ja"], OCCUPATIONS["en"], strict=True):
        assert len(set(map(trade, every))) == 1
        assert trade(every[0]) is not None
    assert occupation_key("광부") == occupation_key("Miner") == occupation_key("鉱夫") == occupation_key("former miner")
    assert occupation_key("간호원") == occupation_key("看護婦") == occupation_key("nurses")


def test_a_coal_miner_is_near_a_miner_and_a_teacher_is_not():
    assert occupation_key("coal miner") == occupation_key("탄부") != occupation_key("miner")
    assert trade("coal miner") == trade("miner") != trade("teacher")
    assert trade("primary school teacher") == trade("소학교 교원") == "teaching"
    assert trade("xyz") is None
