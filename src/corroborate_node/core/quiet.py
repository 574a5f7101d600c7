"""What the node says on a terminal about itself: where its own code failed, and nothing of anybody.

Django's loggers write the address of a page, and the words of an error, which hold names. They are taken off here.
"""

import logging
import sys
import traceback


class Placed(logging.Handler):
    """A failure as its kind and its place in the code. Its words may hold what somebody typed, so they are left out."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line for an exception; nothing for anything else."""
        if record.levelno < logging.ERROR or not record.exc_info or record.exc_info[0] is None:
            return
        kind, _, trace = record.exc_info
        last = traceback.extract_tb(trace)[-1] if trace is not None else None
        place = "" if last is None else f" in {last.name}, line {last.lineno} of {last.filename.rpartition('/')[2]}"
        sys.stderr.write(f"A page failed: {kind.__name__}{place}. Its address is not written here.\n")


def listen() -> None:
    """Take what Django and the server say. To be called once."""
    for name in ("django", "asyncio", "granian", "_granian", "granian.access"):
        logger = logging.getLogger(name)
        logger.handlers = [Placed()]
        logger.propagate = False
