"""Questions that somebody keeps under a name, to ask them again. Each account sees its own, and nobody else's: what
somebody looks for tells of people and of work. The journal says that a search was saved, and not its words."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.core.actors import Account, Owner
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import seat, visible
from corroborate_node.finding import criteria
from corroborate_node.finding.models import Search

LONGEST = 100  # letters of a name
MOST = 200  # of one account


def _whose(who: Any) -> int | None:
    """The account whose searches they are; None for the owner. Raises NotAllowed for anybody else."""
    actor = seat(who)
    if isinstance(actor, Account):
        return actor.id
    if isinstance(actor, Owner):
        return None
    raise NotAllowed("searches are kept for accounts, and for the owner at the command line")


def searches(who: Any) -> QuerySet[Search]:
    """Somebody's own, by name."""
    rows: QuerySet[Search] = visible(who, Search).filter(user=_whose(who)).order_by("folded")
    return rows


def named(who: Any, name: str) -> Search:
    """One of somebody's own, by its name. Raises InvalidValue with the names that there are."""
    found = searches(who).filter(folded=_folded(name)).first()
    if found is None:
        known = ", ".join(one.name for one in searches(who)[:20])
        if known:
            raise InvalidValue("you have no saved search {name!r}; there are: {known}", name=name, known=known)
        raise InvalidValue("you have no saved search {name!r}", name=name)
    return found


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _free(desk: Desk, name: str) -> tuple[str, str]:
    """A name that no other search of theirs has, as it is shown and as it is told apart."""
    shown = " ".join(name.split())
    if not shown:
        raise InvalidValue("a saved search needs a name")
    if len(shown) > LONGEST:
        raise InvalidValue(
            "the name of a search has {longest} letters at most; this one has {number}",
            longest=LONGEST,
            number=len(shown),
        )
    if searches(desk).filter(folded=_folded(shown)).exists():
        raise InvalidValue(
            "you have a saved search {shown!r}: choose another name, or delete that one first", shown=shown
        )
    return shown, _folded(shown)


def _id(search: Search) -> list[str]:
    return [f"search_{search.pk}"]


@act("search.save", "record.read", ways=("page searches", "command search"), of_effects=_id)
def save(desk: Desk, name: str, given: Mapping[str, str]) -> Search:
    """Keep a question under a name. Raises InvalidValue for a name that is taken, and for what is no question."""
    shown, folded = _free(desk, name)
    if searches(desk).count() >= MOST:
        raise InvalidValue("you have {most} saved searches: delete some first", most=MOST)
    return Search.objects.create(
        user_id=_whose(desk), name=shown, folded=folded, asked=criteria.as_given(given), at=desk.at
    )


@act("search.rename", "record.read", ways=("page searches", "command searches"), of_effects=_id)
def rename(desk: Desk, search: int, name: str) -> Search:
    """Give a search another name. Raises InvalidValue for one that is not theirs, or a name that is taken."""
    row = _own(desk, search)
    if _folded(name) == row.folded and name.strip():
        row.name = " ".join(name.split())[:LONGEST]
    else:
        row.name, row.folded = _free(desk, name)
    row.save(update_fields=["name", "folded"])
    return row


@act("search.delete", "record.read", ways=("page searches", "command searches"), objects=lambda one: [f"search_{one}"])
def delete(desk: Desk, search: int) -> None:
    """Forget a search. Raises InvalidValue for one that is not theirs."""
    _own(desk, search).delete()


def _own(desk: Desk, search: int) -> Search:
    row = searches(desk).filter(pk=search).first()
    if row is None:
        raise InvalidValue("you have no such saved search")
    return row


def opened() -> None:
    """What somebody looked for does not outlive their account."""
    Search.objects.filter(user__is_active=False).delete()


__all__ = ["LONGEST", "delete", "named", "opened", "rename", "save", "searches"]
