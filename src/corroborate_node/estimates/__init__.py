"""Estimates: chosen, run beside the pages, compared, sealed with what they stand on."""
