"""What a case is filed as, in one plan: a dossier for one body, one for everybody, and submissions. A YAML file that a
lawyer writes and keeps; it names nobody but who files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from corroborate.errors import InvalidValue
from corroborate.submissions.forms import form
from corroborate.submissions.prefilled import FILLED
from corroborate.submissions.rules import rules_of
from corroborate.translation import LANGUAGES

FORMS = ("pdf", "html", "docx")


@dataclass(frozen=True, slots=True)
class DossierPlan:
    """A dossier and its release.json. ``body``: whom it is for; empty: everybody. ``languages``: of our own words."""

    body: str = ""
    title: str = ""
    names: bool = False  # whether names may go, where consents let them; a second person confirms
    languages: tuple[str, ...] = ("en",)
    forms: tuple[str, ...] = FORMS


@dataclass(frozen=True, slots=True)
class SubmissionPlan:
    """One text for one procedure. ``answers``: what the person who files says; the rest is filled from the release."""

    procedure: str
    answers: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    language: str = "en"
    deadline: date | None = None
    joint: bool = False
    names: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """``case``: of one case of the vault alone; ``record``: of the public record, at a hub."""

    confidential: DossierPlan | None = None
    public: DossierPlan | None = None
    submissions: tuple[SubmissionPlan, ...] = ()
    case: str = ""
    record: bool = False
    estimate: bool = False

    def __post_init__(self) -> None:
        if self.confidential is None and self.public is None and not self.submissions:
            raise InvalidValue("the plan asks for nothing: it has confidential, public or submissions")
        if self.confidential is not None and not self.confidential.body:
            raise InvalidValue("confidential: say for which body (body: OHCHR)")
        if self.public is not None and (self.public.body or self.public.names):
            raise InvalidValue("public: it is for everybody: no body, and nobody is named by a plan")
        twice = [one.procedure for one in self.submissions]
        if again := next((one for one in twice if twice.count(one) > 1), ""):
            raise InvalidValue("{procedure} stands twice among the submissions", procedure=again)


def read_plan(content: bytes, name: str = "the plan") -> Plan:
    """Read a plan. Raises InvalidValue for what no plan has, and for a procedure or field that we do not know."""
    try:
        told = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidValue("{name} is no YAML in UTF-8: {error}", name=name, error=error) from error
    part = _part(told, name, ("confidential", "public", "submissions", "case", "record", "estimate"))
    texts = part.get("submissions") or []
    if not isinstance(texts, list):
        raise InvalidValue("{where} is no list", where="submissions")
    return Plan(
        _dossier(part, "confidential"),
        _dossier(part, "public"),
        tuple(_submission(one) for one in texts),
        _text(part, "case", name),
        _yes(part, "record", name),
        _yes(part, "estimate", name),
    )


def example(procedures: Sequence[str], body: str, state: str = "", *, record: bool = False) -> str:
    """A plan to go on with: what must be answered by a person stands empty."""
    parts = []
    for one in procedures:
        asked, rules = form(one), rules_of(one)
        required = {each.id: "" for each in asked.fields if each.required and each.id not in FILLED}
        more = {"state": state} if rules.treaty else {}
        parts.append({"procedure": one, **more, "answers": required})
    plan: dict[str, Any] = {"record": True} if record else {}
    plan |= {"confidential": {"body": body, "languages": ["en"]}, "public": {"languages": ["en"]}, "submissions": parts}
    text: str = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False, width=100)
    return text


def _dossier(plan: Mapping[str, Any], key: str) -> DossierPlan | None:
    if key not in plan or plan[key] is False:
        return None
    told = {} if plan[key] in (None, True) else plan[key]
    part = _part(told, key, ("body", "title", "names", "languages", "forms"))
    languages = part.get("languages") or ["en"]
    forms = part.get("forms") or list(FORMS)
    known = dict(LANGUAGES)
    if not isinstance(languages, list) or any(one not in known for one in languages):
        raise InvalidValue("{where}: its languages are some of {listed}", where=key, listed=", ".join(known))
    if not isinstance(forms, list) or any(one not in FORMS for one in forms):
        raise InvalidValue("{where}: its forms are some of {listed}", where=key, listed=", ".join(FORMS))
    return DossierPlan(
        _text(part, "body", key),
        _text(part, "title", key),
        _yes(part, "names", key),
        tuple(dict.fromkeys(languages)),
        tuple(dict.fromkeys(forms)),
    )


def _submission(told: Any) -> SubmissionPlan:
    keys = ("procedure", "answers", "state", "language", "deadline", "joint", "names")
    part = _part(told, "submissions", keys)
    procedure = _text(part, "procedure", "submissions")
    asked = form(procedure)  # raises for one that we do not know
    answers = _part(part.get("answers") or {}, procedure, tuple(one.id for one in asked.fields))
    day = part.get("deadline")
    if day is not None and type(day) is not date:
        raise InvalidValue("{where}: a deadline is a day (2027-01-15)", where=procedure)
    return SubmissionPlan(
        procedure,
        {str(key): "" if value is None else str(value) for key, value in answers.items()},
        _text(part, "state", procedure).upper(),
        _text(part, "language", procedure) or "en",
        day,
        _yes(part, "joint", procedure),
        _yes(part, "names", procedure),
    )


def _part(told: Any, where: str, known: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise InvalidValue("{where} has no parts (name: value)", where=where)
    if unknown := {str(key) for key in told} - set(known):
        raise InvalidValue(
            "{where} has no {unknown}; it has {listed}", where=where, unknown=min(unknown), listed=", ".join(known)
        )
    return told


def _text(part: Mapping[str, Any], key: str, where: str) -> str:
    value = part.get(key)
    if value is None:
        return ""
    if value is False and key == "state":  # YAML 1.1 reads the bare NO of Norway as false
        return "NO"
    if not isinstance(value, str):
        raise InvalidValue("{where}: {key} is text", where=where, key=key)
    return value.strip()


def _yes(part: Mapping[str, Any], key: str, where: str) -> bool:
    value = part.get(key, False)
    if not isinstance(value, bool):
        raise InvalidValue("{where}: {key} is true or false", where=where, key=key)
    return value


__all__ = ["DossierPlan", "Plan", "SubmissionPlan", "example", "read_plan"]
