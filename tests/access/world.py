"""A vault with a list, two people who work in it, and a reader outside: made by commands, as a member makes it."""

import csv
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result
from tests.releasing import FIRST, SECOND, desks

from corroborate.errors import CorroborateError
from corroborate_cli.main import group
from corroborate_cli.vaults import now
from corroborate_node import api

PASSPHRASE = "long enough to hold"
READER, BODY, PURPOSE = "Lena Petrov", "OHCHR", "for the invented inquiry of 2026"
WITNESS = "이증언뷁"
MAY, MAY_NOT = ("김뷔가뷁", "박뷔나뷁"), ("최뷔다뷁",)
ROWS = [
    ["성명", "성별", "혐의", "증언자", "공개여부"],
    [MAY[0], "남", "고문", WITNESS, "공개동의"],
    [MAY[1], "여", "처형", "한목격뷁", "공개동의"],
    [MAY_NOT[0], "여", "고문", "한목격뷁", "비공개"],
]


def tried(*words: object, **more: str) -> Result:
    given = {"CORROBORATE_PASSPHRASE": PASSPHRASE, **more}
    return CliRunner().invoke(group, [str(one) for one in words], env=given)


def ran(*words: object, code: int = 0) -> str:
    done = tried(*words)
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.stdout


def refused(*words: object) -> str:
    """What somebody is told whose command was refused: what happened, and what to do."""
    done = tried(*words)
    assert done.exit_code in (1, 2), (words, done.output)
    if isinstance(done.exception, CorroborateError):
        return f"{done.exception} {done.exception.remedy}"
    assert isinstance(done.exception, SystemExit), done.exception
    return done.output


def made(folder: Path) -> Path:
    """The vault, with accounts of two people of whom a third said that they are two."""
    vault = folder / "vault"
    with (folder / "list.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(ROWS)
    ran("new", vault, "--name", "Member of Busan")
    ran("import", folder / "list.csv", "--vault", vault, "--rejected", folder / "rejected.csv")
    with api.open_vault(vault, PASSPHRASE) as opened:
        desks(opened, now())
    for name, passphrase in (FIRST, SECOND):
        (folder / name).write_text(passphrase + "\n", encoding="utf-8")
    return vault


def by(folder: Path, who: tuple[str, str]) -> tuple[object, ...]:
    """Options of a command that somebody with an account gives."""
    return "--as", who[0], "--account-file", folder / who[0]


def until(days: int = 20) -> str:
    return (now().date() + timedelta(days)).isoformat()


def granted(opened, *, names: bool = True, download: bool = True, days: int = 20, confirmed: bool = True) -> int:
    """The number of a grant that was made, and confirmed where it must be."""
    from corroborate_node.grants import granting
    from corroborate_node.release import making

    at = now()
    first, second = desks(opened, at)
    day = at.date()
    asked = making.Asked("named body", BODY, names=names, on=day, until=day + timedelta(days))
    number = granting.make_of(first, asked, READER, PURPOSE, day, day + timedelta(days), download)
    if confirmed and granting.seen(first, number).needs_second:
        granting.confirm(second, number)
    return number


def handed(opened, number: int):
    from corroborate_node.grants import granting

    return granting.hand(desks(opened, now())[0], number)


def browser_of(host: str = "127.0.0.1", **more):
    from django.test import Client

    return Client(HTTP_HOST=host, **more)


def come_in(opened, number: int):
    """A reader's browser that came in by link and word."""
    found = handed(opened, number)
    client = browser_of()
    answer = client.post(f"/access/open/{found.secret}", {"word": found.word})
    assert (answer.status_code, answer["Location"]) == (302, "/access")
    return client


def as_member(who: tuple[str, str] = FIRST):
    client = browser_of()
    assert client.login(username=who[0], password=who[1])
    return client
