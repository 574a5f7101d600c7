"""Ten thousand sign-ons: received by the rules, taken in by a hub through its bulk path, shown, published, verified."""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from corroborate.coalition import lifecycle, memberships
from corroborate.coalition.final import statement_html, verify_statement
from corroborate.coalition.statements import Round, Version, as_text, sign
from corroborate.custody import Signer
from corroborate.values import PartialDate
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault

MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
PASSPHRASE = "a passphrase for measuring"
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
TEXT = as_text("Open the camps\n\nLet monitors in, tell the families and release all who are held.\n")


FIGURES: dict[str, float] = {"sign_ons": MANY}


def timed(what: str, since: float) -> float:
    FIGURES[f"{what}_seconds"] = round(time.process_time() - since, 2)  # of one processor, whatever else it does
    return time.process_time()


def main() -> None:
    signers = [Signer(f"member-{at}", at.to_bytes(32, "big")) for at in range(1, MANY + 1)]
    keys = [one.verifier() for one in signers]
    version = Version("open", 1, TEXT)
    begun = time.process_time()
    notes = [sign(one, version, "with us", AT) for one in signers]
    begun = timed("signed", begun)
    round_, _ = Round({key.name: key for key in keys}).propose(version).receive_all(notes, AT)
    timed("rules", begun)
    assert len(round_.signed()) == MANY
    with TemporaryDirectory() as folder:
        api.create_vault(Path(folder) / "hub", "Secretariat", PASSPHRASE, hub=True)
        with api.open_vault(Path(folder) / "hub", PASSPHRASE) as hub:
            _on_a_hub(hub, signers, notes)
    print(json.dumps(FIGURES))


def _on_a_hub(hub: Vault, signers: list[Signer], notes: list[bytes]) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from corroborate_node.coalition.campaign import actions, models, stored

    keeper, here = get_user_model().objects.get(), owner(hub, AT)
    rows = []
    for at, one in enumerate(signers, start=1):  # a register of people who joined by a form, laid in at once
        details = memberships.Details(one.name, "organisation", "KR")
        member = memberships.Membership(one.name, details, "supporter", PartialDate.parse("2026"))
        member = replace(member, keys=((one.verifier(), AT.date(), None),))
        rows.append(models.Member(id=one.name, place=at, name=one.name, kind="organisation", country="KR",
                                  role="supporter", key=str(one.verifier()), body=stored.put(member)))  # fmt: skip
    models.Member.objects.bulk_create(rows, batch_size=500)
    actions.start(here, "open", TEXT, "en")
    actions.on_statement(here, "open", lifecycle.Opened(AT, datetime(2099, 1, 1, tzinfo=UTC)))
    begun = time.process_time()
    outcomes = actions.take_in(here, [(str(at), note) for at, note in enumerate(notes)])
    begun = timed("taken_in", begun)
    assert not any(one.refused for one in outcomes)
    client = Client(headers={"host": "localhost"})
    client.force_login(keeper)
    begun = time.process_time()
    assert client.get("/statements/open").status_code == 200
    begun = timed("statement_page", begun)
    page = statement_html(actions.final_text(here, "open"))
    begun = timed("final_text", begun)
    assert verify_statement(page).verdict == "valid"
    timed("verified", begun)


if __name__ == "__main__":
    main()
