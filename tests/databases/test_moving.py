"""A vault moves to PostgreSQL and back: whole or not at all, every value the same."""

import json
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
