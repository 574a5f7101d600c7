"""A statement from its first draft to its final text: a state machine without I/O. An event in, a new state and what
is to be done about it out. Whoever keeps the state (a hub's database, a test's memory) carries the effects out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from corroborate.coalition.declarations import Declaration, check_asked, check_beside
from corroborate.coalition.imitation import check_quoted
from corroborate.coalition.statements import Answer, Round, SignOn, Version, checked_name, checked_text
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import Digest, canonical
from corroborate.values.signs import broken

Phase = Literal["draft", "open", "closed", "published"]
Grouping = Literal["country", "kind", "joined", "alphabet"]
GROUPINGS: tuple[Grouping, ...] = ("country", "kind", "joined", "alphabet")
LONGEST_COMMENT = 10_000  # characters
TO_SIGN_ANEW = timedelta(days=1)  # that members have at least once a text was changed in an open round
REMINDERS = (timedelta(days=7), timedelta(days=2), timedelta(hours=12))  # before the deadline


@dataclass(frozen=True, slots=True)
class Comment:
    """Something to consider about one version. Nobody's position, only a remark of whoever wrote it."""

    id: str
    version: int
    by: str
    text: str
    at: datetime
    resolved_by: str = ""
    member: str = ""  # for which the account acts that wrote it; empty for the secretariat


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Other words for one passage, put up beside the text. It changes nothing until somebody who may change the text
    takes it; then it is a version like any other."""

    id: str
    version: int
    by: str
    passage: str  # of the text, once in it
    words: str  # in its place; empty takes the passage out
    why: str
    at: datetime
    member: str = ""  # for which the account acts that made it
    outcome: Literal["", "taken", "declined", "withdrawn"] = ""
    decided_by: str = ""

    def applied(self, text: str) -> str:
        """A text with the suggested words in it. Raises InvalidValue unless the passage stands in it once."""
        many = text.count(self.passage)
        if many == 0:
            raise InvalidValue("this passage does not stand in the text: copy it exactly, or suggest anew")
        if many > 1:
            raise InvalidValue("this passage stands in the text {many} times: take more words around it", many=many)
        return text.replace(self.passage, self.words)


@dataclass(frozen=True, slots=True)
class Translation:
    """One version in another language, with a digest of its own. Unofficial for every member who has not approved
    exactly these bytes with its own key."""

    language: str
    text: bytes
    translator: str
    of: Digest  # of the original's bytes that it renders
    at: datetime
    approved: Mapping[str, Declaration] = field(default_factory=dict)  # label -> its last word on it
    floor: Mapping[str, Declaration] = field(default_factory=dict)  # likewise, of words that whoever carried took back

    @property
    def digest(self) -> Digest:
        return Digest.of(self.text)

    def official_for(self, member: str) -> bool:
        said = self.approved.get(member)
        return said is not None and said.choice == "approves"


@dataclass(frozen=True, slots=True)
class Quote:
    """What a named spokesperson says beside a statement. It is shown only once the member approved it to the word."""

    member: str
    spokesperson: str
    role: str
    words: str
    said: Declaration | None = None
    of: str = ""  # SHA-256 of the text beside which it is said; empty where an earlier version put it up
    put: datetime | None = None  # when it was put up beside that text; None where an earlier version put it up
    last: Declaration | None = None  # the last word of its member beside whichever text: nothing older counts after it

    @property
    def record(self) -> bytes:
        """The words, who says them, and beside which text: none can be moved under another name, or to another text."""
        said = {"member": self.member, "spokesperson": self.spokesperson, "role": self.role, "words": self.words}
        return canonical({**said, "of": self.of} if self.of else {**said})

    @property
    def digest(self) -> Digest:
        return Digest.of(self.record)

    @property
    def approved(self) -> bool:
        return self.said is not None and self.said.choice == "approves"

    @property
    def heard(self) -> Declaration | None:
        """The last word of its member on these words. It outlives every change of the text beside which they stand."""
        return self.said or self.last


@dataclass(frozen=True, slots=True)
class Statement:
    """All that is known of one joint statement at one time."""

    round: Round
    phase: Phase = "draft"
    embargo: datetime | None = None
    grouping: Grouping = "country"
    comments: tuple[Comment, ...] = ()
    translations: tuple[Translation, ...] = ()
    quotes: tuple[Quote, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    opened: datetime | None = None
    published: datetime | None = None
    closing: str = ""  # who asked to close the round before its deadline
    closing_at: datetime | None = None  # when they did

    def translation(self, language: str) -> Translation | None:
        """The newest translation into a language, stale or not."""
        return next((one for one in reversed(self.translations) if one.language == language), None)

    @property
    def asked_to_close(self) -> str:
        """The mark of who asked to close the round, and when, as a page shows it; empty where nobody did."""
        return f"{self.closing} {self.closing_at}" if self.closing else ""

    def stale(self, translation: Translation) -> bool:
        """Whether the original was changed after this translation was made."""
        return translation.of != self.round.current.digest


# What happens to a statement


@dataclass(frozen=True, slots=True)
class Drafted:
    version: Version
    at: datetime | None = None  # from which on an earlier text that is put back is signed anew


@dataclass(frozen=True, slots=True)
class Commented:
    comment: Comment


@dataclass(frozen=True, slots=True)
class Resolved:
    comment: str
    by: str


@dataclass(frozen=True, slots=True)
class Suggested:
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a suggestion: taken and declined by who may change the text, withdrawn by whoever made it."""

    suggestion: str
    outcome: Literal["taken", "declined", "withdrawn"]
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Translated:
    translation: Translation


@dataclass(frozen=True, slots=True)
class TranslationApproved:
    said: Declaration


@dataclass(frozen=True, slots=True)
class Quoted:
    quote: Quote
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuoteApproved:
    said: Declaration


@dataclass(frozen=True, slots=True)
class Opened:
    """The round begins. ``embargo``: nothing is published before."""

    at: datetime
    deadline: datetime
    embargo: datetime | None = None
    grouping: Grouping = "country"


@dataclass(frozen=True, slots=True)
class Extended:
    at: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """Sign-ons by key, as they arrived."""

    notes: tuple[bytes, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A sign-on on paper, whose scan is sealed."""

    sign_on: SignOn
    at: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    member: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a member's note did is undone by whoever handed it in, so that the member is silent again."""

    member: str
    note: Digest  # of the note's bytes
    kind: Literal["sign-on", "translation"]


@dataclass(frozen=True, slots=True)
class ClosingAsked:
    """One person would close the round before its deadline. Every member asked is told, and may still answer."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """``by``: who closes it; before the deadline another person than the one who asked for it. ``shown``: the mark of
    who had asked, as whoever closes it saw it."""

    at: datetime
    by: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    at: datetime


Event = (
    Drafted | Commented | Resolved | Suggested | Decided | Translated | TranslationApproved | Quoted | QuoteApproved
    | Opened | Extended | Received | Recorded | Confirmed | TakenBack | ClosingAsked
    | Closed | Published
)  # fmt: skip

# What is to be done about it

Notice = Literal[
    "asked", "text changed", "deadline moved", "signed", "withdrew", "on paper waits", "on paper stands", "reminder",
    "closing asked", "closed", "published", "comment", "translation", "quote", "taken back", "suggestion",
    "suggestion decided",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell some members, or the secretariat (no labels)."""

    what: Notice
    members: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was taken of the notes received, in their order."""

    answers: tuple[Answer, ...]


Effect = Notify | Answered
Step = tuple[Statement, tuple[Effect, ...]]


def advance(state: Statement, event: Event) -> Step:
    """The next state and what is to be done. Raises NotAllowed or InvalidValue and then nothing has happened."""
    return _STEPS[type(event)](state, event)


def _drafted(state: Statement, event: Drafted) -> Step:
    if state.phase in ("closed", "published"):
        raise NotAllowed("the round is over; another text is another statement")
    checked_text(event.version.text)
    fallen = tuple(one.member for one in state.round.responses() if one.state in ("signed", "abstains"))
    # a quote is said beside one text: beside another its member is asked for it anew
    of = event.version.digest.hex
    quotes = tuple(replace(one, of=of, said=None, put=event.at, last=one.heard) for one in state.quotes)
    after = replace(state, closing="", round=state.round.propose(event.version, event.at), quotes=quotes)
    anew = tuple(Notify("quote", (one.member,), one.spokesperson) for one in state.quotes if one.said is not None)
    if state.phase == "draft":
        return after, anew
    everybody = tuple(one.member for one in state.round.responses())
    fell = Notify("text changed", fallen, str(event.version.number))
    others = tuple(one for one in everybody if one not in fallen)
    told: tuple[Effect, ...] = (fell, Notify("asked", others, str(event.version.number)))
    until = after.round.deadline
    later = None if event.at is None else event.at + TO_SIGN_ANEW
    if until is not None and later is not None and later > until:
        after = replace(after, round=replace(after.round, deadline=later))
        told = (*told, Notify("deadline moved", everybody, later.isoformat()))
    return after, (*told, *anew)


def _commented(state: Statement, event: Commented) -> Step:
    text = event.comment.text.strip()
    if not text or len(text) > LONGEST_COMMENT:
        raise InvalidValue(
            "a comment has between 1 and {longest_comment:,} characters", longest_comment=LONGEST_COMMENT
        )
    check_beside(text)
    if not any(one.number == event.comment.version for one in state.round.versions):
        raise InvalidValue("there is no version {version} to comment on", version=event.comment.version)
    if any(one.id == event.comment.id for one in state.comments):
        return state, ()
    return replace(state, comments=(*state.comments, event.comment)), (Notify("comment", (), event.comment.by),)


def _resolved(state: Statement, event: Resolved) -> Step:
    if not any(one.id == event.comment for one in state.comments):
        raise InvalidValue("there is no such comment")
    comments = tuple(
        replace(one, resolved_by=event.by) if one.id == event.comment and not one.resolved_by else one
        for one in state.comments
    )
    return replace(state, comments=comments), ()


def _suggested(state: Statement, event: Suggested) -> Step:
    one, current = event.suggestion, state.round.current
    if state.phase in ("closed", "published"):
        raise NotAllowed("the round is over; another text is another statement")
    if one.version != current.number:
        raise NotAllowed("version {number} stands now: look at it, and suggest anew", number=current.number)
    if not one.passage.strip() or one.passage == one.words:
        raise InvalidValue("a suggestion names a passage of the text, and other words for it")
    if max(len(one.passage), len(one.words), len(one.why)) > LONGEST_COMMENT:
        raise InvalidValue("a suggestion has at most {longest_comment:,} characters", longest_comment=LONGEST_COMMENT)
    checked_text(one.applied(current.text.decode()).encode())
    check_beside(one.why)
    if any(each.id == one.id for each in state.suggestions):
        return state, ()
    new = replace(one, outcome="", decided_by="")
    return replace(state, suggestions=(*state.suggestions, new)), (Notify("suggestion", (), one.by),)


def _decided(state: Statement, event: Decided) -> Step:
    one = next((each for each in state.suggestions if each.id == event.suggestion), None)
    if one is None:
        raise InvalidValue("there is no such suggestion")
    if one.outcome:
        raise NotAllowed("this suggestion was decided already, by {by}", by=one.decided_by)
    if event.outcome == "withdrawn" and event.by != one.by:
        raise NotAllowed("{by} made this suggestion, and alone withdraws it", by=one.by)
    decided = replace(one, outcome=event.outcome, decided_by=event.by)
    after = replace(state, suggestions=tuple(decided if each is one else each for each in state.suggestions))
    told: tuple[Effect, ...] = (Notify("suggestion decided", (one.member,), event.by),) if one.member else ()
    if event.outcome != "taken":
        return after, told
    current = state.round.current
    text = one.applied(current.text.decode()).encode()
    after, effects = _drafted(after, Drafted(replace(current, number=current.number + 1, text=text), event.at))
    return after, (*told, *effects)


def _translated(state: Statement, event: Translated) -> Step:
    new = event.translation
    checked_text(new.text)
    if new.language == state.round.current.language:
        raise NotAllowed("{language} is the language of the original; change the text itself", language=new.language)
    if new.of not in {one.digest for one in state.round.versions}:
        raise NotAllowed("the translation is of a text that is no version of this statement")
    if not new.translator.strip():
        raise InvalidValue("whoever translated it is named")
    checked_name(new.translator)
    last = state.translation(new.language)
    if last is not None and (last.digest, last.of) == (new.digest, new.of):
        return state, ()
    before = next((one for one in reversed(state.translations) if _renders_as(one, new)), None)
    said = {} if before is None else before.approved
    floor = {} if before is None else before.floor
    if state.phase == "published" and last is not None and not said and any(map(last.official_for, last.approved)):
        raise NotAllowed(
            "members approved the {language} text that is published, word for word: no other one takes its place",
            language=new.language,
        )
    state = replace(state, translations=(*state.translations, replace(new, approved=said, floor=floor)))
    return state, (Notify("translation", tuple(state.round.members), new.language),)


def _renders_as(one: Translation, other: Translation) -> bool:
    """Whether two are the same bytes of the same original: whoever approved the one approved the other, whichever was
    put up when."""
    return (one.language, one.digest, one.of) == (other.language, other.digest, other.of)


def _translation_approved(state: Statement, event: TranslationApproved) -> Step:
    said = event.said
    _about(state, said)
    wanted = (said.fields["language"], said.fields["sha256"], said.fields["of"])
    alike = [one for one in state.translations if (one.language, one.digest.hex, one.of.hex) == wanted]
    if not alike:
        raise NotAllowed("{member} approved another translation than any that was put up", member=said.member)
    check_asked(said.at, min(one.at for one in alike))
    for floor in filter(None, (one.floor.get(said.member) for one in alike)):
        if floor.note != said.note and not _later(said, floor):
            raise _said_later(said, floor)
    words = [before for one in alike if (before := one.approved.get(said.member)) is not None]
    last = max((one for one in words if not _later(said, one)), key=_order, default=said)
    return _approved_by(state, alike, {said.member: last}), ()


def _order(said: Declaration) -> tuple[datetime, str]:
    """ "withdraws" sorts after "approves": of two words of one second the cautious one counts."""
    return said.at, said.choice


def _later(said: Declaration, before: Declaration | None) -> bool:
    """Whether a word comes after another of the same member. What was said under a key of before is older, whatever it
    is dated."""
    return before is None or before.key != said.key or _order(said) > _order(before)


def _said_later(said: Declaration, last: Declaration) -> NotAllowed:
    return NotAllowed(
        "{member} has said something later, at {at:%Y-%m-%d %H:%M:%S} UTC", member=said.member, at=last.at
    )


def _approved_by(
    state: Statement, alike: Sequence[Translation], said: Mapping[str, Declaration], without: Declaration | None = None
) -> Statement:
    """The same words of members on each of these translations, which are the same bytes. ``without``: a word that was
    taken back, under which nothing older speaks in its place."""
    floor = {} if without is None else {without.member: without}

    def changed(one: Translation) -> Translation:
        others = {label: each for label, each in one.approved.items() if label not in floor}
        return replace(one, approved={**others, **said}, floor={**one.floor, **floor})

    translations = (changed(one) if one in alike else one for one in state.translations)
    return replace(state, translations=tuple(translations))


def _quoted(state: Statement, event: Quoted) -> Step:
    quote = replace(event.quote, of=state.round.current.digest.hex, put=event.at)
    if not quote.words.strip() or not quote.spokesperson.strip():
        raise InvalidValue("a quote has words, and somebody who says them")
    checked_text(quote.words.encode())
    for line in (quote.words, quote.spokesperson, quote.role):
        check_quoted(quote.member, line)
    for line in (quote.spokesperson, quote.role):
        if broken(check_beside(line)):
            raise InvalidValue("{name!r} holds a character that nobody can see", name=line)
    if quote.member not in state.round.members:
        raise NotAllowed("{member} has no key with which to approve a quote", member=quote.member)
    if any(one.digest == quote.digest for one in state.quotes):
        return state, ()
    return replace(state, quotes=(*state.quotes, replace(quote, said=None))), (
        Notify("quote", (quote.member,), quote.spokesperson),
    )


def _quote_approved(state: Statement, event: QuoteApproved) -> Step:
    said = event.said
    _about(state, said)
    found = next((one for one in state.quotes if one.digest.hex == said.fields["sha256"]), None)
    if found is None and said.choice == "withdraws":
        found = next((one for one in state.quotes if said.fields["sha256"] in _beside_each(state, one)), None)
    if found is None or found.spokesperson != said.fields["spokesperson"]:
        raise NotAllowed("these are not the words of any quote that was put up")
    if found.member != said.member:
        raise NotAllowed("{member} cannot approve what {member2} says", member=said.member, member2=found.member)
    if said.choice != "withdraws":
        check_asked(said.at, found.put)
        _check_not_before(state, said)
    if not _later(said, found.heard) and not _anew(said, found):
        if found.said is None and found.last is not None:
            raise _said_later(said, found.last)  # while another text stood
        return state, ()
    return replace(state, quotes=tuple(replace(one, said=said) if one is found else one for one in state.quotes)), ()


def _check_not_before(state: Statement, said: Declaration) -> None:
    """Raises NotAllowed for what was said of an earlier text before that was put back."""
    again = state.round.current.again
    if again is not None and said.at < again:
        raise NotAllowed(
            "{member} said this of the text before it was changed and put back: it is asked to say so anew",
            member=said.member,
        )


def _anew(said: Declaration, quote: Quote) -> bool:
    """Whether an approval is of the second of one beside an earlier text. Clocks count seconds: it is the newer one."""
    last = quote.last if quote.said is None else None
    return last is not None and (last.at, last.choice) == (said.at, "approves") and last.fields != said.fields


def _beside_each(state: Statement, quote: Quote) -> frozenset[str]:
    """SHA-256 of the same words of the same person beside each text that stood here: whoever takes them back may have
    read them beside any of these, and its word is not to be forgotten because the text was changed meanwhile."""
    return frozenset(replace(quote, of=one.digest.hex).digest.hex for one in state.round.versions)


def _about(state: Statement, said: Declaration) -> None:
    if said.fields["statement"] != state.round.current.statement:
        raise NotAllowed(
            "this is about {statement}, not about {statement2}",
            statement=said.fields["statement"],
            statement2=state.round.current.statement,
        )


def _opened(state: Statement, event: Opened) -> Step:
    if state.phase != "draft":
        raise NotAllowed("the round is open already")
    _ = state.round.current  # refuses a round without a text
    if event.deadline <= event.at:
        raise InvalidValue("the deadline lies in the past")
    asked = tuple(one.member for one in state.round.responses())
    if not asked:
        raise NotAllowed("nobody is asked: the register has no members yet")
    after = replace(
        state, phase="open", opened=event.at, embargo=event.embargo, grouping=event.grouping,
        round=replace(state.round, deadline=event.deadline, opened=event.at),
    )  # fmt: skip
    return after, (Notify("asked", asked, event.deadline.isoformat()),)


def _extended(state: Statement, event: Extended) -> Step:
    if state.phase != "open" or state.round.deadline is None:
        raise NotAllowed("the round is not open")
    if event.deadline <= state.round.deadline:
        raise NotAllowed("a deadline may be moved to a later time only: a member may be counting on it")
    asked = tuple(one.member for one in state.round.responses())
    after = replace(state, closing="", round=replace(state.round, deadline=event.deadline))
    return after, (Notify("deadline moved", asked, event.deadline.isoformat()),)


def _received(state: Statement, event: Received) -> Step:
    if state.phase == "draft":
        raise NotAllowed("the round has not been opened: nobody is asked yet")
    before = {one.member: one.state for one in state.round.responses()}
    after, answers = state.round.receive_all(event.notes, event.at)
    news: list[Effect] = [Answered(answers)]
    for one in after.responses():
        if one.state != before[one.member] and one.state == "signed":
            news.append(Notify("signed", (), one.member))
        elif one.state != before[one.member] and one.state == "withdrawn":
            news.append(Notify("withdrew", (), one.member))
    return replace(state, round=after), tuple(news)


def _recorded(state: Statement, event: Recorded) -> Step:
    if state.phase == "draft":
        raise NotAllowed("the round has not been opened: nobody is asked yet")
    after = state.round.record(event.sign_on, event.at)
    return replace(state, round=after), (Notify("on paper waits", (), event.sign_on.member),)


def _confirmed(state: Statement, event: Confirmed) -> Step:
    waits = state.round.letters().get(event.member)
    if state.phase in ("closed", "published") and waits is not None and waits.choice != "withdraws":
        raise NotAllowed(
            "the round is over, and this letter was not confirmed before: it adds no name to a text that others have "
            "read. Put the text up as another statement, or let {member} stand under the next one",
            member=event.member,
        )
    after = replace(state, round=state.round.confirm(event.member, event.by))
    return after, (Notify("on paper stands", (event.member,)),)


def _taken_back(state: Statement, event: TakenBack) -> Step:
    if state.phase != "open":
        raise NotAllowed("the round is not open: what was said in it stays")
    told = (Notify("taken back", (event.member,)),)
    if event.kind == "sign-on":
        return replace(state, round=state.round.without(event.member, event.note)), told
    for one in state.translations:
        said = one.approved.get(event.member)
        if said is not None and said.choice == "approves" and Digest.of(said.note) == event.note:
            alike = [each for each in state.translations if _renders_as(each, one)]
            return _approved_by(state, alike, {}, said), told
    raise NotAllowed("{member} has said something later", member=event.member)


def _closing_asked(state: Statement, event: ClosingAsked) -> Step:
    if state.phase != "open" or state.round.deadline is None:
        raise NotAllowed("the round is not open")
    if state.closing:
        raise NotAllowed("{by} asked for this already: another person decides", by=state.closing)
    asked = tuple(one.member for one in state.round.responses())
    return replace(state, closing=event.by, closing_at=event.at), (
        Notify("closing asked", asked, state.round.deadline.isoformat()),
    )


def _closed(state: Statement, event: Closed) -> Step:
    if state.phase != "open":
        raise NotAllowed("the round is not open")
    until = state.round.deadline
    if until is not None and event.at < until and event.by in ("", state.closing):
        raise NotAllowed(
            "members may answer until {until:%Y-%m-%d %H:%M} UTC: to close before then, one person asks, every member "
            "asked is told, and another person closes",
            until=until,
        )
    if until is not None and event.at < until and not state.closing:
        raise NotAllowed("nobody has asked to close the round before its deadline, and no member was told")
    deadline = event.at if until is None else min(event.at, until)
    after = replace(state, phase="closed", closing="", round=replace(state.round, deadline=deadline))
    return after, (Notify("closed", tuple(one.member for one in state.round.responses())),)


def _published(state: Statement, event: Published) -> Step:
    if state.phase not in ("open", "closed"):
        raise NotAllowed("only a text that was put up for signature is published")
    if state.embargo is not None and event.at < state.embargo:
        raise NotAllowed("the text is under embargo until {embargo:%Y-%m-%d %H:%M} UTC", embargo=state.embargo)
    until = state.round.deadline
    if state.phase == "open" and until is not None and event.at < until:
        raise NotAllowed(
            "members may still answer until {until:%Y-%m-%d %H:%M} UTC: close the round first", until=until
        )
    if not state.round.signed():
        raise NotAllowed("nobody has signed this text")
    after = replace(state, phase="published", published=event.at)
    return after, (Notify("published", tuple(one.member for one in state.round.responses())),)


_STEPS: Mapping[type, Callable[..., Step]] = {
    Drafted: _drafted, Commented: _commented, Resolved: _resolved, Suggested: _suggested,
    Decided: _decided, Translated: _translated,
    TranslationApproved: _translation_approved, Quoted: _quoted, QuoteApproved: _quote_approved, Opened: _opened,
    Extended: _extended, Received: _received, Recorded: _recorded, Confirmed: _confirmed, TakenBack: _taken_back,
    ClosingAsked: _closing_asked, Closed: _closed, Published: _published,
}  # fmt: skip


def reminders(state: Statement, since: datetime, until: datetime) -> tuple[Effect, ...]:
    """Reminders that fall between two times: to the members who have said nothing to the text that stands."""
    if state.phase != "open" or state.round.deadline is None:
        return ()
    due = any(since < state.round.deadline - before <= until for before in REMINDERS)
    silent = tuple(one.member for one in state.round.responses() if one.state in ("silent", "lapsed"))
    return (Notify("reminder", silent, state.round.deadline.isoformat()),) if due and silent else ()
