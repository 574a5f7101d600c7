"""Slots of security keys, against a security key in software that speaks CTAP 2.1. None of it was tried on hardware."""

import hmac
import json
import os
from contextlib import contextmanager
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InputRefused, InvalidValue, NotAllowed, NotAVault, VaultError, WrongPassphrase
from corroborate.sealed import (
    KeySlot,
    open_slots,
    passphrase_slot,
    read_slots,
    security_key_slot,
    without,
    write_slots,
)
from corroborate.sealed.security_keys import PluggedIn, Prompt
from corroborate_cli import vaults as asking
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core import vaults

from .authenticator import Authenticator

MASTER, WORDS = bytes(range(32)), "long enough to hold"
PIN = "0451"


def plugged(*devices, pin=PIN):
    return PluggedIn(Prompt(lambda: None, lambda: pin), lambda: devices)


def slot_of(*devices, label="blue", pin=PIN):
    return security_key_slot(MASTER, plugged(*devices, pin=pin), label, os.urandom(44))


@pytest.mark.parametrize("pin", ["", PIN])
def test_a_security_key_opens_its_slot_and_another_one_does_not(pin):
    mine, other = Authenticator(pin), Authenticator(pin)
    slot = slot_of(mine)
    assert slot.verified == bool(pin)
    assert open_slots([slot], plugged(mine)) == MASTER
    assert open_slots([slot], plugged(other, mine)) == MASTER  # both are plugged in
    assert other.touches == 0  # a key that does not know the credential is not touched for it
    with pytest.raises(WrongPassphrase, match="belongs to this vault"):
        open_slots([slot], plugged(other))
    with pytest.raises(WrongPassphrase, match="no security key is plugged in"):
        open_slots([slot], plugged())


def test_what_wraps_the_key_is_the_hmac_of_the_salt_under_the_credential_s_secret():
    """FIDO CTAP 2.1, 12.5: output1 = HMAC-SHA-256(CredRandom, salt1); with the PIN another secret than without."""
    for pin in ("", PIN):
        key = Authenticator(pin)
        slot = slot_of(key)
        credential = key.credentials[slot.credential]
        secret = credential.with_uv if pin else credential.without_uv
        _, answer = plugged(key).answer([slot])
        assert answer == hmac.new(secret, slot.salt, "sha256").digest()


def test_a_wrong_pin_opens_nothing_and_is_said_so():
    key = Authenticator(PIN)
    slot = slot_of(key)
    with pytest.raises(WrongPassphrase, match="the PIN is wrong"):
        open_slots([slot], plugged(key, pin="1540"))
    assert open_slots([slot], plugged(key)) == MASTER
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            open_slots([slot], plugged(key, pin="1540"))
    with pytest.raises(WrongPassphrase, match="take the key out"):
        open_slots([slot], plugged(key))
    with pytest.raises(WrongPassphrase, match="no PIN was given"):
        open_slots([slot], plugged(key, pin=""))


def test_a_key_that_nobody_touches_opens_nothing():
    key = Authenticator()
    slot = slot_of(key)
    key.touched = False
    with pytest.raises(WrongPassphrase, match="not touched"):
        open_slots([slot], plugged(key))
    with pytest.raises(WrongPassphrase, match="not touched"):
        slot_of(key)


def test_a_slot_is_made_with_the_one_key_that_is_meant_and_one_that_can_keep_a_secret():
    with pytest.raises(InputRefused, match="2 security keys"):
        slot_of(Authenticator(), Authenticator())
    with pytest.raises(InputRefused, match="0 security keys"):
        slot_of()
    with pytest.raises(InputRefused, match="hmac-secret"):
        slot_of(Authenticator(secret=False))
    for label in ("", "x" * 61, "a\nb"):
        with pytest.raises(InvalidValue):
            slot_of(Authenticator(), label=label)
    with pytest.raises(InvalidValue):
        security_key_slot(MASTER, plugged(Authenticator()), "blue", bytes(12))


def test_no_field_of_a_slot_can_be_exchanged():
    """Whoever can write the file of slots, and not the master key: each field changed, the key does not open."""
    key, other = Authenticator(), Authenticator()
    slot, second = slot_of(key), slot_of(key)
    foreign = slot_of(other)
    for changed in (
        replace(slot, salt=second.salt), replace(slot, nonce=second.nonce), replace(slot, wrapped=second.wrapped),
        replace(slot, credential=second.credential), replace(slot, credential=foreign.credential),
        replace(slot, party="elsewhere.invalid"), replace(slot, wrapped=slot.wrapped[:-1]),
        replace(slot, salt=second.salt, nonce=second.nonce, wrapped=second.wrapped),
    ):  # fmt: skip
        with pytest.raises(WrongPassphrase):
            open_slots([changed], plugged(key))


def test_passphrases_and_security_keys_stand_side_by_side():
    key = Authenticator(PIN)
    slots = (passphrase_slot(MASTER, WORDS, bytes(28)), slot_of(key), slot_of(Authenticator(), label="\ube68\uac15"))
    again = read_slots(write_slots(slots))
    assert again == slots
    assert open_slots(again, WORDS) == open_slots(again, plugged(key)) == MASTER
    with pytest.raises(WrongPassphrase, match="passphrase opens none"):
        open_slots(again[1:], WORDS)
    with pytest.raises(WrongPassphrase, match="no slot for a security key"):
        open_slots(again[:1], plugged(key))


def test_the_last_that_could_open_a_vault_is_not_removed():
    words, blue, red = passphrase_slot(MASTER, WORDS, bytes(28)), slot_of(Authenticator()), slot_of(Authenticator())
    assert without((words, blue), 2) == (words,)
    assert without((words, blue, red), 1) == (blue, red)
    for slots, number in (((words,), 1), ((words, blue), 1), ((blue, red), 2)):
        with pytest.raises(NotAllowed, match="losing it would lose the vault"):
            without(slots, number)
    for number in (0, 3):
        with pytest.raises(InvalidValue, match="no slot"):
            without((words, blue), number)


SLOT = {
    "kind": "security-key", "kdf": "hkdf-sha256", "label": "blue", "party": "p", "verified": True,
    "credential": "AAAA", "salt": "A" * 43 + "=", "nonce": "AAAA", "wrapped": "AAAA",
}  # fmt: skip


@given(st.sampled_from(sorted(SLOT)), st.one_of(st.none(), st.text(max_size=5), st.integers(), st.booleans()))
def test_a_damaged_file_of_slots_is_said_to_be_one(part, value):
    assert isinstance(read_slots(json.dumps({"version": 1, "slots": [SLOT]}))[0], KeySlot)
    try:
        read_slots(json.dumps({"version": 1, "slots": [{**SLOT, part: value}]}))
        read_slots(json.dumps({"version": 1, "slots": [{k: v for k, v in SLOT.items() if k != part}]}))
    except NotAVault:
        pass


def test_a_kind_of_slot_of_a_later_program_is_said_so():
    with pytest.raises(NotAVault, match="newer"):
        read_slots(json.dumps({"version": 1, "slots": [{**SLOT, "kind": "iris"}]}))


# A whole vault


@contextmanager
def holding(key, pin=PIN):
    """The terminal's security key is this one; its person answers the question for the PIN."""
    before, asking.security_key = asking.security_key, lambda: plugged(key, pin=pin)
    from corroborate_cli import keys

    also, keys.security_key = keys.security_key, asking.security_key
    try:
        yield
    finally:
        asking.security_key, keys.security_key = before, also


def test_a_vault_opens_with_a_touch_and_after_the_key_is_lost_with_its_passphrase(tmp_path):
    folder, secret = tmp_path / "vault", tmp_path / "secret"
    secret.write_text(WORDS + "\n")
    api.create_vault(folder, "Member", WORDS)
    with api.open_vault(folder, WORDS) as vault:
        signer = vault.signer
    key = Authenticator(PIN)
    given_ = ["--vault", str(folder), "--passphrase-file", str(secret)]

    def run(*arguments, code=0, typed=""):
        done = CliRunner().invoke(group, [*arguments], input=typed)
        assert done.exit_code == code, (arguments, done.output, done.exception)
        return done.output

    with holding(key):
        assert "2  security key  blue ring (PIN and touch)" in run("keys", "add", "--label", "blue ring", *given_)
        # Enter alone: the key is touched.
        out = run("log", "checkpoint", "--vault", str(folder), "--marks", str(tmp_path / "marks"), typed="\n")
        assert "Member" in out
    listed = json.loads(run("keys", "list", "--vault", str(folder), "--json"))
    assert [one["kind"] for one in listed] == ["passphrase", "security key"]
    with api.open_vault(folder, plugged(key)) as vault:
        assert vault.signer == signer  # the same signing key, by either slot
    with pytest.raises(WrongPassphrase):
        api.open_vault(folder, plugged(Authenticator(PIN))).__enter__()
    # The last passphrase does not go while one key is all that would be left.
    run("keys", "remove", "1", *given_, code=1)
    # The key is lost.
    assert "blue ring" not in run("keys", "remove", "2", *given_)
    with pytest.raises(WrongPassphrase, match="no slot for a security key"):
        api.open_vault(folder, plugged(key)).__enter__()
    with api.open_vault(folder, WORDS) as vault:
        assert vault.signer == signer
    run("keys", "add", *given_, code=2)
    run("keys", "add", "--label", "x", "--passphrase", *given_, code=2)
    (tmp_path / "other").write_text("another passphrase\n")
    run("keys", "add", "--passphrase", "--new-passphrase-file", str(tmp_path / "other"), *given_)
    assert "1  passphrase" in run("keys", "remove", "1", *given_)
    with pytest.raises(WrongPassphrase):
        api.open_vault(folder, WORDS).__enter__()
    with api.open_vault(folder, "another passphrase") as vault:
        assert vault.signer == signer


def test_a_security_key_stages_a_rotation_as_a_passphrase_does(tmp_path):
    folder, key = tmp_path / "vault", Authenticator()
    api.create_vault(folder, "Member", WORDS)
    vaults.add_slot(folder, WORDS, plugged(key), "blue")
    from corroborate.custody import Signer

    new = Signer("Member", bytes([9]) * 32)
    vaults.stage_key(folder, plugged(key), new)
    vaults.take_staged_key(folder, new.verifier())
    with api.open_vault(folder, plugged(key)) as vault:
        assert vault.signer == new


def test_slots_that_are_gone_are_said_so(tmp_path):
    with pytest.raises(VaultError):
        vaults.add_slot(tmp_path, WORDS, WORDS)
    with pytest.raises(NotAVault):
        vaults.key_slots(tmp_path)
