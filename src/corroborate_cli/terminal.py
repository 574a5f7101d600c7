"""A terminal with tables and colours that says sentences in the reader's language."""

from typing import Any

from rich.console import Console

from corroborate.translation import Sentence, in_language
from corroborate_cli.speaking import language


class Terminal(Console):
    """Rich's console; a sentence of ours is put into the language of whoever types."""

    def print(self, *objects: Any, **how: Any) -> None:
        """What :meth:`rich.console.Console.print` does."""
        super().print(*(in_language(one, language()) if isinstance(one, Sentence) else one for one in objects), **how)
