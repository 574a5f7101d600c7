"""What reviewers do: take pairs in, judge one, take a judgement back, part people. Judgements are sealed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records import Judgement, Verdict
from corroborate.records.reviewing import VERDICTS, Stake, joining, shift_of_estimate, worth
from corroborate.values import new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import storing
from corroborate_node.records import actions as evidence
from corroborate_node.records import queries as kept
from corroborate_node.records import rows
from corroborate_node.records.models import Candidate
from corroborate_node.review import queries
from corroborate_node.review.values import Proposed


@act("pair.load", ways=("command review",))
def load(desk: Desk, pairs: Iterable[Proposed], origin: str, *, sizes: Mapping[str, int] = {}) -> tuple[int, int]:
    """Take pairs in for review. Returns how many are new, and how many were here before: those get the new probability.

    ``sizes``: entries of each list, for the shift of the estimate. Raises InvalidValue for people who are not here.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no people to compare")
    given = {tuple(sorted((one.left, one.right))): one for one in pairs}
    people = {end for pair in given for end in pair}
    if unknown := sorted(people - kept.people_among(people)):
        raise InvalidValue("nobody here has the id {unknown}", unknown=unknown[0])
    stakes = _stakes(list(given.values()), sizes)
    known = {(one.left, one.right): one for one in Candidate.objects.all()}
    new, before = [], []
    for (left, right), one in given.items():
        value = worth(one.probability, stakes[left, right])
        if (found := known.get((left, right))) is None:
            new.append(
                Candidate(
                    left=left,
                    right=right,
                    probability=one.probability,
                    weight=one.weight,
                    origin=origin,
                    worth=value,
                    at=desk.at,
                )
            )
        else:
            found.probability, found.weight, found.worth = one.probability, one.weight, value
            before.append(found)
    with storing():
        Candidate.objects.bulk_create(new, batch_size=500)
        Candidate.objects.bulk_update(before, ["probability", "weight", "worth"], batch_size=500)
    return len(new), len(before)


def _stakes(pairs: Sequence[Proposed], sizes: Mapping[str, int]) -> dict[tuple[str, ...], Stake]:
    """What hangs on each pair: the number documented, the estimate from the two lists, victims that findings count."""
    violations = queries.violations_of({end for one in pairs for end in (one.left, one.right)})
    likely = Counter(tuple(sorted(one.lists)) for one in pairs if one.probability >= 0.5)
    ratio = _estimate_ratio()
    found = {}
    for one in pairs:
        lists = tuple(sorted(one.lists))
        moved = ratio
        if lists[0] != lists[1] and all(name in sizes for name in lists):
            on_a, on_b = (sizes[name] for name in lists)
            moved = shift_of_estimate(on_a, on_b, min(on_a, on_b, likely[lists]))
        both = len(violations.get(one.left, set()) & violations.get(one.right, set()))
        found[tuple(sorted((one.left, one.right)))] = Stake(1.0, moved, float(both))
    return found


def _estimate_ratio() -> float:
    """People estimated for each one documented, by the newest estimate here; 0 where there is none."""
    body = kept.kept("estimate")
    if not isinstance(body, dict) or not body.get("documented") or not isinstance(body.get("estimate"), dict):
        return 0.0
    return float(body["estimate"]["median"]) / float(body["documented"])


@act("pair.judge", ways=("page review-pair", "command review"), objects=lambda pair, *_, **__: [pair.left, pair.right])
def judge(desk: Desk, pair: Candidate, verdict: str, why: str, by: str = "") -> Judgement:
    """Judge a waiting pair, sealed in the log. A reviewer who judged it before changes the verdict: the former one is
    taken back and stays in the history."""
    if verdict not in VERDICTS:
        raise InvalidValue("{verdict!r} is none of {listed}", verdict=verdict, listed=", ".join(VERDICTS))
    by = desk.named(by)
    id_ = new_id(
        "jud",
        milliseconds=int(desk.at.timestamp() * 1000),
        randomness=desk.entropy(10),
        after=queries.last_of_now(by, desk.at),  # the last of several in one second is the one that "undo" takes back
    )
    made = Judgement(id_, pair.left, pair.right, _verdict(verdict), by, why, desk.at)
    with storing():
        for before in queries.of_pair_by(pair, by):
            evidence.take_back(desk, before.id)
        evidence.judge(desk, [made])
    return made


def _verdict(text: str) -> Verdict:
    return VERDICTS[VERDICTS.index(text)]


@act("pair.undo", "pair.judge", ways=("page review", "command review"), objects=lambda one: [one])
def take_back(desk: Desk, judgement: str) -> None:
    """Undo a judgement: clusters are as if it had never been, the history keeps it."""
    evidence.take_back(desk, judgement)


@act("person.split", "pair.judge", ways=("page review-history",), objects=lambda person: [person])
def split(desk: Desk, person: str) -> int:
    """Split a person off those it was judged the same as; return how many judgements that took back."""
    current = joining(map(rows.judgement, queries.current_about(desk, person)), person)
    if not current:
        raise InvalidValue("{person} is joined to nobody", person=person)
    with storing():
        for one in current:
            evidence.take_back(desk, one.id)
    return len(current)


@dataclass(frozen=True, slots=True)
class Parted:
    """Who was parted from whom: judgements that were taken back, and those that say that they are different."""

    person: str
    others: tuple[str, ...]
    taken_back: tuple[str, ...]
    different: tuple[str, ...]


@act(
    "person.part",
    "pair.judge",
    ways=("page review-part", "command review"),
    of_effects=lambda done: [done.person, *done.others],
)
def part(desk: Desk, person: str, others: Sequence[str], why: str, by: str = "") -> Parted:
    """Part people who were judged one by mistake: ``others`` from a person and whoever stays with it; all others where
    none is named. What joins the two sides is taken back, and that they are different is judged, with why. Every claim
    stays with whom it was said of: to judge two the same never moved one. Raises InvalidValue."""
    if not why.strip():
        raise InvalidValue("say why they are not one: whoever reads it must be able to judge again")
    joined = queries.judged_one(desk, person)
    members = {end for one in joined for end in (one.left, one.right)}
    gone = set(others) or members - {person}
    if not members or not gone or person in gone or gone - members:
        wrong = next(iter(sorted(gone - members or {person})))
        raise InvalidValue("{person} is not judged the same as {other}", person=person, other=wrong)
    crossing = [one for one in joined if (one.left in gone) != (one.right in gone)]
    pairs = {(min(person, one), max(person, one)) for one in gone}
    pairs |= {(min(one.left, one.right), max(one.left, one.right)) for one in crossing}
    by, milliseconds = desk.named(by), int(desk.at.timestamp() * 1000)
    made = [
        Judgement(
            new_id("jud", milliseconds=milliseconds, randomness=desk.entropy(10)),
            *pair,
            "different",
            by,
            why.strip(),
            desk.at,
        )
        for pair in sorted(pairs)
    ]
    with storing():
        for one in crossing:
            evidence.take_back(desk, one.id)
        evidence.judge(desk, made)
    back = tuple(one.id for one in crossing)
    return Parted(person, tuple(sorted(gone)), back, tuple(one.id for one in made))
