"""README's chain, line by line as it is written, each on files that the lines before it made."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

README = Path(__file__).parents[2] / "README.md"
SECRET = {"CORROBORATE_PASSPHRASE": "long enough to hold"}


def lines() -> list[list[str]]:
    """The commands of the chain, without their comments."""
    text = README.read_text(encoding="utf-8")
    block = re.search(r"## The same chain by hand.*?```sh\n(.*?)```", text, re.DOTALL)
    assert block is not None
    return [shlex.split(line, comments=True) for line in block[1].splitlines()]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Each line but the last, run in one empty folder: its words, its exit code and what it said."""
    folder = tmp_path_factory.mktemp("chain")
    found = []
    for words in lines()[:-1]:
        done = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", *words[1:]], cwd=folder, env={**os.environ, **SECRET},
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        found.append((words, done.returncode, done.stdout + done.stderr))
    return folder, found


def test_the_chain_is_of_this_program_and_ends_with_its_pages():
    assert {words[0] for words in lines()} == {"corroborate"}
    assert len(lines()) > 15
    assert lines()[-1][1] == "serve"


def test_every_line_runs_as_it_is_written(ran):
    _, found = ran
    assert [(" ".join(words), said[-400:]) for words, code, said in found if code] == []


def test_what_a_line_takes_an_earlier_line_made(ran):
    """Nothing was put into the folder but by the lines: all that they name is there at the end."""
    folder, found = ran
    named = {word for words, _, _ in found for word in words[2:] if "/" in word or word.endswith((".json", ".pdf"))}
    assert [word for word in sorted(named) if not (folder / word).exists()] == []
    assert (folder / "site" / "index.html").exists()
    assert (folder / "package" / "verify.py").exists()


def test_the_last_line_serves_the_vault_that_the_chain_made(ran):
    folder, _ = ran
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    words = [*lines()[-1][1:], "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "corroborate_cli", *words], cwd=folder, env={**os.environ, **SECRET}
    )
    try:
        for _ in range(300):
            assert server.poll() is None
            try:
                with urlopen(f"http://127.0.0.1:{port}/log-in", timeout=10) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail("it did not answer")
    finally:
        server.terminate()
        server.wait(timeout=20)
