"""Every room of the node, the lowest floor first: what core knows of them is entered here, once."""

from corroborate_node.coalition.advocacy.room import ROOM as ADVOCACY
from corroborate_node.coalition.campaign.room import ROOM as CAMPAIGN
from corroborate_node.coalition.mailbox.room import ROOM as MAILBOX
from corroborate_node.coalition.supporters.room import ROOM as SUPPORTERS
from corroborate_node.coding.room import ROOM as CODING
from corroborate_node.core import jobs
from corroborate_node.core.rooms import Link, Room, enter
from corroborate_node.deadlines.room import ROOM as DEADLINES
from corroborate_node.estimates.room import ROOM as ESTIMATES
from corroborate_node.exchange.room import ROOM as EXCHANGE
from corroborate_node.files.room import ROOM as FILES
from corroborate_node.finding.room import ROOM as FINDING
from corroborate_node.grants.room import ROOM as GRANTS
from corroborate_node.importing.room import ROOM as IMPORTING
from corroborate_node.inquiry.room import ROOM as INQUIRY
from corroborate_node.log.room import ROOM as LOG
from corroborate_node.people.room import ROOM as PEOPLE
from corroborate_node.recording.room import ROOM as RECORDING
from corroborate_node.records.room import ROOM as RECORDS
from corroborate_node.release.room import ROOM as RELEASE
from corroborate_node.review.room import ROOM as REVIEW
from corroborate_node.survivor.room import ROOM as SURVIVOR

CORE = Room(
    "core",
    opened=jobs.interrupted,
    links=(
        Link("today", "/", 1, 10),
        Link("accounts", "/accounts", 6, 30, permission="account.keep"),
        Link("journal", "/journal", 6, 40, permission="journal.read"),
        Link("own_account", "/own-sessions", 6, 50),
    ),
)


def enter_all() -> None:
    """Make every room known to core."""
    enter(
        CORE,
        LOG,
        RECORDS,
        CODING,
        DEADLINES,
        SURVIVOR,
        FILES,
        RELEASE,
        PEOPLE,
        FINDING,
        IMPORTING,
        EXCHANGE,
        GRANTS,
        RECORDING,
        REVIEW,
        INQUIRY,
        ESTIMATES,
        CAMPAIGN,
        ADVOCACY,
        SUPPORTERS,
        MAILBOX,
    )
