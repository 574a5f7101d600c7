"""The library and the verifier that stands alone are two implementations: they read every note alike."""

import base64
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from corroborate.custody import COSIGNATURE_V1, Note, Policy, Signer, Verifier
from corroborate.custody import verify as verifier
from corroborate.custody.notes import ML_DSA_44
from corroborate.errors import CorroborateError

POST_QUANTUM = Verifier("pq.example/w", ML_DSA_44, bytes(range(256)) * 5 + bytes(32))


def line(key, raw):
    return f"\u2014 {key.name} {base64.b64encode(key.id + raw).decode()}\n".encode()


def both(policy, note, log):
    """What each makes of a checkpoint: its size and its witnesses' times, or None where it is refused."""
    try:
        checked = policy.check(note)
        ours = (checked.checkpoint.size, {name: int(at.timestamp()) for name, at in checked.times.items()})
    except CorroborateError:
        ours = None
    try:
        size, _, times, _, _ = verifier.Policy(policy.text().encode()).checkpoint(note, log)
        alone = (size, times)
    except verifier.Bad:
        alone = None
    assert ours == alone
    return ours


@pytest.fixture
def world(coalition):
    log = coalition.Log([coalition.record(1), coalition.record(2)])
    witnesses = {"b": coalition.FIRST.verifier(COSIGNATURE_V1), "q": POST_QUANTUM}
    return coalition, log, Policy(coalition.OWNER.verifier(), witnesses, 1)


def test_a_cosignature_of_a_kind_that_nobody_can_check_yet_neither_counts_nor_spoils(world):
    """C2SP tlog-cosignature: a policy may name an ML-DSA-44 witness before its readers know that kind."""
    coalition, log, policy = world
    note = log.checkpoint(witnesses=[coalition.FIRST])
    unknown = line(POST_QUANTUM, bytes(8) + bytes(2420))
    assert both(policy, note + unknown, log.owner.name) == both(policy, note, log.owner.name) is not None
    assert both(policy, log.checkpoint(witnesses=[]) + unknown, log.owner.name) is None


def test_a_line_of_a_known_key_that_does_not_hold_spoils_the_note_wherever_it_stands(world):
    coalition, log, policy = world
    good = log.checkpoint(witnesses=[coalition.FIRST])
    text, _, lines = good.partition(b"\n\n")
    for key, length in ((coalition.OWNER.verifier(), 64), (coalition.FIRST.verifier(COSIGNATURE_V1), 72)):
        bad = line(key, bytes(length))
        for places in itertools.permutations([*lines.splitlines(keepends=True), bad]):
            assert both(policy, text + b"\n\n" + b"".join(places), log.owner.name) is None


def test_of_two_cosignatures_of_one_witness_the_first_line_gives_its_time(world):
    coalition, log, policy = world
    text = Note.parse(log.checkpoint()).text
    times = [datetime(2014, 2, 17, tzinfo=UTC) + timedelta(days=day) for day in (0, 3)]
    for order in (times, times[::-1]):
        lines = "".join(coalition.FIRST.cosignature_line(text, at) for at in order).encode()
        found = both(policy, log.checkpoint(witnesses=[]) + lines, log.owner.name)
        assert found == (2, {"b": int(order[0].timestamp())})


def test_a_line_under_another_name_or_of_another_key_is_a_stranger_s(world):
    coalition, log, policy = world
    note, text = log.checkpoint(witnesses=[]), Note.parse(log.checkpoint()).text
    renamed = Signer("x.example/log", coalition.FIRST.seed)
    other = Signer(coalition.FIRST.name, bytes([77]) * 32)
    for stranger in (renamed, other):
        cosigned = stranger.cosignature_line(text, coalition.WHEN).encode()
        assert both(policy, note + cosigned, log.owner.name) is None
        assert both(policy, log.checkpoint(witnesses=[coalition.FIRST]) + cosigned, log.owner.name) is not None
    as_log = coalition.FIRST.line(text).encode()  # a witness's signature as a log is no cosignature
    assert both(policy, note + as_log, log.owner.name) is None


def test_the_forms_of_a_signature_line_are_the_same_for_both(world):
    coalition, log, policy = world
    note = log.checkpoint(witnesses=[coalition.FIRST])
    text, _, lines = note.partition(b"\n\n")
    for changed in (
        lines, lines.replace(b"\xe2\x80\x94 ", b""), lines.replace(b"\xe2\x80\x94 ", b"- "), lines[:-1], lines + b"\n",
        lines.replace(b"\n", b"\r\n"), lines + b"\xe2\x80\x94 x AAAAAA==\n", lines + b"\xe2\x80\x94 x AAAAAAA=\n",
        lines + b"\xe2\x80\x94 x\n", lines + b"\xe2\x80\x94  AAAAAAA=\n", lines + b"\xe2\x80\x94 x+y AAAAAAA=\n",
        lines + b"\xe2\x80\x94 x AAAAAAB=\n", lines + b"\xe2\x80\x94 x AAAA AAA=\n", b"", b"\n", lines + b" \n",
        lines + b"\xe2\x80\x94 x AAAA-_A=\n", lines + b"\xe2\x80\x94 x AAAAAAA\n",
    ):  # fmt: skip
        both(policy, text + b"\n\n" + changed, log.owner.name)
    assert both(policy, lines, log.owner.name) is None  # lines under no text at all
    assert both(policy, b"\n\n" + lines, log.owner.name) is None
    assert both(policy, text + b"\n\n" + lines, log.owner.name) is not None
