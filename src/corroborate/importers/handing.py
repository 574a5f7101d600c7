"""From claims that may leave to the shape in which other programs take records in.

Nothing is decided here: which claims go is what a release says. A claim without a place of its own in that shape stands
in words beside it, so that the reader of the other program finds it.
"""

from collections.abc import Iterable, Mapping, Sequence

from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource, with_roles
from corroborate.records import Claim, Reference, Source, Term, Value
from corroborate.records.schema import names_of_type, properties
from corroborate.translation import Sentence
from corroborate.values import JSON, DateSpan, PartialDate
from corroborate.vocabulary import load

_NAMES = names_of_type("name")
_OF_PERSON = (*_NAMES, "sex", "birth_date")
_OF_ACT = ("victim", "violation", "date", "place", "located", "perpetrator", "told_by", "testimony")
_PEOPLE = ("person", "party", "group")
Said = Mapping[str, Sequence[Claim]]


def export_of(claims: Iterable[Claim], sources: Mapping[str, Source]) -> Export:
    """What some claims say, person by person and act by act. ``sources``: those whose titles may go."""
    about: dict[str, dict[str, list[Claim]]] = {}
    for claim in claims:
        about.setdefault(claim.subject, {}).setdefault(claim.property, []).append(claim)
    pointed = [
        one.value.entity
        for of in about.values()
        for each in of.values()
        for one in each
        if isinstance(one.value, Reference)
    ]
    people = {key: about.get(key, {}) for key in dict.fromkeys((*about, *pointed)) if _kind(key) in _PEOPLE}
    parts = _parts(about)
    extra: dict[str, ExportPerson] = {}
    acts = [_act(key, of, parts.get(key, {}), sources, extra) for key, of in about.items() if _kind(key) == "act"]
    given = [*(_person(key, of) for key, of in people.items()), *extra.values()]
    used = dict.fromkeys(claim.source for of in about.values() for each in of.values() for claim in each)
    titles = {one: _title(one, sources) for one in used if one in sources}
    shown = [ExportSource(one, title, sources[one].kind) for one, title in titles.items() if title]
    placed = {*people, *(act.key for act in acts)}
    rest = {key: of for key, of in about.items() if key not in placed and _kind(key) != "involvement"}
    notices = [
        Sentence(
            (
                "{number} claim about {key}: these programs have no place for a {kind}",
                "{number} claims about {key}: these programs have no place for a {kind}",
            ),
            number=sum(map(len, of.values())),
            key=key,
            kind=_kind(key),
        )
        for key, of in rest.items()
    ]
    return with_roles(Export("release", tuple(given), tuple(acts), tuple(shown), (), tuple(notices)))


def _title(key: str, sources: Mapping[str, Source]) -> str:
    """What a source is called: a row by its list, where that may go, and its number."""
    source = sources[key]
    if source.part_of in sources:
        return f"{sources[source.part_of].title}, row {source.number}"
    return source.title


def _kind(key: str) -> str:
    return key.partition("_")[0]


def _parts(about: Mapping[str, Said]) -> dict[str, dict[str, list[str]]]:
    """Act -> part -> who had it, as far as who and in which act may both go."""
    found: dict[str, dict[str, list[str]]] = {}
    for key, of in about.items():
        if _kind(key) != "involvement":
            continue
        acts, people = _pointed(of.get("act", ())), _pointed(of.get("person", ()))
        part = next((_words(one.value) for one in of.get("degree", ())), "not said")
        for act in acts:
            found.setdefault(act, {}).setdefault(part, []).extend(people)
    return found


def _pointed(claims: Sequence[Claim]) -> list[str]:
    return [one.value.entity for one in claims if isinstance(one.value, Reference)]


def _person(key: str, of: Said) -> ExportPerson:
    names = [_words(one.value) for name in _NAMES for one in of.get(name, ())]
    births = [one.value for one in of.get("birth_date", ())]
    birth = _year_or_day(births[0]) if births else None
    sex = next((_words(one.value) for one in of.get("sex", ())), None)
    more = _more(of, _OF_PERSON)
    if unsaid := [str(one) for one in births if str(one) != birth]:
        more["notes"] = [*_as_list(more.get("notes")), *(f"{_label('birth_date')}: {one}" for one in unsaid)]
    named = {"f": "female", "m": "male"}
    others = tuple(dict.fromkeys(names[1:]))
    return ExportPerson(
        key,
        names[0] if names else "",
        others,
        named.get(sex or "", sex),
        birth,
        "other",
        more | {"schema": "Person" if _kind(key) == "person" else "LegalEntity"},
    )


def _act(
    key: str,
    of: Said,
    parts: Mapping[str, Sequence[str]],
    sources: Mapping[str, Source],
    extra: dict[str, ExportPerson],
) -> ExportAct:
    start, end = _period(of)
    lat, lon = _point(of)
    perpetrators = list(dict.fromkeys(parts.get("perpetrator", ())))
    for number, one in enumerate(of.get("perpetrator", ()) if not perpetrators else (), start=1):
        by = f"{key}-by-{number}"  # a perpetrator in words alone is somebody of that act, and of no other
        extra[by] = ExportPerson(by, _words(one.value), role="perpetrator", more={"schema": "LegalEntity"})
        perpetrators.append(by)
    more = _more(of, _OF_ACT, kept=("date", "place", "located"))
    if about := [one.value for one in of.get("date", ()) if isinstance(one.value, DateSpan) and one.value.approximate]:
        more["notes"] = [*_as_list(more.get("notes")), *(f"About: {one}" for one in about)]
    if testimony := [_words(one.value) for one in of.get("testimony", ())]:
        more["summary"] = "\n".join(testimony)
    told_in = (one.source for each in of.values() for one in each)
    used = dict.fromkeys(one for one in told_in if one in sources and _title(one, sources))
    return ExportAct(
        key,
        "; ".join(_words(one.value) for one in of.get("violation", ())) or None,
        start,
        end,
        next((_words(one.value) for one in of.get("place", ())), None),
        lat,
        lon,
        tuple(dict.fromkeys(_pointed(of.get("victim", ())))),
        tuple(perpetrators),
        (*used, *_pointed(of.get("told_by", ()))),
        tuple(parts.get("not said", ())),
        None,
        more,
        victims_told=bool(of.get("victim")),
    )


def _period(of: Said) -> tuple[str | None, str | None]:
    value = next((one.value for one in of.get("date", ())), None)
    if isinstance(value, PartialDate):
        return str(value), None
    if isinstance(value, DateSpan):
        first, last = value.begins, value.ends
        return None if first is None else first.isoformat(), None if last is None else last.isoformat()
    return None, None


def _year_or_day(value: Value) -> str | None:
    """A birth as these programs hold one: a year, a month or a day; of days between two, their year if it is one."""
    if isinstance(value, DateSpan):
        return str(value.earliest.year) if value.earliest.year == value.latest.year else None
    return _words(value)


def _point(of: Said) -> tuple[float | None, float | None]:
    words = next((_words(one.value) for one in of.get("located", ())), "")
    parts = words.split(", ")
    try:
        return (float(parts[0]), float(parts[1])) if len(parts) == 2 else (None, None)
    except ValueError:
        return None, None


def _more(of: Said, placed: Sequence[str], kept: Sequence[str] = ()) -> dict[str, JSON]:
    """What has no place of its own: under FollowTheMoney's name where it has one, else in words after its label."""
    more: dict[str, JSON] = {}
    notes: list[JSON] = []
    for name, claims in of.items():
        said = [_words(one.value) for one in claims]
        if name in placed:
            notes += [f"{_label(name)}: {one}" for one in said[1:] if name in kept]
            continue
        if (named := properties()[name].ftm if name in properties() else "") and name not in ("described", "victim"):
            more[named] = list[JSON](said)
        else:
            notes += [f"{_label(name)}: {one}" for one in said]
    return more | ({"notes": notes} if notes else {})


def _label(name: str) -> str:
    return properties()[name].label["en"] if name in properties() else name


def _as_list(value: JSON) -> list[JSON]:
    return list(value) if isinstance(value, list) else []


def _words(value: Value) -> str:
    if isinstance(value, Term):
        return load(value.vocabulary)[value.id].label["en"]
    if isinstance(value, Reference):
        return value.entity
    return str(getattr(value, "text", value))


__all__ = ["export_of"]
