"""Each kind of entity and property is said once, and whoever writes or shows a claim keeps to it."""

import ast
import csv
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from corroborate.errors import InvalidValue
from corroborate.importers import checked_mapping, claims, person_entries, read_table
from corroborate.importers.headings import fields
from corroborate.records import schema

# A row that says something in every field that a list can have, with words beyond what is understood.
CELLS = {
    "name": "Kim Chol", "alias": "Kim Il", "nickname": "Tall one", "sex": "m", "birth": "about 1961", "age": "36",
    "event_date": "1997-03-12", "violation": "torture, forced labour; saw public execution; father was executed",
    "kin": "his wife and two children", "fate": "unknown", "facility": "Camp 15", "count": "3",
}  # fmt: skip


def told(folder: Path, cells: dict[str, str]) -> list[tuple[str, str]]:
    """(kind of the subject, property) of every claim that a list of one row leads to."""
    file = folder / "list.csv"
    columns = {field: words[0] for field, words in fields().items() if field != "id"}
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [
                ["remarks of ours", *columns.values()],
                ["free words", *(cells.get(field, "some words") for field in columns)],
            ]
        )
    table = read_table(file)
    reading = person_entries(table, checked_mapping(table, {}), "A list", latest=2026)
    numbers = count(1)
    found = []
    for entry in reading.entries:
        made = claims(
            entry, person=f"person_{0:032x}", act_ids=(f"act_{one:032x}" for one in numbers),
            claim_ids=(f"claim_{one:032x}" for one in numbers), source=f"src_{0:032x}", recorder="a test",
            recorded_at=datetime(2026, 11, 28, tzinfo=UTC),
        )  # fmt: skip
        found += [(claim.subject.partition("_")[0], claim.property) for claim in made]
    return found


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"name": "", "kin": "wife of Ri Chol Su"},
        {"name": "3 people", "violation": "no torture"},
        {"name": "Kim ○ Chol"},
    ],
    ids=["named", "by kin", "group", "partial"],
)
def test_every_property_that_an_import_writes_is_described_for_its_kind(tmp_path: Path, more: dict[str, str]):
    found = told(tmp_path, {**CELLS, **more})
    assert found
    kinds = schema.kinds()
    assert sorted({one for one in found if one[1] not in kinds[one[0]]}) == []


def test_a_full_row_tells_of_a_person_and_of_acts(tmp_path: Path):
    found = {property_ for _, property_ in told(tmp_path, CELLS)}
    assert {"name", "sex", "birth_date", "age", "violation", "victim", "told", "occupation", "facility"} <= found


def test_what_may_be_seen_without_names_is_this_and_no_more():
    """A property that is new tells who somebody is, until somebody has thought about it and writes it here too."""
    assert set(schema.of_sensitivity("fact")) == {
        "sex", "event_date", "event_place", "facility", "fate", "victim", "violation", "no_violation", "date", "place",
    }  # fmt: skip
    assert set(schema.of_sensitivity("body")) == {"health", "injury", "pregnancy"}


def test_what_may_be_told_in_public_and_what_is_compared_is_this_and_no_more():
    """As above: a property that is new goes to nobody and is compared with nothing until it stands here too."""
    assert schema.public() == {
        "name", "alias", "nickname", "sex", "event_date", "event_place", "facility", "fate", "victim", "violation",
        "no_violation", "date", "place", "testimony",
    }  # fmt: skip
    assert schema.public() & set(schema.of_sensitivity("body")) == set()
    privately = {"name", "alias", "sex", "birth_date", "origin", "event_date", "facility"}
    assert set(schema.compared(privately=True)) == privately
    assert set(schema.compared()) == privately | {"occupation", "kin", "age", "victim_kind"}


def test_fields_of_a_list_that_a_property_names_are_fields_of_lists():
    renamed = {one: field for one, known in schema.properties().items() for field in known.fields if field != one}
    assert set(renamed.values()) <= set(fields())
    for field, property_ in {
        "birth": "birth_date",
        "place": "origin",
        "family": "name",
        "unit": "perpetrator_unit",
    }.items():
        assert schema.of_field(field) == schema.properties()[property_]


MAY_LIST = {  # lists of properties that are no second table, with why
    "corroborate/disclosure/items.py": "whose words name somebody, though their property is no name",
    "corroborate/disclosure/wide_places.py": "whose words may lead to a home, and are not for everybody",
    "corroborate/importers/ftm/read.py": "the parts of a person that have a place of their own in every export",
    "corroborate/importers/handing.py": "what has a place of its own in the shape that all programs share",
    "corroborate/importers/people.py": "fields of a list: a row without a name that says one of them tells of somebody",
    "corroborate/linkage/entries.py": "the four texts of an entry, each the attribute of that name",
    "corroborate/records/reviewing.py": "by which function two values of each are compared",
    "corroborate/registers/acts.py": "the columns that the UN's working group asks for",
    "corroborate_cli/demonstration/member.py": "what the demonstration's package is about",
    "corroborate_node/coding/queries.py": "how each says that an act was told of: done, denied, seen, threatened",
    "corroborate_node/finding/doers.py": "what is shown of who is said to have done it",
    "corroborate_node/finding/gathered.py": "by which words a place, a facility or a unit is gathered",
    "corroborate_node/finding/indexing.py": "which texts are searched by their words",
    "corroborate_node/finding/queries.py": "what a found act is told by, in one line",
    "corroborate_node/finding/registers.py": "the columns of a register's page",
    "corroborate_node/people/sheet.py": "under which words each stands on a survivor's sheet",
    "corroborate_node/people/titles.py": "what an act is called by where it is named in one line",
    "corroborate_node/records/entering.py": "what names somebody: with these alone nothing is told of them",
    "corroborate_node/people/person.py": "what an act is told by on the page of a person, in one line",
    "corroborate_node/review/views.py": "what a reviewer sees marked",
}

SEVERAL = {  # those that show two kinds of record or more, and so what each is told by
    "corroborate_cli/demonstration/member.py": 2,
    "corroborate_node/finding/doers.py": 2,
    "corroborate_node/finding/gathered.py": 2,
    "corroborate_node/people/person.py": 3,
    "corroborate_node/people/titles.py": 2,
}


def test_no_module_keeps_a_table_of_properties_of_its_own():
    """What a property is, is said in records/schema and read from there: four and more of them in a row are a table."""
    source, known, found = Path(schema.__file__).parents[3], set(schema.properties()), {}
    for path in source.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
            words = [one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(words) >= 4 and len(words) == len(parts) and set(words) <= known:
                found.setdefault(path.relative_to(source).as_posix(), []).append(node.lineno)
    assert set(found) == set(MAY_LIST), found
    assert {name: len(lines) for name, lines in found.items() if len(lines) > 1} == SEVERAL, found


def test_every_kind_and_property_is_named_in_four_languages_and_used():
    used = {one.name for kind in schema.kinds().values() for one in kind.properties}
    assert used == set(schema.properties())
    for one in (*schema.kinds().values(), *schema.properties().values()):
        assert set(one.label) == set(schema.LANGUAGES)
    assert set(schema.kinds()) == {
        "person", "group", "act", "involvement", "detention", "post", "place", "facility", "interview", "source",
        "file", "party", "document", "unit", "proceeding",
    }  # fmt: skip


def test_labels_of_a_kind_are_told_apart():
    for kind in schema.kinds().values():
        for language in schema.LANGUAGES:
            labels = [one.in_language(language) for one in kind.properties]
            assert len(labels) == len(set(labels)), (kind.name, language)


def test_a_faulty_description_is_refused(monkeypatch: pytest.MonkeyPatch):
    said = {"type": "name", "sensitivity": "fact", "several": True, "label": {"en": "Name", "ko": "이름", "ja": "名前"}}
    with pytest.raises(InvalidValue, match="name has no label in es"):
        schema._property("name", said)
    with pytest.raises(InvalidValue, match="'secret'"):
        schema._property("name", {**said, "sensitivity": "secret"})
