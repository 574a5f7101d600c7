"""Pages of the campaign's work: what is asked, queries answer; what is done, actions do."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from corroborate import coalition
from corroborate.coalition import Access, Commitment, Contact, Reading, Vote, calendar, read_votes
from corroborate.coalition.targets import BODIES, LARGEST, VOTES
from corroborate.errors import CorroborateError, InputRefused, InvalidValue
from corroborate.records import Audience, Consent, Use
from corroborate.site import maps
from corroborate.site.words import words as site_words
from corroborate.vocabulary import country_names
from corroborate_node.coalition.advocacy import actions, forms, queries
from corroborate_node.coalition.advocacy.filters import name_of, worded
from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import Words, language_of

ACCESS = "demand.access_"
View = Callable[..., HttpResponse]


def _now() -> datetime:
    return timezone.now().replace(microsecond=0).astimezone(UTC)


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), "coalition.advocacy", site_words(language_of(request)))


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, f"advocacy/{template}.html", {**context, "words": _words(request)}, status=status)


def demands(request: HttpRequest) -> HttpResponse:
    """All demands, by whom they are asked of."""
    found = queries.demands(request.user)
    groups = [(whom, list(each)) for whom, each in groupby(found, key=lambda one: one.addressee)]
    return _page(request, "demands", {"groups": groups})


def demand(request: HttpRequest, slug: str) -> HttpResponse:
    """One demand: criteria with their readings, the log of access, and forms to add to both."""
    found = next((one for one in queries.demands(request.user) if one.id == f"demand.{slug}"), None)
    if found is None:
        raise Http404
    words = _words(request)
    criteria = [(one.id, worded(one, words)) for one in found.criteria]
    did = pressed(request, "do") or None
    today = {"on": f"{_now():%Y-%m-%d}"}
    reading = forms.ReadingForm(
        words, criteria, request.POST if did == "judge" else None, initial=today, prefix="judge"
    )
    access = forms.AccessForm(words, request.POST if did == "access" else None, prefix="access")
    if did == "judge" and reading.is_valid() and _judge(desk_of(request), found, reading):
        return HttpResponseRedirect(request.path)
    if did == "access" and access.is_valid() and _log_access(desk_of(request), found, access):
        return HttpResponseRedirect(request.path)
    related = [one for one in queries.actions(request.user) if found.id in one.demands]
    return _page(request, "demand",
        {"d": found, "slug": slug, "reading": reading, "access": access, "related": related,
         "about_access": found.id.startswith(ACCESS) or bool(found.access)},
        status=400 if did else 200,
    )  # fmt: skip


def _judge(desk: Desk, found: coalition.Demand, form: forms.ReadingForm) -> bool:
    given, known = form.cleaned_data, queries.events()
    try:
        evidence = [known[at] for at in given["evidence"]]
        if given["event_on"] or given["event_what"] or given["event_source"]:
            evidence.append(actions.new_event(given["event_on"], given["event_what"], given["event_source"]))
        made = Reading(given["status"], given["by"], given["on"], tuple(evidence), given["note"])
        actions.judge(desk, found.id, given["criterion"], made)
    except CorroborateError as error:
        form.refuse(error)
        return False
    return True


def _log_access(desk: Desk, found: coalition.Demand, form: forms.AccessForm) -> bool:
    given = form.cleaned_data
    try:
        made = Access(given["on"], given["by"], given["what"], given["answer"], given["source"])
        actions.log_access(desk, found.id, made)
    except CorroborateError as error:
        form.refuse(error)
        return False
    return True


def initiatives(request: HttpRequest) -> HttpResponse:
    """Members' actions: list, map, and pairs that may be one event."""
    found = queries.actions(request.user)
    counts = Counter(one.country for one in found if one.country)
    words = _words(request)
    counted = "; ".join(f"{name_of(code, words)}: {count}" for code, count in sorted(counts.items()))
    alt = f"{words['by_country']}. {counted}"
    return _page(request, "actions",
        {"actions": found, "map": maps.world(counts, alt) if counts else "",
         "proposals": [(one, queries.may_join(one.first, one.second)) for one in queries.open_proposals(request.user)],
         "invented": queries.invented_actions(request.user),
         "removed": queries.removed_actions(request.user)},
    )  # fmt: skip


def initiative(request: HttpRequest, identifier: str) -> HttpResponse:
    found = next((one for one in queries.actions(request.user) if one.id == identifier), None)
    words = _words(request)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            form = forms.ConfirmForm(words, request.POST)
            actions.confirm(desk_of(request), identifier, form.cleaned_data["shown"] if form.is_valid() else "")
        except CorroborateError as error:
            return _page(request, "refused", {"error": error, "back": request.path}, status=400)
        return HttpResponseRedirect(request.path)
    asked = [one for one in queries.demands(request.user) if one.id in found.demands]
    row = queries.entry(request.user, identifier)
    return _page(request, "action",
        {"a": found, "kind": words[found.kind], "country": name_of(found.country, words), "asked": asked,
         "joined": queries.merges(request.user, identifier), "invented": queries.invented_actions(request.user),
         "waits": queries.waits(request.user, identifier), "mine": row, "mark": queries.mark(found),
         "history": queries.before(row) if row else ()},
    )  # fmt: skip


def new_initiative(request: HttpRequest) -> HttpResponse:
    """Enter an action under its members' own names."""
    form = forms.ActionForm(_words(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _typed(actions.identifier("action", _now()), form.cleaned_data)
            actions.enter(desk_of(request), made)
        except CorroborateError as error:
            form.refuse(error)
        else:
            return HttpResponseRedirect(f"/actions/{made.id}")
    return _page(request, "action-new", {"form": form}, status=400 if form.is_bound else 200)


def _typed(identifier: str, given: dict[str, Any]) -> coalition.Action:
    names = tuple(line.strip() for line in given["members"].splitlines() if line.strip())
    return coalition.Action(
        identifier, given["kind"], given["title"], names, given["begins"], given["ends"] or given["begins"],
        given["language"], given["country"], given["place"], tuple(given["demands"]), given["text"], given["address"],
    )  # fmt: skip


def change_initiative(request: HttpRequest, identifier: str) -> HttpResponse:
    """Correct, remove or restore an action: for the account that entered it, and for the secretariat."""
    row = queries.entry(request.user, identifier)
    if row is None:
        raise Http404
    did, desk = pressed(request, "do"), desk_of(request)
    initial = {
        **{name: getattr(row, name) for name in ("kind", "title", "begins", "ends", "language", "country", "place",
                                                 "demands", "text", "address")},
        "members": "\n".join(row.members),
    }  # fmt: skip
    form = forms.ActionForm(_words(request), request.POST if did == "change" else None, initial=initial)
    try:
        if did == "change" and form.is_valid():
            actions.change(desk, _typed(identifier, form.cleaned_data))
            return HttpResponseRedirect(f"/actions/{row.merged_into_id or identifier}")
        if did == "remove":
            actions.remove(desk, identifier)
            return HttpResponseRedirect("/actions")
        if did == "restore":
            actions.restore(desk, identifier)
            return HttpResponseRedirect(f"/actions/{row.merged_into_id or identifier}")
    except CorroborateError as error:
        if did != "change":
            context = {"error": error, "back": request.path}
            return _page(request, "refused", context, status=400)
        form.refuse(error)
    context = {"form": form, "row": row, "history": queries.before(row)}
    return _page(request, "action-change", context, status=400 if form.is_bound else 200)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """A person decides whether two entries are one event, or takes such a decision back."""
    form, desk = forms.PairForm(_words(request), request.POST), desk_of(request)
    first, second = (form.cleaned_data[one] for one in ("first", "second")) if form.is_valid() else ("", "")
    try:
        match pressed(request, "do"):
            case "merge":
                actions.merge(desk, first, second)
            case "apart":
                actions.keep_apart(desk, first, second)
            case "undo":
                actions.unmerge(desk, second)
            case _:
                raise InvalidValue("say whether the two are one event, or two")
    except CorroborateError as error:
        return _page(request, "refused", {"error": error, "back": "/actions"}, status=400)
    return HttpResponseRedirect("/actions")


def ics(request: HttpRequest) -> HttpResponse:
    """The calendar as a file."""
    name = opened.current().name
    text = calendar(queries.standing(request.user), f"{name}: actions", _now().date())
    return HttpResponse(
        text, content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="actions.ics"'},
    )  # fmt: skip


def states(request: HttpRequest) -> HttpResponse:
    """States and their votes; a file of votes is taken in whole or not at all."""
    words = _words(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    undo = pressed(request, "do") == "undo"
    form, took = forms.VotesForm(words, *(() if undo else given)), None
    if undo:
        try:
            actions.take_back_votes(desk_of(request), pressed(request, "resolution"))
        except CorroborateError as error:
            return _page(request, "refused", {"error": error, "back": request.path}, status=400)
        return HttpResponseRedirect(request.path)
    if request.method == "POST" and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            if file.size > LARGEST:
                raise InputRefused("a file of votes has at most {largest} MiB", largest=LARGEST >> 20)
            took = actions.take_votes(desk_of(request), read_votes(file.read(), _now().date()))
            form = forms.VotesForm(words)
        except CorroborateError as error:
            form.refuse(error)
    resolutions = _by_resolution(queries.votes(request.user), words)
    return _page(request, "states",
        {"form": form, "took": took, "resolutions": resolutions,
         "bodies": [(code, words[f"body_{code}"]) for code in BODIES],
         "states": [(code, name_of(code, words)) for code in queries.states(request.user)],
         "countries": forms.countries_of(words), "keeps": desk_of(request).may("state.keep")},
        status=400 if form.is_bound and form.errors else 200,
    )  # fmt: skip


def _by_resolution(votes: Sequence[Vote], words: Words) -> list[tuple[Vote, list[tuple[str, list[tuple[str, str]]]]]]:
    """Votes as the page shows them: by resolution, newest first, then by what was said, then by State."""
    order = list(VOTES)
    found = []
    for _, each in groupby(votes, key=lambda one: (one.on, one.resolution)):
        group = sorted(each, key=lambda one: (order.index(one.vote), one.state))
        said = [
            (words[vote], [(one.state, name_of(one.state, words)) for one in some])
            for vote, some in groupby(group, key=lambda one: one.vote)
        ]
        found.append((group[0], said))
    return found


def state(request: HttpRequest, code: str) -> HttpResponse:
    """One State: votes, commitments, what letters to it say, and contacts in a member's vault."""
    if code not in country_names():
        raise Http404
    user, desk, words = request.user, desk_of(request), _words(request)
    did = pressed(request, "do") or None
    commitment = forms.CommitmentForm(words, request.POST if did == "commit" else None, prefix="commit")
    paragraph = forms.ParagraphForm(
        words,
        request.POST if did == "paragraph" else None,
        initial={"text": queries.paragraph(user, code)},
        prefix="local",
    )
    contact = forms.ContactForm(words, request.POST if did == "contact" else None, prefix="contact")
    acts = {"commit": (commitment, _commit), "paragraph": (paragraph, _paragraph), "contact": (contact, _contact)}
    if did == "undo":
        try:
            number = pressed(request, "commitment")
            actions.take_back_commitment(desk, code, int(number) if number.isdecimal() else 0)
        except CorroborateError as error:
            return _page(request, "refused", {"error": error, "back": request.path}, status=400)
        return HttpResponseRedirect(request.path)
    if did == "forget":
        try:
            forget = forms.ForgetForm(words, request.POST)
            actions.forget_contact(desk_of(request), forget.cleaned_data["contact"] if forget.is_valid() else "")
        except CorroborateError as error:
            return _page(request, "refused", {"error": error, "back": request.path}, status=400)
        return HttpResponseRedirect(request.path)
    if did in acts:
        form, act = acts[did]
        if form.is_valid():
            try:
                act(desk, code, form.cleaned_data)
                return HttpResponseRedirect(request.path)
            except CorroborateError as error:
                form.refuse(error)
    return _page(request, "state",
        {"code": code, "name": name_of(code, words),
         "votes": [(one, words[one.vote]) for one in queries.votes_of(user, code)],
         "commitments": queries.commitments(user, code),
         "contacts": queries.contacts(user, code, "own", desk.at.date()),
         "commitment": commitment, "paragraph": paragraph, "contact": contact, "keeps": desk.may("state.keep")},
        status=400 if did else 200,
    )  # fmt: skip


def _commit(desk: Desk, code: str, given: dict[str, Any]) -> None:
    made = Commitment(code, given["what"], given["on"], given["source"], given["demand"], given["kept"])
    actions.commit(desk, made)


def _paragraph(desk: Desk, code: str, given: dict[str, Any]) -> None:
    actions.write_paragraph(desk, code, given["text"])


def _contact(desk: Desk, code: str, given: dict[str, Any]) -> None:
    now = desk.at
    source = actions.identifier("source", now)
    consents = []
    if given["keep"]:
        uses: frozenset[Use] = frozenset({"hold", "name"}) if given["coalition"] else frozenset({"hold"})
        audience: Audience = "coalition" if given["coalition"] else "own"
        consents.append(
            Consent(
                actions.identifier("consent", now),
                source,
                uses,
                audience,
                now.date(),
                given["until"],
                subject=source,
                right="self",
            )
        )
    made = Contact(
        actions.identifier("contact", now), code, given["name"], given["role"], given["reach"], tuple(consents)
    )
    actions.add_contact(desk, made, now.date())


def letters(request: HttpRequest) -> HttpResponse:
    """One text, a letter each: shown to be read, and as one text file to be kept."""
    words = _words(request)
    choices = [(code, name_of(code, words)) for code in queries.states(request.user)]
    form = forms.LettersForm(words, choices, request.POST or None)
    made: tuple[tuple[str, str], ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.letters_to(desk_of(request), form.cleaned_data["text"], form.cleaned_data["states"])
        except CorroborateError as error:
            form.refuse(error)
    if made and pressed(request, "do") == "file":
        whole = "\n\f\n".join(f"{name}\n\n{letter}\n" for name, letter in made)
        return HttpResponse(
            whole, content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="letters.txt"'},
        )  # fmt: skip
    return _page(request, "letters", {"form": form, "letters": made, "none": not choices},
        status=400 if form.is_bound and form.errors else 200,
    )  # fmt: skip
