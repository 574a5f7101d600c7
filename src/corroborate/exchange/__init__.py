"""Signed and encrypted bundles that travel as a file, on a stick or by any other way."""

from corroborate.exchange.bundles import Bundle, read_bundle, write_bundle

__all__ = ["Bundle", "read_bundle", "write_bundle"]
