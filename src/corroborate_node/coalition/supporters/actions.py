"""What people of the public do on the open pages, and what the secretariat does with what they said.

The node sends no letter: it writes them, and a person of the secretariat sends them. An address is kept until it is
confirmed, or until the code has run out; then it is gone, and a keyed digest of it keeps anybody from being counted
twice.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q

from corroborate.coalition import supporters as rules
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed
from corroborate.values import Digest, new_id
from corroborate_node.coalition.campaign.actions import tell
from corroborate_node.coalition.campaign.mailing import Server
from corroborate_node.coalition.supporters import models, queries
from corroborate_node.core import opened, persons, sessions, throttle
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault

MOST_WAITING = 20_000  # of one statement: whoever fills the page fills it no further
UNLETTERED = timedelta(days=60)  # so long an entry waits whose letter nobody has taken out
FRESH = timedelta(days=1)  # so long an entry stays, whoever else comes
FALL_AT_ONCE = 500
LETTERS_AT_ONCE = 5_000
_DAY = (1980, 1, 1, 0, 0, 0)  # of every file in the ZIP
_OPEN, _OFFICE = ("page support",), ("page supporters", "command supporters")


def _statement(statement: str, *_: object, **__: object) -> list[str]:
    return [f"statement/{statement}"]


def _entry(statement: str, entry: str, *_: object) -> list[str]:
    return [f"statement/{statement}", entry]


# The public is asked


@act("support.call", "support.keep", ways=_OFFICE, objects=_statement)
def call(desk: Desk, statement: str, page: str) -> None:
    """Ask the public to support a published statement. ``page``: where the public reaches this hub (https://…).
    Raises InvalidValue, NotAllowed where it is asked already."""
    if not desk.vault.hub:
        raise NotAllowed("a statement is published, and the public is asked, at a hub")
    if queries.call(statement) is not None:
        raise NotAllowed("the public is asked already to support {statement}", statement=statement)
    found = queries.text(statement, desk.at)
    models.Call.objects.update_or_create(
        statement=statement,
        defaults={
            "digest": Digest.of(found.signed_text.encode()).hex,
            "page": checked_page(page),
            "since": desk.at,
            "ended": None,
            "by": desk.by,
        },
    )


def checked_page(typed: str) -> str:
    """The address of the hub's pages, without a path. Raises InvalidValue."""
    try:
        parts = urlsplit(typed.strip())
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
        plain = not (parts.query or parts.fragment or parts.username)
    except ValueError:
        whole, plain = False, False
    if not whole or not plain:
        raise InvalidValue("{page!r} is no address of a site, such as https://hub.example.org", page=typed[:200])
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise InvalidValue("people of the public type their addresses on this page: it needs https://")
    return f"{parts.scheme}://{parts.netloc}"


@act("support.end", "support.keep", ways=_OFFICE, objects=_statement)
def end(desk: Desk, statement: str) -> None:
    """Ask no longer. Who confirmed stays counted; who waits can still confirm or be erased."""
    if not models.Call.objects.filter(statement=statement, ended=None).update(ended=desk.at):
        raise NotAllowed("the public is not asked to support {statement}", statement=statement)


# What the public does


def tried(vault: Vault, machine: str, at: datetime) -> None:
    """Count that something was typed on an open page, for a machine. Raises TooManyTries. The address that was typed is
    not counted: whoever types it again would learn that it was here, and could lock its holder out."""
    where = f"s{throttle.network(machine)}"[:45] if machine else ""
    throttle.checked(vault, "support", "", where, at, lambda: None)


@act("support.ask", "support.take", ways=_OPEN, objects=_statement, worth=lambda _: False)
def ask(desk: Desk, statement: str, one: rules.Supporter, address: str) -> bool:
    """Keep that somebody typed an address and a name: counted once its letter comes back. Whether it is new; whoever
    asks is never told, so that nobody finds out who supports."""
    if queries.call(statement) is None:
        raise NotAllowed("the public is not asked to support {statement}", statement=statement)
    rules.checked_own_name(one, queries.signatories(statement, desk.at))
    forget_unconfirmed(desk.at)
    _room_for_one(statement, desk.at)
    mark = rules.mark_of(desk.vault.session_key, statement, address)
    if models.Supporter.objects.filter(statement=statement, mark=mark).exists():
        return False
    models.Erased.objects.filter(statement=statement, mark=mark).update(mark="")
    _kept(desk, statement, one, mark, rules.address_of(address))
    return True


def _room_for_one(statement: str, at: datetime) -> None:
    """Where the most wait, those from the open page who have waited longest for a letter, for a day at least, make
    room: whoever fills the page shuts it for a day, and not for as long as an entry waits. Raises NotAllowed."""
    waiting = models.Supporter.objects.filter(statement=statement, confirmed=None)
    over = waiting.count() - MOST_WAITING + 1
    if over <= 0:
        return
    old = waiting.filter(lettered=None, list=None, asked__lt=at - FRESH).order_by("asked", "id")
    fall = list(old.values_list("pk", flat=True)[: min(over, FALL_AT_ONCE)])
    if len(fall) < over:
        raise NotAllowed("too many people wait for their letters: come back tomorrow")
    models.Supporter.objects.filter(pk__in=fall).delete()


def _kept(desk: Desk, statement: str, one: rules.Supporter, mark: str, address: str, **more: Any) -> models.Supporter:
    code = rules.new_code(desk.entropy(13))
    sealed = {"code": code, "code_mark": rules.code_mark(desk.vault.session_key, code), "address": address}
    if more.get("confirmed"):  # a list says so: nobody is written to
        sealed = {}
    return models.Supporter.objects.create(
        id=new_id("supporter", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
        statement=statement,
        mark=mark,
        name=one.name,
        kind=one.kind,
        country=one.country,
        affiliation=one.affiliation,
        words=one.words,
        shown=one.shown,
        language=one.language,
        asked=desk.at,
        **sealed,
        **more,
    )


def found(vault: Vault, statement: str, typed: str, at: datetime) -> models.Supporter:
    """The entry whose letter holds a code that still counts. Raises InvalidValue."""
    row = queries.by_code(statement, rules.code_mark(vault.session_key, rules.read_code(typed)))
    if row is None or (row.confirmed is None and _over(row, at)):
        raise InvalidValue("this code is not, or no longer, one of this text: compare it with your letter")
    return row


def _over(row: models.Supporter, at: datetime) -> bool:
    return at > (row.lettered + rules.WAITS if row.lettered else row.asked + UNLETTERED)


@act("support.confirm", "support.take", ways=_OPEN, objects=_statement, worth=bool)
def confirm(desk: Desk, statement: str, code: str, said: rules.Supporter | None = None) -> bool:
    """Confirm by the code of one's letter; whether that is new. The address goes, the code stays as a digest.

    ``said``: what whoever has the letter says of itself. It stands for what was typed before, which anybody can have
    typed who knew the address; None where that is right as it is.
    """
    row = found(desk.vault, statement, code, desk.at)
    if row.confirmed is not None:
        return False
    one = rules.checked_own_name(said or queries.value_of(row), queries.signatories(statement, desk.at))
    own = {key: getattr(one, key) for key in ("name", "kind", "country", "affiliation", "words", "shown")}
    for field, value in {**own, "confirmed": desk.at, "address": "", "code": ""}.items():
        setattr(row, field, value)
    row.save(update_fields=[*own, "confirmed", "address", "code"])
    return True


@act("support.erase-own", "support.take", ways=_OPEN, objects=lambda statement, _code: [f"statement/{statement}"])
def erase_own(desk: Desk, statement: str, code: str) -> bytes:
    """Erase all that is held of whoever has the letter; the signed receipt."""
    return _erased(desk, found(desk.vault, statement, code, desk.at))


def _erased(desk: Desk, row: models.Supporter) -> bytes:
    receipt = rules.erasure_receipt(desk.vault.signer, row.statement, row.id, desk.at)
    models.Erased.objects.create(id=row.id, statement=row.statement, at=desk.at, mark=row.mark)
    row.delete()
    return receipt


def forget_unconfirmed(at: datetime) -> int:
    """Forget who did not confirm in time; how many."""
    waiting = models.Supporter.objects.filter(confirmed=None)
    late = Q(lettered__lt=at - rules.WAITS) | Q(lettered=None, asked__lt=at - UNLETTERED)
    return waiting.filter(late).delete()[0]


# What the secretariat does


@act("support.letters", "support.keep", ways=_OFFICE, objects=_statement, kind="export")
def letters(desk: Desk, statement: str, *, again: bool = False) -> bytes:
    """A ZIP of the letters of those who wait: drafts for a mail program, and one sheet of all. ``again``: also those
    that were taken out before. Raises NotAllowed where none waits."""
    forget_unconfirmed(desk.at)
    asked = models.Call.objects.filter(statement=statement).first()
    rows = models.Supporter.objects.filter(statement=statement, confirmed=None).exclude(address="")
    chosen = list((rows if again else rows.filter(lettered=None)).order_by("asked", "id")[:LETTERS_AT_ONCE])
    if asked is None or not chosen:
        raise NotAllowed("nobody waits for a letter")
    made = [_letter(desk, asked, row) for row in chosen]
    models.Supporter.objects.filter(pk__in=[row.pk for row in chosen]).update(lettered=desk.at)
    return _zipped(made, _sender(desk))


def _letter(desk: Desk, asked: models.Call, row: models.Supporter) -> rules.Letter:
    text = queries.text(asked.statement, desk.at)  # as it was signed: the digest beside the title is of these words
    page = f"{asked.page}/support/{asked.statement}"
    value, digest = queries.value_of(row), Digest.of(text.signed_text.encode()).hex
    return rules.letter(value, row.address, row.code, text.title, digest, page, desk.vault.name)


def _sender(desk: Desk) -> str:
    """From whom the drafts are, where the hub has a mail account set up."""
    server = Server.read(desk.vault.folder)
    return "" if server is None else server.sender


def _zipped(made: Sequence[rules.Letter], sender: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(made, 1):
            archive.writestr(zipfile.ZipInfo(f"{number:05}.eml", _DAY), rules.as_mail(one, sender))
        archive.writestr(zipfile.ZipInfo("letters.csv", _DAY), rules.write_letters(made))
    return file.getvalue()


@act("support.export", "support.keep", ways=_OFFICE, objects=_statement, kind="export")
def export(desk: Desk, statement: str) -> bytes:
    """Those who confirmed, as a sheet like those that forms write; no address is among them. Of an entry that names a
    member the sheet says that it is not that member's word, and not to be shown: whoever is handed it asks nobody."""
    rows = list(queries.confirmed(statement))
    doubtful = {row.pk for row in queries.unproved(rows)}
    return rules.write_supporters((queries.value_of(row), row.confirmed or desk.at, row.pk in doubtful) for row in rows)


@act("support.show", "support.keep", ways=("page supporters",), objects=_entry)
def show(desk: Desk, statement: str, entry: str) -> None:
    """Have an entry shown that names a member: it is not the member, and does not speak for it. The first person says
    so, the members named are told, and it is shown once a second person says the same: whoever brings a sheet, or knows
    whoever typed it, would else show anything under a member's name."""
    rows = models.Supporter.objects.filter(statement=statement, pk=entry, shown=True, shown_by="")
    row = rows.exclude(confirmed=None).first()
    if row is None:
        raise InvalidValue(
            "there is no entry {entry} of {statement} that waits for a look", entry=entry, statement=statement
        )
    first, members, link = row.looked_by, queries.named_in(row), f"/support/{statement}"
    if first:
        persons.second(desk, first)
        row.shown_by = desk.by
    else:
        row.looked_by = desk.by
    row.save(update_fields=["looked_by", "shown_by"])
    about = ", ".join(one for one in (row.name, row.affiliation, row.words) if one)
    tell(members, "support named" if first else "support waits", about, link, desk.at)


@act("support.erase", "support.keep", ways=_OFFICE, objects=_entry)
def erase(desk: Desk, statement: str, entry: str) -> bytes:
    """Erase one entry, because whoever it is asked for it; the signed receipt to give them."""
    row = models.Supporter.objects.filter(statement=statement, pk=entry).first()
    if row is None:
        raise InvalidValue("there is no entry {entry} of {statement}", entry=entry, statement=statement)
    return _erased(desk, row)


@act("support.erase-address", "support.keep", ways=_OFFICE, objects=lambda statement, _: [f"statement/{statement}"])
def erase_address(desk: Desk, statement: str, address: str) -> bytes:
    """Erase the entry that came by an address, whose person asked for it from there; the signed receipt."""
    mark = rules.mark_of(desk.vault.session_key, statement, address)
    row = models.Supporter.objects.filter(statement=statement, mark=mark).first()
    if row is None:
        raise InvalidValue("no entry of {statement} came by this address", statement=statement)
    return _erased(desk, row)


# Sheets


@act("support.read", "support.keep", ways=_OFFICE, objects=lambda statement, *_: [f"statement/{statement}"])
def read(desk: Desk, statement: str, name: str, content: bytes, language: str = "en") -> int:
    """Read a sheet to be looked at; its number. Nothing of it counts before it is taken in."""
    if not models.Call.objects.filter(statement=statement).exists():
        raise NotAllowed("ask the public to support {statement} first", statement=statement)
    digest = rules.digest_of(content)
    if models.List.objects.filter(statement=statement, digest=digest, state="taken").exists():
        raise NotAllowed("this very file was taken in already: take that back first")
    sheet = rules.read_supporters(content, name, queries.member_names(), language=language)
    models.List.objects.filter(statement=statement, state="read").delete()  # one at a time is looked at
    rows = [queries.row_json(one) for one in _here_already(desk, statement, sheet.rows)]
    row = models.List.objects.create(
        statement=statement,
        file=name[:200],
        digest=digest,
        state="read",
        at=desk.at,
        by=desk.by,
        rows={"rows": rows, "notices": [str(one) for one in sheet.notices], "heading": sheet.heading},
    )
    return int(row.pk)


def _here_already(desk: Desk, statement: str, rows: Iterable[rules.Row]) -> Iterator[rules.Row]:
    """Rows, refused where their address is here already, or was erased at somebody's wish."""
    here = set(models.Supporter.objects.filter(statement=statement).values_list("mark", flat=True))
    gone = set(models.Erased.objects.filter(statement=statement).exclude(mark="").values_list("mark", flat=True))
    for one in rows:
        mark = _mark(desk, statement, one) if one.supporter is not None else ""
        if mark and mark in gone:
            yield _refused(one, InvalidValue("it was erased here, at its own wish"))
        elif mark and mark in here:
            yield _refused(one, InvalidValue("it is here already"))
        else:
            here.add(mark)
            yield one


def _refused(one: rules.Row, why: CorroborateError) -> rules.Row:
    return rules.Row(one.line, one.name, refused=why.sentence)


def _mark(desk: Desk, statement: str, one: rules.Row) -> str:
    return rules.mark_of_row(desk.vault.session_key, statement, one)


@act("support.take-list", "support.keep", ways=_OFFICE, objects=lambda statement, *_: [f"statement/{statement}"])
def take_list(desk: Desk, statement: str, number: int) -> int:
    """Take in the good rows of a sheet that was read; how many. Who confirmed elsewhere is counted at once, apart; the
    others wait for their letters."""
    row = models.List.objects.filter(statement=statement, pk=number, state="read").first()
    if row is None:
        raise InvalidValue("there is no sheet {number} that waits to be taken in", number=number)
    many = 0
    for one in _here_already(desk, statement, map(queries.row_of, row.rows["rows"])):
        if one.supporter is not None:
            sure = {"confirmed": desk.at, "elsewhere": True} if one.confirmed else {}
            _kept(desk, statement, one.supporter, _mark(desk, statement, one), one.address, list=row, **sure)
            many += 1
    row.state, row.rows, row.many = "taken", {}, many
    row.save(update_fields=["state", "rows", "many"])
    return many


@act("support.undo-list", "support.keep", ways=_OFFICE, objects=lambda statement, *_: [f"statement/{statement}"])
def undo_list(desk: Desk, statement: str, number: int) -> int:
    """Take a sheet back, read or taken in; how many entries went. Who confirmed here since stays, by its own word."""
    row = models.List.objects.filter(statement=statement, pk=number).exclude(state="undone").first()
    if row is None:
        raise InvalidValue("there is no sheet {number} to take back", number=number)
    gone = row.supporters.exclude(elsewhere=False, confirmed__isnull=False).delete()[0]
    if row.state == "read":
        row.delete()  # it was looked at and left: nothing of it is kept
        return 0
    row.state = "undone"
    row.save(update_fields=["state"])
    return int(gone)


def put_right() -> None:
    """What is done each time a hub is opened: who did not confirm in time is forgotten."""
    if opened.current().hub:
        forget_unconfirmed(sessions.now())


__all__ = [
    "MOST_WAITING",
    "ask",
    "call",
    "confirm",
    "end",
    "erase",
    "erase_address",
    "erase_own",
    "export",
    "found",
    "letters",
    "put_right",
    "read",
    "show",
    "take_list",
    "tried",
    "undo_list",
]
