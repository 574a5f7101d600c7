"""The pages of imports: give a file, choose columns, see consent and doubts, take in, read the report."""

from collections.abc import Callable, Mapping
from functools import cache, wraps
from importlib import resources
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from corroborate.errors import CorroborateError, InputRefused, InvalidValue
from corroborate.importers import Table
from corroborate.importers.exports import Export
from corroborate_node.core import opened
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.core.queries import limited, may
from corroborate_node.core.wording import Words, language_of
from corroborate_node.importing import actions, choosing, exporting, forms, queries, states
from corroborate_node.records import imports

PAGE = 25
NEWEST = 5  # imports on the first page
PREVIEWED = 300  # rows that samples are taken from: a page never reads a whole list
SAMPLES, LONGEST = 3, 60  # of a column; letters of each
View = Callable[..., HttpResponse]
_script = scripted({"script-src": ["'self'"], "connect-src": ["'self'"]})


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), "importing")


def _page(request: HttpRequest, template: str, more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    here = {"w": _words(request), "page_lang": language_of(request), **more}
    return render(request, f"importing/{template}.html", here, status=status)


def _upload(request: HttpRequest, id_: str) -> queries.Upload:
    if opened.current().hub:
        raise Http404
    found = queries.upload(request.user, id_)
    if found is None:
        raise Http404
    return found


@login_required
@_script
def index(request: HttpRequest) -> HttpResponse:
    """Give a file or several; below, every list that was given, newest first."""
    if opened.current().hub:
        raise Http404
    words, cases, must = _words(request), queries.open_cases(request.user), limited(request.user)
    form = forms.GiveForm(words, cases, must=must)
    if request.method == "POST":
        form = forms.GiveForm(words, cases, request.POST, request.FILES, must=must)
        given = _given(request, form)
        if len(given) == 1:
            return redirect(f"/imports/{given[0].id}")
        if given:
            return redirect("/imports")
    page = Paginator(queries.uploads(request.user), PAGE).get_page(request.GET.get("page"))
    found = {"form": form, "page": page, "imports": imports.imports_seen(request.user)[:NEWEST]}
    return _page(request, "index", found, 400 if form.errors else 200)


@login_required
def taken(request: HttpRequest) -> HttpResponse:
    """Every import, by whatever way it came, newest first."""
    page = Paginator(imports.imports_seen(request.user), PAGE).get_page(request.GET.get("page"))
    return _page(request, "taken", {"page": page})


def _import(request: HttpRequest, number: int) -> Any:
    try:
        return imports.import_seen(request.user, number)
    except InvalidValue:
        raise Http404 from None


@login_required
def one_import(request: HttpRequest, number: int) -> HttpResponse:
    """What an import added and changed; the way to undo it."""
    row = _import(request, number)
    came = Paginator(imports.came_with(request.user, row), PAGE).get_page(request.GET.get("page"))
    may_undo = row.undone is None and may(request.user, "source.withdraw")
    return _page(request, "one_import", {"row": row, "page": came, "may_undo": may_undo})


@login_required
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Undo an import: what would go is shown first."""
    row, desk = _import(request, number), desk_of(request)
    try:
        if request.method == "POST":
            done = imports.undo(desk, number, desk.at.date())
            return _page(request, "undo", {"row": row, "done": done})
        return _page(request, "undo", {"row": row, "goes": imports.would_go(desk, number)})
    except CorroborateError as error:
        return _page(request, "undo", {"row": row, "why": error}, 400)


def _given(request: HttpRequest, form: forms.GiveForm) -> list[queries.Upload]:
    """What was put where it waits; nothing where a file is refused, and then the form says why."""
    if not form.is_valid():
        return []
    done: list[queries.Upload] = []
    try:
        for name, content in form.cleaned_data["file"]:
            done.append(actions.give(desk_of(request), name, content, form.cleaned_data.get("case", "")))
    except CorroborateError as error:
        form.refuse(error, "file")
    return done if not form.errors else []


@login_required
@_script
def upload(request: HttpRequest, id_: str) -> HttpResponse:
    """Where this list stands: its columns, its progress, what the check found, or its report."""
    one = _upload(request, id_)
    queries.mark_seen(one)
    if one.state in states.UNDER_WAY:
        words = _words(request)
        return _page(request, "progress", {"one": one, "doing": _step(one, words)})
    if one.state == states.CHECKED:
        return redirect(f"/imports/{one.id}/check")
    if one.state == states.OPEN:
        return redirect(f"/imports/{one.id}/columns")
    return _page(request, "report", {"one": one, "about": one.report})


def _step(one: queries.Upload, words: Words) -> str:
    return words.get(f"step_{one.step}", words["step_waiting"])


@login_required
def columns(request: HttpRequest, id_: str) -> HttpResponse:
    """What each column is taken for, with samples; a changed choice reads the list again."""
    one, words = _upload(request, id_), _words(request)
    if one.state in (*states.UNDER_WAY, *states.ENDED):
        return redirect(f"/imports/{one.id}")
    kept = choosing.Choices.from_json(one.choices)
    try:
        if (export := choosing.export_of(one.name, queries.content(one))) is not None:
            return _export(request, one, kept, *export)
    except InputRefused as refused:
        return _page(request, "unreadable", {"one": one, "wrong": str(refused)})
    table, wrong = _previewed(one, kept)
    asked = _form(words, kept, table)
    before = None if table is None or kept.of_shape else queries.chosen_before(request.user, table.columns)
    if request.method == "POST" and pressed(request) == "like" and before is not None:
        actions.choose(desk_of(request), one, choosing.as_before(kept, before.choices))
        return redirect(f"/imports/{one.id}/columns")
    if request.method == "POST":
        form = _form(words, kept, table, request)
        if form.is_valid():
            try:
                actions.choose(desk_of(request), one, form.chosen())
                if pressed(request) == "check":
                    actions.check(desk_of(request), one)
                    return redirect(f"/imports/{one.id}")
                return redirect(f"/imports/{one.id}/columns")
            except CorroborateError as error:
                form.refuse(error)
        asked = form
    found = {
        "one": one,
        "form": asked,
        "table": table,
        "wrong": wrong,
        "mapping_wrong": _unmapped(table, kept),
        "before": before,
    }
    return _page(request, "columns", found, 400 if asked.errors else 200)


def _export(
    request: HttpRequest, one: queries.Upload, kept: choosing.Choices, program: str, export: Export
) -> HttpResponse:
    """What the export of a program, or a document, holds; what it is called, and then it is checked."""
    form = forms.ExportForm(_words(request), kept)
    if request.method == "POST":
        form = forms.ExportForm(_words(request), kept, request.POST)
        if form.is_valid():
            try:
                actions.choose(desk_of(request), one, form.chosen())
                actions.check(desk_of(request), one)
                return redirect(f"/imports/{one.id}")
            except CorroborateError as error:
                form.refuse(error)
    numbers = {"people": len(export.people), "acts": len(export.acts), "sources": len(export.sources)}
    found = {
        "one": one,
        "form": form,
        "program": exporting.titled(program),
        "numbers": numbers,
        "notices": export.notices,
    }
    return _page(request, "export", found, 400 if form.errors else 200)


def _previewed(one: queries.Upload, kept: choosing.Choices) -> tuple[Table | None, str]:
    """The first rows; or why there are none."""
    try:
        return choosing.table_of(one.name, queries.content(one), kept, most=PREVIEWED), ""
    except InputRefused as refused:
        return None, str(refused)


def _unmapped(table: Table | None, kept: choosing.Choices) -> str:
    """Why these columns cannot be read as people, as they are chosen now."""
    if table is None:
        return ""
    try:
        choosing.mapping_of(table, kept)
    except InputRefused as refused:
        return str(refused)
    return table.unsure


def _form(
    words: Words, kept: choosing.Choices, table: Table | None, request: HttpRequest | None = None
) -> forms.ColumnsForm:
    shown = {} if table is None else choosing.fields_shown(table, kept)
    samples = {} if table is None else {column: _samples(table, column) for column in shown}
    sheets = [] if table is None else list(dict.fromkeys(row.sheet for row in table.rows if row.sheet))
    if request is not None:
        return forms.ColumnsForm(words, kept, shown, samples, sheets, request.POST)
    return forms.ColumnsForm(words, kept, shown, samples, sheets)


def _samples(table: Table, column: str) -> list[str]:
    found: dict[str, None] = {}
    for row in table.rows:
        if cell := row.cells.get(column, "").strip():
            found[cell if len(cell) <= LONGEST else f"{cell[:LONGEST]}…"] = None
        if len(found) == SAMPLES:
            break
    return list(found)


@login_required
def check(request: HttpRequest, id_: str) -> HttpResponse:
    """What the whole list would add: consent by value, doubts by kind, rows left out; and then it is taken in."""
    one, words = _upload(request, id_), _words(request)
    if one.state != states.CHECKED or one.found is None:
        return redirect(f"/imports/{one.id}")
    queries.mark_seen(one)
    about, kept = one.found, choosing.Choices.from_json(one.choices)
    again, said = about.get("again", {}), about.get("consents", [])
    form = forms.ConsentForm(words, said, again=again)
    if request.method == "POST":
        form = forms.ConsentForm(words, said, request.POST, again=again)
        if form.is_valid():
            try:
                actions.take_in(desk_of(request), one, form.narrowing(kept))
                return redirect(f"/imports/{one.id}")
            except CorroborateError as error:
                form.refuse(error)
    if "program" in about:
        titled = exporting.titled(about["program"])
        found = {"one": one, "about": about, "again": again, "form": form, "program": titled, "choices": kept}
        return _page(request, "export_check", found, 400 if form.errors else 200)
    more = next((value["more"] for value in about["consents"] if "more" in value), 0)
    found = {"one": one, "about": about, "again": again, "form": form, "more": more, "choices": kept}
    return _page(request, "check", found, 400 if form.errors else 200)


@login_required
def progress(request: HttpRequest, id_: str) -> HttpResponse:
    """For the script, and for programs that wait."""
    one = _upload(request, id_)
    under_way, said = one.state in states.UNDER_WAY, _step(one, _words(request))
    return JsonResponse({"under_way": under_way, "state": one.state, "said": said, "share": one.share})


@cache
def _script_file() -> bytes:
    return resources.files(__package__).joinpath("imports.js").read_bytes()


def script(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(_script_file(), content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})


def acting(view: Callable[[HttpRequest, queries.Upload], None]) -> View:
    """An act on one list: it is done and its page shown, or refused there with the reason."""

    @login_required
    @require_POST
    @wraps(view)
    def page(request: HttpRequest, id_: str) -> HttpResponse:
        one = _upload(request, id_)
        try:
            view(request, one)
        except CorroborateError as error:
            return _page(request, "refused", {"one": one, "why": error}, 400)
        return redirect(f"/imports/{one.id}")

    return page


@acting
def cancel(request: HttpRequest, one: queries.Upload) -> None:
    actions.cancel(desk_of(request), one)


@acting
def discard(request: HttpRequest, one: queries.Upload) -> None:
    actions.discard(desk_of(request), one)
