"""One statement about one entity, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, assert_never

from corroborate.errors import InvalidValue
from corroborate.values import JSON, DateSpan, Name, NamePart, PartialDate, canonical, checked_id

_SHORT = 200  # letters of a text that others of a list may repeat
Basis = Literal["saw", "heard", "document", "inferred", "unknown"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words as the source has them; ``language`` is a BCP 47 tag, ``und`` when unknown."""

    text: str
    language: str = "und"


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of a reviewed vocabulary, such as ``violations:life.execution.public``."""

    vocabulary: str
    id: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Another entity: a victim of an act, a relative, a facility."""

    entity: str


Value = Text | PartialDate | DateSpan | Name | Term | Reference


@dataclass(frozen=True, slots=True)
class Claim:
    """*Subject, property, value*, from a source at a locator, on a basis, recorded by someone at a time (UTC)."""

    id: str
    subject: str
    property: str
    value: Value
    source: str
    locator: str  # page, minute, row: where in the source
    basis: Basis
    recorder: str
    recorded_at: datetime

    def __post_init__(self) -> None:
        checked_id(self.id)
        _checked_once(self.subject)
        _checked_once(self.source)
        if not self.locator or not self.recorder or not self.property:
            raise InvalidValue(
                "claim {id} lacks a property, a locator or a recorder: a claim without them proves nothing", id=self.id
            )
        if self.recorded_at.tzinfo is None:
            raise InvalidValue("claim {id} was recorded at a time without a zone", id=self.id)

    def record(self) -> dict[str, JSON]:
        """The claim as canonical JSON has it (version 1)."""
        return {
            "version": 1,
            "id": self.id,
            "subject": self.subject,
            "property": self.property,
            "value": write_value(self.value),
            "source": self.source,
            "locator": self.locator,
            "basis": self.basis,
            "recorder": self.recorder,
            "recorded_at": self.recorded_at.isoformat(),
        }

    def canonical(self) -> bytes:
        """The bytes that are sealed: those of :func:`canonical` of the record, put together from parts that many claims
        of one list share."""
        return (
            f'{{"basis":{_quoted(self.basis)},"id":"{self.id}","locator":{_quoted(self.locator)},'
            f'"property":{_quoted(self.property)},"recorded_at":"{_moment(self.recorded_at)}",'
            f'"recorder":{_quoted(self.recorder)},"source":"{self.source}","subject":"{self.subject}",'
            f'"value":{_written(self.value)},"version":1}}'
        ).encode()


@lru_cache(maxsize=10_000)
def _quoted(text: str) -> str:
    return canonical(text).decode()


@lru_cache(maxsize=1_000)  # the claims of a row are about few entities
def _checked_once(id_: str) -> str:
    return checked_id(id_)


@lru_cache(maxsize=100)
def _moment(at: datetime) -> str:
    return at.isoformat()


def _written(value: Value) -> str:
    if type(value) is Reference:
        return f'{{"entity":{_quoted(value.entity)},"type":"reference"}}'
    if shared(value):
        return _written_once(value)
    return canonical(write_value(value)).decode()  # names that are equal may have been printed otherwise


def shared(value: Value) -> bool:
    """Whether other claims of a list are likely to say the same."""
    return isinstance(value, Term | PartialDate | DateSpan) or (isinstance(value, Text) and len(value.text) < _SHORT)


@lru_cache(maxsize=20_000)
def _written_once(value: Value) -> str:
    return canonical(write_value(value)).decode()


def write_value(value: Value) -> dict[str, JSON]:
    """A value as JSON, told apart by ``type``."""
    match value:
        case Text():
            return {"type": "text", "text": value.text, "language": value.language}
        case PartialDate():
            return {"type": "date", "date": str(value)}
        case DateSpan():
            ends: dict[str, JSON] = {"earliest": value.earliest.isoformat(), "latest": value.latest.isoformat()}
            return {"type": "span"} | ends | ({"approximate": True} if value.approximate else {})
        case Name():
            parts: list[JSON] = [[part.text, part.role] for part in value.parts]
            more: dict[str, JSON] = {"parts": parts} if parts else {}
            more |= {"printed": value.printed} if value.printed else {}
            return {"type": "name", "text": value.text, "script": value.script, "order": value.order} | more
        case Term():
            return {"type": "term", "vocabulary": value.vocabulary, "id": value.id}
        case Reference():
            return {"type": "reference", "entity": value.entity}
        case _:
            assert_never(value)


def read_value(record: Mapping[str, Any]) -> Value:
    """What :func:`write_value` wrote."""
    try:
        match record["type"]:
            case "text":
                return Text(record["text"], record["language"])
            case "date":
                return PartialDate.parse(record["date"])
            case "span":
                ends = (date.fromisoformat(record["earliest"]), date.fromisoformat(record["latest"]))
                return DateSpan(*ends, bool(record.get("approximate", False)))
            case "name":
                parts = tuple(NamePart(text, role) for text, role in record.get("parts", ()))
                return Name(record["text"], record["script"], record["order"], parts, record.get("printed", ""))
            case "term":
                return Term(record["vocabulary"], record["id"])
            case "reference":
                return Reference(record["entity"])
            case other:
                raise InvalidValue(
                    "a value of type {other!r} is newer than this version, or no value of ours", other=other
                )
    except KeyError as error:
        raise InvalidValue("the value {record} lacks {error}", record=record, error=error) from error
