"""What `corroborate import` does with a list that was read: takes it into a vault."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from corroborate.importers import Reading
from corroborate_cli.desks import opened
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions
from corroborate_node.records import cases as filing
from corroborate_node.records import taking


def take_in(
    reading: Reading,
    title: str,
    folder: Path,
    passphrase_file: Path | None,
    *,
    recorder: str,
    at: datetime,
    agreed: bool,
    cases: Sequence[str] = (),
) -> tuple[int, int]:
    """Take the rows in that were read, all of them, and sign the log; how many claims, and the size of the log."""
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, at)
        filed = filing.open_now(desk, cases)  # before the list is laid out: a wrong name costs nothing
        taken = taking.from_rows(reading.entries, title, recorder=recorder, at=at, agreed=agreed)
        done = records_actions.receive(desk, taken.entities, taken.sources, taken.consents, taken.claims, filed)
        log_actions.checkpoint(desk)
    return done.claims, done.size
