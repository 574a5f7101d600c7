"""`corroborate demo`: the whole chain on an invented population, with the same rooms and acts as everybody uses."""

import csv
import json
import os
import secrets
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from corroborate.cases import Finding
from corroborate.coalition import Member, Round, Version, demands
from corroborate.coalition.final import Final
from corroborate.coalition.key_proofs import WAIT
from corroborate.custody import Verifier, verify, write_file
from corroborate.disclosure import Records, Results
from corroborate.errors import InputRefused
from corroborate.records import Claim, Consent, Source
from corroborate.translation import Sentence
from corroborate_cli.demand import show as show_demands
from corroborate_cli.demonstration import public_record, publication, statements
from corroborate_cli.demonstration.chance import Chance
from corroborate_cli.demonstration.initiatives import initiatives
from corroborate_cli.demonstration.jointly import release_jointly
from corroborate_cli.demonstration.nodes import Node
from corroborate_cli.demonstration.passphrases import of_keeper
from corroborate_cli.demonstration.progress import Progress
from corroborate_cli.demonstration.records import claim_of, consent_of, source_of
from corroborate_cli.demonstration.serving import serve_all
from corroborate_cli.members import members_of
from corroborate_cli.members import show as show_members
from corroborate_cli.terminal import Table

MEMBERS = {  # list -> folder, the member's name
    "A": ("saebom", "새봄인권기록회"),
    "B": ("kaeri", "帰りを待つ会"),
    "C": ("northern", "Northern Records Project"),
    "D": ("munbakk", "문밖의 사람들"),
}
COUNTRIES = {"A": ("KR", "ko"), "B": ("JP", "ja"), "C": ("CH", "en"), "D": ("KR", "ko")}  # and languages
HUB = ("hub", "Coalition secretariat (demonstration)")
LATEST = 2020  # the invented lists end here
MARK = "demo.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked for. ``clock``: a fixed time, and with it fixed keys, for tests."""

    folder: Path
    size: int
    seed: int
    statement: Path | None
    clock: datetime | None


def _fresh(folder: Path) -> Path:
    """An empty folder: a former demonstration is replaced, anything else is left alone."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise InputRefused(
                "{folder} holds something that is no demonstration: choose another folder", folder=folder
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("{}\n", encoding="utf-8")
    return folder


def run(settings: Settings, progress: Progress) -> dict[str, Any]:
    """All steps but serving. Returns the summary that ``--json`` prints."""
    began = time.perf_counter()
    folder = _fresh(settings.folder)
    at = (settings.clock or datetime.now(UTC)).replace(microsecond=0)
    stamp = at.isoformat()
    seed = settings.seed if settings.clock else None
    chosen = "-".join(secrets.token_hex(2) for _ in range(4))
    passphrase = f"demonstration {settings.seed}" if settings.clock else chosen
    summary: dict[str, Any] = {"invented": True, "size": settings.size, "seed": settings.seed}

    with progress.step("statement", "Reading the founding statement"):
        members = members_of(settings.statement).members
        summary["members"] = _members(members, progress)
    from corroborate.invented import make_world, write_lists

    with progress.step("world", f"Inventing {settings.size:,} people and four lists of them"):
        world = make_world(settings.seed, settings.size)
        lists = write_lists(world, folder / "lists")
    with ExitStack() as open_nodes:
        with progress.step("vaults", "Making a hub and four vaults, taking the lists in, sealing every record"):
            hub = open_nodes.enter_context(Node(folder / HUB[0], HUB[1], passphrase, hub=True, seed=seed))
            nodes = {
                name: open_nodes.enter_context(Node(folder / "vaults" / place, title, passphrase, seed=seed))
                for name, (place, title) in MEMBERS.items()
            }
            taken, summary["lists"] = _taken_in(nodes, lists, stamp, progress)
        with progress.step("witness", "Members cosign each other's checkpoints"):
            _enrol(nodes, hub, stamp)
            summary["witnessed"] = _witness(nodes, stamp)
        linkage, summary["linkage"] = _link(lists, folder, progress)
        estimate, summary["estimate"] = _estimate(linkage, world.population, settings.seed, folder, progress)
        with progress.step("findings", "Lining claims up against the elements of crimes against humanity"):
            evidence = _evidence(nodes, taken, linkage)
            found = publication.findings_of(evidence)
            summary["findings"] = _of_findings(found)
        with progress.step("sign_on", "Carrying a joint statement through a sign-on round"):
            round_, summary["statement"] = _sign_on(nodes, at)
            page, summary["statement"]["final"] = _final_statement(hub, nodes, round_, at, folder)
            _living(hub, nodes, round_, at)
        asked = demands()
        summary["demands"] = dict(sorted(Counter(one.status for one in asked).items()))
        with progress.step("package", "Packing evidence, verifying it, and changing one byte of a copy"):
            summary["package"] = _package(nodes["A"], nodes, folder, stamp)
        with progress.step("keep", "Showing the results on the hub and the first vault"):
            documents = publication.documents(members, round_, asked, estimate, linkage.overlap, found)
            _keep(documents, hub, nodes["A"], stamp)
            summary["review"] = {name: _propose(node, name, taken, linkage, stamp) for name, node in nodes.items()}
    with progress.step("publish", "Writing dossier and site from one release, by a member's door"):
        results = publication.results_of(
            members, round_, asked, estimate, linkage.overlap, found, initiatives(at.date()), (page,), world.population
        )
        paths = _publish(settings, passphrase, at, seed, evidence, results)
    summary["paths"] = _paths(folder, paths)
    summary["seconds"] = {**progress.seconds, "all": round(time.perf_counter() - began, 2)}
    _written(folder, summary, passphrase)
    return {**summary, "passphrase": passphrase}


def _taken_in(
    nodes: dict[str, Node], lists: Any, stamp: str, progress: Progress
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Every member takes its own list in, side by side: what came of it, and that in short."""
    for name, node in nodes.items():
        node.begin("take", file=str(lists.files[name]), title=f"List {name}", at=stamp, latest=LATEST)
    taken: dict[str, dict[str, Any]] = {}
    for name, node in nodes.items():
        one = taken[name] = node.end()
        progress.say(
            f"{MEMBERS[name][1]}: {one['rows']:,} rows, {one['claims']:,} claims sealed, "
            f"{one['rejected']} rejected ({one['encoding']})"
        )
    short = ("rows", "rejected", "claims", "size", "encoding")
    return taken, {name: {key: one[key] for key in short} for name, one in taken.items()}


def _of_findings(found: Sequence[Finding]) -> dict[str, int]:
    return {
        "elements": len(found), "with_claims": sum(bool(one.for_) for one in found),
        "one_root": sum(one.support == "one root" for one in found),
        "roots": len({root for one in found for root in one.roots}),
    }  # fmt: skip


def _keep(documents: Mapping[str, Any], hub: Node, vault: Node, stamp: str) -> None:
    """What the pages of the hub and of one vault show."""
    for node in (hub, vault):
        for kind, document in documents.items():
            if node is hub and kind in ("findings", "overlap"):
                continue  # counts that only the coalition may see: a hub holds what is public
            invented = kind not in ("members", "demands")  # those two are the coalition's own
            node.ask("keep", kind=kind, document=document, at=stamp, invented=invented)


def _paths(folder: Path, paths: Mapping[str, Path]) -> dict[str, str]:
    return {
        **{key: str(path) for key, path in paths.items()}, "lists": str(folder / "lists"),
        "overlap": str(folder / "linked" / "overlap.csv"), "package": str(folder / "package"),
        "changed_package": str(folder / "package-changed"), "hub": str(folder / HUB[0]),
        "vault": str(folder / "vaults" / MEMBERS["A"][0]), "estimate": str(folder / "estimate.json"),
    }  # fmt: skip


def _written(folder: Path, summary: Mapping[str, Any], passphrase: str) -> None:
    """That everybody is invented, what was done, what opens the vaults, and what `corroborate file` may write."""
    plan = resources.files("corroborate_cli.demonstration").joinpath("plan_invented.yaml")
    write_file(folder / "plan.yaml", plan.read_bytes())
    for place in (folder, folder / "linked", folder / "lists"):
        write_file(place / "INVENTED.txt", b"Everybody in this folder and in every file below it is invented.\n")
    write_file(folder / MARK, json.dumps(summary, ensure_ascii=False, indent=1).encode() + b"\n")
    # the summary stands in the demonstration's own folder; passphrases of invented people's vaults and pages beside it
    write_file(folder / "passphrase.txt", f"{passphrase}\n{of_keeper(passphrase)}\n".encode())


def _publish(
    settings: Settings, passphrase: str, at: datetime, seed: int | None, evidence: Records, results: Results
) -> dict[str, Path]:
    """The first member makes the coalition's release, its second person confirms it, and the hub publishes the site."""
    folder, chance = settings.folder, os.urandom if seed is None else Chance(f"{seed} the joint release")
    vault = folder / "vaults" / MEMBERS["A"][0]
    paths = release_jointly(folder, vault, passphrase, at, evidence, results, chance)
    paths["site"] = folder / "site"
    with Node(folder / HUB[0], HUB[1], passphrase, hub=True, seed=seed) as hub:
        hub.ask("act", at=at.isoformat())
        hub.ask("publish_site", release=str(paths["release"]), out=str(paths["site"]))
        write_file(folder / "hub-key.txt", f"{hub.key}\n".encode())
    return paths


def _members(members: tuple[Member, ...], progress: Progress) -> dict[str, Any]:
    flagged = [one.name for one in members if one.flag]
    progress.say(
        f"{len(members)} members and supporters, {sum(m.kind == 'organisation' for m in members)} organisations; "
        f"a person must confirm {' and '.join(flagged) or 'nothing'}"
    )
    return {
        "list": [one.as_json() for one in members],
        "count": len(members), "organisations": sum(m.kind == "organisation" for m in members),
        "individuals": sum(m.kind == "individual" for m in members), "to_confirm": flagged,
    }  # fmt: skip


def _enrol(nodes: dict[str, Node], hub: Node, stamp: str) -> None:
    """Each member reads its key's words aloud, every other signs for it, and all take it into their lists."""
    for name, node in nodes.items():
        made = node.ask("enrol", at=stamp)
        note = made["note"]
        for other in (other for key, other in nodes.items() if key != name):
            note = other.ask("countersign", note=note, heard=made["words"])["note"]
        for one in (*nodes.values(), hub):
            one.ask("admit", note=note, at=stamp)


def _witness(nodes: dict[str, Node], stamp: str) -> dict[str, int]:
    """Every member cosigns every other's checkpoint and nobody its own."""
    notes = {name: node.ask("checkpoint", at=stamp)["note"] for name, node in nodes.items()}
    for name, node in nodes.items():
        others = [other for key, other in nodes.items() if key != name]
        lines = [other.ask("cosign", note=notes[name], key=node.key, at=stamp)["line"] for other in others]
        node.ask("add", lines=lines, keys=[other.key for other in others])
    return {name: len(nodes) - 1 for name in nodes}


def _link(lists: Any, folder: Path, progress: Progress) -> tuple[Any, dict[str, Any]]:
    with progress.step("link", "Deduplicating each list and linking the four"):
        from corroborate.linkage import link, quality
        from corroborate.values.rows import csv_text
        from corroborate_cli.audit import CLUSTERS, cluster_rows
        from corroborate_cli.lists import entry, read_list

        entries = {
            name: [entry(row) for row in read_list(path, name, maps=(), encoding=None, latest=LATEST)[1].entries]
            for name, path in lists.files.items()
        }
        linkage = link(entries)
        with (lists.folder / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
            truth = {
                (row["list"], int(row["row"])): row["person"] for row in csv.DictReader(file) if row["person"] != "none"
            }
        judged = quality(linkage, truth)
        (folder / "linked").mkdir()
        write_file(folder / "linked" / "overlap.csv", linkage.overlap.to_csv().encode())
        write_file(
            folder / "linked" / "clusters.csv",
            csv_text(CLUSTERS, cluster_rows(linkage)),
        )
        progress.say(
            f"precision {judged.precision:.3f}, recall {judged.recall:.3f} against the known truth; "
            f"{linkage.overlap.documented:,} people documented"
        )
        for notice in linkage.notices:
            progress.say(notice)
    return linkage, {**judged.as_json(), "documented": linkage.overlap.documented, "notices": list(linkage.notices)}


def _estimate(linkage: Any, truth: int, seed: int, folder: Path, progress: Progress) -> tuple[Any, dict[str, Any]]:
    with progress.step("estimate", "Estimating how many people no list names"):
        from corroborate.estimation import estimate

        found = estimate(linkage.overlap, seed=seed)
        write_file(
            folder / "estimate.json",
            json.dumps({"invented": True, **found.as_json()}, ensure_ascii=False, indent=1).encode() + b"\n",
        )
        head = found.headline
        holds = head.low <= truth <= head.high
        band = found.sensitivity[0].low <= truth <= found.sensitivity[-1].high
        progress.say(
            f"at least {found.at_least:,.0f}; headline {head.median:,.0f} ({head.low:,.0f} to {head.high:,.0f}); truth "
            f"{truth:,}: the interval {'holds' if holds else 'does not hold'} it, "
            f"the sensitivity {'does' if band else 'does not'}"
        )
    return found, {
        **found.as_json(), "truth": truth, "interval_holds_truth": holds, "sensitivity_holds_truth": band,
        "at_least_is_safe": found.at_least <= truth,
    }  # fmt: skip


def _evidence(nodes: dict[str, Node], taken: dict[str, dict[str, Any]], linkage: Any) -> Any:
    """All members' claims with their sources and consents, and who was judged to be whom."""
    claims: list[Claim] = []
    sources: dict[str, Source] = {}
    consents: list[Consent] = []
    for node in nodes.values():
        node.begin("evidence")
    for node in nodes.values():
        handed = node.end()
        claims += [claim_of(one) for one in handed["claims"]]
        sources |= {one["id"]: source_of(one) for one in handed["sources"]}
        consents += [consent_of(one) for one in handed["consents"]]
    same: dict[str, str] = {}
    for cluster in linkage.clusters:
        people = [taken[name]["people"][str(row)] for name, row in cluster]
        same |= dict.fromkeys(people, people[0])
    return publication.evidence_of(claims, sources, consents, same)


def _propose(node: Node, name: str, taken: dict[str, dict[str, Any]], linkage: Any, stamp: str) -> int:
    """Pairs within one member's list wait in its vault for a reviewer; how many."""
    people = taken[name]["people"]
    pairs = [
        [people[str(one.left[1])], people[str(one.right[1])], one.probability, one.weight]
        for one in linkage.pairs
        if one.left[0] == name == one.right[0]
    ]
    return int(node.ask("propose", pairs=pairs, at=stamp)["waiting"])


def _sign_on(nodes: dict[str, Node], at: datetime) -> tuple[Round, dict[str, Any]]:
    """Version 1 is signed by three and abstained from by one; a comma changes; the sign-ons fall; two sign again."""
    first, second = statements.versions()
    keys = {node.name: Verifier.parse(node.key) for node in nodes.values()}
    round_ = Round({key.name: key for key in keys.values()})
    steps: list[dict[str, Any]] = []

    def signing(version: Version, choices: dict[str, str], second: int) -> None:
        nonlocal round_
        moment = at + timedelta(seconds=second)
        round_ = round_.propose(version)
        steps.append({"version": version.number, "states": _states(round_)})
        for name, choice in choices.items():
            note = nodes[name].ask(
                "sign_on", statement=version.statement, number=version.number, text=version.text.decode(),
                choice=choice,
                at=moment.isoformat(),
            )["note"]  # fmt: skip
            round_ = round_.receive(note.encode(), moment)
        steps.append({"version": version.number, "states": _states(round_)})

    signing(first, {"A": "with us", "B": "with us", "C": "with us", "D": "abstains"}, 1)
    signing(second, {"A": "with us", "C": "with us"}, 2)
    return round_, {"statement": second.statement, "digest": second.digest.hex, "steps": steps}


def _living(hub: Node, nodes: dict[str, Node], round_: Round, at: datetime) -> None:
    """The same round on the hub's own pages, open, so that whoever tries it can go on with it."""
    before = (at - WAIT).isoformat()
    members = [
        {
            "name": MEMBERS[name][1],
            "country": COUNTRIES[name][0],
            "language": COUNTRIES[name][1],
            **node.ask("enrol", at=before),
        }
        for name, node in nodes.items()
    ]
    notes = [
        [one.note.decode() for one in round_.received if one.digest == version.digest] for version in round_.versions
    ]
    hub.ask(
        "carry",
        members=members,
        versions=[one.text.decode() for one in round_.versions],
        notes=notes,
        name=round_.current.statement,
        at=at.isoformat(),
    )


def _final_statement(
    hub: Node, nodes: dict[str, Node], round_: Round, at: datetime, folder: Path
) -> tuple[Final, dict[str, str]]:  # fmt: skip
    """What the hub publishes and a stranger verifies: HTML and plain text."""
    current = round_.current
    made = hub.ask(
        "final_statement", statement=current.statement, number=current.number, text=current.text.decode(),
        keys={MEMBERS[name][1]: node.key for name, node in nodes.items()},
        notes=[one.note.decode() for one in round_.received], at=(at + timedelta(seconds=3)).isoformat(),
    )  # fmt: skip
    paths = {"html": folder / "statement.html", "text": folder / "statement.txt"}
    for form, path in paths.items():
        write_file(path, made[form].encode())
    return Final.from_block(made["html"]), {form: str(path) for form, path in paths.items()}


def _states(round_: Round) -> dict[str, str]:
    return {one.member: one.state for one in round_.responses()}


def _package(node: Node, nodes: dict[str, Node], folder: Path, stamp: str) -> dict[str, Any]:
    """Pack, verify with the verifier inside the package's own code, then change one byte of a copy."""
    from corroborate.custody import Policy

    witnesses = {
        place: Verifier(other.name, 4, other.public)
        for (place, _), other in (
            (MEMBERS[name], Verifier.parse(each.key)) for name, each in nodes.items() if each is not node
        )
    }
    policy = Policy(Verifier.parse(node.key), witnesses, 2)
    write_file(folder / "policy.txt", policy.text().encode())
    packed = node.ask(
        "pack", out=str(folder / "package"), at=stamp, policy=policy.text(), crime="cah.torture", most=100
    )
    verdict = verify.verify(folder / "package", policy.text().encode())
    changed = folder / "package-changed"
    shutil.copytree(folder / "package", changed)
    victim = sorted((changed / "data").rglob("claim_*.json"))[0]
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(bytes(content))
    after = verify.verify(changed, policy.text().encode())
    return {
        **packed, "verdict": verdict["verdict"], "checked": verdict["checked"],
        "changed_file": victim.relative_to(changed).as_posix(), "changed_verdict": after["verdict"],
        "changed_failures": after["failures"],
    }  # fmt: skip


def _chain(summary: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What each step of the chain came to, in words."""
    estimate, linkage, package = summary["estimate"], summary["linkage"], summary["package"]
    lists, findings, head = summary["lists"].values(), summary["findings"], estimate["estimate"]
    confirm = ", ".join(summary["members"]["to_confirm"])
    yield (
        Sentence("members and supporters"),
        Sentence("{number} (to confirm: {listed})", number=summary["members"]["count"], listed=confirm),
    )
    yield Sentence("rows taken in"), Sentence("{rows:,} into four vaults", rows=sum(one["rows"] for one in lists))
    sealed = sum(one["size"] for one in lists)
    yield Sentence("records sealed"), Sentence("{number:,}, each log cosigned by three", number=sealed)
    right = Sentence(
        "precision {precision:.3f}, recall {recall:.3f}", precision=linkage["precision"], recall=linkage["recall"]
    )
    yield Sentence("linkage"), right
    yield Sentence("documented"), f"{estimate['documented']:,}"
    yield Sentence("at least"), f"{estimate['at_least']:,.0f}"
    yield from _headlines(head, estimate)
    yield Sentence("truth"), _held(estimate)
    yield (
        Sentence("findings"),
        Sentence("{number} of {elements} elements have claims, from {roots:,} independent roots",
                 number=findings["with_claims"], elements=findings["elements"], roots=findings["roots"]),
    )  # fmt: skip
    for step in summary["statement"]["steps"][1:]:
        states = ", ".join(f"{name} {state}" for name, state in step["states"].items())
        yield Sentence("statement, version {version}", version=step["version"]), states
    met = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in summary["demands"].items())
    yield Sentence("demands"), met
    changed = Sentence(
        "{verdict}; after one byte changed: {changed}, {failure}",
        verdict=package["verdict"],
        changed=package["changed_verdict"],
        failure=package["changed_failures"][0] if package["changed_failures"] else "",
    )
    yield Sentence("package"), changed


def _headlines(head: dict[str, Any] | None, estimate: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for one in [head] if head else estimate["modes"]:
        what = Sentence("headline")
        if not head:
            what = Sentence("one of several numbers, weight {weight:.0%}", weight=one["weight"])
        yield (
            what,
            Sentence("{median:,.0f} ({low:,.0f} to {high:,.0f}), {method}", median=one["median"], low=one["low"],
                     high=one["high"], method=estimate["method"]),
        )  # fmt: skip


def _held(estimate: dict[str, Any]) -> Sentence:
    """Whether the interval and the sensitivity hold the truth of the invented people."""
    held = {
        (True, True): Sentence("{truth:,}: the interval holds it, and so does the sensitivity"),
        (True, False): Sentence("{truth:,}: the interval holds it; the sensitivity does not"),
        (False, True): Sentence("{truth:,}: the interval does not hold it; the sensitivity does"),
        (False, False): Sentence("{truth:,}: the interval does not hold it, nor does the sensitivity"),
    }[bool(estimate["interval_holds_truth"]), bool(estimate["sensitivity_holds_truth"])]
    return held.filled(truth=estimate["truth"])


def _show(summary: dict[str, Any], members: tuple[Member, ...], console: Console) -> None:
    show_members(members, console)
    show_demands(demands(), console)
    grid = Table("The chain, on invented people", "", show_header=True)
    for what, found in _chain(summary):
        grid.add_row(what, found)
    for name in ("dossier", "site", "release", "package", "overlap"):
        grid.add_row(name, summary["paths"][name])
    grid.add_row(Sentence("seconds"), f"{summary['seconds']['all']}")
    console.print(grid)


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--public-record",
    "published",
    is_flag=True,
    help="Instead, a case on published material alone: nobody is invented.",
)
@click.option("--size", default=6000, show_default=True, help="Invented people.")
@click.option("--seed", default=2011, show_default=True, help="The same seed gives the same people and lists.")
@click.option("--statement", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A published statement to read members from; otherwise the founding register.")  # fmt: skip
@click.option(
    "--clock", type=click.DateTime(["%Y-%m-%dT%H:%M:%S"]), help="A fixed time (UTC) and fixed keys, for tests."
)
@click.option("--no-serve", is_flag=True, help="End with the summary; serve nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def command(
    folder: Path | None,
    published: bool,
    size: int,
    seed: int,
    statement: Path | None,
    clock: datetime | None,
    no_serve: bool,
    as_json: bool,
) -> None:
    """Run the whole chain on an invented population in FOLDER (demo), then serve the hub and one vault on this machine.

    Everybody in it is invented, and marked so on every page and in every file. Where output is no terminal, nothing is
    served.

    With --public-record it is a case on published material instead, in FOLDER (public-record): what the United Nations
    commission of inquiry found, paragraph by paragraph, lined up against the elements of crimes; the register of camps,
    dated events and demands, each line with a source that a reader can open; dossiers in four languages, registers and
    a signed site. Nobody in it is invented and nobody is private. It is never mixed with invented people.

    Example: corroborate demo demo --size 6000 --seed 2011

    Example: corroborate demo --public-record public-record
    """
    when = clock.replace(tzinfo=UTC) if clock else None
    if published:
        _public_record(folder or Path("public-record"), when, serve=not no_serve, as_json=as_json)
        return
    summary = run(Settings(folder or Path("demo"), size, seed, statement, when), Progress())
    if as_json:
        _print(summary)
        return
    _show(summary, members_of(statement).members, Console(highlight=False, width=None if sys.stdout.isatty() else 160))
    if no_serve or not sys.stdout.isatty():
        return
    serve_all([Path(summary["paths"]["hub"]), Path(summary["paths"]["vault"])], summary["passphrase"])


def _print(summary: Mapping[str, Any]) -> None:
    click.echo(json.dumps({key: value for key, value in summary.items() if key != "passphrase"}, ensure_ascii=False))


def _public_record(folder: Path, clock: datetime | None, *, serve: bool, as_json: bool) -> None:
    summary = public_record.run(public_record.Settings(folder, clock), Progress())
    if as_json:
        _print(summary)
        return
    grid = Table("The public record, nobody invented", "", show_header=True)
    spoken = Sentence("{spoken} of {all}", spoken=summary["elements_spoken_to"], all=summary["elements"])
    grid.add_row(Sentence("lines of the commission's report"), str(sum(summary["lines"].values())))
    grid.add_row(Sentence("elements of {n} crimes to which a paragraph speaks", n=summary["crimes"]), spoken)
    grid.add_row(Sentence("camps, prisons and suspected places of detention"), str(sum(summary["places"].values())))
    grid.add_row(Sentence("lines whose paragraph was not read: look them up"), str(len(summary["not_read"])))
    for name in ("dossier.en", "dossier.ko", "dossier.ja", "dossier.es", "registers", "site", "release", "hub"):
        grid.add_row(name, summary["paths"][name])
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(grid)
    if serve and sys.stdout.isatty():
        serve_all([Path(summary["paths"]["hub"])], summary["passphrase"])
