"""A served vault or hub, from a program: what its pages do, with a token, over HTTP.

    from corroborate.client import Client

    vault = Client("http://localhost:8311", token)
    for person in vault.people():
        print(person["id"], person["name"])

Errors of the vault are :class:`Refused`, with its code and what to do. Nothing is retried, and no other address is
followed.
"""

from corroborate.client.client import Client, Refused, Unreachable

__all__ = ["Client", "Refused", "Unreachable"]
