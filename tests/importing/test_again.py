"""A list that comes again adds what is new in it and doubles nobody; an import is undone as if it had not been. By the
command, from the file to what is kept. All people are invented."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.importing.commanding import WORDS, ran

from corroborate.importers.again import Looked, RowBefore, RowNow, digest_of_cells, matched
from corroborate_node import api

HEADING = ["번호", "성명", "성별", "출생", "체포일", "수용소", "피해", "증언자", "공개"]
ROWS = [
    ["1", "한별가", "남", "1970", "1998년 봄", "요덕", "고문", "증언자하나", "예"],
    ["2", "한별나", "여", "1965", "1997-03", "회령", "강제노동", "증언자하나", "아니오"],
    ["3", "한별다", "여", "1980", "2001", "개천", "구타", "", "예"],
    ["4", "신원미상", "남", "", "2000", "요덕", "처형", "", ""],
    ["5", "신원미상", "남", "", "2000", "요덕", "처형", "", ""],
    ["6", "한별라", "남", "1958", "2003-11-02", "청진", "고문", "증언자둘", "아니오"],
]


def written(path: Path, rows: list[list[str]], heading: list[str] = HEADING) -> Path:
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in [heading, *rows]:
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *rows])
    return path


def changed(number: str, **cells: str) -> list[list[str]]:
    names = dict(zip(["name", "event", "fate", "public"], [1, 4, 6, 8], strict=True))
    rows = [list(row) for row in ROWS]
    for row in rows:
        if row[0] == number:
            for name, cell in cells.items():
                row[names[name]] = cell
    return rows


def taken(vault: Path, path: Path, *options: object) -> dict:
    return json.loads(ran("import", path, "--vault", vault, "--json", *options))


def kept(vault: Path) -> dict[str, list]:
    """Everything that counts in a vault: entities of which something is said, claims with whom they are about, consents
    that stand, files."""
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_node.core.desk import owner
        from corroborate_node.records import models, queries

        desk = owner(opened, datetime.now(UTC))
        claims = list(queries.claims())
        return {
            "people": sorted({one.subject for one in claims if one.subject.startswith("person_")}),
            "acts": sorted({one.subject for one in claims if one.subject.startswith("act_")}),
            "claims": sorted((one.id, one.subject, one.property, str(one.value)) for one in claims),
            "sources": sorted(queries.sources()),
            "consents": sorted(one.id for one in queries.consents() if one.withdrawn is None and not one.blocked),
            "files": sorted(models.KeptFile.objects.exclude(address="").values_list("digest", flat=True)),
            "shown": sorted(queries.people(desk).values_list("text", flat=True)),
        }


def files_of(vault: Path) -> list[bytes]:
    """What the kept files hold, opened."""
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_node.core.desk import owner
        from corroborate_node.records import documents, models

        desk = owner(opened, datetime.now(UTC))
        ids = models.KeptFile.objects.exclude(address="").values_list("id", flat=True)
        return [b"".join(documents.content(desk, one)) for one in ids]


def source_of(vault: Path, name: str) -> str:
    found = json.loads(ran("search", name, "--vault", vault, "--json"))
    person = next(one["id"] for one in found["people"]["found"])
    return next(claim["source"] for claim in json.loads(ran("show", person, "--vault", vault, "--json"))["claims"])


def source_person(vault: Path, name: str) -> str:
    found = json.loads(ran("search", name, "--vault", vault, "--json"))
    return next(one["id"] for one in found["people"]["found"])


@pytest.mark.parametrize("name", ["명단.csv", "명단.xlsx"])
def test_the_same_file_twice_doubles_nobody_and_leaves_no_import(vault, tmp_path, name):
    path = written(tmp_path / name, ROWS)
    first = taken(vault, path)
    before = kept(vault)
    again = taken(vault, path)
    assert first["taken"] == len(ROWS)
    assert (again["taken"], again["import"], again["again"]["same"]) == (0, None, len(ROWS))
    assert kept(vault) == before
    assert path.read_bytes() in files_of(vault)  # the file itself is kept, sealed
    assert "came before" in ran("import", path, "--vault", vault)


def test_a_changed_cell_stands_beside_the_old_one_and_new_rows_are_added(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))
    before = kept(vault)
    rows = [
        ["7", "한별마", "여", "1990", "2005", "청진", "고문", "증언자하나", "아니오"],
        *changed("1", event="1998-04-02"),
    ]
    told = taken(vault, written(tmp_path / "later" / "명단.csv", rows))["again"]
    after = kept(vault)
    assert told == {"rows": 7, "new": 1, "changed": 1, "same": 5, "withdrawn": 0}
    assert set(before["claims"]) <= set(after["claims"])
    assert len(after["people"]) == len(before["people"]) + 1  # the changed row is the same person
    assert len(after["acts"]) == len(before["acts"]) + 1  # and its act the same act
    told_of = {one[2:] for one in set(after["claims"]) - set(before["claims"])}
    assert ("event_date", "1998-04-02") in told_of
    assert ("date", "1998-04-02") in told_of
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        witnesses = [one for one in queries.sources().values() if one.title == "증언자하나"]
    assert len(witnesses) == 1  # the witness of the new row is the one who told of the others: no second root


def test_an_import_is_listed_shown_and_undone_as_if_it_had_not_been(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))
    before, held = kept(vault), files_of(vault)
    rows = [
        *changed("1", event="1998-04-02", public="아니오"),
        ["7", "한별마", "여", "1990", "2005", "청진", "", "", ""],
    ]
    taken(vault, written(tmp_path / "later" / "명단.csv", rows))
    listed = json.loads(ran("imports", "list", "--vault", vault, "--json"))
    assert [(one["import"], one["list"], one["rows"]["new"], one["rows"]["changed"]) for one in listed] == [
        (2, "명단", 1, 1),
        (1, "명단", 6, 0),
    ]
    shown = json.loads(ran("imports", "show", 2, "--vault", vault, "--json"))["sources"]
    assert sorted((one["called"], one["changed"]) for one in shown) == [("명단 · 1", True), ("명단 · 7", False)]
    assert "undo it first" in ran("imports", "undo", 1, "--vault", vault, code=1)
    kept_before_trying = kept(vault)
    assert "would be erased" in ran("imports", "undo", 2, "--vault", vault, "--dry-run")
    assert kept(vault) == kept_before_trying
    ran("imports", "undo", 2, "--vault", vault)
    after = kept(vault)
    assert {**after, "consents": []} == {**before, "consents": []}
    assert set(after["consents"]) < set(
        before["consents"]
    )  # a leave that a list took back is not given again by an undo
    assert files_of(vault) == held
    ran("imports", "undo", 1, "--vault", vault)
    gone = kept(vault)
    assert not any(gone[one] for one in ("people", "acts", "claims", "sources", "consents", "files", "shown"))
    assert json.loads(ran("search", "한별가", "--vault", vault, "--json"))["people"]["found"] == []
    assert "undone already" in ran("imports", "undo", 1, "--vault", vault, code=1)
    assert "wrong" not in ran("doctor", "--vault", vault)
    assert taken(vault, written(tmp_path / "명단.csv", ROWS))["taken"] == len(ROWS)


@pytest.mark.parametrize("name", ["명단.csv", "명단.xlsx"])
def test_a_withdrawn_row_leaves_the_kept_file_and_does_not_come_back(vault, tmp_path, name):
    path = written(tmp_path / name, ROWS)
    taken(vault, path)
    ran("withdraw", source_of(vault, "한별다"), "--vault", vault)
    [held] = files_of(vault)
    assert "한별다" not in held.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(held.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["성명", "한별가", "한별나", "신원미상", "신원미상", "한별라"]
    again = taken(vault, path)["again"]
    assert (again["new"], again["withdrawn"]) == (0, 1)
    assert "한별다" not in kept(vault)["shown"]
    ran("withdraw", source_of(vault, "한별라"), "--vault", vault)  # from the copy, as from the file
    [held] = files_of(vault)
    assert "한별라" not in held.decode("utf-8-sig")
    assert "한별가" in held.decode("utf-8-sig")


def test_a_withdrawn_row_does_not_come_back_by_undoing_its_import_either(vault, tmp_path):
    path = written(tmp_path / "명단.csv", ROWS)
    taken(vault, path)
    ran("withdraw", source_of(vault, "한별다"), "--vault", vault)
    ran("imports", "undo", 1, "--vault", vault)
    assert taken(vault, path)["again"] == {"rows": 6, "new": 5, "changed": 0, "same": 0, "withdrawn": 1}
    assert "한별다" not in kept(vault)["shown"]


def test_of_a_changed_list_nobody_knows_whether_a_new_row_was_withdrawn_so_a_person_looks(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))
    ran("withdraw", source_of(vault, "한별다"), "--vault", vault)
    rows = [*changed("3", event="2002"), ["7", "한별마", "여", "1990", "2005", "청진", "", "", ""]]
    path = written(tmp_path / "later" / "명단.csv", rows)
    why = ran("import", path, "--vault", vault, code=1)
    assert "were withdrawn since" in why
    assert "lines 4, 8" in why
    assert "한별다" not in why
    assert "한별마" not in kept(vault)["shown"]
    path = written(tmp_path / "later" / "명단.csv", [row for row in rows if row[0] != "3"])
    assert taken(vault, path, "--looked")["again"]["new"] == 1


def test_all_versions_of_a_row_go_with_any_of_them(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))
    taken(vault, written(tmp_path / "later" / "명단.csv", changed("3", event="2002-05-01")))
    with api.open_vault(vault, WORDS):
        from corroborate_node.records.models import Imported

        [version] = Imported.objects.exclude(first="").values_list("source_id", flat=True)
    ran("withdraw", version, "--vault", vault)
    assert "한별다" not in kept(vault)["shown"]
    assert all("한별다" not in one.decode("utf-8-sig") for one in files_of(vault))


def test_a_list_under_another_name_or_with_other_columns_is_a_question(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))
    before = kept(vault)
    copy = written(tmp_path / "명단 (1).csv", changed("1", event="1999"))
    assert "--again 1" in ran("import", copy, "--vault", vault, code=1)
    wider = written(tmp_path / "later" / "명단.csv", [[*row, "-"] for row in ROWS], [*HEADING, "비고"])
    assert "with other columns" in ran("import", wider, "--vault", vault, code=1)
    assert kept(vault) == before
    assert taken(vault, copy, "--again", 1)["again"]["changed"] == 1
    assert taken(vault, copy, "--new", "--as", "Another")["taken"] == len(ROWS)
    other = written(tmp_path / "other.csv", [["1", "누군가", "남", "1950", "", "", "", "", ""]])
    assert taken(vault, other)["taken"] == 1  # a list with the same columns and other rows is another list


def test_what_a_coder_corrected_does_not_come_back_as_it_was(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        [birth] = [one.id for one in queries.claims(["birth_date"]) if str(one.value) == "1980"]
    ran("correct", birth, "--to", "1981", "--because", "her papers", "--vault", vault)
    taken(vault, written(tmp_path / "later" / "명단.csv", changed("3", event="2002")))
    said = [one[3] for one in kept(vault)["claims"] if one[2] == "birth_date"]
    assert "1981" in said
    assert "1980" not in said


def test_a_row_that_allows_less_than_before_allows_less_of_all_that_it_told(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))

    def public() -> set[str]:
        with api.open_vault(vault, WORDS):
            from corroborate_node.records import queries

            given = [one for one in queries.consents() if "name" in one.uses and one.audience == "public"]
            return {one.source for one in given if one.withdrawn is None and not one.blocked}

    assert len(public()) == 2
    taken(vault, written(tmp_path / "later" / "명단.csv", changed("3", public="아니오")))
    assert len(public()) == 1
    taken(vault, written(tmp_path / "later still" / "명단.csv", changed("3", public="아니오 ")))
    assert len(public()) == 1


def test_an_older_file_read_again_does_not_take_a_newer_refusal_back(vault, tmp_path):
    first = written(tmp_path / "명단.csv", ROWS)
    taken(vault, first)
    taken(vault, written(tmp_path / "later" / "명단.csv", changed("3", public="아니오")))
    ran("consent", "reread", first, "--vault", vault)
    found = ran("search", "한별다", "--consent", "name:public", "--vault", vault, "--json")
    assert json.loads(found)["people"]["found"] == []


def test_undoing_a_later_import_takes_nobody_s_leave_back(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS))
    taken(vault, written(tmp_path / "later" / "명단.csv", changed("1", event="1998-04-02")))
    ran("imports", "undo", 2, "--vault", vault)
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        assert queries.people_erased(queries.consents()) == set()
    assert taken(vault, tmp_path / "later" / "명단.csv")["again"]["changed"] == 1  # and no row was withdrawn


def test_his_wife_in_one_row_is_not_his_wife_in_another(vault, tmp_path):
    rows = [[*row[:7], "아내", row[8]] if row[0] in "12" else [*row] for row in ROWS]
    taken(vault, written(tmp_path / "명단.csv", rows))
    assert "아내" in ran("show", source_person(vault, "한별가"), "--vault", vault)  # her words are kept
    ran("withdraw", source_of(vault, "한별가"), "--vault", vault)
    assert "한별나" in kept(vault)["shown"]
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        assert "아내" not in {one.title for one in queries.sources().values()}


def test_who_did_it_is_kept_where_nobody_knows_what_was_done(vault, tmp_path):
    heading = ["성명", "피해", "가해자"]
    taken(vault, written(tmp_path / "명단.csv", [["한별가", "알 수 없는 말로 적은 일", "관리소 지도원"]], heading))
    assert "관리소 지도원" in ran("show", source_person(vault, "한별가"), "--vault", vault)


def test_a_key_tells_rows_apart_whose_names_changed(vault, tmp_path):
    taken(vault, written(tmp_path / "명단.csv", ROWS), "--key", "번호")
    before = kept(vault)
    told = taken(vault, written(tmp_path / "later" / "명단.csv", changed("6", name="한별롸")), "--key", "번호")["again"]
    assert (told["changed"], told["new"]) == (1, 0)
    assert len(kept(vault)["people"]) == len(before["people"])
    assert "no column" in ran("import", tmp_path / "명단.csv", "--vault", vault, "--key", "여권", code=1)


def test_another_person_under_the_same_key_is_a_question(vault, tmp_path):
    heading = ["ID", "성명", "출생", "수용소"]
    taken(vault, written(tmp_path / "명단.csv", [["A1", "한별가", "1970", "요덕"]], heading), "--key", "ID")
    other = written(tmp_path / "later" / "명단.csv", [["A1", "박다른", "1999", "회령"]], heading)
    assert "somebody else" in ran("import", other, "--vault", vault, code=1)
    assert kept(vault)["shown"] == ["한별가"]
    assert taken(vault, other, "--looked")["again"]["changed"] == 1


def test_a_namesake_born_otherwise_is_somebody_else(vault, tmp_path):
    heading = ["성명", "성별", "출생"]
    taken(vault, written(tmp_path / "명단.csv", [["한별가", "남", "1960"]], heading))
    told = taken(vault, written(tmp_path / "later" / "명단.csv", [["한별가", "남", "1985"]], heading))["again"]
    assert (told["new"], told["changed"]) == (1, 0)


def test_rows_in_another_order_and_numbered_anew_are_nobody_elses(vault, tmp_path):
    """Somebody inserts a row on top and numbers all others anew: the number of a row is no key by itself."""
    heading = [one for one in HEADING if one != "증언자"]
    rows = [[cell for at, cell in enumerate(row) if at != 7] for row in ROWS if "미상" not in row[1]]
    taken(vault, written(tmp_path / "명단.csv", rows, heading))
    before = kept(vault)
    later = [["1", "새사람", "남", "1940", "1977", "개천", "구타", "아니오"]]
    later += [[str(at), *row[1:]] for at, row in enumerate(reversed(rows), 2)]
    told = taken(vault, written(tmp_path / "later" / "명단.csv", later, heading))["again"]
    after = kept(vault)
    assert (told["new"], told["changed"], told["same"]) == (1, 0, 4)
    assert sorted([*before["shown"], "새사람"]) == after["shown"]
    names = [one for one in after["claims"] if one[2] in ("name", "alias")]
    assert len(names) == 5  # nobody got another's name


def test_columns_that_a_person_chose_are_offered_when_a_file_of_that_shape_comes(vault, tmp_path):
    heading = ["A", "B", "C"]
    path = written(tmp_path / "one.csv", [["한별가", "1998", "요덕"], ["한별나", "1999", "회령"]], heading)
    chosen = ["--map", "name=A", "--map", "event_date=B", "--map", "facility=C"]
    taken(vault, path, *chosen)
    later = written(tmp_path / "two.csv", [["한별다", "2001", "개천"], ["한별라", "2002", "청진"]], heading)
    told = taken(vault, later, "--like", 1)
    assert told["mapping"] == {"name": "A", "event_date": "B", "facility": "C"}
    wrong = written(
        tmp_path / "three.csv", [["한별마", "2001", "개천"], ["한별바", "2002", "청진"]], ["성명", "B", "C"]
    )
    taken(vault, wrong, "--map", "event_date=B")
    fourth = written(tmp_path / "four.csv", [["한별사", "2001", "개천"]], ["성명", "B", "C"])
    assert "--like 3" in ran("import", fourth, "--vault", vault, code=1)
    assert taken(vault, fourth, "--guess")["taken"] == 1


# --- the comparison by itself -----------------------------------------------------------------------------------------

SAID = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=12)


@given(SAID, st.randoms(use_true_random=False))
def test_a_list_in_any_order_is_the_same_list(said, random):
    before = [RowBefore(f"source_{at}", (one,), "") for at, one in enumerate(said)]
    shuffled = random.sample(said, len(said))
    now = [RowNow(at, one, "") for at, one in enumerate(shuffled, 1)]
    found = matched(now, before, lambda _: {}, lambda _: {}, certain=False)
    assert (len(found.same), found.changed, found.new, found.gone) == (len(said), {}, (), ())
    assert len(set(found.same.values())) == len(said)  # each row that stands is one row's


@given(SAID, SAID, st.booleans())
def test_every_row_is_the_same_changed_or_new_and_no_two_are_one(then, today, certain):
    before = [RowBefore(f"source_{at}", (one,), one) for at, one in enumerate(then)]
    now = [RowNow(at, one + "x" * (at % 2), one) for at, one in enumerate(today, 1)]

    def look(ids):
        return {one: Looked(frozenset({"한별"}), frozenset({"said"})) for one in ids}

    found = matched(now, before, look, look, certain=certain)
    assert sorted([*found.same, *found.changed, *found.new]) == [row.number for row in now]
    used = [*found.same.values(), *found.changed.values()]
    assert len(used) == len(set(used))
    assert set(used).isdisjoint(found.gone)
    assert {*used, *found.gone} == {one.id for one in before}


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=6))
def test_the_digest_of_a_row_heeds_neither_the_order_of_columns_nor_spaces(cells):
    turned = {heading: f"  {cell} " for heading, cell in reversed(cells.items())}
    assert digest_of_cells(cells) == digest_of_cells(turned)


# --- what two lists, namesakes and another way in could do to somebody ----------------------------------------------

NAMESAKES = ["번호", "성명", "성별", "수용소", "출생", "비고", "공개"]


def public(vault: Path, name: str, birth: str) -> int:
    """How many consents stand by which a person of that name and birth may be named to everybody."""
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import models

        born = models.Claim.objects.filter(property="birth_date", value__date=birth).values("subject_id")
        told = models.Claim.objects.filter(property="name", value__text=name, subject_id__in=born)
        given = models.Consent.objects.filter(source_id__in=told.values("source_id"), audience="public", blocked="")
        return sum("name" in one.uses for one in given)


def test_consents_of_one_list_are_not_read_into_another_of_that_title(vault, tmp_path):
    yes = written(tmp_path / "a" / "명단.csv", [["1", "한별가", "남", "요덕", "1970", "", "예"]], NAMESAKES)
    no = written(tmp_path / "b" / "명단.csv", [["1", "한별나", "남", "개천", "1950", "", "아니오"]], NAMESAKES)
    taken(vault, yes)
    taken(vault, no, "--new")
    assert "2 lists called 명단" in ran("consent", "reread", yes, "--vault", vault, code=1)
    assert (public(vault, "한별가", "1970"), public(vault, "한별나", "1950")) == (1, 0)


def test_a_namesake_s_yes_is_not_read_as_that_of_who_had_the_row_before(vault, tmp_path):
    before = [["1", "한별가", "남", "요덕", "1970", "", "예"], ["2", "한별가", "남", "개천", "1950", "", "아니오"]]
    now = [["1", "한별다", "남", "회령", "1960", "", ""], ["2", *before[0][1:]], ["3", *before[1][1:]]]
    taken(vault, written(tmp_path / "a" / "명단.csv", before, NAMESAKES))
    ran("consent", "reread", written(tmp_path / "b" / "명단.csv", now, NAMESAKES), "--vault", vault, "--json")
    assert public(vault, "한별가", "1950") == 0


def test_namesakes_that_are_numbered_anew_are_not_given_each_other_s_words(vault, tmp_path):
    before = [
        ["1", "한별다", "남", "요덕", "1940", "", ""],
        ["2", "한별가", "남", "요덕", "1960", "", ""],
        ["3", "한별가", "남", "요덕", "1985", "", ""],
    ]
    now = [["1", "한별라", "남", "요덕", "1930", "", ""], ["2", *before[0][1:]]]
    now += [["3", *before[1][1:5], "처형됨", ""], ["4", *before[2][1:5], "병사함", ""]]
    taken(vault, written(tmp_path / "a" / "명단.csv", before, NAMESAKES))
    assert taken(vault, written(tmp_path / "b" / "명단.csv", now, NAMESAKES))["again"]["changed"] == 2
    with api.open_vault(vault, WORDS):
        from corroborate_node.records.models import Claim

        born: dict[str, set[str]] = {}
        for person, value in Claim.objects.filter(property="birth_date").values_list("subject_id", "value"):
            born.setdefault(person, set()).add(value["date"])
    assert sorted(map(sorted, born.values())) == [["1930"], ["1940"], ["1960"], ["1985"]]


@pytest.mark.parametrize("undone", [True, False])
def test_a_withdrawn_row_does_not_come_back_when_its_file_comes_as_another_list_twice(vault, tmp_path, undone):
    path = written(tmp_path / "명단.csv", ROWS)
    taken(vault, path)
    ran("withdraw", source_of(vault, "한별나"), "--vault", vault)
    if undone:
        ran("imports", "undo", 1, "--vault", vault)
    other = ("--as", "다른 명단", *([] if undone else ["--new"]))
    taken(vault, path, *other)
    taken(vault, path, "--as", "다른 명단")
    assert "한별나" not in kept(vault)["shown"]


def test_with_a_withdrawn_document_goes_the_name_of_its_file(vault, tmp_path):
    path = tmp_path / "한별가 진술.txt"
    path.write_text("한별나는 1998년에 요덕에서 맞았다.\n\n둘째 문단이다.\n", encoding="utf-8")
    ran("import", path, "--vault", vault)
    [source] = json.loads(ran("imports", "show", 1, "--vault", vault, "--json"))["sources"]
    ran("withdraw", source["source"], "--vault", vault)
    assert "한별가" not in ran("imports", "show", 1, "--vault", vault, "--json")
    with api.open_vault(vault, WORDS):
        from corroborate_node.log.models import LogEntry

        assert LogEntry.objects.get(kind="import").salt is None
    assert "withdrawn since" in ran("import", path, "--vault", vault, code=1)
    assert "1 row " in ran("import", path, "--looked", "--vault", vault)


# --- a dry run against the vault --------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_be_added_changed_and_left_and_stores_nothing(vault, tmp_path):
    first = written(tmp_path / "list.csv", ROWS)
    fresh = json.loads(ran("import", first, "--vault", vault, "--dry-run", "--json"))
    assert fresh["again"] == {"rows": 6, "new": 6, "changed": 0, "same": 0, "withdrawn": 0, "gone": 0}
    taken(vault, first)
    before = kept(vault)
    rows = [*changed("3", event="2002")[:5], ["7", "한별마", "여", "1990", "2004", "회령", "구타", "", ""]]
    again = written(tmp_path / "list.csv", rows)
    said = json.loads(ran("import", again, "--vault", vault, "--dry-run", "--json"))
    assert said["again"] == {"rows": 6, "new": 1, "changed": 1, "same": 4, "withdrawn": 0, "gone": 1}
    assert len(said["rows"]) == 6
    words = ran("import", again, "--vault", vault, "--dry-run")
    assert "1 row would be added, 1 changed, 4 left" in words
    assert "1 row that stands there is not in this file" in words
    assert kept(vault) == before


def test_a_dry_run_says_what_must_be_said_first(vault, tmp_path):
    taken(vault, written(tmp_path / "list.csv", ROWS))
    other = written(tmp_path / "elsewhere.csv", ROWS)
    said = json.loads(ran("import", other, "--vault", vault, "--dry-run", "--json"))
    assert said["again"]["question"] == "resembles"
    assert "Before it can be taken into this vault" in ran("import", other, "--vault", vault, "--dry-run")
    assert ran("import", other, "--vault", vault, "--dry-run", "--again", 1).count("6 left as they are") == 1
