"""What two releases laid side by side would tell: a small group that stands in one and not in the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from corroborate.disclosure.shown import Release
from corroborate.disclosure.small_numbers import LEAST

_TOLD_TOGETHER = ("named", "unnamed", "taken_back")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of which two releases differ by fewer than ten people: whoever holds both knows of these few."""

    figure: str  # a key: documented, people, overlap or finding, with its place
    earlier: int
    later: int


def figures_of(release: Release) -> Mapping[str, int]:
    """Every number of people that a release shows, by its place."""
    found: dict[str, int] = {}
    if release.estimate is not None:
        found["documented"] = release.estimate.documented
    if release.people is not None:
        for part in fields(release.people):
            count = getattr(release.people, part.name)
            if count is not None and part.name != "entries":  # entries are no people: one of a known person tells none
                found[_people(part.name)] = count
    if release.overlap is not None:
        lists = release.overlap.lists
        for cell in release.overlap.cells:
            if cell.count is not None:
                on = " and ".join(name for name, at in zip(lists, cell.pattern, strict=True) if at)
                found[f"overlap: {on}"] = cell.count
    for finding in release.findings:
        if finding.victims is not None:
            found[_key(finding.crime, finding.element)] = finding.victims
    return found


def _people(part: str) -> str:
    return f"people: {part.replace('_', ' ')}"


def _key(crime: str, element: str) -> str:
    return f"finding: {crime}, {element}"


def differences(earlier: Release, later: Release) -> Iterator[Difference]:
    """Figures that stand in both and differ by one to nine people."""
    before = figures_of(earlier)
    for figure, count in figures_of(later).items():
        if figure in before and 0 < abs(count - before[figure]) < LEAST:
            yield Difference(figure, before[figure], count)


def without(release: Release, found: frozenset[str]) -> Release:
    """The release with these figures of findings withheld, and with who is named, who is not and whose leave was taken
    back where one of the three is among them: each follows from the others. Figures of an estimate and of all people
    are flagged, and stay: a person decides whether to release them at all."""
    findings = tuple(
        replace(one, victims=None) if _key(one.crime, one.element) in found else one for one in release.findings
    )
    people = release.people
    if people is not None and found & {_people(part) for part in _TOLD_TOGETHER}:
        people = replace(people, **dict.fromkeys(_TOLD_TOGETHER))
    return replace(release, findings=findings, people=people)
