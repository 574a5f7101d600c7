"""Everything that a vault holds, written in the clear and read back: nothing is lost, and nothing that was changed."""

import hashlib
import json
import shutil

import pytest
from tests.databases.conftest import records

from corroborate.importers.programs import read_export, recognised
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.core.rows_out import exported
from corroborate_node.log import fixity
from corroborate_node.records import actions as records_actions
from corroborate_node.records import models, queries

from .conftest import AT, NEEDLES, PASSPHRASE, as_json, run

OTHER = "other words of a successor"


def held(folder, passphrase):
    """Every claim, source, consent and judgement of a vault, and what its sealed files hold."""
    with api.open_vault(folder, passphrase) as opened:
        return {
            "claims": [repr(one) for one in queries.claims_kept()],
            "sources": [repr(one) for one in queries.sources().values()],
            "consents": list(models.Consent.objects.order_by("id").values()),
            "judgements": [repr(one) for one in queries.judgements()],
            "entities": [repr(one) for one in queries.entities()],
            "withdrawn": list(models.Source.objects.exclude(withdrawn=None).values_list("id", "withdrawn")),
            "files": sorted(b"".join(opened.files.get(one)) for one in opened.files.addresses()),
            "rows": {one._meta.label: one._base_manager.count() for one in exported()
                     if one._meta.label not in CHANGED},
            "wrong": fixity.wrong_with(opened),
        }  # fmt: skip


# rows that the new vault adds: that its log goes on under a new name, and lines of its journal
CHANGED = ("evidence.Document", "witnessing.LogEntry", "witnessing.Checkpoint", "witnessing.Alarm", "core.Line",
           "core.Touched")  # fmt: skip


def there_and_back(vault, tmp_path, people):
    with api.open_vault(vault, PASSPHRASE) as opened:
        records_actions.receive(owner(opened, AT), *records(people))
        source = sorted(queries.sources())[0]
    run("withdraw", source, "--vault", vault)
    before = held(vault, PASSPHRASE)
    assert len(before["claims"]) >= 3 * people
    done = as_json("export", tmp_path / "all", "--vault", vault, "--yes")
    assert done["files"] == len(before["files"]) > 0
    made = as_json("new", tmp_path / "new", "--name", "Successor", "--from-export", tmp_path / "all", passphrase=OTHER)
    assert made["one_time_passphrase"]
    return before, held(tmp_path / "new", OTHER)


@pytest.mark.in_a_file  # an export is read into a new vault of the default, and moved afterwards
def test_what_is_exported_is_read_back_claim_by_claim_and_the_log_goes_on(vault, tmp_path):
    before, after = there_and_back(vault, tmp_path, 300)
    assert before["wrong"] == after["wrong"] == []
    assert after == before
    new = ("--vault", tmp_path / "new")
    (tmp_path / "more.csv").write_text("Name,Sex\nKim Later,f\n", encoding="utf-8")
    run("import", tmp_path / "more.csv", *new, passphrase=OTHER)
    run("log", "checkpoint", *new, "--out", tmp_path / "next.checkpoint", passphrase=OTHER)
    assert (tmp_path / "next.checkpoint").read_text(encoding="utf-8").startswith("Successor~2\n")
    assert NEEDLES[0] in run("search", NEEDLES[0], *new, passphrase=OTHER)[0]
    run("doctor", *new, passphrase=OTHER)


@pytest.mark.long
def test_ten_thousand_people_are_read_back_claim_by_claim(vault, tmp_path):
    before, after = there_and_back(vault, tmp_path, 10_000)
    assert after == before


def test_other_programs_read_the_lines(vault, tmp_path):
    as_json("export", tmp_path / "all", "--vault", vault, "--yes")
    lines = tmp_path / "all" / "entities.ftm.json"
    assert {json.loads(one)["schema"] for one in lines.read_text(encoding="utf-8").splitlines()} >= {"Person"}
    assert recognised(lines) == "ftm"
    assert {one.name for one in read_export(lines, "ftm").people} >= set(NEEDLES[:2])


def test_an_export_is_asked_for_in_words_and_goes_into_a_new_folder(vault, tmp_path):
    assert "Every name" in run("export", tmp_path / "all", "--vault", vault, given="n\n", code=1)[1]
    assert not (tmp_path / "all").exists()
    (tmp_path / "there").mkdir()
    assert "new folder" in run("export", tmp_path / "there", "--vault", vault, "--yes", code=1)[1]
    assert "plugged in" in run("export", tmp_path / "no" / "all", "--vault", vault, "--yes", code=1)[1]
    run("export", tmp_path / "all", "--vault", vault, "--yes")
    what = [one["what"] for one in json.loads(run("journal", "--vault", vault, "--json")[0])]
    assert "vault.export" in what


@pytest.mark.in_a_file  # an export is read into a new vault of the default, and moved afterwards
def test_an_export_that_was_changed_makes_no_vault(vault, tmp_path):
    run("export", tmp_path / "all", "--vault", vault, "--yes")
    bad = tmp_path / "bad"

    def refused(words):
        said = run("new", tmp_path / "new", "--name", "S", "--from-export", bad, passphrase=OTHER, code=1)[1]
        assert words in said, said
        assert not (tmp_path / "new").exists()
        assert not (tmp_path / "new.from-export").exists()
        shutil.rmtree(bad)

    for change in ("row", "gone", "more"):
        shutil.copytree(tmp_path / "all", bad)
        table = bad / "tables" / "evidence_claim.jsonl"
        if change == "row":
            table.write_text(table.read_text(encoding="utf-8").replace("고문", "사망"), encoding="utf-8")
        elif change == "gone":
            table.unlink()
        else:
            (bad / "tables" / "other.jsonl").write_text("[]\n", encoding="utf-8")
        refused("not as it was written")
    shutil.copytree(tmp_path / "all", bad)
    (bad / "export.json").unlink()
    refused("no export of a vault")
    shutil.copytree(tmp_path / "all", bad)  # somebody who writes the digests anew does not get past the seals
    table, about = bad / "tables" / "evidence_claim.jsonl", bad / "export.json"
    table.write_text(table.read_text(encoding="utf-8").replace("고문", "사망"), encoding="utf-8")
    said = json.loads(about.read_text(encoding="utf-8"))
    said["files"]["tables/evidence_claim.jsonl"] = hashlib.sha256(table.read_bytes()).hexdigest()
    about.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    refused("not what was sealed")
