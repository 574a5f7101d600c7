"""What somebody does with a draft: begin it, keep what was typed, lay files beside it, record it, discard it."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from corroborate.errors import InputRefused, InvalidValue, NotAllowed
from corroborate.importers.by_hand import Entry
from corroborate.tables import File
from corroborate.values import new_id
from corroborate_node.core import leaving
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.configuration import LARGEST_UPLOAD
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import destroy_keys, storing
from corroborate_node.log.sealing import unsalt
from corroborate_node.recording import queries
from corroborate_node.recording.models import Doubled, Draft, DraftFile, Submitted
from corroborate_node.recording.reading import passages_of
from corroborate_node.records import cases as filing
from corroborate_node.records import entering, remarks
from corroborate_node.records.actions import WITHDRAWN
from corroborate_node.records.models import Remark, Source

DOUBLE_CODING = "double-coding"  # the kind of record that is sealed when a third person settled what two coded
MOST = 200  # drafts of one account
_NAME = 200  # letters kept of a file's name
Typed = Mapping[str, Any]


def open_to_change(draft: Draft) -> None:
    """Raises InvalidValue while a second person reads a draft, and once it was approved."""
    row = Submitted.objects.filter(draft=draft).first()
    if row is not None and row.state != "returned":
        raise InvalidValue("this draft waits for its second person: take it back before you change it")


def of_its_source(draft: Draft, known: object) -> None:
    """What is typed in a draft of a source that is here tells of that one, and of a new source in any other: its second
    person reads the page of the source that the draft was begun for. Raises InvalidValue."""
    if (known or "") != (draft.source_id or ""):
        raise InvalidValue(
            "this draft is of another source than its source.id says: begin one on the page of that source"
        )


def not_coding_apart(desk: Desk, draft: Draft) -> None:
    """Raises NotAllowed for who codes the same source apart from another: who reads this draft, or what becomes of it,
    would know how it was coded."""
    own = desk.actor.id if isinstance(desk.actor, Account) else None
    coding = Doubled.objects.filter(Q(first=own) | Q(second=own), source=draft.source_id, resolved=None)
    if draft.source_id and coding.exists():
        raise NotAllowed("you and another code this source apart: what else you tell of it waits until that is settled")


def is_of_two(draft: str) -> bool:
    """Whether a draft is one of two codings that are made without seeing each other."""
    return Doubled.objects.filter(Q(first_draft=draft) | Q(second_draft=draft)).exists()


def _of(draft: Draft, *_: object, **__: object) -> list[str]:
    return [draft.id]


@act("draft.begin", "record.enter", ways=("page record",), of_effects=lambda draft: [draft.id])
def begin(desk: Desk, kind: str, source: str = "", person: str = "") -> Draft:
    """Begin a draft of a kind of source, or of more that a source which is here told. Raises InvalidValue."""
    if desk.vault.hub or not isinstance(desk.actor, Account):
        raise NotAllowed("drafts are typed on the pages of a vault, under an account")
    if queries.number(desk) >= MOST:
        raise InvalidValue("you have {most} drafts: record or discard some first", most=MOST)
    if source and not visible(desk, Source).filter(id=source, withdrawn=None).exists():
        raise InvalidValue("no source {source} stands here", source=source)
    typed: dict[str, Any] = {"source": {"id": source} if source else {"kind": kind}}
    if person:
        typed["people"] = [{"known": person}]
    id_ = new_id("draft", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    made: Draft = Draft.objects.create(
        id=id_, user_id=desk.actor.id, source_id=source or None, typed=typed, began=desk.at, changed=desk.at
    )
    return made


@act("draft.keep", "record.enter", ways=("page record-entry",), worth=lambda _: False)
def keep(desk: Desk, draft: Draft, typed: Typed, version: int) -> int:
    """Keep what was typed; the draft's new version. Raises InvalidValue where another window changed it since, or
    somebody reads it."""
    open_to_change(draft)
    source = typed.get("source") or {}
    of_its_source(draft, source.get("id") if isinstance(source, Mapping) else None)
    changed = queries.drafts(desk).filter(id=draft.id, version=version)
    if not changed.update(typed=dict(typed), version=version + 1, changed=desk.at):
        raise InvalidValue(
            "this draft was changed in another window since. What stands here now is not kept yet: keep it, and the "
            "other is replaced; or load the page again, and this is lost"
        )
    draft.typed, draft.version = dict(typed), version + 1
    return draft.version


@act("draft.attach", "record.enter", ways=("page record-entry",), objects=_of, whole=False)
def attach(desk: Desk, draft: Draft, name: str, content: bytes, *, passages: bool) -> None:
    """Lay a file beside a draft, sealed: a recording, notes, or a transcript that is read into passages. Raises
    InputRefused for one that is empty, too large, or no transcript."""
    open_to_change(draft)
    if is_of_two(draft.id):
        raise NotAllowed("files lie with the source itself, for both who code it: record them there first")
    shown = name.replace("\n", "␤").replace("\r", "␍")[-_NAME:]
    if not content:
        raise InputRefused("{shown} is empty: 0 bytes", shown=shown)
    if len(content) > LARGEST_UPLOAD:
        raise InputRefused(
            "{shown} is larger than {number} MB: use `corroborate interview --attach`",
            shown=shown,
            number=LARGEST_UPLOAD >> 20,
        )
    if passages:
        passages_of(File(shown, content=content))
    _, address = desk.vault.files.put(io.BytesIO(content))
    if (same := DraftFile.objects.filter(draft=draft, address=address).first()) is not None:
        raise InputRefused(
            "{shown} is the same file as {name}, which lies beside this draft already", shown=shown, name=same.name
        )
    with storing():
        DraftFile.objects.create(draft=draft, name=shown, size=len(content), address=address, passages=passages)


@act("draft.detach", "record.enter", ways=("page record-entry",), objects=_of)
def detach(desk: Desk, draft: Draft, number: int) -> None:
    """Take a file away from a draft, and erase it."""
    open_to_change(draft)
    row = DraftFile.objects.filter(draft=draft, id=number).first()
    if row is None:
        raise InvalidValue("this file does not lie beside the draft any more")
    row.delete()
    _sweep_after([row.address])


@act("draft.discard", "record.enter", ways=("page record-entry",), objects=_of)
def discard(desk: Desk, draft: Draft) -> None:
    """Erase a draft and the files beside it. Nothing of it was recorded."""
    open_to_change(draft)
    _gone([draft.id])


@act(
    "draft.record",
    "record.enter",
    ways=("page record-entry",),
    objects=lambda draft, *_: [draft.id],
    of_effects=lambda done: [done.id, done.source, *done.entities.values()][:200],
)
def record(desk: Desk, draft: Draft, entry: Entry, case: str = "") -> entering.Recorded:
    """Record a draft, with the files beside it; then the draft is gone. Raises as :func:`entering.enter` does, and for
    one that was handed to a second person."""
    if is_of_two(draft.id):
        raise NotAllowed("this is one of two codings of its source: say that it is done, and the two are compared")
    if Submitted.objects.filter(draft=draft).exists():
        raise NotAllowed("this draft was handed to a second person: it is sealed once they approved it")
    if entering.second_reads():
        raise NotAllowed("here a second person reads each entry before it is sealed: submit this draft for review")
    not_coding_apart(desk, draft)
    return recorded(desk, draft, entry, filing.open_now(desk, [case] if case else []), by=desk.by)


def recorded(desk: Desk, draft: Draft, entry: Entry, cases: Sequence[str], *, by: str) -> entering.Recorded:
    """The same, within the act of the caller. ``by``: who wrote it. What was said of the draft goes to its records."""
    of_its_source(draft, entry.told.known)
    waiting = queries.files(draft)
    given = [(one, File(one.name, content=b"".join(desk.vault.files.get(one.address)))) for one in waiting]
    passages = tuple(each for one, file in given if one.passages for each in passages_of(file))
    beside = entering.Beside(tuple(file for _, file in given), passages)
    done = entering.entered(desk, entry, beside, cases, by=by)
    remarks.sealed_with(draft.id, done.source, _rows_of(done.entities))
    _gone([draft.id])
    return done


def _rows_of(entities: Mapping[str, str]) -> dict[str, str]:
    """By row of a draft: what it became. ``act 1`` is the first row of acts."""
    parts = {"act": "acts", "people": "people", "missing": "missing", "post": "posts", "proceeding": "proceedings"}
    found = ((key.split(" "), id_) for key, id_ in entities.items())
    return {
        f"{parts[key[0]]}-{int(key[1]) - 1}": id_
        for key, id_ in found
        if len(key) == 2 and key[0] in parts and key[1].isdecimal()
    }


def _gone(drafts: Sequence[str]) -> None:
    addresses = list(DraftFile.objects.filter(draft_id__in=drafts).values_list("address", flat=True))
    remarks.forget(Remark.objects.filter(draft__in=list(drafts)))
    Draft.objects.filter(id__in=drafts).delete()
    destroy_keys(drafts)
    _sweep_after(addresses)


def _sweep_after(addresses: Sequence[str]) -> None:
    """Erase files that waited, once the transaction is through; not those that a record relies on as well."""
    leaving.erase_after(addresses)


def taken_back(_desk: Desk, ids: Sequence[str], reason: str) -> None:
    """With a source that is withdrawn, what somebody is typing of it goes."""
    if reason == WITHDRAWN:
        sources = [one for one in ids if one.startswith("source_")]
        for start in range(0, len(sources), 500):
            coded = Doubled.objects.filter(source_id__in=sources[start : start + 500])
            unsalt(DOUBLE_CODING, list(coded.values_list("id", flat=True)))
            coded.delete()
            of = Draft.objects.filter(source_id__in=sources[start : start + 500])
            _gone(list(of.values_list("id", flat=True)))
