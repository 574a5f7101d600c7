"""Security keys over CTAP 2 (FIDO Alliance, Client to Authenticator Protocol 2.1) with the extension `hmac-secret`.

The library `fido2` speaks the protocol. A key that has a PIN is asked with it, always: it holds one secret for answers
with the PIN and another for answers without (section 12.5), so a slot says which way it was made.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client, PinRequiredError, UserInteraction
from fido2.ctap import CtapDevice, CtapError
from fido2.ctap2.base import Ctap2
from fido2.ctap2.extensions import HmacSecretExtension
from fido2.ctap2.pin import ClientPin
from fido2.hid import CtapHidDevice
from fido2.webauthn import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRequestOptions,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from corroborate.errors import InputRefused, WrongPassphrase
from corroborate.sealed.slots import SEED, KeySlot

ES256, EDDSA = -7, -8  # COSE algorithms of the credential's own key, which we never use


Devices = Callable[[], Iterable[CtapDevice]]


class Prompt(UserInteraction):
    """How the person is asked: ``touch`` says to touch the key, ``pin`` asks for its PIN."""

    def __init__(self, touch: Callable[[], None], pin: Callable[[], str]) -> None:
        self._touch, self._pin = touch, pin

    def prompt_up(self) -> None:
        self._touch()

    def request_pin(self, permissions: ClientPin.PERMISSION, rp_id: str | None) -> str | None:
        return self._pin()

    def request_uv(self, permissions: ClientPin.PERMISSION, rp_id: str | None) -> bool:
        self._touch()
        return True


class PluggedIn:
    """The security keys that are plugged in. ``devices``: another way to find them, such as a reader's or a test's."""

    def __init__(self, asking: Prompt, devices: Devices = CtapHidDevice.list_devices) -> None:
        self._asking, self._devices = asking, devices

    def enrol(self, party: str, label: str) -> tuple[bytes, bool]:
        """Make a credential on the one key that is plugged in; its id, and whether it is asked with the PIN."""
        found = list(self._devices())
        if len(found) != 1:
            raise InputRefused(
                "{number} security keys are plugged in; plug in the one that is meant alone", number=len(found)
            )
        client = self._client(found[0], party)
        if "hmac-secret" not in client.info.extensions:
            raise InputRefused("this security key cannot keep a secret for a vault (it lacks `hmac-secret`)")
        verified = bool(client.info.options.get("clientPin") or client.info.options.get("uv"))
        options = PublicKeyCredentialCreationOptions(
            rp=PublicKeyCredentialRpEntity(name="Corroborate", id=party),
            user=PublicKeyCredentialUserEntity(name=label, id=os.urandom(16), display_name=label),
            challenge=os.urandom(SEED),
            pub_key_cred_params=[
                PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=alg)
                for alg in (ES256, EDDSA)
            ],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=_asked(verified)
            ),
            extensions={"hmacCreateSecret": True},
        )
        try:
            made = client.make_credential(options)
        except (ClientError, CtapError, PinRequiredError) as error:
            raise WrongPassphrase("the security key made no credential: {said}", said=_said(error)) from error
        if made.client_extension_results.get("hmacCreateSecret") is not True:
            raise InputRefused("this security key cannot keep a secret for a vault (it made none)")
        return made.raw_id, verified

    def answer(self, slots: Sequence[KeySlot]) -> tuple[KeySlot, bytes]:
        """Ask each key for each slot until one answers. A key that does not know a credential is not touched for it."""
        found, refused = list(self._devices()), ""
        if not found:
            raise WrongPassphrase("no security key is plugged in")
        for device in found:
            for slot in slots:
                client = self._client(device, slot.party)
                if not _knows(device, slot):
                    continue
                try:
                    return slot, self._ask(client, slot)
                except (ClientError, CtapError, PinRequiredError) as error:
                    refused = _said(error)
        if refused:
            raise WrongPassphrase("the security key did not answer: {refused}", refused=refused)
        raise WrongPassphrase("no security key that is plugged in belongs to this vault")

    def _client(self, device: CtapDevice, party: str) -> Fido2Client:
        collector = DefaultClientDataCollector(f"https://{party}", verify=lambda rp_id, origin: rp_id == party)
        extensions = [HmacSecretExtension(allow_hmac_secret=True)]  # type: ignore[no-untyped-call]
        return Fido2Client(device, collector, user_interaction=self._asking, extensions=extensions)

    @staticmethod
    def _ask(client: Fido2Client, slot: KeySlot) -> bytes:
        options = PublicKeyCredentialRequestOptions(
            challenge=os.urandom(SEED),
            rp_id=slot.party,
            allow_credentials=[
                PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=slot.credential)
            ],
            user_verification=_asked(slot.verified),
            extensions={"hmacGetSecret": {"salt1": slot.salt}},
        )
        given = client.get_assertion(options).get_response(0).client_extension_results.hmac_get_secret
        if given is None or len(given.output1) != SEED:
            raise WrongPassphrase("the security key answered with something else than 32 bytes")
        return bytes(given.output1)


def _knows(device: CtapDevice, slot: KeySlot) -> bool:
    """CTAP 2.1, section 6.2: without user presence (``up`` false) a key says whether it knows a credential."""
    allow: list[Mapping[str, Any]] = [{"type": "public-key", "id": slot.credential}]
    try:
        Ctap2(device).get_assertion(slot.party, bytes(32), allow, options={"up": False})
    except CtapError as error:
        return error.code not in (CtapError.ERR.NO_CREDENTIALS, CtapError.ERR.INVALID_CREDENTIAL)
    return True


def _asked(verified: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.DISCOURAGED


def _said(error: Exception) -> str:
    """The reason in words for a person: a wrong PIN, no touch in time, or what the key called it."""
    cause = getattr(error, "cause", None) or error
    code = getattr(cause, "code", None)
    words = {
        CtapError.ERR.PIN_INVALID: "the PIN is wrong; after a few more wrong ones the key locks itself",
        CtapError.ERR.PIN_AUTH_BLOCKED: "too many wrong PINs: take the key out and plug it in again",
        CtapError.ERR.PIN_BLOCKED: "the key has locked itself after too many wrong PINs",
        CtapError.ERR.USER_ACTION_TIMEOUT: "it was not touched in time",
        CtapError.ERR.ACTION_TIMEOUT: "it was not touched in time",
        CtapError.ERR.OPERATION_DENIED: "it was not touched",
        CtapError.ERR.NO_CREDENTIALS: "it does not belong to this vault",
    }
    found: str = words.get(code, str(error)) if isinstance(code, CtapError.ERR) else str(error) or "no PIN was given"
    return found
