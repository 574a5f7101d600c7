"""What the days that were promised tell the rest of the node."""

from corroborate_node.core.rooms import Room
from corroborate_node.deadlines import actions, views

ROOM = Room("deadlines", taken_back=actions.taken_back, waits=views.waits)
