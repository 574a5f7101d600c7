"""Accounts: who may come in, in which roles, with a passphrase of their own that is never the vault's.

Whoever makes or resets an account hands over a one-time passphrase; at the first log-in its holder chooses another.
An account is never deleted: records name it, and its name is given to nobody else.
"""

import base64
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import authenticate, get_user_model
from django.db.models import Q

from corroborate.coalition.likeness import holds_name
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.sealed import LEAST
from corroborate_node.core import persons, sessions, throttle
from corroborate_node.core.actors import Account, Actor, Owner
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk, Entropy
from corroborate_node.core.models import AccountReset, AccountState, Hand, Limit, LogIn, Role, Token, Vouch
from corroborate_node.core.opened import Vault
from corroborate_node.core.permissions import checked_roles, table, working_roles
from corroborate_node.core.rooms import before, cases, scopes

ONE_TIME = timedelta(days=7)  # so long a one-time passphrase lets its holder choose another
HALF = 12  # letters and digits of half a one-time passphrase: 60 bits against whoever has the other half
_PAGE = "page accounts"


@dataclass(frozen=True, slots=True)
class RoleShown:
    """A role in the reader's words."""

    name: str
    title: str
    means: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as pages and commands show it."""

    id: int
    name: str
    roles: tuple[str, ...]
    state: str  # chosen, waiting (for its own passphrase), blocked, removed
    scope: str
    made_by: str
    cases: tuple[str, ...] | None  # names of the only cases that it sees; None: the whole vault
    vouched_by: tuple[str, ...]
    sessions: tuple[LogIn, ...]


def _object(name: str, *_: object, **__: object) -> list[str]:
    return [f"account/{name}"]


def known(name: str) -> Any:
    """The account of a name. Raises InvalidValue for none, and for one that was removed."""
    found = get_user_model().objects.filter(username=name.strip(), account_state__removed=None).first()
    if found is None:
        raise InvalidValue("there is no account {name!r}; `corroborate accounts list` shows them", name=name.strip())
    return found


def all_shown(desk: Desk) -> list[Shown]:
    """Every account, removed ones last. Raises NotAllowed."""
    desk.require("account.keep")
    found = (
        get_user_model()
        .objects.select_related("account_state")
        .prefetch_related("roles", "hands__by", "log_ins", "limits")
    )
    named = cases()
    rows = [_shown(one, named) for one in found.order_by("id")]
    return sorted(rows, key=lambda one: one.state == "removed")


def who_may(permission: str, case: str | None) -> list[str]:
    """Names of accounts that have a permission and see records of a case, or, where there is none, the whole vault."""
    asked = table()[permission].roles
    users = get_user_model().objects.filter(is_active=True, account_state__removed=None, roles__role__in=asked)
    free = Q(account_state__limited=False)
    sees = free if case is None else free | Q(limits__case=case)
    return sorted(users.filter(sees).distinct().values_list("username", flat=True))


def _shown(user: Any, named: Mapping[str, str]) -> Shown:
    account_state: AccountState = user.account_state
    state = "chosen" if account_state.chosen else "waiting"
    if not user.is_active:
        state = "removed" if account_state.removed else "blocked"
    roles = tuple(sorted(one.role for one in user.roles.all()))
    limits = scopes()
    scope = next((limits[role].of(user) for role in roles if role in limits), "")
    made = next((one for one in user.hands.all() if one.what == "made"), None)
    by = "" if made is None or made.by is None else made.by.get_username()
    sees = tuple(sorted(named.get(one.case, one.case) for one in user.limits.all())) if account_state.limited else None
    vouched = tuple(one.by.get_username() for one in persons.vouches(user.pk))
    return Shown(user.pk, user.get_username(), roles, state, scope, by, sees, vouched, tuple(user.log_ins.all()))


# Made, reset, chosen


@act("account.add", "account.keep", ways=(_PAGE, "command accounts add"), objects=_object)
def add(desk: Desk, name: str, roles: Iterable[str], scope: str = "", only: Iterable[str] | None = None) -> str:
    """Make an account; its one-time passphrase. Raises InvalidValue, NotAllowed for a name that was ever used.

    ``only``: names of the cases whose records it may see; None: of the whole vault.
    """
    name, given = name.strip(), checked_roles(roles, desk.vault.hub)
    if not name or len(name) > 150 or not name.isprintable():
        raise InvalidValue("an account needs a name, of 150 letters at most")
    _check_nobody_else(name, scope)
    if _alike(name) in {_alike(one) for one in get_user_model().objects.values_list("username", flat=True)}:
        raise NotAllowed("there is or was an account {name!r}: records name it, so choose another name", name=name)
    user = get_user_model().objects.create(username=name)
    AccountState.objects.create(user=user)
    _give(user, given, scope)
    if only is not None:
        _limit(user, only)
    return _one_time(desk, user, "made")


def _check_nobody_else(name: str, scope: str) -> None:
    """Raises InvalidValue for a name under which what the account does would be read as another's."""
    if _alike(name) == _alike(Owner().name) or _alike(name).startswith("system:"):
        raise InvalidValue("{name!r} is how the history names the owner, or the node itself: choose another", name=name)
    known = [one for limit in scopes().values() for one in limit.names()]  # members: label, name, other names
    meant = {id_ for limit in scopes().values() for id_ in limit.called(name)}  # for short too: Casa Memoria
    if whose := [one for one in known if scope not in one and (one[0] in meant or holds_name(name, one))]:
        raise InvalidValue(
            "{member} is called so, and this account does not act for it: choose another name", member=whose[0][1]
        )


def _alike(name: str) -> str:
    """A name as a reader tells it from others: neither case, width nor space makes another person of it."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _give(user: Any, roles: frozenset[str], scope: str) -> None:
    user.roles.all().delete()
    Role.objects.bulk_create(Role(user=user, role=one) for one in sorted(roles))
    limits = scopes()
    for role in roles & set(limits):
        limits[role].give(user, scope)


def _limit(user: Any, only: Iterable[str] | None) -> None:
    """Raises InvalidValue for a case that is not there, and for a keeper: it could give itself the rest."""
    if only is not None and user.roles.filter(role="keeper").exists():
        raise InvalidValue("a keeper gives roles and cases, so it is not limited to cases itself: take that role first")
    ids = [] if only is None else [_case(one) for one in only]
    user.limits.all().delete()
    Limit.objects.bulk_create(Limit(user=user, case=one) for one in dict.fromkeys(ids))
    AccountState.objects.filter(user=user).update(limited=only is not None)


def _case(said: str) -> str:
    known = cases()
    found = next((id_ for id_, name in known.items() if said.strip() == id_ or _alike(said) == _alike(name)), "")
    if not found:
        raise InvalidValue("there is no case {said!r}; `corroborate cases list` shows them", said=said.strip())
    return found


def _one_time(desk: Desk, user: Any, what: str) -> str:
    secret = one_time(desk.entropy)
    _passphrase(desk, user, secret, what)
    return secret


def _passphrase(desk: Desk, user: Any, secret: str, what: str) -> None:
    user.set_password(secret)
    user.save()
    AccountState.objects.filter(user=user).update(chosen=None, until=desk.at + ONE_TIME)
    Hand.objects.create(user=user, by=user_of(desk.actor), what=what, at=desk.at)


def one_time(entropy: Entropy, letters: int = 20) -> str:
    """A passphrase to be read aloud or written down once: groups of four letters and digits, five bits each."""
    made = base64.b32encode(entropy(-(-letters * 5 // 8))).decode().lower()[:letters]
    return "-".join(made[at : at + 4] for at in range(0, letters, 4))


def user_of(actor: Actor) -> Any:
    """The Django user of an account; None for any other actor."""
    return get_user_model().objects.get(pk=actor.id) if isinstance(actor, Account) else None


@act("account.reset", "account.keep", ways=(_PAGE, "command accounts reset"), objects=_object)
def reset(desk: Desk, name: str) -> str:
    """Give an account a one-time passphrase, and end its sessions and tokens; the passphrase.

    On a hub, of an account whose holder ever chose one: half of it. Nothing changes before a second person confirms,
    who is shown the other half, so that neither of the two comes in as somebody else.
    """
    user = known(name)
    if desk.vault.hub and isinstance(desk.actor, Account) and _was_ever_chosen(user):
        return _half(desk, user)
    secret = _one_time(desk, user, "reset" if _was_ever_chosen(user) else "made")
    _end(user, desk.at)
    throttle.forgive_account(desk.vault, user.get_username())
    return secret


def _was_ever_chosen(user: Any) -> bool:
    """Whether its holder had a passphrase of their own, now or before a reset. Right after a reset nobody has chosen
    anew: whoever took that for an account that was never used would come in as its holder, alone. One that is handed
    over again before its first use counts as made."""
    return user.account_state.chosen is not None or user.hands.filter(what="reset").exists()


def _half(desk: Desk, user: Any) -> str:
    if user.pk == user_of(desk.actor).pk:
        raise InvalidValue("your own passphrase you change yourself, on the page Your account")
    half = one_time(desk.entropy, HALF)
    about = {"by": user_of(desk.actor), "at": desk.at, "half": half}
    AccountReset.objects.update_or_create(user=user, defaults=about)
    return half


@act("account.reset-confirm", ways=("page lost-second-factors",), objects=_object)
def confirm_reset(desk: Desk, name: str) -> str:
    """Confirm as the second person, who has spoken to the holder of an account of a hub, that it needs a new one-time
    passphrase; its second half. Its sessions and tokens end. Raises NotAllowed for who asked, or could be who asked."""
    user = known(name)
    row = AccountReset.objects.filter(user=user, at__gte=desk.at - ONE_TIME).select_related("by").first()
    if row is None:
        raise InvalidValue("nobody asked in the last week for a new passphrase of {account}", account=name)
    if desk.by == user.get_username():
        raise NotAllowed("another person is needed: nobody confirms a new passphrase of their own")
    persons.second(desk, row.by.get_username())
    half = one_time(desk.entropy, HALF)
    _passphrase(desk, user, f"{row.half}-{half}", "reset")
    Hand.objects.create(user=user, by=row.by, what="reset", at=desk.at)
    row.delete()
    _end(user, desk.at)
    throttle.forgive_account(desk.vault, user.get_username())
    for role, scope in scopes().items():
        if user.roles.filter(role=role).exists() and (known_as := scope.of(user)):
            scope.give(user, known_as)  # the member for which it acts is told
    return half


@act("account.reset-refuse", "account.own", ways=("page own-sessions",), objects=lambda *_: [], standing_back=True)
def refuse_reset(desk: Desk) -> None:
    """Say as the account itself that it needs no new passphrase."""
    if not AccountReset.objects.filter(user=user_of(desk.actor)).delete()[0]:
        raise InvalidValue("nobody asks for a new passphrase of yours")


def resets(at: datetime) -> list[tuple[str, str, datetime]]:
    """New passphrases that wait for a second person: account, who asked, when."""
    rows = AccountReset.objects.filter(at__gte=at - ONE_TIME).select_related("user", "by").order_by("at")
    return [(one.user.get_username(), one.by.get_username(), one.at) for one in rows]


@act("passphrase.choose", "account.own", ways=("page choose-passphrase",), objects=lambda *_: [], standing_back=True)
def choose(desk: Desk, new: str, opens_vault: Callable[[str], bool]) -> None:
    """Give the own account a passphrase; tokens of its programs end, since whoever knew the old one could have made
    them. Raises InvalidValue for a short one, the one it has, or the vault's."""
    user = user_of(desk.actor)
    _choose(user, new, opens_vault, desk.at)
    _end_tokens(user, desk.at)


def _choose(user: Any, new: str, opens_vault: Callable[[str], bool], at: datetime) -> None:
    if len(new) < LEAST:
        raise InvalidValue(
            "a passphrase has at least {least} characters; five or six random words are good", least=LEAST
        )
    if user.has_usable_password() and user.check_password(new):
        raise InvalidValue("choose another passphrase than the one you were given")
    if opens_vault(new):
        raise InvalidValue("this passphrase opens the vault itself: choose one that is yours alone")
    user.set_password(new)
    user.save()
    AccountState.objects.filter(user=user).update(chosen=at, until=None)


def first(vault: Vault, name: str, passphrase: str | None, at: datetime, entropy: Entropy) -> str:
    """The account that a node is made with: keeper, and every role of the work. Its one-time passphrase.

    ``passphrase``: its own, already chosen; then nothing is to be handed over, and the answer is empty.
    """
    desk = Desk(vault, Owner(), at, entropy)
    roles = {"keeper", *working_roles(vault.hub)} - set(scopes())
    secret = add(desk, name, roles)
    if passphrase is None:
        return secret
    _choose(known(name), passphrase, lambda _: False, at)
    return ""


# Roles, blocking, removing


@act("account.roles", "account.keep", ways=(_PAGE, "command accounts roles"), objects=_object)
def give_roles(desk: Desk, name: str, roles: Iterable[str], scope: str = "") -> None:
    """Give an account these roles and no others.

    Where it acts for another member than before, what others said of its person ends: they vouched for whoever speaks
    for that one, and whoever keeps accounts would else have a voice of any member at hand.
    """
    user, given = known(name), checked_roles(roles, desk.vault.hub)
    _check_nobody_else(user.get_username(), scope)
    before = _acts_as(user)
    if "keeper" not in given:
        _not_the_last_keeper(desk, user)
    elif user.account_state.limited:
        raise InvalidValue("this account is limited to cases, and a keeper is not: let it see the whole vault first")
    _give(user, given, scope)
    if (after := _acts_as(user)) and after != before:
        Vouch.objects.filter(user=user).delete()


def _acts_as(user: Any) -> tuple[str, ...]:
    """For whom an account acts, by the ids and not by names: two may be called the same."""
    roles = set(user.roles.values_list("role", flat=True))
    return tuple(id_ for role, limit in sorted(scopes().items()) if role in roles and (id_ := limit.id_of(user)))


@act("account.cases", "account.keep", ways=(_PAGE, "command accounts cases"), objects=_object)
def limit(desk: Desk, name: str, only: Iterable[str] | None) -> None:
    """Let an account see records of these cases and of no other; None: of the whole vault. It holds at once."""
    _limit(known(name), only)


@act("account.vouch", ways=("page vouch", "command accounts vouch"), objects=_object)
def vouch(desk: Desk, name: str) -> None:
    """Say, as oneself, that an account is held by the person it is named for, who chose its passphrase.

    Raises NotAllowed for whoever could be that account, or made it: their word adds nothing.
    """
    user, own = known(name), user_of(desk.actor)
    if own is None:
        raise NotAllowed("a person vouches by their own log-in: give your account (--as NAME)")
    persons.may_vouch(own.pk, user.pk)
    Vouch.objects.create(user=user, by=own, at=desk.at)


@act("account.block", "account.keep", ways=(_PAGE, "command accounts block"), objects=_object, standing_back=True)
def block(desk: Desk, name: str, *, lift: bool = False) -> None:
    """Keep an account out, now and until it is lifted. Its sessions end."""
    user = known(name)
    if lift:
        before(desk)  # an older copy of the vault shuts people out, and lets nobody in
    else:
        _not_the_last_keeper(desk, user)
        _end(user, desk.at)
    get_user_model().objects.filter(pk=user.pk).update(is_active=lift)


@act("account.remove", "account.keep", ways=(_PAGE, "command accounts remove"), objects=_object, standing_back=True)
def remove(desk: Desk, name: str) -> None:
    """Take an account out for good: no role, no session, no passphrase. Its name stays in what it did."""
    user = known(name)
    _not_the_last_keeper(desk, user)
    _end(user, desk.at)
    user.roles.all().delete()
    user.is_active = False
    user.set_unusable_password()
    user.save()
    AccountReset.objects.filter(user=user).delete()
    AccountState.objects.filter(user=user).update(removed=desk.at, chosen=None, until=None)


def _end(user: Any, at: datetime) -> None:
    """Every way in that is open: sessions, and tokens of programs."""
    sessions.end_all(user)
    _end_tokens(user, at)


def _end_tokens(user: Any, at: datetime) -> None:
    Token.objects.filter(user=user, revoked=None).update(revoked=at)


def _not_the_last_keeper(desk: Desk, user: Any) -> None:
    """The owner at the command line can always make another; a page must not shut everybody out."""
    keepers = Role.objects.filter(role="keeper", user__is_active=True)
    if not isinstance(desk.actor, Owner) and not keepers.exclude(user=user).exists():
        raise NotAllowed("{get_username} is the last keeper: make another one first", get_username=user.get_username())


@act("session.end", "account.keep", ways=(_PAGE, "command accounts end-sessions"), objects=_object, standing_back=True)
def end_sessions(desk: Desk, name: str) -> int:
    """End every session of an account; how many there were."""
    return sessions.end_all(known(name))


@act("session.end-own", "account.own", ways=("page own-sessions",), objects=lambda *_: [], standing_back=True)
def end_own(desk: Desk, session: str) -> None:
    """End one of one's own sessions."""
    if not LogIn.objects.filter(user=user_of(desk.actor), session=session).exists():
        raise InvalidValue("this session has ended already")
    sessions.end(session)


@act("tries.forgive", "account.keep", ways=(_PAGE, "command accounts forgive"), objects=_object)
def forgive(desk: Desk, name: str) -> int:
    """Let an account try again at once after too many wrong tries."""
    return throttle.forgive_account(desk.vault, known(name).get_username())


# Who somebody is


def proven(
    vault: Vault, place: str, name: str, passphrase: str, address: str, at: datetime, request: Any = None
) -> Any:
    """The user whose name and passphrase go together, or None. Raises TooManyTries.

    Nothing tells a wrong passphrase from an account that is blocked, removed or not there.
    """

    def check() -> Any:
        user = authenticate(request, username=name.strip(), password=passphrase)
        account_state = None if user is None else AccountState.objects.filter(user=user, removed=None).first()
        late = account_state is not None and account_state.until is not None and account_state.until < at
        return None if account_state is None or late else user

    return throttle.checked(vault, place, name, address, at, check)


def chosen(user: Any) -> bool:
    """Whether an account has a passphrase of its own, so that pages open."""
    state: AccountState | None = getattr(user, "account_state", None)  # read once for each request
    return state is not None and state.removed is None and state.chosen is not None


def forget_unchosen() -> int:
    """Accounts that never chose a passphrase of their own lose the one they have: it may be one that was removed."""
    waiting = get_user_model().objects.filter(Q(account_state__chosen=None), is_active=True)
    for user in waiting:
        user.set_unusable_password()
        user.save()
    return len(waiting)


def logs_in_with(passphrase: str) -> bool:
    """Whether an account already has this passphrase: then it must not open the vault as well."""
    active = get_user_model().objects.filter(is_active=True)
    return any(user.has_usable_password() and user.check_password(passphrase) for user in active)
