"""Exports of other programs, read person by person and act by act, and written back. All people are invented."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corroborate.errors import InputRefused
from corroborate.importers import read_table
from corroborate.importers.exports import Export, ToldAct, ToldPerson, as_table
from corroborate.importers.programs import programs, read_export, recognised, write_export
from corroborate_cli.main import group

HERE = Path(__file__).parent
FOLDER = Path(read_export.__code__.co_filename).parent
SAMPLES = {
    "ftm": FOLDER / "ftm/sample.ftm.json", "uwazi": FOLDER / "uwazi/sample.csv",
    "bayanat": FOLDER / "bayanat/sample.json", "openevsys": FOLDER / "openevsys/sample.sql",
    "kobo": FOLDER / "forms/sample.xlsx",
    "odk-central": FOLDER / "forms/sample.csv.zip",
}  # fmt: skip
# what an export does not say, or says in words of its own: see each expected.json, not_in_the_file
NOT_SAID = {
    "ftm": {"victims", "perpetrators", "role"},
    "bayanat": {"sources", "perpetrators", "role", "victims"},
    "openevsys": {"sources"},
    "odk-central": {"type"},
}
ACT = ("type", "date", "date_end", "place", "lat", "lon", "victims", "perpetrators", "sources")
PERSON = ("other_names", "sex", "birth", "role")


def expected(name: str) -> dict:
    return json.loads((HERE / "programs" / name / "expected.json").read_text(encoding="utf-8"))


def told(path: Path) -> dict:
    name = recognised(path)
    assert name is not None, f"{path.name} is not recognised"
    return read_export(path, name).as_json()


def agrees(found: dict, right: dict, without: set[str]) -> None:
    people = {one["name"]: one for one in found["people"]}
    assert set(people) == {one["name"] for one in right["people"]}
    for one in right["people"]:
        for key in set(PERSON) - without:
            assert (people[one["name"]][key] or None) == (one[key] or None), (one["name"], key)
    assert len(found["acts"]) == len(right["acts"])
    for act, wanted in zip(found["acts"], right["acts"], strict=True):
        for key in set(ACT) - without:
            has = act[key].lower() if key == "type" else (sorted(act[key]) if isinstance(act[key], list) else act[key])
            assert has == (sorted(wanted[key]) if isinstance(wanted[key], list) else wanted[key]), (wanted["key"], key)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_of_each_program_is_read_person_by_person_and_act_by_act(name):
    agrees(told(SAMPLES[name]), expected(name), NOT_SAID.get(name, set()))


@pytest.mark.parametrize(
    ("name", "file", "without"),
    [
        ("ftm", "entities.full.jsonl", set()), ("ftm", "targets.nested.json", set()),
        ("kobo", "export.es.details.xlsx", {"type"}), ("kobo", "export.xml-values.both.xlsx", {"type"}),
        ("kobo", "submissions.api.json", {"type"}), ("odk-central", "velora_cases.unsplit.nogroups.csv.zip", set()),
        ("uwazi", "api.search.json", set()), ("uwazi", "export.cases.csv", {"sex", "birth", "other_names"}),
    ],
)  # fmt: skip
def test_the_other_exports_of_a_program_say_the_same(shared, name, file, without):
    agrees(told(shared(f"formats/{name}/{file}")), expected(name), NOT_SAID.get(name, set()) | without)


def test_every_program_has_a_manifest_that_says_where_its_export_button_is():
    assert set(programs()) == {"auto_archiver", "bayanat", "forms", "ftm", "openevsys", "splink", "tella", "uwazi"}
    listed = CliRunner().invoke(group, ["program"]).output
    for one in programs().values():
        assert one.title in listed and one.export in listed


def test_lists_are_not_taken_for_exports_of_programs():
    for path in (HERE / "files").iterdir():
        assert recognised(path) is None, path.name


def test_a_case_that_its_source_does_not_share_says_so():
    acts = {one["reference"]: one["share"] for one in told(SAMPLES["kobo"])["acts"]}
    assert acts == {"CASE-A1": True, "CASE-A2": False, "CASE-A3": True, "CASE-A4": True}


def test_an_encrypted_submission_is_left_out_and_said():
    assert "encrypted" in " ".join(told(SAMPLES["odk-central"])["notices"])


def test_a_form_s_csv_without_its_repeat_groups_makes_nobody_a_victim(shared):
    path = shared("formats/kobo/export.ko.both.csv")
    assert "no repeat groups" in " ".join(told(path)["notices"])
    with pytest.raises(InputRefused, match="names no victims"):
        read_table(path)


def test_labels_joined_by_blanks_stay_as_they_are_and_are_said(shared):
    found = told(shared("formats/kobo/export.en.summary.csv"))
    assert [one["type"] for one in found["acts"]][:2] == ["Enforced disappearance", "Arbitrary detention Torture"]
    assert "cannot be told apart" in " ".join(found["notices"])


def test_perpetrators_and_sources_are_no_rows_of_a_list():
    names = [row.cells["name"] for row in read_table(SAMPLES["kobo"]).rows]
    assert names == ["Ilse Maravedi Tokoro", "한별솔", "José Ñusta Quillavento", "ليلى وادي النجم", ""]


def test_nobody_is_made_a_victim_whom_an_export_does_not_call_one():
    table = read_table(SAMPLES["ftm"])
    assert not table.rows
    assert "3rd Lagoon Battalion" in {one.cells[0] for one in table.rejected}
    listed = as_table(Export("ftm", (ToldPerson("1", "Kim A"), ToldPerson("2", "Ri B"))))
    assert [row.cells["name"] for row in listed.rows] == ["Kim A", "Ri B"]


@pytest.mark.parametrize("source", ["uwazi", "kobo", "ftm"])
def test_what_goes_to_followthemoney_comes_back(source, tmp_path):
    before = read_export(SAMPLES[source], recognised(SAMPLES[source]))
    text, lost = write_export(before, "ftm")
    path = tmp_path / "entities.ftm.json"
    path.write_text(text, encoding="utf-8")
    after = told(path)
    assert [(p["name"], p["other_names"], p["sex"], p["birth"]) for p in after["people"]] == [
        (p.name, list(p.other_names), p.sex, p.birth) for p in before.people
    ]
    shared_acts = [act for act in before.acts if act.share is not False]
    assert [(a["type"], a["date"], a["date_end"], a["place"], a["lat"]) for a in after["acts"]] == [
        (a.type, a.date, a.date_end, a.place, a.lat) for a in shared_acts
    ]
    assert len([one for one in lost if "not be shared" in one]) == len(before.acts) - len(shared_acts)


def test_ten_thousand_people_and_acts_come_back_from_followthemoney(tmp_path):
    people = tuple(ToldPerson(f"p{n}", f"Fictman {n}", (f"F. {n}",), "male", f"19{50 + n % 50}") for n in range(10_000))
    acts = tuple(
        ToldAct(f"a{n}", "torture", f"1997-{n % 12 + 1:02}", place="산명", victims=(f"p{n}",)) for n in range(10_000)
    )
    path = tmp_path / "many.ftm.json"
    path.write_text(write_export(Export("test", people, acts), "ftm")[0], encoding="utf-8")
    back = read_export(path, "ftm")
    assert [(p.key, p.name, p.other_names, p.sex, p.birth) for p in back.people] == [
        (p.key, p.name, p.other_names, p.sex, p.birth) for p in people
    ]
    assert [(a.key, a.type, a.date, a.place, a.involved) for a in back.acts] == [
        (a.key, a.type, a.date, a.place, a.victims) for a in acts
    ]


def test_what_goes_to_uwazi_has_colons_in_its_ranges_and_says_what_was_left_out():
    text, lost = write_export(read_export(SAMPLES["kobo"], "forms"), "uwazi")
    assert "2020-02-01:2020-02-29" in text and "~" not in text
    assert "12.4061|-71.2233" in text
    assert any("not to be shared" in one for one in lost)
    assert "한별솔" not in text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ftm.json", b'{"id": "1", "schema": "Person", "properties": {"name": ["x"]}}\n{"id": 2}\n'),
        ("a.json", b'{"actors": [{"class": "actor", "id": 1}]}{"actors": []}'),
        ("a.sql", b"INSERT INTO `act` VALUES ('x',`act_record_number`"),
        ("a.json", b'{"rows": [{"sharedId": "1", "metadata": 3}]}'),
        ("a.json", b'{"results": 4, "_xform_id_string": 1}'),
    ],
)
def test_a_broken_export_is_refused_in_a_sentence(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputRefused, match=name.replace(".", r"\.")):
        read_export(path, recognised(path))


def test_a_broken_zip_is_no_export(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(SAMPLES["odk-central"].read_bytes()[:300])
    assert recognised(path) is None
    with zipfile.ZipFile(path, "w") as members:
        members.writestr("a.txt", "x")
    assert recognised(path) is None


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(["ftm", "uwazi", "bayanat", "openevsys"]), at=st.floats(0, 1),
       words=st.sampled_from([b"", b"{", b'"', b"'", b"]", b"null", b",", b"|", b"~", b"\\"]),
       gone=st.integers(0, 9))  # fmt: skip
def test_an_export_with_bytes_changed_is_read_or_refused_in_a_sentence(tmp_path, name, at, words, gone):
    content = SAMPLES[name].read_bytes()
    cut = int(at * len(content))
    path = tmp_path / "changed"
    path.write_bytes(content[:cut] + words + content[cut + gone :])
    try:
        read_export(path, name)
    except InputRefused as refused:
        assert str(refused)


def test_a_phone_s_metadata_gives_the_picture_and_never_the_witness_s_networks():
    path = FOLDER / "tella/sample.csv"
    [source] = told(path)["sources"]
    assert {key: source[key] for key in ("title", "type", "date", "lat", "lon", "accuracy_m")} == {
        "title": "20190614-quay.jpg", "type": "image/jpeg", "date": "2019-06-14T22:20:00Z", "lat": 12.4061,
        "lon": -71.2233, "accuracy_m": 8.0,
    }  # fmt: skip
    shown = CliRunner().invoke(group, ["program", str(path), "--json"]).output
    assert not [word for word in ("Cafe Muelle", "LTE:", "192.0.2.14", "dev-0001", "02:00:00") if word in shown]


def test_metadata_that_were_not_taken_are_no_date_of_1970(shared):
    assert told(shared("formats/tella/20200201-gate.csv"))["sources"][0]["date"] is None


def test_an_archive_s_files_are_checked_by_their_hashes(tmp_path):
    sample = FOLDER / "auto_archiver/sample"
    found = told(sample / "db.csv")
    assert [(one["title"], one["state"], one["date"]) for one in found["sources"]] == [
        ("quay", "archived", "2019-06-15T08:00:00Z"), (None, 'not archived (status "no archiver")', None),
    ]  # fmt: skip
    assert not any("NOT" in one for one in found["notices"])
    assert "/srv/" not in json.dumps(found)
    shutil.copytree(sample, tmp_path / "copy")
    video = next((tmp_path / "copy/archive").glob("*.mp4"))
    video.write_bytes(video.read_bytes()[:-1] + b"x")
    assert any("is NOT what was archived" in one for one in told(tmp_path / "copy/db.csv")["notices"])


def test_pairs_of_splink_are_known_by_list_and_number(shared):
    links = told(FOLDER / "splink/sample.csv")["links"]
    assert len(links) == 11
    assert links[0]["left"] == ["CLINIC", "C-064"] and 0.30 < links[0]["probability"] < 0.32
    right = expected_links(shared)
    for name in ("predictions.csv", "predictions.splink-to_csv.csv", "predictions.with-index.csv"):
        assert len(told(shared(f"formats/splink/{name}"))["links"]) == right["pairs"]
    assert len(told(shared("formats/splink/clusters.csv"))["links"]) == right["clusters"]


def expected_links(shared) -> dict[str, int]:
    said = json.loads(shared("formats/splink/expected.json").read_text(encoding="utf-8"))["links"]
    return {one["type"]: one["count"] for one in said}
