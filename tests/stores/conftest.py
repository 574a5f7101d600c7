"""A vault whose sealed files lie in a bucket: the server, the way to it, and the commands."""

import itertools
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from tests import buckets
from tests.copies import copied
from tests.promises.conftest import found_in  # noqa: F401 - a fixture

from corroborate.errors import CorroborateError
from corroborate_cli.main import group
from corroborate_node import api

PASSPHRASE = "long enough to hold"
NEEDLE = "Witness Aster saw it at Hoeryong"
INTERVIEW = """\
source: {kind: witness, title: Interview %s}
consent: {own: hold, right: self, given_by: the witness}
people:
  - {names: 이가상, speaks: yes}
acts:
  - {what: 고문, whom: 이가상, basis: saw}
"""
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server():
    """A store that speaks S3. Missing: skipped and said so, or failed where CI=true."""
    if not buckets.there():
        message = "needs moto, flask, flask-cors and boto3, which are not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with buckets.running() as started:
        yield started


@pytest.fixture(scope="session")
def key(server):
    """As an environment holds it, of an account that may do all in the store's buckets."""
    return server.key("vault")


@pytest.fixture
def bucket(server):
    return server.bucket(f"bucket-{next(_numbers)}")


@pytest.fixture
def road(server):
    found = buckets.Road(server.port)
    yield found
    found.close()


@pytest.fixture
def surroundings(key, tmp_path):
    """The environment of whoever has the bucket's key, on a machine that has seen no vault before."""
    return {"CORROBORATE_PASSPHRASE": PASSPHRASE, "CORROBORATE_MARKS": str(tmp_path / "marks"), **key}


@pytest.fixture
def ran(surroundings):
    """`ran("import", …, code=0)`: what a command prints, and the error that its main function would print."""

    def run(*words, code=0, env=None):
        done = CliRunner().invoke(group, [str(one) for one in words], env={**surroundings, **(env or {})})
        assert done.exit_code == code, (words, done.output, done.exception)
        error = done.exception
        if (code in (0, 1) and "--json" in words and error is None) or isinstance(error, SystemExit):
            return done.stdout
        return done.output + (f"Error: {error}\n{error.remedy}" if isinstance(error, CorroborateError) else "")

    return run


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A new vault, to be copied: making one takes seconds."""
    folder = tmp_path_factory.mktemp("made") / "vault"
    api.create_vault(folder, "Member", PASSPHRASE)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A vault of the test's own, whose files lie in its folder."""
    return copied(made, tmp_path / "vault", PASSPHRASE)


@pytest.fixture
def begun(surroundings):
    """`begun("import", …)`: the same in a process of its own, not waited for."""
    children = []

    def begin(*words):
        child = subprocess.Popen(
            [sys.executable, "-m", "corroborate_cli", *map(str, words)],
            env={**os.environ, **surroundings},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        children.append(child)
        return child

    yield begin
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def interview(tmp_path):
    """`interview(name, size)`: the words of a command that records an interview with a recording beside it."""

    def words(name, size=200_000):
        entry, sound = tmp_path / f"{name}.yaml", tmp_path / f"{name}.txt"
        entry.write_text(INTERVIEW % name, encoding="utf-8")
        sound.write_bytes(f"{name}: {NEEDLE}\n".encode() * (size // 40))
        return ["interview", entry, "--attach", sound]

    return words


def sources(ran, folder):
    """Ids of sources by title."""
    from corroborate_node.records import models

    with api.open_vault(folder, PASSPHRASE):
        return {row.title: row.id for row in models.Source.objects.filter(withdrawn=None)}


def checked(ran, folder, code=0):
    """What `corroborate doctor` says, by what it looked at."""
    found = {}
    for one in json.loads(ran("doctor", "--vault", folder, "--json", code=code)):
        found.setdefault(one["about"], []).append((one["state"], one["found"]))
    return found
