"""What the reader of a release calls those of whom it tells, under a key of this vault; and whom it means by a name."""

from corroborate.disclosure import Pseudonyms, Release
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.sealed import derive
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.records import queries
from corroborate_node.release.making import seen


def names_for(vault: Vault, made: Release) -> Pseudonyms | None:
    """What a release's reader is told instead of the ids of this vault; None: the reader is ourselves. The key comes
    from the vault's master key: it outlives keys of the log that change, and a restored backup has it."""
    return None if made.audience == "own" else Pseudonyms.of_release(derive(vault.master, "pseudonyms"), made)


def whose(desk: Desk, number: int, name: str) -> str:
    """The id of this vault behind what the reader of a release calls a person, an act or a source, so that what it asks
    can be answered. Raises InvalidValue for a name that is none of this release's, NotAllowed where it was erased."""
    row = seen(desk, number)
    if row.content is None:
        raise NotAllowed("a source of release {number} was withdrawn since it was made", number=number)
    names = names_for(desk.vault, Release.from_json(bytes(row.content)))
    goes = list(row.records.filter(why="").values_list("record", flat=True))
    for one in queries.claims_among(goes):
        for id_ in filter(None, (one.subject_id, one.source_id, one.target)):
            told = id_ if names is None else names.of(id_)
            if name in (told, told.partition("_")[2]):
                return str(id_)
    raise InvalidValue("release {number} calls nobody and nothing {name}", number=number, name=name)


__all__ = ["names_for", "whose"]
