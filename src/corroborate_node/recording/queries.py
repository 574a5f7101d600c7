"""Each account's own drafts; and who of the people that a draft names may be here already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from corroborate.languages.finding import asked_whole, folded
from corroborate_node.core.actors import Account
from corroborate_node.core.queries import seat, visible
from corroborate_node.finding import queries as finding
from corroborate_node.finding.criteria import LONGEST, Criteria
from corroborate_node.finding.models import NameKey
from corroborate_node.recording.models import Draft, DraftFile
from corroborate_node.records import codings
from corroborate_node.records import queries as records
from corroborate_node.records.models import Claim

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
    return visible(user, Draft).filter(user=own).order_by("-changed", "id")


def draft(user: Any, id_: str) -> Draft | None:
    found: Draft | None = drafts(user).select_related("source").filter(id=id_).first()
    return found


def number(user: Any) -> int:
    return int(drafts(user).count())


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
