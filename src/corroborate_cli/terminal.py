"""A terminal with tables and colours that says sentences in the reader's language."""

from typing import Any

from rich import table
from rich.console import Console

from corroborate.translation import Sentence, in_language
from corroborate_cli.speaking import language


class Terminal(Console):
    """Rich's console; a sentence of ours is put into the language of whoever types."""

    def print(self, *objects: Any, **how: Any) -> None:
        """What :meth:`rich.console.Console.print` does."""
        super().print(*(in_language(one, language()) if isinstance(one, Sentence) else one for one in objects), **how)


class Table(table.Table):
    """Rich's table; its headings are put into that language."""

    def __init__(self, *headings: str, **how: Any) -> None:
        super().__init__(*(in_language(one, language()) for one in headings), **how)

    def add_row(self, *cells: Any, **how: Any) -> None:
        """What :meth:`rich.table.Table.add_row` does; sentences of ours in that language, other cells as they are."""
        super().add_row(*(in_language(one, language()) if isinstance(one, Sentence) else one for one in cells), **how)
