"""Bundles by the mailbox of a hub that is served: it cannot open them, keeps them for their receiver alone, and a line
that was cut goes on where it stopped."""

import hashlib
import http.client
import json
import os
import re
import socket
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.members import members

from corroborate.client import Client, Refused, Unreachable
from corroborate.client.wire import multipart
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node import api

HUB, KEEPER, OWN = "the words of the hub", "the words of its keeper", "words of one alone"
NAMES = ("Ansan", "Busan", "Casan", "Dosan")  # the last has no account at the hub


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return members(tmp_path_factory.mktemp("story") / "all", "Ansan", "Busan")


@pytest.fixture(scope="module")
def hub(tmp_path_factory, account):
    """The folder of a hub, and files with a token of each member's account and of the secretary's."""
    from corroborate.coalition.memberships import Details
    from corroborate.values import PartialDate
    from corroborate_node.coalition.campaign import actions
    from corroborate_node.core import tokens
    from corroborate_node.core.desk import owner

    folder = tmp_path_factory.mktemp("office") / "hub"
    api.create_vault(folder, "Secretariat", HUB, hub=True, account_passphrase=KEEPER)
    secrets = {}
    with api.open_vault(folder, HUB) as opened:
        desk = owner(opened, datetime.now(UTC).replace(microsecond=0))
        for name in NAMES:
            actions.admit(desk, Details(name, "organisation", "KR"), "member", PartialDate.parse("2011-12"))
        for name in NAMES[:3]:
            account(opened, name.lower(), OWN, "representative", scope=name)
            until = desk.at + timedelta(days=1)
            secrets[name] = tokens.make(seat(opened, name.lower()), "a program", ["mailbox.use"], until)
        account(opened, "sora", OWN, "secretariat")
    for name, secret in secrets.items():
        (folder.parent / f"{name}.token").write_text(f"{secret}\n", encoding="utf-8")
    return folder


def token(hub, name):
    return hub.parent / f"{name}.token"


def client(address, hub, name):
    return Client(address, token(hub, name).read_text(encoding="utf-8").strip())


def encrypted(size):
    """A bundle as the hub sees one: encrypted for somebody, of about this size."""
    return pyrage.encrypt(os.urandom(size), [pyrage.x25519.Identity.generate().to_public()])


def answered(address, hub, name, path, body, kind="application/json"):
    """The status and the answer to a program of somebody else."""
    way = http.client.HTTPConnection(address.removeprefix("http://"))
    secret = token(hub, name).read_text(encoding="utf-8").strip()
    way.request("POST", f"/api/1{path}", body, {"Authorization": f"Bearer {secret}", "Content-Type": kind})
    answer = way.getresponse()
    return answer.status, json.loads(answer.read())


def files_of(hub):
    return sorted((hub / "mailbox").glob("*"))


def test_from_vault_to_vault_by_the_hub(story, hub, served):
    bundle = story.send("Ansan", "Busan", "for-busan.age")
    with served(hub, HUB) as address:
        here = ("--hub", address, "--token-file")
        said = json.loads(story.ran("exchange", "post", bundle, "--to", "Busan", *here, token(hub, "Ansan"), "--json"))
        assert [(one["other"], one["state"]) for one in said["posted"]] == [("Busan", "waiting")]
        assert [one.read_bytes() for one in files_of(hub)] == [bundle.read_bytes()]
        again = json.loads(story.ran("exchange", "post", bundle, "--to", "Busan", *here, token(hub, "Ansan"), "--json"))
        assert again["posted"][0]["id"] == said["posted"][0]["id"]
        receipts = story.on("receipts")
        came = json.loads(
            story.ran("exchange", "fetch", "--vault", story["Busan"], "--receipts", receipts,
                      *here, token(hub, "Busan"), "--json")
        )["came"]  # fmt: skip
        assert [(one["refused"], one["alarms"]) for one in came] == [("", 0)]
        assert files_of(hub) == [] and list((story["Busan"] / "mailbox").glob("*")) == []
        [receipt] = receipts.glob("*.receipt")
        assert "Busan received" in story.ran("exchange", "received", receipt, "--vault", story["Ansan"])
        assert [one["state"] for one in client(address, hub, "Ansan").mailbox()] == ["taken"]
        assert "Nothing waits" in story.ran("exchange", "fetch", "--vault", story["Busan"], *here, token(hub, "Busan"))


def test_a_bundle_that_is_refused_stays_and_is_named(story, hub, served):
    """It is for another vault: this one cannot open it."""
    strange = story.on("strange.age")
    strange.write_bytes(encrypted(1000))
    with served(hub, HUB) as address:
        here = ("--hub", address, "--token-file")
        story.ran("exchange", "post", strange, "--to", "Busan", *here, token(hub, "Ansan"))
        done = story.tried("exchange", "fetch", "--vault", story["Busan"], *here, token(hub, "Busan"), "--json")
        assert done.exit_code == 1
        [one] = json.loads(done.stdout)["came"]
        assert one["refused"] and "Traceback" not in done.output
        waits = [one for one in client(address, hub, "Busan").mailbox() if one["state"] == "waiting"]
        assert len(waits) == 1
        into = story.on("unopened")
        story.ran("exchange", "fetch", "--into", into, *here, token(hub, "Busan"))
        assert [one.read_bytes() for one in into.iterdir()] == [strange.read_bytes()]
        assert [one for one in client(address, hub, "Busan").mailbox() if one["state"] == "waiting"] == []


def test_files_that_nobody_holds_whole_go_by_the_hub_and_are_unpacked_once(story, hub, served, monkeypatch):
    """Every bundle of more than some kilobytes takes the way of those of gigabytes here."""
    from corroborate.exchange import passing

    monkeypatch.setattr(passing, "SHORT", 2000)
    lists = story.on("list.csv")
    lists.write_text("name,violation,consent to publish name\n김뷔하나,torture,yes\n김뷔두리,execution,yes\n")
    story.ran("import", lists, "--vault", story["Ansan"], "--agreed")
    make = ("release", "make", "--audience", "coalition", "--body", "Busan", "--no-names", "--yes")
    story.ran(*make, "--vault", story["Ansan"])
    bundle = story.send("Ansan", "Busan", "long.age", "--release", "1", "--form", "package", "--form", "json")
    with served(hub, HUB) as address:
        here = ("--hub", address, "--token-file")
        story.ran("exchange", "post", bundle, "--to", "Busan", *here, token(hub, "Ansan"))
        said = story.tried("exchange", "fetch", "--vault", story["Busan"], *here, token(hub, "Busan"))
        assert said.exit_code == 0, said.output
    [kept] = re.findall(r"exchange receive (\S+\.age) --into", said.output)
    into, unpack = story.on("unpacked"), ("exchange", "receive", kept, "--vault", story["Busan"], "--into")
    assert "now its files are unpacked" in story.ran(*unpack, into)
    assert sorted(one.name for one in into.iterdir()) == ["package.zip", "release.json"]
    story.ran("verify", into / "package.zip", code=3)  # nobody's policy was given
    assert not Path(kept).exists(), "it lies in the folder now"
    changed = bytearray(bundle.read_bytes())
    changed[-100] ^= 1
    story.on("changed.age").write_bytes(changed)
    again = story.tried("exchange", "receive", story.on("changed.age"), "--vault", story["Busan"])
    assert again.exit_code == 1 and "was changed on its way" in str(again.exception)


class Cut(socketserver.BaseRequestHandler):
    """A way to a hub that is cut after so many bytes in all, either way."""

    upstream = ("127.0.0.1", 0)
    left = 0

    def handle(self):
        with socket.create_connection(type(self).upstream) as node:
            back = threading.Thread(target=self._carry, args=(node, self.request), daemon=True)
            back.start()
            self._carry(self.request, node)
            back.join(20)

    def _carry(self, one, other):
        try:
            while found := one.recv(65536):
                type(self).left -= len(found)
                if type(self).left < 0:
                    break
                other.sendall(found)
        except OSError:
            return
        finally:
            for each in (one, other):
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


def test_a_line_that_is_cut_goes_on_where_it_stopped(story, hub, served):
    content, large = encrypted(40 << 20), story.on("large.age")
    large.write_bytes(content)
    out = story.on("came.age")
    with served(hub, HUB) as address, socketserver.ThreadingTCPServer(("127.0.0.1", 0), Cut) as way:
        Cut.upstream = ("127.0.0.1", int(address.rpartition(":")[2]))
        threading.Thread(target=way.serve_forever, daemon=True).start()
        far = f"http://127.0.0.1:{way.server_address[1]}"
        tries, at = 0, [0]
        while True:
            Cut.left = 20 << 20
            command = ("exchange", "post", large, "--to", "Busan", "--hub", far, "--token-file", token(hub, "Casan"))
            done = story.tried(*command)
            tries += 1
            at.append(sum(one.stat().st_size for one in files_of(hub)))
            if done.exit_code == 0:
                break
            assert done.exit_code in (1, 2) and "Traceback" not in done.output
            assert at[-1] > at[-2], "each try goes on from there"
        assert tries > 1
        assert [one.read_bytes() for one in files_of(hub)] == [content]
        [one] = [each for each in client(address, hub, "Busan").mailbox() if each["state"] == "waiting"]
        tries = 0
        while not out.exists():
            Cut.left = 20 << 20
            try:
                client(far, hub, "Busan").take_bundle(one, out)
            except Unreachable:
                assert not out.exists()
            tries += 1
            assert tries < 10
        assert tries > 1 and out.read_bytes() == content
        way.shutdown()
        client(address, hub, "Busan").taken(one["id"])
    assert files_of(hub) == []


def test_what_is_for_one_member_is_nobody_elses(story, hub, served):
    content = story.on("two.age")
    content.write_bytes(encrypted(500))
    with served(hub, HUB) as address:
        ansan, busan, casan = (client(address, hub, name) for name in NAMES[:3])
        one = ansan.post_bundle(content, "Busan")
        assert one["id"] not in [each["id"] for each in casan.mailbox()]
        for refused in (
            lambda: casan.posted(one["id"]),
            lambda: casan.take_bundle({**one}, story.on("stolen.age")),
            lambda: casan.taken(one["id"]),
            lambda: casan.take_back(one["id"]),
            lambda: ansan.taken(one["id"]),  # its sender does not say that it was taken
            lambda: busan.take_back(one["id"]),
        ):
            with pytest.raises(Refused):
                refused()
        assert [each.read_bytes() for each in files_of(hub)] == [content.read_bytes()]
        with pytest.raises(Refused, match="no account at this hub"):
            ansan.post_bundle(content, "Dosan")
        with pytest.raises(Refused, match="your own"):
            ansan.post_bundle(content, "Ansan")
        with pytest.raises(Refused, match="no member Nobody"):
            ansan.post_bundle(content, "Nobody")
        plain = story.on("plain.csv")
        plain.write_text("name,violation\n김뷔하나,torture\n" * 9, encoding="utf-8")
        here = ("--hub", address, "--token-file", token(hub, "Ansan"))
        done = story.tried("exchange", "post", plain, "--to", "Busan", *here)
        assert done.exit_code == 1 and "no encrypted bundle" in str(done.exception)
        digest = hashlib.sha256(plain.read_bytes()).hexdigest()
        assert digest not in [each["sha256"] for each in ansan.mailbox()], "its digest would tell which file it is"
        said = json.dumps({"to": "Busan", "size": plain.stat().st_size, "sha256": digest})
        _, announced = answered(address, hub, "Ansan", "/mailbox", said)
        assert digest in [each["sha256"] for each in busan.mailbox()]
        body, kind = multipart({}, {"part": ("a", plain.read_bytes())})
        assert answered(address, hub, "Ansan", f"/mailbox/{announced['id']}/parts", body, kind)[0] == 422
        assert digest not in [each["sha256"] for each in busan.mailbox()], "also where a program announced it"
        assert len(files_of(hub)) == 1, "nothing of a file in the clear is kept"
        ansan.take_back(one["id"])
        assert files_of(hub) == []
        with pytest.raises(Refused, match="nothing of this id"):
            busan.taken(one["id"])


@pytest.fixture(scope="module")
def opened(hub):
    with api.open_vault(hub, HUB) as vault:
        yield vault


def seat(vault, name, at=None):
    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    return Desk(vault, actor_of(accounts.known(name)), at or datetime.now(UTC).replace(microsecond=0))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 400)), max_size=12))
def test_whatever_parts_come_in_whatever_order_it_is_whole_or_a_beginning(opened, tries):
    from corroborate_node.coalition.mailbox import actions, queries

    content, desk = encrypted(600), seat(opened, "ansan")
    made = actions.post(desk, "Casan", len(content), hashlib.sha256(content).hexdigest())
    for start, length in [*tries, (0, 100)]:
        try:
            actions.fill(desk, made.id, start, content[start : start + length])
        except (InvalidValue, NotAllowed):
            assert start != queries.here(opened, made) or length < len(actions.BEGINS)
        assert content.startswith(queries.file_of(opened, made.id).read_bytes() if queries.here(opened, made) else b"")
    here = queries.here(opened, made)
    whole = actions.fill(desk, made.id, here, content[here:])
    assert whole.came is not None and actions.waits(seat(opened, "casan"), made.id).read_bytes() == content
    actions.take_back(desk, made.id)


def test_another_content_than_was_announced_is_erased(opened):
    from corroborate_node.coalition.mailbox import actions

    desk, one = seat(opened, "ansan"), encrypted(500)
    other = one[:-1] + bytes([one[-1] ^ 1])
    made = actions.post(desk, "Busan", len(one), hashlib.sha256(one).hexdigest())
    with pytest.raises(InvalidValue, match="not what was announced"):
        actions.fill(desk, made.id, 0, other)
    assert files_of(opened.folder) == []
    made = actions.post(desk, "Busan", len(one), hashlib.sha256(one).hexdigest())
    with pytest.raises(InvalidValue, match="to the end of what was announced"):
        actions.fill(desk, made.id, 0, one + b"more")
    actions.take_back(desk, made.id)


def test_a_quota_a_month_and_a_restored_hub(opened, monkeypatch):
    from corroborate_node.coalition.mailbox import actions, models, queries
    from corroborate_node.core.actors import System
    from corroborate_node.core.desk import Desk

    desk, content = seat(opened, "ansan"), encrypted(2000)
    digest = hashlib.sha256(content).hexdigest()
    made = actions.post(desk, "Busan", len(content), digest)
    monkeypatch.setattr(actions, "QUOTA", 3000)
    with pytest.raises(NotAllowed, match=r"untaken.* 500 and 0 MB are the most") as refused:
        actions.post(desk, "Casan", len(content), digest)
    assert "Take back" in str(refused.value.remedy)
    with pytest.raises(NotAllowed, match="wait for this member already"):
        actions.post(seat(opened, "casan"), "Busan", len(content), digest)
    monkeypatch.undo()
    actions.fill(desk, made.id, 0, content)
    queries.file_of(opened, made.id).unlink()  # as after a restore: rows come back, bundles do not
    with pytest.raises(InvalidValue, match="restored from a backup"):
        actions.waits(seat(opened, "busan"), made.id)
    again = actions.post(desk, "Busan", len(content), digest)
    actions.fill(desk, again.id, 0, content)
    assert actions.waits(seat(opened, "busan"), again.id).read_bytes() == content
    cleared = Desk(opened, System("mailbox"), desk.at)
    actions.clear(replace(cleared, at=desk.at + timedelta(days=29)))
    assert models.Posted.objects.filter(id=again.id).exists()
    actions.clear(replace(cleared, at=desk.at + timedelta(days=31)))
    assert not models.Posted.objects.exists() and files_of(opened.folder) == []


@pytest.fixture
def empty(opened):
    """A mailbox in which nothing lies, whatever was posted before."""
    from corroborate_node.coalition.mailbox import models

    models.Posted.objects.all().delete()
    for one in files_of(opened.folder):
        one.unlink()


@contextmanager
def anybody_s(vault, name):
    """An account for which nobody vouched."""
    from corroborate_node.core.models import Vouch

    kept = list(Vouch.objects.filter(user__username=name))
    Vouch.objects.filter(user__username=name).delete()
    yield
    Vouch.objects.bulk_create(kept)


def test_the_page_shows_a_member_its_own_and_the_secretariat_sizes_alone(opened, empty):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client as Browser

    def logged_in(name):
        one = Browser(headers={"host": "localhost"})
        assert one.post("/log-in", {"username": name, "password": OWN}).status_code == 302
        return one

    content = encrypted(3000)
    ansan, busan, office = (logged_in(name) for name in ("ansan", "busan", "sora"))
    assert "wait for your organisation" not in busan.get("/").content.decode()
    assert "Nothing waits for your organisation" in ansan.get("/mailbox").content.decode()
    [label] = re.findall(r'<option value="([^"]+)">Busan</option>', ansan.get("/mailbox").content.decode())
    sent = {"act": "post", "to": label, "file": SimpleUploadedFile("for-busan.age", content)}
    assert ansan.post("/mailbox", sent).status_code == 302
    assert "Bundles wait for your organisation in the mailbox" in busan.get("/").content.decode()
    assert "wait for your organisation" not in ansan.get("/").content.decode()
    page = busan.get("/mailbox").content.decode()
    [link] = re.findall(r'href="(/mailbox/posted_[0-9a-f]+)"', page)
    assert "from Ansan" in page and f"<code>{link.rpartition('/')[2]}</code>" in page
    with anybody_s(opened, "busan"):  # the vouch is gone
        seen = busan.get("/mailbox")
        assert seen.status_code == 403 and "nobody has vouched" in seen.content.decode()
        assert "Ansan" not in seen.content.decode() and link not in seen.content.decode()
        assert "wait for your organisation" not in busan.get("/").content.decode()
    assert b"".join(busan.get(link).streaming_content) == content
    seen = office.get("/mailbox").content.decode()
    assert "Busan" in seen and "Ansan" not in seen and link not in seen
    assert office.get(link).status_code == 403 and ansan.get(link).status_code == 404
    assert office.post("/mailbox", {"act": "take", "entry": link.rpartition("/")[2]}).status_code == 403
    plain = {"act": "post", "to": label, "file": SimpleUploadedFile("list.csv", b"name\n" * 99)}
    answer = ansan.post("/mailbox", plain)
    assert answer.status_code == 400 and "no encrypted bundle" in answer.content.decode()
    assert busan.post("/mailbox", {"act": "take", "entry": link.rpartition("/")[2]}).status_code == 302
    assert "taken" in ansan.get("/mailbox").content.decode() and files_of(opened.folder) == []
