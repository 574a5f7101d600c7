"""Exports of other programs, read person by person and act by act, and written back. All people are invented."""

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corroborate.errors import InputRefused
from corroborate.importers import read_table
from corroborate.importers.coding import coding_table
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource, as_table
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
# what an export does not say: each expected.json names it under not_in_the_file
NOT_SAID = {
    "ftm": {"victims", "perpetrators", "role"},  # an event has people involved, and no word for which was the victim
    "bayanat": {
        "role",
        "sources",
    },  # numbers whose words are in the instance; sources are bulletins, a file of their own
    "openevsys": {"sources"},  # two acts have no information; an information has no title, and is who gave it
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
    also = {name: one["name"] for one in right["people"] for name in one["other_names"]}
    for act, wanted in zip(found["acts"], right["acts"], strict=True):
        for key in set(ACT) - without:
            assert _comparable(key, act, also) == _comparable(key, wanted, also), (wanted["key"], key)


def _comparable(key: str, act: dict, also: dict) -> object:
    """An act is called otherwise in each language, and is one term; a person may be named in the other script."""
    if key == "type":
        return {one.term for one in coding_table().read(act["type"]).acts}
    return sorted(also.get(one, one) for one in act[key]) if isinstance(act[key], list) else act[key]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_of_each_program_is_read_person_by_person_and_act_by_act(name):
    agrees(told(SAMPLES[name]), expected(name), NOT_SAID.get(name, set()))


@pytest.mark.parametrize(
    ("name", "file", "without"),
    [
        ("ftm", "entities.full.jsonl", set()), ("ftm", "targets.nested.json", set()), ("ftm", "statements.csv", set()),
        ("ftm", "statements.pack.csv", set()), ("ftm", "statements.jsonl", set()), ("ftm", "csv/Event.csv", set()),
        ("ftm", "csv/Person.csv", set()), ("kobo", "export.en.both.xlsx", set()),
        ("kobo", "export.es.details.xlsx", set()), ("kobo", "export.xml-values.both.xlsx", set()),
        ("kobo", "submissions.api.json", set()), ("odk-central", "velora_cases.unsplit.nogroups.csv.zip", set()),
        ("uwazi", "api.search.json", set()), ("uwazi", "export.all.csv", set()),
        ("uwazi", "export.cases.csv", {"sex", "birth", "other_names"}),  # the template of people is not in it
        ("openevsys", "oe_openevsys-2019-08-05.sql", set()),
    ],
)  # fmt: skip
def test_the_other_exports_of_a_program_say_the_same(shared, name, file, without):
    agrees(told(shared(f"formats/{name}/{file}")), expected(name), NOT_SAID.get(name, set()) | without)


def test_what_a_record_of_uwazi_says_beside_keeps_its_kind(shared):
    for file in ("export.all.csv", "api.search.json"):
        act = told(shared(f"formats/uwazi/{file}"))["acts"][1]
        right = expected_of(shared, "uwazi")["acts"][1]
        assert [act[key] for key in ("number_held", "other_dates", "periods", "published", "title")] == [
            right[key] for key in ("number_held", "other_dates", "periods", "published", "title")
        ]
    [act] = told(shared("formats/uwazi/api.entities.json"))["acts"]
    right = expected_of(shared, "uwazi")["acts"][0]
    assert [act[key] for key in ("titles", "documents", "attachments")] == [
        right[key] for key in ("titles", "documents", "attachments")
    ]


def expected_of(shared, name: str) -> dict:
    return json.loads(shared(f"formats/{name}/expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("order", "start", "birth"), [("{0}/{1}", "2019-06-14", "1987-03-09"),
                                                       ("{1}/{0}", "2019-06-14", "1987-03-09")])  # fmt: skip
def test_the_order_of_day_and_month_is_that_of_the_whole_file(tmp_path, order, start, birth):
    """03/09 says nothing by itself; 14/06 of another row says it for all of them."""

    def written(day: str) -> str:
        year, month, number = day.split("-")
        return f"{order.format(number, month)}/{year}"

    path = tmp_path / "export.csv"
    path.write_text(
        "Título,Fecha,Plantilla,Actos,Cuándo,Víctimas,Sexo,Fecha de nacimiento,Documentos,Adjuntos,Publicado\n"
        f"Caso,{written('2019-08-01')},Caso,Tortura,{written(start)}~{written('1970-01-01')},Ana Prueba,,,,,Published\n"
        f"Ana Prueba,{written('2019-08-01')},Persona,,,,Femenino,{written(birth)},,,Published\n",
        encoding="utf-8",
    )
    found = told(path)
    assert (found["acts"][0]["date"], found["acts"][0]["date_end"], found["people"][0]["birth"]) == (start, None, birth)


HEADINGS = {
    "ko": "제목,추가된 날짜,템플릿,행위,기간,위치,장소,요약,언론,피해자,가해자,문서,첨부 파일,Published",
    "ja": "題名,追加日,テンプレート,行為,いつ,地点,地名,概要,報道,被害者,加害者,文書,添付,Published",
    "ru": "Название,Дата,Шаблон,Деяния,Когда,Где,Место,Описание,Пресса,Жертвы,Исполнители,Документы,Вложения,Published",
    "zh": "标题,日期,模板,行为,时间,坐标,地方,摘要,媒体,受害者,施害者,文档,附件,Published",
    "told by cells alone": "T,D,M,Acts,Aaa,Bbb,Place,Ccc,Ddd,Victims,Perpetrators,Docs,Att,Published",
}


@pytest.mark.parametrize("language", HEADINGS)
@pytest.mark.parametrize("day", ["{2}-{1}-{0}", "{2}/{1}/{0}", "{0}-{1}-{2}", "{2}.{1}.{0}"])
def test_a_template_in_another_language_and_with_other_dates_says_the_same(tmp_path, language, day):
    """Labels are the template's, the order of days is an option of the export."""
    start, end, none = (day.format(*one.split("-")) for one in ("2019-06-14", "2019-07-02", "1970-01-01"))
    rows = [
        f"Uno,{start},Caso,Torture,{start}~{end},12.5|-71.25,산명,what,Paper|https://paper.example/1,Ana,Orrin,,,Published",
        f"Dos,{start},Caso,Killing,{start}~{none},12.5|-71.25,산명,what,Paper|https://paper.example/1,Bea,,,,Published",
    ]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([HEADINGS[language], *rows]), encoding="utf-8")
    one, two = told(path)["acts"]
    assert (one["date"], one["date_end"], one["lat"], one["victims"], one["perpetrators"], one["sources"]) == (
        "2019-06-14", "2019-07-02", 12.5, ["Ana"], ["Orrin"], ["Paper"],
    )  # fmt: skip
    assert (two["date"], two["date_end"], two["victims"]) == ("2019-06-14", None, ["Bea"])


@pytest.mark.parametrize(
    ("period", "date", "end"),
    [
        ("1950-06-25~1970-01-01", "1950-06-25", None),
        ("1970-01-01~2019-07-02", None, "2019-07-02"),
        ("1950-06-25~1953-07-27", "1950-06-25", "1953-07-27"),
    ],
)
def test_the_first_day_of_1970_is_no_day_that_is_known_and_stays_in_its_words(tmp_path, period, date, end):
    path = tmp_path / "export.csv"
    path.write_text(
        "Title,Added,Template,Acts,When,Victims,Place,Documents,Attachments,Published\n"
        f"Case,2019-08-01,Case,Torture,{period},Ana Prueba,Puerto,,,Published\n",
        encoding="utf-8",
    )
    [act] = told(path)["acts"]
    assert (act["date"], act["date_end"]) == (date, end)
    assert act.get("when") == (period if "1970" in period else None)
    assert ("1970-01-01" in " ".join(told(path)["notices"])) == ("1970" in period)


def test_an_order_that_nothing_decides_keeps_the_year_and_says_so(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(
        "Title,Added,Template,Acts,When,Victims,Place,Documents,Attachments,Published\n"
        "Case,2019-08-01,Case,Torture,03/09/2019~01/01/1970,Ana Prueba,Puerto,,,Published\n",
        encoding="utf-8",
    )
    assert told(path)["acts"][0]["date"] == "2019"
    assert "whether the day or the month comes first" in " ".join(told(path)["notices"])


def test_an_actor_s_act_and_its_twin_under_a_bulletin_are_one_act_with_that_source(shared):
    right = expected_of(shared, "bayanat")
    for file in ("export.actors.json", "export.bulletins.json"):
        agrees(told(shared(f"formats/bayanat/{file}")), right, {"role"})


def test_bayanat_s_csv_gives_people_and_what_happened_and_says_what_it_leaves_out(shared):
    found = told(shared("formats/bayanat/export.actors.csv"))
    act = found["acts"][0]
    assert (act["type"], act["victims"], act["date"]) == ("Enforced disappearance", ["Ilse Maravedi Tokoro"], None)
    assert "request the export as JSON" in " ".join(found["notices"])
    for file in ("export.bulletins.csv", "export.incidents.csv"):
        with pytest.raises(InputRefused, match="as JSON"):
            told(shared(f"formats/bayanat/{file}"))


def test_results_of_a_search_whose_quotation_marks_nobody_escaped_are_read(shared):
    for ending in ("csv", "xls"):
        found = told(shared(f"formats/openevsys/openevsys_adv_search_results_20190805-101500.{ending}"))
        assert [(act["victims"], act["date"], act["date_end"], act["place"]) for act in found["acts"]] == [
            (["Ilse Maravedi Tokoro"], "2019-06-14", None, "Puerto Niebla"),
            (["한별솔"], "2019-06-14", "2019-07-02", "산명"),
            (["José Ñusta Quillavento"], "2020-02-01", None, "Puerto Niebla"),
            (["ليلى وادي النجم"], "2020-02", None, "قصر الندى"),
        ]  # fmt: skip
        assert '"Pepe" Quillavento' in [name for one in found["people"] for name in one["other_names"]]
    with pytest.raises(InputRefused, match="without headings"):
        told(shared("formats/openevsys/openevsys_results_20190805-101000.csv"))


def test_answers_are_the_words_of_the_form_that_lies_beside_them(shared, tmp_path):
    """A form whose choices are numbers cannot be understood without it."""
    shutil.copy(shared("formats/kobo/form.xlsx"), tmp_path / "form.xlsx")
    for name in ("export.en.summary.csv", "export.en.geojson"):
        shutil.copy(shared(f"formats/kobo/{name}"), tmp_path / name)
        assert told(tmp_path / name)["acts"][1]["type"] == "Arbitrary detention; Torture"
    assert "form.xlsx in the same folder" in " ".join(told(tmp_path / name)["notices"])


def test_an_answer_that_begins_with_an_equals_sign_is_kept_as_it_was_typed(shared):
    injuries = [one.get("Injuries") for one in told(shared("formats/kobo/export.en.both.xlsx"))["people"]]
    assert injuries[1] == ["왼쪽 손목", "=1+1 bruise"]


def test_one_submission_and_a_list_of_entities_of_odk_are_read(shared):
    found = told(shared("formats/odk-central/submission-1.xml"))
    assert [one["role"] for one in found["people"]] == ["victim", "perpetrator", "source"]
    assert [(act["date"], act["place"], act["lat"]) for act in found["acts"]] == [
        ("2019-06-14", "Puerto Niebla", 12.4061)
    ]
    names = [one["name"] for one in told(shared("formats/odk-central/people.entities.csv"))["people"]]
    assert names == ["Ilse Maravedi Tokoro", "한별솔"]


def test_a_submission_that_declares_entities_is_not_read(tmp_path):
    path = tmp_path / "submission.xml"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><data id="f"><meta><instanceID>u</instanceID></meta>'
        "<name>&a;</name></data>"
    )
    with pytest.raises(InputRefused, match="entities"):
        read_export(path, "forms")


def test_nothing_that_an_export_says_is_dropped_on_the_way_to_a_list():
    rows = read_table(SAMPLES["kobo"]).rows
    assert "taken from the quay" in rows[0].cells["notes"]
    assert rows[0].cells["in the export: reference"] == "CASE-A1"
    assert "quay photo.jpg" in rows[0].cells["in the export: media"]
    assert read_table(SAMPLES["bayanat"]).rows[0].cells["passport"] == "VX 0042-119"


def test_every_program_has_a_manifest_that_says_where_its_export_button_is():
    assert set(programs()) == {
        "auto_archiver", "bayanat", "documents", "forms", "ftm", "openevsys", "splink", "tella", "uwazi",
        "web_archives",
    }  # fmt: skip
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


def test_labels_joined_by_blanks_stay_as_they_are_and_are_said(shared, tmp_path):
    found = told(Path(shutil.copy(shared("formats/kobo/export.en.summary.csv"), tmp_path)))  # without its form
    assert [one["type"] for one in found["acts"]][:2] == ["Enforced disappearance", "Arbitrary detention Torture"]
    assert "cannot be told apart" in " ".join(found["notices"])


def test_perpetrators_and_sources_are_no_rows_of_a_list():
    names = [row.cells["name"] for row in read_table(SAMPLES["kobo"]).rows]
    assert names == ["Ilse Maravedi Tokoro", "한별솔", "José Ñusta Quillavento", "ليلى وادي النجم", ""]


def test_nobody_is_made_a_victim_whom_an_export_does_not_call_one():
    table = read_table(SAMPLES["ftm"])
    assert not table.rows
    assert "3rd Lagoon Battalion" in {one.cells[0] for one in table.rejected}
    listed = as_table(Export("ftm", (ExportPerson("1", "Kim A"), ExportPerson("2", "Ri B"))))
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


def many(number: int) -> Export:
    """People of one name, dates of every exactness, several victims and perpetrators of an act, shared sources."""
    people = tuple(
        ExportPerson(f"p{n}", f"Fictman {n // 2}", (f"F. {n}",) if n % 3 else (), ("male", "female", None)[n % 3],
                   (f"19{50 + n % 50}", f"19{50 + n % 50}-0{n % 9 + 1}", f"19{50 + n % 50}-11-1{n % 9}", None)[n % 4])
        for n in range(number)
    )  # fmt: skip
    sources = tuple(ExportSource(f"s{n}", f"Paper {n}", "Document", None, f"https://paper.example/{n}")
                    for n in range(0, number, 100))  # fmt: skip
    acts = tuple(
        ExportAct(f"a{n}", ("torture", "killing; torture")[n % 2],
                ("1997", f"1997-{n % 12 + 1:02}", f"1997-03-{n % 28 + 1:02}", "2019-06-14")[n % 4],
                "2019-07-02" if n % 4 == 3 else None, "산명", 12.5, -71.25, (f"p{n}",), (f"p{(n + 1) % number}",),
                (f"s{n // 100 * 100}",), (), None, {"summary": f"what, \"{n}\"\nhappened"})
        for n in range(number)
    )  # fmt: skip
    return Export("test", people, acts, sources)


def same(before: Export, after: Export) -> None:
    assert [(p.key, p.name, p.other_names, p.sex, p.birth) for p in after.people] == [
        (p.key, p.name, p.other_names, p.sex, p.birth) for p in before.people
    ]
    for left, right in zip(before.acts, after.acts, strict=True):
        for name in ("key", "type", "date", "date_end", "place", "lat", "lon", "victims", "perpetrators"):
            assert getattr(left, name) == getattr(right, name), (left.key, name)
        assert left.more["summary"] == right.more["summary"]
    titles = {one.key: one.title for one in before.sources}
    titles_after = {one.key: one.title for one in after.sources}
    assert [[titles[key] for key in act.sources] for act in before.acts] == [
        [titles_after[key] for key in act.sources] for act in after.acts
    ]


def test_ten_thousand_people_and_acts_come_back_from_followthemoney(tmp_path):
    before = many(10_000)
    text, lost = write_export(before, "ftm")
    path = tmp_path / "many.ftm.json"
    path.write_text(text, encoding="utf-8")
    after = read_export(path, "ftm")
    same(before, after)
    assert after.sources == tuple(replace(one, more=after.sources[0].more) for one in before.sources)
    assert not lost


def test_ten_thousand_people_and_acts_come_back_from_uwazi(tmp_path):
    before = many(10_000)
    source, out = tmp_path / "many.ftm.json", tmp_path / "import.csv"
    source.write_text(write_export(before, "ftm")[0], encoding="utf-8")
    said = CliRunner().invoke(group, ["program", str(source), "--as", "uwazi", "--out", str(out)])
    assert said.exit_code == 0, said.output
    assert "import.people.csv holds the people" in said.stderr
    assert recognised(out) == "uwazi"
    same(before, read_export(out, "uwazi"))


@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_people_and_acts_come_back_from_the_sheet_for_bayanat(tmp_path, number):
    before = many(number)
    source, out = tmp_path / "many.ftm.json", tmp_path / "actors.csv"
    source.write_text(write_export(before, "ftm")[0], encoding="utf-8")
    said = CliRunner().invoke(group, ["program", str(source), "--as", "bayanat", "--out", str(out)])
    assert said.exit_code == 0, said.output
    assert said.stderr.count("the point") == number  # Bayanat's sheet has none
    mapped = json.loads((tmp_path / "actors.mapping.json").read_text(encoding="utf-8"))["data"]["map"]
    heading = out.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert mapped["events"][0]["from_date"] == ["From 1"]
    assert {"From 1", "Full name"} <= set(heading)
    after = read_export(out, recognised(out))
    unplaced = replace(before, acts=tuple(replace(act, lat=None, lon=None) for act in before.acts))
    told_again = tuple(replace(act, more={"summary": act.more["narrative"]}) for act in after.acts)
    same(unplaced, replace(after, acts=told_again))


def test_relations_come_back_from_followthemoney_with_who_was_victim(tmp_path):
    before = read_export(SAMPLES["ftm"], "ftm")
    path = tmp_path / "again.ftm.json"
    path.write_text(write_export(before, "ftm")[0], encoding="utf-8")
    after = read_export(path, "ftm")
    assert after.as_json()["links"] == before.as_json()["links"]
    assert [one.more for one in after.people] == [one.more for one in before.people]


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
@given(name=st.sampled_from(["ftm", "uwazi", "bayanat", "openevsys", "kobo"]), at=st.floats(0, 1),
       words=st.sampled_from([b"", b"{", b'"', b"'", b"]", b"null", b",", b"|", b"~", b"\\"]),
       gone=st.integers(0, 9))  # fmt: skip
def test_an_export_with_bytes_changed_is_read_or_refused_in_a_sentence(tmp_path, name, at, words, gone):
    content = SAMPLES[name].read_bytes()
    cut = int(at * len(content))
    path = tmp_path / "changed"
    path.write_bytes(content[:cut] + words + content[cut + gone :])
    try:
        read_export(path, {"kobo": "forms"}.get(name, name))
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


def test_an_archived_page_is_told_with_its_capture_and_its_hashes_are_checked(shared):
    right = expected_of(shared, "archive")["sources"][0]
    for name, said in (("press.wacz", "is not signed"), ("press.signed.wacz", "signature is valid"),
                       ("press.no-pages.wacz", "can be forged")):  # fmt: skip
        found = told(shared(f"formats/archive/{name}"))
        [page] = found["sources"]
        for key in ("title", "type", "date", "url", "resources"):
            assert page[key] == right[key], (name, key)
        assert (page["file"], page["state"]) == (name, "hashes checked")
        assert said in " ".join(found["notices"])
    assert told(shared("formats/archive/press.warc.gz"))["sources"][0]["title"] == right["title"]


def test_an_archive_in_which_a_byte_was_changed_says_so(shared, tmp_path):
    found = told(shared("formats/archive/press.tampered.wacz"))
    assert {one["state"] for one in found["sources"]} == {"hash mismatch"}
    assert "NOT what was archived" in " ".join(found["notices"])
    with zipfile.ZipFile(shared("formats/archive/press.signed.wacz")) as members:
        files = {name: members.read(name) for name in members.namelist()}
    other = tmp_path / "other.wacz"
    package = json.loads(files["datapackage.json"])
    package["created"] = "2019-06-15T08:00:00Z"
    files["datapackage.json"] = json.dumps(package).encode()
    with zipfile.ZipFile(other, "w") as members:
        for name, content in files.items():
            members.writestr(name, content)
    assert "datapackage.json is NOT what was archived" in " ".join(told(other)["notices"])
    assert "signature is of another archive" in " ".join(told(other)["notices"])


def test_a_time_stamp_says_of_which_file_it_is_and_proves_nothing_by_itself(shared):
    [pending] = told(shared("formats/archive/quay.jpg.ots"))["sources"]
    assert (pending["digest_of"], pending["state"], pending["calendar"]) == (
        "quay.jpg", "pending", "https://alice.btc.calendar.opentimestamps.org",
    )  # fmt: skip
    [claimed] = told(shared("formats/archive/quay.jpg.bitcoin-shaped.ots"))["sources"]
    assert claimed["state"] == "claims Bitcoin block 600000, which was not checked"
