"""Bundles between members carry what each holds of every log: who shows two histories is found out, and how soon."""

import json
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from click.testing import CliRunner
from tests.member_keys import beneath
from tests.releasing import released

from corroborate.custody import Checkpoint, Log, Note, Signer, Tree, leaf_hash, request_for
from corroborate.custody.keys import revoke, rotate
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.exchange import Address, Receipt, read_address, read_bundle, read_receipt, signed, write_bundle
from corroborate.values import Digest
from corroborate_cli.main import group
from corroborate_node.core.desk import owner as at_desk
from corroborate_node.exchange import exchanging
from corroborate_node.log import actions as log_actions
from corroborate_node.log import queries as log_queries

from .test_members_witness import AT, NAMES, made, members, opened, take_in, witness_all  # noqa: F401

pytestmark = pytest.mark.in_a_file  # the folder is copied, or opened again with the keys of an earlier opening

LATER = AT + timedelta(days=1)


@pytest.fixture
def acquainted(members):  # noqa: F811
    """The members, each with everybody's address."""
    notes = {}
    for name in NAMES:
        with opened(members, name) as vault:
            notes[name] = exchanging.address(at_desk(vault, AT))
    for name in NAMES:
        with opened(members, name) as vault:
            for other in NAMES:
                if other != name:
                    exchanging.meet(at_desk(vault, datetime.now(UTC)), notes[other])
    return members


def carried(folder, sender, receiver, at=AT):
    """One bundle: how many alarms it raised where it came."""
    with opened(folder, sender) as vault:
        bundle = exchanging.send(at_desk(vault, at), [receiver], None)
    with opened(folder, receiver) as vault:
        return exchanging.receive(at_desk(vault, at), bundle).alarms


def alarms(folder, name):
    with opened(folder, name):
        return [(kind, about) for kind, about, _ in log_queries.owner_alarms()]


def two_histories(folder, sizes):
    """Ansan shows Busan one history and Chiba another, of these sizes; they part after the tenth entry."""
    witness_all(folder)
    with opened(folder) as vault:
        honest, owner = list(Log.at(vault.log).entries(0, 7)), vault.signer
    good = [*honest, *(bytes([n]) * 32 for n in range(10))]
    bad = [*good[:9], b"told to Chiba alone".ljust(32), *good[10:]]
    for name, entries, size in (("Busan", good, sizes[0]), ("Chiba", bad, sizes[1])):
        tree = Tree([leaf_hash(one) for one in entries[:size]])
        with opened(folder, name) as vault:
            assert (
                log_actions.answer(
                    at_desk(vault, AT), request_for(checkpoint(owner, tree), 7, tree.consistency(7))
                ).status
                == 200
            )
    return owner, good, bad


def checkpoint(owner: Signer, tree: Tree) -> bytes:
    text = Checkpoint(owner.name, tree.size, tree.root()).text()
    return f"{text}\n{owner.line(text)}".encode()


def own_bundle(folder, owner, entries, old, receiver):
    """What Ansan, lying, sends: the newest checkpoint of one of its histories, and the steps that fit it."""
    tree = Tree([leaf_hash(one) for one in entries])
    note = checkpoint(owner, tree)
    with opened(folder) as vault:
        from corroborate_node.log.models import Address as Row

        key = Row.objects.get(origin=receiver).key
        steps = [request_for(note, size, tree.consistency(size)) for size in old]
        bundle = write_bundle({}, vault.signer, [key], LATER, f"bundle_{len(entries):032x}", [note], steps)
    with opened(folder, receiver) as vault:
        return exchanging.receive(at_desk(vault, LATER), bundle).alarms


def test_two_readers_given_two_histories_of_one_size_find_out_at_their_first_bundle(acquainted):
    two_histories(acquainted, (12, 12))
    assert carried(acquainted, "Busan", "Chiba") == 1
    assert alarms(acquainted, "Chiba") == [("split view", "Ansan")]
    # Chiba's next bundle tells everybody else, who needs neither of the two to believe it.
    assert carried(acquainted, "Chiba", "Daegu") == 1
    assert alarms(acquainted, "Daegu") == [("split view", "Ansan")]
    assert carried(acquainted, "Chiba", "Daegu", LATER) == 0  # known already


@pytest.mark.parametrize("sizes", [(12, 14), (14, 12), (11, 17)])
def test_of_two_sizes_the_owner_s_own_bundle_decides_whichever_history_it_shows(acquainted, sizes):
    """Between the two readers nothing is proven: both may be true. The owner has to show how they fit, and cannot."""
    owner, _, bad = two_histories(acquainted, sizes)
    assert carried(acquainted, "Busan", "Chiba") == 0
    assert alarms(acquainted, "Chiba") == []
    # Of the history that Chiba was shown; the step from Busan's size contradicts what Busan was shown.
    assert own_bundle(acquainted, owner, bad, [7, *sizes], "Chiba") == 1
    assert alarms(acquainted, "Chiba") == [("split view", "Ansan")]
    with opened(acquainted, "Chiba"):
        from corroborate_node.log import actions, models

        (row,) = models.Alarm.objects.filter(kind="split view")
        actions.split_view_of(row).check([owner.verifier()])  # a stranger can check it
    # Chiba's next bundle takes the proof along, to a member who knew neither history.
    assert carried(acquainted, "Chiba", "Daegu") == 1
    assert alarms(acquainted, "Daegu") == [("split view", "Ansan")]


def test_an_owner_that_shows_no_step_from_what_was_heard_is_an_open_question(acquainted):
    owner, _, bad = two_histories(acquainted, (12, 14))
    carried(acquainted, "Busan", "Chiba")
    assert own_bundle(acquainted, owner, bad, [7, 14], "Chiba") == 1
    assert alarms(acquainted, "Chiba") == [("open question", "Ansan")]
    more = [*bad, b"9" * 32]
    assert own_bundle(acquainted, owner, more, [7, 14, 17], "Chiba") == 0  # asked already, and not answered


def test_an_honest_log_answers_with_its_next_bundle(acquainted):
    witness_all(acquainted)
    with opened(acquainted) as vault:
        take_in(vault, 5, 40)
    with opened(acquainted) as vault:
        log_actions.checkpoint(at_desk(vault, AT))
        with_step = exchanging.send(at_desk(vault, AT), ["Busan"], None)
        note = log_queries.newest_checkpoint()
    # Busan holds a checkpoint of seven; the bundle shows the step from there, and from all other sizes signed.
    with opened(acquainted, "Busan") as vault:
        assert exchanging.receive(at_desk(vault, AT), with_step).alarms == 0
        assert log_queries.owner_alarms() == []
    # Without the step it is a question; with the next bundle it is answered, and closed.
    with opened(acquainted) as vault:
        from corroborate_node.log.models import Address as Row

        bare = write_bundle({}, vault.signer, [Row.objects.get(origin="Chiba").key], AT, "bundle_" + "1" * 32, [note])
    with opened(acquainted, "Chiba") as vault:
        assert exchanging.receive(at_desk(vault, AT), bare).alarms == 1
        assert [kind for kind, _, _ in log_queries.owner_alarms()] == ["open question"]
    assert carried(acquainted, "Ansan", "Chiba", LATER) == 0
    assert alarms(acquainted, "Chiba") == []


def test_a_size_that_only_others_held_is_answered_once_the_owner_heard_of_it(acquainted):
    """Ansan forgot that it signed at eight (an older copy of its list of checkpoints): Busan's bundle reminds it."""
    witness_all(acquainted)
    with opened(acquainted) as vault:
        take_in(vault, 1, 40)
    witness_all(acquainted)
    with opened(acquainted) as vault:
        take_in(vault, 4, 50)
        log_actions.checkpoint(at_desk(vault, LATER))
        from corroborate_node.log.models import Checkpoint as Signed

        Signed.objects.filter(size=8).delete()
    assert carried(acquainted, "Ansan", "Busan") == 1
    assert alarms(acquainted, "Busan") == [("open question", "Ansan")]
    assert carried(acquainted, "Busan", "Ansan") == 0
    assert carried(acquainted, "Ansan", "Busan", LATER) == 0
    assert alarms(acquainted, "Busan") == []


def test_a_vault_that_is_an_older_copy_of_itself_learns_it_from_a_bundle_and_signs_no_more(acquainted):
    witness_all(acquainted)
    with opened(acquainted) as vault:
        owner, entries = vault.signer, [*Log.at(vault.log).entries(0, 7), b"8" * 32]
    tree = Tree([leaf_hash(one) for one in entries])
    with opened(acquainted, "Busan") as vault:
        assert (
            log_actions.answer(at_desk(vault, AT), request_for(checkpoint(owner, tree), 7, tree.consistency(7))).status
            == 200
        )
    assert carried(acquainted, "Busan", "Ansan") == 1
    with opened(acquainted) as vault:
        assert [kind for kind, _, _ in log_queries.owner_alarms()] == ["own log"]
        with pytest.raises(NotAllowed, match="signs nothing"):
            log_actions.checkpoint(at_desk(vault, LATER))


def test_by_command_files_go_and_come_with_a_receipt(members):  # noqa: F811
    secret = ["--passphrase-file", str(members / "secret")]
    stick = members / "stick"
    stick.mkdir()

    def run(*arguments, name="Ansan", code=0):
        done = CliRunner().invoke(group, ["exchange", *map(str, arguments), "--vault", str(members / name), *secret])
        assert done.exit_code == code, (arguments, done.output, done.exception)
        return done.output

    for name in ("Ansan", "Busan"):
        run("address", "--out", stick / name, name=name)
    run("meet", stick / "Busan")
    run("meet", stick / "Ansan", name="Busan")
    with opened(members) as vault:
        number = released(vault, datetime.now(UTC).replace(microsecond=0), audience="coalition", title="words")
    assert "bundle.age: 1 file for Busan" in run("send", stick / "bundle.age", "--release", number, "--to", "Busan",
                                                   "--yes")  # fmt: skip
    assert b"words" not in (stick / "bundle.age").read_bytes()
    assert "kept as it came in the vault's inbox" in run("receive", stick / "bundle.age", name="Busan")
    kept = list((members / "Busan" / "inbox").iterdir())
    assert [one.read_bytes() for one in kept] == [(stick / "bundle.age").read_bytes()]
    told = json.loads(run("receive", kept[0], "--into", stick / "came", "--receipt", stick / "receipt", "--json",
                          name="Busan"))  # fmt: skip
    assert (told["from"], told["files"], told["alarms"]) == ("Ansan", ["release.json"], 0)
    assert b"words" in (stick / "came" / "release.json").read_bytes()
    assert f"Busan received {told['bundle']}" in run("received", stick / "receipt")
    run("send", stick / "bundle.age", "--to", "Busan", "--yes", code=1)  # never over another
    run("receive", stick / "bundle.age", "--into", stick / "came", name="Busan", code=1)
    run("send", stick / "other.age", "--to", "Chiba", "--yes", code=1)  # no address
    run("receive", stick / "bundle.age", name="Ansan", code=1)  # not meant for it
    (stick / "receipt").write_bytes(b"nothing")
    run("received", stick / "receipt", code=1)


# The notes beside bundles


KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
ONE, OTHER = Signer("one", bytes([1]) * 32), Signer("other", bytes([2]) * 32)
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def test_an_address_is_believed_from_its_own_log_alone():
    note = signed(Address("one", KEY, WHEN), ONE)
    assert read_address(note, {"one": ONE.verifier()}) == Address("one", KEY, WHEN)
    with pytest.raises(NotVerified, match="not enrolled"):
        read_address(note, {"other": OTHER.verifier()})
    with pytest.raises(NotVerified, match="has not signed"):
        read_address(note, {"one": Signer("one", bytes([3]) * 32).verifier()})
    with pytest.raises(InvalidValue, match="gives no address"):
        signed(Address("one", KEY, WHEN), OTHER)
    for wrong in ("age1", KEY[:-1] + "q", "ssh-ed25519 x"):
        with pytest.raises(InvalidValue):
            Address("one", wrong, WHEN)
    for wrong in ("", "a b", "a\nb"):
        with pytest.raises(InvalidValue):
            Address(wrong, KEY, WHEN)


def test_an_older_address_does_not_replace_a_newer_one(members):  # noqa: F811
    with opened(members, "Busan") as vault:
        busan = vault.signer
    with opened(members) as vault:
        exchanging.meet(at_desk(vault, datetime.now(UTC)), signed(Address("Busan", KEY, LATER), busan))
        with pytest.raises(NotAllowed, match="a newer address"):
            exchanging.meet(at_desk(vault, datetime.now(UTC)), signed(Address("Busan", KEY, AT), busan))


def test_a_receipt_is_one_member_s_word_about_these_bytes(acquainted):
    receipt = Receipt("bundle_" + "0" * 32, Digest.of(b"x"), WHEN)
    assert read_receipt(signed(receipt, ONE), {"one": ONE.verifier()}) == ("one", receipt)
    with pytest.raises(NotVerified, match="exactly one member"):
        read_receipt(signed(receipt, ONE), {"other": OTHER.verifier()})
    with opened(acquainted) as vault:
        bundle = exchanging.send(at_desk(vault, AT), ["Busan"], None)
    with opened(acquainted, "Busan") as vault:
        good = exchanging.receive(at_desk(vault, AT), bundle)
        other = signed(Receipt(good.bundle.id, Digest.of(b"other bytes"), AT), vault.signer)
    with opened(acquainted, "Chiba") as vault:
        from_another = signed(Receipt(good.bundle.id, Digest.of(bundle), AT), vault.signer)
    with opened(acquainted) as vault:
        for wrong in (other, from_another):
            with pytest.raises(NotVerified, match="no bundle"):
                exchanging.take_receipt(at_desk(vault, datetime.now(UTC)), wrong)
        assert exchanging.take_receipt(at_desk(vault, datetime.now(UTC)), good.receipt)[0] == "Busan"


def test_steps_travel_in_the_signed_manifest_like_everything_else():
    ours = pyrage.x25519.Identity.generate()
    bundle = write_bundle({"a": b"1"}, ONE, [str(ours.to_public())], WHEN, "bundle_" + "0" * 32, [b"n"], [b"s", b"t"])
    found = read_bundle(bundle, str(ours), [ONE.verifier()])
    assert (dict(found.files), found.checkpoints, found.steps) == ({"a": b"1"}, (b"n",), (b"s", b"t"))


def another_key(folder, change):
    """A new key of Ansan's that everybody but Ansan follows; its vault keeps the old."""
    for each in NAMES[1:]:
        with opened(folder, each) as vault:
            log_actions.change_key(at_desk(vault, LATER), change)


def revoked(folder, cut_off, at=LATER):
    with opened(folder) as vault:
        old = vault.signer
    new = Signer("Ansan", bytes([77]) * 32)
    note = revoke(old.verifier(), new, cut_off, at)
    for name in ("Busan", "Chiba"):
        with opened(folder, name) as vault:
            note = beneath(note, vault.signer)
    another_key(folder, note)
    return old, new


def heard(folder, name, notes, by="Chiba"):
    with opened(folder, name) as vault:
        return log_actions.hear(at_desk(vault, LATER + timedelta(hours=1)), notes, by)


def grown(size, mark=b"\0"):
    return Tree([leaf_hash(mark * 32)] * size)


@pytest.mark.parametrize("size", [5000, 8])
def test_who_has_a_revoked_key_makes_nobody_sign_two_histories(acquainted, size):
    """Over the cut-off and within it: nobody had cosigned it while the key stood."""
    old, new = revoked(acquainted, 10)
    owners, forged = checkpoint(new, grown(size)), checkpoint(old, grown(size, b"\1"))
    for notes in ([owners, forged], [forged, owners]):
        assert heard(acquainted, "Daegu", notes) == 0
    with opened(acquainted, "Daegu") as vault:
        assert exchanging.hear_steps(at_desk(vault, LATER), [request_for(forged, 7, [])], [forged], "Ansan") == 0
    assert alarms(acquainted, "Daegu") == []


def test_who_kept_a_key_that_was_replaced_by_plan_signs_nothing_after_its_cut_off(acquainted):
    with opened(acquainted) as vault:
        old = vault.signer
    new = Signer("Ansan", bytes([77]) * 32)
    another_key(acquainted, rotate(old, new, 10, LATER))
    owners, forged = checkpoint(new, grown(50)), checkpoint(old, grown(50, b"\1"))
    assert heard(acquainted, "Daegu", [owners, forged]) == 0
    # up to it the key was its owner's, and two histories under it are two histories
    assert heard(acquainted, "Daegu", [checkpoint(old, grown(9)), checkpoint(old, grown(9, b"\1"))]) == 1


def test_two_histories_of_a_key_s_own_time_are_proof_whatever_becomes_of_it(acquainted):
    """A liar that lets its key be revoked afterwards is not rid of what a quorum saw, and another member before."""
    owner, good, _ = two_histories(acquainted, (12, 12))
    tree = Tree([leaf_hash(one) for one in good[:12]])
    note = checkpoint(owner, tree)
    with opened(acquainted, "Daegu") as vault:
        told = log_actions.answer(at_desk(vault, AT), request_for(note, 7, tree.consistency(7)))
    with opened(acquainted, "Busan") as vault:
        note += vault.signer.cosignature_line(Note.parse(note).text, AT).encode()
    revoked(acquainted, 12)
    assert heard(acquainted, "Chiba", [note], "Busan") == 0  # one member alone may have been the thief's
    assert heard(acquainted, "Chiba", [note + told.body], "Busan") == 1
    assert alarms(acquainted, "Chiba") == [("split view", "Ansan")]


def test_a_planned_change_does_not_take_back_what_was_cosigned(acquainted):
    """Whoever showed two histories would be rid of both, by a cut-off before them."""
    owner, _, _ = two_histories(acquainted, (12, 14))
    change = rotate(owner, Signer("Ansan", bytes([77]) * 32), 9, LATER)
    for name in ("Busan", "Chiba"):
        with opened(acquainted, name) as vault, pytest.raises(NotVerified, match="were cosigned here"):
            log_actions.change_key(at_desk(vault, LATER), change)
    assert carried(acquainted, "Busan", "Chiba") == 0


def test_a_witness_whose_key_was_rotated_counts_on_and_one_whose_key_was_revoked_does_not(members):  # noqa: F811
    """In the policy that others make of their members: both keys of one voice are one group."""
    with opened(members, "Busan") as vault:
        old = vault.signer
    before = witness_all(members)
    new = Signer("Busan", bytes([44]) * 32)
    with opened(members) as vault:
        log_actions.change_key(at_desk(vault, AT), rotate(old, new, 0, AT))
        text = Note.parse(log_queries.newest_checkpoint()).text
        lines = new.cosignature_line(text, AT).encode()
        log_actions.take_answer(at_desk(vault, AT), lines)
        policy = log_queries.policy(vault)
        assert policy.asked == "2 of 3"  # three organisations still, of which one has two keys
        assert len(policy.check(before).times) == 3
        assert len(policy.check(log_queries.newest_checkpoint()).times) == 4
        third = Signer("Busan", bytes([45]) * 32)
        note = revoke(new.verifier(), third, 0, AT)
    for name in ("Chiba", "Daegu"):
        with opened(members, name) as vault:
            note = beneath(note, vault.signer)
    with opened(members) as vault:
        log_actions.change_key(at_desk(vault, AT), note)
        keys = {key.public for key in log_queries.policy(vault).witnesses.values()}
        assert third.verifier().public in keys
        assert new.verifier().public not in keys
