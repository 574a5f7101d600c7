"""Timestamps of authorities, made by OpenSSL: RFC 3161 tokens are checked, kept, and never trusted for more."""

import subprocess

import pytest

from corroborate.custody import Checkpoint

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Invented Authority
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[plain]
keyUsage = critical,digitalSignature
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256,sha384,sha512
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory, tool):
    """A function: text -> token. Keyword arguments: kind of key, digest, whole response, certificate inside."""
    openssl, folder = tool("openssl"), tmp_path_factory.mktemp("authority")
    (folder / "cnf").write_text(CONFIGURATION.format(folder=folder))

    def run(*arguments):
        subprocess.run([openssl, *arguments], cwd=folder, check=True, capture_output=True)

    for kind, options in (
        ("rsa", ["-newkey", "rsa:2048"]),
        ("ec", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ):
        run("req", "-x509", "-config", "cnf", "-extensions", "stamping", *options, "-nodes", "-days", "3650",
            "-keyout", f"{kind}.key", "-out", f"{kind}.pem")  # fmt: skip
    (folder / "serial").write_text("01\n")

    def stamp(text, *, kind="rsa", digest="sha256", token=False, certificate=True):
        (folder / "text").write_bytes(text)
        run("ts", "-query", "-data", "text", f"-{digest}", "-out", "query", *(["-cert"] if certificate else []))
        run("ts", "-reply", "-config", "cnf", "-queryfile", "query", "-signer", f"{kind}.pem", "-inkey", f"{kind}.key",
            "-out", "reply", *(["-token_out"] if token else []))  # fmt: skip
        return (folder / "reply").read_bytes()

    stamp.folder = folder
    return stamp


@pytest.fixture(scope="module")
def log(coalition):
    return coalition.Log([coalition.record(1)])


def text_of(log):
    return Checkpoint(log.owner.name, log.tree.size, log.tree.root()).text().encode()


def judged(coalition, log, token):
    return coalition.judge(coalition.make(log, withheld=(), timestamps={"authority.tsr": token}))


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_a_token_for_the_checkpoint_gives_its_time_and_its_authority(coalition, log, authority, kind, digest):
    for token in (False, True):
        result = judged(coalition, log, authority(text_of(log), kind=kind, digest=digest, token=token))
        assert result["verdict"] == "valid", result
        (stamp,) = result["checked"]["timestamps"]
        assert stamp["authority"] == "CN=Invented Authority"
        assert stamp["time"].endswith("+00:00")


def test_a_token_for_something_else_is_refused(coalition, log, authority):
    result = judged(coalition, log, authority(b"another checkpoint"))
    assert result["verdict"] == "invalid"
    assert "data/timestamps/authority.tsr: is a timestamp of something else" in result["failures"][0]


def test_a_token_without_its_certificate_or_that_is_no_token_is_kept_and_flagged(coalition, log, authority):
    for token in (authority(text_of(log), certificate=False), b"", b"no token", b"0\x80", b"\x30\x03\x02\x01\x02"):
        result = judged(coalition, log, token)
        assert result["verdict"] == "valid"
        assert "timestamps" not in result["checked"]
        assert "kept, and not judged" in result["checked"]["notes"][0]


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_no_byte_of_a_token_can_be_changed_into_another_time(coalition, log, authority):
    """The token signed by the packer itself, after it changed a byte: refused, flagged, or the same time as before."""
    from corroborate.custody.verify import Bad, check_stamp

    token = authority(text_of(log), kind="ec")
    genuine, _ = check_stamp(token, text_of(log))
    for at in range(len(token)):
        changed = token[:at] + bytes([token[at] ^ (1 << at % 8)]) + token[at + 1 :]
        try:
            time, _ = check_stamp(changed, text_of(log))
        except Bad:
            continue
        assert time == genuine, at


def test_the_report_tells_a_token_s_time_and_authority(coalition, log, authority):
    from corroborate.custody.verify import report

    result = judged(coalition, log, authority(text_of(log), kind="ec"))
    (stamp,) = result["checked"]["timestamps"]
    unchecked = f"  timestamp {stamp['time']} of an authority that calls itself CN=Invented Authority: nobody checked"
    assert any(line.startswith(unchecked) for line in report(result).splitlines())
    assert stamp["confirmed"] is False


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_an_authority_is_believed_by_a_certificate_that_the_reader_gives_and_by_no_other(
    coalition, log, authority, kind, tmp_path
):
    """Anybody makes an authority of any name: two of one name, and the reader trusts one of them."""
    from corroborate.custody.verify import main, report, verify

    files = coalition.make(log, withheld=(), timestamps={"a.tsr": authority(text_of(log), kind=kind)})
    policy = log.policy().text().encode()
    own, other = (authority.folder / f"{one}.pem" for one in (kind, "ec" if kind == "rsa" else "rsa"))
    for certificate, confirmed in ((own, True), (other, False)):
        result = verify(coalition.plain_zip(files), policy, authorities=[certificate.read_bytes()])
        assert result["verdict"] == "valid"
        assert result["checked"]["timestamps"][0]["confirmed"] is confirmed
        assert ("by the certificate that you gave" in report(result)) is confirmed
        assert ("no evidence yet" in report(result)) is not confirmed
    (tmp_path / "a.zip").write_bytes(coalition.plain_zip(files).getvalue())
    (tmp_path / "policy.txt").write_bytes(policy)
    (tmp_path / "bad.pem").write_bytes(b"no certificate")
    command = [str(tmp_path / "a.zip"), "--policy", str(tmp_path / "policy.txt"), "--authority"]
    assert main([*command, str(own)]) == 0
    assert main([*command, str(tmp_path / "bad.pem")]) == 1
    assert main([*command, str(tmp_path / "lost.pem")]) == 2


DER = [  # ITU-T X.690, sections 8.1.3 and 10.1
    (b"", []),
    (b"\x04\x00", [(4, b"", b"\x04\x00")]),
    (b"\x04\x01x\x05\x00", [(4, b"x", b"\x04\x01x"), (5, b"", b"\x05\x00")]),
    (b"\x04\x7f" + b"x" * 127, [(4, b"x" * 127, b"\x04\x7f" + b"x" * 127)]),
    (b"\x04\x81\x80" + b"x" * 128, [(4, b"x" * 128, b"\x04\x81\x80" + b"x" * 128)]),
    (b"\x04\x82\x01\x00" + b"x" * 256, [(4, b"x" * 256, b"\x04\x82\x01\x00" + b"x" * 256)]),
    (b"\x04\x84\x00\x00\x01\x00" + b"x" * 256, [(4, b"x" * 256, b"\x04\x84\x00\x00\x01\x00" + b"x" * 256)]),
]


@pytest.mark.parametrize(("data", "elements"), DER, ids=[str(len(data)) for data, _ in DER])
def test_der_is_read_element_by_element(data, elements):
    from corroborate.custody.verify import Unknown, der

    assert der(data) == elements
    for cut in range(1, len(data)):
        if data[:cut] != b"\x04\x01x":
            with pytest.raises(Unknown):
                der(data[:cut])


@pytest.mark.parametrize(
    "data", [b"\x30\x80\x00\x00", b"\x30\x80", b"\x04\x85\x00\x00\x00\x00\x01x", b"\x04\xff" + b"\x00" * 127 + b"x"]
)
def test_lengths_that_der_does_not_know_are_refused(data):
    from corroborate.custody.verify import Unknown, der

    with pytest.raises(Unknown, match="RFC 3161"):
        der(data)
