"""Releases from making to recall, by the commands: who may confirm, what refuses to be written, who is told later."""

import csv
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.releasing import FIRST, SECOND, desks

from corroborate.custody import statements
from corroborate.errors import CorroborateError, NotAllowed, NotVerified
from corroborate.records import Claim, Consent, Entity, Source
from corroborate.values import new_id, read_name
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries

PASSPHRASE = "long enough to hold"


def ran(*words: object, code: int = 0) -> str:
    """What a command said; of one that refuses, its message with what to do."""
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == code, (words, done.output, done.exception)
    if isinstance(done.exception, CorroborateError):
        return f"{done.exception} {done.exception.remedy}"
    return done.output


def _people(path: Path, names: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(
            [["성명", "성별", "혐의", "공개여부"], *([name, "남", "고문", "공개동의"] for name in names)]
        )
    return path


def _vault(folder: Path) -> Path:
    """A vault with accounts of two people, whose passphrases stand in files beside it."""
    ran("new", folder / "vault", "--name", "Member")
    with api.open_vault(folder / "vault", PASSPHRASE) as opened:
        desks(opened, datetime.now(UTC).replace(microsecond=0))
    for name, words in (FIRST, SECOND):
        (folder / f"{name}.txt").write_text(words, encoding="utf-8")
    return folder / "vault"


def _as(vault: Path, name: str) -> list[object]:
    return ["--as", name, "--account-passphrase-file", vault.parent / f"{name}.txt", "--vault", vault]


def _made(vault: Path, *asked: object, by: str = FIRST[0]) -> dict:
    return json.loads(ran("release", "make", *asked, "--json", *_as(vault, by)))


def _confirmed(vault: Path, *asked: object) -> str:
    number = str(_made(vault, *asked)["release"])
    ran("release", "confirm", number, *_as(vault, SECOND[0]))
    return number


def _shown(vault: Path, number: str) -> dict:
    return json.loads(ran("release", "show", number, "--vault", vault, "--json"))


@pytest.fixture(scope="module")
def member(tmp_path_factory):
    """A vault with a list of twelve people who let their names be published."""
    folder = tmp_path_factory.mktemp("member")
    vault = _vault(folder)
    ran("import", _people(folder / "list.csv", [f"김뷔{one}" for one in "가나다라마바사아자차카타"]), "--vault", vault)
    ran("log", "checkpoint", "--vault", vault)
    return vault


def test_a_release_without_names_needs_nobody_and_says_no_name(member, tmp_path, found_in):
    made = _made(member, "--audience", "public", "--no-names")
    assert not made["needs_second"]
    ran("release", "write", made["release"], "--json", tmp_path / "release.json", *_as(member, FIRST[0]))
    assert found_in(tmp_path, "김뷔가") == []
    assert _shown(member, str(made["release"]))["confirmed"] is None


def test_a_release_with_names_is_written_only_when_another_person_confirmed_it(member, tmp_path):
    number = str(_made(member, "--audience", "public")["release"])
    for form in ("--json", "--dossier", "--package", "--site"):
        said = ran("release", "write", number, form, tmp_path / "out", *_as(member, FIRST[0]), code=1)
        assert "nobody has confirmed it yet" in said
        assert f"corroborate release confirm {number}" in said
    assert "nobody is second to themselves" in ran("release", "confirm", number, *_as(member, FIRST[0]), code=1)
    assert list(tmp_path.iterdir()) == []
    ran("release", "confirm", number, *_as(member, SECOND[0]))
    assert "confirmed already" in ran("release", "confirm", number, *_as(member, SECOND[0]), code=1)
    ran("release", "write", number, "--json", tmp_path / "release.json", *_as(member, FIRST[0]))
    assert _shown(member, number)["confirmed_by"] == SECOND[0]


def test_an_account_that_the_owner_made_is_no_second_person_to_the_owner(member, tmp_path):
    made = json.loads(ran("release", "make", "--audience", "public", "--vault", member, "--json"))
    said = ran("release", "confirm", made["release"], *_as(member, SECOND[0]), code=1)
    assert "the owner made this release" in said
    assert "--as NAME" in said
    ran("release", "write", made["release"], "--json", tmp_path / "r.json", "--vault", member, code=1)
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize("act", ["add", "reset"])
def test_an_account_that_the_first_made_or_reset_is_no_second_person(tmp_path, act, account):
    """Nor is the first one to a release of that account: neither is free of the other."""
    from django.contrib.auth import get_user_model

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner
    from corroborate_node.release import making

    vault, at = tmp_path / "vault", datetime.now(UTC).replace(microsecond=0)
    ran("new", vault, "--name", "Member")
    with api.open_vault(vault, PASSPHRASE) as opened:
        keeper = Desk(opened, actor_of(account(opened, "Maker", "words of the maker", "keeper", "coordinator")), at)
        if act == "reset":
            accounts.add(owner(opened, at), "Other", ["coordinator"])
        getattr(accounts, act)(keeper, "Other", *([["coordinator"]] if act == "add" else []))
        user = get_user_model().objects.get(username="Other")
        accounts.choose(Desk(opened, actor_of(user), at), "words of the other", lambda _: False)
        other = Desk(opened, actor_of(get_user_model().objects.get(username="Other")), at)
        _person(opened, at, "김뷔별")
        for first, second in ((keeper, other), (other, keeper)):
            number = making.make(first, making.Asked("public"))
            assert not making.may_confirm(second, number)
            with pytest.raises(NotAllowed, match="made or reset the other"):
                making.confirm(second, number)
            assert making.known(number).confirmed is None


def _person(vault, at: datetime, name: str, *, about: str = "", ends: date | None = None) -> tuple[str, str, str]:
    """A source that names a person and lets the public know: ids of person, source and claim."""
    person = about or new_id("person", milliseconds=1, randomness=os.urandom(10))
    source = Source(new_id("source", milliseconds=1, randomness=os.urandom(10)), "witness", "w")
    consent = Consent(new_id("consent", milliseconds=1, randomness=os.urandom(10)), source.id,
                      frozenset({"name", "quote", "count"}), "public", date(2020, 1, 1), ends)  # fmt: skip
    claim = Claim(new_id("claim", milliseconds=1, randomness=os.urandom(10)), person, "name", read_name(name),
                  source.id, "p. 1", "saw", "recorder", at)  # fmt: skip
    records_actions.receive(owner(vault, at), [] if about else [Entity(person, "person")], [source], [consent], [claim])
    log_actions.checkpoint(owner(vault, at))
    return person, source.id, claim.id


def test_leave_that_a_source_took_back_after_the_making_refuses_the_whole_write(tmp_path):
    """The release shows what the first source told; the second one, which it does not show, took its leave back."""
    vault, at = _vault(tmp_path), datetime.now(UTC).replace(microsecond=0)
    with api.open_vault(vault, PASSPHRASE) as opened:
        person, _, claim = _person(opened, at, "김뷔별")
        _, second, _ = _person(opened, at, "김뷔별", about=person)
        _, _, other = _person(opened, at, "김뷔달")
    number = _confirmed(vault, "--audience", "public", "--claim", claim, "--claim", other)
    ran("release", "write", number, "--json", tmp_path / "before.json", *_as(vault, FIRST[0]))
    ran("withdraw", second, "--vault", vault)
    out = tmp_path / "out"
    for form in ("--json", "--dossier", "--package", "--site"):
        said = ran("release", "write", number, form, out, *_as(vault, FIRST[0]), code=1)
        assert "may no longer go" in said
        assert "corroborate release make" in said
        assert not out.exists()
    assert [one["form"] for one in _shown(vault, number)["given"]] == ["json"]


def test_nothing_is_written_of_a_release_whose_day_has_passed(tmp_path):
    """By its own last day, and by the first consent that ends where none was given."""
    from corroborate_node.core.desk import owner
    from corroborate_node.release import giving, making

    vault, at = tmp_path / "vault", datetime.now(UTC).replace(microsecond=0)
    last = at.date() + timedelta(days=5)
    ran("new", vault, "--name", "Member")
    with api.open_vault(vault, PASSPHRASE) as opened:
        _person(opened, at, "김뷔별", ends=last)
        given = making.make(owner(opened, at), making.Asked("public", names=False, until=last))
        first, second = desks(opened, at)
        ending = making.make(first, making.Asked("public"))
        making.confirm(second, ending)
        assert making.known(ending).until == last
        for number in (given, ending):
            giving.write(owner(opened, at + timedelta(days=5)), number, "json", tmp_path / f"{number}.json")
            for form in ("json", "dossier"):
                with pytest.raises(NotAllowed, match=f"was for use until {last}"):
                    giving.write(owner(opened, at + timedelta(days=6)), number, form, tmp_path / "late")
    assert not (tmp_path / "late").exists()


def test_who_received_what_was_taken_back_is_told_by_a_signed_note_that_carries_no_name(tmp_path, found_in):
    vault, at = _vault(tmp_path), datetime.now(UTC).replace(microsecond=0)
    with api.open_vault(vault, PASSPHRASE) as opened:
        _, source, claim = _person(opened, at, "김뷔별")
        _person(opened, at, "김뷔달")
        key = opened.signer.verifier()
    given = _confirmed(vault, "--audience", "public")
    kept = _confirmed(vault, "--audience", "named body", "--body", "OHCHR")
    ran("release", "write", given, "--json", tmp_path / "release.json", *_as(vault, FIRST[0]))
    assert "nothing of release" in ran(
        "release", "recall", given, "--out", tmp_path / "notes", "--vault", vault, code=1
    )
    ran("withdraw", source, "--vault", vault)
    after = {str(one["release"]): one for one in json.loads(ran("release", "list", "--vault", vault, "--json"))}
    assert (after[given]["erased"], after[given]["recalls"]) == (True, ["waits"])
    assert (after[kept]["erased"], after[kept]["recalls"]) == (True, [])  # nobody has it: nobody is to be told
    assert after[given]["withdrawn_since"] == 2  # what the source told, and that it told it
    assert "was withdrawn since it was made" in ran(
        "release", "write", given, "--json", tmp_path / "again.json", *_as(vault, FIRST[0]), code=1
    )
    printed = ran("release", "recall", given, "--out", tmp_path / "notes", "--vault", vault)
    note = Path(printed.strip()).read_bytes()
    erased = [line.removeprefix("erase ") for line in note.decode().splitlines() if line.startswith("erase ")]
    assert erased == sorted([claim, source])
    assert found_in(tmp_path / "notes", "김뷔별") == found_in(tmp_path / "notes", "김뷔달") == []
    assert statements.signers(note, [key]) == {key}
    other = claim[:-1] + ("0" if claim[-1] != "0" else "1")
    with pytest.raises(NotVerified):
        statements.signers(note.replace(claim.encode(), other.encode()), [key])
    assert _shown(vault, given)["recalls"] == ["sent"]
    assert "1 note answered" in ran("release", "recall", given, "--answered", "--vault", vault)
    assert _shown(vault, given)["recalls"] == ["answered"]


def test_a_number_that_tells_of_a_few_people_beside_an_earlier_release_is_flagged_and_withheld(member, tmp_path):
    ran("release", "make", "--audience", "public", "--no-names", "--vault", member, "--yes")
    ran("import", _people(tmp_path / "more.csv", ["박뷔가", "박뷔나", "박뷔다"]), "--vault", member)
    ran("log", "checkpoint", "--vault", member)
    made = _made(member, "--audience", "public", "--no-names")
    assert made["differences"], made
    for one in made["differences"]:
        assert one["later"] - one["earlier"] == 3
        assert one["figure"].startswith(("finding: ", "people: "))
    ran("release", "write", made["release"], "--json", tmp_path / "release.json", *_as(member, FIRST[0]))
    findings = json.loads((tmp_path / "release.json").read_bytes())["release"]["findings"]
    flagged = {one["figure"] for one in made["differences"]}
    told = [one for one in findings if f"finding: {one['crime']}, {one['element']}" in flagged]
    assert told
    assert all(one["victims"] is None for one in told)
    assert "people: people" in flagged, "how many people there are in all is flagged as well"
    assert "fewer than ten people" in ran("release", "show", made["release"], "--vault", member)


def test_a_release_json_is_known_by_its_vault_and_a_changed_or_strange_one_is_not(member, tmp_path):
    number = _made(member, "--audience", "own", "--no-names")["release"]
    file = tmp_path / "release.json"
    ran("release", "write", number, "--json", file, *_as(member, FIRST[0]))
    assert _shown(member, str(file))["release"] == number
    body = json.loads(file.read_bytes())
    body["release"]["title"] += "!"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    assert "the file was changed" in ran("release", "show", changed, "--vault", member, code=1)
    body["release"]["id"] = new_id("release", milliseconds=1, randomness=b"0123456789")
    changed.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    assert "made no such release" in ran("release", "show", changed, "--vault", member, code=1)
    assert "neither the number" in ran("release", "show", tmp_path / "none", "--vault", member, code=1)


def test_whoever_confirms_is_told_what_a_reader_may_guess_and_of_namesakes_whose_source_refuses(tmp_path):
    """One of three who are named is without what was done; one has the name of somebody whose row refuses; one row
    tells of nobody by name, and is not counted among the named."""
    vault, rows = _vault(tmp_path), tmp_path / "rows.csv"
    rows.write_text(
        "성명,성별,혐의,공개여부\n김뷔가,남,고문,공개동의\n김뷔나,여,강제낙태,공개동의\n김뷔다,여,고문,공개동의\n"
        "김뷔다,여,고문,공개동의 안 함\n신원미상,남,고문,공개동의\n",
        encoding="utf-8",
    )
    ran("import", rows, "--vault", vault)
    made = _made(vault, "--audience", "public")
    assert (made["named_untold"], made["named_namesakes"]) == (1, 1)
    assert [one["people"] for one in made["goes"] if one["use"] == "name"] == [3]
    said = ran("release", "show", made["release"], *_as(vault, SECOND[0])[-2:])
    assert "Named, while what was done to their bodies stays: 1" in said
    assert "Named, and with the name of another entry here whose source does not let it go: 1" in said


def test_a_dossier_from_a_file_says_its_day_and_withdrawal_says_which_files_lie_outside(tmp_path):
    vault = _vault(tmp_path)
    ran("import", _people(tmp_path / "list.csv", ["김뷔가", "김뷔나"]), "--vault", vault)
    number = _confirmed(vault, "--audience", "public")
    ran("release", "write", number, "--json", tmp_path / "r.json", *_as(vault, FIRST[0]))
    done = CliRunner().invoke(group, ["dossier", str(tmp_path / "d.pdf"), "--release", str(tmp_path / "r.json")])
    assert f"As its consents stood on {datetime.now(UTC).date().isoformat()}" in done.stderr
    with api.open_vault(vault, PASSPHRASE):
        source = next(one.source for one in queries.claims() if one.property == "name")
    assert "delete your own (json of " in ran("withdraw", source, "--vault", vault)


def test_who_says_no_in_one_list_is_not_named_by_another_list_s_yes_once_they_are_judged_the_same(tmp_path):
    vault = _vault(tmp_path)
    for name, may in (("a", "예"), ("b", "아니오")):
        (tmp_path / f"{name}.csv").write_text(
            f"성명,생년월일,성별,혐의,공개여부\n김뷔가,1967-03-12,여,고문,{may}\n", encoding="utf-8"
        )
        ran("import", tmp_path / f"{name}.csv", "--vault", vault)
    assert [one["people"] for one in _made(vault, "--audience", "public")["goes"] if one["use"] == "name"] == [1]
    ran("review", "find", "--vault", vault)
    (pair,) = json.loads(ran("review", "list", "--vault", vault, "--json"))
    ran("review", "judge", pair["pair"], "same", "--vault", vault, "--by", "M. Seo", "--why", "one birthday")
    made = _made(vault, "--audience", "public")
    assert [one for one in made["goes"] if one["use"] == "name"] == []
    assert any(one["why"] == "taken back" for one in made["stays"])


def test_the_name_of_a_list_s_file_leaves_only_when_a_release_names_titles(tmp_path, found_in):
    vault, path = _vault(tmp_path), _people(tmp_path / "홍비밀증언자 면담.csv", ["김뷔가", "김뷔나"])
    ran("import", path, "--vault", vault)
    ran("log", "checkpoint", "--vault", vault)
    for more, expected in (((), False), (("--words", "title"), True)):
        number = _confirmed(vault, "--audience", "public", *more)
        out = tmp_path / f"package{len(more)}"
        ran("pack", out, "--release", number, "--vault", vault)
        assert bool(found_in(out, "홍비밀증언자")) == expected
        if expected:
            said = ran("release", "show", number, *_as(vault, SECOND[0])[-2:])
            assert "홍비밀증언자 면담" in said, "who confirms has read it"
