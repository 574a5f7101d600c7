"""Kill a process that takes records in and signs, again and again, and look at what is left each time.

    python crashing.py FOLDER PASSPHRASE TRIALS SEED

Run as a process of its own, which forks one child for each trial: the child stores and signs until it dies by SIGKILL,
at one of the log's fsyncs (each in turn) or at a random moment, in the database's own writes too. A second child looks.
Prints one JSON object.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from corroborate.custody import Checkpoint, Log, Note
from corroborate.records import Entity
from corroborate.values import new_id
from corroborate_node import api
from corroborate_node.core import configuration, opened
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.records import actions as records_actions

AT = datetime(2026, 3, 1, tzinfo=UTC)
BATCH, ROUNDS = 3, 2


@contextmanager
def opening(vault: opened.Vault):
    opened.enter(vault)
    try:
        configuration.configure(vault)
        yield
    finally:
        configuration.close()
        opened.leave()


def work(vault: opened.Vault, say: Callable[[str], None], trial: int, rounds: int) -> None:
    """Take in and sign; say so only when the call came back."""
    with opening(vault):
        say("B")
        for turn in range(rounds):
            ids = [f"{trial:04x}{turn:02x}{n:014x}" for n in range(BATCH)]
            people = [Entity(new_id("person", milliseconds=1, randomness=bytes.fromhex(one)), "person") for one in ids]
            say(f"R {records_actions.receive(owner(vault, AT), people, [], [], []).size}")
            found = Checkpoint.parse(Note.parse(log_actions.checkpoint(owner(vault, AT))).text)
            say(f"C {found.size} {found.root.hex()}")


def in_child(call: Callable[[Callable[[str], None]], None], kill_after: float | None = None) -> tuple[list[str], bool]:
    """What a child said, and whether it was killed. ``kill_after``: seconds after its first word."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            call(lambda line: (os.write(write, (line + "\n").encode()), None)[1])
        except BaseException as error:  # noqa: BLE001 - whatever it was, the parent must hear of it
            os.write(write, f"E {type(error).__name__}: {error}\n".encode())
            os._exit(3)
        os._exit(0)
    os.close(write)
    said = b""
    if kill_after is not None:
        said = os.read(read, 1 << 16)
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    while part := os.read(read, 1 << 16):
        said += part
    os.close(read)
    _, status = os.waitpid(child, 0)
    return said.decode().splitlines(), os.WIFSIGNALED(status)


def dying_at(number: int, call: Callable[[Callable[[str], None]], None]) -> Callable[[Callable[[str], None]], None]:
    """The call, in a process that is killed in place of its fsync number ``number`` (the first is 0)."""

    def run(say: Callable[[str], None]) -> None:
        calls, real = [0], os.fsync

        def fsync(descriptor: int) -> None:
            if calls[0] == number:
                os.kill(os.getpid(), signal.SIGKILL)
            calls[0] += 1
            real(descriptor)

        os.fsync = fsync
        call(say)

    return run


def look(vault: opened.Vault, said: list[str], thorough: bool) -> Callable[[Callable[[str], None]], None]:
    """Is everything that was acknowledged there, and does everything that is there hold together?"""

    def run(say: Callable[[str], None]) -> None:
        with opening(vault):
            from corroborate_node.core.vaults import check_database
            from corroborate_node.log.models import LogEntry
            from corroborate_node.records.models import Entity as Row

            if thorough:
                check_database(vault)  # every page of the database against its authentication code
            entries = LogEntry.objects.count()
            assert Row.objects.count() == LogEntry.objects.filter(kind="entity").count() == entries, (
                "a record without seal"
            )
            acknowledged = [int(line.split()[1]) for line in said if line[0] == "R"]
            assert entries >= max(acknowledged, default=0), "an acknowledged record is lost"
            log = Log.at(vault.log)
            published = log.check()  # before anything is repaired: no torn tile under a published checkpoint
            signed = [line.split()[1:] for line in said if line[0] == "C"]
            assert published >= max((int(size) for size, _ in signed), default=0), "an acknowledged checkpoint is lost"
            size = Checkpoint.parse(Note.parse(log_actions.checkpoint(owner(vault, AT))).text).size
            assert size == entries == log.check()
            for one, root in signed:
                assert log.tree().root(int(one)).hex() == root, "the log does not go on from what it signed"
            assert not thorough or not [one for one in fixity.everything(vault) if one.state == "wrong"]
            say(f"S {size}")

    return run


def main(folder: Path, passphrase: str, trials: int, seed: int) -> None:
    with api.open_vault(folder, passphrase) as vault:
        pass
    chance, killed, at_sync, sizes = random.Random(seed), 0, 0, []
    number = 0
    for trial in range(trials):
        if trial % 2 == 0:
            said, died = in_child(dying_at(number, lambda say, t=trial: work(vault, say, t, ROUNDS)))
            at_sync += died
            number = number + 1 if died else 0
        else:
            said, died = in_child(lambda say, t=trial: work(vault, say, t, 1000), chance.random() * 0.12)
        failed = [line for line in said if line[0] == "E"]
        assert not failed, failed
        killed += died
        found, _ = in_child(look(vault, said, trial % 5 == 0))
        assert found and found[-1][0] == "S", (trial, said, found)
        sizes.append(int(found[-1][2:]))
    sys.stdout.write(json.dumps({"trials": trials, "killed": killed, "at_fsync": at_sync, "entries": sizes[-1]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
