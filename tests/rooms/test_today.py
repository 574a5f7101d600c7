"""The first page says what the account that reads it can see, and offers what it may do."""

from corroborate_node import api

PASSPHRASE, OWN = "a passphrase for the node", "a passphrase for its people"


def test_an_account_that_sees_no_records_is_not_told_that_there_are_none(tmp_path, account):
    from django.test import Client

    api.create_vault(tmp_path / "vault", "Member", PASSPHRASE, account_passphrase=OWN)
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        account(vault, "keys", OWN, "keeper")
        account(vault, "notes", OWN, "documenter")
        shown = {}
        for name in ("keys", "notes"):
            client = Client(headers={"host": "localhost"})
            assert client.login(username=name, password=OWN)
            shown[name] = client.get("/").content.decode().partition("<main")[2]
    assert "Nothing is here yet" not in shown["keys"]
    assert "sees the vault&#x27;s records" in shown["keys"]
    assert 'href="/record"' not in shown["keys"]
    assert "Nothing is here yet" in shown["notes"]
    assert 'href="/record"' in shown["notes"]
