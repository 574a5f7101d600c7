"""Sign-on sheets: who signed, as forms and mailing programs write it down. One row an answer, the last one counts."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from corroborate.coalition.countries import code_of, country_name, region_of
from corroborate.coalition.lists import folded
from corroborate.coalition.members import ListOfMembers, Member
from corroborate.coalition.memberships import Details
from corroborate.coalition.statements import Round, SignOn
from corroborate.translation import Sentence
from corroborate.values.rows import defused


@cache
def _columns() -> Mapping[str, re.Pattern[str]]:
    text = resources.files("corroborate.coalition").joinpath("sign_on_columns.yaml").read_text(encoding="utf-8")
    return {field: re.compile("|".join(patterns)) for field, patterns in yaml.safe_load(text).items()}


_YES = re.compile(
    r"^\W*(?:(?:yes|y|si|sim|oui|ja|да|так|true|1|(?:we|i) (?:do|sign|endorse|agree)|agree|sign(?:ed)?|firmamos|x)\b|"
    r"예|네|はい|نعم|동의|서명|賛同|✓|✔)",
    re.I,
)
_SIGNED_TAG = re.compile(r"signator|signed|sign-?on|petition|firmante|signataire|endors", re.I)


def is_sign_on_sheet(columns: Sequence[str]) -> bool:
    """Whether the columns are those of answers to a call to sign."""
    found = _found(columns)
    named = {"organisation", "signer", "account", "first"} & set(found)
    asked = {"sign", "tags"} & set(found) or {"time", "email"} <= set(found) or {"confirmed", "email"} <= set(found)
    return bool(named) and bool(asked)


def _found(columns: Sequence[str]) -> dict[str, str]:
    """Field -> column. Each column serves one field; questions are known by their words."""
    found: dict[str, str] = {}
    for field, pattern in _columns().items():
        for column in columns:
            if column not in found.values() and pattern.search(folded(" ".join(column.split()))):
                found[field] = column
                break
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of a sheet: who answered, whether it signs, and what else it said. ``address`` is for whoever writes to
    people of the public, and for nothing else."""

    line: int
    member: Member
    signs: bool
    address: str = ""
    confirmed: bool | None = None  # whether the sheet says that the address was confirmed; None where it does not say
    words: str = ""
    shown: bool = False  # whether it let its name be shown


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers that count, in the order of their first rows, and what a person should know of the others."""

    answers: tuple[Answer, ...]
    heading: str
    notices: tuple[str, ...] = ()


def read_answers(columns: Sequence[str], rows: Iterable[tuple[int, Mapping[str, str]]]) -> Sheet:
    """Who answered. ``rows``: line and cells, in the order in which they were answered.

    Where one body answers twice (by its e-mail address or its name) the later row counts.
    """
    field = _found(columns)
    answers: dict[str, Answer] = {}
    notices: list[str] = []
    for line, cells in rows:
        said = {name: " ".join(cells.get(column, "").split()) for name, column in field.items()}
        signer = (
            said.get("signer") or said.get("account") or " ".join(filter(None, (said.get("first"), said.get("last"))))
        )
        organisation = said.get("organisation", "")
        if not (organisation or signer):
            notices.append(Sentence("row {line} names nobody and was left out", line=line))
            continue
        address = said.get("email", "")
        address = "" if address.casefold() == "anonymous" else address
        key = address.casefold() or folded(organisation or signer)
        if key in answers:
            notices.append(
                Sentence(
                    "rows {answers} and {line} are of one body, {organisation}: the later counts",
                    answers=answers[key].line,
                    line=line,
                    organisation=organisation or signer,
                )
            )
        answers[key] = Answer(
            line,
            _member(organisation, signer, said, line),
            _signs(field, said),
            address,
            _says_yes(said["confirmed"]) if "confirmed" in field else None,
            said.get("words", ""),
            _says_yes(said.get("shown", "")),
        )
    heading = ", ".join(column for column in field.values())
    return Sheet(tuple(answers.values()), heading[:200], tuple(notices))


def read_sign_ons(columns: Sequence[str], rows: Iterable[tuple[int, Mapping[str, str]]]) -> ListOfMembers:
    """Who signed, of :func:`read_answers`. A body that says no, that did not confirm where the sheet says who did, or
    whose tags do not say that it signs, is no signatory, and is said. Addresses of people are read and not kept.
    """
    sheet = read_answers(columns, rows)
    notices = list(sheet.notices)
    refused = [one for one in sheet.answers if not one.signs]
    if refused:
        listed = ", ".join(f"{one.member.name} (row {one.line})" for one in refused)
        notices.append(Sentence("no signatories, by their own answer: {listed}", listed=listed))
    waiting = [one for one in sheet.answers if one.signs and one.confirmed is False]
    if waiting:
        listed = ", ".join(f"{one.member.name} (row {one.line})" for one in waiting)
        notices.append(Sentence("no signatories, since they did not confirm: {listed}", listed=listed))
    members = tuple(one.member for one in sheet.answers if one.signs and one.confirmed is not False)
    lines = [one.line for one in sheet.answers]
    return ListOfMembers(members, min(lines, default=0), max(lines, default=0), sheet.heading, tuple(notices))


def _says_yes(cell: str) -> bool:
    return bool(_YES.match(folded(cell)))


def _signs(field: Mapping[str, str], said: Mapping[str, str]) -> bool:
    if "sign" in field:
        return _says_yes(said["sign"])
    return not field.get("tags") or bool(_SIGNED_TAG.search(said["tags"]))


def _member(organisation: str, signer: str, said: Mapping[str, str], line: int) -> Member:
    printed = said.get("country", "")
    code = code_of(printed) or ""
    flag = (
        ""
        if code or not printed
        else Sentence("row {line}: “{printed}” is no country that we know; confirm", line=line, printed=printed)
    )
    role = said.get("role", "")
    by = ", ".join(part for part in (signer, role) if part)
    return Member(
        organisation or signer, "organisation" if organisation else "individual", printed, code,
        "printed" if code else "none", region_of(code), "", "" if organisation else role, flag, (line, line),
        by if organisation else "",
    )  # fmt: skip


COLUMNS = (
    "Timestamp",
    "Name of organisation",
    "Your name",
    "Country",
    "Do you sign this text?",
    "Comment",
    "Way",
    "SHA-256 of the text",
)


def write_sign_ons(spoken: Iterable[tuple[SignOn, Details]], round_: Round) -> bytes:
    """Who spoke, as a form writes it down: CSV in UTF-8. Whoever signed another version says "No" to the one that
    stands. Cells that a spreadsheet would run as a formula are defused; no address of anybody is among them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one, details in spoken:
        whole = details.kind == "organisation"
        signs = one.choice == "with us" and round_.stands_under(one)
        cells = (
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            details.name if whole else "",
            "" if whole else details.name,
            country_name(details.country, "en") if details.country else "",
            "Yes" if signs else "No",
            one.words,
            "on paper" if one.paper else "by key",
            one.digest.hex,
        )
        writer.writerow(map(defused, cells))
    return out.getvalue().encode()
