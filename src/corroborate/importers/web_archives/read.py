"""Archived web pages: what was fetched from where and when, and whether the kept bytes are still those. A file of
OpenTimestamps: of which file it is, and what it claims, which is checked elsewhere.

A digest says that nothing changed since the archive was made. It does not say that the page was so on the web.
"""

import base64
import hashlib
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportSource
from corroborate.tables import File
from corroborate.translation import Sentence
from corroborate.values import JSON

_LARGEST = 512 << 20  # bytes, unpacked
_HEAD = 1 << 16  # bytes of the headers of one record
_OTS = bytes.fromhex("004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294")
_PENDING, _BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")
_DIGESTS = {"sha1": 20, "sha256": 32, "md5": 16}


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(64)
    if begins.startswith(_OTS):
        return True
    if begins.startswith(b"WARC/1."):
        return True
    try:
        if begins.startswith(b"\x1f\x8b"):
            with file.open() as opened:
                return next(_unpacked(opened.read(1 << 20), 1 << 20), b"").startswith(b"WARC/1.")
        if begins.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(file.open()) as members:
                names = members.namelist()
            return "datapackage.json" in names and any(name.startswith("archive/") for name in names)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        return False
    return False


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    content = file.read()
    if content.startswith(_OTS):
        return _time_stamp(file, content)
    notices: list[str] = []
    if content.startswith(b"PK"):
        return _wacz(file.name, content, notices)
    sources = _pages(file.name, list(_records(content, file.name)), {}, notices)
    return Export("web_archives", sources=tuple(sources), notices=tuple(notices))


# --- WACZ -------------------------------------------------------------------------------------------------------------


def _wacz(name: str, content: bytes, notices: list[str]) -> Export:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as members:
            if sum(one.file_size for one in members.infolist()) > _LARGEST:
                raise InputRefused("{name} would unpack to more than {largest} MB", name=name, largest=_LARGEST >> 20)
            files = {one: members.read(one) for one in members.namelist() if not one.endswith("/")}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise InputRefused(
            "{name} is no WACZ that can be read: {error}; it may be damaged", name=name, error=error
        ) from error
    package = json.loads(files["datapackage.json"])
    changed = _checked(name, files, package, notices)
    titles = _titles(files.get("pages/pages.jsonl", b""))
    sources: list[ExportSource] = []
    for path in sorted(files):
        if path.startswith("archive/") and path.endswith((".warc.gz", ".warc")):
            try:
                sources += _pages(name, list(_records(files[path], f"{name}, {path}")), titles, notices)
            except InputRefused as broken:
                if not changed:
                    raise
                notices.append(str(broken))
                sources.append(ExportSource(path, None, "web archive"))
    state = "hash mismatch" if changed else "hashes checked"
    made = (replace(one, more={**one.more, "file": name, "state": state}) for one in sources)
    return Export("web_archives", sources=tuple(made), notices=tuple(dict.fromkeys(notices)))


def _checked(name: str, files: Mapping[str, bytes], package: Mapping[str, JSON], notices: list[str]) -> bool:
    """Whether anything differs from what the archive says of itself; each difference is said."""
    wrong: list[str] = []
    listed = set()
    listing = package.get("resources")
    resources = [one for one in listing if isinstance(one, dict)] if isinstance(listing, list) else []
    for one in resources:
        path = str(one.get("path"))
        listed.add(path)
        if path not in files:
            wrong.append(Sentence("{path} is not in it", path=path))
        elif not _is_digest(files[path], str(one.get("hash"))):
            wrong.append(Sentence("{path} is NOT what was archived: its hash differs", path=path))
    unlisted = sorted(set(files) - listed - {"datapackage.json", "datapackage-digest.json"})
    if unlisted:
        wrong.append(Sentence("{listed} is listed nowhere in it", listed=", ".join(unlisted[:5])))
    digest = json.loads(files.get("datapackage-digest.json", b"{}"))
    if not digest:
        notices.append(Sentence("{name} has no digest of its list: the list itself may have been changed", name=name))
    elif not _is_digest(files["datapackage.json"], str(digest.get("hash"))):
        wrong.append(Sentence("datapackage.json is NOT what was archived: its hash differs"))
    notices += [f"{name}: {one}" for one in wrong]
    if any(not str(one.get("hash")).startswith("sha256:") for one in resources):
        notices.append(
            Sentence("{name}: its hashes are of a kind that can be forged; those of SHA-256 cannot", name=name)
        )
    notices.append(_signed(name, digest, files["datapackage.json"]))
    return bool(wrong)


def _is_digest(content: bytes, said: str) -> bool:
    kind, _, digest = said.partition(":")
    return kind in ("sha256", "md5", "sha1") and hashlib.new(kind, content, usedforsecurity=False).hexdigest() == digest


def _signed(name: str, digest: Mapping[str, JSON], package: bytes) -> str:
    signed = digest.get("signedData")
    if not isinstance(signed, dict):
        return Sentence("{name} is not signed: whoever changes a file in it can change its hash as well", name=name)
    if "domain" in signed or not signed.get("publicKey"):
        return Sentence(
            "{name} names a domain as its signer ({signed}), which was not checked",
            name=name,
            signed=signed.get("domain"),
        )
    try:
        key = load_der_public_key(base64.b64decode(str(signed["publicKey"]), validate=True))
        raw = base64.b64decode(str(signed["signature"]), validate=True)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return Sentence(
                "{name} is signed with a kind of key that is not known here, and was not checked", name=name
            )
        half = len(raw) // 2
        numbers = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
        key.verify(numbers, str(signed["hash"]).encode(), ec.ECDSA(SHA256()))
    except (ValueError, KeyError, InvalidSignature):
        return Sentence("{name}: its signature is NOT valid", name=name)
    if not _is_digest(package, str(signed["hash"])):
        return Sentence("{name}: its signature is of another archive", name=name)
    return Sentence("{name} is signed, and its signature is valid; whose key it is, nothing in it says", name=name)


def _titles(pages: bytes) -> dict[str, str]:
    found = {}
    for line in pages.decode("utf-8", errors="replace").splitlines():
        if line.strip():
            said = json.loads(line)
            if isinstance(said, dict) and said.get("url") and said.get("title"):
                found[str(said["url"])] = str(said["title"])
    return found


# --- WARC -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Record:
    headers: Mapping[str, str]
    block: bytes


def _unpacked(content: bytes, most: int) -> Iterator[bytes]:
    """Each member of a gzip file: a record of an archive is one."""
    total = 0
    while content:
        unpacker = zlib.decompressobj(31)
        part = unpacker.decompress(content, most - total + 1)
        total += len(part)
        yield part
        if total > most:
            raise InputRefused("it would unpack to more than {most} MB", most=most >> 20)
        if not unpacker.eof:
            raise EOFError("a record breaks off")
        content = unpacker.unused_data


def _records(content: bytes, name: str) -> Iterator[_Record]:
    try:
        plain = b"".join(_unpacked(content, _LARGEST)) if content.startswith(b"\x1f\x8b") else content
        at = 0
        while at < len(plain):
            end = plain.find(b"\r\n\r\n", at, at + _HEAD)
            if not plain.startswith(b"WARC/1.", at) or end < 0:
                raise ValueError(f"there is no record at byte {at:,}")
            headers = _headers(plain[at:end])
            begin, length = end + 4, int(headers.get("content-length", "-1"))
            if length < 0 or begin + length > len(plain):
                raise ValueError(f"the record at byte {at:,} breaks off")
            yield _Record(headers, plain[begin : begin + length])
            at = begin + length
            while plain[at : at + 2] == b"\r\n":
                at += 2
    except (ValueError, zlib.error, EOFError) as error:
        raise InputRefused(
            "{name} is no web archive that can be read: {error}; it may be damaged", name=name, error=error
        ) from error


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", errors="replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _pages(
    name: str, records: list[_Record], titles: Mapping[str, str], notices: list[str]
) -> list[ExportSource]:  # fmt: skip
    """The pages of an archive; pictures and other files stand under the page that was fetched before them."""
    pages: list[ExportSource] = []
    resources: dict[str, list[JSON]] = {}
    for one in records:
        kind, url = one.headers.get("warc-type"), one.headers.get("warc-target-uri", "").strip("<>")
        for said, content in ((one.headers.get("warc-block-digest"), one.block), *_payload(one)):
            if said and not _is_warc_digest(content, said):
                notices.append(
                    Sentence("{name}: {url} is NOT what was archived: its digest differs", name=name, url=url or kind)
                )
        if kind not in ("response", "resource"):
            continue
        head, _, body = one.block.partition(b"\r\n\r\n") if kind == "response" else (b"", b"", one.block)
        mime = _headers(head).get("content-type", one.headers.get("content-type", "")).partition(";")[0]
        if "html" in mime or not pages:
            text = body[: 1 << 20].decode("utf-8", errors="replace")
            found = _TITLE.search(text)
            title = titles.get(url) or (html.unescape(found[1].strip()) if found else None)
            resources[url] = []
            digest: JSON = hashlib.sha256(body).hexdigest()
            pages.append(ExportSource(url, title, "web page" if "html" in mime else mime or None,
                                    one.headers.get("warc-date"), url,
                                    {"resources": resources[url], "sha256": digest}))  # fmt: skip
        else:
            resources[pages[-1].key].append(url)
    if not pages:
        notices.append(Sentence("{name} holds no page: requests and descriptions alone", name=name))
    return pages


_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)


def _payload(one: _Record) -> list[tuple[str | None, bytes]]:
    if one.headers.get("warc-type") != "response":
        return []
    return [(one.headers.get("warc-payload-digest"), one.block.partition(b"\r\n\r\n")[2])]


def _is_warc_digest(content: bytes, said: str) -> bool:
    """Digests of archives are in base 32, some in hex. One of a kind that is not known is not checked."""
    kind, _, text = said.lower().partition(":")
    if kind not in _DIGESTS:
        return True
    digest = hashlib.new(kind, content, usedforsecurity=False).digest()
    return text in (
        digest.hex(),
        base64.b32encode(digest).decode().lower(),
        base64.b32encode(digest).decode().lower().rstrip("="),
    )


# --- OpenTimestamps ---------------------------------------------------------------------------------------------------


def _time_stamp(file: File, content: bytes) -> Export:
    """What a time stamp is of, and what it claims. What it claims is proved by nothing that is read here."""
    at = len(_OTS) + 1  # a byte for the version
    if content[at : at + 1] != b"\x08":
        raise InputRefused("{name} is a time stamp of a digest that is not SHA-256", name=file.name)
    digest = content[at + 1 : at + 33].hex()
    calendars = [
        found[1].decode("ascii", errors="replace") for found in re.finditer(rb"(https?://[\x21-\x7e]+)", content)
    ]
    blocks = [_block(content, found.end()) for found in re.finditer(re.escape(_BITCOIN), content)]
    more: dict[str, JSON] = {"file": file.name, "sha256": digest}
    if calendars:
        more["calendar"] = calendars[0] if len(calendars) == 1 else list[JSON](calendars)
    if blocks:
        more["state"] = f"claims Bitcoin block {blocks[0]}, which was not checked"
    else:
        more["state"] = "pending" if _PENDING in content else "unknown"
    notices = ["a pending time stamp proves nothing yet" if not blocks else "a block is claimed, and was not checked"]
    beside = file.path.with_suffix("") if file.path is not None else None
    of = _of_which(beside, digest, notices)
    if of is not None:
        more["digest_of"] = of
    stamped = () if of is None or beside is None else (beside.with_name(of),)
    source = ExportSource("ots", None, "time stamp", None, None, more)
    return Export("web_archives", sources=(source,), notices=tuple(notices), read_too=stamped)


def _block(content: bytes, at: int) -> int:
    """The height of a block: a length, then seven bits a byte."""
    number = shift = 0
    for byte in content[at + 1 : at + 8]:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return number


def _of_which(beside: Path | None, digest: str, notices: list[str]) -> str | None:
    if beside is None:
        return None
    near = [
        beside,
        *(path for path in sorted(beside.parent.glob(f"{beside.name.partition('.')[0]}*")) if path.is_file()),
    ]
    for path in near:
        if path.is_file() and path.stat().st_size <= _LARGEST:
            with path.open("rb") as opened:
                if hashlib.file_digest(opened, "sha256").hexdigest() == digest:
                    return path.name
    notices.append(Sentence("no file beside it has the digest that it is of"))
    return None
