"""The estimate pages: choose and run, watch, read in three parts, compare, seal. Right without a script."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, wraps
from importlib import resources
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from corroborate.disclosure import EstimateShown, NumberShown, estimate_shown
from corroborate.disclosure.small_numbers import protect
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed
from corroborate.figures import (
    Figure,
    compared_figure,
    estimate_figure,
    overlap_figure,
    posterior_figure,
    ranks_figure,
    sensitivity_figure,
    strata_figure,
)
from corroborate.values import OverlapTable
from corroborate_node.core import opened
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.core.wording import Words, language_of
from corroborate_node.estimates import actions, as_json, comparing, forms, queries, states
from corroborate_node.estimates.document import assumptions_in
from corroborate_node.estimates.wording import InWords, sentence
from corroborate_node.records import queries as kept

PAGE = 25
MOST_COMPARED = 6
_script = scripted({"script-src": ["'self'"], "connect-src": ["'self'"]})
View = Callable[..., HttpResponse]


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _vault() -> opened.Vault:
    vault = opened.current()
    if vault.hub:
        raise Http404
    return vault


def _page(
    request: HttpRequest, template: str, more: dict[str, Any], error: CorroborateError | None = None, status: int = 200
) -> HttpResponse:
    language = language_of(request)
    here: dict[str, Any] = {"w": Words(language, "estimates"), "page_lang": language}
    if error is not None:
        here["error"] = error
    return render(request, f"estimates/{template}.html", here | more, status=400 if error else status)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _run(request: HttpRequest, id_: str) -> queries.Run:
    _vault()
    found = queries.run(request.user, id_)
    if found is None:
        raise Http404
    return found


def acting(view: View) -> View:
    """An act on one run: it is done and its page shown, or it is refused there with the reason."""

    @login_required
    @require_POST
    @wraps(view)
    def page(request: HttpRequest, id_: str) -> HttpResponse:
        run = _run(request, id_)
        try:
            return view(request, run)
        except CorroborateError as error:
            if _wants_json(request):
                return JsonResponse({"refused": str(error), "remedy": error.remedy}, status=400)
            return _shown(request, run, error)

    return page


def _to(request: HttpRequest, run: queries.Run, query: str = "") -> HttpResponse:
    if _wants_json(request):
        return JsonResponse(as_json.run(run))
    return redirect(f"/estimates/{run.id}{query}")


# Choose and run


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Every result, newest first, each with its three parts."""
    _vault()
    page = Paginator(queries.runs(request.user), PAGE).get_page(request.GET.get("page"))
    gone = queries.run(request.user, request.GET.get("discarded", ""))
    rows = [(run, _brief(run)) for run in page]
    return _page(
        request, "index",
        {"page": page, "rows": rows, "named": queries.named(), "gone": gone if gone and gone.discarded else None,
         "comparable": sum(run.state in (states.DONE, states.REFUSED) for run, _ in rows) > 1,
         "invented": any(run.invented for run, _ in rows)},
    )  # fmt: skip


def _brief(run: queries.Run) -> EstimateShown | None:
    return estimate_shown(run.result) if run.state == states.DONE and run.result else None


@login_required
def index_json(request: HttpRequest) -> HttpResponse:
    _vault()
    page = Paginator(queries.runs(request.user), PAGE).get_page(request.GET.get("page"))
    found = [as_json.run(one, whole=False) for one in page]
    return JsonResponse({"runs": found, "page": page.number, "pages": page.paginator.num_pages})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Choose lists, strata and period, or give a table."""
    _vault()
    words = Words(language_of(request), "estimates")
    here = queries.lists_here(request.user)
    sent: forms.ListsForm | forms.TableForm | None = None
    lists, table = forms.ListsForm(words, here), forms.TableForm(words, auto_id="table-%s")
    if request.method == "POST":
        from_ = forms.FromForm(request.POST)
        if from_.is_valid() and from_.cleaned_data["source"] == "table":
            sent = table = forms.TableForm(words, request.POST, request.FILES, auto_id="table-%s")
        else:
            sent = lists = forms.ListsForm(words, here, request.POST)
        if (run := _asked_for(request, sent)) is not None:
            return _to(request, run, "" if run.state in states.UNDER_WAY else "?found=1")
        if _wants_json(request):
            return JsonResponse(_refused(sent), status=400)
    context = {"lists": lists, "table": table, "enough": len(here) > 1, "invented": kept.invented(request.user)}
    return _page(request, "new", context, status=400 if sent is not None else 200)


def _asked_for(request: HttpRequest, form: forms.ListsForm | forms.TableForm) -> queries.Run | None:
    """The run that a form asks for; none where it is refused, and then the form says why."""
    if not form.is_valid():
        return None
    try:
        return actions.ask(desk_of(request), form.asked(), form.cleaned_data["title"])
    except CorroborateError as error:
        form.refuse(error)
        form.said = {"refused": str(error), "remedy": error.remedy}
    return None


def _refused(form: forms.ListsForm | forms.TableForm) -> dict[str, str]:
    """Why, for a program."""
    wrong = "; ".join(f"{field.name}: {' '.join(errors)}" for field, errors in form.field_errors)
    return form.said or {"refused": wrong, "remedy": InvalidValue.remedy}


# One result


@login_required
@_script
def result(request: HttpRequest, id_: str) -> HttpResponse:
    """How far it is; then the result in its three parts, or why there is none."""
    run = _run(request, id_)
    if run.same_as is not None:
        return redirect(f"/estimates/{run.same_as.id}?found=1")
    return _shown(request, run)


def _shown(request: HttpRequest, run: queries.Run, error: CorroborateError | None = None) -> HttpResponse:
    language = language_of(request)
    w = Words(language, "estimates")
    about: dict[str, Any] = {"run": run, "invented": run.invented, "found": request.GET.get("found") == "1"}
    if run.state in states.UNDER_WAY:
        about |= {"before": queries.waiting_before(request.user, run), "doing": _step(run, w)}
        return _page(request, "progress", about, error)
    empty = ("", "0", w["none"])
    about |= {
        "inputs": [row for row in comparing.inputs(run, w) if row[0] == w["seed"] or row[1] not in empty],
        "lists": run.counted.get("lists", ()), "sealed": queries.sealed_of(run), "overlap": _overlap(run, language),
        "more_tables": run.tables[1:], "conflicts": run.counted.get("conflicts"),
        "since": [(w[f"k_{kind}"], count) for kind, count in queries.since(request.user, run).items()],
        "notices": [sentence(one, _say(run, language)) for one in run.counted.get("notices", ())],
    }  # fmt: skip
    if run.state == states.DONE:
        about |= _estimate(run, language)
        if (sealed := queries.sealed_of(run)) is not None:
            about |= _custody(request, run, sealed, language) | {"form": forms.WithdrawForm(w)}
        return _page(request, "result", about, error)
    refused = run.result or {}
    keys = (("why", "refused"), ("remedy_", "remedy"))
    about |= {key: sentence(refused[from_], _say(run, language)) for key, from_ in keys if from_ in refused}
    return _page(request, "refused", about, error)


def _say(run: queries.Run, language: str) -> InWords:
    return InWords(language, run.counted.get("places"))


def _step(run: queries.Run, w: Words) -> str:
    if run.step in ("reading", "counting"):
        return w[f"step_{run.step}"]
    if "/" in run.step:
        return f"{w['stratum']} {run.step}"
    return sentence(run.step, InWords(w.language))[0] or w["step_starting"]


def _estimate(run: queries.Run, language: str) -> dict[str, Any]:
    body: dict[str, Any] = run.result or {}
    shown, say = estimate_shown(body), _say(run, language)
    diagnostics, fit = body["diagnostics"], body["fit"]

    def rows(some: Mapping[str, Any]) -> list[Any]:
        return [(say.get(name, name), one, sentence(one.get("note", ""), say)) for name, one in some.items()]

    return {
        "e": shown, "band": body["band"], "level": f"{100 * shown.level:g}",
        "method": say.get(shown.method, shown.method),
        "rule": sentence(body["rule"], say), "tipping": sentence(shown.tipping, say),
        "methods": rows(body["methods"]), "changes": rows(body["changes"]),
        "assumptions": assumptions_in(body, language)[1],
        "warnings": [sentence(one, say) for one in body["warnings"]], "diagnostics": diagnostics,
        "fit": fit if fit["cells"] else None, "strata": _strata(run, language),
        "figures": _figures(run, shown, language),
    }  # fmt: skip


def _strata(run: queries.Run, language: str) -> list[dict[str, Any]]:
    found, w = ((run.result or {}).get("parts") or {}).get("strata") or [], Words(language, "estimates")
    return [
        {**one, "name": comparing.stratum_value(str(one["name"]), run.asked, w),
         "why": sentence(one["refused"], _say(run, language)) if one.get("refused") else None}
        for one in found
    ]  # fmt: skip


def _figures(run: queries.Run, shown: EstimateShown, language: str) -> list[Figure]:
    say, body = _say(run, language), run.result or {}
    histogram = body["histogram"]
    made = [
        estimate_figure(shown, say), sensitivity_figure(shown, say),
        posterior_figure(histogram["edges"], histogram["shares"], shown.documented, shown.at_least, say),
    ]  # fmt: skip
    if strata := _strata(run, language):
        made.append(strata_figure([_stratum(one, language) for one in strata], say))
    if ranks := body["diagnostics"].get("ranks"):
        made.append(ranks_figure(ranks, say))
    return made


def _stratum(row: Mapping[str, Any], language: str) -> NumberShown:
    one = row.get("pooled") or row.get("estimate")
    if not one:
        w = Words(language, "estimates")
        return NumberShown(str(row["name"]), 0, 0, 0, f"{w['no_stratum']}; {w['documented']} {row['documented']:,}")
    return NumberShown(str(row["name"]), float(one["median"]), float(one["low"]), float(one["high"]))


def _overlap(run: queries.Run, language: str) -> Figure | None:
    """The table that was estimated from, as anybody outside would see it: small cells withheld."""
    if not run.tables or run.asked["by"]:
        return None
    table = OverlapTable.parse(run.tables[0]["csv"])
    return overlap_figure(protect(table), InWords(language)) if len(table.lists) <= 5 else None


def _custody(request: HttpRequest, run: queries.Run, sealed: queries.Sealed, language: str) -> dict[str, Any]:
    seal = queries.seal_of(sealed)
    about: dict[str, Any] = {
        "holds": queries.fits(sealed, seal), "commitment": seal.commitment.hex() if seal else "",
        "checkpoint": queries.checkpoint_with(request.user, sealed.index), "named": queries.named() == run.id,
    }  # fmt: skip
    try:
        actions.release_of(desk_of(request), run.result or {})
    except NotAllowed as error:
        about["stays"] = error
    return about


@login_required
def result_json(request: HttpRequest, id_: str) -> HttpResponse:
    return JsonResponse(as_json.run(_run(request, id_)))


@login_required
def progress(request: HttpRequest, id_: str) -> HttpResponse:
    """For the script, and for programs that wait."""
    run = _run(request, id_)
    said = _step(run, Words(language_of(request), "estimates"))
    under_way = run.state in states.UNDER_WAY
    return JsonResponse({"under_way": under_way, "state": run.state, "said": said, "share": run.share})


@cache
def _script_file() -> bytes:
    return resources.files(__package__).joinpath("progress.js").read_bytes()


def script(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(_script_file(), content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})


# Acts


@acting
def cancel(request: HttpRequest, run: queries.Run) -> HttpResponse:
    actions.cancel(desk_of(request), run)
    return _to(request, _run(request, run.id))


@acting
def again(request: HttpRequest, run: queries.Run) -> HttpResponse:
    return _to(request, actions.again(desk_of(request), run))


@acting
def discard(request: HttpRequest, run: queries.Run) -> HttpResponse:
    actions.discard(desk_of(request), run)
    if _wants_json(request):
        return JsonResponse(as_json.run(_run(request, run.id)))
    return redirect(f"/estimates?discarded={run.id}")


@acting
def restore(request: HttpRequest, run: queries.Run) -> HttpResponse:
    actions.restore(desk_of(request), run)
    return _to(request, _run(request, run.id))


@acting
def seal(request: HttpRequest, run: queries.Run) -> HttpResponse:
    actions.seal(desk_of(request), run)
    return _to(request, _run(request, run.id))


@acting
def withdraw(request: HttpRequest, run: queries.Run) -> HttpResponse:
    form = forms.WithdrawForm(Words(language_of(request), "estimates"), request.POST)
    actions.withdraw(desk_of(request), run, form.cleaned_data["why"] if form.is_valid() else "")
    return _to(request, _run(request, run.id))


def _file(
    request: HttpRequest, id_: str, ending: str, kind: str, content: Callable[[queries.Sealed], bytes]
) -> HttpResponse:
    run = _run(request, id_)
    sealed = queries.sealed_of(run)
    if sealed is None:
        raise Http404
    try:
        made = actions.given(desk_of(request), run, content(sealed))
    except CorroborateError as error:
        return _shown(request, run, error)
    name = {"Content-Disposition": f'attachment; filename="{run.id}.{ending}"'}
    return HttpResponse(made, content_type=kind, headers=name)


@login_required
@_script
def record(request: HttpRequest, id_: str) -> HttpResponse:
    """The bytes that were sealed."""
    return _file(request, id_, "json", "application/json", lambda sealed: bytes(sealed.content))


@login_required
@_script
def proof(request: HttpRequest, id_: str) -> HttpResponse:
    """That the log holds their seal, with the salt (C2SP tlog-proof)."""
    return _file(request, id_, "tlog-proof", "text/plain; charset=utf-8", lambda sealed: queries.proof(sealed).text())


# Compare


def _compared(request: HttpRequest) -> list[queries.Run]:
    _vault()
    return queries.runs_of(request.user, request.GET.getlist("run")[:MOST_COMPARED])


@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """Two results or more: what differs in the inputs, the three parts on one axis, and as a table."""
    runs, language = _compared(request), language_of(request)
    w, say = Words(language, "estimates"), InWords(language)
    if len(runs) < 2:
        return _page(request, "compare", {"runs": []})
    different, alike = comparing.differences(runs, w)
    made = [(f"{at}. {run.title or w['untitled']}", run, _brief(run)) for at, run in enumerate(runs, start=1)]
    shown = [(name, one) for name, _, one in made if one is not None]
    refused = [
        (name, run, sentence((run.result or {}).get("refused", ""), _say(run, language)))
        for name, run, one in made
        if one is None
    ]
    return _page(
        request, "compare",
        {"runs": made, "different": different, "alike": alike, "refused": refused,
         "figure": compared_figure(shown, say) if len(shown) > 1 else None,
         "rows": [(name, run, one, (run.result or {}).get("band"), say.get(one.method, one.method))
                  for name, run, one in made if one is not None],
         "invented": any(run.invented for run in runs)},
    )  # fmt: skip


@login_required
def compare_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(comparing.as_json(_compared(request)))
