"""A final text as PDF/A-2a, for print and for archives. The signatures travel in the HTML and the plain text."""

import json
from datetime import datetime
from importlib import resources
from pathlib import Path

import typst

from corroborate.coalition.final import Final, shown, word
from corroborate.errors import InvalidValue

STANDARDS = ["a-2a", "ua-1"]
_WORDS = ("signed_by", "nobody", "withdrew", "quotes", "version", "published", "fingerprint", "check")


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
             "names": [f"{one.shown} ({word('on_paper', tongue)})" if one.paper else one.shown for one in names]}
            for heading, names in view["groups"]
        ],
        "withdrawn": [f"{one.shown}, {word('withdrawn_on', tongue)} {day}" for one, day in view["withdrawn"]],
        "quotes": [
            {"words": q.words, "who": ", ".join(part for part in (q.spokesperson, q.role, name) if part)}
            for q, name in view["quotes"]
        ],
        "words": {key: word(key, tongue) for key in _WORDS},
    }  # fmt: skip
    source = resources.files("corroborate.coalition").joinpath("statement.typ").read_bytes()
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            source,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"page": json.dumps(data, sort_keys=True, ensure_ascii=False)},
            pdf_standards=STANDARDS,
            timestamp=datetime.fromisoformat(page.published),
        )
    except typst.TypstError as error:
        raise InvalidValue("the statement cannot be set: {words}", words=error.message) from error
    if warnings:
        raise InvalidValue("the statement cannot be set without faults: {words}", words=warnings[0].message)
    assert isinstance(pdf, bytes)  # noqa: S101 - for the type checker
    return pdf


__all__ = ["STANDARDS", "statement_pdf"]
