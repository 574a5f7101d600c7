"""`corroborate review audit`: what linkage missed, from linked people drawn by chance and searched out by reviewers."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corroborate.custody import write_file
from corroborate.errors import InputRefused
from corroborate.translation import Sentence
from corroborate.values import Digest, OverlapTable
from corroborate.values.rows import csv_text
from corroborate_cli.speaking import say
from corroborate_cli.terminal import Table, Terminal

if TYPE_CHECKING:
    from corroborate.estimation.audit import Answer, Audit, Frame

HEADING = ("linked", "list", "row", "person")
CLUSTERS = ("cluster", "list", "row", "counted")
STRANGER = "stranger"
_FOLDER = click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def cluster_rows(linkage: Any) -> Iterator[tuple[object, ...]]:
    """Rows of clusters.csv: ``counted`` is 1 where somebody of the cluster has a given name, so that the overlap counts
    it."""
    named = set(linkage.overlap.lists) and {
        place for place, there in zip(linkage.evidence.places, linkage.evidence.named, strict=True) if there
    }
    for number, cluster in enumerate(linkage.clusters, start=1):
        counted = int(any(place in named for place in cluster))
        for place in cluster:
            yield number, *place, counted


@click.group(name="audit")
def command() -> None:
    """What linkage missed, as a number: draw linked people, let reviewers search them out, correct the table.

    FOLDER is what `link` wrote. Reviewers fill the column `person` of the file that `draw` writes: a number for each
    true person among the rows of one linked person, or the word stranger for a row about nobody of the population; and
    they add a row for each further entry of that person found anywhere in the lists.

    Example: corroborate review audit draw linked --people 400
    """


@command.command()
@_FOLDER
@click.option("--people", type=click.IntRange(1, 1_000_000), help="Linked people to draw; or see --width.")
@click.option("--width", type=click.FloatRange(0.01, 2), default=0.2, show_default=True,
              help="Without --people: as many as make the doubt of linkage alone about so wide.")  # fmt: skip
@click.option("--second", type=click.FloatRange(0, 1), default=0.25, show_default=True,
              help="Share of them for a second reviewer.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same people.")
@_JSON
def draw(folder: Path, people: int | None, width: float, second: float, seed: int, as_json: bool) -> None:
    """Draw linked people to search out: audit.csv, and audit_second.csv for a second reviewer.

    Of each pattern of lists in proportion to the root of how many there are, three at least.

    Example: corroborate review audit draw linked --people 400 --second 0.25
    """
    import numpy as np

    from corroborate.estimation import audit

    frame = read_frame(folder)
    wanted = people or audit.planned(frame, width)
    chosen = audit.drawn(frame, wanted, np.random.default_rng(seed))
    shares = {"audit.csv": chosen, "audit_second.csv": chosen[: round(second * len(chosen))]}
    if there := [name for name in shares if (folder / name).exists()]:
        raise InputRefused(
            "{folder} is there already; move it away first, so that no answer is lost", folder=folder / there[0]
        )
    for name, numbers in shares.items():
        if numbers:
            rows = ((number, *place, "") for number in numbers for place in frame.members[number])
            write_file(folder / name, csv_text(HEADING, rows))
    said = {"drawn": len(chosen), "second": len(shares["audit_second.csv"]), "linked_people": len(frame.members),
            "seed": seed}  # fmt: skip
    if as_json:
        click.echo(json.dumps(said))
        return
    say(
        "{number:,} of {number2:,} linked people are drawn: {folder}",
        number=len(chosen),
        number2=len(frame.members),
        folder=folder / "audit.csv",
    )
    if said["second"]:
        say(
            "{second:,} of them also for a second reviewer: {folder}",
            second=said["second"],
            folder=folder / "audit_second.csv",
        )
    say("Fill the column person, add a row for each entry found elsewhere, then: corroborate review audit take")


@command.command()
@_FOLDER
@click.argument("answered", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--second", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The second reviewer's.")
@click.option("--agreed", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="What the two found together where they differed.")  # fmt: skip
@click.option("--so-far", is_flag=True, help="Leave out linked people without an answer: the audit was broken off.")
@click.option("--draws", default=50, show_default=True, type=click.IntRange(2, 10_000), help="Tables to write.")
@click.option("--width", type=click.FloatRange(0.01, 2), default=0.2, show_default=True,
              help="Say how many people it takes for the doubt of linkage to be so wide.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="Of the draws.")
@_JSON
def take(
    folder: Path, answered: Path, second: Path | None, agreed: Path | None, so_far: bool, draws: int, width: float,
    seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Take the answers in, and write audited_001.csv and so on for `estimate --draws`, and audit.json.

    Example: corroborate review audit take linked linked/audit.csv --second linked/audit_second.csv
    """
    import numpy as np

    from corroborate.estimation import audit

    frame = read_frame(folder)
    mine, theirs, both = (read_answers(path, frame, so_far) if path else [] for path in (answered, second, agreed))
    found = audit.audit(frame, mine, theirs, both, seed=seed)
    tables = {f"audited_{at:03}.csv": table.to_csv().encode()
              for at, table in enumerate(found.tables(draws, np.random.default_rng([seed, 1])), start=1)}  # fmt: skip
    for old in folder.glob("audited_*.csv"):
        old.unlink()
    for name, text in tables.items():
        write_file(folder / name, text)
    said = {
        **found.as_json(), "needed": audit.needed(found, width), "width": width,
        "uncorrected": _digest_of(folder / "overlap.csv"), "corrected": [_digest_of(folder / name) for name in tables],
    }  # fmt: skip
    write_file(folder / "audit.json", json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n")
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _show(found, said, folder)


def _digest_of(path: Path) -> str:
    return Digest.of(OverlapTable.parse(path.read_text(encoding="utf-8-sig")).to_csv().encode()).hex


def _share(share: float, low: float, high: float) -> Sentence:
    return Sentence("{share:.1%} ({low:.1%} to {high:.1%})", share=share, low=low, high=high)


def _show(found: "Audit", said: Mapping[str, Any], folder: Path) -> None:
    console = Terminal(highlight=False)
    console.print(
        Sentence(
            "{audited:,} of {documented:,} linked people were audited, {twice:,} of them by two reviewers.",
            audited=found.audited,
            documented=found.linked.documented,
            twice=found.twice,
        )
    )
    people = said["documented"]
    console.print(
        Sentence(
            "People on a list: {documented:,} as linked; {mean:,.0f} had linkage been right "
            "({low:,.0f} to {high:,.0f})",
            documented=found.linked.documented,
            mean=people["mean"],
            low=people["low"],
            high=people["high"],
        )
    )
    grid = Table("lists", "of the links there are, found", "of the links made, right")
    for name, one in (
        ("all", found.overall),
        *((" and ".join(pair), one) for pair, one in sorted(found.pairs.items())),
    ):
        grid.add_row(name, _share(one.recall, one.recall_low, one.recall_high),
                     _share(one.precision, one.precision_low, one.precision_high))  # fmt: skip
    console.print(grid)
    strangers = ", ".join(f"{name} {share:.1%}" for name, share in found.strangers.items())
    console.print(Sentence("About nobody of the population: {listed}", listed=strangers))
    if found.missed is not None:
        console.print(
            Sentence("Of what there was to correct, one reviewer alone missed {missed:.0%}.", missed=found.missed)
        )
    if said["needed"]:
        console.print(
            Sentence(
                "For the doubt of linkage to be {width:.0%} wide: about {needed:,} linked people.",
                width=said["width"],
                needed=said["needed"],
            )
        )
    for line in found.warnings:
        console.print(f"  - {line}")
    console.print(f"Now: corroborate estimate {folder}/audited_*.csv --draws")


def read_frame(folder: Path) -> "Frame":
    """The linked people of a folder that `link` wrote."""
    from corroborate.estimation.audit import Frame

    clusters, overlap = folder / "clusters.csv", folder / "overlap.csv"
    for path in (clusters, overlap):
        if not path.exists():
            raise InputRefused(
                "{folder} holds no {name}: give the folder that `corroborate link` wrote", folder=folder, name=path.name
            )
    table = OverlapTable.parse(overlap.read_text(encoding="utf-8-sig"))
    members: dict[int, list[tuple[str, int]]] = {}
    for number, row in _rows(clusters, CLUSTERS):
        if _whole(row["counted"], clusters, number):
            place = (row["list"].removeprefix("'"), _whole(row["row"], clusters, number))
            members.setdefault(_whole(row["cluster"], clusters, number), []).append(place)
    frame = Frame(table.lists, {number: tuple(sorted(places)) for number, places in members.items()})
    if {pattern: len(numbers) for pattern, numbers in frame.strata().items()} != {
        pattern: count for pattern, count in table.counts.items() if count
    }:
        raise InputRefused(
            "{clusters} and {overlap} are not of one linkage: link again", clusters=clusters, overlap=overlap
        )
    return frame


def read_answers(path: Path, frame: "Frame", so_far: bool) -> list["Answer"]:
    """A reviewer's answers, a linked person each. InputRefused for what is missing or contradicts itself."""
    from corroborate.estimation.audit import Answer

    said: dict[int, dict[tuple[str, int], str]] = {}
    for number, row in _rows(path, HEADING):
        linked, place = (
            _whole(row["linked"], path, number),
            (row["list"].removeprefix("'"), _whole(row["row"], path, number)),
        )
        if place[0] not in frame.lists:
            raise InputRefused(
                "line {number} of {name}: there is no list {place}", number=number, name=path.name, place=place[0]
            )
        before = said.setdefault(linked, {}).get(place)
        person = row["person"].strip().lower()
        if before is not None and before != person:
            raise InputRefused(
                "line {number} of {name}: row {place} of {place2} is answered twice in linked person "
                "{linked}, {before} and {person}",
                number=number,
                name=path.name,
                place=place[1],
                place2=place[0],
                linked=linked,
                before=before or Sentence("blank"),
                person=person or Sentence("blank"),
            )
        said[linked][place] = person
    if unknown := sorted(set(said) - set(frame.members)):
        raise InputRefused(
            "{name} speaks of linked person {unknown}, whom this linkage does not have",
            name=path.name,
            unknown=unknown[0],
        )
    blank = [one for one, places in said.items() if not all(places.get(p) for p in frame.members[one])]
    if blank and not so_far:
        raise InputRefused(
            "{number} of {number2} linked people in {name} have no answer, the first is {blank}: "
            "finish them, or give --so-far to estimate from those that are done",
            number=len(blank),
            number2=len(said),
            name=path.name,
            blank=blank[0],
        )
    return [Answer(linked, _people(places, linked, path)) for linked, places in said.items() if linked not in blank]


def _people(places: Mapping[tuple[str, int], str], linked: int, path: Path) -> tuple[frozenset[tuple[str, int]], ...]:
    people: dict[str, set[tuple[str, int]]] = {}
    for place, person in places.items():
        if person == STRANGER:
            continue
        if not re.fullmatch(r"\w+", person):
            raise InputRefused(
                "{name}: row {place} of {place2} in linked person {linked} says {person!r}; write a number "
                "for each true person, or {stranger}",
                name=path.name,
                place=place[1],
                place2=place[0],
                linked=linked,
                person=person,
                stranger=STRANGER,
            )
        people.setdefault(person, set()).add(place)
    return tuple(frozenset(people[one]) for one in sorted(people))


def _rows(path: Path, heading: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(
            "{path} is not UTF-8 (byte {start}); save it as CSV in UTF-8", path=path, start=error.start
        ) from error
    reader = csv.DictReader(text.splitlines())
    if missing := [one for one in heading if one not in (reader.fieldnames or ())]:
        raise InputRefused(
            "{path} has no column {listed}; it needs {listed2}",
            path=path,
            listed=", ".join(missing),
            listed2=", ".join(heading),
        )
    return [
        (at, {k: v or "" for k, v in row.items() if k}) for at, row in enumerate(reader, start=2) if any(row.values())
    ]


def _whole(text: str, path: Path, line: int) -> int:
    if not re.fullmatch(r"\s*\d{1,12}\s*", text):
        raise InputRefused("line {line} of {name}: {words!r} is not a number", line=line, name=path.name, words=text)
    return int(text)
