"""Second factors: what an account shows beside its passphrase at the log-in, an app's code or a passkey.

What is kept is sealed under a key of the vault's; recovery codes are kept as keyed digests. A code is taken once, and
none before it afterwards. Wrong ones are counted apart from wrong passphrases. A lost factor is taken away by two
people: one asks, another confirms, and the account's holder can say no by logging in.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from corroborate.errors import InvalidValue, NotAllowed, VaultDamaged
from corroborate_node.core import codes, passkeys, persons, sessions, throttle
from corroborate_node.core.accounts import known, user_of
from corroborate_node.core.actors import actor_of
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import AccountState, Factor, FactorReset, NodeRule, RecoveryCode
from corroborate_node.core.opened import Vault
from corroborate_node.core.passkeys import Passkey, Site
from corroborate_node.core.storing import storing

Kind = Literal["code", "passkey"]
MOST = 10  # factors of an account
RESET_HOLDS = timedelta(days=7)  # so long a second person may confirm that a factor is lost
_RULE = "second factor"
_PAGE, _OWN = "page accounts", "page second-factors"
_NONCE = 12  # bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """A factor as its holder sees it."""

    id: int
    kind: str
    name: str
    made: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class ResetShown:
    """Somebody's lost factors, which wait for a second person."""

    account: str
    by: str  # empty for the owner
    at: datetime


def _object(name: str, *_: object, **__: object) -> list[str]:
    return [f"account/{name}"]


# What an account has


def of(user: Any) -> list[Shown]:
    """The factors of an account, oldest first."""
    rows = Factor.objects.filter(user=user).order_by("id")
    return [Shown(one.pk, one.kind, one.name, one.made, one.used) for one in rows]


def has(user: Any, kind: Kind | None = None) -> bool:
    """Whether an account has a second factor, or one of a kind."""
    found = Factor.objects.filter(user=user)
    return (found.filter(kind=kind) if kind else found).exists()


def needed(user: Any) -> bool:
    """Whether no page opens for an account before it has a second factor."""
    state: AccountState | None = getattr(user, "account_state", None)  # read once for each request
    return (state is not None and state.second_needed) or needed_by_all()


def needed_by_all() -> bool:
    return NodeRule.objects.filter(name=_RULE).exists()


def missing(user: Any) -> bool:
    """Whether an account needs a second factor and has none."""
    return needed(user) and not has(user)


def codes_left(user: Any) -> int:
    """Recovery codes that were not used."""
    return RecoveryCode.objects.filter(user=user, used=None).count()


def with_factors() -> frozenset[str]:
    """Names of the accounts that have one."""
    return frozenset(Factor.objects.values_list("user__username", flat=True))


def that_need() -> frozenset[str]:
    """Names of the accounts of which one is asked, by themselves."""
    return frozenset(AccountState.objects.filter(second_needed=True).values_list("user__username", flat=True))


# Set up and taken away by its holder


@act("factor.add-code", "account.own", ways=("page add-code",), objects=lambda *_: [])
def add_code(desk: Desk, secret: bytes, name: str, said: str, session: str = "") -> tuple[str, ...]:
    """Keep an app's secret, once the app has shown a right code; recovery codes where the account had none.

    ``session``: the one that goes on; the account's others end, since they came in without. Raises InvalidValue.
    """
    step = codes.step_matched(secret, said, codes.step_of(desk.at.timestamp()), -1)
    if step is None:
        raise InvalidValue("this is not the code that the app shows now: check the clock of both, and type it again")
    return _add(desk, "code", name, secret, hashlib.sha256(b"code\n" + secret).hexdigest(), step, session)


@act("factor.add-passkey", "account.own", ways=("page add-passkey",), objects=lambda *_: [])
def add_passkey(desk: Desk, passkey: Passkey, name: str, session: str = "") -> tuple[str, ...]:
    """Keep a passkey; recovery codes where the account had none. Its other sessions end. Raises InvalidValue."""
    mark = hashlib.sha256(b"passkey\n" + passkey.id).hexdigest()
    return _add(desk, "passkey", name, passkey.credential, mark, passkey.counter, session)


def _add(desk: Desk, kind: Kind, name: str, secret: bytes, mark: str, counted: int, session: str) -> tuple[str, ...]:
    user, said = user_of(desk.actor), " ".join(name.split())
    if not said or len(said) > 60 or not said.isprintable():
        raise InvalidValue("give it a name, of 60 letters at most, by which you know it again")
    there = Factor.objects.filter(user=user)
    if there.count() >= MOST or there.filter(name=said).exists():
        raise InvalidValue("an account has {most} second factors at most, each with a name of its own", most=MOST)
    if Factor.objects.filter(mark=mark).exists():
        raise InvalidValue("this one is kept already")
    first = not there.exists()
    Factor.objects.create(
        user=user,
        kind=kind,
        name=said,
        made=desk.at,
        mark=mark,
        counted=counted,
        sealed=_sealed(desk, user.pk, kind, secret),
    )
    FactorReset.objects.filter(user=user).delete()
    sessions.end_all(user, but=session)
    return _new_codes(desk, user) if first else ()


@act("factor.remove", "account.own", ways=(_OWN,), objects=lambda *_: [])
def remove(desk: Desk, factor: int) -> None:
    """Take one of one's own away. Raises NotAllowed for the last of an account that needs one."""
    user = user_of(desk.actor)
    own = Factor.objects.filter(user=user)
    if not own.filter(pk=factor).exists():
        raise InvalidValue("this second factor is gone already")
    if own.count() == 1 and needed(user):
        raise NotAllowed("this account needs a second factor, and this is its last: set up another one first")
    own.filter(pk=factor).delete()
    if not own.exists():
        RecoveryCode.objects.filter(user=user).delete()


@act("factor.codes", "account.own", ways=(_OWN,), objects=lambda *_: [])
def new_codes(desk: Desk) -> tuple[str, ...]:
    """Recovery codes in place of those that the account has, shown this once. Raises InvalidValue."""
    user = user_of(desk.actor)
    if not has(user):
        raise InvalidValue("recovery codes stand for a second factor: set one up first")
    return _new_codes(desk, user)


def _new_codes(desk: Desk, user: Any) -> tuple[str, ...]:
    made = codes.recovery_codes(desk.entropy)
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(desk.vault, user.pk, one), made=desk.at) for one in made
    )
    return made


# Asked of accounts, and lost


@act("factor.require", "account.keep", ways=(_PAGE, "command accounts require-second"), objects=_object)
def require(desk: Desk, name: str, *, lift: bool = False) -> None:
    """Ask an account for a second factor: without one, its pages lead to the set-up. ``lift``: no longer."""
    AccountState.objects.filter(user=known(name)).update(second_needed=not lift)


@act("factor.require-all", "account.keep", ways=(_PAGE, "command accounts require-second"), objects=lambda *_, **__: [])
def require_all(desk: Desk, *, lift: bool = False) -> None:
    """Ask every account for a second factor, those too that are made later. ``lift``: no longer all."""
    if lift:
        NodeRule.objects.filter(name=_RULE).delete()
    else:
        NodeRule.objects.get_or_create(name=_RULE, defaults={"since": desk.at})


@act("factor.reset", "account.keep", ways=(_PAGE, "command accounts lost-second"), objects=_object)
def ask_reset(desk: Desk, name: str) -> None:
    """Ask for an account's lost second factors to be taken away. Nothing changes before a second person confirms it."""
    user = known(name)
    if not has(user):
        raise InvalidValue("{account} has no second factor", account=user.get_username())
    by = user_of(desk.actor)
    about = {"by": by, "by_account": by is not None, "at": desk.at}
    FactorReset.objects.update_or_create(user=user, defaults=about)


@act("factor.reset-refuse", "account.own", ways=(_OWN,), objects=lambda *_: [], standing_back=True)
def refuse_reset(desk: Desk) -> None:
    """Say as the account itself that nothing is lost."""
    FactorReset.objects.filter(user=user_of(desk.actor)).delete()


@act("factor.reset-confirm", ways=("page lost-second-factors", "command accounts confirm-lost"), objects=_object)
def confirm_reset(desk: Desk, name: str) -> int:
    """Confirm as the second person, who has spoken to the account's holder, that its factors are lost: they are taken
    away and its sessions end. How many there were. Raises NotAllowed for who asked, or could be who asked."""
    user = known(name)
    row = FactorReset.objects.filter(user=user, at__gte=desk.at - RESET_HOLDS).select_related("by").first()
    if row is None:
        raise InvalidValue(
            "nobody has said in the last week that {account} lost its second factors", account=user.get_username()
        )
    _second_person(row, desk)
    found = Factor.objects.filter(user=user).delete()[0]
    RecoveryCode.objects.filter(user=user).delete()
    row.delete()
    sessions.end_all(user)
    throttle.forgive(desk.vault, throttle.SECOND + user.get_username())
    return found


def _second_person(row: FactorReset, desk: Desk) -> None:
    if desk.by == row.user.get_username():
        raise NotAllowed("another person is needed: nobody confirms that their own second factor is lost")
    if row.by_account:
        persons.second(desk, row.by.get_username() if row.by else "")
    elif persons.owner_second(desk):
        raise NotAllowed(
            "the owner asked for this, and made or reset this account or one behind it: let a keeper ask for it on the "
            "page Accounts, so that another person can confirm it"
        )


def resets(at: datetime) -> list[ResetShown]:
    """Lost factors that wait for a second person."""
    rows = FactorReset.objects.filter(at__gte=at - RESET_HOLDS).select_related("user", "by").order_by("at")
    return [ResetShown(one.user.get_username(), one.by.get_username() if one.by else "", one.at) for one in rows]


def reset_of(user: Any, at: datetime) -> ResetShown | None:
    """What waits for an account's own factors."""
    return next((one for one in resets(at) if one.account == user.get_username()), None)


# Shown at the log-in


def shows_code(vault: Vault, user: Any, said: str, address: str, at: datetime) -> bool:
    """Whether an app's code or a recovery code is the account's. Raises TooManyTries before it looks."""

    def check() -> bool | None:
        digits = "".join(said.split())
        if len(digits) == codes.DIGITS and digits.isdecimal():
            return _by_app(vault, user, digits, at) or None
        return use_recovery(Desk(vault, actor_of(user), at), said) or None

    return _tried(vault, user, address, at, check)


def shows_passkey(
    vault: Vault, user: Any, site: Site, state: passkeys.State, answer: str, address: str, at: datetime
) -> bool:
    """Whether a passkey of the account signed the challenge. Raises TooManyTries before it looks."""

    def check() -> bool | None:
        rows = {one.pk: one for one in Factor.objects.filter(user=user, kind="passkey")}
        kept = {pk: Passkey(_opened(vault, one), one.counted) for pk, one in rows.items()}
        found = passkeys.proven(site, state, list(kept.values()), answer)
        if found is None:
            return None
        pk = next(pk for pk, one in kept.items() if one.id == found.id)
        return _used(pk, kept[pk].counter, found.counter, at, same=found.counter == 0) or None

    return _tried(vault, user, address, at, check)


def handle(vault: Vault, user: Any) -> bytes:
    """Under what a passkey knows an account: an id that names nobody, the same each time."""
    return hmac.new(vault.session_key, f"passkey user\n{user.pk}".encode(), hashlib.sha256).digest()


def passkeys_of(vault: Vault, user: Any) -> list[Passkey]:
    rows = Factor.objects.filter(user=user, kind="passkey").order_by("id")
    return [Passkey(_opened(vault, one), one.counted) for one in rows]


def _tried(vault: Vault, user: Any, address: str, at: datetime, check: Any) -> bool:
    whom = throttle.SECOND + user.get_username()
    return throttle.checked(vault, "second", whom, address, at, check) is not None


def _by_app(vault: Vault, user: Any, digits: str, at: datetime) -> bool:
    now = codes.step_of(at.timestamp())
    for one in Factor.objects.filter(user=user, kind="code"):
        step = codes.step_matched(_opened(vault, one), digits, now, one.counted)
        if step is not None:
            return _used(one.pk, one.counted, step, at)
    return False


def _used(factor: int, before: int, counted: int, at: datetime, *, same: bool = False) -> bool:
    """Count the use. False where another log-in has counted the same one meanwhile: of two at once, one comes in."""
    with storing():
        rows = Factor.objects.filter(pk=factor, counted=before)
        return bool(rows.update(counted=before if same else counted, used=at))


@act(
    "factor.recover", "account.own", ways=("page second-factor",), objects=lambda *_: [], worth=bool, standing_back=True
)
def use_recovery(desk: Desk, said: str) -> bool:
    """Whether this is a recovery code of the account that was not used; it is used then."""
    user = user_of(desk.actor)
    if user is None:
        return False
    digest = _digest(desk.vault, user.pk, said)
    return bool(RecoveryCode.objects.filter(user=user, used=None, digest=digest).update(used=desk.at))


# How it is kept


def _key(vault: Vault) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"corroborate second factor v1").derive(vault.session_key)


def _sealed(desk: Desk, user: int, kind: Kind, secret: bytes) -> bytes:
    nonce = desk.entropy(_NONCE)
    return nonce + AESGCM(_key(desk.vault)).encrypt(nonce, secret, f"{user}\n{kind}".encode())


def _opened(vault: Vault, row: Factor) -> bytes:
    content = bytes(row.sealed)
    try:
        return AESGCM(_key(vault)).decrypt(content[:_NONCE], content[_NONCE:], f"{row.user_id}\n{row.kind}".encode())
    except InvalidTag as error:
        raise VaultDamaged("a second factor was not sealed by this vault, or for this account") from error


def _digest(vault: Vault, user: int, code: str) -> str:
    text = f"recovery\n{user}\n{codes.plain(code)}".encode()
    return hmac.new(vault.session_key, text, hashlib.sha256).hexdigest()
