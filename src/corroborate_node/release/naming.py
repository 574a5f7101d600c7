"""Whom the reader of a release means by what it calls them."""

from itertools import chain

from corroborate.disclosure import Release
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import namings
from corroborate_node.records import queries
from corroborate_node.release.making import seen
from corroborate_node.release.pseudonyms import names_for

_SHORT = 12  # signs of a name, as a dossier prints it


def whose(desk: Desk, number: int, name: str) -> str:
    """The id of this vault behind what the reader of a release calls a person, an act or a source, so that what it asks
    can be answered. Raises InvalidValue for a name that is none of this release's, NotAllowed where it was erased."""
    row = seen(desk, number)
    if row.content is None:
        raise NotAllowed("a source of release {number} was withdrawn since it was made", number=number)
    names = names_for(desk.vault, Release.from_json(bytes(row.content)))
    goes = list(row.records.filter(why="").values_list("record", flat=True))
    of_claims = (
        str(id_)
        for one in queries.claims_among(goes)
        for id_ in (one.subject_id, one.source_id, one.target, one.id)
        if id_
    )
    for id_ in chain(of_claims, (one.id for one in namings())):
        told = id_ if names is None else names.of(id_)
        bare = told.partition("_")[2]
        if name in (told, bare) or (len(name) == _SHORT and bare.startswith(name)):
            return id_
    raise InvalidValue("release {number} calls nobody and nothing {name}", number=number, name=name)


__all__ = ["whose"]
