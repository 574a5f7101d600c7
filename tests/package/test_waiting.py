"""Who waits is told how far it is, on a terminal and after a second; nobody else is told anything."""

import io
import json
import sys
import time

from tests.releasing import packed as out_of

from corroborate.custody import write_package
from corroborate.custody.verify import main, verify
from corroborate_cli import waiting
from corroborate_node import api

from .test_packing import AT, PASSPHRASE, filled


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_reader_is_told_of_each_file_once_those_of_inner_packages_too(coalition, tmp_path):
    inner = coalition.make(coalition.Log([coalition.record(5)], owner=coalition.STRANGER), withheld=())
    write_package(tmp_path / "theirs", inner)
    files = coalition.make(items=[], packages={"theirs": tmp_path / "theirs"})
    told = []
    result = verify(coalition.plain_zip(files), tell=lambda done, of: told.append((done, of)))
    assert result == verify(coalition.plain_zip(files))  # and the verdict is the same
    assert {of for _, of in told} == {len(files)}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == len(files)


def test_a_packer_is_told_of_each_record(tmp_path):
    policy = filled(tmp_path / "vault")
    told = []
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        out_of(
            vault, tmp_path / "out", at=AT, on=AT.date(), audience="public", policy=policy,
            tell=lambda done, of: told.append((done, of)),
        )  # fmt: skip
    assert told == [(number, 9) for number in range(1, 10)]


def test_on_a_terminal_a_line_comes_after_a_second_and_is_wiped(monkeypatch):
    out = Terminal()
    with waiting.waiting("reading files", out) as tell:
        tell(1, 1000)
        assert out.getvalue() == ""  # what is quick says nothing
        monkeypatch.setattr(waiting, "SECONDS", 0.0)
        tell(250, 1000)
        assert out.getvalue() == "\rreading files: 250 of 1,000 (25%)"
        tell(251, 1000)
        assert out.getvalue().count("\r") == 1  # not for each file
        time.sleep(waiting.PAUSE)
        tell(300, 1000)
    assert out.getvalue().endswith("\rreading files: 300 of 1,000 (30%)\r" + " " * 33 + "\r")


def test_the_verifier_alone_says_it_too(coalition, tmp_path, monkeypatch, capsys):
    write_package(tmp_path / "package", coalition.make())
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    clock = iter(range(0, 10_000, 2))  # each look at the clock is two seconds later
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    policy = str(tmp_path / "package" / "data" / "policy.txt")
    assert main([str(tmp_path / "package"), "--json", "--policy", policy]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "valid"
    lines = out.getvalue().split("\r")
    assert lines[1].startswith("1 of ")
    assert lines[-1] == f"{len(coalition.make())} of {len(coalition.make())} files\n"


def test_into_a_file_nothing_is_written(monkeypatch):
    monkeypatch.setattr(waiting, "SECONDS", 0.0)
    out = io.StringIO()
    with waiting.waiting("reading files", out) as tell:
        tell(5, 10)
    assert out.getvalue() == ""
