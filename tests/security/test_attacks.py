"""What somebody took out, or did, who should not have been able to: each tried through commands and pages."""

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from tests.promises.conftest import found_in  # noqa: F401 - a fixture
from tests.promises.test_p02_from_the_list_to_the_bytes import PASSPHRASE, ran, through_the_door
from tests.releasing import desks, packed
from tests.security.test_accounts import _desk, entered

from corroborate.errors import NotAllowed
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions
from corroborate_node.records import queries as records_queries

OTHER = "the words of another person"
NOTE = "실명 비공개 요청 (아내 서별하나)"
LIST = f"""성명,성별,발생일,위반,이름 공개 동의,비고,수첩
한별하나,여,1999,아이라며 배를 걷어차 유산시킴,동의,,강제로 아이를 지움
민별둘,남,2001,고문,아니오,{NOTE},
"""


def now():
    return datetime.now(UTC).replace(microsecond=0)


def refused(*words):
    """What a command says that does nothing."""
    done = CliRunner().invoke(group, [str(one) for one in words], env={"CORROBORATE_PASSPHRASE": PASSPHRASE})
    assert done.exit_code == 1, done.output
    return f"{done.output}{done.exception}"


@pytest.fixture
def folder(tmp_path):
    """A vault that took a list in."""
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    ran("new", tmp_path / "vault", "--name", "Member")
    ran("import", tmp_path / "list.csv", "--vault", tmp_path / "vault")
    ran("log", "checkpoint", "--vault", tmp_path / "vault")
    return tmp_path / "vault"


def test_words_that_tell_what_was_done_to_a_body_stay_as_the_act_itself_does(folder, tmp_path, found_in):  # noqa: F811
    number = through_the_door(folder, "--audience", "named body", "--body", "OHCHR")
    ran("pack", tmp_path / "package", "--release", number, "--vault", folder)
    assert found_in(tmp_path / "package", "한별하나")  # her name may go, by her row's consent
    for words in ("유산시킴", "강제로 아이를 지움"):
        assert found_in(tmp_path / "package", words) == []


def test_the_words_of_a_consent_are_for_those_who_may_see_who_people_are(folder, account):
    with api.open_vault(folder, PASSPHRASE) as vault:
        source = next(one.source for one in records_queries.consents() if NOTE in one.words)
        for name, role, sees in (("reads", "reader", False), ("counts", "analyst", False), ("law", "lawyer", True)):
            account(vault, name, OTHER, role)
            page = entered(name, OTHER).get(f"/sources/{source}")
            assert page.status_code == 200
            assert ("서별하나" in page.content.decode()) is sees


def test_the_words_of_a_consent_are_erased_with_its_source(folder):
    with api.open_vault(folder, PASSPHRASE) as vault:
        source = next(one.source for one in records_queries.consents() if NOTE in one.words)
        records_actions.withdraw(owner(vault, now()), source, date.today())
        assert not any("서별하나" in repr(one) for one in records_queries.consents())
        from corroborate_node.log.models import LogEntry

        consents = [one.id for one in records_queries.consents() if one.source == source]
        assert not LogEntry.objects.filter(record__in=consents).exclude(salt=None).exists()


def test_what_was_withdrawn_does_not_leave_in_an_own_package_of_before(folder, tmp_path):
    with api.open_vault(folder, PASSPHRASE) as vault:
        packed(vault, tmp_path / "before", at=now(), audience="public")
        for one in records_queries.sources().values():
            if one.number == 1:
                records_actions.withdraw(owner(vault, now()), one.id, date.today())
    said = refused("release", "make", "--audience", "public", "--no-claims", "--include", tmp_path / "before", "--yes",
                   "--vault", folder)  # fmt: skip
    assert "records of our own" in said


def test_another_members_package_leaves_only_with_a_second_person(folder, tmp_path):
    (tmp_path / "list2.csv").write_text(LIST, encoding="utf-8")
    ran("new", tmp_path / "other", "--name", "Another")
    ran("import", tmp_path / "list2.csv", "--vault", tmp_path / "other")
    ran("log", "checkpoint", "--vault", tmp_path / "other")
    with api.open_vault(tmp_path / "other", PASSPHRASE) as vault:
        packed(vault, tmp_path / "theirs", at=now(), audience="public")
    made = json.loads(ran("release", "make", "--audience", "public", "--no-claims", "--include", tmp_path / "theirs",
                          "--json", "--vault", folder))  # fmt: skip
    assert made["needs_second"]
    said = refused("pack", tmp_path / "out", "--release", made["release"], "--include", tmp_path / "theirs",
                   "--vault", folder)  # fmt: skip
    assert "nobody has confirmed" in said


def test_the_owner_is_no_second_person_through_an_account_of_an_account(folder):
    from corroborate_node.release import making

    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_node.core import accounts
        from corroborate_node.core.desk import owner

        number = making.make(owner(vault, now()), making.Asked("public"))
        accounts.add(owner(vault, now()), "first", ["keeper"])  # by the command line
        accounts.add(_desk(vault, "first"), "second", ["coordinator"])  # on a page, as the account just made
        with pytest.raises(NotAllowed, match="one behind it"):
            making.confirm(_desk(vault, "second"), number)
        first, second = desks(vault, now())
        making.confirm(second, making.make(first, making.Asked("public")))


@pytest.mark.parametrize("twin", ["s. mori", "S.\u00a0Mori", "S. Mori", "S. M\u200bori"])
def test_no_account_has_a_name_that_reads_like_another(folder, twin):
    from corroborate.errors import CorroborateError

    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_node.core import accounts
        from corroborate_node.core.desk import owner

        accounts.add(owner(vault, now()), "S. Mori", ["coordinator"])
        with pytest.raises(CorroborateError):
            accounts.add(owner(vault, now()), twin, ["coordinator"])


def test_choosing_a_passphrase_does_not_tell_without_end_whether_one_opens_the_vault(folder, account):
    with api.open_vault(folder, PASSPHRASE) as vault:
        account(vault, "reads", OTHER, "reader")
        browser, said = entered("reads", OTHER), []
        for number in range(7):
            new = f"guess of a vault {number}"
            said.append(browser.post("/choose-passphrase", {"new": new, "again": new}))
        assert [one.status_code for one in said] == [302] * 5 + [200] * 2
        assert "too many wrong tries" in said[-1].content.decode()


def test_a_number_in_other_digits_is_no_fault_of_a_page(folder, account):
    with api.open_vault(folder, PASSPHRASE) as vault:
        account(vault, "leads", OTHER, "coordinator")
        assert entered("leads", OTHER).post("/alarms", {"alarm": "²", "how": "x"}).status_code == 200


def test_a_release_file_that_was_changed_is_not_published_by_its_vault(folder, tmp_path):
    number = through_the_door(folder, "--audience", "public")
    ran("release", "write", number, "--json", tmp_path / "release.json", "--vault", folder)
    ran("publish", tmp_path / "site", "--release", tmp_path / "release.json", "--vault", folder)
    changed = (tmp_path / "release.json").read_text(encoding="utf-8").replace("한별하나", "민별둘")
    (tmp_path / "changed.json").write_text(changed, encoding="utf-8")
    said = refused("publish", tmp_path / "other", "--release", tmp_path / "changed.json", "--vault", folder)
    assert "the file was changed" in said
    assert not (tmp_path / "other").exists()


def test_numbers_of_before_a_withdrawal_are_not_written_after_it(tmp_path):
    rows = "".join(f"가나{chr(0xAC00 + 28 * at)},남,2001,고문\n" for at in range(12))
    (tmp_path / "list.csv").write_text(f"성명,성별,발생일,위반\n{rows}", encoding="utf-8")
    ran("new", tmp_path / "vault", "--name", "Member")
    ran("import", tmp_path / "list.csv", "--agreed", "--vault", tmp_path / "vault")
    ran("release", "make", "--audience", "public", "--yes", "--vault", tmp_path / "vault")
    ran("release", "write", "1", "--json", tmp_path / "before.json", "--vault", tmp_path / "vault")
    with api.open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        row = next(one.id for one in records_queries.sources().values() if one.number == 3)
        records_actions.withdraw(owner(vault, now()), row, date.today())
    said = refused("release", "write", "1", "--json", tmp_path / "after.json", "--vault", tmp_path / "vault")
    assert "was withdrawn since" in said
