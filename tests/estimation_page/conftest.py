"""A vault of invented people, all lists of one population in it, judged as a linkage proposed, some pairs waiting."""

from datetime import UTC, datetime

import pytest

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate.linkage import link
from corroborate.records import Judgement
from corroborate.values import new_id
from corroborate_cli.lists import entry
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions
from corroborate_node.records import batches
from corroborate_node.review import api as review

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
PASSPHRASE = "a passphrase for analysts"
OWN = "an analyst's own passphrase"
LATEST = 2020


@pytest.fixture(scope="session")
def counted(tmp_path_factory):
    """The vault's folder, its lists as entries, and the person that each row became."""
    folder = tmp_path_factory.mktemp("counted")
    lists = write_lists(make_world(7, 600), folder / "lists")
    entries, people = {}, {}
    api.create_vault(folder / "vault", "새봄인권기록회", PASSPHRASE, account_passphrase=OWN)
    with api.open_vault(folder / "vault", PASSPHRASE) as vault:
        for name, path in lists.files.items():
            table = read_table(path)
            rows = person_entries(table, checked_mapping(table, {}), name, latest=LATEST).entries
            entries[name] = [entry(row) for row in rows]
            taken = batches.from_rows(rows, name, recorder="test", at=AT, agreed=True)
            records_actions.receive(owner(vault, AT), taken.entities, taken.sources, taken.consents, taken.claims)
            people |= {(name, row): person for row, person in taken.people.items()}
        found = link(entries)
        pairs = [(people[p.left], people[p.right], p) for p in found.pairs]
        sure = [(left, right) for left, right, p in pairs if p.decision == "match" and p.probability >= 0.9]
        judged = [
            Judgement(new_id("jud", milliseconds=at, randomness=bytes(10)), left, right, "same", "keeper", "a test", AT)
            for at, (left, right) in enumerate(sure)
        ]
        records_actions.judge(owner(vault, AT), list(judged))
        from corroborate_node.review.actions import Proposed

        review.load(vault, [Proposed(left, right, p.probability) for left, right, p in pairs], "a test", AT)
        log_actions.checkpoint(owner(vault, AT))
    return folder / "vault", entries, people
