"""Values that cannot be wrong: checked once at the door, printed as they were given."""

from corroborate.values.ages import Age
from corroborate.values.amounts import Amount
from corroborate.values.dates import DateSpan, PartialDate
from corroborate.values.digests import JSON, Digest, canonical
from corroborate.values.identifiers import checked_id, new_id
from corroborate.values.intervals import Interval
from corroborate.values.names import Name, NamePart, Order, Role, Script, read_name, script_of
from corroborate.values.overlap_shapes import Pattern
from corroborate.values.overlaps import OverlapTable, strata_csv
from corroborate.values.packed import Packed

__all__ = [
    "JSON",
    "Age",
    "Amount",
    "DateSpan",
    "Digest",
    "Interval",
    "Name",
    "NamePart",
    "Order",
    "OverlapTable",
    "Packed",
    "PartialDate",
    "Pattern",
    "Role",
    "Script",
    "canonical",
    "checked_id",
    "new_id",
    "read_name",
    "script_of",
    "strata_csv",
]
