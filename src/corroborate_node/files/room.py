"""What the room of files tells the rest of the node."""

from corroborate_node.core.rooms import Room
from corroborate_node.files import copies

ROOM = Room("files", checks=copies.checks, opened=copies.opened_again, taken_back=copies.taken_back)
