"""A vault's people and a file's are compared by the same things."""

from datetime import UTC, datetime
from itertools import count

import pytest

from corroborate.importers import checked_mapping, claims, person_entries, read_table
from corroborate.linkage.entries import entry_of
from corroborate.records import Claim
from corroborate.values import read_name
from corroborate_cli.lists import entry

FILE = """name,sex,birth,place,occupation,father,age
Alexander Mora,m,1983-02-02,Cali,farmer,Luis Mora,
김선모,f,1968-01-13,회령,광부,,
Gim X,m,,,,,34
"""


def test_claims_of_a_row_say_what_the_row_says(tmp_path):
    (tmp_path / "list.csv").write_text(FILE, encoding="utf-8")
    table = read_table(tmp_path / "list.csv")
    for row in person_entries(table, checked_mapping(table, {}), "list", latest=2030).entries:
        ids = count()
        told = claims(
            row, person=f"person_{row.row:032x}", act_ids=iter(()), claim_ids=(f"claim_{n:032x}" for n in ids),
            source=f"src_{1:032x}", recorder="test", recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        assert entry_of(told, list_name="list", row=row.row) == entry(row)


@pytest.mark.parametrize("name", ["Alexander Mora", "XIMENA RUIZ", "Xavier Lopez", "김선모"])
def test_letters_in_a_word_hide_no_name(name):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    said = Claim(
        f"claim_{1:032x}", f"person_{1:032x}", "name", read_name(name), f"src_{1:032x}", "row 1", "unknown", "test", at
    )
    assert entry_of([said]).complete
