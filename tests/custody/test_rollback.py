"""A vault's folder copied back whole: nothing inside it knows that it is old."""

import shutil
import socket
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from click.testing import CliRunner

from corroborate.custody import Checkpoint, Note
from corroborate.custody.keys import KeyChange
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_cli.main import group
from corroborate_cli.witnesses import newest
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import queries as log_queries
from corroborate_node.log import rollback

from .test_members_witness import AT, PASSPHRASE, key_of, made, members, opened, take_in, witness_all  # noqa: F401

pytestmark = pytest.mark.in_a_file  # the folder is copied, or opened again with the keys of an earlier opening


def signed(folder, marks, first=0):
    """One more entry under a checkpoint, as `corroborate log checkpoint` does it."""
    with opened(folder) as vault:
        take_in(vault, 1, first)
        rollback.refuse_if_older(vault, marks, AT)
        note = log_actions.checkpoint(owner(vault, AT))
        rollback.mark(vault, marks)
    return note


def copied_back(folder):
    shutil.rmtree(folder / "Ansan")
    shutil.copytree(folder / "copy", folder / "Ansan")


def test_a_folder_copied_back_whole_signs_nothing_on_this_machine(members, tmp_path):  # noqa: F811
    marks = tmp_path / "marks"
    signed(members, marks, 20)
    shutil.copytree(members / "Ansan", members / "copy")
    newest_note = signed(members, marks, 21)
    copied_back(members)
    with opened(members) as vault:
        with pytest.raises(NotAllowed, match="9 entries were signed on this machine, and this copy has signed 8"):
            rollback.refuse_if_older(vault, marks, AT)
        with pytest.raises(NotAllowed, match="signs nothing"):
            log_actions.checkpoint(owner(vault, AT))  # it stands, also where nobody asks for the mark
        # The members say what they cosigned: the copy is not behind that, and signs again.
        assert Checkpoint.parse(Note.parse(newest_note).text).size == 9
        held = log_queries.newest_checkpoint()
        for name in ("Busan", "Chiba"):
            assert log_actions.hear_answer(owner(vault, AT), name, None)
        assert log_actions.hear_answer(owner(vault, AT), "Daegu", None).may_sign
        assert log_queries.newest_checkpoint() == held
        rollback.mark(vault, marks)  # as `corroborate log restored` does: what nobody cosigned is given up
    signed(members, marks, 50)


def test_a_copy_that_grew_differently_is_found_out_by_the_root(members, tmp_path):  # noqa: F811
    marks = tmp_path / "marks"
    signed(members, marks, 20)
    shutil.copytree(members / "Ansan", members / "copy")
    signed(members, marks, 21)
    copied_back(members)
    signed(members, tmp_path / "elsewhere", 30)
    signed(members, tmp_path / "elsewhere", 31)
    with opened(members) as vault, pytest.raises(NotAllowed, match="other 9 entries than those of this copy"):
        rollback.refuse_if_older(vault, marks, AT)


def test_a_copy_from_before_a_rotation_stands_back_too(members, tmp_path):  # noqa: F811
    marks = tmp_path / "marks"
    signed(members, marks, 20)
    shutil.copytree(members / "Ansan", members / "copy")
    with opened(members) as vault:
        change = log_actions.rotate_key(owner(vault, AT + timedelta(days=1)), PASSPHRASE)
    assert KeyChange.parse(Note.parse(change).text).size == 8
    with api.open_vault(members / "Ansan", PASSPHRASE) as vault:
        log_actions.checkpoint(owner(vault, AT))
        rollback.mark(vault, marks)
    copied_back(members)
    with opened(members) as vault, pytest.raises(NotAllowed, match="signed on this machine"):
        rollback.refuse_if_older(vault, marks, AT)


def test_a_vault_that_was_not_copied_back_signs_on_and_a_damaged_mark_is_said_so(members, tmp_path):  # noqa: F811
    marks = tmp_path / "marks"
    for first in (20, 21, 22):
        signed(members, marks, first)
    (mark,) = marks.iterdir()
    assert b"Ansan" not in mark.name.encode()
    mark.write_bytes(b"torn")
    with opened(members) as vault, pytest.raises(InvalidValue, match="cannot be read"):
        rollback.refuse_if_older(vault, marks, AT)
    mark.unlink()
    signed(members, marks, 23)


def test_a_witness_that_is_asked_first_knows_better_than_a_copy_on_another_machine(members, tmp_path):  # noqa: F811
    """Without the mark: the witness shows what it cosigned, under our own signature."""
    witness_all(members)
    shutil.copytree(members / "Ansan", members / "copy")
    with opened(members) as vault:
        take_in(vault, 3, 40)
    witness_all(members)
    copied_back(members)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    url = f"http://127.0.0.1:{port}/witness"
    secret = ["--passphrase-file", str(members / "secret")]
    command = [sys.executable, "-m", "corroborate_cli", "serve", "--vault", str(members / "Busan"), "--port", str(port)]
    mine = ["--vault", str(members / "Ansan"), *secret]
    with subprocess.Popen([*command, *secret], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert "http://" in server.stdout.readline()
            for _ in range(100):
                done = CliRunner().invoke(
                    group, ["log", "checkpoint", *mine, "--marks", str(tmp_path / "none"), "--ask", url]
                )
                if "cannot be reached" not in str(done.exception):
                    break
                time.sleep(0.1)
            assert "signs nothing" in str(done.exception), (done.output, done.exception)
            assert newest(url, "nobody") is None
            key = str(key_of(members, "Busan"))
            done = CliRunner().invoke(group, ["log", "submit", url, key, *mine])
            assert "this vault's newest checkpoint has 7" in str(done.exception)
        finally:
            server.terminate()
    with opened(members) as vault:
        assert [kind for kind, _, _ in log_queries.owner_alarms()] == ["own log"]
