"""Promise 2, from a list that somebody made to every byte that left: only names that their own row let go."""

import base64
import csv
import gzip
import io
import json
import unicodedata
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner
from tests.releasing import desks, released

from corroborate.errors import NotAllowed
from corroborate.records import Claim, Consent, Entity, Reference, Source, Term
from corroborate.values import new_id, read_name
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

PASSPHRASE = "long enough to hold"
# name, sex, what was done, cell under 공개여부, cell under 비고, may it leave
ROWS = [
    ("김뷔가", "남", "고문", "공개동의", "", True),
    ("김뷔나", "여", "강제낙태", "공개동의", "", True),
    ("김뷔다", "남", "고문", "공개동의 안 함", "", False),
    ("김뷔라", "남", "고문", "공개동의 거부", "", False),
    ("김뷔마", "남", "고문", "공개동의", "공개동의 철회 2019", False),
    ("김뷔바", "남", "고문", "", "공개동의", False),
    ("김뷔사", "남", "고문", "공개동의 (이니셜만)", "", False),
    ("김뷔아", "남", "고문", "조건부 동의", "", False),
    ("김뷔자", "남", "고문", "", "", False),
    ("김뷔차", "남", "고문", "△", "", False),
    ("김뷔카", "남", "고문", "공개동의", "동의 철회 2020", False),  # not taken in at all
]
MAY = [row[0] for row in ROWS if row[-1]]
MAY_NOT = [row[0] for row in ROWS if not row[-1]]


def ran(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.output


TWO = {"J. Han": "words of one person", "S. Mori": "words of another person"}


def two_people(vault: Path) -> None:
    """Accounts of two people, who chose their own passphrases."""
    with api.open_vault(vault, PASSPHRASE) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))


def through_the_door(vault: Path, *asked: object, second: bool = True) -> int:
    """The number of a release that one person made and, where names go, another confirmed, by the commands."""
    two_people(vault)
    files = {name: vault.parent / f"{name}.txt" for name in TWO}
    for name, words in TWO.items():
        files[name].write_text(words, encoding="utf-8")
    made = ran("release", "make", *asked, "--vault", vault, "--as", "J. Han", "--account-passphrase-file",
               files["J. Han"], "--json")  # fmt: skip
    told = json.loads(made)
    if told["needs_second"] and second:
        ran("release", "confirm", told["release"], "--as", "S. Mori", "--account-passphrase-file", files["S. Mori"],
            "--vault", vault)  # fmt: skip
    return int(told["release"])


def _list(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["성명", "성별", "혐의", "공개여부", "비고"], *(row[:-1] for row in ROWS)])
    return path


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """A folder of everything that leaves a vault into which the list was taken."""
    folder = tmp_path_factory.mktemp("left")
    vault, out = folder / "vault", folder / "out"
    out.mkdir()
    ran("new", vault, "--name", "Member")
    ran("import", _list(folder / "list.csv"), "--vault", vault, "--rejected", folder / "rejected.csv")
    ran("log", "checkpoint", "--vault", vault)
    everybody = through_the_door(vault, "--audience", "public")
    ran("pack", out / "package", "--release", everybody, "--vault", vault)
    body = through_the_door(vault, "--audience", "named body", "--body", "OHCHR")
    ran("pack", out / "for-a-body", "--release", body, "--vault", vault)
    key = pyrage.x25519.Identity.generate()
    members = through_the_door(vault, "--audience", "coalition")
    ran("pack", folder / "sealed.age", "--release", members, "--vault", vault, "--to", key.to_public())
    (out / "opened.zip").write_bytes(pyrage.decrypt((folder / "sealed.age").read_bytes(), [key]))
    ran("release", "write", everybody, "--json", out / "release.json", "--vault", vault)
    (out / "release.json.gz").write_bytes(gzip.compress((out / "release.json").read_bytes()))
    ran("dossier", out / "dossier.pdf", "--release", everybody, "--vault", vault)
    ran("publish", out / "site", "--release", out / "release.json")
    return out


def test_no_byte_that_left_holds_a_name_that_its_row_did_not_allow(left, found_in):
    for name in MAY_NOT:
        assert found_in(left, name) == [], name


@pytest.mark.parametrize(
    "place", ["package", "for-a-body", "opened.zip", "release.json", "release.json.gz", "dossier.pdf"]
)
def test_what_a_row_allowed_did_leave_so_the_search_is_no_empty_one(left, found_in, place):
    for name in MAY:
        assert found_in(left / place, name), name


def test_the_search_finds_every_writing_in_every_wrapping(tmp_path, found_in):
    name = "김뷔다"
    forms = [name.encode(), unicodedata.normalize("NFD", name).encode(), name.encode("utf-16-le"), b""]
    forms[3:] = [base64.b64encode(b"x" * at + name.encode() + b"more") for at in range(3)] + [json.dumps(name).encode()]
    for number, raw in enumerate(forms):
        holder = io.BytesIO()
        with zipfile.ZipFile(holder, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.gz", gzip.compress(b"before " + raw + b" after"))
        (tmp_path / f"{number}.zip").write_bytes(holder.getvalue())
        assert found_in(tmp_path / f"{number}.zip", name), raw
    assert found_in(tmp_path, "김뷔라") == []


def test_what_was_done_to_a_body_does_not_leave_under_a_list_s_consent(left, found_in):
    for place in ("package", "for-a-body", "opened.zip", "release.json", "dossier.pdf", "site"):
        # elements of crimes stand in a release as the statute words them, whoever is or is not counted there
        packed = () if place in ("release.json", "dossier.pdf", "site") else ("reproductive",)
        for words in (*packed, "forced_abortion", "Forced abortion"):
            hits = [
                one for one in found_in(left / place, words) if one.endswith(("json", "pdf")) and one != "manifest.json"
            ]
            assert hits == [], (place, words)


def _witnessed(vault: Path, right: str, subject: str | None) -> None:
    """A person, an act done to their body, and a consent for the public in somebody's right."""
    at = datetime.now(UTC).replace(microsecond=0)
    kinds = ("person", "act", "source", "consent")
    new = {kind: new_id(kind, milliseconds=1, randomness=b"0123456789") for kind in kinds}
    claim_ids = iter(new_id("claim", milliseconds=n, randomness=b"0123456789") for n in range(1, 9))

    def claim(about: str, property_: str, value) -> Claim:
        return Claim(next(claim_ids), new[about], property_, value, new["source"], "p. 1", "saw", "recorder", at)

    claims = [
        claim("person", "name", read_name("김뷔별")),
        claim("act", "victim", Reference(new["person"])),
        claim("act", "violation", Term("violations", "reproductive.forced_abortion")),
    ]
    whose = new[subject] if subject else ""
    consent = Consent(
        new["consent"], new["source"], frozenset({"name", "quote"}), "public", date(2020, 1, 1), subject=whose,
        right=right, asked="aloud", language="ko",
    )  # fmt: skip
    with api.open_vault(vault, PASSPHRASE) as opened:
        entities = [Entity(new["person"], "person"), Entity(new["act"], "act")]
        records_actions.receive(owner(opened, at), entities, [Source(new["source"], "witness", "w")], [consent], claims)
        log_actions.checkpoint(owner(opened, at))


@pytest.mark.parametrize(
    ("right", "subject", "leaves"),
    [
        ("self", "person", True),
        ("self", "source", False),
        ("unknown", "person", False),
        ("next of kin", "person", False),
        ("representative", "person", False),
        ("self", None, False),
    ],
)
def test_only_the_person_herself_can_let_it_be_told_what_was_done_to_her_body(
    tmp_path, found_in, right, subject, leaves
):
    vault = tmp_path / "vault"
    ran("new", vault, "--name", "Member")
    _witnessed(vault, right, subject)
    number = through_the_door(vault, "--audience", "public")
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert found_in(tmp_path / "package", "김뷔별")
    assert bool(found_in(tmp_path / "package" / "data" / "items", "forced_abortion")) == leaves
    ran("release", "write", number, "--json", tmp_path / "release.json", "--vault", vault)
    assert (b"abortion" in (tmp_path / "release.json").read_bytes()) == leaves


def test_a_name_that_one_source_took_back_is_in_no_package_whoever_else_allows_it(tmp_path, found_in):
    vault = tmp_path / "vault"
    ran("new", vault, "--name", "Member")
    _witnessed(vault, "self", "person")
    with api.open_vault(vault, PASSPHRASE) as opened:
        at = datetime.now(UTC).replace(microsecond=0)
        person = next(one.subject for one in list(records_queries.claims()) if one.property == "name")
        source = Source(new_id("source", milliseconds=9, randomness=b"0123456789"), "witness", "another")
        name = Claim(new_id("claim", milliseconds=99, randomness=b"0123456789"), person, "name", read_name("김뷔별"),
                     source.id, "p. 2", "saw", "recorder", at)  # fmt: skip
        leave = Consent(new_id("consent", milliseconds=9, randomness=b"0123456789"), source.id,
                        frozenset({"name", "quote"}), "public", date(2020, 1, 1))  # fmt: skip
        records_actions.receive(owner(opened, at), [], [source], [leave], [name])
        log_actions.checkpoint(owner(opened, at))
        records_actions.withdraw(owner(opened, at), source.id, at.date())
        log_actions.checkpoint(owner(opened, at))
    number = through_the_door(vault, "--audience", "public")
    ran("pack", tmp_path / "package", "--release", number, "--vault", vault)
    assert found_in(tmp_path / "package", "김뷔별") == []


def test_private_linkage_encodes_only_people_whose_row_allows_it(tmp_path, left):
    vault, other, hub = left.parent / "vault", tmp_path / "other", tmp_path / "hub"
    ran("new", other, "--name", "Other")
    ran("new", hub, "--name", "Hub", "--hub")
    unit = ran("private", "card", "--vault", hub).splitlines()[0]
    keys = {place: ran("private", "card", "--vault", place).split(" ")[0] for place in (vault, other)}
    ran("private", "offer", "--vault", vault, "--unit", unit, "--reveal", "fields", "--out", tmp_path / "offer")
    ran("private", "accept", tmp_path / "offer", "--vault", other, "--key", keys[vault], "--out", tmp_path / "half",
        "--yes")  # fmt: skip
    ran("private", "countersign", tmp_path / "half", "--offer", tmp_path / "offer", "--vault", vault, "--key",
        keys[other], "--out", tmp_path / "agreement")  # fmt: skip
    number = through_the_door(vault, "--audience", "coalition", "--body", "Other", "--link", "held")
    done = json.loads(
        ran("private", "encode", tmp_path / "agreement", "--release", number, "--vault", vault, "--out",
            tmp_path / "e", "--json")
    )  # fmt: skip
    assert done["people"] == len(MAY), done


def test_a_clock_that_was_set_back_decides_nothing_and_doctor_says_so(tmp_path):
    vault = tmp_path / "vault"
    ran("new", vault, "--name", "Member")
    _witnessed(vault, "self", "person")
    with api.open_vault(vault, PASSPHRASE) as opened:
        early = datetime.now(UTC) - timedelta(days=400)
        with pytest.raises(NotAllowed, match="set the clock right"):
            released(opened, early, audience="public")
        assert ("clock", "wrong") in [(one.about, one.state) for one in fixity.everything(opened, early)]
        assert ("clock", "good") in [(one.about, one.state) for one in fixity.everything(opened, datetime.now(UTC))]
