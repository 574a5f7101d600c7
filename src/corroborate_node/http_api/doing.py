"""Acts by their names: each whose arguments a program can write down is an address, made from the registry.

The act asks its permission, opens its transaction and writes its line in the journal, as when a page calls it.
"""

import base64
import inspect
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from django.db.models import Model
from django.http import HttpRequest
from ninja import Router
from pydantic import Base64Bytes, create_model

from corroborate.client.shapes import Done
from corroborate.coalition.memberships import KeyEnded
from corroborate.errors import InvalidValue
from corroborate.values import PartialDate
from corroborate_node.coalition.campaign.mailing import tell_of_key
from corroborate_node.core.acts import Act
from corroborate_node.core.desk import Desk
from corroborate_node.core.permissions import table
from corroborate_node.core.tokens import may_be_named
from corroborate_node.estimates import queries as estimates
from corroborate_node.every_act import acts_of_pages
from corroborate_node.http_api.addresses import OWN_ADDRESSES
from corroborate_node.http_api.bodies import BODIES as RECORD_BODIES
from corroborate_node.http_api.bodies import Body, Day, Strict, draft_of
from corroborate_node.http_api.coalition_bodies import COALITION_BODIES
from corroborate_node.http_api.door import admit, bearer_of
from corroborate_node.http_api.problems import NotFound
from corroborate_node.http_api.repeating import once
from corroborate_node.recording.models import Draft
from corroborate_node.review import held_queries as holding
from corroborate_node.review import queries as review

router = Router()
_PLAIN: Mapping[Any, Any] = {str: str, int: int, float: float, bool: bool, date: date, datetime: datetime}

_BY_UPLOAD = "a list, an export or records come in by POST /uploads, and are checked before they are taken in"
# Acts that no token does: each says why, and where it is done.
NEVER = {
    **dict.fromkeys(
        ("action.confirm", "naming.confirm"), "a second person looks at what they confirm, by their own log-in"
    ),
    "coding.resolve": "a third person looks at what two others coded, by their own log-in",
    **dict.fromkeys(
        ("answer.sign", "request.answer"),
        "it is the organisation's own word: whoever gives it has read the exact text, on the page Sign",
    ),
    **dict.fromkeys(
        ("finding.stand", "finding.stand-read"),
        "it is the organisation's own word: whoever gives it has read the exact finding, on the page of stands",
    ),
    "release.file": "a plan writes several files on the machine: file",
    **dict.fromkeys(
        ("backup.make", "backup.plan", "backup.plan-end"), "where backups go is said on the machine itself: backup"
    ),
    **dict.fromkeys(
        ("vault.export", "vault.from-export"), "everything in the clear: export and new, for who has the passphrase"
    ),
    "succession.hand-over": "everything that goes, for trustees: succession hand-over, for who opens the vault",
    "succession.share": "a trustee's share is said where its vault's key lies: succession share",
    "shares.drill": "who types shares from paper opens the vault with them: keys drill",
    "bundle.receive": "a bundle is opened where its files are to lie: exchange receive",
    **dict.fromkeys(
        ("bundle.accept", "bundle.decline"),
        "a person reads what a member sent before it is taken in: the page Received, or exchange inbox",
    ),
    "consents.reread": "a list is read again from its file: consent at the command line",
    "document.keep": "a result is kept by the program that computed it: estimate and findings at the command line",
    **dict.fromkeys(("export.receive", "import.receive", "import.receive-records", "record.receive"), _BY_UPLOAD),
    "fixity.check": "the node itself says what its checks found: doctor",
    **dict.fromkeys(
        ("grant.enter", "grant.ask", "grant.take"),
        "the person whom a grant names does it themselves, on the pages that it opens",
    ),
    **dict.fromkeys(
        ("code.enter", "code.narrow", "code.say", "code.shut", "code.withdraw"),
        "whoever told it does it themselves, by their code and word, on the page that these open",
    ),
    "code.make": "a person hands the code one way and the word another: the page of the source",
    "grant.hand": "a person hands the link one way and the word another: the page of the grant, or access link",
    "grant.release": "a person reads what would be seen first: POST /acts/release.make, then POST /acts/grant.make",
    "transcript.listen": "the program that hears is on the machine itself: files --listen",
    "transcript.keep": "it is what somebody types on a page, until they seal it: POST /acts/transcript.seal",
    "key.revoke": "it takes the passphrase of the vault: log key at the command line",
    "key.rotate": "it takes the passphrase of the vault: log key at the command line",
    "judgements.record": "a reviewer judges pair by pair: POST /acts/pair.judge",
    **dict.fromkeys(
        (
            *("held.forget", "linkage.decide", "linkage.encode", "linkage.learn", "linkage.sign-again"),
            "linkage.to-review",
            *("numbers.answer", "numbers.compare", "numbers.enter"),
        ),
        "it loads linkage, which pages and programs do without: private at the command line",
    ),
    "log.begin-anew": "it takes the passphrase of the vault: log anew",
    "mailbox.clear": "a hub does it by itself, every hour",
    "mail.keep": "a password of another service is kept on the machine itself: statement remind",
    **dict.fromkeys(("notices.look", "statement.look"), "it says what a person has looked at on a page"),
    "passphrase.choose": "it is about who sits there",
    "paper.record": "whoever records a letter on paper has it in hand: the page of the statement",
    "authority.record": "whoever records a letter on paper has it in hand: the page of the member",
    "release.pack": "a package comes by POST /releases/{number}/files",
    "release.write": "a file comes by POST /releases/{number}/files",
    "release.publish": "a site is a folder on the machine: publish",
    "statement.look": "it says what a person has looked at on a page",
    "reminder.send": "a person reads each letter before it goes: statement remind",
    **dict.fromkeys(
        ("support.ask", "support.confirm", "support.erase-own"),
        "people of the public do it themselves, on the open pages",
    ),
    **dict.fromkeys(
        ("support.letters", "support.export"), "a person sends each letter, and keeps the sheet: the page of supporters"
    ),
    "tiles.compare": "it reads a folder of the machine: log compare",
    "witness.take-cosignatures": "the keys of the witnesses are vouched for on the machine itself: log answer",
}
BODIES: Mapping[str, Body] = {**RECORD_BODIES, **COALITION_BODIES}
_NO_FORM = "it takes {what}, which has no form for programs yet: {where}"


def _key_told(desk: Desk, arguments: Mapping[str, Any], _effects: Any) -> None:
    """A member whose key changed is written to, as the page does."""
    event = arguments.get("event")
    if event is None or isinstance(event, KeyEnded):
        tell_of_key(desk, arguments["member"] if event is None else event.id)


# What a page does after an act, beside showing what came of it.
TOLD_AFTER: Mapping[str, Sequence[Callable[[Desk, Mapping[str, Any], Any], None]]] = {
    "key.introduce": (_key_told,),
    "member.keep": (_key_told,),
}


def _run(desk: Desk, id_: str) -> Any:
    found = estimates.run(desk, id_)
    if found is None:
        raise NotFound("there is no estimate of this id here that this token may see")
    return found


def _pair(desk: Desk, number: int) -> Any:
    found = review.pairs(desk).filter(pk=number).first()
    if found is None:
        raise NotFound("there is no pair of this number here that this token may see")
    return found


def _held(desk: Desk, number: int) -> Any:
    found = holding.pairs(desk).filter(pk=number).first()
    if found is None:
        raise NotFound("there is nobody of this number that this token may see and another member holds too")
    return found


# What an act is handed as a row: how a program names it, and who may see it.
BY_ID: Mapping[Any, tuple[type, Callable[[Desk, Any], Any]]] = {
    estimates.Run: (str, _run),
    review.Candidate: (int, _pair),
    holding.PrivatePair: (int, _held),
    Draft: (str, draft_of),
}


def _form_of(hint: Any) -> Any:
    """How an argument is written in JSON; None where it cannot be."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint in BY_ID:
        return BY_ID[hint][0]
    if hint is bytes:
        return Base64Bytes
    if hint is PartialDate:
        return Day
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return hint
    if origin in (Union, types.UnionType) and type(None) in inner and len(inner) == 2:
        form = _form_of(next(one for one in inner if one is not type(None)))
        return None if form is None else form | None
    if _is_list(origin) and inner and (form := _form_of(inner[0])) is not None:
        return types.GenericAlias(list, (form,))
    if origin is Mapping and all(_form_of(one) is str for one in inner):
        return dict[str, str]
    return None


def _is_list(origin: Any) -> bool:
    return origin in (list, Sequence, Iterable, frozenset)


def forms(one: Act) -> dict[str, tuple[Any, Any]] | str:
    """Fields of what an act takes, or the name of the first argument that has no form."""
    signature = inspect.signature(one.function)
    hints = get_type_hints(one.function)
    made: dict[str, tuple[Any, Any]] = {}
    for name, parameter in list(signature.parameters.items())[1:]:
        form = _form_of(hints.get(name, Any))
        required = parameter.default is inspect.Parameter.empty
        if form is None and required:
            return name
        if form is not None:
            made[name] = (form, ... if required else parameter.default)
    return made


def why_not(one: Act) -> str:
    """Why no token does an act by its name; empty where one can."""
    permission = table()[one.permission]
    if one.name in OWN_ADDRESSES:
        return "it has an address of its own"
    if one.name in NEVER:
        return NEVER[one.name]
    if permission.second:
        return "a second person looks at what they confirm, by their own log-in"
    if not may_be_named(permission):
        return "it is about the account itself: its pages, or the command line"
    if one.name not in BODIES and isinstance(missing := forms(one), str):
        return _NO_FORM.format(what=missing, where=", ".join(one.ways))
    return ""


def _made(one: Act) -> Body:
    """The body of an act, made from its arguments."""
    made = forms(one)
    if isinstance(made, str):
        raise TypeError(f"{one.name}: {made}")
    title = "".join(part.capitalize() for part in one.name.replace("-", ".").split("."))
    making: Any = create_model
    form = making(f"{title}Given", __base__=Strict, **made)
    return Body(form, lambda desk, given: _called(desk, one, {name: getattr(given, name) for name in made}))


def _address(one: Act) -> None:
    """Make the address of an act."""
    body = BODIES[one.name] if one.name in BODIES else _made(one)
    router.add_api_operation(
        f"/acts/{one.name}",
        ["POST"],
        _done(one, body),
        response=Done,
        tags=["acts"],
        summary=table()[one.permission].words["en"],
        description=inspect.getdoc(one.function) or "",
        operation_id=f"act_{one.name.replace('.', '_').replace('-', '_')}",
        url_name=f"api-act-{one.name.replace('.', '-')}",
    )


def _carried_out(desk: Desk, one: Act, body: Body, given: Any) -> Done:
    arguments = body.arguments(desk, given)
    bound = inspect.signature(one.function).bind(desk, **arguments)  # in order, as pages call it
    effects = one.function(*bound.args, **bound.kwargs)
    for tell in TOLD_AFTER.get(one.name, ()):
        tell(desk, arguments, effects)
    return {"result": as_json(body.answer(arguments, effects))}


def _done(one: Act, body: Body) -> Callable[..., Done]:
    def done(request: HttpRequest, given: Any) -> Done:
        desk = admit(request, one.permission)
        made: Done = once(request, bearer_of(request).token, lambda: _carried_out(desk, one, body, given))
        return made

    done.__annotations__ = {"request": HttpRequest, "given": body.form, "return": Done}
    vars(done)["permission"] = one.permission
    return done


def _called(desk: Desk, one: Act, values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the act takes them: rows by their ids, as this desk may see them."""
    hints, made = get_type_hints(one.function), dict[str, Any]()
    for name, value in values.items():
        hint = hints.get(name)
        if hint in BY_ID:
            made[name] = BY_ID[hint][1](desk, value)
        else:
            made[name] = frozenset(value) if get_origin(hint) is frozenset else value
    return made


def as_json(effects: Any) -> Any:
    """What an act gave back, as JSON."""
    if effects is None or isinstance(effects, str | int | float | bool):
        return effects
    if isinstance(effects, bytes):
        return base64.b64encode(effects).decode()
    if isinstance(effects, date | PartialDate | PurePath):
        return effects.isoformat() if isinstance(effects, date) else str(effects)
    if isinstance(effects, Model):
        return {"id": effects.pk}
    if is_dataclass(effects) and not isinstance(effects, type):
        return {one.name: as_json(getattr(effects, one.name)) for one in fields(effects)}
    if isinstance(effects, Mapping):
        return {str(key): as_json(value) for key, value in effects.items()}
    if isinstance(effects, Iterable):
        return [as_json(one) for one in effects]
    raise InvalidValue("what this act gives back has no form for programs: {kind}", kind=type(effects).__name__)


for _one in acts_of_pages():
    if not why_not(_one):
        _address(_one)
