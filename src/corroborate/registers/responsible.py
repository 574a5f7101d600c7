"""Those who are said to be responsible, as a dossier shows them: of what a release lets go, and no more.

To ourselves everybody is named. One named body reads a pseudonym in the place of a name that nobody decided to tell it.
Everybody reads of units and posts, and of those people alone whom two people decided to name in public.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from corroborate.cases import Origins, fewest
from corroborate.disclosure import (
    DecisionShown,
    DoerShown,
    Guard,
    LabelShown,
    NameShown,
    PostShown,
    Release,
    ResponsibleShown,
    TermShown,
    UnitShown,
)
from corroborate.disclosure.small_numbers import few_withheld
from corroborate.records import Claim, Term
from corroborate.registers.acts import about_going
from corroborate.registers.cells import joined, words
from corroborate.registers.doers import About, Doer, Held, Unit, doers, heads_over, posts, units
from corroborate.values import Name
from corroborate.vocabulary import load

SHORT = 12  # signs of what a reader is told instead of a name, as a dossier prints it
_TONGUES = {"Hang": "ko", "Kana": "ja", "Hani": "ja", "Latn": "und-Latn", "Cyrl": "und-Cyrl", "Arab": "und-Arab"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Before whom rows stand, and of what. ``called``: what they are told instead of an id."""

    made: Release
    about: About
    known: Origins
    guard: Guard
    called: Callable[[str], str]

    @property
    def everybody(self) -> bool:
        return self.made.audience == "public"

    def roots(self, told: Iterable[Claim]) -> int | None:
        """Independent origins of some claims; under ten are told to nobody but ourselves and one body."""
        number = fewest(self.known.origins(one) for one in {each.source for each in told}).number
        return few_withheld(number) if self.everybody else number

    def items(self, told: Iterable[Claim]) -> tuple[str, ...]:
        return tuple(sorted({self.called(one.id) for one in told}))

    def name(self, who: str) -> str:
        """A name, or what this reader is told instead; empty where nothing is told."""
        named = joined(one.text for one in self.names(who))
        if named or not who or self.made.audience in ("own", "public"):
            return named
        return self.bare(who)[:SHORT]

    def names(self, who: str) -> tuple[NameShown, ...]:
        told = (one.value for one in self.about.get(who, {}).get("name", ()))
        found = {one.text: one for one in told if isinstance(one, Name)}
        return tuple(NameShown(one.text, one.script, _TONGUES.get(one.script, "und")) for one in found.values())

    def bare(self, id_: str) -> str:
        return self.called(id_).partition("_")[2]

    def decision(self, who: str) -> DecisionShown | None:
        if (by := self.guard.decided.get(who)) is None:
            return None
        until = "" if by.until is None else by.until.isoformat()
        return DecisionShown(self.called(by.id), by.decided.isoformat(), by.sure, until)


def reader_before(
    made: Release,
    claims: Iterable[Claim],
    known: Origins,
    guard: Guard,
    called: Callable[[str], str],
) -> Reader:
    """Who reads a release, and what of the claims goes. ``called``: what the reader is told instead of an id."""
    return Reader(made, about_going(made, claims), known, guard, called)


def responsible(reader: Reader) -> ResponsibleShown | None:
    """Doers, posts and units of what a release lets go; None where nothing of the kind does. A coalition's members read
    of units and posts: whom they name is theirs to decide."""
    made, about = reader.made, reader.about
    if made.linking:
        return None
    held = posts(about)
    told = doers(about) if made.audience in ("own", "named body", "public") else ()
    people = [_doer(one, reader) for one in told if reader.decision(one.id) or not reader.everybody]
    shown = ResponsibleShown(
        tuple(sorted(people, key=lambda one: (not one.names, [name.text for name in one.names], one.id))),
        tuple(dict.fromkeys(sorted((_post(one, held, reader) for one in held), key=_by_unit))),
        tuple(_unit(one, reader) for one in units(about)),
    )
    return shown if shown.doers or shown.posts or shown.units else None


def _doer(one: Doer, reader: Reader) -> DoerShown:
    acts = [reader.about.get(act, {}) for act in one.acts]
    done = {words(each): each.value for of in acts for each in of.get("violation", ()) if isinstance(each.value, Term)}
    days = {words(each) for of in acts for name in ("date", "event_date") for each in of.get(name, ())}
    own_words = not reader.names(one.id)
    names = tuple(NameShown(text, "", "und") for text in one.names) if own_words else reader.names(one.id)
    number = one.first_hand
    return DoerShown(
        reader.bare(one.id),
        names,
        reader.decision(one.id),
        tuple(_term(done[key]) for key in sorted(done)),
        tuple(sorted(days)),
        _each(one.part),
        _each(one.unit),
        _each(one.rank),
        tuple(sorted(_post_words(each) for each in one.posts)),
        reader.roots(one.named),
        few_withheld(number) if reader.everybody else number,
        one.cautions,
        _each(one.caution_told),
        reader.items([*one.named, *one.caution_told]),
    )


def _post(one: Held, held: Iterable[Held], reader: Reader) -> PostShown:
    over = [f"{reader.name(each.holder) or '–'}: {_post_words(each)}" for each in heads_over(one, held) if each.when]
    return PostShown(
        one.title,
        one.unit,
        one.over,
        reader.name(one.holder),
        one.when,
        tuple(over) if one.when else (),
        reader.roots(one.told),
        one.cautions,
        reader.items(one.told) if not reader.everybody or one.holder else (),
    )


def _unit(one: Unit, reader: Reader) -> UnitShown:
    return UnitShown(one.names, one.over, one.under, reader.roots(one.told), one.cautions, reader.items(one.told))


def _by_unit(one: PostShown) -> tuple[str, ...]:
    return one.unit or "~", one.title, one.when, one.holder


def _post_words(one: Held) -> str:
    named = ", ".join(filter(None, (one.title, one.unit)))
    return f"{named} ({one.when})" if one.when else named


def _each(told: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(sorted({words(one) for one in told} - {""}))


def _term(value: Term) -> TermShown:
    labels = load(value.vocabulary)[value.id].label
    return TermShown(value.id, tuple(LabelShown(language, labels[language]) for language in sorted(labels)))


__all__ = ["SHORT", "Reader", "reader_before", "responsible"]
