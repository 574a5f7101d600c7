"""A number and its word agree: in English, and by each language's own rule."""

import json

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate import translation
from corroborate.translation import (
    PLURALS,
    Sentence,
    as_json,
    counted,
    in_language,
    of_json,
    places,
    read_back,
    written,
)

PAIR = ("{n:,} claim counts no more", "{n:,} claims count no more")
# CLDR's samples of each category, in the order of gettext's forms
SAMPLES = {
    "ar": ([0], [1], [2], [3, 10, 103, 110, 1003], [11, 26, 99, 111, 1011], [100, 102, 200, 1000]),
    "es": ([1], [0, 2, 16, 100]),
    "fa": ([0, 1], [2, 17, 100]),
    "ja": ([0, 1, 2, 100],),
    "ko": ([0, 1, 2, 100],),
}


def other_language(monkeypatch, language, pair, forms):
    """A catalogue that a translator made, in place of the files of that language."""
    monkeypatch.setattr(translation, "_shapes", lambda asked: {pair[1]: forms} if asked == language else {})


@given(st.integers(min_value=0))
def test_one_is_said_of_one_alone(number):
    said = Sentence(PAIR, n=number)
    assert said == (f"{number:,} claim counts no more" if number == 1 else f"{number:,} claims count no more")
    assert of_json(json.loads(json.dumps(as_json(said)))).shapes == PAIR == read_back(written(said)).shapes
    assert said.filled(n=1) == "1 claim counts no more"


@pytest.mark.parametrize("language", SAMPLES)
def test_each_language_counts_by_its_own_rule(language, monkeypatch):
    forms = tuple(f"{at} of {{n}}" for at in range(len(SAMPLES[language])))
    other_language(monkeypatch, language, PAIR, forms)
    for at, numbers in enumerate(SAMPLES[language]):
        for number in numbers:
            assert in_language(Sentence(PAIR, n=number), language) == f"{at} of {number}"


def test_a_translators_tool_finds_the_rule_and_as_many_forms_in_every_file():
    files = sorted(path for one in translation.PACKAGES for path in _folder(one).glob("*/*.po"))
    assert files
    for path in files:
        file, language = polib.pofile(str(path)), path.parent.name
        assert file.metadata["Plural-Forms"] == PLURALS[language]
        many = int(PLURALS[language].partition(";")[0].rpartition("=")[2])
        assert {len(one.msgstr_plural) for one in file if one.msgid_plural} <= {many}, path


def _folder(package):
    from importlib.resources import files

    return files(package) / "locale"


def test_spanish_says_one_of_one():
    assert in_language(counted(1, "claim", "claims"), "es") == "1 afirmación"
    assert in_language(counted(2, "claim", "claims"), "es") == "2 afirmaciones"
    assert in_language(counted(1, "claim", "claims"), "ko") == in_language(counted(2, "claim", "claims"), "ko").replace(
        "2", "1"
    )


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ({"name": "1", "n": 5}, 1),  # a list that is called 1
        ({"name": "5", "n": 1}, 0),
        ({"name": "list", "n": "1"}, 0),  # as a page writes numbers
        ({"name": "list", "n": "1,001"}, 1),
        ({"name": "list", "n": "1.5"}, 1),
        ({"name": "list", "n": "many"}, 1),
    ],
)
def test_what_is_counted_is_the_number_not_a_name_in_digits(values, form):
    pair = ("{name}: {n} row", "{name}: {n} rows")
    assert Sentence(pair, **values) == pair[form].format(**values)


def test_a_document_that_is_kept_knows_the_form_for_one():
    said = Sentence(PAIR, n=1)
    kept = places({"warnings": [said]})[str(said)]
    assert Sentence((kept["one"], kept["text"]), **kept["values"]) == said
