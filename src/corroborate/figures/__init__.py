"""Charts drawn once, for paper and screen, from a Release alone."""

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
from corroborate.figures.drawing import ENGLISH, Figure, people

__all__ = [
    "ENGLISH",
    "Figure",
    "compared_figure",
    "coverage_figure",
    "estimate_figure",
    "members_figure",
    "overlap_figure",
    "people",
    "posterior_figure",
    "ranks_figure",
    "sensitivity_figure",
    "strata_figure",
]
