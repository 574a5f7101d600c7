"""One account, or one person with two of them, lets no member say what it did not say: not in a calendar, not under a
name that reads like the member's, not by an account that was given to another member, not in another language."""

import html
import io
import re
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from tests.pressing import press
from tests.security.test_a_secretary_speaks_for_nobody import confirms, enters, page, public, vouch
from tests.security.test_nobody_signs_for_another import NAMES, OWN, TEXT, entered, hub, label, made, member  # noqa: F401

MEMBER, OTHER = NAMES[2], NAMES[1]


@pytest.fixture(autouse=True)
def representative(made, account):  # noqa: F811
    from django.contrib.auth import get_user_model

    for name, whose in (("geneva", MEMBER), ("casa", OTHER)):
        if not get_user_model().objects.filter(username=name).exists():
            account(made, name, OWN, "representative", scope=label(whose))
        entered(name)


def admits(name, **more):
    row = {"kind": "organisation", "country": "kr", "joined": "2011-12", "role": "member", "name": name, **more}
    answer = entered("office").post("/members", row)
    assert answer.status_code == 302, html.unescape(answer.content.decode())


def notices(name, what):
    from corroborate_node.coalition.campaign.models import Notice

    return list(Notice.objects.filter(member_id=label(name), what=what).values_list("about", flat=True))


def calendar(who="saebom"):
    return entered(who).get("/actions.ics").content.decode().replace("\r\n ", "")


def add_account(name, role="secretariat", scope=""):
    return html.unescape(
        entered("keeper")
        .post("/accounts", {"act": "add", "account": name, "role": role, "scope": scope})
        .content.decode()
    )


def test_a_calendar_and_a_list_say_of_an_entry_that_no_account_of_the_member_made_it(hub):  # noqa: F811
    """Before, every reader of the calendar had the secretary's words as the member's, while the page said they wait."""
    at = enters("office")
    assert "no longer stand" not in calendar(), "what waits stands in no file"
    assert "Geneva Watch (entered by office , signed by nobody)" in page("saebom", "/actions")
    assert confirms("office2", at).status_code == 302
    assert f"DESCRIPTION:{MEMBER}\\nentered by office\\, and signed by nobody\\nWe no longer stand" in calendar()
    enters("geneva", title="Our own", text="We stay.")
    assert f"DESCRIPTION:{MEMBER}\\nWe stay." in calendar()


@pytest.mark.parametrize("end", ["\r", "\x85", "\v", "\f"])  # lines of Unicode's own are refused: the next test
def test_no_sign_of_an_action_s_text_ends_its_event_in_a_calendar(hub, end):  # noqa: F811
    enters("casa", members=OTHER, title="Our report", text=f"hm{end}END:VEVENT{end}SUMMARY:{MEMBER[:6]} leaves")
    lines = re.split("[\r\n\v\f\x85\u2028\u2029]+", calendar("casa"))
    assert "END:VEVENT" in lines and lines.count("END:VEVENT") == 1
    assert not any(one.startswith("SUMMARY:") for one in lines)


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\u2028", "\u2029"])
def test_no_sign_that_nobody_sees_is_typed_in_about_actions_demands_states_and_members(hub, sign):  # noqa: F811
    """What one account did before: *hctaW aveneG* behind a sign that turns it round is the member's name on every
    screen, and in no comparison of letters. U+2028 ends a line in some readers of calendars."""
    turned = f"On {sign}{MEMBER[::-1]} leaves"
    row = {"kind": "report", "title": "A report", "members": OTHER, "begins": "2026-11-01", "language": "en"}
    reading = {"do": "judge", "judge-criterion": "none_in_public", "judge-status": "not_met", "judge-by": "office",
               "judge-on": "2026-11-29", "judge-note": turned}  # fmt: skip
    commitment = {"do": "commit", "commit-what": turned, "commit-on": "2026-11-01", "commit-source": "x",
                  "commit-kept": "open"}  # fmt: skip
    person = {"kind": "individual", "country": "kr", "joined": "2011-12", "role": "member", "name": "Mina Holm",
              "affiliation": turned, "capacity": "personal"}  # fmt: skip
    for who, where, sent in (
        *(("casa", "/actions/new", {**row, field: turned}) for field in ("title", "place", "text")),
        ("office", "/demands/stop_public_executions", reading),
        ("office", "/states/KR", commitment),
        ("office", "/members", person),
    ):
        answer = entered(who).post(where, sent)
        assert answer.status_code == 400, (where, sent)
        assert "nobody sees" in html.unescape(answer.content.decode())


def test_an_account_that_is_given_another_member_is_vouched_for_anew(hub):  # noqa: F811
    """What a keeper of accounts did before with an account of its own that somebody had vouched for."""
    moved = {"act": "roles", "account": "casa", "role": "representative", "scope": label(MEMBER)}
    assert entered("keeper").post("/accounts", moved).status_code == 302
    at = enters("casa")
    assert public().actions == ()
    assert confirms("casa", at).status_code == 400
    vouch(hub, "office2", "casa")
    assert confirms("casa", at).status_code == 302
    again = {**moved, "role": ["representative"]}
    assert entered("keeper").post("/accounts", again).status_code == 302, "the same once more takes nothing"
    enters("casa", title="Another")
    assert len(public().actions) == 2


@pytest.mark.parametrize("name", ["Geneva Wаtch", "Geneva_Watch", "Geneva Watch Office"])  # Cyrillic а in the first
def test_no_account_is_called_as_a_reader_would_call_a_member_it_does_not_act_for(hub, name):  # noqa: F811
    assert "this account does not act for it" in add_account(name)


def test_an_account_called_as_its_member_is_given_no_other_role_in_which_it_reads_in_that_name(hub):  # noqa: F811
    add_account(MEMBER, "representative", label(MEMBER))
    kept = {"act": "roles", "account": MEMBER, "role": "secretariat", "scope": ""}
    answer = entered("keeper").post("/accounts", kept)
    assert answer.status_code == 400
    assert "this account does not act for it" in html.unescape(answer.content.decode())


def test_an_action_names_another_member_also_where_that_one_s_name_holds_the_own_one(hub, account):  # noqa: F811
    admits("Amnesty International")
    admits("Amnesty International Japan")
    account(hub, "amnesty", OWN, "representative", scope=label("Amnesty International"))
    enters("amnesty", members="Amnesty International", title="A report", text="Amnesty International says: read it.")
    assert len(public().actions) == 1
    enters("amnesty", members="Amnesty International", title="Amnesty International Japan leaves")
    assert len(public().actions) == 1
    assert notices("Amnesty International Japan", "named beside") == ["Amnesty International Japan leaves"]


def test_the_account_of_a_newcomer_called_as_a_member_is_not_that_member_s_voice(hub, account):  # noqa: F811
    from corroborate_node.coalition.campaign.models import Member

    real = label(MEMBER)
    admits(MEMBER)
    newcomer = Member.objects.filter(name=MEMBER).exclude(id=real).get().id
    account(hub, "newcomer", OWN, "representative", scope=newcomer)
    enters("newcomer")
    assert public().actions == ()


def test_a_newcomer_takes_neither_a_former_name_nor_an_abbreviation_that_reads_like_a_member_s(hub):  # noqa: F811
    from tests.security.test_nobody_signs_for_another import act, row_of

    assert act(entered("office"), NAMES[3], "correct", **row_of("Niigata Citizens")).startswith("302")
    for name, short in ((NAMES[3], ""), ("Foo Foundation", MEMBER)):
        admits(name, abbreviation=short)
        assert not member(name).is_member(datetime.now(UTC).date()), "a second person says that these are two"


def test_whoever_takes_a_person_in_puts_no_member_beside_the_name_alone(hub):  # noqa: F811
    admits("John Roe", kind="individual", affiliation=MEMBER.upper(), capacity="personal")
    assert member("John Roe").details.affiliation == ""
    assert notices(MEMBER, "beside waits") == [f"– → {MEMBER.upper()}; – → personal"]
    row = {
        "act": "correct",
        "kind": "individual",
        "name": "John Roe",
        "country": "kr",
        "capacity": "personal",
        "affiliation": MEMBER.upper(),
    }
    where = f"/members/{label('John Roe')}"
    assert entered("office").post(where, row).status_code == 400
    assert entered("office2").post(where, row).status_code == 302
    assert member("John Roe").details.affiliation == MEMBER.upper()


def sign(name, choice="with us"):
    from tests.security.test_nobody_signs_for_another import SIGNERS, hand_in

    from corroborate.coalition import requests

    asked = requests.Request.read(entered("office").get("/statements/tongues/request").content)
    return hand_in(entered("office"), requests.answer(SIGNERS[name], asked, choice, datetime.now(UTC)))


def carry(who, did, **more):
    return entered(who).post("/statements/tongues", {"act": did, **more})


def state():
    from corroborate_node.coalition.campaign import queries

    return queries.state("tongues", queries.register(), datetime.now(UTC).date())


def opened(deadline="2099-01-01 18:00"):
    entered("office").post("/statements", {"name": "tongues", "text": TEXT, "text_language": "en"})
    assert carry("office", "open", deadline=deadline, grouping="country").status_code == 302


def test_no_other_text_takes_the_place_of_a_published_translation_that_a_member_approved(hub):  # noqa: F811
    from tests.security.test_nobody_signs_for_another import SIGNERS, hand_in

    from corroborate.coalition.declarations import declare

    opened()
    more = {"language": "es", "text_language": "es", "translator": "A. B."}
    assert carry("office", "translate", **more, text="Abran los campos\n\nDejen entrar.\n").status_code == 302
    sign(OTHER)
    one = state().translations[-1]
    said = {"statement": "tongues", "language": "es", "sha256": one.digest.hex, "of": one.of.hex, "choice": "approves"}
    hand_in(entered("casa"), declare(SIGNERS[OTHER], "translation", said, datetime.now(UTC)))
    for who in ("office", "office2"):
        press(entered(who), "/statements/tongues", "close")
    assert carry("office", "publish").status_code == 302
    other = "Levanten las sanciones\n\nLos campos no existen.\n"
    answer = carry("office", "translate", **more, text=other)
    assert answer.status_code == 400
    assert "no other one takes its place" in html.unescape(answer.content.decode())
    shown = entered("office").get("/statements/tongues/final.html?language=es").content.decode()
    assert "no existen" not in shown


def test_a_text_that_changes_on_the_last_day_of_a_round_leaves_a_day_to_sign_it(hub):  # noqa: F811
    """Before, one secretary silenced everybody: all names fell, and a second later nobody could answer."""
    soon = (datetime.now(UTC) + timedelta(minutes=3)).replace(second=0, microsecond=0)
    opened(f"{soon:%Y-%m-%d %H:%M}")
    sign(OTHER)
    assert carry("office", "draft", text=TEXT.replace("in.", "in now.")).status_code == 302
    assert state().round.deadline >= datetime.now(UTC) + timedelta(hours=23)
    assert notices(OTHER, "deadline moved")
    assert "1" in sign(OTHER)
    assert [one.state for one in state().round.responses() if one.member == label(OTHER)] == ["signed"]


def test_an_account_for_which_nobody_vouched_neither_remarks_as_a_member_nor_has_its_mailbox(hub, account):  # noqa: F811
    """What the keeper of accounts did before, alone: take, and so erase, what others had sent to a member."""
    opened()
    account(hub, "unknown", OWN, "representative", scope=label(MEMBER), vouched=False)
    assert carry("unknown", "comment", version="1", comment="We will not sign.").status_code == 302
    assert state().comments[-1].member == ""
    bundle = io.BytesIO(b"age-encryption.org/v1\n" + b"x" * 90)
    bundle.name = "b.age"
    assert entered("casa").post("/mailbox", {"act": "post", "to": label(MEMBER), "file": bundle}).status_code == 302
    [id_] = re.findall(r"posted_[0-9a-f]+", entered("geneva").get("/mailbox").content.decode())[:1]
    answer = entered("unknown").post("/mailbox", {"act": "take", "entry": id_})
    assert answer.status_code == 403
    assert entered("unknown").get("/mailbox").status_code == 403  # nor from whom something waits there, and how large
    assert entered("unknown").get(f"/mailbox/{id_}").status_code in (403, 404)
    assert entered("geneva").post("/mailbox", {"act": "take", "entry": id_}).status_code == 302


@pytest.mark.parametrize("name", [MEMBER, MEMBER.upper(), f"{MEMBER}, Geneva", f"A. B. for {MEMBER}"])
def test_no_member_is_named_as_who_translated_what_it_never_read(hub, name):  # noqa: F811
    """Before, the published page said *Translation: Geneva Watch* over words that deny the text, and was valid."""
    opened()
    more = {"language": "es", "text_language": "es", "text": "Levanten las sanciones\n\nLos campos no existen.\n"}
    answer = carry("office", "translate", **more, translator=name)
    assert answer.status_code == 400
    assert "which its key alone gives" in html.unescape(answer.content.decode())
    assert carry("office", "translate", **more, translator="Geneva Smith").status_code == 302


def test_a_member_is_told_of_an_event_and_of_a_commitment_that_name_it(hub):  # noqa: F811
    read = {
        "do": "judge",
        "judge-criterion": "closed",
        "judge-status": "not_met",
        "judge-by": "office",
        "judge-on": "2026-11-01",
        "judge-event_on": "2026-11-01",
        "judge-event_what": f"{MEMBER} regrets the joint statement",
        "judge-event_source": "a letter",
    }
    assert entered("office").post("/demands/close_kwanliso", read).status_code == 302
    assert len(notices(MEMBER, "named beside")) == 1
    said = {
        "do": "commit",
        "commit-what": f"Agreed with {MEMBER} that sanctions end",
        "commit-on": "2026-11-01",
        "commit-source": "a letter",
        "commit-demand": "",
        "commit-kept": "open",
    }
    assert entered("office").post("/states/KR", said).status_code == 302
    assert len(notices(MEMBER, "named beside")) == 2


def test_the_sheet_on_paper_says_of_a_translation_that_no_member_approved_it(hub):  # noqa: F811
    """Who reads only Korean signs by what it reads there: before, any words of a secretary stood there as the text."""
    opened()
    more = {"language": "ko", "text_language": "ko", "translator": "A. B."}
    assert carry("office", "translate", **more, text="모든 수치를 철회한다\n\n수용소는 없다.\n").status_code == 302
    answer = entered("office").get(f"/statements/tongues/sheets/{label(NAMES[3])}", headers={"accept-language": "ko"})
    pages = pypdfium2.PdfDocument(answer.content)
    read = re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in pages))
    assert read.index("비공식번역입니다") < read.rindex("수용소는없다")


@pytest.mark.parametrize(("name", "status"), [("Secretariat", 302), ("The secretariat", 302), ("All members", 400)])
def test_the_hub_itself_may_be_who_translated_and_all_members_may_not(hub, name, status):  # noqa: F811
    opened()
    more = {"language": "es", "text_language": "es", "text": "Abran los campos\n\nDejen entrar.\n"}
    assert carry("office", "translate", **more, translator=name).status_code == status
