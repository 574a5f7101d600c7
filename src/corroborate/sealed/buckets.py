"""Sealed bytes in a bucket of any store that speaks S3: Amazon's, or one that somebody runs (MinIO, Ceph, Garage).

Only what is encrypted already goes there, and the vault's own checks tell whether it came back as it was. An object is
there whole or not at all: a small one is one request, of a large one the last request joins the parts.
What is erased is erased with every version that the bucket keeps of it.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from corroborate.errors import InvalidValue, StorageFull, StoreAway
from corroborate.sealed.stores import READ, Look

PART = 8 << 20  # bytes of one part of a large object: what is in memory at once
_GROWS = 2_000  # parts after which they are twice as large: a store takes 10,000 at most
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_WAIT = 10, 60  # seconds to be connected, and for an answer
_TRIES = 3
_FULL = ("QuotaExceeded", "XMinioStorageFull", "EntityTooLarge", "InsufficientStorage")
_REFUSED = ("401", "403", "AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch")
_NO_VERSIONS = ("NotImplemented", "501", "405", "MethodNotAllowed")  # of stores that keep none
KEY, SECRET, TOKEN = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"


@dataclass(frozen=True, slots=True, repr=False)
class Bucket:
    """Where objects lie, and the key of the account that may read, write and erase them there.

    ``folder``: within the bucket, of one vault alone. ``endpoint``: address of the store; empty for Amazon's own.
    """

    name: str
    folder: str
    endpoint: str
    region: str
    key: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        return f"Bucket({self.name!r})"

    @property
    def host(self) -> str:
        return urlsplit(self.endpoint).netloc or "amazonaws.com"

    def same_place(self, other: "Bucket") -> bool:
        """Whether both speak of one bucket, by whatever folder and key."""
        return (self.name, self.endpoint) == (other.name, other.endpoint)


def bucket(address: str, credentials: Mapping[str, str], own: str) -> Bucket:
    """Read ``s3://BUCKET/FOLDER?endpoint=https://…&region=…``. ``own``: a name for this vault's folder in it.

    ``credentials``: by the names that other programs give them in the environment, AWS_ACCESS_KEY_ID and so on.
    Raises InvalidValue: an address that is none, one that goes over a network without TLS, no key.
    """
    parts = urlsplit(address.strip())
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or parts.fragment:
        raise InvalidValue("this is no address of a bucket; s3://BUCKET/FOLDER?endpoint=https://HOST is one")
    if unknown := sorted(asked.keys() - {"endpoint", "region"}):
        raise InvalidValue("the address of a bucket knows endpoint and region, not {unknown}", unknown=unknown[0])
    endpoint = asked.get("endpoint", "").rstrip("/")
    _safe(endpoint)
    key, secret = (credentials.get(one, "") for one in (KEY, SECRET))
    if not key or not secret:
        raise InvalidValue(
            "the bucket needs a key: set {key} and {secret} for this one command; the vault keeps them, encrypted",
            key=KEY,
            secret=SECRET,
        )
    folder = "/".join(one for one in (*parts.path.split("/"), own) if one)
    return Bucket(
        parts.netloc, folder, endpoint, asked.get("region", "us-east-1"), key, secret, credentials.get(TOKEN, "")
    )


def _safe(endpoint: str) -> None:
    if not endpoint:
        return
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InvalidValue("the endpoint of a bucket is an address such as https://HOST")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise InvalidValue(
            "the store at {host} is on another machine: its endpoint begins with https://, so that nobody reads along",
            host=parts.hostname,
        )


class BucketStore:
    """Objects in a bucket. Nothing is asked of it before the first of them is: a vault opens without a network."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self._lock = threading.Lock()
        self._made: Any = None

    def put(self, path: str, parts: Iterable[bytes]) -> None:
        blocks = _blocks(parts)
        first = next(blocks, b"")
        with self._asked():
            if len(first) < PART:
                self._client.put_object(**self._at(path), Body=first)
                return
            whole = chain([first], blocks)
            del first
            self._put_large(path, whole)

    def _put_large(self, path: str, blocks: Iterator[bytes]) -> None:
        upload = {**self._at(path), "UploadId": self._client.create_multipart_upload(**self._at(path))["UploadId"]}
        joined = list[dict[str, Any]]()
        try:
            for block in blocks:
                number = len(joined) + 1
                tag = self._client.upload_part(**upload, PartNumber=number, Body=block)["ETag"]
                joined.append({"PartNumber": number, "ETag": tag})
                del block  # before the next one is read
            self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": joined})
        except BaseException:
            with suppress(StoreAway, StorageFull), self._asked():  # what was wrong first is said
                self._client.abort_multipart_upload(**upload)
            raise

    def get(self, path: str) -> Iterator[bytes]:
        at, tag, tries = 0, None, 0
        while True:
            try:
                with self._asked():
                    for part in self._stream(path, at, tag):
                        if isinstance(part, str):
                            tag = part
                            continue
                        at, tries = at + len(part), 0
                        yield part
                return
            except _Broken as error:  # in the middle: the rest is asked for, of the same writing
                tries += 1
                if tries == _TRIES:
                    raise StoreAway(
                        "the store of sealed files at {host} broke off in the middle of a file", host=self.bucket.host
                    ) from error

    def _stream(self, path: str, at: int, tag: str | None) -> Iterator[bytes | str]:
        """First which writing of the object it is, then its bytes from a place on."""
        more = {} if tag is None else {"Range": f"bytes={at}-", "IfMatch": tag}
        try:
            found = self._client.get_object(**self._at(path), **more)
        except _errors().ClientError as error:
            if _code(error) == "InvalidRange" and at:  # all of it was there already
                return
            if _code(error) in ("NoSuchKey", "404"):
                raise InvalidValue("no sealed file {path}", path=path) from error
            raise
        yield str(found["ETag"])
        try:
            yield from found["Body"].iter_chunks(READ)
        except (_errors().BotoCoreError, OSError) as error:
            raise _Broken from error
        finally:
            found["Body"].close()

    def part(self, path: str, start: int, stop: int) -> bytes:
        with self._asked():
            try:
                found = self._client.get_object(**self._at(path), Range=f"bytes={start}-{stop - 1}")
            except _errors().ClientError as error:
                if _code(error) == "InvalidRange":  # it ends before
                    return b""
                if _code(error) in ("NoSuchKey", "404"):
                    raise InvalidValue("no sealed file {path}", path=path) from error
                raise
            with closing(found["Body"]) as body:
                return bytes(body.read())

    def has(self, path: str) -> bool:
        with self._asked():
            try:
                self._client.head_object(**self._at(path))
            except _errors().ClientError as error:
                if _code(error) in ("NoSuchKey", "404"):
                    return False
                raise
        return True

    def delete(self, path: str) -> None:
        with self._asked():
            versions = self._versions(path)
            for version in [None] if versions is None else versions:
                more = {} if version is None else {"VersionId": version}
                self._client.delete_object(**self._at(path), **more)

    def _versions(self, path: str) -> list[str] | None:
        """Every version of an object, and the marks of its erasing; None: this store keeps no versions."""
        key = self._at(path)["Key"]
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self.bucket.name, Prefix=key)
        try:
            return [
                one["VersionId"]
                for page in pages
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
                if one["Key"] == key
            ]
        except _errors().ClientError as error:
            if _code(error) in _NO_VERSIONS:
                return None
            raise

    def paths(self) -> list[str]:
        start = f"{self.bucket.folder}/"
        with self._asked():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket.name, Prefix=start)
            return sorted(one["Key"].removeprefix(start) for page in pages for one in page.get("Contents", ()))

    def look(self) -> Look:
        """Whether the bucket answers and erases for good; what a crash left of half-sent objects goes."""
        left = self._broken_off()
        with self._asked():
            kept = self._client.get_bucket_versioning(Bucket=self.bucket.name).get("Status")
            if kept:
                self._versions(".")  # raises where the key may not see them
        words = f"bucket {self.bucket.name} at {self.bucket.host} answers"
        words += "; it keeps versions, which are erased with what is erased" if kept else ""
        return Look("good", words + (f"; {left} half-sent files of a crash were erased there" if left else ""))

    def _broken_off(self) -> int:
        """Erase the parts of objects that were never finished: one process has a vault open, and sends none now."""
        start, found = f"{self.bucket.folder}/", list[dict[str, str]]()
        with self._asked():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket.name, Prefix=start)
            try:
                found = [one for page in pages for one in page.get("Uploads", ()) if one["Key"].startswith(start)]
            except _errors().ClientError as error:
                if _code(error) not in _NO_VERSIONS:
                    raise
            for one in found:
                self._client.abort_multipart_upload(Bucket=self.bucket.name, Key=one["Key"], UploadId=one["UploadId"])
        return len(found)

    def prove(self, name: str) -> None:
        """Write an object, read it, and erase it with every version of it, before anything is entrusted to the bucket.

        Raises StoreAway: no such bucket, a key that may not do one of these, a store that does not answer, or one that
        keeps what is erased.
        """
        content = name.encode()
        self.put(name, [content])
        try:
            if b"".join(self.get(name)) != content or name not in self.paths():
                raise StoreAway(
                    "the store at {host} gives back something else than it was given", host=self.bucket.host
                )
        finally:
            self.delete(name)
        with self._asked():
            if self._versions(name) or self.has(name):
                raise StoreAway(
                    "bucket {bucket} keeps what is erased: a withdrawal would not reach it", bucket=self.bucket.name
                )

    def _at(self, path: str) -> dict[str, str]:
        return {"Bucket": self.bucket.name, "Key": f"{self.bucket.folder}/{path}"}

    @property
    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                self._made = _client(self.bucket)
            return self._made

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Errors of the network and of the store in our words."""
        try:
            yield
        except _errors().ClientError as error:
            code = _code(error)
            if code in _FULL:
                raise StorageFull(
                    "the store at {host} takes no more: {code}", host=self.bucket.host, code=code
                ) from error
            raise self._answered(code) from error
        except _errors().BotoCoreError as error:
            raise StoreAway(
                "the store of sealed files at {host} does not answer ({kind})",
                host=self.bucket.host,
                kind=type(error).__name__,
            ) from error

    def _answered(self, code: str) -> StoreAway:
        if code == "NoSuchBucket":
            return StoreAway(
                "the store at {host} has no bucket {bucket}", host=self.bucket.host, bucket=self.bucket.name
            )
        if code in _REFUSED:
            return StoreAway(
                "the store at {host} refuses this vault's key for bucket {bucket}: {code}",
                host=self.bucket.host,
                bucket=self.bucket.name,
                code=code,
            )
        return StoreAway("the store at {host} answered {code}", host=self.bucket.host, code=code)


class _Broken(Exception):
    """The connection ended in the middle of an object."""


def _blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks as a store wants them, each as large as a part of an object and the last one smaller."""
    waiting, size, number = list[bytes](), 0, 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        while size >= (most := PART << (number // _GROWS)):
            over = size - most
            waiting[-1], rest = part[: len(part) - over], part[len(part) - over :]
            block = b"".join(waiting)
            waiting, size, number, part = [rest], over, number + 1, rest
            yield block
            del block
    if size:
        yield b"".join(waiting)


def _errors() -> Any:
    """What botocore raises, which only an extra brings. Raises ModuleNotFoundError."""
    return import_module("botocore.exceptions")


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code") or "?")


def _client(bucket: Bucket) -> Any:
    """The driver for one bucket. It reads no file of this machine and no setting of the environment: what the vault
    does must not hang on who started it."""
    read = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    session = import_module("botocore.session").Session({**read, "profile": (None, None, None, None)})
    connected, answered = _WAIT
    config = import_module("botocore.config").Config(
        connect_timeout=connected,
        read_timeout=answered,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
        s3={"addressing_style": "path" if bucket.endpoint else "auto"},
        # sums of its own, which older stores do not know; each part of ours has a code of its own
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        ignore_configured_endpoint_urls=True,
    )
    return session.create_client(
        "s3",
        region_name=bucket.region,
        endpoint_url=bucket.endpoint or None,
        aws_access_key_id=bucket.key,
        aws_secret_access_key=bucket.secret,
        aws_session_token=bucket.token or None,
        config=config,
    )


__all__ = ["Bucket", "BucketStore", "bucket"]
