"""Signed and encrypted bundles that travel as a file, on a stick or by any other way."""

from corroborate.exchange.bundles import Bundle, pass_bundle, read_bundle, write_bundle
from corroborate.exchange.letters import Address, Receipt, read_address, read_receipt, signed
from corroborate.exchange.sequence import Came, Chain, Place, arrive

__all__ = [
    "Address",
    "Bundle",
    "Came",
    "Chain",
    "Place",
    "Receipt",
    "arrive",
    "pass_bundle",
    "read_address",
    "read_bundle",
    "read_receipt",
    "signed",
    "write_bundle",
]
