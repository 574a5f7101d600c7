"""Two people code one source without seeing each other's coding; a third settles what differs, and says why.

What each typed is nobody's to read but theirs until both said that it is done: not the other's, not a coordinator's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.importers.two_codings import Beside, Compared, chosen, compared
from corroborate.importers.two_codings import beside as laid_beside
from corroborate.values import JSON, canonical, new_id
from corroborate_node.core import accounts, persons
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may, seat, visible
from corroborate_node.core.storing import storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.recording import actions, queries, reviewing
from corroborate_node.recording.models import Doubled, Draft
from corroborate_node.recording.reading import own_codes
from corroborate_node.records.models import Source

KIND = actions.DOUBLE_CODING
CHOICES = ("first", "second", "both", "neither")
SIDES = ("first", "second")
_WAYS = ("page double", "command double")
Rows = Sequence[Mapping[str, Any]]


def _of(id_: str, *_: object, **__: object) -> list[str]:
    return [id_]


@act(
    "coding.assign",
    ways=("page doubles", "command double"),
    of_effects=lambda row: [row.id, row.source_id],
)
def assign(desk: Desk, source: str, first: str, second: str) -> Doubled:
    """Ask two accounts to code a source that is here, each without seeing what the other codes. Raises InvalidValue,
    NotAllowed where the two can be one person."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    if not visible(desk, Source).filter(id=source, withdrawn=None).exists():
        raise InvalidValue("no source {id} stands here; the address of its page ends in its id", id=source)
    users = [accounts.known(one) for one in (first, second)]
    if users[0].pk == users[1].pk:
        raise InvalidValue("two people code it: name two accounts")
    case = None if all(not one.account_state.limited for one in users) else _case_of(source)
    for user in users:
        if user.get_username() not in accounts.who_may("record.enter", case):
            raise InvalidValue(
                "{name} may not code this: by its roles, or by the cases it sees", name=user.get_username()
            )
    persons.two_people(users[0].get_username(), users[1].get_username())
    if Doubled.objects.filter(source_id=source, resolved=None).exists():
        raise InvalidValue("two people code this source already")
    made: Doubled = Doubled.objects.create(
        id=new_id("doubled", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
        source_id=source,
        first=users[0],
        second=users[1],
        by=desk.by,
        at=desk.at,
    )
    return made


def _case_of(source: str) -> str | None:
    return Source.objects.filter(id=source).values_list("filed__case_id", flat=True).first()


def side_of(desk: Any, row: Doubled) -> str:
    """Whether somebody is the first or the second who codes; empty for anybody else."""
    actor = seat(desk)
    own = actor.id if isinstance(actor, Account) else None
    return "first" if row.first_id == own else "second" if row.second_id == own else ""


def seen(user: Any) -> Any:
    """Those of sources that somebody sees; what stands in them is told by :func:`told`."""
    found = visible(user, Doubled).select_related("source", "first", "second")
    return found.order_by("resolved", "id")


def one(user: Any, id_: str) -> Doubled:
    row: Doubled | None = seen(user).filter(id=id_).first()
    if row is None:
        raise InvalidValue("no source is coded by two people under {id}; `corroborate double list` shows them", id=id_)
    return row


def of_draft(user: Any, draft: str) -> str:
    """Of which double coding a draft is one; empty for none."""
    row = seen(user).filter(Q(first_draft=draft) | Q(second_draft=draft)).first()
    return row.id if row is not None else ""


def is_done(row: Doubled) -> bool:
    """Whether both said that theirs is done."""
    return row.first_typed is not None and row.second_typed is not None


def told(row: Doubled) -> tuple[Rows, Rows]:
    """The acts of both codings. Raises NotAllowed before both are done, whoever asks."""
    if row.first_typed is None or row.second_typed is None:
        raise NotAllowed("nobody reads either coding before both are done")
    return row.first_typed.get("acts", []), row.second_typed.get("acts", [])


def beside(desk: Desk, row: Doubled) -> Beside:
    """What both typed beside the acts, next to each other. Raises NotAllowed before both are done."""
    told(row)
    return laid_beside(row.first_typed or {}, row.second_typed or {}, own_codes(), on=desk.at.date())


def comparison(desk: Desk, row: Doubled) -> Compared:
    """The two beside each other. Raises NotAllowed before both are done."""
    return compared(*told(row), own_codes(), on=desk.at.date())


# --- each by themselves -----------------------------------------------------------------------------------------------


def _mine(desk: Desk, id_: str) -> tuple[Doubled, str]:
    row = one(desk, id_)
    side = side_of(desk, row)
    if not side or row.resolved is not None:
        raise NotAllowed("this is not yours to code, or it is settled already")
    return row, side


@act("coding.begin", "record.enter", ways=_WAYS, objects=_of)
def begin(desk: Desk, id_: str) -> str:
    """Begin one's own coding, or go on with it; the id of its draft."""
    row, side = _mine(desk, id_)
    if getattr(row, f"{side}_typed") is not None:
        raise InvalidValue("you said that yours is done: open it again first")
    if (draft := getattr(row, f"{side}_draft")) and queries.draft(desk, draft) is not None:
        return str(draft)
    made = actions.begin(desk, "", row.source_id)
    Doubled.objects.filter(id=id_).update(**{f"{side}_draft": made.id})
    return made.id


@act("coding.done", "record.enter", ways=_WAYS, objects=_of)
def done(desk: Desk, id_: str) -> bool:
    """Say that the own coding is done: whether the other's is as well, so that both can be compared. Raises
    InvalidValue where it could not be recorded as it is."""
    row, side = _mine(desk, id_)
    draft = queries.draft(desk, getattr(row, f"{side}_draft") or "-")
    if draft is None:
        raise InvalidValue("you have not begun to code it")
    reviewing.read_whole(desk, draft.typed)
    with storing():
        Doubled.objects.filter(id=id_).update(**{f"{side}_typed": draft.typed, f"{side}_draft": ""})
        actions.discard(desk, draft)
    return bool(getattr(row, f"{'second' if side == 'first' else 'first'}_typed") is not None)


@act("coding.reopen", "record.enter", ways=_WAYS, objects=_of)
def reopen(desk: Desk, id_: str) -> str:
    """Go on with the own coding, while the other's is not done; the id of its draft. Once both are, neither changes:
    whoever has seen the other's is independent no more."""
    row, side = _mine(desk, id_)
    typed = getattr(row, f"{side}_typed")
    if typed is None or is_done(row):
        raise NotAllowed("your coding is open, or both are done and can be read: then neither is changed any more")
    with storing():
        made = actions.begin(desk, "", row.source_id)
        Draft.objects.filter(id=made.id).update(typed=typed)
        Doubled.objects.filter(id=id_).update(**{f"{side}_typed": None, f"{side}_draft": made.id})
    return made.id


# --- the third person -------------------------------------------------------------------------------------------------


@act("coding.resolve", ways=_WAYS, objects=_of)
def resolve(desk: Desk, id_: str, choices: Sequence[str], why: str, base: str = "first") -> str:
    """Settle as a third person what differs: of each unit whose coding stands, and why. What stands becomes a draft of
    the third person, with the people, times in detention and kin of ``base``; its id."""
    row = one(desk, id_)
    if row.resolved is not None:
        raise InvalidValue("it is settled already, by {name}", name=row.resolved_by)
    if side_of(desk, row) or not isinstance(desk.actor, Account):
        raise NotAllowed("a third person settles it, under an account of their own: neither of the two who coded")
    for user in (row.first, row.second):
        persons.second(desk, user.get_username())
    found = comparison(desk, row)
    if len(choices) != len(found.units) or set(choices) - set(CHOICES) or base not in SIDES:
        raise InvalidValue(
            "say of each of the {number} places whose coding stands: first, second, both or neither",
            number=len(found.units),
        )
    if not why.strip():
        raise InvalidValue("say why: whoever reads it must be able to judge again")
    first, second = told(row)
    typed = dict(getattr(row, f"{base}_typed"))
    typed["acts"] = list(chosen(first, second, found.units, choices))
    with storing():
        made = actions.begin(desk, "", row.source_id)
        Draft.objects.filter(id=made.id).update(typed=typed)
        Doubled.objects.filter(id=id_).update(resolved=desk.at, resolved_by=desk.by, why=why.strip())
        seal_all([(KIND, id_, _sealed(row, found, choices, why, desk))], desk.at, desk.entropy)
    return made.id


def _sealed(row: Doubled, found: Compared, choices: Sequence[str], why: str, desk: Desk) -> bytes:
    fields: dict[str, JSON] = {
        name: None if one.value is None else f"{one.value:.4f}" for name, one in found.fields.items()
    }
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "source": row.source_id,
            "first": row.first.get_username(),
            "second": row.second.get_username(),
            "alpha": fields,
            "choices": list(choices),
            "why": why.strip(),
            "by": desk.by,
            "at": desk.at.isoformat(),
        }
    )


# --- waiting ----------------------------------------------------------------------------------------------------------


def to_code(user: Any) -> list[Doubled]:
    """Those that somebody has not coded yet."""
    actor = seat(user)
    if not isinstance(actor, Account):
        return []
    open_ = Q(first=actor.id, first_typed__isnull=True) | Q(second=actor.id, second_typed__isnull=True)
    return list(seen(user).filter(open_, resolved=None))


def to_resolve(user: Any) -> list[Doubled]:
    """Those that wait for a third person, which somebody can be."""
    actor = seat(user)
    if not isinstance(actor, Account) or not may(user, "coding.resolve"):
        return []
    both = seen(user).filter(resolved=None).exclude(first_typed__isnull=True).exclude(second_typed__isnull=True)
    return list(both.exclude(first=actor.id).exclude(second=actor.id))


__all__ = ["assign", "begin", "beside", "comparison", "done", "reopen", "resolve", "told"]
