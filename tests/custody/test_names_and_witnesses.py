"""On the log nobody comes in under a name that reads like another's, and no replaced key witnesses anything new."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.member_keys import spoken

from corroborate.custody import Note, Signer
from corroborate.custody.enrolment import Enrolment, countersign, propose
from corroborate.custody.keys import rotate
from corroborate.custody.notes import COSIGNATURE_V1
from corroborate.errors import NotAllowed, NotVerified
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions


def test_a_log_that_reads_like_another_s_is_not_admitted(tmp_path):
    at, mirae = datetime.now(UTC).replace(microsecond=0), Signer("Mirae", bytes([3]) * 32)
    api.create_vault(tmp_path / "ours", "Ansan", "a passphrase of a vault")
    with api.open_vault(tmp_path / "ours", "a passphrase of a vault") as vault:
        log_actions.admit(owner(vault, at), propose(Enrolment("Mirae", "Mirae", mirae.verifier(), at), mirae))
        for name in (
            "\u041cirae",
            "MIRAE",
            "Mira\u0435",
            "\uff2d\uff49\uff52\uff41\uff45",
        ):  # other scripts, wide
            twin = Signer(name, bytes([4]) * 32)
            note = propose(Enrolment("Someone", "Someone", twin.verifier(), at), twin)
            note = countersign(note, mirae, spoken(twin))
            with pytest.raises(NotAllowed, match="reads like Mirae"):
                log_actions.admit(owner(vault, at), note)


def test_a_witness_s_replaced_key_cosigns_nothing_new_whatever_time_it_writes(tmp_path):
    at = datetime.now(UTC).replace(microsecond=0)
    old, new = Signer("Mirae", bytes([3]) * 32), Signer("Mirae", bytes([5]) * 32)
    api.create_vault(tmp_path / "ours", "Ansan", "a passphrase of a vault")
    with api.open_vault(tmp_path / "ours", "a passphrase of a vault") as vault:
        desk = owner(vault, at)
        log_actions.admit(desk, propose(Enrolment("Mirae", "Mirae", old.verifier(), at), old))
        note = log_actions.checkpoint(desk)
        text = Note.parse(note).text
        log_actions.take_answer(desk, old.cosignature_line(text, at).encode())  # its own, in its time
        log_actions.change_key(desk, rotate(old, new, 0, at))
        later = log_actions.checkpoint(desk)
        forged = old.cosignature_line(Note.parse(later).text, at - timedelta(days=300))
        with pytest.raises(NotVerified, match="has replaced"):
            log_actions.take_answer(desk, forged.encode())
        cosigned = log_actions.take_answer(desk, new.cosignature_line(Note.parse(later).text, at).encode())
        assert new.verifier(COSIGNATURE_V1) in Note.parse(cosigned).check([new.verifier(COSIGNATURE_V1)])
