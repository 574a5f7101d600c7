"""The founding statement read as a careful reader reads it; demands rest on dated events."""

import json
import re

import pytest
from click.testing import CliRunner

from corroborate.coalition import demands, read_members, register, timeline
from corroborate.errors import InputRefused
from corroborate.vocabulary import NAMES, load
from corroborate_cli.main import group


def test_the_founding_statement_is_read_as_its_expected_reading(shared):
    expected = json.loads(shared("reference/icnk_statement_2011.expected.json").read_text(encoding="utf-8"))["members"]
    found = read_members(shared("reference/icnk_statement_2011.txt").read_text(encoding="utf-8"))
    assert [
        (m.name, m.kind, m.country_printed or None, m.abbreviation or None, m.affiliation or None) for m in found
    ] == [(m["name"], m["kind"], m["country_printed"], m["abbreviation_in_list"], m["affiliation"]) for m in expected]
    assert [m.name for m in found if m.flag] == ["NO FENCE", "North Korea Freedom Coalition"]


def test_the_register_holds_the_same_members_as_the_statement(shared):
    read = read_members(shared("reference/icnk_statement_2011.txt").read_text(encoding="utf-8"))
    assert [(m.name, m.kind, bool(m.flag)) for m in register()] == [(m.name, m.kind, bool(m.flag)) for m in read]
    assert sum(m.kind == "organisation" for m in register()) == 39


SHAPES = {
    "bullets and crlf": ("Signatories:\r\n• Human Rights Group A (Japan)\r\n• Mina Holm, Director, Aid House\r\n", [
        ("Human Rights Group A", "organisation", "JP"), ("Mina Holm", "individual", "")]),
    "en dashes": ("Supporters are as follows:\n– Freedom Network (Canada)\n– Peace Union – PU (ROK)\n", [
        ("Freedom Network", "organisation", "CA"), ("Peace Union", "organisation", "KR")]),
    "blank lines": ("The members are:\n\n- Justice House (USA)\n\n- Watch Group (Norway)\n", [
        ("Justice House", "organisation", "US"), ("Watch Group", "organisation", "NO")]),
    "titles": ("Signed by:\n- Prof. Anna Berg\n- Rev. Tom Lind, Representative, Church Council (Sweden)\n", [
        ("Prof. Anna Berg", "individual", ""), ("Rev. Tom Lind", "individual", "SE")]),
    "abbreviation first": ("Endorsed by:\n- HRNG (Human Rights Network of Geneva)(Switzerland)\n", [
        ("Human Rights Network of Geneva", "organisation", "CH")]),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_other_shapes_of_joint_statements(shape):
    text, expected = SHAPES[shape]
    assert [(m.name, m.kind, m.country) for m in read_members(text)] == expected


def test_a_broken_entry_is_flagged_and_never_dropped():
    found = read_members("Members:\n- Free Voice Group\nof Asia (Japan)\n- Other House\n")
    assert [m.name for m in found] == ["Free Voice Group of Asia", "Other House"]
    assert "confirm" in found[0].flag


@pytest.mark.parametrize("text", ["", "No list here.\n", "Members:\n", "Members:\nno dash\n"])
def test_a_text_without_a_list_is_refused(text):
    with pytest.raises(InputRefused):
        read_members(text)


def test_every_demand_stands_in_the_statement_s_words_and_rests_on_dated_events(shared):
    statement = shared("reference/icnk_statement_2011.txt").read_text(encoding="utf-8")
    for one in demands():
        for part in re.split(r"\s*…\s*|\s*;\s*", one.words):
            assert part.strip(' “”"') in statement, one.words
        assert one.evidence, one.id
    assert len(demands()) == 19
    assert len(timeline()) == 57


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_of_every_vocabulary_names_its_source(name):
    for entry in load(name).entries.values():
        assert entry.source
        assert entry.label["en"]


def test_every_violation_leads_to_crimes_and_parents_that_exist():
    violations, crimes = load("violations").entries, load("crimes").entries
    assert (len(violations), len(crimes)) == (96, 16)
    assert sum(len(c.more["elements"]) for c in crimes.values()) == 77
    for one in violations.values():
        assert set(one.more["crimes"]) <= set(crimes)
        assert one.more.get("parent", one.id) in violations
        assert set(one.label) == {"en", "ko", "ja"}


def test_the_commands_print_what_programs_read():
    members = json.loads(CliRunner().invoke(group, ["members", "--json"]).output)
    assert len(members) == 46
    assert {"name", "kind", "country", "abbreviation", "affiliation", "flag"} <= set(members[0])
    asked = json.loads(CliRunner().invoke(group, ["demand", "--json"]).output)
    assert {one["status"] for one in asked} <= {"met", "partly_met", "not_met", "not_known_met"}
