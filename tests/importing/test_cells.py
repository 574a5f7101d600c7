"""What a cell means, from the file that a stranger made to what a program reads."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from corroborate_cli.main import group

CELLS = Path(__file__).parent / "cells"


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((CELLS / f"{name}.csv").open(encoding="utf-8")))


def dry_run(tmp_path: Path, heads: list[str], rows: list[list[str]], *options: str) -> dict:
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heads, *rows])
    done = CliRunner().invoke(group, ["import", str(path), "--dry-run", "--json", *options])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def invented(number: int) -> str:
    given = ("Alpha", "Beta", "Gamma", "Delta", "Epsil", "Zeta", "Theta", "Iota", "Kappa", "Lamda")
    return f"Fictman {given[number % 10]}{given[number // 10 % 10].lower()}"


def by_line(found: dict) -> dict[int, dict]:
    return {row["line"]: row for row in found["rows"]}


def test_dates(tmp_path):
    mine = table("dates")
    rows = by_line(
        dry_run(tmp_path, ["Name", "Date of arrest"], [[invented(n), r["cell"]] for n, r in enumerate(mine)])
    )
    for line, wanted in enumerate(mine, start=2):
        date = rows[line].get("event_date", {})
        assert (date.get("earliest") or "", date.get("latest") or "") == (wanted["earliest"], wanted["latest"]), wanted
        if wanted["approximate"]:
            assert date["approximate"] == (wanted["approximate"] == "yes"), wanted
            assert date["words"] == wanted["cell"]
        else:
            assert {"field": "event_date", "words": wanted["cell"]} in rows[line]["unread"]
            assert rows[line]["doubts"], wanted


def test_ages_are_kept_where_no_date_is_known(tmp_path):
    mine = table("ages")
    rows = by_line(dry_run(tmp_path, ["Name", "Age"], [[invented(n), r["cell"]] for n, r in enumerate(mine)]))
    for line, wanted in enumerate(mine, start=2):
        age = rows[line].get("age")
        if wanted["lowest"]:
            said = (str(age["lowest"]), str(age["highest"]), "yes" if age["approximate"] else "no", age["words"])
            assert said == (wanted["lowest"], wanted["highest"], wanted["approximate"], wanted["cell"])
        else:
            assert age is None
            assert {"field": "age", "words": wanted["cell"]} in rows[line]["unread"]


def test_names(tmp_path):
    mine = table("names")
    found = dry_run(tmp_path, ["Name", "Sex"], [[r["cell"], "m"] for r in mine])
    rows, refused = by_line(found), {one["line"] for one in found["rejected"]}
    for line, wanted in enumerate(mine, start=2):
        if wanted["kind"] == "none":
            assert line in refused, wanted
            continue
        person = rows[line]["person"]
        assert person["kind"] == wanted["kind"], wanted
        if wanted["name"]:
            assert wanted["name"].casefold() in [name.casefold() for name in person["names"]]
        else:
            assert (person["names"], str(person["count"])) == ([], wanted["count"])


def test_violations(tmp_path):
    mine = table("violations")
    rows = by_line(dry_run(tmp_path, ["Name", "Violation"], [[invented(n), r["cell"]] for n, r in enumerate(mine)]))
    for line, wanted in enumerate(mine, start=2):
        acts = rows[line]["violations"]
        ways = [way.split("+") for way in wanted["terms"].split()]
        done = [act["term"] for act in acts if act["said"] == "for"]

        def fits(term: str, wanted_term: str) -> bool:
            return term == wanted_term or term.startswith(f"{wanted_term}.")

        if wanted["said"] == "none":
            assert not done
            assert {"field": "violation", "words": wanted["cell"]} in rows[line]["unread"]
        elif wanted["said"] == "for":
            assert any(all(any(fits(term, one) for term in done) for one in way) for way in ways), wanted
            assert all(any(fits(term, one) for way in ways for one in way) for term in done), wanted
        else:
            said = [act["term"] for act in acts if act["said"] == wanted["said"]]
            assert any(fits(term, one) for term in said for way in ways for one in way), wanted
            assert not any(fits(term, one) for term in done for way in ways for one in way), wanted


@pytest.mark.parametrize("row", table("headings"), ids=lambda row: row["heading"])
def test_headings(tmp_path, row):
    names = ("name", "given", "hanja", "reading", "family")
    fitting = {"sex": "m", "age": "45", "birth": "1979", "event_date": "1997-03-02", "violation": "torture"}
    heads = [row["heading"]] if row["field"] in names else ["Name", row["heading"]]
    cells = (
        [fitting.get(row["field"], "가상인")]
        if len(heads) == 1
        else ["Fictman Alpha", fitting.get(row["field"], "Hoeryong")]
    )
    found = dry_run(tmp_path, heads, [cells])
    assert {one["heading"]: one["field"] for one in found["columns"]}[row["heading"]] == row["field"]


def test_a_column_that_nobody_reads_is_shown_and_its_words_are_told(tmp_path):
    found = dry_run(tmp_path, ["Name", "Blood type"], [["Fictman Alpha", "A+"]])
    assert {"heading": "Blood type", "field": None} in found["columns"]
    assert found["rows"][0]["told"] == [{"heading": "Blood type", "words": "A+"}]


def test_the_column_s_other_cells_decide_day_and_month_and_an_option_decides_over_them(tmp_path):
    cells = [["Fictman Alpha", "03/04/1997"], ["Fictman Beta", "21/06/1997"]]
    first = dry_run(tmp_path, ["Name", "Event date"], cells)["rows"][0]["event_date"]
    assert first["earliest"] == "1997-04-03"
    alone = dry_run(tmp_path, ["Name", "Event date"], cells[:1])["rows"][0]
    assert (alone["event_date"]["earliest"], alone["event_date"]["latest"]) == ("1997-01-01", "1997-12-31")
    assert "--day-first" in " ".join(alone["doubts"])
    said = dry_run(tmp_path, ["Name", "Event date"], cells[:1], "--month-first")["rows"][0]["event_date"]
    assert said["earliest"] == "1997-03-04"


def test_another_calendar_is_read_when_it_is_said_and_doubted_until_then(tmp_path):
    row = [["Fictman Alpha", "1358/05/12"]]
    assert "event_date" not in dry_run(tmp_path, ["Name", "Event date"], row)["rows"][0]
    told = dry_run(tmp_path, ["Name", "Event date"], row, "--calendar", "solar-hijri")["rows"][0]["event_date"]
    assert told["earliest"] == "1979-08-03"  # 12 Mordad 1358


def test_birth_after_the_event_is_doubted_and_both_are_kept(tmp_path):
    row = dry_run(tmp_path, ["Name", "Birth", "Event date"], [["Fictman Alpha", "1999", "1997-03-02"]])["rows"][0]
    assert row["birth"]["words"] == "1999"
    assert any("after the event" in doubt for doubt in row["doubts"])


def test_a_victim_without_a_name_is_kept_with_its_count_and_never_linked(tmp_path):
    from corroborate_cli.lists import read_lists

    path = tmp_path / "a.csv"
    path.write_text(
        "Name,Sex,Event date,Number of victims\n,M,1997,5\nKim Chol Su,M,1997,1\n신원미상,M,1997,1\n", encoding="utf-8"
    )
    found = dry_run(tmp_path, ["Name", "Sex", "Event date", "Number of victims"], [["", "M", "1997", "5"]])
    assert (found["rows"][0]["person"]["kind"], found["rows"][0]["person"]["count"]) == ("group", 5)
    lists = read_lists([path], maps=(), encoding=None, latest=2020, truth=None)
    assert [entry.names for entry in lists.lists["a"] if entry.names] == [("Kim Chol Su",)]  # the others have no name


def test_a_column_named_for_two_fields_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Who,Where\nFictman Alpha,Hamhung\n", encoding="utf-8")
    for options in (["--map", "name=Who", "--map", "place=Who"], ["--map", "name=Who", "--map", "name=Where"]):
        done = CliRunner().invoke(group, ["import", str(path), "--dry-run", *options])
        assert done.exit_code == 2
        assert "Say which" in done.output


def test_a_box_of_a_select_multiple_question_says_yes_and_an_empty_one_denies_nothing(tmp_path):
    heads = ["name", "violations/torture", "violations/beating"]
    rows = dry_run(tmp_path, heads, [["Fictman Alpha", "1", "0"], ["Fictman Beta", "0", "True"]])["rows"]
    assert [row["violations"] for row in rows] == [
        [{"term": "integrity.torture", "said": "for"}], [{"term": "integrity.beating", "said": "for"}],
    ]  # fmt: skip


def test_an_older_list_of_rejected_rows_is_never_written_over(tmp_path):
    (tmp_path / "list.csv").write_text("Name,Sex\n,f\n", encoding="utf-8")
    older = tmp_path / "rejected.csv"
    older.write_text("kept", encoding="utf-8")
    done = CliRunner().invoke(group, ["import", str(tmp_path / "list.csv"), "--dry-run", "--rejected", str(older)])
    assert "is there already" in str(done.exception)
    assert older.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    "heading",
    [
        "면담자 메모",
        "Interviewer notes",
        "Remarks of the coder",
        "聞き手のメモ",
        "notas del entrevistador",
        "Заметки интервьюера",
    ],
)
def test_what_an_interviewer_remarked_is_notes_and_names_no_witness(tmp_path, heading):
    found = dry_run(tmp_path, ["Name", heading], [["Fictman Alpha", "seemed tired"]])
    assert {"heading": heading, "field": "notes"} in found["columns"]
    assert "witness" not in found["rows"][0]
    assert found["rows"][0]["told"] == [{"heading": heading, "words": "seemed tired"}]


@pytest.mark.parametrize(
    "heading", ["면담자", "Interviewer", "聞き手", "Entrevistadora", "Name of the interviewer", "조사자"]
)
def test_who_asked_is_not_who_answered(tmp_path, heading):
    found = dry_run(tmp_path, ["Name", heading], [["Fictman Alpha", "Fictman Beta"]])
    assert {"heading": heading, "field": None} in found["columns"]
    assert found["rows"][0]["told"] == [{"heading": heading, "words": "Fictman Beta"}]


@pytest.mark.parametrize("heading", ["피면담자", "Interviewee", "Entrevistado", "증언자"])
def test_who_answered_is_the_witness(tmp_path, heading):
    found = dry_run(tmp_path, ["Name", heading], [["Fictman Alpha", "Fictman Beta"]])
    assert found["rows"][0]["witness"] == "Fictman Beta"
