"""Grants: a named person of a body outside reads for a while what a release to it may hold, and nothing else."""
