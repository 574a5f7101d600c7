"""Members and supporters as a published statement lists them. Faults of its layout are split and flagged."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from corroborate.errors import InputRefused
from corroborate.values import JSON
from corroborate.vocabulary import load

Kind = Literal["organisation", "individual"]

# Countries as statements print them, ISO 3166-1 alpha-2, and the regions the coalition itself names.
COUNTRIES = {
    "ROK": ("KR", "Asia"), "South Korea": ("KR", "Asia"), "Republic of Korea": ("KR", "Asia"), "Japan": ("JP", "Asia"),
    "Thailand": ("TH", "Asia"), "Indonesia": ("ID", "Asia"), "Bangladesh": ("BD", "Asia"), "India": ("IN", "Asia"),
    "Philippines": ("PH", "Asia"), "Malaysia": ("MY", "Asia"), "Taiwan": ("TW", "Asia"), "Mongolia": ("MN", "Asia"),
    "Cambodia": ("KH", "Asia"), "Nepal": ("NP", "Asia"), "Sri Lanka": ("LK", "Asia"), "Pakistan": ("PK", "Asia"),
    "USA": ("US", "North America"), "US": ("US", "North America"), "United States": ("US", "North America"),
    "Canada": ("CA", "North America"), "Brazil": ("BR", "Latin America"), "Paraguay": ("PY", "Latin America"),
    "Argentina": ("AR", "Latin America"), "Chile": ("CL", "Latin America"), "Mexico": ("MX", "Latin America"),
    "Peru": ("PE", "Latin America"), "Colombia": ("CO", "Latin America"), "Belgium": ("BE", "Europe"),
    "Czech Republic": ("CZ", "Europe"), "Czechia": ("CZ", "Europe"), "France": ("FR", "Europe"),
    "Germany": ("DE", "Europe"), "United Kingdom": ("GB", "Europe"), "UK": ("GB", "Europe"), "Norway": ("NO", "Europe"),
    "Netherlands": ("NL", "Europe"), "Switzerland": ("CH", "Europe"), "Poland": ("PL", "Europe"),
    "Spain": ("ES", "Europe"), "Italy": ("IT", "Europe"), "Sweden": ("SE", "Europe"), "Ukraine": ("UA", "Europe"),
    "Australia": ("AU", "Oceania"), "New Zealand": ("NZ", "Oceania"), "South Africa": ("ZA", "Africa"),
}  # fmt: skip
ADJECTIVES = {"Japanese": "Japan", "Canadian": "Canada", "Brazilian": "Brazil", "Indonesian": "Indonesia"}
_TITLES = re.compile(r"^(?:Dr|Prof|Professor|Rev|Mr|Mrs|Ms|Fr|Sr)\.? (?=\w)")
_DASH = re.compile(r"^\s*[-–—•*·]\s+")
_LAST_BRACKETS = re.compile(r"^(?P<before>.*?)\s*\((?P<inside>[^()]*)\)\s*$", re.S)
_HEADING = re.compile(
    r"^(?=.*\b(?:members|supporters|signator(?:y|ies)|signed by|endorsed by)\b).*(?::|\bfollows)\s*$", re.I | re.S
)
# Words that only the name of an organisation has: they keep "Committee X, Y" from being read as a person.
_ORGANISATION = re.compile(
    r"\b(?:Council|Committee|Association|Coalition|Federation|International|Rights|Watch|House|Campaign|Network|"
    r"Alliance|Society|Center|Centre|Radio|Foundation|Justice|Freedom|Funds?|Solidarity|Partnership|Worldwide|Liberty|"
    r"Korea|NK|Gulag|People|Prayer|Service|Voice|Fence|Union|Institute|Group|Movement|Lawyers|Commission|Initiative)\b",
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


def read_members(text: str) -> tuple[Member, ...]:
    """Read the list of members of a statement: dashed lines after a heading that speaks of members or supporters.

    A line without a dash inside the list belongs to no entry by itself: where it begins with a country in brackets and
    goes on with a dash, it closes the entry before it and opens another, and both are flagged for a person.
    """
    numbered = list(enumerate(text.replace("\r\n", "\n").split("\n"), start=1))
    start = max(
        (at for at, (_, line) in enumerate(numbered) if _HEADING.match(line.strip())),
        default=None,
    )
    if start is None:
        raise InputRefused("no heading such as “Members and supporters … are as follows:” stands in the text")
    entries: list[tuple[str, tuple[int, int], str]] = []
    for number, line in numbered[start + 1 :]:
        if not line.strip():
            continue
        if _DASH.match(line):
            entries.append((_DASH.sub("", line).strip(), (number, number), ""))
            continue
        if not entries:
            raise InputRefused(
                f"line {number} follows the heading of the list and begins with no dash: {line.strip()!r}"
            )
        before, (first, _), _ = entries[-1]
        split = re.match(r"^\s*(\([^()]*\))\s+[-–—]\s+(\S.*)$", line)
        if split:
            why = (
                f"lines {first}-{number}: a line break stands inside an entry, and the line goes on after a dash; read "
                f"as two members, “{before} {split[1]}” and “{split[2].strip()}”; a person must confirm"
            )
            entries[-1] = (f"{before} {split[1]}", (first, number), why)
            entries.append((split[2].strip(), (first, number), why))
        else:
            why = f"lines {first}-{number}: an entry goes on without a dash; read as one; a person must confirm"
            entries[-1] = (f"{before} {line.strip()}", (first, number), why)
    if not entries:
        raise InputRefused("the heading of the list is there, and no dashed line after it")
    return tuple(replace(_member(entry), lines=lines, flag=flag) for entry, lines, flag in entries)


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


def _member(entry: str) -> Member:
    rest, printed, abbreviation = entry, "", ""
    while found := _LAST_BRACKETS.match(rest):
        inside, before = found["inside"].strip(), found["before"].strip()
        if inside in COUNTRIES and not printed:
            rest, printed = before, inside
        elif _abbreviates(inside, before):
            rest, abbreviation = before, inside
        elif _abbreviates(before, inside):  # abbreviation first, the full name in brackets
            rest, abbreviation = inside, before
            break
        else:
            break
    name, affiliation, kind = rest, "", "organisation"
    dashed = re.match(r"^(?P<name>.+?)\s+[-–—]\s+(?P<short>\S+)$", rest)
    if dashed and _abbreviates(dashed["short"], dashed["name"]):
        name, abbreviation = dashed["name"], dashed["short"]
    else:
        person = _person(rest)
        if person:
            name, affiliation = person
            kind = "individual"
    country, basis, region = _country(printed, name, affiliation, kind)
    return Member(
        _TITLES.sub("", name) if kind == "individual" else name,
        "individual" if kind == "individual" else "organisation",
        printed, country, basis, region, abbreviation, affiliation,
    )  # fmt: skip


def _person(text: str) -> tuple[str, str] | None:
    """Name and affiliation of an individual, or None for an organisation."""
    bare = _TITLES.sub("", text)
    head, comma, tail = bare.partition(", ")
    words = head.split()
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
    if printed:
        return COUNTRIES[printed][0], "printed", COUNTRIES[printed][1]
    if kind == "organisation":
        for word, known in [*((c, c) for c in COUNTRIES if len(c) > 3), *ADJECTIVES.items()]:
            # a member whose name tells what it works on ("for Human Rights in North Korea") has no country from it
            if re.search(rf"(?:^{word}\b|\b(?:of|for) {word}$)", name):
                return COUNTRIES[known][0], "name", COUNTRIES[known][1]
        for region, pattern in (("Asia", r"^Asian?\b"), ("Europe", r"^European?\b")):
            if re.search(pattern, name):
                return "", "none", region
    return "", "none", ""
