"""A vault moves to PostgreSQL and back: whole or not at all, every value the same."""

import json
import os
import random
import subprocess
import sys
import time
from datetime import date

import pytest
from click.testing import CliRunner
from tests.databases.conftest import AT, PASSPHRASE, made

from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries


def told(folder):
    """Every claim and source of a vault, its log's root, and how many numbers of names were given."""
    with api.open_vault(folder, PASSPHRASE):
        claims = sorted((one for one in queries.claims()), key=lambda one: one.id)
        return claims, queries.sources(), log_queries.whole_tree().root()


def moved(folder, *options):
    done = CliRunner().invoke(
        group, ["move", *options, "--vault", str(folder), "--json"], env={"CORROBORATE_PASSPHRASE": PASSPHRASE},
        catch_exceptions=False,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.mark.parametrize("people", [40, pytest.param(10_000, marks=pytest.mark.long)])
def test_it_moves_there_and_back_without_loss(tmp_path, filled, cluster, people):
    folder = tmp_path / "vault"
    filled(folder, people)
    before = told(folder)
    found = moved(folder, "--database", cluster.address)
    assert found["rows"] > 10 * people
    assert found["left"] == "file"
    assert told(folder) == before
    assert moved(folder, "--erase") == {"erased": "file"}
    assert not (folder / "vault.db").exists()
    with api.open_vault(folder, PASSPHRASE) as vault:
        assert {one.state for one in fixity.everything(vault)} <= {"good", "advice"}
        records_actions.withdraw(owner(vault, AT), made("source", 1), date(2026, 2, 1))
        schema = vault.place.schema
    after = told(folder)
    assert moved(folder, "--to-file")["left"] == "postgresql"
    assert told(folder) == after
    moved(folder, "--erase")
    assert schema not in cluster.sql("SELECT nspname FROM pg_namespace")
    assert not (folder / "source-keys.db").exists()
    assert told(folder) == after


def killed(folder, sign, within, *options):
    """Whether a move ended before it was killed, within so many seconds after a file said that it had begun."""
    child = subprocess.Popen(
        [sys.executable, "-m", "corroborate_cli", "move", *options, "--vault", str(folder)],
        env={**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while not sign.exists() and child.poll() is None:
        time.sleep(0.01)
    time.sleep(within)
    child.kill()
    _, said = child.communicate()
    assert child.returncode in (0, -9), said.decode()
    return child.returncode == 0


def schemas(cluster):
    return set(cluster.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'corroborate_%'").split())


def where(folder):
    return "postgresql" if "postgresql" in (folder / "corroborate.toml").read_text(encoding="utf-8") else "file"


@pytest.mark.parametrize("rounds", [1, pytest.param(40, marks=pytest.mark.long)])
def test_killed_at_any_moment_the_vault_is_whole_in_one_place_and_a_half_one_is_erased(
    tmp_path, filled, cluster, rounds
):
    folder, chance, cut = tmp_path / "vault", random.Random(1968), 0
    filled(folder, 40)
    before, others = told(folder), schemas(cluster)
    for turn in range(rounds):
        longest = (0.2, 1.0, 3.0)[turn % 3]
        within = chance.random() * longest
        cut += not killed(folder, folder / "keys" / "database.json", within, "--database", cluster.address)
        assert told(folder) == before
        found = moved(folder, "--erase")  # of the half place, or of the one before
        assert found == {"erased": "file" if where(folder) == "postgresql" else "postgresql"}
        assert told(folder) == before
        assert len(schemas(cluster) - others) == (where(folder) == "postgresql")
        if where(folder) == "file":
            moved(folder, "--database", cluster.address)
            moved(folder, "--erase")
        cut += not killed(folder, folder / "vault.db.moving", chance.random() * longest, "--to-file")
        assert told(folder) == before
        if where(folder) == "postgresql":
            assert moved(folder, "--to-file")["left"] == "postgresql"
        moved(folder, "--erase")
        assert told(folder) == before
    assert cut
    assert not list(folder.glob("vault.db.moving*"))


def test_a_mistyped_database_leaves_the_vault_as_it_was_and_the_next_try_goes_on(tmp_path, filled, cluster):
    folder = tmp_path / "vault"
    filled(folder, 5)
    before = told(folder)
    wrong = CliRunner().invoke(
        group, ["move", "--database", cluster.address.replace("/tests?", "/nothere?"), "--vault", str(folder)],
        env={"CORROBORATE_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip
    assert wrong.exit_code != 0
    assert "does not answer" in str(wrong.exception)
    assert not (folder / "keys" / "database.json").exists()
    assert told(folder) == before
    assert moved(folder, "--database", cluster.address)["left"] == "file"
    assert told(folder) == before
