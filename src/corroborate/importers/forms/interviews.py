"""Our own form of an interview, as it comes back from KoboToolbox or ODK Central: each submission as
:mod:`corroborate.importers.by_hand` reads what was typed."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, Protocol

from corroborate.errors import InputRefused
from corroborate.importers.by_hand import OF_CONSENT, OF_MEETING, OF_SOURCE, ROWS
from corroborate.importers.exports import Export, ExportSource
from corroborate.importers.forms.questions import CHOSEN
from corroborate.records import AUDIENCES, RIGHTS
from corroborate.values import JSON

FORM = "corroborate_interview"
LEFT_OUT: Final = {
    ("source", "id"),
    ("source", "heard_before"),
    ("people", "known"),
    ("proceedings", "of"),
}  # of what stands in a vault alone
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "source": (*OF_SOURCE, *OF_MEETING),
    "consent": (*AUDIENCES, *OF_CONSENT),
    **ROWS,
}
PICKED = "acts_picked"  # what was done, by a term of the vocabulary; the words beside it are whoever told them


def name_of(part: str, field: str) -> str:
    """What a question is called in the form: names there have no blanks, and each stands once."""
    return f"{part}_{field}".replace(" ", "_")


_FIELDS: Final = {
    name_of(part, field): (part, field)
    for part, all_ in PARTS.items()
    for field in all_
    if (part, field) not in LEFT_OUT
}
_CHOICES = {one.replace(" ", "_"): one for one in RIGHTS}


class Group(Protocol):
    """The submissions, or the rows of one repeat group: key, parent's key, cells."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[tuple[str, str, Mapping[str, str]]]: ...


def are_interviews(groups: Sequence[Group]) -> bool:
    """Whether submissions answer our own form."""
    return bool(groups) and any("source_title" in map(_last, cells) for _, _, cells in groups[0].rows[:1])


def export_of(groups: Sequence[Group], notices: Sequence[str]) -> Export:
    """Each submission as a source, with ``more["typed"]``: what was typed, by part and field."""
    main, *repeats = groups
    rows: dict[str, dict[str, list[JSON]]] = {}
    for group in repeats:
        for _, parent, cells in group.rows:
            for part, typed in _typed(cells).items():
                if part in ROWS and typed:
                    rows.setdefault(parent, {}).setdefault(part, []).append(dict(typed))
    found = []
    for key, _, cells in main.rows:
        parts: dict[str, Any] = {part: typed for part, typed in _typed(cells).items() if part not in ROWS}
        title = str(parts.get("source", {}).get("title", ""))
        identity = cells.get("_uuid") or cells.get("KEY") or key
        found.append(ExportSource(identity, title, "interview", more={"typed": {**parts, **rows.get(key, {})}}))
    return Export("forms", sources=tuple(found), notices=tuple(notices))


def typed_in(export: Export) -> dict[str, dict[str, Any]]:
    """By submission of our form: what was typed into it. Nothing for another export."""
    return {one.key: dict(typed) for one in export.sources if isinstance(typed := one.more.get("typed"), Mapping)}


def check_list(export: Export, name: str) -> None:
    """Raises InputRefused for answers to our own form: no list says who told something and what they allow."""
    if typed_in(export):
        raise InputRefused(
            "{name} holds answers to the form of an interview: `corroborate interview {name}` records them", name=name
        )


def _last(heading: str) -> str:
    """A heading without the groups that it stands in."""
    return heading.replace("-", "/").rpartition("/")[2]


def _typed(cells: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By part: field -> words. A choice with a column of its own stands behind the name of its question."""
    found: dict[str, dict[str, str]] = {}
    chosen = [
        (question, _last(heading))
        for heading, cell in cells.items()
        if cell in CHOSEN
        for question in [_last(heading.replace("-", "/").rpartition("/")[0])]
        if question in _FIELDS
    ]
    joined = {question: " ".join(one for _, one in some) for question, some in groupby(chosen, lambda pair: pair[0])}
    for heading, cell in [*joined.items(), *cells.items()]:
        name, words = _last(heading), cell.strip()
        if not words or name not in _FIELDS:
            continue
        part, field = _FIELDS[name]
        if field in AUDIENCES:
            words = "; ".join(words.split())
        found.setdefault(part, {})[field] = _CHOICES.get(words, words) if field == "right" else words
    picked = next((cell.strip() for heading, cell in cells.items() if _last(heading) == PICKED), "")
    if picked:
        row = found.setdefault("acts", {})
        if row.get("what") and not row.get("words"):
            row["words"] = row["what"]
        row["what"] = picked
    return found


__all__ = ["FORM", "LEFT_OUT", "PARTS", "PICKED", "are_interviews", "check_list", "export_of", "name_of", "typed_in"]
