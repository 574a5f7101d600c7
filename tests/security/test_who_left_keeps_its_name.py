"""A member that left still stands under what it signed, and may return: its name, and the names that it had before, are
free for nobody. What others say under them waits, or is refused, as for a member that is there."""

import html

import pytest
from tests.security.test_a_secretary_speaks_for_nobody import confirms, enters, public
from tests.security.test_no_account_is_another_member_s_voice import (
    add_account,
    carry,
    notices,
    opened,
    representative,  # noqa: F401
)
from tests.security.test_nobody_signs_for_another import NAMES, NOW, act, entered, hub, label, made  # noqa: F401

LEFT, NOW_CALLED, OTHER = NAMES[3], "Lakeside Observers", NAMES[1]


@pytest.fixture
def gone(hub):  # noqa: F811
    """A member that was renamed, and left."""
    office = entered("office")
    assert act(office, LEFT, "correct", name=NOW_CALLED, kind="organisation", country="JP").startswith("302")
    assert act(office, NOW_CALLED, "leave", on=str(NOW.date())).startswith("302")
    return hub


@pytest.mark.parametrize("name", [LEFT, NOW_CALLED])
def test_an_action_that_names_it_waits_and_it_is_told(gone, name):
    at = enters("casa", members=OTHER, title=f"{name} and we: our joint word", text=f"{name} no longer stands by it.")
    assert public().actions == ()
    assert len(notices(NOW_CALLED, "named beside")) == 1
    assert confirms("casa", at).status_code == 400, "nobody is second to themselves"


@pytest.mark.parametrize("name", [LEFT, NOW_CALLED])
def test_no_account_no_translator_and_nobody_beside_a_person_has_its_name(gone, name):
    assert "this account does not act for it" in add_account(name)
    opened()
    more = {"language": "es", "text_language": "es", "text": "Levanten las sanciones\n\nLos campos no existen.\n"}
    answer = carry("office", "translate", **more, translator=name)
    assert answer.status_code == 400
    assert "which its key alone gives" in html.unescape(answer.content.decode())
    row = {"kind": "individual", "country": "ch", "joined": "2020-12", "role": "member", "name": "Mina Holm"}
    more = {"affiliation": name, "capacity": "personal"}
    assert entered("office").post("/members", {**row, **more}).status_code == 302
    from corroborate_node.coalition.campaign import queries

    assert queries.register()[label("Mina Holm")].details.affiliation == "", "a second person says so too"


@pytest.mark.parametrize("name", [LEFT, NOW_CALLED])
def test_it_is_told_of_a_reading_under_its_name(gone, name):
    said = {"do": "judge", "judge-criterion": "none_in_public", "judge-status": "not_met", "judge-by": name}
    said |= {"judge-on": "2026-11-20", "judge-note": "This demand is no longer ours."}
    assert entered("office").post("/demands/stop_public_executions", said).status_code == 302
    assert len(notices(NOW_CALLED, "entered")) == 1
