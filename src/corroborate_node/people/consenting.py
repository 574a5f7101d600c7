"""A consent as the page of its source shows it: whole, in the reader's words."""

from dataclasses import dataclass

from corroborate.records import USES, Consent
from corroborate.records.consent import BY_THE_SOURCE
from corroborate_node.core.wording import Words


@dataclass(frozen=True, slots=True)
class Shown:
    """``whose``: the person whose it is; empty where it is the source's own."""

    consent: Consent
    audience: str
    uses: tuple[str, ...]
    whose: str
    right: str
    words: str
    by_source: bool  # taken back by whoever gave it, with a code


def shown(one: Consent, frame: Words) -> Shown:
    return Shown(
        one,
        frame[f"audience_{one.audience}"],
        tuple(frame[f"use_{use}"] for use in USES if use in one.uses),
        one.subject if one.subject.startswith(("person_", "party_")) else "",
        frame[f"right_{one.right}"],
        one.words.replace("\t", ": ").replace("\n", "; "),
        one.blocked == BY_THE_SOURCE,
    )
