"""Findings: what the claims say to each element of a crime."""
