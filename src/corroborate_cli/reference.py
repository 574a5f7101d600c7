"""The reference page of all commands, from the commands themselves; with ``--api``, the document of the HTTP API."""

import json
import sys
from importlib import import_module

import click

from corroborate_cli.main import COMMANDS, group
from corroborate_node.starting import start

_TOP = """# Commands

Made by `make docs` from the commands' own help. Exit codes: 0 done, 1 refused or found wrong, 2 misuse
(`verify` also 3: incomplete).
"""


def _sections(name: str, command: click.Command, parent: click.Context) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100)
    heading = "#" * (2 if parent.parent is None else 3)
    parts = [f"\n{heading} {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for sub in sorted(command.list_commands(context)):
            if (inner := command.get_command(context, sub)) is not None:
                parts += _sections(sub, inner, context)
    return parts


def page() -> str:
    """Markdown: one section a command, in the order of `corroborate --help`."""
    top = click.Context(group, info_name="corroborate")
    parts = [_TOP]
    for name in COMMANDS:
        command = group.get_command(top, name)
        if command is not None and not command.hidden:
            parts += _sections(name, command, top)
    return "".join(parts)


def document() -> str:
    """The OpenAPI document, as `docs/reference/api.json` holds it."""
    start()
    made = import_module("corroborate_node.http_api.urls").document()  # models can be loaded from here on
    return json.dumps(json.loads(json.dumps(made, default=str)), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    print(document() if "--api" in sys.argv[1:] else page(), end="")
