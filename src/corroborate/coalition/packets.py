"""All that one letter asks of a member, and all that it answers, as one file each.

A packet holds the questions about one statement: to sign its text, and to approve its translations and the member's own
quotes to the word. The answers are notes, each signed by itself, so that one file of them says no more than they do.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from corroborate.coalition.declarations import kind_of
from corroborate.coalition.requests import FORMAT as ONE
from corroborate.coalition.requests import LARGEST as LARGEST_ONE
from corroborate.coalition.requests import Request, answer
from corroborate.custody import Signer
from corroborate.errors import InputRefused, NotAllowed
from corroborate.values import JSON, Digest

FORMAT = "corroborate requests v1"
ANSWERS = "corroborate answers v1"
LARGEST = 4 * LARGEST_ONE  # bytes of a packet
MOST = 40  # questions, or answers, in one file
LARGEST_NOTE = 8 << 10  # bytes of one signed note
LARGEST_ANSWERS = 2 * MOST * LARGEST_NOTE  # bytes of a file of answers, with JSON's escapes


@dataclass(frozen=True, slots=True)
class Packet:
    """Questions of one hub about one statement. The first is about the text itself, where the text is asked about."""

    sender: str
    requests: tuple[Request, ...]

    @property
    def first(self) -> Request:
        return self.requests[0]

    @property
    def others(self) -> tuple[Request, ...]:
        """What may be approved beside the text: translations and quotes."""
        return self.requests[1:]

    @property
    def digest(self) -> Digest:
        """By which a vault knows that it has been asked this before."""
        return Digest.of(self.to_json())

    def to_json(self) -> bytes:
        """As a file. One question alone is a request, as older vaults read it."""
        if len(self.requests) == 1:
            return self.first.to_json()
        asked: list[JSON] = []
        for one in self.requests:
            record = json.loads(one.to_json())
            if record["original"] == self.first.text:
                record["original"] = ""  # the text stands in the first question
            asked.append(record)
        record = {"format": FORMAT, "sender": self.sender, "requests": asked}
        return json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a packet, or one request, from a file that somebody else made. Raises InputRefused."""
        if len(content) > LARGEST:
            raise InputRefused("a request of {number:,} bytes is too long", number=len(content))
        try:
            record = json.loads(content)
            if record["format"] == ONE:
                one = Request.read(content)
                return cls(one.sender, (one,))
            if record["format"] != FORMAT or set(record) != {"format", "sender", "requests"}:
                raise InputRefused("this file is no request")
            sender, asked = record["sender"], record["requests"]
            if not isinstance(sender, str) or not isinstance(asked, list) or not 0 < len(asked) <= MOST:
                raise InputRefused("this file is no request")
            found = [Request.read(_written(asked[0]))]
            found += [Request.read(_written(_whole(each, found[0]))) for each in asked[1:]]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputRefused("this file is no request") from error
        return cls(sender, _checked(sender, found))


def _written(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


def _whole(record: Mapping[str, object], first: Request) -> Mapping[str, object]:
    """A translation or a quote whose original was left out is of the text that the first question shows."""
    left_out = record["kind"] in ("translation", "quote") and record["original"] == ""
    return {**record, "original": first.text} if left_out else record


def _checked(sender: str, found: Sequence[Request]) -> tuple[Request, ...]:
    """Raises InputRefused where questions do not belong together: nobody approves a translation of another text than
    the one that stands above it."""
    first = found[0]
    if first.kind != "sign-on" or any(one.kind not in ("translation", "quote") for one in found[1:]):
        raise InputRefused("a file of several requests asks about one text, its translations and quotes, in this order")
    for one in found:
        if one.sender != sender or one.fields["statement"] != first.fields["statement"]:
            raise InputRefused("the requests in this file are not of one hub about one statement")
        if one is not first and one.original != first.text:
            raise InputRefused(
                "this file holds a translation of another text, or a quote beside one, than it asks to sign"
            )
    # one translation into a language: whoever approves it by the name of that is not to approve another
    asked = [(one.kind, one.fields["language"] if one.kind == "translation" else str(one.digest)) for one in found]
    if len(set(asked)) != len(asked):
        raise InputRefused("this file asks the same thing twice")
    return tuple(found)


def answers(
    signer: Signer, packet: Packet, choice: str, approved: Iterable[int], at: datetime, reason: str = ""
) -> tuple[bytes, ...]:
    """The member's answers, each signed by its own key: the choice on the text, then each approval, by its place among
    the ``others``. What is not approved is not spoken of. Raises NotAllowed when nothing was chosen."""
    chosen = tuple(dict.fromkeys(approved))
    if any(not 0 <= at_ < len(packet.others) for at_ in chosen):
        raise NotAllowed("this request asks for no such approval")
    if choice == "withdraws" and chosen:
        raise NotAllowed("whoever withdraws approves nothing in the same answer")
    notes = [answer(signer, packet.first, choice, at, reason)]
    notes += [answer(signer, packet.others[at_], "approves", at) for at_ in chosen]
    return tuple(notes)


def write_answers(notes: Sequence[bytes]) -> bytes:
    """One file of a member's signed notes; one note alone is itself the file."""
    if len(notes) == 1:
        return notes[0]
    record = {"format": ANSWERS, "notes": [one.decode() for one in notes]}
    return json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"


def is_answers(content: bytes) -> bool:
    """Whether a file says that it holds several answers."""
    return content.lstrip()[:1] == b"{" and ANSWERS.encode() in content[:200]


def read_answers(content: bytes) -> tuple[bytes, ...]:
    """The notes of a file of answers. What each says is proved by itself. Raises InputRefused."""
    if len(content) > LARGEST_ANSWERS:
        raise InputRefused("a file of answers of {number:,} bytes is too long", number=len(content))
    try:
        record = json.loads(content)
        notes = record["notes"]
        if record["format"] != ANSWERS or not isinstance(notes, list) or not 0 < len(notes) <= MOST:
            raise InputRefused("this file holds no signed answers")
        found = tuple(one.encode() for one in notes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputRefused("this file holds no signed answers") from error
    if any(len(one) > LARGEST_NOTE or kind_of(one) is None for one in found):
        raise InputRefused("this file holds no signed answers")
    return found
