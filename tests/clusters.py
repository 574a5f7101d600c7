"""A PostgreSQL of the tests' own: in a temporary folder, reached by a socket in it alone, ended with them."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_VERSIONS = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """Where the newest PostgreSQL's programs are; None: there is none."""
    found = sorted(_VERSIONS.glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Cluster:
    """A running server. ``folder``: its files, the write-ahead log among them."""

    folder: Path
    address: str
    bin: Path
    user: str  # of the system, whose it is

    def as_server(self, *command: str) -> str:
        """Run one of PostgreSQL's own programs; what it printed."""
        done = subprocess.run(_as(self.user, [str(self.bin / command[0]), *command[1:]]), capture_output=True, cwd="/")
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def sql(self, text: str) -> str:
        return self.as_server(
            "psql", "-X", "-A", "-t", "-h", str(self.folder), "-U", "tests", "-d", "tests", "-c", text
        )

    def dump(self) -> bytes:
        """Everything in the database, as its own program writes it."""
        return self.as_server("pg_dump", "-h", str(self.folder), "-U", "tests", "tests").encode()


def _as(user: str, command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: its own account does it then."""
    return command if os.geteuid() else ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]


@contextmanager
def running() -> Iterator[Cluster]:
    found = programs()
    assert found is not None
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path must be short
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        made = Cluster(folder, f"postgresql:///tests?host={folder}&user=tests", found, user)
        made.as_server(
            "initdb", "-D", str(folder / "data"), "-U", "tests", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync",
        )  # fmt: skip
        options = [
            f"unix_socket_directories={folder}",
            "listen_addresses=",
            "fsync=off",
            "max_connections=40",
            "max_locks_per_transaction=1024",
        ]  # a dump of all the vaults of the tests locks each table
        command = [str(found / "postgres"), "-D", str(folder / "data")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                _as(user, [*command, *(part for one in options for part in ("-c", one))]), stderr=log, cwd="/"
            )
        try:
            _wait(made, server)
            made.as_server("createdb", "-h", str(folder), "-U", "tests", "tests")
            yield made
        finally:
            server.terminate()
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(cluster: Cluster, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert server.poll() is None, (cluster.folder / "log").read_text()
        if (cluster.folder / ".s.PGSQL.5432").exists():
            ready = [str(cluster.bin / "pg_isready"), "-q", "-h", str(cluster.folder)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not start within 30 seconds")
