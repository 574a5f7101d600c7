"""Four organisations, each with its own vault: enrolment, witnessing by file and by HTTP, lies, restores, alarms."""

import hashlib
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner

from corroborate.custody import (
    Checkpoint,
    Log,
    Note,
    Signer,
    Tree,
    Verifier,
    check_inclusion,
    check_seal,
    leaf_hash,
    request_for,
)
from corroborate.custody.enrolment import Enrolment, countersign, fingerprint_words, propose
from corroborate.custody.keys import KeyChange, rotate
from corroborate.custody.keys import countersign as countersign_key
from corroborate.errors import InvalidValue, NotAllowed, NotVerified, VaultDamaged
from corroborate.exchange import read_bundle, write_bundle
from corroborate.records import Entity
from corroborate.values import new_id
from corroborate_cli.main import group
from corroborate_cli.witnesses import post
from corroborate_node import api
from corroborate_node.core import configuration
from corroborate_node.core import opened as opened_vaults
from corroborate_node.core.desk import owner as at_desk
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.records import anew
from corroborate_node.records import queries as records_queries

pytestmark = pytest.mark.in_a_file  # the folder is copied, or opened again with the keys of an earlier opening

AT = datetime(2026, 3, 1, 3, tzinfo=UTC)
PASSPHRASE = "long enough to hold"
OWN = "an account's own passphrase"
NAMES = ("Ansan", "Busan", "Chiba", "Daegu")


def take_in(vault, count: int, first: int = 0) -> None:
    """Records enough to grow the log: entities alone, each sealed."""
    made = [
        Entity(new_id("person", milliseconds=1, randomness=(first + n).to_bytes(10, "big")), "person")
        for n in range(count)
    ]
    records_actions.receive(at_desk(vault, AT), made, [], [], [])


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Vaults of four organisations, each enrolled with all. The first log has seven entries and a checkpoint."""
    folder = tmp_path_factory.mktemp("members")
    _KEYS.clear()
    enrolments, signers = {}, {}
    for name in NAMES:
        api.create_vault(folder / name, name, PASSPHRASE, account_passphrase=OWN)
        with opened(folder, name) as vault:
            signers[name] = vault.signer
            enrolments[name] = propose(Enrolment(name, name, vault.signer.verifier(), AT), vault.signer)
    for name in NAMES:  # everybody hears everybody's words
        for other in NAMES:
            if other != name:
                heard = " ".join(fingerprint_words(signers[name].verifier()))
                enrolments[name] = countersign(enrolments[name], signers[other], heard)
    for name in NAMES:
        with opened(folder, name) as vault:
            for other in NAMES:
                log_actions.admit(at_desk(vault, AT), enrolments[other])
            if name == NAMES[0]:
                take_in(vault, 3)
                log_actions.checkpoint(at_desk(vault, AT))
    (folder / "secret").write_text(PASSPHRASE + "\n")
    return folder


@pytest.fixture
def members(made, tmp_path) -> Path:
    shutil.copytree(made, tmp_path / "members")
    return tmp_path / "members"


_KEYS: dict[str, opened_vaults.Vault] = {}


@contextmanager
def opened(folder: Path, name: str = "Ansan"):
    """As api.open_vault, with the keys of the first opening: stretching a passphrase 150 times takes minutes."""
    if name not in _KEYS:
        with api.open_vault(folder / name, PASSPHRASE) as vault:
            _KEYS[name] = vault
    vault = replace(_KEYS[name], folder=folder / name)
    opened_vaults.enter(vault)
    try:
        configuration.configure(vault)
        yield vault
    finally:
        configuration.close()
        opened_vaults.leave()


def key_of(folder: Path, name: str) -> Verifier:
    with opened(folder, name) as vault:
        return vault.signer.verifier()


def witness_all(folder: Path, at: datetime = AT, owner: str = "Ansan") -> bytes:
    """One round: the owner's newest checkpoint, cosigned by every other member."""
    with opened(folder, owner) as vault:
        note = log_actions.checkpoint(at_desk(vault, at))
    for name in NAMES:
        if name != owner:
            key = key_of(folder, name)
            with opened(folder, owner) as vault:
                request = log_actions.ask_witness(vault, key)
            with opened(folder, name) as vault:
                answer = log_actions.answer(at_desk(vault, at), request)
            assert answer.status == 200, answer
            with opened(folder, owner) as vault:
                note = log_actions.take_answer(at_desk(vault, at), answer.body)
    return note


def test_a_round_of_witnessing_fulfils_the_policy_that_the_members_make(members):
    note = witness_all(members)
    with opened(members) as vault:
        policy = log_queries.policy(vault)
        assert policy.asked == "2 of 3"
        assert len(policy.check(note).times) == 3
        assert log_queries.owner_alarms() == []
        # The written policy names no word of anybody's name as a witness, and not the owner.
        assert vault.signer.name not in policy.text().split("witness", 1)[1]
        take_in(vault, 300, 3)
    grown = witness_all(members)
    with opened(members) as vault:
        assert policy.check(grown).checkpoint.size == 307
        assert Log.at(vault.log).check() == 307


def test_on_a_stick_it_is_the_same_by_command(members):
    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(group, ["log", *arguments, "--passphrase-file", str(members / "secret")])
        assert done.exit_code == code, (arguments, done.output, done.exception)
        return done.output

    stick = members / "stick"
    stick.mkdir()
    ansan, busan = ("--vault", str(members / "Ansan")), ("--vault", str(members / "Busan"))
    key = str(key_of(members, "Busan"))
    run("request", key, *ansan, "--out", str(stick / "a.request"))
    run("witness", str(stick / "a.request"), *busan, "--out", str(stick / "b.answer"))
    assert "1 cosignature " in run("receive", str(stick / "b.answer"), *ansan)
    # A log that does not know what was cosigned last asks from 0, is told the size, and asks again.
    run("request", key, "--old", "0", *ansan, "--out", str(stick / "a.request"))
    run("witness", str(stick / "a.request"), *busan, "--out", str(stick / "b.answer"), code=1)
    assert (stick / "b.answer").read_text() == "7\n"
    with opened(members) as vault, pytest.raises(NotVerified, match="cosigned 7 entries last"):
        log_actions.take_answer(at_desk(vault, AT), (stick / "b.answer").read_bytes())
    run("request", key, "--old", "7", *ansan, "--out", str(stick / "a.request"))
    run("witness", str(stick / "a.request"), *busan, "--out", str(stick / "b.answer"))
    run("seen", "Ansan", *busan, "--out", str(stick / "seen"))
    assert Checkpoint.parse(Note.parse((stick / "seen").read_bytes()).text).size == 7
    (stick / "policy").write_text(run("policy", *ansan))
    assert "quorum members" in (stick / "policy").read_text()


def test_a_log_asks_a_served_witness_over_http(members):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    secret = ["--passphrase-file", str(members / "secret")]
    url, key = f"http://127.0.0.1:{port}/witness", str(key_of(members, "Busan"))
    arguments = ["log", "submit", url, key, "--vault", str(members / "Ansan"), *secret]
    nobody = CliRunner().invoke(group, arguments)
    assert "cannot be reached" in str(nobody.exception)
    for wrong in ("ftp://x/", "their-node", "http://", "http://x/?a"):
        with pytest.raises(InvalidValue):
            post(wrong, b"")
    command = [sys.executable, "-m", "corroborate_cli", "serve", "--vault", str(members / "Busan"), "--port", str(port)]
    with subprocess.Popen([*command, *secret], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert "http://" in server.stdout.readline()
            for _ in range(2):  # the second time the log asks from the size that was cosigned
                for attempt in range(100):
                    done = CliRunner().invoke(group, arguments)
                    if "cannot be reached" not in str(done.exception) or attempt == 99:
                        break
                    time.sleep(0.1)
                assert done.exit_code == 0, (done.output, done.exception)
                assert "1 cosignature " in done.output
            status, body = post(url, b"nonsense")
            assert (status, body[:4]) == (400, b"a re")
        finally:
            server.terminate()


def forged(owner: Signer, honest: list[bytes], change: int, size: int) -> tuple[Tree, bytes]:
    """What an owner who rewrites entry ``change`` would sign at a size."""
    entries = [
        *honest[:change],
        b"another entry".ljust(32),
        *honest[change + 1 :],
        *(bytes([n]) * 32 for n in range(size)),
    ]
    tree = Tree([leaf_hash(one) for one in entries[:size]])
    text = Checkpoint(owner.name, size, tree.root()).text()
    return tree, f"{text}\n{owner.line(text)}".encode()


def test_each_witness_refuses_a_rewritten_past_and_keeps_the_proof(members):
    witness_all(members)
    with opened(members) as vault:
        honest, owner = list(Log.at(vault.log).entries(0, 7)), vault.signer
    tree, note = forged(owner, honest, 2, 12)
    for name in NAMES[1:]:
        with opened(members, name) as vault:
            answer = log_actions.answer(at_desk(vault, AT), request_for(note, 7, tree.consistency(7)))
            assert answer.status == 422
            assert [kind for kind, _, _ in log_queries.owner_alarms()] == ["split view"]
            from corroborate_node.log import actions, models

            (row,) = models.Alarm.objects.all()
            actions.split_view_of(row).check([owner.verifier()])  # a stranger can check it
            assert log_queries.seen(owner.verifier().name).size == 7


def test_two_members_shown_two_histories_find_out_at_their_first_bundle(members):
    witness_all(members)
    with opened(members) as vault:
        honest, owner = list(Log.at(vault.log).entries(0, 7)), vault.signer
    good = [*honest, *(bytes([n]) * 32 for n in range(5))]
    for name, entries in (("Busan", good), ("Chiba", [*good[:9], b"told to Chiba alone".ljust(32), *good[10:]])):
        tree = Tree([leaf_hash(one) for one in entries])
        text = Checkpoint(owner.name, 12, tree.root()).text()
        note = f"{text}\n{owner.line(text)}".encode()
        with opened(members, name) as vault:
            assert log_actions.answer(at_desk(vault, AT), request_for(note, 7, tree.consistency(7))).status == 200
    ours = pyrage.x25519.Identity.generate()
    with opened(members, "Busan") as vault:
        sender = vault.signer
        bundle = write_bundle(
            {}, sender, [str(ours.to_public())], AT, "bundle_" + "0" * 32, log_queries.to_gossip(vault)
        )
    told = read_bundle(bundle, str(ours), [sender.verifier()]).checkpoints
    with opened(members, "Chiba") as vault:
        assert log_actions.hear(at_desk(vault, AT), list(told), "Busan") == 1
        ((kind, about, _),) = log_queries.owner_alarms()
        assert (kind, about) == ("split view", "Ansan")
    with opened(members, "Daegu") as vault:  # of another size: nothing to compare with yet, and no false alarm
        assert log_actions.hear(at_desk(vault, AT), list(told), "Busan") == 0
        assert log_queries.owner_alarms() == []


def test_what_was_heard_is_compared_with_the_log_s_own_tiles(members):
    note = witness_all(members)
    with opened(members) as vault:
        take_in(vault, 20, 50)
    later = witness_all(members)
    _, other = forged(key_signer(members), [b"x" * 32] * 7, 3, 9)
    with opened(members, "Busan") as vault:
        assert log_actions.hear(at_desk(vault, AT), [note, later], "Chiba") == 0
        fitted, raised = log_actions.compare_tiles(at_desk(vault, AT), members / "Ansan" / "log")
        assert (fitted >= 2, raised) == (True, 0)
        assert (
            log_actions.hear(at_desk(vault, AT), [other], "Chiba") == 0
        )  # of a size of its own: nothing to compare it with
        fitted, raised = log_actions.compare_tiles(at_desk(vault, AT), members / "Ansan" / "log")
        assert raised == 1
        assert [kind for kind, _, _ in log_queries.owner_alarms()] == ["split view"]
        with pytest.raises(InvalidValue, match="holds no log"):
            log_actions.compare_tiles(at_desk(vault, AT), members / "stick")


def key_signer(folder: Path) -> Signer:
    with opened(folder) as vault:
        return vault.signer


def test_a_vault_brought_back_from_a_backup_signs_nothing_before_it_asked(members):
    witness_all(members)
    shutil.copytree(members / "Ansan", members / "backup")
    with opened(members) as vault:
        take_in(vault, 5, 90)
    newest = witness_all(members)
    shutil.rmtree(members / "Ansan")
    shutil.copytree(members / "backup", members / "Ansan")
    with opened(members) as vault:
        log_actions.restored(at_desk(vault, AT))
        with pytest.raises(NotAllowed, match="signs nothing"):
            log_actions.checkpoint(at_desk(vault, AT))
        assert log_actions.hear_answer(at_desk(vault, AT), "Busan", None).state == "asking"
        found = log_actions.hear_answer(at_desk(vault, AT), "Chiba", newest)
        assert (found.state, found.may_sign) == ("behind", False)
        with pytest.raises(NotAllowed, match="12 entries were cosigned"):
            log_actions.checkpoint(at_desk(vault, AT))
        with pytest.raises(NotAllowed, match="not among"):
            log_actions.hear_answer(at_desk(vault, AT), "Nobody", None)
        with pytest.raises(NotVerified, match="has not cosigned"):
            text = Note.parse(newest).text
            log_actions.hear_answer(at_desk(vault, AT), "Busan", f"{text}\n{vault.signer.line(text)}".encode())


def test_a_restored_vault_that_lost_nothing_signs_again(members):
    note = witness_all(members)
    with opened(members) as vault:
        log_actions.restored(at_desk(vault, AT))
        assert not log_actions.hear_answer(at_desk(vault, AT), "Busan", note).may_sign
        assert log_actions.hear_answer(at_desk(vault, AT), "Chiba", note).may_sign
        take_in(vault, 2, 200)
        assert Checkpoint.parse(Note.parse(log_actions.checkpoint(at_desk(vault, AT))).text).size == 9


def test_a_database_older_than_the_log_s_files_signs_nothing(members):
    witness_all(members)
    shutil.copy(members / "Ansan" / "vault.db", members / "old.db")
    with opened(members) as vault:
        take_in(vault, 5, 90)
        log_actions.checkpoint(at_desk(vault, AT))
    shutil.copy(members / "old.db", members / "Ansan" / "vault.db")
    with opened(members) as vault:
        before = len(list(records_queries.claims()))
        for act in (
            lambda: take_in(vault, 5, 300),
            lambda: log_actions.checkpoint(at_desk(vault, AT)),
        ):  # other records than were signed
            with pytest.raises(NotAllowed, match="older copy"):
                act()
        assert len(list(records_queries.claims())) == before
        assert any(one.about == "alarms" and one.state == "advice" for one in fixity.everything(vault))


def test_a_member_that_shows_us_our_own_newer_checkpoint_stops_us(members):
    witness_all(members)
    shutil.copytree(members / "Ansan", members / "backup")
    with opened(members) as vault:
        take_in(vault, 5, 90)
    newest = witness_all(members)
    shutil.rmtree(members / "Ansan")
    shutil.copytree(members / "backup", members / "Ansan")
    with opened(members) as vault:
        assert log_actions.hear(at_desk(vault, AT), [newest], "Busan") == 1
        assert [kind for kind, _, _ in log_queries.owner_alarms()] == ["own log"]
        with pytest.raises(NotAllowed, match="Busan holds our checkpoint of 12"):
            log_actions.checkpoint(at_desk(vault, AT))


def test_an_own_checkpoint_heard_again_and_strangers_notes_raise_nothing(members):
    note = witness_all(members)
    stranger = Signer("stranger", bytes([5]) * 32)
    _, unknown = forged(stranger, [b"x" * 32] * 3, 0, 3)
    _, impostor = forged(Signer("Busan", bytes([5]) * 32), [b"x" * 32] * 3, 0, 3)
    _, own_name = forged(Signer("Ansan", bytes([5]) * 32), [b"x" * 32] * 9, 0, 9)
    with opened(members) as vault:
        assert log_actions.hear(at_desk(vault, AT), [note, unknown, impostor, own_name], "Chiba") == 0
        assert log_queries.owner_alarms() == []


def test_a_clock_a_year_off_raises_an_alarm(members):
    with opened(members) as vault:
        take_in(vault, 1, 400)
        log_actions.checkpoint(at_desk(vault, AT + timedelta(days=365)))
    for name in NAMES[1:]:
        key = key_of(members, name)
        with opened(members) as vault:
            request = log_actions.ask_witness(vault, key)
        with opened(members, name) as vault:
            answer = log_actions.answer(at_desk(vault, AT), request)
        with opened(members) as vault:
            log_actions.take_answer(at_desk(vault, AT), answer.body)
    with opened(members) as vault:
        assert {kind for kind, _, _ in log_queries.owner_alarms()} == {"clock"}


def test_a_new_key_is_followed_by_every_witness_and_the_old_one_signs_no_more(members):
    witness_all(members)
    old = key_signer(members)
    new = Signer(old.name, bytes([61]) * 32)
    note = rotate(old, new, 7, AT)
    with opened(members, "Busan") as vault:
        assert log_actions.change_key(at_desk(vault, AT), note) == new.verifier()
        with pytest.raises(NotVerified):
            log_actions.change_key(at_desk(vault, AT), note)
    with opened(members) as vault:
        entries = [*Log.at(vault.log).entries(0, 7), b"8" * 32]
    tree = Tree([leaf_hash(one) for one in entries])
    text = Checkpoint(old.name, 8, tree.root()).text()
    for signer, status in ((old, 403), (new, 200)):
        request = request_for(f"{text}\n{signer.line(text)}".encode(), 7, tree.consistency(7))
        with opened(members, "Busan") as vault:
            assert log_actions.answer(at_desk(vault, AT), request).status == status
    with opened(members, "Busan") as vault, pytest.raises(NotVerified, match="not enrolled"):
        log_actions.change_key(
            at_desk(vault, AT), rotate(Signer("x", bytes([1]) * 32), Signer("x", bytes([2]) * 32), 0, AT)
        )


def test_the_list_of_members_is_sealed_in_the_log(members):
    with opened(members):
        from corroborate.custody import Seal
        from corroborate_node.log.models import LogEntry, Member

        tree, entries = log_queries.whole_tree(), {row.record: row for row in LogEntry.objects.filter(kind="key")}
        for member in Member.objects.all():
            row = entries[member.origin]
            check_seal(bytes(member.note), Seal(bytes(row.salt), bytes(row.commitment)))
            check_inclusion(leaf_hash(bytes(row.commitment)), row.index, 7, tree.inclusion(row.index, 7), tree.root(7))


def test_damage_found_by_a_recorded_check_is_an_alarm_and_an_entry(members):
    tile = members / "Ansan" / "log" / "tile" / "0" / "000.p" / "7"
    with opened(members) as vault:
        before = log_queries.whole_tree().size
        api.record_fixity(vault, fixity.everything(vault), AT)
        assert log_queries.owner_alarms() == []
        tile.write_bytes(bytes(7 * 32))
        api.record_fixity(vault, fixity.everything(vault), AT + timedelta(days=1))
        ((kind, about, _),) = log_queries.owner_alarms()
        assert (kind, about) == ("damage", "log folder")
        assert log_queries.whole_tree().size == before + 2
        # The next checkpoint mends the tiles out of the database.
        log_actions.checkpoint(at_desk(vault, AT))
        assert Log.at(vault.log).check() == 9
        from corroborate_node.log import actions, models

        number = models.Alarm.objects.get().id
        with pytest.raises(InvalidValue):
            actions.settle(at_desk(vault, AT), number, " ")
        actions.settle(at_desk(vault, AT), number, "a broken stick; tiles made anew")
        with pytest.raises(InvalidValue, match="no open alarm"):
            actions.settle(at_desk(vault, AT), number, "again")
        assert models.Alarm.objects.count() == 1


def test_tokens_are_kept_raw_whatever_they_hold(members):
    with opened(members) as vault:
        assert api.stamp_request(vault)[0] == 0x30
        for raw in (b"", b"no token", b"\x30\x05\x30\x03\x02\x01\x02"):
            assert api.take_token(vault, raw, AT).raw == raw
        with pytest.raises(InvalidValue, match="PEM"):
            api.take_token(vault, b"", AT, [b"no certificate"])
        from corroborate_node.log.models import Token

        assert [(bytes(row.raw), row.state) for row in Token.objects.order_by("id")] == [
            (b"", "unreadable"), (b"no token", "unreadable"), (b"\x30\x05\x30\x03\x02\x01\x02", "refused")
        ]  # fmt: skip


def test_entries_taken_out_of_the_database_are_never_signed_away(members):
    witness_all(members)
    with opened(members) as vault:
        from corroborate_node.log.models import LogEntry

        LogEntry.objects.filter(index__gte=5).delete()
        with pytest.raises(VaultDamaged, match="nothing is signed"):
            log_actions.checkpoint(at_desk(vault, AT))


def test_a_vault_gives_its_own_log_a_new_key(members):
    before = witness_all(members)
    with opened(members) as vault:
        old = vault.signer
        note = log_actions.rotate_key(at_desk(vault, AT), PASSPHRASE)
        with pytest.raises(NotAllowed, match="still signs with the one before"):
            log_actions.checkpoint(at_desk(vault, AT))  # this process holds the old key yet
    with api.open_vault(members / "Ansan", PASSPHRASE) as vault:
        assert (vault.signer.name, vault.signer.seed != old.seed) == ("Ansan", True)
        after = log_actions.checkpoint(at_desk(vault, AT))
        policy = log_queries.policy(vault)
        assert policy.check(before).checkpoint.size == 7  # what the old key signed stands
        request = log_actions.ask_witness(vault, key_of_another(members, vault, "Busan"))
    with opened(members, "Busan") as vault:
        assert log_actions.answer(at_desk(vault, AT), request).status == 403
        log_actions.change_key(at_desk(vault, AT), note)
        assert log_actions.answer(at_desk(vault, AT), request).status == 200
    assert Checkpoint.parse(Note.parse(after).text).size == 8  # the change itself is an entry


def test_a_stolen_key_is_revoked_with_two_members_who_heard_the_new_one_s_words(members):
    before = witness_all(members)
    with opened(members) as vault:
        thief = vault.signer
        note = log_actions.revoke_key(at_desk(vault, AT + timedelta(days=1)), PASSPHRASE)
    new = KeyChange.parse(Note.parse(note).text).new
    heard = " ".join(fingerprint_words(new))
    with opened(members, "Busan") as vault:
        with pytest.raises(NotAllowed, match="it takes 2"):
            log_actions.change_key(at_desk(vault, AT), note)
        with pytest.raises(NotVerified, match="not the words"):
            countersign_key(note, vault.signer, " ".join(fingerprint_words(thief.verifier())))
        note = countersign_key(note, vault.signer, heard)
    (members / "note").write_bytes(note)
    done = CliRunner().invoke(
        group, ["log", "countersign", str(members / "note"), "--heard", heard, "--out", str(members / "signed"),
                "--revocation", "--yes", "--vault", str(members / "Chiba"),
                "--passphrase-file", str(members / "secret")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    for name in NAMES:
        with opened(members, name) as vault:
            assert log_actions.change_key(at_desk(vault, AT), (members / "signed").read_bytes()) == new
    with api.open_vault(members / "Ansan", PASSPHRASE) as vault:
        assert vault.signer.verifier() == new
        assert log_queries.policy(vault).check(before).checkpoint.size == 7
    with opened(members, "Daegu") as vault:  # what the thief signs is refused from now on
        text = Checkpoint("Ansan", 7, log_queries.seen("Ansan").root).text()
        request = request_for(f"{text}\n{thief.line(text)}".encode(), 7, ())
        assert log_actions.answer(at_desk(vault, AT), request).status == 403


def test_a_planned_change_of_one_member_locks_nobody_out_of_revoking_a_stolen_key(members):
    """By the commands: Busan changes its key, then Ansan's is stolen, and the thief admits nobody afterwards."""

    def run(vault: str, *words: str) -> str:
        given = ["--vault", str(members / vault), "--passphrase-file", str(members / "secret")]
        done = CliRunner().invoke(group, ["log", *(str(members / w) if "." in w else w for w in words), *given])
        return f"{done.exit_code} {done.output}{done.exception or ''}"

    def told(note: str) -> None:
        for name in NAMES:
            assert run(name, "follow", note).startswith("0 "), note

    with opened(members) as vault:
        thief = vault.signer
    rotated = run("Busan", "rotate", "--out", "busan.rotation")
    assert rotated.startswith("0 "), rotated
    _KEYS.pop("Busan")
    for name in ("Ansan", "Chiba", "Daegu"):
        assert "signs with" in run(name, "follow", "busan.rotation")
    words = re.search(r"Read aloud, never send along: (.*)", run("Ansan", "revoke", "--out", "0.revocation"))[1]
    for at, name in enumerate(("Busan", "Chiba")):
        run(
            name,
            "countersign",
            f"{at}.revocation",
            "--heard",
            words,
            "--out",
            f"{at + 1}.revocation",
            "--revocation",
            "--yes",
        )
    told("2.revocation")
    _KEYS.pop("Ansan")
    # An invented newcomer, with the stolen key and one honest member who was taken in
    invented = Signer("Eulji", bytes([77]) * 32)
    heard = " ".join(fingerprint_words(invented.verifier()))
    note = propose(Enrolment("Eulji", "Eulji", invented.verifier(), AT), invented)
    with opened(members, "Chiba") as vault:
        note = countersign(countersign(note, thief, heard), vault.signer, heard)
    (members / "invented.enrolment").write_bytes(note)
    assert "1 other member has signed for Eulji; it takes 2" in run("Daegu", "admit", "invented.enrolment")
    (members / "better.enrolment").write_bytes(note)
    run("Ansan", "countersign", "better.enrolment", "--heard", heard, "--out", "signed.enrolment", "--yes")
    assert "Eulji is enrolled" in run("Daegu", "admit", "signed.enrolment")  # the key that Ansan has now counts


def test_who_left_is_neither_witness_nor_voucher_and_comes_back(members):
    given = ["--vault", str(members / "Chiba"), "--passphrase-file", str(members / "secret")]
    done = CliRunner().invoke(group, ["log", "leave", "--out", str(members / "gone"), *given])
    assert done.exit_code == 0, done.output
    with opened(members, "Busan") as vault:
        log_actions.change_key(at_desk(vault, AT), (members / "gone").read_bytes())
        assert {seat.group for seat in log_queries.seats()} == {"Ansan", "Busan", "Daegu"}
        assert "Chiba" not in log_queries.watched(vault)
        with pytest.raises(NotAllowed, match="no seat here to give up"):
            log_actions.leave(at_desk(vault, AT), "Chiba")
    with opened(members, "Chiba") as vault:
        later = datetime.now(UTC) + timedelta(minutes=1)
        note = propose(Enrolment("Chiba", "Chiba", vault.signer.verifier(), later), vault.signer)
        heard = " ".join(fingerprint_words(vault.signer.verifier()))
    for name in ("Ansan", "Daegu"):
        with opened(members, name) as vault:
            note = countersign(note, vault.signer, heard)
    with opened(members, "Busan") as vault:
        assert log_actions.admit(at_desk(vault, AT), note).organisation == "Chiba"
        assert "Chiba" in log_queries.watched(vault)


def key_of_another(members: Path, vault, name: str) -> Verifier:
    from corroborate_node.log.queries import roster

    return next(one.key for one in roster() if one.key.name == name)


def test_a_change_of_key_that_was_cut_short_is_finished_by_asking_again(members):
    from corroborate_node.core import vaults

    with opened(members) as vault:
        new = Signer("Ansan", bytes([62]) * 32)
        log_actions.change_key(at_desk(vault, AT), rotate(vault.signer, new, 7, AT))
        vaults.stage_key(vault.folder, PASSPHRASE, new)
    with api.open_vault(members / "Ansan", PASSPHRASE) as vault:  # the process died before the key was in place
        with pytest.raises(NotAllowed):
            log_actions.checkpoint(at_desk(vault, AT))
        log_actions.rotate_key(at_desk(vault, AT), PASSPHRASE)
    with api.open_vault(members / "Ansan", PASSPHRASE) as vault:
        assert vault.signer.verifier() == new.verifier()
        log_actions.checkpoint(at_desk(vault, AT))


def test_a_log_whose_entries_are_lost_goes_on_under_a_new_name_that_names_the_old_one(members):
    witness_all(members)
    shutil.copytree(members / "Ansan", members / "backup")
    with opened(members) as vault:
        take_in(vault, 5, 90)
    newest = witness_all(members)
    shutil.rmtree(members / "Ansan")
    shutil.copytree(members / "backup", members / "Ansan")
    with opened(members) as vault:
        with pytest.raises(NotAllowed, match="under its own name"):
            anew.begin_anew(at_desk(vault, AT), PASSPHRASE)
        log_actions.restored(at_desk(vault, AT))
        log_actions.hear_answer(at_desk(vault, AT), "Busan", newest)
        held = log_queries.whole_tree()
        in_use = (vault.folder / "keys" / "signing.json").read_bytes()
        assert anew.begin_anew(at_desk(vault, AT), PASSPHRASE) == "Ansan~2"
        # As if the process had died before the new key was in place: it signs nothing, and asking again finishes it.
        (vault.folder / "keys" / "signing.json").rename(vault.folder / "keys" / "signing-next.json")
        (vault.folder / "keys" / "signing.json").write_bytes(in_use)
    with api.open_vault(members / "Ansan", PASSPHRASE) as vault:
        with pytest.raises(NotAllowed, match="signs nothing"):
            log_actions.checkpoint(at_desk(vault, AT))
        assert anew.begin_anew(at_desk(vault, AT), PASSPHRASE) == "Ansan~2"
    with api.open_vault(members / "Ansan", PASSPHRASE) as vault:
        note = Note.parse(log_actions.checkpoint(at_desk(vault, AT)))
        assert vault.signer.verifier() in note.check([vault.signer.verifier()])
        assert Checkpoint.parse(note.text).origin == "Ansan~2"
        from corroborate.custody import Seal
        from corroborate_node.log.models import LogEntry
        from corroborate_node.records.models import Document

        record = Document.objects.get(kind="origin").body["record"]
        first = LogEntry.objects.get(index=0)
        check_seal(record.encode(), Seal(bytes(first.salt), bytes(first.commitment)))
        assert json.loads(record)["checkpoint"].encode() == newest
        assert (json.loads(record)["continues"], json.loads(record)["size"]) == ("Ansan", 12)
        tree = log_queries.whole_tree()
        assert [tree.leaf(n + 1) for n in range(7)] == [held.leaf(n) for n in range(7)]
        assert Log.at(vault.log).check() == 8
        assert [one for one in fixity.everything(vault) if one.state == "wrong"] == []
    assert [path.name for path in (members / "Ansan").glob("log-before-*")]


def test_checkpoints_fall_due_by_the_clock_alone(members):
    with opened(members) as vault:
        assert not api.checkpoint_due(vault, [3], AT + timedelta(hours=23))
        assert api.checkpoint_due(vault, [3], AT + timedelta(hours=24))


def test_an_entry_missing_in_the_middle_is_never_signed_over(members):
    with opened(members) as vault:
        from corroborate_node.log.models import LogEntry

        take_in(vault, 5, 500)
        LogEntry.objects.filter(index=9).delete()
        with pytest.raises(VaultDamaged, match="only 4 are there"):
            log_actions.checkpoint(at_desk(vault, AT))


HTTP = """
import hashlib, json, sys
from pathlib import Path
from corroborate_node import api
folder, passphrase, request = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]).read_bytes()
with api.open_vault(folder, passphrase):
    from django.conf import settings
    from django.test import Client
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    client, said = Client(), []
    def note(answer):
        said.append([answer.status_code, answer.headers.get("Content-Type", ""), answer.content.decode()])
    def post(body):
        note(client.post("/witness/add-checkpoint", body, content_type="text/plain"))
    digest = hashlib.sha256(b"Ansan").hexdigest()
    note(client.get(f"/witness/{digest}/checkpoint"))
    post(request)
    post(request)
    post(b"nonsense")
    post(b"old 0\\n\\n" + request.split(b"\\n\\n", 1)[1].replace(b"Ansan\\n", b"Nobody\\n"))
    post(b"x" * (1 << 21))
    note(client.get("/witness/add-checkpoint"))
    note(client.get(f"/witness/{digest}/checkpoint"))
    note(client.post(f"/witness/{digest}/checkpoint"))
    for page in ("/witnesses", "/alarms", "/log", "/alarms/1/older"):
        note(client.get(page))
    from django.contrib.auth import get_user_model
    client.force_login(get_user_model().objects.get())
    for page in ("/witnesses", "/alarms", "/log", "/alarms/1/older"):
        note(client.get(page))
    print(json.dumps(said))
"""


def test_over_http_it_is_the_same_with_the_specification_s_statuses(members):
    key = key_of(members, "Busan")
    with opened(members) as vault:
        (members / "request").write_bytes(log_actions.ask_witness(vault, key))
    command = [sys.executable, "-c", HTTP, str(members / "Busan"), PASSPHRASE, str(members / "request")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    statuses = [status for status, _, _ in said]
    assert statuses == [404, 200, 409, 400, 404, 400, 405, 200, 405, 302, 302, 302, 302, 200, 200, 200, 404]
    assert said[1][1] == said[7][1] == "text/plain; charset=utf-8"
    assert said[1][2].startswith("\u2014 Busan ")
    assert said[2][1:] == ["text/x.tlog.size", "7\n"]
    assert said[7][2].endswith(said[1][2])
    assert hashlib.sha256(b"Ansan").hexdigest()
    assert "Ansan" in said[13][2]
