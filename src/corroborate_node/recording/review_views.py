"""The pages of review: drafts that wait for a second person; one of them, read, commented, sent back, sealed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.coding import choosing
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.rooms import Waiting, invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.recording import doubling, forms, queries, reviewing
from corroborate_node.recording.views import alike_of, called
from corroborate_node.records import entering, remarks
from corroborate_node.records import queries as records

_ACTS: Mapping[str, Callable[[Desk, str, Mapping[str, str]], object]] = {
    "assign": lambda desk, draft, given: reviewing.assign(desk, draft, given["reviewer"]),
    "mine": lambda desk, draft, _given: reviewing.assign(desk, draft, desk.by),
    "remark": lambda desk, draft, given: reviewing.remark(desk, draft, given["text"], given["place"], given["to"]),
    "return": lambda desk, draft, given: reviewing.send_back(desk, draft, given["text"], given["place"]),
    "approve": lambda desk, draft, given: reviewing.approve(desk, draft, given["looked"]),
    "disapprove": lambda desk, draft, _given: reviewing.disapprove(desk, draft),
    "settle": lambda desk, draft, given: reviewing.settle(desk, draft, given["remark"]),
    "reopen": lambda desk, draft, given: reviewing.settle(desk, draft, given["remark"], again=True),
    "retract": lambda desk, draft, _given: reviewing.retract(desk, draft),
    "seal": lambda desk, draft, _given: reviewing.seal(desk, draft),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a draft as its second person reads it: place, heading, what stands in it, what was said of it."""

    place: str
    title: str
    told: tuple[tuple[str, str], ...]
    remarks: tuple[Any, ...]


def waiting(request: HttpRequest) -> HttpResponse:
    """Drafts that wait for a second person, and those that were read."""
    desk, words = desk_of(request), Words(language_of(request), "recording")
    if desk.vault.hub:
        raise Http404
    rows = [(one, called(one.draft, words), words[f"state_{one.state}"]) for one in queries.submitted(request.user)]
    seen(request, [one.draft_id for one, _, _ in rows])
    mine = {one.draft_id for one in queries.for_me(request.user)}
    context = {"words": words, "rows": rows, "mine": mine, "invented": invented(request.user)}
    return render(request, "recording/reviews.html", context)


def draft(request: HttpRequest, id_: str) -> HttpResponse:
    """One draft that was submitted: what stands in it, what was said of it, and what somebody may do with it."""
    desk, words, did = desk_of(request), Words(language_of(request), "recording"), pressed(request)
    row = queries.one_submitted(request.user, id_)
    if row is None:
        raise Http404
    asked = _asked(words, row, request)
    if did:
        try:
            if not asked.is_valid() or did not in _ACTS:
                raise InvalidValue("this page has no such act; load it again")
            return HttpResponseRedirect(_after(did, id_, _ACTS[did](desk, id_, asked.cleaned_data), row, desk))
        except CorroborateError as refused:
            asked.refuse(refused)
        row = queries.one_submitted(request.user, id_)
        if row is None:
            raise Http404
    return _shown(request, desk, words, row, asked)


def _after(did: str, id_: str, done: object, row: Any, desk: Desk) -> str:
    """Where somebody goes on after an act."""
    if isinstance(done, entering.Recorded):
        return f"/sources/{done.source}#recorded"
    returned_to_me = (
        did in ("settle", "reopen") and row.state == "returned" and row.draft.user.get_username() == desk.by
    )
    return f"/record/{id_}" if did == "retract" or returned_to_me else f"/record/reviews/{id_}"


def _asked(words: Words, row: Any, request: HttpRequest) -> forms.ReviewForm:
    sent = request.POST if request.method == "POST" else None
    return forms.ReviewForm(words, queries.reviewers(row), [*_places(row.draft.typed, words)], sent)


def _places(typed: Mapping[str, Any], words: Words) -> Sequence[tuple[str, str]]:
    return [
        (f"{part}-{number}", f"{words[f'part_{part}']} {number + 1}")
        for part in forms.MOST
        for number in range(len(typed.get(part, [])))
    ]


def _shown(request: HttpRequest, desk: Desk, words: Words, row: Any, asked: forms.ReviewForm) -> HttpResponse:
    typed, said = row.draft.typed, remarks.of_draft(row.draft_id)
    parts = forms.Parts(words, typed, alike_of(request, typed))
    meant = _meant(reviewing.understood(row.draft, desk.at.date()), words)
    author = row.draft.user.get_username()
    seen(request, [row.draft_id])
    context = {
        "words": words,
        "row": row,
        "author": author,
        "title": called(row.draft, words),
        "state": words[f"state_{row.state}"],
        "form": asked,
        "looked": reviewing.digest_of(row.draft, desk.at.date()),
        "heads": [
            _row(parts.source, "source", words, (), _before(request, typed, words)),
            _row(parts.consent, "consent", words, ()),
        ],
        "sections": [
            [
                _row(
                    one,
                    f"{part}-{number}",
                    words,
                    [each for each in said if each.place == f"{part}-{number}"],
                    meant.get(f"{part}-{number}", ()),
                )
                for number, one in enumerate(parts.rows[part])
            ]
            for part in forms.MOST
        ],
        "said": [one for one in said if not one.place],
        "all_said": [(one, dict(_places(typed, words)).get(one.place, "")) for one in said],
        "files": queries.files(row.draft),
        "about": records.sources_seen(request.user).filter(id=row.draft.source_id).first(),
        "is_author": author == desk.by,
        "for_me": row in queries.for_me(request.user),
        "may_approve": desk.may("draft.approve") and author != desk.by,
        "may_seal": desk.may("draft.seal"),
        "is_approver": row.approved_by is not None and row.approved_by.get_username() == desk.by,
        "invented": invented(request.user),
    }
    return render(request, "recording/review.html", context, status=400 if asked.errors else 200)


def _meant(terms: Mapping[str, Sequence[str]], words: Words) -> dict[str, tuple[tuple[str, str], ...]]:
    """By row: as which acts its words will be sealed."""
    titles = {term: title for title, term in choosing.shown(words.language)}
    return {
        place: ((words["understood"], ", ".join(titles.get(one, one) for one in each)),)
        for place, each in terms.items()
    }


def _before(request: HttpRequest, typed: Mapping[str, Any], words: Words) -> tuple[tuple[str, str], ...]:
    """The source that a draft's source goes back to, as it will be recorded."""
    if not (id_ := str(typed.get("source", {}).get("heard_before") or "")):
        return ()
    found = records.sources_seen(request.user).filter(id=id_).first()
    return ((words["heard_before"], f"{found.shown} ({id_})" if found is not None else id_),)


def _row(form: Any, place: str, words: Words, said: Sequence[Any], more: Sequence[tuple[str, str]] = ()) -> Row:
    part, _, number = place.partition("-")
    title = words[f"part_{part}"] + (f" {int(number) + 1}" if number else "")
    told = ((str(field.label), form.words_of(name)) for name, field in form.fields.items())
    return Row(place, title, (*((label, value) for label, value in told if value), *more), tuple(said))


def waits(user: Any, language: str) -> list[Waiting]:
    """What waits for somebody: drafts to read, drafts that came back, comments for them."""
    words = Words(language, "recording")
    doubled = [("today_code", one) for one in doubling.to_code(user)]
    doubled += [("today_resolve", one) for one in doubling.to_resolve(user)]
    return [
        *(
            Waiting(words[word], f"/record/double/{one.id}", one.source.title or one.source_id, one.at.date())
            for word, one in doubled
        ),
        *(
            Waiting(words["today_review"], f"/record/reviews/{one.draft_id}", called(one.draft, words), one.at.date())
            for one in queries.for_me(user)
        ),
        *(
            Waiting(
                words[f"today_{one.state}"],
                f"/record/{one.draft_id}" if one.state == "returned" else f"/record/reviews/{one.draft_id}",
                called(one.draft, words),
                one.at.date(),
            )
            for one in queries.back_with_me(user)
        ),
        *(
            Waiting(words["today_remark"], f"/record/reviews/{row.draft_id}", called(row.draft, words), one.at.date())
            for row, one in queries.remarks_for(user)
        ),
    ]
