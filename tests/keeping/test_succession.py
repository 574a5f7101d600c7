"""An organisation closes: what sources let go goes to the successor they named, in a file that enough trustees open
together, each with the key of its own vault; the rest stays sealed and is listed; the successor takes it in. The whole
drill, by commands; and once as the page of the documentation has it, by its words alone."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.exchange.members import PASSPHRASE as TYPED
from tests.exchange.members import members

from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.core.models import Line
from corroborate_node.log.models import LogEntry
from corroborate_node.records import models, queries

from .test_shares import file_of

HEIR, OTHER = "북녘기록보관소", "other words of a successor"
NAMES = ("our-vault", "trustee-a", "trustee-b", "trustee-c")
PAGE = Path(__file__).parents[2] / "docs/how-to/leave.md"
TOLD = {  # code of the source -> its consents besides own, whom it names
    "A1": ("named body: hold; count\n  body: {heir}", "이가나뷁"),
    "B2": ("coalition: hold; count", "박나다뷁"),
    "C3": ("named body: hold\n  body: {heir}\n  ends: 2026-01-01\n  begins: 2025-01-01", "최다라뷁"),
    "D4": ("named body: hold\n  body: another archive", "정라마뷁"),
}
STAYS = ("박나다뷁", "최다라뷁", "정라마뷁", "강마바뷁", "소리뷁B2", "면담자뷁", "another archive")


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """An organisation and three members who know it, with everybody's address."""
    return members(tmp_path_factory.mktemp("succession"), *NAMES)


@pytest.fixture
def stick(known, tmp_path, monkeypatch):
    """The same, of a test's own."""

    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "all/marks"))
    shutil.copytree(known.folder, tmp_path / "all")
    return type(known)(tmp_path / "all")


def as_json(stick, *words):
    return json.loads(stick.ran(*words, "--json"))


def told(stick, heir=HEIR):
    found, vault, folder = {}, stick["our-vault"], stick.folder.parent
    for code, (consent, name) in TOLD.items():
        (folder / f"{code}.yaml").write_text(
            f"source:\n  title: {code}\n  present: 면담자뷁{code}\nconsent:\n  own: hold; link; name\n"
            f"  {consent.format(heir=heir)}\n"
            f"acts: [{{what: 고문, whom: {name}, when: '1998', at: '3'}}]\npeople: [{{names: {name}}}]\n",
            encoding="utf-8",
        )
        (folder / f"{code}.wav").write_bytes(f"소리뷁{code}".encode() * 50)
        done = as_json(
            stick, "interview", folder / f"{code}.yaml", "--attach", folder / f"{code}.wav", "--vault", vault
        )
        found[code] = done["source"]
    (folder / "derived.yaml").write_text(
        f"source: {{title: E5, heard_before: {found['B2']}}}\nconsent:\n  own: hold\n  named body: hold\n"
        f"  body: {heir}\nacts: [{{what: 구타, whom: 강마바뷁}}]\npeople: [{{names: 강마바뷁}}]\n",
        encoding="utf-8",
    )
    found["E5"] = as_json(stick, "interview", folder / "derived.yaml", "--vault", vault)["source"]
    return found


def planned(stick, heir=HEIR, need=2):
    named = [word for name in NAMES[1:] for word in ("--trustee", name)]
    stick.ran("succession", "plan", heir, *named, "--need", need, "--vault", stick["our-vault"])


def every_byte(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def none_of(words, held):
    for one in words:
        for form in ("NFC", "NFD"):
            spelled = unicodedata.normalize(form, one)
            for coded in (spelled.encode(), spelled.encode("utf-16-le"), json.dumps(spelled)[1:-1].encode()):
                assert coded not in held, one


def stands(vault):
    with api.open_vault(vault, TYPED):
        return (
            [repr(one) for one in queries.claims_kept()],
            [repr(one) for one in queries.consents()],
            list(models.Source.objects.order_by("id").values()),
            list(models.Entered.objects.order_by("id").values()),
            list(models.KeptFile.objects.order_by("id").values()),
        )


def shares_of(stick, file, *names):
    found = []
    for name in names:
        out = stick.folder / f"{name}.share"
        stick.ran("succession", "share", file, "--out", out, "--vault", stick[name])
        assert out.stat().st_mode & 0o77 == 0
        found += ["--share", out]
    return found


def test_what_is_handed_over_is_opened_by_enough_trustees_and_is_what_sources_let_go(stick):
    vault, file, out = stick["our-vault"], stick.folder / "handed-over.age", stick.folder / "opened"
    sources = told(stick)
    paper = on_paper_of(stick)
    planned(stick)
    shown = as_json(stick, "succession", "show", "--vault", vault)
    assert shown["goes"] == [sources["A1"]] and shown["trustees"] == list(NAMES[1:])
    assert {one["source"] for one in shown["stays"]} >= {sources[code] for code in ("B2", "C3", "D4", "E5")}
    before, there = stands(vault), {path for path in stick.folder.rglob("*") if "our-vault" not in path.parts}

    done = as_json(
        stick,
        "succession",
        "hand-over",
        file,
        "--shares-file",
        file_of(stick.folder.parent, paper[:2]),
        "--vault",
        vault,
    )
    assert done["goes"] == [sources["A1"]] and done["files"] == 1 and done["file"] == str(file)
    now = {path for path in stick.folder.rglob("*") if "our-vault" not in path.parts and "marks" not in path.parts}
    assert now - there == {file} and file.stat().st_mode & 0o77 == 0  # the file, and nothing in the clear beside it
    none_of((*STAYS, "이가나뷁", "소리뷁A1", HEIR, "trustee-a"), file.read_bytes())
    assert stands(vault) == before  # in the old vault nothing was erased
    with api.open_vault(vault, TYPED):
        assert LogEntry.objects.filter(kind="succession").count() == 1

    stick.ran("succession", "open", file, out, "--yes", *shares_of(stick, file, "trustee-a", "trustee-c"))
    given = every_byte(out)
    none_of(STAYS, given)
    assert "이가나뷁".encode() in given and "소리뷁A1".encode() in given
    with api.open_vault(stick["trustee-c"], TYPED):
        assert Line.objects.filter(what="succession.share").count() == 1

    new = stick.folder / "new"
    made = CliRunner().invoke(
        group, ["new", str(new), "--name", HEIR, "--from-export", str(out)], env={"CORROBORATE_PASSPHRASE": OTHER}
    )
    assert made.exit_code == 0, (made.output, made.exception)
    with api.open_vault(new, OTHER) as opened:
        assert {str(one.value) for one in queries.claims() if one.property == "name"} == {"이가나뷁"}
        [source] = queries.sources()
        assert source == sources["A1"]
        allowed = queries.allowed(list(queries.consents_of([source])), datetime.now(UTC).date())
        assert allowed["own"] == {"hold", "count"}  # what it allowed the successor, and not what it allowed us
        assert b"".join(b"".join(opened.files.get(one)) for one in opened.files.addresses()) == "소리뷁A1".encode() * 50
        assert LogEntry.objects.filter(kind="succession").count() == 1
    checked = CliRunner().invoke(group, ["doctor", "--vault", str(new)], env={"CORROBORATE_PASSPHRASE": OTHER})
    assert "wrong" not in checked.stdout
    assert "wrong" not in stick.ran("doctor", "--vault", vault)


def on_paper_of(stick):
    said = stick.ran("keys", "shares", "--vault", stick["our-vault"])
    found = [re.findall(r"\b\d+ ([a-z]+) +\d{4}\b", part) for part in re.split(r"Share \d+ of \d+", said)[1:]]
    return [" ".join(words) for words in found]


def test_a_share_that_is_read_aloud_is_typed_at_the_other_end(stick):
    """Words on the terminal, typed by who opens it; a word that is mistyped is asked for again."""
    told(stick)
    planned(stick)
    file, out = stick.folder / "handed-over.age", stick.folder / "opened"
    stick.ran("succession", "hand-over", file, "--vault", stick["our-vault"])
    heard = []
    for name in ("trustee-c", "trustee-b"):
        said = stick.ran("succession", "share", file, "--vault", stick[name])
        words = re.findall(r"\b\d+ ([a-z]+) +\d{4}\b", said)
        assert len(words) == 33
        heard.append(" ".join(words))
    wrong = heard[0].replace(heard[0].split()[4], "zzzz", 1)
    done = CliRunner().invoke(
        group, ["succession", "open", str(file), str(out)], input="\n".join(["y", wrong, *heard]) + "\n"
    )
    assert done.exit_code == 0, (done.output, done.exception)
    assert "이가나뷁".encode() in every_byte(out)


def test_too_few_shares_open_nothing_and_nobody_named_gets_nothing(stick):
    told(stick)
    vault, file, out = stick["our-vault"], stick.folder / "handed-over.age", stick.folder / "opened"

    def refused(*words):
        done = stick.tried(*words)
        assert done.exit_code == 1, done.output
        return str(done.exception)

    assert "nobody is named" in refused("succession", "hand-over", file, "--vault", vault)
    for trustees, why in (
        (("trustee-a",), "trustees"),
        (("trustee-a", "trustee-a"), "trustees"),
        (("trustee-a", "a stranger"), "no address of a stranger is known here"),
        (("trustee-a", "our-vault"), "no address of our-vault is known here"),
    ):
        named = [word for one in trustees for word in ("--trustee", one)]
        assert why in refused("succession", "plan", "X", *named, "--need", 2, "--vault", vault)
    planned(stick, "Nobody's archive")
    assert "nothing may go" in refused("succession", "hand-over", file, "--vault", vault)
    assert not file.exists()

    planned(stick)
    stick.ran("succession", "hand-over", file, "--vault", vault)
    assert "there already" in refused("succession", "hand-over", file, "--vault", vault)
    [_, first, *_] = one = shares_of(stick, file, "trustee-b")
    assert "it takes 2 different shares" in refused("succession", "open", file, out, "--yes", *one)
    assert "it takes 2 different shares" in refused("succession", "open", file, out, "--yes", *one, "--share", first)
    assert "no share in" in refused("succession", "share", file, "--vault", vault)  # who wrote it is no trustee
    two = shares_of(stick, file, "trustee-a")
    for place in (len(file.read_bytes()) // 2, len(file.read_bytes()) - 3_000):
        damaged = bytearray(file.read_bytes())
        damaged[place] ^= 1
        (stick.folder / "damaged.age").write_bytes(damaged)
        assert "does not open" in refused("succession", "open", stick.folder / "damaged.age", out, "--yes", *one, *two)
    (stick.folder / "cut.age").write_bytes(file.read_bytes()[:5_000])
    assert "cut off" in refused("succession", "open", stick.folder / "cut.age", out, "--yes", *one, *two)
    (stick.folder / "note.age").write_text("no archive")
    assert "no archive" in refused("succession", "share", stick.folder / "note.age", "--vault", stick["trustee-a"])
    assert not out.exists() and not list(stick.folder.glob("*.being-written"))
    planned(stick)
    other = stick.folder / "other.age"  # of the same vault, with a key of its own
    stick.ran("succession", "hand-over", other, "--vault", vault)
    assert "does not open" in refused("succession", "open", other, out, "--yes", *one, *two)
    stick.ran("succession", "open", file, out, "--yes", *one, *two)


def test_what_is_in_the_file_opens_without_this_program(stick, tmp_path):
    """As its README says: SLIP-0039 and age."""
    import pyrage
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from shamir_mnemonic import combine_mnemonics

    from corroborate.sealed.backups import _bech32

    told(stick)
    planned(stick)
    file = stick.folder / "handed-over.age"
    stick.ran("succession", "hand-over", file, "--vault", stick["our-vault"])
    words = [Path(one).read_text().strip() for one in shares_of(stick, file, "trustee-b", "trustee-c")[1::2]]
    key = HKDF(SHA256(), 32, None, b"corroborate/v1/succession").derive(combine_mnemonics(words))
    identity = pyrage.x25519.Identity.from_str(_bech32("age-secret-key-", key).upper())
    with tarfile.open(file) as outer:
        assert outer.getnames() == ["README.txt", "shares/1.age", "shares/2.age", "shares/3.age", "content.age"]
        content = pyrage.decrypt(outer.extractfile("content.age").read(), [identity])
    with tarfile.open(fileobj=io.BytesIO(content)) as inner:
        assert {"export.json", "entities.ftm.json", "log/checkpoint"} <= set(inner.getnames())


def test_terms_of_a_member_go_along_and_of_what_stays_nobody_learns_from_whom_it_came(stick):
    """A source that another member let us have goes with the note from whom: that member can take it back there too."""
    sources = told(stick)
    with api.open_vault(stick["our-vault"], TYPED) as vault:
        assert owner(vault, datetime.now(UTC))
        for at, code in enumerate(("A1", "B2")):
            models.FromMember.objects.create(
                source_id=sources[code], member=f"member-of-{code}", theirs=sources[code],
                release="release_1", number=at + 1, bundle=f"bundle_of_{code}",
            )  # fmt: skip
    planned(stick)
    file, out, new = (stick.folder / one for one in ("handed-over.age", "opened", "new"))
    stick.ran("succession", "hand-over", file, "--vault", stick["our-vault"])
    stick.ran("succession", "open", file, out, "--yes", *shares_of(stick, file, "trustee-a", "trustee-b"))
    assert b"member-of-A1" in every_byte(out) and b"member-of-B2" not in every_byte(out)
    stick.ran("new", new, "--name", HEIR, "--from-export", out)
    with api.open_vault(new, TYPED):
        assert {one.member for one in queries.from_members([*sources.values()]).values()} == {"member-of-A1"}
    with api.open_vault(stick["our-vault"], TYPED):
        assert models.FromMember.objects.count() == 2


def test_the_drill_of_the_page_by_its_words_alone(stick):
    """Each command of the drill as it stands in docs/how-to/leave.md, typed into a shell, in its order."""
    told(stick, heir="Archive of the North")
    drill = PAGE.read_text(encoding="utf-8").split("## The drill")[1].split("\n## ")[0]
    typed = "\n".join(re.findall(r"```sh\n(.*?)```", drill, re.S))
    assert typed.count("corroborate succession") >= 5
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", typed],
        cwd=stick.folder,
        env={**os.environ, "PATH": path, "CORROBORATE_PASSPHRASE": TYPED, "LC_ALL": "C.UTF-8"},
        input="y\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrong" not in done.stdout
    assert {one.name for one in stick.folder.iterdir()} == {*NAMES, "stick", "marks"}  # all that was made is destroyed
    with api.open_vault(stick["our-vault"], TYPED):
        assert LogEntry.objects.filter(kind="succession").count() == 1
