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
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from django.db.models import Model
from django.http import HttpRequest
from ninja import Router
from pydantic import Base64Bytes, BaseModel, ConfigDict, PlainValidator, WithJsonSchema, create_model

from corroborate.client.shapes import Done
from corroborate.errors import InvalidValue
from corroborate.values import PartialDate
from corroborate_node.core.acts import Act
from corroborate_node.core.desk import Desk
from corroborate_node.core.permissions import table
from corroborate_node.core.tokens import may_be_named
from corroborate_node.estimates import queries as estimates
from corroborate_node.every_act import acts_of_pages
from corroborate_node.http_api.addresses import OWN_ADDRESSES
from corroborate_node.http_api.door import admit
from corroborate_node.http_api.problems import NotFound
from corroborate_node.review import queries as review

router = Router()
_PLAIN: Mapping[Any, Any] = {str: str, int: int, float: float, bool: bool, date: date, datetime: datetime}

# Acts that no token does, and acts whose arguments have no form here yet: each says why, and where it is done.
NEVER = {
    **dict.fromkeys(
        ("backup.make", "backup.plan", "backup.plan-end"), "where backups go is said on the machine itself: backup"
    ),
    **dict.fromkeys(
        ("vault.export", "vault.from-export"), "everything in the clear: export and new, for who has the passphrase"
    ),
    "shares.drill": "who types shares from paper opens the vault with them: keys drill",
    "bundle.receive": "a bundle is opened where its files are to lie: exchange receive",
    "fixity.check": "the node itself says what its checks found: doctor",
    "key.revoke": "it takes the passphrase of the vault: log key at the command line",
    "key.rotate": "it takes the passphrase of the vault: log key at the command line",
    **dict.fromkeys(
        ("linkage.decide", "linkage.encode", "linkage.learn", "numbers.answer", "numbers.compare", "numbers.enter"),
        "it loads linkage, which pages and programs do without: private at the command line",
    ),
    "log.begin-anew": "it takes the passphrase of the vault: log anew",
    "mail.keep": "a password of another service is kept on the machine itself: statement remind",
    "notices.look": "it says what a person has looked at on a page",
    "passphrase.choose": "it is about who sits there",
    "paper.record": "whoever records a letter on paper has it in hand: the page of the statement",
    "authority.record": "whoever records a letter on paper has it in hand: the page of the member",
    "release.pack": "a package comes by POST /releases/{number}/files",
    "release.write": "a file comes by POST /releases/{number}/files",
    "release.publish": "a site is a folder on the machine: publish",
    "reminder.send": "a person reads each letter before it goes: statement remind",
    "tiles.compare": "it reads a folder of the machine: log compare",
}
LATER = frozenset(  # acts whose arguments have no form here yet
    {
        "access.log",
        "action.change",
        "action.enter",
        "answer.sign",
        "commitment.record",
        "consents.reread",
        "contact.keep",
        "decision.hear",
        "decision.propose",
        "demand.judge",
        "document.keep",
        "estimate.make",
        "export.receive",
        "import.receive",
        "import.receive-records",
        "judgements.record",
        "member.admit",
        "member.keep",
        "members.admit",
        "note.hand-in",
        "pair.load",
        "passage.code",
        "draft.attach",
        "draft.detach",
        "draft.discard",
        "draft.keep",
        "draft.record",
        "record.enter",
        "record.receive",
        "statement.carry",
        "statement.comment",
        "votes.take",
        "witness.take-cosignatures",
        "word.code",
    }
)
_NO_FORM = "it takes {what}, which has no form for programs yet: {where}"


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


# What an act is handed as a row: how a program names it, and who may see it.
BY_ID: Mapping[Any, tuple[type, Callable[[Desk, Any], Any]]] = {
    estimates.Run: (str, _run),
    review.Candidate: (int, _pair),
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
        return _PARTIAL
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


def _partial(said: Any) -> PartialDate:
    return said if isinstance(said, PartialDate) else PartialDate.parse(str(said))


def _annotated(kind: Any, *more: Any) -> Any:

    return Annotated[(kind, *more)]


_PARTIAL = _annotated(
    PartialDate, PlainValidator(_partial), WithJsonSchema({"type": "string", "title": "Day as known"})
)


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
    if isinstance(missing := forms(one), str):
        return _NO_FORM.format(what=missing, where=", ".join(one.ways))
    return ""


def _address(one: Act) -> None:
    """Make the address of an act."""
    made = forms(one)
    if isinstance(made, str):
        raise TypeError(f"{one.name}: {made}")
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    title = "".join(part.capitalize() for part in one.name.replace("-", ".").split("."))
    making: Any = create_model
    body = making(f"{title}Given", __config__=config, **made)
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


def _done(one: Act, body: type[BaseModel]) -> Callable[..., Done]:
    def done(request: HttpRequest, given: BaseModel) -> Done:
        desk = admit(request, one.permission)
        values = {name: getattr(given, name) for name in type(given).model_fields}
        return {"result": as_json(one.function(desk, **_called(desk, one, values)))}

    done.__annotations__ = {"request": HttpRequest, "given": body, "return": Done}
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
