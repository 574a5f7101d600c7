"""What a dry run of `corroborate import` says of the vault that it was told."""

from collections.abc import Mapping

from corroborate.errors import CorroborateError
from corroborate_cli.speaking import refused, say


def show_compared(counted: Mapping[str, int], gone: int, question: CorroborateError | None) -> None:
    """What would be added, changed and left, or what must be said first. Nothing of it repeats a word of the list."""
    if question is not None:
        what, _ = refused(question)
        say("Before it can be taken into this vault: {what}", what=what)
        return
    say(
        (
            "Given what this vault holds: {new} row would be added, {changed} changed, {same} left as it is.",
            "Given what this vault holds: {new} rows would be added, {changed} changed, {same} left as they are.",
        ),
        new=counted["new"],
        changed=counted["changed"],
        same=counted["same"],
    )
    if counted["withdrawn"]:
        say(
            (
                "{withdrawn} row was withdrawn since it came: it would be left out.",
                "{withdrawn} rows were withdrawn since they came: they would be left out.",
            ),
            withdrawn=counted["withdrawn"],
        )
    if gone:
        say(
            (
                "{gone} row that stands there is not in this file: it would stay.",
                "{gone} rows that stand there are not in this file: they would stay.",
            ),
            gone=gone,
        )


__all__ = ["show_compared"]
