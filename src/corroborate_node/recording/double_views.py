"""The pages of a source that two people code: each by themselves, then both beside each other, then settled."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core import accounts
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, refused, seen
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.recording import doubling, forms
from corroborate_node.records import queries as records


def doubles(request: HttpRequest) -> HttpResponse:
    """Sources that two people code; ask two for another."""
    desk, words, did = desk_of(request), Words(language_of(request), "recording"), pressed(request)
    if desk.vault.hub:
        raise Http404
    coders = accounts.who_may("record.enter", None)
    form = forms.DoubleForm(words, coders, request.POST if did else None, initial=request.GET.dict())
    if did and form.is_valid():
        given = form.cleaned_data
        try:
            made = doubling.assign(desk, given["source"], given["first"], given["second"])
            return HttpResponseRedirect(f"/record/double/{made.id}")
        except CorroborateError as error:
            form.refuse(error)
    rows = list(doubling.seen(request.user))
    seen(request, [one.id for one in rows])
    context = {
        "words": words,
        "rows": [(one, _called(request, one), words[_state(one)]) for one in rows],
        "form": form,
        "may_assign": desk.may("coding.assign"),
        "invented": invented(request.user),
    }
    return render(request, "recording/doubles.html", context, status=400 if form.errors else 200)


def _called(request: HttpRequest, row: Any) -> str:
    found = records.sources_seen(request.user).filter(id=row.source_id).first()
    return (found.shown if found is not None else "") or str(row.source_id)


def _state(row: Any) -> str:
    if row.resolved is not None:
        return "double_resolved"
    return "double_done" if doubling.is_done(row) else "double_coding"


def double(request: HttpRequest, id_: str) -> HttpResponse:
    """One of them: begin, say that it is done, compare, settle."""
    desk, words, did = desk_of(request), Words(language_of(request), "recording"), pressed(request)
    row = doubling.seen(request.user).filter(id=id_).first()
    if row is None:
        raise Http404
    form, error = _resolve_form(request, desk, words, row, did), None
    if did:
        try:
            if (back := _did(desk, id_, did, form)) is None and form is not None:
                return _shown(request, desk, words, row, form, None)
            return HttpResponseRedirect(back or f"/record/double/{id_}")
        except CorroborateError as refusal:
            if not desk.may("record.enter") and did != "resolve":
                return refused(request, "record.enter")
            error = refusal
    return _shown(request, desk, words, row, form, error)


def _did(desk: Desk, id_: str, did: str, form: forms.ResolveForm | None) -> str | None:
    """Do what the page asks; where to go on. None: the form says what is missing."""
    if did in ("begin", "reopen"):
        return f"/record/{(doubling.begin if did == 'begin' else doubling.reopen)(desk, id_)}"
    if did == "done":
        doubling.done(desk, id_)
        return f"/record/double/{id_}"
    if did != "resolve" or form is None:
        raise InvalidValue("this page has no such act; load it again")
    if not form.is_valid():
        return None
    draft = doubling.resolve(desk, id_, form.chosen(), form.cleaned_data["why"], form.cleaned_data["base"])
    return f"/record/{draft}"


def _resolve_form(request: HttpRequest, desk: Desk, words: Words, row: Any, did: str) -> forms.ResolveForm | None:
    """For a third person, once both are done."""
    if not doubling.is_done(row) or row.resolved is not None or doubling.side_of(desk, row):
        return None
    if not desk.may("coding.resolve"):
        return None
    places = [one.place for one in doubling.comparison(desk, row).units]
    names = [row.first.get_username(), row.second.get_username()]
    return forms.ResolveForm(words, places, names, request.POST if did == "resolve" else None)


def _shown(
    request: HttpRequest,
    desk: Desk,
    words: Words,
    row: Any,
    form: forms.ResolveForm | None,
    error: CorroborateError | None,
) -> HttpResponse:
    side, done = doubling.side_of(desk, row), doubling.is_done(row)
    seen(request, [row.id])
    context: dict[str, Any] = {
        "words": words,
        "row": row,
        "title": _called(request, row),
        "state": words[_state(row)],
        "coders": [
            (row.first.get_username(), row.first_typed is not None),
            (row.second.get_username(), row.second_typed is not None),
        ],
        "side": side,
        "mine_done": bool(side) and getattr(row, f"{side}_typed") is not None,
        "begun": bool(side) and bool(getattr(row, f"{side}_draft")),
        "done": done,
        "form": form,
        "error": error,
        "invented": invented(request.user),
        **(_compared(desk, words, row) if done else {}),
    }
    return render(request, "recording/double.html", context, status=400 if error or (form and form.errors) else 200)


def _compared(desk: Desk, words: Words, row: Any) -> dict[str, Any]:
    found, both, others = doubling.comparison(desk, row), doubling.told(row), doubling.beside(desk, row)
    return {
        "others": [
            (_part(words, one.part), one.unit, _field(words, one.part, one.field), one.first, one.second)
            for one in others.differ
        ],
        "agreement": [
            (words[f"f_acts_{name}"], "" if one.value is None else f"{one.value:.3f}", f"{one.agreed} / {one.units}")
            for name, one in found.fields.items()
        ]
        + [
            (
                _field(words, *name.split(".")),
                "" if one.value is None else f"{one.value:.3f}",
                f"{one.agreed} / {one.units}",
            )
            for name, one in others.fields.items()
        ],
        "units": [
            (
                unit.place,
                [[_row(words, both[0][at]) for at in unit.first], [_row(words, both[1][at]) for at in unit.second]],
                [words[f"f_acts_{name}"] for name in unit.differs],
            )
            for unit in found.units
        ],
    }


def _part(words: Words, part: str) -> str:
    return words[f"part_{part}"]


def _field(words: Words, part: str, field: str) -> str:
    """What a field of a part is called; empty: whether there is a row at all."""
    said = words["whole_row"] if field in ("", "row") else words[f"f_{part}_{field}"]
    return f"{_part(words, part)}: {said}"


def _row(words: Words, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown = forms.FORMS["acts"](words, row, "acts-0")
    return [(str(shown.fields[name].label), said) for name in shown.fields if (said := shown.words_of(name))]
