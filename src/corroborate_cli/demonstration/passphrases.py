"""Passphrases of the demonstration, which everybody may know."""


def of_keeper(passphrase: str) -> str:
    """With what the demonstration's keeper logs in: an account's passphrase is never the vault's."""
    return f"{passphrase} keeper"
