"""Files of strangers drawn and copied in a process of its own, with little time, little memory and no network.

A line of JSON and the file go in by its standard input, a line of JSON and what was made come out: neither touches a
disk, and nothing that the process says is run.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, cast

from corroborate.copies.kinds import Kind
from corroborate.copies.regions import Region, Stretch
from corroborate.copies.vouched import Vouched
from corroborate.errors import InputRefused
from corroborate.tables.sheets import Limits

LARGEST = 256 << 20  # bytes of a file that is drawn or copied; it lies in memory there
LIMITS = Limits(file_bytes=LARGEST, seconds=60, memory=1536 << 20)
OF_A_COPY = Limits(file_bytes=LARGEST, seconds=600, memory=2 << 30)
# One thread and one arena of memory: a limit of memory would else depend on the machine's processors
_PLAIN = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def pages_of(content: Iterable[bytes]) -> int:
    """How many pages a PDF has. Raises InputRefused."""
    return int(_done({"do": "pages"}, content)[0]["pages"])


def picture(kind: Kind, content: Iterable[bytes], page: int, widest: int, mark: str = "", fonts: str = "") -> bytes:
    """A page of a PDF, or a picture, drawn anew as a PNG file. ``mark``: words that are drawn over it,
    in letters of the folder ``fonts``. Raises InputRefused, InvalidValue."""
    asked = {"do": "picture", "kind": kind.shown, "page": page, "widest": widest, "mark": mark, "fonts": fonts}
    return _done(asked, content)[1]


def text_of(content: Iterable[bytes], page: int) -> str:
    """The words of a page of a PDF, as far as it says them. Raises InputRefused, InvalidValue."""
    return str(_done({"do": "text", "page": page}, content)[0]["text"])


def vouched_of(kind: Kind, content: Iterable[bytes]) -> Vouched | None:
    """What a file says of its own making, checked; None where it says nothing. Raises InputRefused."""
    said = _done({"do": "vouched", "media": kind.media}, content)[0]["vouched"]
    return None if said is None else Vouched.from_json(said)


def burnt(
    kind: Kind, content: Iterable[bytes], out: Sequence[Region] | Sequence[Stretch], *, tone: bool = False
) -> tuple[bytes, str]:
    """A copy without some regions or stretches, and how a name of such a file ends. With none of them it is the file
    without its metadata. Raises InputRefused, InvalidValue."""
    ending = {"pages": ".pdf", "picture": ".png", "sound": ".wav"}.get(kind.shown)
    if ending is None or (kind.shown == "sound" and kind.format != "wav"):
        raise InputRefused(
            "of such a file no copy can be made here: of PDF, PNG, JPEG, GIF, WebP and WAV files it can"
        ).advising("Convert it with a program on your own machine, and take in what that gives as a file of its own.")
    asked = {"do": "burn", "kind": kind.shown, "out": [str(one) for one in out], "tone": tone}
    return _done(asked, content, OF_A_COPY)[1], ending


def _done(
    asked: Mapping[str, Any], content: Iterable[bytes], limits: Limits = LIMITS
) -> tuple[Mapping[str, Any], bytes]:
    question = json.dumps({**asked, "seconds": limits.seconds, "memory": limits.memory}).encode() + b"\n"
    with subprocess.Popen(
        [sys.executable, "-m", "corroborate.copies.within"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_PLAIN},
    ) as process:
        given, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        try:
            with suppress(BrokenPipeError), given as pipe:  # one that broke says nothing: below
                pipe.write(question)
                for part in _no_larger(content):
                    pipe.write(part)
            said: Mapping[str, Any] = json.loads(answers.readline())
            made = answers.read()
        except ValueError as error:
            raise InputRefused(
                "the file broke its reader, or needs more time or memory than drawing a file may take: it may be "
                "damaged, or made to do so"
            ) from error
        finally:
            process.kill()
    if "refused" in said:
        raise InputRefused.from_json(said)
    if len(made) != said["size"]:
        raise InputRefused("the file broke its reader while it was drawn: it may be made to do so")
    return said, made


def _no_larger(content: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for part in content:
        size += len(part)
        if size > LARGEST:
            raise InputRefused("files of up to {most} MB are drawn and copied here", most=LARGEST >> 20)
        yield part


__all__ = ["LARGEST", "burnt", "pages_of", "picture", "text_of", "vouched_of"]
