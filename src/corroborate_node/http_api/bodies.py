"""What acts take that has many parts, as one JSON object; and the value that is made of it at the desk.

Who did something, and when, is never read from what was sent: the desk knows. What a page looks at before it lets
somebody act, is looked at here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from corroborate.errors import InvalidValue
from corroborate.importers.coding import Act as Told
from corroborate.records import Basis
from corroborate.records.marking import Stance
from corroborate.tables import File
from corroborate.values import PartialDate
from corroborate_node.core.desk import Desk
from corroborate_node.estimates import options as estimates
from corroborate_node.files import copies
from corroborate_node.recording import forms as drafts
from corroborate_node.recording import queries as recording
from corroborate_node.recording.models import Draft
from corroborate_node.recording.reading import passages_of
from corroborate_node.recording.reviewing import entry_of, read_whole
from corroborate_node.records import cases, codings, entering
from corroborate_node.review.values import Proposed

Arguments = Mapping[str, Any]
Short = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=2_000)]
Text = Annotated[str, Field(max_length=100_000)]
B = TypeVar("B", bound=BaseModel)


def _day(said: Any) -> PartialDate:
    return said if isinstance(said, PartialDate) else PartialDate.parse(str(said))


Day = Annotated[PartialDate, PlainValidator(_day), WithJsonSchema({"type": "string", "title": "Day as known"})]


class Strict(BaseModel):
    """A field that nobody knows is an error: it was meant to do something."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class Body:
    """How an act is asked for. ``form``: what is sent; ``arguments``: what the act gets, from the desk and what was
    sent; ``answer``: what is told, where the act itself gives back less than a program needs."""

    form: type[BaseModel]
    arguments: Callable[[Desk, Any], Arguments]
    answer: Callable[[Arguments, Any], Any] = lambda _arguments, effects: effects


def body(form: type[B], **more: Any) -> Callable[[Callable[[Desk, B], Arguments]], Body]:
    """Make a function from desk and form to arguments the body of an act."""

    def made(arguments: Callable[[Desk, B], Arguments]) -> Body:
        return Body(form, arguments, **more)

    return made


class GivenFile(Strict):
    """A file. ``content`` is in base64."""

    name: Short
    content: Base64Bytes


# Records by hand


class Typed(Strict):
    """An interview or a paper as the page *Record* takes it: words by field, rows of words. Nothing is required yet."""

    source: dict[str, Line] = {}
    consent: dict[str, Line | list[Short]] = {}
    people: Annotated[list[dict[str, Line]], Field(max_length=drafts.MOST["people"])] = []
    acts: Annotated[list[dict[str, Line]], Field(max_length=drafts.MOST["acts"])] = []
    held: Annotated[list[dict[str, Line]], Field(max_length=drafts.MOST["held"])] = []
    missing: Annotated[list[dict[str, Line]], Field(max_length=drafts.MOST["missing"])] = []
    kin: Annotated[list[dict[str, Line]], Field(max_length=drafts.MOST["kin"])] = []
    posts: Annotated[list[dict[str, Line]], Field(max_length=drafts.MOST["posts"])] = []
    proceedings: Annotated[list[dict[str, Line]], Field(max_length=drafts.MOST["proceedings"])] = []
    case: Short = ""

    def said(self) -> dict[str, Any]:
        """What stands in it."""
        return {name: value for name, value in self.model_dump().items() if value}


class DraftKept(Strict):
    draft: Short
    typed: Typed
    version: Annotated[int, Field(ge=0)]


def draft_of(desk: Desk, id_: str) -> Draft:
    """One of the account's own drafts. Raises InvalidValue."""
    found = recording.draft(desk, id_)
    if found is None:
        raise InvalidValue("you have no draft of this id")
    return found


@body(DraftKept)
def _draft_kept(desk: Desk, given: DraftKept) -> Arguments:
    return {"draft": draft_of(desk, given.draft), "typed": given.typed.said(), "version": given.version}


class DraftRecorded(Strict):
    draft: Short


@body(DraftRecorded)
def _draft_recorded(desk: Desk, given: DraftRecorded) -> Arguments:
    """As the page does: it is read, and of each name somebody says first whether it is one of those who are here."""
    draft = draft_of(desk, given.draft)
    return {"draft": draft, "entry": entry_of(desk, draft.typed), "case": str(draft.typed.get("case", ""))}


class Entered(Strict):
    """``entry``: as `corroborate interview --example` shows one. ``transcript``: its passages stand with it."""

    entry: Typed
    transcript: GivenFile | None = None
    files: Annotated[tuple[GivenFile, ...], Field(max_length=20)] = ()
    cases: Annotated[tuple[Short, ...], Field(max_length=20)] = ()


@body(Entered)
def _entered(desk: Desk, given: Entered) -> Arguments:
    text = [File(given.transcript.name, content=given.transcript.content)] if given.transcript else []
    files = [File(one.name, content=one.content) for one in given.files] + text
    passages = tuple(each for one in text for each in passages_of(one))
    case = [given.entry.case] if given.entry.case else []
    typed = {name: value for name, value in given.entry.said().items() if name != "case"}
    return {
        "entry": read_whole(desk, typed),
        "beside": entering.Beside(tuple(files), passages),
        "cases": cases.open_now(desk, [*given.cases, *case]),
    }


# Words of lists and of passages


class PassageCoded(Strict):
    """Words of a passage as a claim. ``about``: the id of who or what is here; else ``name``: somebody new. Where
    people of that name are here, ``new`` says that it is none of them."""

    source: Short
    number: int
    property: Short
    value: Line
    words: Text = ""
    about: Short = ""
    name: Short = ""
    new: bool = False
    kind: Literal["person", "party"] = "person"
    stance: Stance = "for"
    basis: Basis = "document"


@body(PassageCoded)
def _passage_coded(desk: Desk, given: PassageCoded) -> Arguments:
    """As the page does: whether a name is that of somebody who is here, whoever codes has to say."""
    name = given.name or ("" if given.property != "name" or given.about else given.value)
    if name and not given.about and not given.new and (known := codings.known_as(desk, name)):
        raise InvalidValue(
            "there is somebody of that name here: {ids}. Give that id as `about`, or `new`",
            ids=", ".join(id_ for id_, _ in known[:10]),
        )
    told = {one.name: getattr(given, one.name) for one in fields(codings.Asked)}
    return {"source": given.source, "number": given.number, "asked": codings.Asked(**told)}


class ActTold(Strict):
    """A term of the vocabulary, and how words tell of it."""

    term: Short
    said: Literal["for", "against", "seen", "threatened"] = "for"


class WordCoded(Strict):
    """What words mean; no acts: that they tell none."""

    words: Line
    acts: Annotated[tuple[ActTold, ...], Field(max_length=50)] = ()


@body(WordCoded)
def _word_coded(_desk: Desk, given: WordCoded) -> Arguments:
    return {"words": given.words, "acts": [Told(one.term, one.said) for one in given.acts]}


# Pairs and estimates


class PairProposed(Strict):
    """Two people of this vault, and how likely a linkage holds it that they are one."""

    left: Short
    right: Short
    probability: Annotated[float, Field(ge=0, le=1)]
    weight: float | None = None
    lists: tuple[Short, Short] = ("", "")


class PairsLoaded(Strict):
    """``sizes``: entries of each list, for what a match does to the estimate."""

    pairs: Annotated[list[PairProposed], Field(min_length=1, max_length=50_000)]
    origin: Short
    sizes: dict[str, int] = {}


@body(PairsLoaded, answer=lambda _given, numbers: {"new": numbers[0], "before": numbers[1]})
def _pairs_loaded(_desk: Desk, given: PairsLoaded) -> Arguments:
    pairs = [Proposed(one.left, one.right, one.probability, one.weight, one.lists) for one in given.pairs]
    return {"pairs": pairs, "origin": given.origin, "sizes": given.sizes}


class EstimateAsked(Strict):
    """Either ``lists``, ids of this vault's own, or a ``table`` in CSV. It is made beside: ask for the estimate by its
    id until its state is ``done``."""

    title: Short
    lists: Annotated[tuple[Short, ...], Field(max_length=200)] = ()
    table: Annotated[str, Field(max_length=estimates.LARGEST)] = ""
    table_name: Short = ""
    by: Annotated[tuple[Short, ...], Field(max_length=10)] = ()
    since: int | None = None
    until: int | None = None
    audience: Literal["own", "coalition", "public"] = "own"
    joining: estimates.Joining = "judged"
    seed: int = 0
    level: float = 0.95


@body(EstimateAsked, answer=lambda _given, run: {"id": run.id})
def _estimate_asked(_desk: Desk, given: EstimateAsked) -> Arguments:
    said = given.model_dump()
    title = said.pop("title")
    return {"asked": estimates.Options.from_json(said), "title": title}


class FileCopied(Strict):
    """``out``: regions (``page left top width height``, in hundredths) or stretches, one a line, as on the page."""

    file: Short
    out: Text = ""
    tone: bool = False
    name: Short = ""


@body(FileCopied)
def _file_copied(_desk: Desk, given: FileCopied) -> Arguments:
    return {"file": given.file, "asked": copies.Asked(given.out, given.tone, given.name)}


BODIES: Mapping[str, Body] = {
    "file.derive": _file_copied,
    "draft.keep": _draft_kept,
    "draft.record": _draft_recorded,
    "record.enter": _entered,
    "passage.code": _passage_coded,
    "word.code": _word_coded,
    "pair.load": _pairs_loaded,
    "estimate.make": _estimate_asked,
}
