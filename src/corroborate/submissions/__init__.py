"""Submissions to procedures of the United Nations and others: what each asks for and refuses, and what is filed."""

from corroborate.submissions.checks import (
    Earlier,
    Fault,
    Filing,
    Mentioned,
    checked,
    people_named,
    refusals,
    words_in,
)
from corroborate.submissions.forms import Field, Form, form, missing, write
from corroborate.submissions.plans import DossierPlan, Plan, SubmissionPlan, example, read_plan
from corroborate.submissions.prefilled import prefilled
from corroborate.submissions.rules import Rules, rules_of
from corroborate.submissions.tracking import (
    Tracked,
    calendar_of,
    mark_answered,
    mark_sent,
    start,
    tracked,
    tracked_in,
)
from corroborate.submissions.treaties import Bond, bond, bound_by, states

__all__ = [
    "Bond",
    "DossierPlan",
    "Earlier",
    "Fault",
    "Field",
    "Filing",
    "Form",
    "Mentioned",
    "Plan",
    "Rules",
    "SubmissionPlan",
    "Tracked",
    "bond",
    "bound_by",
    "calendar_of",
    "checked",
    "example",
    "form",
    "mark_answered",
    "mark_sent",
    "missing",
    "people_named",
    "prefilled",
    "read_plan",
    "refusals",
    "rules_of",
    "start",
    "states",
    "tracked",
    "tracked_in",
    "words_in",
    "write",
]
