"""What all tests share: reference data when it is there, tools that may be missing, a browser, a node's pages."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from hypothesis import settings
from tests import clusters

settings.register_profile("default", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("default")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
MODULES = ROOT / "tests" / "browser" / "node_modules"


def pytest_configure() -> None:
    """Stretch passphrases by the same code with less work: a quarter of a second each time is most of a test's time.

    What a vault and an account really ask for is held by security/test_stretching.py, in a process of its own.
    """
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from corroborate.sealed.slots import Slot

    Slot.__init__.__defaults__ = (1, 64, 1)  # passes, KiB, lanes
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


@pytest.fixture(scope="session", autouse=True)
def _marks(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Commands that sign remember it outside the vault: for tests, not among the user's own marks."""
    os.environ["CORROBORATE_MARKS"] = str(tmp_path_factory.mktemp("marks"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is about the file of a vault's rows has nothing to look at where they lie in PostgreSQL."""
    if os.environ.get("CORROBORATE_TEST_DATABASE") == "postgresql":
        for one in items:
            if one.get_closest_marker("in_a_file"):
                one.add_marker(
                    pytest.mark.skip(reason="about the file of a vault's rows, which lie in PostgreSQL here")
                )


@pytest.fixture(scope="session")
def cluster() -> Iterator["clusters.Cluster"]:
    """A PostgreSQL of the tests' own. Missing: skipped and said so, or failed where CI=true."""
    if clusters.programs() is None:
        message = "needs postgresql, which this machine has not"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with clusters.running() as started:
        yield started


@pytest.fixture(scope="session", autouse=True)
def _database(request: pytest.FixtureRequest) -> Iterator[None]:
    """With CORROBORATE_TEST_DATABASE=postgresql every vault that a test makes has its rows there."""
    if os.environ.get("CORROBORATE_TEST_DATABASE") != "postgresql":
        yield
        return
    started = request.getfixturevalue("cluster")
    from corroborate_node.core import vaults

    os.environ["CORROBORATE_DATABASE"] = started.address  # for commands
    vaults.create.__kwdefaults__["database"] = started.address  # for tests that make a vault by the function
    yield
    vaults.create.__kwdefaults__["database"] = None
    del os.environ["CORROBORATE_DATABASE"]


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Path of a reference file that stands beside the project; a test without it is skipped and says so."""

    def path(name: str) -> Path:
        found = SHARED / name
        if not found.exists():
            pytest.skip(f"reference data absent: {name}")
        return found

    return path


@pytest.fixture(scope="session")
def tool() -> Callable[..., str]:
    """Path of a program. Missing: skipped with its name, or failed where CI=true."""

    def path(*names: str) -> str:
        for name in names:
            if found := shutil.which(name):
                return found
        message = f"needs {' or '.join(names)}, which this machine has not"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)

    return path


@pytest.fixture(scope="session")
def module() -> Callable[[str], Path]:
    """Path of a file of an npm package. Missing: skipped with its name, or failed where CI=true."""

    def path(name: str) -> Path:
        found = MODULES / name
        if not found.exists():
            message = f"needs {name.split('/')[0]} (npm ci in tests/browser)"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        return found

    return path


@pytest.fixture(scope="module")
def browser(tool):
    """Chromium. What a module does with Django's database comes before it: a browser's loop keeps Django out."""
    from playwright.sync_api import sync_playwright

    program = tool("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def violations(module):
    """What axe finds wrong with a page that a browser has open, contrast for AAA among it."""
    axe = module("axe-core/axe.min.js").read_text(encoding="utf-8")

    def found(page) -> list[str]:
        page.evaluate(axe)
        result = page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],"
            " rules: {'color-contrast-enhanced': {enabled: true}}})"
        )
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]

    return found


_LATIN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, text = walker.currentNode.textContent;
    if (parent.closest("[lang]").lang === document.documentElement.lang && !parent.closest("code")
        && /[A-Za-z]{3,}/.test(text.replace(/UTC|CSV|UTF|ICS|Ctrl|Cmd|[a-z,、 ]*source|\\{[a-z]+\\}/g, ""))) {
      found.push(text.trim());
    }
  }
  return found;
}"""


@pytest.fixture(scope="session")
def foreign():
    """Text of a Korean or Japanese page that is in Latin letters and not marked as being of another language."""
    return lambda page: page.evaluate(_LATIN)


@pytest.fixture(scope="session")
def served() -> Callable[[Path, str], AbstractContextManager[str]]:
    """`with served(vault, passphrase) as address`: a node's pages, by the command that a member starts."""

    @contextmanager
    def serving(vault: Path, passphrase: str) -> Iterator[str]:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "corroborate_cli", "serve", "--vault", str(vault), "--port", str(port)],
            env={**os.environ, "CORROBORATE_PASSPHRASE": passphrase},
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                assert server.poll() is None, f"serve ended with {server.returncode}"
                try:
                    urlopen(f"{address}/log-in", timeout=10).close()  # noqa: S310 - our own server on loopback
                    break
                except OSError:  # not yet there, or busy with its first page
                    time.sleep(0.2)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)

    return serving


@pytest.fixture(scope="session")
def account():
    """`account(vault, name, passphrase, *roles)`: an account that has chosen its own passphrase; its user.

    The vault's keeper vouched for it, where the keeper has chosen a passphrase."""

    def made(vault, name, passphrase, *roles, scope="", only=None, vouched=True):
        from datetime import UTC, datetime

        from django.contrib.auth import get_user_model

        from corroborate_node.core import accounts
        from corroborate_node.core.actors import actor_of
        from corroborate_node.core.desk import Desk, owner

        at = datetime.now(UTC).replace(microsecond=0)
        accounts.add(owner(vault, at), name, roles, scope, only)
        user = get_user_model().objects.get(username=name)
        accounts.choose(Desk(vault, actor_of(user), at), passphrase, lambda _: False)
        keeper = get_user_model().objects.filter(username="keeper").exclude(account_state__chosen=None).first()
        if vouched and keeper is not None:
            accounts.vouch(Desk(vault, actor_of(keeper), at), name)
        return get_user_model().objects.get(username=name)

    return made


@pytest.fixture(scope="session")
def recorded_key():
    """`recorded_key(vault, member, signer, day)`: a member's key that speaks from a day on, put on record a week before
    by two people. The vault gets their accounts, and a third that vouched for one of them."""
    from tests.member_keys import recorded

    return recorded
