"""What became of one record, drawn: taken in, sealed, cosigned, packed, withdrawn. Each time says whose clock it is."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from corroborate.custody import Checkpoint, Note
from corroborate.figures.drawing import Figure, dot, line, svg, words
from corroborate.translation import Sentence, in_language
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import may, visible
from corroborate_node.log import queries as log
from corroborate_node.log.models import Checkpoint as Checkpoint_
from corroborate_node.log.models import LogEntry, Token
from corroborate_node.records import models
from corroborate_node.release.queries import packages_with

_LEFT, _LINE, _GAP, _WIDE = 26, 22, 16, 384  # in units of the drawing
_SIZE = 16  # of letters: on a phone the drawing is a quarter smaller
_STAMPS = 6  # timestamps that are shown: one of each authority is enough, later ones add nothing
_NOT_OURS = ("other", "refused", "unreadable")
_COSIGNATURE = 72  # bytes after the key's id: eight of time, and an Ed25519 signature


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a record: what, who says when, and when (None: nobody says)."""

    what: str
    clock: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Handled:
    """A record and all that was done to it, in order."""

    record: str
    kind: str
    index: int
    invented: bool
    steps: tuple[Step, ...]


def handled(user: Any, entry: LogEntry, vault: Vault) -> Handled:
    """What the vault knows of a record's way, for somebody who may see it."""
    claim = visible(user, models.Claim).filter(id=entry.record).select_related("source").first()
    source = claim.source if claim else visible(user, models.Source).filter(id=entry.record).first()
    steps: list[Step] = []
    if claim is not None and claim.recorder:
        who = Sentence("recorded")
        if may(user, "identity.read"):
            who = Sentence("recorded by {recorder}", recorder=claim.recorder)
        steps.append(Step(who, Sentence("the recorder's clock"), claim.recorded_at))
    steps.append(
        Step(
            Sentence("taken in and sealed as entry {index} of the log", index=entry.index),
            Sentence("this vault's clock"),
            entry.at,
        )
    )
    steps += _signed(user, entry.index, vault)
    for package in packages_with(user, entry.record):
        to = package.body or package.audience
        steps.append(
            Step(
                Sentence("shown to {to} in the package {number}", to=to, number=package.number),
                Sentence("this vault's clock"),
                package.at,
            )
        )
    if entry.salt is None and source is not None:
        gone = log.entries_of(source.id).filter(kind="withdrawal").first()
        if gone is not None:
            steps.append(
                Step(
                    Sentence("withdrawn by its source and erased; the seal stays"),
                    Sentence("this vault's clock"),
                    gone.at,
                )
            )
    return Handled(entry.record, entry.kind, entry.index, source is not None and source.invented, tuple(steps))


def _signed(user: Any, index: int, vault: Vault) -> Iterator[Step]:
    """The first checkpoint that holds the entry, the first that others cosigned, and the first timestamps."""
    rows = list(visible(user, Checkpoint_).filter(size__gt=index).order_by("size"))
    if rows:
        yield Step(
            Sentence(
                ("held by the signed checkpoint of {size} entry", "held by the signed checkpoint of {size} entries"),
                size=rows[0].size,
            ),
            Sentence("this vault's clock"),
            rows[0].at,
        )
    for row in rows:
        note = Note.parse(bytes(row.note))
        others = [one for one in note.signatures if one.name != vault.signer.name and len(one.raw) == _COSIGNATURE]
        if others:
            size = Checkpoint.parse(note.text).size
            for one in sorted(others, key=lambda one: (one.raw[:8], one.name)):
                seconds = int.from_bytes(one.raw[:8], "big")
                yield Step(
                    Sentence(
                        ("cosigned by {name}, at {size} entry", "cosigned by {name}, at {size} entries"),
                        name=one.name,
                        size=size,
                    ),
                    Sentence("the witness's clock"),
                    _moment(seconds),
                )
            break
    stamped = visible(user, Token).filter(size__gt=index, says__isnull=False).exclude(state__in=_NOT_OURS)
    for token in stamped.order_by("size", "says")[:_STAMPS]:
        trust = "" if token.state == "good" else f" ({token.state})"
        by = token.authority or Sentence("an authority")
        yield Step(
            Sentence("timestamped by {authority}{trust}", authority=by, trust=trust),
            Sentence("the authority's clock"),
            token.says,
        )


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds <= 253_402_300_799 else None


def said(moment: datetime | None) -> str:
    return Sentence("no time is known") if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def custody_figure(found: Handled, language: str) -> Figure:
    """The steps from top to bottom, a dot each, in a language."""
    parts: list[str] = []
    y, dots = 20.0, []
    steps = [
        tuple(in_language(one, language) for one in (step.what, said(step.at), step.clock)) for step in found.steps
    ]
    for what, when, clock in steps:
        dots.append(y - 4)
        for at, text in enumerate(_wrapped(what)):
            parts.append(words(_LEFT, y + at * _LINE, text, size=_SIZE, bold=True))
        y += _LINE * len(_wrapped(what))
        parts.append(words(_LEFT, y, f"{when}, {clock}", size=_SIZE - 1))
        y += _LINE + _GAP
    if len(dots) > 1:
        parts.append(line(10, dots[0], 10, dots[-1], opacity=0.5))
    parts += [dot(10, at, 5) for at in dots]
    told = "; ".join(f"{what}, {when}" for what, when, _ in steps)
    alt = in_language(
        Sentence(
            ("The way of this record in {number} step: {told}.", "The way of this record in {number} steps: {told}."),
            number=len(steps),
            told=told,
        ),
        language,
    )
    title = in_language(Sentence("What became of this record"), language)
    return Figure("custody", title, svg(y, parts, alt), alt, (("what", "when", "by"), *steps))


def _wrapped(text: str) -> list[str]:
    """Words in lines that fit; a word that is wider than a line (Korean, Japanese, digests) is broken where it must."""
    lines, wide = [""], 0.0
    for word in text.split(" "):
        size = _width(word)
        if lines[-1] and wide + _width(" ") + size <= _WIDE:
            lines[-1], wide = f"{lines[-1]} {word}", wide + _width(" ") + size
            continue
        if lines[-1]:
            lines.append("")
        wide = 0.0
        for letter in word:
            if lines[-1] and wide + _width(letter) > _WIDE:
                lines.append("")
                wide = 0.0
            lines[-1], wide = lines[-1] + letter, wide + _width(letter)
    return lines


def _width(text: str) -> float:
    """About how wide bold letters are drawn, in units of the drawing."""
    return sum(_SIZE * (1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.62) for letter in text)
