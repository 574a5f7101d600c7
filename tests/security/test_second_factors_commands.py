"""Second factors at the command line: an account that acts there shows its code; the owner asks for one."""

import base64
import json
from datetime import UTC, datetime

from click.testing import CliRunner

from corroborate.errors import InvalidValue, NotAllowed
from corroborate_cli.main import group
from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "words of mina alone"


def test_an_account_shows_its_code_and_the_owner_asks_for_one_lists_it_and_says_that_it_is_lost(tmp_path, account):
    folder, secrets, words = tmp_path / "vault", tmp_path / "mina.txt", tmp_path / "keeper.txt"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    words.write_text(KEEPER, encoding="utf-8")
    with api.open_vault(folder, VAULT) as opened:
        user = account(opened, "mina", OWN, "documenter")
        secret, papers = with_app(opened, user)

    def run(*arguments):
        return CliRunner().invoke(
            group, [*arguments, "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": VAULT}, input="\n"
        )

    def asked(*lines):
        secrets.write_text("\n".join(lines), encoding="utf-8")
        return run("search", "a", "--as", "mina", "--account-file", str(secrets))

    assert asked(OWN).exit_code == 1
    assert isinstance(asked(OWN, "123456").exception, NotAllowed)
    assert asked(OWN, papers[0]).exit_code == 0
    assert isinstance(asked(OWN, papers[0]).exception, NotAllowed)  # a paper is used once
    assert asked(OWN, now(secret)).exit_code == 0

    listed = {one["account"]: one for one in json.loads(run("accounts", "list", "--json").output)}
    assert (listed["mina"]["second_factor"], listed["keeper"]["second_factor"]) == (True, False)
    assert "keeper needs a second factor." in run("accounts", "require-second", "keeper").output
    assert run("accounts", "require-second").exit_code == 2
    by_keeper = ("accounts", "vouch", "mina", "--as", "keeper", "--account-passphrase-file", str(words))
    assert "needs a second factor and has none" in str(run(*by_keeper).exception)
    assert "is no longer asked" in run("accounts", "require-second", "keeper", "--lift").output
    assert "confirm-lost mina" in run("accounts", "lost-second", "mina").output
    assert isinstance(run("accounts", "lost-second", "keeper").exception, InvalidValue)
    confirmed = run("accounts", "confirm-lost", *by_keeper[2:])
    assert "the owner asked for this" in str(confirmed.exception)  # and made the keeper's account


def now(secret):
    from corroborate_node.core import codes

    return codes.code_at(secret, codes.step_of(datetime.now(UTC).timestamp()))


def with_app(vault, user):
    """An app that was set up a minute ago: its secret, and the codes on paper."""
    from datetime import timedelta

    from corroborate_node.core import codes, factors
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    at, secret = datetime.now(UTC) - timedelta(minutes=1), base64.b32decode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    code = codes.code_at(secret, codes.step_of(at.timestamp()))
    return secret, factors.add_code(Desk(vault, actor_of(user), at), secret, "phone", code)
