"""What a procedure asks for, what answers lack, and the text that is filed. Limits are shown to the person filing."""

from collections.abc import Mapping
from dataclasses import dataclass

from corroborate.disclosure import Release
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.vocabulary import load


@dataclass(frozen=True, slots=True)
class Field:
    id: str
    label: str
    required: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One procedure of a body. Facts marked ``recalled`` must be looked up before anything is filed."""

    id: str
    title: str
    body: str
    fields: tuple[Field, ...]
    limits: tuple[str, ...]
    recalled: bool


def form(procedure: str) -> Form:
    """The form of a procedure, such as ``coi.call_for_submissions``. Raises InvalidValue for one we do not know."""
    entry = load("procedures")[procedure]
    fields = tuple(
        Field(one["id"], one["label"], one["required"] == "required", one.get("note", ""))
        for one in entry.more["fields"]
    )
    limits = tuple(f"{one['what']}: {one['value']} ({one['checked']})" for one in entry.more.get("limits", ()))
    recalled = entry.checked == "recalled" or any("(recalled)" in limit for limit in limits)
    return Form(entry.id, entry.label["en"], str(entry.more["body"]), fields, limits, recalled)


def missing(asked: Form, answers: Mapping[str, str]) -> tuple[Field, ...]:
    """Required fields without an answer. Raises InvalidValue for an answer to a field that the form has not."""
    if unknown := set(answers) - {one.id for one in asked.fields}:
        raise InvalidValue("{id} has no field {listed}", id=asked.id, listed=", ".join(sorted(unknown)))
    return tuple(one for one in asked.fields if one.required and not answers.get(one.id, "").strip())


def write(release: Release, asked: Form, answers: Mapping[str, str]) -> str:
    """The text to be filed. Refused while a required answer is missing, or when the release is for someone else."""
    if lacking := missing(asked, answers):
        raise NotAllowed(
            "{title} still asks for: {listed}", title=asked.title, listed=", ".join(one.label for one in lacking)
        )
    if release.audience not in ("named body", "public"):
        raise NotAllowed(
            "this release is for the audience {audience!r}, not for {body}", audience=release.audience, body=asked.body
        )
    lines = [asked.title, f"To: {asked.body}", f"From: {release.coalition}", f"Date: {release.on}", ""]
    if release.invented:
        lines += ["INVENTED: the people in this text do not exist.", ""]
    for one in asked.fields:
        if answer := answers.get(one.id, "").strip():
            lines += [one.label, answer, ""]
    return "\n".join(lines)
