"""How far something is that takes more than a second, on a terminal and nowhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

SECONDS = 1.0  # before anything is shown
PAUSE = 0.1  # between two lines


@contextmanager
def waiting(doing: str, stream: TextIO | None = None) -> Iterator[Callable[[int, int], None]]:
    """Gives ``tell(done, of)``. The line is wiped at the end, also when something fails."""
    out = sys.stderr if stream is None else stream
    began, last, shown = time.monotonic(), 0.0, 0

    def tell(done: int, of: int) -> None:
        nonlocal last, shown
        now = time.monotonic()
        if not out.isatty() or now - began < SECONDS or now - last < PAUSE:
            return
        line = f"{doing}: {done:,} of {of:,} ({done / max(of, 1):.0%})"
        out.write("\r" + line.ljust(shown))
        out.flush()
        last, shown = now, len(line)

    try:
        yield tell
    finally:
        if shown:
            out.write("\r" + " " * shown + "\r")
            out.flush()
