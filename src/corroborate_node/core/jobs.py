"""Long work beside the pages: one job after another, whose progress stands in the database and outlives a closed page.

    JOB = rooms.Job("estimates", rows=lambda: models.Run, carry_out=_carry_out)   entered with the room
    jobs.submit(JOB, run.id)

A job is a row that a room keeps (``Work`` of core/models.py): in which state it is, what is being done, how much of it,
and what came out. It holds ids and counts, no name. One thread of this process carries jobs out; what is heavy goes to
a process of its own (:meth:`Progress.asked_of`), which ends with the job. A job that was under way when the vault
closed, or its process was killed, is said to be interrupted as soon as the vault is opened again, and never goes on
being said to run. A command waits for its job (:meth:`Jobs.carry_out`).
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from corroborate.errors import CorroborateError
from corroborate_node.core import opened
from corroborate_node.core.rooms import Job, rooms
from corroborate_node.core.storing import storing

WAITING, RUNNING, DONE = "waiting", "running", "done"
CANCELLED, INTERRUPTED, FAILED = "cancelled", "interrupted", "failed"
UNDER_WAY = (WAITING, RUNNING)
_WAIT = 20.0  # seconds for the thread to end when the vault closes


class _Cancelled(Exception):
    pass


class _Interrupted(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job says of itself while it is carried out; each word ends a job that was cancelled meanwhile."""

    job: Job
    id: str
    _jobs: "Jobs"

    def say(self, step: str, share: float) -> None:
        """``step``: a word of the room's words; ``share``: done of all, 0 to 1."""
        if self._jobs.closing:
            raise _Interrupted
        if not self.job.rows().objects.filter(id=self.id, state=RUNNING).update(step=step, share=share):
            raise _Cancelled

    def asked_of(self, module: str, question: Mapping[str, Any], *, before: float = 0.0) -> dict[str, Any]:
        """The answer of a process of its own that runs a module: a line of JSON in, ``{"step", "share"}`` lines out,
        and at last ``{"result"}``. It ends with the job, whatever becomes of that. ``before``: the share that was done
        before it. Raises CorroborateError."""
        with self._jobs.process(self, module) as child:
            assert child.stdin is not None and child.stdout is not None  # noqa: S101 - both were asked for
            with suppress(BrokenPipeError):
                child.stdin.write(json.dumps(question) + "\n")
                child.stdin.flush()
            self.still()
            for line in child.stdout:
                word = json.loads(line)
                if "result" in word:
                    result: dict[str, Any] = word["result"]
                    return result
                self.say(word["step"], before + (1 - before) * word["share"])
        self.still()
        raise CorroborateError("the process that worked on it ended before it had a result")

    def still(self) -> None:
        """Ends a job that was cancelled, or whose vault closes."""
        if self._jobs.closing:
            raise _Interrupted
        if not self.job.rows().objects.filter(id=self.id, state=RUNNING).exists():
            raise _Cancelled


class Jobs:
    """The one thread, the queue before it, and the process that works now."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Job, str] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._child: tuple[str, subprocess.Popen[str]] | None = None
        self.closing = False

    @property
    def process_id(self) -> int | None:
        """The number of the process that works now, as the system knows it."""
        with self._lock:
            return None if self._child is None else self._child[1].pid

    def submit(self, job: Job, id_: str) -> None:
        """Carry it out when those before it are done. Its row waits already."""
        with self._lock:
            self._queue.put((job, id_))
            if self._thread is None or not self._thread.is_alive():
                self.closing = False
                self._start()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()
        opened.before_leaving(self.stop)

    def cancel(self, job: Job, id_: str, at: datetime) -> bool:
        """End a job that waits or is under way, and the process that works on it; whether there was one."""
        with storing():
            rows = job.rows().objects.filter(id=id_, state__in=UNDER_WAY)
            changed = rows.update(state=CANCELLED, step="", ended=at)
        with self._lock:
            if changed and self._child is not None and self._child[0] == id_:
                _kill(self._child[1])
        return bool(changed)

    def stop(self) -> None:
        """End the work: the vault closes. What was under way is interrupted, and what waited waits no longer."""
        self.closing = True
        self._queue.put(None)
        with self._lock:
            thread = self._thread
            if self._child is not None:
                _kill(self._child[1])
        if thread is not None and thread is not threading.current_thread():
            thread.join(_WAIT)
        self._queue = queue.SimpleQueue()
        self.closing = thread is not None and thread.is_alive()  # another vault may be opened after this one

    def _work(self) -> None:
        try:
            while (asked := self._queue.get()) is not None and not self.closing:
                self.carry_out(*asked)
                connection.close()
        finally:
            connection.close()
            with self._lock:
                if not self.closing and not self._queue.empty():  # one job broke the thread: those after it go on
                    self._start()

    def carry_out(self, job: Job, id_: str) -> None:
        """Do it, and keep what came out. Whatever happens, its row ends with a state that says so."""
        rows = job.rows().objects
        if not rows.filter(id=id_, state=WAITING).update(state=RUNNING):
            return  # cancelled before its turn
        ended: dict[str, Any] = {"state": FAILED}
        try:
            ended = dict(job.carry_out(Progress(job, id_, self)))
        except CorroborateError as error:
            ended = {"state": FAILED, "step": str(error)}
        except _Interrupted:
            ended = {"state": INTERRUPTED}
        except _Cancelled:
            ended = {}
        finally:
            if ended:
                with storing():
                    rows.filter(id=id_, state=RUNNING).update(
                        **{"share": 1.0, "step": "", "ended": datetime.now(UTC), **ended}
                    )

    @contextmanager
    def process(self, progress: Progress, module: str) -> Iterator["subprocess.Popen[str]"]:
        """A process for the job under way. It is gone after the block, and where the job is cancelled before."""
        child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
        )  # fmt: skip
        with self._lock:
            self._child = (progress.id, child)
        try:
            yield child
        finally:
            with self._lock:
                self._child = None
            _kill(child)
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()


def _kill(child: "subprocess.Popen[str]") -> None:
    """The process and those it started, while the system still knows it by this number."""
    if child.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def interrupted() -> int:
    """When a vault is opened: what was under way when it was last closed, or its program killed, is so no longer."""
    found = 0
    for room in rooms():
        for job in room.jobs:
            rows = job.rows().objects.filter(state__in=UNDER_WAY)
            found += int(rows.update(state=INTERRUPTED, step="")) if rows.exists() else 0
    return found


jobs = Jobs()
