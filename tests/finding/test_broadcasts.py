"""Invented broadcasts of two pages in five languages, screened for fifteen invented people: how many of the places
that name them are found, and how many that are found name them. The page of documentation says the same numbers."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from tests.finding.conftest import VAULT, ran

from corroborate_node import api

PLACE = Path(__file__).parent / "broadcasts"
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "find.md"
LANGUAGES = ("ko", "en", "ja", "es", "ru")


@pytest.fixture(scope="module")
def screened(tmp_path_factory):
    """By language: what is named in truth, and what was found: where, and which of ours."""
    folder = tmp_path_factory.mktemp("broadcasts") / "v"
    api.create_vault(folder, "Member", VAULT)
    ran(folder, "import", PLACE / "people.csv")
    with api.open_vault(folder, VAULT) as vault:
        from corroborate_node.core.desk import owner
        from corroborate_node.finding.screening import screen

        desk, found = owner(vault, datetime.now(UTC)), {}
        for language in LANGUAGES:
            text = (PLACE / f"{language}.txt").read_text(encoding="utf-8")
            truth = yaml.safe_load((PLACE / f"{language}.yaml").read_text(encoding="utf-8"))
            named = [(at.start(), words, ours) for words, ours in truth.items() for at in places(text, words, truth)]
            told = [(one.at, one.text, {person.name for person in one.people}) for one in screen(desk, text)]
            found[language] = (named, told)
        yield found


def places(text, words, truth):
    """Where these words stand, but not within longer ones that name somebody."""
    longer = [one for one in truth if words in one and one != words]
    spans = [at.span() for one in longer for at in re.finditer(re.escape(one), text)]
    every = re.finditer(rf"(?<![^\W\d_가-힣一-鿿ぁ-ヿ]){re.escape(words)}", text)
    return [at for at in every if not any(first <= at.start() < last for first, last in spans)]


def figures(named, told):
    """Places found of those that name one of ours, all of those, and of what was found how many name one of ours."""
    right = sum(
        any(near(at, words, where) and ours in people for where, _, people in told) for at, words, ours in named
    )
    true = sum(any(near(at, words, where) and ours in people for at, words, ours in named) for where, _, people in told)
    return right, len(named), true, len(told)


def near(at, words, where):
    return at <= where < at + len(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_says_how_many_are_found(screened, language):
    right, all_, true, told = figures(*screened[language])
    rows = re.findall(rf"^\| {language} \| (\d+) of (\d+) \| (\d+) of (\d+) \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(str(right), str(all_), str(true), str(told))], screened[language]
