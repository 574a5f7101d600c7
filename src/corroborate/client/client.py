"""The client: one method an address; lists are read page by page."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlencode

from corroborate.client.coalition_shapes import (
    ActionsSaid,
    DecisionSaid,
    DecisionWhole,
    DemandSaid,
    MemberSaid,
    MemberWhole,
    PostedSaid,
    StatementWhole,
    StatesSaid,
)
from corroborate.client.shapes import (
    About,
    AgreementSaid,
    AlarmSaid,
    Answers,
    CaseSaid,
    CaseWhole,
    ConsentsSaid,
    Corrected,
    CustodySaid,
    DraftSaid,
    EstimateSaid,
    FindingSaid,
    HeldSaid,
    ImportSaid,
    JournalLine,
    JudgementSaid,
    ListHere,
    LogSaid,
    MentionSaid,
    Named,
    Page,
    PairSaid,
    PairWhole,
    PassagesOf,
    Record,
    ReleasePreview,
    ReleaseSaid,
    SourceSaid,
    StatementSaid,
    UploadSaid,
    VerdictSaid,
    WordsKnown,
)
from corroborate.client.wire import Given, Refused, Wire, json_body, multipart
from corroborate.errors import InputRefused, InvalidValue, NotVerified

PART = 8 << 20  # bytes of a bundle that go to a hub at once
_ENCRYPTED = b"age-encryption.org/v1\n"  # https://age-encryption.org/v1


class Client(Wire):
    """A served vault or hub: what its pages do, with a token, over HTTP.

    ``Client(address, token, timeout=60, language="ko")``: see :class:`corroborate.client.wire.Wire`.
    """

    # Who asks

    def about(self) -> About:
        """Which node this is, and what the token may do here."""
        return cast(About, self._asked("GET", "/about"))

    def confirm(self, passphrase: str) -> None:
        """Give the account's passphrase again; for ten minutes the token may do what asks it. Wrong ones count."""
        self._asked("POST", "/confirmation", {"passphrase": passphrase})

    # Records

    def search(self, words: str, kind: str = "", most: int = 20, **narrowed: str) -> dict[str, Answers]:
        """Answers by kind (people, acts, places, sources, passages). ``narrowed``: as the options of the command."""
        asked = {"q": words, "in": kind, "most": most, **{key.rstrip("_"): value for key, value in narrowed.items()}}
        return cast(dict[str, Answers], self._asked("POST", "/search", {k: v for k, v in asked.items() if v}))

    def people(self) -> Iterator[Named]:
        """Everybody whom the token may see, by name; then those without a name. Those of a name: :meth:`search`."""
        return cast(Iterator[Named], self._each("/persons"))

    def sources(self) -> Iterator[SourceSaid]:
        """Sources that the token may see, by id."""
        return cast(Iterator[SourceSaid], self._each("/sources"))

    def record(self, id_: str) -> Record:
        """A person, an act or a source with its claims."""
        return cast(Record, self._asked("GET", f"/records/{_part(id_)}"))

    def correct(self, claim: str, to: str, because: str) -> Corrected:
        """Put a claim right that was recorded wrongly; the old one stays to be read."""
        return cast(
            Corrected,
            self._asked("POST", f"/claims/{_part(claim)}/correction", {"to": to, "because": because}),
        )

    # Lists that come in

    def give(self, file: Path, case: str = "") -> UploadSaid:
        """Give a list, an export or a document. Nothing of it is taken in yet."""
        body, kind = multipart({"case": case}, {"file": (file.name, file.read_bytes())})
        return cast(UploadSaid, self._sent("POST", "/uploads", body, kind))

    def upload(self, id_: str) -> UploadSaid:
        """Where a file that was given stands."""
        return cast(UploadSaid, self._asked("GET", f"/uploads/{_part(id_)}"))

    def choose(self, id_: str, **choices: object) -> UploadSaid:
        """Change what a list is taken for: title, columns, dates, …, as ``choices`` of the upload names them."""
        return cast(UploadSaid, self._asked("POST", f"/uploads/{_part(id_)}/choices", {"choices": choices}))

    def check(self, id_: str) -> UploadSaid:
        """Have every row read; what was found, when it was."""
        return self._worked(id_, "check")

    def take_in(self, id_: str) -> UploadSaid:
        """Have a checked list taken in; its report, when it was."""
        return self._worked(id_, "take-in")

    def import_list(self, file: Path, title: str = "", case: str = "") -> UploadSaid:
        """Give, check and take in, as the program guesses. Raises Refused where the check finds that a person has to
        decide; look at ``found`` of the upload then."""
        one = self.give(file, case)
        if title:
            one = self.choose(one["id"], title=title)
        checked = self.check(one["id"])
        return self.take_in(checked["id"])

    def imports(self) -> Iterator[ImportSaid]:
        """Files that came in, newest first."""
        return cast(Iterator[ImportSaid], self._each("/imports"))

    # Cases, pairs, estimates, the journal

    def cases(self) -> Iterator[CaseSaid]:
        """Cases that the account sees, open ones first."""
        return cast(Iterator[CaseSaid], self._each("/cases"))

    def pairs(self, second: bool = False) -> Iterator[PairSaid]:
        """Pairs that wait for a judgement: ``act("pair.judge", pair=…, verdict="same", why=…)``."""
        return cast(Iterator[PairSaid], self._each("/pairs", {"second": "true" if second else "false"}))

    def held(self) -> Iterator[HeldSaid]:
        """People whom another member holds too: ``act("held.judge", pair=…, verdict="same", why=…)``."""
        return cast(Iterator[HeldSaid], self._each("/held"))

    def estimates(self) -> Iterator[EstimateSaid]:
        """Estimates that were asked for, newest first, without their results."""
        return cast(Iterator[EstimateSaid], self._each("/estimates"))

    def estimate(self, id_: str) -> EstimateSaid:
        """An estimate with its result, or why there is none."""
        return cast(EstimateSaid, self._asked("GET", f"/estimates/{_part(id_)}"))

    def journal(self, about: str = "", by: str = "", asked: str = "") -> Iterator[JournalLine]:
        """Who saw and did what, newest first. ``about``: an id; ``by``: an account; ``asked``: words of a search."""
        page = 1
        while True:
            given = {"about": about, "by": by, "asked": asked, "page": page}
            found = cast(Page[JournalLine], self._asked("POST", "/journal", given))
            yield from found["items"]
            if not found["more"]:
                return
            page += 1

    # Documents, words, consents

    def case(self, id_: str) -> CaseWhole:
        """A case with the first of the sources that are filed in it."""
        return cast(CaseWhole, self._asked("GET", f"/cases/{_part(id_)}"))

    def passages(self, source: str) -> PassagesOf:
        """Passages of a document or an interview, with what was coded from each."""
        return cast(PassagesOf, self._asked("GET", f"/sources/{_part(source)}/passages"))

    def words(self) -> WordsKnown:
        """Words of lists that nobody coded, and those that were taught: ``act("word.code", words=…, acts=[…])``."""
        return cast(WordsKnown, self._asked("GET", "/words"))

    def consents(self) -> ConsentsSaid:
        """Consents that the vault does not rely on, and what left under them."""
        return cast(ConsentsSaid, self._asked("GET", "/consents"))

    def screen(self, text: str) -> list[MentionSaid]:
        """Whom of the vault's people a text may name, and how little that says."""
        return cast(list[MentionSaid], self._asked("POST", "/screenings", {"text": text}))

    def record_interview(
        self, entry: Given, *, transcript: Path | None = None, files: Sequence[Path] = (), cases: Sequence[str] = ()
    ) -> dict[str, object]:
        """Record an interview or a paper, as `corroborate interview --example` shows one; files of 700 KB in all.

        Larger files lie beside a draft: ``act("draft.begin", kind="witness")``, then :meth:`attach`.
        """
        given = {
            "entry": entry,
            "transcript": None if transcript is None else _file(transcript),
            "files": [_file(one) for one in files],
            "cases": list(cases),
        }
        return cast(dict[str, object], self.act("record.enter", **given))

    def drafts(self) -> Iterator[DraftSaid]:
        """What one's own account is typing, newest first."""
        return cast(Iterator[DraftSaid], self._each("/drafts"))

    def draft(self, id_: str) -> DraftSaid:
        """One of one's own drafts."""
        return cast(DraftSaid, self._asked("GET", f"/drafts/{_part(id_)}"))

    def attach(self, draft: str, file: Path, *, passages: bool = False) -> DraftSaid:
        """Lay a file beside a draft, sealed. ``passages``: it is a transcript."""
        body, kind = multipart({}, {"file": (file.name, file.read_bytes())})
        path = f"/drafts/{_part(draft)}/files?{urlencode({'passages': str(passages).lower()})}"
        return cast(DraftSaid, self._sent("POST", path, body, kind))

    # Review, estimates, findings

    def pair(self, number: int, second: bool = False) -> PairWhole:
        """Two entries side by side. ``second``: without what others said, before one's own judgement."""
        return cast(PairWhole, self._asked("GET", f"/pairs/{number}?{urlencode({'second': str(second).lower()})}"))

    def judge(self, pair: int, verdict: str, why: str) -> object:
        """Judge a pair: same, different or unsure; and why."""
        return self.act("pair.judge", pair=pair, verdict=verdict, why=why)

    def judgements(self) -> Iterator[JudgementSaid]:
        """All judgements on pairs, newest first."""
        return cast(Iterator[JudgementSaid], self._each("/judgements"))

    def agreement(self) -> list[AgreementSaid]:
        """How far every two reviewers agree."""
        return cast(list[AgreementSaid], self._asked("GET", "/agreement"))

    def lists(self) -> list[ListHere]:
        """Lists of the vault that can be counted."""
        return cast(list[ListHere], self._asked("GET", "/lists"))

    def make_estimate(self, title: str, **asked: object) -> EstimateSaid:
        """Ask for an estimate from ``lists`` of the vault or a ``table`` in CSV, and wait for its result. Minutes."""
        made = cast(dict[str, str], self.act("estimate.make", title=title, **asked))
        one = self.estimate(made["id"])
        while one["state"] in ("waiting", "running"):
            self._pause(0.5)
            one = self.estimate(made["id"])
        return one

    def compare_estimates(self, *ids: str) -> dict[str, object]:
        """Two estimates or more: what differs in their inputs, and each result."""
        asked = urlencode([("run", one) for one in ids])
        return cast(dict[str, object], self._asked("GET", f"/comparison?{asked}"))

    def findings(self) -> list[FindingSaid]:
        """Elements of crimes against the evidence: claims for and against, independent roots, gaps."""
        return cast(list[FindingSaid], self._asked("GET", "/findings"))

    # Custody

    def custody(self, record: str) -> CustodySaid:
        """What became of a record since it was taken in."""
        return cast(CustodySaid, self._asked("GET", f"/custody/{_part(record)}"))

    def log(self) -> LogSaid:
        """The newest checkpoint of the log, and who cosigned it."""
        return cast(LogSaid, self._asked("GET", "/log"))

    def alarms(self) -> Iterator[AlarmSaid]:
        """What does not fit, open ones first."""
        return cast(Iterator[AlarmSaid], self._each("/alarms"))

    def verify(self, package: Path, policy: Path | None = None) -> VerdictSaid:
        """The verdict on a package, under its own policy or one that is given."""
        files = {"package": package} if policy is None else {"package": package, "policy": policy}
        body, kind = multipart({}, {field: (one.name, one.read_bytes()) for field, one in files.items()})
        return cast(VerdictSaid, self._sent("POST", "/verifications", body, kind))

    # The coalition

    def members(self) -> Iterator[MemberSaid]:
        """Members and supporters, in the order of a hub's register."""
        return cast(Iterator[MemberSaid], self._each("/members"))

    def member(self, label: str) -> MemberWhole:
        """One member, its keys, and everything that stands under its name."""
        return cast(MemberWhole, self._asked("GET", f"/members/{_part(label)}"))

    def admit(self, joined: str, role: str = "member", **details: object) -> str:
        """Take a member in, since a day as known; its label. ``details``: name, kind, country, …"""
        return cast(str, self.act("member.admit", details=details, role=role, joined=joined))

    def statement(self, name: str) -> StatementWhole:
        """A statement: its versions, who answered what, comments, translations, quotes."""
        return cast(StatementWhole, self._asked("GET", f"/statements/{_part(name)}"))

    def start_statement(self, name: str, text: str, language: str = "en") -> StatementWhole:
        """Put up the first draft of a statement."""
        self.act("statement.start", name=name, text=base64.b64encode(text.encode()).decode(), language=language)
        return self.statement(name)

    def on_statement(self, name: str, what: str, **more: object) -> StatementWhole:
        """Have something happen to a statement: draft, resolve, open, extend, close, publish, translate or quote."""
        self.act("statement.carry", name=name, event={"what": what, **more})
        return self.statement(name)

    def statement_file(self, name: str, kind: str, **which: str) -> bytes:
        """A file of a statement: text, request, calendar, translation (language=…) or quote (sha256=…)."""
        return self._raw("GET", f"/statements/{_part(name)}/files/{_part(kind)}?{urlencode(which)}")

    def final_text(self, name: str, form: str = "html", language: str = "") -> bytes:
        """The final text with its signatures: html, txt or pdf."""
        return self._raw("GET", f"/statements/{_part(name)}/final/{_part(form)}?{urlencode({'language': language})}")

    def hand_in(self, *files: tuple[str, bytes]) -> list[dict[str, str]]:
        """Hand in what members signed, each with its file's name; what became of each."""
        given = [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files]
        return cast(list[dict[str, str]], self.act("note.hand-in", files=given))

    def decisions(self) -> Iterator[DecisionSaid]:
        """Questions to members, and what came of each."""
        return cast(Iterator[DecisionSaid], self._each("/decisions"))

    def decision(self, id_: str) -> DecisionWhole:
        """One question: its words, who was asked, who said what."""
        return cast(DecisionWhole, self._asked("GET", f"/decisions/{_part(id_)}"))

    def demands(self) -> list[DemandSaid]:
        """Everything that is asked, criterion by criterion."""
        return cast(list[DemandSaid], self._asked("GET", "/demands"))

    def actions(self) -> ActionsSaid:
        """Members' actions, newest first, and pairs that may be one event."""
        return cast(ActionsSaid, self._asked("GET", "/actions"))

    def states(self) -> StatesSaid:
        """Every State that something is known of, and all votes."""
        return cast(StatesSaid, self._asked("GET", "/states"))

    # The mailbox of a hub

    def mailbox(self) -> Iterator[PostedSaid]:
        """Bundles that one's own organisation sent and those for it, the newest first."""
        return cast(Iterator[PostedSaid], self._each("/mailbox"))

    def posted(self, id_: str) -> PostedSaid:
        """One of them."""
        return cast(PostedSaid, self._asked("GET", f"/mailbox/{_part(id_)}"))

    def post_bundle(self, file: Path, to: str, told: Callable[[int], object] = lambda _here: None) -> PostedSaid:
        """Post an encrypted bundle for another member. What was begun before goes on where it stopped.

        ``told``: is told how many bytes are there after each part. Raises InvalidValue for a file in the clear: the hub
        is told nothing of it, for its digest would tell whoever has the file that it is this one.
        """
        with file.open("rb") as content:
            if content.read(len(_ENCRYPTED)) != _ENCRYPTED:
                raise InvalidValue("this is no encrypted bundle (age): `corroborate exchange send` writes one")
            content.seek(0)
            digest, size = hashlib.file_digest(content, "sha256").hexdigest(), file.stat().st_size
            one = cast(PostedSaid, self._asked("POST", "/mailbox", {"to": to, "size": size, "sha256": digest}))
            told(one["here"])
            while one["state"] == "coming":
                content.seek(one["here"])
                body, kind = multipart({}, {"part": (file.name, content.read(PART))})
                path = f"/mailbox/{_part(one['id'])}/parts?{urlencode({'start': one['here']})}"
                try:
                    one = cast(PostedSaid, self._sent("POST", path, body, kind))
                except Refused as error:
                    if error.code != "wrong-place":
                        raise
                    one = self.posted(one["id"])  # the answer to a part was lost, and the part was not
                told(one["here"])
        return one

    def take_bundle(self, one: PostedSaid, out: Path, told: Callable[[int], object] = lambda _here: None) -> None:
        """Write a bundle that waits for one's own organisation into a new file. The hub keeps it until :meth:`taken`.

        What lies in ``OUT.part`` from before is gone on with. Raises NotVerified where it is not what was posted.
        """
        begun = out.with_name(f"{out.name}.part")
        with begun.open("ab") as into:
            while (here := into.tell()) < one["size"]:
                found = self._raw("GET", f"/mailbox/{_part(one['id'])}/parts?{urlencode({'start': here})}")
                if not found:
                    break
                into.write(found)
                told(into.tell())
        with begun.open("rb") as content:
            whole = hashlib.file_digest(content, "sha256").hexdigest() == one["sha256"]
        if not whole:
            begun.unlink()
            raise NotVerified("what came of {id} is not what was posted, and was erased: take it again", id=one["id"])
        if out.exists():
            raise InputRefused("{out} is there already", out=out)
        begun.rename(out)  # a stick knows no second name for a file

    def taken(self, id_: str) -> PostedSaid:
        """Say that one's own organisation has a bundle: the hub erases it."""
        return cast(PostedSaid, self._asked("POST", f"/mailbox/{_part(id_)}/taken", {}))

    def take_back(self, id_: str) -> None:
        """Erase at the hub what one's own organisation posted and nobody took yet."""
        self._asked("DELETE", f"/mailbox/{_part(id_)}")

    # What leaves

    def preview(self, audience: str, **asked: object) -> ReleasePreview:
        """What a release would hold, and what would stay and why. Nothing is made."""
        return cast(ReleasePreview, self._asked("POST", "/releases/preview", {"audience": audience, **asked}))

    def make_release(self, audience: str, **asked: object) -> ReleaseSaid:
        """Make a release: kept and sealed. Nothing has left by that. Where names go, a second person confirms it."""
        return cast(ReleaseSaid, self._asked("POST", "/releases", {"audience": audience, **asked}))

    def releases(self) -> Iterator[ReleaseSaid]:
        """Releases, newest first."""
        return cast(Iterator[ReleaseSaid], self._each("/releases"))

    def release(self, number: int) -> ReleaseSaid:
        """A release with what became of it."""
        return cast(ReleaseSaid, self._asked("GET", f"/releases/{number}"))

    def release_file(self, number: int, form: str, to: str = "") -> bytes:
        """A release as a file: json, dossier, package, ftm, uwazi or bayanat. It is kept that it was given."""
        return self._raw("POST", f"/releases/{number}/files", *json_body({"form": form, "to": to}))

    def statements(self) -> Iterator[StatementSaid]:
        """Joint statements, the one that changed last first."""
        return cast(Iterator[StatementSaid], self._each("/statements"))

    # Everything else

    def act(self, name: str, /, **given: object) -> object:
        """Do an act by its name in *who may do what*, such as ``case.open``; what it gave back."""
        return self._asked("POST", f"/acts/{_part(name)}", given)["result"]

    def _worked(self, id_: str, what: str) -> UploadSaid:
        one = cast(UploadSaid, self._asked("POST", f"/uploads/{_part(id_)}/{what}", {}))
        while one["state"] in ("waiting", "running"):
            self._pause(0.2)
            one = self.upload(id_)
        if one["state"] in ("failed", "interrupted", "cancelled"):
            why = str((one["report"] or {}).get("wrong", "")) or f"it ended as {one['state']}"
            raise Refused({"detail": f"{one['name']}: {why}", "code": "upload-failed"}, 409)
        return one


def _part(words: str) -> str:
    """A part of an address: an id, or a name of a statement or member."""
    return quote(words, safe="")


def _file(path: Path) -> dict[str, str]:
    return {"name": path.name, "content": base64.b64encode(path.read_bytes()).decode()}
