"""What commands say to a person, in the language of the terminal. What programs read (``--json``) is not said here."""

import os
import re

import click

from corroborate.errors import CorroborateError
from corroborate.translation import Sentence, in_language, of_environment

# What makes a terminal do something else than show a sign, and what turns the order of signs: words of a stranger's
# file would clear the screen, and write another answer over ours.
_ACTS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")


def shown(text: str) -> str:
    """A text as a terminal may show it: signs that act are shown by their number."""
    return _ACTS.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def in_one_line(text: str) -> str:
    """A stranger's words as one line: what would begin another one, which reads as ours, is shown by its number."""
    return _BREAKS.sub(lambda found: "".join(f"<U+{ord(one):04X}>" for one in found[0]), shown(text))


def language() -> str:
    """Of whoever types: ``CORROBORATE_LANGUAGE``, else the terminal's."""
    return of_environment(os.environ)


def worded(text: str | tuple[str, str], /, **values: object) -> str:
    """A sentence in that language. ``text``: English, with places in braces for ``values``."""
    return in_language(Sentence(text, **values), language())


def say(text: str | tuple[str, str], /, *, err: bool = False, nl: bool = True, **values: object) -> None:
    """Print a sentence in that language."""
    click.echo(shown(worded(text, **values)), err=err, nl=nl)


def echo(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print what was made elsewhere: a sentence in that language, anything else as it is."""
    said = in_language(text, language()) if isinstance(text, Sentence) else text
    click.echo(shown(said) if isinstance(said, str) else said, err=err, nl=nl)


def refused(error: CorroborateError) -> tuple[str, str]:
    """What happened and what to do, in that language."""
    return error.worded(language()), error.advised(language())
