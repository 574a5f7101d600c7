"""Bundles that travel between members as files."""
