"""A member's release as a hub publishes it: the hub signs the site, and no name stands there that it cannot check."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from corroborate.coalition import memberships
from corroborate.coalition.likeness import reads_like
from corroborate.custody import Note, Verifier
from corroborate.disclosure import (
    Release,
    ReleaseChecked,
    SignedRelease,
    StandShown,
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
    release that is signed by none of these keys, and, by name, where a word that it shows under a finding is not borne
    out by a key that is known here to be its member's.

    What a file tells of statements and of dated events is left out, of other coalitions' as of ours: whose note it is
    says nothing of when it was signed, nor of whether it was withdrawn since, and the hub would sign all of it.
    """
    own_key = desk.vault.signer.verifier()
    speaking, ever = {*_speaking(desk), *compared, own_key}, {*_known(), *compared, own_key}
    giving.check_signer(desk.vault, made.key, tuple(speaking))
    checked = check_release(made.release, ever)
    own = giving.of_hub(desk, made.release.title, made.release.on)
    _check_speaks_for_itself(made)
    if (first := next(iter(_stands(made.release, checked, speaking, ever)), None)) is not None:
        error = NotVerified("this hub does not publish what nobody here can check: {first}", first=first)
        error.remedy = Sentence(
            "Ask whoever made the release to leave it out, or take the key of that member in first: corroborate log "
            "admit, or on the member's page of the hub."
        )
        raise error
    known = advocacy.campaign()
    shown = with_campaign(
        made.release, known.demands, known.actions, known.votes, known.commitments, invented=known.invented
    )
    return replace(shown, members=own.members, statements=own.statements, timeline=own.timeline)


def _check_speaks_for_itself(made: SignedRelease) -> None:
    """Raises NotVerified where words of a file, which the hub would sign, name another member than who signed it."""
    one, register = made.release, campaign.register()
    texts = [one.refused, *(each.reason for each in one.withheld)]
    texts += [words for each in one.findings for words in (each.proposition, *each.dissent)]
    makers = [each for each in register.members.values() if any(key == made.key for key, *_ in each.keys)]
    own = [made.key.name, *(name for each in makers for name in memberships.names_of(each))]
    if named := register.named_in(texts, own):
        error = NotVerified(
            "the words of this release name {member}, which did not sign it", member=register[named[0]].details.name
        )
        error.remedy = Sentence(
            "Look at why there is no estimate, at why something was withheld, and at what stands beside findings."
        )
        raise error


def _known() -> set[Verifier]:
    """Keys that members have or had here, in the register and in the log, and that nobody revoked."""
    recorded = {key for one in campaign.register().members.values() for key, _, _ in one.keys}
    logged = {key for origin in log.members() for key in log.standing_keys(origin)}
    return (recorded | logged) - set(log.revoked())


def _speaking(desk: Desk) -> set[Verifier]:
    """The keys with which members speak now: whoever has one that was replaced or ended writes what they like with
    it, and dates it as they like."""
    today = desk.at.date()
    recorded = {key for one in campaign.register().members.values() if (key := one.key(today)) is not None}
    return (recorded | set(log.present().values())) - set(log.given_up())


_WHY = {
    "unknown": Sentence("signed with a key that is known here as nobody's"),
    "another name": Sentence("signed with a key that is known here as another's"),
}


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


def _stands(
    made: Release, checked: ReleaseChecked, speaking: Collection[Verifier], keys: Collection[Verifier]
) -> Iterable[Sentence]:
    revoked = log.revoked()
    words = last_words()
    last = {(one.member, one.finding): one.at for one in words if one.reader == reader_of(made)}
    here = {one.note for one in words}
    for one, proof in checked.stands:
        later = last.get((one.member, one.finding))
        if proof == "unknown":  # who knows when
            why = _WHY["unknown"]
        elif _of_another(one, {*keys, *revoked}):
            why = _WHY["another name"]
        elif later is not None and datetime.fromisoformat(one.at) < later:
            why = Sentence("this hub holds a later word of it")
        elif proof in ("valid", "beside") and not _by_one_of(one, speaking) and one.note.encode() not in here:
            why = Sentence("signed with a key that is its own no longer, and not heard here while it was")
        elif proof in ("valid", "beside") or (proof == "revoked" and check_stand(made, one, revoked) == "revoked"):
            continue
        else:
            why = Sentence("its note does not bear out all that stands beside it")
        yield Sentence("{member} under {statement}: {why}", member=one.member, statement=one.finding, why=why)


def _by_one_of(one: StandShown, keys: Collection[Verifier]) -> bool:
    return bool(Note.parse(one.note.encode()).check(keys))


__all__ = ["as_published"]
