"""What is done to a copy of a vault while the vault itself is open: in a process of its own, for each has one open.

One line of JSON in, one out. The master key goes through a pipe, and into no argument and no file.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corroborate.errors import CorroborateError, VaultError
from corroborate.sealed import Master
from corroborate_node.core import vaults
from corroborate_node.log import fixity

Answer = dict[str, Any]


def apart(what: str, folder: Path, master: bytes) -> Answer:
    """Do one of :data:`WORK` to a copy. Raises CorroborateError with what the other process refused."""
    question = json.dumps({"do": what, "folder": str(folder), "master": master.hex()})
    done = subprocess.run(
        [sys.executable, "-c", "from corroborate_node.log.apart import main; main()"],
        input=question + "\n",
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    try:
        answer: Answer = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise VaultError("the process that looks at the copy ended before it had an answer") from error
    if "refused" in answer:
        raise CorroborateError.from_json(answer)
    return answer


def _tables(folder: Path, master: Master) -> Answer:
    with vaults.opening(folder, master, empty=True):
        vaults.migrate()
    return {}


def _check(folder: Path, master: Master) -> Answer:
    with vaults.opening(folder, master) as vault:
        return {"wrong": fixity.wrong_with(vault)}


WORK: dict[str, Callable[[Path, Master], Answer]] = {"tables": _tables, "check": _check}


def main() -> None:
    question = json.loads(sys.stdin.readline())
    try:
        answer = WORK[question["do"]](Path(question["folder"]), Master(bytes.fromhex(question["master"])))
    except CorroborateError as error:
        answer = error.as_json()
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
