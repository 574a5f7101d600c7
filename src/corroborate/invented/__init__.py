"""An invented population of known size, and four lists of it as four groups would keep them. Nobody in it exists."""

from corroborate.invented.lists import HEADINGS, Lists, write_lists
from corroborate.invented.world import LISTS, STRATA, Person, World, make_world

__all__ = ["HEADINGS", "LISTS", "STRATA", "Lists", "Person", "World", "make_world", "write_lists"]
