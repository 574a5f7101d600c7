"""Charts drawn once, for paper and screen, from a Release alone."""

from corroborate.figures.apart import apart
from corroborate.figures.charts import (
    compared_figure,
    coverage_figure,
    estimate_figure,
    members_figure,
    overlap_figure,
    posterior_figure,
    ranks_figure,
    sensitivity_figure,
    strata_figure,
)
from corroborate.figures.drawing import ENGLISH, Figure, people, people_in
from corroborate.figures.numbers import Number, numbers
from corroborate.figures.places import places_figure
from corroborate.figures.reconciled import reconciled_figure
from corroborate.figures.shapes import shapes

__all__ = [
    "ENGLISH",
    "Figure",
    "Number",
    "apart",
    "compared_figure",
    "coverage_figure",
    "estimate_figure",
    "members_figure",
    "numbers",
    "overlap_figure",
    "people",
    "people_in",
    "places_figure",
    "posterior_figure",
    "ranks_figure",
    "reconciled_figure",
    "sensitivity_figure",
    "shapes",
    "strata_figure",
]
