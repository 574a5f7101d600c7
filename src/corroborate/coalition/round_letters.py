"""The letter of a round to one member, by which it can act: the text, what changed since it last spoke, by when on its
own clock, and the file that opens in its vault, or the sheet to print where it signs on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from corroborate.coalition import zones
from corroborate.coalition.final import word
from corroborate.coalition.invitations import calendar, file_name, title_of
from corroborate.coalition.lifecycle import Statement, Translation
from corroborate.coalition.memberships import Details
from corroborate.coalition.packets import Packet
from corroborate.coalition.requests import ask_quote, ask_sign_on, ask_translation
from corroborate.coalition.statements import Version, difference
from corroborate.errors import NotAllowed

LANGUAGES = ("en", "ko", "ja", "es")
DIGITS = 32  # of a version's SHA-256, as a letter on paper prints them
AROUND = 8  # words before a change, so that it is found
MOST_CHANGES = 40  # in one letter; of a text that was written anew the reader takes the whole


@dataclass(frozen=True, slots=True)
class RoundLetter:
    """What one member is sent: in words, and as files by name."""

    language: str
    subject: str
    body: str
    files: tuple[tuple[str, bytes], ...]


def language_for(details: Details, otherwise: str) -> str:
    """The first of a member's languages in which letters are written; the secretariat's where there is none."""
    return next((one for one in details.languages if one in LANGUAGES), otherwise)


def packet_for(state: Statement, member: str, hub: str) -> Packet:
    """All that one member is asked: the text, its translations of today, and the member's own quotes."""
    current = state.round.current
    asked = [ask_sign_on(current, hub, state.round.deadline)]
    asked += [ask_translation(current, one, hub) for one in current_translations(state)]
    asked += [ask_quote(current, one, hub) for one in state.quotes if one.member == member and not one.said]
    return Packet(hub, tuple(asked))


def current_translations(state: Statement) -> tuple[Translation, ...]:
    """The newest translation into each language, where it renders the text that stands."""
    newest = {one.language: one for one in state.translations}
    return tuple(one for _, one in sorted(newest.items()) if not state.stale(one))


def spoken_to(state: Statement, member: str) -> Version | None:
    """The version to which a member spoke last, where it is not the one that stands."""
    said = state.round.words().get(member)
    if said is None or state.round.stands_under(said):
        return None
    return next((one for one in state.round.versions if one.digest == said.digest), None)


def changes(before: str, after: str, language: str) -> tuple[str, ...]:
    """What changed between two texts, a line a change, in words and with what stands before it."""
    removed, added = word("letter_removed", language), word("letter_added", language)
    lines: list[str] = []
    around, fresh = "", True
    for piece in difference(before, after):
        if piece.kind == "same":
            around, fresh = " ".join(piece.text.split()[-AROUND:]), True
            continue
        shown = " ".join(piece.text.split()) or "¶"
        if fresh:
            lines.append(f"· … {around} " if around else "· ")
        lines[-1] += f"[{removed if piece.kind == 'removed' else added}: {shown}] "
        fresh = False
    return tuple(line.rstrip() for line in lines)


def letter(
    state: Statement,
    member: str,
    details: Details,
    hub: str,
    at: datetime,
    *,
    on_paper: bool = False,
    otherwise: str = "en",
) -> RoundLetter:
    """The letter to one member; to one that signs ``on_paper`` without the sheet, which is set where it is needed.
    ``otherwise``: the language where the member's own is none of ours. Raises NotAllowed when no round is open."""
    if state.phase != "open" or state.round.deadline is None or state.opened is None:
        raise NotAllowed("no round is open, so there is no deadline to send")
    language, current, title = language_for(details, otherwise), state.round.current, title_of(state)
    reminder = (at - state.opened).days >= 1
    subject = word("remind_subject" if reminder else "invite_subject", language)
    base, deadline = file_base(state), zones.shown(state.round.deadline, details.country)
    body = word("invite_body", language).format(
        member=details.name, title=title, number=current.number, deadline=deadline, digest=current.digest.hex
    )
    how = word("letter_on_paper" if on_paper else "letter_by_key", language).format(
        file=f"{base}.pdf" if on_paper else f"{base}.request", digits=spaced(current.digest.hex[:DIGITS])
    )
    whole = f"{word('letter_text', language)}\n\n{current.text.decode()}"
    files = [(f"{base}.txt", current.text), (f"{base}.ics", calendar(state, at, language))]
    if not on_paper:
        files.insert(0, (f"{base}.request", packet_for(state, member, hub).to_json()))
    subject = subject.format(deadline=zones.shown(state.round.deadline, ""), title=title)
    parts = [body, *_changed(state, member, language), how, whole]
    return RoundLetter(language, subject, "\n\n".join(parts), tuple(files))


def file_base(state: Statement) -> str:
    """How the files of a round's letters are called before their endings: by statement and version."""
    return f"{file_name(state.round.current.statement)}.{state.round.current.number}"


def _changed(state: Statement, member: str, language: str) -> Sequence[str]:
    before = spoken_to(state, member)
    if before is None:
        return ()
    found = changes(before.text.decode(), state.round.current.text.decode(), language)
    if not found:  # the text was changed and put back
        return ()
    lines = [word("letter_changed", language).format(before=before.number), *found[:MOST_CHANGES]]
    return ("\n".join([*lines, "…"] if len(found) > MOST_CHANGES else lines),)


def spaced(digits: str) -> str:
    """Digits in groups of four, as they are read aloud and typed."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
