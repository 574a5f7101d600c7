"""Whether two accounts are two people, as far as accounts tell.

Whoever makes or resets an account holds its one-time passphrase, and so can be it. Every account goes back to the
owner, who made the first one; so no two accounts are two people by themselves. They are when somebody else vouched for
one of them by their own log-in: who is neither, made neither, was made by neither, and has no account behind them that
is behind the one they vouch for. A vouch ends when the account is reset, since another then held its passphrase.

What no rule in here can tell: whoever has the vault's passphrase and the log-in of one account can make the others and
vouch for them. Those two belong in the hands of two people.
"""

from collections.abc import Collection

from django.contrib.auth import get_user_model

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.translation import Sentence
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import AccountState, Hand, Vouch


def two_people(first: str, second: str) -> None:
    """Raises NotAllowed unless two accounts, by their names, can be two people."""
    users = {user.get_username(): user.pk for user in get_user_model().objects.filter(username__in=(first, second))}
    if first == second:
        raise NotAllowed("another person is needed: nobody is second to themselves")
    if first not in users or second not in users:
        return  # a name that is no account's, as old records have it: nothing tells who it was
    one, other = users[first], users[second]
    if one in behind(other) or other in behind(one):
        raise NotAllowed(
            "another person is needed: {first} or {second} made or reset the other's account",
            first=first,
            second=second,
        )
    words = ((vouched.by_id, user) for user in (one, other) for vouched in vouches(user))
    if not any(voucher not in (one, other) and _adds(voucher, user, (one, other)) for voucher, user in words):
        error = NotAllowed(
            "nobody has vouched that {first} and {second} are two people: one hand gave out both first passphrases",
            first=first,
            second=second,
        )
        error.remedy = Sentence(
            "Let somebody who made neither account, and was made by none who did, vouch for one of them by their own "
            'log-in: on the page Vouch, or corroborate accounts vouch "{second}" --as THEIR-ACCOUNT',
            second=second,
        )
        raise error


def second(desk: Desk, first: str) -> None:
    """Raises NotAllowed unless whoever sits at a desk can be the second person to what an account did first.

    Every act asks this that is a second person's by its permission or by what was done before it, so that none of them
    takes a program's word: of two people the second is there to look at what the first one did."""
    _no_program(desk)
    two_people(first, desk.by)


def owner_second(desk: Desk) -> bool:
    """The same where the owner did it, by command: whether the owner can be whoever sits at a desk. Raises
    NotAllowed for a program."""
    _no_program(desk)
    return owner_behind(desk.by)


def _no_program(desk: Desk) -> None:
    if desk.actor.kind == "token":
        raise NotAllowed(
            "here a second person says that it is right, and a person confirms on the page what they saw there: no "
            "token does it"
        )


def _adds(voucher: int, user: int, pair: tuple[int, ...]) -> bool:
    """Whether somebody's word for an account says anything of a pair: whoever could be it could not be them too."""
    made = set[int]().union(*(behind(one) for one in pair))
    return voucher not in made and not ({*pair, *behind(user)} & behind(voucher))


def may_vouch(voucher: int, user: int) -> None:
    """Raises NotAllowed where somebody's word for an account adds nothing, InvalidValue for one that waits."""
    if voucher == user or not _adds(voucher, user, (user,)):
        raise NotAllowed(
            "nobody vouches for themselves, for an account that they made or reset, for one that made theirs, or for "
            "one that was made or reset by whom their own was"
        )
    chosen = AccountState.objects.exclude(chosen=None)
    if not chosen.filter(user_id=voucher).exists():
        raise NotAllowed("choose a passphrase of your own first: whoever gave you this one could be you")
    if not chosen.filter(user_id=user).exists():
        raise InvalidValue("this account has no passphrase of its own yet: vouch when you saw its person choose one")


def vouches(user: int) -> list[Vouch]:
    """Words that still stand for an account: since it was last made or reset, by somebody who still has an account."""
    last = Hand.objects.filter(user=user).order_by("-at").values_list("at", flat=True).first()
    found = Vouch.objects.filter(user=user, by__is_active=True).select_related("by").order_by("id")
    return list(found if last is None else found.filter(at__gte=last))


def vouched(name: str) -> bool:
    """Whether somebody else's word stands that an account is a person of its own."""
    return any(vouches(one) for one in get_user_model().objects.filter(username=name).values_list("pk", flat=True))


def unvouched(names: Collection[str]) -> frozenset[str]:
    """Those of these names that are accounts for which nobody's word stands; asked once for many."""
    users = dict(get_user_model().objects.filter(username__in=names).values_list("pk", "username"))
    words = Vouch.objects.filter(user__in=users, by__is_active=True).values_list("user", "at")
    made = dict(Hand.objects.filter(user__in=users).order_by("at").values_list("user", "at"))  # the last of each
    sure = {user for user, at in words if user not in made or at >= made[user]}
    return frozenset(name for user, name in users.items() if user not in sure)


def own_person(desk: Desk) -> bool:
    """Whether whoever sits at a desk is a person of its own by somebody else's word, and gives nobody an account: who
    does could have made itself any member's voice."""
    return vouched(desk.by) and not desk.may("account.keep")


def owner_behind(name: str) -> bool:
    """Whether the owner made or reset an account, or one that made or reset it, and so on: the owner can be it."""
    users = set(get_user_model().objects.filter(username=name).values_list("pk", flat=True))
    found = users.union(*(behind(one) for one in users))
    return Hand.objects.filter(user__in=found, by=None).exists()


def behind(user: int) -> set[int]:
    """Accounts that made or reset this one, those that made or reset them, and so on."""
    found: set[int] = set()
    ask = {user}
    while ask:
        ask = set(Hand.objects.filter(user__in=ask).exclude(by=None).values_list("by", flat=True)) - found
        found |= ask
    return found
