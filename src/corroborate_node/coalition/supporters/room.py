"""What the room of supporters tells the rest of the node."""

from corroborate_node.coalition.supporters import actions, queries
from corroborate_node.core.rooms import Room

ROOM = Room("supporters", opened=actions.put_right, for_release=queries.for_release)
