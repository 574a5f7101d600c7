"""What commands on a vault share: which folder, which passphrase, what time it is."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

import click

from corroborate.errors import InputRefused
from corroborate.sealed import LEAST, Secret, SecurityKey
from corroborate_cli.speaking import say, worded

Function = TypeVar("Function", bound=Callable[..., Any])


def vault_option(function: Function) -> Function:
    """``--vault`` for a command that needs no passphrase."""
    return click.option(
        "--vault",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="CORROBORATE_VAULT",
        default=Path(),
        help="The vault's folder. Otherwise CORROBORATE_VAULT, or the folder you stand in.",
    )(function)


def vault_options(function: Function) -> Function:
    """``--vault`` and ``--passphrase-file`` for a command."""
    function = click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Its first line is the passphrase. Otherwise CORROBORATE_PASSPHRASE, or a question.",
    )(function)
    return vault_option(function)


def marks_folder() -> Path:
    """Where this machine remembers what each vault signed last: CORROBORATE_MARKS, or in the state folder."""
    if given := os.environ.get("CORROBORATE_MARKS"):
        return Path(given)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "corroborate"


def marks_option(function: Function) -> Function:
    """``--marks`` for commands that sign the vault's own log."""
    return click.option(
        "--marks",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="CORROBORATE_MARKS",
        default=marks_folder,
        show_default="your state folder",
        help="Folder outside the vault that remembers what was signed last, so that a copied-back vault is found out.",
    )(function)


@overload
def passphrase_of(file: Path, *, new: bool = ...) -> str: ...
@overload
def passphrase_of(file: Path | None, *, new: Literal[True]) -> str: ...
@overload
def passphrase_of(file: Path | None, *, new: Literal[False] = ...) -> Secret: ...


def passphrase_of(file: Path | None, *, new: bool = False) -> Secret:
    """The passphrase from a file, the environment or a hidden question, asked twice for a new vault.

    Who answers the question with Enter alone opens the vault with a security key.
    """
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise InputRefused("{of_file} is not UTF-8", of_file=file) from error
        if not lines or not lines[0]:
            raise InputRefused("{of_file} is empty: its first line should be the passphrase", of_file=file)
        return lines[0]
    if found := os.environ.get("CORROBORATE_PASSPHRASE"):
        return found
    if new:
        least = worded("Passphrase (at least {least} characters)", least=LEAST)
        answer: str = click.prompt(least, hide_input=True, confirmation_prompt=True)
        return answer
    question = worded("Passphrase, or Enter alone for a security key")
    found = click.prompt(question, hide_input=True, default="", show_default=False)
    return found or security_key()


def new_passphrase(file: Path | None) -> str:
    """A passphrase that is to open a vault from now on: from a file, or a hidden question, asked twice."""
    if file is not None:
        return passphrase_of(file)
    least = worded("New passphrase (at least {least} characters)", least=LEAST)
    return str(click.prompt(least, hide_input=True, confirmation_prompt=True))


def security_key() -> SecurityKey:
    """The security keys that are plugged in; their person is asked on the terminal."""
    from corroborate.sealed.security_keys import PluggedIn, Prompt

    def touch() -> None:
        say("Touch the security key.", err=True)

    def pin() -> str:
        return str(click.prompt(worded("PIN of the security key"), hide_input=True, err=True))

    return PluggedIn(Prompt(touch, pin))


def now() -> datetime:
    """The clock of this machine, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)
