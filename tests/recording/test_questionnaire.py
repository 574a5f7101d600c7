"""An interview that was typed on a telephone is the one that would have been typed here: the form is asked by pyxform,
which KoboToolbox and ODK use, and its answers come back as their own programs write them."""

import csv
import io
import json
import zipfile
from collections import Counter

import pytest
import yaml
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert
from tests.copies import copied
from tests.importing.commanding import WORDS, ran

from corroborate.importers.by_hand import ROWS
from corroborate.records import AUDIENCES, Reference
from corroborate_node import api
from corroborate_node.records import queries

TYPED = yaml.safe_load("""
source: {kind: witness, title: I-12, language: ko, met: '2026-11-03', present: hana; an interpreter, place: kept apart}
consent: {own: hold; link; count, named body: hold; count, body: OHCHR, right: next of kin, begins: '2026-11-03'}
people:
  - {names: 이가상; Ri Ka Sang, speaks: 'yes', sex: 여, birth: 1961년생}
  - {names: 농민들, kind: group, count: '12'}
acts:
  - {what: integrity.torture, words: 물고문을 당했다, whom: '이가상, 박가상', when: 98년 봄, where: 회령, by: 김가상,
     unit: 보위부, basis: saw, witnesses: 최가상, at: '12:30'}
  - {what: 공개처형, whom: 농민들, basis: heard, heard_from: a neighbour}
  - {what: 고문, stance: against, whom: 최가상}
held:
  - {who: 이가상, facility: 개천교화소, from: '1987', to: 1992-12, ended: released}
missing:
  - {who: 정가상, what: 납치, when: 1978-08, where: 속초 앞바다, taken_in: KR, held_in: KP}
kin:
  - {of: 이가상, is: 아들, who: 박가상}
posts:
  - {who: 김가상, title: 소장, unit: 회령 보위부, under: 국가보위부, from: '1996'}
""")


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    ran("interview", "--xlsform", path)
    return path


def questions(form):
    """By repeat group, the form itself first: names and types of its questions, in order."""
    found, at = {"": {}}, ""
    sheet = load_workbook(form)["survey"]
    for type_, name, *_ in sheet.iter_rows(min_row=2, values_only=True):
        if type_ == "begin_repeat":
            at = name
            found[at] = {}
        elif type_ == "end_repeat":
            at = ""
        elif not type_.startswith(("begin", "end", "note")):
            found[at][name] = type_
    return found


def answers(typed):
    """What a telephone sends: names of questions and of choices."""
    sent = {"": {}, **{part: [] for part in ROWS}}
    for part in ("source", "consent"):
        for field, words in typed[part].items():
            words = words.replace("; ", " ") if field in AUDIENCES else words
            sent[""][f"{part}_{field}".replace(" ", "_")] = words.replace(" ", "_") if field == "right" else words
    for part in ROWS:
        for row in typed.get(part, []):
            cells = {f"{part}_{field}": words for field, words in row.items()}
            if "." in row.get("what", ""):
                cells |= {"acts_picked": row["what"], "acts_what": row["words"]}
                del cells["acts_words"]
            sent[part].append(cells)
    return sent


def by_kobo(form, submissions, path, roots=None):
    """As formpack writes it: names as headings, choices joined and in columns of their own, repeats on other sheets;
    the form's title whole beside each row, and on the sheet without the signs that a sheet's name cannot have.
    ``roots``: of submissions that were edited, the ``_uuid`` that they had before."""
    book, asked = Workbook(), questions(form)
    main = book.active
    title = load_workbook(form)["settings"]["A2"].value
    main.title = title.replace(":", "_")
    heads = list(asked[""])
    uses = ("hold", "link", "count", "quote", "name")
    columns = [(one, use) for one, type_ in asked[""].items() if type_ == "select_multiple uses" for use in uses]
    tail = ["_id", "_uuid", "meta/rootUuid", "_index"]
    main.append(["start", *heads, *(f"{one}/{use}" for one, use in columns), *tail])
    sheets = {part: book.create_sheet(part) for part in asked if part}
    for part, sheet in sheets.items():
        sheet.append([*asked[part], "_index", "_parent_table_name", "_parent_index", "_submission__uuid"])
    for number, (uuid, sent) in enumerate(submissions.items(), start=1):
        chosen = [str(int(use in sent[""].get(one, "").split())) for one, use in columns]
        cells = [sent[""].get(one) for one in heads]
        root = f"uuid:{(roots or {}).get(uuid, uuid)}"
        main.append(["2026-11-03T09:00:00", *cells, *chosen, number, uuid, root, number])
        for part, sheet in sheets.items():
            for row in sent[part]:
                sheet.append([*(row.get(one) for one in asked[part]), sheet.max_row, title, number, uuid])
    book.save(path)
    return path


def by_odk(form, submissions, path, roots=None):
    """As ODK Central's ZIP of CSV has it: groups before the names, with dashes; a file for each repeat group. An edited
    submission keeps its KEY; ``roots``: by which each is known."""
    edits = set(roots or {})
    submissions = {(roots or {}).get(uuid, uuid): sent for uuid, sent in submissions.items()}
    asked = questions(form)

    def table(heads, rows):
        text = io.StringIO(newline="")
        csv.DictWriter(text, heads).writeheader()
        csv.DictWriter(text, heads).writerows(rows)
        return text.getvalue()

    def grouped(one):
        return f"{one.split('_')[0]}-{one}"

    with zipfile.ZipFile(path, "w") as made:
        rows = [
            {
                "SubmissionDate": "2026-11-03T09:00:00",
                "KEY": uuid,
                "Edits": len(edits),
                **{grouped(k): v for k, v in sent[""].items()},
            }
            for uuid, sent in submissions.items()
        ]
        heads = ["SubmissionDate", *map(grouped, asked[""]), "KEY", "Edits"]
        made.writestr("corroborate_interview.csv", table(heads, rows))
        for part in ROWS:
            rows = [
                {**row, "PARENT_KEY": uuid, "KEY": f"{uuid}/{part}[{at}]"}
                for uuid, sent in submissions.items()
                for at, row in enumerate(sent[part], start=1)
            ]
            made.writestr(f"corroborate_interview-{part}.csv", table([*asked[part], "PARENT_KEY", "KEY"], rows))
    return path


def told(*words):
    """What is printed for programs; what is said beside it goes to the error stream."""
    return json.loads(ran(*words, "--json").splitlines()[-1])


def called_of(value, called):
    return called.get(value.entity, "") if isinstance(value, Reference) else str(value)


def recorded(vault):
    """Every claim, with names in place of ids, how it is known and where it stands; and what was allowed."""
    with api.open_vault(vault, WORDS):
        claims = list(queries.claims())
        called = {one.subject: str(one.value) for one in claims if one.property in ("name", "title")}
        said = Counter(
            (called.get(one.subject, ""), one.property, called_of(one.value, called), one.basis, one.locator)
            for one in claims
        )
        allowed = Counter(
            (tuple(sorted(one.uses)), one.audience, str(one.begins), one.right) for one in queries.consents()
        )
    return said, allowed


def test_the_form_is_one_that_kobo_and_odk_take_and_speaks_every_language(form):
    made = convert(form, validate=False)
    assert made.warnings == []
    survey = list(load_workbook(form)["survey"].iter_rows(values_only=True))
    labels = [at for at, head in enumerate(survey[0]) if head.startswith("label::")]
    assert [survey[0][at].rpartition("(")[2] for at in labels] == ["en)", "ko)", "ja)", "es)"]
    unsaid = [row[1] for row in survey[1:] if not row[0].startswith("end") and not all(row[at] for at in labels)]
    assert unsaid == []
    again = form.with_name("again.xlsx")
    ran("interview", "--xlsform", again)
    assert again.read_bytes() == form.read_bytes()


@pytest.mark.parametrize("write", [by_kobo, by_odk])
def test_what_a_telephone_sends_is_what_would_have_been_typed_here(form, vault, tmp_path, monkeypatch, write):
    (tmp_path / "typed.yaml").write_text(yaml.safe_dump(TYPED, allow_unicode=True), encoding="utf-8")
    here, there = vault, copied(vault, tmp_path / "there", WORDS)
    ran("interview", tmp_path / "typed.yaml", "--vault", here)
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "other-marks"))  # copies of one vault are not one vault
    export = write(form, {"uuid-1": answers(TYPED)}, tmp_path / "export.zip")
    assert told("interview", export, "--vault", there, "--check")["would_record"][0]["notes"] == []
    assert len(told("interview", export, "--vault", there)["recorded"]) == 1
    assert recorded(there) == recorded(here)


def test_a_later_export_records_what_is_new_and_brings_back_nothing_that_was_withdrawn(form, vault, tmp_path):
    one, two, three = (
        answers({**TYPED, "source": {**TYPED["source"], "title": title}}) for title in ("I-1", "I-2", "I-3")
    )
    export = by_kobo(form, {"a": one, "b": two}, tmp_path / "export.xlsx")
    first = told("interview", export, "--vault", vault)
    ran("withdraw", first["recorded"][0]["source"], "--vault", vault)
    later = by_kobo(form, {"a": one, "b": two, "c": three}, tmp_path / "later.xlsx")
    second = told("interview", later, "--vault", vault)
    assert (len(second["recorded"]), second["before"], second["withdrawn"]) == (1, 1, 1)
    assert told("interview", later, "--vault", vault)["recorded"] == []


def test_where_one_interview_cannot_be_recorded_none_is(form, vault, tmp_path):
    wrong = answers({**TYPED, "consent": {"own": "count"}, "source": {"title": "I-2", "kind": "witness"}})
    export = by_kobo(form, {"a": answers(TYPED), "b": wrong}, tmp_path / "export.xlsx")
    said = ran("interview", export, "--vault", vault, code=1)
    assert "I-2" in said
    assert "not allowed you to keep it" in said
    with api.open_vault(vault, WORDS):
        assert list(queries.claims()) == []


def test_it_is_no_list_and_another_form_is_no_interview(form, vault, tmp_path, shared):
    export = by_kobo(form, {"a": answers(TYPED)}, tmp_path / "export.xlsx")
    assert "corroborate interview export.xlsx" in ran("import", export, "--vault", vault, code=1)
    other = shared("formats/kobo/export.xml-values.both.xlsx")
    assert "no answers to our form" in ran("interview", other, "--vault", vault, code=1)


def retold(**allowed):
    """The same interview, with other things allowed."""
    return answers({**TYPED, "consent": {**TYPED["consent"], **allowed}})


@pytest.mark.parametrize("write", [by_kobo, by_odk])
def test_an_interview_that_was_edited_on_the_server_is_no_second_witness_and_does_not_come_back(
    form, vault, tmp_path, write
):
    first = told("interview", write(form, {"a": answers(TYPED)}, tmp_path / "1.zip"), "--vault", vault)
    edited = write(form, {"b": answers(TYPED)}, tmp_path / "2.zip", {"b": "a"})
    said = ran("interview", edited, "--vault", vault)
    assert "was edited on the form's server" in said
    assert "Recorded before, and passed over: 1" in said
    ran("withdraw", first["recorded"][0]["source"], "--vault", vault)
    again = told("interview", edited, "--vault", vault)
    assert (again["recorded"], again["withdrawn"]) == ([], 1)


@pytest.mark.parametrize("write", [by_kobo, by_odk])
@pytest.mark.parametrize(
    "now",
    [
        {"own": "hold"},
        {"own": "count"},
        {"ends": "2026-11-04"},
        {"ends": "2099-01-01"},
        {"body": "ICC"},
        {"conditions": "not before my son is out"},
    ],
    ids=str,
)
def test_an_interview_that_allows_less_than_it_did_is_said_by_name(form, vault, tmp_path, write, now):
    first = told("interview", write(form, {"a": retold()}, tmp_path / "1.zip"), "--vault", vault)
    edited = write(form, {"b": retold(**now)}, tmp_path / "2.zip", {"b": "a"})
    assert told("interview", edited, "--vault", vault)["allows_less"] == [first["recorded"][0]["source"]]
    said = ran("interview", edited, "--vault", vault)
    assert "I-12 allows less in this file" in said
    assert "corroborate withdraw source_" in said


def test_an_interview_that_allows_as_much_or_more_is_only_passed_over(form, vault, tmp_path):
    told("interview", by_kobo(form, {"a": retold()}, tmp_path / "1.xlsx"), "--vault", vault)
    more = by_kobo(form, {"a": retold(own="hold; link; count; quote")}, tmp_path / "2.xlsx")
    assert told("interview", more, "--vault", vault)["allows_less"] == []


def test_two_submissions_of_one_code_are_pointed_out(form, vault, tmp_path):
    """An older server keeps no trace of what an edited submission was called before."""
    ran("interview", by_kobo(form, {"a": answers(TYPED)}, tmp_path / "1.xlsx"), "--vault", vault)
    other = by_kobo(form, {"c": answers(TYPED)}, tmp_path / "2.xlsx")
    assert "a source called I-12 is here already (source_" in ran("interview", other, "--check", "--vault", vault)


@pytest.mark.parametrize(
    "allowed", [{"own": ""}, {"own": "count"}, {"own": "", "public": "hold; quote; name"}], ids=str
)
def test_what_we_ourselves_may_not_keep_is_not_recorded_whatever_others_may(form, vault, tmp_path, allowed):
    consent = {"own": "", "coalition": "hold; link; count", **allowed}
    export = by_kobo(form, {"a": answers({**TYPED, "consent": consent})}, tmp_path / "export.xlsx")
    assert "not allowed you to keep it" in ran("interview", export, "--vault", vault, code=1)


def changed(path, sheet, heading, value, row=2):
    """An export in which somebody typed over one cell."""
    book = load_workbook(path)
    at = next(one.column for one in book[sheet][1] if one.value == heading)
    book[sheet].cell(row, at).value = value
    book.save(path)
    return path


MAIN = "Interview_ who did what to whom"


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "why"),
    [
        (MAIN, "consent_own/count", 0, "consent_own says"),
        (MAIN, "consent_own", "hold link count quote name", "consent_own says"),
        (MAIN, "consent_own", None, "consent_own says"),
        (MAIN, "_uuid", "b", "of which interview it is"),
        ("acts", "_parent_index", 7, "acts, row 1"),
        ("acts", "_submission__uuid", "b", "acts, row 1"),
    ],
)
def test_an_export_that_contradicts_itself_is_refused_whole(form, vault, tmp_path, sheet, heading, value, why):
    export = by_kobo(form, {"a": answers(TYPED)}, tmp_path / "export.xlsx")
    said = ran("interview", changed(export, sheet, heading, value), "--vault", vault, code=1)
    assert why in said
    assert "change nothing" in said


def test_a_submission_is_known_again_or_refused(form, vault, tmp_path):
    export = by_odk(form, {"": answers({**TYPED, **{part: [] for part in ROWS}})}, tmp_path / "export.zip")
    assert "does not say which submission it is" in ran("interview", export, "--vault", vault, code=1)
    other = answers({**TYPED, "source": {**TYPED["source"], "title": "I-13"}})
    twice = by_kobo(form, {"a": answers(TYPED), "b": other}, tmp_path / "twice.xlsx", {"b": "a"})
    assert "are one submission, and say different things" in ran("interview", twice, "--vault", vault, code=1)


def test_words_that_deny_what_was_picked_are_asked_about(form, vault, tmp_path):
    act = {"what": "life.execution.public", "words": "was not executed", "whom": "최가상"}
    export = by_kobo(form, {"a": answers({**TYPED, "acts": [act]})}, tmp_path / "export.xlsx")
    assert "says that it was not done: choose that" in ran("interview", export, "--vault", vault, code=1)
    said = by_kobo(form, {"a": answers({**TYPED, "acts": [{**act, "stance": "against"}]})}, tmp_path / "export.xlsx")
    assert "acts that were not done: 1" in ran("interview", said, "--check", "--vault", vault)


def test_what_the_server_says_of_an_export_is_said_here(form, vault, tmp_path):
    """One that a reviewer refused is recorded by whoever knows that; one that nobody decrypted is not forgotten."""
    path = by_odk(form, {"a": answers(TYPED)}, tmp_path / "export.zip")
    with zipfile.ZipFile(path) as had:
        parts = {one: had.read(one).decode() for one in had.namelist()}
    main = list(csv.DictReader(io.StringIO(parts["corroborate_interview.csv"])))
    rows = [
        {**main[0], "ReviewState": "rejected"},
        {**dict.fromkeys(main[0], ""), "KEY": "b", "Status": "missing encrypted form data"},
    ]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*main[0], "ReviewState", "Status"])
    writer.writeheader()
    writer.writerows(rows)
    with zipfile.ZipFile(path, "w") as made:
        for name, words in (parts | {"corroborate_interview.csv": text.getvalue()}).items():
            made.writestr(name, words)
    said = ran("interview", path, "--vault", vault)
    assert "a is marked as rejected in its review" in said
    assert "b is encrypted and was not decrypted" in said


def test_the_version_of_the_form_is_that_of_its_questions(form):
    """A server takes a changed form under another version alone; the same form has the same one."""
    settings = dict(zip(*load_workbook(form)["settings"].values, strict=True))
    assert settings["form_id"] == "corroborate_interview"
    assert len(settings["version"]) == 8
    asked = " ".join(str(cell) for row in load_workbook(form)["survey"].values for cell in row)
    assert "unless two people decide it" in asked, "a form promises nothing that a release does not keep"
