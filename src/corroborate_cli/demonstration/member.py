"""One member's process: it has one vault open, answers one line of JSON for each line it is asked, and ends with its
input. What it can do are the same acts as the commands do."""

import base64
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from corroborate.coalition import Round, Version, lifecycle, memberships, sign
from corroborate.coalition.final import Signatory, final, statement_html, statement_text
from corroborate.coalition.key_proofs import WAIT
from corroborate.coalition.lifecycle import Statement
from corroborate.custody import Policy, Verifier, enrolment
from corroborate.disclosure import read_signed
from corroborate.errors import CorroborateError
from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.records import Term
from corroborate.site import SiteOptions, publish
from corroborate.tables import File
from corroborate.values import PartialDate
from corroborate.vocabulary import load
from corroborate_cli.demonstration.chance import Chance
from corroborate_cli.demonstration.passphrases import of_keeper
from corroborate_cli.demonstration.people import two_people
from corroborate_cli.desks import opened
from corroborate_node import api
from corroborate_node.coalition.advocacy import actions
from corroborate_node.coalition.advocacy import queries as advocacy_queries
from corroborate_node.coalition.campaign import actions as campaign
from corroborate_node.core.desk import Desk, owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions
from corroborate_node.records import coming, imports
from corroborate_node.records import queries as records_queries
from corroborate_node.release import giving, making
from corroborate_node.review import api as review
from corroborate_node.review.values import Proposed

Answer = dict[str, Any]
OPEN_FOR = timedelta(days=30)  # how long the demonstration's round takes answers


def create(folder: Path, passphrase: str, name: str, hub: bool, chance: Callable[[int], bytes]) -> None:
    api.create_vault(folder, name, passphrase, hub=hub, account_passphrase=of_keeper(passphrase), entropy=chance)


def take(vault: Any, chance: Callable[[int], bytes], *, file: str, title: str, at: str, latest: int) -> Answer:
    """Take the member's list in, all or nothing, and seal every record."""
    table = read_table(Path(file))
    reading = person_entries(table, checked_mapping(table, {}), title, latest=latest)
    moment = datetime.fromisoformat(at)
    desk, digest = owner(vault, moment, chance), sha256(Path(file).read_bytes()).hexdigest()
    asked = coming.Asked(title, "demonstration", moment, agreed=True, entropy=chance)
    laid = coming.of_list(desk, table, reading, asked, digest)
    done = imports.receive(desk, laid, imports.Given(File.of(Path(file)), digest, {"agreed": True}))
    people = imports.people_of(done.number)
    return {
        "rows": len(reading.entries), "rejected": len(reading.rejected), "claims": done.claims, "size": done.size,
        "encoding": table.encoding, "people": {str(row): person for row, person in people.items()},
    }  # fmt: skip


def checkpoint(vault: Any, _chance: Any, *, at: str) -> Answer:
    note = log_actions.checkpoint(owner(vault, datetime.fromisoformat(at)))
    return {"note": note.decode(), "key": str(vault.signer.verifier())}


def cosign(vault: Any, _chance: Any, *, note: str, key: str, at: str) -> Answer:
    line = api.cosign(vault, note.encode(), log=Verifier.parse(key), at=datetime.fromisoformat(at))
    return {"line": line}


def enrol(vault: Any, _chance: Any, *, at: str) -> Answer:
    """The member's own enrolment, and the words that it reads aloud to the others."""
    key = vault.signer.verifier()
    note = enrolment.propose(enrolment.Enrolment(vault.name, vault.name, key, datetime.fromisoformat(at)), vault.signer)
    return {"note": note.decode(), "words": " ".join(enrolment.fingerprint_words(key))}


def countersign(vault: Any, _chance: Any, *, note: str, heard: str) -> Answer:
    return {"note": enrolment.countersign(note.encode(), vault.signer, heard).decode()}


def admit(vault: Any, chance: Any, *, note: str, at: str) -> Answer:
    log_actions.admit(owner(vault, datetime.fromisoformat(at), chance), note.encode())
    return {}


def add(vault: Any, _chance: Any, *, lines: list[str], keys: list[str]) -> Answer:
    return {
        "note": log_actions.add_cosignatures(
            owner(vault, datetime.now(UTC)), lines, [Verifier.parse(key) for key in keys]
        ).decode()
    }


def sign_on(vault: Any, _chance: Any, *, statement: str, number: int, text: str, choice: Any, at: str) -> Answer:
    """The member's own key, and nobody else's, signs the exact text."""
    version = Version(statement, number, text.encode())
    return {"note": sign(vault.signer, version, choice, datetime.fromisoformat(at)).decode()}


def final_statement(
    vault: Any, _chance: Any, *, statement: str, number: int, text: str, keys: dict[str, str], notes: list[str], at: str
) -> Answer:
    """The hub seals the final text that a stranger can verify; ``keys``: name as shown -> the member's verifier key."""
    moment, members = datetime.fromisoformat(at), {name: Verifier.parse(key) for name, key in keys.items()}
    round_ = Round(members).propose(Version(statement, number, text.encode()))
    round_, _ = round_.receive_all([note.encode() for note in notes], moment)
    state = Statement(round_, "published", published=moment)
    page = final(state, {name: Signatory(name) for name in members}, vault.signer, moment)
    return {"html": statement_html(page).decode(), "text": statement_text(page).decode()}


def carry(
    hub: Any,
    chance: Any,
    *,
    members: list[dict[str, Any]],
    versions: list[str],
    notes: list[list[str]],
    name: str,
    at: str,
) -> Answer:
    """A living round on the hub: its members with their keys, by two people and the time that a key waits; the text in
    its versions, each with the answers to it. It stays open, so that it can be gone on with."""
    moment = datetime.fromisoformat(at)
    labels = _register(hub, chance, members, moment - WAIT)
    desk = owner(hub, moment, chance)
    campaign.start(desk, name, versions[0].encode(), "en")
    campaign.on_statement(desk, name, lifecycle.Opened(moment, moment + OPEN_FOR))
    refused: list[str] = []
    for number, (text, answers) in enumerate(zip(versions, notes, strict=True), 1):
        then = owner(hub, moment + timedelta(seconds=number), chance)
        if number > 1:
            campaign.on_statement(then, name, lifecycle.Drafted(Version(name, number, text.encode())))
        outcomes = campaign.take_in(
            then, [(f"answer-{at_}.signed", note.encode()) for at_, note in enumerate(answers, 1)]
        )
        refused += [one.refused for one in outcomes if one.refused]
    return {"members": labels, "refused": refused}


def _register(hub: Any, chance: Any, members: list[dict[str, Any]], at: datetime) -> list[str]:
    """Members with the keys that two people heard of: from a week later on these speak for them."""
    first, second = (Desk(hub, one, at, chance) for one in two_people(hub, chance, at))
    given = [
        (
            memberships.Details(one["name"], "organisation", one["country"], languages=(one["language"],)),
            "member",
            PartialDate(at.year),
            True,
            "",
        )
        for one in members
    ]
    labels = campaign.admit_all(first, given)
    for label, one in zip(labels, members, strict=True):
        campaign.introduce_key(first, label, one["note"].encode())
        campaign.second_key(second, label, one["words"])
    return labels


def evidence(vault: Any, _chance: Any) -> Answer:
    """What the coalition's agreement lets out: names, violations and victims, with sources and consents."""
    wanted = ("name", "victim", "violation", "no_violation")
    return {
        "claims": [claim.record() for claim in list(records_queries.claims(wanted))],
        "sources": [json.loads(one.canonical()) for one in records_queries.sources().values()],
        "consents": [json.loads(one.canonical()) for one in records_queries.consents()],
    }


def publish_site(hub: Any, _chance: Any, *, release: str, out: str) -> Answer:
    """The site of a member's release under the hub's signature. The addresses are reserved ones (RFC 2606)."""
    made, where = read_signed(Path(release).read_bytes()), "coalition.example"
    giving.check_signer(hub, made.key)
    signer = hub.signer
    options = SiteOptions(f"https://{where}", f"mailto:security@{where}", signer.verifier(), signer.line)
    return {"changed": publish(made.release, Path(out), options)}


def act(vault: Any, _chance: Any, *, at: str) -> Answer:
    """Invented actions of the demonstration's members, two of them perhaps one event."""
    from corroborate_cli.demonstration.initiatives import initiatives

    moment = datetime.fromisoformat(at)
    for one in initiatives(moment.date()):
        actions.enter(owner(vault, moment), one, invented=True)
    return {"actions": len(advocacy_queries.campaign().actions)}


def keep(vault: Any, _chance: Any, *, kind: str, document: Any, at: str, invented: bool) -> Answer:
    records_actions.keep(owner(vault, datetime.fromisoformat(at)), kind, document, invented=invented)
    return {}


def propose(vault: Any, _chance: Any, *, pairs: list[list[Any]], at: str) -> Answer:
    """Let pairs of the member's own people that may be one person wait for a reviewer."""
    done = review.load(
        vault, [Proposed(*pair) for pair in pairs], "the demonstration's linkage", datetime.fromisoformat(at)
    )
    return {"waiting": done.new}


def pack(vault: Any, chance: Any, *, out: str, at: str, policy: str, crime: str, most: int) -> Answer:
    """A package of the acts that may be one crime, and of the people they were done to."""
    violations = load("violations")
    possible = (
        one.subject
        for one in records_queries.claims(["violation"])
        if isinstance(one.value, Term) and crime in violations[one.value.id].more["crimes"]
    )
    acts = set(islice(possible, most))
    about = ("victim", "violation", "no_violation", "date", "facility")
    chosen = {claim.id for claim in records_queries.claims(about) if claim.subject in acts}
    moment = datetime.fromisoformat(at)
    number = _released(vault, chance, moment, frozenset(chosen))
    desk = owner(vault, moment, chance)
    done = giving.package(desk, number, Path(out), giving.Packing(Policy.parse(policy)))
    return {"shown": done.shown, "withheld": done.withheld, "release": number}


def _released(vault: Any, chance: Any, at: datetime, claims: frozenset[str]) -> int:
    """A release to the public that one account makes and another person confirms."""
    first, second = (Desk(vault, one, at, chance) for one in two_people(vault, chance, at))
    number = making.make(first, making.Asked("public", title="Acts that may be one crime", claims=claims))
    if making.known(number).needs_second:
        making.confirm(second, number)
    return number


JOBS: dict[str, Callable[..., Answer]] = {
    "take": take, "checkpoint": checkpoint, "cosign": cosign, "add": add, "sign_on": sign_on, "evidence": evidence,
    "keep": keep, "pack": pack, "propose": propose, "act": act, "publish_site": publish_site,
    "enrol": enrol, "countersign": countersign, "admit": admit, "final_statement": final_statement,
    "carry": carry,
}  # fmt: skip


def main() -> None:
    """Arguments as the first line: folder, name, passphrase, hub, seed (or null for real chance)."""
    first = json.loads(sys.stdin.readline())
    chance: Callable[[int], bytes] = os.urandom if first["seed"] is None else Chance(f"{first['seed']} {first['name']}")
    folder = Path(first["folder"])
    try:
        if not folder.exists():
            create(folder, first["passphrase"], first["name"], first["hub"], chance)
        # its marks stay with it: two demonstrations from one seed have the same keys, and are no copies of one another
        with opened(folder, secret=first["passphrase"], marks=folder.parent / "marks") as vault:
            _say({"done": {"key": str(vault.signer.verifier())}})
            for line in sys.stdin:
                job = json.loads(line)
                _say({"done": JOBS[job.pop("do")](vault, chance, **job)})
    except CorroborateError as error:
        _say({"refused": str(error), "remedy": error.remedy})
        sys.exit(1)


def _say(answer: Answer) -> None:
    sys.stdout.write(base64.b64encode(json.dumps(answer).encode()).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
