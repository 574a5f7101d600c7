"""A member's name in other letters is read as that member's: small capitals and phonetic letters, a dot that Unicode
calls a letter, the old form of a Chinese character, の in another script. No two bodies of the coalition become one."""

from itertools import combinations, permutations

import pytest
from tests.security.test_a_secretary_speaks_for_nobody import enters, public, vouch
from tests.security.test_no_account_is_another_member_s_voice import add_account, representative  # noqa: F401
from tests.security.test_nobody_signs_for_another import OWN, entered, hub, label, made  # noqa: F401

from corroborate.coalition import register
from corroborate.coalition.likeness import Names, one_voice, skeleton

# letters that are one in some typefaces, that two others draw together, or that a sign or a digit stands for
SPELLED = {
    "Casa de la Memoria": (
        "Casa de Ia Memoria",
        "Casa de |a Memoria",
        "Casa de 1a Memoria",
        "Casa de la Mernoria",
        "Casa cle la Memoria",
        "Casa de la Mem0ria",
        "Casa de la Mem\u3007ria",
        "Casa de la Memor¡a",
        "Casa de la M€moria",
        "ᑕasa de la Memoria",
        "⊂asa de la Memoria",
    ),
    "Geneva Watch": (
        "ɢᴇɴᴇᴠᴀ ᴡᴀᴛᴄʜ",
        "Gɛneva Watch",
        "Gǝnɘva Wɑʈcħ",
        "🅶🅴🅽🅴🆅🅰 Watch",
        "🇬🇪🇳🇪🇻🇦 Watch",
        "Geneːva Watch",
        "Geneva VVatch",
        "Geneva UUatch",
        "Geneva Wаtϲհ",
        "Geneva Wat¢h",
        "Geneva W@tch",
        "GENEVA WΛTCH",
        "GENEVA WATᑕH",
        "GENEVA WATCͰ",
        "Geпeva Watch",
        "Geηeva Watch",
    ),
    "새봄인권기록회": (
        "새봄ㆍ인권기록회",
        "새봄ㅡ인권기록회",
        "새봄ꞏ인권기록회",
        "새봄一인권기록회",
        "새봄人權記錄會",
        "새봄 人権記録会",
        "새봄인권기녹회",
    ),
    "新潟の会": ("新潟の會", "新潟之会", "新潟ノ会", "新潟乃會", "新瀉の会", "新潟\u3007の会"),
}
EACH = [(name, other) for name, others in SPELLED.items() for other in others]


@pytest.mark.parametrize(("name", "other"), EACH)
def test_what_an_account_says_in_such_letters_of_another_member_waits_for_that_one(hub, name, other):  # noqa: F811
    who, whose = ("geneva", "Geneva Watch") if name.startswith("Casa") else ("casa", "Casa de la Memoria")
    at = enters(who, members=whose, title=f"{other}: we leave", text=f"{other}: we no longer stand by it.")
    assert public().actions == (), at
    from corroborate_node.coalition.campaign.models import Notice

    assert Notice.objects.filter(member_id=label(name), what="named beside").count() == 1


@pytest.mark.parametrize(("name", "other"), EACH)
def test_no_account_and_no_newcomer_is_called_so_at_once(hub, name, other):  # noqa: F811
    assert "this account does not act for it" in add_account(other), f"read as {name}"
    row = {"kind": "organisation", "country": "ch", "joined": "2024-12", "role": "member", "name": other}
    assert entered("office").post("/members", row).status_code == 302
    from corroborate_node.coalition.campaign import queries

    assert other not in [one.name for one in queries.public_members()]


def test_no_two_bodies_of_the_coalition_read_alike():
    """As ``corroborate members`` lists them: whoever is told of another's doings because two names read alike stops
    reading what it is told."""
    bodies = [tuple(name for name in (one.name, one.abbreviation) if name) for one in register()]
    assert len(bodies) >= 46
    looks = [skeleton(name) for names in bodies for name in names]
    assert len(looks) == len(set(looks))
    assert [pair for pair in combinations(bodies, 2) if one_voice(*pair)] == []
    found = [
        (names, other) for names, others in permutations(bodies, 2) for other in others if Names.of(names).within(other)
    ]
    assert found == []


def test_what_is_drawn_otherwise_is_another_name():
    """So that a hub does not ask two people about everything: names that differ in a letter which no typeface drops."""
    known = Names.of(SPELLED)
    others = (
        "Casa de la Historia",
        "Casa de la Memorable",
        "Geneva Match",
        "Geneva Water",
        "新潟の家",
        "새봄인권운동회",
    )
    assert [one for one in others if known.within(one)] == []


def read(who, by):
    said = {"do": "judge", "judge-criterion": "none_in_public", "judge-status": "not_met", "judge-by": by}
    said |= {"judge-on": "2026-11-20", "judge-note": "We hold that this demand is no longer ours."}
    assert entered(who).post("/demands/stop_public_executions", said).status_code == 302
    found = [one for demand in public().demands for each in demand.criteria for one in each.readings if one.by == by]
    return found[-1].entered_by


def test_a_reading_in_ones_own_name_is_that_of_an_account_for_which_somebody_vouched(hub, account):  # noqa: F811
    """Whoever keeps accounts makes one under any name, and comes in by its first passphrase."""
    account(hub, "M. Ito", OWN, "secretariat", vouched=False)
    assert read("M. Ito", "M. Ito") == "Secretariat", "marked: entered by the hub, and signed by nobody"
    vouch(hub, "office2", "M. Ito")
    assert read("M. Ito", "M. Ito") == ""


def test_a_reading_is_marked_where_the_account_was_called_so_before_the_member_came(hub, account):  # noqa: F811
    account(hub, "Lake Friends", OWN, "secretariat")
    row = {"kind": "organisation", "country": "ch", "joined": "2024-12", "role": "member", "name": "Lɑke Friends"}
    assert entered("office").post("/members", row).status_code == 302
    assert read("Lake Friends", "Lake Friends") == "Secretariat"
