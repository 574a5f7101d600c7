"""What a secretary puts down under a member's name stands in public as nobody's signed word: the member is told, and an
action is shown to nobody outside before the member itself, or a second person, says that it is right."""

import html
import json
import re

import pytest
from tests.security.test_nobody_signs_for_another import NAMES, OWN, VAULT, entered, hub, label, made  # noqa: F401

MEMBER = NAMES[2]
WORDS = "We no longer stand by the joint statement and ask that the sanctions be lifted."


@pytest.fixture(autouse=True)
def representative(made, account):  # noqa: F811
    """An account of the member itself, beside the two of the secretariat."""
    from django.contrib.auth import get_user_model

    if not get_user_model().objects.filter(username="geneva").exists():
        account(made, "geneva", OWN, "representative", scope=label(MEMBER))
    entered("geneva")  # before the test: what it does is taken back, a session too


def enters(who, **more):
    row = {"kind": "report", "title": "Why we leave", "members": MEMBER, "begins": "2026-11-01", "ends": "",
           "language": "en", "country": "", "place": "", "text": WORDS, "address": "", **more}  # fmt: skip
    answer = entered(who).post("/actions/new", row)
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    return answer.headers["Location"]


def told(member=MEMBER):
    from corroborate_node.coalition.campaign.models import Notice

    found = Notice.objects.filter(member_id=label(member), what="entered").order_by("id")
    return list(found.values_list("about", "link"))


def public():
    from corroborate_node.coalition.advocacy import queries

    return queries.campaign()


def confirms(who, at, seen=None):
    """What comes of pressing *It is right* on a page as it was: as it is now, where nothing else is said."""
    seen = entered(who).get(at) if seen is None else seen
    [mark] = re.findall(r'name="shown" value="([0-9a-f]+)"', seen.content.decode()) or [""]
    return entered(who).post(at, {"shown": mark})


def page(who, address):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(entered(who).get(address).content.decode())))


def test_an_action_that_a_secretary_enters_waits_for_its_member_and_the_member_is_told(hub):  # noqa: F811
    at = enters("office")
    assert told() == [("Why we leave", at)]
    assert public().actions == ()
    assert "signed by nobody" in page("geneva", at)
    assert "nowhere in public" in page("geneva", at)
    assert confirms("office", at).status_code == 400, "nobody is second to themselves"
    assert confirms("saebom", at).status_code == 400, "nor is another member"
    assert public().actions == ()
    assert confirms("geneva", at).status_code == 302
    [shown] = public().actions
    assert (shown.text, shown.entered_by) == (WORDS, "")
    assert "signed by nobody" not in page("geneva", at)


def test_a_second_person_lets_it_stand_as_what_the_hub_entered_and_a_change_waits_anew(hub, account):  # noqa: F811
    at = enters("office")
    assert confirms("office2", at).status_code == 302
    [shown] = public().actions
    assert shown.entered_by == "Secretariat", "the hub says so, and none of its people is named"
    changed = {"do": "change", "kind": "report", "title": "Why we left", "members": MEMBER, "begins": "2026-11-01",
               "language": "en", "text": "Other words"}  # fmt: skip
    assert entered("office2").post(f"{at}/change", changed).status_code == 302
    assert public().actions == ()
    assert told()[-1] == ("Why we left", at)


def test_what_a_member_s_own_account_enters_stands_at_once_and_is_marked_by_nobody(hub):  # noqa: F811
    enters("geneva")
    assert [one.entered_by for one in public().actions] == [""]
    assert told() == []


def test_a_request_for_access_and_a_reading_say_who_entered_them(hub):  # noqa: F811
    asked = {"do": "access", "access-on": "2026-11-01", "access-by": MEMBER, "access-what": "asked, and was content",
             "access-answer": "granted", "access-source": "a letter"}  # fmt: skip
    assert entered("office").post("/demands/access_special_rapporteur", asked).status_code == 302
    read = {"do": "judge", "judge-criterion": "closed", "judge-status": "not_met", "judge-by": MEMBER,
            "judge-on": "2026-11-01"}  # fmt: skip
    assert entered("office").post("/demands/close_kwanliso", read).status_code == 302
    assert [link for _, link in told()] == ["/demands/access_special_rapporteur", "/demands/close_kwanliso"]
    assert "entered by office" in page("geneva", "/demands/access_special_rapporteur")
    assert "not by whom it names" in page("geneva", "/demands/close_kwanliso")
    by_id = {one.id: one for one in public().demands}
    assert by_id["demand.access_special_rapporteur"].access[-1].entered_by == "Secretariat"
    read = [each for one in by_id["demand.close_kwanliso"].criteria for each in one.readings]
    assert {one.by: one.entered_by for one in read}[MEMBER] == "Secretariat"


@pytest.mark.parametrize("who", ["office2", "geneva"])
def test_whoever_confirms_an_action_confirms_what_the_page_showed_and_nothing_else(hub, who):  # noqa: F811
    """What one secretary did before: change the words while another still had the page open."""
    at = enters("office", text="We handed our report to the embassy.")
    seen = entered(who).get(at)
    changed = {"do": "change", "kind": "report", "title": "Why we leave", "members": MEMBER, "begins": "2026-11-01",
               "language": "en", "text": WORDS}  # fmt: skip
    assert entered("office").post(f"{at}/change", changed).status_code == 302
    for answer in (confirms(who, at, seen), entered(who).post(at)):
        assert answer.status_code == 400
        assert "reads otherwise than the one that you saw" in answer.content.decode()
    assert public().actions == ()
    assert confirms(who, at).status_code == 302
    assert [one.text for one in public().actions] == [WORDS]


OTHER = NAMES[1]


@pytest.fixture
def casa(hub, account):  # noqa: F811
    account(hub, "casa", OWN, "representative", scope=label(OTHER))
    yield
    from tests.security.test_nobody_signs_for_another import ENTERED

    ENTERED.pop("casa", None)


def joins(first, second):
    one, other = (at.rpartition("/")[2] for at in (first, second))
    answer = entered("office").post("/actions/decide", {"do": "merge", "first": one, "second": other})
    return answer.status_code, html.unescape(answer.content.decode())


def test_one_secretary_puts_no_member_s_words_under_another_by_a_join(hub, casa):  # noqa: F811
    """What one did before: the other's text, and this member's name beside it."""
    ours, theirs = enters("geneva", text="", title="Our yearly report"), enters("casa", members=OTHER)
    for pair in ((theirs, ours), (ours, theirs)):
        status, said = joins(*pair)
        assert status == 400
        assert "actions of different members stay two" in said
    assert {one.members: one.text for one in public().actions} == {(MEMBER,): "", (OTHER,): WORDS}
    assert told() == []


def test_a_pair_of_two_members_is_offered_as_two_alone(hub, casa):  # noqa: F811
    enters("geneva"), enters("casa", members=OTHER)
    page = entered("office").get("/actions").content.decode()
    assert "Two events" in page
    assert "One event: join them" not in page


def test_a_joined_action_is_given_no_other_member(hub):  # noqa: F811
    ours, theirs = enters("geneva"), enters("office")
    assert joins(ours, theirs)[0] == 302
    changed = {"do": "change", "kind": "report", "title": "T", "members": OTHER, "begins": "2026-11-01",
               "language": "en", "text": WORDS}  # fmt: skip
    for at in (ours, theirs):
        answer = entered("office").post(f"{at}/change", changed)
        assert answer.status_code == 400
        assert "then change whose it is" in answer.content.decode()


def test_a_join_hides_no_action_of_a_member(hub):  # noqa: F811
    """Neither behind one that waits, nor behind words that others entered."""
    from corroborate_node.coalition.advocacy.models import Action
    from corroborate_node.coalition.advocacy.queries import for_release

    ours, theirs = enters("geneva", title="Ours"), enters("office", title="Theirs")
    status, said = joins(theirs, ours)
    assert status == 400
    assert "in the member's own words: join the other to it" in said
    assert joins(ours, theirs)[0] == 302
    assert [one.title for one in public().actions] == ["Ours"]
    assert entered("office").post("/actions/decide", {"do": "undo", "second": theirs[9:]}).status_code == 302
    Action.objects.filter(id=ours[9:]).update(merged_into=theirs[9:])  # as a join of before could have it
    assert [one.title for one in public().actions] == ["Ours"]
    assert set(for_release(None).changed) == {ours[9:]}


def test_what_a_member_took_back_is_its_word_again_only_where_it_says_so(hub):  # noqa: F811
    """What one secretary did before, years later: *Restore*, in the member's own words and told to nobody."""
    at = enters("geneva", title="We leave")
    changes = f"{at}/change"
    assert entered("geneva").post(changes, {"do": "remove"}).status_code == 302
    assert entered("office").post(changes, {"do": "restore"}).status_code == 302
    assert public().actions == ()
    assert told() == [("We leave", at)]
    assert "signed by nobody" in page("geneva", at)
    assert confirms("office", at).status_code == 400
    assert entered("geneva").post(changes, {"do": "remove"}).status_code == 302
    assert entered("geneva").post(changes, {"do": "restore"}).status_code == 302
    assert [(one.title, one.entered_by) for one in public().actions] == [("We leave", "")]


def test_a_second_person_lets_what_was_restored_stand_as_the_hub_s(hub):  # noqa: F811
    at = enters("geneva")
    for who, do in (("geneva", "remove"), ("office", "restore")):
        assert entered(who).post(f"{at}/change", {"do": do}).status_code == 302
    assert confirms("office2", at).status_code == 302
    assert [one.entered_by for one in public().actions] == ["Secretariat"]


def test_a_join_composes_no_word_of_a_member_out_of_two(hub):  # noqa: F811
    """What one secretary did before: the title of one of its entries over the text of another."""
    first = enters("geneva", title="What we now say of the camps", text="", begins="2026-11-02")
    second = enters("geneva", title="Lies that we heard", text="The camps are not there.", place="Geneva", country="CH")
    assert joins(first, second)[0] == 302
    [shown] = public().actions
    assert (shown.title, shown.text, shown.place, shown.country) == ("What we now say of the camps", "", "", "")
    assert str(shown.begins) == "2026-11-02"
    assert "The camps are not there" not in page("saebom", first)
    assert entered("office").post("/actions/decide", {"do": "undo", "second": second[9:]}).status_code == 302
    assert {one.title: one.text for one in public().actions} == {
        "What we now say of the camps": "", "Lies that we heard": "The camps are not there.",
    }  # fmt: skip


def test_a_join_of_two_members_of_before_shows_each_in_its_own_words(hub, casa):  # noqa: F811
    from corroborate_node.coalition.advocacy.models import Action

    ours, theirs = enters("geneva", text="", title="Our yearly report"), enters("casa", members=OTHER)
    Action.objects.filter(id=ours[9:]).update(merged_into=theirs[9:])
    assert {one.members: one.text for one in public().actions} == {(MEMBER,): "", (OTHER,): WORDS}


LAST = NAMES[3]


@pytest.fixture
def niigata(hub):  # noqa: F811
    """An account that the keeper makes for a member, whose passphrase the keeper chose, and for which nobody vouched.
    It is called as the member is."""
    from datetime import UTC, datetime

    from tests.security.test_nobody_signs_for_another import ENTERED

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    at = datetime.now(UTC).replace(microsecond=0)
    accounts.add(Desk(hub, actor_of(accounts.known("keeper")), at), LAST, ["representative"], label(LAST))
    accounts.choose(Desk(hub, actor_of(accounts.known(LAST)), at), OWN, lambda _: False)
    yield LAST
    ENTERED.pop(LAST, None)


def vouch(vault, voucher, name):
    from datetime import UTC, datetime

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    accounts.vouch(Desk(vault, actor_of(accounts.known(voucher)), datetime.now(UTC)), name)


def test_an_account_that_nobody_vouched_for_is_no_member_s_own_voice(hub, niigata):  # noqa: F811
    """What the keeper of accounts did before, alone: speak as any member, in public and at once."""
    at = enters(niigata, members=LAST)
    assert public().actions == ()
    assert told(LAST) == [("Why we leave", at)]
    answer = confirms(niigata, at)
    assert answer.status_code == 400
    assert "nobody has vouched for this account yet" in answer.content.decode()
    vouch(hub, "office2", niigata)
    assert public().actions == (), "what it said before is confirmed anew"
    assert confirms(niigata, at).status_code == 302
    assert [(one.members, one.entered_by) for one in public().actions] == [((LAST,), "")]
    enters(niigata, members=LAST, title="And another")
    assert len(public().actions) == 2


def test_what_an_unvouched_account_entered_a_second_person_confirms_and_it_stays_marked(hub, niigata):  # noqa: F811
    at = enters(niigata, members=LAST)
    answer = confirms("office2", at)  # for whom the keeper alone vouched, who made the other
    assert answer.status_code == 400
    assert "nobody has vouched that" in answer.content.decode()
    vouch(hub, "office", "office2")
    assert confirms("office2", at).status_code == 302
    assert [one.entered_by for one in public().actions] == ["Secretariat"]


def test_an_account_called_as_its_member_reads_no_evidence_in_that_name_before_somebody_vouched(hub, niigata):  # noqa: F811
    from datetime import UTC, datetime

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    keeper = Desk(hub, actor_of(accounts.known("keeper")), datetime.now(UTC))
    accounts.give_roles(keeper, niigata, ["secretariat", "representative"], label(LAST))
    read = {"do": "judge", "judge-criterion": "closed", "judge-status": "not_met", "judge-by": LAST,
            "judge-on": "2026-11-01"}  # fmt: skip
    assert entered(niigata).post("/demands/close_kwanliso", read).status_code == 302
    found = [each for one in public().demands for had in one.criteria for each in had.readings if each.by == LAST]
    assert [one.entered_by for one in found] == ["Secretariat"]


def test_whoever_keeps_accounts_does_not_make_its_own_a_member_s_voice(hub):  # noqa: F811
    from datetime import UTC, datetime

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk

    vouch(hub, "geneva", "keeper")  # as somebody did long ago
    keeper = Desk(hub, actor_of(accounts.known("keeper")), datetime.now(UTC))
    accounts.give_roles(keeper, "keeper", ["keeper", "secretariat", "representative"], label(LAST))
    enters("keeper", members=LAST)
    assert public().actions == ()


def test_the_site_its_data_and_its_feeds_say_that_nobody_signed_it(hub, tmp_path):  # noqa: F811
    from datetime import UTC, datetime

    from corroborate.disclosure import Order, Records, release
    from corroborate.site import SiteOptions, publish
    from corroborate_node.core.desk import owner
    from corroborate_node.release.supplying import supplied

    at = enters("office")
    assert confirms("office2", at).status_code == 302
    now = datetime.now(UTC)
    shown = release(Order("T", "Secretariat", "public", now.date()), Records(), supplied(owner(hub, now)))
    assert [one.entered_by for one in shown.actions] == ["Secretariat"]
    publish(shown, tmp_path / "site", SiteOptions())
    [file] = (tmp_path / "site" / "en" / "actions").glob("*.html")
    text = file.read_text(encoding="utf-8")
    assert "entered by Secretariat, and signed by nobody" in text
    data = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert data["creditText"] == "Entered by Secretariat, and signed by nobody"
    assert "signed by nobody" in (tmp_path / "site" / "en" / "actions.atom").read_text(encoding="utf-8")


def waits(at):
    return page("office", at).count("stands nowhere in public")


LEAVING = "We, Geneva Watch and Casa de la Memoria, no longer stand by the joint statement."


def news(member):
    from corroborate_node.coalition.campaign.models import Notice

    return list(Notice.objects.filter(member_id=label(member)).order_by("id").values_list("what", "link"))


@pytest.mark.parametrize(
    "more",
    [{"title": "Geneva Watch and Casa: we leave"}, {"text": LEAVING}, {"text": "GENEVA-WATCH leaves with us."},
     {"title": "Genevа Watch leaves"}, {"place": "Geneva Watch, its office"}],
)  # fmt: skip
def test_a_member_s_action_that_names_another_member_waits_for_that_one(hub, casa, more):  # noqa: F811
    """What a representative did before: say in its own action, at once and in public, what another member does."""
    at = enters("casa", **{"members": OTHER, "title": "We leave", "text": "", **more})
    assert news(MEMBER)[-1] == ("named beside", at)
    assert public().actions == ()
    assert waits(at)
    assert confirms("casa", at).status_code == 400, "nobody confirms what it says of another"
    assert confirms("saebom", at).status_code == 400, "nor does a third member"
    assert public().actions == ()
    assert confirms("geneva", at).status_code == 302
    assert [(one.members, one.entered_by) for one in public().actions] == [((OTHER,), "")], "its own words, as it said"


def test_a_change_that_names_another_member_waits_and_a_second_person_lets_it_stand(hub, casa):  # noqa: F811
    at = enters("casa", members=OTHER, title="We leave", text="Casa de la Memoria leaves.")
    assert len(public().actions) == 1, "its own name is no other member's"
    changed = {"do": "change", "kind": "report", "title": "We leave", "members": OTHER, "begins": "2026-11-01",
               "language": "en", "text": LEAVING}  # fmt: skip
    assert entered("casa").post(f"{at}/change", changed).status_code == 302
    assert public().actions == ()
    assert news(MEMBER)[-1] == ("named beside", at)
    assert confirms("office", at).status_code == 302
    assert [(one.text, one.entered_by) for one in public().actions] == [(LEAVING, "")]


def test_what_others_put_down_of_two_members_is_let_stand_by_neither_alone(hub, casa):  # noqa: F811
    """One of the two would say it for the other."""
    at = enters("office", members=OTHER, title="We leave", text=LEAVING)
    assert confirms("casa", at).status_code == 400
    assert confirms("geneva", at).status_code == 400
    assert public().actions == ()
    assert confirms("office2", at).status_code == 302


@pytest.mark.parametrize(
    "spelled", ["GENEVA WATCH", "Geneva-Watch", "Genevа Watch", "Geneva Watch, Switzerland", " geneva  watch "]
)
def test_a_member_is_told_of_what_is_put_down_under_its_name_in_any_spelling(hub, spelled):  # noqa: F811
    at = enters("office", members=spelled)
    asked = {"do": "access", "access-on": "2026-11-01", "access-by": spelled, "access-what": "asked, and was content",
             "access-answer": "granted", "access-source": "a letter"}  # fmt: skip
    assert entered("office").post("/demands/access_special_rapporteur", asked).status_code == 302
    read = {"do": "judge", "judge-criterion": "closed", "judge-status": "not_met", "judge-by": spelled,
            "judge-on": "2026-11-01"}  # fmt: skip
    assert entered("office").post("/demands/close_kwanliso", read).status_code == 302
    links = [at, "/demands/access_special_rapporteur", "/demands/close_kwanliso"]
    assert [link for what, link in news(MEMBER) if what == "entered"] == links
    assert "entered" not in [what for what, _ in news(OTHER)], "nobody else is"


def test_a_member_is_told_where_an_entry_of_it_is_joined_or_taken_out(hub):  # noqa: F811
    ours, theirs = enters("geneva", title="Ours"), enters("office", title="Theirs")
    assert confirms("office2", theirs).status_code == 302
    assert {one.title for one in public().actions} == {"Ours", "Theirs"}
    assert joins(ours, theirs)[0] == 302
    assert news(MEMBER)[-1] == ("joined", ours)
    again = enters("geneva", title="Another")
    assert entered("office").post(f"{again}/change", {"do": "remove"}).status_code == 302
    assert news(MEMBER)[-1][0] == "action removed"


def test_a_public_entry_stays_public_beside_one_that_waits(hub):  # noqa: F811
    """A join with it as the second would show the first alone, which is in public nowhere."""
    ours, theirs = enters("office", title="Waits"), enters("office", title="Confirmed")
    assert confirms("office2", theirs).status_code == 302
    assert joins(ours, theirs)[0] == 302
    assert [one.title for one in public().actions] == ["Confirmed"]
    assert news(MEMBER)[-1] == ("joined", ours)
