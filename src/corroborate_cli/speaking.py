"""What commands say to a person, in the language of the terminal. What programs read (``--json``) is not said here."""

import os

import click

from corroborate.errors import CorroborateError
from corroborate.translation import Sentence, in_language, of_environment


def language() -> str:
    """Of whoever types: ``CORROBORATE_LANGUAGE``, else the terminal's."""
    return of_environment(os.environ)


def worded(text: str | tuple[str, str], /, **values: object) -> str:
    """A sentence in that language. ``text``: English, with places in braces for ``values``."""
    return in_language(Sentence(text, **values), language())


def say(text: str | tuple[str, str], /, *, err: bool = False, nl: bool = True, **values: object) -> None:
    """Print a sentence in that language."""
    click.echo(worded(text, **values), err=err, nl=nl)


def echo(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print what was made elsewhere: a sentence in that language, anything else as it is."""
    click.echo(in_language(text, language()) if isinstance(text, Sentence) else text, err=err, nl=nl)


def refused(error: CorroborateError) -> tuple[str, str]:
    """What happened and what to do, in that language."""
    return error.worded(language()), error.advised(language())
