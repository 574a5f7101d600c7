"""What a file says of its own making: a manifest of C2PA, signed by the camera or program that made it.

The signature says that the file is as it was signed. It does not say whose key signed (no list of trusted keys is
shipped: a key that anybody makes signs as validly as a camera's), nor that what the file shows is so.
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, Self

from corroborate.errors import InputRefused

MOST, LONGEST = 60, 300  # things told of a file, and characters of each
# Nothing is fetched: neither a manifest that lies elsewhere nor whether a certificate was revoked
_SETTINGS = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
# Of the program's own making: digests and small pictures, which tell a reader nothing
_SILENT = ("c2pa.hash", "c2pa.thumbnail", "c2pa.ingredient.thumbnail", "@context", "@type")
_UNTRUSTED = "signingCredential.untrusted"


@dataclass(frozen=True, slots=True)
class Vouched:
    """``altered``: the file, or what it says of itself, was changed after it was signed. ``wrong``: the codes of the
    standard for what does not hold. ``told``: what it says, as (what, value)."""

    altered: bool
    signer: str
    issuer: str
    signed: str  # when, as a time stamp in the manifest says; empty where it has none
    program: str
    told: tuple[tuple[str, str], ...]
    wrong: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        told = tuple((str(what), str(value)) for what, value in said["told"])
        return cls(**{**said, "told": told, "wrong": tuple(said["wrong"])})


def vouched(media: str, content: bytes) -> Vouched | None:
    """What a file of a media type says of itself; None where it says nothing. Raises InputRefused where the part that
    reads such manifests is not installed, or cannot read this one."""
    try:
        c2pa: Any = import_module("c2pa")  # of an extra: everything else that draws files does without
    except (ImportError, OSError) as missing:
        raise InputRefused("what this file says of its own making is not read: the part `c2pa` is not installed") from (
            missing
        )
    try:
        context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
        with c2pa.Reader(media, io.BytesIO(content), context=context) as reader:
            return _read(json.loads(reader.json()), reader.get_validation_state() or "")
    except c2pa.C2paError.ManifestNotFound:
        return None
    except c2pa.C2paError.NotSupported:
        return None
    except (c2pa.C2paError, ValueError, KeyError, TypeError) as error:
        raise InputRefused("what this file says of its own making cannot be read: it may be damaged") from error


def _read(store: Mapping[str, Any], state: str) -> Vouched:
    manifest = store["manifests"][store["active_manifest"]]
    signature = manifest.get("signature_info") or {}
    programs = manifest.get("claim_generator_info") or []
    named = [" ".join(_short(one.get(part, "")) for part in ("name", "version")).strip() for one in programs]
    wrong = sorted({str(one.get("code", "")) for one in _failures(store)} - {_UNTRUSTED, ""})
    told = [
        (what, value)
        for one in manifest.get("assertions") or ()
        if not str(one.get("label", "")).startswith(_SILENT)
        for what, value in _flat(str(one.get("label", "")), one.get("data"))
    ]
    if title := manifest.get("title"):
        told.insert(0, ("title", _short(title)))
    return Vouched(
        bool(wrong) or state == "Invalid",
        _short(signature.get("common_name") or ""),
        _short(signature.get("issuer") or ""),
        _short(signature.get("time") or ""),
        ", ".join(one for one in named if one) or _short(manifest.get("claim_generator") or ""),
        tuple(told[:MOST]),
        tuple(wrong[:MOST]),
    )


def _failures(store: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    results = store.get("validation_results") or {}
    yield from (results.get("activeManifest") or {}).get("failure") or ()
    for one in results.get("ingredientDeltas") or ():
        yield from ((one.get("validationDeltas") or {}).get("failure")) or ()
    yield from store.get("validation_status") or ()


def _flat(what: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every value of an assertion, with the way to it."""
    if depth > 8:
        return
    if isinstance(value, Mapping):
        for key, part in value.items():
            if not str(key).startswith(_SILENT):
                yield from _flat(f"{what} · {_short(key)}", part, depth + 1)
    elif isinstance(value, list):
        for part in value[:MOST]:
            yield from _flat(what, part, depth + 1)
    elif value not in (None, ""):
        yield _short(what), _short(value)


def _short(text: object) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


__all__ = ["Vouched", "vouched"]
