"""What somebody marks in a passage and says that it means: claims from the passage's source, with the place of the
words. They are corrected as other claims are; a whole coding can be taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.importers import claims, coded, guess_mapping, person_entries
from corroborate.records import Basis, Claim, Entity, Reference, Value
from corroborate.records.marking import SAID, Stance, Stretch, marked, property_of, said_value
from corroborate.records.schema import kinds
from corroborate.tables import Row, Table
from corroborate.values import canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.rooms import taken_back, taken_in
from corroborate_node.core.storing import insert, storing
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import actions, models, queries, rows
from corroborate_node.records.batches import ids
from corroborate_node.records.correcting import REASON

RECORDER = "coding"  # a package shows it to strangers: who it was stands with the coding, and stays here
KINDS = ("person", "party")  # of somebody new


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be coded. ``words``: those marked, or all of the passage. ``about``: the id of a person, party or act
    that is here; else ``name`` is somebody new. A violation of a person is an act of its own."""

    property: str
    value: str
    words: str = ""
    about: str = ""
    name: str = ""
    kind: str = "person"
    stance: Stance = "for"
    basis: Basis = "document"


@dataclass(frozen=True, slots=True)
class Coded:
    """A coding by its id: its claims, the entity that was coded, the act where one was made, and the source."""

    id: str
    claims: tuple[str, ...]
    subject: str
    act: str
    source: str


def _ids(done: Coded) -> list[str]:
    return [one for one in (*done.claims, done.source, done.subject, done.act) if one]


_WAYS = ("command code", "page passage")


@act("passage.code", ways=_WAYS, of_effects=_ids)
def code(desk: Desk, source: str, number: int, asked: Asked) -> Coded:
    """Code words of a source's passage, by its number, as claims. Raises InvalidValue, NotAllowed; then nothing was
    kept."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    passage = _passage(desk, source, number)
    stretch = marked(passage.text, asked.words)
    making = _Making(desk, passage, stretch, asked)
    making.code()
    if _stands(making):
        raise InvalidValue("these words are coded as that already")
    filed = [one.id for one in queries.cases_of_source(desk, source)]
    mark = new_id("coding", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    with storing():
        actions.receive(desk, making.entities, (), (), making.claims, filed)
        insert(models.Coding, (_row(one, passage, stretch, mark, desk) for one in making.claims))
        seal_all([("coding", mark, _sealed(mark, passage, stretch, making.claims, desk))], desk.at, desk.entropy)
    return Coded(mark, tuple(one.id for one in making.claims), making.subject, making.act, source)


def _passage(desk: Desk, source: str, number: int) -> models.Passage:
    found: models.Passage | None = visible(desk, models.Passage).filter(source_id=source, number=number).first()
    if found is None:
        raise InvalidValue(
            "no passage {number} of {source} is here; `corroborate code {source}` lists its passages",
            number=number,
            source=source,
        )
    return found


class _Making:
    """The entities and claims of one coding."""

    def __init__(self, desk: Desk, passage: models.Passage, stretch: Stretch, asked: Asked) -> None:
        self.desk, self.passage, self.asked = desk, passage, asked
        self.where = stretch.within(passage.locator, passage.text)
        self.new = {kind: ids(kind, desk.at, desk.entropy) for kind in ("person", "party", "act", "claim")}
        self.entities: list[Entity] = []
        self.claims: list[Claim] = []
        self.subject, self.kind, self.act = "", "", ""

    def code(self) -> None:
        asked = self.asked
        if asked.stance != "for" and asked.property != "violation":
            raise InvalidValue("denied, seen and threatened are said of a violation alone")
        if asked.about:
            self._known(asked.about)
        else:
            self._somebody(asked.name or (asked.value if asked.property == "name" else ""))
            if asked.property == "name" and asked.value.strip() in ("", asked.name.strip()):
                return
        if asked.property == "violation":
            self._violation()
        else:
            self._claim(self.subject, asked.property, self._value(self.kind, asked.property))

    def _known(self, id_: str) -> None:
        row = visible(self.desk, models.Entity).filter(id=id_).first()
        if row is None or row.kind not in kinds():
            raise InvalidValue("there is no person, party or act {id} here", id=id_)
        self.subject, self.kind = row.id, row.kind

    def _somebody(self, name: str) -> None:
        """Somebody new, their name read as a cell of a list is: taken apart, or kept as words where it is none."""
        if self.asked.kind not in KINDS:
            raise InvalidValue(
                "somebody new is a person (something was done to them) or a party, no {kind}", kind=self.asked.kind
            )
        if not name.strip():
            raise InvalidValue("say whom it is about: somebody who is here, or the name of somebody new")
        table = Table(("name",), (Row(1, {"name": name.strip()}, None, 1),), "utf-8", (), ())
        reading = person_entries(table, guess_mapping(("name",)), "", latest=self.desk.at.year)
        if not reading.entries:
            raise InvalidValue("the name {why}", why=reading.rejected[0].reason)
        self.kind = self.asked.kind
        self.subject = next(self.new[self.kind])
        self.entities.append(Entity(self.subject, "person" if self.kind == "person" else "party"))
        made = claims(
            reading.entries[0],
            person=self.subject,
            act_ids=self.new["act"],
            claim_ids=self.new["claim"],
            source=self.passage.source_id,
            recorder=RECORDER,
            recorded_at=self.desk.at,
        )
        self.claims += [replace(one, locator=self.where, basis=self.asked.basis) for one in made]

    def _violation(self) -> None:
        said = SAID[self.asked.stance]
        if said in ("witnessed", "threatened"):
            if self.kind != "person":
                raise InvalidValue("what was seen or feared is said of a person")
            self._claim(self.subject, said, self._value("person", said))
            return
        if self.kind == "act":
            self._claim(self.subject, said, self._value("act", said))
            return
        if self.kind != "person":
            raise InvalidValue(
                "a violation is of the person to whom it was done; who did it is said of the act, as its perpetrator"
            )
        value = self._value("act", said)
        self.act = next(self.new["act"])
        self.entities.append(Entity(self.act, "act"))
        self._claim(self.act, "victim", Reference(self.subject))
        self._claim(self.act, said, value)

    def _value(self, kind: str, name: str) -> Value:
        property_, words = property_of(kind, name), self.asked.value
        if property_.type == "term" and len(terms := coded(words)) == 1:
            words = terms[0]
        value = said_value(property_, words, latest=self.desk.at.year)
        if isinstance(value, Reference) and not visible(self.desk, models.Entity).filter(id=value.entity).exists():
            raise InvalidValue("there is no entity {entity} here", entity=value.entity)
        return value

    def _claim(self, subject: str, name: str, value: Value) -> None:
        id_, source = next(self.new["claim"]), self.passage.source_id
        self.claims.append(
            Claim(id_, subject, name, value, source, self.where, self.asked.basis, RECORDER, self.desk.at)
        )


def _stands(making: _Making) -> bool:
    """Whether the last claim of a coding stands already, from the same words about the same entity."""
    if making.entities and not making.act:
        return False
    last = making.claims[-1]
    asked = visible(making.desk, models.Claim).filter(
        source_id=last.source, locator=last.locator, property=last.property, value=rows.claim_row(last).value
    )
    of = asked.filter(superseded=False)
    if not making.act:
        return bool(of.filter(subject_id=last.subject).exists())
    victims = models.Claim.objects.filter(property="victim", target=making.subject, superseded=False)
    return bool(of.filter(subject_id__in=victims.values("subject_id")).exists())


def _row(claim: Claim, passage: models.Passage, stretch: Stretch, mark: str, desk: Desk) -> models.Coding:
    return models.Coding(
        claim_id=claim.id,
        passage_id=passage.id,
        mark=mark,
        start=stretch.start,
        stop=stretch.stop,
        by=desk.by,
        at=desk.at,
    )


def _sealed(mark: str, passage: models.Passage, stretch: Stretch, made: Sequence[Claim], desk: Desk) -> bytes:
    return canonical(
        {
            "version": 1,
            "id": mark,
            "passage": passage.id,
            "start": stretch.start,
            "stop": stretch.stop,
            "claims": [one.id for one in made],
            "by": desk.by,
            "at": desk.at.isoformat(),
        }
    )


@act("passage.code-undo", "passage.code", ways=_WAYS, of_effects=_ids)
def undo(desk: Desk, claim: str) -> Coded:
    """Take a coding back: none of its claims counts any more, nor what one of them was corrected to; all of them stay
    to be read. ``claim``: one of them, or the coding's id."""
    found = visible(desk, models.Coding).filter(taken_back=None)
    one = found.filter(claim_id=claim).first() or found.filter(mark=claim).first()
    if one is None:
        raise InvalidValue("no coding of {claim} stands here", claim=claim)
    whole = list(found.filter(mark=one.mark).select_related("claim").order_by("claim_id"))
    gone = [row.claim_id for row in whole]
    with storing():
        models.Coding.objects.filter(mark=one.mark).update(taken_back=desk.at, taken_back_by=desk.by)
        models.Claim.objects.filter(id__in=gone).update(superseded=True)
        people = list(models.PersonName.objects.filter(claim_id__in=gone).values_list("person_id", flat=True))
        models.PersonName.objects.filter(claim_id__in=gone).delete()
        for person in set(people) & set(queries.people_without_first_name()):
            queries.make_first_name(person)
        taken_in([])
        content = canonical({"version": 1, "undone": one.mark, "by": desk.by, "at": desk.at.isoformat()})
        seal_all([("coding", one.mark, content)], desk.at, desk.entropy)
        taken_back(desk, gone, REASON)
    subject, act_ = _about([row.claim for row in whole])
    return Coded(one.mark, tuple(gone), subject, act_, whole[0].claim.source_id)


def _about(made: Sequence[models.Claim]) -> tuple[str, str]:
    acts = [one.subject_id for one in made if one.subject_id.startswith("act_")]
    victims = [one.target for one in made if one.property == "victim"]
    subject = victims[0] if victims else made[0].subject_id
    return subject, acts[0] if victims else ""


# --- erased with their source -----------------------------------------------------------------------------------------


def erased(sources: Sequence[str]) -> None:
    """The codings of some sources leave before their passages do: where the words stood, and who marked them."""
    gone = models.Coding.objects.filter(passage__source_id__in=sources)
    unsalt("coding", gone.values_list("mark", flat=True).distinct())
    gone.delete()


# --- seen -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of a passage that belong together: marked by some codings, or by none."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage with what was marked in it, and the codings that stand, each with its claims."""

    passage: models.Passage
    pieces: tuple[Piece, ...]
    codings: tuple[tuple[str, tuple[models.Claim, ...]], ...]


def shown(user: Any, passages: Sequence[models.Passage]) -> list[Shown]:
    """Passages that somebody sees, with their codings."""
    of: dict[str, list[models.Coding]] = {one.id: [] for one in passages}
    found = visible(user, models.Coding).filter(taken_back=None, passage_id__in=list(of)).order_by("claim_id")
    for row in found:
        of[row.passage_id].append(row)
    seen = {one.id: one for one in queries.claims_among_seen(user).filter(coding__passage_id__in=list(of))}
    return [_shown(one, of[one.id], seen) for one in passages]


def _shown(passage: models.Passage, codings: Sequence[models.Coding], seen: dict[str, models.Claim]) -> Shown:
    by_mark: dict[str, list[models.Claim]] = {}
    for row in codings:
        if row.claim_id in seen:
            by_mark.setdefault(row.mark, []).append(seen[row.claim_id])
    pieces = tuple(_pieces(passage.text, [Stretch(one.start, one.stop) for one in codings]))
    return Shown(passage, pieces, tuple((mark, tuple(made)) for mark, made in by_mark.items()))


def _pieces(text: str, stretches: Sequence[Stretch]) -> Iterator[Piece]:
    ends = sorted({0, len(text), *(at for one in stretches for at in (one.start, one.stop))})
    for start, stop in pairwise(ends):
        yield Piece(text[start:stop], any(one.start <= start and stop <= one.stop for one in stretches))


def places_of(user: Any, claims: Sequence[str]) -> dict[str, int]:
    """By claim that was coded from a passage: the number of that passage in its source."""
    rows_ = visible(user, models.Coding).filter(claim_id__in=list(claims), taken_back=None)
    return dict(rows_.values_list("claim_id", "passage__number"))


def known_as(user: Any, name: str) -> list[tuple[str, str]]:
    """People and parties by exactly that name, as far as somebody may see who people are: id and name."""
    asked = name.strip()
    people = [(one.person_id, one.text) for one in queries.people(user, asked)[: queries.BATCH]]
    said = visible(user, models.Claim).filter(
        property="name", superseded=False, subject__kind="party", value__text__icontains=asked
    )
    parties = [(one.subject_id, queries.words_of(one)) for one in said.exclude(value=None).order_by("id")[:50]]
    return [*people, *parties]


def acts_of(user: Any, people: Sequence[str]) -> list[tuple[str, str, Value]]:
    """The acts whose victims some people are: act, person, and each thing that was done."""
    pointing = visible(user, models.Claim).filter(property="victim", superseded=False, target__in=list(people))
    of = dict(pointing.values_list("subject_id", "target"))
    done = visible(user, models.Claim).filter(
        subject_id__in=list(of), property__in=("violation", "no_violation"), superseded=False
    )
    return [(one.subject_id, of[one.subject_id], rows.claim(one).value) for one in done.exclude(value=None)]


__all__ = ["Asked", "Coded", "Piece", "Shown", "acts_of", "code", "erased", "known_as", "shown", "undo"]
