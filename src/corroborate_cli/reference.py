"""The reference page of all commands, from the commands themselves."""

import click

from corroborate_cli.main import COMMANDS, group

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


if __name__ == "__main__":
    print(page(), end="")
