"""What a receiver may do with a record that came from several members: what each of them allows, and no more.

Nothing in a record proves whose it is, so whoever passes it on could give it wider terms than it was given. What all
allow is never more than its owner does, whoever of them that is.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

from corroborate.errors import InvalidValue
from corroborate.exchange.records import Reach, Terms

REACHES: tuple[Reach, ...] = get_args(Reach)  # from the narrowest to the widest
MOST = 60  # permissions of one source that are compared with another member's: their number multiplies


def narrowest(said: Sequence[Sequence[Terms]]) -> tuple[Terms, ...]:
    """What all of several senders' terms of one source allow. One sender's stay as they are. Raises InvalidValue."""
    if len(said) < 2:
        return tuple(one for terms in said for one in terms)
    found = _widest(said[0])
    for terms in said[1:]:
        both = [_both(one, other) for one in found for other in _widest(terms)]
        found = _widest([one for one in both if one is not None])
    refusing = [one for terms in said for one in terms if one.refuses]
    if not refusing:
        return found
    if not found:  # that somebody is not to be named holds, though nothing else is left
        return (replace(refusing[0], uses=frozenset(), reach="own", ends=None, subject="", right="unknown"),)
    return tuple(replace(one, refuses=True) for one in found)


def _both(one: Terms, other: Terms) -> Terms | None:
    """What two permissions allow alike; None: nothing. Whose consent it is stays where both say so."""
    uses, begins = one.uses & other.uses, max(one.begins, other.begins)
    ends = min((day for day in (one.ends, other.ends) if day is not None), default=None)
    if not uses or (ends is not None and ends < begins):
        return None
    whose = (one.subject, one.right) if (one.subject, one.right) == (other.subject, other.right) else None
    subject, right = whose or ("", "unknown")
    return Terms(one.source, uses, min(one.reach, other.reach, key=REACHES.index), begins, ends, subject, right)


def _widest(terms: Sequence[Terms]) -> tuple[Terms, ...]:
    """Without those that another one holds already, in their order."""
    each = tuple(dict.fromkeys(replace(one, refuses=False) for one in terms))
    if len(each) > MOST:
        raise InvalidValue(
            "{source} comes with {n} permissions, and another member sent it too: no more than {most} are compared",
            source=each[0].source,
            n=len(each),
            most=MOST,
        )
    return tuple(one for one in each if not any(other != one and _holds(other, one) for other in each))


def _holds(wide: Terms, one: Terms) -> bool:
    return (
        (wide.subject, wide.right) == (one.subject, one.right)
        and wide.uses >= one.uses
        and REACHES.index(wide.reach) >= REACHES.index(one.reach)
        and wide.begins <= one.begins
        and (wide.ends or date.max) >= (one.ends or date.max)
    )


__all__ = ["narrowest"]
