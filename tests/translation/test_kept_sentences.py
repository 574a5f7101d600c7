"""A sentence that is kept as JSON comes back as it was; what another hand wrote in its form can do nothing."""

import json
import os
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.translation import Sentence, of_json, read_back, written

words = st.text(max_size=60)


@given(words | words.map(lambda one: '{"text": ' + one) | words.map(lambda one: json.dumps({"text": one})))
def test_words_of_ones_own_come_back_as_they_are(text):
    assert read_back(written(text)) == text


@given(st.dictionaries(st.sampled_from(["name", "number", "listed"]), words | st.integers(), min_size=1))
def test_a_sentence_comes_back_with_its_places(values):
    said = Sentence(" and ".join(f"{{{name}}}" for name in values), **values)
    again = read_back(written(said))
    assert again == said and again.values == said.values


LOOKS_IN = '{"text": "{a.__reduce__.__globals__[os].environ[HELD]}", "values": {"a": {"text": "x", "values": {}}}}'


@pytest.mark.parametrize(
    "kept",
    [
        LOOKS_IN,
        LOOKS_IN.replace(".__reduce__", ".text.__class__"),
        '{"text": "{a:>{b}}", "values": {"a": 1, "b": 99999999}}',
        '{"text": "{a:>99999999}", "values": {"a": 1}}',
        '{"text": "{b}", "values": {"a": 1}}',
        '{"text": "{0}", "values": {"0": 1}}',
        '{"text": "{", "values": {"a": 1}}',
        '{"text": "{a:d}", "values": {"a": "word"}}',
        '{"text": ',
        '{"text": 1}',
        '{"one": 1}',
        '{"text": "x"}',
        '{"text": "x", "values": [1]}',
        '{"unquoted": true}',
    ],
)
def test_a_place_looks_into_nothing_and_nothing_breaks(kept, monkeypatch):
    monkeypatch.setitem(os.environ, "HELD", "a passphrase")
    said = read_back(kept)
    assert "a passphrase" not in said and len(said) < 300


def test_a_day_is_written_as_its_sentence_asks():
    assert of_json({"text": "since {at}", "values": {"at": str(datetime(2026, 11, 29))}}) == "since 2026-11-29 00:00:00"
