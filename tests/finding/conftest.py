"""A vault whose lists write the same people in many ways, with accounts that see all of it, a case, or no names."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from corroborate_cli.main import group
from corroborate_node import api

VAULT, KEEPER, OWN = "the words of the vault", "the words of its keeper", "the words of their own"
HEAD = "성명,성별,체포일,장소,수용소,혐의,공개여부,증언자,비고\n"
LISTS = {
    "Ours": """리영수,남,1997-03,청진,요덕수용소,고문,예,증인하나,겨울에 공개처형을 보았다
李英洙,남,1998,회령,,처형,예,증인둘,산에서 들은 말
Ryu Un-hui,여,2001-05-02,Chongjin,Camp 15,torture,예,증인셋,she was beaten with a leather belt
محمد الشامي,남,2012,حلب,,تعذيب,예,증인넷,
Кузнецов Сергей,남,1999,Хабаровск,,пытки,예,증인다섯,
""",
    "Theirs": """Lee Young-soo,남,1996,신의주,,고문,예,증인여섯,needletheirs belt
류은희,여,2003,함흥,,처형,예,증인일곱,needletheirs 공개처형
""",
    "": "横田めぐみ,여,1977-11-15,新潟,,拉致,예,증인여덟,\n남궁혁,남,2005,평양,,처형,아니요,증인아홉,needlenone\n",
}


def ran(folder, *words, code=0, given=None):
    done = CliRunner().invoke(
        group, [*map(str, words), "--vault", str(folder)], env={"CORROBORATE_PASSPHRASE": VAULT}, input=given
    )
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.output + str(done.exception or "")


# Invented: a document of one case, and one of another.
INTERVIEW = """Interview in a borrowed room, invented from end to end.

그해 겨울에 광장에서 공개 처형을 보았다고 했다. 모두가 나와서 보아야 했다.

She counted nineteen days in the détention centre near Chongjin.

หมู่บ้านถูกเผา และทุกคนหนีไป
"""
MEMO = "needletheirs paper.\n\nThe ledger named the needlememo depot, kept beside the detention centre.\n"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The vault's folder, before anybody has it open."""
    place = tmp_path_factory.mktemp("finding")
    folder = place / "vault"
    api.create_vault(folder, "Member", VAULT, account_passphrase=KEEPER)
    for case, rows in LISTS.items():
        listed = place / f"명단{case}.csv"
        listed.write_text(HEAD + rows, encoding="utf-8")
        if case:
            ran(folder, "cases", "new", case)
        ran(folder, "import", listed, *(["--case", case] if case else []))
    for case, name, text in (("Ours", "interview 7.txt", INTERVIEW), ("Theirs", "needletheirs memo.txt", MEMO)):
        (place / name).write_text(text, encoding="utf-8")
        ran(folder, "import", place / name, "--case", case)
    return folder


@pytest.fixture(scope="module")
def house(made, account):
    with api.open_vault(made, VAULT) as vault:
        from django.contrib.auth import get_user_model

        known = set(get_user_model().objects.values_list("username", flat=True))
        for name, roles, only in (
            ("whole", ["documenter"], None),
            ("ours", ["documenter"], ["Ours"]),
            ("counts", ["analyst"], None),
            ("none", ["documenter"], []),
        ):
            if name not in known:
                account(vault, name, OWN, *roles, only=only)
        users = {one.username: one for one in get_user_model().objects.all()}
        at = datetime.now(UTC).replace(microsecond=0)
        yield SimpleNamespace(vault=vault, vault_at=at, folder=made, **users)
