"""What people do to the campaign. Each act: may they, ask the library what follows, keep it, all or nothing.

No act here signs for a member: a hub has no member's key, and everything in a member's name comes in as a note.
"""

import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from corroborate.coalition import autonomy, carrying, decisions, final, memberships, requests, statements
from corroborate.coalition.declarations import Declaration, kind_of, read_declaration
from corroborate.custody.archives import unpacked
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed
from corroborate.values import Digest, PartialDate
from corroborate_node.coalition.campaign import models, queries, stored
from corroborate_node.core import accounts, persons
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may
from corroborate_node.core.storing import storing

LARGEST_SCAN = 20 << 20  # bytes
LARGEST_NOTE = 8 << 10
MOST_NOTES = 20_000  # in one delivery
MOST_UNPACKED = MOST_NOTES * LARGEST_NOTE  # bytes: 160 MB
_ONE_AT_A_TIME = threading.RLock()  # read, ask the rules, write: two requests must not both read first


@dataclass(frozen=True, slots=True)
class Second:
    """The second person, who proves to be there: name and passphrase of an account, and the machine's address."""

    name: str
    passphrase: str
    address: str


def _stream(name: str, *_: object) -> list[str]:
    return [f"statement/{name}"]


@contextmanager
def _whole() -> Iterator[None]:
    with _ONE_AT_A_TIME, storing():
        yield


def _happened(desk: Desk, stream: str, event: object, body: object | None = None) -> None:
    at = desk.at
    models.Happened.objects.create(
        stream=stream, what=type(event).__name__, body=stored.put(event) if body is None else body,
        by=desk.by, at=at,
    )  # fmt: skip


# The register


def label_for(name: str, taken: Iterable[str]) -> str:
    """A member's label: the name its key bears, made different from every other."""
    label = re.sub(r"[/?#%\\\"'<>&;,]+", "-", statements.key_name(name))[:60].strip("-.") or "member"
    used, number = set(taken), 2
    found = label
    while found in used:
        found, number = f"{label}-{number}", number + 1
    return found


@act("member.keep", ways=("page member", "page members"), objects=lambda event: [event.id])
def on_register(desk: Desk, event: memberships.Event) -> memberships.Membership:
    """One event of the register. Raises NotAllowed, InvalidValue."""
    with _whole():
        after = memberships.keep(queries.register(), event)
        return _keep_member(desk, after[event.id], event)


@act("member.admit", "member.keep", ways=("page members",))
def admit(
    desk: Desk, details: memberships.Details, role: str, joined: PartialDate, *, founding: bool = False, flag: str = ""
) -> str:
    """Take one member in; its label."""
    return admit_all(desk, [(details, role, joined, founding, flag)])[0]


@act("members.admit", "member.keep", ways=("page members-read",))
def admit_all(desk: Desk, given: Sequence[tuple[memberships.Details, str, PartialDate, bool, str]]) -> list[str]:
    """Take many in at once, each with its doubts flagged for a person; their labels. All or none."""
    labels: list[str] = []
    with _whole():
        register = queries.register()
        for details, role, joined, founding, flag in given:
            known = next((one for one in memberships.ROLES if one == role), None)
            if known is None:
                raise InvalidValue("there is no role {role!r} of a member", role=role)
            label = label_for(details.name, register.members)
            event = memberships.Admitted(label, details, known, joined, founding, flag)
            register = memberships.keep(register, event)
            _keep_member(desk, register[label], event)
            labels.append(label)
    return labels


def _keep_member(desk: Desk, one: memberships.Membership, event: object) -> memberships.Membership:
    at = desk.at
    key = one.key(at.date())
    columns = {
        "name": one.details.name, "kind": one.details.kind, "country": one.details.country, "role": one.role,
        "left": one.left, "key": str(key) if key else "", "doubtful": bool(one.flags), "body": stored.put(one),
    }  # fmt: skip
    if not models.Member.objects.filter(id=one.id).update(**columns):
        models.Member.objects.create(id=one.id, place=models.Member.objects.count() + 1, **columns)
    _happened(desk, f"member/{one.id}", event)
    return one


# Statements


@act("statement.start", "statement.carry", ways=("page statements",), objects=_stream)
def start(desk: Desk, name: str, text: bytes, language: str) -> carrying.Statement:
    """Put up the first draft of a statement."""
    at = desk.at
    with _whole():
        if models.Statement.objects.filter(name=name).exists():
            raise NotAllowed("there is a statement named {name} already", name=name)
        statements_event = carrying.Drafted(statements.Version(name, 1, text, language))
        if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", name) is None or re.fullmatch(r"[a-z]{2,3}", language) is None:
            raise InvalidValue("a statement's name has lower-case letters, digits, dots and dashes; a language two")
        empty = carrying.Statement(queries.register().seat(statements.Round({}), at.date()))
        state, _ = carrying.carry(empty, statements_event)
        _keep_statement(name, state, at)
        _happened(desk, f"statement/{name}", statements_event)
    return state


@act("statement.carry", ways=("page statement",), objects=_stream)
def on_statement(desk: Desk, name: str, event: carrying.Event) -> Sequence[carrying.Effect]:
    """One event of a statement, by the secretariat. Comments and confirmations of paper are acts of their own."""
    if isinstance(event, carrying.Commented | carrying.Confirmed | carrying.Recorded):
        raise NotAllowed("a comment and a sign-on on paper come in on their own way")
    return _carry(desk, name, event)


@act("statement.comment", ways=("page statement",), objects=_stream)
def comment(desk: Desk, name: str, said: carrying.Comment) -> None:
    """A comment on a draft, under the account's own name."""
    _carry(desk, name, carrying.Commented(replace(said, by=desk.by)))


def _carry(desk: Desk, name: str, event: carrying.Event) -> Sequence[carrying.Effect]:
    at = desk.at
    with _whole():
        before = queries.state(name, queries.register(), at.date())
        if before is None:
            raise InvalidValue("there is no statement {name}", name=name)
        after, effects = carrying.carry(before, event)
        new = after.round.received[len(before.round.received) :]
        models.SignOn.objects.bulk_create(_rows(name, new, at), batch_size=500)
        if isinstance(event, carrying.Confirmed):
            waiting = models.SignOn.objects.filter(statement_id=name, member_id=event.member, confirmed_by="")
            last = waiting.exclude(scan="").order_by("-id").first()
            if last is not None:
                last.confirmed_by = event.by
                last.save(update_fields=["confirmed_by"])
        _keep_statement(name, after, at)
        brief = {"notes": len(event.notes)} if isinstance(event, carrying.Received) else None
        _happened(desk, f"statement/{name}", event, brief)
        _tell(effects, f"/statements/{name}", at)
    return effects


def _rows(name: str, new: Iterable[statements.SignOn], at: datetime) -> list[models.SignOn]:
    return [
        models.SignOn(
            statement_id=name, member_id=one.member, language=one.language, digest=one.digest.hex, choice=one.choice,
            at=one.at, received=at, note=one.note, key=str(one.key) if one.key else "",
            scan=one.paper.scan.hex if one.paper else "", recorded_by=one.paper.recorded_by if one.paper else "",
            confirmed_by=one.paper.confirmed_by if one.paper else "",
        )
        for one in new
    ]  # fmt: skip


def _keep_statement(name: str, state: carrying.Statement, at: datetime) -> None:
    bare = replace(state, round=replace(state.round, received=()))
    models.Statement.objects.update_or_create(
        name=name,
        defaults={"title": state.round.current.text.decode().partition("\n")[0], "phase": state.phase,
                  "deadline": state.round.deadline, "changed": at, "body": stored.put(bare)},
    )  # fmt: skip


def _tell(effects: Iterable[carrying.Effect], link: str, at: datetime) -> None:
    rows = []
    for one in effects:
        if isinstance(one, carrying.Notify):
            to: Sequence[str | None] = one.members or (
                [None] if one.what in ("signed", "withdrew", "on paper waits", "comment") else []
            )
            rows += [models.Notice(member_id=who, what=one.what, about=one.about, link=link, at=at) for who in to]
    models.Notice.objects.bulk_create(rows, batch_size=500)


@act("paper.record", ways=("page statement",), objects=lambda name, member, *_: [name, member])
def record_paper(
    desk: Desk, name: str, member: str, choice: statements.Choice, signed: datetime, scan: bytes, file_name: str
) -> None:
    """Record a sign-on on paper; its scan is sealed. It stands once another person confirms it."""
    at = desk.at
    if not scan or len(scan) > LARGEST_SCAN:
        raise InputRefused(
            "the scan of the letter is needed, of {largest_scan} MB at most", largest_scan=LARGEST_SCAN >> 20
        )
    state = queries.state(name, queries.register(), at.date())
    if state is None:
        raise InvalidValue("there is no statement {name}", name=name)
    current = state.round.current
    paper = statements.Paper(Digest.of(scan), desk.by)
    one = statements.SignOn(member, name, current.language, current.digest, choice, signed, b"", paper)
    carrying.carry(state, carrying.Recorded(one, at))  # refused before anything is sealed
    seal_scan(desk, scan, file_name)
    _carry(desk, name, carrying.Recorded(one, at))
    link = f"/statements/{name}"  # the member is told at once: it may say that it signed nothing
    models.Notice.objects.create(member_id=member, what="on paper waits", about=name, link=link, at=at)


def seal_scan(desk: Desk, scan: bytes, file_name: str) -> Digest:
    """Encrypt a letter's scan; its digest."""
    at = desk.at
    digest, address = desk.vault.files.put(io.BufferedReader(io.BytesIO(scan)))
    models.Scan.objects.get_or_create(
        digest=digest.hex,
        defaults={"address": address, "name": file_name[:200], "at": at, "by": desk.by},
    )
    return digest


@act("paper.confirm", ways=("page statement",), objects=lambda name, member: [name, member])
def confirm_paper(desk: Desk, name: str, member: str) -> None:
    """Hold the scan against the record, as another person than its recorder. Raises NotAllowed where one made or reset
    the other's account: both could be one person."""
    waiting = models.SignOn.objects.filter(statement_id=name, member_id=member, confirmed_by="").exclude(scan="")
    recorder = waiting.order_by("-id").values_list("recorded_by", flat=True).first()
    if recorder is not None:
        persons.two_people(recorder, desk.by)
    _carry(desk, name, carrying.Confirmed(member, desk.by, desk.at))


# What members say


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one note handed in."""

    file: str
    kind: str = ""
    member: str = ""
    refused: str = ""


def unpack(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Notes of a delivery: single files and ZIP files of them. Raises InputRefused for too many or too large."""
    notes: list[tuple[str, bytes]] = []
    for name, content in files:
        if content[:4] != b"PK\x03\x04":
            notes.append((name, content))
            continue
        notes += unpacked(name, content, files=MOST_NOTES, each=LARGEST_NOTE, whole=MOST_UNPACKED)
    if len(notes) > MOST_NOTES:
        raise InputRefused("more than {most_notes:,} notes at once; hand them in in parts", most_notes=MOST_NOTES)
    return notes


@act("note.hand-in", "note.hand_in", ways=("page hand-in",), whole=False)
def take_in(desk: Desk, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
    """Take notes in, whoever carries them: each proves itself. One that is refused keeps no other out."""
    at = desk.at
    outcomes: list[Outcome] = [Outcome(name, refused="") for name, _ in files]
    signed: dict[str, list[int]] = {}
    for at_, (name, content) in enumerate(files):
        kind = kind_of(content)
        if len(content) > LARGEST_NOTE or kind is None:
            outcomes[at_] = Outcome(name, refused="this file is no signed answer")
        elif kind == "sign-on":
            found = re.search(rb"\nstatement ([a-z0-9][a-z0-9._-]*)\n", content)
            signed.setdefault(found[1].decode() if found else "", []).append(at_)
        else:
            outcomes[at_] = _single(desk, name, content)
    for statement, places in signed.items():
        notes = tuple(files[place][1] for place in places)
        try:
            effects = _carry(desk, statement, carrying.Received(notes, at))
            answers = next(one.answers for one in effects if isinstance(one, carrying.Answered))
            for place, answer in zip(places, answers, strict=True):
                outcomes[place] = Outcome(files[place][0], "sign-on", answer.member, answer.refused)
        except CorroborateError as error:
            for place in places:
                outcomes[place] = Outcome(files[place][0], "sign-on", refused=str(error))
    return outcomes


def _single(desk: Desk, name: str, note: bytes) -> Outcome:
    at = desk.at
    kind = kind_of(note)
    try:
        register = queries.register()
        said = read_declaration(note, kind, queries.keys(register))  # type: ignore[arg-type]
        _current_key(register, said, at.date())
        _TAKEN[said.kind](desk, said, register)
    except CorroborateError as error:
        return Outcome(name, kind or "", refused=str(error))
    return Outcome(name, said.kind, said.member)


def _current_key(register: memberships.Register, said: Declaration, on: date) -> None:
    """A key that was ended (lost, stolen) says nothing new."""
    if register[said.member].key(on) != said.key:
        raise NotAllowed("this key of {name} was ended", name=register[said.member].details.name)


def _stance(desk: Desk, said: Declaration, register: memberships.Register) -> None:
    at = desk.at
    left = register[said.member].left
    began = _began(said)
    with _whole():
        subject = autonomy.Subject(said.fields["on"], said.fields["subject"], began or at.date())  # type: ignore[arg-type]
        before = queries.choices()
        if before.receive(said, left, subject) is before:
            return
        models.Choice.objects.create(member_id=said.member, note=said.note, received=at)
        _happened(desk, f"member/{said.member}", said, {"stance": said.choice, **said.fields})


def _began(said: Declaration) -> date | None:
    if said.fields["on"] != "statement":
        return None
    first = models.Happened.objects.filter(stream=f"statement/{said.fields['subject']}").order_by("id").first()
    return None if first is None else first.at.date()


def _position(desk: Desk, said: Declaration, _register: memberships.Register) -> None:
    _hear(desk, said.fields["proposal"], decisions.said_in(said), about=said.fields)


def _quote(desk: Desk, said: Declaration, _register: memberships.Register) -> None:
    _carry(desk, said.fields["statement"], carrying.QuoteApproved(said))


def _translation(desk: Desk, said: Declaration, _register: memberships.Register) -> None:
    _carry(desk, said.fields["statement"], carrying.TranslationApproved(said))


def _signatory(desk: Desk, said: Declaration, _register: memberships.Register) -> None:
    at = desk.at
    event: memberships.Event = memberships.SignatoryNamed(said.member, memberships.signatory_in(said), said)
    if said.choice == "ends":
        event = memberships.SignatoryEnded(said.member, said.fields["name"], at.date())
    with _whole():
        after = memberships.keep(queries.register(), event)
        _keep_member(desk, after[said.member], event)


@act("authority.record", ways=("page member",), objects=lambda member, *_: [member], whole=False)
def name_by_letter(
    desk: Desk, member: str, signatory: memberships.Signatory, scan: bytes, file_name: str, second: Second
) -> None:
    """Record a letter of authority; a second person has seen it and gives account and passphrase to say so.

    Wrong passphrases of the second count as anywhere, and stay counted.
    """
    user = accounts.proven(desk.vault, "second person", second.name, second.passphrase, second.address, desk.at)
    if user is None or not may(user, "authority.countersign"):
        raise NotAllowed("a second person of the secretariat gives account and passphrase: two see every letter")
    persons.two_people(desk.by, user.get_username())
    if not scan or len(scan) > LARGEST_SCAN:
        raise InputRefused(
            "the scan of the letter is needed, of {largest_scan} MB at most", largest_scan=LARGEST_SCAN >> 20
        )
    by_letter = replace(signatory, proof="letter", letter=Digest.of(scan), countersigned_by=user.get_username())
    event = memberships.SignatoryNamed(member, by_letter, None, desk.by)
    with _whole():
        after = memberships.keep(queries.register(), event)
        seal_scan(desk, scan, file_name)
        _keep_member(desk, after[member], event)
        models.Notice.objects.create(
            member_id=member, what="letter", about=signatory.name, link=f"/members/{member}", at=desk.at
        )


_TAKEN: dict[str, Callable[[Desk, Declaration, memberships.Register], None]] = {
    "stance": _stance, "position": _position, "quote": _quote, "translation": _translation,
    "signatory": _signatory,
}  # fmt: skip


# Decisions


@act("decision.propose", ways=("page decisions",), objects=lambda one: [one.id])
def propose(desk: Desk, one: decisions.Proposal) -> None:
    """Put a question to members."""
    at = desk.at
    with _whole():
        if models.Proposal.objects.filter(id=one.id).exists():
            raise NotAllowed("there is a proposal {id} already", id=one.id)
        models.Proposal.objects.create(id=one.id, title=one.title, closes=one.closes, body=stored.put(one))
        _happened(desk, f"proposal/{one.id}", one)
        notices = [models.Notice(member_id=who, what="asked", about=one.title, link=f"/decisions/{one.id}", at=at)
                   for who in one.asked]  # fmt: skip
        models.Notice.objects.bulk_create(notices, batch_size=500)


@act("decision.hear", ways=("page decision",), objects=lambda id_, _said: [id_])
def hear(desk: Desk, id_: str, said: decisions.Said) -> None:
    """Take in a position that was heard in a meeting, written down by the secretariat."""
    _hear(desk, id_, replace(said, recorded_by=desk.by))


def _hear(desk: Desk, id_: str, said: decisions.Said, *, about: Any = None) -> None:
    with _whole():
        row = models.Proposal.objects.filter(id=id_).first()
        if row is None:
            raise InvalidValue("there is no proposal {id}", id=id_)
        after = decisions.hear(queries.proposal(row), said, desk.at, about=about)
        row.body = stored.put(after)
        row.save(update_fields=["body"])
        _happened(desk, f"proposal/{id_}", said)


# Accounts and final texts


def represent(user: Any, member: str) -> None:
    """Which member a representative acts for; the member is told at once. Raises InvalidValue for none."""
    queries.checked_member(member)
    models.Representative.objects.update_or_create(user=user, defaults={"member_id": member})
    models.Notice.objects.create(
        member_id=member, what="account", about=user.get_username(), link=f"/members/{member}", at=timezone.now()
    )


def final_text(desk: Desk, name: str, language: str = "") -> final.Final:
    """The final text, sealed by this hub's key as its publisher. Until it is published only insiders see it."""
    at = desk.at
    desk.require("final.read")
    register = queries.register()
    state = queries.state(name, register, at.date())
    if state is None:
        raise InvalidValue("there is no statement {name}", name=name)
    return queries.final_in(state, register, desk.vault.signer, at, language)


def _asked(asked: requests.Request, *_: object) -> list[str]:
    return [f"{asked.kind}/{next(iter(asked.fields.values()), '')}"]


@act("answer.sign", ways=("page sign", "command statement"), objects=_asked, kind="export")
def sign_answer(desk: Desk, asked: requests.Request, choice: str, reason: str = "") -> bytes:
    """Answer a hub's request under this member's own key: the signed note, which leaves."""
    return requests.answer(desk.vault.signer, asked, choice, desk.at, reason)


@act("notices.look", "today.read", ways=("page today",), standing_back=True)
def look(desk: Desk) -> None:
    """Everything up to the newest notice has been seen."""
    if not isinstance(desk.actor, Account):
        return  # notices are an account's; whoever opened the vault has none
    user = get_user_model().objects.get(pk=desk.actor.id)
    newest = queries.notices(user).values_list("id", flat=True).first() or 0
    models.Seen.objects.update_or_create(user=user, defaults={"notice": newest})
