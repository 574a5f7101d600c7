"""Records as programs read them, a function for each shape: commands with `--json` and the HTTP API call the same.

What stands in them is in English: programs compare words. Errors alone are in the reader's language.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

from corroborate.cases import Finding
from corroborate.client import shapes
from corroborate.records import write_value
from corroborate.records.reviewing import Contrast
from corroborate_node.coding import queries as coding
from corroborate_node.coding.models import Taught
from corroborate_node.core.desk import Desk
from corroborate_node.core.filters import shown
from corroborate_node.core.wording import Words
from corroborate_node.deadlines.models import Deadline
from corroborate_node.files import queries as files
from corroborate_node.finding import screening
from corroborate_node.finding.models import Search
from corroborate_node.log import models as log
from corroborate_node.recording import doubling, reviewing
from corroborate_node.recording import queries as recording
from corroborate_node.recording.models import Doubled, Draft, Submitted
from corroborate_node.records import codings, models, remarks
from corroborate_node.records.relied import Blocked
from corroborate_node.release.history import Handled
from corroborate_node.release.left import Left


def moment(at: datetime | date | None) -> str | None:
    return None if at is None else at.isoformat()


def source(row: Any) -> shapes.SourceSaid:
    return {"id": row.id, "kind": row.kind, "title": row.shown, "withdrawn": moment(row.withdrawn)}


def case(row: Any) -> shapes.CaseSaid:
    return {"id": row.id, "name": row.name, "open": row.closed is None}


def case_listed(row: Any, sources: int, members: Sequence[str]) -> shapes.CaseListed:
    return {
        "case": row.name,
        "id": row.id,
        "opened": row.opened.isoformat(),
        "opened_by": row.opened_by,
        "closed": moment(row.closed),
        "sources": sources,
        "members": list(members),
    }


# Passages and words


def passage(one: codings.Shown) -> shapes.PassageSaid:
    return {
        "number": one.passage.number,
        "locator": one.passage.locator,
        "speaker": one.passage.speaker,
        "text": one.passage.text,
        "codings": [{"coding": mark, "claims": [_coded(each) for each in made]} for mark, made in one.codings],
    }


def _coded(one: Any) -> shapes.ClaimCoded:
    return {
        "id": one.id,
        "about": one.subject_id,
        "property": one.property,
        "value": shown(one.value, Words("en", "core")),
        "locator": one.locator,
        "basis": one.basis,
        "stands": not one.superseded,
    }


def words_unread(one: coding.Unread) -> shapes.WordsUnread:
    return {"words": one.words, "cells": one.cells, "source": one.source, "list": one.title, "at": one.locator}


def words_taught(one: Taught) -> shapes.WordsTaught:
    return {"words": one.words, "acts": one.acts, "by": one.by, "on": one.on.isoformat()}


def words_known(desk: Desk, most: int) -> shapes.WordsKnown:
    """``most``: words that wait."""
    waiting = [words_unread(one) for one in coding.waiting(desk, most=most)]
    return {"waiting": waiting, "taught": [words_taught(one) for one in coding.taught(desk)]}


def cell_changed(one: coding.Change) -> shapes.CellChanged:
    return {
        "claim": one.claim,
        "person": one.person,
        "source": one.source,
        "locator": one.locator,
        "cell": one.cell,
        "adds": [[act.term, act.said] for act in one.adds],
        "stands": [[act.term, act.said] for act in one.stands],
    }


# Consents, searches, names in a text


def consents(blocked: Sequence[Blocked], left: Sequence[Left]) -> shapes.ConsentsSaid:
    return {"blocked": [_blocked(one) for one in blocked], "left": [_left(one) for one in left]}


def _blocked(one: Blocked) -> shapes.ConsentBlocked:
    return {
        "consent": one.consent,
        "source": one.source,
        "title": one.title,
        "why": one.why,
        "allowed_again": one.allowed_again,
    }


def _left(one: Left) -> shapes.PackageLeft:
    return {
        "package": one.package,
        "number": one.number,
        "audience": one.audience,
        "body": one.body,
        "at": one.at.isoformat(),
        "records": list(one.records),
    }


def search(one: Search) -> shapes.SearchSaved:
    return {"id": one.pk, "name": one.name, "asks": one.asked, "saved": one.at.isoformat()}


def mention(one: screening.Mention) -> shapes.MentionSaid:
    words = Words("en", "finding")
    return {
        "text": one.text,
        "line": one.line,
        "at": one.at,
        "doubt": one.doubt,
        "because": ", ".join(words[key] for key in one.why),
        "people": [
            {"id": each.id, "name": each.name, "why": words[each.why], "likely": each.likely} for each in one.people
        ],
    }


def finding(one: Finding) -> shapes.FindingSaid:
    return cast(shapes.FindingSaid, one.as_json())  # its keys are those of the shape: a test reads both


# Drafts


def draft(one: Draft) -> shapes.DraftSaid:
    files = [
        {"number": each.pk, "name": each.name, "size": each.size, "passages": each.passages}
        for each in recording.files(one)
    ]
    return {
        "id": one.id,
        "source": one.source_id,
        "typed": one.typed,
        "version": one.version,
        "began": one.began.isoformat(),
        "changed": one.changed.isoformat(),
        "files": files,
    }


def remark(row: models.Remark) -> shapes.RemarkSaid:
    return {
        "id": row.id,
        "kind": row.kind,
        "place": row.place,
        "text": row.text,
        "asks": row.asks,
        "by": row.by,
        "to": row.to,
        "at": row.at.isoformat(),
        "settled": row.settled.isoformat() if row.settled else None,
        "settled_by": row.settled_by,
    }


def deadline(row: Deadline) -> shapes.DeadlineSaid:
    return {
        "id": row.id,
        "source": row.source_id,
        "kind": row.kind,
        "then": row.then,
        "on": row.on.isoformat(),
        "what": row.what,
        "by": row.by,
        "kept": row.kept,
        "how": row.how,
    }


def file(desk: Desk, row: models.KeptFile) -> shapes.FileSaid:
    kind, original = files.kind(desk, row), files.original_of(desk, row)
    return {
        "id": row.id,
        "name": row.name,
        "size": row.size,
        "sha256": row.digest,
        "shown": kind.shown,
        "media": kind.media,
        "sources": [one.id for one in files.sources_of(desk, row)],
        "original": original.file.id if original else "",
        "made": original.kind if original else "",
        "out": list(original.how.get("out", ())) if original else [],
        "copies": [one.file.id for one in files.copies_of(desk, row)],
    }


def draft_waiting(row: Submitted) -> shapes.DraftWaiting:
    return {
        "id": row.draft_id,
        "title": str(row.draft.typed.get("source", {}).get("title", "")),
        "author": row.draft.user.get_username(),
        "state": row.state,
        "submitted": row.at.isoformat(),
        "reviewer": row.reviewer.get_username() if row.reviewer else "",
        "approved_by": row.approved_by.get_username() if row.approved_by else "",
        "case": row.case_id,
    }


def draft_read(row: Submitted) -> shapes.DraftRead:
    return {
        **draft_waiting(row),
        "typed": row.draft.typed,
        "files": draft(row.draft)["files"],
        "remarks": [remark(one) for one in remarks.of_draft(row.draft_id)],
        "understood": {
            place: list(terms) for place, terms in reviewing.understood(row.draft, datetime.now(UTC).date()).items()
        },
        "looked": reviewing.digest_of(row.draft),
    }


def double_coding(row: Doubled) -> shapes.DoubleCoding:
    said = ((row.first, row.first_typed), (row.second, row.second_typed))
    return {
        "id": row.id,
        "source": row.source_id,
        "first": row.first.get_username(),
        "second": row.second.get_username(),
        "waits_for": [user.get_username() for user, typed in said if typed is None],
        "resolved": moment(row.resolved),
        "resolved_by": row.resolved_by,
        "why": row.why,
    }


def double_compared(desk: Desk, row: Doubled) -> shapes.DoubleCompared:
    if not doubling.is_done(row):
        return {**double_coding(row), "agreement": [], "units": [], "others": []}
    found, (first, second) = doubling.comparison(desk, row), doubling.told(row)
    others = doubling.beside(desk, row)
    return {
        **double_coding(row),
        "agreement": [
            {"field": name, "alpha": one.value, "units": one.units, "agreed": one.agreed}
            for name, one in (*found.fields.items(), *others.fields.items())
        ],
        "others": [
            {"part": one.part, "unit": one.unit, "field": one.field, "first": one.first, "second": one.second}
            for one in others.differ
        ],
        "units": [
            {
                "place": one.place,
                "first": [dict(first[at]) for at in one.first],
                "second": [dict(second[at]) for at in one.second],
                "differs": list(one.differs),
            }
            for one in found.units
        ],
    }


# Pairs


def judgement(row: models.Judgement) -> shapes.JudgementSaid:
    return {
        "judgement": row.id,
        "left": row.left,
        "right": row.right,
        "verdict": row.verdict,
        "by": row.by,
        "why": row.why,
        "at": row.at.isoformat(),
        "withdrawn": moment(row.withdrawn),
    }


def contrast(one: Contrast) -> shapes.Contrasted:
    words = Words("en", "core")

    def values(claims: Sequence[Any]) -> list[str]:
        return [shown(write_value(each.value), words) for each in claims]

    return {
        "property": one.property,
        "left": values(one.left),
        "right": values(one.right),
        "likeness": one.likeness,
    }


def agreement(one: Any) -> shapes.AgreementSaid:
    return {
        "reviewers": list(one.reviewers),
        "pairs": one.pairs,
        "agreed": one.agreed,
        "kappa": one.kappa,
        "low": one.low,
        "high": one.high,
        "table": [[*cell, count] for cell, count in sorted(one.table.items())],
    }


# Custody


def custody(one: Handled) -> shapes.CustodySaid:
    steps: list[shapes.StepDone] = [
        {"what": each.what, "clock": each.clock, "at": moment(each.at)} for each in one.steps
    ]
    return {"record": one.record, "kind": one.kind, "index": one.index, "steps": steps}


def entry(row: log.LogEntry) -> shapes.LogEntrySaid:
    return {
        "index": row.index,
        "kind": row.kind,
        "record": row.record,
        "at": row.at.isoformat(),
        "commitment": bytes(row.commitment).hex(),
    }


def witness(row: dict[str, Any]) -> shapes.WitnessSaid:
    member, seen, ours = row["member"], row["seen"], row["ours"]
    return {
        "origin": member.origin,
        "organisation": member.organisation,
        "voice": member.voice,
        "seen": None if seen is None else seen.size,
        "seen_at": None if seen is None else seen.at.isoformat(),
        "cosigned": None if ours is None else ours[0],
        "cosigned_at": None if ours is None else moment(ours[1]),
        "heard": row["heard"],
    }


def alarm(row: log.Alarm) -> shapes.AlarmSaid:
    return {
        "id": row.pk,
        "kind": row.kind,
        "about": row.about,
        "found": row.found,
        "at": row.at.isoformat(),
        "settled": moment(row.settled),
        "settled_by": row.settled_by,
        "how": row.how,
    }
