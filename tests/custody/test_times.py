"""Four kinds of time stand side by side; a clock a year off is flagged; tokens are kept whatever they hold."""

import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody.times import Schedule, Times, Token, clock_off, read_token, request, stamped
from corroborate.errors import InvalidValue

from .worlds import AT, FIRST, SECOND, signed, tree_of

NOTE = signed(tree_of(7), FIRST)
CONFIG = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa_certificate]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
{certs}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamping authority of our own, by OpenSSL."""

    def __init__(self, folder: Path, name: str, openssl: str, certs: str = "") -> None:
        folder.mkdir()
        self.folder, self.openssl = folder, openssl
        (folder / "config").write_text(CONFIG.format(folder=folder, certs=certs))
        (folder / "serial").write_text("01")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "config"]
        self._run("req", "-x509", *key, "-days", "3650", "-extensions", "ca", "-subj", f"/CN={name} root",
                  "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip
        self._run("req", *key, "-subj", f"/CN={name}", "-keyout", "tsa.key", "-out", "tsa.csr")
        self._run("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                  "-days", "3650", "-extfile", "config", "-extensions", "tsa_certificate",
                  "-out", "tsa.pem")  # fmt: skip

    def _run(self, *arguments: str) -> None:
        subprocess.run([self.openssl, *arguments], cwd=self.folder, capture_output=True, check=True)

    @property
    def root(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / "ca.pem").read_bytes())

    def stamp(self, asked: bytes) -> bytes:
        (self.folder / "asked.tsq").write_bytes(asked)
        self._run("ts", "-reply", "-config", "config", "-queryfile", "asked.tsq", "-out", "answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()


@pytest.fixture(scope="module")
def authorities(tool, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tsa")
    return [Authority(folder / name, name, tool("openssl")) for name in ("one", "two")]


def test_tokens_of_several_authorities_are_read_and_checked_each_for_itself(authorities):
    roots = [one.root for one in authorities]
    tokens = [read_token(one.stamp(request(NOTE)), NOTE, roots) for one in authorities]
    assert [one.state for one in tokens] == ["good", "good"]
    assert [one.authority for one in tokens] == ["CN=one", "CN=two"]
    for token in tokens:
        assert token.at is not None
        assert abs(datetime.now(UTC) - token.at) < timedelta(minutes=5)


def test_a_token_of_an_authority_that_nobody_named_is_flagged_and_kept(authorities):
    raw = authorities[0].stamp(request(NOTE))
    found = read_token(raw, NOTE, [authorities[1].root])
    assert (found.state, found.raw) == ("untrusted", raw)
    assert read_token(raw, NOTE).state == "unchecked"


def test_a_token_over_another_checkpoint_is_flagged(authorities):
    raw = authorities[0].stamp(request(signed(tree_of(8))))
    assert read_token(raw, NOTE, [authorities[0].root]).state == "other"


def test_a_changed_or_foreign_token_is_kept_flagged_and_never_good(authorities):
    raw, chance = authorities[0].stamp(request(NOTE)), random.Random(3)
    good = read_token(raw, NOTE, [authorities[0].root])
    changes = [b"", b"token", raw[:-1], raw[: len(raw) // 2], b"\x30\x03\x02\x01\x00", b"\x30\x05\x30\x03\x02\x01\x02"]
    for _ in range(400):
        at = chance.randrange(len(raw))
        changes.append(raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :])
    for changed in changes:
        found = read_token(changed, NOTE, [authorities[0].root])
        assert found.raw == changed
        # A bit outside what is signed (the status text, a certificate that is not needed) may change; the time may not.
        if found.state == "good":
            assert (found.at, found.authority) == (good.at, good.authority)


def test_a_refusal_is_kept_as_one():
    found = read_token(bytes.fromhex("30053003020102"), NOTE)  # RFC 3161, section 2.4.2: status 2, no token
    assert (found.state, found.at, found.found) == ("refused", None, "status 2")


def test_a_token_that_another_program_may_read_is_kept_although_ours_cannot(tool, tmp_path):
    # OpenSSL writes the set of certificates in no order, which DER forbids and a strict parser refuses.
    authority = Authority(tmp_path / "tsa", "long", tool("openssl"), f"certs = {tmp_path}/tsa/ca.pem")
    raw = authority.stamp(request(NOTE))
    found = read_token(raw, NOTE, [authority.root])
    assert found.raw == raw
    assert found.state in ("unreadable", "good")


def test_what_is_too_long_is_not_read():
    with pytest.raises(InvalidValue, match="too long"):
        read_token(bytes(1 << 21), NOTE)


def test_a_timestamp_is_over_what_witnesses_sign():
    assert stamped(NOTE) == stamped(signed(tree_of(7), SECOND))


def token(at: datetime, state: str = "good") -> Token:
    return Token(b"raw", state, at, "CN=x", "why")  # type: ignore[arg-type]


def test_no_time_overwrites_another():
    device = AT + timedelta(days=365)
    times = Times(
        device, 4, {"b": AT, "c": AT + timedelta(hours=1)}, (token(AT - timedelta(minutes=1)), token(AT, "unreadable"))
    )
    assert (times.device, times.index) == (device, 4)
    assert times.not_after == AT - timedelta(minutes=1)
    assert Times(device, 4, {}).not_after is None


def test_a_clock_a_year_off_is_flagged():
    ahead = Times(AT + timedelta(days=365), 4, {"b": AT})
    assert ahead.flags() == ("the device's clock was 365 days ahead of those who saw the entry",)
    assert (
        Times(AT - timedelta(days=2), 4, {"b": AT}).flags() == ()
    )  # taken down before it was witnessed: as it should be
    assert clock_off(AT + timedelta(days=365), {"b": AT, "c": AT, "d": AT + timedelta(days=700)}) == timedelta(days=365)
    assert clock_off(AT - timedelta(days=365), {"b": AT}) == timedelta(days=-365)
    assert clock_off(AT, {"b": AT, "c": AT + timedelta(hours=3), "d": AT + timedelta(days=700)}) is None
    assert clock_off(AT, {}) is None


def test_witnesses_and_authorities_that_disagree_are_flagged():
    apart = Times(None, 4, {"b": AT, "c": AT + timedelta(days=3)}, (token(AT + timedelta(days=40)), token(AT, "other")))
    assert [flag.split(":")[0] for flag in apart.flags()] == [
        "the witnesses' clocks are 3 days apart",
        "an authority and the witnesses tell times far apart",
        "a token is other",
    ]
    assert Times(AT + timedelta(hours=30), 1, {"b": AT}, ()).flags(timedelta(hours=2))
    assert "5 hours" in Times(AT + timedelta(hours=5), 1, {"b": AT}, ()).flags(timedelta(hours=2))[0]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.sets(st.integers(0, 23), min_size=1))
def test_checkpoints_fall_due_at_fixed_hours_only(moment, hours):
    after, schedule = moment.replace(tzinfo=UTC), Schedule(tuple(sorted(hours)))
    due = schedule.next_due(after)
    assert after < due <= after + timedelta(days=1)
    assert (due.hour in hours, due.minute, due.second) == (True, 0, 0)
    assert not schedule.due(after, due - timedelta(seconds=1))
    assert schedule.due(after, due)
    assert schedule.due(None, after)


@pytest.mark.parametrize("hours", [(), (24,), (3, 3), (5, 3), (-1,)])
def test_hours_that_no_day_has_are_refused(hours):
    with pytest.raises(InvalidValue):
        Schedule(hours)


# -- tokens as OpenSSL makes and reads them --


def test_openssl_reads_what_we_ask_for(tool, tmp_path):
    first, second = request(NOTE), request(NOTE)
    assert first != second  # a nonce: an old answer does not fit a new question
    (tmp_path / "asked.tsq").write_bytes(first)
    asked = [tool("openssl"), "ts", "-query", "-in", tmp_path / "asked.tsq", "-text"]
    text = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert "Hash Algorithm: sha512" in text
    assert "Certificate required: yes" in text
    assert "Nonce: 0x" in text


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_a_token_over_any_digest_of_the_sha_2_family_is_good(authorities, tool, tmp_path, digest):
    (tmp_path / "text").write_bytes(stamped(NOTE))
    asked = [tool("openssl"), "ts", "-query", "-data", tmp_path / "text", f"-{digest}", "-cert"]
    query = subprocess.run(asked, capture_output=True, check=True).stdout
    raw = authorities[0].stamp(query)
    good = read_token(raw, NOTE, [authorities[1].root, authorities[0].root])
    assert (good.raw, good.state, good.authority, good.found) == (raw, "good", "CN=one", "")
    assert good.at is not None
    assert good.at.tzinfo is not None
    other = read_token(raw, signed(tree_of(8)), [authorities[0].root])
    assert (other.raw, other.state, other.at, other.authority) == (raw, "other", good.at, "CN=one")
    unchecked = read_token(raw, NOTE)
    assert (unchecked.raw, unchecked.state, unchecked.at, unchecked.authority) == (raw, "unchecked", good.at, "CN=one")
    untrusted = read_token(raw, NOTE, [authorities[1].root])
    assert (untrusted.raw, untrusted.state, untrusted.at) == (raw, "untrusted", good.at)
    for found in (other, unchecked, untrusted):
        assert " " in found.found
        assert not found.found[:2].isupper()


def test_the_signer_is_named_by_its_issuer_where_its_certificate_is_not_sent(authorities, tool, tmp_path):
    (tmp_path / "text").write_bytes(stamped(NOTE))
    asked = [tool("openssl"), "ts", "-query", "-data", tmp_path / "text", "-sha256"]
    raw = authorities[0].stamp(subprocess.run(asked, capture_output=True, check=True).stdout)
    found = read_token(raw, NOTE)
    assert (found.raw, found.state) == (raw, "unchecked")
    assert found.authority == "CN=one root"


def test_what_cannot_be_read_is_kept_with_a_reason():
    for raw in (b"", b"token", b"\x30\x03\x02\x01\x00"):
        found = read_token(raw, NOTE)
        assert (found.raw, found.state, found.at, found.authority) == (raw, "unreadable", None, "")
        assert found.found
        assert "\n" not in found.found
    refused = bytes.fromhex("30053003020102")
    assert read_token(refused, NOTE).raw == refused


def test_a_flag_says_by_how_much_and_a_day_is_not_yet_too_much():
    day, hour = timedelta(days=1), timedelta(hours=1)
    assert Times(AT + day, 4, {"b": AT}).flags() == ()
    ahead = Times(AT + day + hour, 4, {"b": AT, "c": AT + hour})
    assert ahead.flags() == ("the device's clock was 1 days ahead of those who saw the entry",)
    assert Times(None, 4, {"b": AT, "c": AT + day}).flags() == ()
    apart = Times(AT, 4, {"b": AT + 30 * hour, "c": AT, "d": AT + 2 * hour})
    assert apart.flags() == ("the witnesses' clocks are 1 days apart",)
    assert Times(None, 4, {"b": AT, "c": AT + 23 * hour}).flags(hour) == ("the witnesses' clocks are 23 hours apart",)
    for off in (-2, 2):
        token_off = Times(None, 4, {"b": AT}, (token(AT + off * day), token(AT, "unchecked")))
        assert token_off.flags() == ("an authority and the witnesses tell times far apart",)
    assert Times(None, 4, {"b": AT}, (token(AT + day),)).flags() == ()
    assert Times(None, 4, {}, (token(AT),)).flags() == ()
    assert Times(AT + 2 * day, 4, {}, (token(AT + day), token(AT))).flags() != ()
    assert Times(None, 4, {}, (token(AT, "refused"), token(AT, "untrusted"))).flags() == (
        "a token is refused: why", "a token is untrusted: why",
    )  # fmt: skip


def test_a_clock_is_compared_with_the_middle_witness():
    day = timedelta(days=1)
    assert clock_off(AT + day, {"b": AT}) is None
    assert clock_off(AT + day + timedelta(seconds=1), {"b": AT}) == day + timedelta(seconds=1)
    assert clock_off(AT, {"b": AT, "c": AT + 9 * day, "d": AT + 20 * day}) == -9 * day
    assert clock_off(AT, {"b": AT, "c": AT + 9 * day}) == -9 * day
    assert clock_off(AT, {"b": AT + timedelta(hours=2)}, timedelta(hours=1)) == timedelta(hours=-2)
