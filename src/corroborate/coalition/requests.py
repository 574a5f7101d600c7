"""What a member is asked to say, as a file: it goes from the hub to the member's own vault, is shown there in full,
and comes back as a note signed by the member's key. Nothing is preselected, and no digest of the asker's is believed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from corroborate.coalition.autonomy import STANCES
from corroborate.coalition.decisions import POSITIONS, Proposal
from corroborate.coalition.declarations import FORMS, Kind, declare
from corroborate.coalition.imitation import check_quoted
from corroborate.coalition.lifecycle import Quote, Translation
from corroborate.coalition.statements import CHOICES, LARGEST_TEXT, Version, checked_text, said_words
from corroborate.custody import Signer, Verifier
from corroborate.errors import InputRefused, InvalidValue, NotAllowed
from corroborate.values import Digest, canonical
from corroborate.values.signs import hiding

FORMAT = "corroborate request v1"
LARGEST = 4 * LARGEST_TEXT  # bytes of a request's file: a text and its original, with JSON's escapes
_CHOICES: Mapping[Kind, tuple[str, ...]] = {
    "sign-on": CHOICES, "translation": ("approves", "withdraws"), "quote": ("approves", "withdraws"),
    "stance": STANCES, "stance on a text": STANCES, "position as asked": POSITIONS, "signatory": ("names", "ends"),
    "key": ("ours", "not ours"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """One question to one member or to all. ``text``: the exact words it is about; the digest is taken from them.

    A key, a signatory and a stance on what is no text have no digest: there the fields alone are signed, so the words
    are made from them.
    """

    kind: Kind
    sender: str  # the hub's name
    text: str
    fields: Mapping[str, str]  # of the declaration, but for digest, choice and reason
    original: str = ""  # of a translation; of a quote, the text beside which it is said
    until: str = ""  # ISO 8601, when the question closes

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be answered; nothing where no such question is asked of a member."""
        return _CHOICES.get(self.kind, ())

    @property
    def digest(self) -> Digest | None:
        """Of the words that a member would sign; a stance on what is no statement is about an id alone."""
        if self.kind in ("stance", "signatory", "key"):
            return None
        return Digest.of(self.text.encode())

    def to_json(self) -> bytes:
        record = {"format": FORMAT, "kind": self.kind, "sender": self.sender, "text": self.text,
                  "fields": dict(self.fields), "original": self.original, "until": self.until}  # fmt: skip
        return json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def read(cls, content: bytes) -> "Request":
        """Read a request from a file that somebody else made. Raises InputRefused."""
        if len(content) > LARGEST:
            raise InputRefused("a request of {number:,} bytes is too long", number=len(content))
        try:
            record = json.loads(content)
            if record.pop("format") != FORMAT:
                raise InputRefused("this file is no request")
            found = cls(**record)
            if found.kind == "position":
                raise InputRefused(
                    "this question is of an earlier version, and its answer would name neither the rule of the "
                    "decision nor when it closes: ask the hub for it again"
                )
            if found.kind == "stance" and found.fields["on"] == "statement":
                raise InputRefused(
                    "this question is of an earlier version, and its answer would not name the text that it is about: "
                    "ask the hub for it again"
                )
            needed = {name for name, _ in FORMS[found.kind][1]} - {"sha256", "of", "choice", "reason"}
            texts = (found.sender, found.text, found.original, found.until, *found.fields.values())
            if not found.choices or set(found.fields) != needed or not all(isinstance(one, str) for one in texts):
                raise InputRefused("this request asks for something else than it says")
            found.to_json()  # half of a pair of letters can be shown and signed nowhere
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputRefused("this file is no request") from error
        return _as_shown(found)


def _as_shown(one: Request) -> Request:
    """A request that shows what its answer signs. Raises InputRefused.

    Whoever makes the file can write anything into it: a sender of several lines reads like words of ours, and a text
    that nobody signs can name another key than the one beside it.
    """
    for line in (one.sender, *one.fields.values()):
        if found := hiding(line):
            raise InputRefused(
                "{text!r} holds a sign that nobody sees (U+{code:04X}): it would be read as other words than it holds",
                text=line[:80],
                code=ord(found),
            )
    if one.until:
        _checked_time(one.until)
    if one.kind == "position as asked" and _checked_time(one.fields["until"]) != _checked_time(one.until):
        raise InputRefused("this request asks for something else than it says")
    if one.kind in ("translation", "quote"):
        checked_text(one.original.encode())
    elif one.original:
        raise InputRefused("this request shows an original beside words that are neither a translation nor a quote")
    if one.digest is None:
        return replace(one, text=_words_of(one.kind, one.fields))
    checked_text(one.text.encode())
    if one.kind == "quote":
        _check_quote(one)
    return one


def _checked_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InputRefused("this file is no request") from error


def _words_of(kind: Kind, fields: Mapping[str, str]) -> str:
    """What a question without a digest is about, from all that its answer signs, and from nothing else."""
    if kind == "key":
        return f"A new key was put forward as yours: {Verifier.parse(fields['key']).fingerprint}"
    if kind == "signatory":
        return f"{fields['name']}, {fields['role']}"
    return fields["subject"]


def _check_quote(one: Request) -> None:
    """Raises InputRefused unless the words are those of a quote, said by whom the request names, beside the text that
    it shows."""
    try:
        said = json.loads(one.text)
        if "of" not in said:
            raise InputRefused(
                "this question about a quote is of an earlier version, and its answer would not name the text beside "
                "which it is said: ask the hub for it again"
            )
        whole = canonical(said).decode() == one.text and set(said) == {"member", "of", "role", "spokesperson", "words"}
        named = whole and said["spokesperson"] == one.fields["spokesperson"]
        named = named and said["of"] == Digest.of(one.original.encode()).hex
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputRefused("this request asks for something else than it says") from error
    if not named:
        raise InputRefused("this request asks for something else than it says")


def ask_sign_on(version: Version, sender: str, until: datetime | None) -> Request:
    """To sign, abstain or withdraw, on the exact text."""
    fields = {"statement": version.statement, "language": version.language}
    return Request("sign-on", sender, version.text.decode(), fields, until=until.isoformat() if until else "")


def ask_translation(version: Version, translation: Translation, sender: str) -> Request:
    """To approve a translation to the word, beside its original."""
    fields = {"statement": version.statement, "language": translation.language}
    return Request("translation", sender, translation.text.decode(), fields, version.text.decode())


def ask_quote(version: Version, quote: Quote, sender: str) -> Request:
    """To approve a quote to the word, beside the text that stands. What is signed is the digest of the record: the
    name, the words and the text together."""
    quote = replace(quote, of=version.digest.hex)
    fields = {"statement": version.statement, "spokesperson": quote.spokesperson}
    return Request("quote", sender, quote.record.decode(), fields, version.text.decode())


def ask_position(proposal: Proposal, sender: str) -> Request:
    """To support, abstain or object, on the proposal's exact words, by its rule and until it closes."""
    words = f"{proposal.title}\n\n{proposal.text}"
    fields = {"proposal": proposal.id, "rule": str(proposal.rule), "until": proposal.until}
    return Request("position as asked", sender, words, fields, until=proposal.until)


def ask_stance(kind: str, subject: str, title: str, sender: str) -> Request:
    """To say "with us", "silent" or "apart" about a campaign, finding or publication.

    ``title``: what vaults of earlier versions show; others show the subject, which is what is signed.
    """
    return Request("stance", sender, title, {"on": kind, "subject": subject})


def ask_stance_on(version: Version, sender: str) -> Request:
    """The same about a statement, on the exact text that stands."""
    return Request("stance on a text", sender, version.text.decode(), {"on": "statement", "subject": version.statement})


def ask_signatory(name: str, role: str, since: date, sender: str) -> Request:
    """Whether a person may sign for the organisation."""
    return Request("signatory", sender, f"{name}, {role}", {"name": name, "role": role, "since": since.isoformat()})


def ask_key(key: Verifier, member: str, sender: str) -> Request:
    """Whether a key that was put forward for a member is its own. Its words are read aloud, not sent along."""
    text = f"A new key was put forward as the one of {member}: {key.fingerprint}"
    return Request("key", sender, text, {"key": str(key)})


def answer(signer: Signer, request: Request, choice: str, at: datetime, reason: str = "") -> bytes:
    """The member's answer, signed by its own key. Raises NotAllowed when no choice was made."""
    if choice not in request.choices:
        raise NotAllowed("choose one of: {listed}. Nothing is signed by default", listed=", ".join(request.choices))
    check_quoted(signer.name, said_words(reason))
    fields = {**request.fields, "choice": choice}
    if request.digest is not None:
        fields["sha256"] = request.digest.hex
    if request.kind == "translation":
        fields["of"] = Digest.of(request.original.encode()).hex
    if request.kind == "sign-on" and (words := said_words(reason)):
        return declare(signer, "sign-on with words", {**fields, "words": words}, at)
    if reason.strip() and request.kind not in ("sign-on", "position as asked"):
        raise NotAllowed("nothing was signed: a {kind} has no room for words of one's own", kind=request.kind)
    if request.kind == "position as asked":
        fields["reason"] = " ".join(reason.split())
        if choice == "object" and not fields["reason"]:
            raise InvalidValue("an objection has its reason, so that the others can answer it")
    return declare(signer, request.kind, fields, at)
