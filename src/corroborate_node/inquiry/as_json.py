"""A finding as programs read it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, cast

from corroborate.cases import Corroboration, Finding, HangsOn, Lineup
from corroborate.cases.findings import told_in_groups
from corroborate.cases.matrix import Assessment, Cell, agreement
from corroborate.client import shapes
from corroborate_node.inquiry.assessing import Matrix, state_seen
from corroborate_node.inquiry.models import Tie
from corroborate_node.inquiry.naming import Shown


def hangs_on(
    found: HangsOn, groups: Mapping[str, int | None], seen: frozenset[str] | None = None
) -> shapes.HangsOnSaid:
    """Origins by id; of each, how many people and which groups nobody else told of. ``seen``: the sources that whoever
    asks may see; any other has a number in its place."""
    ids = sorted({*found.falls, *chain.from_iterable(found.smallest)})
    hidden = [one for one in ids if seen is not None and one not in seen]
    others = {one: f"another-{number}" for number, one in enumerate(hidden, 1)}
    return {
        "whole": others.get(found.keystone, found.keystone) or None,
        "falls": [
            {
                "origin": others.get(origin, origin),
                "people": len(set(parts) - groups.keys()),
                "groups": list(told_in_groups(parts, groups)),
            }
            for origin, parts in found.falls.items()
        ],
        "smallest": [sorted(others.get(one, one) for one in each) for each in found.smallest],
        "bounded": found.bounded,
    }


def corroboration(made: Corroboration) -> shapes.CorroborationSaid:
    """How far what is told of one person agrees."""
    return {
        "about": made.person,
        "level": made.level,
        "independent": made.independent.number,
        "exact": made.independent.exact,
        "agreed": list(made.agreed),
        "differences": [
            {"side": one.side, "kind": one.kind, "left": one.left, "right": one.right, "said": list(one.said)}
            for one in made.differences
        ],
        "neutral": list(made.neutral),
        "bounded": made.bounded,
        "named": [
            {"name": one.name, "independent": one.independent.number, "hearsay": one.hearsay} for one in made.named
        ],
    }


def whole(lineup: Lineup, found: Finding, people: Sequence[Corroboration]) -> shapes.FindingWhole:
    """A finding with each claim that is said to it, what it hangs on, and how far accounts of each person agree."""
    return {
        "finding": cast(shapes.FindingSaid, found.as_json()),
        "said": [
            {
                "claim": one.claim,
                "speaks": one.speaks,
                "act": one.act,
                "about": one.person,
                "source": one.source,
                "basis": one.basis,
            }
            for one in lineup.about(found)
        ],
        "stands_on": hangs_on(lineup.hangs_on(found), lineup.groups, lineup.seen),
        "people": [corroboration(one) for one in people],
    }


def ties(rows: Sequence[Tie]) -> list[shapes.TieSaid]:
    return [tie(one) for one in rows]


def namings(listed: Iterable[Shown]) -> list[shapes.NamingSaid]:
    """Decisions on who is named as said to have done something."""
    return [naming(one) for one in listed]


def naming(shown: Shown) -> shapes.NamingSaid:
    row = shown.row
    return {
        "id": row.id,
        "who": row.who_id,
        "name": shown.name,
        "audience": row.audience,
        "body": row.body,
        "sure": row.sure,
        "because": row.why,
        "until": row.until.isoformat() if row.until else None,
        "by": row.by,
        "at": row.at.isoformat(),
        "confirmed_by": row.confirmed_by,
        "confirmed": row.confirmed.isoformat() if row.confirmed else None,
        "taken_back": row.taken_back.isoformat() if row.taken_back else None,
        "state": shown.state,
        "unread": list(shown.unread),
    }


def tie(row: Tie) -> shapes.TieSaid:
    """That two sources do not know independently."""
    back: Any = row.taken_back
    return {
        "id": row.id,
        "kind": row.kind,
        "source": row.source_id,
        "other": row.other_id,
        "because": row.why,
        "by": row.by,
        "at": row.at.isoformat(),
        "taken_back": back.isoformat() if back else None,
    }


def matrix(made: Matrix) -> shapes.MatrixSaid:
    """Each element with what stands beside it, as this reader may see it."""
    return {
        "case": made.case,
        "cells": [_cell(one, made) for one in made.cells],
        "agreement": [
            {"assessors": list(one.assessors), "elements": one.elements, "agreed": one.agreed, "kappa": one.kappa}
            for one in agreement(made.judged)
        ],
        "hidden": made.hidden,
    }


def _cell(one: Cell, made: Matrix) -> shapes.CellSaid:
    return {
        "element": one.finding.element,
        "crime": one.finding.crime,
        "kind": one.finding.kind,
        "proposition": one.finding.proposition,
        "for": one.on.for_,
        "against": one.on.against,
        "independent": one.on.independent,
        "state": state_seen(one, made.judged),
        "doubts": list(one.doubts),
        "evidence": [
            {
                "id": each.id,
                "claim": each.claim,
                "source": each.source,
                "speaks": each.speaks,
                "weight": each.weight,
                "because": each.why,
                "by": each.by,
            }
            for each in one.evidence
        ],
        "assessments": [_assessment(each) for each in made.judged if each.element == one.finding.element],
    }


def _assessment(one: Assessment) -> shapes.AssessmentSaid:
    return {
        "id": one.id,
        "by": one.by,
        "at": one.at.isoformat(),
        "conclusion": one.conclusion,
        "standard": one.standard,
        "reasons": one.reasons,
        "gaps": one.gaps,
        "contrary": one.contrary,
        "for": one.on.for_,
        "against": one.on.against,
        "independent": one.on.independent,
        "after_reading": one.read,
        "before_reading": one.first.conclusion if one.first else None,
    }
