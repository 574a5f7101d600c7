"""From the coalition's evidence to one release, by the same door as everybody's."""

from collections.abc import Mapping, Sequence
from typing import Any

from corroborate.cases import Finding, findings
from corroborate.coalition import Action, Demand, Member, Round, timeline
from corroborate.coalition.final import Final
from corroborate.disclosure import Records, Results
from corroborate.estimation import Estimate
from corroborate.records import Claim, Consent, Source
from corroborate.values import OverlapTable
from corroborate_cli.demonstration import statements


def evidence_of(
    claims: Sequence[Claim], sources: Mapping[str, Source], consents: Sequence[Consent], same: Mapping[str, str]
) -> Records:
    """All that members agreed to bring together."""
    return Records(tuple(claims), sources, tuple(consents), same)


def findings_of(evidence: Records) -> tuple[Finding, ...]:
    """Findings over all members' claims, by independent roots."""
    return findings(evidence.claims, evidence.sources, evidence.same)


def results_of(
    members: Sequence[Member],
    round_: Round,
    asked: Sequence[Demand],
    estimate: Estimate,
    overlap: OverlapTable,
    found: Sequence[Finding],
    actions: Sequence[Action] = (),
    finals: Sequence[Final] = (),
    truth: int | None = None,
) -> Results:
    """What stands beside the records: what the coalition made of them, and what is public. ``truth``: how many people
    were invented, so that the dossier can say whether its headline holds them."""
    return Results(
        members=members,
        rounds=((statements.TITLE, round_),),
        demands=asked,
        timeline=timeline(),
        estimate={**estimate.as_json(), "truth": truth},
        overlap=overlap,
        findings=found,
        actions=actions,
        finals=finals,
        invented=True,
    )


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
                for one in round_.responses()
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
