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
from corroborate.records import Reference
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
            words = words.replace("; ", " ") if field in ("own", "named body") else words
            sent[""][f"{part}_{field}".replace(" ", "_")] = words.replace(" ", "_") if field == "right" else words
    for part in ROWS:
        for row in typed.get(part, []):
            cells = {f"{part}_{field}": words for field, words in row.items()}
            if "." in row.get("what", ""):
                cells |= {"acts_picked": row["what"], "acts_what": row["words"]}
                del cells["acts_words"]
            sent[part].append(cells)
    return sent


def by_kobo(form, submissions, path):
    """As formpack writes it: names as headings, choices joined and in columns of their own, repeats on other sheets."""
    book, asked = Workbook(), questions(form)
    main = book.active
    main.title = "Interview"
    heads = list(asked[""])
    uses = ("hold", "link", "count", "quote", "name")
    columns = [(one, use) for one, type_ in asked[""].items() if type_ == "select_multiple uses" for use in uses]
    main.append(["start", *heads, *(f"{one}/{use}" for one, use in columns), "_id", "_uuid", "_index"])
    sheets = {part: book.create_sheet(part) for part in asked if part}
    for part, sheet in sheets.items():
        sheet.append([*asked[part], "_index", "_parent_table_name", "_parent_index", "_submission__uuid"])
    for number, (uuid, sent) in enumerate(submissions.items(), start=1):
        chosen = [str(int(use in sent[""].get(one, "").split())) for one, use in columns]
        cells = [sent[""].get(one) for one in heads]
        main.append(["2026-11-03T09:00:00", *cells, *chosen, number, uuid, number])
        for part, sheet in sheets.items():
            for row in sent[part]:
                sheet.append([*(row.get(one) for one in asked[part]), sheet.max_row, "Interview", number, uuid])
    book.save(path)
    return path


def by_odk(form, submissions, path):
    """As ODK Central's ZIP of CSV has it: groups before the names, with dashes; a file for each repeat group."""
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
            {"SubmissionDate": "2026-11-03T09:00:00", "KEY": uuid, **{grouped(k): v for k, v in sent[""].items()}}
            for uuid, sent in submissions.items()
        ]
        heads = ["SubmissionDate", *map(grouped, asked[""]), "KEY"]
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
