"""Vaults of organisations that know one another, made and used by commands alone, with a stick between them."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from corroborate_cli.main import group

PASSPHRASE = "long enough to hold"


@dataclass(frozen=True)
class Stick:
    """A folder in which everything lies that travels, and the vaults beside it."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        return self.folder / name

    def on(self, name: str) -> Path:
        """A file on the stick."""
        return self.folder / "stick" / name

    def tried(self, *words: object) -> Result:
        """Each stick is a machine: it remembers by itself what was signed on it last."""
        given = {"CORROBORATE_PASSPHRASE": PASSPHRASE, "CORROBORATE_MARKS": str(self.folder / "marks")}
        return CliRunner().invoke(group, [str(one) for one in words], env=given)

    def ran(self, *words: object, code: int = 0) -> str:
        """What a command prints. Anything but this exit code is a failure."""
        done = self.tried(*words)
        assert done.exit_code == code, (words, done.output, done.exception)
        return done.stdout

    def send(self, sender: str, receiver: str, name: str, *more: object) -> Path:
        self.ran("exchange", "send", self.on(name), "--to", receiver, "--vault", self[sender], "--yes", *more)
        return self.on(name)

    def receive(self, receiver: str, name: str, *more: object, code: int = 0) -> str:
        return self.ran("exchange", "receive", self.on(name), "--vault", self[receiver], *more, code=code)

    def set_back(self, name: str, copy: Path) -> None:
        """A member's disk goes back to a copy, as after a restore from elsewhere: the whole folder."""
        shutil.rmtree(self[name])
        shutil.copytree(copy, self[name])


def members(folder: Path, *names: str) -> Stick:
    """These members, each enrolled with all and with everybody's address."""
    stick = Stick(folder)
    stick.on("").mkdir(parents=True)
    heard = {}
    for name in names:
        stick.ran("new", stick[name], "--name", name)
        said = stick.ran("log", "enrol", "--vault", stick[name], "--out", stick.on(f"{name}.enrolment"))
        heard[name] = re.search(r"never send along: (.+)", said)[1]
    for at, name in enumerate(names):
        signed = stick.on(f"{name}.enrolment")
        for by in names[:at][:2]:  # the first is countersigned by nobody, the second by the first, the next by two
            out = stick.on(f"{name}.by-{by}")
            stick.ran("log", "countersign", signed, "--heard", heard[name], "--vault", stick[by], "--out", out, "--yes")
            signed = out
        for other in names:
            stick.ran("log", "admit", signed, "--vault", stick[other])
    for name in names:
        stick.ran("exchange", "address", "--vault", stick[name], "--out", stick.on(f"{name}.address"))
    for name in names:
        for other in set(names) - {name}:
            stick.ran("exchange", "meet", stick.on(f"{other}.address"), "--vault", stick[name])
    return stick
