"""Proceedings that our own people have, as a dossier shows them: of what a release lets go, and no more.

To ourselves everybody is named. One named body reads whom two people decided to name to it, and of the others what it
is told instead; who is accused by hearsay alone is never named. To everybody, and to the coalition, goes nothing of
them.
"""

from collections.abc import Mapping

from corroborate.cases.law import entries
from corroborate.coalition.countries import country_name
from corroborate.disclosure import AboutShown, BeforeCourtShown, LabelShown, LinkShown, PartyShown, StepShown
from corroborate.registers.proceedings import Asked, Row, Somebody, StepTold, ordered, rows_of
from corroborate.registers.responsible import Reader
from corroborate.vocabulary.proceedings import name_of_state

_TO_ONE = ("own", "named body")  # whom a release may tell them


def before_courts(reader: Reader) -> tuple[BeforeCourtShown, ...]:
    """Those of which something goes, the earliest first; none where nothing does."""
    if reader.made.linking or reader.made.audience not in _TO_ONE:
        return ()
    return tuple(_shown(one, reader) for one in ordered(rows_of(reader.about), Asked()) if one.told)


def _shown(one: Row, reader: Reader) -> BeforeCourtShown:
    return BeforeCourtShown(
        one.id if one.published else reader.bare(one.id),
        one.kind,
        _state(one.state),
        one.bodies.get("", ""),
        _labels({language: said for language, said in one.bodies.items() if language}),
        one.reference,
        _labels(one.what) if one.published else (),
        tuple(_about(each) for each in one.engages),
        tuple(_party(each, reader) for each in one.filed_by),
        tuple(_party(each, reader, accused=True) for each in one.against),
        tuple(_step(each, one, reader) for each in one.steps),
        one.became,
        reader.roots(one.told),
        one.cautions,
        tuple(sorted(one.sure)),
        tuple(LinkShown(each.title, each.address) for each in one.links),
    )


def _step(each: StepTold, one: Row, reader: Reader) -> StepShown:
    mine = [claim for claim in one.told if claim.subject == each.record]
    return StepShown(each.step, each.day, each.said, reader.items(mine))


def _party(each: Somebody, reader: Reader, *, accused: bool = False) -> PartyShown:
    decision = reader.decision(each.id) if accused else None
    return PartyShown(reader.bare(each.id), reader.names(each.id), decision)


def _about(engaged: str) -> AboutShown:
    """A crime by its title; an element by that of its crime and its number."""
    crime = next((one for one in entries().values() if f"{engaged}.".startswith(f"{one.id}.")), None)
    if crime is None:
        return AboutShown(engaged, "", ())
    return AboutShown(crime.id, engaged.removeprefix(crime.id).lstrip("."), _labels(crime.label))


def _state(code: str) -> tuple[LabelShown, ...]:
    """A State, or the European Union, as the list of members calls it."""
    names = name_of_state(code)
    own = {language: country_name(code, language) for language in names}
    return _labels({language: name if own[language] == code else own[language] for language, name in names.items()})


def _labels(said: Mapping[str, str]) -> tuple[LabelShown, ...]:
    return tuple(LabelShown(language, said[language]) for language in sorted(said))


__all__ = ["before_courts"]
