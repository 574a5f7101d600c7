"""Every field of every type of record that is sealed, changed in every way, by the member itself or by another."""

import json
from datetime import UTC, date, datetime

import pytest

from corroborate.custody import Item
from corroborate.records import Claim, Consent, Source, Text
from corroborate.values import canonical, new_id

AT = datetime(2014, 2, 16, 9, tzinfo=UTC)


def made(kind):
    return new_id(kind, milliseconds=7, randomness=b"0123456789")


RECORDS = {
    "claim": Claim(made("claim"), made("person"), "testimony", Text("invented", "en"), made("source"), "p. 1", "saw",
                   "R", AT).canonical(),
    "source": Source(made("source"), "witness", "an invented witness", (made("list"),), invented=True).canonical(),
    "consent": Consent(made("consent"), made("source"), frozenset({"quote"}), "named body", date(2014, 1, 1),
                       date(2030, 1, 1), None, "OHCHR").canonical(),
    # As the vault writes them:
    "entity": canonical({"version": 1, "id": made("person"), "kind": "person"}),
    "judgement": canonical({"version": 1, "id": made("judgement"), "left": made("person"), "right": made("entity"),
                            "verdict": "same", "by": "R", "why": "one birth date", "at": AT.isoformat()}),
    "withdrawal": canonical({"version": 1, "withdrawn": made("source"), "on": "2014-02-16", "claims": 2}),
    "package": canonical({"version": 1, "id": made("package"), "number": "1234", "audience": "public", "body": "",
                          "on": "2014-02-16", "at": AT.isoformat(), "shown": [made("claim")], "withheld": 1}),
}  # fmt: skip
CELLS = [(kind, field) for kind, content in RECORDS.items() for field in json.loads(content)]


def packed(coalition, content, **more):
    log = coalition.Log([content, coalition.record(2)], **more)
    identifier = json.loads(content).get("id", "record_x")
    items = [Item(f"{identifier}.json", 0, log.seals[0].commitment, content, log.salts[0])]
    return log, f"data/items/{identifier}.json", coalition.make(log, items=items)


def ways(content, field):
    """Edited, emptied, deleted, renamed, given twice, of another type, and in another order of fields."""
    value = json.loads(content)
    yield canonical({**value, field: "another"})
    yield canonical({**value, field: ""})
    yield canonical({**value, field: None})
    yield canonical({**value, field: [value[field]]})
    yield canonical({key: one for key, one in value.items() if key != field})
    yield canonical({(key + "_" if key == field else key): one for key, one in value.items()})
    yield content[:-1] + b',"%s":%s}' % (field.encode(), canonical(value[field]))
    first = {field: value[field], **{key: one for key, one in reversed(value.items()) if key != field}}
    yield json.dumps(first, separators=(",", ":")).encode()


@pytest.mark.parametrize(("kind", "field"), CELLS)
def test_no_field_of_any_type_of_record_can_be_changed(coalition, kind, field):
    log, name, files = packed(coalition, RECORDS[kind])
    assert coalition.judge(files)["verdict"] == "valid"
    for content in ways(RECORDS[kind], field):
        if content == RECORDS[kind]:
            continue
        for signer in (None, log.owner, coalition.STRANGER):
            result = coalition.judge(coalition.remake({**files, name: content}, signer))
            assert result["verdict"] == "invalid", (content, signer)
            assert any(name in failure or "signature.note" in failure for failure in result["failures"])


@pytest.mark.parametrize("kind", RECORDS)
def test_no_type_of_record_can_be_replayed_reordered_or_sealed_by_another(coalition, kind):
    content = RECORDS[kind]
    log, name, files = packed(coalition, content)
    proof = f"data/proofs/{name[11:]}.tlog-proof"
    later = coalition.Log([coalition.record(2), content])
    swapped = coalition.make(later, items=[Item(name[11:], 1, later.seals[1].commitment, content, later.salts[1])])
    assert swapped[name] == files[name]
    for other in (
        swapped[proof],  # the same record at another place of another tree, under the same name and key
        files[proof].replace(b"index 0", b"index 1"),
        packed(coalition, content, owner=coalition.STRANGER)[2][proof],
        files[proof].replace(b"extra ", b"extra A"),
    ):
        changed = coalition.remake({**files, proof: other}, log.owner)
        result = coalition.judge(changed)
        genuine_elsewhere = other == swapped[proof]
        assert result["verdict"] == ("valid" if genuine_elsewhere else "invalid"), (kind, other[:80])
        if genuine_elsewhere:  # two cosigned trees of one size: found out by whoever holds the other's checkpoint
            assert coalition.judge(changed, checkpoints=[log.checkpoint()])["verdict"] == "invalid"
