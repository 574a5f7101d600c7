"""Cases: named files of work. Sources are filed in them; who is limited to cases sees records of these alone.

A case is how a vault divides its work, and no record of what happened: it is not sealed in the log, and nothing of it
leaves. A name of a case is seen by whoever keeps accounts, so it should name no person.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk, cases_of
from corroborate_node.core.storing import insert
from corroborate_node.records import models, queries

LONGEST = 150  # letters of a name
_PAGE = "page cases"


def folded(name: str) -> str:
    """A name as a reader tells it from others: neither case, width nor space makes another case of it."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def named(who: object, name: str) -> models.Case:
    """The case of a name, or of an id, that somebody may see. Raises InvalidValue for none."""
    found = queries.cases_seen(who)
    row = found.filter(folded=folded(name)).first() or found.filter(id=name.strip()).first()
    if row is None:
        raise InvalidValue("there is no case {name!r} here; `corroborate cases list` shows them", name=name.strip())
    return row


def _touched(case: str, sources: Iterable[str] = (), **_: object) -> list[str]:
    """What the journal knows them by: ids, and not the name of the case."""
    row = models.Case.objects.filter(folded=folded(case)).first() or models.Case.objects.get(id=case.strip())
    return [row.id, *sources]


def open_now(who: object, names: Iterable[str]) -> tuple[str, ...]:
    """Ids of open cases by their names. Raises InvalidValue for one that is closed, or not there."""
    rows = [named(who, one) for one in dict.fromkeys(names)]
    if shut := next((one.name for one in rows if one.closed is not None), ""):
        raise InvalidValue("the case {shut!r} is closed: open it again, or choose another", shut=shut)
    return tuple(one.id for one in rows)


@act("case.open", "case.keep", ways=(_PAGE, "command cases"), of_effects=lambda id_: [id_])
def begin(desk: Desk, name: str) -> str:
    """Open a case; its id. Raises InvalidValue for a name that is empty, too long or taken."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records, and so no cases")
    if not name or len(name) > LONGEST or not name.isprintable():
        raise InvalidValue("a case needs a name, of {longest} letters at most", longest=LONGEST)
    if models.Case.objects.filter(folded=folded(name)).exists():
        raise InvalidValue("there is a case {name!r} already", name=name)
    id_ = new_id("case", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    models.Case.objects.create(id=id_, name=name, folded=folded(name)[:LONGEST], opened=desk.at, opened_by=desk.by)
    return id_


@act("case.close", "case.keep", ways=(_PAGE, "command cases"), objects=_touched)
def close(desk: Desk, case: str, *, again: bool = False) -> None:
    """Close a case: nothing more is filed in it, and it stays readable. ``again``: open a closed one."""
    row = named(desk, case)
    row.closed, row.closed_by = (None, "") if again else (desk.at, desk.by)
    row.save(update_fields=["closed", "closed_by"])


@act("case.file", "case.keep", ways=(_PAGE, "command cases"), objects=_touched)
def add(desk: Desk, case: str, sources: Sequence[str]) -> int:
    """File sources in a case, each with what :func:`belonging` says; how many are new there."""
    (id_,) = open_now(desk, [case])
    asked = list(dict.fromkeys(sources))
    known = set(queries.sources_among(desk, asked))
    if missing := [one for one in asked if one not in known]:
        raise InvalidValue(
            "there is no source {missing} here; the address of its page ends in its id", missing=missing[0]
        )
    whole = belonging(asked)
    before = set(models.Filed.objects.filter(case_id=id_).values_list("source_id", flat=True))
    return file_in([id_], [one for one in whole if one not in before])


def file_in(cases: Iterable[str], sources: Iterable[str]) -> int:
    """Rows that say so, within the act of the caller; how many."""
    rows = [models.Filed(case_id=case, source_id=source) for case in cases for source in dict.fromkeys(sources)]
    insert(models.Filed, rows)
    return len(rows)


@act("case.take-out", "case.keep", ways=(_PAGE, "command cases"), objects=_touched)
def take_out(desk: Desk, case: str, sources: Sequence[str]) -> int:
    """Take sources out of a case, each with what :func:`belonging` says; how many were in it."""
    row, gone = named(desk, case), 0
    whole = belonging(sources)
    for start in range(0, len(whole), queries.BATCH):
        part = models.Filed.objects.filter(case_id=row.id, source_id__in=whole[start : start + queries.BATCH])
        gone += part.delete()[0]
    return gone


def belonging(sources: Iterable[str]) -> list[str]:
    """Some sources with what goes with them: of a list its rows and whom these name as their origin; of any source all
    that derives from it."""
    found, origins, after = dict.fromkeys(sources), dict[str, None](), dict[str, list[str]]()
    every = models.Source.objects.order_by("id").values_list("id", "kind", "derives_from")
    for id_, kind, before in every:
        for one in before:
            after.setdefault(one, []).append(id_)
        if kind == "list" and id_ in found:
            rows = models.Source.objects.filter(part_of_id=id_)
            for row, origin in rows.values_list("id", "derives_from"):
                found[row] = None
                origins.update(dict.fromkeys(origin))
    asked = list(found)
    while asked:
        asked = [later for one in asked for later in after.get(one, []) if later not in found]
        found.update(dict.fromkeys(asked))
    return list(found | origins)


def for_import(desk: Desk, cases: Sequence[str]) -> None:
    """Raises NotAllowed for a limited account that would take records in where it could not see them itself."""
    own = cases_of(desk.actor)
    if own is not None and (not cases or not own.issuperset(cases)):
        raise NotAllowed("your account sees some cases only: say in which of them these records belong")
