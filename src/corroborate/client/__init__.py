"""A served vault or hub, from a program: what its pages do, with a token, over HTTP.

    from corroborate.client import Client

    vault = Client("http://localhost:8311", token)
    for person in vault.people():
        print(person["id"], person["name"])

Errors of the vault are :class:`Refused`, with its code and what to do, in the language that was asked for. A request
whose answer may be lost is sent again under the same key, and so done once. No other address is followed.
"""

from corroborate.client.client import Client
from corroborate.client.wire import NoVault, Refused, Unreachable

__all__ = ["Client", "NoVault", "Refused", "Unreachable"]
