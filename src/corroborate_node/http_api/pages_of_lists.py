"""A list page by page: no more rows are read than are shown."""

from collections.abc import Callable
from typing import Annotated, Any

from ninja import Query

SIZE = 50  # of a page of a list
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


def paged(rows: Any, number: int, shape: Callable[[Any], Any]) -> Any:
    """A part of a query or a sequence, and whether more follows."""
    first = (number - 1) * SIZE
    found = list(rows[first : first + SIZE + 1])
    return {"items": [shape(one) for one in found[:SIZE]], "page": number, "more": len(found) > SIZE}
