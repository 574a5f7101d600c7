"""What other rooms put beside the records of a release: each tells core, and this room imports none of them."""

from corroborate.disclosure import Results
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import rooms


def supplied(desk: Desk) -> Results:
    """What is public at this node: members, statements with their final texts, demands, actions, votes."""
    found = Results()
    for room in rooms():
        found = _with(found, room.for_release(desk))
    return found


def _with(one: Results, other: Results) -> Results:
    return Results(
        members=(*one.members, *other.members),
        rounds=(*one.rounds, *other.rounds),
        finals=(*one.finals, *other.finals),
        demands=(*one.demands, *other.demands),
        timeline=(*one.timeline, *other.timeline),
        actions=(*one.actions, *other.actions),
        votes=(*one.votes, *other.votes),
        commitments=(*one.commitments, *other.commitments),
        invented=one.invented or other.invented,
    )
