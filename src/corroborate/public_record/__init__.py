"""The public record: what a commission of inquiry found and published, lined up against the elements of crimes.

Nobody in it is invented and nobody is private: each line is a published sentence in our own words, with the paragraph
it stands in and an address that a reader can open.
"""

from corroborate.public_record.commission import CHAPTERS, Cell, Found, commission, crimes_found, matrix
from corroborate.public_record.populations import Population, populations
from corroborate.public_record.proceedings import Proceeding, looked_at, proceedings

__all__ = [
    "CHAPTERS",
    "Cell",
    "Found",
    "Population",
    "Proceeding",
    "commission",
    "crimes_found",
    "looked_at",
    "matrix",
    "populations",
    "proceedings",
]
