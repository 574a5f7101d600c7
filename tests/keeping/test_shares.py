"""Shares on paper: any few of them open a vault and its backups, fewer say nothing, and a mistyped word is found."""

import itertools
import re
import secrets

import pytest

from corroborate.errors import InvalidValue
from corroborate.sealed.shares import divided, joined, read_share
from corroborate_node import api
from corroborate_node.core.vaults import key_slots

from .conftest import PASSPHRASE, as_json, claims, run

NEW = "words that were chosen after the loss"
# of the standard's own published vectors (SLIP-0039, 256 bits): one that is whole, one whose checksum does not fit
WHOLE = (
    "theory painting academic academic armed sweater year military elder discuss acne wildlife boring employer fused "
    "large satoshi bundle carbon diagnose anatomy hamster leaves tracks paces beyond phantom capital marvel lips brave "
    "detect luck"
)


def on_paper(vault, *more):
    """The shares as `keys shares` shows them: words of each."""
    said = run("keys", "shares", *more, "--vault", vault)[0]
    found = [re.findall(r"\b\d+ ([a-z]+) +\d{4}\b", part) for part in re.split(r"Share \d+ of \d+", said)[1:]]
    assert all(len(words) == 33 for words in found)
    return [" ".join(words) for words in found]


def file_of(tmp_path, shares):
    path = tmp_path / "typed.txt"
    path.write_text("\n".join(shares) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("need", "of"), [(2, 3), (2, 2), (3, 5), (5, 9), (16, 16)])
def test_any_few_of_the_shares_give_the_key_and_one_fewer_gives_nothing(need, of):
    key = secrets.token_bytes(32)
    shares = divided(key, need, of)
    for few in itertools.islice(itertools.combinations(shares, need), 20):
        assert joined(few) == key
        assert joined([read_share(str(one)) for one in reversed(few)]) == key
    with pytest.raises(InvalidValue, match=f"it takes {need} different shares, and these are {need - 1}"):
        joined([*shares[: need - 1], shares[0]] if need > 1 else [])


def test_a_share_is_read_from_words_their_first_letters_and_their_numbers():
    share = divided(secrets.token_bytes(32), 2, 3)[1]
    for text in (
        str(share), str(share).upper(), "  ".join(word[:4] for word in share.words), ", ".join(share.words),
        " ".join(str(number) for number in share.numbers), " ".join(f"{number:04}" for number in share.numbers),
        "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "　" for letter in str(share)),  # full-width letters
    ):  # fmt: skip
        assert read_share(text) == share
    assert read_share(WHOLE).need == 1


def test_a_mistyped_word_is_named_or_found_by_the_checksum():
    share = divided(secrets.token_bytes(32), 2, 3)[0]
    words = list(share.words)
    for at in range(33):
        for other in ("academic", "zero"):
            if words[at] != other:
                with pytest.raises(InvalidValue, match="checksum"):
                    read_share(" ".join([*words[:at], other, *words[at + 1 :]]))
    with pytest.raises(InvalidValue, match="word 3, 'acadmeic', is not in the list; the nearest is 'academic'"):
        read_share(" ".join([*words[:2], "acadmeic", *words[3:]]))
    with pytest.raises(InvalidValue, match="has 33 words, and these are 32"):
        read_share(" ".join(words[1:]))
    with pytest.raises(InvalidValue, match="between 1 and 1024"):
        read_share(" ".join(["1025", *words[1:]]))
    with pytest.raises(InvalidValue, match="different keys"):
        joined([share, divided(secrets.token_bytes(32), 2, 3)[1]])
    for need, of in ((1, 3), (4, 3), (2, 17)):
        with pytest.raises(InvalidValue, match="2 or more"):
            divided(secrets.token_bytes(32), need, of)


def test_the_drill_as_the_guide_says_it_restores_a_vault_whose_passphrase_is_lost(vault, tmp_path, account):
    from django.test import Client

    shares = on_paper(vault)
    assert len(shares) == 3
    listed = run("keys", "list", "--vault", vault)[0]
    assert "any 2 of 3" in listed
    for share in shares:  # kept nowhere
        assert not any(share.split()[2] in one.read_bytes().decode("latin-1") for one in (vault / "keys").iterdir())
    said = run("keys", "drill", "--vault", vault, given=f"{shares[2]}\nmistyped\n{shares[0]}\n")
    assert "open the vault" in said[0]
    assert "33 words" in said[1]
    run("backup", tmp_path / "one.backup", "--vault", vault)
    before, two = claims(vault), file_of(tmp_path, shares[1:])
    (tmp_path / "new words").write_text(NEW, encoding="utf-8")
    given = ("--shares-file", two, "--new-passphrase-file", tmp_path / "new words")
    as_json("restore", tmp_path / "one.backup", tmp_path / "new", *given, passphrase="")
    assert claims(tmp_path / "new", NEW) == before
    run("keys", "drill", "--shares-file", two, "--vault", tmp_path / "new")
    with api.open_vault(vault, PASSPHRASE) as opened:
        account(opened, "keeps", "words of their own", "keeper")
        browser = Client(HTTP_HOST="127.0.0.1")
        browser.post("/log-in", {"username": "keeps", "password": "words of their own"})
        page = browser.get("/keys").content.decode()
        assert "Last tried" in page
        assert "never tried" not in page
        assert "2 / 3" in page


def test_too_few_or_foreign_shares_open_nothing_and_a_removed_slot_opens_no_more(vault, tmp_path):
    shares = on_paper(vault, "--need", "3", "--of", "4")
    (tmp_path / "new words").write_text(NEW, encoding="utf-8")
    new = ("--passphrase", "--new-passphrase-file", tmp_path / "new words", "--vault", vault)
    assert "it takes 3" in run("keys", "add", "--shares-file", file_of(tmp_path, shares[:2]), *new, code=1)[1]
    foreign = [str(one) for one in divided(secrets.token_bytes(32), 2, 2)]
    assert "open none" in run("keys", "add", "--shares-file", file_of(tmp_path, foreign), *new, code=1)[1]
    run(
        "keys", "add", "--shares-file", file_of(tmp_path, shares[1:]), *new
    )  # the passphrase was lost: another is given
    assert claims(vault, NEW) == claims(vault)
    run("keys", "remove", "2", "--vault", vault)
    assert (
        "open none" in run("keys", "drill", "--shares-file", file_of(tmp_path, shares[1:]), "--vault", vault, code=1)[1]
    )
    assert len(key_slots(vault)) == 2


def test_pages_to_be_printed_hold_one_share_each_and_name_nobody(vault, tmp_path):
    pages = tmp_path / "shares.html"
    said = run("keys", "shares", "--pages", pages, "--vault", vault)[0]
    text = pages.read_text(encoding="utf-8")
    assert text.count("<section>") == 3
    assert pages.stat().st_mode & 0o077 == 0
    assert "Member" not in text
    shares = [" ".join(re.findall(r"<li>([a-z]+) <small>", one)) for one in text.split("<section>")[1:]]
    assert not any(share.split()[-1] in said for share in shares)  # shown in one place alone
    run("keys", "drill", "--shares-file", file_of(tmp_path, shares[:2]), "--vault", vault)
    assert "nothing is overwritten" in run("keys", "shares", "--pages", pages, "--vault", vault, code=1)[1]
    assert len(key_slots(vault)) == 2
