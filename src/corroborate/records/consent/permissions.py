"""What a source allows: use by audience, from one day until another, in whose right. Silence is "no"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self, cast

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records.claims import Claim, Reference, Term
from corroborate.records.consent.reading import says_no
from corroborate.records.schema import free_words, of_sensitivity
from corroborate.values import JSON, canonical, checked_id

Use = Literal["hold", "link", "count", "quote", "name"]
Audience = Literal["own", "coalition", "named body", "public"]
Right = Literal["unknown", "self", "parent", "next of kin", "representative"]
USES: tuple[Use, ...] = ("hold", "link", "count", "quote", "name")
AUDIENCES: tuple[Audience, ...] = (
    "own",
    "coalition",
    "named body",
    "public",
)  # from the narrowest to the widest
RIGHTS: tuple[Right, ...] = ("unknown", "self", "parent", "next of kin", "representative")
# What was done to somebody's body: told only under that person's own consent, whoever else allows it.
BODY = ("sexual", "reproductive", "health", "integrity.medical_experiment", "life.infanticide")
# ``told``: words that no field holds, or that say more than what was read from them. Nobody has read them for this.
BODY_PROPERTIES = (*of_sensitivity("body"), "told")
# Somebody's own words, which a person can read and name in a release: they may tell of a body or of others.
WORDS = tuple(one for one in free_words() if one not in BODY_PROPERTIES)
UNWRITTEN = "read from a list by an earlier version, which did not keep its words and took some refusals for a yes"
_DIGEST = re.compile(r"(?:[0-9a-f]{64})?")


@dataclass(frozen=True, slots=True)
class Consent:
    """A permission for some uses of what a source told, before one audience.

    ``body`` names the one body of ``named body``. Records written before version 2 do not say whose consent it is:
    nobody's, then, of whom something bodily is told.
    """

    id: str
    source: str
    uses: frozenset[Use]
    audience: Audience
    begins: date
    ends: date | None = None  # last day on which it holds
    withdrawn: date | None = None  # first day on which it no longer holds
    body: str = ""
    subject: str = ""  # whose it is: the person's entity, or the source itself; "": not said
    right: Right = "unknown"  # in what right whoever gave it did so
    given_by: str = ""  # who gave it, as the record calls them
    asked: str = ""  # how it was asked: aloud, on a form, a list's column
    language: str = ""  # BCP 47, of the asking
    conditions: str = ""  # while any stand, nothing leaves the vault under this consent
    proof: str = ""  # SHA-256 in hex of a scan or recording
    words: str = ""  # that it was read from
    blocked: str = ""  # why the vault no longer relies on it; no part of the sealed record
    version: int = 2
    origin: str = ""  # the member that sent it, where one did; no part of the sealed record

    def __post_init__(self) -> None:
        checked_id(self.id)
        checked_id(self.source)
        if self.subject:
            checked_id(self.subject)
        if unknown := self.uses - set(USES):
            raise InvalidValue("no such use: {listed}", listed=", ".join(sorted(unknown)))
        if self.audience not in AUDIENCES:
            raise InvalidValue("no such audience: {audience}", audience=self.audience)
        if self.right not in RIGHTS:
            raise InvalidValue("no such right: {right}; there are {listed}", right=self.right, listed=", ".join(RIGHTS))
        if (self.audience == "named body") != bool(self.body):
            raise InvalidValue("a consent for a named body must name it, and only such a consent does")
        if _DIGEST.fullmatch(self.proof) is None:
            raise InvalidValue("the proof of a consent is the SHA-256 of a scan or recording, in hex")
        if self.version not in (1, 2):
            raise InvalidValue("a consent of version {version} was written by a later program", version=self.version)

    def holds(self, use: Use, audience: Audience, on: date, body: str = "") -> bool:
        """Whether this consent allows the use before the audience on the day.

        A wider audience includes ``own`` and ``coalition``, never a named body: a body is always asked for by name.
        ``coalition`` with a ``body`` is that one member of it, whom a consent may name.
        """
        if use not in self.uses or on < self.begins:
            return False
        if (self.ends is not None and on > self.ends) or (self.withdrawn is not None and on >= self.withdrawn):
            return False
        if audience != "own" and (self.conditions or self.blocked):
            return False
        if audience == "named body":
            return self.audience == "public" or (self.audience == "named body" and self.body == body)
        if self.audience == "named body":
            return audience == "own" or (audience == "coalition" and bool(body) and self.body == body)
        return AUDIENCES.index(audience) <= AUDIENCES.index(self.audience)

    def canonical(self) -> bytes:
        """The bytes that are sealed: as the version that wrote them did."""
        record: dict[str, JSON] = {
            "version": self.version,
            "id": self.id,
            "source": self.source,
            "uses": [use for use in USES if use in self.uses],
            "audience": self.audience,
            "body": self.body,
            "begins": self.begins.isoformat(),
            "ends": None if self.ends is None else self.ends.isoformat(),
            "withdrawn": None if self.withdrawn is None else self.withdrawn.isoformat(),
        }
        if self.version > 1:
            record |= {
                "subject": self.subject, "right": self.right, "given_by": self.given_by, "asked": self.asked,
                "language": self.language, "conditions": self.conditions, "proof": self.proof, "words": self.words,
            }  # fmt: skip
        return canonical(record)

    @classmethod
    def from_record(cls, record: Mapping[str, JSON]) -> Self:
        """What :meth:`canonical` wrote, of any version. Raises InvalidValue."""
        try:
            version = record["version"]
            told = ("subject", "right", "given_by", "asked", "language", "conditions", "proof", "words")
            more = {key: str(record[key]) for key in told} if version != 1 else {}
            uses = cast("list[Use]", record["uses"])
            begins, ends, withdrawn = (_day(record[key]) for key in ("begins", "ends", "withdrawn"))
            if begins is None or not isinstance(version, int):
                raise InvalidValue("a consent without version or first day")
            return cls(
                str(record["id"]), str(record["source"]), frozenset(uses), cast("Audience", record["audience"]),
                begins, ends, withdrawn, str(record["body"]), version=version, **more,  # type: ignore[arg-type]
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidValue("this is no record of a consent: {error}", error=error) from error


def _day(text: JSON) -> date | None:
    return None if text is None else date.fromisoformat(str(text))


@dataclass(frozen=True, slots=True)
class Permissions:
    """The one thing that is asked before something leaves: all consents, before one audience, on one day.

    ``body``: the one body of ``named body``; with ``coalition``, the one member of it that is asked about.
    ``also``: a second day on which each must hold, for what is handed over later than it is made.
    """

    by_source: Mapping[str, tuple[Consent, ...]]
    audience: Audience
    on: date
    body: str = ""
    also: date | None = None

    @classmethod
    def of(
        cls, consents: Iterable[Consent], audience: Audience, on: date, body: str = "", also: date | None = None
    ) -> Self:
        if audience not in AUDIENCES:
            raise InvalidValue("no such audience: {audience}", audience=audience)
        if (audience == "named body" and not body) or (body and audience not in ("named body", "coalition")):
            raise InvalidValue("a named body must be named, and only such an audience, or a member of a coalition, is")
        found: dict[str, list[Consent]] = {}
        for consent in consents:
            found.setdefault(consent.source, []).append(consent)
        return cls({source: tuple(given) for source, given in found.items()}, audience, on, body, also)

    def _holding(self, use: Use, source: str) -> list[Consent]:
        days = (self.on,) if self.also is None else (self.on, self.also)
        return [
            one
            for one in self.by_source.get(source, ())
            if all(one.holds(use, self.audience, day, self.body) for day in days)
        ]

    def allows(self, use: Use, source: str) -> bool:
        """Whether the source allows the use. No consent at all is "no"."""
        return bool(self._holding(use, source))

    def under(self, use: Use, source: str) -> Consent | None:
        """The consent under which the use is allowed: of several, the one that holds longest. None: it is not."""
        return max(self._holding(use, source), key=lambda one: (one.ends or date.max, one.id), default=None)

    def uses_of(self, consent: Consent) -> frozenset[Use]:
        """What one consent allows before this audience on the day."""
        return frozenset(use for use in consent.uses if consent.holds(use, self.audience, self.on, self.body))

    def until(self, use: Use, source: str) -> date | None:
        """The last day on which the use is allowed; None: no end is set, or it is not allowed."""
        holding = self._holding(use, source)
        ends = [one.ends for one in holding if one.ends is not None]
        return max(ends) if ends and len(ends) == len(holding) else None

    def refuses(self, source: str) -> bool:
        """Whether the source said no to a name being told, or withdrew its leave, and allows it nowhere else.

        Silence, and what nobody understood, is no leave either; it does not speak against another source's yes.
        """
        if self.allows("name", source):
            return False
        return any(
            says_no(consent.words)
            or ("name" in consent.uses and consent.withdrawn is not None and consent.withdrawn <= self.on)
            for consent in self.by_source.get(source, ())
        )

    def own(self, use: Use, subjects: Iterable[str], source: str) -> bool:
        """Whether each of these people allows the use of what a source told, every one in their own right. Of nobody:
        no. What a member says that somebody allowed opens that member's sources alone: only they asked them."""
        wanted, member = set(subjects), self._origin(source)
        sources = [each for each, given in self.by_source.items() if any(one.subject in wanted for one in given)]
        given_ = {
            one.subject
            for each in sources
            for one in self._holding(use, each)
            if one.right == "self" and one.origin in ("", member)
        }
        return bool(wanted) and wanted <= given_

    def _origin(self, source: str) -> str:
        """The member that let us have a source; empty for our own, and where nobody allowed anything of it."""
        return next((one.origin for one in self.by_source.get(source, ())), "")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Which claims may leave: what their source allows, and of a body what that person allows.

    ``victims``: act -> the people it was done to. A claim of a body about nobody in particular does not leave.
    """

    permissions: Permissions
    victims: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, permissions: Permissions, claims: Iterable[Claim]) -> Self:
        found: dict[str, set[str]] = {}
        for claim in claims:
            if claim.property == "victim" and isinstance(claim.value, Reference):
                found.setdefault(claim.subject, set()).add(claim.value.entity)
        return cls(permissions, {act: frozenset(people) for act, people in found.items()})

    def allows(self, use: Use, claim: Claim) -> bool:
        """Whether this claim may leave for this use."""
        if not self.permissions.allows(use, claim.source):
            return False
        return not of_body(claim) or self.own(use, claim)

    def own(self, use: Use, claim: Claim) -> bool:
        """Whether those whom a claim is about allow the use, every one in their own right."""
        return self.permissions.own(use, self._whose(claim), claim.source)

    def _whose(self, claim: Claim) -> frozenset[str]:
        if claim.subject in self.victims:
            return self.victims[claim.subject]
        return frozenset() if claim.property == "violation" else frozenset({claim.subject})


def of_body(claim: Claim) -> bool:
    """Whether a claim tells what was done to somebody's body, in the kinds that nobody else can consent to."""
    value = claim.value
    told = isinstance(value, Term) and value.vocabulary == "violations" and value.id.startswith(BODY)
    return told or claim.property in BODY_PROPERTIES


def leaving_day(on: date | None, at: datetime, last: datetime | None) -> date:
    """The day on which consent is asked for something that leaves: today, or a later one.

    ``at``: now. ``last``: the newest entry of the log. A consent that ended cannot be had back by naming the past, nor
    by a clock that was set back: both raise NotAllowed.
    """
    checked_clock(at, last)
    if on is not None and on < at.date():
        raise NotAllowed(
            "nothing leaves on a day that is over ({on}): consent counts as it stands today", on=on.isoformat()
        )
    return at.date() if on is None else on


def checked_clock(at: datetime, last: datetime | None) -> None:
    """Refuse to decide on consent by a clock that is earlier than what the log has seen already."""
    if last is not None and at < last:
        raise NotAllowed(
            "this machine's clock says {at:%Y-%m-%d %H:%M} UTC, but the log's last entry is of {last:%Y-%m-%d %H:%M} "
            "UTC: set the clock right; consent that has ended would seem to hold",
            at=at,
            last=last,
        )
