"""A signing key changes while an agreement runs: planned, the agreement goes on; stolen or revoked, it ends.

What a replaced key signed is taken in where the key of now stands beside it, whatever day it bears.
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.private.conftest import AT, DAY, Chance, identifier, terms
from tests.private.test_trips import OURS, THEIRS, encoded

from corroborate.custody import Signer
from corroborate.custody.keys import KeyHistory, revoke, rotate
from corroborate.errors import CorroborateError, NotAllowed, NotVerified
from corroborate.linkage import private
from corroborate.values import Digest

NAMES = ("one", "other", "unit")
STAGES = ("offer", "accept", "countersign", "encode", "match", "decide", "learn")


class World:
    """Three nodes, each with a root and a signing key; everybody hears of every change of key."""

    def __init__(self):
        self.root = {name: bytes([number]) * 32 for number, name in enumerate(NAMES, 11)}
        self.signer = {name: Signer(name, bytes([number]) * 32) for number, name in enumerate(NAMES, 1)}
        self.histories = {name: KeyHistory(one.verifier()) for name, one in self.signer.items()}
        self.changes = 0

    def node(self, name):
        return private.Node(self.signer[name], self.root[name], dict(self.histories))

    def key(self, name):
        return self.histories[name].first

    def new(self, name):
        self.changes += 1
        return Signer(name, bytes([100 + self.changes]) * 32)

    def rotate(self, name, at=AT):
        new = self.new(name)
        self.histories[name] = self.histories[name].replayed(rotate(self.signer[name], new, 0, at))
        self.signer[name] = new

    def revoke(self, name):
        new = self.new(name)
        self.histories[name] = self.histories[name].replayed(revoke(self.signer[name].verifier(), new, 0, AT))
        self.signer[name] = new


class Again:
    """What was made, by whom, under which key: signed again by its maker where that key has changed since."""

    def __init__(self, world, signing):
        self.world, self.signing, self.made, self.by = world, signing, {}, {}

    def keep(self, what, name, content):
        self.made[what], self.by[what] = content, (name, self.world.signer[name])

    def get(self, what):
        name, then = self.by[what]
        if self.signing and self.world.signer[name] != then:
            node, content = self.world.node(name), self.made[what]
            again = private.sign_again if content.startswith(private.AGREEMENT) else None
            self.keep(what, name, again(content, node) if again else private.signed_again(content, node.signer))
        return self.made[what]


def linked(world, between, signing=True):
    """The whole way of two encodings; ``between``: what happens before each stage. What ``one`` learns, by row."""
    made, sent = {}, Again(world, signing)
    for number, stage in enumerate(STAGES):
        between.get(stage, lambda: None)()
        one, other, unit = map(world.node, NAMES)
        at = AT + timedelta(minutes=number)
        if stage == "offer":
            made["unit"] = private.card(unit)
            sent.keep("offer", "one", private.offer(terms(unit=made["unit"]), one))
        elif stage == "accept":
            if private.card(unit) != made["unit"]:  # nothing is agreed yet: a new offer, with the card of now
                with pytest.raises(NotVerified, match="names a key that it has replaced"):
                    private.accept(sent.get("offer"), world.key("one"), other, DAY)
                sent.keep("offer", "one", private.offer(terms(unit=private.card(unit)), one))
            sent.keep("half", "other", private.accept(sent.get("offer"), world.key("one"), other, DAY))
        elif stage == "countersign":
            made["note"] = private.countersign(sent.get("half"), world.key("other"), sent.get("offer"), one, DAY)
        elif stage == "encode":
            for name, side, people, seed in (("one", one, OURS, 1), ("other", other, THEIRS, 2)):
                agreed = private.agreed(made["note"], side, DAY)
                made[seed] = encoded(people, agreed, side.signer, seed, seed)
                sent.keep(seed, name, made[seed][0])
        elif stage == "match":
            made["found"] = private.match_files(
                made["note"], [sent.get(2), sent.get(1)], unit, at, identifier("run"), Chance(3)
            )
            for number in (0, 1):
                sent.keep(f"result {number}", "unit", made["found"].results[number])
        elif stage == "decide":
            agreed = private.agreed(made["note"], other, DAY)
            run, handed = private.read_handed(sent.get("result 1"), agreed, Digest.of(made[2][0]), len(made[2][1]))
            decided = [None if row is None else private.Shown("held") for row in made[2][1]]
            answer = private.reveal_file(
                handed, run, decided, agreed, other.signer, at, identifier("reveal"), Chance(4)
            )
            sent.keep("answer", "other", answer)
        else:
            agreed = private.agreed(made["note"], one, DAY)
            run, handed = private.read_handed(sent.get("result 0"), agreed, Digest.of(made[1][0]), len(made[1][1]))
            _, found = private.read_learnt(sent.get("answer"), handed, run, agreed)
    return {made[1][1][row.row] for row in found}


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STAGES), st.sampled_from(NAMES)), max_size=4, unique=True))
def test_no_planned_change_of_anybodys_key_at_any_stage_ends_an_agreement(changes):
    world = World()
    between = {}
    for stage, name in changes:
        before, at = between.get(stage, lambda: None), AT + timedelta(minutes=STAGES.index(stage))
        between[stage] = lambda before=before, name=name, at=at: (before(), world.rotate(name, at))
    assert linked(world, between) == {0, 2}


@pytest.mark.parametrize(
    ("stage", "name"),
    [("accept", "one"), ("accept", "unit"), ("countersign", "other"), ("encode", "one"), ("match", "unit"),
     ("match", "other"), ("decide", "unit"), ("learn", "one"), ("learn", "other")],
)  # fmt: skip
def test_a_revoked_key_ends_it_at_any_stage_for_whoever_knows(stage, name):
    world = World()
    with pytest.raises(NotAllowed, match=r"revoked.*make a new agreement"):
        linked(world, {stage: lambda: world.revoke(name)})


def test_who_has_not_heard_of_the_change_is_told_to_ask_for_nothing_in_a_strangers_name():
    world = World()
    before = dict(world.histories)
    offer = private.offer(terms(unit=private.card(world.node("unit"))), world.node("one"))
    half = private.accept(offer, world.key("one"), world.node("other"), DAY)
    world.rotate("one")
    note = private.countersign(half, world.key("other"), offer, world.node("one"), DAY)
    private.agreed(note, world.node("other"), DAY)
    unaware = private.Node(world.signer["other"], world.root["other"], before)
    with pytest.raises(NotVerified, match="not signed by one"):
        private.agreed(note, unaware, DAY)


def test_a_key_that_was_replaced_signs_no_file_that_arrives_later_whatever_day_it_bears():
    world = World()
    offer = private.offer(terms(unit=private.card(world.node("unit"))), world.node("one"))
    half = private.accept(offer, world.key("one"), world.node("other"), DAY)
    note = private.countersign(half, world.key("other"), offer, world.node("one"), DAY)
    old = world.signer["one"]
    agreed = private.agreed(note, world.node("one"), DAY)
    world.rotate("one", AT + timedelta(minutes=5))
    theirs, _ = encoded(THEIRS, private.agreed(note, world.node("other"), DAY), world.signer["other"], 2)
    made, _ = private.encode(OURS, agreed, Chance(1))
    for minutes, refused in ((-600, "has replaced"), (4, "has replaced"), (6, "had replaced before")):
        ours = private.send_encoding(made, agreed, old, AT + timedelta(minutes=minutes), identifier("encoding"))
        for file in (ours, private.signed_again(ours, old)):  # the thief's own word for it is none
            with pytest.raises(NotVerified, match=refused):
                private.match_files(note, [file, theirs], world.node("unit"), AT, identifier("run"), Chance(3))
    ours = private.send_encoding(made, agreed, old, AT, identifier("encoding"))
    other = private.send_encoding(made, agreed, old, AT, identifier("encoding", 2))
    mine = private.signed_again(ours, world.signer["one"])
    moved = mine[: -len(ours)] + other
    with pytest.raises(NotVerified, match="has replaced"):
        private.match_files(note, [moved, theirs], world.node("unit"), AT, identifier("run"), Chance(3))
    found = private.match_files(note, [mine, theirs], world.node("unit"), AT, identifier("run"), Chance(3))
    assert len(found.pairs) == 2


@pytest.mark.parametrize("stage", ["accept", "countersign", "decide", "learn"])
def test_at_no_stage_is_a_file_of_a_replaced_key_taken_in_alone(stage):
    """The same way as above, where nobody signs again what the old key signed."""
    world, name = World(), {"accept": "one", "countersign": "other", "decide": "unit", "learn": "other"}[stage]
    with pytest.raises(NotVerified, match="has replaced, so whoever has that key") as refused:
        linked(world, {stage: lambda: world.rotate(name, AT + timedelta(hours=1))}, signing=False)
    assert "sign it again" in str(refused.value.remedy)


def test_the_thief_of_a_replaced_key_is_agreed_with_by_nobody():
    world = World()
    old = world.signer["one"]
    world.rotate("one")
    thief = private.Node(old, bytes([66]) * 32, dict(world.histories))
    offer = private.offer(terms(unit=private.card(world.node("unit"))), thief)
    with pytest.raises(NotVerified, match="has replaced"):
        private.accept(offer, world.key("one"), world.node("other"), DAY)
    with pytest.raises(NotAllowed, match="did not sign this before"):  # nor does its owner sign it for the thief
        private.sign_again(offer, world.node("one"))


def test_a_linkage_unit_of_a_replaced_key_is_offered_to_nobody():
    world = World()
    card = private.card(world.node("unit"))
    world.rotate("unit")
    with pytest.raises(NotVerified, match="names a key that it has replaced"):
        private.offer(terms(unit=card), world.node("one"))


def test_the_thief_of_a_signing_key_alone_makes_no_half_of_the_secret():
    world = World()
    offer = private.offer(terms(unit=private.card(world.node("unit"))), world.node("one"))
    half = private.accept(offer, world.key("one"), world.node("other"), DAY)
    note = private.countersign(half, world.key("other"), offer, world.node("one"), DAY)
    thief = private.Node(world.signer["one"], b"", dict(world.histories))
    with pytest.raises(NotVerified, match="not the one that this vault makes"):
        private.agreed(note, thief, DAY)


def test_an_agreement_made_from_the_signing_key_as_before_still_opens():
    world = World()
    bare = [world.signer[name] for name in NAMES]
    offer = private.offer(terms(unit=private.card(bare[2])), bare[0])
    half = private.accept(offer, world.key("one"), bare[1], DAY)
    note = private.countersign(half, world.key("other"), offer, bare[0], DAY)
    assert private.agreed(note, world.node("one"), DAY).key("filter") == private.agreed(note, bare[1], DAY).key(
        "filter"
    )


def test_an_offer_in_the_name_of_an_enrolled_log_by_a_key_it_never_had_is_refused():
    world = World()
    false = Signer("one", bytes([77]) * 32)
    offer = private.offer(terms(unit=private.card(world.node("unit"))), false)
    with pytest.raises(CorroborateError, match="never had the key"):
        private.accept(offer, false.verifier(), world.node("other"), DAY)
