"""A vault of invented people, all lists of one population in it, and the pairs that linkage proposes."""

from datetime import UTC, datetime

import pytest

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate.linkage import link
from corroborate.values.rows import csv_text
from corroborate_cli.lists import entry
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions
from corroborate_node.records import batches

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
PASSPHRASE = "a passphrase for reviewers"
OWN = "a reviewer's own passphrase"
COLUMNS = ("left_list", "left_row", "right_list", "right_row", "weight", "probability", "decision")


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory):
    """The vault's folder and the file of pairs."""
    folder = tmp_path_factory.mktemp("reviewed")
    lists = write_lists(make_world(7, 600), folder / "lists")
    entries = {}
    api.create_vault(folder / "vault", "새봄인권기록회", PASSPHRASE, account_passphrase=OWN)
    with api.open_vault(folder / "vault", PASSPHRASE) as vault:
        for name, path in lists.files.items():
            table = read_table(path)
            rows = person_entries(table, checked_mapping(table, {}), name, latest=2020).entries
            entries[name] = [entry(row) for row in rows]
            taken = batches.from_rows(rows, name, recorder="test", at=AT, agreed=True)
            records_actions.receive(owner(vault, AT), taken.entities, taken.sources, taken.consents, taken.claims)
    found = link(entries)
    rows = ((*p.left, *p.right, p.weight, p.probability, p.decision) for p in found.pairs)
    (folder / "pairs.csv").write_bytes(csv_text(COLUMNS, rows))
    return folder / "vault", folder / "pairs.csv"
