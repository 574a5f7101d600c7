"""Reading a stranger's PDF or Word file in a process of its own, which may use so much memory and time and no more.

A file of some kilobytes may unpack to gigabytes, and the libraries that read such files are large programs in C: what
they do with a hostile file ends with their process, and not with the vault's pages.

    python -m corroborate.coalition.apart pdf|docx < FILE      prints JSON: {"text", "tables"}, or {"refused"}
"""

import json
import subprocess
import sys

from corroborate.coalition.documents import Table, docx_text, pdf_text
from corroborate.errors import InputRefused

MEMORY = 192 << 20  # bytes that the process may ask for; its peak stands below 300 MB with its program
SECONDS = 30  # of processor time; twice as long by the clock


def read_apart(kind: str, content: bytes) -> tuple[str, list[Table]]:
    """Text and tables of a PDF or Word file. Raises InputRefused where it cannot be read within the limits."""
    command = [sys.executable, "-m", "corroborate.coalition.apart", kind]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=2 * SECONDS, check=False)  # noqa: S603
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    if found is None:
        raise InputRefused(
            "the file unpacks to more, or takes longer to read, than any statement: open it yourself, and save the "
            "part that names the members as plain text"
        )
    if "refused" in found:
        raise InputRefused.from_json(found)
    return str(found["text"]), [[[str(cell) for cell in row] for row in table] for table in found["tables"]]


def _limit() -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows has no such limits; the clock's stands
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what was uploaded does not lie on the disk after a crash


def main() -> int:
    """Read the file at standard input under the limits."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        text, tables = (pdf_text(content), []) if sys.argv[1] == "pdf" else docx_text(content)
        answer: dict[str, object] = {"text": text, "tables": tables}
    except InputRefused as error:
        answer = error.as_json()
    except (MemoryError, RecursionError):
        return 1
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
