"""A linkage says what it weighed by and what it did not learn; the card links again to the same bytes."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from corroborate.errors import InvalidValue
from corroborate.linkage import read_card
from corroborate.linkage.names import similarity
from corroborate_cli.main import group

WORLDS = Path(__file__).parent / "worlds"
FILES = [str(WORLDS / f"colombia_{side}.csv") for side in "ab"]


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    out = tmp_path_factory.mktemp("first")
    result = CliRunner().invoke(group, ["link", *FILES, "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out


def test_a_linkage_by_its_own_card_is_the_same_to_the_byte(linked, tmp_path):
    result = CliRunner().invoke(group, ["link", *FILES, "--out", str(tmp_path), "--model", str(linked / "model.json")])
    assert result.exit_code == 0, result.output
    for name in ("pairs.csv", "clusters.csv", "overlap.csv", "model.json"):
        assert (tmp_path / name).read_bytes() == (linked / name).read_bytes(), name


def test_the_card_says_from_how_many_pairs_it_was_learned(linked):
    card = json.loads((linked / "model.json").read_text(encoding="utf-8"))
    assert (
        50 <= card["comparisons"]["birth"]["pairs"] <= 150
    )  # of 150 people on both lists, those whose names say all in both
    weights = [level["m"] / level["u"] for level in card["comparisons"]["birth"]["levels"]]
    assert all(more >= less * 0.999999 for more, less in pairwise(weights))
    assert card["names"]["left_out"][1] > 0.1  # the second surname


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda card: card | {"version": 99}, "version 99"),
        (lambda card: {"hello": 1}, "no model card"),
        (lambda card: card | {"comparisons": {"shoe size": {"levels": [], "pairs": 1}}}, "no comparison shoe size"),
        (lambda card: card | {"prior": {}}, "cannot be read"),
        (lambda card: card | {"names": card["names"] | {"order": [2, 0]}}, "chances"),
    ],
)
def test_a_card_that_is_none_is_refused_in_words(linked, change, says):
    card = json.loads((linked / "model.json").read_text(encoding="utf-8"))
    with pytest.raises(InvalidValue, match=says):
        read_card(json.dumps(change(card)))
    with pytest.raises(InvalidValue, match="no model card"):
        read_card("not json")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("محمد حسين الشامي", "Mohamad Hussein Shami"), ("Сергій Щербак", "Serhiy Shcherbak"),
        ("יוסף כהן", "Yosef Cohen"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"), ("شیرین یزدانی", "Shirin Yazdani"),
        ("리영수", "Lee Young-soo"),
        ("အောင်ဆန်းစုကြည်", "Aung San Suu Kyi"), ("Ortega González, Elena", "Elena Ortega Gonzalez"),
        ("राम शर्मा", "Ram Sharma"), ("Bob Fictman", "Robert Fictman"), ("Dr. Ana Gil", "Ana Gil"),
    ],
)  # fmt: skip
def test_writings_of_one_name_are_alike(one, other):
    found = similarity(one, other)
    assert found.score >= 0.85
    assert found.words or found.reading


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hassan Ali", "Hussein Ali"), ("Mahmoud Omar", "Muhammad Omar"), ("حسين علي", "Hassan Ali"),
     ("محمود علي", "محمد علي"),
     ("김영수", "박철호"), ("Ahmad Samir", "Hamad Samir")],
)  # fmt: skip
def test_two_names_are_two(one, other):
    assert similarity(one, other).score < 0.5
