"""The other end of a member's process: start it, ask it, end it."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from corroborate.errors import CorroborateError


class NodeFailed(CorroborateError):
    """A member's process refused, or ended before it answered."""


class Node:
    """A vault in a process of its own. Use as a context manager; the process ends with the block."""

    def __init__(self, folder: Path, name: str, passphrase: str, *, hub: bool = False, seed: int | None = None) -> None:
        self.folder, self.name = folder, name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "corroborate_cli.demonstration.member"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._send({"folder": str(folder), "name": name, "passphrase": passphrase, "hub": hub, "seed": seed})
        self._key = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=60)
        if self._process.stdout is not None:
            self._process.stdout.close()

    @property
    def key(self) -> str:
        """The verifier key; waits until the vault is open."""
        if not self._key:
            self._key = self._answer()["key"]
        return self._key

    def begin(self, do: str, **arguments: Any) -> None:
        """Ask, and go on without waiting, so that members work side by side."""
        _ = self.key
        self._send({"do": do, **arguments})

    def end(self) -> dict[str, Any]:
        """The answer to the last question."""
        return self._answer()

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        self.begin(do, **arguments)
        return self.end()

    def _send(self, line: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        line = self._process.stdout.readline()
        if not line:
            raise NodeFailed("the process of {name} ended before it answered (see above)", name=self.name)
        answer: dict[str, Any] = json.loads(base64.b64decode(line))
        if "refused" in answer:
            raise NodeFailed(f"{self.name}: {answer['refused']} {answer['remedy']}".strip())
        done: dict[str, Any] = answer["done"]
        return done
