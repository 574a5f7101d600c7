"""Which lists and results there are. Functions with a user give that user's rows, and none without one."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from django.db.models import Count, Q, QuerySet

from corroborate import version
from corroborate.custody import Checkpoint, Note, Proof, Seal, check_seal
from corroborate.errors import InvalidValue, NotVerified
from corroborate.translation import Sentence
from corroborate.values import Digest, canonical
from corroborate_node.core import opened
from corroborate_node.core.checks import Check
from corroborate_node.core.queries import visible
from corroborate_node.estimates import models, states
from corroborate_node.estimates.options import Options
from corroborate_node.log import models as log_models
from corroborate_node.log import queries as log
from corroborate_node.records import models as evidence
from corroborate_node.records import queries as kept

KIND = "estimate"  # of its entries in the log, and of the document that pages and dossier show
COUNTED = ("claim", "consent", "judgement", "withdrawal")  # kinds of entries that may change what is counted
MOST_LISTS = 40  # shown to choose from
Run: TypeAlias = models.Run  # what a page is handed
Sealed: TypeAlias = models.Sealed


@dataclass(frozen=True, slots=True)
class ListHere:
    """A list that was taken in: its source, and how many of its rows stand."""

    id: str
    title: str
    rows: int
    invented: bool


def lists_here(user: Any) -> list[ListHere]:
    """Lists of this vault that can be counted, by title. Lists of one title are one list."""
    return owner_lists() if getattr(user, "is_authenticated", False) else []


@lru_cache(maxsize=1)
def _lists(vault: Path, size: int) -> tuple[ListHere, ...]:
    """Counting every row takes a tenth of a second for each 100,000: done once for each state of the log, which every
    import and withdrawal changes."""
    sources = evidence.Source.objects.all()
    first: dict[str, evidence.Source] = {}
    for one in sources.filter(kind="list", withdrawn=None).order_by("title", "id")[:MOST_LISTS]:
        first.setdefault(one.title, one)
    titles = list(first)
    if not titles:
        return ()
    counts = _rows_of(sources.filter(kind="document", withdrawn=None), titles)
    return tuple(ListHere(one.id, title, counts[title], one.invented) for title, one in first.items() if counts[title])


def _rows_of(rows: QuerySet[evidence.Source], titles: Sequence[str]) -> Counter[str]:
    """How many rows stand of each list; versions of one row are one."""
    listed = rows.filter(part_of__title__in=titles).values("part_of__title")
    return Counter({one["part_of__title"]: one["n"] for one in listed.annotate(n=Count("number", distinct=True))})


def runs(user: Any) -> QuerySet[models.Run]:
    """What was asked for and not discarded, newest first, with what was sealed of it."""
    return _current(visible(user, models.Run))


def _current(found: QuerySet[models.Run]) -> QuerySet[models.Run]:
    return found.filter(discarded=None).exclude(state=states.SAME).select_related("sealed").order_by("-at", "-id")


def run(user: Any, id_: str) -> models.Run | None:
    found: models.Run | None = visible(user, models.Run).filter(id=id_).select_related("sealed", "same_as").first()
    return found


def runs_of(user: Any, ids: Collection[str]) -> list[models.Run]:
    """Results to be compared, in the order given."""
    found = {one.id: one for one in runs(user).filter(id__in=list(ids), state__in=(states.DONE, states.REFUSED))}
    return [found[one] for one in dict.fromkeys(ids) if one in found]


def sealed_of(one: models.Run) -> models.Sealed | None:
    found: models.Sealed | None = getattr(one, "sealed", None)
    return found


def since(user: Any, one: models.Run) -> dict[str, int]:
    """What the vault has sealed since the lists were counted, by kind: reasons to count anew."""
    at = one.counted.get("log")
    if at is None:
        return {}
    later = visible(user, log_models.LogEntry).filter(index__gte=at, kind__in=COUNTED)
    return {row["kind"]: row["n"] for row in later.values("kind").annotate(n=Count("index")).order_by("kind")}


def waiting_before(user: Any, one: models.Run) -> int:
    """How many runs come before one that waits."""
    before = visible(user, models.Run).filter(state__in=states.UNDER_WAY)
    return int(before.filter(Q(at__lt=one.at) | Q(at=one.at, id__lt=one.id)).count())


def key_of(asked: Options, tables: Sequence[Mapping[str, str]]) -> str:
    """Equal for equal inputs, seed and program: then the numbers are equal too."""
    said = asked.as_json()
    del said["table_name"], said["table"]  # its digest speaks for it
    digests: list[Any] = [[one["name"], one["digest"]] for one in tables]
    return Digest.of(canonical({"asked": said, "tables": digests, "program": program()})).hex


def program() -> str:
    return f"corroborate {version()}".rstrip()


def first_of(key: str, other_than: str = "") -> models.Run | None:
    """The first run of the same inputs that has a result, or will have one."""
    good = (*states.UNDER_WAY, states.DONE, states.REFUSED)
    found = models.Run.objects.filter(key=key, discarded=None, state__in=good).exclude(id=other_than)
    return found.order_by("at", "id").first()


def seal_of(one: models.Sealed) -> Seal | None:
    """What the log's entry commits to, with the salt that the vault keeps."""
    entry = log_models.LogEntry.objects.filter(index=one.index, kind=KIND, record=one.run_id).first()
    return None if entry is None or entry.salt is None else Seal(bytes(entry.salt), bytes(entry.commitment))


def holds(one: models.Sealed) -> bool:
    """Whether the kept bytes are those that were sealed."""
    return fits(one, seal_of(one))


def fits(one: models.Sealed, seal: Seal | None) -> bool:
    """The same, of a seal that was read already."""
    if seal is None:
        return False
    try:
        check_seal(bytes(one.content), seal)
    except NotVerified:
        return False
    return True


def checks() -> Iterator[Check]:
    """For `corroborate doctor`: whether each sealed result is what was sealed."""
    good = 0
    for one in models.Sealed.objects.order_by("index").iterator():
        if holds(one):
            good += 1
        else:
            yield Check("estimates", "wrong", Sentence("{id} is not what was sealed", id=one.run_id))
    if good:
        yield Check(
            "estimates", "good", Sentence(("{good} is what was sealed", "{good} are what was sealed"), good=good)
        )


def proof(one: models.Sealed) -> Proof:
    """That the log's newest checkpoint holds the seal; the salt goes with it. Raises InvalidValue where none does."""
    note, seal = log.newest_checkpoint(), seal_of(one)
    size = Checkpoint.parse(Note.parse(note).text).size if note else 0
    if note is None or seal is None or size <= one.index:
        raise InvalidValue("no signed checkpoint holds this entry yet: run `corroborate log checkpoint`")
    return Proof(one.index, tuple(log.whole_tree().inclusion(one.index, size)), note, seal.salt)


def checkpoint_with(user: Any, index: int) -> Checkpoint | None:
    """The newest signed checkpoint, where it holds an entry."""
    row = visible(user, log_models.Checkpoint).filter(size__gt=index).order_by("-size").first()
    return None if row is None else Checkpoint.parse(Note.parse(bytes(row.note)).text)


def named() -> str:
    """The run whose result pages and dossier name now; empty where it is another's or none."""
    body = kept.kept(KIND)
    sealed = body.get("sealed") if isinstance(body, dict) else None
    return str(sealed["id"]) if isinstance(sealed, dict) else ""


def smallest(result: Mapping[str, Any]) -> int:
    """The fewest documented people of whom a result says something of their own."""
    strata = (result.get("parts") or {}).get("strata") or []
    counts = [one["documented"] for one in strata if one["documented"]]
    return min([*counts, result["documented"]], default=0) if "documented" in result else 0


# For the owner, who opened the vault with its passphrase


def owner_lists() -> list[ListHere]:
    return list(_lists(opened.current().folder, log.log_size()))


def owner_runs() -> QuerySet[models.Run]:
    return _current(models.Run.objects.all())


def owner_run(id_: str) -> models.Run:
    """Raises InvalidValue where there is none."""
    found = models.Run.objects.filter(id=id_).select_related("sealed", "same_as").first()
    if found is None:
        raise InvalidValue("there is no estimate {id} in this vault", id=id_)
    return found
