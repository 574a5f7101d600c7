"""The hub's mailbox for programs: bundles are posted and taken part by part, and go on after a line was cut."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Query, Router, UploadedFile

from corroborate.client import coalition_shapes as shapes
from corroborate.client.shapes import Page
from corroborate_node.coalition.mailbox import actions, models, queries
from corroborate_node.core.desk import Desk
from corroborate_node.core.gate import desk_of
from corroborate_node.http_api.bodies import Strict
from corroborate_node.http_api.coalition import of_a_hub
from corroborate_node.http_api.door import asks, file
from corroborate_node.http_api.pages_of_lists import PageNumber, paged

router = Router(tags=["mailbox"])
Start = Annotated[int, Query(ge=0, le=actions.LARGEST)]


class Announced(Strict):
    """``to``: a member's label, or its name as the register writes it; ``sha256``: of the whole bundle."""

    to: Annotated[str, Field(max_length=300)]
    size: Annotated[int, Field(ge=1, le=actions.LARGEST)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


def _said(desk: Desk, row: models.Posted) -> shapes.PostedSaid:
    [one] = queries.lines(desk, queries.member_of(desk), [row])
    return _shaped(one)


def _shaped(one: queries.Line) -> shapes.PostedSaid:
    return {
        "id": one.id,
        "ours": one.ours,
        "other": one.other,
        "size": one.size,
        "here": one.here,
        "sha256": one.sha256,
        "state": one.state,
        "at": one.at.isoformat(),
        "taken": None if one.taken is None else one.taken.isoformat(),
    }


@router.get("/mailbox", response=Page[shapes.PostedSaid])
@asks("mailbox.use")
@of_a_hub
def mailbox(request: HttpRequest, page: PageNumber = 1) -> Any:
    """What one's own organisation sent and what is for it, the newest first."""
    desk = desk_of(request)
    member = queries.member_of(desk)
    found = paged(queries.of_member(desk, member), page, lambda row: row)
    return {**found, "items": [_shaped(one) for one in queries.lines(desk, member, found["items"])]}


@router.post("/mailbox", response=shapes.PostedSaid)
@asks("mailbox.use", kind="act")
@of_a_hub
def post(request: HttpRequest, given: Announced) -> Any:
    """Announce a bundle for another member. Its parts follow; the same announcement again tells how much is here."""
    desk = desk_of(request)
    return _said(desk, actions.post(desk, given.to, given.size, given.sha256))


@router.get("/mailbox/{id_}", response=shapes.PostedSaid)
@asks("mailbox.use")
@of_a_hub
def posted(request: HttpRequest, id_: str) -> Any:
    """One of them: how much of it is here, and whether its receiver has it."""
    desk = desk_of(request)
    return _said(desk, queries.one(desk, queries.member_of(desk), id_))


@router.post("/mailbox/{id_}/parts", response=shapes.PostedSaid)
@asks("mailbox.use", kind="act")
@of_a_hub
def fill(request: HttpRequest, id_: str, part: File[UploadedFile], start: Start = 0) -> Any:
    """Add the next part, of 8 MB at most. Where ``start`` is not what is here, 409 says how much is."""
    desk = desk_of(request)
    content = part.read(actions.PART + 1)
    return _said(desk, actions.fill(desk, id_, start, content))


@router.get("/mailbox/{id_}/parts")
@asks("mailbox.use")
@of_a_hub
def part(request: HttpRequest, id_: str, start: Start = 0) -> HttpResponse:
    """At most 8 MB of a bundle for one's own organisation, from ``start`` on; nothing at its end."""
    return file(actions.part(desk_of(request), id_, start), f"{id_}.part")


@router.post("/mailbox/{id_}/taken", response=shapes.PostedSaid)
@asks("mailbox.use", kind="act")
@of_a_hub
def taken(request: HttpRequest, id_: str) -> Any:
    """Say that one's own organisation has it: it is erased at the hub."""
    desk = desk_of(request)
    return _said(desk, actions.take(desk, id_))


@router.delete("/mailbox/{id_}", response=None)
@asks("mailbox.use", kind="act")
@of_a_hub
def take_back(request: HttpRequest, id_: str) -> None:
    """Erase what one's own organisation posted and nobody took yet."""
    actions.take_back(desk_of(request), id_)
