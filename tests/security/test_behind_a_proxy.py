"""A hub behind nginx under another name: pages, forms and the witness work, and a strange name is told what to do."""

import http.cookiejar
import os
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from corroborate_node import api

ROOT = Path(__file__).parents[2]
PASSPHRASE = "invented words for a test"
OWN = "words of an invented keeper"
NAME = "hub.localhost"  # every resolver that follows RFC 6761 leads it to this machine; below it is led there by hand


def free():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def running(command, ready, **more):
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more) as process:
        try:
            for _ in range(200):
                if process.poll() is not None or ready():
                    break
                time.sleep(0.1)
            assert process.poll() is None, process.stdout.read()
            yield
        finally:
            process.terminate()
            process.wait(20)


def answers(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def configured(place, outside, inside):
    """The server of the how-to page, with this test's name, ports and certificate: the page itself is what is tried."""
    page = (ROOT / "docs/how-to/serve-behind-a-proxy.md").read_text(encoding="utf-8")
    server = re.search(r"```nginx\n(.*?)```", page, re.DOTALL)[1]
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{outside} ssl"), ("server_name hub.example.org", f"server_name {NAME}"),
        ("/etc/ssl/hub.example.org.pem", str(place / "pem")), ("/etc/ssl/hub.example.org.key", str(place / "key")),
        ("127.0.0.1:8311", f"127.0.0.1:{inside}"),
    ):  # fmt: skip
        assert old in server
        server = server.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {place}/{kind};\n" for kind in kinds)
    (place / "nginx.conf").write_text(
        f"daemon off; pid {place}/pid; error_log {place}/error.log; worker_processes 1;\n"
        f"events {{}}\nhttp {{ access_log off;\n{paths}{server}\n}}\n",
        encoding="utf-8",
    )
    return place / "nginx.conf"


@pytest.fixture(scope="module")
def served(tmp_path_factory, tool):
    nginx, openssl = tool("nginx", "/usr/sbin/nginx"), tool("openssl")
    place = tmp_path_factory.mktemp("proxy")
    inside, outside = free(), free()
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-addext",
         f"subjectAltName=DNS:{NAME}", "-keyout", place / "key", "-out", place / "pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    api.create_vault(place / "hub", "Invented Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    (place / "secret").write_text(PASSPHRASE + "\n")
    command = [sys.executable, "-m", "corroborate_cli", "serve", "--vault", place / "hub", "--port", str(inside),
               "--passphrase-file", place / "secret", "--host", f"{NAME}:{outside}", "--behind-proxy"]  # fmt: skip
    with (
        running(command, lambda: answers(inside), env={**os.environ, "CORROBORATE_MARKS": str(place / "marks")}),
        running([nginx, "-p", str(place), "-c", configured(place, outside, inside)], lambda: answers(outside)),
    ):
        yield place, outside, inside


class Browser:
    """Cookies, and the name led to this machine whatever its resolver says."""

    def __init__(self, place, port, monkeypatch):
        found = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *more, **named: found("127.0.0.1" if host == NAME else host, *more, **named),
        )
        trust = ssl.create_default_context(cafile=str(place / "pem"))
        self.jar, self.top = http.cookiejar.CookieJar(), f"https://{NAME}:{port}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=trust), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def ask(self, path, form=None, origin=None, **headers):
        content = None if form is None else urllib.parse.urlencode(form).encode() if isinstance(form, dict) else form
        given = {"Origin": origin or self.top, "Referer": f"{origin or self.top}/"} if content is not None else {}
        request = urllib.request.Request(self.top + path, content, {**given, **headers})  # noqa: S310 - https, see top
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode(), answer.url
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.url


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def test_pages_and_forms_work_under_the_other_name_and_from_no_other_origin(served, monkeypatch):
    place, outside, _ = served
    browser = Browser(place, outside, monkeypatch)
    status, page, _ = browser.ask("/log-in")
    assert status == 200
    form = {"username": "keeper", "password": OWN, "csrfmiddlewaretoken": token(page)}
    assert browser.ask("/log-in", form, origin="https://elsewhere.example")[0] == 403
    status, page, url = browser.ask("/log-in", form)
    assert (status, url) == (200, f"{browser.top}/"), page
    assert "Invented Secretariat" in page
    assert all(cookie.secure for cookie in browser.jar)
    status, page, _ = browser.ask("/statements")
    form = {"name": "open", "text": "An invented text.", "text_language": "en", "csrfmiddlewaretoken": token(page)}
    status, page, url = browser.ask("/statements", form)
    assert (status, url) == (200, f"{browser.top}/statements/open"), page
    assert browser.ask("/members-read", b"x" * (2 << 20), **{"Content-Type": "application/octet-stream"})[0] != 413


def test_the_witness_answers_behind_the_proxy(served, monkeypatch, tmp_path):
    place, outside, _ = served
    status, said, _ = Browser(place, outside, monkeypatch).ask("/witness/add-checkpoint", b"no request")
    assert status in (400, 403, 404, 422), said
    assert "<" not in said
    assert "name you used" not in said


def test_a_strange_name_is_told_what_to_do_and_gets_no_page(served):
    _, _, inside = served
    for name in ("case.example.org", "127.0.0.1.evil.example", "<script>", "a b"):
        with socket.create_connection(("127.0.0.1", inside), 20) as line:
            line.sendall(f"GET /log-in HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            said = b""
            while part := line.recv(1 << 16):
                said += part
        assert b" 400 " in said.split(b"\r\n")[0]
        if b"not served under the name" in said:
            assert b"text/plain" in said
            assert b"--host NAME" in said
            assert b"--behind-proxy" in said
        assert b"larger" not in said
        assert b"csrfmiddlewaretoken" not in said
    assert b"not served under the name" in said or name == "a b"


def test_a_proxy_without_a_name_is_a_misuse(tmp_path):
    for wrong in (["--behind-proxy"], ["--host", "https://hub.example.org/"], ["--host", "*"]):
        done = subprocess.run(
            [sys.executable, "-m", "corroborate_cli", "serve", "--vault", tmp_path, *wrong],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 2
        assert "--host" in done.stderr
