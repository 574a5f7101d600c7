"""Keys and backups on a page, a third person's word, the journal of what commands show, and a vault that is served."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.records import queries as records_queries

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "the words of their own"
NEEDLE = "김바늘"
HEAD = "성명,성별,체포일,수용소,혐의,공개여부\n"


def ran(folder, *words, code=0):
    done = CliRunner().invoke(group, [*map(str, words), "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": VAULT})
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.stdout, done.stderr, str(done.exception or "")


def entered(name, passphrase=OWN):
    from django.test import Client

    one = Client(HTTP_HOST="127.0.0.1")
    answer = one.post("/log-in", {"username": name, "password": passphrase})
    assert answer.status_code == 302, answer.content.decode()
    return one


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("keeping")
    api.create_vault(place / "vault", "Member", VAULT, account_passphrase=KEEPER)
    (place / "list.csv").write_text(HEAD + f"{NEEDLE},여,1997,수용소,고문,예\n", encoding="utf-8")
    ran(place / "vault", "import", place / "list.csv")
    return place / "vault"


def test_what_commands_show_of_a_person_is_found_in_the_journal_by_that_person(folder, tmp_path):
    with api.open_vault(folder, VAULT):
        person = next(one.id for one in records_queries.entities() if one.kind == "person")
        roots = {one.id for one in records_queries.sources().values() if one.kind == "list"}
    said = []
    ran(folder, "release", "make", "--audience", "public", "--preview")
    ran(folder, "release", "make", "--audience", "public", "--yes")
    for words in (("release", "show", "1"), ("release", "list"), ("findings",), ("review", "list"),
                  ("consent", "list"), ("journal",)):  # fmt: skip
        out, err, _ = ran(folder, *words)
        assert NEEDLE not in err
        said.append(out)
    assert NEEDLE in said[0]
    lines = json.loads(ran(folder, "journal", "--about", person, "--json")[0])
    shown = [(one["kind"], one["what"]) for one in lines]
    assert ("view", "command release show") in shown
    assert shown.count(("view", "command release make")) == 2
    assert ("act", "release.make") in shown
    lines = json.loads(ran(folder, "journal", "--about", min(roots), "--json")[0])
    assert ("view", "command findings") in [(one["kind"], one["what"]) for one in lines]
    every = ran(folder, "journal", "--json")[0]
    assert NEEDLE not in every
    for what in ("command review list", "command consent list", "command release list"):
        assert what in every


def test_pages_of_findings_releases_and_what_was_judged_leave_a_line(folder, account):
    with api.open_vault(folder, VAULT) as vault:
        account(vault, "counsel", OWN, "lawyer", "reviewer")
        browser = entered("counsel")
        for page in ("/findings", "/releases", "/consents", "/cases"):
            assert browser.get(page).status_code == 200
    written = [one["what"] for one in json.loads(ran(folder, "journal", "--by", "counsel", "--json")[0])]
    assert {"findings", "releases"} <= set(written)


def test_the_page_of_keys_shows_what_opens_the_vault_and_keeps_what_is_said_of_copies(folder, account):
    with api.open_vault(folder, VAULT) as vault:
        key = vault.signer.verifier().fingerprint
        account(vault, "reads", OWN, "coordinator")
        assert entered("reads").get("/keys").status_code == 403
        browser = entered("keeper", KEEPER)
        body = browser.get("/keys").content.decode()
        assert key in body
        assert "There is only one" in body
        assert "No backup is known here" in body
        assert "nobody opens this vault" in body
        today = datetime.now(UTC).date()
        old = today - timedelta(days=31)
        for made, place, why in (
            ("yesterday", "a disk", "This is not a date"), (f"{today + timedelta(days=1)}", "a disk", "not here yet"),
            (today.isoformat(), "", "Fill this in"),
        ):  # fmt: skip
            refused = browser.post("/keys", {"act": "note", "made": made, "place": place})
            assert refused.status_code == 400
            assert why in refused.content.decode()
        assert browser.post("/keys", {"act": "note", "made": old.isoformat(), "place": "blue disk"}).status_code == 302
        assert "more than 30 days old" in browser.get("/keys").content.decode()
        browser.post("/keys", {"act": "note", "made": today.isoformat(), "place": "red disk, with M."})
        body = browser.get("/keys").content.decode()
        assert "ever opened to see whether it holds" in body
        number = re.findall(r'name="backup" value="(\d+)"', body)[0]  # the newest stands first
        assert browser.post("/keys", {"act": "checked", "backup": number}).status_code == 302
        body = browser.get("/keys").content.decode()
        assert "ever opened to see whether it holds" not in body
        assert f"{today.isoformat()}</time>\nkeeper" in body
        assert browser.post("/keys", {"act": "gone", "backup": number}).status_code == 302
        assert browser.post("/keys", {"act": "checked", "backup": number}).status_code == 400  # gone is gone
        assert "more than 30 days old" in browser.get("/keys").content.decode()
        for language, words in (("ko", "열쇠와 백업"), ("ja", "鍵とバックアップ")):
            browser.cookies["language"] = language
            assert f"<h1>{words}</h1>" in browser.get("/keys").content.decode()
        session = browser.session
        session["passphrase given"] = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        session.save()
        assert browser.get("/keys")["Location"] == "/confirm?next=/keys"
    written = [one["what"] for one in json.loads(ran(folder, "journal", "--by", "keeper", "--json")[0])]
    assert {"keys", "backup.note", "backup.checked", "backup.gone"} <= set(written)


def test_a_third_person_vouches_on_a_page_and_at_the_command_line(folder, tmp_path, account):
    with api.open_vault(folder, VAULT) as vault:
        for name in ("first", "second", "third"):
            account(vault, name, OWN, "coordinator", "lawyer", vouched=False)
    (tmp_path / "own").write_text(OWN, encoding="utf-8")
    with_own = ("--account-passphrase-file", tmp_path / "own")
    made = json.loads(ran(folder, "release", "make", "--audience", "public", "--as", "first", *with_own, "--json")[0])
    number, confirm = made["release"], ("release", "confirm", made["release"], "--as", "second", *with_own)
    assert made["needs_second"]
    assert "nobody has vouched" in ran(folder, *confirm, code=1)[2]
    with api.open_vault(folder, VAULT):
        refused = entered("second").post(f"/releases/{number}/confirm").content.decode()
        assert "nobody has vouched" in refused
        page = entered("third").post("/vouch", {"account": "third"})
        assert page.status_code == 400
        assert "nobody vouches for themselves" in page.content.decode()
    assert "third has vouched for second" in ran(folder, "accounts", "vouch", "second", "--as", "third", *with_own)[0]
    assert "second  chosen" in ran(folder, "accounts", "list")[0]
    assert "vouched for by third" in ran(folder, "accounts", "list")[0]
    ran(folder, *confirm)
    with api.open_vault(folder, VAULT):
        assert entered("second").post("/vouch", {"account": "first"}).status_code == 200
        assert "Vouched for by" in entered("keeper", KEEPER).get("/accounts").content.decode()


def test_an_account_acts_at_the_command_line_only_with_a_passphrase_of_its_own(folder, tmp_path):
    one_time = ran(folder, "accounts", "add", "new one", "--role", "coordinator")[0].split(": ")[1].split()[0]
    (tmp_path / "once").write_text(one_time, encoding="utf-8")
    said = ran(folder, "release", "make", "--audience", "public", "--as", "new one", "--account-passphrase-file",
               tmp_path / "once", "--preview", code=1)[2]  # fmt: skip
    assert "somebody else has seen" in said


def test_while_pages_are_served_a_command_is_refused_and_says_what_to_do(folder, served):
    with served(folder, VAULT):
        done = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", "cases", "new", "Late", "--vault", str(folder)],
            env={**os.environ, "CORROBORATE_PASSPHRASE": VAULT}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "has" in done.stderr
    assert "corroborate serve" in done.stderr
    assert "Ctrl-C" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Late" not in ran(folder, "cases", "list")[0]


def test_what_the_keeper_changes_holds_for_sessions_that_are_open(folder, tmp_path, account):
    with api.open_vault(folder, VAULT) as vault:
        from corroborate_node.core import accounts
        from corroborate_node.core.desk import owner
        from corroborate_node.records import cases, queries

        desk = owner(vault, datetime.now(UTC).replace(microsecond=0))
        case = cases.begin(desk, "Another case")
        person = next(one.id for one in queries.entities() if one.kind == "person")
        account(vault, "sits here", OWN, "coordinator")
        browser, keeper = entered("sits here"), entered("keeper", KEEPER)
        assert browser.get(f"/persons/{person}").status_code == 200
        form = {"account": "sits here", "act": "cases"}
        assert "say what the account sees" in keeper.post("/accounts", form).content.decode()
        assert browser.get(f"/persons/{person}").status_code == 200
        assert keeper.post("/accounts", {**form, "sees": "cases", "case": case}).status_code == 302
        assert browser.get(f"/persons/{person}").status_code == 404
        assert NEEDLE not in browser.get("/persons").content.decode()
        refused = browser.get("/journal")
        assert refused.status_code == 403
        assert "sees some cases only" in refused.content.decode()
        assert keeper.post("/accounts", {**form, "sees": "whole"}).status_code == 302
        assert browser.get(f"/persons/{person}").status_code == 200
        keeper.post("/accounts", {**form, "act": "roles", "role": "analyst"})
        assert browser.get(f"/persons/{person}").status_code == 403
        keeper.post("/accounts", {**form, "act": "block"})
        for method, address in ((browser.get, "/"), (browser.post, "/releases"), (browser.get, "/estimates.json"),
                                (browser.post, "/log-out"), (browser.post, "/vouch")):  # fmt: skip
            assert method(address)["Location"].startswith("/log-in"), address
        accounts.add(desk, "leaves", ["coordinator"])
    (tmp_path / "own").write_text(OWN, encoding="utf-8")
    said = ran(folder, "release", "make", "--audience", "public", "--as", "sits here", "--account-passphrase-file",
               tmp_path / "own", "--preview", code=1)[2]  # fmt: skip
    assert "do not go together" in said  # a blocked account is told from a wrong passphrase by nothing


def test_a_bundle_of_a_sender_whom_nobody_enrolled_is_refused_and_leaves_nothing(folder):
    from corroborate.custody import Signer
    from corroborate.errors import NotVerified
    from corroborate.exchange import bundles
    from corroborate.values import new_id

    with api.open_vault(folder, VAULT) as vault:
        from corroborate_node.core.desk import owner
        from corroborate_node.exchange import exchanging
        from corroborate_node.log.models import Alarm, Carried, Heard

        at = datetime.now(UTC).replace(microsecond=0)
        desk = owner(vault, at)
        key = re.search(r"age1[a-z0-9]+", exchanging.address(desk).decode())[0]
        before = [model.objects.count() for model in (Alarm, Carried, Heard)]
        id_ = new_id("bundle", milliseconds=int(at.timestamp() * 1000), randomness=os.urandom(10))
        for signer in (Signer("stranger", os.urandom(32)), Signer(vault.signer.name, os.urandom(32))):
            content = bundles.write_bundle({"needle.txt": b"needle"}, signer, [key], at, id_)
            with pytest.raises(NotVerified):
                exchanging.receive(desk, content, into=folder.parent / "into")
            with pytest.raises(NotVerified):
                exchanging.receive(desk, content)
        assert not (folder.parent / "into").exists()
        assert list((folder / "inbox").iterdir()) == []
        assert [model.objects.count() for model in (Alarm, Carried, Heard)] == before
