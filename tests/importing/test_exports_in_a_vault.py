"""Exports of other programs and documents, taken into a vault by the command that a member gives, and read back from
it. All people are invented."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.importing.test_programs import NOT_SAID, SAMPLES, agrees, expected, expected_of

from corroborate.records import Reference, Term
from corroborate.values import DateSpan
from corroborate_cli.main import group
from corroborate_node import api

WORDS = "the words of the vault"
SEX = {"f": "female", "m": "male"}


def ran(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": WORDS})
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("empty") / "vault"
    api.create_vault(folder, "Programs", WORDS)
    return folder


@pytest.fixture
def vault(tmp_path, empty) -> Path:
    return Path(shutil.copytree(empty, tmp_path / "vault"))


def kept(folder: Path) -> dict:
    """People and acts of a vault, from its claims alone, in the shape of an expected.json."""
    with api.open_vault(folder, WORDS):
        from corroborate_node.records import queries

        claims, sources = list(queries.claims()), queries.sources()
        kinds = {one.id: one.kind for one in queries.entities()}
    said: dict[str, dict[str, list]] = {one: {} for one in kinds}
    for claim in claims:
        said[claim.subject].setdefault(claim.property, []).append(claim.value)
    names = {one: of["name"][0].text for one, of in said.items() if "name" in of}
    victims = {value.entity for of in said.values() for value in of.get("victim", [])}
    by_act: dict[str, str] = {claim.subject: claim.source for claim in claims if claim.subject.startswith("act_")}
    return {
        "people": [_person(one, names, said[one], one in victims) for one in kinds if one in names],
        "acts": [_act(said[one], names, sources, by_act[one]) for one, kind in kinds.items() if kind == "act"],
    }


def _person(one: str, names: dict, of: dict, victim: bool) -> dict:
    roles = [text.text.removeprefix("role: ") for text in of.get("told", []) if text.text.startswith("role: ")]
    return {
        "name": names[one], "other_names": [name.text for name in of.get("alias", [])],
        "sex": next((SEX[value.text] for value in of.get("sex", [])), None),
        "birth": next((str(value) for value in of.get("birth_date", [])), None),
        "role": "victim" if victim else (roles or ["other"])[0],
    }  # fmt: skip


def _act(of: dict, names: dict, sources: dict, source: str) -> dict:
    date = next(iter(of.get("date", [])), None)
    span = isinstance(date, DateSpan)
    lat, lon = map(float, of["located"][0].text.split(", ")) if "located" in of else (None, None)
    before = [sources[one] for one in sources[source].derives_from]
    return {
        "terms": {term.id for term in of.get("violation", []) if isinstance(term, Term)},
        "date": None if date is None else str(date.earliest if span else date),
        "date_end": str(date.latest) if span else None,
        "place": next((text.text for text in of.get("place", [])), None), "lat": lat, "lon": lon,
        "victims": [names[one.entity] for one in of.get("victim", []) if isinstance(one, Reference)],
        "perpetrators": [text.text for text in of.get("perpetrator", [])],
        "sources": [one.title for one in before if one.kind != "list"],
    }  # fmt: skip


def same(found: dict, right: dict, without: set[str]) -> None:
    """Person by person and act by act, but for what the export does not say."""
    from corroborate.importers.coding import coding_table

    for act in right["acts"]:
        act["terms"] = {one.term for one in coding_table().read(act["type"]).acts}
    by_terms = sorted(found["acts"], key=lambda act: (sorted(act["terms"]), act["date"] or ""))
    wanted = sorted(right["acts"], key=lambda act: (sorted(act["terms"]), act["date"] or ""))
    assert [one["terms"] for one in by_terms] == [one["terms"] for one in wanted]
    agrees({**found, "acts": by_terms}, {**right, "acts": wanted}, without | {"type"})


@pytest.mark.parametrize("name", SAMPLES)
def test_a_program_s_export_is_in_the_vault_person_by_person_and_act_by_act(name, vault):
    said = ran("import", SAMPLES[name], "--vault", vault)
    assert "claims taken in; the log has" in said
    same(kept(vault), expected(name), NOT_SAID.get(name, set()))


@pytest.mark.parametrize(
    ("name", "file", "without"),
    [
        ("kobo", "export.en.both.xlsx", set()), ("kobo", "export.es.details.xlsx", set()),
        ("kobo", "submissions.api.json", set()), ("odk-central", "velora_cases.csv.zip", set()),
        ("uwazi", "export.all.csv", set()), ("uwazi", "api.search.json", set()),
        ("openevsys", "oe_openevsys-2019-08-05.sql", {"sources"}),
        ("bayanat", "export.actors.json", {"perpetrators", "role"}),
        ("ftm", "entities.full.jsonl", NOT_SAID["ftm"]), ("ftm", "statements.csv", NOT_SAID["ftm"]),
    ],
)  # fmt: skip
def test_what_the_program_s_own_code_wrote_is_in_the_vault(shared, name, file, without, vault):
    ran("import", shared(f"formats/{name}/{file}"), "--vault", vault)
    same(kept(vault), expected_of(shared, name), without)


def test_a_dry_run_stores_nothing_and_says_what_would_be(vault):
    said = json.loads(ran("import", SAMPLES["kobo"], "--vault", vault, "--dry-run", "--json"))
    [file] = said["files"]
    assert not said["taken"]
    assert (file["people"], file["acts"], file["parties"]) == (4, 4, 3)
    assert kept(vault) == {"people": [], "acts": []}


def test_only_victims_are_people_of_the_vault(vault):
    """Perpetrators and witnesses are parties: counted among victims, they would make the number of the dead wrong."""
    ran("import", SAMPLES["kobo"], "--vault", vault)
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        kinds = [one.kind for one in queries.entities()]
        assert (kinds.count("person"), kinds.count("party")) == (4, 3)
        assert kinds.count("involvement") == 2
    assert "are what was sealed" in ran("doctor", "--vault", vault)
