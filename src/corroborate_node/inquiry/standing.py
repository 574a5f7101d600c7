"""Members stand under findings, abstain or dissent: a vault signs for its own organisation, and takes in what others
signed. A release shows beside each finding who stands under exactly that finding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from corroborate.coalition.declarations import Keys, check_time, kind_of
from corroborate.coalition.imitation import check_quoted
from corroborate.coalition.packets import is_answers, read_answers, write_answers
from corroborate.coalition.stands import (
    KINDS,
    Choice,
    Stand,
    is_whole,
    last_words,
    read_stand,
    stand,
    standing,
)
from corroborate.custody import Note, Verifier
from corroborate.disclosure import Release, finding_digest, reader_of
from corroborate.errors import InputRefused, InvalidValue
from corroborate.values import Digest, canonical, new_id
from corroborate_node.core import opened
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import storing
from corroborate_node.inquiry import models
from corroborate_node.log import queries as log
from corroborate_node.log.sealing import seal_all

KIND = "stand"
LARGEST = 4 << 20  # bytes of a file of notes


@dataclass(frozen=True, slots=True)
class Read:
    """A finding as a page showed it to whoever signs: which, for whom, and its digest."""

    finding: str
    reader: str
    digest: str


def _findings(_made: object, chosen: Sequence[tuple[str, Choice, str]]) -> list[str]:
    return ["findings", *(one for one, _, _ in chosen)]


@act("finding.stand", ways=("page findings-stand", "command findings stand"), objects=_findings, kind="export")
def sign(desk: Desk, made: Release, chosen: Sequence[tuple[str, Choice, str]]) -> bytes:
    """Sign what this organisation says of findings of a release that it read: one file of notes, which leaves.

    ``chosen``: the finding, the choice, and words. Raises InvalidValue for a finding that the release does not show.
    """
    if not chosen:
        raise InvalidValue("choose at least one finding")
    reader = reader_of(made)
    return write_answers(
        [
            stand(desk.vault.signer, finding, reader, finding_digest(made, finding), choice, words, desk.at)
            for finding, choice, words in chosen
        ]
    )


@act(
    "finding.stand-read",
    "finding.stand",
    ways=("page findings-stand",),
    objects=lambda read, *_: [read.finding],
    kind="export",
)
def sign_read(desk: Desk, read: Read, choice: Choice, words: str) -> bytes:
    """The same of one finding that a page showed."""
    return stand(desk.vault.signer, read.finding, read.reader, Digest(read.digest), choice, words, desk.at)


@act("finding.hear", ways=("page findings-stand", "command findings hear"), of_effects=lambda made: list(made))
def hear(desk: Desk, content: bytes) -> tuple[str, ...]:
    """Take in a file of notes: each is checked with its member's key, and sealed; the ids of those that are new.

    All of them, or none. Raises InputRefused, NotVerified for a key that no member has, InvalidValue.
    """
    if len(content) > LARGEST:
        raise InputRefused("a file of answers of {number:,} bytes is too long", number=len(content))
    notes = read_answers(content) if is_answers(content) else (content,)
    if any(kind_of(one) not in KINDS for one in notes):
        raise InputRefused("this file holds no note under a finding: `corroborate findings stand` writes one")
    keys = Keys.of(_keys())
    found = [read_stand(one, keys) for one in notes]
    for one in found:
        check_time(one.at, desk.at)
        check_quoted(one.member, one.words)
    known = {row.note for row in models.Stand.objects.filter(finding__in={one.finding for one in found})}
    made: list[models.Stand] = []
    newest = models.Stand.objects.order_by("-id").values_list("id", flat=True).first() or ""
    for one in found:
        if one.note.decode() not in known:
            made.append(_row(desk, one, newest))
            newest = made[-1].id
    with storing():
        for row in made:
            row.save(force_insert=True)
        seal_all([(KIND, row.id, heard_bytes(row)) for row in made], desk.at, desk.entropy)
    return tuple(row.id for row in made)


def _keys() -> list[tuple[str, Verifier]]:
    """Keys of members that this node knows, by their logs, and its own."""
    own = opened.current().signer.verifier()
    return [*((key.name, key) for key in log.present().values() if key.public != own.public), (own.name, own)]


def _row(desk: Desk, one: Stand, after: str = "") -> models.Stand:
    """Ids tell the order of receipt: of two notes of one second the later received counts."""
    id_ = new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10), after=after)
    return models.Stand(
        id=id_,
        finding=one.finding,
        reader=one.reader,
        digest=one.digest.hex,
        member=one.member,
        choice=one.choice,
        words=one.words,
        note=one.note.decode(),
        said=one.at,
        by=desk.by,
        at=desk.at,
    )


def heard_bytes(row: models.Stand) -> bytes:
    return canonical({"version": 1, "id": row.id, "note": row.note, "by": row.by, "at": row.at.isoformat()})


def current() -> tuple[Stand, ...]:
    """What each member said last of each finding before each reader."""
    return _said(models.Stand.objects.all())


def last() -> tuple[Stand, ...]:
    """The same, where it took its word back as well."""
    return last_words(_read(models.Stand.objects.all()))


def seen(user: Any, finding: str) -> tuple[Stand, ...]:
    """The same of one finding, for who may see findings."""
    return _said(visible(user, models.Stand).filter(finding=finding))


def all_seen(user: Any) -> tuple[Stand, ...]:
    """The same of every finding."""
    return _said(visible(user, models.Stand))


def _said(rows: QuerySet[models.Stand]) -> tuple[Stand, ...]:
    return standing(_read(rows))


def _read(rows: QuerySet[models.Stand]) -> Iterable[Stand]:
    """Keys change after a note was heard: one under a key that was revoked since says so."""
    revoked = Keys.of((key.name, key) for key in log.revoked())
    return (_stand(row, revoked) for row in rows.order_by("id"))


def _stand(row: models.Stand, revoked: Keys) -> Stand:
    choice: Any = row.choice
    note = row.note.encode()
    known = [key for _, key in revoked.named(row.member)]
    fallen = bool(known) and bool(Note.parse(note).check(known))
    said = (row.member, row.finding, row.reader, Digest(row.digest), choice, row.words, row.said, note)
    return Stand(*said, whole=is_whole(note), revoked=fallen)
