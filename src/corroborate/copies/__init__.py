"""What is shown of a file, and copies made of it: drawn or written anew, with none of the file's own bytes beneath.

A stranger's file is opened in a process of its own (``apart.py``), which has little time and memory and no network.
"""

from corroborate.copies.apart import burnt, pages_of, picture, text_of, vouched_of
from corroborate.copies.kinds import FIRST, Kind, kind_of
from corroborate.copies.regions import Region, Stretch, regions, stretches
from corroborate.copies.vouched import Vouched

__all__ = [
    "FIRST",
    "Kind",
    "Region",
    "Stretch",
    "Vouched",
    "burnt",
    "kind_of",
    "pages_of",
    "picture",
    "regions",
    "stretches",
    "text_of",
    "vouched_of",
]
