"""From a vault to a package: what each source allowed is shown, the rest is proven, and that it left is on record."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.releasing import packed as out_of
from tests.releasing import released

from corroborate.custody import COSIGNATURE_V1, Policy, Signer, verify
from corroborate.errors import InputRefused, InvalidValue, NotAllowed, NotVerified
from corroborate.records import Claim, Consent, Entity, Source, Text
from corroborate.values import new_id, read_name
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.log import fixity
from corroborate_node.log import queries as log_queries
from corroborate_node.records import actions as records_actions
from corroborate_node.release import giving

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "long enough to hold"
WITNESS = Signer("witness.example", b"w" * 32)
ENDS = date(2026, 6, 30)


def made(kind, number):
    return new_id(kind, milliseconds=number, randomness=bytes([number]) * 10)


def filled(folder, name="Member"):
    """A vault with three sources: one speaks to everybody, one to a commission until June, one to nobody."""
    api.create_vault(folder, name, PASSPHRASE)
    with api.open_vault(folder, PASSPHRASE) as vault:
        sources, consents, claims, people = [], [], [], []
        for number, (audience, body, ends) in enumerate(
            [("public", "", None), ("named body", "OHCHR", ENDS), ("own", "", None)], 1
        ):
            person, source = made("person", number), Source(made("source", number), "witness", f"witness {number}")
            people.append(Entity(person, "person"))
            sources.append(source)
            consents.append(
                Consent(made("consent", number), source.id, frozenset({"name", "quote"}), audience, date(2025, 1, 1),
                        ends, body=body)
            )  # fmt: skip
            for at, (prop, value) in enumerate(
                [("name", read_name(f"김철수{number}")), ("testimony", Text(f"words{number}"))]
            ):
                claims.append(
                    Claim(made("claim", 10 * number + at), person, prop, value, source.id, "p. 1", "saw", "R", AT)
                )
        records_actions.receive(owner(vault, AT), people, sources, consents, claims)
        log_actions.checkpoint(owner(vault, AT))
        note = log_actions.checkpoint(owner(vault, AT)).decode()
        line = WITNESS.cosignature_line(note.split("\n\n")[0] + "\n", AT)
        log_actions.add_cosignatures(owner(vault, datetime.now(UTC)), [line], [WITNESS.verifier()])
        key = vault.signer.verifier()
    return Policy(key, {"w": WITNESS.verifier(COSIGNATURE_V1)}, 1)


@pytest.fixture(scope="module")
def member(tmp_path_factory):
    folder = tmp_path_factory.mktemp("member") / "vault"
    return folder, filled(folder)


def packed(member, out, **more):
    folder, policy = member
    with api.open_vault(folder, PASSPHRASE) as vault:
        return out_of(vault, out, at=AT, **{"on": date(2026, 2, 1), "audience": "public", "policy": policy,
                                              "words": frozenset({"testimony"}), **more})  # fmt: skip


def content(folder: Path) -> str:
    return b"".join(p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()).decode()


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"audience": "public"}, {1}),
        ({"audience": "named body", "body": "OHCHR"}, {1, 2}),
        ({"audience": "named body", "body": "another court"}, {1}),
        ({"audience": "named body", "body": "OHCHR", "on": date(2026, 7, 1)}, {1}),
        ({"audience": "coalition"}, {1}),
        ({"audience": "own"}, {1, 2, 3}),
    ],
)
def test_each_record_leaves_as_its_source_allowed_and_the_rest_is_proven(member, tmp_path, asked, numbers):
    done = packed(member, tmp_path / "package", **asked)
    everything = content(tmp_path / "package")
    assert {n for n in (1, 2, 3) if f"words{n}" in everything} == numbers
    assert {n for n in (1, 2, 3) if f"witness {n}" in everything} == numbers
    assert {n for n in (1, 2, 3) if made("claim", 10 * n) in everything} == numbers
    result = verify.verify(tmp_path / "package", member[1].text().encode())
    assert result["verdict"] == "valid", result
    assert (result["checked"]["items"], result["checked"]["withheld"]) == (done.shown, done.withheld)
    assert done.shown + done.withheld == 9
    assert result["checked"]["package_number"] == done.number


def test_the_receiver_is_told_until_when_it_may_be_used(member, tmp_path):
    packed(member, tmp_path / "package", audience="named body", body="OHCHR")
    index = json.loads((tmp_path / "package/data/index.json").read_bytes())
    ends = {one["until"] for one in index["items"] if "until" in one}
    assert ends == {None, ENDS.isoformat()}
    assert "until 2026-06-30" in (tmp_path / "package/README.txt").read_text(encoding="utf-8")


def test_the_digest_of_the_software_can_be_computed_with_coreutils(member, tmp_path, tool):
    tool("sha256sum")
    packed(member, tmp_path / "package")
    index = json.loads((tmp_path / "package/data/index.json").read_bytes())
    source = Path(verify.__file__).parents[2]
    line = (
        "find corroborate corroborate_cli corroborate_node -name '*.py' | LC_ALL=C sort | xargs sha256sum | sha256sum"
    )
    done = subprocess.run(["sh", "-c", line], cwd=source, capture_output=True, text=True, check=True)
    assert index["software"]["sha256"] == done.stdout.split()[0]


def test_that_a_package_left_is_sealed_in_the_log_and_shown_with_each_record(member, tmp_path):
    folder, policy = member
    with api.open_vault(folder, PASSPHRASE) as vault:
        number = released(vault, AT, on=date(2026, 2, 1), audience="public")
        before = log_queries.whole_tree().size
        done = giving.package(owner(vault, AT), number, tmp_path / "p", giving.Packing(policy))
        from corroborate_node.release.models import Package

        assert log_queries.whole_tree().size == before + 1
        kept = Package.objects.filter(number=done.number).first()
        assert kept.records.count() == done.shown
        assert kept.records.filter(record=made("claim", 10)).exists()
        assert not kept.records.filter(record=made("claim", 20)).exists()
        assert [check for check in fixity.everything(vault) if check.state == "wrong"] == []


def test_tokens_that_came_for_the_checkpoint_travel_with_it(member, tmp_path):
    """An unreadable one too: another reader may know more. One that is over other bytes does not."""
    folder, policy = member
    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate.custody import Checkpoint, Note
        from corroborate_node.log.models import Token

        size = Checkpoint.parse(Note.parse(log_queries.newest_checkpoint()).text).size
        for state in ("unreadable", "other"):
            Token.objects.create(size=size, raw=state.encode(), state=state, authority="", found="", at=AT)
        out_of(vault, tmp_path / "package", at=AT, on=date(2026, 2, 1), audience="public", policy=policy)
        Token.objects.all().delete()
    assert [one.read_bytes() for one in (tmp_path / "package/data/timestamps").iterdir()] == [b"unreadable"]
    result = verify.verify(tmp_path / "package", policy.text().encode())
    assert result["verdict"] == "valid"
    assert "kept, and not judged" in result["checked"]["notes"][0]


def test_a_vault_without_witnesses_packs_and_the_verifier_says_what_is_missing(member, tmp_path):
    packed(member, tmp_path / "package", policy=None)
    result = verify.verify(tmp_path / "package")
    assert result["verdict"] == "incomplete"
    assert "no witness" in result["failures"][0]


def test_for_an_age_receiver_it_is_one_file_that_debians_age_opens(member, tmp_path, tool):
    age, keygen = tool("age"), tool("age-keygen")
    subprocess.run([keygen, "-o", tmp_path / "key"], check=True, capture_output=True)
    public = subprocess.run([keygen, "-y", tmp_path / "key"], check=True, capture_output=True, text=True).stdout.strip()
    packed(member, tmp_path / "package.age", to=[public])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "package.age"]
    assert b"words1" not in (tmp_path / "package.age").read_bytes()
    closed = verify.verify(tmp_path / "package.age")
    assert closed["verdict"] == "incomplete"
    assert "encrypted" in closed["failures"][0]
    subprocess.run(
        [age, "-d", "-i", tmp_path / "key", "-o", tmp_path / "package.zip", tmp_path / "package.age"], check=True
    )
    assert verify.verify(tmp_path / "package.zip", member[1].text().encode())["verdict"] == "valid"
    with pytest.raises(InvalidValue, match="no age public key"):
        packed(member, tmp_path / "other.age", to=["age1nonsense"])
    assert not (tmp_path / "other.age").exists()


def test_packages_of_several_members_travel_in_one_as_each_was_given(member, tmp_path):
    other = tmp_path / "other"
    theirs = filled(other, "Another member")
    packed((other, theirs), tmp_path / "for-all")
    packed((other, theirs), tmp_path / "for-ohchr", audience="named body", body="OHCHR")
    done = packed(member, tmp_path / "joint", include=[tmp_path / "for-all"])
    both = [member[1].text().encode(), theirs.text().encode()]
    result = verify.verify(tmp_path / "joint", both)
    assert result["verdict"] == "valid", result
    assert result["checked"]["packages"]["for-all"]["checked"]["organisation"] == "Another member"
    assert done.shown == result["checked"]["items"]
    packed(member, tmp_path / "only", claims=(), include=[tmp_path / "for-all"])
    assert verify.verify(tmp_path / "only", both)["verdict"] == "valid"
    packed(member, tmp_path / "court", audience="named body", body="OHCHR",
           include=[tmp_path / "for-all", tmp_path / "for-ohchr"])  # fmt: skip
    assert len(verify.verify(tmp_path / "court")["checked"]["packages"]) == 2
    with pytest.raises(NotAllowed, match="given for OHCHR, not for public"):
        packed(member, tmp_path / "x", include=[tmp_path / "for-ohchr"])
    with pytest.raises(NotAllowed, match="consent has ended"):
        packed(member, tmp_path / "x", audience="named body", body="OHCHR", on=date(2026, 7, 1),
               include=[tmp_path / "for-ohchr"])  # fmt: skip
    with pytest.raises(InvalidValue, match="another name"):
        packed(member, tmp_path / "x", include=[tmp_path / "for-all"] * 2)
    (tmp_path / "for-all/README.txt").write_text("changed")
    with pytest.raises(NotVerified, match="README"):
        packed(member, tmp_path / "x", include=[tmp_path / "for-all"])
    assert not (tmp_path / "x").exists()


def test_what_cannot_be_packed_is_refused_and_leaves_nothing(member, tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(InputRefused, match="never written over"):
        packed(member, tmp_path / "there")
    with pytest.raises(InvalidValue, match="unknown here"):
        packed(member, tmp_path / "package", claims=[made("claim", 99)])
    api.create_vault(tmp_path / "hub", "Hub", PASSPHRASE, hub=True)
    with api.open_vault(tmp_path / "hub", PASSPHRASE) as hub, pytest.raises(NotAllowed, match="a hub packs nothing"):
        out_of(hub, tmp_path / "package", at=AT, on=date(2026, 2, 1), audience="public")
    api.create_vault(tmp_path / "new", "New", PASSPHRASE)
    with api.open_vault(tmp_path / "new", PASSPHRASE) as new, pytest.raises(InvalidValue, match="no checkpoint yet"):
        out_of(new, tmp_path / "package", at=AT, on=date(2026, 2, 1), audience="public")
    assert not (tmp_path / "package").exists()


def test_the_commands_pack_and_verify_and_agree(member, tmp_path):
    folder, policy = member
    (tmp_path / "policy").write_text(policy.text(), encoding="utf-8")
    (tmp_path / "stamp.tsr").write_bytes(b"an unreadable token")
    run, environment = CliRunner(), {"CORROBORATE_PASSPHRASE": PASSPHRASE}
    asked = ["pack", str(tmp_path / "package"), "--vault", str(folder), "--policy", str(tmp_path / "policy")]
    nobody = run.invoke(group, asked, env=environment)
    assert nobody.exit_code == 2, "a package is of a release, and there is no default"
    make = ["release", "make", "--vault", str(folder), "--yes"]
    assert run.invoke(group, make, env=environment).exit_code == 2, "an audience is never a default"
    make += ["--audience", "public"]
    past = run.invoke(group, [*make, "--on", "2026-02-01"], env=environment)
    assert past.exit_code == 1
    assert "nothing leaves on a day that is over" in str(past.exception)
    both = run.invoke(group, [*make, "--claim", "x", "--no-claims"], env=environment)
    assert both.exit_code == 2
    with api.open_vault(folder, PASSPHRASE) as vault:
        number = released(vault, datetime.now(UTC).replace(microsecond=0), audience="public")
    asked += ["--release", str(number)]
    done = run.invoke(group, [*asked, "--timestamp", str(tmp_path / "stamp.tsr")], env=environment)
    assert done.exit_code == 0, done.output
    number = done.output.split("telephone: ")[1].split("\n")[0]
    told = run.invoke(group, ["verify", str(tmp_path / "package"), "--policy", str(tmp_path / "policy")])
    assert told.exit_code == 0
    assert number in told.output
    assert "kept, and not judged" in told.output
    again = run.invoke(group, asked, env=environment)
    assert again.exit_code == 1
    (tmp_path / "package/data/policy.txt").unlink()
    assert run.invoke(group, ["verify", str(tmp_path / "package"), "--json"]).exit_code == 1
    alone = subprocess.run(
        [sys.executable, "-I", tmp_path / "package/verify.py", "--json"], capture_output=True, text=True
    )
    assert json.loads(alone.stdout)["verdict"] == "invalid"
