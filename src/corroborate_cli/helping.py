"""The help of commands in the language of the terminal.

Each paragraph of a help text, each line of an option and of a list of commands is a sentence for translators.
Paragraphs that stand as they were typed (after ``\\b``: examples) are commands to be copied, and stay. What click says
itself it looks up in a file of GNU gettext, which we ship beside ours.
"""

import gettext
import os
import re
from collections.abc import Iterable
from importlib import resources
from unicodedata import east_asian_width

import click
from click.formatting import HelpFormatter

from corroborate.translation import catalogue
from corroborate_cli.speaking import language

AS_TYPED = "\b"
_LETTERS = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"  # of Chinese and Japanese, and full-width forms
_ENDS = "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff09\u300d\u300f\uff01\uff1f\u30fc"  # stay with what is before
_PIECES = re.compile(f"[ \\n]+|[{_LETTERS}][{_ENDS}]*|[^ \\n{_LETTERS}]+")


class Worded(HelpFormatter):
    """Writes help, put into words. Where letters take two columns of a terminal, lines are broken by columns."""

    def write_text(self, text: str) -> None:
        for number, part in enumerate(text.split("\n\n")):
            if number:
                self.write("\n")
            if part.lstrip(" ").startswith(AS_TYPED) or not _wide():
                super().write_text(_worded(part))
            else:
                self._write_lines(broken(_worded(part), self.width - self.current_indent), self.current_indent)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        listed = [(name, _line(text)) for name, text in rows]
        if not _wide():
            super().write_dl(listed, col_max, col_spacing)
            return
        column = min(max(map(columns, next(zip(*listed, strict=True)))), col_max) + col_spacing
        for name, text in listed:
            beside = columns(name) <= column - col_spacing
            self.write(f"{'':>{self.current_indent}}{name}{' ' * (column - columns(name)) if beside else ''}")
            at = column + self.current_indent
            first, *more = broken(text, max(self.width - at, 20)) or [""]
            self.write(f"{first}\n" if beside else f"\n{'':>{at}}{first}\n")
            self._write_lines(more, at)

    def _write_lines(self, lines: Iterable[str], indent: int) -> None:
        for line in lines:
            self.write(f"{'':>{indent}}{line}\n")


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def broken(text: str, width: int) -> list[str]:
    """A text in lines of ``width`` columns: broken at spaces, and between the letters of Chinese and Japanese, but not
    before what ends a sentence. A word that is wider stands alone."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and columns(lines[-1]) + columns(piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [one.rstrip() for one in lines if one.strip()]


def _wide() -> bool:
    return language() in ("ko", "ja")


class Context(click.Context):
    """Of a command whose help is put into words."""

    formatter_class = Worded


def worded_help(command: click.Command) -> click.Command:
    """The command, and those in it, with help in the reader's language: whole sentences, none of them cut short."""
    command.context_class = Context
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        one.short_help = one.get_short_help_str(10_000)
        worded_help(one)
    return command


def speak_as_click() -> None:
    """Let click say its own words in that language."""
    gettext.bindtextdomain("messages", str(resources.files("corroborate_cli") / "locale"))
    os.environ["LANGUAGE"] = language()


def _worded(paragraph: str) -> str:
    if paragraph.lstrip(" ").startswith(AS_TYPED):
        return paragraph
    return _said(" ".join(paragraph.split())) or paragraph


def _line(given: str) -> str:
    """A line of a list: its words, and what click adds in brackets."""
    words, bracket, more = given.rpartition("  [")
    return f"{_said(words) or words}{bracket}{more}" if bracket else _said(given) or given


def _said(text: str) -> str:
    """By the PO file of help alone, so that help is there at once; empty where it says nothing."""
    found = catalogue("corroborate_cli", "help", language()).get(("", text), "") if language() != "en" else ""
    return found if isinstance(found, str) else ""


__all__ = ["AS_TYPED", "Context", "Worded", "broken", "columns", "speak_as_click", "worded_help"]
