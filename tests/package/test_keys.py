"""A log's keys over time, as a package carries them: what a key that was given up is still worth, and to whom.

``KeyHistory.check`` of the library and the verifier that stands alone are two implementations; they must agree.
"""

import itertools
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.member_keys import beneath
from tests.releasing import packed as out_of

from corroborate.custody import COSIGNATURE_V1, Checkpoint, Policy, SealedChange, Signer, leaf_hash, seal
from corroborate.custody.enrolment import Enrolment, countersign, fingerprint_words, propose
from corroborate.custody.keys import KeyHistory, revoke, rotate
from corroborate.custody.merkle import Tree
from corroborate.custody.notes import Note
from corroborate.custody.statements import signed
from corroborate.custody.verify import report, verify
from corroborate.errors import CorroborateError
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import queries as log_queries

from .test_packing import PASSPHRASE, filled

DAY = timedelta(days=1)
SALT = b"k" * 32
NOTE, PROOF = "data/keys/change-001.note", "data/keys/change-001.tlog-proof"


class World:
    """A log of six entries whose key changes at three: entries 0 to 2 are records, 3 is the change, then two more."""

    def __init__(self, coalition, why="revocation", at=None, size=3):
        self.coalition, self.why = coalition, why
        self.old, self.new = coalition.OWNER, Signer(coalition.OWNER.name, bytes([90]) * 32)
        self.at = at or coalition.WHEN
        self.change = self.note(size)
        self.log = coalition.Log([coalition.record(n) for n in range(1, 6)], owner=self.old)
        self.log.seals.insert(3, seal(self.change, SALT))
        self.log.records.insert(3, self.change)
        self.log.salts.insert(3, SALT)
        self.log.tree = Tree([leaf_hash(one.entry) for one in self.log.seals])
        self.sealed = SealedChange(self.change, 3, SALT)

    def note(self, size, new=None, signers=None):
        new = new or self.new
        if self.why == "rotation":
            return rotate(self.old, new, size, self.at)
        note = revoke(self.old.verifier(), new, size, self.at)
        for one in (self.coalition.FIRST, self.coalition.SECOND) if signers is None else signers:
            note = beneath(note, one)
        return note

    def checkpoint(self, size, owner, at, tree=None):
        tree = tree or self.log.tree
        text = Checkpoint(owner.name, size, tree.root(size)).text()
        lines = [one.cosignature_line(text, at) for one in (self.coalition.FIRST, self.coalition.SECOND)]
        return (text + "\n" + owner.line(text) + "".join(lines)).encode()

    def policy(self, earlier=True, quorum=2):
        keys = {one.name[0]: one.verifier(COSIGNATURE_V1) for one in (self.coalition.FIRST, self.coalition.SECOND)}
        return Policy(self.new.verifier(), keys, quorum, earlier=(self.old.verifier(),) if earlier else ())

    def files(self, size, owner, at, keys=None, policy=None, only=range(3)):
        items = [one for one in self._items() if one.index in only and one.index < size]
        self.log.owner = self.new
        return self.coalition.make(
            self.log, items=items, note=self.checkpoint(size, owner, at), policy=policy or self.policy(), earlier=[],
            keys=[self.sealed] if keys is None else keys,
        )  # fmt: skip

    def _items(self):
        kept = self.log.records
        self.log.records = [one for at, one in enumerate(kept) if at != 3]
        seals, self.log.seals = self.log.seals, [one for at, one in enumerate(self.log.seals) if at != 3]
        items = list(self.log.items())
        self.log.records, self.log.seals = kept, seals
        return [replace(one, index=one.index + (one.index >= 3)) for one in items]


@pytest.fixture(scope="module")
def world(coalition):
    return World(coalition)


def refused(result, *words):
    assert result["verdict"] == "invalid", result
    assert all(word in "\n".join(result["failures"]) for word in words), result["failures"]


def lacking(result, *words):
    assert result["verdict"] == "incomplete", result
    assert all(word in "\n".join(result["failures"]) for word in words), result["failures"]


@pytest.mark.parametrize("why", ["revocation", "rotation"])
def test_entries_before_the_cut_off_stay_valid_under_the_old_key(coalition, why):
    world = World(coalition, why)
    before = coalition.judge(world.files(3, world.old, world.at - DAY))
    assert before["verdict"] == "valid", before
    assert before["checked"]["keys"] == [{"why": why, "size": 3, "at": world.at.isoformat(), "proven": False}]
    after = coalition.judge(world.files(6, world.new, world.at + DAY, only=range(6)))
    assert after["verdict"] == "valid", after
    assert after["checked"]["items"] == 5
    assert after["checked"]["keys"][0]["proven"]
    assert f"key changed by {why} after 3 entries" in report(after)


def test_a_checkpoint_signed_with_a_key_that_was_given_up_is_refused(coalition):
    for why, size, at, word in (
        ("revocation", 4, -DAY, "replaced at 3 entries; this checkpoint has 4"),
        ("rotation", 6, -DAY, "replaced at 3 entries; this checkpoint has 6"),
        ("revocation", 3, DAY, "revoked, and no quorum had cosigned before"),
        ("revocation", 3, timedelta(), "revoked, and no quorum had cosigned before"),
        ("revocation", 2, DAY, "revoked, and no quorum had cosigned before"),
    ):
        world = World(coalition, why)
        refused(coalition.judge(world.files(size, world.old, world.at + at)), word)
    world = World(coalition, "rotation")
    assert coalition.judge(world.files(3, world.old, world.at + DAY))["verdict"] == "valid"  # nobody stole anything


def test_a_thief_s_other_past_of_the_same_size_is_refused_by_the_time_of_its_cosignatures(coalition, world):
    """With the stolen key: another record, the same number of entries, and witnesses who never saw this log."""
    forged = coalition.Log([coalition.record(n) for n in (7, 8, 9)], owner=world.old, at=world.at + DAY)
    forged.owner = world.new
    note = world.checkpoint(3, world.old, world.at + DAY, forged.tree)
    files = coalition.make(forged, note=note, policy=world.policy(), earlier=[], withheld=(), keys=[world.sealed])
    refused(coalition.judge(files), "revoked, and no quorum")


def test_who_leaves_the_changes_out_does_not_get_a_valid(coalition, world):
    """A thief packs with the old key, and forgets to mention that it was revoked."""
    files = world.files(6, world.old, world.at + DAY, keys=[])
    lacking(coalition.judge(files), "does not say until when an earlier key")
    lacking(coalition.judge(coalition.remake(files, world.old)), "does not say until when an earlier key")
    outside = Policy(world.new.verifier(), world.policy().witnesses, 2).text().encode()
    refused(coalition.judge(files, outside), "has not signed the checkpoint")


def given_(coalition, files, *notes, policy=None):
    return verify(coalition.plain_zip(files), policy or coalition.elsewhere(files), keys=notes)


def test_a_reader_who_holds_the_revocation_is_not_told_valid_by_the_old_key(coalition, world):
    """The package is of the time before, with a policy that knows the old key only; the reader knows better."""
    own = Policy(world.old.verifier(), world.policy().witnesses, 2)
    log = coalition.Log([coalition.record(n) for n in (1, 2, 3, 4)], owner=world.old, at=world.at + DAY)
    stolen = coalition.make(log, policy=own, withheld=())
    assert coalition.judge(stolen)["verdict"] == "valid"
    refused(given_(coalition, stolen, world.change), "replaced at 3 entries")
    honest = coalition.Log([coalition.record(n) for n in (1, 2, 3)], owner=world.old, at=world.at - DAY)
    old = coalition.make(honest, policy=own, withheld=())
    lacking(given_(coalition, old, world.change), "signature.note: the key that signed was revoked")
    rotation = World(coalition, "rotation")
    assert given_(coalition, old, rotation.change)["verdict"] == "valid"
    lacking(given_(coalition, old, _foreign(coalition)), "a change of key that was given is of no log in this package")
    refused(given_(coalition, old, world.change, rotation.change), "another heir or another end")
    refused(given_(coalition, old, b"no note"), "a change of key that was given")


def _foreign(coalition):
    other = Signer(coalition.STRANGER.name, bytes([91]) * 32)
    return rotate(coalition.STRANGER, other, 1, coalition.WHEN)


def test_a_package_signed_with_a_revoked_key_proves_its_items_and_vouches_for_nothing_else(coalition, world):
    files = coalition.remake(world.files(3, world.old, world.at - DAY), world.old)
    result = coalition.judge(files)
    lacking(result, "signature.note", "signed anew")
    assert result["checked"]["items"] == 3


@pytest.mark.parametrize("signers", [(), ("FIRST",), ("FIRST", "STRANGER"), ("OWNER",), ("FIRST", "OWNER")])
def test_a_revocation_that_two_others_did_not_sign_is_refused(coalition, world, signers):
    note = world.note(6, signers=[getattr(coalition, name) for name in signers])
    files = world.files(3, world.old, world.at - DAY, keys=[SealedChange(note, 3, SALT)])
    refused(coalition.judge(files), NOTE, "have signed this revocation; it takes 2")


def test_two_seats_of_one_voice_are_one_countersigner(coalition, world):
    witnesses = {one.name[0]: one.verifier(COSIGNATURE_V1) for one in (coalition.FIRST, coalition.SECOND)}
    witnesses["d"] = coalition.STRANGER.verifier(COSIGNATURE_V1)
    head = "".join(f"witness {name} {key}\n" for name, key in witnesses.items())
    logs = f"log {world.new.verifier()}\nlog {world.old.verifier()}\n"
    policy = Policy.parse(f"{logs}{head}group one any b c\ngroup all 1 one d\nquorum all\n")
    files = world.files(3, world.old, world.at - DAY, policy=policy)
    refused(coalition.judge(files), "1 other organisations have signed")


def test_a_policy_that_knows_too_few_witnesses_to_judge_a_revocation_says_so(coalition, world):
    alone = Policy(world.new.verifier(), {}, 0, earlier=(world.old.verifier(),))
    files = world.files(6, world.new, world.at + DAY, policy=alone)
    lacking(coalition.judge(files, alone.text().encode()), "knows no two organisations")
    files = world.files(6, world.old, world.at - DAY, policy=alone)
    refused(coalition.judge(files, alone.text().encode()), "replaced at 3")


def test_a_later_cut_off_or_another_heir_than_was_signed_is_refused(coalition, world):
    files = world.files(4, world.old, world.at - DAY)
    for change, word in (
        ((b"size 3", b"size 6"), "does not hold"), ((b"why revocation", b"why rotation"), "does not hold"),
        ((b"size 3", b"size 03"), "no change of a log's key"), ((b"at 2014", b"at 9999"), "does not hold"),
        ((b"at 2014-02", b"at 2014-13"), "no time in any calendar"), ((b"v1\n", b"v2\n"), "no change of a log's"),
    ):  # fmt: skip
        changed = {**files, NOTE: files[NOTE].replace(*change)}
        refused(coalition.judge(coalition.remake(changed, world.new)), NOTE, word)
    thief = Signer(world.old.name, bytes([77]) * 32)
    heir = rotate(world.old, thief, 6, world.at)
    refused(coalition.judge(coalition.remake({**files, NOTE: heir}, world.new)), "that the policy does not know")
    half = signed(Note.parse(world.note(6)).text.replace("revocation", "rotation"), world.new)
    refused(coalition.judge(coalition.remake({**files, NOTE: half}, world.new)), "not signed by the keys")
    alone = signed(Note.parse(world.change).text, coalition.FIRST, coalition.SECOND)
    refused(coalition.judge(coalition.remake({**files, NOTE: alone}, world.new)), "not signed by the keys")


def test_a_change_to_the_same_key_or_to_one_that_signs_no_log_is_refused(coalition, world):
    files = world.files(4, world.old, world.at - DAY)
    text = Note.parse(world.change).text
    old, new = str(world.old.verifier()), str(world.new.verifier())
    for change, word in (
        ((new, old), "takes another key"),
        ((new, str(coalition.FIRST.verifier())), "takes another key"),
        ((new, str(world.new.verifier(COSIGNATURE_V1))), "signs no log"),
    ):
        note = signed(text.replace(*change), world.new, coalition.FIRST, coalition.SECOND)
        refused(coalition.judge(coalition.remake({**files, NOTE: note}, world.new)), NOTE, word)


def test_a_change_that_the_log_does_not_hold_is_named(coalition, world):
    files = world.files(6, world.new, world.at + DAY)
    bare = {name: content for name, content in files.items() if name != PROOF}
    lacking(coalition.judge(coalition.remake(bare, world.new)), PROOF, "nothing shows that the log holds")
    other = {**files, NOTE: world.note(4)}
    refused(coalition.judge(coalition.remake(other, world.new)), NOTE, "the log does not hold this change")
    for proof, word in (
        (files[PROOF].replace(b"index 3", b"index 2"), "does not hold this change"),
        (files[PROOF].replace(b"index 3", b"index 9"), "no entry 9"),
        (files["data/proofs/" + next(n for n in files if n.startswith("data/proofs"))[12:]], "does not hold this"),
        (files[PROOF].replace(b"extra ", b"other "), "names no index"),
        (b"nothing", "unknown form"),
    ):
        refused(coalition.judge(coalition.remake({**files, PROOF: proof}, world.new)), "data/keys/change-001", word)
    flipped = {**files, PROOF: files[PROOF].replace(b"index 3", b"index 2")}
    refused(coalition.judge(flipped), PROOF, "changed")


def test_what_else_lies_among_the_keys_is_named(coalition, world):
    files = {**world.files(6, world.new, world.at + DAY), "data/keys/confession.txt": b"never sealed"}
    refused(
        coalition.judge(coalition.remake(files, world.new)), "data/keys/confession.txt: there, and not in the index"
    )


def test_a_checkpoint_under_a_revoked_key_proves_nothing_against_the_log(coalition, world):
    """The thief shows the reader another history, to make the honest log look like a liar."""
    forged = coalition.Log([coalition.record(n) for n in (7, 8, 9, 10, 11, 12)], owner=world.old)
    files = world.files(6, world.new, world.at + DAY)
    note = world.checkpoint(6, world.old, world.at + DAY, forged.tree)
    result = coalition.judge(files, checkpoints=[note])
    refused(result, "the checkpoint that was given: the key that signed was replaced at 3")
    honest = world.checkpoint(6, world.new, world.at + DAY)
    assert coalition.judge(files, checkpoints=[honest])["verdict"] == "valid"


# Two changes, one after the other; and the library's verdict beside the verifier's.


def signer(number):
    return Signer("a.example/log", bytes([100 + number]) * 32)


def history(coalition, changes):
    """The library's history, and the notes, of changes (why, size, day), each from key n to key n + 1."""
    roster = [Enrolment(one.name, one.name, one.verifier(), coalition.WHEN)
              for one in (coalition.FIRST, coalition.SECOND)]  # fmt: skip
    found, notes = KeyHistory(signer(0).verifier()), []
    for at, (why, size, day) in enumerate(changes):
        old, new, when = signer(at), signer(at + 1), coalition.WHEN + day * DAY
        note = rotate(old, new, size, when) if why == "rotation" else revoke(old.verifier(), new, size, when)
        if why == "revocation":
            note = beneath(beneath(note, coalition.FIRST), coalition.SECOND)
        found, notes = found.after(note, roster, "owner"), [*notes, note]
    return found, notes


CHANGES = st.lists(
    st.tuples(st.sampled_from(["rotation", "revocation"]), st.integers(0, 5), st.integers(0, 4)), max_size=3
).map(
    lambda found: [(why, size, day) for (why, _, day), size in zip(found, sorted(s for _, s, _ in found), strict=True)]
)


@settings(max_examples=60, deadline=None)
@given(changes=CHANGES, size=st.integers(1, 5), by=st.integers(0, 3), day=st.integers(-1, 5), quorum=st.integers(1, 2))
def test_library_and_verifier_judge_every_key_alike(coalition, changes, size, by, day, quorum):
    found, notes = history(coalition, changes)
    owner, newest = signer(min(by, len(changes))), signer(len(changes))
    log = coalition.Log([coalition.record(n) for n in range(1, 6)], owner=newest)
    witnesses = {one.name[0]: one.verifier(COSIGNATURE_V1) for one in (coalition.FIRST, coalition.SECOND)}
    policy = Policy(found.newest, witnesses, quorum, earlier=found.keys[1:])
    text = Checkpoint(owner.name, size, log.tree.root(size)).text()
    lines = [one.cosignature_line(text, coalition.WHEN + day * DAY) for one in (coalition.FIRST, coalition.SECOND)]
    note = (text + "\n" + owner.line(text) + "".join(lines)).encode()
    items = [one for one in log.items() if one.index < size]
    # The notes are not sealed in this log, so that "incomplete" stands for "counts, and is not shown to be sealed".
    keys = [SealedChange(one, 99, SALT) for one in notes]
    verdict = coalition.judge(coalition.make(log, items=items, note=note, policy=policy, earlier=[], keys=keys))
    try:
        found.check(note, policy)
    except CorroborateError as error:
        assert verdict["verdict"] == "invalid", (verdict, error)
    else:
        assert verdict["verdict"] in ("valid", "incomplete"), verdict
        assert all("nothing shows that the log holds" in failure for failure in verdict["failures"]), verdict


def test_of_two_changes_each_ends_its_own_key_and_they_cannot_be_shuffled(coalition):
    found, notes = history(coalition, [("rotation", 2, 0), ("revocation", 4, 1)])
    log = coalition.Log([coalition.record(n) for n in range(1, 6)], owner=signer(2))
    witnesses = {one.name[0]: one.verifier(COSIGNATURE_V1) for one in (coalition.FIRST, coalition.SECOND)}
    policy = Policy(found.newest, witnesses, 2, earlier=found.keys[1:])

    def judged(*shown, by=2):
        note = log.checkpoint().replace(signer(2).line(_text(log)).encode(), signer(by).line(_text(log)).encode())
        keys = [SealedChange(one, 99, SALT) for one in shown]
        return coalition.judge(coalition.make(log, note=note, policy=policy, earlier=[], withheld=(), keys=keys))

    for order in itertools.permutations(notes):
        lacking(judged(*order), "nothing shows that the log holds")
    lacking(judged(notes[1]), "nothing shows")
    refused(judged(*notes, by=0), "replaced at 2")
    refused(judged(*notes, by=1), "replaced at 4")
    # The first change alone leads to a key of which nothing says how long it counted.
    lacking(judged(notes[0]), "does not say until when an earlier key")
    earlier = rotate(signer(1), signer(2), 1, coalition.WHEN)  # its cut-off lies before that of the change before it
    refused(judged(notes[0], earlier), "contradict one another")
    back = rotate(signer(1), signer(0), 4, coalition.WHEN)
    refused(judged(notes[0], back), "contradict one another")
    refused(judged(*notes, rotate(signer(0), signer(2), 3, coalition.WHEN)), "another heir")


# A whole vault: its key changes, and what it packs afterwards.


@pytest.mark.parametrize("why", ["rotation", "revocation"])
def test_what_a_vault_packs_before_and_after_its_key_changed_holds(tmp_path, why):
    folder, peers = tmp_path / "vault", [Signer(name, bytes([60 + n]) * 32) for n, name in enumerate("xyz")]
    filled(folder)
    day = datetime(2026, 3, 1, tzinfo=UTC)

    def cosigned(vault, at):
        text = Note.parse(log_actions.checkpoint(owner(vault, at))).text
        lines = [one.cosignature_line(text, at) for one in peers]
        log_actions.add_cosignatures(owner(vault, datetime.now(UTC)), lines, [one.verifier() for one in peers])

    def packed(name, at):
        with api.open_vault(folder, PASSPHRASE) as vault:
            out_of(vault, tmp_path / name, at=at, on=at.date(), audience="public", policy=log_queries.policy(vault))
            return verify(tmp_path / name, log_queries.policy(vault).text().encode())

    with api.open_vault(folder, PASSPHRASE) as vault:
        for one in (vault.signer, *peers):
            note = propose(Enrolment(one.name, one.name, one.verifier(), day), one)
            for other in (vault.signer, *peers):
                if other != one:
                    note = countersign(note, other, " ".join(fingerprint_words(one.verifier())))
            log_actions.admit(owner(vault, day), note)
        cosigned(vault, day)
        old = vault.signer
        if why == "rotation":
            change = log_actions.rotate_key(owner(vault, day + DAY), PASSPHRASE)
        else:
            change = log_actions.revoke_key(owner(vault, day + DAY), PASSPHRASE)
            for one in peers[:2]:
                change = beneath(change, one)
            log_actions.change_key(owner(vault, day + DAY), change)
    under_the_old = packed("before", day + 2 * DAY)  # the newest checkpoint is still of the old key
    assert under_the_old["verdict"] == "valid", under_the_old
    with api.open_vault(folder, PASSPHRASE) as vault:
        assert vault.signer != old
        cosigned(vault, day + 3 * DAY)
    result = packed("after", day + 3 * DAY)
    assert result["verdict"] == "valid", result
    assert [(one["why"], one["proven"]) for one in result["checked"]["keys"]] == [(why, True)]
    (tmp_path / "change").write_bytes(change)
    command = ["verify", str(tmp_path / "after"), "--keys", str(tmp_path / "change"), "--json"]
    policy = tmp_path / "after" / "data" / "policy.txt"
    command += ["--policy", str(policy)]
    done = CliRunner().invoke(group, command)
    assert json.loads(done.output) == verify(tmp_path / "after", policy.read_bytes(), keys=[change])
    alone = subprocess.run(
        [sys.executable, "-I", tmp_path / "after" / "verify.py", tmp_path / "after", *command[2:]],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (alone.returncode, json.loads(alone.stdout)) == (0, json.loads(done.output))


def _text(log):
    return Note.parse(log.checkpoint()).text
