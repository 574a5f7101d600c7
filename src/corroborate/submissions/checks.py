"""What stands against filing a text, and what the person who files should know. Nothing here is decided for them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corroborate.disclosure import Release
from corroborate.errors import InvalidValue
from corroborate.submissions.forms import Form, form, missing
from corroborate.submissions.rules import WORDS_A_PAGE, Rules, rules_of
from corroborate.submissions.treaties import bond, bound_by
from corroborate.translation import Sentence

Kind = Literal["refused", "warning"]
_WHO = "person|witness|victim|case|사람|증인|피해자|証人|被害者|persona|testigo|víctima"
_PSEUDONYM = re.compile(rf"(?:{_WHO})\s*[A-Z0-9]{{1,4}}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filing:
    """What is to be filed: by whom is in the answers; ``on``: the day."""

    on: date
    language: str = "en"
    state: str = ""  # ISO 3166-1 alpha-2
    deadline: date | None = None  # as the call or session says
    joint: bool = False
    earlier: tuple["Earlier", ...] = ()
    mentioned: tuple["Mentioned", ...] = ()


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Words of an answer that a vault read as the name of one of its people. ``strong``: no common name."""

    field: str
    text: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """A text that was filed before: with which body, and whom it names."""

    procedure: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """``refused``: it may not be filed so. ``warning``: a person must look at it."""

    kind: Kind
    what: Sentence


def checked(asked: Form, answers: Mapping[str, str], release: Release, filing: Filing) -> tuple[Fault, ...]:
    """Everything that stands against it, refusals first. Raises InvalidValue for an answer that the form has not."""
    rules = rules_of(asked.id)
    lacking = missing(asked, answers)
    found = [Fault("refused", Sentence("no answer to: {field}", field=one.label)) for one in lacking]
    for part in (_reader, _names):
        found += [Fault("refused", one) for one in part(asked, rules, answers, release)]
    for refusal in (_time, _state, _limits):
        found += [Fault("refused", one) for one in refusal(rules, answers, filing)]
    found += list(_free_text(asked, release, filing))
    found += [Fault("warning", one) for one in _warnings(asked, rules, answers, filing, release.invented)]
    return tuple(sorted(found, key=lambda one: one.kind != "refused"))


def people_named(asked: Form, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Whom the answers name, a line or a semicolon apart."""
    parts = (part.strip() for field in rules_of(asked.id).names for part in re.split(r"[\n;]", answers.get(field, "")))
    return tuple(part for part in parts if part)


def _reader(asked: Form, _rules: Rules, _answers: Mapping[str, str], release: Release) -> Iterator[Sentence]:
    if release.audience not in ("named body", "public"):
        yield Sentence(
            "the release is for the audience {audience}, not for {body}", audience=release.audience, body=asked.body
        )
    mine, theirs = release.body.casefold(), f"{asked.title} {asked.body}".casefold()
    if release.audience == "named body" and not any(word in theirs for word in (mine, mine.split(" on ")[0])):
        yield Sentence("the release is for {other}, not for {body}", other=release.body, body=asked.body)


def _names(asked: Form, rules: Rules, answers: Mapping[str, str], release: Release) -> Iterator[Sentence]:
    """Whoever is named must be named by the release: there every name has the consent for this reader."""
    allowed = {name.text.casefold() for name in release.named}
    for name in people_named(asked, answers):
        if _PSEUDONYM.fullmatch(name) is None and name.casefold() not in allowed:
            yield Sentence(
                "{name!r} may not be named to {body}: the release names nobody so, because no consent reaches this "
                "body. Write a pseudonym (Person 1), or ask and make a new release",
                name=name,
                body=asked.body,
            )
    if rules.not_anonymous and answers.get(rules.not_anonymous, "").strip().casefold() in ("anonymous", "anonym", "-"):
        yield Sentence("{body} does not take anonymous texts: say who files", body=asked.body)


def _free_text(asked: Form, release: Release, filing: Filing) -> Iterator[Fault]:
    """Names in free text are no safer than in a field for names: who is not named by the release stays out."""
    allowed = {_letters(name.text) for name in release.named}
    labels = {one.id: one.label for one in asked.fields}
    for one in filing.mentioned:
        if _letters(one.text) in allowed or one.field in rules_of(asked.id).names:
            continue
        label = labels.get(one.field, one.field)
        if one.strong:
            yield Fault(
                "refused",
                Sentence(
                    "{name!r} in “{field}” is the name of somebody whom the release does not name: write a pseudonym "
                    "(Person 1)",
                    name=one.text,
                    field=label,
                ),
            )
        else:
            yield Fault(
                "warning",
                Sentence(
                    "{name!r} in “{field}” may be the name of somebody whom the release does not name",
                    name=one.text,
                    field=label,
                ),
            )


def _letters(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _time(rules: Rules, _answers: Mapping[str, str], filing: Filing) -> Iterator[Sentence]:
    last = rules.last_day(filing.on, filing.deadline)
    if rules.closed and filing.deadline is None:
        yield Sentence("it is closed: {why}. See {instead}", why=rules.closed, instead=rules.instead or rules.address)
    elif last is not None and filing.on > last:
        yield Sentence("the last day was {last}; it is {on}", last=last.isoformat(), on=filing.on.isoformat())
    elif rules.deadline == "call" and filing.deadline is None:
        yield Sentence("each call or session has its own last day: look it up, and give it (--deadline DAY)")


def _state(rules: Rules, _answers: Mapping[str, str], filing: Filing) -> Iterator[Sentence]:
    if not rules.treaty:
        return
    if not filing.state:
        which = rules.link or Sentence("the State against which it is filed")
        yield Sentence(
            "say which State (--state KP): {which} must be bound by {treaty}", which=which, treaty=rules.treaty
        )
        return
    try:
        one = bond(filing.state, rules.treaty)
    except InvalidValue as error:
        yield error.sentence
        return
    if not one.bound:
        others = ", ".join(bound_by(rules.treaty))
        yield Sentence(
            "{state} is not bound by {treaty}; of the States in the register these are: {others}",
            state=filing.state,
            treaty=rules.treaty,
            others=others or "–",
        )
    elif rules.complaints and one.complaints != "yes":
        yield Sentence(
            "{state} has not accepted complaints of single people under {treaty}, as far as is known ({told})",
            state=filing.state,
            treaty=rules.treaty,
            told=one.complaints or "no",
        )


def _limits(rules: Rules, answers: Mapping[str, str], filing: Filing) -> Iterator[Sentence]:
    words = words_in(answers.values())
    most = (filing.joint and rules.words_joint) or rules.words
    if most and words > most:
        yield Sentence("it has {words} words; {most} are taken at most", words=words, most=most)
    if rules.pages and words > rules.pages * WORDS_A_PAGE:
        yield Sentence(
            "it has {words} words, more than {pages} pages of {each}",
            words=words,
            pages=rules.pages,
            each=WORDS_A_PAGE,
        )
    if rules.languages and filing.language not in rules.languages:
        yield Sentence(
            "it is taken in {listed}, not in {language}", listed=", ".join(rules.languages), language=filing.language
        )
    people = [part for field in rules.names for part in re.split(r"[\n;]", answers.get(field, "")) if part.strip()]
    if rules.people and len(people) > rules.people:
        yield Sentence("one form is for {most} person, and this one names {n}", most=rules.people, n=len(people))
    told, earliest = answers.get("date", "").strip(), rules.earliest or _bound_since(rules, filing)
    if earliest and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", told) and told < earliest[: len(told)]:
        yield Sentence("nothing before {earliest} is taken, and this was in {told}", earliest=earliest, told=told)


def _warnings(
    asked: Form, rules: Rules, answers: Mapping[str, str], filing: Filing, invented: bool
) -> Iterator[Sentence]:
    if asked.recalled:
        yield Sentence(
            "some of what we know of this procedure is recalled and was not read: open {address} on the day of filing",
            address=rules.address or asked.body,
        )
    if invented:
        yield Sentence("everybody in it is invented: it shows what the program does, and is never filed")
    people = {one.casefold() for one in people_named(asked, answers)}
    for before in filing.earlier:
        shared = sorted(people & {one.casefold() for one in before.people})
        if shared and (before.procedure in rules.excludes or asked.id in rules_of(before.procedure).excludes):
            yield Sentence(
                "{n} of those named here stand before {other} already: these two exclude one another for the same "
                "person; look it up before filing",
                n=len(shared),
                other=form(before.procedure).title,
            )
    if rules.to_state and people:
        yield Sentence("what is said of people here is handed to the State: has each agreed to that?")
    if rules.published:
        yield Sentence("it will be published with the names of its authors")
    if rules.after_entry and filing.state:
        since = _bound_since(rules, filing) or "–"
        yield Sentence(
            "only what began after it came into force for {state} is taken; party since {since}",
            state=filing.state,
            since=since,
        )
    if rules.treaty and filing.state and _disputed(filing.state, rules.treaty):
        yield Sentence(
            "sources differ on whether {state} is bound by {treaty}: open treaties.un.org",
            state=filing.state,
            treaty=rules.treaty,
        )


def _bound_since(rules: Rules, filing: Filing) -> str:
    """The day on which the State joined, where nothing that began before is taken; it is bound a little later still."""
    try:
        return bond(filing.state, rules.treaty).date if rules.after_entry else ""
    except InvalidValue:  # the refusal about the State says so
        return ""


def _disputed(state: str, treaty: str) -> bool:
    try:
        return bond(state, treaty).disputed
    except InvalidValue:
        return False


def words_in(texts: Iterable[str]) -> int:
    """Words as a word processor counts them; of Korean by spaces, of Chinese and Japanese by characters."""
    text = " ".join(texts)
    wide = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", text)
    return len(re.sub(r"[\u3040-\u30ff\u3400-\u9fff]", " ", text).split()) + len(wide)


def refusals(faults: Sequence[Fault]) -> tuple[Sentence, ...]:
    return tuple(one.what for one in faults if one.kind == "refused")
