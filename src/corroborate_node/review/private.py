"""Private linkage, as a vault does it: encode, answer, learn. Rules and formats are the library's."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict, cast

from corroborate.custody import Note
from corroborate.disclosure import Release
from corroborate.errors import InputRefused, InvalidValue, NotAllowed, NotLinkable
from corroborate.linkage import PersonEntry, private
from corroborate.records import Claim, Clusters, Permissions
from corroborate.records.consent import checked_clock
from corroborate.sealed import derive
from corroborate.translation import Sentence
from corroborate.values import Digest, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.log import queries as log
from corroborate_node.records import models as evidence
from corroborate_node.records import queries, rows
from corroborate_node.release import giving
from corroborate_node.release.making import about
from corroborate_node.review import held, held_queries, models

Entropy = Callable[[int], bytes]
_COMPARED = (*private.NAMES, *private.FACTS)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the other side may learn of one person of ours, and why not more."""

    people: tuple[str, ...]
    name: str
    reveal: private.Reveal
    withheld: tuple[str, ...]


def new(kind: str, at: datetime, entropy: Entropy) -> str:
    return new_id(kind, milliseconds=int(at.timestamp() * 1000), randomness=entropy(10))


def node_of(vault: Vault) -> private.Node:
    """This vault under agreements. What its halves come from outlives its signing key; who changed theirs, it knows."""
    root = derive(vault.master, "private linkage") if vault.master else b""
    return private.Node(vault.signer, root, log.histories(), frozenset(log.left()))


def claims_of(people: Sequence[str] | None = None) -> dict[str, list[Claim]]:
    """Claims that people are compared by, by person: of all, or of some."""
    found: dict[str, list[Claim]] = defaultdict(list)
    current = evidence.Claim.objects.exclude(value=None).filter(
        property__in=_COMPARED, subject__kind="person", superseded=False
    )
    for row in current.order_by("id").iterator(chunk_size=2000):
        found[row.subject_id].append(rows.claim(row))
    return found if people is None else {one: found.get(one, []) for one in people}


def _clusters(people: Sequence[str]) -> list[tuple[str, ...]]:
    """People judged to be one stand in one row: their duplicates would tell how often each is recorded."""
    return [tuple(sorted(one)) for one in Clusters.of(people, queries.judgements()).members]


def towards(agreed: private.Agreed, on: date) -> Permissions:
    return private.towards(deadlines.while_kept(queries.consents()), agreed.other.key.name, on)


@act(
    "linkage.encode",
    "linkage.private",
    ways=("command private",),
    objects=lambda note, release: about(release),
    kind="export",
)
def encode(desk: Desk, note: bytes, release: int) -> tuple[bytes, int, int]:
    """Encode everybody whom a release lets be linked with the other side, by the claims that it lets go.

    Returns the file for the linkage unit, how many people stand in it, and how many could not: no consent, or no whole
    name.

    Raises NotAllowed on a hub, and NotLinkable when nobody may be encoded.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    if vault.hub:
        raise NotAllowed("a hub holds no people to encode")
    checked_clock(at, log.last_entry_at())
    agreed = private.agreed(note, node_of(vault), at.date())
    check_own_id(agreed)
    made = linking(desk, release, agreed)
    goes, all_claims = made.going("link"), claims_of()
    claims = {person: [one for one in about if one.id in goes] for person, about in all_claims.items()}
    groups = _clusters(sorted(claims))
    allowed = towards(agreed, at.date())
    entries, whose = [], []
    for number, people in enumerate(groups):
        entry = private.entry_of(number, [claim for one in people for claim in claims[one]], allowed)
        if entry is not None:
            entries.append(entry)
            whose.append(people)
    encoded, order = private.encode(entries, agreed, entropy)
    sent_by = [None if at_ is None else list(whose[at_]) for at_ in order]
    count = sum(one is not None for one in sent_by)
    if not count:
        raise NotLinkable("nobody here may be encoded: no source of a given name allows linking before the other side")
    sent = private.send_encoding(encoded, agreed, vault.signer, at, new("encoding", at, entropy))
    earlier = models.PrivateEncoding.objects.filter(agreement=agreed.agreement.id)
    with storing():
        models.PrivateEncoding.objects.create(
            digest=Digest.of(sent).hex,
            agreement=agreed.agreement.id,
            whose=sent_by,
            at=at,
            number=models.next_number(earlier),
        )
        giving.record(desk, release, "encoding", Digest.of(sent).hex, agreed.agreement.unit.key.name)
    return sent, count, len(groups) - count


def check_own_id(agreed: private.Agreed) -> None:
    """Raises NotAllowed for an agreement under the id of one with another member.

    Whoever offers chooses the id: what it told would be read as what the other one told, and judgements of that would
    stand under its name.
    """
    id_, other = agreed.agreement.id, agreed.other.key.name
    sent = [
        digest
        for of in (models.PrivateEncoding, models.PrivateNumbers)
        for digest in of.objects.filter(agreement=id_).values_list("digest", flat=True)
    ]
    if others := sorted(giving.given_for(sent) - {other}):
        error = NotAllowed(
            "the agreement with {other} has the id of ours with {first}: one would be taken for the other",
            other=other,
            first=others[0],
        )
        error.remedy = Sentence("Make a new agreement with {other} (corroborate private offer).", other=other)
        raise error


def linking(desk: Desk, release: int, agreed: private.Agreed) -> Release:
    """A release that was made for linkage with the other side of an agreement. Raises NotAllowed."""
    made = giving.current_release(desk, release)
    other = agreed.other.key.name
    if not made.linking or made.body != other:
        error = NotAllowed(
            "release {release} was not made for private linkage with {other}", release=release, other=other
        )
        error.remedy = Sentence(
            'Make one: corroborate release make --audience coalition --body "{other}" --link held', other=other
        )
        raise error
    return made


def _encoding(agreed: private.Agreed) -> models.PrivateEncoding:
    found = models.PrivateEncoding.objects.filter(agreement=agreed.agreement.id).first()
    if found is None:
        raise NotAllowed("this vault has encoded nobody under the agreement: `corroborate private encode` comes first")
    return found


def decisions(
    desk: Desk, note: bytes, release: int, *, most: private.Reveal = "fields", only: Mapping[str, private.Reveal] = {}
) -> tuple[list[Decision], list[private.Shown | None]]:
    """What consent lets the other side learn of each row of our last encoding, on this day.

    ``most``: the most we tell of anybody. ``only``: less of single people, by id. Neither can widen what consent or the
    agreement allows.
    """
    vault, at = desk.vault, desk.at
    checked_clock(at, log.last_entry_at())
    agreed = private.agreed(note, node_of(vault), at.date())
    encoding, made = _encoding(agreed), linking(desk, release, agreed)
    goes, told_of = made.going("link"), made.going("name", "quote")
    claims, allowed = claims_of(), towards(agreed, at.date())
    if unknown := sorted(set(only) - set(claims)):
        raise InvalidValue("nobody here has the id {unknown}", unknown=unknown[0])
    limit = private.narrower(private.narrower(agreed.agreement.reveal, most), "fields" if told_of else "held")
    listed: list[Decision] = []
    decided: list[private.Shown | None] = []
    for people in encoding.whose:
        if people is None:
            decided.append(None)
            continue
        narrowest = limit
        for one in people:
            narrowest = private.narrower(narrowest, only.get(one, limit))
        about = [claim for one in people for claim in claims.get(one, [])]
        found = private.shown([one for one in about if one.id in goes], allowed, narrowest, told_of)
        decided.append(found)
        name = next((str(one.value) for one in about if one.property == "name"), "")
        listed.append(Decision(tuple(people), name, found.reveal, found.withheld))
    return listed, decided


@act(
    "linkage.decide",
    "linkage.private",
    ways=("command private",),
    objects=lambda note, result, release, **_: about(release),
    kind="export",
)
def decide(
    desk: Desk,
    note: bytes,
    result: bytes,
    release: int,
    *,
    most: private.Reveal = "fields",
    only: Mapping[str, private.Reveal] = {},
    again: bool = False,
) -> tuple[bytes, list[Decision]]:
    """Answer the other side, pair by pair as consent allows. Returns the file for it. A result is answered once.

    ``again``: also a second result for the same encoding. Of an encoding before our last none is answered.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    agreed = private.agreed(note, node_of(vault), at.date())
    encoding = _encoding(agreed)
    run, handed = private.read_handed(result, agreed, Digest(encoding.digest), len(encoding.whose))
    if models.PrivateRun.objects.filter(id=run.id).exists():
        raise InputRefused("this result was answered before: two answers could be laid side by side and compared")
    if not again:
        _check_first(encoding, agreed)
    listed, decided = decisions(desk, note, release, most=most, only=only)
    identifier = new("reveal", at, entropy)
    sent = private.reveal_file(handed, run, decided, agreed, vault.signer, at, identifier, entropy)
    told = sum(one.reveal != "nothing" for one in listed)
    number = models.next_number(models.PrivateRun.objects.filter(encoding=encoding))
    with storing():
        models.PrivateRun.objects.create(id=run.id, encoding=encoding, result=result, told=told, at=at, number=number)
        giving.record(desk, release, "answer", Digest.of(sent).hex)
    return sent, listed


def _check_first(encoding: models.PrivateEncoding, agreed: private.Agreed) -> None:
    """Raises NotAllowed where a result for this encoding was answered already: the unit compared it a second time,
    with another encoding of the other side or with the same, and two answers say more together than one."""
    before = models.PrivateRun.objects.filter(encoding=encoding).first()
    if before is None:
        return
    error = NotAllowed(
        "a result for this encoding was answered on {day}: {unit} compared it a second time, and two answers say more "
        "of our people together than one",
        day=before.at.date(),
        unit=agreed.agreement.unit.key.name,
    )
    error.remedy = Sentence(
        "Ask {unit} and {other} why. Then encode anew (corroborate private encode), or answer all the same with --yes.",
        unit=agreed.agreement.unit.key.name,
        other=agreed.other.key.name,
    )
    raise error


@act("linkage.learn", "linkage.private", ways=("command private",))
def learn(desk: Desk, note: bytes, answer: bytes) -> list[dict[str, object]]:
    """What the other side's answer says: people of ours that it holds too, how near, and facts it let us have.

    An answer is taken in once; a copy of it is refused.
    """
    vault, at = desk.vault, desk.at
    agreed = private.agreed(note, node_of(vault), at.date())
    encoding = _encoding(agreed)
    run_row = models.PrivateRun.objects.filter(encoding=encoding).first()
    if run_row is None:
        raise NotAllowed("answer the unit's result first: `corroborate private decide`")
    result = bytes(run_row.result)
    run, handed = private.read_handed(result, agreed, Digest(encoding.digest), len(encoding.whose), before=True)
    sent, found = private.read_learnt(answer, handed, run, agreed)
    if models.PrivateAnswer.objects.filter(id=sent.id).exists():
        error = InputRefused("this answer was taken in before: this is a copy of it")
        error.remedy = Sentence("What it told is kept: run corroborate private learn without the answer.")
        raise error
    learnt: list[dict[str, object]] = [
        {"people": encoding.whose[one.row], "difference": round(one.difference, 4),
         "fields": {key: list(values) for key, values in one.fields.items()}}
        for one in found if encoding.whose[one.row] is not None
    ]  # fmt: skip
    with storing():
        row = models.PrivateAnswer.objects.create(id=sent.id, run=run_row, learnt=learnt, at=at)
        held.to_review(row, agreed, row.learnt)
    return learnt


@act(
    "linkage.sign-again",
    "linkage.private",
    ways=("command private",),
    objects=lambda content: [Digest.of(private.bare(content)).hex],
    kind="export",
)
def sign_again(desk: Desk, content: bytes) -> bytes:
    """What this vault sent before its key changed, with a signature of the key of now. Nothing else leaves with it.

    Raises NotAllowed for a file that this vault did not send (whoever has our old key may have made it), and where
    what it holds may not leave any more.
    """
    if content.startswith(private.AGREEMENT):
        return private.sign_again(content, node_of(desk.vault))
    digest = Digest.of(private.bare(content)).hex
    release = giving.given_under(digest)
    if release is None:
        error = NotAllowed("this vault did not send this file, or keeps no record that it did")
        error.remedy = Sentence("Make it again with the command that made it: the key of now signs what is made now.")
        raise error
    giving.current_release(desk, release)  # raises where a source of it said no since
    return private.signed_again(content, desk.vault.signer)


@act("linkage.to-review", "linkage.private", ways=("command private",), objects=lambda note: [id_of(note)])
def to_review(desk: Desk, note: bytes) -> int:
    """Have what an earlier version learnt under an agreement judged in Review too; of how many people.

    The agreement may have ended since. Raises NotAllowed where one of its keys was revoked: what was learnt under it
    may be somebody else's word.
    """
    terms = _terms(note)
    agreed = private.agreed(note, node_of(desk.vault), min(desk.at.date(), terms.ends))
    number = 0
    with storing():
        for row in models.PrivateAnswer.objects.filter(run__encoding__agreement=terms.id).order_by("at", "id"):
            missed = held.missed(row, terms.id)
            held.to_review(row, agreed, missed)
            number += len(missed)
    return number


def learnt_before(desk: Desk, note: bytes) -> list[dict[str, object]]:
    """What answers under an agreement told, as it was kept: also after the agreement has ended. Raises NotAllowed for
    whoever may not link privately, and where nothing was learnt."""
    desk.require("linkage.private")
    rows = models.PrivateAnswer.objects.filter(run__encoding__agreement=id_of(note)).order_by("at", "id")
    if not rows:
        raise NotAllowed("no answer was taken in under this agreement yet")
    return [one for row in rows for one in row.learnt]


def _terms(note: bytes) -> private.Agreement:
    """What an agreement says, also where it has ended or its keys count no more: only to look up what came of it."""
    return private.Agreement.parse(Note.parse(note).text)


def nearness(note: bytes) -> float:
    """What part of two codes may differ under an agreement, for them to count as one person's."""
    return _terms(note).nearness / 1000


def id_of(note: bytes) -> str:
    return _terms(note).id


class Judged(TypedDict):
    """The number of somebody whom another member holds too, and how that was judged: an empty word while it is not."""

    pair: int | None
    judged: str


UNSEEN: Judged = {"pair": None, "judged": ""}


def judged_under(note: bytes) -> dict[str, Judged]:
    """How those were judged who were learnt of under an agreement, by the id of our person."""
    found = held_queries.by_agreement(id_of(note))
    return {person: {"pair": number, "judged": verdict} for person, (number, verdict) in found.items()}


def named(found: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """What people of ours are called here, by id: the first name that is recorded. Who was withdrawn since has none."""
    people = [str(person) for one in found for person in cast("Sequence[str]", one["people"])]
    claims = claims_of(people)
    return {person: next((str(one.value) for one in claims[person] if one.property == "name"), "") for person in people}


def own_entries(name: str) -> tuple[list[str], list[PersonEntry]]:
    """All people of this vault as one list, for comparing them here: nothing leaves, so no more consent is asked."""
    people: list[str] = []
    entries: list[PersonEntry] = []
    for person, claims in claims_of().items():
        entry = private.entry_from(len(people), claims)
        if entry is not None:
            people.append(person)
            entries.append(replace(entry, list=name))
    return people, entries
