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

from django.contrib.auth import authenticate, get_user_model

from corroborate.coalition import autonomy, carrying, decisions, final, memberships, statements
from corroborate.coalition.declarations import Declaration, kind_of, read_declaration
from corroborate.coalition.members import Member as Read
from corroborate.custody.archives import unpacked
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed
from corroborate.values import Digest, PartialDate
from corroborate_node.coalition.campaign import models, queries, stored
from corroborate_node.core import opened
from corroborate_node.core.access import roles
from corroborate_node.core.access.actions import add_account
from corroborate_node.core.storing import storing

LARGEST_SCAN = 20 << 20  # bytes
LARGEST_NOTE = 8 << 10
MOST_NOTES = 20_000  # in one delivery
MOST_UNPACKED = MOST_NOTES * LARGEST_NOTE  # bytes: 160 MB
_ONE_AT_A_TIME = threading.RLock()  # read, ask the rules, write: two requests must not both read first


@contextmanager
def _whole() -> Iterator[None]:
    with _ONE_AT_A_TIME, storing():
        yield


def _happened(stream: str, event: object, user: Any, at: datetime, body: object | None = None) -> None:
    models.Happened.objects.create(
        stream=stream, what=type(event).__name__, body=stored.put(event) if body is None else body,
        by=user.get_username(), at=at,
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


def on_register(user: Any, event: memberships.Event, at: datetime) -> memberships.Membership:
    """One event of the register. Raises NotAllowed, InvalidValue."""
    roles.require(user, "secretariat")
    with _whole():
        after = memberships.keep(queries.register(), event)
        return _keep_member(after[event.id], event, user, at)


def admit(user: Any, details: memberships.Details, role: str, joined: PartialDate, at: datetime,
          *, founding: bool = False, flag: str = "") -> str:  # fmt: skip
    """Take one member in; its label."""
    return admit_all(user, [(details, role, joined, founding, flag)], at)[0]


def admit_all(
    user: Any, given: Sequence[tuple[memberships.Details, str, PartialDate, bool, str]], at: datetime
) -> list[str]:
    """Take many in at once, each with its doubts flagged for a person; their labels. All or none."""
    roles.require(user, "secretariat")
    labels: list[str] = []
    with _whole():
        register = queries.register()
        for details, role, joined, founding, flag in given:
            known = next((one for one in memberships.ROLES if one == role), None)
            if known is None:
                raise InvalidValue(f"there is no role {role!r} of a member")
            label = label_for(details.name, register.members)
            event = memberships.Admitted(label, details, known, joined, founding, flag)
            register = memberships.keep(register, event)
            _keep_member(register[label], event, user, at)
            labels.append(label)
    return labels


def admit_read(user: Any, read: Sequence[Read], joined: PartialDate, at: datetime, *, founding: bool) -> list[str]:
    """Take in what was read from a published statement and confirmed by a person."""
    return admit_all(
        user,
        [(memberships.Details(one.name, one.kind, one.country, one.region, one.abbreviation,
                              affiliation=one.affiliation, capacity="personal" if one.affiliation else ""),
          "member", joined, founding, one.flag) for one in read],
        at,
    )  # fmt: skip


def _keep_member(one: memberships.Membership, event: object, user: Any, at: datetime) -> memberships.Membership:
    key = one.key(at.date())
    columns = {
        "name": one.details.name, "kind": one.details.kind, "country": one.details.country, "role": one.role,
        "left": one.left, "key": str(key) if key else "", "doubtful": bool(one.flags), "body": stored.put(one),
    }  # fmt: skip
    if not models.Member.objects.filter(id=one.id).update(**columns):
        models.Member.objects.create(id=one.id, place=models.Member.objects.count() + 1, **columns)
    _happened(f"member/{one.id}", event, user, at)
    return one


# Statements


def start(user: Any, name: str, text: bytes, language: str, at: datetime) -> carrying.Statement:
    """Put up the first draft of a statement."""
    roles.require(user, "secretariat")
    with _whole():
        if models.Statement.objects.filter(name=name).exists():
            raise NotAllowed(f"there is a statement named {name} already")
        statements_event = carrying.Drafted(statements.Version(name, 1, text, language))
        if re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", name) is None or re.fullmatch(r"[a-z]{2,3}", language) is None:
            raise InvalidValue("a statement's name has lower-case letters, digits, dots and dashes; a language two")
        empty = carrying.Statement(queries.register().seat(statements.Round({}), at.date()))
        state, _ = carrying.carry(empty, statements_event)
        _keep_statement(name, state, at)
        _happened(f"statement/{name}", statements_event, user, at)
    return state


def on_statement(user: Any, name: str, event: carrying.Event, at: datetime) -> Sequence[carrying.Effect]:
    """One event of a statement, by the secretariat; comments come from anybody with a role."""
    if isinstance(event, carrying.Commented):
        roles.require(user, "secretariat", "representative")
    else:
        roles.require(user, "secretariat")
    return _carry(user, name, event, at)


def _carry(user: Any, name: str, event: carrying.Event, at: datetime) -> Sequence[carrying.Effect]:
    with _whole():
        before = queries.state(name, queries.register(), at.date())
        if before is None:
            raise InvalidValue(f"there is no statement {name}")
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
        _happened(f"statement/{name}", event, user, at, brief)
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


def record_paper(
    user: Any, name: str, member: str, choice: statements.Choice, signed: datetime, scan: bytes, file_name: str,
    at: datetime,
) -> None:  # fmt: skip
    """Record a sign-on on paper; its scan is sealed. It stands once another person confirms it."""
    roles.require(user, "secretariat")
    if not scan or len(scan) > LARGEST_SCAN:
        raise InputRefused(f"the scan of the letter is needed, of {LARGEST_SCAN >> 20} MB at most")
    state = queries.state(name, queries.register(), at.date())
    if state is None:
        raise InvalidValue(f"there is no statement {name}")
    current = state.round.current
    paper = statements.Paper(Digest.of(scan), user.get_username())
    one = statements.SignOn(member, name, current.language, current.digest, choice, signed, b"", paper)
    carrying.carry(state, carrying.Recorded(one, at))  # refused before anything is sealed
    seal_scan(user, scan, file_name, at)
    _carry(user, name, carrying.Recorded(one, at), at)


def seal_scan(user: Any, scan: bytes, file_name: str, at: datetime) -> Digest:
    """Encrypt a letter's scan; its digest."""
    digest, address = opened.current().files.put(io.BufferedReader(io.BytesIO(scan)))  # type: ignore[arg-type]
    models.Scan.objects.get_or_create(
        digest=digest.hex,
        defaults={"address": address, "name": file_name[:200], "at": at, "by": user.get_username()},
    )
    return digest


def confirm_paper(user: Any, name: str, member: str, at: datetime) -> None:
    """Hold the scan against the record, as another person than its recorder."""
    on_statement(user, name, carrying.Confirmed(member, user.get_username(), at), at)


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
        raise InputRefused(f"more than {MOST_NOTES:,} notes at once; hand them in in parts")
    return notes


def take_in(user: Any, files: Sequence[tuple[str, bytes]], at: datetime) -> list[Outcome]:
    """Take notes in, whoever carries them: each proves itself. One that is refused keeps no other out."""
    roles.require(user, "secretariat", "representative")
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
            outcomes[at_] = _single(user, name, content, at)
    for statement, places in signed.items():
        notes = tuple(files[place][1] for place in places)
        try:
            effects = _carry(user, statement, carrying.Received(notes, at), at)
            answers = next(one.answers for one in effects if isinstance(one, carrying.Answered))
            for place, answer in zip(places, answers, strict=True):
                outcomes[place] = Outcome(files[place][0], "sign-on", answer.member, answer.refused)
        except CorroborateError as error:
            for place in places:
                outcomes[place] = Outcome(files[place][0], "sign-on", refused=str(error))
    return outcomes


def _single(user: Any, name: str, note: bytes, at: datetime) -> Outcome:
    kind = kind_of(note)
    try:
        register = queries.register()
        said = read_declaration(note, kind, queries.keys(register))  # type: ignore[arg-type]
        _current_key(register, said, at.date())
        _TAKEN[said.kind](user, said, register, at)
    except CorroborateError as error:
        return Outcome(name, kind or "", refused=str(error))
    return Outcome(name, said.kind, said.member)


def _current_key(register: memberships.Register, said: Declaration, on: date) -> None:
    """A key that was ended (lost, stolen) says nothing new."""
    if register[said.member].key(on) != said.key:
        raise NotAllowed(f"this key of {register[said.member].details.name} was ended")


def _stance(user: Any, said: Declaration, register: memberships.Register, at: datetime) -> None:
    left = register[said.member].left
    began = _began(said)
    with _whole():
        subject = autonomy.Subject(said.fields["on"], said.fields["subject"], began or at.date())  # type: ignore[arg-type]
        before = queries.choices()
        if before.receive(said, left, subject) is before:
            return
        models.Choice.objects.create(member_id=said.member, note=said.note, received=at)
        _happened(f"member/{said.member}", said, user, at, {"stance": said.choice, **said.fields})


def _began(said: Declaration) -> date | None:
    if said.fields["on"] != "statement":
        return None
    first = models.Happened.objects.filter(stream=f"statement/{said.fields['subject']}").order_by("id").first()
    return None if first is None else first.at.date()


def _position(user: Any, said: Declaration, _register: memberships.Register, at: datetime) -> None:
    hear(user, said.fields["proposal"], decisions.said_in(said), at, about=said.fields)


def _quote(user: Any, said: Declaration, _register: memberships.Register, at: datetime) -> None:
    _carry(user, said.fields["statement"], carrying.QuoteApproved(said), at)


def _translation(user: Any, said: Declaration, _register: memberships.Register, at: datetime) -> None:
    _carry(user, said.fields["statement"], carrying.TranslationApproved(said), at)


def _signatory(user: Any, said: Declaration, _register: memberships.Register, at: datetime) -> None:
    event: memberships.Event = memberships.SignatoryNamed(said.member, memberships.signatory_in(said), said)
    if said.choice == "ends":
        event = memberships.SignatoryEnded(said.member, said.fields["name"], at.date())
    with _whole():
        after = memberships.keep(queries.register(), event)
        _keep_member(after[said.member], event, user, at)


def name_by_letter(
    user: Any, member: str, signatory: memberships.Signatory, scan: bytes, file_name: str,
    second: tuple[str, str], at: datetime,
) -> None:  # fmt: skip
    """Record a letter of authority; a second person has seen it and gives account and passphrase to say so."""
    roles.require(user, "secretariat")
    other = authenticate(username=second[0], password=second[1])
    if other is None or other == user:
        raise NotAllowed("a second person of the secretariat gives account and passphrase: two see every letter")
    roles.require(other, "secretariat")
    if not scan or len(scan) > LARGEST_SCAN:
        raise InputRefused(f"the scan of the letter is needed, of {LARGEST_SCAN >> 20} MB at most")
    by_letter = replace(signatory, proof="letter", letter=Digest.of(scan), countersigned_by=second[0])
    event = memberships.SignatoryNamed(member, by_letter, None, user.get_username())
    with _whole():
        after = memberships.keep(queries.register(), event)
        seal_scan(user, scan, file_name, at)
        _keep_member(after[member], event, user, at)


_TAKEN: dict[str, Callable[[Any, Declaration, memberships.Register, datetime], None]] = {
    "stance": _stance, "position": _position, "quote": _quote, "translation": _translation,
    "signatory": _signatory,
}  # fmt: skip


# Decisions


def propose(user: Any, one: decisions.Proposal, at: datetime) -> None:
    """Put a question to members."""
    roles.require(user, "secretariat")
    with _whole():
        if models.Proposal.objects.filter(id=one.id).exists():
            raise NotAllowed(f"there is a proposal {one.id} already")
        models.Proposal.objects.create(id=one.id, title=one.title, closes=one.closes, body=stored.put(one))
        _happened(f"proposal/{one.id}", one, user, at)
        notices = [models.Notice(member_id=who, what="asked", about=one.title, link=f"/decisions/{one.id}", at=at)
                   for who in one.asked]  # fmt: skip
        models.Notice.objects.bulk_create(notices, batch_size=500)


def hear(user: Any, id_: str, said: decisions.Said, at: datetime, *, about: Any = None) -> None:
    """Take a position in: a note from anybody, or words heard in a meeting, written down by the secretariat."""
    if not said.note:
        roles.require(user, "secretariat")
    with _whole():
        row = models.Proposal.objects.filter(id=id_).first()
        if row is None:
            raise InvalidValue(f"there is no proposal {id_}")
        after = decisions.hear(queries.proposal(row), said, at, about=about)
        row.body = stored.put(after)
        row.save(update_fields=["body"])
        _happened(f"proposal/{id_}", said, user, at)


# Accounts and final texts


def add_person(user: Any, account: str, password: str, role: str, member: str) -> None:
    """Make an account with a role; a representative acts for one member. Only a keeper may."""
    roles.require(user, "keeper")
    if get_user_model().objects.filter(username=account.strip()).exists():
        raise NotAllowed(f"there is an account {account.strip()} already")
    if role == "representative":
        queries.checked_member(member)
    elif role not in roles.ROLES:
        raise InvalidValue(f"there is no role {role!r}")
    with _whole():
        add_account(account, password)
        made = get_user_model().objects.get(username=account.strip())
        roles.give(made, role)
        if role == "representative":
            models.Representative.objects.create(user=made, member_id=member)


def final_text(user: Any, name: str, at: datetime, language: str = "") -> final.Final:
    """The final text, sealed by this hub's key as its publisher. Until it is published only insiders see it."""
    roles.require(user, "secretariat", "representative")
    register = queries.register()
    state = queries.state(name, register, at.date())
    if state is None:
        raise InvalidValue(f"there is no statement {name}")
    return queries.final_in(state, register, opened.current().signer, at, language)


def look(user: Any) -> None:
    """Everything up to the newest notice has been seen."""
    newest = queries.notices(user).values_list("id", flat=True).first() or 0
    models.Seen.objects.update_or_create(user=user, defaults={"notice": newest})
