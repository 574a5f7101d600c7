"""The page of what people who work on a source say to each other: of the whole, of a passage, a person, an act."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from corroborate.errors import CorroborateError
from corroborate_node.core.forms import Hidden, Line, Spoken, Text, pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.rooms import Waiting
from corroborate_node.core.wording import Words, language_of
from corroborate_node.people import titles
from corroborate_node.records import queries, remarks


class RemarkForm(Spoken):
    """What is said, of what, for whom. ``remark``: the one that is settled or opened again."""

    text = Text(rows=3, required=False)
    to = Line(required=False)
    asks = forms.BooleanField(required=False)
    place = Hidden(required=False)
    remark = Hidden(required=False)
    called: ClassVar = {"text": "remark", "to": "remark_to", "asks": "remark_asks"}


class PlaceForm(forms.Form):
    """What of a source somebody looks at."""

    place = forms.CharField(max_length=80)


def page(request: HttpRequest, entity: str) -> HttpResponse:
    """What is said of a source; say more, settle, open again."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    desk, words, did = desk_of(request), Words(language_of(request), "people"), pressed(request)
    asked = PlaceForm(request.GET)
    place = asked.cleaned_data["place"] if asked.is_valid() else ""
    form = RemarkForm(words, request.POST if did else None, initial={"place": place})
    if did and form.is_valid():
        given = form.cleaned_data
        try:
            if did == "remark":
                remarks.make(desk, entity, given["text"], given["place"], given["to"], asks=given["asks"])
            else:
                remarks.settle(desk, given["remark"], again=did == "reopen")
            return HttpResponseRedirect(f"/sources/{entity}/remarks")
        except CorroborateError as refused:
            form.refuse(refused)
    said = remarks.of_source(request.user, entity)
    context = {
        "words": words,
        "source": found,
        "form": form,
        "said": [(one, _title(request.user, one.place, words), _address(one, entity)) for one in said],
        "place": _title(request.user, place, words),
        "own": Words(words.language, "survivor"),
        "by_source": {one: Words(words.language, "survivor")[f"said_{one}"] for one in remarks.KINDS},
        "may_say": desk.may("record.remark") and not found.withdrawn,
        "invented": found.invented,
        **titles.names(request.user, [], [one.place for one in said] + [place]),
        "place_id": place,
    }
    return render(request, "remarks.html", context, status=400 if form.errors else 200)


def _title(user: Any, place: str, words: Words) -> str:
    """Of what a remark is, where that is nobody with a name: a passage, an act by what was done."""
    if place.isdecimal():
        return f"{words['passage']} {place}"
    if not place.startswith(("act_", "detention_")):
        return ""
    told = [one for one in queries.claims_about(user, place) if one.value and not one.superseded]
    return (titles.of(told, words) if told else "") or place


def _address(one: Any, source: str) -> str:
    if one.place.isdecimal():
        return f"/sources/{source}/passages/{one.place}"
    kind = one.place.partition("_")[0]
    pages = {"act": "acts", "person": "persons"}
    return f"/{pages[kind]}/{one.place}" if kind in pages else ""


def waits(user: Any, language: str) -> Sequence[Waiting]:
    """Comments on sources that are for somebody, or ask whoever recorded the source to mend something."""
    words, found = Words(language, "people"), remarks.open_for(user)
    called = dict(
        queries.sources_seen(user)
        .filter(id__in={one.source_id for one in found if one.source_id})
        .values_list("id", "shown")
    )
    return [
        Waiting(
            words["today_remark"],
            f"/sources/{one.source_id}/remarks",
            called.get(one.source_id or "", ""),
            one.at.date(),
        )
        for one in found
    ]
