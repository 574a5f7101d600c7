"""Answers that a release gives by itself. Each can be changed; none is filed before a person has read it."""

from collections.abc import Mapping

from corroborate.disclosure import FindingShown, Release
from corroborate.figures import numbers
from corroborate.submissions.forms import Form

# What a release answers by itself, where it has something to say. Everything else is a person's to answer.
FILLED = frozenset(
    {"facts", "pattern", "developments", "when_where_how", "crimes", "law", "rights", "articles", "contextual_elements"}
    | {"source_basis", "sources", "annexes", "documents", "attachments", "evidence_index", "form"}
)


def prefilled(asked: Form, release: Release) -> Mapping[str, str]:
    """The fields of a form that the release can answer: facts, law, what it rests on, documents. The rest is empty."""
    facts, law = _facts(release), _law(release)
    rests, documents = _rests_on(release), _documents(release)
    told = {
        "facts": facts,
        "pattern": facts,
        "developments": facts,
        "when_where_how": facts,
        "crimes": law,
        "law": law,
        "rights": law,
        "articles": law,
        "contextual_elements": _context(release),
        "source_basis": rests,
        "sources": rests,
        "annexes": documents,
        "documents": documents,
        "attachments": documents,
        "evidence_index": documents,
        "form": asked.title,
    }
    known = {one.id for one in asked.fields}
    return {key: text for key, text in told.items() if key in known and text}


def _spoken(release: Release) -> list[FindingShown]:
    return [one for one in release.findings if one.claims_for != 0]


def _facts(release: Release) -> str:
    if release.record is not None:
        lines = [one for one in release.record.found if one.kind == "finding" and one.checked == "seen"]
        return "\n".join(f"{one.what} ({one.document}, {one.paragraphs})" for one in lines)
    told = []
    for one in _spoken(release):
        of = "" if one.victims is None else f", about {one.victims:,} people"
        against = "" if one.claims_against == 0 else f"; {_told(one.claims_against)} speak against it"
        said = f"{_told(one.claims_for)} claims{of}, from {_told(one.roots)} independent origins{against}"
        told.append(f"{one.crime} ({one.article}): {said}. {one.proposition}")
    return "\n".join(told)


def _told(number: int | None) -> str:
    return "fewer than ten" if number is None else f"{number:,}"


def _law(release: Release) -> str:
    if release.record is not None:
        named = dict.fromkeys(f"{one.title} ({one.article})" for one in release.record.elements)
    else:
        named = dict.fromkeys(f"{one.crime} ({one.article})" for one in _spoken(release))
    return "; ".join(named)


def _context(release: Release) -> str:
    if release.record is None:
        return ""
    lines = [one for one in release.record.found if any(".context" in e or "context." in e for e in one.speaks_to)]
    return "\n".join(f"{one.what} ({one.document}, {one.paragraphs})" for one in lines)


def _rests_on(release: Release) -> str:
    if release.record is not None:
        return "Published reports of the United Nations, cited by paragraph. No interview of our own."
    kinds = [f"{one.kind}: {_told(one.count)}" for one in release.sources]
    people = next((one for one in numbers(release) if one.id == "people"), None)
    whole = "" if people is None or people.value is None else f" They speak of {people.value:,} people after matching."
    return f"Sources by kind: {'; '.join(kinds)}.{whole}" if kinds else ""


def _documents(release: Release) -> str:
    named = [f"release {release.id}" if release.id else "", f"of {release.on.isoformat()}"]
    log = (
        ""
        if release.log is None
        else f"; log {release.log.origin}, {release.log.size} entries, root {release.log.root}"
    )
    return " ".join(part for part in named if part) + log
