"""Needles are sought here as promises seek them."""

from tests.promises.conftest import found_in

__all__ = ["found_in"]
