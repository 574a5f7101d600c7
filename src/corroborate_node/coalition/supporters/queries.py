"""What is known of supporters, and who sees it: the public sees a published text, numbers, and names let be shown."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from corroborate.coalition import supporters as rules
from corroborate.coalition.final import Final
from corroborate.coalition.memberships import names_of
from corroborate.disclosure import Results
from corroborate.errors import InvalidValue
from corroborate_node.coalition.campaign import queries as campaign
from corroborate_node.coalition.supporters import models
from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible

NAMES_SHOWN = 500  # newest first; the number says how many there are


def value_of(row: models.Supporter) -> rules.Supporter:
    kind: rules.Kind = "organisation" if row.kind == "organisation" else "individual"
    return rules.Supporter(row.name, kind, row.country, row.affiliation, row.words, row.shown, row.language)


def call(statement: str) -> models.Call | None:
    """The call to support a statement, where the public is asked today."""
    return models.Call.objects.filter(statement=statement, ended=None).first()


def calls() -> QuerySet[models.Call]:
    return models.Call.objects.order_by("statement")


def text(statement: str, at: datetime) -> Final:
    """A published text with who signed it: the words that they signed, in whatever language that is. Raises
    InvalidValue for one that is not published."""
    return texts(statement, at, "")[0]


def texts(statement: str, at: datetime, language: str) -> tuple[Final, Final | None]:
    """A published text as it was signed, and its translation into a language, if there is one: what nobody signed
    stands nowhere in the place of what they did, also where a member approved it. Raises InvalidValue."""
    finals = [one for one in campaign.published_finals(opened.current().signer, at) if one.statement == statement]
    signed = next((one for one in finals if not one.original), None)
    if signed is None:
        raise InvalidValue("{statement} is no published statement", statement=statement)
    return signed, next((one for one in finals if one.original and one.language == language), None)


def counted(statement: str) -> rules.Counted:
    rows = models.Supporter.objects.filter(statement=statement)
    sure = rows.exclude(confirmed=None)
    return rules.Counted(
        sure.filter(elsewhere=False).count(),
        sure.filter(elsewhere=True).count(),
        sure.filter(kind="organisation").count(),
        rows.filter(confirmed=None).count(),
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A supporter that let its name be shown."""

    name: str
    affiliation: str
    country: str
    words: str


def named(statement: str) -> list[Named]:
    """Confirmed supporters that let their names be shown, newest first. Not one in whose name, affiliation or words a
    reader would find a member, or its office, before two people said so: no key proves it. Whoever types it is not
    told, since not every member is known to all."""
    rows = confirmed(statement).filter(shown=True).order_by("-confirmed", "-id")
    members = campaign.register().names()
    found = (one for one in rows.iterator() if one.shown_by or not names_member(one, members))
    return [Named(one.name, one.affiliation, one.country, one.words) for one in islice(found, NAMES_SHOWN)]


def names_member(row: models.Supporter, members: rules.Names) -> bool:
    """Whether an entry says the name of a member in anything that would be shown of it, or is called like one for
    short, or like all of them."""
    called, register = [one for one in (row.name, row.affiliation) if one], campaign.register()
    if any(members.means(one) or register.names_all(one) for one in called):
        return True
    return bool(row.words) and members.within(row.words)


def named_in(row: models.Supporter) -> tuple[str, ...]:
    """The members, by their labels, whom a reader would find in what would be shown of an entry."""
    said, known = [one for one in (row.name, row.affiliation, row.words) if one], campaign.register()
    return tuple(dict.fromkeys((*known.called(one for one in said[:2]), *known.named_in(said, ()))))


def held_back(rows: Iterable[models.Supporter]) -> set[str]:
    """Those of these entries that are counted, and not shown before two people said so."""
    return {row.pk for row in unproved(rows) if row.confirmed and row.shown}


def unproved(rows: Iterable[models.Supporter]) -> list[models.Supporter]:
    """Those of these entries that name a member, and of which no two people have said that they are not that one."""
    members = campaign.register().names()
    return [row for row in rows if not row.shown_by and names_member(row, members)]


def by_code(statement: str, mark: str) -> models.Supporter | None:
    """The one whose letter holds a code. The page that shows it asks for the code itself."""
    return models.Supporter.objects.filter(statement=statement, code_mark=mark).first() if mark else None


def confirmed(statement: str) -> QuerySet[models.Supporter]:
    return models.Supporter.objects.filter(statement=statement).exclude(confirmed=None).order_by("confirmed", "id")


def row_json(one: rules.Row) -> dict[str, Any]:
    """A row that was read, to be kept until it is taken in."""
    made = None if one.supporter is None else asdict(one.supporter)
    return {
        "line": one.line,
        "name": one.name,
        "supporter": made,
        "address": one.address,
        "confirmed": one.confirmed,
        "doubts": [str(each) for each in one.doubts],
        "refused": str(one.refused),
    }


def row_of(record: dict[str, Any]) -> rules.Row:
    made = record["supporter"]
    return rules.Row(
        record["line"],
        record["name"],
        None if made is None else rules.Supporter(**made),
        record["address"],
        record["confirmed"],
        tuple(record["doubts"]),
        record["refused"],
    )


def entries(user: Any, statement: str) -> QuerySet[models.Supporter]:
    return visible(user, models.Supporter).filter(statement=statement).order_by("-asked", "id")


def lists(user: Any, statement: str) -> QuerySet[models.List]:
    return visible(user, models.List).filter(statement=statement).order_by("-id")


def list_(user: Any, statement: str, number: int) -> models.List | None:
    return lists(user, statement).filter(pk=number).first()


def signatories(statement: str, at: datetime) -> Collection[str]:
    """Names that everybody reads under a published text."""
    return tuple(one.signatory.name for one in text(statement, at).signed)


def rows_read(statement: str, number: int) -> list[rules.Row]:
    """The rows of a sheet that waits to be taken in, for its owner."""
    found = models.List.objects.filter(statement=statement, pk=number).first()
    return [] if found is None else [row_of(one) for one in found.rows.get("rows", ())]


def unlettered(statement: str) -> int:
    """How many wait whose letters nobody has taken out."""
    return models.Supporter.objects.filter(statement=statement, confirmed=None, lettered=None).count()


def erased(user: Any, statement: str) -> int:
    return visible(user, models.Erased).filter(statement=statement).count()


def member_names() -> Collection[str]:
    """Names of the register, those of before and of who left too: those bodies speak by their own keys."""
    return tuple(name for one in campaign.register().members.values() for name in names_of(one))


def for_release(_desk: Desk) -> Results:
    """How many support each text. Names are no part of a release: it could not be taken back."""
    called = models.Call.objects.values_list("statement", flat=True)
    return Results(supported={name: many for name in called if (many := counted(name).whole)})
