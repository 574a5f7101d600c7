"""The matrix at 1,000 judgements and 100,000 claims: seconds to line up, to say what each finding hangs on, and p95 of
the pages. `python bench/inquiry.py 20000` for fewer claims."""

import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corroborate.cases import Lineup, Tie
from corroborate.cases.law import entries
from corroborate.records import Claim, Consent, Entity, Reference, Source, Term, Text
from corroborate.values import new_id
from corroborate_node import api
from corroborate_node.core.desk import owner

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE, OWN = "a passphrase to measure", "an account's own passphrase"
TERMS = ("integrity.torture", "life.execution", "liberty.arbitrary_detention")
WITNESSES, JUDGEMENTS = 3_000, 1_000


def made(chance: random.Random, kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=chance.randbytes(10))


def world(size: int) -> tuple[list[Entity], list[Source], list[Claim]]:
    """Acts with a victim, a term and a place each: three claims. Every third source repeats one or two others."""
    chance = random.Random(7)
    sources: list[Source] = []
    for at in range(WITNESSES * 2):
        before = tuple(chance.choice(sources).id for _ in range(1 + at % 2)) if at % 3 == 2 else ()
        sources.append(Source(made(chance, "source", at), "document" if before else "witness", f"S{at}", before))
    people = [Entity(made(chance, "person", at), "person") for at in range(size // 10)]
    acts = [Entity(made(chance, "act", at), "act") for at in range(size // 3)]
    claims = []
    for act in acts:
        source, person = chance.choice(sources).id, chance.choice(people).id
        for property_, value in (
            ("victim", Reference(person)),
            ("violation", Term("violations", chance.choice(TERMS))),
            ("place", Text(chance.choice(("회령", "신의주", "청진")))),
        ):
            claims.append(
                Claim(made(chance, "claim", len(claims)), act.id, property_, value, source, "1", "saw", "bench", AT)
            )
    return [*people, *acts], sources, claims


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    entities, sources, claims = world(size)
    by_id = {one.id: one for one in sources}
    witnesses = [one.id for one in sources if not one.derives_from]
    ties = [Tie("same_interpreter", *random.Random(at).sample(witnesses, 2)) for at in range(300)]
    started = time.perf_counter()
    lineup = Lineup.of(claims, by_id, {}, ties)
    lined = time.perf_counter() - started
    started = time.perf_counter()
    for one in lineup.findings:
        lineup.hangs_on(one)
    hanging = time.perf_counter() - started
    figures: dict[str, object] = {
        "claims": len(claims),
        "line_up_seconds": round(lined, 2),
        "hangs_on_of_every_finding_seconds": round(hanging, 2),
    }
    with tempfile.TemporaryDirectory() as folder:
        api.create_vault(Path(folder) / "vault", "Bench", PASSPHRASE, account_passphrase=OWN)
        with api.open_vault(Path(folder) / "vault", PASSPHRASE) as vault:
            figures["pages"] = _pages(vault, entities, sources, claims)
    print(json.dumps(figures))


def _pages(vault: object, entities: list[Entity], sources: list[Source], claims: list[Claim]) -> dict[str, object]:
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk
    from corroborate_node.inquiry.models import Assessment
    from corroborate_node.records import actions

    desk = owner(vault, AT)  # type: ignore[arg-type]
    no_consents: list[Consent] = []
    actions.receive(desk, entities, sources, no_consents, claims)
    accounts.add(desk, "lawyer", ["lawyer"], "", None)
    user = get_user_model().objects.get(username="lawyer")
    accounts.choose(Desk(desk.vault, actor_of(user), AT), OWN, lambda _: False)
    elements = [element["id"] for one in entries().values() for element in one.more["elements"]]
    Assessment.objects.bulk_create(
        Assessment(
            id=f"assessment_{at:032x}",
            case_id=None,
            element=elements[at % len(elements)],
            conclusion="meets",
            standard="proof.reasonable_grounds",
            reasons="x",
            stands_on={"for": 1, "against": 0, "independent": 1},
            by=f"lawyer {at // len(elements)}",
            at=AT,
        )
        for at in range(JUDGEMENTS)
    )
    client = Client(headers={"host": "localhost"})
    assert client.login(username="lawyer", password=OWN)
    found: dict[str, object] = {}
    for name, path in {"matrix": "/findings", "finding": "/findings/cah.torture.1"}.items():
        started = time.perf_counter()
        assert client.get(path).status_code == 200
        first, times = time.perf_counter() - started, []
        for _ in range(20):
            started = time.perf_counter()
            client.get(path)
            times.append(time.perf_counter() - started)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        found[name] = {
            "first_seconds": round(first, 2),
            "p95_milliseconds": round(1000 * sorted(times)[18], 1),
            "queries": len(asked),
        }
    return found


if __name__ == "__main__":
    main()
