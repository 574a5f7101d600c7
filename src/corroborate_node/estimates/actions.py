"""What analysts do with estimates: ask for one, cancel, discard, seal, withdraw. Each act is whole or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from corroborate.disclosure import estimate_shown
from corroborate.disclosure.small_numbers import LEAST, at_least_ten
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import JSON, Digest, canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.jobs import jobs
from corroborate_node.core.storing import storing
from corroborate_node.estimates import counting, models, queries, states
from corroborate_node.estimates.options import Options
from corroborate_node.estimates.running import JOB
from corroborate_node.log.sealing import seal_record
from corroborate_node.records import actions as evidence
from corroborate_node.records import models as kept
from corroborate_node.release import giving

LONGEST = 200  # letters of a title or a reason
_SMALL = ("waiting", "conflicts", "unallowed", "undated", "outside", "judgements")


def _of(run: models.Run, *_: object, **__: object) -> list[str]:
    return [run.id]


@act("estimate.make", ways=("page estimates-new", "command estimate"), whole=False)
def ask(desk: Desk, asked: Options, title: str, by: str = "", *, wait: bool = False) -> models.Run:
    """Ask for an estimate, and have it run beside the pages; ``wait``: run it now, and return when it is done.

    The same inputs and seed find the run that was made of them. Raises InvalidValue for a list that is not here, and
    NotAllowed on a hub.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    if vault.hub:
        raise NotAllowed("a hub holds no people to estimate from")
    if missing := [one for one in ("numba", "splink") if find_spec(one) is None]:
        raise NotAllowed("{missing} is not installed here: estimates need corroborate[analysis]", missing=missing[0])
    title = _short(title, "title")
    here = kept.Source.objects.filter(id__in=asked.lists, kind="list", withdrawn=None)
    invented = dict(here.values_list("id", "invented"))
    if unknown := [one for one in asked.lists if one not in invented]:
        raise InvalidValue("no list {unknown} is in this vault", unknown=unknown[0])
    run = models.Run(
        id=new_id("estimate", milliseconds=int(at.timestamp() * 1000), randomness=entropy(10)), title=title,
        state=states.WAITING, by=desk.named(by), at=at, invented=any(invented.values()),
    )  # fmt: skip
    if asked.table:
        found = counting.given(asked)
        run.tables, run.counted = list(found.tables), dict(found.about)
        asked = replace(asked, table=found.tables[0]["csv"])
        run.key = queries.key_of(asked, found.tables)
        if (first := queries.first_of(run.key)) is not None:
            return first
    run.asked = asked.as_json()
    with storing():
        run.save(force_insert=True)
    if wait:
        jobs.carry_out(JOB, run.id)
        run.refresh_from_db()
        return run.same_as or run
    jobs.submit(JOB, run.id)
    return run


@act(
    "estimate.again",
    "estimate.make",
    ways=("page estimates-again",),
    objects=_of,
    whole=False,
)
def again(desk: Desk, run: models.Run, by: str = "") -> models.Run:
    """Ask once more for what was interrupted, cancelled or failed; the run before it is discarded."""
    if run.state not in (states.CANCELLED, states.INTERRUPTED, states.FAILED):
        raise NotAllowed("this estimate has its result, or will have it")
    new = ask(desk, Options.from_json(run.asked), run.title, by)
    discard(desk, run)
    return new


@act(
    "estimate.cancel",
    "estimate.make",
    ways=("page estimates-cancel",),
    objects=_of,
    whole=False,
)
def cancel(desk: Desk, run: models.Run) -> None:
    """End a run that waits or is under way."""
    if not jobs.cancel(JOB, run.id, desk.at):
        raise NotAllowed("this estimate is not under way")


@act(
    "estimate.discard",
    "estimate.make",
    ways=("page estimates-discard", "command estimate"),
    objects=_of,
)
def discard(desk: Desk, run: models.Run) -> None:
    """Put a result aside. Raises NotAllowed for a sealed one, which can be withdrawn, and for one under way."""
    at = desk.at
    if queries.sealed_of(run) is not None:
        raise NotAllowed("this estimate is sealed: it can be withdrawn, and then stays as withdrawn")
    if run.state in states.UNDER_WAY:
        raise NotAllowed("this estimate is under way: cancel it first")
    with storing():
        models.Run.objects.filter(id=run.id).update(discarded=at)


@act("estimate.restore", "estimate.make", ways=("page estimates-restore",), objects=_of)
def restore(desk: Desk, run: models.Run) -> None:
    """Undo a discard."""
    with storing():
        models.Run.objects.filter(id=run.id).update(discarded=None)


def record(run: models.Run, by: str, at: datetime) -> dict[str, JSON]:
    """What is sealed of a result: the result, and the inputs by name and digest. No overlap cell stands in it, and no
    number of fewer than ten entries or people that were left out."""
    asked, about = dict(run.asked), dict(run.counted)
    counted: dict[str, JSON] = {name: at_least_ten(about[name]) for name in _SMALL if name in about}
    lists: list[JSON] = [
        {"title": one["title"], **{key: at_least_ten(one[key]) for key in ("entries", "people") if key in one}}
        for one in about["lists"]
    ]
    tables: list[JSON] = [{"name": one["name"], "sha256": one["digest"]} for one in run.tables]
    inputs: dict[str, JSON] = {
        "lists": lists, "list_ids": asked["lists"], "table": asked["table_name"], "by": asked["by"],
        "since": asked["since"], "until": asked["until"], "audience": asked["audience"], "joining": asked["joining"],
        "seed": asked["seed"], "level": asked["level"], "counted": counted, "tables": tables,
        "log": about.get("log"), "on": about.get("on"),
    }  # fmt: skip
    return {
        "version": 1, "id": run.id, "title": run.title, "made_by": run.by, "made_at": run.at.isoformat(),
        "sealed_by": by, "sealed_at": at.isoformat(), "invented": run.invented, "program": queries.program(),
        "inputs": inputs, "result": run.result,
    }  # fmt: skip


@act("estimate.seal", ways=("page estimates-seal", "command estimate"), objects=_of)
def seal(desk: Desk, run: models.Run, by: str = "") -> models.Sealed:
    """Seal a result with its inputs in the log. From then on it is what pages and dossier name.

    Raises NotAllowed for what is no estimate, is discarded, or was sealed before.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    if vault.hub:
        raise NotAllowed("a hub seals no estimates")
    if run.state != states.DONE or run.discarded is not None:
        raise NotAllowed("only an estimate that was made can be sealed; a refusal says what to publish instead")
    if models.Sealed.objects.filter(run=run).exists():
        raise NotAllowed("this estimate is sealed already")
    by = desk.named(by)
    content = canonical(record(run, by, at))
    with storing():
        index = seal_record(queries.KIND, run.id, content, at, entropy=entropy) - 1
        sealed = models.Sealed.objects.create(run=run, content=content, index=index, by=by, at=at)
        _name(desk, run, index)
    return sealed


def _name(desk: Desk, run: models.Run, index: int) -> None:
    """Let pages and dossier show a sealed result."""
    sealed = {"id": run.id, "index": index, "audience": run.asked["audience"]}
    body = {**(run.result or {}), "places": _places_of(run), "sealed": sealed}
    evidence.keep(desk, queries.KIND, body, invented=run.invented)


def _places_of(run: models.Run) -> dict[str, Any]:
    """What stands in the places of the result's sentences, so that they can be said in another language: of those that
    the result itself says, and of those that stand in these. What was counted for it stays with the run."""
    known, result = run.counted.get("places") or {}, run.result or {}
    waiting = [result.get("tipping"), result.get("rule"), *result.get("warnings", ()), *result.get("changes", ())]
    found: dict[str, Any] = {}
    while waiting:
        text = waiting.pop()
        if isinstance(text, str) and text in known and text not in found:
            found[text] = known[text]
            waiting += known[text]["values"].values()
    return found


@act(
    "estimate.withdraw",
    "estimate.seal",
    ways=("page estimates-withdraw", "command estimate"),
    objects=_of,
)
def withdraw(desk: Desk, run: models.Run, why: str, by: str = "") -> models.Sealed:
    """Withdraw a sealed result. It stays, marked, with who withdrew it and why; the log has an entry of it. Pages and
    dossier name the newest that still stands, if one does."""
    at, entropy = desk.at, desk.entropy
    why, by = _short(why, "reason"), desk.named(by)
    if not why:
        raise InvalidValue("say why it is withdrawn: whoever has seen it will ask")
    sealed = models.Sealed.objects.filter(run=run).first()
    if sealed is None or sealed.withdrawn is not None:
        raise NotAllowed("no sealed estimate stands here")
    content = canonical({"version": 1, "withdrawn": run.id, "at": at.isoformat(), "by": by, "why": why})
    with storing():
        sealed.withdrawal_index = seal_record(queries.KIND, run.id, content, at, entropy=entropy) - 1
        sealed.withdrawn, sealed.withdrawn_by, sealed.why = at, by, why
        sealed.save()
        kept.Document.objects.filter(kind=queries.KIND, body__sealed__id=run.id).delete()
        _restand(desk)
    return sealed


def _restand(desk: Desk) -> None:
    """Where no document is left to name, the newest sealed result that stands is named again."""
    if not kept.Document.objects.filter(kind=queries.KIND).exists():
        other = models.Sealed.objects.filter(withdrawn=None).select_related("run").order_by("-index").first()
        if other is not None:
            _name(desk, other.run, other.index)


def may_be_taken_out(result: Mapping[str, Any]) -> None:
    """Raises NotAllowed for a result that says something of fewer than ten people: it stays in the vault."""
    if queries.smallest(result) < LEAST:
        raise NotAllowed(
            "a part of this estimate is about fewer than {least} people: it stays in the vault", least=LEAST
        )


def release_of(desk: Desk, result: Mapping[str, Any]) -> int:
    """The release as part of which the sealed record of a result may be taken out.

    Raises NotAllowed for one about fewer than ten people, and where no release that may be written shows it.
    """
    may_be_taken_out(result)
    number = giving.showing(desk, estimate_shown(result))
    if number is None:
        error = NotAllowed("no release shows this estimate: its sealed record stays in the vault")
        error.remedy = "Make one for whoever is to have it: corroborate release make --estimate --audience …"
        raise error
    return number


def given(desk: Desk, run: models.Run, content: bytes) -> bytes:
    """What was sealed of a result, or its proof, for taking out; its release keeps that it was."""
    giving.record(desk, release_of(desk, run.result or {}), "estimate", Digest.of(content).hex)
    return content


def _short(text: str, what: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise InvalidValue("the {what} is longer than {longest} letters", what=what, longest=LONGEST)
    return text
