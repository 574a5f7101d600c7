"""Promises 3 to 10 from a list that somebody made to the last byte that is read of it, by the commands alone.

Promise 2 and promise 6 have files of their own that go the same way; the whole chain stands in tests/demonstration.
"""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from click.testing import CliRunner
from tests.promises.test_p02_from_the_list_to_the_bytes import PASSPHRASE, through_the_door

from corroborate_cli.main import group

# What two members wrote down. The first witness tells of four people, one of them twice; the second of two.
HEADINGS = ["번호", "성명", "생년월일", "성별", "혐의", "일자", "장소", "증언자", "공개여부"]
KOREAN = [
    ["1", "김뷔가", "1961-03-04", "남", "고문", "1997-05", "요덕 정치범수용소", "이증언", "공개동의"],
    ["2", "박뷔나", "1970", "여", "자의적 구금", "1998", "요덕 정치범수용소", "이증언", "공개동의"],
    ["3", "최뷔다", "1955-11-30", "남", "자의적 구금", "2001-08-12", "청진", "이증언", "공개동의"],
    ["4", "최뷔다", "1955-11-30", "남", "자의적 구금", "2001-08", "청진", "이증언", "공개동의"],
    ["5", "정뷔라", "1980", "여", "고문 없음", "2003", "회령", "한목격", "공개동의"],
]
ENGLISH = [
    ["Name", "Birth", "Sex", "Violation", "Date", "Place", "Witness", "Public"],
    ["Kim Bwi-ga", "1961-03-04", "M", "tortured", "May 1997", "Yodok camp", "Q. Rhee", "yes"],
    ["Pak Bwi-na", "1970", "F", "detained", "1998", "Yodok camp", "Q. Rhee", "yes"],
]


def ran(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.output + (str(done.exception) if code else "")


@pytest.fixture(scope="module")
def lists(tmp_path_factory) -> tuple[Path, Path]:
    """One list as a Korean office writes it (code page 949), one as a workbook."""
    folder = tmp_path_factory.mktemp("lists")
    korean, english = folder / "명단.csv", folder / "list.xlsx"
    with korean.open("w", newline="", encoding="cp949") as out:
        csv.writer(out).writerows([HEADINGS, *KOREAN])
    book = openpyxl.Workbook()
    for row in ENGLISH:
        book.active.append(row)
    book.save(english)
    return korean, english


@pytest.fixture(scope="module")
def vault(lists, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("member") / "vault"
    ran("new", folder, "--name", "Member")
    for path in lists:
        ran("import", path, "--vault", folder)
    ran("log", "checkpoint", "--vault", folder)
    return folder


@pytest.fixture(scope="module")
def given(vault, tmp_path_factory) -> Path:
    """What left: a package, a dossier, a release as its reader sees it, a site."""
    out = tmp_path_factory.mktemp("given")
    number = through_the_door(vault, "--audience", "public")
    ran("pack", out / "package", "--release", number, "--vault", vault)
    ran("release", "write", number, "--json", out / "release.json", "--vault", vault)
    ran("dossier", out / "dossier.pdf", "--release", out / "release.json")
    ran("publish", out / "site", "--release", out / "release.json")
    return out


@pytest.fixture(scope="module")
def ours(vault, tmp_path_factory) -> Path:
    """The release as only the member itself reads it."""
    out = tmp_path_factory.mktemp("ours")
    number = through_the_door(vault, "--audience", "own")
    ran("release", "write", number, "--json", out / "release.json", "--vault", vault)
    return out


def finding(given: Path, element: str) -> dict:
    told = json.loads((given / "release.json").read_text(encoding="utf-8"))["release"]["findings"]
    return next(one for one in told if one["element"] == element)


def test_p03_a_hub_takes_in_no_list_and_no_byte_of_it_holds_one(lists, tmp_path, found_in):
    hub = tmp_path / "hub"
    ran("new", hub, "--name", "Secretariat", "--hub")
    before = sorted(one.relative_to(hub) for one in hub.rglob("*") if one.is_file())
    for path in lists:
        assert "hub" in ran("import", path, "--vault", hub, code=1)
    assert sorted(one.relative_to(hub) for one in hub.rglob("*") if one.is_file()) == before
    for row in KOREAN:
        assert found_in(hub, row[1]) == []


def test_p04_each_value_that_left_says_where_it_stands_in_the_list(given, lists):
    """Read by somebody who has the package and the list: nothing else."""
    rows = {f"line {at}": row for at, row in enumerate(KOREAN, 2)}
    records = [json.loads(one.read_bytes()) for one in (given / "package/data/items").glob("claim_*.json")]
    names = [one for one in records if one["property"] == "name" and one["value"]["text"] in {r[1] for r in KOREAN}]
    assert sorted(one["value"]["text"] for one in names) == sorted(row[1] for row in KOREAN)
    for one in names:
        assert rows[one["locator"]][1] == one["value"]["text"]
    assert all(one["source"] and one["locator"] and one["recorder"] and one["recorded_at"] for one in records)


def test_p05_a_name_changed_in_the_package_is_seen_by_its_own_program(given, tmp_path):
    copy = tmp_path / "package"
    shutil.copytree(given / "package", copy)
    (one,) = [path for path in (copy / "data/items").glob("claim_*.json") if KOREAN[4][1] in path.read_text("utf-8")]
    policy = ["--policy", str(copy / "data/policy.txt")]
    program = [sys.executable, str(copy / "verify.py"), str(copy), *policy]
    assert subprocess.run(program, capture_output=True, text=True).stdout.startswith("VALID")
    one.write_text(one.read_text("utf-8").replace(KOREAN[4][1], "정뷔마"), encoding="utf-8")
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == 1
    assert one.name in done.stdout
    assert one.name in ran("verify", copy, *policy, code=1)


def test_p07_a_witness_who_tells_three_times_is_one_root_in_all_that_left(given, ours):
    """Three rows of one witness and one of another list's witness: two roots, as we read; others read how few."""
    own = finding(ours, "cah.imprisonment.1")
    assert (own["claims_for"], own["roots"]) == (4, 2)
    told = finding(given, "cah.imprisonment.1")
    assert (told["claims_for"], told["roots"], told["support"]) == (None, None, "several roots")
    document = pypdfium2.PdfDocument(given / "dossier.pdf")
    text = " ".join("".join(document[at].get_textpage().get_text_range() for at in range(len(document))).split())
    document.close()
    assert told["hangs_on"]
    assert told["hangs_on"] in text


def test_p07_what_was_denied_stands_against_and_never_for(ours):
    told = finding(ours, "cah.torture.1")
    assert (told["claims_for"], told["claims_against"]) == (2, 1)


def test_p08_a_number_made_from_lists_is_printed_with_its_doubt_or_not_at_all(lists, tmp_path):
    """Two lists of a handful: refused with a reason and a remedy, and no file with a number is left behind."""
    ran("link", *lists, "--out", tmp_path / "linked")
    done = CliRunner().invoke(group, ["estimate", str(tmp_path / "linked/overlap.csv"), "--json"])
    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert said["refused"]
    assert said["remedy"]
    ran("estimate", tmp_path / "linked/overlap.csv", "--report", tmp_path / "report.html", code=1)
    assert not (tmp_path / "report.html").exists()


def test_p09_a_match_that_was_undone_leaves_every_byte_as_it_was(vault, lists, tmp_path):
    def shown() -> str:
        return ran("findings", "--vault", vault, "--json")

    before = shown()
    ran("dedupe", lists[0], "--out", tmp_path / "one")
    loaded = json.loads(ran("review", "load", tmp_path / "one/pairs.csv", "--vault", vault, "--json"))
    assert loaded["new"] >= 1
    pairs = json.loads(ran("review", "list", "--vault", vault, "--json"))
    assert len(pairs) == loaded["new"]
    for pair in pairs:
        ran("review", "judge", pair["pair"], "same", "--vault", vault, "--by", "M. Seo", "--why", "the same birthday")
    assert shown() != before, "two entries became one person"
    for _ in pairs:
        ran("review", "undo", "--vault", vault, "--by", "M. Seo")
    assert shown() == before


def test_p10_the_whole_way_needs_no_network(lists, tmp_path, tool):
    """In a network of its own, which has no way out and no loopback: what dials anything fails here."""
    alone = [tool("unshare"), "--map-root-user", "--net", "--"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a network of one's own")
    for words in (
        ("new", "vault", "--name", "Member"),
        ("import", lists[0], "--vault", "vault"),
        ("log", "checkpoint", "--vault", "vault"),
        ("release", "make", "--audience", "public", "--no-names", "--yes", "--vault", "vault"),
        ("release", "write", "1", "--json", "r.json", "--vault", "vault"),
        ("pack", "package", "--release", "1", "--vault", "vault"),
        ("dossier", "dossier.pdf", "--release", "r.json"),
        ("publish", "site", "--release", "r.json"),
        ("verify", "package", "--policy", "package/data/policy.txt"),
    ):
        done = subprocess.run(
            [*alone, sys.executable, "-m", "corroborate_cli", *map(str, words)], cwd=tmp_path,
            env={"CORROBORATE_PASSPHRASE": PASSPHRASE, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, (words, done.stdout, done.stderr)
