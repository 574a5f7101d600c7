"""Exports of programs and documents that come again: nobody is doubled, what changed stands beside what was said, and
an import is undone. All people are invented."""

import json
import shutil

import pytest
from tests.importing.commanding import ran
from tests.importing.test_again import kept
from tests.importing.test_programs import SAMPLES


def taken(vault, path, *options) -> dict:
    return json.loads(ran("import", path, "--vault", vault, "--json", *options))


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_an_export_twice_doubles_nobody_and_undone_leaves_nothing(vault, tmp_path, sample):
    path = SAMPLES[sample]
    first = taken(vault, path)
    before = kept(vault)
    again = taken(vault, path)
    assert (again["import"], again["claims"]) == (None, 0)
    assert again["again"]["same"] == first["again"]["new"]
    assert kept(vault) == before
    ran("imports", "undo", first["import"], "--vault", vault)
    gone = kept(vault)
    assert not any(gone[one] for one in ("people", "acts", "claims", "sources", "consents", "files", "shown"))


def test_a_document_twice_is_one_document(vault, tmp_path):
    path = tmp_path / "면담.txt"
    path.write_text("면담 기록\n\n한별하나는 1998년에 체포되었다.\n", encoding="utf-8")
    first = taken(vault, path)
    before = kept(vault)
    copy = tmp_path / "면담 사본.txt"
    shutil.copy(path, copy)
    assert taken(vault, copy)["import"] is None
    assert kept(vault) == before
    ran("imports", "undo", first["import"], "--vault", vault)
    assert kept(vault)["sources"] == []


def test_a_record_that_changed_in_its_program_is_the_same_act_of_the_same_person(vault, tmp_path):
    sample = tmp_path / "export" / "events.json"
    sample.parent.mkdir()
    lines = SAMPLES["ftm"].read_text(encoding="utf-8").splitlines()
    sample.write_text("\n".join(lines), encoding="utf-8")
    taken(vault, sample)
    before = kept(vault)
    records = [json.loads(line) for line in lines]
    person = next(one for one in records if one["schema"] == "Person")
    person["properties"]["notes"] = ["heard again in 2026"]
    sample.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in records), encoding="utf-8")
    told = taken(vault, sample)["again"]
    after = kept(vault)
    assert (told["new"], told["changed"]) == (0, 1)
    assert set(before["claims"]) <= set(after["claims"])
    assert (before["people"], before["acts"], before["shown"]) == (after["people"], after["acts"], after["shown"])
    assert any("heard again in 2026" in one[3] for one in set(after["claims"]) - set(before["claims"]))
