"""Before anybody says yes to a release: who is named, what is told of them, and which few people it tells apart."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner
from tests.releasing import FIRST, SECOND, desks

from corroborate_cli.main import group
from corroborate_node import api

PASSPHRASE = "long enough to hold"
HEAD = ["성명", "성별", "혐의", "공개여부"]
ROWS = [
    ["김뷔가", "남", "구금", "공개동의"],
    ["김뷔나", "여", "구금", "공개동의"],
    ["김뷔다", "남", "구금", "공개동의 안 함"],
]


def ran(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.output if not code else f"{done.output}{done.exception}"


def taken_in(folder: Path, rows: list[list[str]], name: str) -> None:
    with (folder / name).open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEAD, *rows])
    ran("import", folder / name, "--vault", folder / "vault", "--rejected", folder / f"rejected-{name}")


@pytest.fixture
def folder(tmp_path):
    ran("new", tmp_path / "vault", "--name", "Member")
    taken_in(tmp_path, ROWS, "list.csv")
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
    for name, words in (FIRST, SECOND):
        (tmp_path / f"{name}.txt").write_text(words, encoding="utf-8")
    return tmp_path


def made(folder: Path, *more: object) -> str:
    return ran("release", "make", *more, "--vault", folder / "vault", "--as", FIRST[0],
               "--account-passphrase-file", folder / f"{FIRST[0]}.txt")  # fmt: skip


def confirmed(folder: Path, number: int) -> str:
    return ran("release", "confirm", number, "--as", SECOND[0], "--account-passphrase-file",
               folder / f"{SECOND[0]}.txt", "--vault", folder / "vault")  # fmt: skip


PUBLIC = ("--audience", "public")


@pytest.mark.parametrize("more", [(), ("--names",)])
def test_a_preview_lists_who_would_be_named_and_what_is_told_of_them(folder, more):
    told = json.loads(made(folder, *PUBLIC, "--preview", "--json", *more))
    assert [one["names"] for one in told["named"]] == [["김뷔가"], ["김뷔나"]]
    assert all(one["told"] for one in told["named"])
    said = made(folder, *PUBLIC, "--title", "What we know", "--preview", *more)
    assert "What we know" in said
    assert "김뷔가 - " in said
    assert "detention" in said.lower() or "imprison" in said.lower()
    assert "김뷔다" not in said


def test_a_release_without_names_says_that_it_names_nobody(folder):
    assert json.loads(made(folder, *PUBLIC, "--no-names", "--preview", "--json"))["named"] == []
    assert "Nobody is named." in made(folder, *PUBLIC, "--no-names", "--preview")


def test_more_than_fifty_people_are_listed_when_asked_for(folder):
    taken_in(folder, [[f"박뷔{chr(0xAC00 + 28 * n)}", "남", "구금", "공개동의"] for n in range(60)], "more.csv")
    said = made(folder, *PUBLIC, "--preview")
    assert "62 people are named: --names lists them." in said
    assert "김뷔가" not in said
    assert json.loads(made(folder, *PUBLIC, "--preview", "--json"))["named"] is None
    assert "김뷔가" in made(folder, *PUBLIC, "--preview", "--names")
    assert len(json.loads(made(folder, *PUBLIC, "--preview", "--json", "--names"))["named"]) == 62


def test_who_confirms_reads_the_names_by_command_and_on_the_page(folder):
    made(folder, *PUBLIC, "--title", "What we know", "--yes")
    assert "김뷔나" in ran("release", "show", "1", "--vault", folder / "vault")
    with api.open_vault(folder / "vault", PASSPHRASE) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
        page = logged_in(SECOND).get("/releases/1").content.decode()
        assert page.index("김뷔가") < page.index('action="/releases/1/confirm"')
        assert "What we know" in page
        assert "김뷔다" not in page
        shown = logged_in(FIRST).post("/releases", {"audience": "public", "act": "show", "title": "Another"})
        shown = shown.content.decode()
        assert shown.index("김뷔나") < shown.index('value="make"')
    assert "김뷔가" in confirmed(folder, 1)
    person = json.loads(ran("release", "show", "1", "--json", "--vault", folder / "vault"))["named"][0]["person"]
    assert SECOND[0] in ran("journal", "--about", person, "--vault", folder / "vault")


def test_who_may_not_see_who_people_are_is_shown_no_name(folder):
    made(folder, *PUBLIC, "--yes")
    with api.open_vault(folder / "vault", PASSPHRASE) as opened:
        from django.contrib.auth import get_user_model

        from corroborate_node.core import accounts
        from corroborate_node.core.actors import actor_of
        from corroborate_node.core.desk import Desk, owner
        from corroborate_node.release import named

        at = datetime.now(UTC).replace(microsecond=0)
        accounts.add(owner(opened, at), "A. Reader", ["reader"])
        user = get_user_model().objects.get(username="A. Reader")
        accounts.choose(Desk(opened, actor_of(user), at), "words of a third person", lambda _: False)
        answer = logged_in(("A. Reader", "")).get("/releases/1")
        assert answer.status_code == 403  # on a vault, whoever reads releases may see who people are
        assert "김뷔가" not in answer.content.decode()
        desk = Desk(opened, actor_of(get_user_model().objects.get(username="A. Reader")), at)
        assert named.of_release(desk, 1) is None


def test_a_few_people_more_or_fewer_than_the_receiver_had_are_said(folder):
    made(folder, *PUBLIC, "--yes")
    taken_in(folder, [["김뷔라", "남", "구금", "공개동의"]], "second.csv")
    told = json.loads(made(folder, *PUBLIC, "--preview", "--json"))
    assert {"release": 1, "use": "name", "more": 1, "fewer": 0} in told["people_apart"]
    assert "Compared with release 1: 1 more named" in made(folder, *PUBLIC, "--preview")
    made(folder, *PUBLIC, "--yes")
    assert "Compared with release 1: 1 more named" in ran("release", "show", "2", "--vault", folder / "vault")
    body = ("--audience", "named body", "--body", "OHCHR")  # it may hold what everybody has
    assert "Compared with release 1" in made(folder, *body, "--preview")
    with api.open_vault(folder / "vault", PASSPHRASE) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
        assert "Compared with release 1: 1 more named" in logged_in(FIRST).get("/releases/2").content.decode()


def test_equal_releases_tell_nobody_apart(folder):
    made(folder, *PUBLIC, "--yes")
    assert json.loads(made(folder, *PUBLIC, "--preview", "--json"))["people_apart"] == []


def test_of_several_forms_none_is_written_where_one_cannot_be_given(folder):
    made(folder, "--audience", "named body", "--body", "OHCHR", "--no-names", "--yes")
    out, vault = folder / "out", folder / "vault"
    out.mkdir()
    both = ("release", "write", "1", "--json", out / "release.json", "--dossier", out / "dossier.pdf", "--vault", vault)
    said = ran(*both, "--site", out / "site", code=1)
    assert "not for the public" in said
    (out / "package").mkdir()
    ran(*both, "--package", out / "package", code=1)
    (out / "package").rmdir()
    ran(*both, "--package", out / "package", "--to", "age1nobody", code=1)  # known only while the package is written
    ran("release", "write", "1", "--json", out / "release.json", "--dossier", out / "none" / "d.pdf", "--vault", vault,
        code=1)  # fmt: skip
    assert list(out.iterdir()) == []
    assert json.loads(ran("release", "show", "1", "--json", "--vault", vault))["given"] == []
    ran(*both, "--package", out / "package")
    assert {one.name for one in out.iterdir()} == {"release.json", "dossier.pdf", "package"}
    pages = pypdfium2.PdfDocument(out / "dossier.pdf")
    text = " ".join("".join(page.get_textpage().get_text_bounded() for page in pages).split())
    assert "No estimate is part of this release." in text
    assert "have cosigned" not in text


def logged_in(who: tuple[str, str]):
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username=who[0]))
    return client
