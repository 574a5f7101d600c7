"""What a file says of its own making is checked, and shown as what it is: valid is not trusted, pending is no proof.

The files are those that the programs' own code wrote (c2pa-python, py-wacz, opentimestamps-client); see where they lie.
"""

import json
from pathlib import Path

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate.copies import kind_of, vouched_of
from corroborate.errors import InputRefused
from corroborate_node import api

ARCHIVE = Path(__file__).parents[3] / "shared" / "data" / "formats" / "archive"
pytestmark = pytest.mark.skipif(not ARCHIVE.is_dir(), reason="the shared files of formats are not here")


def vouched(content: bytes):
    return vouched_of(kind_of(content[:4096]), [content])


def page_of(vault, entered, file: str) -> str:
    with api.open_vault(vault, WORDS):
        answer = entered("hana").get(f"/files/{file}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_picture_tells_who_signed_it_and_nobody_vouches_for_the_key():
    said = vouched((ARCHIVE / "quay.c2pa.jpg").read_bytes())
    expected = json.loads((ARCHIVE / "quay.c2pa.manifest.json").read_text(encoding="utf-8"))
    signed = expected["manifests"][expected["active_manifest"]]["signature_info"]
    assert not said.altered
    assert (said.signer, said.issuer) == (signed["common_name"], signed["issuer"])
    assert "Noor Feldspar" in dict(said.told).values()


def test_one_byte_changed_anywhere_in_the_picture_shows():
    """The bytes that are drawn are covered by the signature; each change in them is seen."""
    content = (ARCHIVE / "quay.c2pa.jpg").read_bytes()
    assert vouched((ARCHIVE / "quay.c2pa.tampered.jpg").read_bytes()).altered
    scan = content.rindex(b"\xff\xda") + 12  # where the drawn bytes begin
    for place in range(scan, len(content), max(1, (len(content) - scan) // 5)):
        changed = bytearray(content)
        changed[place] ^= 1
        assert vouched(bytes(changed)).altered, place


def test_a_picture_that_says_nothing_says_nothing():
    assert vouched((ARCHIVE / "quay.jpg").read_bytes()) is None


@pytest.mark.parametrize("cut", [300, 3000, 20000])
def test_a_manifest_that_breaks_off_is_refused_or_says_that_it_does_not_hold(cut):
    content = (ARCHIVE / "quay.c2pa.jpg").read_bytes()[:cut]
    try:
        said = vouched(content)
    except InputRefused:
        return
    assert said is None or said.altered


def test_the_page_of_a_file_says_valid_and_not_trusted(kept, entered, vault):
    good, _ = kept((ARCHIVE / "quay.c2pa.jpg").read_bytes(), "quay.jpg")
    page = page_of(vault, entered, good)
    assert "Valid is not trusted" in page and "Sample test camera" in page


def test_the_page_of_a_file_says_that_it_was_changed(kept, entered, vault):
    bad, _ = kept((ARCHIVE / "quay.c2pa.tampered.jpg").read_bytes(), "other.jpg")
    page = page_of(vault, entered, bad)
    assert "It is not as it was signed" in page and "Valid is not trusted" not in page
    assert "assertion.dataHash.mismatch" in page


def test_a_time_stamp_beside_its_file_is_pending_and_proves_nothing(vault, entered, tmp_path):
    (tmp_path / "a.yaml").write_text(
        "source: {title: Interview}\nconsent: {own: hold}\npeople: [{names: Kim Bwi Ga, speaks: yes}]\n",
        encoding="utf-8",
    )
    files = ("quay.jpg", "quay.jpg.ots", "quay.jpg.bitcoin-shaped.ots", "quay.c2pa.jpg")
    attached = [part for name in files for part in ("--attach", ARCHIVE / name)]
    source = json.loads(ran("interview", tmp_path / "a.yaml", *attached, "--vault", vault, "--json"))["source"]
    with api.open_vault(vault, WORDS):
        from corroborate_node.records.models import FileOf

        by_name = {one.file.name: one.file_id for one in FileOf.objects.filter(source_id=source)}
    page = page_of(vault, entered, by_name["quay.jpg"])
    assert "pending: it proves nothing yet" in page
    assert "a block of Bitcoin, which was not checked here" in page
    stamp = page_of(vault, entered, by_name["quay.jpg.ots"])
    assert f'href="/files/{by_name["quay.jpg"]}"' in stamp
    signed = page_of(vault, entered, by_name["quay.c2pa.jpg"])
    assert "Time stamps of it" not in signed, "another file than the one that was stamped"


def test_an_archived_page_is_checked_by_its_own_hashes(kept, entered, vault):
    good, _ = kept((ARCHIVE / "press.signed.wacz").read_bytes(), "press.wacz")
    page = page_of(vault, entered, good)
    assert "its signature is valid; whose key it is, nothing in it says" in page


def test_an_archived_page_that_was_changed_says_so(kept, entered, vault):
    bad, _ = kept((ARCHIVE / "press.tampered.wacz").read_bytes(), "changed.wacz")
    assert "is NOT what was archived" in page_of(vault, entered, bad)


def test_what_a_file_says_of_itself_does_not_leave_with_a_copy(kept, entered, vault, tmp_path):
    """The copy that is made to be handed on is drawn anew: it says nothing of who made the original, or where."""
    file, _ = kept((ARCHIVE / "quay.c2pa.jpg").read_bytes(), "quay.jpg")
    with api.open_vault(vault, WORDS) as opened:
        from corroborate_cli.vaults import now
        from corroborate_node.core.desk import owner
        from corroborate_node.files import copies
        from corroborate_node.records.models import KeptFile

        made = copies.derive(owner(opened, now()), file, copies.Asked("", name="copy"))
        content = b"".join(opened.files.get(KeptFile.objects.get(id=made.id).address))
    assert b"c2pa" not in content and b"Feldspar" not in content
    assert vouched_of(kind_of(content[:4096]), [content]) is None


def test_the_command_says_what_the_page_says(kept, vault):
    file, _ = kept((ARCHIVE / "quay.c2pa.jpg").read_bytes(), "quay.jpg")
    (told,) = json.loads(ran("files", file, "--says", "--vault", vault, "--json"))
    assert told["says"]["c2pa"]["signer"] == "Sample test camera"
    assert "nobody here vouches for the key" in ran("files", file, "--says", "--vault", vault)


def test_the_command_says_that_a_picture_says_nothing(kept, vault):
    file, _ = kept((ARCHIVE / "quay.jpg").read_bytes(), "quay.jpg")
    assert "It says nothing of its own making." in ran("files", file, "--says", "--vault", vault)
