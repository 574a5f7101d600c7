"""Read a file in a process of its own that has little time, little memory, no network, and may write nothing.

A file from outside can be made to exhaust or to break its reader. What breaks is then this process, and the vault that
asked for the rows hears one sentence. The two speak JSON lines: the process may be broken, so nothing that it says is
run. Python in it is refused sockets and other programs; compiled code that opened a socket by itself would not be
stopped by this, and none of its readers does.
"""

import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, cast

from corroborate.errors import InputRefused
from corroborate.importers.reading import open_table
from corroborate.tables import File, Limits, Rejected, Row, Table
from corroborate.tables.limited import limit
from corroborate.translation import as_json, of_json
from corroborate.values import Packed

_BATCH = 200  # rows in a line


def read_table_apart(
    path: Path | File, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None,
    most: int | None = None,
) -> Table:  # fmt: skip
    """What :func:`read_table` gives, read in a limited process. Raises InputRefused, also where a limit was reached.

    What lies nowhere but in memory is handed over through a pipe, and touches no disk.
    """
    file = File.of(path)
    limits = _by_size(limits or Limits(), file)
    asked = {
        "path": None if file.path is None else str(file.path.absolute()),
        "name": file.name,
        "encoding": encoding,
        "sheet": sheet,
        "most": most,
        "limits": asdict(limits),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "corroborate.importers.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as reader:
        given, answers = cast("IO[bytes]", reader.stdin), cast("IO[bytes]", reader.stdout)
        with suppress(BrokenPipeError), given as questions:  # a reader that broke says nothing: below
            questions.write(json.dumps(asked).encode() + b"\n" + file.content)
        try:
            return _heard(io.TextIOWrapper(answers, encoding="utf-8"), file.name)
        except (ValueError, KeyError, EOFError) as error:
            raise broken(file, limits) from error
        finally:
            reader.kill()


_AT_LEAST, _OF_A_MEGABYTE = 30, 60  # seconds of the processor: of any file, and for each megabyte; a slow machine's


def _by_size(limits: Limits, file: File) -> Limits:
    """A small file that goes on for ever is ended soon, a large one may take what the limits allow."""
    try:
        size = file.size
    except OSError:
        return limits  # the reader says what is wrong with it
    allowed = _AT_LEAST + _OF_A_MEGABYTE * (size >> 20)
    return replace(limits, seconds=min(limits.seconds, allowed))


def broken(file: File, limits: Limits) -> InputRefused:
    """What is said where such a process ended before it had said all."""
    return InputRefused(
        "{name} broke its reader, or needs more than {seconds} seconds of the processor or "
        "{memory:,} MB to be read: it may be damaged, or made to do so",
        name=file.name,
        seconds=limits.seconds,
        memory=limits.memory >> 20,
    )


def _heard(answers: IO[str], name: str) -> Table:
    """The table from what the process says; EOFError where it ends before it has said all."""
    head: Mapping[str, Any] | None = None
    rows = Packed[Row]()  # a list of a hundred thousand is read in the memory of a short one
    rejected: list[Rejected] = []
    for line in answers:
        said = json.loads(line)
        if "refused" in said:
            raise InputRefused.from_json(said)
        if "columns" in said:
            head = said
        elif "end" in said:
            if head is None:
                break
            if not rows and not rejected:
                raise InputRefused("{name} has a heading and no rows", name=name)
            return Table(
                tuple(head["columns"]), rows, str(head["encoding"]), tuple(map(of_json, said["end"])),
                tuple(rejected), of_json(head["unsure"]),
            )  # fmt: skip
        else:
            rows.extend(
                Row(n, cells, sheet, at, frozenset(d), tuple(map(of_json, x)))
                for n, cells, sheet, at, d, x in said["rows"]
            )
            rejected += [
                Rejected(n, of_json(why), tuple(cells), sheet, at) for n, why, cells, sheet, at in said["rejected"]
            ]
    raise EOFError


def _report(asked: Mapping[str, Any], content: bytes) -> Iterator[Mapping[str, Any]]:
    """What the process says about a file."""
    try:
        file = Path(asked["path"]) if asked["path"] is not None else File(asked["name"], content=content)
        table = open_table(file, encoding=asked["encoding"], sheet=asked["sheet"], limits=Limits(**asked["limits"]))
        yield {"columns": table.columns, "encoding": table.encoding, "unsure": as_json(table.unsure)}
        left = asked["most"]
        rows: list[object] = []
        rejected: list[object] = []
        for row in table.rows:
            if isinstance(row, Row):
                rows.append(
                    (row.number, row.cells, row.sheet, row.line, sorted(row.dates), [*map(as_json, row.doubts)])
                )
            else:
                rejected.append((row.row, as_json(row.reason), row.cells, row.sheet, row.line))
            left = None if left is None else left - 1
            if len(rows) + len(rejected) >= _BATCH or left == 0:
                yield {"rows": rows, "rejected": rejected}
                rows, rejected = [], []
            if left == 0:
                break
        yield {"rows": rows, "rejected": rejected}
        yield {"end": [*map(as_json, table.notices)]}
    except InputRefused as refused:
        yield refused.as_json()


def main() -> None:
    """The process: a line with its question on the standard input, after it what lies in memory alone; its answers on
    the standard output."""
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    limit(Limits(**asked["limits"]))
    out = sys.stdout
    try:
        for said in _report(asked, content):
            out.write(json.dumps(said, ensure_ascii=True) + "\n")
        out.flush()
    except MemoryError:
        sys.exit(1)


if __name__ == "__main__":
    main()
