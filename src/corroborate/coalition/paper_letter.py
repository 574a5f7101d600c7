"""The sheet on which a member without a key answers: printed, signed by hand, scanned."""

from pathlib import Path

from corroborate.coalition import zones
from corroborate.coalition.final import word
from corroborate.coalition.invitations import title_of
from corroborate.coalition.lifecycle import Statement, Translation
from corroborate.coalition.memberships import Details
from corroborate.coalition.printed import set_pdf
from corroborate.coalition.round_letters import DIGITS, current_translations, language_for, spaced
from corroborate.errors import NotAllowed

_WORDS = (
    "title",
    "from",
    "to",
    "until",
    "choose",
    "with_us",
    "abstains",
    "withdraws",
    "words",
    "who",
    "where",
    "hand",
    "original",
    "translation",
)


def paper_letter(state: Statement, details: Details, hub: str, fonts: Path, *, otherwise: str = "en") -> bytes:
    """The sheet as PDF. ``fonts``: a folder that holds the Korean and Japanese faces. Raises NotAllowed when no round
    is open, InvalidValue for a character that no face has."""
    if state.phase != "open" or state.round.deadline is None or state.opened is None:
        raise NotAllowed("no round is open, so there is no deadline to send")
    tongue, current = language_for(details, otherwise), state.round.current
    reading = next((one for one in current_translations(state) if one.language == tongue), None)
    data = {
        "language": tongue,
        "of": current.language,
        "member": details.name,
        "hub": hub,
        "statement": title_of(state),
        "text": _paragraphs(current.text),
        "reading": _paragraphs(reading.text) if reading is not None else [],
        "mark": _mark(reading, tongue),
        "names": word("paper_names", tongue).format(number=current.number),
        "digits": spaced(current.digest.hex[:DIGITS]),
        "digest": current.digest.hex,
        "deadline": zones.shown(state.round.deadline, details.country),
        "words": {key: word(f"paper_{key}", tongue) for key in _WORDS},
    }
    return set_pdf("letter.typ", data, fonts, state.opened)


def _mark(reading: Translation | None, tongue: str) -> str:
    """Over a translation that no member approved: whoever reads it alone would sign another text than it may say."""
    official = reading is None or any(reading.official_for(member) for member in reading.approved)
    return "" if official else word("unofficial", tongue)


def _paragraphs(text: bytes) -> list[str]:
    return [one for one in text.decode().strip("\n").split("\n\n") if one.strip()]
