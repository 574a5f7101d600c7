"""The dossier: one release as PDF/A-2a and PDF/UA-1, as HTML and as a Word file. The same release, the same bytes."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from typing import Literal

import typst

from corroborate.coalition.countries import country_name
from corroborate.coalition.imitation import check_quoted
from corroborate.custody import Verifier, write_file
from corroborate.disclosure import Release, ReleaseChecked, check_release
from corroborate.dossier.pages import page
from corroborate.dossier.retelling import retold
from corroborate.dossier.word import document
from corroborate.errors import InvalidValue
from corroborate.figures import (
    ENGLISH,
    Figure,
    estimate_figure,
    members_figure,
    numbers,
    overlap_figure,
    places_figure,
    reconciled_figure,
    sensitivity_figure,
)
from corroborate.figures.fonts import folder
from corroborate.translation import LANGUAGES, RoomWords, english, sentences
from corroborate.values import JSON

STANDARDS = ["a-2a", "ua-1"]
Form = Literal["pdf", "html"]
Given = Collection[Verifier] | None
# of what lays out paper a page of HTML has nothing, and the compiler says so; anything else that it says is a fault
_OF_PAPER = re.compile(r"(page set rule|pagebreak|v) was ignored during HTML export|html export is under .*")


def figures_of(release: Release, language: str = "en") -> dict[str, Figure]:
    """The figures that a release can carry, by name."""
    said = ENGLISH if language == "en" else sentences(language)
    figures = [members_figure(release.members, said, language)]
    if release.estimate is not None:
        figures.append(estimate_figure(release.estimate, said))
        if len(release.estimate.sensitivity) > 1:
            figures.append(sensitivity_figure(release.estimate, said))
        if release.overlap is not None:
            figures.append(overlap_figure(release.overlap, said))
    if release.people is not None and (drawn := reconciled_figure(release.people, said)) is not None:
        figures.append(drawn)
    if release.places:
        figures.append(places_figure(release.places, said))
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


def _of_estimate(release: Release, language: str) -> dict[str, str]:
    """The sentences of an estimate with their numbers, and why there is none."""
    told = [release.refused]
    if (one := release.estimate) is not None:
        told += [one.tipping, *one.warnings, *one.assumptions, *(each.note for each in one.methods)]
    return {text: retold(text, language) for text in told if text}


def _numbers(release: Release, language: str) -> list[dict[str, JSON]]:
    """Every figure of the release, its words in the reader's language."""
    said = ENGLISH if language == "en" else sentences(language)
    found: list[dict[str, JSON]] = []
    for one in numbers(release):
        definition, population = one.in_words(said)
        found.append(
            {"id": one.id, "value": one.value, "definition": definition, "population": population, "digest": one.digest}
        )
    return found


def dossier_bytes(
    release: Release, language: str = "en", key: Verifier | None = None, mark: str = "", given: Given = None
) -> bytes:
    """The PDF, in a language of ours. What a source or a member wrote stays as they wrote it. ``key``: under which
    the release beside it is signed. ``mark``: who reads it, laid over every page. ``given``: keys that the reader
    trusts; beside each name that none of them proves stands that its key was not checked. None: it is drawn by whoever
    made the release, and checked each note when taking it in.

    A missing glyph or a fault of the template raises InvalidValue: no page is written with holes.
    """
    made, faults = _set(
        release,
        language,
        key,
        "pdf",
        pdf_standards=STANDARDS,
        timestamp=datetime.combine(release.on, time(), UTC),
        mark=mark,
        given=given,
    )
    if faults:
        raise InvalidValue("the dossier cannot be set without faults: {words}", words=faults[0])
    return made


def dossier_html(release: Release, language: str = "en", key: Verifier | None = None, given: Given = None) -> bytes:
    """The same as one page of HTML, which loads nothing from elsewhere and needs no network."""
    made, faults = _set(release, language, key, "html", given=given)
    if bad := [one for one in faults if not _OF_PAPER.fullmatch(one)]:
        raise InvalidValue("the dossier cannot be set without faults: {words}", words=bad[0])
    return page(made.decode()).encode()


def dossier_word(release: Release, language: str = "en", key: Verifier | None = None, given: Given = None) -> bytes:
    """The same as a Word file (DOCX), made of the page: to be quoted from and commented on."""
    words = document(dossier_html(release, language, key, given).decode(), _picture)
    return words.written(release.title, release.coalition, release.on, language)


def _picture(svg: bytes) -> bytes:
    """A figure as PNG, which every word processor shows."""
    made = typst.compile(  # type: ignore[call-overload]
        b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 15cm)',
        format="png",
        ppi=200,
        font_paths=[str(folder())],
        ignore_system_fonts=True,
        sys_inputs={"svg": svg.decode()},
    )
    return _bytes(made)


def _bytes(made: object) -> bytes:
    assert isinstance(made, bytes)  # noqa: S101 - for the type checker
    return made


def _set(
    release: Release,
    language: str,
    key: Verifier | None,
    form: Form,
    *,
    mark: str = "",
    given: Given = None,
    **more: object,
) -> tuple[bytes, Sequence[str]]:
    """What typst makes of the release, and its warnings."""
    if language not in dict(LANGUAGES):
        raise InvalidValue(
            "no language {language!r}; there are {listed}", language=language, listed=", ".join(dict(LANGUAGES))
        )
    checked = check_release(release, given or ())  # nothing is drawn of what others did not say
    for one in release.stands:
        check_quoted(one.member, one.words)
    source = resources.files(__package__).joinpath("dossier.typ").read_bytes()
    try:
        made, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            source,
            font_paths=[str(folder())],
            ignore_system_fonts=True,
            format=form,
            sys_inputs={**_inputs(release, language, key, _unchecked(checked, given)), "form": form, "mark": mark},
            **more,
        )
    except typst.TypstError as error:
        raise InvalidValue("the dossier cannot be set: {words}", words=error.message) from error
    return _bytes(made), [str(one.message) for one in warnings]


def _unchecked(checked: ReleaseChecked, given: Given) -> list[JSON]:
    """Under which finding or statement which name stands that no given key proves. Of a name under a statement the
    release brings a key itself, and a forger does so too."""
    if given is None:
        return []
    found: list[JSON] = [[one.finding, one.member] for one, said in checked.stands if said == "unknown"]
    for statement, names in checked.statements:
        odd = {one.member for one in names.names if one.proof in ("valid", "unknown", "another name")}
        odd -= {one.member for one in names.names if one.proof == "valid" and one.by in given}
        found += [[statement.name, one.member] for one in statement.sign_ons if one.shown in odd]
    return found


def _inputs(release: Release, language: str, key: Verifier | None, unchecked: list[JSON]) -> dict[str, str]:
    """What the template is given: the release, its figures and numbers, words in the reader's language."""
    figures = {
        name: {"svg": figure.svg, "alt": figure.alt, "title": figure.title}
        for name, figure in figures_of(release, language).items()
    }
    data = json.loads(release.to_json())["release"]
    room = RoomWords(language, "corroborate", "dossier")
    given: dict[str, object] = {
        "release": data,
        "figures": figures,
        "numbers": _numbers(release, language),
        "unchecked": unchecked,
        "countries": {code: country_name(code, language) for code in sorted({one.country for one in release.members})},
        "words": {word: room[word] for word in english("corroborate", "dossier")},
        "known": _known(data, language) | _of_estimate(release, language),
    }
    written = {name: json.dumps(one, sort_keys=True, ensure_ascii=False) for name, one in given.items()}
    signed = None if key is None else {"name": key.name, "fingerprint": str(key.fingerprint)}
    return written | {"language": language, "key": json.dumps(signed)}


def dossier_as(
    ending: str,
    release: Release,
    language: str = "en",
    key: Verifier | None = None,
    mark: str = "",
    given: Given = None,
) -> bytes:
    """The dossier as the ending of a file's name says: ``.html``, ``.docx``; anything else is the PDF, which alone
    takes a ``mark``."""
    if mark:
        return dossier_bytes(release, language, key, mark, given)
    makers = {".html": dossier_html, ".docx": dossier_word}
    return makers.get(ending.lower(), dossier_bytes)(release, language, key, given=given)


def write_dossier(
    release: Release, path: Path, language: str = "en", key: Verifier | None = None, given: Given = None
) -> None:
    """Write the dossier, whole or not at all: as HTML or as a Word file where the name says so, else as PDF."""
    write_file(path, dossier_as(path.suffix, release, language, key, given=given))


__all__ = ["STANDARDS", "dossier_as", "dossier_bytes", "dossier_html", "dossier_word", "figures_of", "write_dossier"]
