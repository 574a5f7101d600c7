"""Who stands under the findings of a release: each name under exactly what its member read, and no other."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import cast

from corroborate.coalition.declarations import Keys
from corroborate.coalition.stands import Stand, read_stand
from corroborate.custody import Verifier
from corroborate.disclosure.shown import ElementShown, FindingShown, FoundShown, Release, StandShown, written
from corroborate.errors import CorroborateError, InvalidValue, NotVerified
from corroborate.values import JSON, Digest, canonical
from corroborate.values.signs import checked_line
from corroborate.vocabulary import load


def reader_of(made: Release) -> str:
    """For whom a release is, as a member's note names it: its audience, and the body. A body that is called like an
    audience, or like another body, is none of them."""
    return f"{made.audience}: {made.body}" if made.body else made.audience


def findings_of(made: Release) -> Mapping[str, FindingShown | FoundShown]:
    """What a member can stand under: each finding that a claim speaks to, and each finding of a report."""
    lines = made.record.found if made.record is not None else ()
    spoken = {one.element: one for one in made.findings if one.claims_for != 0 or one.claims_against != 0}
    return spoken | {one.id: one for one in lines if one.kind in ("finding", "conclusion_of_law")}


def finding_digest(made: Release, finding: str) -> Digest:
    """SHA-256 of a finding as a release shows it: in whose dossier, under which title, for whom, whether its people are
    invented, and every word and figure of it with the dissent beside it.

    Raises InvalidValue for one that the release does not show.
    """
    return _digest(made, _finding(findings_of(made), finding))


def _digest(made: Release, shown: dict[str, JSON]) -> Digest:
    around: dict[str, JSON] = {"title": made.title, "invented": made.invented}
    return Digest.of(canonical({**around, **_by_and_for(made), "finding": shown}))


def check_seen(made: Release) -> None:
    """Raises InvalidValue where something that a member would sign under is shown otherwise than it is: signs that hide
    in the title, in whom it is by and for, in a finding or the dissent beside it."""
    for line in (made.title, made.coalition, made.body):
        checked_line(line)
    for one in findings_of(made).values():
        said = (one.crime, one.proposition, *one.dissent) if isinstance(one, FindingShown) else (one.what,)
        for words in said:
            for line in words.splitlines():
                checked_line(line)


def _first_digest(made: Release, shown: dict[str, JSON]) -> Digest:
    """What an earlier version signed: without the title of the release, and without the dissent."""
    shown.pop("dissent", None)
    return Digest.of(canonical({**_by_and_for(made), "finding": shown}))


def _by_and_for(made: Release) -> dict[str, JSON]:
    return {"by": made.coalition, "reader": reader_of(made)}


def _finding(findings: Mapping[str, FindingShown | FoundShown], finding: str) -> dict[str, JSON]:
    found = findings.get(finding)
    if found is None:
        raise InvalidValue("this release shows no finding {finding!r}", finding=finding)
    return cast(dict[str, JSON], written(found))


def with_stands(made: Release, stands: Iterable[Stand]) -> Release:
    """The release with what members said of its findings. What they said before another reader is none of it, and
    what they signed with an earlier version, without the title, stands under an earlier version of the finding."""
    known, reader = findings_of(made), reader_of(made)
    shown = []
    for one in stands:
        if one.reader == reader and one.finding in known:
            current = one.whole and not one.revoked and finding_digest(made, one.finding) == one.digest
            at = one.at.astimezone(UTC).isoformat()
            said = (one.finding, one.member, one.choice, one.words, at, current, one.note.decode())
            shown.append(StandShown(*said, revoked=one.revoked))
    return replace(made, stands=tuple(shown))


def check_stand(made: Release, one: StandShown, keys: Iterable[Verifier]) -> str:
    """Whether a name stands under a finding as its member signed it: ``valid``, or ``unknown`` where no given key is
    its; ``in part`` where an earlier version signed the finding alone, and the title and dissent may be of others;
    ``revoked`` where the release says that the key was revoked since, which no note proves.
    Raises NotVerified where the release says something else than the note."""
    return _check(made, findings_of(made), one, Keys.of([(key.name, key) for key in keys]))


def _check(made: Release, findings: Mapping[str, FindingShown | FoundShown], one: StandShown, known: Keys) -> str:
    if one.choice not in ("stands", "abstains", "dissents"):  # who took its word back is not shown
        raise NotVerified("{member} does not stand under {finding}", member=one.member, finding=one.finding)
    try:
        read = read_stand(one.note.encode(), known)
    except NotVerified:
        return "unknown"
    except CorroborateError as error:
        raise NotVerified(
            "the note of {member} under {finding} is none", member=one.member, finding=one.finding
        ) from error
    shown = read.finding == one.finding and one.finding in findings
    digest = _digest if read.whole else _first_digest
    current = shown and not one.revoked and read.digest == digest(made, _finding(findings, one.finding))
    if not read.whole and not one.current:  # as every release of now shows it
        current = False
    # a member is shown as its log is called, and so is its key: another member's note is none of its own
    said = (
        read.member,
        read.finding,
        read.reader,
        read.choice,
        read.words,
        read.at.astimezone(UTC).isoformat(),
        current,
    )
    if said != (one.member, one.finding, reader_of(made), one.choice, one.words, one.at, one.current):
        raise NotVerified(
            "{member} signed something else than this release says under {finding}",
            member=one.member,
            finding=one.finding,
        )
    if one.revoked:
        return "revoked"
    return "valid" if read.whole or not one.current else "in part"


def check_stands(made: Release, keys: Iterable[Verifier]) -> tuple[tuple[StandShown, str], ...]:
    """Each name under a finding of a release with what :func:`check_stand` says of it; ``beside`` where the finding is
    shown under an element in other words than ours. Raises NotVerified also where a member says two things of one
    finding: it said one of them last."""
    known, said = Keys.of([(key.name, key) for key in keys]), set[tuple[str, str]]()
    for one in made.stands:
        if (one.finding, one.member) in said:
            raise NotVerified("{member} stands twice under {finding}", member=one.member, finding=one.finding)
        said.add((one.finding, one.member))
    findings = findings_of(made)
    beside = _beside(made, findings)
    checked = ((one, _check(made, findings, one, known)) for one in made.stands)
    return tuple((one, "beside" if said == "valid" and one.finding in beside else said) for one, said in checked)


def _beside(made: Release, findings: Mapping[str, FindingShown | FoundShown]) -> frozenset[str]:
    """Lines of a report that a release shows under an element whose words are none of ours: who stands under the line
    signed the line, and not the element. Raises NotVerified for an element of which the line does not speak."""
    odd = set[str]()
    for element in made.record.elements if made.record is not None else ():
        for id_ in element.found:
            line = findings.get(id_)
            if isinstance(line, FoundShown) and element.element not in line.speaks_to:
                raise NotVerified(
                    "{finding} is shown under {element}, of which it does not speak",
                    finding=id_,
                    element=element.element,
                )
        if not _ours(element):
            odd |= set(element.found)
    return frozenset(odd)


def _ours(element: ElementShown) -> bool:
    crime = load("crimes").entries.get(element.crime)
    if crime is None:
        return False
    parts = {one["id"]: (one["kind"], one["text"]) for one in crime.more["elements"]}
    said = (element.title, element.article, element.kind, element.proposition)
    return said == (crime.label["en"], str(crime.more["article"]), *parts.get(element.element, ("", "")))


__all__ = ["check_seen", "check_stand", "check_stands", "finding_digest", "findings_of", "reader_of", "with_stands"]
