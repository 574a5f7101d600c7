"""The pages of recording: drafts; one page on which an interview or a paper is typed, looked over and recorded."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from corroborate.cases.law import entries
from corroborate.errors import CorroborateError, InvalidValue
from corroborate.importers.by_hand import Problem, Reading
from corroborate.values import canonical
from corroborate_node.coding import choosing
from corroborate_node.core.access.views import log_out
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, refused, scripted, seen
from corroborate_node.core.queries import limited
from corroborate_node.core.rooms import invented
from corroborate_node.core.views import language
from corroborate_node.core.wording import Words, language_of
from corroborate_node.recording import actions, doubling, forms, queries, reviewing
from corroborate_node.recording.reading import read_typed
from corroborate_node.records import entering, proceedings, remarks
from corroborate_node.records import queries as records

_script = scripted({"script-src": ["'self'"], "connect-src": ["'self'"]})
_ADD = {f"add-{part}": part for part in forms.MOST}
_BESIDE = ("attach", "discard")  # what a program may ask for without sending the draft along


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), "recording")


def index(request: HttpRequest) -> HttpResponse:
    """An account's drafts, and how one is begun."""
    desk, words = desk_of(request), _words(request)
    if desk.vault.hub:
        raise Http404
    if pressed(request) in ("rule", "rule-lift"):
        if not desk.may("record.rule"):
            return refused(request, "record.rule")
        entering.rule(desk, lift=pressed(request) == "rule-lift")
        return HttpResponseRedirect("/record#rule")
    form = forms.BeginForm(words, request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.begin(desk, given["kind"] or "witness", given["source"], given["person"])
            return HttpResponseRedirect(f"/record/{made.id}")
        except CorroborateError as error:
            form.refuse(error)
    rows = [(one, called(one, words), _state(one, words)) for one in queries.drafts(request.user)]
    more = bool(request.GET.get("source") or request.GET.get("person"))
    context = {
        "words": words,
        "form": form,
        "rows": rows,
        "more": more,
        "second_reads": entering.second_reads(),
        "may_rule": desk.may("record.rule"),
        "may_review": desk.may("draft.review"),
        "invented": invented(request.user),
    }
    return render(request, "recording/index.html", context, status=400 if form.errors else 200)


def _state(draft: Any, words: Words) -> str:
    """How far a draft came towards its second person; empty for one that was not submitted."""
    row = getattr(draft, "submitted", None)
    return words[f"state_{row.state}"] if row is not None else ""


def called(draft: Any, words: Words) -> str:
    """What a draft is called in a list: by its title, else by whom it names first."""
    source = draft.typed.get("source", {})
    people = [str(row.get("names", "")) for row in draft.typed.get("people", [])]
    return str(source.get("title") or next(filter(None, people), "") or words["untitled"])


@dataclass(slots=True)
class _Page:
    """What the page of a draft shows beside its forms. ``looked``: digest of what would be recorded. ``sure``: whether
    it asks if the draft is to be erased. ``attach``: the form of a file that was refused."""

    typed: Mapping[str, Any]
    problems: Sequence[Problem] = ()
    notes: Sequence[Problem] = ()
    refusal: CorroborateError | None = None
    looked: str = ""
    again: bool = False  # it is not what was looked over: nothing was recorded or handed on
    reviewer: str = ""  # who was chosen to read it
    reading: Reading | None = None
    undecided: Sequence[int] = ()
    focus: str = ""
    sure: bool = False
    attach: forms.AttachForm | None = None
    status: int = 200
    alike: Mapping[int, Sequence[tuple[str, str]]] = field(default_factory=dict)


@_script
def entry(request: HttpRequest, id_: str) -> HttpResponse:
    """One draft: keep what was typed, look it over, record it, discard it."""
    desk, words, did = desk_of(request), _words(request), pressed(request)
    draft = queries.draft(request.user, id_)
    if draft is None:
        raise Http404
    if request.method == "GET" and _read_by_another(draft):
        return HttpResponseRedirect(f"/record/reviews/{draft.id}")
    page = _Page(draft.typed)
    if request.method == "POST":
        answer = _posted(request, desk, words, draft, did, page)
        if answer is not None:
            return answer
    return _shown(request, desk, words, draft, page)


def _proceedings(user: Any, language: str) -> Iterator[tuple[str, str]]:
    """Proceedings to which a step can belong, each by its id and what it is called."""
    for row in proceedings.every(user):
        one = proceedings.listed(row, language)
        yield row.id, f"{one.what.text}, {one.body.text}"[:120]


def _read_by_another(draft: Any) -> bool:
    """Whether a draft is with its second person now: it is looked at there, and not changed."""
    row = getattr(draft, "submitted", None)
    return row is not None and row.state != "returned"


def _posted(request: HttpRequest, desk: Desk, words: Words, draft: Any, did: str, page: _Page) -> HttpResponse | None:
    """Keep what was sent, whatever was pressed; then do that. None: the page is shown again."""
    cases, must = _cases(request, draft)
    handed = forms.DraftForm(words, cases, request.POST, must=must)
    if did == "discard-now":
        actions.discard(desk, draft)
        return HttpResponseRedirect("/record")
    if "version" in handed.data or did not in _BESIDE:
        _keep(request, desk, words, draft, handed, page)
    if request.headers.get("Accept") == "application/json":
        told = {
            "version": draft.version,
            "kept": not page.refusal,
            "said": page.refusal.worded(words.language) if page.refusal else words["kept"],
        }
        return JsonResponse(told, status=page.status)
    if page.refusal:
        return None
    files = _files(request, desk, words, draft, did, page)
    if page.attach is not None or files == did:
        return None if page.attach is not None else HttpResponseRedirect(f"/record/{draft.id}#files")
    if (answer := _leave(request, did)) is not None:
        return answer
    if did in _ADD:
        page.focus = _ADD[did]
    page.sure = did == "discard"
    if did not in ("look", "record", "submit"):
        return None if did in _ADD or page.sure else HttpResponseRedirect(f"/record/{draft.id}")
    _look(request, desk, draft, page)
    if did == "record" and page.looked and handed["looked"].data == page.looked:
        return _recorded(request, desk, draft, page)
    if did == "submit" and page.looked and handed["looked"].data == page.looked:
        return _submitted(request, desk, words, draft, page)
    page.again = did != "look" and bool(page.looked)
    page.reviewer = _reader(request, desk, words, draft)
    return None


def _cases(request: HttpRequest, draft: Any) -> tuple[list[tuple[str, str]], bool]:
    """In which cases a draft's records can be filed, and whether one must be named; a source that is here stays where
    it is filed."""
    return ([], False) if draft.source_id else (queries.open_cases(request.user), limited(request.user))


def _reader(request: HttpRequest, desk: Desk, words: Words, draft: Any) -> str:
    """Who was chosen to read a draft; empty for anybody who may."""
    asked = forms.SubmitForm(words, queries.reviewers_of(draft, desk.by), request.POST)
    return str(asked["reviewer"].data or "")


def _submitted(request: HttpRequest, desk: Desk, words: Words, draft: Any, page: _Page) -> HttpResponse | None:
    try:
        reviewing.submit(desk, draft, _reader(request, desk, words, draft))
    except CorroborateError as error:
        page.refusal, page.status = error, 400
        return None
    return HttpResponseRedirect(f"/record/reviews/{draft.id}")


def _keep(request: HttpRequest, desk: Desk, words: Words, draft: Any, handed: forms.DraftForm, page: _Page) -> None:
    typed = forms.sent(handed.data, draft.typed, words)
    case = handed["case"].data if "case" in handed.fields else ""
    page.typed = typed | ({"case": case} if case else {})
    try:
        actions.keep(desk, draft, page.typed, _version(handed))
    except InvalidValue as error:
        page.refusal, page.status = error, 409


def _leave(request: HttpRequest, did: str) -> HttpResponse | None:
    """Buttons around the page lead away from it: what was typed was sent along with them, and is kept by now."""
    asked = forms.AskedForm(request.POST)
    if asked.is_valid() and did in ("find", "keep"):  # Enter in the search box presses no button of its own
        return HttpResponseRedirect(f"/search?{urlencode({'q': asked.cleaned_data['q']})}")
    if did == "language":
        return language(request)
    return log_out(request) if did == "log-out" else None


def _version(handed: forms.DraftForm) -> int:
    said = str(handed["version"].data or "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else 0


def _look(request: HttpRequest, desk: Desk, draft: Any, page: _Page) -> None:
    """Read what was typed. Whoever is named in an act alone gets a row of people, where somebody says who it is."""
    reading = read_typed(_plain(page.typed), desk.at.date())
    if reading.new:
        people = [*page.typed.get("people", []), *({"names": name} for name in reading.new)]
        page.typed = {**page.typed, "people": people}
        actions.keep(desk, draft, page.typed, draft.version)
        reading = read_typed(_plain(page.typed), desk.at.date())
    page.reading, page.problems, page.notes = reading, reading.problems, reading.notes
    page.alike = alike_of(request, page.typed)
    page.undecided = [
        number for number, row in forms.rows_of(page.typed) if page.alike.get(number) and not row.get("known")
    ]
    if reading.entry is not None and not page.undecided:
        page.looked = hashlib.sha256(canonical({"typed": dict(page.typed)})).hexdigest()
    elif page.problems or page.undecided:
        page.status = 400


def _plain(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as it is read: who is said to be somebody else of a known name is somebody new."""
    people = [
        {name: value for name, value in row.items() if (name, value) != ("known", forms.NEW)}
        for _, row in forms.rows_of(typed)
    ]
    return {**{part: value for part, value in typed.items() if part != "case"}, "people": people}


def alike_of(request: HttpRequest, typed: Mapping[str, Any]) -> dict[int, list[tuple[str, str]]]:
    """For each row of people: who is here whom its names may mean, to choose from."""
    named = {
        number: [one.strip() for one in str(row.get("names", "")).replace("；", ";").split(";") if one.strip()]
        for number, row in forms.rows_of(typed)
        if row.get("kind") != "group"
    }
    found = queries.alike(request.user, {name for names in named.values() for name in names})
    shown = {
        number: list({one.id: (one.id, one.shown) for name in names for one in found.get(name, [])}.values())
        for number, names in named.items()
    }
    for number, row in forms.rows_of(typed):
        known = row.get("known", "")
        if known not in ("", forms.NEW) and known not in dict(shown.get(number, [])):
            name = records.names_of(request.user, [known]).get(known, known)
            shown.setdefault(number, []).append((known, f"{name} ({known[-6:]})"))
    return {number: each for number, each in shown.items() if each}


def _recorded(request: HttpRequest, desk: Desk, draft: Any, page: _Page) -> HttpResponse | None:
    if page.reading is None or page.reading.entry is None:
        return None
    try:
        done = actions.record(desk, draft, page.reading.entry, str(page.typed.get("case", "")))
    except CorroborateError as error:
        page.refusal, page.status = error, 400
        return None
    return HttpResponseRedirect(f"/sources/{done.source}#recorded")


def _files(request: HttpRequest, desk: Desk, words: Words, draft: Any, did: str, page: _Page) -> str:
    """Lay the file that was sent beside the draft, whichever button it came with, or take one away. What was done;
    ``page.attach`` holds the form where it was refused."""
    number = did.removeprefix("detach-")
    form = forms.AttachForm(words, request.POST, request.FILES)
    try:
        if did.startswith("detach-"):
            actions.detach(desk, draft, int(number) if number.isascii() and number.isdecimal() else 0)
            return did
        if did != "attach" and "file" not in form.files:
            return ""
        if form.is_valid():
            actions.attach(desk, draft, *form.cleaned_data["file"], passages=form.cleaned_data["passages"])
            return "attach"
    except CorroborateError as error:
        form.refuse(error)
    page.attach, page.status = form, 400
    return ""


def _shown(request: HttpRequest, desk: Desk, words: Words, draft: Any, page: _Page) -> HttpResponse:
    alike = page.alike or alike_of(request, page.typed)
    parts = forms.Parts(words, page.typed, alike)
    wrong = parts.wrong(page.problems)
    wrong += parts.wrong([Problem("people", number, "known", "undecided") for number in page.undecided])
    seen(request, [id_ for each in alike.values() for id_, _ in each])
    cases, must = _cases(request, draft)
    handed = forms.DraftForm(
        words,
        cases,
        must=must,
        initial={"version": draft.version, "looked": page.looked, "case": page.typed.get("case", "")},
    )
    context = {
        "words": words,
        "draft": draft,
        "parts": parts,
        "handed": handed,
        "wrong": wrong,
        "notes": parts.noted(page.notes),
        "refusal": page.refusal,
        "looked": page.looked,
        "focus": page.focus,
        "submit": forms.SubmitForm(words, queries.reviewers_of(draft, desk.by), initial={"reviewer": page.reviewer}),
        "again": page.again,
        "second_reads": entering.second_reads(),
        "was_submitted": getattr(draft, "submitted", None) is not None,
        "of_two": doubling.of_draft(request.user, draft.id),
        "said": _said_of(draft, page.typed, words),
        "sections": [_section(parts, part, words, page.focus) for part in forms.MOST],
        "told": _summary(page, words),
        "files": queries.files(draft),
        "attach": page.attach or forms.AttachForm(words),
        "carrier": "draft",
        "sure": page.sure,
        "violations": choosing.shown(words.language),
        "names": _names(page.typed),
        "crimes": [(one.id, one.in_language(words.language)) for one in entries().values()],
        "proceedings": [*_proceedings(request.user, words.language)],
        "invented": invented(request.user),
        "about": records.sources_seen(request.user).filter(id=draft.source_id).first() if draft.source_id else None,
    }
    return render(request, "recording/entry.html", context, status=page.status)


def _said_of(draft: Any, typed: Mapping[str, Any], words: Words) -> list[tuple[Any, str, str]]:
    """What others said of a draft, of which row, and where that stands on the page."""
    titles = {
        f"{part}-{number}": f"{words[f'part_{part}']} {number + 1}"
        for part in forms.MOST
        for number in range(len(typed.get(part, [])))
    }
    said = remarks.of_draft(draft.id)
    return [(one, titles.get(one.place, ""), f"row-{one.place}" if one.place in titles else "draft") for one in said]


def _section(parts: forms.Parts, part: str, words: Words, focus: str) -> dict[str, Any]:
    """A part that has rows: those that there are, and one that is empty."""
    rows, most = list(parts.rows[part]), forms.MOST[part]
    if (not rows or focus == part) and len(rows) < most:
        rows.append(parts.spare(part))
    spare = forms.FORMS[part](words, {}, f"{part}-999") if len(rows) < most else None  # a script copies it
    return {
        "name": part,
        "title": words[f"part_{part}"],
        "hint": words[f"hint_{part}"],
        "rows": rows,
        "add": words[f"add_{part}"],
        "spare": spare,
        "focus": focus == part,
    }


def _names(typed: Mapping[str, Any]) -> list[str]:
    """Everybody whom the draft names, to choose from as one types."""
    rows = (str(row.get("names", "")) for _, row in forms.rows_of(typed))
    return [one.strip() for names in rows for one in names.replace("；", ";").split(";") if one.strip()]


def _summary(page: _Page, words: Words) -> list[tuple[str, int]]:
    """What would be recorded: how many of each."""
    if page.reading is None or page.reading.entry is None:
        return []
    return [(words[f"counted_{kind}"], number) for kind, number in page.reading.counted.items()]


def people(request: HttpRequest) -> HttpResponse:
    """Who is here whose name somebody is typing, for the script."""
    form = forms.AskedForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"found": []})
    asked = form.cleaned_data["q"]
    found = queries.found_as_typed(request.user, asked, desk_of(request).at.date())
    seen(request, [one.id for one in found], asked)
    return JsonResponse({"found": [{"id": one.id, "name": one.name, "told": one.told} for one in found]})


@cache
def _script_file(name: str) -> bytes:
    return resources.files(__package__).joinpath(f"{name}.js").read_bytes()


def script(_request: HttpRequest, name: str) -> HttpResponse:
    content = _script_file(name)
    return HttpResponse(content, content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})
