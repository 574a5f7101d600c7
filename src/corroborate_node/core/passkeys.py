"""Passkeys: what a browser is asked, and whether its answer holds (WebAuthn Level 2, by the fido2 library).

A passkey is bound to the name under which pages are served. An IP address is no such name, so pages are served as
``localhost``, or under the names given with ``--host``.
"""

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from corroborate.errors import InvalidValue

State = dict[str, Any]  # the challenge, kept in the session between question and answer
LONGEST = 20_000  # characters of an answer
_NO_PASSKEY = "the browser's answer is no passkey for this page: load the page again and make another"


@dataclass(frozen=True, slots=True)
class Site:
    """Where pages are served, as a browser sees it. ``scheme``: http or https; ``host``: with its port."""

    organisation: str
    scheme: Literal["http", "https"]
    host: str

    @property
    def name(self) -> str:
        """The host without its port: what passkeys are bound to."""
        return self.host.rpartition(":")[0] if self.host.rpartition(":")[2].isdigit() else self.host

    @property
    def takes_passkeys(self) -> bool:
        """Whether a browser makes passkeys here: for a name, and over TLS unless the name is this machine's."""
        try:
            ipaddress.ip_address(self.name.strip("[]"))
        except ValueError:
            return self.scheme == "https" or self.name == "localhost"
        return False


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as it is kept: its public key with its id, and how often it says that it was used."""

    credential: bytes
    counter: int

    @property
    def id(self) -> bytes:
        return AttestedCredentialData(self.credential).credential_id


def _server(site: Site) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(name=site.organisation, id=site.name)
    return Fido2Server(entity, verify_origin=lambda origin: origin == f"{site.scheme}://{site.host}")


def ask_new(site: Site, user: bytes, name: str, known: Sequence[Passkey]) -> tuple[str, State]:
    """What the browser is asked to make, as JSON, and the challenge to keep. ``user``: an id that names nobody."""
    entity = PublicKeyCredentialUserEntity(id=user, name=name, display_name=name)
    options, state = _server(site).register_begin(
        entity,
        credentials=[AttestedCredentialData(one.credential) for one in known],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.dumps(dict(options)), dict(state)


def take_new(site: Site, state: State, answer: str) -> Passkey:
    """The passkey that a browser made. Raises InvalidValue where the answer is none to what was asked."""
    try:
        made = _server(site).register_complete(state, _read(answer))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InvalidValue("the browser's answer is no passkey of this page: load it again and make another") from error
    if made.credential_data is None:
        raise InvalidValue(_NO_PASSKEY)
    return Passkey(bytes(made.credential_data), made.counter)


def ask(site: Site, known: Sequence[Passkey]) -> tuple[str, State]:
    """What the browser is asked to prove, as JSON, and the challenge to keep."""
    options, state = _server(site).authenticate_begin(
        [AttestedCredentialData(one.credential) for one in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.dumps(dict(options)), dict(state)


def proven(site: Site, state: State, known: Sequence[Passkey], answer: str) -> Passkey | None:
    """The passkey that signed the challenge, with its new counter; None where none did, or where its counter went
    back, which a copy of it shows."""
    try:
        said = AuthenticationResponse.from_dict(_read(answer))
        credentials = [AttestedCredentialData(one.credential) for one in known]
        found = _server(site).authenticate_complete(state, credentials, said)
        counter = said.response.authenticator_data.counter
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    before = next(one for one in known if one.id == found.credential_id)
    if (counter or before.counter > 0) and counter <= before.counter:
        return None
    return Passkey(before.credential, counter)


def _read(answer: str) -> Mapping[str, Any]:
    said = json.loads(answer[:LONGEST])
    if not isinstance(said, dict) or not websafe_decode(str(said.get("rawId", said.get("id", "")))):
        raise ValueError("not an answer of a browser")
    return said
