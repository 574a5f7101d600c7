"""Reminders by e-mail, against a real mail server on this machine: who gets what, once, and what a failure says."""

import json
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.member_keys import person

from corroborate.coalition import lifecycle, memberships, statements
from corroborate.coalition.requests import Request, answer
from corroborate.custody import Signer
from corroborate.custody.enrolment import Enrolment, propose
from corroborate.custody.keys import rotate
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import PartialDate
from corroborate_cli.main import group
from corroborate_node import api
from corroborate_node.core.desk import owner

PASSPHRASE = "a passphrase for the hub"
OWN = "a passphrase for its people"
AT = datetime.now(UTC).replace(microsecond=0)
NAMES = {
    "새봄인권기록회": "office@saebom.example",
    "Niigata Circle": "Street 1, Niigata <niigata@circle.example>",
    "Geneva Watch": "refused@watch.example",
    "Silent House": "Street 2",
    "Two Desks": "a@desks.example b@desks.example",
}
SECRET = "the password of the mail account"


class Box:
    """Keeps what is handed over; refuses one recipient as a full mailbox does."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes, str]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address.startswith("refused@"):
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.taken.append((envelope.rcpt_tos, envelope.content, session.host_name))
        return "250 OK"


class Anywhere(Controller):
    """A mail server on whichever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def served(box):
    """Start mail servers, stopped at the end; ``served(...)`` gives the port."""
    running = []

    def start(**settings) -> int:
        one = Anywhere(box, hostname="127.0.0.1", port=0, **settings)
        one.start()
        running.append(one)
        return one.port

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def hub(tmp_path: Path, recorded_key):
    """A hub with an open round that five members were asked in."""
    folder = tmp_path / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_node.coalition.campaign import actions

        keeper = owner(vault, AT)
        for at, (name, contact) in enumerate(NAMES.items(), 1):
            details = memberships.Details(name, "organisation", contact=contact, languages=("ko",) if at == 1 else ())
            label = actions.admit(keeper, details, "member", PartialDate.parse("2012"))
            recorded_key(vault, label, Signer(label, bytes([at]) * 32), AT - timedelta(days=30))
        before = owner(vault, AT - timedelta(days=2))
        actions.start(before, "access", b"Open the camps\n\nLet monitors in.\n", "en")
        opened = lifecycle.Opened(AT - timedelta(days=2), AT + timedelta(days=3))
        actions.on_statement(before, "access", opened)
        yield vault


def mail(vault, port: int, tls: str = "none", more: str = "", host: str = "127.0.0.1") -> None:
    file = vault.folder / "corroborate.toml"
    kept = file.read_text(encoding="utf-8").partition("\n[mail]")[0]
    table = (
        f'\n[mail]\nhost = "{host}"\nport = {port}\ntls = "{tls}"\nfrom = "Secretariat <office@hub.example>"\n{more}'
    )
    file.write_text(kept + table, encoding="utf-8")


def outcomes(results) -> dict[str, str]:
    return {one.letter.name: one.outcome for one in results}


def test_each_silent_member_gets_its_own_letter_once_a_day(hub, box, served):
    mail(hub, served())
    results = api.remind(hub, "access", AT)
    assert outcomes(results) == {
        "새봄인권기록회": "sent", "Niigata Circle": "sent", "Geneva Watch": "failed", "Silent House": "no address",
        "Two Desks": "no address",
    }  # fmt: skip
    assert [to for to, *_ in box.taken] == [["office@saebom.example"], ["niigata@circle.example"]]
    first = message_from_bytes(box.taken[0][1], policy=policy.default)
    assert "새봄인권기록회" in first.get_body().get_content()
    assert (
        statements.Version("access", 1, b"Open the camps\n\nLet monitors in.\n").digest.hex
        in first.get_body().get_content()
    )
    assert first["Message-ID"].strip().endswith("@hub.example>")
    assert all("saebom" not in content.decode() for _, content, _ in box.taken[1:])
    assert {host for *_, host in box.taken} == {"[127.0.0.1]"}  # the machine's own name goes nowhere
    again = outcomes(api.remind(hub, "access", AT))
    assert (again["새봄인권기록회"], again["Geneva Watch"], len(box.taken)) == ("sent today", "failed", 2)
    assert outcomes(api.remind(hub, "access", AT + timedelta(days=1)))["새봄인권기록회"] == "sent"
    from corroborate_node.coalition.campaign import models

    logged = models.Happened.objects.filter(stream="statement/access", what="Reminded").order_by("id").first()
    assert [(one["to"], one["outcome"]) for one in logged.body] == [
        ("office@saebom.example", "sent"), ("niigata@circle.example", "sent"), ("refused@watch.example", "failed"),
    ]  # fmt: skip
    assert "550" in logged.body[2]["why"]


def test_who_has_spoken_or_left_is_not_written_to(hub, box, served):
    from corroborate_node.coalition.campaign import actions

    keeper = owner(hub, AT)
    version = statements.Version("access", 1, b"Open the camps\n\nLet monitors in.\n")
    note = statements.sign(Signer("새봄인권기록회", b"\x01" * 32), version, "with us", AT)
    actions.take_in(keeper, [("a", note)])
    for hand in ("first-hand", "second-hand"):  # two people, while a round asks it
        actions.on_register(person(hub, hand, AT), memberships.Left("Niigata-Circle", AT.date()))
    mail(hub, served())
    assert set(outcomes(api.remind(hub, "access", AT))) == {"Geneva Watch", "Silent House", "Two Desks"}
    assert box.taken == []
    with pytest.raises(NotAllowed, match="deadline"):
        api.remind(hub, "access", AT + timedelta(days=4))


def test_a_server_without_starttls_is_sent_nothing(hub, box, served):
    mail(hub, served(), "starttls")
    results = api.remind(hub, "access", AT)
    assert outcomes(results)["새봄인권기록회"] == "not tried"
    assert "does not offer" in results[0].why
    assert box.taken == []
    mail(hub, served())
    assert outcomes(api.remind(hub, "access", AT))["새봄인권기록회"] == "sent"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody trusts yet, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(AT - timedelta(days=1)).not_valid_after(AT + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_starttls_with_a_password_that_is_in_no_file(hub, box, served, certificate, monkeypatch):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def who(server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (b"office", SECRET.encode())
        return AuthResult(success=right, handled=right)

    mail(hub, served(tls_context=context, authenticator=who, require_starttls=True), "starttls", 'user = "office"\n')
    with pytest.raises(NotAllowed, match="needs its password"):
        api.remind(hub, "access", AT)
    assert "could not prove who it is" in api.remind(hub, "access", AT, password=SECRET)[0].why
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    refused = api.remind(hub, "access", AT, password="another")
    assert "refused the account office" in refused[0].why
    assert outcomes(refused)["새봄인권기록회"] == "not tried"
    assert outcomes(api.remind(hub, "access", AT, password=SECRET, keep_password=True))["새봄인권기록회"] == "sent"
    assert outcomes(api.remind(hub, "access", AT + timedelta(days=1)))["새봄인권기록회"] == "sent"
    assert len(box.taken) == 4
    for file in hub.folder.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize(("more", "said"), [
    ({"tls": "none", "host": "mail.example.org"}, "in the clear"),
    ({"tls": "plain"}, "starttls"),
    ({"more": 'password = "x"\n'}, "no place in"),
    ({"more": 'colour = "x"\n'}, "no setting 'colour'"),
    ({"more": "", "port": 0}, "port as a number"),
])  # fmt: skip
def test_a_server_that_is_configured_wrongly_is_refused(hub, more, said):
    mail(hub, **{"port": 25, **more})
    with pytest.raises(InvalidValue, match=said):
        api.remind(hub, "access", AT)


def test_the_page_shows_to_whom_before_the_button_and_what_became_of_each(hub, box, account, served):
    from django.test import Client

    account(hub, "saebom", OWN, "representative", scope="새봄인권기록회")
    client, other = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    assert client.login(username="keeper", password=OWN)
    assert other.login(username="saebom", password=OWN)
    assert "names a mail server" in client.get("/statements/access/letters").content.decode()
    mail(hub, served())
    page = client.get("/statements/access/letters").content.decode()
    assert "Send these e-mails" in page
    assert "</span>: office@saebom.example</li>" in page
    assert other.post("/statements/access/remind").status_code == 403
    assert client.get("/statements/access/remind").status_code == 405
    assert box.taken == []
    page = client.post("/statements/access/remind").content.decode()
    assert "550 5.1.1 nobody of that name" in page
    assert len(box.taken) == 2
    assert "was sent today already" in client.get("/statements/access/letters").content.decode()
    assert "office@saebom.example: sent" in client.get("/statements/access").content.decode()
    assert "office@saebom.example: sent" not in other.get("/statements/access").content.decode()


def test_the_command_prints_first_and_sends_only_when_told(tmp_path: Path, box, served):
    folder = tmp_path / "hub"
    api.create_vault(folder, "Secretariat", PASSPHRASE, hub=True, account_passphrase=OWN)
    with api.open_vault(folder, PASSPHRASE) as vault:
        from corroborate_node.coalition.campaign import actions

        keeper = owner(vault, AT)
        details = memberships.Details("Niigata Circle", "organisation", contact="niigata@circle.example")
        actions.admit(keeper, details, "member", PartialDate.parse("2012"))
        actions.start(keeper, "access", b"Open the camps\n\nLet monitors in.\n", "en")
        actions.on_statement(keeper, "access", lifecycle.Opened(AT, AT + timedelta(days=3)))
        mail(vault, served())
    runner, call = CliRunner(), ["statement", "remind", "access", "--hub", str(folder)]
    told = {"CORROBORATE_PASSPHRASE": PASSPHRASE}
    printed = runner.invoke(group, call, env=told)
    assert (printed.exit_code, box.taken) == (0, [])
    assert "To: Niigata Circle <niigata@circle.example>" in printed.output
    assert runner.invoke(group, [*call, "--send"], env=told, input="n\n").exit_code == 1
    assert box.taken == []
    sent = runner.invoke(group, [*call, "--send", "--yes", "--json"], env=told)
    document = json.loads(sent.stdout)
    assert [(one["to"], one["outcome"]) for one in document["results"]] == [("niigata@circle.example", "sent")]
    assert len(box.taken) == 1
    assert runner.invoke(group, [*call[:2], "none", *call[3:]], env=told).exit_code == 1


def test_a_member_is_written_to_when_its_key_changes_or_another_is_put_forward(hub, box, served):
    from corroborate_node.coalition.campaign import actions, mailing, models

    mail(hub, served())
    keeper, label = owner(hub, AT), "새봄인권기록회"
    old, new = Signer(label, b"\x01" * 32), Signer(label, b"\x51" * 32)
    taken = actions.take_in(keeper, [("ours.rotation", rotate(old, new, 0, AT))])
    assert [(one.kind, one.refused) for one in taken] == [("key", "")]
    third = Signer(label, b"\x52" * 32)
    note = propose(Enrolment(label, label, third.verifier(), AT), third)
    actions.introduce_key(keeper, label, note)
    assert mailing.tell_of_key(keeper, label).outcome == "sent"
    changed, put_forward = (message_from_bytes(content, policy=policy.default) for _, content, _ in box.taken)
    assert [to for to, *_ in box.taken] == [["office@saebom.example"]] * 2
    assert new.verifier().fingerprint in changed.get_content()  # in the member's language, Korean
    assert "새 열쇠" in changed.get_content()
    asked = next(iter(put_forward.iter_attachments()))
    request = Request.read(asked.get_content())
    assert (request.kind, request.fields["key"]) == ("key", str(third.verifier()))
    said = answer(new, request, "not ours", AT)
    assert actions.take_in(keeper, [("no", said)])[0].refused == ""
    told = models.Happened.objects.filter(stream=f"member/{label}", what="Told")
    assert {one.body["outcome"] for one in told} == {"sent"}
    assert len(told) == 2


def test_where_no_letter_can_go_the_history_says_why(hub):
    from corroborate_node.coalition.campaign import actions, models

    old, new = Signer("Niigata-Circle", b"\x02" * 32), Signer("Niigata-Circle", b"\x51" * 32)
    actions.take_in(owner(hub, AT), [("ours.rotation", rotate(old, new, 0, AT))])
    told = models.Happened.objects.get(stream="member/Niigata-Circle", what="Told")
    assert (told.body["outcome"], told.body["why"]) == ("not tried", "no mail server is configured")
