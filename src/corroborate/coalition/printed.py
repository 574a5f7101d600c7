"""A final text as PDF/A-2a, for print and for archives. The signatures travel in the HTML and the plain text."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from corroborate.coalition.final import Final, shown, word
from corroborate.errors import InvalidValue

STANDARDS = ["a-2a", "ua-1"]
_WORDS = ("abstained", "signed_by", "nobody", "withdrew", "quotes", "version", "published", "fingerprint", "check")


def _line(one: Any, tongue: str) -> str:
    paper = f" ({word('on_paper', tongue)})" if one.paper else ""
    words = f". {word('with_words', tongue)}: “{one.words}”" if one.words else ""
    return f"{one.shown}{paper}{words}"


def _original(page: Final, view: dict[str, Any]) -> str:
    """Under a translation: how many signed the original alone, and which text that is."""
    if not page.original:
        return ""
    tongue = page.language
    others = word("signed_original", tongue).format(n=view["elsewhere"]) + " " if view["elsewhere"] else ""
    which = word("original_fingerprint", tongue).format(language=page.original_language)
    return f"{others}{which}: {view['original_digest']}"


def statement_pdf(page: Final, fonts: Path) -> bytes:
    """The PDF; the same bytes for the same final text. ``fonts``: a folder that holds the Korean and Japanese faces.

    Raises InvalidValue for a character that no face has: no name is printed with a hole in it.
    """
    view, tongue = shown(page), page.language
    note = ""
    if page.translator:
        official = f"{word('official_for', tongue)}: {', '.join(view['official'])}."
        note = f"{official if view['official'] else word('unofficial', tongue)} " + (
            f"{word('translated_by', tongue)}: {page.translator}."
        )
    data = {
        "title": page.title, "language": tongue, "number": page.number, "published": page.published,
        "shown": view["published"],
        "publisher": page.publisher.partition("+")[0], "digest": view["digest"], "note": note,
        "paragraphs": [one for one in view["rest"].strip("\n").split("\n\n") if one.strip()],
        "groups": [
            {"heading": heading,
             "names": [_line(one, tongue) for one in names]}
            for heading, names in view["groups"]
        ],
        "kinds": word("kinds_said", tongue) if view["kinds"] else "",
        "withdrawn": [
            f"{one.shown}, {word('withdrawn_on', tongue)} {day}" + (f": “{one.words}”" if one.words else "")
            for one, day in view["withdrawn"]
        ],
        "quotes": [
            {"words": q.words, "who": ", ".join(part for part in (q.spokesperson, q.role, name) if part)}
            for q, name in view["quotes"]
        ],
        "abstained": [_line(one, tongue) for one in view["abstained"]],
        "original": _original(page, view),
        "words": {key: word(key, tongue) for key in _WORDS}
        | ({"signed_by": word("signed_and_approved", tongue), "nobody": ""} if page.original else {}),
    }  # fmt: skip
    return set_pdf("statement.typ", data, fonts, datetime.fromisoformat(page.published))


def set_pdf(template: str, data: Mapping[str, Any], fonts: Path, at: datetime) -> bytes:
    """A template of this room with its data, as PDF/A-2a: the same bytes for the same data. Raises InvalidValue."""
    source = resources.files("corroborate.coalition").joinpath(template).read_bytes()
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            source,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"page": json.dumps(data, sort_keys=True, ensure_ascii=False)},
            pdf_standards=STANDARDS,
            timestamp=at,
        )
    except typst.TypstError as error:
        raise InvalidValue("the statement cannot be set: {words}", words=error.message) from error
    if warnings:
        raise InvalidValue("the statement cannot be set without faults: {words}", words=warnings[0].message)
    assert isinstance(pdf, bytes)  # noqa: S101 - for the type checker
    return pdf


__all__ = ["STANDARDS", "set_pdf", "statement_pdf"]
