"""A group of commands whose modules are loaded when one of them is asked for, and not before.

So a command on files loads neither the node nor what an analysis needs, and help is there at once.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext

import click

from corroborate_cli.helping import Context, worded_help


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is, and the line that the help of its group shows."""

    module: str  # in this package
    line: str
    name: str = "command"  # in that module


class Lazy(click.Group):
    """Made with ``places``: by the command's name."""

    places: Mapping[str, Place] = {}
    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.places:
            return None
        place = self.places[name]
        command = getattr(importlib.import_module(f"corroborate_cli.{place.module}"), place.name)
        assert isinstance(command, click.Command)  # noqa: S101 - a wrong table is our own fault
        return worded_help(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(gettext("Commands")):
            formatter.write_dl([(name, place.line) for name, place in self.places.items()])


def lazy(places: Mapping[str, Place]) -> type[Lazy]:
    """The class of a group with these commands, for ``@click.group(cls=…)``."""
    return type("Lazy", (Lazy,), {"places": places})
