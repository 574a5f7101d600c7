"""Consents that changed after a backup was made: noted beside it, and set right in a vault that is restored from it.

A withdrawal is noted so that nothing erased comes back; this, so that nothing is relied on again that somebody took
back. A note says what some sources allow from then on, and holds no word that anybody said: those are erased with a
source, and a note that lies out of reach could not be. They come from a consent that the backup holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from corroborate.records import Consent
from corroborate_node.core import journal
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.rooms import taken_back
from corroborate_node.core.storing import insert_values, storing
from corroborate_node.log import withdrawals
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import actions, models, queries, remarks, rows

_WORDS = ("given_by", "asked", "language", "conditions", "proof", "words")  # what was said, and how it was asked
_DAYS = ("begins", "ends", "withdrawn")


def noted(desk: Desk, records: Sequence[str]) -> None:
    """Within an act by which consents of some sources are relied on no more: once it is through, note it beside each
    backup that is within reach."""
    sources = [one for one in records if one.startswith("source_")]
    if sources:
        transaction.on_commit(partial(_note, desk.vault, sources))


def _note(vault: Vault, sources: Sequence[str]) -> None:
    consents, erase = [], list[str]()
    for part in _parts(sources):
        parents = dict[tuple[str, ...], str]()
        for row in models.Consent.objects.filter(source_id__in=part).order_by("id").values(*rows.CONSENT):
            said = (row["source_id"], *(str(row[one]) for one in _WORDS))
            told = {one: row[one] for one in rows.CONSENT if one not in _WORDS}
            told |= {one: row[one].isoformat() for one in _DAYS if row[one] is not None}
            consents.append(told | {"words_of": parents.setdefault(said, row["id"])})
        asked = models.Remark.objects.filter(source_id__in=part, kind=remarks.ERASE)
        erase += asked.values_list("source_id", flat=True)
    withdrawals.note(vault, "consent", {"consents": consents, "erase": sorted(set(erase))})


def again(desk: Desk, note: Mapping[str, Any]) -> tuple[str, ...]:
    """Let the sources of a note allow what it says, in a vault that is being restored from an earlier backup; those of
    them that the backup held otherwise.

    No act of its own: whoever restores has the passphrase, and nobody comes to it by a page or a program.
    """
    desk.require("source.withdraw")
    told: list[dict[str, Any]] = note.get("consents", [])
    asked = {one["source_id"] for one in told} | set(note.get("erase", []))
    changed = set[str]()
    with storing():
        for part in _parts(sorted(asked)):
            stand = set(models.Source.objects.filter(id__in=part, withdrawn=None).values_list("id", flat=True))
            changed |= _as_told(desk, [one for one in told if one["source_id"] in stand])
            changed |= _to_erase(desk, stand & set(note.get("erase", [])))
        if changed:
            journal.write(desk, "act", "code.narrow", sorted(changed))
    return tuple(sorted(changed))


def _as_told(desk: Desk, told: Sequence[Mapping[str, Any]]) -> set[str]:
    """Consents end that a note says ended, and those come that the backup did not hold."""
    held = {one.id: one for one in models.Consent.objects.filter(id__in=[one["id"] for one in told])}
    ended, new = list[models.Consent](), list[Consent]()
    for one in told:
        row = held.get(one["id"])
        if row is None:
            new += _made(one, held.get(one["words_of"]))
        elif (withdrawn := _day(one["withdrawn"]), one["blocked"]) != (row.withdrawn, row.blocked):
            row.withdrawn, row.blocked = row.withdrawn or withdrawn, row.blocked or one["blocked"]
            ended.append(row)
    models.Consent.objects.bulk_update(ended, ["withdrawn", "blocked"], batch_size=queries.BATCH)
    insert_values(models.Consent, rows.CONSENT, map(rows.consent_values, new))
    seal_all(
        [
            *(("consent", one.id, actions.no_longer(one.id, one.blocked or actions.WITHDRAWN, desk)) for one in ended),
            *(("consent", one.id, one.canonical()) for one in new),
        ],
        desk.at,
        desk.entropy,
    )
    touched = {one.source_id for one in ended} | {one.source for one in new}
    if ended:
        taken_back(desk, queries.with_what_they_told(sorted(touched)), actions.CONSENT)
    return touched


def _made(told: Mapping[str, Any], parent: models.Consent | None) -> Iterator[Consent]:
    """A consent that the backup did not hold, in the words of the one that it was narrowed from. Whether there were
    conditions is not known without these words: then it allows nothing to anybody outside."""
    said = {one: "" if parent is None else getattr(parent, one) for one in _WORDS}
    if parent is not None or told["audience"] == "own" or told["blocked"] or told["withdrawn"]:
        kept = {one: told[one] for one in rows.CONSENT if one in told}
        days = {one: _day(told[one]) for one in _DAYS}
        yield rows.consent(models.Consent(**{**kept, **said, **days}))


def _to_erase(desk: Desk, sources: set[str]) -> set[str]:
    """Whoever told these took everything back, and waits for it to be erased."""
    known = models.Remark.objects.filter(source_id__in=sources, kind=remarks.ERASE)
    new = sources - set(known.values_list("source_id", flat=True))
    for one in sorted(new):
        remarks.of_the_source(desk, one, remarks.ERASE)
    return new


def unsure(desk: Desk, sources: Sequence[str]) -> None:
    """That nobody knows whether whoever told these took something back since the backup: it waits for a member to ask
    them."""
    for one in sources:
        remarks.of_the_source(desk, one, remarks.UNSURE)


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _parts(sources: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(sources), queries.BATCH):
        yield sources[start : start + queries.BATCH]


__all__ = ["again", "noted", "unsure"]
