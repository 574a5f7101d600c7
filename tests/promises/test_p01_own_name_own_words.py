"""Promise 1: a member's name stands only under the exact bytes it signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from corroborate.coalition import Round, Version, compare, sign
from corroborate.coalition.final import Signatory, final, statement_text, verify_statement
from corroborate.coalition.lifecycle import (
    Closed,
    ClosingAsked,
    Confirmed,
    Drafted,
    Opened,
    Published,
    Received,
    Recorded,
    Statement,
    advance,
)
from corroborate.coalition.statements import Paper, SignOn
from corroborate.custody import Signer
from corroborate.errors import CorroborateError, NotAllowed, NotVerified
from corroborate.values import Digest

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SIGNERS = {name: Signer(name, bytes([at]) * 32) for at, name in enumerate(("seoul", "niigata", "geneva"), start=1)}
TEXT = b"Let monitors in, tell the families and release all who are held.\n"


def opened(text: bytes = TEXT, deadline: datetime | None = None) -> Round:
    members = {name: signer.verifier() for name, signer in SIGNERS.items()}
    return Round(members, deadline=deadline).propose(Version("joint", 1, text))


def states(at: Round) -> dict[str, str]:
    return {one.member: one.state for one in at.responses()}


def test_nothing_is_signed_by_default():
    assert set(states(opened()).values()) == {"silent"}


def test_a_changed_comma_asks_for_new_sign_ons_and_shows_the_old_ones_fallen():
    first = opened()
    first = first.receive(sign(SIGNERS["seoul"], first.current, "with us", AT), AT)
    first = first.receive(sign(SIGNERS["niigata"], first.current, "abstains", AT), AT)
    second = first.propose(Version("joint", 2, TEXT.replace(b"families and", b"families, and")))
    assert states(first) == {"seoul": "signed", "niigata": "abstains", "geneva": "silent"}
    assert states(second) == {"seoul": "lapsed", "niigata": "lapsed", "geneva": "silent"}
    with pytest.raises(NotAllowed, match="another text"):
        second.receive(sign(SIGNERS["geneva"], first.current, "with us", AT), AT)
    next_day = AT + timedelta(days=1)
    again = second.receive(sign(SIGNERS["seoul"], second.current, "with us", next_day), next_day)
    assert states(again)["seoul"] == "signed"


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 255))
def test_no_other_byte_string_carries_the_name(place: int, change: int):
    other = bytearray(TEXT)
    other[place] ^= change
    signed = sign(SIGNERS["seoul"], Version("joint", 1, TEXT), "with us", AT)
    with pytest.raises(NotAllowed, match="another text"):
        opened(bytes(other)).receive(signed, AT)


@given(st.data())
def test_a_sign_on_with_any_byte_changed_is_refused(data):
    at = opened()
    note = bytearray(sign(SIGNERS["seoul"], at.current, "with us", AT))
    place = data.draw(st.integers(0, len(note) - 1))
    note[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CorroborateError):
        at.receive(bytes(note), AT)


def test_nobody_signs_for_another():
    at = opened()
    stranger = Signer("seoul", b"\x09" * 32)
    with pytest.raises(NotVerified):
        at.receive(sign(stranger, at.current, "with us", AT), AT)


def test_an_older_word_never_overrules_a_later_one():
    at = opened()
    early = sign(SIGNERS["seoul"], at.current, "with us", AT)
    later = AT + timedelta(hours=1)
    at = at.receive(sign(SIGNERS["seoul"], at.current, "withdraws", later), later)
    with pytest.raises(NotAllowed, match="later"):
        at.receive(early, later)
    assert states(at)["seoul"] == "withdrawn"


def test_after_the_deadline_nobody_joins_and_everybody_may_still_leave():
    at = opened(deadline=AT)
    late = AT + timedelta(seconds=1)
    with pytest.raises(NotAllowed, match="closed"):
        at.receive(sign(SIGNERS["seoul"], at.current, "with us", AT), late)
    at = at.receive(sign(SIGNERS["niigata"], at.current, "withdraws", late), late)
    assert states(at)["niigata"] == "withdrawn"


def test_a_checkpoint_is_never_taken_for_a_sign_on():
    at = opened()
    text = "log.example/seoul\n0\n" + "A" * 43 + "=\n"
    with pytest.raises(CorroborateError, match="no sign-on"):
        at.receive(f"{text}\n{SIGNERS['seoul'].line(text)}".encode(), AT)


def test_comparison_shows_the_comma():
    assert compare("the families and release", "the families, and release") == ("after “the families”: - '' + ','",)


VERSIONS = tuple(Version("joint", at, TEXT + b"x" * at) for at in (1, 2, 3))
words = st.tuples(
    st.sampled_from(sorted(SIGNERS)), st.sampled_from(VERSIONS),
    st.sampled_from(["with us", "abstains", "withdraws"]), st.integers(0, 3),
)  # fmt: skip


def under(at: Round) -> dict[str, str]:
    """The names under the text that stands, and under which bytes."""
    return {one.member: one.digest.hex for one in at.signed()}


@given(st.lists(words, max_size=12), st.randoms(use_true_random=False))
def test_any_order_with_replays_and_duplicates_gives_one_standing(said, chance):
    notes = [sign(SIGNERS[who], VERSIONS[0], choice, AT + timedelta(seconds=s)) for who, _, choice, s in said]

    def played(order: list[bytes]) -> Round:
        at = Round({name: signer.verifier() for name, signer in SIGNERS.items()}).propose(VERSIONS[0])
        for note in order:
            try:
                at = at.receive(note, AT)
            except NotAllowed:
                continue  # older than what this member said last
        return at

    straight = played(notes)
    for _ in range(3):
        order = [*notes, *chance.sample(notes, len(notes) // 2)]
        chance.shuffle(order)
        assert played(order).responses() == straight.responses()
        bulk = Round(straight.members).propose(VERSIONS[0]).receive_all(order, AT)[0]
        assert bulk.responses() == straight.responses()


class Sequences(RuleBasedStateMachine):
    """Any sequence of drafts, sign-ons, replays, forgeries, paper, departures: whoever stands under a text has signed
    exactly those bytes, with its own key or on paper that two people saw."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = {name: signer.verifier() for name, signer in SIGNERS.items()}
        drafted = advance(Statement(Round(self.keys, without_key=("paper",))), Drafted(VERSIONS[0]))[0]
        self.state = advance(drafted, Opened(AT, AT + timedelta(hours=1)))[0]
        self.second = 0
        self.signed: set[tuple[str, str]] = set()  # (member, digest) that a member really put its name to
        self.recorded: dict[str, str] = {}
        self.sent: list[bytes] = []
        self.gone: set[str] = set()

    def tried(self, event: object) -> bool:
        try:
            self.state = advance(self.state, event)[0]  # type: ignore[arg-type]
        except CorroborateError:
            return False
        return True

    @property
    def now(self) -> datetime:
        self.second += 1
        return AT + timedelta(seconds=self.second)

    @rule(version=st.sampled_from(VERSIONS))
    def draft(self, version: Version) -> None:
        number = self.state.round.current.number + 1
        self.tried(Drafted(Version("joint", number, version.text)))

    @precondition(lambda self: self.second > 20)
    @rule()
    def close(self) -> None:
        self.tried(ClosingAsked("one of the secretariat", self.now))
        self.tried(Closed(self.now, "another of it"))

    @rule(said=words, current=st.booleans())
    def speak(self, said: tuple[str, Version, str, int], current: bool) -> None:
        who, version, choice, _ = said
        version, at = self.state.round.current if current else version, self.now
        note = sign(SIGNERS[who], version, choice, at)  # type: ignore[arg-type]
        self.sent.append(note)
        if choice == "with us":
            self.signed.add((who, version.digest.hex))
        self.tried(Received((note,), at))

    @rule(said=words)
    def forge(self, said: tuple[str, Version, str, int]) -> None:
        who, version, _, seed = said
        at = self.now
        note = sign(Signer(SIGNERS[who].name, bytes([100 + seed]) * 32), version, "with us", at)
        other = sign(SIGNERS[who], VERSIONS[0], "abstains", at).replace(b"abstains", b"with us")
        self.tried(Received((note, other), at))

    @rule(at=st.integers(0, 50))
    def replay(self, at: int) -> None:
        if self.sent:
            self.tried(Received((self.sent[at % len(self.sent)],), self.now))

    @rule(version=st.sampled_from([*VERSIONS, None]), who=st.sampled_from(["paper", "paper", "seoul", "stranger"]))
    def record(self, version: Version | None, who: str) -> None:
        version, at = version or self.state.round.current, self.now
        letter = SignOn(who, "joint", "en", version.digest, "with us", at, b"", Paper(Digest.of(b"scan"), "kim"))
        self.tried(Recorded(letter, at))
        assert who == "paper" or all(one.paper is None for one in self.state.round.received if one.member == who)

    @rule(by=st.sampled_from(["kim", "lee"]))
    def confirm(self, by: str) -> None:
        last = [one for one in self.state.round.received if one.member == "paper"]
        if self.tried(Confirmed("paper", by, self.now)):
            assert by != "kim" or last[-1].paper.confirmed_by == "lee"  # type: ignore[union-attr]
            self.signed.add(("paper", last[-1].digest.hex))

    @rule(who=st.sampled_from(sorted(SIGNERS)))
    def agree(self, who: str) -> None:
        self.speak((who, self.state.round.current, "with us", 0), True)

    @precondition(lambda self: self.second > 10)
    @rule(who=st.sampled_from(["geneva"]))
    def leave(self, who: str) -> None:
        before = under(self.state.round)
        left = {**self.state.round.left, who: AT + timedelta(seconds=self.second)}
        self.state = replace(self.state, round=replace(self.state.round, left=left))
        assert under(self.state.round) == before
        self.gone.add(who)

    @precondition(lambda self: self.second > 20)
    @rule()
    def publish(self) -> None:
        self.tried(Published(self.now))

    @invariant()
    def names_stand_only_under_their_own_bytes(self) -> None:
        current = self.state.round.current.digest.hex
        for member, digest in under(self.state.round).items():
            assert digest == current
            assert (member, digest) in self.signed

    @invariant()
    def a_final_text_holds_for_a_stranger(self) -> None:
        if self.state.phase == "published":
            shown = {name: Signatory(name) for name in [*SIGNERS, "paper"]}
            page = final(self.state, shown, Signer("hub", b"\x42" * 32), AT + timedelta(days=1))
            assert verify_statement(statement_text(page), self.keys).verdict != "invalid"


Sequences.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestSequences = Sequences.TestCase
