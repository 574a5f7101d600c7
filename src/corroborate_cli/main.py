"""The command's front door. A command's module is loaded when the command is asked for, and not before."""

import os
import sys
from typing import NoReturn

import click

from corroborate import DISTRIBUTION
from corroborate.errors import NO_ROOM, CorroborateError, ExtraMissing, unwritten
from corroborate_cli.helping import speak_as_click
from corroborate_cli.lazy import Place, lazy
from corroborate_cli.speaking import echo, refused, say

# name -> (module in this package, one line for --help)
COMMANDS = {
    "demo": ("demo", "Run the whole chain on an invented population, then serve it."),
    "new": ("new", "Make a vault or a hub with its keys."),
    "import": ("import_", "Take a member's list into a vault."),
    "interview": ("interview", "Record an interview or a paper from a file; take it back."),
    "drafts": ("drafts", "Submit a draft to a second person; read, send back, approve, seal one."),
    "deadlines": ("deadlines", "Show and settle what was promised to sources, and until when they are kept."),
    "files": ("files", "List sealed files; make copies with parts taken out, keep or erase a copy."),
    "double": ("double", "Let two people code one source apart; see how far they agree, settle the rest."),
    "comments": ("comments", "Show and settle what people who work on a source say of it."),
    "imports": ("imports", "List what came in with which file, look into it, take one back."),
    "program": ("program", "Show what another program's export says; write it for a program."),
    "search": ("search", "Find people by any spelling; acts, places, sources and passages by words."),
    "searches": ("searches", "List, rename and delete your saved searches."),
    "show": ("show", "Show a person, an act or a source: who said what of it, and where."),
    "screen": ("screen", "Say which of our people a broadcast, a list or an article may name."),
    "words": ("words", "Say what words of lists mean; code by them what was taken in before."),
    "cases": ("cases", "Open and close cases, file sources in them, say who sees which."),
    "consent": ("consent", "List consents that are not relied on and what left; read a list's consents again."),
    "withdraw": ("withdraw", "Erase what a source told."),
    "correct": ("correct", "Put right a claim that was recorded wrongly, and undo it."),
    "prefer": ("prefer", "Judge which of claims that differ is preferred, and why."),
    "code": ("code", "Mark words of a document's passage and code them as claims."),
    "dedupe": ("dedupe", "Find entries of one list that are the same person."),
    "link": ("link", "Find the same person across lists."),
    "review": ("review", "Judge pairs that may be one person, undo, see how far reviewers agree."),
    "private": ("private", "Link with another member's vault by files, handing over no list."),
    "overlap": ("overlap", "Read an overlap table of any program; write it for another."),
    "estimate": ("estimate", "Estimate how many people no list names."),
    "findings": ("findings", "Show findings against the elements of crimes."),
    "naming": ("naming", "Decide who is named as said to have done something, and to whom."),
    "units": ("units", "List units, which is part of which, and who held which post in them."),
    "proceedings": ("proceedings", "List judgments, complaints, sanctions, and what became of each."),
    "ties": ("ties", "Say which sources do not know independently of one another."),
    "release": ("release", "The door: what goes to whom, what stays and why."),
    "access": ("access", "Let a named person outside read; see what they read, answer, end it."),
    "dossier": ("dossier", "Write the dossier as PDF."),
    "file": ("file", "Write all that a case is filed as: dossiers and submissions, by one plan."),
    "submission": ("submission", "Say what procedures ask for and refuse; write what is filed; track it."),
    "pack": ("pack", "Write an evidence package that a stranger can verify."),
    "verify": ("verify", "Verify a package."),
    "trace": ("trace", "From a figure of a dossier to the claims, sources and sealed items behind it."),
    "log": ("log", "Prove and verify entries of a log; make and witness checkpoints."),
    "members": ("members", "Read members and supporters from a published statement."),
    "statement": ("statement", "Draft, sign and check joint statements."),
    "supporters": ("supporters", "Ask the public to support a text; letters, sheets, erasing."),
    "decision": ("decision", "Count positions on a proposal, and print the minutes."),
    "demand": ("demand", "Show what was asked of whom, and what came of it."),
    "action": ("action", "Enter members' actions; join two entries of one event."),
    "target": ("target", "Keep States' votes and commitments; write letters to them."),
    "publish": ("publish", "Write the public site."),
    "keys": ("keys", "Say what opens a vault: passphrases, security keys, shares on paper."),
    "backup": ("backup", "Make a backup that was restored and checked; plan them."),
    "restore": ("restore", "Make a vault from its backup."),
    "succession": ("succession", "Say who takes the archive over; hand it over, as sources' consents let it go."),
    "export": ("export", "Write everything that a vault holds, in the clear, to leave with it."),
    "move": ("move", "Move the rows into a PostgreSQL, or back into a file."),
    "accounts": ("accounts", "Say who may log in to a vault's or hub's pages, and as what."),
    "tokens": ("tokens", "Make and end tokens, with which programs act for an account."),
    "journal": ("journal", "Show who saw and did what in a vault or hub."),
    "exchange": ("exchange", "Send files to other members, and take theirs in."),
    "serve": ("serve", "Serve a vault or hub on this machine."),
    "doctor": ("doctor", "Check a vault's files, database and log."),
}


_PLACES = {name: Place(module, line) for name, (module, line) in COMMANDS.items()}


@click.group(cls=lazy(_PLACES), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=DISTRIBUTION, prog_name="corroborate")
def group() -> None:
    """Join what independent groups each know into one case that an investigator can verify.

    Exit codes: 0 done, 1 refused or found wrong, 2 misuse.
    """


def main() -> None:
    """Run the command; an error of ours becomes one clear message and exit code 1."""
    speak_as_click()
    try:
        group(standalone_mode=True)
    except CorroborateError as error:
        _refuse(error)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        _refuse_full(error)
    except ModuleNotFoundError as error:
        if (missing := ExtraMissing.of(error)) is None:
            raise
        _refuse(missing)


def _refuse_full(error: OSError) -> NoReturn:
    """A disk that is full, most often of what the output was sent to; what stays unwritten is let go of."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    full = unwritten("what the command prints", error)
    full.remedy = "Make room, or print it elsewhere. What the command did before stands: look before you repeat it."
    _refuse(full)


def _refuse(error: CorroborateError) -> NoReturn:
    what, advice = refused(error)
    say("Error: {what}", what=what, err=True)
    if advice:
        echo(advice, err=True)
    sys.exit(1)
