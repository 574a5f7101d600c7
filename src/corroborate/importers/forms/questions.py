"""A form as XLSForm: the words of its questions and choices, for exports that hold their names alone."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corroborate.errors import InputRefused
from corroborate.tables import File, Limits
from corroborate.tables.sheets import Sheet
from corroborate.tables.workbooks import workbook

_LARGEST = 8 << 20  # bytes: forms are small
_SEVERAL = "select_multiple"
CHOSEN = ("1", "True", "TRUE", "1.0")  # in the column of one choice
ANSWERED = (*CHOSEN, "0", "False", "FALSE", "0.0")


@dataclass(frozen=True, slots=True)
class Form:
    """``labels``: question or group -> its words. ``choices``: question -> name of a choice -> its words."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    several: frozenset[str] = frozenset()  # questions to which several choices may answer
    worded: Mapping[str, str] = field(default_factory=dict)  # words of a question, in any language -> the question
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # question -> choices in all its languages

    def said(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Cells with the words of their choices instead of the names; what is no choice stays as it is."""
        return {heading: self._answer(heading, cell) for heading, cell in cells.items()}

    def _answer(self, heading: str, cell: str) -> str:
        question = self.question(heading) or ""
        choices = self.choices.get(question, {})
        if not choices or not cell:
            return cell
        if question not in self.several:
            return choices.get(cell, cell)
        parts = cell.split()
        if all(part in choices for part in parts):
            return "; ".join(choices[part] for part in parts)
        return "; ".join(_apart(cell, self.words[question])) or cell

    def question(self, heading: str) -> str | None:
        ends = (heading, *(heading.rpartition(mark)[2] for mark in "/-" if mark in heading))
        return next((one for one in ends if one in self.labels), None) or self.worded.get(heading)

    def heading(self, heading: str, known: bool) -> str:
        """The words of a question, unless its name is known; those of a choice after those of its question."""
        if (question := self.question(heading)) is not None:
            return heading if known else (self.labels[question] or heading)
        before, mark, choice = heading.rpartition("/")
        question = self.question(before) if mark else None
        if question is None:
            return heading
        asked = before if known else (self.labels[question] or before)
        return f"{asked}/{self.choices.get(question, {}).get(choice, choice)}"


def _apart(cell: str, words: frozenset[str]) -> list[str]:
    """Choices that an export joined by blanks; nothing where they can be told apart in no way, or in two."""
    ways: list[list[list[str]]] = [[] for _ in range(len(cell) + 1)]
    ways[0].append([])
    for at in range(len(cell)):
        for word in words if ways[at] else ():
            end = at + len(word)
            if cell.startswith(word, at) and (end == len(cell) or cell[end] == " "):
                ways[min(end + 1, len(cell))] += [[*way, word] for way in ways[at][:2]]
    return ways[len(cell)][0] if len(ways[len(cell)]) == 1 else []


def beside(file: File, questions: frozenset[str]) -> Form | None:
    """The form that lies in the folder of an export and asks what the export answers."""
    if file.path is None:
        return None
    found = [one for path in sorted(file.path.parent.glob("*.xlsx"))[:40]
             if path != file.path and (one := _form(path)) is not None]  # fmt: skip
    return max(found, key=lambda one: len(questions & (set(one.labels) | set(one.worded))), default=None)


def is_form(path: Path) -> bool:
    """Whether a workbook is a form, and holds no answers."""
    return _form(path) is not None


def _form(path: Path) -> Form | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        with zipfile.ZipFile(path) as members:
            head = members.read("xl/workbook.xml") if "xl/workbook.xml" in members.namelist() else b""
        if b'"survey"' not in head or b'"choices"' not in head:
            return None
        sheets = {one.name: one for one in workbook(File.of(path), Limits()).sheets}
        return _read(path.name, list(_rows(sheets["survey"])), list(_rows(sheets["choices"])))
    except (InputRefused, OSError, zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError):
        return None  # another workbook of the folder, which is no form


def _rows(sheet: Sheet) -> Iterator[Mapping[str, str]]:
    lines = sheet.lines()
    heading = [cell.strip() for cell in next(lines).cells]
    for line in lines:
        yield dict(zip(heading, (cell.strip() for cell in line.cells), strict=False))


def _label(row: Mapping[str, str]) -> str:
    """English where the form has it, else its first language."""
    labels = {name: cell for name, cell in row.items() if name == "label" or name.startswith("label::")}
    english = (cell for name, cell in labels.items() if cell and "english" in name.lower())
    return next(english, next((cell for cell in labels.values() if cell), ""))


def _all_labels(row: Mapping[str, str]) -> frozenset[str]:
    return frozenset(cell for name, cell in row.items() if cell and (name == "label" or name.startswith("label::")))


def _read(name: str, survey: Sequence[Mapping[str, str]], choices: Sequence[Mapping[str, str]]) -> Form:
    lists: dict[str, dict[str, str]] = {}
    spoken: dict[str, frozenset[str]] = {}
    for row in choices:
        label = _label(row)
        if row.get("name") and label:
            listed = row.get("list_name") or row.get("list name") or ""
            lists.setdefault(listed, {})[row["name"]] = label
            spoken[listed] = spoken.get(listed, frozenset()) | _all_labels(row)
    labels, chosen, several, words = {}, {}, set(), {}
    worded: dict[str, str] = {}
    for row in survey:
        kind, _, rest = row.get("type", "").partition(" ")
        if not row.get("name"):
            continue
        labels[row["name"]] = _label(row)
        worded |= dict.fromkeys(_all_labels(row), row["name"])
        if kind in ("select_one", _SEVERAL, "rank") and rest.split()[:1]:
            chosen[row["name"]] = lists.get(rest.split()[0], {})
            words[row["name"]] = spoken.get(rest.split()[0], frozenset())
            if kind == _SEVERAL:
                several.add(row["name"])
    return Form(name, labels, chosen, frozenset(several), worded, words)
