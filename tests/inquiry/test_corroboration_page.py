"""What two interviews tell of one person, from the file a stranger made to the page and the command."""

import json

from tests.importing.commanding import WORDS, ran

from corroborate_node import api

TORTURE = "cah.torture.1"
ENTRY = """
source: {{title: {title}}}
consent: {{own: [hold, link, count]}}
people: [{{names: 김뷔라, known: {known}}}]
acts: [{{what: 고문, whom: 김뷔라, where: {where}, when: "{when}", stance: {stance}}}]
"""


def recorded(vault, tmp_path, **said):
    (tmp_path / "entry.yaml").write_text(ENTRY.format(**{"known": "", "stance": "for", **said}), encoding="utf-8")
    return json.loads(ran("interview", tmp_path / "entry.yaml", "--vault", vault, "--json"))


def test_accounts_of_one_person_are_laid_side_by_side_and_their_differences_typed(vault, tmp_path, entered):
    first = recorded(vault, tmp_path, title="Fourth", where="회령", when="1998-05")
    person = first["new"]["people 1"]
    recorded(vault, tmp_path, title="Fifth", where="Hoeryong", when="1999-04", known=person)
    found = next(one for one in shown(vault)["people"] if one["about"] == person)
    assert (found["level"], found["independent"]) == ("corroborated", 2)
    assert {(one["side"], one["kind"]) for one in found["differences"]} == {
        ("where", "renamed"),
        ("when", "a_year_off"),
    }
    recorded(vault, tmp_path, title="Sixth", where="신의주", when="1998-05", known=person, stance="against")
    said = ran("findings", "show", TORTURE, "--vault", vault)
    assert "said not to be so: people 1" in said
    with api.open_vault(vault, WORDS):
        page = entered("hana").get(f"/findings/{TORTURE}").content.decode()
        assert page.index("김뷔라") < page.index("김뷔가"), "of whom it is denied stands first"
        page = entered("hana").get(f"/findings/{TORTURE}/told-of/{person}").content.decode()
        for words in ("Hoeryong", "신의주", "1999-04", "Fifth", "김뷔라"):
            assert words in page
        reader = entered("set").get(f"/findings/{TORTURE}/told-of/{person}").content.decode()
        assert "신의주" in reader
        assert "김뷔라" not in reader, "a reader sees facts, and not who people are"
        assert "Fifth" not in reader
        assert entered("net").get(f"/findings/{TORTURE}/told-of/{person}").status_code == 404
        assert entered("hana").get(f"/findings/{TORTURE}/told-of/person_nothing").status_code == 404


def shown(vault):
    return json.loads(ran("findings", "show", TORTURE, "--vault", vault, "--json"))
