"""Codes by which whoever told something sees what became of it, and takes back what they allowed."""
