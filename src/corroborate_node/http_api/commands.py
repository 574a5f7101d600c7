"""Which shape each command prints with `--json`; or where its keys are told. A test runs them against the document."""

from collections.abc import Mapping
from typing import Any

from corroborate.client import coalition_shapes as coalition
from corroborate.client import command_shapes as commands
from corroborate.client import shapes

_MEASURED = "not: what it measured is as its docs say; programs of the library give the same values"
_OF_FILES = "not: it reads files on this machine, and no vault"
_BUNDLES = (
    "not: what bundles of other members bring is as docs/how-to/share-records.md says, and the page Received shows"
)
_SENT = "not: it says which files it wrote or read on this machine"

COMMANDS: Mapping[str, Any] = {
    "access grant": shapes.GrantSaid,
    "access link": shapes.GrantHanded,
    "access list": list[shapes.GrantSaid],
    "access seen": list[shapes.GrantSeen],
    "access show": shapes.GrantWhole,
    "accounts list": list[commands.AccountSaid],
    "action history": list[coalition.ActionBefore],
    "action list": coalition.ActionsSaid,
    "backup": _SENT,
    "cases list": list[shapes.CaseListed],
    "code": shapes.PassagesOf | commands.CodingDone,
    "comments": list[shapes.RemarkSaid],
    "consent list": shapes.ConsentsSaid,
    "consent reread": _SENT,
    "correct": commands.CorrectionDone,
    "decision minutes": commands.Minutes,
    "dedupe": _MEASURED,
    "deadlines": list[shapes.DeadlineSaid],
    "files": list[shapes.FileSaid],
    "demand": list[coalition.DemandSaid],
    "demand show": coalition.DemandSaid,
    "demo": _SENT,
    "doctor": list[commands.CheckSaid],
    "double assign": shapes.DoubleCoding,
    "double code": shapes.DoubleCoding,
    "double list": list[shapes.DoubleCoding],
    "double resolve": commands.DraftStep,
    "double show": shapes.DoubleCompared,
    "drafts approve": commands.DraftStep,
    "drafts assign": commands.DraftStep,
    "drafts comment": commands.DraftStep,
    "drafts list": list[shapes.DraftWaiting],
    "drafts retract": commands.DraftStep,
    "drafts return": commands.DraftStep,
    "drafts seal": commands.InterviewRecorded,
    "drafts settle": commands.DraftStep,
    "drafts show": shapes.DraftRead,
    "drafts submit": commands.DraftStep,
    "estimate": "not: docs/reference/estimate.schema.json is its schema",
    "exchange inbox": _BUNDLES,
    "exchange inbox accept": _BUNDLES,
    "exchange inbox show": _BUNDLES,
    "exchange receive": _SENT,
    "export": _SENT,
    "file": _SENT,
    "findings": list[shapes.FindingSaid],
    "findings assess": shapes.JudgedDone,
    "findings hear": "not: which notes it took in; a release shows them",
    "findings matrix": shapes.MatrixSaid,
    "findings show": shapes.FindingWhole,
    "findings take-back": shapes.JudgedDone,
    "findings weigh": shapes.JudgedDone,
    "import": "not: what a list holds is as docs/reference/cells.md says",
    "imports list": list[shapes.ImportSaid],
    "imports show": commands.ImportWhole,
    "imports undo": commands.ImportUndone,
    "interview": commands.InterviewRecorded
    | commands.InterviewChecked
    | commands.InterviewsRecorded
    | commands.InterviewsChecked
    | commands.EntryTakenBack,
    "journal": list[shapes.JournalLine],
    "keys list": list[commands.SlotSaid],
    "link": _MEASURED,
    "log check": _SENT,
    "log verify": _SENT,
    "members": list[commands.MemberRead],
    "move": _SENT,
    "new": commands.VaultMade,
    "pack": _SENT,
    "prefer": commands.PreferenceDone,
    "private decide": _SENT,
    "private encode": _SENT,
    "private judge": commands.JudgementMade,
    "private learn": _SENT,
    "private match": _SENT,
    "private numbers compare": _SENT,
    "private undo": commands.JudgementTakenBack,
    "program": _SENT,
    "publish": _SENT,
    "release list": list[shapes.ReleaseSaid],
    "release make": commands.ReleasePreviewed | commands.ReleaseMade,
    "release show": commands.ReleaseShown,
    "release write": _SENT,
    "review agreement": list[shapes.AgreementSaid],
    "review audit draw": _MEASURED,
    "review audit take": _MEASURED,
    "review find": commands.PairsTaken,
    "review judge": commands.JudgementMade,
    "review list": list[commands.WaitingPair],
    "review load": commands.PairsTaken,
    "review part": commands.PeopleParted,
    "review undo": commands.JudgementTakenBack,
    "restore": _SENT,
    "screen": list[shapes.MentionSaid],
    "search": dict[str, shapes.Answers],
    "searches": list[shapes.SearchSaved],
    "show": shapes.Record,
    "statement remind": "not: letters, for a person to read",
    "statement verify": shapes.VerdictSaid,
    "succession hand-over": commands.HandedOver,
    "succession show": commands.SuccessionSaid,
    "submission check": _OF_FILES,
    "submission list": _OF_FILES,
    "submission show": _OF_FILES,
    "target list": list[coalition.VoteSaid],
    "target votes": commands.VotesRead,
    "ties add": shapes.TieSaid,
    "ties list": list[shapes.TieSaid],
    "ties take-back": shapes.TieSaid,
    "tokens list": list[commands.TokenSaid],
    "tokens make": commands.TokenMade,
    "trace": _OF_FILES,
    "verify": shapes.VerdictSaid,
    "withdraw": commands.Withdrawn,
    "words list": shapes.WordsKnown,
}


def offered() -> dict[str, Any]:
    """Commands whose `--json` has a shape, each with it."""
    return {name: shape for name, shape in COMMANDS.items() if not isinstance(shape, str)}
