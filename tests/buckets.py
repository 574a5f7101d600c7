"""A store that speaks S3, of the tests' own: moto's server on loopback, which checks keys, rights and signatures."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

_OPENING = 4  # what the server lets anybody do first: make the account whose key everything else needs
ALL = ({"Effect": "Allow", "Action": "s3:*", "Resource": "*"},)


def there() -> bool:
    return all(find_spec(one) for one in ("moto", "flask", "flask_cors", "boto3"))


@dataclass(frozen=True)
class Server:
    """``reader``: another program's eyes on the buckets, with every right."""

    port: int
    reader: Any
    accounts: Any

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def key(self, name: str, *statements: dict[str, str]) -> dict[str, str]:
        """The key of a new account that may do so much, as it stands in an environment."""
        return _key(self.accounts, name, statements or ALL)

    def bucket(self, name: str, *, versions: bool = False, **options: Any) -> str:
        self.reader.create_bucket(Bucket=name, **options)
        if versions:
            self.reader.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def objects(self, bucket: str) -> dict[str, bytes]:
        """Every object, every version of it, by name and number; parts of none that is not finished."""
        found = self.reader.list_object_versions(Bucket=bucket)
        return {
            f"{one['Key']}@{one['VersionId']}": self.reader.get_object(
                Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"]
            )["Body"].read()
            for one in found.get("Versions", ())
        } | {f"{one['Key']}@{one['VersionId']} erased": b"" for one in found.get("DeleteMarkers", ())}

    def unfinished(self, bucket: str) -> list[str]:
        return [one["Key"] for one in self.reader.list_multipart_uploads(Bucket=bucket).get("Uploads", ())]


def _key(accounts: Any, name: str, statements: tuple[dict[str, str], ...]) -> dict[str, str]:
    accounts.create_user(UserName=name)
    made = accounts.create_access_key(UserName=name)["AccessKey"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    accounts.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=policy)
    return {"AWS_ACCESS_KEY_ID": made["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"]}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running() -> Iterator[Server]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(_OPENING)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, server)
        yield _opened(port)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert server.poll() is None, "moto's server ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("moto's server did not start within a minute")


def _opened(port: int) -> Server:
    import boto3

    def client(kind: str, key: dict[str, str]) -> Any:
        return boto3.client(
            kind, endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1",
            aws_access_key_id=key["AWS_ACCESS_KEY_ID"], aws_secret_access_key=key["AWS_SECRET_ACCESS_KEY"],
        )  # fmt: skip

    nobody = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nobody"}
    every = ({"Effect": "Allow", "Action": "*", "Resource": "*"},)
    key = _key(client("iam", nobody), "keeper", every)
    found = Server(port, client("s3", key), client("iam", key))
    with suppress(Exception):  # the last of what anybody may do
        client("iam", nobody).list_users()
    return found


class Road:
    """A way to a server that can be closed, and that breaks off once after so many bytes of answers or of questions."""

    def __init__(self, to: int) -> None:
        self.port, self._to = free_port(), to
        self.answers: int | None = None  # bytes before it breaks off, once
        self.questions: int | None = None
        self.still = threading.Event()  # set: nothing goes through, and nothing is said
        self.asked = threading.Event()  # set: somebody has come
        self._listening: socket.socket | None = None
        self._ends: list[socket.socket] = []
        self.open()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen(50)
        self._listening = listening
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def close(self) -> None:
        """Nobody answers there any more, nor on what was begun."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        for one in self._ends:
            _end(one)
        self._ends = []

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                come, _ = listening.accept()
            except OSError:
                return
            self.asked.set()
            gone = socket.create_connection(("127.0.0.1", self._to))
            self._ends = [*self._ends, come, gone]
            threading.Thread(target=self._pass, args=(come, gone, "questions"), daemon=True).start()
            threading.Thread(target=self._pass, args=(gone, come, "answers"), daemon=True).start()

    def _pass(self, of: socket.socket, to: socket.socket, way: str) -> None:
        with suppress(OSError):
            while part := of.recv(1 << 16):
                left = getattr(self, way)
                if left is not None:
                    setattr(self, way, left - len(part))
                    if left < len(part):
                        to.sendall(part[:left])
                        setattr(self, way, None)
                        break
                while self.still.is_set():
                    time.sleep(0.01)
                to.sendall(part)
        _end(of)
        _end(to)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
