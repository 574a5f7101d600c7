"""Who sees what of the campaign. No user, no rows; a member's office address is for the secretariat and itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Max, QuerySet

from corroborate import coalition
from corroborate.coalition import autonomy, decisions, final, lifecycle, memberships, requests, statements
from corroborate.coalition.countries import country_name
from corroborate.coalition.declarations import Keys
from corroborate.coalition.likeness import says_enough
from corroborate.custody import Signer, Verifier
from corroborate.disclosure import Results
from corroborate.errors import InvalidValue
from corroborate.translation import Sentence
from corroborate.values import JSON, Digest, canonical
from corroborate_node.coalition.campaign import models, stored
from corroborate_node.core import opened
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may, visible

PAGE = 100


def represented(user: Any) -> str | None:
    """The member an account acts for."""
    if "representative" not in getattr(actor_of(user), "roles", ()):
        return None
    found = models.Representative.objects.filter(user=user).values_list("member_id", flat=True).first()
    return None if found is None else str(found)


def has_representative(member: str) -> bool:
    """Whether an account that is not blocked acts for a member."""
    return bool(models.Representative.objects.filter(member_id=member, user__is_active=True).exists())


def choices_of_receivers(member: str) -> list[tuple[str, str]]:
    """Id and name of every other member for which an account that is not blocked acts."""
    rows = models.Representative.objects.filter(user__is_active=True).exclude(member_id=member)
    found = rows.order_by("member__place").values_list("member_id", "member__name").distinct()
    return [(str(id_), str(name)) for id_, name in found]


def represented_name(user: Any) -> str:
    """The name of that member; empty where there is none."""
    found = models.Representative.objects.filter(user=user).values_list("member__name", flat=True).first()
    return str(found or "")


def represented_id(user: Any) -> str:
    """The id of that member, whatever the account's roles are; empty where there is none."""
    return str(models.Representative.objects.filter(user=user).values_list("member_id", flat=True).first() or "")


def choices_of_members() -> list[tuple[str, str]]:
    """Id and name of every member, for whom an account may act."""
    return [(str(id_), str(name)) for id_, name in models.Member.objects.order_by("place").values_list("id", "name")]


def names_of_members() -> list[tuple[str, ...]]:
    """Id, name, former names, abbreviation and further names of every member, of those who left too."""
    return [(one.id, *memberships.names_of(one)) for one in register().members.values()]


def called_members(name: str) -> tuple[str, ...]:
    """Ids of the members that somebody can mean by a name, also as it is said for short (Casa Memoria). One word of a
    longer name is anybody's."""
    return register().called([name]) if says_enough(name) else ()


def members(user: Any) -> QuerySet[models.Member]:
    return visible(user, models.Member).order_by("place")


def membership(row: models.Member) -> memberships.Membership:
    found: memberships.Membership = stored.get(memberships.Membership, row.body)
    return found


_last: list[tuple[object, memberships.Register]] = []  # the newest reading, for as long as no member has changed
_shown: dict[str, tuple[object, memberships.Register, lifecycle.Statement]] = {}  # by statement, likewise


def register() -> memberships.Register:
    """All members, for rules that need them all. Read again once anything has happened to one: thousands of members
    take seconds to read."""
    of_members = models.Happened.objects.filter(stream__gte="member/", stream__lt="member0")  # "0" follows "/"
    newest = of_members.aggregate(newest=Max("id"))["newest"]
    mark = (opened.current().folder, newest, models.Member.objects.count())
    if _last and _last[0][0] == mark:
        return _last[0][1]
    rows = models.Member.objects.order_by("place")
    found = memberships.Register({row.id: membership(row) for row in rows}, opened.current().name)
    _last[:] = [(mark, found)]
    return found


def contact_shown(user: Any, member: str) -> bool:
    return may(user, "member.keep") or represented(user) == member


def keys(register_: memberships.Register) -> Keys:
    """Every key a member has or had: an old note stays its member's."""
    return Keys.of([(one.id, key) for one in register_.members.values() for key, _, _ in one.keys])


def statements_listed(user: Any) -> QuerySet[models.Statement]:
    return visible(user, models.Statement).order_by("-changed")


def names_of_statements() -> frozenset[str]:
    """Of every statement here, whatever its phase."""
    return frozenset(models.Statement.objects.values_list("name", flat=True))


def texts_here() -> frozenset[str]:
    """SHA-256 of every version of every statement here."""
    bodies = models.Statement.objects.values_list("body", flat=True)
    found = (stored.get(statements.Version, one) for body in bodies for one in body["round"]["versions"])
    return frozenset(one.digest.hex for one in found)


def state(name: str, register_: memberships.Register, on: date) -> lifecycle.Statement | None:
    """A statement with its sign-ons, and with the register's keys and departures of a day."""
    row = models.Statement.objects.filter(name=name).first()
    if row is None:
        return None
    found: lifecycle.Statement = stored.get(lifecycle.Statement, row.body)
    rows = models.SignOn.objects.filter(statement=row).order_by("id").values_list(*_SIGN_ON)
    received = tuple(_sign_on(*one) for one in rows)
    if not found.round.put:  # put up by an earlier version, which kept no time beside the text
        put = zip(found.round.versions, _times_put_up(name), strict=False)
        found = replace(found, round=replace(found.round, put={one.digest.hex: at for one, at in reversed([*put])}))
    found = replace(found, round=replace(found.round, opened=found.opened))  # rounds of an earlier version kept none
    over = found.phase in ("closed", "published")
    return replace(found, round=register_.seat(replace(found.round, received=received), on, over=over))


def state_shown(name: str, register_: memberships.Register, on: date) -> lifecycle.Statement | None:
    """The same for a page: read once, and again when anything has happened to the statement or to a member. What
    follows from an act is never asked of this."""
    newest = models.Happened.objects.filter(stream=f"statement/{name}").aggregate(newest=Max("id"))["newest"]
    mark = (opened.current().folder, newest, on)
    last = _shown.get(name)
    if last is not None and last[0] == mark and last[1] is register_:
        return last[2]
    found = state(name, register_, on)
    _shown.clear()  # one at a time: a large round takes some megabytes
    if found is not None:
        _shown[name] = (mark, register_, found)
    return found


_SIGN_ON = ("member_id", "language", "digest", "choice", "at", "note", "key", "scan", "recorded_by", "confirmed_by",
            "words", "statement_id")  # fmt: skip
_CHOICES = {str(one): one for one in statements.CHOICES}
_verifier = lru_cache(maxsize=1 << 15)(Verifier.parse)


def _sign_on(
    member: str, language: str, digest: str, choice: str, at: datetime, note: bytes, key: str, scan: str,
    recorded_by: str, confirmed_by: str, words: str, name: str,
) -> statements.SignOn:  # fmt: skip
    paper = statements.Paper(Digest(scan), recorded_by, confirmed_by) if scan else None
    return statements.SignOn(
        member, name, language, Digest(digest), _CHOICES[choice], at, bytes(note), paper,
        _verifier(key) if key else None, words,
    )  # fmt: skip


def choices() -> autonomy.Choices:
    known, found = keys(register()), autonomy.Choices()
    for row in models.Choice.objects.order_by("id"):
        found = found.receive(autonomy.read_stance(bytes(row.note), known))
    return found


def proposals(user: Any) -> QuerySet[models.Proposal]:
    return visible(user, models.Proposal).order_by("-closes")


def proposal(row: models.Proposal) -> decisions.Proposal:
    found: decisions.Proposal = stored.get(decisions.Proposal, row.body)
    return found


def history(user: Any, stream: str) -> QuerySet[models.Happened]:
    return visible(user, models.Happened).filter(stream=stream).order_by("id")


def notices(user: Any) -> QuerySet[models.Notice]:
    """What is new for an account: its member's notices, or the secretariat's."""
    found = visible(user, models.Notice).order_by("-id")
    if may(user, "statement.carry"):
        return found.filter(member=None)
    return found.filter(member_id=represented(user) or "")


def seen_until(user: Any) -> int:
    return models.Seen.objects.filter(user=user).values_list("notice", flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for whoever looks."""

    what: str  # a word of words.yaml
    title: str
    link: str
    until: datetime | None = None


def waiting(user: Any, on: datetime) -> Sequence[Waiting]:
    """What waits for an account, most urgent first."""
    found: list[Waiting] = []
    mine, office = represented(user), may(user, "statement.carry")
    register_ = register()
    for row in models.Statement.objects.filter(phase__in=("open", "closed", "draft")):
        one = state(row.name, register_, on.date())
        if one is None:
            continue
        link = f"/statements/{row.name}"
        responses = {each.member: each for each in one.round.responses()}
        if mine in responses and one.phase == "open" and responses[mine].state in ("silent", "lapsed"):
            what = "asked_again" if responses[mine].state == "lapsed" else "asked_sign"
            found.append(Waiting(what, row.title, link, one.round.deadline))
        if mine is not None:
            found += [Waiting("asked_quote", quote.spokesperson, link) for quote in one.quotes
                      if quote.member == mine and quote.said is None]  # fmt: skip
        if office:
            found += [Waiting("paper_waits", register_[each.member].details.name, link) for each in responses.values()
                      if each.waits]  # fmt: skip
            if one.phase == "closed":
                found.append(Waiting("to_publish", row.title, link, one.embargo))
    for each in models.Proposal.objects.filter(closes__gt=on):
        open_ = proposal(each)
        if mine in open_.asked and mine not in open_.counted:
            found.append(Waiting("asked_position", each.title, f"/decisions/{each.id}", each.closes))
    if office:
        found += [Waiting("to_confirm", row.name, f"/members/{row.id}")
                  for row in models.Member.objects.filter(doubtful=True).order_by("place")]  # fmt: skip
    if may(user, "authority.countersign"):
        name = getattr(user, "username", "")
        found += [
            Waiting("key_waits", one.details.name, f"/members/{one.id}")
            for one in register_.members.values()
            if one.put_forward_by(on.date()) not in ("", name)
        ]
        found += [
            Waiting("name_waits", one.details.name, f"/members/{one.id}")
            for one in register_.members.values()
            if (one.renaming.by if one.renaming else one.namesake) not in ("", name)
        ]
        found += _details_waiting(register_, name)
        found += [
            Waiting("leaving_waits", one.details.name, f"/members/{one.id}")
            for one in register_.members.values()
            if one.leaving is not None and one.leaving.by != name
        ]
        said = (("ending_waits", one, one.ending) for one in register_.members.values())
        back = (("returning_waits", one, one.returning) for one in register_.members.values())
        found += [
            Waiting(what, one.details.name, f"/members/{one.id}")
            for what, one, waits in (*said, *back)
            if waits is not None and waits.by != name
        ]
    return sorted(found, key=lambda one: (one.until is None, one.until or on))


def _details_waiting(register_: memberships.Register, name: str) -> list[Waiting]:
    """Members of which something beside their names waits for another person than the one of this name."""
    everybody = register_.members.values()
    said = [("beside_waits", one, one.beside.by) for one in everybody if one.beside is not None]
    said += [("contact_waits", one, one.moving.by) for one in everybody if one.moving is not None]
    return [Waiting(what, one.details.name, f"/members/{one.id}") for what, one, by in said if by != name]


CORRECTED = ("name", "kind", "country", "region", "abbreviation", "languages", "field_of_work", "site", "contact",
             "affiliation", "capacity", "also_called")  # fmt: skip


def beside_shown(known: memberships.Details, wanted: memberships.Details) -> list[tuple[str, str, str]]:
    """What a correction changes beside a member's name: field, what it was, and what it is to be."""
    fields = [one for one in CORRECTED if one not in ("name", "abbreviation", "contact")]
    pairs = [(one, _in_a_line(getattr(known, one)), _in_a_line(getattr(wanted, one))) for one in fields]
    return [(one, was, now) for one, was, now in pairs if was != now]


def _in_a_line(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def beside_waiting(one: memberships.Membership) -> list[tuple[str, str, str]]:
    return [] if one.beside is None else beside_shown(one.details, one.beside.beside(one.details))


def beside_mark(one: memberships.Membership) -> str:
    """By which a page says what it showed of what waits beside a name: anything else, or another who says it, has
    another."""
    if one.beside is None:
        return ""
    said: list[JSON] = [part for each in beside_waiting(one) for part in each]
    return Digest.of(canonical([one.beside.by, *said])).hex


def address_given(rows: Iterable[models.Happened]) -> tuple[datetime, str] | None:
    """When the address of a member that stands was given, and by whom, as its history says."""
    contact, said, found = "", "", None
    for row in rows:
        if row.what == "ContactSaid":
            said = row.by
        elif row.what in ("Admitted", "Corrected") and row.body["details"]["contact"] != contact:
            contact = row.body["details"]["contact"]
            found = (row.at, ", ".join(dict.fromkeys(filter(None, (said, row.by)))))
    return found if contact else None


def corrections(rows: Iterable[models.Happened]) -> list[tuple[models.Happened, list[str]]]:
    """A member's history, each correction with the names of what it changed: never with an address itself."""
    known: dict[str, Any] = {}
    found = []
    for row in rows:
        after = row.body.get("details") if row.what in ("Admitted", "Corrected") else None
        changed = []
        if known and after is not None:  # an earlier version kept fewer of them
            changed = [one for one in CORRECTED if (after.get(one) or "") != (known.get(one) or "")]
        known = dict(known if after is None else after)
        if row.what == "NameSeconded":  # its own line says that the name is another one
            known = {one: was for one, was in known.items() if one not in ("name", "abbreviation")}
        found.append((row, changed))
    return found


def _sees_unapproved(user: Any, member: str) -> bool:
    """Whether somebody sees words that a member is asked to approve: it, and who put them up. Others would read as its
    own what it has not said."""
    return may(user, "statement.carry") or represented(user) == member


def quotes(user: Any, state_: lifecycle.Statement) -> tuple[lifecycle.Quote, ...]:
    """The quotes of a statement that somebody sees."""
    return tuple(one for one in state_.quotes if one.approved or _sees_unapproved(user, one.member))


def places(user: Any, member: str, on: date) -> Sequence[autonomy.Place]:
    """Everything under a member's name that somebody sees, positions in decisions included."""
    register_ = register()
    carried = [
        (row.title, one)
        for row in models.Statement.objects.order_by("name")
        if (one := state(row.name, register_, on)) is not None
    ]
    whole = _sees_unapproved(user, member)
    found = [one for one in autonomy.places(member, carried, choices()) if whole or one.stands or one.kind != "quote"]
    for each in models.Proposal.objects.order_by("id"):
        said = proposal(each).counted.get(member)
        if said is not None:
            proof, since = said.note.decode() or _heard_by(said), said.at.isoformat()
            what = said.position if said.note else Sentence("{position} ({proof})", position=said.position, proof=proof)
            found.append(autonomy.Place("position", each.id, each.title, what, since, proof, said.sure))
    return sorted(found, key=lambda one: (one.since, one.kind))


def stance_asked(user: Any, kind: str, subject: str, on: date) -> requests.Request:
    """The question for a member's stance: of a statement, on the text that stands. Raises InvalidValue for none."""
    sender = opened.current().name
    if kind != "statement":
        return requests.ask_stance(kind, subject, subject, sender)
    seen = statements_listed(user).filter(name=subject).exists()
    found = state(subject, register(), on) if seen else None
    if found is None:
        raise InvalidValue("there is no statement {name}", name=subject)
    return requests.ask_stance_on(found.round.current, sender)


def _heard_by(said: decisions.Said) -> str:
    """Whose word stands behind a position that no key signed. One person's alone lets nothing stand."""
    by = Sentence("heard, written down by {by}", by=said.recorded_by)
    two = Sentence("heard by two: {by}, {second}", by=said.recorded_by, second=said.confirmed_by)
    return two if said.confirmed_by else by


def began_at(name: str) -> datetime | None:
    """When a statement came here; None where it never did."""
    first = models.Happened.objects.filter(stream=f"statement/{name}").order_by("id").first()
    return None if first is None else first.at


def _times_put_up(name: str) -> list[datetime]:
    """When each version of a text was put up, by the history: as it was drafted, or by a suggestion that was taken."""
    rows = models.Happened.objects.filter(stream=f"statement/{name}", what__in=("Drafted", "Decided")).order_by("id")
    return [row.at for row in rows if row.what == "Drafted" or row.body.get("outcome") == "taken"]


def put_up(name: str, number: int) -> date | None:
    """The day on which a version of a text was put up; None where the history does not say."""
    found = _times_put_up(name)[number - 1 : number]
    return found[0].date() if found else None


def scan(digest: str) -> models.Scan | None:
    """The sealed scan of a letter. Its page asks who may see it."""
    return models.Scan.objects.filter(digest=digest).first()


def sealed_addresses() -> Iterable[str]:
    """The sealed files that this room relies on: a check of everything asks whether they are still there."""
    return models.Scan.objects.values_list("address", flat=True)


def counted(rows: Sequence[models.Statement], on: date) -> list[tuple[models.Statement, int]]:
    """Statements, each with how many sign-ons stand under its text: what was said of an earlier version, and what is
    no signature, are not among them."""
    register_ = register()
    found = ((row, state(row.name, register_, on)) for row in rows)
    return [(row, len(one.round.signed()) if one else 0) for row, one in found]


def checked_member(id_: str) -> models.Member:
    """A member by its label, or by its name in its own spelling. Raises InvalidValue."""
    row = models.Member.objects.filter(id=id_).first()
    called = [] if row is not None else list(models.Member.objects.filter(name=id_)[:2])
    if len(called) > 1:
        raise InvalidValue(
            "several members are called {name}: give one of {listed}", name=id_, listed=", ".join(c.id for c in called)
        )
    row = row or (called[0] if called else None)
    if row is None:
        raise InvalidValue("there is no member {id} in the register", id=id_)
    return row


def public_members() -> tuple[coalition.Member, ...]:
    """Members as anybody may see them: no contact, nobody who left, no doubt that a person has not settled. Of
    observers and supporters it is said that they are no members: nobody of theirs spoke when they were taken in."""
    return tuple(
        coalition.Member(
            one.name,
            one.kind,
            "",
            one.country,
            "none",
            one.region,
            one.abbreviation,
            one.beside,
            role="" if each.role == "member" else each.role,
        )
        for each in register().members.values()
        if each.left is None and not each.namesake
        for one in (each.details,)
    )


def published(on: date) -> tuple[tuple[str, statements.Round], ...]:
    """Title and round of what was published, oldest first."""
    register_ = register()
    rows = models.Statement.objects.filter(phase="published").order_by("changed", "name")
    return tuple((row.title, one.round) for row in rows if (one := state(row.name, register_, on)) is not None)


def names_signed(state_: lifecycle.Statement, register_: memberships.Register) -> dict[str, str]:
    """The names of those who have another one by now, as the register had them when each spoke last to this text."""
    renamed = {one.member for one in state_.round.received if register_[one.member].formerly}
    name = state_.round.current.statement
    rows = models.SignOn.objects.filter(statement_id=name, member_id__in=renamed)
    spoke, found = dict(rows.order_by("id").values_list("member_id", "received")), dict[str, str]()
    for label, at in spoke.items():
        changed = models.Happened.objects.filter(stream=f"member/{label}", what__in=_NAMING)
        came = models.Happened.objects.filter(stream=f"statement/{name}", what__in=("Received", "Recorded"), at=at)
        last = came.order_by("id").values_list("id", flat=True).first()  # in order: two may be of one second
        before = changed.filter(at__lt=at) if last is None else changed.filter(id__lt=last)
        found[label] = _called_last(before.order_by("id")) or register_[label].formerly[0][1].name
    return found


_NAMING = ("Corrected", "RenameSaid", "NameSeconded")


def _called_last(rows: Iterable[models.Happened]) -> str:
    """The name that these happenings leave a member with: without its short one, which a second person read beside it
    and which no signature bears. Empty where none gives a name."""
    name, said = "", ""
    for row in rows:
        if row.what == "RenameSaid":
            said = row.body["name"]
        elif row.what == "Corrected":
            name = row.body["details"]["name"]
        else:
            read = row.body["name"]
            name = said if said and (read == said or read.startswith(f"{said} (")) else read
    return name


def _as_published(
    state_: lifecycle.Statement, register_: memberships.Register, labels: Iterable[str]
) -> memberships.Register:
    """The register with what stood beside these names when a text was published: what is corrected later stands beside
    none under a text that everybody has read."""
    changed = {label for label in labels if register_[label].formerly}
    if state_.published is None or not changed:
        return register_
    streams = {f"member/{label}": label for label in changed}
    rows = models.Happened.objects.filter(stream__in=streams, what__in=("Admitted", "Corrected"))
    of_text = models.Happened.objects.filter(stream=f"statement/{state_.round.current.statement}", what="Published")
    last = of_text.order_by("-id").values_list("id", flat=True).first()  # in order: two may be of one second
    rows = rows.filter(at__lte=state_.published) if last is None else rows.filter(id__lt=last)
    then = {streams[row.stream]: row.body["details"] for row in rows.order_by("id")}
    stood = {
        label: replace(register_[label], details=_stood(register_[label], then.get(label), state_.published))
        for label in changed
    }
    return replace(register_, members={**register_.members, **stood})


def _stood(one: memberships.Membership, then: Any, at: datetime) -> memberships.Details:
    """What the register said at a time; by day where the history does not say it."""
    if then is not None:
        found: memberships.Details = stored.get(memberships.Details, then)
        return found
    return next((details for until, details in one.formerly if at.date() < until), one.formerly[0][1])


def final_in(
    state_: lifecycle.Statement, register_: memberships.Register, publisher: Signer, at: datetime, language: str = ""
) -> final.Final:
    """A final text with members as the register shows them, their countries in the text's own language."""
    tongue = language or state_.round.current.language
    labels = {one.member for one in state_.round.received} | {quote.member for quote in state_.quotes}
    register_ = _as_published(state_, register_, labels)
    countries = {label: register_[label].details.country for label in labels}
    on = (state_.published or at).date()
    names = names_signed(state_, register_)
    shown = {}
    for label, code in countries.items():
        one = register_.shown(label, country_name(code, tongue) if code else "", on)
        shown[label] = replace(one, name=names.get(label, one.name))
    return final.final(state_, shown, publisher, at, language)


def finals_of(
    state_: lifecycle.Statement, register_: memberships.Register, publisher: Signer, at: datetime
) -> tuple[final.Final, ...]:
    """The original, then each translation of the text that stands, in the order of their languages."""
    newest = {one.language: one for one in state_.translations}
    current = sorted(language for language, one in newest.items() if not state_.stale(one))
    return tuple(final_in(state_, register_, publisher, at, tongue) for tongue in ("", *current))


def published_finals(publisher: Signer, at: datetime) -> tuple[final.Final, ...]:
    """Of every published statement the original, then each translation of the text that stands."""
    register_ = register()
    found: list[final.Final] = []
    for row in models.Statement.objects.filter(phase="published").order_by("changed", "name"):
        one = state(row.name, register_, at.date())
        if one is not None:
            found += finals_of(one, register_, publisher, at)
    return tuple(found)


def _published_at() -> dict[str, str]:
    """When each text was published: UTC, ISO 8601."""
    rows = models.Happened.objects.filter(stream__startswith="statement/", what="Published").order_by("id")
    return {row.stream.removeprefix("statement/"): f"{row.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for row in rows}


def for_release(desk: Desk) -> Results:
    """What a release holds of the coalition: members (the founding register where none is kept), statements."""
    return Results(
        members=public_members() or coalition.register(), rounds=published(desk.at.date()),
        finals=published_finals(desk.vault.signer, desk.at), changed=_published_at(),
        called={one.id: (one.details.name, one.details.kind) for one in register().members.values()},
    )  # fmt: skip
