"""Estimates run beside the pages: one after another, each in a process of its own that is handed counts alone.

A thread of this process reads the vault, hands the tables over, and writes down how far it is. A run that was under way
when the vault closed is marked interrupted when it is opened again (``actions.interrupted``), and never goes on being
said to run.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from corroborate.errors import CorroborateError, NotEstimable
from corroborate_node.core import opened
from corroborate_node.core.storing import storing
from corroborate_node.estimates import models, queries, states
from corroborate_node.estimates.asking import Asked

_WAIT = 20.0  # seconds for the thread to end when the vault closes


class _Cancelled(Exception):
    pass


class _Interrupted(Exception):
    pass


class Runner:
    """The one thread, the queue before it, and the process that estimates now."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._child: tuple[str, subprocess.Popen[str]] | None = None
        self._closing = False

    def submit(self, run: str) -> None:
        """Run it when those before it are done."""
        with self._lock:
            self._queue.put(run)
            if self._thread is None or not self._thread.is_alive():
                self._closing = False
                self._start()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="estimates", daemon=True)
        self._thread.start()
        opened.before_leaving(self.stop)

    def cancel(self, run: str) -> None:
        """End the process that works on this run, if one does. The run's row says that it was cancelled already."""
        with self._lock:
            if self._child is not None and self._child[0] == run:
                _kill(self._child[1])

    def stop(self) -> None:
        """End the work: the vault closes. What was under way is interrupted, and what waited waits no longer."""
        self._closing = True
        self._queue.put(None)
        with self._lock:
            thread = self._thread
            if self._child is not None:
                _kill(self._child[1])
        if thread is not None and thread is not threading.current_thread():
            thread.join(_WAIT)
        self._queue = queue.SimpleQueue()
        self._closing = thread is not None and thread.is_alive()  # another vault may be opened after this one

    def _work(self) -> None:
        try:
            while (run := self._queue.get()) is not None and not self._closing:
                self.carry_out(run)
                connection.close()
        finally:
            connection.close()
            with self._lock:
                if not self._closing and not self._queue.empty():  # one run broke the thread: those after it go on
                    self._start()

    def carry_out(self, id_: str) -> None:
        """Count, estimate, and keep what came out. Whatever happens, the run ends with a state that says so."""
        if not models.Run.objects.filter(id=id_, state=states.WAITING).update(state=states.RUNNING):
            return  # cancelled before its turn
        ended: dict[str, Any] = {"state": states.FAILED}
        try:
            run = models.Run.objects.get(id=id_)
            ended = self._made(run, Asked.from_json(run.asked))
        except NotEstimable as error:
            ended = {"state": states.REFUSED, "result": {"refused": str(error), "remedy": error.remedy}}
        except CorroborateError as error:
            ended = {"state": states.FAILED, "step": str(error)}
        except _Interrupted:
            ended = {"state": states.INTERRUPTED}
        except _Cancelled:
            ended = {}
        finally:
            if ended:
                with storing():
                    models.Run.objects.filter(id=id_, state=states.RUNNING).update(
                        **{"share": 1.0, "step": "", "ended": datetime.now(UTC), **ended}
                    )

    def _made(self, run: models.Run, asked: Asked) -> dict[str, Any]:
        if not run.tables:
            from corroborate_node.estimates import listed  # linkage takes a second to load

            found = listed.counted(asked, run.at.date(), lambda step, share: self._say(run.id, step, 0.2 * share))
            key = queries.key_of(asked, found.tables)
            first = queries.first_of(key, run.id)
            if first is not None:
                return {"state": states.SAME, "same_as": first}
            run.tables, run.counted, run.key = list(found.tables), dict(found.about), key
            with storing():
                run.save(update_fields=["tables", "counted", "key"])
        job = {
            "tables": run.tables, "by": list(asked.by), "drawn": asked.joining == "drawn", "seed": asked.seed,
            "level": asked.level,
        }  # fmt: skip
        result = self._estimated(run.id, job)
        return {"state": states.REFUSED if "refused" in result else states.DONE, "result": result}

    def _estimated(self, id_: str, job: dict[str, Any]) -> dict[str, Any]:
        child = subprocess.Popen(
            [sys.executable, "-m", "corroborate_node.estimates.estimating"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
        )  # fmt: skip
        with self._lock:
            self._child = (id_, child)
        try:
            assert child.stdin is not None and child.stdout is not None  # noqa: S101 - both were asked for
            with suppress(BrokenPipeError):
                child.stdin.write(json.dumps(job) + "\n")
                child.stdin.flush()
            if not models.Run.objects.filter(id=id_, state=states.RUNNING).exists():
                raise _Cancelled  # between its start and now
            if self._closing:
                raise _Interrupted
            for line in child.stdout:
                word = json.loads(line)
                if "result" in word:
                    result: dict[str, Any] = word["result"]
                    return result
                self._say(id_, word["step"], 0.2 + 0.8 * word["share"])
        finally:
            with self._lock:
                self._child = None
            _kill(child)
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()
        if self._closing:
            raise _Interrupted
        if models.Run.objects.filter(id=id_, state=states.RUNNING).exists():
            raise CorroborateError("the process that estimated ended before it had a result")
        raise _Cancelled

    def _say(self, id_: str, step: str, share: float) -> None:
        if self._closing:
            raise _Interrupted
        if not models.Run.objects.filter(id=id_, state=states.RUNNING).update(step=step, share=share):
            raise _Cancelled


def _kill(child: "subprocess.Popen[str]") -> None:
    """The process and those it started, while the system still knows it by this number."""
    if child.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


runner = Runner()
