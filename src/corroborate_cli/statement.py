"""`corroborate statement`: a joint text that members sign byte for byte."""

import click

from corroborate_cli.lazy import Place, lazy

PLACES = {
    "answer": Place("statement_vault", "Answer a hub's request with this vault's own key.", "answer_"),
    "compare": Place("statement_files", "Show what changed between two texts.", "compare_"),
    "digest": Place("statement_files", "Print the SHA-256 that members sign.", "digest"),
    "final": Place("statement_files", "Write a final text in another form.", "final_"),
    "hand-in": Place("statement_vault", "Hand in at a hub what a member signed.", "hand_in"),
    "remind": Place("statement_vault", "Print, or send, the letters to members that have not spoken.", "remind_"),
    "sign": Place("statement_vault", "Sign the exact bytes of a text.", "sign_"),
    "verify": Place("statement_files", "Check a final text, or loose sign-ons against a text.", "verify_"),
}


@click.group(cls=lazy(PLACES))
def command() -> None:
    """Joint statements: digest, compare, sign, verify. A name stands only under the exact bytes it signed.

    Example: corroborate statement digest joint.txt
    """
