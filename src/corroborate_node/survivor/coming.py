"""Whoever told something comes in by the code on their sheet and the word that was told apart from it, sees what became
of it, and takes back what they allowed. They have no account and no session of the vault's.

Everything is asked of their own source alone. Every page is written down before it is shown, and never from where.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records.consent import Taken
from corroborate_node.core import journal, throttle
from corroborate_node.core.accounts import one_time
from corroborate_node.core.actors import CodeHolder
from corroborate_node.core.acts import act
from corroborate_node.core.codes import keyed, plain, same
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import storing
from corroborate_node.records import narrowing, remarks
from corroborate_node.records.models import Source
from corroborate_node.survivor.making import digest_of, word_digest
from corroborate_node.survivor.models import Code

VISIT_HOLDS = timedelta(hours=1)
MOST_ASKED = 50  # what waits for an answer at once
_MAY = frozenset({"code.use", "record.read", "identity.read"})
_PLACE = "survivor"  # where wrong words are counted
_SHOWN = 40  # letters and digits of what a browser shows


@dataclass(frozen=True, slots=True)
class From:
    """Where a browser asks from; it is counted while it is wrong, and kept nowhere else."""

    address: str


def desk_for(vault: Vault, row: Code, at: datetime) -> Desk:
    """The desk of whoever has a code: it sees its own source as if nothing else were here."""
    return Desk(vault, CodeHolder(row.source_id, _MAY), at)


def come_in(vault: Vault, code: str, word: str, where: From, at: datetime) -> str | None:
    """What the browser of whoever told a source shows from now on; None where code and word open nothing.

    A code that never was, one that was ended and a wrong word are one answer, and take the same way. Raises
    TooManyTries.
    """
    key = digest_of(vault, code)
    row = throttle.checked(
        vault, _PLACE, f"survivor code\n{key}", where.address, at, lambda: _right(vault, key, code, word, at)
    )
    if row is None:
        return None
    desk = desk_for(vault, row, at)
    token = plain(one_time(desk.entropy, _SHOWN))
    enter(desk, row, _visit(vault, token))
    return token


def _right(vault: Vault, key: str, code: str, word: str, at: datetime) -> Code | None:
    found = Code.objects.filter(digest=key, ended=None).first()
    right = same(word_digest(vault, code, word), found.word if found else "0" * 64)
    if found is not None and right:
        return found
    if found is None:
        throttle.as_if_counted(_PLACE, at)
        return None
    with storing():
        Code.objects.filter(pk=found.pk).update(wrong=found.wrong + 1, wrong_last=at)
    return None


def _visit(vault: Vault, token: str) -> str:
    return keyed(vault.session_key, "survivor visit", token)


def _objects(row: Code, *_: object, **__: object) -> list[str]:
    return [f"code/{row.pk}", row.source_id]


@act("code.enter", "code.use", ways=("page my-words",), objects=_objects)
def enter(desk: Desk, row: Code, browser: str) -> None:
    """Begin a visit; an earlier one ends."""
    Code.objects.filter(pk=row.pk).update(visit=browser, visit_until=desk.at + VISIT_HOLDS)


def visit_of(vault: Vault, token: str, at: datetime) -> Code | None:
    """The code by which a browser came in; None: by none, or the visit is over."""
    if not token or len(token) > 2 * _SHOWN:
        return None
    found: Code | None = (
        Code.objects.filter(visit=_visit(vault, token), ended=None, visit_until__gt=at).select_related("source").first()
    )
    return found


def left(vault: Vault, token: str, at: datetime) -> None:
    """End a visit, by what its browser shows."""
    if (row := visit_of(vault, token, at)) is not None:
        Code.objects.filter(pk=row.pk).update(visit="", visit_until=None)


def looked(desk: Desk, row: Code, page: str) -> None:
    """Write down what is shown, before it is."""
    with storing():
        journal.write(desk, "view", page, _objects(row))


@act("code.narrow", "code.use", ways=("page my-words-change",), objects=_objects)
def narrow(desk: Desk, row: Code, taken: Collection[Taken]) -> narrowing.Taking:
    """Take back some of what was allowed: it counts at once. Raises InvalidValue, NotAllowed."""
    source = _standing(desk, row)
    known = narrowing.allowed(source, desk.at.date())
    if not taken:
        raise InvalidValue("tick what shall end")
    if any(use not in known.get((audience, body), ()) for audience, body, use in taken) or ("own", "", "hold") in taken:
        raise InvalidValue("this is not allowed any more; load the page again")
    done = narrowing.narrow(desk, source, taken)
    remarks.of_the_source(desk, source, "narrow")
    return done


@act("code.shut", "code.use", ways=("page my-words-change",), objects=_objects)
def shut(desk: Desk, row: Code) -> narrowing.Taking:
    """Take back everything that lets something leave. Raises InvalidValue, NotAllowed."""
    source = _standing(desk, row)
    done = narrowing.shut(desk, source)
    remarks.of_the_source(desk, source, "narrow")
    return done


@act("code.withdraw", "code.use", ways=("page my-words-change",), objects=_objects)
def withdraw(desk: Desk, row: Code) -> None:
    """Take everything back, and ask that it be erased: nothing is relied on from now on, and it waits for a member to
    erase it. Raises InvalidValue, NotAllowed."""
    source, asked = _standing(desk, row), asked_to_erase(desk, row.source_id)
    if asked and not any(narrowing.allowed(source, desk.at.date()).values()):
        raise InvalidValue("you took everything back already; it waits to be erased")
    narrowing.stop(desk, source)
    if not asked:  # else they allowed something again since, and take that back too
        remarks.of_the_source(desk, source, remarks.ERASE)


@act("code.say", "code.use", ways=("page my-words-change",), objects=_objects)
def say(desk: Desk, row: Code, kind: str, text: str) -> None:
    """Ask something, ask to be called, say what is wrong or what more is allowed: it waits for a member, and changes
    nothing by itself. Raises InvalidValue, NotAllowed."""
    source = _standing(desk, row)
    if kind in ("narrow", remarks.ERASE, remarks.UNSURE):
        raise InvalidValue("say which of these it is")
    waiting = [one for one in remarks.said_by_the_source(desk, source) if one.settled is None]
    if len(waiting) >= MOST_ASKED:
        raise NotAllowed("{most} messages wait here already: speak to the organisation another way", most=MOST_ASKED)
    remarks.of_the_source(desk, source, kind, text)


def asked_to_erase(desk: Desk, source: str) -> bool:
    """Whether whoever told a source took everything back by their code."""
    return any(one.kind == remarks.ERASE for one in remarks.said_by_the_source(desk, source))


def _standing(desk: Desk, row: Code) -> str:
    """The source of a code that opens, where it was not withdrawn. Raises NotAllowed."""
    here = visible(desk, Code).filter(pk=row.pk, ended=None).exists()
    if not here or not visible(desk, Source).filter(id=row.source_id, withdrawn=None).exists():
        raise NotAllowed("it was withdrawn, or this code opens nothing any more")
    return row.source_id


__all__ = [
    "From",
    "asked_to_erase",
    "come_in",
    "desk_for",
    "left",
    "looked",
    "narrow",
    "say",
    "shut",
    "visit_of",
    "withdraw",
]
