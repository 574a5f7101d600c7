"""The HTTP API, version 1, by address. Its document says what each takes and gives."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router
from ninja.operation import Operation
from pydantic import TypeAdapter

from corroborate.errors import CorroborateError
from corroborate.translation import Sentence
from corroborate_node import every_act
from corroborate_node.core.gate import open_to_all
from corroborate_node.http_api import addresses, coalition, commands, doing, evidence, mailbox, problems
from corroborate_node.http_api.door import ASKED, Door
from corroborate_node.http_api.examples import EXAMPLES

PREFIX = "/api/1/"
_DESCRIPTION = """What the pages of a vault or hub do, for programs: the same permissions, cases, journal and exports.

Send a token with each request: `Authorization: Bearer TOKEN`. Errors are `application/problem+json` with a stable
`code` and a `remedy`. Lists come page by page: ask for the next one while `more` is true. A token makes at most 600
requests a minute."""


class _Api(NinjaAPI):
    def get_operation_url_name(self, operation: Operation, router: Router) -> str:
        """Pages have names of their own."""
        return f"api-{operation.view_func.__name__}"

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__).strip("_")


api = _Api(title="Corroborate", version="1", description=_DESCRIPTION, docs_url=None, openapi_url=None, auth=Door())
problems.handle(api)
api.add_router("", addresses.router)
api.add_router("", evidence.router)
api.add_router("", coalition.router)
api.add_router("", mailbox.router)
api.add_router("", doing.router)


def document() -> dict[str, Any]:
    """The OpenAPI document; each address says how it refuses."""
    made = dict(api.get_openapi_schema(path_prefix=PREFIX))
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = problems.SCHEMA
    made["x-commands"] = {name: _with(schemas, shape) for name, shape in commands.offered().items()}
    refused = {
        "description": "Refused",
        "content": {problems.KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path_, address in made["paths"].items():
        for operation in address.values():
            _told(operation, path_.removeprefix(PREFIX.rstrip("/")))
            operation["responses"] = {str(code): one for code, one in operation["responses"].items()}
            operation["responses"]["default"] = refused
    return made


def _told(operation: dict[str, Any], address: str) -> None:
    """What an address does, in one sentence; and a request as a program would send it."""
    if "/acts/" not in address:
        operation["summary"] = " ".join(operation.get("description", "").split()).partition(". ")[0].rstrip(".")
    example, sent = EXAMPLES.get(address), operation.get("requestBody", {}).get("content", {})
    if example is not None and "application/json" in sent:
        sent["application/json"]["example"] = example


def _with(schemas: dict[str, Any], shape: Any) -> dict[str, Any]:
    """The schema of what a command prints; the shapes that it names stand among the others."""
    found = TypeAdapter(shape).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas |= {name: one for name, one in found.pop("$defs", {}).items() if name not in schemas}
    return found


def as_json(_request: HttpRequest) -> HttpResponse:
    """The document. It says nothing of a vault."""
    return HttpResponse(json.dumps(document(), ensure_ascii=False, default=str), content_type="application/json")


def _patterns() -> list[Any]:
    """The addresses, each with its permission, as pages have it; the door learns them."""
    found, operations = list[Any](), dict[str, Operation]()
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                operations[getattr(operation, "url_name", "") or f"api-{operation.view_func.__name__}"] = operation
    patterns: list[Any] = list(api.urls[0])
    for one in patterns:
        if one.name in operations:
            one.callback.permission = vars(operations[one.name].view_func)["permission"]
            for method in operations[one.name].methods:
                ASKED[f"{PREFIX}{one.pattern}".strip("/"), method] = one.callback.permission
            found.append(one)
    return found


class NoAddress(CorroborateError):
    """Nothing is offered here, to anybody: who asks need not come in to hear it."""

    code, status = "no-address", 404
    remedy = "Look into /api/1/openapi.json for what is offered, and how."


def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """What no address answers. Of an act that no program does, it says why."""
    act = {one.name: one for one in every_act.acts_of_pages()}.get(rest.removeprefix("acts/"))
    why = doing.why_not(act) if rest.startswith("acts/") and act is not None else ""
    if why:
        return problems.answer(request, NoAddress(Sentence("no program does this act: {why}", why=why)))
    return problems.answer(request, NoAddress(Sentence("there is no such address, or not with this method")))


urlpatterns = [
    path("openapi.json", open_to_all(as_json), name="api-document"),
    *_patterns(),
    path("<path:rest>", csrf_exempt(open_to_all(nowhere)), name="api-nowhere"),
]
