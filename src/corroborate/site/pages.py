"""Every page of the site from one release: what stands on which page, and where it lies."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from corroborate.coalition import Action, calendar
from corroborate.custody import Verifier
from corroborate.disclosure import (
    ActionShown,
    DemandShown,
    EventShown,
    MemberShown,
    Release,
    SignOnShown,
    StatementShown,
    VoteShown,
)
from corroborate.errors import InvalidValue
from corroborate.figures import Figure, estimate_figure, overlap_figure, sensitivity_figure
from corroborate.site import maps
from corroborate.site.searching import Entry
from corroborate.site.words import TERRITORIES, Speech, slug
from corroborate.translation import LANGUAGES, in_language
from corroborate.values import Digest, PartialDate
from corroborate.values.addresses import is_web

# key of the words, file; the first ones stand in the head of each page, all of them at its foot
HEAD = (
    ("home", "index"), ("statements", "statements"), ("demands", "demands"), ("estimate", "estimate"),
    ("camps", "camps"), ("members", "members"), ("testimony", "testimony"), ("verify", "verify"), ("search", "search"),
)  # fmt: skip
CHAPTERS = tuple(
    zip(
        ("II", "IV.A", "IV.B", "IV.C", "IV.D", "IV.E", "IV.F", "V", "VI"),
        ("ch_method", "ch_a", "ch_b", "ch_c", "ch_d", "ch_e", "ch_f", "ch_law", "ch_asked"),
        strict=True,
    )
)  # of the commission's report, and the key of their words
PAGES = (
    *HEAD, ("timeline", "timeline"), ("actions", "actions"), ("states", "states"), ("findings", "findings"),
    ("press", "press"),
)  # fmt: skip
EMPTY_UNLESS: Mapping[str, Callable[[Release, "SiteOptions"], object]] = {
    "statements": lambda release, _: release.statements,
    "estimate": lambda release, _: release.estimate,
    "testimony": lambda _, options: options.takes_testimony,
    "actions": lambda release, _: release.actions,
    "states": lambda release, _: release.votes or release.commitments,
    "press": lambda release, _: release.estimate,
}  # pages of a coalition at work: a public record, behind which nobody stands, has them only where they are filled
STATUS_SIGNS = {
    "met": "●", "partly_met": "◐", "not_met": "○", "not_known_met": "?", "reversed": "↺", "overtaken": "⊘",
    "granted": "●", "partly_granted": "◐", "refused": "○", "no_answer": "?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How a site is published. ``sign`` gives the hub's signature line under a text; nothing else may hold its key."""

    base_url: str = ""  # where it will stand: for the site map, feeds and Open Graph
    contact: str = ""  # for security.txt: mailto: or https:
    key: Verifier | None = None
    sign: Callable[[str], str] | None = None
    coalition: str = ""  # in whose name the site stands, where another made the release
    figures_by: str = ""  # who made the release then
    takes_testimony: tuple[str, ...] = ()  # members who said themselves that they take testimony

    def __post_init__(self) -> None:
        if self.base_url and not self.base_url.startswith(("https://", "http://")):
            raise InvalidValue("{base_url!r} is no address of a site (https://…)", base_url=self.base_url)
        if self.contact and not self.contact.startswith(("mailto:", "https://", "tel:")):
            raise InvalidValue(
                "{contact!r} is no contact for security.txt (mailto:… or https://…)", contact=self.contact
            )
        if (self.key is None) != (self.sign is None):
            raise InvalidValue("a site is signed with a key and its signer together, or not at all")

    def address(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}" if self.base_url else ""


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("corroborate.site"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.tests["web"] = is_web
    return made


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language. ``path``: from the language's folder."""

    path: str
    template: str
    title: str
    kind: str  # key of the words under which a search shows it
    about: str = ""  # a sentence, for search engines and previews
    text: str = ""  # what a search finds it by, besides its title
    more: Mapping[str, Any] = field(default_factory=dict)


def figures_of(release: Release) -> dict[str, Figure]:
    figures = []
    if release.estimate is not None:
        figures.append(estimate_figure(release.estimate))
        if len(release.estimate.sensitivity) > 1:
            figures.append(sensitivity_figure(release.estimate))
        if release.overlap is not None:
            figures.append(overlap_figure(release.overlap))
    return {figure.name: figure for figure in figures}


@dataclass(frozen=True, slots=True)
class Contents:
    """A release arranged for pages: what has a page of its own, and what belongs together."""

    release: Release
    figures: Mapping[str, Figure]
    demands: Mapping[str, DemandShown]  # slug ->
    members: Mapping[str, MemberShown]
    actions: Mapping[str, ActionShown]
    statements: Mapping[str, tuple[StatementShown, ...]]  # name -> in each of its languages
    at: Mapping[str, str]  # name of a statement -> slug: no two share a page
    places: tuple[maps.Marked, ...]

    @classmethod
    def of(cls, release: Release) -> "Contents":
        members: dict[str, MemberShown] = {}
        for member in release.members:
            members[slug(member.name, members)] = member
        actions: dict[str, ActionShown] = {}
        for action in sorted(release.actions, key=lambda one: (one.begins, one.id), reverse=True):
            actions[slug(action.id, actions)] = action
        statements: dict[str, list[StatementShown]] = {}
        for statement in release.statements:
            statements.setdefault(statement.name, []).append(statement)
        at: dict[str, str] = {}
        for name in sorted(statements, key=lambda one: (slug(one) != one, one)):  # the same whichever came first
            at[name] = slug(name, dict.fromkeys(at.values()))
        return cls(
            release, figures_of(release),
            {slug(one.id.removeprefix("demand.").replace("_", "-")): one for one in release.demands}, members, actions,
            {name: tuple(group) for name, group in statements.items()}, at, maps.numbered(release.places),
        )  # fmt: skip

    def signed_by(self, name: str) -> list[StatementShown]:
        """Statements that a member of this name signed. Of several of one name it is said where all of them did, so
        that none stands under what another signed. Releases made before names were kept have the name of a key."""
        of_key, many = "-".join(name.split()), sum(one.name == name for one in self.release.members)
        found = []
        for statement in self.release.statements:
            said = [one for one in statement.sign_ons if (one.name or one.member) == name]
            said += [one for one in statement.sign_ons if not one.name and one.member == of_key != name]
            if len(said) >= many and all(one.signed for one in said):
                found.append(statement)
        return found

    def in_language(self, name: str, language: str) -> StatementShown:
        group = self.statements[name]
        return next((one for one in group if one.language == language), group[0])

    def asked_of(self) -> list[tuple[str, list[tuple[str, DemandShown]]]]:
        """Demands by whom they are asked of, in their own order."""
        groups: dict[str, list[tuple[str, DemandShown]]] = {}
        for at, one in self.demands.items():
            groups.setdefault(one.addressee, []).append((at, one))
        return list(groups.items())

    def resolutions(self) -> list[tuple[VoteShown, list[VoteShown]]]:
        """Votes by resolution, newest first; the first stands for the resolution."""
        groups: dict[str, list[VoteShown]] = {}
        for vote in self.release.votes:
            groups.setdefault(vote.resolution, []).append(vote)
        newest = sorted(groups.values(), key=lambda group: (group[0].on, group[0].resolution), reverse=True)
        return [(group[0], sorted(group, key=lambda one: one.state)) for group in newest]


def pages_of(release: Release, options: SiteOptions) -> tuple[tuple[str, str], ...]:
    """Key and file of the main pages. A public record has no empty page, none that sends a witness to somebody who was
    not asked, and calls those who asked for the commission so, and not its members."""
    if release.record is None:
        return PAGES
    return tuple(
        ("askers" if key == "members" else key, file)
        for key, file in PAGES
        if key not in EMPTY_UNLESS or EMPTY_UNLESS[key](release, options)
    )


def rungs(demand: DemandShown) -> list[EventShown]:
    """The ladder of a demand: every dated event that a reading or an answer rests on, oldest first."""
    found = {one.id: one for one in demand.evidence}
    for criterion in demand.criteria:
        for reading in criterion.readings:
            found |= {one.id: one for one in reading.evidence}
    return sorted(found.values(), key=lambda one: (one.date, one.id))


def members_of(release: Release) -> tuple[MemberShown, ...]:
    """Those who are members: a hub says of its observers and supporters that they are none. The founding register tells
    nobody apart, and is called so."""
    return tuple(one for one in release.members if not one.role)


def readers(release: Release) -> tuple[str, ...]:
    """Those who read the evidence on the demands, each once: the last reading of each criterion stands. Where others
    put it down under a name, they did: beside this line nothing would say that the one named did not."""
    last = (one.readings[-1] for demand in release.demands for one in demand.criteria if one.readings)
    return tuple(dict.fromkeys(one.entered_by or one.by for one in last))


def pages(contents: Contents, speech: Speech, options: SiteOptions) -> Iterator[Page]:
    """All pages of one language but the search page, which lists them. Raises InvalidValue where somebody is said to
    take testimony who is no member."""
    if unknown := set(options.takes_testimony) - {one.name for one in contents.release.members}:
        raise InvalidValue(
            "{name} takes testimony, but is no member in this release: write the name as the register has it",
            name=min(unknown),
        )
    release, say = contents.release, speech.plain
    for key, file in pages_of(release, options):
        if key not in ("home", "search"):
            yield Page(f"{file}.html", f"{file}.html", say(key), key, more=_main(key, contents, speech, options))
    whole = members_of(release)
    known = {one.country for one in whole if one.country}
    who = "who" if len(whole) == len(release.members) else "who_members"
    about = say(who, n=speech.number(len(whole)), countries=len(known))
    home = _main("home", contents, speech, options)
    yield Page("index.html", "index.html", say("home"), "home", about, release.coalition, home)
    yield from _demand_pages(contents, speech)
    for name in contents.statements:
        one = contents.in_language(name, speech.language)
        more = {"s": one, "group": contents.statements[name], "ld": _creative_work(one, release)}
        path = f"statements/{contents.at[name]}.html"
        yield Page(path, "statement.html", one.title, "statements", one.title, one.current.text, more)
    members = "members" if release.record is None else "askers"
    acts: dict[str, list[tuple[str, ActionShown]]] = {}
    for at, action in contents.actions.items():
        for name in action.members:
            acts.setdefault(name, []).append((at, action))
    for at, member in contents.members.items():
        text = f"{member.abbreviation} {member.affiliation} {speech.country(member.country)}".strip()
        more = {"m": member, "signed": contents.signed_by(member.name), "acts": acts.get(member.name, [])}
        yield Page(f"members/{at}.html", "member.html", member.name, members, text, text, more)
    asked = {demand.id: (at, demand) for at, demand in contents.demands.items()}
    for at, action in contents.actions.items():
        about = f"{say(action.kind)}. {'; '.join(action.members)}"
        text = f"{' '.join(action.members)} {action.text} {action.place}"
        more = {"a": action, "ld": _event(action), "asked": [asked[one] for one in action.demands if one in asked]}
        yield Page(f"actions/{at}.html", "action.html", action.title, "actions", about, text, more)


def _demand_pages(contents: Contents, speech: Speech) -> Iterator[Page]:
    related: dict[str, list[tuple[str, ActionShown]]] = {}
    for at, action in contents.actions.items():
        for demand_id in action.demands:
            related.setdefault(demand_id, []).append((at, action))
    for at, demand in contents.demands.items():
        title = speech.text_of(demand.labels, demand.what)
        words = " ".join(speech.text_of(one.labels, one.what) for one in demand.criteria)
        text = f"{words} {demand.words} {demand.addressee} {demand.what}"
        more = {"d": demand, "rungs": rungs(demand), "related": related.get(demand.id, [])}
        about = f"{speech.plain(demand.code or 'status')}. {words}"
        yield Page(f"demands/{at}.html", "demand.html", title, "demands", about, text, more)


def _main(key: str, contents: Contents, speech: Speech, options: SiteOptions) -> dict[str, Any]:
    """What only one of the main pages needs."""
    release = contents.release
    if key == "home":
        speaking = len(release.record.speaking) if release.record else 0
        return {"ld": _organisation(release, options), "names": list(contents.statements), "speaking": speaking}
    if key in ("members", "askers"):
        whole = members_of(release)
        counts = Counter(one.country for one in whole if one.country)
        caption = "member_map" if len(whole) == len(release.members) else "members_alone_map"
        rows = [(speech.country(code), count) for code, count in sorted(counts.items(), key=lambda o: (-o[1], o[0]))]
        alt = "; ".join(f"{name}: {count}" for name, count in rows)
        return {"map": maps.world(counts, f"{speech.plain(caption)}. {alt}"), "rows": rows, "caption": caption}
    if key == "actions":
        counts = Counter(one.country for one in release.actions if one.country)
        alt = "; ".join(f"{speech.country(code)}: {count}" for code, count in sorted(counts.items()))
        return {"map": maps.world(counts, f"{speech.plain('actions_map')}. {alt}") if counts else ""}
    if key == "camps":
        statuses = list(dict.fromkeys(one.place.status for one in contents.places))
        drawn = maps.korea(contents.places, speech.plain("camps_map"))
        return {"map": drawn, "statuses": statuses, "legend": maps.legend}
    if key == "findings" and release.record is not None:
        return {"by_id": {one.id: one for one in release.record.found}, "chapters": CHAPTERS}
    if key == "estimate":
        return {"ld": _dataset(release, options) if release.estimate else None}
    return {}


def _organisation(release: Release, options: SiteOptions) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": release.coalition,
    }
    if release.record is None:  # under a public record nobody stands
        found["member"] = [
            {"@type": "Organization" if one.kind == "organisation" else "Person", "name": one.name}
            for one in members_of(release)
        ]
    return found | ({"url": options.address("")} if options.base_url else {})


def _creative_work(one: StatementShown, release: Release) -> dict[str, Any]:
    return {
        "@context": "https://schema.org", "@type": "CreativeWork", "name": one.title, "inLanguage": one.language,
        "publisher": {"@type": "Organization", "name": release.coalition}, "version": one.current.number,
        "identifier": f"sha256:{one.current.digest}",
        "author": [_author(o) for o in one.sign_ons if o.signed],
        "comment": [
            {"@type": "Comment", "author": _author(o), "text": o.words}
            for o in one.sign_ons
            if o.words and not o.unproved
        ],
    }  # fmt: skip


def _author(one: SignOnShown) -> dict[str, str]:
    return {"@type": "Person" if one.kind == "individual" else "Organization", "name": one.shown}


def _event(one: ActionShown) -> dict[str, Any]:
    return {
        "@context": "https://schema.org", "@type": "Event", "name": one.title, "startDate": one.begins,
        "endDate": one.ends, "inLanguage": one.language,
        "organizer": [{"@type": "Organization", "name": name} for name in one.members],
        **({"creditText": f"Entered by {one.entered_by}, and signed by nobody"} if one.entered_by else {}),
        "location": {"@type": "Place", "name": one.place or one.country or one.title, "address": one.country},
    }  # fmt: skip


def _dataset(release: Release, options: SiteOptions) -> dict[str, Any]:
    e = release.estimate
    assert e is not None  # noqa: S101 - for the type checker
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": release.title,
        "description": f"Documented: {e.documented}; at least {e.at_least:.0f}; headline {e.median:.0f} "
        f"({e.low:.0f} to {e.high:.0f}), by {e.method}.{' Invented.' if release.invented else ''}",
        "creator": {"@type": "Organization", "name": options.figures_by or release.coalition},
        "dateModified": release.on.isoformat(),
        "measurementTechnique": e.method,
    }


def day(text: str) -> date:
    """The first day that a date of any exactness can mean, for feeds, which know no other."""
    return PartialDate.parse(text).earliest


def render(contents: Contents, speech: Speech, options: SiteOptions) -> Iterator[tuple[str, bytes, Entry]]:
    """Path, bytes and search entry of each page of one language, the search page last (its own entry is not used)."""
    release = contents.release
    identity = Digest.of(release.coalition.encode()).hex[:16]
    env = environment()
    there = pages_of(release, options)
    files = {file for _, file in HEAD}
    common = {
        "r": release, "c": contents, "lang": speech.language, "w": speech, "t": speech.of, "n": speech.number,
        "head": [one for one in there if one[1] in files], "all": there,
        "readers": [in_language(one, speech.language) for one in readers(release)],
        "known": speech.known, "tongues": LANGUAGES, "signs": STATUS_SIGNS,
        "territory": TERRITORIES[speech.language],
        "in_words": partial(in_language, language=speech.language),
        "options": options, "figures": contents.figures, "ld": None, "identity": identity,
    }  # fmt: skip
    entries = []

    def one(page: Page) -> tuple[str, bytes]:
        up = "../" * page.path.count("/")
        text = env.get_template(page.template).render(
            **{**common, **page.more}, title=page.title, about=page.about, up=up, root=f"../{up}", path=page.path,
            kind=page.kind,
        )  # fmt: skip
        return f"{speech.language}/{page.path}", text.encode()

    for page in pages(contents, speech, options):
        entry = Entry(page.title, page.path, speech.plain(page.kind), page.text or page.about)
        entries.append(entry)
        yield *one(page), entry
    listed = sorted(entries, key=lambda entry: entry.kind)
    search = Page("search.html", "search.html", speech.plain("search"), "search", more={"entries": listed})
    yield *one(search), Entry(search.title, search.path, search.title)
    for name in ("feed", "actions"):
        feed = env.get_template(f"{name}.atom").render(**common, day=day, newest=_newest(release))
        yield f"{speech.language}/{name}.atom", feed.encode(), Entry(name, f"{name}.atom", name)


def _newest(release: Release) -> Sequence[EventShown]:
    return sorted(release.timeline, key=lambda one: (one.date, one.id), reverse=True)[:20]


def calendar_of(release: Release, identity: str) -> bytes:
    """All actions as one calendar file."""
    actions = [
        Action(one.id, one.kind, one.title, one.members, date.fromisoformat(one.begins), date.fromisoformat(one.ends),
               one.language, one.country, one.place, one.demands, one.text, one.address if is_web(one.address) else "",
               one.entered_by)
        for one in release.actions
    ]  # fmt: skip
    return calendar(actions, release.coalition, release.on, f"{identity}.invalid").encode()
