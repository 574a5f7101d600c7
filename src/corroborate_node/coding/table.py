"""The coding table of the open vault: the program's, with what its coders taught it. An import asks for it here."""

from dataclasses import replace

from corroborate.importers import CodingTable, Habits, Reading, Table, person_entries
from corroborate.importers.coding import Act, Correction, coding_table, corrected
from corroborate_node.coding.models import Taught


def correction_of(row: Taught) -> Correction:
    return Correction(row.words, tuple(Act(term, said) for term, said in row.acts), row.by, row.on)


def own_table(*, but: str = "") -> CodingTable:
    """What lists are coded by here. ``but``: the key of words that are to count as not taught."""
    taught = Taught.objects.exclude(key=but).order_by("on", "id")
    corrections = [correction_of(one) for one in taught]
    return corrected(coding_table(), corrections) if corrections else coding_table()


def read_again(table: Table, reading: Reading, name: str, *, latest: int, habits: Habits) -> Reading:
    """Rows that were read with the program's table, read with the vault's own where its coders taught it something."""
    own = own_table()
    if own == coding_table():
        return reading
    return person_entries(table, reading.mapping, name, latest=latest, habits=replace(habits, coding=own))
