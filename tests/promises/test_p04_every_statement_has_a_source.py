"""Promise 4: each value shown can be followed to who said it, where, and who recorded it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.records import Claim, Consent, Entity, Source, Text
from corroborate.values import PartialDate, new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "long enough to hold"
OWN = "another that is long enough"


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=b"0123456789")


@given(st.sampled_from(["locator", "recorder", "property"]))
def test_a_claim_without_locator_recorder_or_property_cannot_exist(missing):
    parts = {"locator": "page 4", "recorder": "Kim", "property": "name", missing: ""}
    with pytest.raises(InvalidValue, match="proves nothing"):
        Claim(
            made("claim", 1), made("person", 1), parts["property"], Text("x"), made("source", 1), parts["locator"],
            "saw", parts["recorder"], AT,
        )  # fmt: skip


def test_every_value_on_a_person_s_page_has_its_source_and_two_that_differ_stand_side_by_side(tmp_path):
    from html.parser import HTMLParser

    api.create_vault(tmp_path / "vault", "Member", PASSPHRASE, account_passphrase=OWN)
    sources = [Source(made("source", n), "witness", f"Witness number {n}") for n in (1, 2)]
    person = made("person", 1)
    told = [
        ("name", read_name("김철수"), sources[0], "minute 1", "saw", "Documenter Lee"),
        ("birth_date", PartialDate(1960), sources[0], "minute 2", "saw", "Documenter Lee"),
        ("birth_date", PartialDate(1962), sources[1], "page 7", "heard", "Documenter Han"),
    ]
    claims = [
        Claim(made("claim", n), person, property_, value, source.id, locator, basis, recorder, AT)
        for n, (property_, value, source, locator, basis, recorder) in enumerate(told)
    ]
    consents = [
        Consent(made("consent", n), s.id, frozenset({"hold"}), "own", date(2026, 1, 1)) for n, s in enumerate(sources)
    ]

    class Values(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.values, self.marks, self.inside = [], [], ""

        def handle_starttag(self, tag, attrs):
            if tag == "summary":  # the number that opens the mark
                self.inside = ""
            kind = dict(attrs).get("class")
            if kind in ("value", "mark"):
                self.inside = kind
                (self.values if kind == "value" else self.marks).append("")

        def handle_endtag(self, tag):
            if tag == "li":
                self.inside = ""

        def handle_data(self, data):
            if self.inside:
                (self.values if self.inside == "value" else self.marks)[-1] += data

    with api.open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        records_actions.receive(owner(vault, AT), [Entity(person, "person")], sources, consents, claims)
        from django.test import Client

        client = Client(headers={"host": "localhost"})
        assert client.login(username="keeper", password=OWN)
        page = client.get(f"/persons/{person}").content.decode()
    found = Values()
    found.feed(page)
    assert [value.strip() for value in found.values] == ["김철수", "1960", "1962"]
    assert len(found.marks) == 3
    for mark, (_, _, source, locator, _, recorder) in zip(found.marks, told, strict=True):
        assert locator in mark
        assert source.title in mark
        assert recorder in mark
    assert "sources differ" in page
