"""What pages and commands show of releases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import BooleanField, ExpressionWrapper, Q

from corroborate.client import shapes
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import in_cases
from corroborate_node.core.wording import Words
from corroborate_node.release import models, wording
from corroborate_node.release.making import seen
from corroborate_node.release.recalling import recalls_waiting as waiting_recalls
from corroborate_node.release.recalling import touched


@dataclass(frozen=True, slots=True)
class GivenSummary:
    form: str
    to: str
    digest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """A release with what became of it. ``told``: its numbers, as they were when it was made."""

    number: int
    id: str
    title: str
    case: str
    audience: str
    body: str
    on: date
    until: str | None
    linking: str
    needs_second: bool
    made_by: str
    at: datetime
    confirmed_by: str
    confirmed: datetime | None
    digest: str
    erased: bool
    invented: bool
    told: Mapping[str, Any]
    given: tuple[GivenSummary, ...]
    withdrawn: int
    recalls: tuple[str, ...]  # waits, sent, answered
    state: str

    def as_json(self) -> shapes.ReleaseSaid:
        """A release as programs read it."""
        said: shapes.ReleaseSaid = {
            **cast(shapes.ReleaseNumbers, dict(self.told)),  # what an earlier version kept lacks some
            "release": self.number,
            "id": self.id,
            "title": self.title,
            "case": self.case,
            "audience": self.audience,
            "body": self.body,
            "on": self.on.isoformat(),
            "until": self.until,
            "needs_second": self.needs_second,
            "made_by": self.made_by,
            "at": self.at.isoformat(),
            "confirmed_by": self.confirmed_by or None,
            "confirmed": self.confirmed.isoformat() if self.confirmed else None,
            "sha256": self.digest,
            "erased": self.erased,
            "state": self.state,
            "withdrawn_since": self.withdrawn,
            "recalls": list(self.recalls),
            "given": [
                {"form": one.form, "to": one.to, "sha256": one.digest, "by": one.by, "at": one.at.isoformat()}
                for one in self.given
            ],
        }
        return said


def all_releases(desk: Desk, language: str = "en") -> list[Summary]:
    """Every release, the newest first. Raises NotAllowed."""
    desk.require("release.read")
    gone = ExpressionWrapper(Q(content=None), output_field=BooleanField())
    rows = in_cases(desk, models.Release).defer("content").annotate(gone=gone).prefetch_related("given", "recalls")
    found = list(rows.order_by("-number"))
    numbers = {one.number for one in found}
    return [_shown(one, language, bool(one.gone), numbers) for one in found]


def one_release(desk: Desk, number: int, language: str = "en") -> Summary:
    """Raises NotAllowed, and InvalidValue for a number that is none of ours."""
    desk.require("release.read")
    row = seen(desk, number)
    numbers = set(in_cases(desk, models.Release).values_list("number", flat=True))
    return _shown(row, language, row.content is None, numbers)


def made(desk: Desk, number: int, language: str = "en") -> Summary:
    """A release that this desk has just made, for who may make one and may not see those of others."""
    return _shown(seen(desk, number), language, erased=False, numbers=())


def that_carried(desk: Desk, records: Sequence[str], language: str = "en") -> list[Summary]:
    """Releases in which some of these records were to go, the oldest first. Raises NotAllowed."""
    desk.require("release.read")
    here = in_cases(desk, models.Release).filter(number__in=touched(records)).order_by("number")
    return [one_release(desk, number, language) for number in here.values_list("number", flat=True)]


def went(desk: Desk, records: Sequence[str]) -> list[Any]:
    """Releases in which some of these records were to go, the oldest first, without what they show."""
    desk.require("release.read")
    here = in_cases(desk, models.Release).filter(number__in=touched(records))
    return list(here.defer("content", "told").order_by("number"))


def went_of(records: Sequence[str]) -> list[Any]:
    """The same for whoever told these records: they may know where their own words went, and see no release."""
    here = models.Release.objects.filter(number__in=touched(records))
    return list(here.defer("content", "told").order_by("number"))


def recalls_waiting(desk: Desk) -> int:
    """How many releases have a note that nobody handed over yet; nothing to whoever may not see releases."""
    return waiting_recalls(desk) if desk.may("release.read") else 0


def earlier(desk: Desk, one: Summary, language: str = "en") -> list[Summary]:
    """Releases before it that the same receiver has, or anybody; the newest first."""
    found = all_releases(desk, language)
    same = {(one.audience, one.body), ("public", "")}
    return [row for row in found if row.number < one.number and (row.audience, row.body) in same]


def _counts(row: models.Release, numbers: Collection[int]) -> dict[str, Any]:
    """A release's numbers, beside those other releases only that its reader may see."""
    told = dict(row.told)
    for key in ("differences", "people_apart"):
        if key in told:
            told[key] = [one for one in told[key] if one["release"] in numbers]
    return told


def _shown(row: models.Release, language: str, erased: bool, numbers: Collection[int]) -> Summary:
    given = tuple(GivenSummary(one.form, one.to, one.digest, one.by, one.at) for one in row.given.all())
    recalls = list(row.recalls.all())
    states = tuple("answered" if one.answered else "sent" if one.sent else "waits" for one in recalls)
    gone = sum(one.records for one in recalls)
    until = None if row.until is None else row.until.isoformat()
    return Summary(
        row.number,
        row.id,
        row.title,
        row.case,
        row.audience,
        row.body,
        row.on,
        until,
        row.linking,
        row.needs_second,
        row.made_by,
        row.at,
        row.confirmed_by,
        row.confirmed,
        row.digest,
        erased,
        row.invented,
        _counts(row, numbers),
        given,
        gone,
        states,
        _state(row, given, gone, states, erased, Words(language, wording.ROOM)),
    )


def _state(
    row: models.Release,
    given: tuple[GivenSummary, ...],
    gone: int,
    recalls: tuple[str, ...],
    erased: bool,
    words: Words,
) -> str:
    """What became of it, in words."""
    parts = []
    if row.needs_second and row.confirmed is None:
        parts.append(words["waits"])
    elif row.confirmed is not None:
        parts.append(wording.filled(words, "confirmed_by", by=row.confirmed_by, day=f"{row.confirmed:%Y-%m-%d}"))
    if given:
        parts.append(wording.filled(words, "given_on", day=f"{given[-1].at:%Y-%m-%d}"))
    else:
        parts.append(words["nothing_left"])
    if gone or recalls:
        parts.append(wording.filled(words, "withdrawn_since", n=gone) if gone else words["figures_since"])
        parts += [words[f"recall_{one}"] for one in dict.fromkeys(recalls)]
    elif erased:
        parts.append(words["erased"])
    return words["join"].join(parts)
