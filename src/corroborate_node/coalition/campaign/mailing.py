"""Reminders by e-mail: only to contact addresses of the register, only when somebody of the secretariat says send.

What a mail server is told is the address, the subject and the text of each letter, and nothing of this machine.
"""

import ipaddress
import smtplib
import ssl
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import make_msgid, parseaddr
from functools import partial
from pathlib import Path
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from corroborate.coalition import invitations, lifecycle, memberships, requests, round_letters
from corroborate.coalition.paper_letter import paper_letter
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.figures.fonts import folder as fonts
from corroborate.translation import Sentence
from corroborate_node.coalition.campaign import models, queries
from corroborate_node.core import opened
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import storing

_KINDS = {
    "pdf": "application/pdf",
    "txt": "application/octet-stream",
    "ics": "text/calendar",
}  # a text goes byte for byte
TIMEOUT = 20  # seconds for each answer of the mail server
KEYS = frozenset({"host", "port", "tls", "user", "from"})
Tls = Literal["starttls", "implicit", "none"]
Outcome = Literal["sent", "failed", "unknown", "sent today", "no address", "not tried"]


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as the table ``[mail]`` of ``corroborate.toml`` names it. Its password is never in that file."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str = ""

    @classmethod
    def read(cls, folder: Path) -> "Server | None":
        """The server of a hub; None where none is configured. Raises InvalidValue with what to correct."""
        table = tomllib.loads((folder / "corroborate.toml").read_text(encoding="utf-8")).get("mail")
        if table is None:
            return None
        if not isinstance(table, dict):
            raise InvalidValue("[mail] in corroborate.toml is a table")
        if "password" in table:
            raise InvalidValue("a password has no place in corroborate.toml: take it out, and change it at the server")
        if unknown := sorted(set(table) - KEYS):
            raise InvalidValue(
                "[mail] in corroborate.toml has no setting {unknown!r}: {listed}",
                unknown=unknown[0],
                listed=", ".join(sorted(KEYS)),
            )
        host, port, tls = table.get("host", ""), table.get("port", 0), table.get("tls", "")
        sender, user = table.get("from", ""), table.get("user", "")
        if not isinstance(host, str) or not host.strip() or type(port) is not int or not 0 < port < 65536:
            raise InvalidValue("[mail] in corroborate.toml needs host, and port as a number (587 for starttls)")
        chosen = next((one for one in ("starttls", "implicit", "none") if one == tls), None)
        if chosen is None:
            raise InvalidValue('tls in [mail] is "starttls", "implicit" or, on this machine itself, "none"')
        if chosen == "none" and not _loopback(host):
            raise InvalidValue(
                'tls = "none" would carry the letters in the clear to {host}; only this machine may', host=host
            )
        if not isinstance(sender, str) or not isinstance(user, str) or not _valid(parseaddr(sender)[1]):
            raise InvalidValue("from in [mail] is the address that letters come from, such as office@example.org")
        return cls(host, port, chosen, sender, user)  # type: ignore[arg-type]


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _valid(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def address_of(contact: str) -> str:
    """The one e-mail address within a contact of the register; empty where there is none, or more than one."""
    found = {word for word in (part.strip("<>()[],;:") for part in contact.split()) if "@" in word}
    one = found.pop() if len(found) == 1 else ""
    return one if _valid(one) else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one member who has not spoken is to be sent."""

    member: str
    name: str
    address: str  # empty when the register holds no single address
    subject: str
    body: str
    attached: tuple[tuple[str, bytes], ...] = ()  # names and contents of files
    on_paper: bool = False  # the member has no key: the sheet to print goes with it


def letters(
    state: lifecycle.Statement, register: memberships.Register, at: datetime, language: str, *, everybody: bool = False
) -> tuple[Letter, ...]:
    """A letter to each member who has not spoken to the text that stands, or to ``everybody``, without the sheets to
    print. Raises NotAllowed when no round is open."""
    found, missing = [], awaited(state, register, at)
    for one in state.round.responses():
        if everybody or one.member in missing:
            details, paper = register[one.member].details, register[one.member].key(at.date()) is None
            made = round_letters.letter(
                state, one.member, details, opened.current().name, at, on_paper=paper, otherwise=language
            )
            address = address_of(details.contact)
            found.append(Letter(one.member, details.name, address, made.subject, made.body, made.files, paper))
    return tuple(found)


def awaited(state: lifecycle.Statement, register: memberships.Register, at: datetime) -> frozenset[str]:
    """Members that have not spoken to the text that stands, and still can: not who left, nor who will have neither a
    key nor paper that counts before the round ends."""
    until = (state.round.deadline or at).date()
    return frozenset(
        one.member
        for one in state.round.responses()
        if one.state in ("silent", "lapsed")
        and register[one.member].is_member(at.date())
        and (register[one.member].key(at.date()) is not None or register[one.member].paper_counts(until))
    )


def with_sheet(letter: Letter, state: lifecycle.Statement, register: memberships.Register, language: str) -> Letter:
    """A letter as it goes: with the sheet to print where the member signs on paper."""
    if not letter.on_paper:
        return letter
    details = register[letter.member].details
    sheet = paper_letter(state, details, opened.current().name, fonts(), otherwise=language)
    return replace(letter, attached=((f"{round_letters.file_base(state)}.pdf", sheet), *letter.attached))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the letter to one member."""

    letter: Letter
    outcome: Outcome
    why: str = ""


@act("mail.keep", ways=("command statement",))
def keep_password(desk: Desk, password: str) -> None:
    """Keep the mail account's password in the hub's encrypted database; an empty one forgets it."""
    with storing():
        models.MailPassword.objects.all().delete()
        if password:
            models.MailPassword.objects.create(password=password)


def kept_password() -> str:
    return models.MailPassword.objects.values_list("password", flat=True).first() or ""


def sent_today(name: str, at: datetime) -> frozenset[str]:
    """Members to whom a letter about a statement went today (UTC), or may have gone."""
    there = models.Reminder.objects.filter(statement_id=name, day=at.date())
    return frozenset(there.values_list("member_id", flat=True))


@act(
    "reminder.send",
    ways=("page remind", "command statement"),
    objects=lambda name, **_: [f"statement/{name}"],
    kind="export",
    whole=False,
)
def remind(
    desk: Desk, name: str, *, password: str = "", language: str = "en", told: Callable[[Result], None] = lambda _: None
) -> tuple[Result, ...]:
    """Send each member who has not spoken its letter, to its address alone; what became of each.

    A letter is marked before it is handed over, and the mark is taken back only where the server surely refused it:
    whatever breaks on the way, nobody is written to twice in a day. Raises NotAllowed, InvalidValue.
    """
    at = desk.at
    server = Server.read(desk.vault.folder)
    if server is None:
        raise NotAllowed("no mail server is configured: add [mail] to the hub's corroborate.toml, or copy the texts")
    password = password or kept_password()
    if server.user and not password:
        raise NotAllowed("the mail account {user} needs its password", user=server.user)
    register = queries.register()
    state = queries.state(name, register, at.date())
    if state is None:
        raise InvalidValue("there is no statement {name}", name=name)
    if state.round.deadline is not None and at > state.round.deadline:
        raise NotAllowed("the deadline has passed: there is nothing left to remind anybody of")
    before, results = sent_today(name, at), []
    post = _Post(server, password)
    try:
        for letter in letters(state, register, at, language):
            if letter.member in before:
                result = Result(letter, "sent today")
            elif not letter.address:
                result = Result(letter, "no address", "the register holds no single e-mail address")
            else:
                result = _one(post, name, with_sheet(letter, state, register, language), at)
            results.append(result)
            told(result)
    finally:
        post.close()
        _remember(desk, name, results)
    return tuple(results)


def key_letter(one: memberships.Membership, hub: str, at: datetime, language: str) -> Letter:
    """What a member is told of its key, with the question for its own vault where a key does not count yet."""
    tongue = next(iter(one.details.languages), language)
    subject, body = invitations.about_key(one, hub, at.date(), tongue)
    asked: tuple[tuple[str, bytes], ...] = ()
    key = one.waiting(at.date())
    if key is not None:
        content = requests.ask_key(key, one.details.name, hub).to_json()
        asked = ((f"{invitations.file_name(one.details.name)}.key.request", content),)
    return Letter(one.id, one.details.name, address_of(one.details.contact), subject, body, asked)


@act("key.tell", "note.hand_in", ways=("page member", "page hand-in"), objects=lambda member, **_: [member],
     kind="export", whole=False)  # fmt: skip
def tell_of_key(desk: Desk, member: str, *, language: str = "en") -> Result:
    """Send a member the letter about its key, where a mail server is configured and needs no question; what became of
    it stays in the member's history. Where it is not sent, the page shows it to be copied."""
    letter = key_letter(queries.register()[member], desk.vault.name, desk.at, language)
    result = _outcome(desk, letter)
    with storing():
        models.Happened.objects.create(
            stream=f"member/{member}", what="Told", body={"outcome": result.outcome, "why": result.why},
            by=desk.by, at=desk.at,
        )  # fmt: skip
    return result


def tell_of_contact(desk: Desk, before: memberships.Membership, after: memberships.Membership) -> None:
    """Tell a member at its old address that somebody says that it has another one: part of an act. What became of the
    letter stays in the member's history."""
    moving = after.moving if after.moving != before.moving else None
    if moving is None and after.details.contact == before.details.contact:
        return
    tongue = next((one for one in after.details.languages if one in round_letters.LANGUAGES), "en")
    subject, body = invitations.about_contact(after.details.name, desk.vault.name, moving is not None, tongue)
    letter = Letter(after.id, after.details.name, address_of(before.details.contact), subject, body)
    result = _outcome(desk, letter)
    models.Happened.objects.create(
        stream=f"member/{after.id}", what="Told", body={"outcome": result.outcome, "why": result.why},
        by=desk.by, at=desk.at,
    )  # fmt: skip


def _outcome(desk: Desk, letter: Letter) -> Result:
    try:
        server = Server.read(desk.vault.folder)
    except InvalidValue as error:
        return Result(letter, "not tried", str(error))
    if server is None:
        return Result(letter, "not tried", "no mail server is configured")
    if not letter.address:
        return Result(letter, "no address", "the register holds no single e-mail address")
    if server.user and not kept_password():
        return Result(letter, "not tried", Sentence("the password of {user} is not kept here", user=server.user))
    post = _Post(server, kept_password())
    try:
        return Result(letter, *post.send(letter)) if post.ready() else Result(letter, "not tried", post.broken)
    finally:
        post.close()


def _one(post: "_Post", name: str, letter: Letter, at: datetime) -> Result:
    if not post.ready():
        return Result(letter, "not tried", post.broken)
    try:
        with transaction.atomic():
            mark = models.Reminder.objects.create(statement_id=name, member_id=letter.member, day=at.date())
    except IntegrityError:  # another window was faster
        return Result(letter, "sent today")
    outcome, why = post.send(letter)
    if outcome == "failed":
        mark.delete()
    return Result(letter, outcome, why)


def _remember(desk: Desk, name: str, results: Iterable[Result]) -> None:
    at = desk.at
    body = [{"member": one.letter.member, "to": one.letter.address, "outcome": one.outcome, "why": one.why}
            for one in results if one.outcome in ("sent", "failed", "unknown")]  # fmt: skip
    if body:
        models.Happened.objects.create(stream=f"statement/{name}", what="Reminded", body=body,
                                       by=desk.by, at=at)  # fmt: skip


class _Quiet(EmailBackend):
    """Django's SMTP, greeting the server without the name of this machine."""

    @property
    def connection_class(self) -> Any:
        return partial(_greeting, super().connection_class)


def _greeting(kind: Callable[..., object], host: str, port: int, **more: Any) -> object:
    return kind(host, port, **{**more, "local_hostname": "[127.0.0.1]"})


class _Post:
    """One connection for all letters; opened with the first, opened anew where the server hung up."""

    def __init__(self, server: Server, password: str) -> None:
        self.server, self.broken, self._open = server, "", False
        self._backend = _Quiet(
            host=server.host, port=server.port, username=server.user, password=password if server.user else "",
            use_tls=server.tls == "starttls", use_ssl=server.tls == "implicit", timeout=TIMEOUT,
        )  # fmt: skip

    def ready(self) -> bool:
        """Whether there is a connection; ``broken`` says why not, and then no other is tried."""
        if self.broken or self._open:
            return not self.broken
        try:
            self._backend.open()
            self._open = True
        except smtplib.SMTPNotSupportedError as error:
            self.broken = Sentence(
                "{host} does not offer what [mail] asks for ({error}); nothing was sent",
                host=self.server.host,
                error=error,
            )
        except smtplib.SMTPAuthenticationError:
            self.broken = Sentence(
                "{host} refused the account {user} or its password", host=self.server.host, user=self.server.user
            )
        except ssl.SSLCertVerificationError as error:
            self.broken = Sentence(
                "{host} could not prove who it is ({why}); nothing was sent",
                host=self.server.host,
                why=error.verify_message,
            )
        except (smtplib.SMTPException, OSError) as error:
            self.broken = Sentence(
                "{host}:{port} cannot be reached: {why}", host=self.server.host, port=self.server.port, why=_said(error)
            )
        if self.broken:
            self._backend.connection = None
        return not self.broken

    def send(self, letter: Letter) -> tuple[Outcome, str]:
        host = parseaddr(self.server.sender)[1].rpartition("@")[2]
        message = EmailMessage(letter.subject, letter.body, self.server.sender, [letter.address],
                               headers={"Message-ID": make_msgid(domain=host)})  # fmt: skip
        for file, content in letter.attached:
            message.attach(file, content, _KINDS.get(file.rpartition(".")[2], "application/json"))
        try:
            self._backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return "failed", Sentence("the server refused this address: {code} {why}", code=code, why=_line(said))
        except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as error:
            return "failed", Sentence("the server refused this letter: {why}", why=_said(error))
        except (smtplib.SMTPException, OSError) as error:
            self._backend.connection, self._open = None, False
            return "unknown", Sentence("the connection broke while the letter was handed over: {why}", why=_said(error))
        return "sent", ""

    def close(self) -> None:
        if self._open:
            self._backend.close()


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_line(error.smtp_error)}"
    return _line(str(error)) or type(error).__name__


def _line(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]


def counted(results: Sequence[Result]) -> dict[str, int]:
    """How many letters had each outcome, those that happened only."""
    found: dict[str, int] = {}
    for one in results:
        found[one.outcome] = found.get(one.outcome, 0) + 1
    return found
