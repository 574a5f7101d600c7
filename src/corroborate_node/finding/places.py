"""The pages of a place, a facility and a unit: what records tell of it, with its map, its names over time, acts by
year, who was held there, posts and who held them, the units over it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from corroborate.figures.shapes import shapes
from corroborate.translation import label_of
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.finding import gathered, queries
from corroborate_node.finding.gathered import Gathered, What

_WIDE, _HIGH, _GAP = 300, 34, 22  # units of a box of the drawing of units, and between two
_BAR, TALL = 640, 120  # of the drawing of years


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the outline of the country."""

    x: float
    y: float
    land: str
    around: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A unit in the drawing. ``own``: it is the one whose page it is."""

    name: str
    y: int
    own: bool

    @property
    def text_y(self) -> int:
        return self.y + _HIGH // 2 + 5

    @property
    def above(self) -> int:
        """Where the box above it ends."""
        return self.y - _GAP


@dataclass(frozen=True, slots=True)
class Bar:
    year: int
    number: int
    x: float
    y: float
    width: float
    height: float
    ticked: bool


def places(request: HttpRequest) -> HttpResponse:
    """All places and facilities that records name; with ``place`` or ``facility``, one of them."""
    words = _words(request)
    for what in ("place", "facility"):
        if name := request.GET.get(what, "").strip():
            return _one(request, words, "place" if what == "place" else "facility", name)
    return _every(request, words, "facility" if request.GET.get("all") == "facilities" else "place")


def units(request: HttpRequest) -> HttpResponse:
    """All units that records name; with ``name``, one of them."""
    words = _words(request)
    if name := request.GET.get("name", "").strip():
        return _one(request, words, "unit", name)
    return _every(request, words, "unit")


def _words(request: HttpRequest) -> Words:
    if desk_of(request).vault.hub:
        raise Http404
    return Words(language_of(request), "finding")


def _every(request: HttpRequest, words: Words, what: What) -> HttpResponse:
    page = Paginator(gathered.every(request.user, what), PAGE).get_page(request.GET.get("page"))
    context = {
        "words": words,
        "what": what,
        "title": words[{"place": "places", "facility": "facilities", "unit": "units"}[what]],
        "page": page,
        "more": "&all=facilities" if what == "facility" else "",
        "may_see_units": desk_of(request).may("identity.read"),
        "invented": invented(request.user),
    }
    return render(request, "places.html", context)


def _one(request: HttpRequest, words: Words, what: What, name: str) -> HttpResponse:
    user, desk = request.user, desk_of(request)
    found = gathered.gathered(user, what, name[:200])
    if found is None:
        raise Http404
    acts = Paginator(gathered.acts(user, found), PAGE).get_page(request.GET.get("page"))
    by_year = gathered.years(user, found, acts.paginator.count)
    lines = queries.lines(user, "acts", [queries.Found(one, "") for one in acts])
    names_seen = desk.may("identity.read")
    people = None
    if what != "unit" and names_seen:
        people = Paginator(gathered.people(user, found), PAGE).get_page(request.GET.get("people"))
        seen(request, list(people))
    seen(request, list(acts))
    done_by = gathered.attributed(user, [line.id for line in lines])
    chain = gathered.chain(user, found) if what == "unit" else gathered.Chain()
    at = urlencode({"name" if what == "unit" else what: name})
    context: dict[str, Any] = {
        "words": words,
        "what": what,
        "of": found,
        "title": name,
        "public": _public(found, words),
        "point": _point(found),
        "acts": acts,
        "lines": [(line, done_by.get(line.id, ())) for line in lines],
        "years": by_year,
        "bars": bars(by_year),
        "tall": TALL,
        "people": people,
        "held": gathered.held(user, found, list(people)) if people else [],
        "posts": gathered.posts(user, found) if what == "unit" else [],
        "chain": chain,
        "boxes": _boxes(found, chain),
        "wide": _WIDE,
        "high": _HIGH,
        "units_tall": len(chain.over) * (_HIGH + _GAP) + _HIGH,
        "more": f"&{at}",
        "at": at,
        "invented": invented(user),
    }
    return render(request, "place.html", context)


def _public(of: Gathered, words: Words) -> dict[str, Any] | None:
    """What the public record says of a facility, in the reader's language."""
    entry = of.public
    if entry is None:
        return None
    run_by = entry.more.get("run_by")
    return {
        "title": label_of(entry.label, words.language),
        "status": words[f"status_{entry.more.get('status', 'unconfirmed')}"],
        "as_of": entry.more.get("status_as_of", ""),
        "opened": entry.more.get("opened", ""),
        "closed": entry.more.get("closed", ""),
        "run_by": label_of(run_by, words.language) if isinstance(run_by, dict) else "",
        "conflict": entry.more.get("conflict", ""),
        "spellings": entry.more.get("spellings", ()),
        "source": entry.source,
    }


def _point(of: Gathered) -> Point | None:
    base, point = shapes()["korea"], of.point
    if point is None:
        return None
    x, y = (point[1] - base["west"]) * base["across"], (base["north"] - point[0]) * base["down"]
    if not (0 <= x <= base["width"] and 0 <= y <= base["height"]):
        return None
    return Point(round(x, 1), round(y, 1), base["land"], base["around"], base["width"], base["height"])


def bars(years: gathered.Years) -> list[Bar]:
    """Acts by year, the years without one among them, as a drawing."""
    if not years.by_year:
        return []
    first, last, counted = years.by_year[0][0], years.by_year[-1][0], dict(years.by_year)
    step, every = _BAR / (last - first + 1), max(1, -(-(last - first + 1) // 8))
    made = []
    for year in range(first, last + 1):
        number = counted.get(year, 0)
        height = round((TALL - 20) * number / years.most, 1)
        wide = min(round(max(step - 1, 0.5), 1), 40)
        x = round((year - first) * step, 1)
        if number or (year - first) % every == 0:
            made.append(Bar(year, number, x, round(TALL - height, 1), wide, height, (year - first) % every == 0))
    return made


def _boxes(of: Gathered, chain: gathered.Chain) -> list[Box]:
    """The units over one, the highest first, then itself."""
    if not chain.over:
        return []
    names = [*(" / ".join(level) for level in reversed(chain.over)), of.name]
    return [Box(name, at * (_HIGH + _GAP), at == len(names) - 1) for at, name in enumerate(names)]
