"""A release in words that a tired person can read aloud: one sentence, what goes, what stays and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corroborate_node.core.wording import Words

ROOM = "release"
USES = ("count", "quote", "name", "link", "file")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of what goes, or of what stays."""

    head: str
    what: str
    under: str
    doubt: bool = False


def filled(words: Words, key: str, **values: object) -> str:
    """Words with their blanks filled; numbers with separators."""
    shown = {name: f"{one:,}" if isinstance(one, int) else one for name, one in values.items()}
    return words[key].format(**shown)


def receiver(words: Words, audience: str, body: str) -> str:
    return body or words[f"to_{audience}".replace(" ", "_")]


def sentence(
    words: Words, audience: str, body: str, until: str | None, told: Mapping[str, Any], *, taken_back: bool = False
) -> str:
    """What goes to whom until when, as one sentence; ``taken_back``: what was to go, and is given no more."""
    parts = [filled(words, f"people_{one['use']}", n=one["people"] or one["records"]) for one in told["goes"]]
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
        what = filled(words, "people", n=one["people"])
        if one["use"] == "file":
            what, under = filled(words, "packages_of_others", n=one["records"]), ""
        else:
            what += "" if one["use"] == "count" else words["join"] + filled(words, "records", n=one["records"])
            ends = filled(words, "first_ends", day=one["ends"]) if one["ends"] else words["no_end"]
            under = filled(words, "under", n=one["consents"]) + words["join"] + ends
        found.append(Line(words[f"use_{one['use']}"], what, under))
    return found


def stays(words: Words, told: Mapping[str, Any]) -> list[Line]:
    """What stays, and why; what a person can do something about is marked."""
    found = []
    for one in told["stays"]:
        what = filled(words, "records", n=one["records"])
        if one["people"]:
            what = filled(words, "people", n=one["people"]) + words["join"] + what
        found.append(Line("", what, words[f"why_{one['why']}".replace(" ", "_")], one["why"] in ("ended", "blocked")))
    if told["figures_under_ten"]:
        found.append(Line("", f"{told['figures_under_ten']:,} {words['figures']}", words["figures_why"]))
    return found


def beside(words: Words, told: Mapping[str, Any]) -> list[str]:
    """What a reader may find out beside: of few people who stand in this release or an earlier one alone, of people who
    are named without what was done to them, and of namesakes."""
    found = []
    for one in told.get("people_apart", ()):  # releases made by an earlier version kept none
        use = words[f"use_{one['use']}"].lower()
        parts = [filled(words, f"{key}_people", n=one[key], use=use) for key in ("more", "fewer") if one[key]]
        found.append(filled(words, "apart", release=f"{one['release']}", what=words["join"].join(parts)))
    for one in told["differences"]:
        title = filled(words, "release", n=one["release"])
        found.append(f"{title}: " + filled(words, "difference", figure=one["figure"]))
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
