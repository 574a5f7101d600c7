"""What other rooms put beside the records of a release: each tells core, and this room imports none of them."""

from corroborate.coalition import demands, register, timeline
from corroborate.disclosure import Results
from corroborate.public_record import commission, populations, proceedings
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import rooms


def supplied(desk: Desk) -> Results:
    """What is public at this node: members, statements with their final texts, demands, actions, votes."""
    found = Results()
    for room in rooms():
        found = _with(found, room.for_release(desk))
    return found


def public_record() -> Results:
    """What is published: what the commission found, estimates, proceedings, members, demands, events."""
    return Results(
        members=register(),
        demands=demands(),
        timeline=timeline(),
        found=commission(),
        populations=populations(),
        proceedings=proceedings(),
    )


def _with(one: Results, other: Results) -> Results:
    return Results(
        members=(*one.members, *other.members),
        rounds=(*one.rounds, *other.rounds),
        finals=(*one.finals, *other.finals),
        changed={**one.changed, **other.changed},
        supported={**one.supported, **other.supported},
        demands=(*one.demands, *other.demands),
        timeline=(*one.timeline, *other.timeline),
        actions=(*one.actions, *other.actions),
        votes=(*one.votes, *other.votes),
        commitments=(*one.commitments, *other.commitments),
        invented=one.invented or other.invented,
    )
