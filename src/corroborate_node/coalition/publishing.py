"""A member's release as a hub publishes it: the hub signs the site, and no name stands there that it cannot check."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from corroborate.coalition import memberships
from corroborate.coalition.likeness import reads_like
from corroborate.custody import Note, Verifier
from corroborate.disclosure import (
    NameChecked,
    Release,
    ReleaseChecked,
    SignedRelease,
    StandShown,
    StatementShown,
    check_release,
    check_stand,
    reader_of,
    with_campaign,
)
from corroborate.errors import NotVerified
from corroborate.translation import Sentence
from corroborate_node.coalition.advocacy import queries as advocacy
from corroborate_node.coalition.campaign import queries as campaign
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import last_words
from corroborate_node.log import queries as log
from corroborate_node.release import giving


def as_published(desk: Desk, made: SignedRelease, compared: Sequence[Verifier] = ()) -> Release:
    """A release for the site of this hub: its members, statements, demands and actions are those that the hub keeps.

    ``compared``: keys that a person vouches for, beside those of the register and the log. Raises NotVerified for a
    release that is signed by none of these keys, and, by name, where what it shows another to have said is not borne
    out by a key that is known here to be theirs.

    Of a statement that this hub knows, whatever its phase, its own published round alone is shown: a file may hold the
    text before its time, with notes that were replaced or withdrawn since.
    """
    keys = {*_known(), *compared}
    giving.check_signer(desk.vault, made.key, tuple(keys))
    keys.add(desk.vault.signer.verifier())
    checked = check_release(made.release, keys)
    own = giving.of_hub(desk, made.release.title, made.release.on)
    here, known_here = {one.name: one for one in own.statements}, campaign.names_of_statements()
    if refused := [*_names(checked, here, known_here), *_stands(made.release, checked, keys)]:
        error = NotVerified("this hub does not publish what nobody here can check: {first}", first=refused[0])
        error.remedy = Sentence(
            "Ask whoever made the release to leave it out, or take the key of that member in first: corroborate log "
            "admit, or on the member's page of the hub."
        )
        raise error
    known = advocacy.campaign()
    shown = with_campaign(
        made.release, known.demands, known.actions, known.votes, known.commitments, invented=known.invented
    )
    others = tuple(one for one in made.release.statements if one.name not in known_here)
    return replace(shown, members=own.members, statements=(*others, *own.statements))


def _known() -> set[Verifier]:
    """Keys that members have or had here, in the register and in the log, and that nobody revoked."""
    recorded = {key for one in campaign.register().members.values() for key, _, _ in one.keys}
    logged = {key for origin in log.members() for key in log.standing_keys(origin)}
    return (recorded | logged) - set(log.revoked())


def _names(checked: ReleaseChecked, here: dict[str, StatementShown], known_here: frozenset[str]) -> Iterable[str]:
    for statement, found in checked.statements:
        own = here.get(statement.name)
        letters = {one.shown for one in own.sign_ons if one.on_paper} if own is not None else set()
        yield from (
            Sentence(
                "{member} under {statement}: {why}",
                member=one.member,
                statement=statement.name,
                why=_WHY.get(one.proof, _WHY["another name"]),
            )
            for one in found.names
            if not (one.member in letters if one.proof == "on paper" else _theirs(one))
        )
        if statement.name not in known_here:  # else the hub's own final texts stand, or none
            yield from (f"{statement.name}, {doubt}" for doubt in found.doubts)


_WHY = {
    "unknown": Sentence("signed with a key that is known here as nobody's"),
    "another name": Sentence("signed with a key that is known here as another's"),
    "on paper": Sentence("on paper, and this hub has recorded no such letter"),
    "unproved": Sentence("nothing that it signed is in the release"),
}


def _theirs(one: NameChecked) -> bool:
    """Whether a name is that of whom the key belongs to here: by the register, else by what the key is called."""
    if one.by is None:
        return False
    for member in campaign.register().members.values():
        if any(key.public == one.by.public for key, _, _ in member.keys):
            called = (member.details.name, *(was.name for _, was in member.formerly))
            return any(reads_like(name, one.member) for name in called)
    return one.proof == "valid"


def _of_another(one: StandShown, keys: Iterable[Verifier]) -> bool:
    """Whether a word under a finding, which bears the name of its key, would be read as that of somebody whose key it
    is not: whoever makes a key calls it what they like."""
    signed = {key.public for key in Note.parse(one.note.encode()).check(keys)}
    others, own = list[str](), list[str]()
    for member in campaign.register().members.values():
        had = {key.public for key, _, _ in member.keys}
        (own if had & signed else others).extend(memberships.names_of(member))
    for origin, history in log.histories().items():
        (own if {key.public for key in history.keys} & signed else others).append(origin)
    called = (any(reads_like(one.member, name) for name in names) for names in (own, others))
    return [*called] == [False, True]


def _stands(made: Release, checked: ReleaseChecked, keys: Collection[Verifier]) -> Iterable[str]:
    revoked = log.revoked()
    last = {(one.member, one.finding): one.at for one in last_words() if one.reader == reader_of(made)}
    for one, proof in checked.stands:
        later = last.get((one.member, one.finding))
        if proof == "unknown":  # who knows when
            why = _WHY["unknown"]
        elif _of_another(one, {*keys, *revoked}):
            why = _WHY["another name"]
        elif later is not None and datetime.fromisoformat(one.at) < later:
            why = Sentence("this hub holds a later word of it")
        elif proof in ("valid", "beside") or (proof == "revoked" and check_stand(made, one, revoked) == "revoked"):
            continue
        else:
            why = Sentence("its note does not bear out all that stands beside it")
        yield Sentence("{member} under {statement}: {why}", member=one.member, statement=one.finding, why=why)


__all__ = ["as_published"]
