"""Keys through the life of a coalition: who is counted for a newcomer, an heir, a departure, and with which key.

The first tests are what a thief, or a planned change, could do before seats were counted by the key they have now.
The model check plays any order of enrolling, rotating, losing, stealing, revoking, leaving and coming back.
"""

import copy
import itertools
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from tests.member_keys import beneath

from corroborate.custody import Signer
from corroborate.custody.enrolment import Enrolment, countersign, fingerprint_words, propose
from corroborate.custody.keys import countersign as countersign_change
from corroborate.custody.keys import revoke, rotate
from corroborate.custody.roster import Departure, Roster, depart, is_departure, is_enrolment
from corroborate.custody.statements import countersigned, signed
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed, NotVerified

from .worlds import AT

SEEDS = itertools.count(1)


def key(name: str) -> Signer:
    return Signer(name, next(SEEDS).to_bytes(32, "big"))


def enrolled(signer: Signer, *others: Signer, voice: str = "", minutes: int = 0) -> bytes:
    at = AT + timedelta(minutes=minutes)
    note = propose(Enrolment(signer.name, voice or signer.name, signer.verifier(), at), signer)
    for other in others:
        note = beneath(note, other)
    return note


def founded(*signers: Signer) -> Roster:
    roster = Roster()
    for at, signer in enumerate(signers):
        roster = roster.take(enrolled(signer, *signers[: min(at, 2)]))
    return roster


def revoked(old: Signer, new: Signer, *others: Signer) -> bytes:
    note = revoke(old.verifier(), new, 0, AT)
    for other in others:
        note = beneath(note, other)
    return note


A, B, C, D = (key(name) for name in ("Ansan", "Busan", "Chiba", "Daegu"))


def test_a_stolen_key_that_was_revoked_admits_nobody():
    new, stranger = key("Ansan"), key("X")
    roster = founded(A, B, C).take(revoked(A, new, B, C))
    for thieves in ((A, B), (A, C), (A,)):
        with pytest.raises(NotAllowed, match=r"other members? ha(s|ve) signed"):
            roster.take(enrolled(stranger, *thieves))
    assert "X" in roster.take(enrolled(stranger, new, B)).members


def test_who_changed_its_key_as_planned_vouches_with_the_new_one():
    new, newcomer = key("Ansan"), key("N")
    roster = founded(A, B, C).take(rotate(A, new, 0, AT))
    assert "N" in roster.take(enrolled(newcomer, new, B)).members
    with pytest.raises(NotAllowed, match="1 other"):
        roster.take(enrolled(newcomer, A, B))


def test_after_a_planned_change_of_one_member_another_s_stolen_key_is_revoked():
    new, heir = key("Busan"), key("Ansan")
    roster = founded(A, B, C).take(rotate(B, new, 0, AT))
    with pytest.raises(NotAllowed, match="1 other"):
        roster.take(revoked(A, heir, B, C))  # B's key before the change counts no more
    both = beneath(revoked(A, heir, B, C), new)  # B signs the same note again, with the key it has now
    for note in (both, revoked(A, heir, new, C)):
        assert roster.take(note).members["Ansan"].history.newest == heir.verifier()


def test_what_was_countersigned_with_a_key_of_then_stands_when_it_is_told_again():
    heir, new, last = key("Ansan"), key("Busan"), key("Chiba")
    notes = [revoked(A, heir, B, C), rotate(B, new, 0, AT), revoked(C, last, heir, new)]
    roster = told = founded(A, B, C)
    for note in notes:
        roster, told = roster.take(note), told.replayed(note)
    assert told == roster


def test_a_thief_s_heir_is_revoked_in_turn():
    heir, new = key("Ansan"), key("Ansan")
    roster = founded(A, B, C).take(rotate(A, heir, 0, AT))  # signed by the stolen key: nothing tells it from a plan
    with pytest.raises(NotVerified, match="another key now"):
        roster.take(revoked(A, new, B, C))
    roster = roster.take(revoked(heir, new, B, C))
    assert roster.members["Ansan"].history.newest == new.verifier()
    with pytest.raises(NotAllowed):
        roster.take(enrolled(key("X"), heir, A, B))


def test_a_key_that_any_seat_ever_had_is_no_newcomer_s_and_no_heir_s():
    new = key("Ansan")
    roster = founded(A, B, C).take(rotate(A, new, 0, AT))
    for seed in (A.seed, new.seed, B.seed):
        with pytest.raises(NotAllowed, match="is, or was, the one of"):
            roster.take(enrolled(Signer("X", seed), B, C))
    with pytest.raises(NotAllowed, match="is, or was, the one of Ansan"):
        roster.take(rotate(B, Signer("Busan", A.seed), 0, AT))


def test_who_left_vouches_for_nobody_and_comes_back_by_a_new_enrolment():
    gone = depart(Departure(C.verifier(), AT + timedelta(hours=1)), C)
    roster = founded(A, B, C, D).take(gone)
    with pytest.raises(NotAllowed, match="1 other"):
        roster.take(enrolled(key("X"), A, C))
    with pytest.raises(NotAllowed, match="older than its leaving"):
        roster.take(enrolled(C, A, B))
    with pytest.raises(NotAllowed, match="another key"):
        roster.take(enrolled(key("Chiba"), A, B, minutes=90))
    back = roster.take(enrolled(C, A, B, minutes=90))
    assert [one.key.name for one in back.present] == ["Ansan", "Busan", "Chiba", "Daegu"]
    with pytest.raises(NotAllowed, match="enrolled since"):
        back.take(gone)


TWICE = {  # voices of seats that whoever countersigned them was told of as one body
    "Northern Records Project": "Northern Records Project, Oslo",
    "Casa de la Memoria": "Memoria, Casa de la (Madrid)",
    "새봄인권기록회": "새봄 인권 기록회",
    "Geneva Watch": "GÉNEVA-WATCH",
    "Niigata Association for Families": "NAF",
}


@pytest.mark.parametrize("voice", TWICE)
def test_one_body_with_two_seats_is_one_voice_however_it_is_spelled(voice):
    """For a newcomer, for an heir, and for a departure."""
    first, second, victim, other = key("First"), key("Second"), key("Victim"), key("Other")
    roster = Roster().take(enrolled(first, voice=voice)).take(enrolled(victim, first))
    roster = roster.take(enrolled(other, first, victim)).take(enrolled(second, victim, other, voice=TWICE[voice]))
    thief, gone = key("Victim"), Departure(victim.verifier(), AT + timedelta(hours=1))
    for note in (revoked(victim, thief, first, second), enrolled(key("New"), first, second),
                 beneath(depart(gone, first), second)):  # fmt: skip
        with pytest.raises(NotAllowed, match="1 other member has signed"):
            roster.take(note)
    assert roster.take(revoked(victim, thief, first, other)).members["Victim"].history.newest == thief.verifier()
    assert roster.take(beneath(depart(gone, second), other)).members["Victim"].left


def test_the_second_seat_of_one_body_vouches_for_no_heir_of_the_first():
    first, second, other = key("First"), key("Second"), key("Other")
    roster = founded(first, other).take(enrolled(second, first, other, voice="First, Oslo"))
    with pytest.raises(NotAllowed, match="1 other member has signed"):
        roster.take(revoked(first, key("First"), second, other))


def test_a_seat_whose_key_is_lost_is_given_up_by_two_others_and_not_by_one():
    said = Departure(C.verifier(), AT + timedelta(hours=1))
    for signers in ((A,), (A, key("X"))):
        note = depart(said, signers[0])
        for one in signers[1:]:
            note = beneath(note, one)
        with pytest.raises(NotAllowed, match="1 other"):
            founded(A, B, C).take(note)
    roster = founded(A, B, C).take(beneath(depart(said, A), B))
    assert [one.key.name for one in roster.present] == ["Ansan", "Busan"]
    with pytest.raises(NotAllowed, match="no seat"):
        roster.take(beneath(depart(said, A), B))


# -- the model --


@dataclass
class Seat:
    """What is true of one seat, whatever the library says."""

    voice: str
    keys: list[Signer]  # the last is the one it has now
    owner_has: bool = True
    present: bool = True
    since: int = 0  # minutes


@dataclass
class World:
    seats: dict[str, Seat] = field(default_factory=dict)
    stolen: list[Signer] = field(default_factory=list)
    minute: int = 1

    def voices(self, signers: list[Signer], but: str) -> set[str]:
        """Voices of the present seats that sign with the key they have now."""
        return {s.voice for s in self.seats.values() if s.present and s.keys[-1] in signers} - {but}

    def honest(self, but: str) -> list[Signer]:
        """The live keys in their owners' hands, of other voices."""
        seats = (s for s in self.seats.values() if s.present and s.owner_has and s.voice != but)
        return [s.keys[-1] for s in seats]

    def wanted(self, but: str) -> int:
        return min(2, len({s.voice for s in self.seats.values() if s.present} - {but}))


BEGINNINGS: dict[int, tuple[World, Roster, tuple[bytes, ...]]] = {}  # by number of members


class Life(RuleBasedStateMachine):
    """Any order, any thief: nobody is admitted, replaced or struck out by a dead key; no planned change locks out."""

    def __init__(self) -> None:
        super().__init__()
        self.world, self.roster, self.taken = World(), Roster(), list[bytes]()
        self.names = itertools.count()

    def takes(self, note: bytes, expected: bool) -> bool:
        """Whether the roster takes a note, which it must exactly where the model says so."""
        try:
            after = self.roster.take(note)
        except CorroborateError:
            assert not expected
            return False
        assert expected
        assert after == self.roster.replayed(note)
        self.roster = after
        self.taken.append(note)
        return True

    def some(self, number: int) -> str:
        return sorted(self.world.seats)[number % len(self.world.seats)]

    def later(self) -> int:
        self.world.minute += 1
        return self.world.minute

    @initialize(members=st.one_of(st.integers(3, 6), st.integers(3, 50)))
    def found(self, members: int) -> None:
        """Members enrol one after the other. It is the same for each play of so many: played once."""
        if members not in BEGINNINGS:
            for _ in range(members):
                self.enrol(False)
            BEGINNINGS[members] = copy.deepcopy(self.world), self.roster, tuple(self.taken)
        world, self.roster, taken = BEGINNINGS[members]
        self.world, self.taken, self.names = copy.deepcopy(world), [*taken], itertools.count(members)

    @rule(shared=st.booleans())
    def enrol(self, shared: bool) -> None:
        name = f"m{next(self.names)}"
        voice = next(iter(self.world.seats.values())).voice if shared and self.world.seats else name
        signer, minute = key(name), self.later()
        vouching = self.world.honest(voice)
        count = len(self.world.voices(vouching, voice))
        sponsors = list({s.voice: s.keys[-1] for s in self.world.seats.values() if s.keys[-1] in vouching}.values())[:2]
        if self.takes(enrolled(signer, *sponsors, voice=voice, minutes=minute), count >= self.world.wanted(voice)):
            self.world.seats[name] = Seat(voice, [signer], since=minute)

    @rule(who=st.integers(0, 60))
    def rotate(self, who: int) -> None:
        seat = self.world.seats[name := self.some(who)]
        if seat.owner_has:  # a planned change is always followed, by whoever makes it
            new = key(name)
            assert self.takes(rotate(seat.keys[-1], new, 0, AT), True)
            seat.keys.append(new)

    @rule(who=st.integers(0, 60))
    def lose(self, who: int) -> None:
        self.world.seats[self.some(who)].owner_has = False

    @rule(who=st.integers(0, 60), before=st.integers(0, 5))
    def steal(self, who: int, before: int) -> None:
        """The key of now, or one from an old backup."""
        keys = self.world.seats[self.some(who)].keys
        self.world.stolen.append(keys[max(0, len(keys) - 1 - before)])

    @rule(who=st.integers(0, 60))
    def revoke(self, who: int) -> None:
        """The owner comes with a new key; everybody who still has a live key of another voice stands by it."""
        seat = self.world.seats[name := self.some(who)]
        others, new = self.world.honest(seat.voice), key(name)
        if self.takes(revoked(seat.keys[-1], new, *others[:9]), len(self.world.voices(others[:9], seat.voice)) >= 2):
            seat.keys.append(new)
            seat.owner_has = True

    @rule(who=st.integers(0, 60), own=st.booleans())
    def leave(self, who: int, own: bool) -> None:
        seat = self.world.seats[self.some(who)]
        signers = [seat.keys[-1]] if own and seat.owner_has else self.world.honest(seat.voice)[:9]
        if not signers:
            return
        enough = seat.keys[-1] in signers or len(self.world.voices(signers, seat.voice)) >= 2
        self._struck_out(seat, signers, seat.present and enough)

    def _struck_out(self, seat: Seat, signers: list[Signer], expected: bool) -> None:
        note = depart(Departure(seat.keys[-1].verifier(), AT + timedelta(minutes=self.later())), signers[0])
        for one in signers[1:]:
            note = beneath(note, one)
        if self.takes(note, expected):
            seat.present = False

    @rule(who=st.integers(0, 60))
    def come_back(self, who: int) -> None:
        seat = self.world.seats[self.some(who)]
        if seat.present or not seat.owner_has:
            return
        others, minute = self.world.honest(seat.voice)[:9], self.later()
        enough = len(self.world.voices(others, seat.voice)) >= self.world.wanted(seat.voice)
        if self.takes(enrolled(seat.keys[-1], *others, voice=seat.voice, minutes=minute), enough):
            seat.present = True

    # What a thief tries, with all that it holds

    @precondition(lambda self: self.world.stolen)
    @rule()
    def a_thief_admits(self) -> None:
        name, hands = f"t{next(self.names)}", list(dict.fromkeys(self.world.stolen))[:20]
        signer, minute = key(name), self.later()
        voices = self.world.voices(hands, name)
        if self.takes(enrolled(signer, *hands, minutes=minute), len(voices) >= self.world.wanted(name)):
            assert len(voices) >= 2 or self.world.wanted(name) < 2  # two thieves, or hardly anybody left
            self.world.seats[name] = Seat(name, [signer], owner_has=False, since=minute)
            self.world.stolen.append(signer)

    @precondition(lambda self: self.world.stolen)
    @rule(who=st.integers(0, 60), old=st.integers(0, 5))
    def a_thief_inherits(self, who: int, old: int) -> None:
        """Another's seat, by a revocation of its key of now or of then."""
        seat, hands = self.world.seats[name := self.some(who)], list(dict.fromkeys(self.world.stolen))[:20]
        replaced, new = seat.keys[max(0, len(seat.keys) - 1 - old)], key(name)
        enough = replaced is seat.keys[-1] and len(self.world.voices(hands, seat.voice)) >= 2
        if self.takes(revoked(replaced, new, *hands), enough):
            seat.keys.append(new)
            seat.owner_has = False
            self.world.stolen.append(new)

    @precondition(lambda self: self.world.stolen)
    @rule(which=st.integers(0, 60))
    def a_thief_rotates(self, which: int) -> None:
        stolen = self.world.stolen[which % len(self.world.stolen)]
        seat, new = self.world.seats[stolen.name], key(stolen.name)
        if self.takes(rotate(stolen, new, 0, AT), stolen is seat.keys[-1]):
            seat.keys.append(new)
            seat.owner_has = False
            self.world.stolen.append(new)

    @precondition(lambda self: self.world.stolen)
    @rule(who=st.integers(0, 60))
    def a_thief_strikes_out(self, who: int) -> None:
        seat, hands = self.world.seats[self.some(who)], list(dict.fromkeys(self.world.stolen))[:20]
        enough = seat.keys[-1] in hands or len(self.world.voices(hands, seat.voice)) >= 2
        self._struck_out(seat, hands, seat.present and enough)

    @rule(who=st.integers(0, 60), other=st.integers(0, 60), kind=st.sampled_from(("heir", "departure", "end", "text")))
    def a_thief_sends_something_to_be_signed(self, who: int, other: int, kind: str) -> None:
        """To an honest member: its own heir, departure or revocation, another's planned change, or any other text. It
        signs none of them, whatever the words that it heard."""
        own, seat = self.world.seats[self.some(who)].keys[-1], self.world.seats[self.some(other)].keys[-1]
        thief = key(own.name)
        heard = " ".join(fingerprint_words(thief.verifier()))
        note = {
            "heir": rotate(thief, own, 0, AT) if kind == "heir" and seat is own else rotate(own, thief, 0, AT),
            "departure": depart(Departure(own.verifier(), AT), thief),
            "end": revoke(own.verifier(), thief, 0, AT),
            "text": signed("corroborate sign-on v1\nchoice with us\n", thief),
        }[kind]
        for sign in (
            lambda: countersign(note, own, heard),
            lambda: countersign_change(note, own, heard),
            lambda: countersigned(note, own, Departure),
        ):
            with pytest.raises((InvalidValue, NotAllowed, NotVerified)):
                sign()

    @precondition(lambda self: self.taken)
    @rule(which=st.integers(0, 500))
    def replay(self, which: int) -> None:
        """What was taken once changes nothing when it comes again, whoever sends it and whenever."""
        before = self.roster
        with pytest.raises((NotAllowed, NotVerified)):
            self.roster.take(self.taken[which % len(self.taken)])
        assert self.roster is before

    def teardown(self) -> None:
        """The library and the model hold the same seats, each with the same key."""
        assert {one.key for one in self.roster.present} == {
            s.keys[-1].verifier() for s in self.world.seats.values() if s.present
        }
        assert all(is_enrolment(n) or is_departure(n) or b"key change" in n for n in self.taken)


def test_any_order_of_enrolling_rotating_losing_stealing_revoking_leaving_and_coming_back():
    run_state_machine_as_test(
        Life, settings=settings(max_examples=200, stateful_step_count=25, deadline=None,
                                suppress_health_check=list(HealthCheck))
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))  # of ten thousand: each draws its own chance, and they run side by side
def test_the_life_of_keys_ten_thousand_times(part):
    run_state_machine_as_test(
        seeded(part)(type("Life", (Life,), {})),  # without a seed of its own each part would play the same
        settings=settings(max_examples=1_000, stateful_step_count=25, database=None, deadline=None,
                                suppress_health_check=list(HealthCheck))
    )  # fmt: skip
