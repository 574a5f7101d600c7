"""Members and supporters as a published statement lists them. Faults of its layout are split and flagged."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corroborate.coalition.countries import country_codes, region_of
from corroborate.errors import InputRefused
from corroborate.values import JSON
from corroborate.vocabulary import load

Kind = Literal["organisation", "individual"]

ADJECTIVES = {"Japanese": "Japan", "Canadian": "Canada", "Brazilian": "Brazil", "Indonesian": "Indonesia"}
COUNTRIES = country_codes()
_TITLES = re.compile(r"^(?:Dr|Prof|Professor|Rev|Mr|Mrs|Ms|Fr|Sr)\.? (?=\w)")
_DASH = re.compile(r"^\s*(?:[-–—•*·▪◦‣]\s+|[・○◯●■□▶]\s*|\(?\d{1,3}[.)]\s+)")
_LAST_BRACKETS = re.compile(r"^(?P<before>.*?)\s*\((?P<inside>[^()]*)\)\s*$", re.S)
_HEADING = re.compile(
    r"^(?=.*\b(?:members|supporters|signator(?:y|ies)|signed by|endorsed by|endorsing organi[sz]ations)\b)"
    r".*(?::|\bfollows)\s*$|"
    r"^[^,.:]{0,30}(?:서명|연명|참여|연대|지지|공동)\s*(?:단체|기관|인|자|개인)(?:\s*(?:명단|일동))?\s*[:：]?\s*$|"
    r"^.{0,12}(?:賛同|署名|参加|呼びかけ|連名)(?:団体|者|人|個人)(?:一覧|名簿)?\s*[:：]?\s*$|"
    r"^(?:signator(?:y|ies)|signed by|endorsed by|endorsing organi[sz]ations|"
    r"(?:organi[sz]ational|individual) signatories)$",
    re.I | re.S,
)
# A list that stands in one paragraph with its heading: "Signed by: A (Japan), B (ROK) and C."
_RUN = re.compile(
    r"^(?:signed by|endorsed by|signator(?:y|ies)|supported by|members(?: and supporters)?|"
    r"(?:서명|연명|참여)\s*(?:단체|인)|(?:賛同|署名|参加)(?:団体|者))\s*[:：]\s*(?P<run>\S.*)$",
    re.I,
)
_SECTION = re.compile(
    r"^[^\w]*(?:(?P<organisations>organi[sz]ations?|organi[sz]ational signatories|단체|기관|団体)|"
    r"(?P<individuals>individuals?|individual signatories|persons|개인|個人|有識者))\s*[:：]?\s*$",
    re.I,
)
# Words that only the name of an organisation has: they keep "Committee X, Y" from being read as a person.
_ORGANISATION = re.compile(
    r"\b(?:Council|Committee|Association|Coalition|Federation|International|Rights|Watch|House|Campaign|Network|"
    r"Alliance|Society|Center|Centre|Radio|Foundation|Justice|Freedom|Funds?|Solidarity|Partnership|Worldwide|Liberty|"
    r"Korea|NK|Gulag|People|Prayer|Service|Voice|Fence|Union|Institute|Group|Movement|Lawyers|Commission|Initiative)\b|"
    r"연합|단체|위원회|협회|모임|센터|재단|인권|시민|연대|네트워크|본부|の会|団体|委員会|協会|センター|ネットワーク|財団|連合|機構",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:Director|Representative|Member|Scholar|Fellow|Professor|Recipient|author|President|Chair|Founder|Advisor|"
    r"Researcher|Journalist|Lawyer|Secretary)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One member or supporter as printed. ``country`` is the ISO code; its basis says how we know it."""

    name: str
    kind: Kind
    country_printed: str = ""
    country: str = ""
    country_basis: Literal["printed", "name", "affiliation", "none"] = "none"
    region: str = ""
    abbreviation: str = ""
    affiliation: str = ""
    flag: str = ""  # what a person must confirm
    lines: tuple[int, int] = (0, 0)

    def as_json(self) -> dict[str, JSON]:
        """Stable keys; empty parts are null."""
        return {
            "name": self.name, "kind": self.kind, "country": self.country or None,
            "abbreviation": self.abbreviation or None, "affiliation": self.affiliation or None,
            "flag": self.flag or None, "country_printed": self.country_printed or None,
            "country_basis": self.country_basis, "region": self.region or None, "lines": list(self.lines),
        }  # fmt: skip


LONGEST_ENTRY = 300  # characters


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is printed for one member, with what the headings above it say."""

    text: str
    lines: tuple[int, int]
    flag: str = ""
    kind: Kind | None = None
    country: str = ""  # as the heading above prints it


def read_members(text: str) -> tuple[Member, ...]:
    """Read the list of members of a statement: entries after a heading that speaks of members or supporters.

    Read are dashed or numbered lines, in English, Korean or Japanese, under headings of countries, organisations and
    individuals where there are any; one entry a line without dashes; and a run of names in one paragraph. A line
    without a dash inside a dashed list belongs to no entry by itself: where it begins with a country in brackets and
    goes on with a dash, it closes the entry before it and opens another, and both are flagged for a person.
    """
    lines = text.replace("\r\n", "\n").replace("\u3000", " ").split("\n")
    numbered = [(at, line.strip()) for at, line in enumerate(lines, start=1) if line.strip()]
    start = _start(numbered)
    if start is None:
        runs = [(at, found["run"]) for at, line in numbered if (found := _RUN.match(line))]
        if not runs:
            raise InputRefused("no heading such as “Members and supporters … are as follows:” stands in the text")
        entries = [entry for at, run in runs for entry in _run(run, at)]
    else:
        entries = _listed(numbered[start:])
    if not entries:
        raise InputRefused("the heading of the list is there, and no dashed line after it")
    long = next((one for one in entries if len(one.text) > 2 * LONGEST_ENTRY), None)
    if long is not None:
        raise InputRefused(f"line {long.lines[0]} stands in the list and is longer than any name: {long.text[:60]!r}…")
    return tuple(replace(_member(one.text, one.kind, one.country), lines=one.lines, flag=one.flag) for one in entries)


def _start(numbered: Sequence[tuple[int, str]]) -> int | None:
    """Where the list begins: its last heading, and before it those that only divide the list."""
    headings = [at for at, (_, line) in enumerate(numbered) if _HEADING.match(line)]
    if not headings:
        return None
    start = headings[-1]
    for earlier in reversed(headings[:-1]):
        between = [line for _, line in numbered[earlier + 1 : start]]
        if len(numbered[earlier][1].split()) > 6 or not all(
            _DASH.match(line) or _heading_within(line) or _HEADING.match(line) for line in between
        ):
            break
        start = earlier
    return start


def _heading_within(line: str) -> bool:
    return bool(_SECTION.match(line)) or line.rstrip(":： ") in COUNTRIES


def _listed(numbered: Sequence[tuple[int, str]]) -> list[_Entry]:
    dashed = any(_DASH.match(line) for _, line in numbered[1:])
    if not dashed and len(numbered) > 1 and _runs_on(numbered[1][1]):
        return [entry for at, line in numbered[1:] for entry in _run(line, at)]
    body = [(at, line) for at, line in numbered if not _heading_within(line) and not _HEADING.match(line)]
    if not dashed and (len(body) < 2 or any(len(line) > 160 or line.endswith((".", "。", "다.")) for _, line in body)):
        if not body:
            return []
        number, line = body[0]
        raise InputRefused(f"line {number} follows the heading of the list and begins with no dash: {line!r}")
    entries: list[_Entry] = []
    kind: Kind | None = _kind_of_heading(numbered[0][1])
    country = ""
    for number, line in numbered[1:]:
        if line.rstrip(":： ") in COUNTRIES and not _DASH.match(line):
            country = line.rstrip(":： ")
        elif _SECTION.match(line) or _HEADING.match(line):
            kind, country = _kind_of_heading(line), ""
        elif not dashed or _DASH.match(line):
            entries.append(_Entry(_DASH.sub("", line).strip(), (number, number), "", kind, country))
        elif not entries:
            raise InputRefused(f"line {number} follows the heading of the list and begins with no dash: {line!r}")
        elif len(line) > LONGEST_ENTRY:
            break  # a paragraph after the list
        else:
            entries[-1:] = _continued(entries[-1], number, line)
    return entries


def _kind_of_heading(line: str) -> Kind | None:
    if re.search(r"individual|persons|개인|서명인|個人|有識者", line, re.I):
        return "individual"
    if re.search(r"organi[sz]ation|단체|기관|団体", line, re.I):
        return "organisation"
    return None


def _continued(before: _Entry, number: int, line: str) -> list[_Entry]:
    first = before.lines[0]
    split = re.match(r"^(\([^()]*\))\s+[-–—]\s+(\S.*)$", line)
    if split:
        why = (
            f"lines {first}-{number}: a line break stands inside an entry, and the line goes on after a dash; read "
            f"as two members, “{before.text} {split[1]}” and “{split[2].strip()}”; a person must confirm"
        )
        return [
            replace(before, text=f"{before.text} {split[1]}", lines=(first, number), flag=why),
            replace(before, text=split[2].strip(), lines=(first, number), flag=why),
        ]
    why = f"lines {first}-{number}: an entry goes on without a dash; read as one; a person must confirm"
    return [replace(before, text=f"{before.text} {line}", lines=(first, number), flag=why)]


def _runs_on(line: str) -> bool:
    """Whether a paragraph is a run of names: several separators outside brackets."""
    return len(_split(line)) >= 3


def _split(run: str) -> list[str]:
    """Parts between separators that stand outside brackets; semicolons separate where there are any."""
    bare = re.sub(r"\([^()]*\)|（[^（）]*）", "", run)
    marks = ";；" if re.search("[;；]", bare) else ",、，"
    parts, depth, part = [], 0, ""
    for letter in run:
        depth += (letter in "(（") - (letter in ")）")
        if letter in marks and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    return [one for one in (*parts, part.strip()) if one]


def _run(run: str, number: int) -> list[_Entry]:
    entries: list[_Entry] = []
    for part in _split(run.rstrip(" .。")):
        for name in re.split(r"\s+(?:and|&)\s+(?=[^()]*(?:\([^()]*\))?[^()]*$)", part) if _ends(part, run) else [part]:
            name = re.sub(r"^(?:and|및|および|並びに)\s+", "", name.strip())
            if entries and (
                (not name[:1].isupper() and name[:1].isascii()) or re.fullmatch(r"Inc\.?|Ltd\.?|e\.V\.?", name)
            ):
                why = f"line {number}: a comma stands inside a name, or a name begins small; read as one; confirm"
                entries[-1] = replace(entries[-1], text=f"{entries[-1].text}, {name}", flag=why)
            elif name:
                entries.append(_Entry(name, (number, number)))
    return entries


_LAST_AND = re.compile(r"\s+(?:and|&)\s+(?=[^()]*(?:\([^()]*\))?[^()]*$)")


def _ends(part: str, run: str) -> bool:
    """Only the last part of a run may hold two names joined by "and"; elsewhere the word belongs to a name."""
    return run.rstrip(" .。").endswith(part)


_COLUMNS: Mapping[str, str] = {
    "name": r"^(?:full )?names?$|^signator(?:y|ies)$|^이름$|^성명$|^氏名$|^名前$|^名称$",
    "organisation": r"organi[sz]ation|단체|기관|団体",
    "country": r"^countr(?:y|ies)$|^나라$|^국가$|^国$|^国名$",
    "affiliation": r"affiliation|institution|소속|所属",
    "abbreviation": r"abbreviation|acronym|약칭|略称",
    "kind": r"^(?:kind|type)$|^종류$|^구분$|^種別$",
}


def read_table_of_members(table: Sequence[Sequence[str]]) -> tuple[Member, ...]:
    """Members from a table whose first row names its columns; none when it has no column of names."""
    if len(table) < 2:
        return ()
    columns: dict[str, int] = {}
    for at, heading in enumerate(table[0]):
        for column, pattern in _COLUMNS.items():
            if column not in columns and re.search(pattern, heading.strip(), re.I):
                columns[column] = at
                break
    if not columns.keys() & {"name", "organisation"}:
        return ()
    found = []
    for number, row in enumerate(table[1:], start=2):
        cells = {column: row[at].strip() if at < len(row) else "" for column, at in columns.items()}
        if one := _row(cells, number):
            found.append(one)
    return tuple(found)


def _row(cells: Mapping[str, str], number: int) -> Member | None:
    name, organisation = cells.get("name", ""), cells.get("organisation", "")
    kind: Kind | None = _kind_of_heading(cells.get("kind", ""))
    if name and organisation:  # a person beside the organisation that it belongs to
        kind = kind or "individual"
    if not (name or organisation):
        return None
    read = _member(name or organisation, kind or (None if name else "organisation"), cells.get("country", ""))
    beside = cells.get("affiliation", "") or (organisation if name else "")
    printed = cells.get("country", "")
    flag = "" if not printed or read.country else f"row {number}: “{printed}” is no country that we know; confirm"
    return replace(
        read, lines=(number, number), flag=flag, abbreviation=cells.get("abbreviation", "") or read.abbreviation,
        affiliation=beside if read.kind == "individual" and beside else read.affiliation,
    )  # fmt: skip


def register() -> tuple[Member, ...]:
    """The founding members and supporters of December 2011, from the reviewed vocabulary."""
    return tuple(
        Member(
            entry.label["en"], entry.more["kind"], entry.more.get("country_printed", ""), entry.more.get("country", ""),
            entry.more["country_basis"], entry.more.get("region", ""), entry.more.get("abbreviation", ""),
            entry.more.get("affiliation", ""), entry.more.get("flag", ""),
        )
        for entry in load("members").entries.values()
    )  # fmt: skip


def _member(entry: str, hint: Kind | None = None, under: str = "") -> Member:
    """One entry. ``hint`` and ``under``: kind and country that the headings above it give."""
    rest, printed, abbreviation, beside = entry.replace("（", "(").replace("）", ")"), "", "", ""
    while found := _LAST_BRACKETS.match(rest):
        inside, before = found["inside"].strip(), found["before"].strip()
        head, comma, tail = inside.rpartition(",")
        if inside in COUNTRIES and not printed:
            rest, printed = before, inside
        elif comma and tail.strip() in COUNTRIES and not printed:  # (Aid House, Norway), (PU, ROK)
            rest, printed = f"{before} ({head.strip()})", tail.strip()
        elif _abbreviates(inside, before):
            rest, abbreviation = before, inside
        elif _abbreviates(before, inside):  # abbreviation first, the full name in brackets
            rest, abbreviation = inside, before
            break
        elif hint == "individual" or (hint is None and (_TITLES.match(before) or _korean_person(before))):
            rest, beside = before, inside
        else:
            break
    name, affiliation, kind = rest, "", "organisation"
    dashed = re.match(r"^(?P<name>.+?)\s+[-–—]\s+(?P<short>\S+)$", rest)
    if dashed and _abbreviates(dashed["short"], dashed["name"]):
        name, abbreviation = dashed["name"], dashed["short"]
    elif hint == "individual":
        bare = _TITLES.sub("", rest)
        head, _, tail = re.sub("[、，]", ", ", bare).partition(", ")
        name, affiliation, kind = head, tail.strip(), "individual"
    elif hint is None and (person := _person(rest)):
        name, affiliation = person
        kind = "individual"
    if beside:
        affiliation, kind = "; ".join(part for part in (affiliation, beside) if part), "individual"
    country, basis, region = _country(printed or under, name, affiliation, kind)
    return Member(
        _TITLES.sub("", name) if kind == "individual" else name,
        "individual" if kind == "individual" else "organisation",
        printed or (under if under in COUNTRIES else ""), country, basis, region, abbreviation, affiliation,
    )  # fmt: skip


def _korean_person(text: str) -> bool:
    """Two to four syllables without a word that only organisations have: with brackets after it, a person."""
    return re.fullmatch(r"[가-힣]{2,4}", text) is not None and not _ORGANISATION.search(text)


def _person(text: str) -> tuple[str, str] | None:
    """Name and affiliation of an individual, or None for an organisation."""
    bare = _TITLES.sub("", text)
    head, comma, tail = bare.partition(", ")
    words = head.split()
    if comma and _korean_person(head):
        return head, tail
    if not 2 <= len(words) <= 4 or _ORGANISATION.search(head) or not all(w[0].isupper() for w in words):
        ranked = re.match(r"^(\w+ \w+),? (.*)$", bare)
        return (ranked[1], ranked[2]) if ranked and comma and _ROLE.search(ranked[2]) else None
    if comma:
        parts = [part.strip() for part in re.split(r"\s+[/&]\s+|,? and (?=author)", tail)]
        return head, "; ".join(re.sub(r"Recipient\b", "recipient", part) for part in parts)
    if bare != text or _looks_like_a_person(words):
        return head, ""
    return None


# Names of people are not told from organisations by shape alone: two capitalised words without a word of organisations
# are read as a person only when neither is a common noun. Small on purpose; the rest is for a person to confirm.
_NOUNS = {
    "voice",
    "katacombs",
    "need",
    "house",
    "home",
    "hope",
    "light",
    "bridge",
    "now",
    "aid",
    "link",
    "fence",
    "action",
}


def _looks_like_a_person(words: list[str]) -> bool:
    return len(words) == 2 and not any(w.isupper() or w.lower() in _NOUNS for w in words)


def _abbreviates(short: str, name: str) -> bool:
    """Whether ``short`` is an abbreviation of ``name``: no longer than it, one to two words, mostly capitals."""
    letters = [c for c in short if c.isalpha()]
    if not letters or len(short) > 14 or len(short) >= len(name) or short in COUNTRIES:
        return False
    capitals = sum(c.isupper() for c in letters)
    return len(name.split()) > 1 and capitals >= 2 and capitals / len(letters) >= 0.6


def _country(
    printed: str, name: str, affiliation: str, kind: str
) -> tuple[str, Literal["printed", "name", "affiliation", "none"], str]:
    if printed in COUNTRIES:
        return COUNTRIES[printed], "printed", region_of(COUNTRIES[printed])
    if kind == "organisation":
        for word, known in [*((c, c) for c in COUNTRIES if len(c) > 3 and c.isascii()), *ADJECTIVES.items()]:
            # a member whose name tells what it works on ("for Human Rights in North Korea") has no country from it
            if re.search(rf"(?:^{word}\b|\b(?:of|for) {word}$)", name):
                return COUNTRIES[known], "name", region_of(COUNTRIES[known])
        for region, pattern in (("Asia", r"^Asian?\b"), ("Europe", r"^European?\b")):
            if re.search(pattern, name):
                return "", "none", region
    return "", "none", ""
