"""The other side of CTAP 2.1: a security key in software, for tests. It shares no code with what it talks to but CBOR.

What it does is written after the specification: authenticatorGetInfo (6.4), authenticatorClientPIN with PIN/UV auth
protocol two (6.5), authenticatorMakeCredential (6.1), authenticatorGetAssertion (6.2), `hmac-secret` (12.5).
"""

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fido2 import cbor
from fido2.ctap import CtapDevice
from fido2.hid import CAPABILITY, CTAPHID

OK, OTHER, INVALID_CBOR, NO_CREDENTIALS, DENIED = 0x00, 0x7F, 0x12, 0x2E, 0x27
PIN_INVALID, PIN_AUTH_INVALID, PUAT_REQUIRED, PIN_AUTH_BLOCKED = 0x31, 0x33, 0x36, 0x34
UP, UV, AT, ED = 0x01, 0x04, 0x40, 0x80


class Refused(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


@dataclass
class Credential:
    party: str
    key: ec.EllipticCurvePrivateKey
    with_uv: bytes = field(default_factory=lambda: os.urandom(32))
    without_uv: bytes = field(default_factory=lambda: os.urandom(32))


class Authenticator(CtapDevice):
    """One security key. ``touched``: whether its person touches it. ``secret``: whether it knows `hmac-secret`."""

    def __init__(self, pin: str = "", *, touched: bool = True, secret: bool = True) -> None:
        self.pin, self.touched, self.secret = pin, touched, secret
        self.credentials: dict[bytes, Credential] = {}
        self.agreement = ec.generate_private_key(ec.SECP256R1())
        self.token, self.wrong, self.touches = os.urandom(32), 0, 0

    @property
    def capabilities(self) -> int:
        return CAPABILITY.CBOR

    def close(self) -> None:
        pass

    @classmethod
    def list_devices(cls):
        return iter(())

    def call(self, cmd, data=b"", event=None, on_keepalive=None):
        assert cmd == CTAPHID.CBOR
        asked = cbor.decode(data[1:]) if len(data) > 1 else {}
        commands = {0x01: self._make, 0x02: self._assert, 0x04: self._info, 0x06: self._client_pin}
        try:
            answer = commands[data[0]](asked)
        except Refused as refused:
            return bytes([refused.status])
        return bytes([OK]) + cbor.encode(answer)

    def _info(self, _):
        return {
            1: ["FIDO_2_0", "FIDO_2_1"], 2: ["hmac-secret"] if self.secret else [], 3: bytes(16),
            4: {"rk": False, "up": True, "clientPin": bool(self.pin), "pinUvAuthToken": True},
            5: 2048, 6: [2], 7: 8, 8: 128,
        }  # fmt: skip

    # PIN/UV auth protocol two (6.5.7)

    def _shared(self, cose):
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(cose[-2], "big"), int.from_bytes(cose[-3], "big"), ec.SECP256R1()
        )
        z = self.agreement.exchange(ec.ECDH(), numbers.public_key())
        return tuple(
            HKDF(hashes.SHA256(), 32, bytes(32), info).derive(z) for info in (b"CTAP2 HMAC key", b"CTAP2 AES key")
        )

    @staticmethod
    def _decrypt(key, content):
        cipher = Cipher(algorithms.AES(key), modes.CBC(content[:16])).decryptor()
        return cipher.update(content[16:]) + cipher.finalize()

    @staticmethod
    def _encrypt(key, content):
        start = os.urandom(16)
        cipher = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
        return start + cipher.update(content) + cipher.finalize()

    def _client_pin(self, asked):
        assert asked[1] == 2
        if asked[2] == 0x02:  # getKeyAgreement
            at = self.agreement.public_key().public_numbers()
            return {1: {1: 2, 3: -25, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")}}
        if asked[2] == 0x09:  # getPinUvAuthTokenUsingPinWithPermissions
            if self.wrong >= 3:
                raise Refused(PIN_AUTH_BLOCKED)
            _, aes = self._shared(asked[3])
            given = self._decrypt(aes, asked[6])
            if not hmac.compare_digest(given, hashlib.sha256(self.pin.encode()).digest()[:16]):
                self.wrong += 1
                self.agreement = ec.generate_private_key(ec.SECP256R1())
                raise Refused(PIN_INVALID)
            self.wrong = 0
            return {2: self._encrypt(aes, self.token)}
        raise Refused(OTHER)

    def _verified(self, asked, param, version, digest):
        """Whether the PIN was shown: the token's HMAC over the client data's hash."""
        if param not in asked:
            return False
        assert asked[version] == 2
        if not hmac.compare_digest(asked[param], hmac.new(self.token, digest, "sha256").digest()):
            raise Refused(PIN_AUTH_INVALID)
        return True

    def _touch(self):
        if not self.touched:
            raise Refused(DENIED)
        self.touches += 1

    def _make(self, asked):
        verified = self._verified(asked, 8, 9, asked[1])
        if self.pin and not verified:
            raise Refused(PUAT_REQUIRED)
        self._touch()
        id_, made = os.urandom(32), Credential(asked[2]["id"], ec.generate_private_key(ec.SECP256R1()))
        self.credentials[id_] = made
        at = made.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")}
        extensions = {"hmac-secret": True} if self.secret and asked.get(6, {}).get("hmac-secret") is True else None
        attested = bytes(16) + struct.pack(">H", len(id_)) + id_ + cbor.encode(cose)
        flags = UP | AT | (UV if verified else 0) | (ED if extensions else 0)
        return {1: "none", 2: self._data(made.party, flags, attested, extensions), 3: {}}

    @staticmethod
    def _data(party, flags, attested=b"", extensions=None):
        head = hashlib.sha256(party.encode()).digest() + struct.pack(">BI", flags, 1)
        return head + attested + (cbor.encode(extensions) if extensions else b"")

    def _assert(self, asked):
        verified = self._verified(asked, 6, 7, asked[2])
        mine = [one["id"] for one in asked.get(3, ()) if one["id"] in self.credentials]
        mine = [id_ for id_ in mine if self.credentials[id_].party == asked[1]]
        present = asked.get(5, {}).get("up", True)
        if present:
            self._touch()
        if not mine:
            raise Refused(NO_CREDENTIALS)
        found, extensions = self.credentials[mine[0]], None
        if "hmac-secret" in asked.get(4, {}) and present:
            extensions = {"hmac-secret": self._secret(asked[4]["hmac-secret"], found, verified)}
        flags = (UP if present else 0) | (UV if verified else 0) | (ED if extensions else 0)
        data = self._data(found.party, flags, extensions=extensions)
        signature = found.key.sign(data + asked[2], ec.ECDSA(hashes.SHA256()))
        return {1: {"id": mine[0], "type": "public-key"}, 2: data, 3: signature}

    def _secret(self, given, credential, verified):
        assert given[4] == 2
        mac, aes = self._shared(given[1])
        if not hmac.compare_digest(given[3], hmac.new(mac, given[2], "sha256").digest()):
            raise Refused(PIN_AUTH_INVALID)
        salt = self._decrypt(aes, given[2])
        assert len(salt) in (32, 64)
        secret = credential.with_uv if verified else credential.without_uv
        return self._encrypt(aes, hmac.new(secret, salt[:32], "sha256").digest())
