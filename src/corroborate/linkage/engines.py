"""Engines by name, and how each is opened. What they do stands in ``engine`` and ``spark``."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from corroborate.errors import EngineUnavailable
from corroborate.linkage.engine import Engine

Opened = AbstractContextManager[Engine | None]


def _duckdb(_master: str | None, _environ: Mapping[str, str]) -> Opened:
    return nullcontext()


def _spark(master: str | None, environ: Mapping[str, str]) -> Opened:
    try:
        from corroborate.linkage.spark import spark  # an extra, and slow to load
    except ModuleNotFoundError as error:
        raise EngineUnavailable(
            "Spark is asked for, and pyspark is not installed: pip install 'corroborate-vault[analysis,spark]'"
        ) from error
    return spark(master, environ)


ENGINES: dict[str, Callable[[str | None, Mapping[str, str]], Opened]] = {"duckdb": _duckdb, "spark": _spark}
"""By name: opens an engine at an address (Spark's master), given the environment in which its own configuration may
stand. None is ``DuckDB``, made where it is used."""
