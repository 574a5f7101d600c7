"""The dossier: one release as PDF/A-2a and PDF/UA-1, the same bytes for the same release."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path

import typst

from corroborate.custody import write_file
from corroborate.disclosure import Release
from corroborate.errors import InvalidValue
from corroborate.figures import ENGLISH, Figure, estimate_figure, members_figure, overlap_figure, sensitivity_figure
from corroborate.figures.fonts import folder
from corroborate.translation import LANGUAGES, RoomWords, english, sentences
from corroborate.values import JSON

STANDARDS = ["a-2a", "ua-1"]


def figures_of(release: Release, language: str = "en") -> dict[str, Figure]:
    """The figures that a release can carry, by name."""
    said = ENGLISH if language == "en" else sentences(language)
    figures = [members_figure(release.members, said)]
    if release.estimate is not None:
        figures.append(estimate_figure(release.estimate, said))
        if len(release.estimate.sensitivity) > 1:
            figures.append(sensitivity_figure(release.estimate, said))
        if release.overlap is not None:
            figures.append(overlap_figure(release.overlap, said))
    return {figure.name: figure for figure in figures}


def _known(data: JSON, language: str) -> dict[str, str]:
    """What a release says in English and we have in the language: its methods, reasons, elements, statuses."""
    said = {} if language == "en" else sentences(language)
    found: dict[str, str] = {}
    waiting: list[JSON] = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if one in said:
                found[one] = said[one]
        elif isinstance(one, Mapping):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return found


def dossier_bytes(release: Release, language: str = "en") -> bytes:
    """The PDF, in a language of ours. What a source or a member wrote stays as they wrote it.

    A missing glyph or a fault of the template raises InvalidValue: no page is written with holes.
    """
    if language not in dict(LANGUAGES):
        raise InvalidValue(
            "no language {language!r}; there are {listed}", language=language, listed=", ".join(dict(LANGUAGES))
        )
    source = resources.files(__package__).joinpath("dossier.typ").read_bytes()
    figures = {
        name: {"svg": figure.svg, "alt": figure.alt, "title": figure.title}
        for name, figure in figures_of(release, language).items()
    }
    data = json.loads(release.to_json())["release"]
    room = RoomWords(language, "corroborate", "dossier")
    words = {key: room[key] for key in english("corroborate", "dossier")}
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            source,
            font_paths=[str(folder())],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={
                "release": json.dumps(data, sort_keys=True, ensure_ascii=False),
                "figures": json.dumps(figures, sort_keys=True, ensure_ascii=False),
                "words": json.dumps(words, sort_keys=True, ensure_ascii=False),
                "known": json.dumps(_known(data, language), sort_keys=True, ensure_ascii=False),
                "language": language,
            },
            pdf_standards=STANDARDS,
            timestamp=datetime.combine(release.on, time(), UTC),
        )
    except typst.TypstError as error:
        raise InvalidValue("the dossier cannot be set: {words}", words=error.message) from error
    if warnings:
        raise InvalidValue("the dossier cannot be set without faults: {words}", words=warnings[0].message)
    assert isinstance(pdf, bytes)  # noqa: S101 - for the type checker
    return pdf


def write_dossier(release: Release, path: Path, language: str = "en") -> None:
    """Write the dossier, whole or not at all."""
    write_file(path, dossier_bytes(release, language))


__all__ = ["STANDARDS", "dossier_bytes", "figures_of", "write_dossier"]
