"""Each account's own drafts; and who of the people that a draft names may be here already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from corroborate.languages.finding import asked_whole, folded
from corroborate_node.core import accounts
from corroborate_node.core.actors import Account
from corroborate_node.core.queries import may, seat, visible
from corroborate_node.finding import queries as finding
from corroborate_node.finding.criteria import LONGEST, Criteria
from corroborate_node.finding.models import NameKey
from corroborate_node.recording.models import Doubled, Draft, DraftFile, Submitted
from corroborate_node.records import codings
from corroborate_node.records import queries as records
from corroborate_node.records.models import Claim, Remark

MOST_ALIKE = 8  # people of the vault who are shown beside one name
_TELLING = ("birth_date", "age", "origin")


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who is here, and by what they are told apart from others of that name."""

    id: str
    name: str
    told: str = ""

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.told})" if self.told else f"{self.name} ({self.id[-6:]})"


def drafts(user: Any) -> Any:
    """An account's own, the newest first; for anybody else none."""
    actor = seat(user)
    own = actor.id if isinstance(actor, Account) else None
    return visible(user, Draft).filter(user=own).select_related("submitted").order_by("-changed", "id")


def draft(user: Any, id_: str) -> Draft | None:
    found: Draft | None = drafts(user).select_related("source").filter(id=id_).first()
    return found


def number(user: Any) -> int:
    """Drafts that an account goes on with: not those that somebody else reads now."""
    return int(drafts(user).exclude(submitted__state__in=("submitted", "approved")).count())


def submitted(user: Any) -> Any:
    """Drafts that wait for a second person or were read by one, as far as somebody sees them; the oldest first."""
    found = visible(user, Submitted).select_related("draft", "draft__user", "reviewer", "approved_by", "case")
    return found.exclude(_while_coding(user)).order_by("at", "draft_id")


def _while_coding(user: Any) -> Q:
    """Others' drafts of a source that somebody codes apart and has not done: they would tell how others code it."""
    actor = seat(user)
    if not isinstance(actor, Account):
        return Q(pk__in=())
    open_ = Q(first=actor.id, first_typed__isnull=True) | Q(second=actor.id, second_typed__isnull=True)
    sources = Doubled.objects.filter(open_, resolved=None).values("source_id")
    return Q(draft__source_id__in=sources) & ~Q(draft__user=actor.id)


def one_submitted(user: Any, id_: str) -> Submitted | None:
    found: Submitted | None = submitted(user).filter(draft_id=id_).first()
    return found


def for_me(user: Any) -> Any:
    """Those that somebody may read: assigned to them or to nobody, and not their own."""
    actor = seat(user)
    if not isinstance(actor, Account) or not may(user, "draft.approve"):
        return Submitted.objects.none()
    mine = submitted(user).filter(state="submitted").exclude(draft__user=actor.id)
    return mine.filter(Q(reviewer=None) | Q(reviewer=actor.id))


def number_for_me(user: Any) -> int:
    return int(for_me(user).count())


def back_with_me(user: Any) -> Any:
    """An account's own that were sent back or approved: it goes on with them."""
    return submitted(user).filter(draft__in=drafts(user), state__in=("returned", "approved"))


def remarks_for(user: Any) -> list[tuple[Submitted, Remark]]:
    """What others said of drafts to somebody by name, and is not settled."""
    seen = {one.draft_id: one for one in submitted(user)} if may(user, "draft.review") else {}
    said = Remark.objects.filter(draft__in=list(seen), settled=None, to=seat(user).name).order_by("id")
    return [(seen[one.draft], one) for one in said]


def reviewers_of(draft_: Draft, author: str) -> list[str]:
    """The same of a draft that is not submitted yet."""
    case = str(draft_.typed.get("case", "")) or None
    return [one for one in accounts.who_may("draft.approve", case) if one != author]


def reviewers(row: Submitted) -> list[str]:
    """Names of accounts to which a draft can be given to read."""
    return [one for one in accounts.who_may("draft.approve", row.case_id) if one != row.draft.user.get_username()]


def files(draft_: Draft) -> list[DraftFile]:
    return list(DraftFile.objects.filter(draft=draft_).order_by("id"))


def addresses() -> list[str]:
    """Files that wait beside drafts, which the vault's own checks know of."""
    return list(DraftFile.objects.values_list("address", flat=True))


def open_cases(user: Any) -> list[tuple[str, str]]:
    """Open cases that somebody sees: id and name."""
    return list(records.cases_seen(user).filter(closed=None).values_list("id", "name"))


def alike(user: Any, names: Iterable[str]) -> dict[str, list[Alike]]:
    """By name: who is here whose name it may be, in any writing. Two questions for all of them together."""
    keys = {name: asked_whole(name) for name in names if name.strip()}
    every = sorted(set().union(*keys.values())) if keys else []
    found: dict[str, dict[str, str]] = {}
    rows = visible(user, NameKey).filter(key__in=every).order_by("name_id")
    for key, person, text in rows.values_list("key", "name__person_id", "name__text")[: records.BATCH]:
        found.setdefault(key, {}).setdefault(person, text)
    parties = _parties(user, keys)
    people = {person for each in found.values() for person in each}
    told = _lines_of(user, people)
    return {
        name: [
            Alike(id_, text, told.get(id_, ""))
            for id_, text in list({**_of(found, each), **parties.get(name, {})}.items())[:MOST_ALIKE]
        ]
        for name, each in keys.items()
    }


def called(user: Any, title: str) -> list[str]:
    """Sources that are called so, by the code that somebody gave them."""
    found = records.sources_seen(user).filter(title=title, withdrawn=None).order_by("id")
    return list(found.values_list("id", flat=True)[:MOST_ALIKE])


def _of(found: Mapping[str, Mapping[str, str]], keys: Iterable[str]) -> dict[str, str]:
    return {person: text for key in sorted(keys) for person, text in found.get(key, {}).items()}


def _parties(user: Any, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Parties have no keys of their own: they are found by exactly the same letters."""
    asked, wanted = Q(), {folded(name): name for name in names}
    for name in wanted.values():
        asked |= Q(value__text=name)
    if not wanted:
        return {}
    said = visible(user, Claim).filter(asked, property__in=("name", "alias"), superseded=False, subject__kind="party")
    found: dict[str, dict[str, str]] = {}
    for row in said.exclude(value=None).order_by("id")[: records.BATCH]:
        text = records.words_of(row)
        if (key := wanted.get(folded(text))) is not None:
            found.setdefault(key, {})[row.subject_id] = text
    return found


def _lines_of(user: Any, people: Iterable[str]) -> dict[str, str]:
    """By what people of one name are told apart: birth, age, where they are from."""
    said = visible(user, Claim).filter(subject_id__in=list(people), property__in=_TELLING, superseded=False)
    found: dict[str, dict[str, str]] = {}
    for row in said.exclude(value=None).order_by("id")[: records.BATCH]:
        found.setdefault(row.subject_id, {}).setdefault(row.property, str(_plain(row.value or {})))
    return {one: ", ".join(of[each] for each in _TELLING if each in of) for one, of in found.items()}


def _plain(value: Mapping[str, Any]) -> object:
    return value.get("text") or value.get("date") or f"{value.get('earliest', '')}–{value.get('latest', '')}"


def found_as_typed(user: Any, words: str, on: Any) -> list[Alike]:
    """People whose names somebody may be typing, in any script, the surest first; then parties of that name."""
    if not words.strip() or len(words) > LONGEST:
        return []
    people = list(finding.find(user, "people", Criteria(words=words.strip()), on, most=MOST_ALIKE).found)
    names = records.names_of(user, [one.id for one in people])
    told = _lines_of(user, [one.id for one in people])
    parties = [Alike(id_, text) for id_, text in codings.known_as(user, words) if id_.startswith("party_")]
    made = [Alike(one.id, names.get(one.id, one.name), told.get(one.id, "")) for one in people]
    return [*made, *parties][:MOST_ALIKE]
