"""A sealed estimate leaves for the audience it was counted for, and for no wider one."""

from datetime import date

import pytest

from corroborate.disclosure import Order, Records, Results, release
from corroborate.estimation import estimate
from corroborate.values import OverlapTable

TABLE = OverlapTable(("north", "south"), {(1, 0): 50, (0, 1): 40, (1, 1): 22})


@pytest.mark.parametrize(
    ("counted_for", "asked", "leaves"),
    [
        ("own", "own", True),
        ("own", "coalition", False),
        ("own", "public", False),
        ("coalition", "own", True),
        ("coalition", "coalition", True),
        ("coalition", "public", False),
        ("coalition", "named body", False),  # a body is always asked for by name
        ("public", "named body", True),
        ("public", "public", True),
        ("nonsense", "public", False),
    ],
)
def test_who_was_not_asked_for_is_not_told(counted_for, asked, leaves):
    order = Order("Release", "Coalition", asked, date(2026, 11, 24), "A court" if asked == "named body" else "")
    body = {**estimate(TABLE).as_json(), "sealed": {"id": "estimate_1", "index": 3, "audience": counted_for}}
    made = release(order, Records(), Results(estimate=body, overlap=TABLE))
    assert (made.estimate is not None, made.overlap is not None) == (leaves, leaves)
    assert (not leaves) == ("was sealed for the audience" in made.refused)
