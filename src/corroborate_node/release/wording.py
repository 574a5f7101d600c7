"""A release in words that a tired person can read aloud: one sentence, what goes, what stays and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corroborate.translation import Sentence, in_language, number_in
from corroborate_node.core.wording import Words

ROOM = "release"
USES = ("count", "quote", "name", "link", "file", "whole")
# What is counted, by use: of the one sentence, and of the lines under it
COUNTED: Mapping[str, Sentence] = {
    "people_count": Sentence(("{n:,} person counted", "{n:,} people counted")),
    "people_quote": Sentence(("{n:,} of them quoted", "{n:,} of them quoted")),
    "people_name": Sentence(("{n:,} of them by name", "{n:,} of them by name")),
    "people_link": Sentence(("{n:,} person encoded for linkage", "{n:,} people encoded for linkage")),
    "people_file": Sentence(("{n:,} file", "{n:,} files")),
    "people_whole": Sentence(("{n:,} sealed file", "{n:,} sealed files")),
    "people": Sentence(("{n:,} person", "{n:,} people")),
    "records": Sentence(("{n:,} record", "{n:,} records")),
    "under": Sentence(("under {n:,} consent", "under {n:,} consents")),
    "packages_of_others": Sentence(("{n:,} package of other members", "{n:,} packages of other members")),
    "whole_files": Sentence(
        ("{n:,} file of the sealed store, in a package", "{n:,} files of the sealed store, in a package")
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of what goes, or of what stays."""

    head: str
    what: str
    under: str
    doubt: bool = False


def filled(words: Words, key: str, **values: object) -> str:
    """Words with their blanks filled; numbers with separators."""
    shown = {
        name: number_in(f"{one:,}", words.language) if isinstance(one, int) else one for name, one in values.items()
    }
    return words[key].format(**shown)


def counted(words: Words, key: str, n: int) -> str:
    """How many of something, by the rule of the reader's language."""
    return in_language(COUNTED[key].filled(n=n), words.language)


def receiver(words: Words, audience: str, body: str) -> str:
    return body or words[f"to_{audience}".replace(" ", "_")]


def sentence(
    words: Words, audience: str, body: str, until: str | None, told: Mapping[str, Any], *, taken_back: bool = False
) -> str:
    """What goes to whom until when, as one sentence; ``taken_back``: what was to go, and is given no more."""
    parts = [counted(words, f"people_{one['use']}", one["people"] or one["records"]) for one in told["goes"]]
    when = filled(words, "use_until", day=until) if until else ""
    what = words["join"].join(parts) or words["nothing"]
    return filled(words, "gave" if taken_back else "give", to=receiver(words, audience, body), until=when, what=what)


def recall_command(number: int) -> str:
    """What hands over the notes to a release's receivers."""
    return f"corroborate release recall {number} --out recall-{number} --vault DIR"


def goes(words: Words, told: Mapping[str, Any]) -> list[Line]:
    """What goes: counted, quoted, named, files, each with its consents."""
    found = []
    for one in told["goes"]:
        what = counted(words, "people", one["people"])
        if one["use"] == "file":
            what, under = counted(words, "packages_of_others", one["records"]), ""
        else:
            records = "" if one["use"] == "count" else words["join"] + counted(words, "records", one["records"])
            what = counted(words, "whole_files", one["records"]) if one["use"] == "whole" else what + records
            ends = filled(words, "first_ends", day=one["ends"]) if one["ends"] else words["no_end"]
            under = counted(words, "under", one["consents"]) + words["join"] + ends
        found.append(Line(words[f"use_{one['use']}"], what, under))
    return found


def stays(words: Words, told: Mapping[str, Any]) -> list[Line]:
    """What stays, and why; what a person can do something about is marked."""
    found = []
    for one in told["stays"]:
        what = counted(words, "records", one["records"])
        if one["people"]:
            what = counted(words, "people", one["people"]) + words["join"] + what
        found.append(Line("", what, words[f"why_{one['why']}".replace(" ", "_")], one["why"] in ("ended", "blocked")))
    if told["figures_under_ten"]:
        few = number_in(f"{told['figures_under_ten']:,}", words.language)
        found.append(Line("", f"{few} {words['figures']}", words["figures_why"]))
    return found


def beside(words: Words, told: Mapping[str, Any]) -> list[str]:
    """What a reader may find out beside: of few people who stand in this release or an earlier one alone, of people who
    are named without what was done to them, and of namesakes. And which findings what stays here carries."""
    found = []
    for one in told.get("people_apart", ()):  # releases made by an earlier version kept none
        use = words[f"use_{one['use']}"].lower()
        parts = [filled(words, f"{key}_people", n=one[key], use=use) for key in ("more", "fewer") if one[key]]
        found.append(filled(words, "apart", release=f"{one['release']}", what=words["join"].join(parts)))
    for one in told["differences"]:
        title = filled(words, "release", n=one["release"])
        found.append(f"{title}: " + filled(words, "difference", figure=one["figure"]))
    for one in told.get("findings_weaker", ()):
        here, there = (in_language(Sentence(one[key]), words.language) for key in ("here", "there"))
        found.append(filled(words, "weaker", finding=one["element"], here=here, there=there))
    named = ("named_untold", "named_namesakes")
    return found + [filled(words, key, n=told[key]) for key in named if told.get(key)]


def compared(words: Words, before: Any, one: Any) -> tuple[str, list[Line]]:
    """What changed since an earlier release: more or fewer people."""
    people = {part["use"]: part["people"] for part in before.told["goes"]}
    found = []
    for part in one.told["goes"]:
        more = part["people"] - people.get(part["use"], 0)
        if more:
            use = words[f"use_{part['use']}"].lower()
            key = "more_people" if more > 0 else "fewer_people"
            found.append(Line("", filled(words, key, n=abs(more), use=use), ""))
    if not found:
        found.append(Line("", words["same_people"], ""))
    return filled(words, "compared", n=before.number), found
