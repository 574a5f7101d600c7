"""Promise 3: the hub holds public keys, checkpoints and what is already public; never a record of anybody."""

from datetime import UTC, date, datetime

import pytest

from corroborate.errors import NotAllowed
from corroborate.records import Claim, Consent, Entity, Source
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "long enough to hold"
NEEDLE = "지어낸이름 바늘"


def made(kind: str) -> str:
    return new_id(kind, milliseconds=1, randomness=b"0123456789")


def test_a_hub_refuses_every_record_and_no_byte_of_it_holds_one(tmp_path):
    api.create_vault(tmp_path / "hub", "Secretariat", PASSPHRASE, hub=True)
    source = Source(made("source"), "witness", "W")
    claim = Claim(made("claim"), made("person"), "name", read_name(NEEDLE), source.id, "row 1", "saw", "r", AT)
    consent = Consent(made("consent"), source.id, frozenset({"hold"}), "own", date(2026, 1, 1))
    with api.open_vault(tmp_path / "hub", PASSPHRASE) as hub:
        with pytest.raises(NotAllowed):
            records_actions.receive(owner(hub, AT), [Entity(made("person"), "person")], [source], [consent], [claim])
        assert list(records_queries.claims()) == []
        assert records_queries.sources() == {}
    for path in (tmp_path / "hub").rglob("*"):
        if path.is_file():
            assert NEEDLE.encode() not in path.read_bytes()


def test_a_hub_still_witnesses_a_member_s_log(tmp_path):
    api.create_vault(tmp_path / "hub", "Secretariat", PASSPHRASE, hub=True)
    api.create_vault(tmp_path / "vault", "Member", PASSPHRASE)
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        note, key = log_actions.checkpoint(owner(vault, AT)), vault.signer.verifier()
    with api.open_vault(tmp_path / "hub", PASSPHRASE) as hub:
        line = api.cosign(hub, note, log=key, at=AT)
        witness = hub.signer.verifier()
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        assert line.encode() in log_actions.add_cosignatures(owner(vault, datetime.now(UTC)), [line], [witness])
