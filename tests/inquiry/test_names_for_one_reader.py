"""What one reader is told instead of ids: from a file of an interview to the last byte of what two readers hold."""

import csv
import io
import json
import re
import shutil

import pytest
from tests.importing.commanding import WORDS, ran
from tests.inquiry.conftest import OWN

from corroborate.disclosure import Pseudonyms
from corroborate.errors import InvalidValue
from corroborate_node import api

NAMED = """
source: {title: Interview 60}
consent: {own: hold; count; link; quote; name, public: count; quote; name}
people: [{names: 김뷔카, speaks: yes}]
acts:
  - {what: 처형, whom: 유뷔타, when: 1996-04, where: 청진}
  - {what: 고문, whom: 유뷔타, when: 1997, where: 회령}
"""
ID = re.compile(r"(?<![0-9a-zA-Z+/])(?:[a-z]+_)?([0-9a-f]{32})(?![0-9a-zA-Z+/])")


@pytest.fixture
def told(vault, tmp_path, account):
    """`told(body, …)`: a folder with all that one body is given of a release to it, registers and other programs."""
    (tmp_path / "named.yaml").write_text(NAMED, encoding="utf-8")
    (tmp_path / "passphrase").write_text(OWN + "\n", encoding="utf-8")
    ran("interview", tmp_path / "named.yaml", "--vault", vault)
    with api.open_vault(vault, WORDS) as opened:
        account(opened, "jin", OWN, "lawyer")

    def made(body, folder):
        by = ("--account-file", tmp_path / "passphrase", "--as")
        asked = ("--audience", "named body", "--body", body, "--vault", vault, "--yes", "--json", *by, "jin")
        number = json.loads(ran("release", "make", *asked))["release"]
        ran("release", "confirm", number, *by, "hana", "--vault", vault)
        folder.mkdir()
        programs = ("--ftm", folder / "all.ftm.json", "--uwazi", folder / "import.csv", "--bayanat", folder / "b.csv")
        ran("release", "write", number, "--registers", folder / "registers", *programs, "--vault", vault)
        shown = ("--json", folder / "release.json", "--dossier", folder / "dossier.html")
        ran("release", "write", number, *shown, "--vault", vault)
        return number

    return made


def written(folder):
    return {one.relative_to(folder).as_posix(): one.read_text("utf-8") for one in folder.rglob("*") if one.is_file()}


def ids_in(folder):
    """Everything of the form of an id in what a body holds, but of the release itself, which is its own."""
    files = written(folder)
    own = {one for text in files.values() for one in re.findall(r"release_([0-9a-f]{32})", text)}
    return {one for text in files.values() for one in ID.findall(text)} - own


def ids_here(vault):
    with api.open_vault(vault, WORDS):
        from corroborate_node.records import queries

        claims = list(queries.claims())
        found = {one.partition("_")[2] for each in claims for one in (each.id, each.subject, each.source)}
        return found | {one.id.partition("_")[2] for one in queries.entities()}


def rows_of(folder, name):
    return list(csv.DictReader(io.StringIO((folder / "registers" / name).read_text(encoding="utf-8"))))


def test_two_bodies_hold_no_id_in_common_and_one_body_holds_the_same_later(vault, told, tmp_path):
    folders = {one: tmp_path / one for one in ("first", "other", "later")}
    told("ICC", folders["first"])
    told("WGEID", folders["other"])
    (tmp_path / "more.yaml").write_text(NAMED.replace("60", "61").replace("유뷔타", "오뷔파"), encoding="utf-8")
    ran("interview", tmp_path / "more.yaml", "--vault", vault)
    told("ICC", folders["later"])
    first, other, later = (ids_in(one) for one in folders.values())
    assert len(first) == len(other) >= 5  # the person, the witness, two acts, the source
    assert not first & other
    assert first < later
    assert not (first | other | later) & ids_here(vault)
    [row] = rows_of(folders["first"], "executions.csv")
    again = {one["who"]: one["id"] for one in rows_of(folders["later"], "executions.csv")}
    assert again["유뷔타"] == row["id"] != again["오뷔파"]
    assert row["id"] in written(folders["first"])["all.ftm.json"]  # a reader can lay its own copies side by side


def test_who_holds_an_id_and_the_place_of_a_release_makes_no_name_of_it_without_the_key(vault, told, tmp_path):
    told("ICC", tmp_path / "first")
    here, found = ids_here(vault), ids_in(tmp_path / "first")
    guessed = {
        Pseudonyms(key, "named body: ICC").of(f"{kind}_{one}").partition("_")[2]
        for key in (bytes(32), b"Inquiry".ljust(32, b"\0"), WORDS.encode().ljust(32, b"\0")[:64])
        for kind in ("person", "party", "act", "source")
        for one in here
    }
    assert not guessed & found
    from corroborate.sealed import derive

    with api.open_vault(vault, WORDS) as opened:
        key = derive(opened.master, "pseudonyms")
    right = {Pseudonyms(key, "named body: ICC").of(f"{kind}_{one}").partition("_")[2]
             for kind in ("person", "party", "act", "source", "involvement", "claim") for one in here}  # fmt: skip
    assert found <= right
    with pytest.raises(InvalidValue, match="too few"):
        Pseudonyms(b"short", "public")


def test_the_vault_finds_again_whom_a_reader_asks_about_and_says_so_of_a_name_that_is_none(vault, told, tmp_path):
    number = told("ICC", tmp_path / "first")
    [row] = rows_of(tmp_path / "first", "executions.csv")
    found = ran("release", "show", number, "--whose", row["id"], "--vault", vault).strip()
    assert re.fullmatch(r"act_[0-9a-f]{32}", found)
    assert found.partition("_")[2] in ids_here(vault)
    said = json.loads(ran("release", "show", number, "--whose", f"act_{row['id']}", "--json", "--vault", vault))
    assert said["is"] == found
    other = told("WGEID", tmp_path / "other")
    assert "calls nobody" in ran("release", "show", other, "--whose", row["id"], "--vault", vault, code=1)


def test_other_words_that_open_the_vault_leave_the_names_as_they_are(vault, told, tmp_path):
    told("ICC", tmp_path / "first")
    before = rows_of(tmp_path / "first", "torture.csv")
    shutil.rmtree(tmp_path / "first")
    (tmp_path / "new").write_text("other words that open the same vault\n", encoding="utf-8")
    ran("keys", "add", "--passphrase", "--new-passphrase-file", tmp_path / "new", "--vault", vault)
    told("ICC", tmp_path / "first")
    assert rows_of(tmp_path / "first", "torture.csv") == before
