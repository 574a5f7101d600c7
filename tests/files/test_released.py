"""A sealed file leaves by a release alone, where consent allows it: the copy that was chosen, never its original."""

import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from tests.files.conftest import NAME, pdf_of_a_stranger, unpacked
from tests.importing.commanding import WORDS, ran
from tests.releasing import FIRST, SECOND, desks, released

from corroborate.custody import verify
from corroborate.records import Judgement
from corroborate_node import api

QUOTED = "{own: [hold, quote], named body: [quote], body: OHCHR}"
NAMED = "{own: [hold, quote, name], named body: [quote, name], body: OHCHR}"
FOR = ("--audience", "named body", "--body", "OHCHR")
ENTRY = "source: {{title: Interview {n}}}\nconsent: {consent}\npeople: [{{names: {who}, speaks: yes}}]\n"
WITNESS = "Kim Bwi Ga"


@pytest.fixture
def given(vault, tmp_path):
    """`given(consent, content)`: an interview and the file beside it."""

    def made(
        consent: str, content: bytes, name: str = "said.pdf", who: str = WITNESS, acts: str = ""
    ) -> tuple[str, str]:
        number = len(list(tmp_path.iterdir()))
        (tmp_path / "a.yaml").write_text(ENTRY.format(n=number, consent=consent, who=who) + acts, encoding="utf-8")
        (tmp_path / name).write_bytes(content)
        told = ran("interview", tmp_path / "a.yaml", "--attach", tmp_path / name, "--vault", vault, "--json")
        source = json.loads(told.splitlines()[-1])["source"]
        [file] = json.loads(ran("files", source, "--json", "--vault", vault))
        return file["id"], source

    return made


def copied_of(vault, file: str, *how: str) -> str:
    told = ran("files", file, *how, "--json", "--vault", vault)
    return json.loads(told.splitlines()[-1])[0]["id"]


def logged_in(who):
    from django.test import Client

    browser = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "ko"})
    browser.post("/log-in", {"username": who[0], "password": who[1]})
    return browser


def previewed(vault, *files: str, to=FOR):
    more = [part for file in files for part in ("--file", file)]
    return json.loads(ran("release", "make", *to, "--no-claims", *more, "--preview", "--json", "--vault", vault))


def held_back(result) -> set[str]:
    """What a verifier finds amiss, beside that nobody cosigned the log of a vault that stands alone."""
    assert result["verdict"] == "incomplete"
    return {one for one in result["failures"] if not one.startswith("data/policy.txt")}


def staying(told) -> list[str]:
    return [one["why"] for one in told["stays"]]


def by_two_people_on_pages(vault, copy: str, original: str) -> int:
    """One makes the release on its page, another reads and confirms it."""
    with api.open_vault(vault, WORDS) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
        first = logged_in(FIRST)
        assert f'href="/releases?file={copy}#sealed"' in first.get(f"/files/{copy}").content.decode()
        assert copy in first.get(f"/releases?file={copy}").content.decode(), "the form is filled already"
        asked = {"audience": "named body", "body": "OHCHR", "alone": "on", "sealed": f"http://127.0.0.1/files/{copy}"}
        both = first.post("/releases", {**asked, "sealed": f"{copy}\n{original}", "act": "make"})
        assert both.status_code == 400
        shown = first.post("/releases", {**asked, "act": "show"}).content.decode()
        assert f'href="/files/{copy}"' in shown
        assert f'href="/files/{original}"' not in shown
        done = first.post("/releases", {**asked, "act": "make"})
        number = int(done["Location"].rsplit("/", 1)[1])
        assert "confirm" not in first.get(f"/releases/{number}").content.decode().split("action=")[-1][:60]
        second = logged_in(SECOND)
        page = second.get(f"/releases/{number}").content.decode()
        assert page.index(f'href="/files/{copy}"') < page.index(f'action="/releases/{number}/confirm"')
        assert second.post(f"/releases/{number}/confirm").status_code == 302
    return number


def test_a_copy_goes_from_the_page_to_the_last_byte_of_the_package_and_nothing_of_its_original(given, vault, tmp_path):
    original = pdf_of_a_stranger()
    file, source = given(QUOTED, original, f"{NAME}.pdf")
    copy = copied_of(vault, file, "--take-out", "1 0 0 100 35")
    number = by_two_people_on_pages(vault, copy, file)
    ran("log", "checkpoint", "--vault", vault)
    out = tmp_path / "package"
    ran("release", "write", number, "--package", out, "--vault", vault)

    given_bytes = (out / "data" / "attachments" / f"{copy}.pdf").read_bytes()
    record = json.loads((out / "data" / "items" / f"{copy}.json").read_bytes())
    assert record["digest"] == hashlib.sha256(given_bytes).hexdigest()
    index = json.loads((out / "data" / "index.json").read_bytes())
    [item] = [one for one in index["items"] if "file" in one]
    assert item["copy"]["kind"] == "redacted"
    assert item["copy"]["of"] in {one["path"] for one in index["items"] if "commitment" in one}
    every = b"".join(unpacked(one.read_bytes()) + one.read_bytes() for one in out.rglob("*") if one.is_file())
    listed = json.loads(ran("files", source, "--json", "--vault", vault))
    digest = hashlib.sha256(original).hexdigest()
    for needle in (NAME, WITNESS, file, digest, hashlib.sha512(original).hexdigest(), original[:60].decode("latin-1")):
        for writing in (needle.encode(), needle.encode("utf-16-le"), needle.encode("utf-16-be")):
            assert writing not in every, needle
    assert len(listed) == 2, "both stay in the vault"

    result = verify.verify(out)
    assert held_back(result) == set(), "this vault has no witness, and else nothing is amiss"
    assert (result["checked"]["sealed_files"], result["checked"]["attachments"]) == (1, 0)
    alone = [sys.executable, out / "verify.py", out, "--json"]
    told = json.loads(subprocess.run(alone, check=False, capture_output=True).stdout)
    assert held_back(told) == set()
    assert f"data/attachments/{copy}.pdf" in (out / "README.txt").read_text(encoding="utf-8")

    ran("withdraw", source, "--vault", vault)
    assert "withdrawn" in ran("release", "write", number, "--package", tmp_path / "again", "--vault", vault, code=1)
    ran("release", "recall", number, "--out", tmp_path / "notes", "--vault", vault)
    note = next((tmp_path / "notes").iterdir()).read_text(encoding="utf-8")
    assert f"erase {copy}" in note
    assert "reason withdrawn" in note


@pytest.mark.parametrize("what", ["bytes", "record", "gone", "named twice"])
def test_a_file_that_is_not_the_one_of_its_record_is_found(given, vault, tmp_path, what):
    """As the packer itself could do it: the manifests fit, and its own signature stands over them."""
    file, _ = given(QUOTED, pdf_of_a_stranger())
    copy = copied_of(vault, file, "--take-out", "1 0 0 100 35")
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_node.core.desk import owner
        from corroborate_node.files import queries
        from corroborate_node.log import actions
        from corroborate_node.release import giving

        at = datetime.now(UTC).replace(microsecond=0)
        number = released(opened, at, audience="named body", body="OHCHR", claims=frozenset(), files=frozenset({copy}))
        actions.checkpoint(owner(opened, at).system("packages"))
        made = giving.current_release(owner(opened, at), number)
        from corroborate_node.release import packing

        choice, parts = packing._parts(owner(opened, at), made, packing.Packing())
        assert len(choice.files) == 1
        items, attached = list(choice.items()), dict(choice.files)
        assert queries.content(owner(opened, at), copy) == attached[f"{copy}.pdf"]
        del parts
        broken = _broken(opened, at, items, attached, what, f"{copy}.pdf")
    from corroborate.custody import write_package

    write_package(tmp_path / "broken", broken)
    result = verify.verify(tmp_path / "broken")
    assert result["verdict"] == ("incomplete" if what == "gone" else "invalid")
    said = " ".join([*result["failures"], *result["checked"].get("missing", [])])
    assert f"{copy}" in said


def _broken(vault, at, items, attached, what, name):
    from dataclasses import replace

    from corroborate.custody import Description, Policy, package_files
    from corroborate_node.log import queries as log

    if what == "bytes":
        attached = {name: attached[name] + b" "}
    if what == "gone":
        attached = {}
    if what == "record":
        items = [replace(one, file="other.pdf") if one.file else one for one in items]
        attached = {"other.pdf": b"%PDF-1.4 another"}
    if what == "named twice":
        items = [replace(one, made_of=99) if one.file else one for one in items]
    about = Description("x", vault.name, at, "test", "for a test", attachments=attached)
    policy = Policy(vault.signer.verifier(), {}, 0)
    return package_files(iter(items), log.whole_tree(), log.newest_checkpoint(), policy, vault.signer, about)


def test_what_consent_does_not_allow_stays_and_a_copy_asks_for_less_than_its_original(given, vault):
    file, _ = given(QUOTED, pdf_of_a_stranger())
    redacted = copied_of(vault, file, "--take-out", "1 0 0 100 35")
    stripped = copied_of(vault, file, "--strip")
    goes = previewed(vault, redacted)
    assert [(one["use"], one["records"]) for one in goes["goes"] if one["use"] == "whole"] == [("whole", 1)]
    assert goes["needs_second"]
    assert [(one["file"], one["copy"]) for one in goes["files"]] == [(redacted, "redacted")]
    for whole in (file, stripped):
        assert staying(previewed(vault, whole)) == ["use"], "without its metadata it still names everybody"
    assert staying(previewed(vault, redacted, to=("--audience", "public"))) == ["audience"]
    assert staying(previewed(vault, redacted, to=("--audience", "coalition"))) == ["audience"]
    held, _ = given("{own: hold}", pdf_of_a_stranger() + b"\n", who="Lee Bwi Na")
    assert staying(previewed(vault, copied_of(vault, held, "--take-out", "1 0 0 100 35"))) == ["use"]


def test_an_original_goes_where_its_source_allows_names_and_not_beside_its_copy(given, vault):
    file, _ = given(NAMED, pdf_of_a_stranger())
    copy = copied_of(vault, file, "--take-out", "1 0 0 100 35")
    told = previewed(vault, file)
    assert [one["copy"] for one in told["files"]] == [""]
    both = ("--file", file, "--file", copy)
    assert "never both" in ran("release", "make", *FOR, *both, "--preview", "--vault", vault, code=1)
    without = ("--file", copy, "--no-names", "--no-claims")
    told = json.loads(ran("release", "make", *FOR, *without, "--preview", "--json", "--vault", vault))
    assert staying(told) == ["second"]
    assert "no file" in ran("release", "make", *FOR, "--file", "file_of_nobody", "--preview", "--vault", vault, code=1)


def test_an_original_stays_where_another_source_refuses_that_somebody_in_it_is_named(given, vault):
    taken = "acts: [{{what: 강제실종, whom: {}, when: 1998-03}}]\n"
    file, _ = given(NAMED, pdf_of_a_stranger(), acts=taken.format(WITNESS))
    _, other = given(NAMED, b"other words\n", "other.txt", who="Park Bwi Da", acts=taken.format("Park Bwi Da"))
    assert staying(previewed(vault, file)) == []
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_node.core.desk import owner
        from corroborate_node.records import actions
        from corroborate_node.records.models import Entity

        people = sorted(Entity.objects.filter(kind="person").values_list("id", flat=True))
        assert len(people) == 2
        at = datetime.now(UTC).replace(microsecond=0)
        one = Judgement(f"jud_{1:032x}", people[0], people[1], "same", "keeper", "one person", at)
        actions.judge(owner(opened, at), [one])
    ran("withdraw", other, "--vault", vault)
    assert staying(previewed(vault, file)) == ["taken back"]


def test_a_copy_that_was_erased_since_is_refused(given, vault, tmp_path):
    file, _ = given(QUOTED, pdf_of_a_stranger())
    copy = copied_of(vault, file, "--take-out", "1 0 0 100 35")
    number = by_two_people_on_pages(vault, copy, file)
    ran("files", copy, "--erase", "--vault", vault)
    ran("log", "checkpoint", "--vault", vault)
    refused = ran("release", "write", number, "--package", tmp_path / "package", "--vault", vault, code=1)
    assert "may no longer go" in refused
    assert not (tmp_path / "package").exists()
