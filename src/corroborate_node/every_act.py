"""Every act of every room, loaded: for the reference, the matrix of roles, and an API that offers them."""

from importlib import import_module

from corroborate_node.coalition.advocacy import actions as advocacy
from corroborate_node.coalition.campaign import actions as campaign
from corroborate_node.coalition.campaign import mailing
from corroborate_node.coalition.campaign.answering import answers as answering
from corroborate_node.coalition.campaign.rounds import deliveries as rounds
from corroborate_node.coalition.mailbox import actions as mailbox
from corroborate_node.coalition.supporters import actions as supporters
from corroborate_node.coding import actions as coding
from corroborate_node.core import accounts, factors, tokens
from corroborate_node.core.acts import REGISTRY, Act
from corroborate_node.core.permissions import Permission, table
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.estimates import actions as estimates
from corroborate_node.exchange import exchanging
from corroborate_node.files import copies, transcribing
from corroborate_node.finding import saving
from corroborate_node.grants import granting, visiting
from corroborate_node.importing import actions as importing
from corroborate_node.inquiry import assessing, tying
from corroborate_node.inquiry import naming as inquiry_naming
from corroborate_node.inquiry import standing as inquiry_standing
from corroborate_node.log import actions as log
from corroborate_node.log import keeping
from corroborate_node.recording import actions as recording
from corroborate_node.recording import doubling, reviewing
from corroborate_node.records import actions as records
from corroborate_node.records import (
    anew,
    cases,
    codings,
    correcting,
    documents,
    entering,
    imports,
    preferring,
    remarks,
    rereading,
)
from corroborate_node.release import everything, giving, making, recalling, succession
from corroborate_node.review import actions as review
from corroborate_node.review import held
from corroborate_node.survivor import coming
from corroborate_node.survivor import making as survivor_making

_LOADED = (
    accounts,
    advocacy,
    anew,
    answering,
    assessing,
    campaign,
    cases,
    coding,
    codings,
    coming,
    copies,
    correcting,
    deadlines,
    documents,
    doubling,
    entering,
    estimates,
    everything,
    exchanging,
    factors,
    giving,
    granting,
    held,
    importing,
    inquiry_naming,
    inquiry_standing,
    imports,
    keeping,
    log,
    mailbox,
    mailing,
    making,
    preferring,
    recalling,
    recording,
    records,
    remarks,
    rereading,
    review,
    reviewing,
    rounds,
    saving,
    succession,
    supporters,
    survivor_making,
    tokens,
    transcribing,
    tying,
    visiting,
)


def _marks(one: Permission) -> tuple[tuple[str, bool], ...]:
    return ("passphrase again", one.recent), ("second person", one.second), ("whole vault", one.whole)


_OF_ANALYSIS = ("corroborate_node.review.numbers", "corroborate_node.review.private")  # they load linkage


def every_act() -> tuple[Act, ...]:
    """All acts by name, those that load linkage among them."""
    for name in _OF_ANALYSIS:
        import_module(name)
    return acts_of_pages()


def acts_of_pages() -> tuple[Act, ...]:
    """Acts by name that need nothing of what only *analysis* installs, and whatever else was loaded."""
    return tuple(REGISTRY[name] for name in sorted(REGISTRY))


def reference() -> str:
    """The page of the documentation that says who may do what, in Markdown."""
    roles = tuple(table().roles.values())
    heads = "".join(f" {role.name} |" for role in roles)
    line = "|---|---|" + ":-:|" * (len(roles) + 2)
    rows = []
    for one in table().permissions.values():
        marks = "".join(f" {'●' if role.name in one.roles else ''} |" for role in roles)
        more = [word for word, yes in _marks(one) if yes]
        owner, system = ("" if one.second else "●"), ("●" if one.system else "")
        title = one.words["en"] + (f" ({', '.join(more)})" if more else "")
        rows.append(f"| `{one.name}` | {title} |{marks} {owner} | {system} |")
    acts = [f"| `{one.name}` | `{one.permission}` | {', '.join(one.ways)} | {one.kind} |" for one in every_act()]
    named = [
        f"- **{role.words['en']}** (`{role.name}`, {' and '.join(role.where)}): {role.means['en']}" for role in roles
    ]
    return _PAGE.format(
        roles="\n".join(named), heads=heads, line=line, permissions="\n".join(rows), acts="\n".join(acts)
    )


_PAGE = """# Who may do what

Made from `permissions.yaml` and the acts of the program; a test compares them. What stands nowhere here is allowed to \
nobody. An account may have several roles. The *owner* is whoever opened the vault with its passphrase at the command \
line; *node* is what the program does by itself.

## Roles

{roles}

## Permissions

| permission | what |{heads} owner | node |
{line}
{permissions}

*Passphrase again*: a page asks for it, unless it was given in the last ten minutes. *Second person*: somebody whose \
account the first person neither made nor reset, by whatever way, and for one of the two a third person has vouched. \
*Whole vault*: what touches or tells of records of every case; an account that is limited to cases has it not, \
whatever its roles.

## Acts

Whatever changes something is an act. It asks its permission, is done whole or not at all, and leaves a line in the \
journal.

| act | permission | how people come to it | in the journal |
|---|---|---|---|
{acts}
"""
