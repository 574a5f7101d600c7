"""From the coalition's evidence to one release, and from the release to dossier and site."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from corroborate.cases import Finding, findings
from corroborate.coalition import Action, Demand, Event, Member, Round
from corroborate.coalition.final import Final
from corroborate.custody import write_file
from corroborate.disclosure import Order, Records, Results, countable, release
from corroborate.dossier import write_dossier
from corroborate.errors import NotAllowed
from corroborate.estimation import Estimate
from corroborate.records import Claim, Consent, Source
from corroborate.site import SiteOptions
from corroborate.site import publish as write_site
from corroborate.values import OverlapTable
from corroborate_cli.demonstration import statements

TITLE = "What is known, and what is not (demonstration)"
COALITION = "Coalition of the demonstration"


def evidence_of(
    claims: Sequence[Claim], sources: Mapping[str, Source], consents: Sequence[Consent], same: Mapping[str, str]
) -> Records:
    """All that members agreed to bring together."""
    return Records(tuple(claims), sources, tuple(consents), same)


def findings_of(evidence: Records) -> tuple[Finding, ...]:
    """Findings over all members' claims, by independent roots."""
    return findings(evidence.claims, evidence.sources, evidence.same)


def publish(
    folder: Path,
    on: date,
    members: Sequence[Member],
    round_: Round,
    asked: Sequence[Demand],
    events: Sequence[Event],
    estimate: Estimate,
    overlap: OverlapTable,
    found: Sequence[Finding],
    evidence: Records,
    actions: Sequence[Action] = (),
    site: SiteOptions | None = None,
    finals: Sequence[Final] = (),
    *,
    sign: Callable[[bytes], bytes],
) -> dict[str, Path]:
    """Decide once what the public may see, and write it: release.json, signed by the hub; dossier.pdf; site."""
    order = Order(TITLE, COALITION, "public", on, invented=True)
    people = {claim.subject for claim in evidence.claims if claim.property == "name"}
    if uncountable := people - countable(evidence, order):
        # the overlap was counted before this door: what may not be counted publicly must not be in it
        raise NotAllowed(f"{len(uncountable)} entries of the overlap may not be counted before the public")
    results = Results(
        members=members, rounds=((statements.TITLE, round_),), demands=asked, timeline=events,
        estimate=estimate.as_json(), overlap=overlap, findings=found, actions=actions, finals=finals,
    )  # fmt: skip
    decided = release(order, evidence, results)
    paths = {"release": folder / "release.json", "dossier": folder / "dossier.pdf", "site": folder / "site"}
    write_file(paths["release"], sign(decided.to_json()))
    write_dossier(decided, paths["dossier"])
    write_site(decided, paths["site"], site)
    return paths


def documents(
    members: Sequence[Member],
    round_: Round,
    asked: Sequence[Demand],
    estimate: Estimate,
    overlap: OverlapTable,
    found: Sequence[Finding],
) -> dict[str, Any]:
    """What the nodes' pages show of the coalition's results."""
    current = round_.current
    return {
        "members": [one.as_json() for one in members],
        "statements": [{
            "name": current.statement, "title": statements.TITLE, "version": current.number,
            "text": current.text.decode(),
            "digest": current.digest.hex,
            "sign_ons": [
                {"member": one.member, "state": one.state, "at": one.at.isoformat() if one.at else None,
                 "digest": one.digest.hex if one.digest else None}
                for one in round_.standing()
            ],
        }],
        "demands": [one.as_json() for one in asked],
        "estimate": {**estimate.as_json(), "invented": True},
        "overlap": {
            "lists": list(overlap.lists),
            "cells": [[*map(int, pattern), count] for pattern, count in sorted(overlap.counts.items())],
        },
        "findings": [
            {**one.as_json(), "for": len(one.for_), "roots": len(one.roots), "invented": True} for one in found
        ],
    }  # fmt: skip
