"""Accounts."""

from django.contrib.auth import get_user_model

from corroborate.errors import InvalidValue
from corroborate.sealed import LEAST


def add_account(account: str, password: str) -> None:
    """Make an account, or give it a new password."""
    if len(password) < LEAST:
        raise InvalidValue(f"a password has at least {LEAST} characters")
    if not account.strip():
        raise InvalidValue("an account needs a name")
    user, _ = get_user_model().objects.get_or_create(username=account.strip())
    user.set_password(password)
    user.save()
