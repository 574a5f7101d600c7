"""The law is data of one form: other crimes and modes of liability, each element with its source, in four languages."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from corroborate.cases import law
from corroborate.errors import InvalidValue
from corroborate.translation import in_language
from corroborate.vocabulary import load


def test_every_element_has_an_id_of_its_own_a_kind_and_words_in_four_languages():
    ids = [element["id"] for one in law.entries().values() for element in one.more["elements"]]
    assert len(ids) == len(set(ids))
    for one in law.entries().values():
        assert one.source
        for element in one.more["elements"]:
            for language in ("ko", "ja", "es"):
                assert in_language(element["text"], language) != element["text"], (element["id"], language)


def test_every_law_that_is_offered_has_entries_and_article_seven_is_unchanged():
    by_law = {under: [one for one in law.entries().values() if law.law_of(one) == under] for under in law.LAWS}
    assert all(by_law.values())
    assert sum(len(one.more["elements"]) for one in by_law["article_7"]) == 77
    assert {one.id for one in by_law["article_7"]} == set(load("crimes").entries)


def test_a_mode_of_liability_follows_from_no_act():
    for one in law.entries().values():
        if law.law_of(one) == "modes":
            assert law.like(one) == (one.id,)
            assert all(element["kind"] != "conduct" for element in one.more["elements"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"elemnts": []}, "nobody knows the field 'elemnts'"),
        ({"law": "law_of_the_sea"}, "no law 'law_of_the_sea'"),
        ({"like": ["cah.nothing"]}, "is like 'cah.nothing'"),
        ({"elements": []}, "needs an article and elements"),
        ({"elements": [{"id": "gen.killing.1", "kind": "guess", "text": "x"}]}, "a kind and a text"),
        ({"elements": [{"id": "gen.killing.1", "kind": "conduct", "text": ""}]}, "a kind and a text"),
        ({"elements": [{"id": "other.1", "kind": "conduct", "text": "x"}]}, "begins with it"),
        ({"elements": [{"id": "gen.killing.1", "kind": "conduct", "text": "x", "txt": "y"}]}, "the field 'txt'"),
    ],
)
def test_a_faulty_entry_is_refused_with_what_is_wrong_in_it(change, why):
    one = load("other_law")["gen.killing"]
    with pytest.raises(InvalidValue, match=why):
        law.checked(replace(one, more=MappingProxyType({**one.more, **change})), law.entries())


def test_an_unknown_crime_is_named():
    with pytest.raises(InvalidValue, match=r"no crime 'cah\.nothing'"):
        law.crime("cah.nothing")
