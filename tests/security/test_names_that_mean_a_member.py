"""Whom a reader takes a name for, though its letters are not those of the member: said for short, in another language,
or for all members at once. What stands under such a name waits, and a remark says for whom its account speaks."""

import pytest
from tests.security.test_a_secretary_speaks_for_nobody import enters, page, public
from tests.security.test_no_account_is_another_member_s_voice import (  # noqa: F401
    add_account,
    admits,
    member,
    notices,
    opened,
    representative,
)
from tests.security.test_nobody_signs_for_another import (  # noqa: F401
    NAMES,
    OWN,
    SIGNERS,
    act,
    enrolment,
    entered,
    hub,
    label,
    made,
    upload,
)

from corroborate.custody import Signer

MEMBER, OTHER = NAMES[2], NAMES[1]


def corrects(who, name, **more):
    """What the form of a member's page sends."""
    known = member(name).details
    sent = {"kind": known.kind, "name": known.name, "country": known.country, "contact": known.contact, **more}
    return act(entered(who), name, "correct", **sent)


@pytest.mark.parametrize("name", ["Casa Memoria", "CasaMemoria", "Memoria, Casa", "新潟会", "Geneva W@tch Office"])
def test_no_account_is_called_as_a_member_is_for_short(hub, name):  # noqa: F811
    assert "this account does not act for it" in add_account(name)


@pytest.mark.parametrize("name", ["david", "geneva2", "M. Ito"])
def test_an_account_may_be_called_by_one_word_that_stands_in_a_member_s_name_too(hub, name):  # noqa: F811
    assert "this account does not act for it" not in add_account(name)


def remarks(who):
    assert (
        entered(who).post("/statements/tongues", {"act": "comment", "version": "1", "comment": "No."}).status_code
        == 302
    )
    return page("geneva", "/statements/tongues").partition("Comments")[2]


def test_beside_a_remark_stands_for_whom_its_account_speaks_and_that_nobody_vouched(hub, account):  # noqa: F811
    opened()
    account(hub, "unknown", OWN, "secretariat", vouched=False)
    assert "unknown (speaks for no member, nobody has vouched for this account ), version 1" in remarks("unknown")
    assert "office (speaks for no member), version 1" in remarks("office")
    assert f"casa (acts for {OTHER} ), version 1" in remarks("casa")


NAMED = ("Genève Watch", "제네바 워치")


def test_what_others_say_under_a_name_that_a_member_has_in_another_language_waits_for_it(hub):  # noqa: F811
    for name in NAMED:
        enters("casa", members=OTHER, title=f"{name} leaves", text=f"{name}: we no longer stand by it.")
    assert len(public().actions) == 2, "what nobody entered is not known"
    for who in ("office", "office2"):  # of a member with a key two say so
        assert NAMED[0] not in member(MEMBER).details.also_called
        assert corrects(who, MEMBER, also_called="\r\n".join(NAMED)).startswith("302")
    assert "Also called Genève Watch , 제네바 워치" in page("casa", f"/members/{label(MEMBER)}")
    for name in NAMED:
        enters("casa", members=OTHER, title=f"{name.upper()} withdraws", text="So it says.")
        assert "this account does not act for it" in add_account(f"{name} Office")
    assert len(public().actions) == 2
    assert set(notices(MEMBER, "named beside")) == {f"{name.upper()} withdraws" for name in NAMED}


def test_a_member_s_own_account_gives_its_names_and_speaks_under_them(hub):  # noqa: F811
    given = {"contact": "+41 22 000 00 00", "also_called": "제네바 워치\n\n  Genève   Watch \n"}
    assert act(entered("geneva"), MEMBER, "address", **given).startswith("302")
    assert member(MEMBER).details.also_called == ("제네바 워치", "Genève Watch")
    enters("geneva", title="제네바 워치 성명", text="우리는 성명을 지지합니다.")
    assert [one.title for one in public().actions] == ["제네바 워치 성명"]
    assert act(entered("casa"), MEMBER, "address", **given).startswith("400"), "no other member's account does"


def test_nobody_gives_a_member_a_name_that_a_reader_takes_for_another_s(hub):  # noqa: F811
    assert "another member is called Geneva VVatch" in corrects("office", OTHER, also_called="Geneva VVatch")
    assert member(OTHER).details.also_called == ()
    admits("Lake Foundation", also_called=f"{MEMBER}\nFondation du lac")
    assert member("Lake Foundation").namesake, "a newcomer waits until a second person says that these are two"


@pytest.mark.parametrize("name", ["the coalition", "All members", "연대"])
def test_no_member_is_called_as_all_of_them_are(hub, name):  # noqa: F811
    """What one account did before: so its actions spoke for all, and nobody was asked or told."""
    given = {"contact": "+41 22 000 00 00", "also_called": name}
    answer = act(entered("geneva"), MEMBER, "address", **given)
    assert "is read as the coalition, or as all its members" in answer
    assert member(MEMBER).details.also_called == ()


def test_no_key_is_proved_for_a_name_in_another_language(hub):  # noqa: F811
    """One person gives such a name: else that one would give the member a key by a file that two others signed."""
    last, key = NAMES[3], Signer("Niigata-Circle", b"\x66" * 32)
    assert corrects("office", last, also_called="Niigata Circle").startswith("302")
    proof = upload(enrolment("Niigata Circle", key, SIGNERS[MEMBER], SIGNERS[OTHER]))
    assert act(entered("office"), last, "key", proof=proof).startswith("400")
    assert member(last).keys == ()


EVERYBODY = [
    ("All members of this coalition withdraw", "We ask for sanctions no longer."),
    ("A word", "We, the members, hold that the figures are wrong."),
    ("Todos los miembros se retiran", "Así lo hemos decidido."),
    ("연대는 성명을 철회한다", "우리는 더 이상 지지하지 않는다."),
    ("当連合は声明を撤回する", "もう支持しない。"),
    ("Secretariat of Korea", "The secretariat withdraws the statement."),  # the hub's own name here
]


@pytest.mark.parametrize(("title", "text"), EVERYBODY)
def test_what_one_member_says_for_all_waits_and_every_member_is_told(hub, title, text):  # noqa: F811
    enters("casa", members=OTHER, title=title, text=text)
    assert public().actions == ()
    told = [name for name in NAMES if notices(name, "named beside") == [title]]
    assert told == [name for name in NAMES if name != OTHER]


@pytest.mark.parametrize(
    "text", ["국제연합과 연합뉴스에 보냈다.", "国際連合に送った。", "Sent to members of parliament."]
)
def test_what_names_no_coalition_stands_at_once(hub, text):  # noqa: F811
    enters("casa", members=OTHER, title="A report", text=text)
    assert len(public().actions) == 1
