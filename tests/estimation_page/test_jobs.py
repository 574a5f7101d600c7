"""Long work asked for on a page goes on when the page is closed, and says so when its program was killed."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from corroborate_node import api

PASSPHRASE, OWN = "a passphrase for analysts", "an analyst's own passphrase"
FOUR = "a,b,c,d,count\n1,0,0,0,400\n0,1,0,0,300\n1,1,0,0,90\n0,0,1,1,60\n0,0,1,0,250\n1,0,1,0,40\n0,1,0,1,33\n"
TWO = "north,south,count\n1,0,50\n0,1,40\n1,1,22\n"
SECONDS = 240  # that an estimate may take on a machine that does six things at once


class Person:
    """Somebody's browser without a script: cookies, forms, and what a page says."""

    def __init__(self, address):
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/log-in"))[1]
        form = urlencode({"csrfmiddlewaretoken": token, "username": "keeper", "password": OWN}).encode()
        entered = Request(f"{address}/log-in", form, {"Referer": f"{address}/log-in"})  # noqa: S310 - loopback
        self.opener.open(entered, timeout=60).close()

    def get(self, path):
        with self.opener.open(f"{self.address}{path}", timeout=60) as answer:
            return answer.read().decode()

    def ask(self, table, seed):
        """The form of an estimate from a table; where its page is."""
        page = self.get("/estimates/new")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        border = uuid.uuid4().hex
        fields = {"csrfmiddlewaretoken": token, "from": "table", "title": "a job", "seed": str(seed)}
        parts = [f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
                 for key, value in fields.items()]  # fmt: skip
        parts.append(
            f'--{border}\r\nContent-Disposition: form-data; name="table"; filename="t.csv"\r\n'
            f"Content-Type: text/csv\r\n\r\n{table}\r\n--{border}--\r\n"
        )
        more = {"Content-Type": f"multipart/form-data; boundary={border}", "Referer": f"{self.address}/estimates/new"}
        asked = Request(f"{self.address}/estimates/new", "".join(parts).encode(), more)  # noqa: S310 - loopback
        with self.opener.open(asked, timeout=60) as answer:
            return answer.url.removeprefix(self.address).partition("?")[0]


def serving(vault):
    """A node's pages in a process of their own, and where they are."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "corroborate_cli", "serve", "--vault", str(vault), "--port", str(port)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip
    assert server.stdout is not None
    assert "http://" in server.stdout.readline()
    for _ in range(300):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    return server, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jobs") / "vault"
    api.create_vault(folder, "새봄인권기록회", PASSPHRASE, account_passphrase=OWN)
    return folder


def test_a_closed_page_stops_nothing_and_who_comes_back_finds_progress_and_result(vault):
    server, address = serving(vault)
    try:
        path = Person(address).ask(TWO, 7)  # this browser is never heard of again
        another, states = Person(address), []
        for _ in range(10 * SECONDS):
            now = json.loads(another.get(f"{path}/progress"))
            states.append(now["state"])
            if not now["under_way"]:
                break
            time.sleep(0.1)
        assert set(states) <= {"waiting", "running", "done"}
        done = json.loads(another.get(f"{path}.json"))
        assert (done["state"], done["share"], done["result"]["documented"]) == ("done", 1.0, 112)
    finally:
        server.terminate()
        server.wait(20)


def test_a_program_that_was_killed_says_of_its_job_that_it_was_interrupted(vault):
    server, address = serving(vault)
    try:
        person = Person(address)
        under_way, waits = person.ask(FOUR, 8), person.ask(FOUR, 9)
        for _ in range(10 * SECONDS):
            if json.loads(person.get(f"{under_way}/progress"))["share"] > 0.2:
                break
            time.sleep(0.1)
        assert json.loads(person.get(f"{waits}/progress"))["state"] == "waiting"
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(20)
    server, address = serving(vault)
    try:
        person = Person(address)
        for path in (under_way, waits):
            now = json.loads(person.get(f"{path}/progress"))
            assert (now["under_way"], now["state"]) == (False, "interrupted")
            page = person.get(path)
            assert f"{path}/again" in page, "it can be asked for once more"
    finally:
        server.terminate()
        server.wait(20)


def test_the_node_has_no_other_thread_or_process_for_long_work():
    """Threads and processes stand where they are looked after: jobs, the server, the process that estimates, and the
    parts of a large file, which are read beside the server's own work and end with its answer."""
    from pathlib import Path

    node = Path(__file__).parents[2] / "src" / "corroborate_node"
    found = {
        path.relative_to(node).as_posix()
        for path in node.rglob("*.py")
        if re.search(
            r"threading\.Thread\(|subprocess\.Popen\(|to_thread\(|ThreadPool|ProcessPool", path.read_text("utf-8")
        )
    }
    assert found == {"core/jobs.py", "core/serving.py", "estimates/estimating.py", "files/parts.py"}
