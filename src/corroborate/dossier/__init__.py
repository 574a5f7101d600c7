"""The dossier: one release as PDF/A-2a and PDF/UA-1, the same bytes for the same release."""

import json
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path

import typst

from corroborate.custody import write_file
from corroborate.disclosure import Release
from corroborate.errors import InvalidValue
from corroborate.figures import Figure, estimate_figure, members_figure, overlap_figure, sensitivity_figure
from corroborate.figures.fonts import folder

STANDARDS = ["a-2a", "ua-1"]


def figures_of(release: Release) -> dict[str, Figure]:
    """The figures that a release can carry, by name."""
    figures = [members_figure(release.members)]
    if release.estimate is not None:
        figures.append(estimate_figure(release.estimate))
        if len(release.estimate.sensitivity) > 1:
            figures.append(sensitivity_figure(release.estimate))
        if release.overlap is not None:
            figures.append(overlap_figure(release.overlap))
    return {figure.name: figure for figure in figures}


def dossier_bytes(release: Release) -> bytes:
    """The PDF. A missing glyph or a fault of the template raises InvalidValue: no page is written with holes."""
    source = resources.files(__package__).joinpath("dossier.typ").read_bytes()
    figures = {
        name: {"svg": figure.svg, "alt": figure.alt, "title": figure.title}
        for name, figure in figures_of(release).items()
    }
    data = json.loads(release.to_json())["release"]
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            source,
            font_paths=[str(folder())],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={
                "release": json.dumps(data, sort_keys=True, ensure_ascii=False),
                "figures": json.dumps(figures, sort_keys=True, ensure_ascii=False),
            },
            pdf_standards=STANDARDS,
            timestamp=datetime.combine(release.on, time(), UTC),
        )
    except typst.TypstError as error:
        raise InvalidValue(f"the dossier cannot be set: {error.message}") from error
    if warnings:
        raise InvalidValue(f"the dossier cannot be set without faults: {warnings[0].message}")
    assert isinstance(pdf, bytes)  # noqa: S101 - for the type checker
    return pdf


def write_dossier(release: Release, path: Path) -> None:
    """Write the dossier, whole or not at all."""
    write_file(path, dossier_bytes(release))


__all__ = ["STANDARDS", "dossier_bytes", "figures_of", "write_dossier"]
