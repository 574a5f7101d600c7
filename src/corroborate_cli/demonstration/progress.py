"""What is being done, said on a terminal only, and how long each step took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Progress:
    """Names each step while it runs. Nothing is printed where standard error is no terminal."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._console = Console(stderr=True, highlight=False)
        self._shown = sys.stderr.isatty()

    @contextmanager
    def step(self, key: str, doing: str) -> Iterator[None]:
        """Run one step; its seconds stand under ``key`` afterwards."""
        number = len(self.seconds) + 1
        started = time.perf_counter()
        if self._shown:
            with self._console.status(f"{number}. {doing} …"):
                yield
        else:
            yield
        self.seconds[key] = round(time.perf_counter() - started, 2)
        if self._shown:
            self._console.print(f"[green]✓[/] {number}. {doing} [dim]{self.seconds[key]:.1f} s[/]")

    def say(self, line: str) -> None:
        """One line of what was found, under its step."""
        if self._shown:
            self._console.print(f"     {line}", markup=False)
