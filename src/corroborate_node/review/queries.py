"""Which pairs wait, for whom, in which order. Functions with a user give that user's rows, and none without one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from corroborate import records
from corroborate.errors import InvalidValue
from corroborate.records.reviewing import Agreement, agreements
from corroborate_node.core.queries import in_cases, visible
from corroborate_node.records import models as evidence
from corroborate_node.records import queries as kept
from corroborate_node.records import rows
from corroborate_node.review import held_queries
from corroborate_node.review.values import Waiting

MOST_COUNTED = 999  # pairs waiting: more than anybody does in a week is not counted further on every page
ORDER = ("-worth", "id")
Candidate: TypeAlias = evidence.Candidate  # what a page is handed
Source: TypeAlias = evidence.Source


def _about_pair() -> QuerySet[evidence.Judgement]:
    """Standing judgements about the pair of the outer query, whichever of the two was named first."""
    same = Q(left=OuterRef("left"), right=OuterRef("right")) | Q(left=OuterRef("right"), right=OuterRef("left"))
    return evidence.Judgement.objects.filter(same, withdrawn=None)


def pairs(user: Any) -> QuerySet[evidence.Candidate]:
    """Every pair, judged or not."""
    return visible(user, evidence.Candidate)


def waiting(user: Any, *, second: bool = False) -> QuerySet[evidence.Candidate]:
    """Pairs that nobody has judged, the one worth most first. ``second``: pairs that another reviewer judged and this
    user did not, without what was said: two reviewers' agreement means nothing when one saw the other's verdict."""
    found = pairs(user)
    if not second:
        return found.filter(~Exists(_about_pair())).order_by(*ORDER)
    own = _about_pair().filter(by=getattr(user, "username", ""))
    return found.filter(Exists(_about_pair()), ~Exists(own)).order_by(*ORDER)


def count_waiting(user: Any) -> int:
    """Pairs of our own, and people whom another member holds too."""
    ours, held = (
        line.order_by().annotate(one=Value(1)).values_list("one")
        for line in (waiting(user), held_queries.waiting(user))
    )
    return int(ours.union(held, all=True)[: MOST_COUNTED + 1].count())  # one question: every page asks it


def beside(pairs: QuerySet[evidence.Candidate], one: evidence.Candidate, *, after: bool) -> evidence.Candidate | None:
    """The next or the previous pair of a queue, whether this one stands in it or no longer."""
    if after:
        found = pairs.filter(Q(worth__lt=one.worth) | Q(worth=one.worth, id__gt=one.id)).order_by(*ORDER)
    else:
        found = pairs.filter(Q(worth__gt=one.worth) | Q(worth=one.worth, id__lt=one.id)).order_by("worth", "-id")
    return found.first()


def of_pair(user: Any, left: str, right: str) -> list[evidence.Judgement]:
    """All that was ever said of a pair, newest first, and what was taken back."""
    either = Q(left=left, right=right) | Q(left=right, right=left)
    return list(visible(user, evidence.Judgement).filter(either).order_by("-at", "-id"))


def history(user: Any) -> QuerySet[evidence.Judgement]:
    found: QuerySet[evidence.Judgement] = visible(user, evidence.Judgement).order_by("-at", "-id")
    return found


def last_of(user: Any) -> evidence.Judgement | None:
    """The last judgement of this user that stands."""
    found: evidence.Judgement | None = history(user).filter(by=getattr(user, "username", ""), withdrawn=None).first()
    return found


def claims_about(user: Any, person: str) -> list[records.Claim]:
    """Claims about a person that count."""
    return [rows.claim(row) for row in kept.claims_about(user, person).exclude(value=None).filter(superseded=False)]


def sources_of(user: Any, ids: Collection[str]) -> dict[str, evidence.Source]:
    return {one.id: one for one in visible(user, evidence.Source).filter(id__in=list(ids))}


@dataclass(frozen=True, slots=True)
class Joined:
    """Who is judged the same as a person, by which judgements, and which of those that stand contradict them."""

    people: frozenset[str]
    conflicts: tuple[records.Judgement, ...]


def joined(user: Any, person: str) -> Joined:
    """The cluster of a person, from the judgements that reach it: as many questions as there are steps to its edge."""
    people, asked = {person}, {person}
    current = visible(user, evidence.Judgement).filter(withdrawn=None)
    found: dict[str, evidence.Judgement] = {}
    while asked:
        near = current.filter(Q(left__in=asked) | Q(right__in=asked))
        found |= {one.id: one for one in near}
        asked = {end for one in near if one.verdict == "same" for end in (one.left, one.right)} - people
        people |= asked
    said = [rows.judgement(one) for one in found.values()]
    everybody = sorted(people | {end for one in said for end in (one.left, one.right)})
    clusters = records.Clusters.of(everybody, said)
    whole = next(cluster for cluster in clusters.members if person in cluster)
    return Joined(whole, tuple(one for one in clusters.conflicts if one.left in whole))


def agreement(user: Any) -> tuple[Agreement, ...]:
    """How far reviewers agree, two by two. Rules that judged in bulk are no reviewers, but stand here by their name."""
    return agreements(rows.judgement(one) for one in visible(user, evidence.Judgement).filter(withdrawn=None))


def candidate_of(left: str, right: str) -> evidence.Candidate | None:
    low, high = sorted((left, right))
    return evidence.Candidate.objects.filter(left=low, right=high).first()


def people_of_rows(lists: Collection[str]) -> dict[tuple[str, int], str]:
    """(list, row) -> person, for lists that were taken in row by row."""
    found: dict[tuple[str, int], str] = {}
    for name in lists:
        named = evidence.Claim.objects.filter(
            source__part_of__title=name, property="name", source__withdrawn=None, subject__kind="person"
        )
        rows = named.values_list("source__number", "subject_id")
        found |= {(name, row): person for row, person in rows if row is not None}
    return found


def violations_of(people: Collection[str]) -> dict[str, set[str]]:
    """For each person the violations that claims of acts name: what findings count victims by."""
    acts: dict[str, set[str]] = {}
    asked = sorted(people)
    for start in range(0, len(asked), 500):
        pointing = evidence.Claim.objects.filter(
            target__in=asked[start : start + 500], property="victim", superseded=False
        )
        for act, person in pointing.values_list("subject_id", "target"):
            acts.setdefault(act, set()).add(person)
    found: dict[str, set[str]] = {}
    ids = sorted(acts)
    for start in range(0, len(ids), 500):
        done = evidence.Claim.objects.filter(
            subject_id__in=ids[start : start + 500], property="violation", superseded=False
        )
        for act, value in done.exclude(value=None).values_list("subject_id", "value"):
            if value is not None:
                for person in acts[act]:
                    found.setdefault(person, set()).add(value["id"])
    return found


def of_pair_by(pair: evidence.Candidate, by: str) -> list[evidence.Judgement]:
    """What one reviewer said of a pair and has not taken back."""
    either = Q(left=pair.left, right=pair.right) | Q(left=pair.right, right=pair.left)
    return list(evidence.Judgement.objects.filter(either, by=by, withdrawn=None))


MOST_JOINED = 2_000  # people who are judged one


def current_about(who: Any, person: str) -> list[evidence.Judgement]:
    return list(
        in_cases(who, evidence.Judgement).filter(Q(left=person) | Q(right=person), withdrawn=None).order_by("id")
    )


def judged_one(who: Any, person: str) -> list[evidence.Judgement]:
    """The judgements by which a person is one with others, near and far, that stand and somebody may see."""
    same = in_cases(who, evidence.Judgement).filter(verdict="same", withdrawn=None)
    found, known, edge = dict[str, evidence.Judgement](), {person}, [person]
    while edge and len(known) < MOST_JOINED:
        rows = [
            one
            for at in range(0, len(edge), 500)
            for one in same.filter(Q(left__in=edge[at : at + 500]) | Q(right__in=edge[at : at + 500]))
        ]
        found |= {one.id: one for one in rows}
        ends = {end for one in rows for end in (one.left, one.right)}
        edge = sorted(ends - known)
        known |= ends
    return [found[one] for one in sorted(found)]


# For the owner, who opened the vault with its passphrase


def owner_waiting(most: int) -> tuple[list[Waiting], int]:
    """The pairs worth most that nobody has judged, with names, and how many wait in all."""
    line = evidence.Candidate.objects.filter(~Exists(_about_pair())).order_by(*ORDER)
    pairs = list(line[:most])
    people = {end for one in pairs for end in (one.left, one.right)}
    names: dict[str, list[str]] = {}
    for person, text in evidence.PersonName.objects.filter(person_id__in=people).values_list("person_id", "text"):
        names.setdefault(person, []).append(text)
    found = [
        Waiting(one.id, one.left, one.right, tuple(names.get(one.left, ())), tuple(names.get(one.right, ())),
                one.probability, one.worth)
        for one in pairs
    ]  # fmt: skip
    return found, line.count()


def candidate(number: int) -> evidence.Candidate:
    found = evidence.Candidate.objects.filter(id=number).first()
    if found is None:
        raise InvalidValue("there is no pair {number}: `corroborate review list` shows those that wait", number=number)
    return found


def last_of_now(reviewer: str, at: datetime) -> str:
    """The id of a reviewer's last judgement of this second, taken back or not; empty before the first."""
    return held_queries.last_of_now(evidence.Judgement.objects.all(), reviewer, at)


def last_by(reviewer: str) -> str:
    """The id of a reviewer's last judgement that stands. Raises InvalidValue when there is none."""
    found = evidence.Judgement.objects.filter(by=reviewer, withdrawn=None).order_by("-at", "-id").first()
    if found is None:
        raise InvalidValue("no judgement of {reviewer} stands", reviewer=reviewer)
    return str(found.id)


def owner_agreement() -> tuple[Agreement, ...]:
    return agreements(rows.judgement(one) for one in evidence.Judgement.objects.filter(withdrawn=None))
