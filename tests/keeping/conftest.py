"""A vault with invented people, a list that is sealed in it, and commands as somebody types them."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from tests.promises.conftest import found_in  # noqa: F401 - a fixture

from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.records import queries as records_queries

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "the words of the vault"
HEAD = "성명,성별,체포일,수용소,혐의,공개여부\n"
NEEDLES = ("김바늘", "이실", "회령수용소")


def run(*words, code=0, passphrase=PASSPHRASE, given=None, **env):
    """A command; what it printed, and what it said as an error."""
    done = CliRunner().invoke(group, [*map(str, words)], env={"CORROBORATE_PASSPHRASE": passphrase, **env}, input=given)
    refused = done.exception if done.exception is not None and not isinstance(done.exception, SystemExit) else None
    assert done.exit_code == code, (words, done.output, done.exception)
    from corroborate.errors import CorroborateError

    assert refused is None or isinstance(refused, CorroborateError), (words, refused)
    return done.stdout, f"{done.stderr}{refused or ''}"


def as_json(*words, **more):
    return json.loads(run(*words, "--json", **more)[0])


def filled(folder, tmp, rows=NEEDLES[:2], database=None):
    """A vault that took in a list, whose file it keeps sealed, under a signed checkpoint."""
    api.create_vault(folder, "Member", PASSPHRASE, database=database)
    table = tmp / "list.csv"
    table.write_text(HEAD + "".join(f"{one},여,1997,{NEEDLES[2]},고문,예\n" for one in rows), encoding="utf-8")
    run("import", table, "--vault", folder)
    table.unlink()
    run("log", "checkpoint", "--vault", folder, "--out", tmp / "first.checkpoint")
    return folder


def claims(folder, passphrase=PASSPHRASE):
    """Every claim that a vault holds, value by value."""
    with api.open_vault(folder, passphrase):
        return sorted(map(repr, records_queries.claims()))


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    place = tmp_path_factory.mktemp("template")
    return filled(place / "vault", place)


@pytest.fixture
def vault(template, tmp_path, monkeypatch):
    """A vault of a test's own, on a machine that remembers nothing else."""
    monkeypatch.setenv("CORROBORATE_MARKS", str(tmp_path / "marks"))
    shutil.copytree(template, tmp_path / "vault")
    return tmp_path / "vault"
