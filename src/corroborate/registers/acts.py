"""Registers of what was done to whom: of what a release lets go, a row an act; in public, a row a person who is named.

Nothing is decided here. To everybody goes what the release itself shows beside a name: what was done, and in which
decade. No place goes, so that no home, burial or place of a witness does. Who is said to have done it, posts and units
stand in registers of their own (``doers``) for ourselves or one named body; to everybody go units and posts without
their holders, and those alone whom two people decided to name in public.
"""

from collections.abc import Iterable, Mapping, Sequence

from corroborate.disclosure import PersonShown, Pseudonyms, Release
from corroborate.errors import NotAllowed
from corroborate.records import Claim, Source, Term
from corroborate.records.schema import names_of_type
from corroborate.registers.cells import SEVERAL, Rows, Said, joined, pointed, words
from corroborate.registers.doers import CAUTIONS, doer_registers
from corroborate.registers.proceedings import told_register
from corroborate.values.rows import csv_text
from corroborate.vocabulary import load

# By register: the violations under which an act stands in it, each with all below it
ACTS: Mapping[str, tuple[str, ...]] = {
    "disappeared": ("liberty.enforced_disappearance", "liberty.abduction"),
    "executions": ("life.execution",),
    "torture": ("integrity.torture", "life.death_from_torture"),
    "forced-labour": ("slavery.forced_labour", "liberty.short_term_labour"),
    "forced-abortions": ("reproductive.forced_abortion",),
    "prisoners": (
        "liberty.arbitrary_arrest",
        "liberty.arbitrary_detention",
        "liberty.kwanliso",
        "liberty.ordinary_prison",
        "liberty.short_term_labour",
        "liberty.incommunicado",
    ),
}
# What the United Nations' working group on disappearances asks beside (vocabulary/procedures.yaml, wgeid.case)
OF_DISAPPEARED = (
    "last_seen",
    "circumstances",
    "searched",
    "answered",
    "state_taken",
    "state_held",
    "seen_since",
    "returned",
    "returned_how",
)
BY_WHOM = ("perpetrator", "perpetrator_unit", "perpetrator_rank")
_NAMES = names_of_type("name")
_TO_ONE = ("own", "named body")  # whom a register may tell who is said to have done it


def terms_of(register: str) -> tuple[str, ...]:
    """Ids of the violations of a register, with all below them."""
    every = load("violations").entries
    return tuple(one for one in every if any(f"{one}.".startswith(f"{root}.") for root in ACTS[register]))


def act_registers(
    made: Release, claims: Iterable[Claim], sources: Mapping[str, Source], names: Pseudonyms | None = None
) -> dict[str, Rows]:
    """Every register that a release can fill, by its name. ``claims`` and ``sources``: of the vault; of them only what
    the release lets go is looked at. ``names``: what the reader is told instead of ids; without them it is ourselves.
    Raises NotAllowed for a release that was made for private linkage."""
    if made.linking:
        raise NotAllowed("a release that was made for private linkage is written for nothing else: make another")
    if made.audience == "public":
        found = {name: _in_public(made.persons, name) for name in ACTS} | _offices(made)
    else:
        about = about_going(made, claims)
        found = {name: _told(made, about, sources, name, names) for name in ACTS}
        if made.audience in _TO_ONE:
            called = str if names is None else lambda id_: _bare(names.of(id_))
            found |= doer_registers(about, sources, called) | told_register(about, sources, called)
    return {name: one for name, one in found.items() if one[1]}


def act_files(
    made: Release, claims: Iterable[Claim], sources: Mapping[str, Source], names: Pseudonyms | None = None
) -> dict[str, bytes]:
    """The same as files: ``executions.csv`` and others."""
    found = act_registers(made, claims, sources, names)
    return {f"{name}.csv": csv_text(heading, rows) for name, (heading, rows) in found.items()}


def _in_public(persons: Sequence[PersonShown], register: str) -> Rows:
    """People who are named to everybody, as the release shows them."""
    wanted = {load("violations")[one].label["en"] for one in terms_of(register)}
    rows = []
    for one in persons:
        done = [fact.value for fact in one.facts if fact.property == "violation" and fact.value in wanted]
        if done:
            when = [fact.value for fact in one.facts if fact.property == "event_date"]
            rows.append((joined(name.text for name in one.names), joined(done), joined(when), one.sources))
    return ("who", "what", "decade", "independent_sources"), rows


def _offices(made: Release) -> dict[str, Rows]:
    """Units and posts, and those whom two people decided to name to everybody. No number under ten is among them."""
    if (shown := made.responsible) is None:
        return {}
    doers = [
        (
            joined(name.text for name in one.names),
            one.decision.id if one.decision else "",
            one.decision.on if one.decision else "",
            one.decision.sure if one.decision else "",
            joined(label.text for term in one.what for label in term.labels if label.language == "en"),
            joined(one.posts),
            SEVERAL.join(CAUTIONS[each] for each in CAUTIONS if each in one.cautions),
        )
        for one in shown.doers
    ]
    posts = [(one.title, one.unit, " < ".join(one.over), one.holder, one.when) for one in shown.posts]
    units = [(joined(one.names), " < ".join(one.over), joined(one.under)) for one in shown.units]
    return {
        "perpetrators": (("who", "decision", "decided_on", "how_sure", "what", "posts", "caution"), doers),
        "posts": (("title", "unit", "units_over", "who_held_it", "when"), posts),
        "units": (("unit", "units_over", "units_under"), units),
    }


def about_going(made: Release, claims: Iterable[Claim]) -> dict[str, Said]:
    """By whom or what it is about, in the order of ids: what a release lets go."""
    goes = made.going("quote", "name")
    found: dict[str, dict[str, list[Claim]]] = {}
    for one in sorted((one for one in claims if one.id in goes), key=lambda one: (one.subject, one.id)):
        found.setdefault(one.subject, {}).setdefault(one.property, []).append(one)
    return dict(found)


def _told(
    made: Release,
    about: Mapping[str, Said],
    sources: Mapping[str, Source],
    register: str,
    names: Pseudonyms | None,
) -> Rows:
    terms = set(terms_of(register))
    more = OF_DISAPPEARED if register == "disappeared" else ()
    named = BY_WHOM if made.audience in _TO_ONE else ()
    beside = ("said_to_have_done_it_by", "part", "caution") if named else ()
    heading = ("id", "who", "what", "when", "where", "facility", *more, *named, *beside, "sources", "invented")
    parts = _parts(about) if named else {}
    rows = []
    for subject, of in about.items():
        done = [one for one in of.get("violation", ()) if isinstance(one.value, Term) and one.value.id in terms]
        if not done:
            continue
        every = [one for each in of.values() for one in each]
        behind = sorted({one.source for one in every})
        rows.append(
            (
                subject if names is None else _bare(names.of(subject)),
                joined(_who(subject, of, about)),
                joined(words(one) for one in done),
                joined(words(one) for name in ("date", "event_date") for one in of.get(name, ())),
                joined(words(one) for name in ("place", "event_place") for one in of.get(name, ())),
                joined(words(one) for one in of.get("facility", ())),
                *(joined(words(one) for one in of.get(name, ())) for name in (*more, *named)),
                *(_by_whom(of, parts.get(subject, ())) if named else ()),
                len(behind),
                "invented" if any(sources[one].invented for one in behind if one in sources) else "",
            )
        )
    return heading, sorted(rows, key=lambda row: (row[3] or "~", row[0]))


def _bare(id_: str) -> str:
    """An id without its kind."""
    return id_.partition("_")[2]


def _who(subject: str, of: Said, about: Mapping[str, Said]) -> Iterable[str]:
    """Names of whom it was done to, as far as they go."""
    for one in pointed(of, "victim") or [subject]:
        yield from (words(name) for each in _NAMES for name in about.get(one, {}).get(each, ()))


def _parts(about: Mapping[str, Said]) -> dict[str, list[Said]]:
    """By act: parts that people are said to have had in it. Who only saw it has none."""
    found: dict[str, list[Said]] = {}
    for of in about.values():
        if any(words(one) == "witness" for one in of.get("degree", ())):
            continue
        for act in pointed(of, "act"):
            found.setdefault(act, []).append(of)
    return found


def _by_whom(of: Said, parts: Sequence[Said]) -> tuple[str, str, str]:
    """On what it rests who is said to have done it (hearsay is told as such), with which part, and how sure it is."""
    named = [one for name in BY_WHOM for one in of.get(name, ())]
    caution = joined(words(one) for part in parts for one in part.get("caution", ()))
    if named and not caution:
        caution = "nobody said how sure"
    part = joined(words(one) for each in parts for one in each.get("took_part", ()))
    return joined(one.basis for one in named), part, caution


__all__ = ["ACTS", "BY_WHOM", "OF_DISAPPEARED", "about_going", "act_files", "act_registers", "terms_of"]
