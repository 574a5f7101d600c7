"""A run as programs read it: the same keys on a page's JSON and from the functions of ``api``."""

from typing import Any

from corroborate_node.estimates import models, queries


def run(one: models.Run, *, whole: bool = True) -> dict[str, Any]:
    """``whole``: with the result. The table itself is not told, only its digest: its cells are small numbers."""
    asked = {key: value for key, value in one.asked.items() if key != "table"}
    sealed = queries.sealed_of(one)
    found: dict[str, Any] = {
        "id": one.id, "title": one.title, "state": one.state, "step": one.step, "share": one.share, "asked": asked,
        "counted": one.counted, "tables": [{"name": t["name"], "sha256": t["digest"]} for t in one.tables],
        "by": one.by, "at": one.at.isoformat(), "ended": one.ended and one.ended.isoformat(),
        "invented": one.invented, "discarded": one.discarded is not None, "same_as": one.same_as_id,
        "sealed": None if sealed is None else {
            "index": sealed.index, "by": sealed.by, "at": sealed.at.isoformat(),
            "withdrawn": sealed.withdrawn and sealed.withdrawn.isoformat(), "why": sealed.why,
            "holds": queries.holds(sealed),
        },
    }  # fmt: skip
    if whole:
        found["result"] = one.result
    return found
