"""A vault in which an earlier version took refusals for a yes: it stops, says what left, and reads the list again.

``made_before`` is such a vault of the six invented people in ``made_before.csv``, after one package for the public. Its
database stands there as SQL; each test encrypts it with the vault's own key first.
"""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlcipher3 import dbapi2
from tests.releasing import packed

from corroborate.sealed import derive, open_slots, read_slots
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.log import fixity
from corroborate_node.records import queries as records_queries

HERE = Path(__file__).parent
BEFORE, PASSPHRASE = HERE / "made_before", "long enough to hold"
NAMES = ["가상인하나", "가상인둘", "가상인셋", "가상인넷", "가상인다섯", "가상인여섯"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    # Each test copies one vault: on a machine that remembered what another copy signed, this one would sign nothing.
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "marks"))
    place = tmp_path / "vault"
    shutil.copytree(BEFORE, place, ignore=shutil.ignore_patterns("vault.sql"))
    for name in ("sealed", "inbox", "outbox"):
        (place / name).mkdir()
    key = derive(open_slots(read_slots((place / "keys/slots.json").read_text("utf-8")), PASSPHRASE), "database")
    database = dbapi2.connect(str(place / "vault.db"))
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    database.executescript((BEFORE / "vault.sql").read_text(encoding="utf-8"))
    database.close()
    return place


def ran(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.output


def named(package: Path) -> set[str]:
    content = b"".join(one.read_bytes() for one in package.rglob("*") if one.is_file())
    return {name for name in NAMES if name.encode() in content}


def test_nothing_leaves_under_words_that_were_not_kept(folder, tmp_path):
    with api.open_vault(folder, PASSPHRASE) as vault:
        packed(vault, tmp_path / "package", at=datetime.now(UTC), audience="public")
    assert named(tmp_path / "package") == set()
    with api.open_vault(folder, PASSPHRASE) as vault:
        found = {one.about: one.state for one in fixity.everything(vault)}
    assert found["consents"] == "advice"
    assert found["seals"] == "good", "the records that were sealed are as they were"


def test_what_left_is_listed_with_receiver_day_and_records(folder):
    told = json.loads(ran("consent", "list", "--vault", folder, "--json"))
    assert [one["title"] for one in told["blocked"]] == [f"list, row {row}" for row in (1, 2, 3, 4)]
    (gone,) = told["left"]
    assert (gone["audience"], gone["at"][:10], len(gone["records"])) == ("public", "2026-11-28", 24)
    words = ran("consent", "list", "--vault", folder)
    assert "Left on 2026-11-28 to public: 24 records, in the package 6246 2843" in words


def test_the_list_is_read_again_and_only_a_known_yes_goes_on_leaving(folder, tmp_path):
    done = json.loads(ran("consent", "reread", HERE / "made_before.csv", "--as", "list", "--vault", folder, "--json"))
    assert done == {"allowed": 1, "refused": 5, "unknown": [], "taken_away": 0}
    with api.open_vault(folder, PASSPHRASE) as vault:
        packed(vault, tmp_path / "package", at=datetime.now(UTC), audience="public")
    assert named(tmp_path / "package") == {"가상인하나"}
    told = json.loads(ran("consent", "list", "--vault", folder, "--json"))
    assert [one["allowed_again"] for one in told["blocked"]].count(True) == 1
    assert len(told["left"][0]["records"]) == 18
    with api.open_vault(folder, PASSPHRASE) as vault:
        (new,) = [one for one in records_queries.consents() if one.version == 2]
    assert (new.words, new.audience) == ("공개여부\t공개동의", "public")


def test_a_row_that_is_not_as_it_was_taken_in_grants_nothing(folder, tmp_path):
    other = tmp_path / "list.csv"
    text = (HERE / "made_before.csv").read_text(encoding="utf-8")
    other.write_text(text.replace("공개동의 안 함", "공개동의").replace("가상인둘", "가상인스물"), encoding="utf-8")
    done = json.loads(ran("consent", "reread", other, "--vault", folder, "--json"))
    assert done == {"allowed": 1, "refused": 4, "unknown": ["line 3"], "taken_away": 0}


# as it was taken in, and as it is now: the cell under "may be published", the note, may the name leave
CHANGED = [
    ("김뷔가", "공개동의", "공개동의", "", True),
    ("김뷔나", "공개동의", "공개동의 거부", "", False),
    ("김뷔다", "공개동의", "", "", False),
    ("김뷔라", "공개동의", "공개동의", "공개동의 철회 2026", False),
    ("김뷔마", "공개동의", "공개동의", "동의 철회 2026", False),  # would not be taken in today
]


def _written(path: Path, rows: list[list[str]]) -> Path:
    lines = [["성명", "공개여부", "비고"], *rows]
    path.write_text("".join(f"{','.join(row)}\n" for row in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("agreed", [[], ["--agreed"]])
def test_a_list_read_again_takes_away_what_it_does_not_allow_any_more(tmp_path, agreed):
    vault = tmp_path / "vault"
    before = _written(tmp_path / "list.csv", [[name, then, ""] for name, then, *_ in CHANGED])
    ran("new", vault, "--name", "Member")
    ran("import", before, "--vault", vault, *agreed)
    with api.open_vault(vault, PASSPHRASE) as opened:
        packed(opened, tmp_path / "before", at=datetime.now(UTC), audience="public")
    _written(before, [[name, now, note] for name, _, now, note, _ in CHANGED])
    done = json.loads(ran("consent", "reread", before, "--vault", vault, "--json"))
    assert done["unknown"] == []
    assert done["taken_away"] >= 4
    with api.open_vault(vault, PASSPHRASE) as opened:
        packed(opened, tmp_path / "after", at=datetime.now(UTC), audience="public")
        assert {one.about: one.state for one in fixity.everything(opened)}["seals"] == "good"
    names = [name for name, *_ in CHANGED]
    content = {where: b"".join(one.read_bytes() for one in (tmp_path / where).rglob("*") if one.is_file())
               for where in ("before", "after")}  # fmt: skip
    assert [name for name in names if name.encode() in content["before"]] == names
    assert [name for name in names if name.encode() in content["after"]] == [
        name for name, *_, leaves in CHANGED if leaves
    ]
    told = json.loads(ran("consent", "list", "--vault", vault, "--json"))
    assert {one["why"] for one in told["blocked"]} == {"its list, read again, does not allow it"}
    assert len(told["left"]) == 1
    again = json.loads(ran("consent", "reread", before, "--vault", vault, "--json"))
    assert again["taken_away"] == 0
