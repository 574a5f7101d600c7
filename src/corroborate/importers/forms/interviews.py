"""Our own form of an interview, as it comes back from KoboToolbox or ODK Central: each submission as
:mod:`corroborate.importers.by_hand` reads what was typed."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, Protocol

from corroborate.errors import InputRefused
from corroborate.importers.by_hand import OF_CONSENT, OF_MEETING, OF_SOURCE, ROWS
from corroborate.importers.coding import coding_table
from corroborate.importers.exports import Export, ExportSource
from corroborate.importers.forms.questions import ANSWERED, CHOSEN
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
    """Each submission as a source, with ``more["typed"]``: what was typed, by part and field; and ``more["edited"]``:
    whether its answers were changed on the server since it was sent. Raises InputRefused where the file does not say
    of which submission a row is, or which it is: a file that was sorted, cut or typed into."""
    main, *repeats = groups
    sent = {key: cells for key, _, cells in main.rows}
    rows: dict[str, dict[str, list[JSON]]] = {}
    for group in repeats:
        for _, parent, cells in group.rows:
            typed = {part: row for part, row in _typed(cells).items() if part in ROWS and row}
            if not typed:
                continue
            _check_parent(group.name, cells, sent.get(parent))
            for part, row in typed.items():
                rows.setdefault(parent, {}).setdefault(part, []).append(dict(row))
    found = dict[str, ExportSource]()
    for key, _, cells in main.rows:
        parts: dict[str, Any] = {part: typed for part, typed in _typed(cells).items() if part not in ROWS}
        title = str(parts.get("source", {}).get("title", ""))
        identity, edited = _identity(cells, title)
        more: dict[str, JSON] = {"typed": {**parts, **rows.get(key, {})}, "edited": edited}
        made = ExportSource(identity, title, "interview", more=more)
        if found.setdefault(identity, made) != made:
            raise InputRefused(
                "two interviews of the file are one submission, and say different things: {one}, {other}",
                one=found[identity].title,
                other=title,
            )
    return Export("forms", sources=tuple(found.values()), notices=tuple(notices))


def _identity(cells: Mapping[str, str], title: str) -> tuple[str, bool]:
    """By what a submission is known again, and whether it was edited since it was sent. KoboToolbox gives an edited one
    another ``_uuid`` and keeps the first beside it; ODK Central keeps its KEY and counts."""
    first = next((cell for heading, cell in cells.items() if heading.endswith("meta/rootUuid")), "")
    uuid, key = cells.get("_uuid", ""), cells.get("KEY", "")
    root = first.strip().removeprefix("uuid:")
    if not (root or uuid or key):
        raise InputRefused(
            "{title}: the file does not say which submission it is (_uuid, KEY): a later file would record it again",
            title=title,
        )
    edits = cells.get("Edits", "")
    return root or uuid or key, bool(root and uuid and root != uuid) or (edits.isdigit() and int(edits) > 0)


def _check_parent(sheet: str, cells: Mapping[str, str], parent: Mapping[str, str] | None) -> None:
    """Raises InputRefused for a row of no submission in the file, or that its file says to be of another one."""
    said = cells.get("_submission__uuid", "")
    if parent is None or (said and said != parent.get("_uuid")):
        raise InputRefused(
            "{sheet}, row {row}: the file does not say of which interview it is; export it anew, and change nothing",
            sheet=sheet,
            row=cells.get("_index") or cells.get("KEY", ""),
        )


def typed_in(export: Export) -> dict[str, dict[str, Any]]:
    """By submission of our form: what was typed into it. Nothing for another export."""
    return {one.key: dict(typed) for one in export.sources if isinstance(typed := one.more.get("typed"), Mapping)}


def edited(export: Export) -> frozenset[str]:
    """Which submissions of our form were changed on the server since they were sent."""
    return frozenset(one.key for one in export.sources if one.more.get("edited"))


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
    _check_choices(cells)
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
        if _denies(row):
            return found  # the words stay what was done, so that whoever records it is asked which of the two it is
        if row.get("what") and not row.get("words"):
            row["words"] = row["what"]
        row["what"] = picked
    return found


def _denies(row: Mapping[str, str]) -> bool:
    """Whether the words beside what was picked say that it was not done, or feared alone, and nobody chose that."""
    told = {act.said for act in coding_table().read(row.get("what", "")).acts}
    return not row.get("stance") and bool(told) and "for" not in told


def _check_choices(cells: Mapping[str, str]) -> None:
    """Raises InputRefused where a question of what is allowed is answered twice and otherwise: joined in one cell, and
    ticked in columns of their own. Which of the two was typed over later, no file says."""
    for heading, cell in cells.items():
        if _FIELDS.get(_last(heading), ("", ""))[1] not in AUDIENCES:
            continue
        ticks = {_last(one): told for one, told in cells.items() if one.startswith(f"{heading}/") and told in ANSWERED}
        ticked = " ".join(one for one, told in ticks.items() if told in CHOSEN)
        if ticks and set(cell.split()) != set(ticked.split()):
            raise InputRefused(
                "{question} says {one!r} in one column and {other!r} in others: export it anew, and change nothing",
                question=_last(heading),
                one=cell,
                other=ticked,
            )


__all__ = [
    "FORM",
    "LEFT_OUT",
    "PARTS",
    "PICKED",
    "are_interviews",
    "check_list",
    "edited",
    "export_of",
    "name_of",
    "typed_in",
]
