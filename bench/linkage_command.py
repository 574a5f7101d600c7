"""`corroborate link` on two files beside Splink on the same two files, each in a process of its own, in one run.

`python bench/linkage_command.py 200000 1000000`. The files are the invented lists of `linkage_scale.py` (one in Hangul,
one in passports' letters) written as CSV, and a second pair with both lists in Latin letters, where Splink can compete:
it knows no other script. Both read the files and write what they found: pairs and clusters. Told are the processor's
seconds, the peak of memory, and recall and precision between the lists.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from linkage_scale import records

from corroborate.invented.tables import ALL_PLACES, SURNAMES, SYLLABLES

COLUMNS = ("truth", "name", "sex", "birth", "place", "event_date")


def write(folder: Path, count: int, latin: bool) -> list[Path]:
    """Two CSV files, named hangul and passports; with ``latin`` both are in Latin letters."""
    table, person = records(count, seed=7)
    spelled = {s.hangul: s.passport[0] for s in SURNAMES}, {s.hangul: s.passport for s in SYLLABLES}
    towns = {p.hangul: p.latin for p in ALL_PLACES}
    lists = table["list"].to_numpy()
    paths = []
    for number, name in enumerate(("hangul", "passports")):
        paths.append(folder / f"{name}.csv")
        rows = table.filter(pa.array(lists == number)).to_pylist()
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(COLUMNS)
            for row, who in zip(rows, person[lists == number], strict=True):
                written, place = row["names"].split("\x1f")[-1], row["place"]
                if latin and number == 0:
                    written = f"{spelled[0][written[0]]} {'-'.join(spelled[1][each] for each in written[1:])}"
                    place = towns.get(place, place)
                out.writerow((f"p{who}", written, row["sex"], row["birth_first"], place, row["event_first"]))
    return paths


def timed(command: list[str]) -> dict[str, float]:
    """The processor's seconds and the peak of memory of a command and what it starts."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} ended with {status}")
    return {
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1), "peak_gb": round(used.ru_maxrss / 1e6, 2),
        "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def agreement(pairs: Path, truth: list[np.ndarray]) -> dict[str, float]:
    """Recall and precision of pairs between the lists. ``truth``: by list, whom each row is about."""
    with pairs.open(encoding="utf-8", newline="") as file:
        found = {
            (int(row["left_row"]), int(row["right_row"]))
            for row in csv.DictReader(file)
            if row["left_list"] != row["right_list"] and row["decision"] == "match"
        }
    right = sum(truth[0][a - 1] == truth[1][b - 1] for a, b in found)
    true = len(set(truth[0]) & set(truth[1]))
    return {"precision": round(right / max(len(found), 1), 4), "recall": round(right / true, 4)}


def splinks(files: list[Path], out: Path) -> None:
    """As Splink's example links two lists with these columns; one to one is not asked for, clusters at .95 are."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    engine = duckdb.connect()
    tables = [
        engine.sql(
            f"select row_number() over () as unique_id, lower(split_part(name, ' ', 1)) as family,"  # noqa: S608
            f" lower(split_part(name, ' ', 2)) as given, sex, birth::varchar as birth, place,"
            f" event_date::varchar as event_date from read_csv('{path}', all_varchar = true)"
        ).to_arrow_table()
        for path in files
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("given").configure(term_frequency_adjustments=True),
            cl.NameComparison("family").configure(term_frequency_adjustments=True),
            cl.ExactMatch("birth"), cl.ExactMatch("place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("event_date"), cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given", "family", "birth"), block_on("given", "family", "place"),
            block_on("given", "birth", "place"), block_on("family", "birth", "place", "event_date"),
        ],
    )  # fmt: skip
    api = DuckDBAPI(engine)
    sides = [api.register(table, dataset_display_name=name) for table, name in zip(tables, ("a", "b"), strict=True)]
    linker = Linker(sides, settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("given", "family", "birth", "place")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("given", "family", "birth"))
    training.estimate_parameters_using_expectation_maximisation(block_on("birth", "place"))
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.95)
    found = predicted.as_duckdbpyrelation()
    at = [found.columns.index(each) for each in ("unique_id_l", "unique_id_r")]
    rows = found.fetchall()
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("left_list", "left_row", "right_list", "right_row", "decision"))
        writer.writerows(("a", row[at[0]], "b", row[at[1]], "match") for row in rows)


def measured(count: int, latin: bool) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write(folder, count, latin)
        truth = [np.array([row["truth"] for row in csv.DictReader(path.open(encoding="utf-8"))]) for path in files]
        ours = timed([sys.executable, "-m", "corroborate_cli", "link", *map(str, files), "--deduplicated",
                      "--out", str(folder / "out")])  # fmt: skip
        ours |= agreement(folder / "out" / "pairs.csv", truth)
        found: dict[str, object] = {"rows": count, "both_latin": latin, "ours": ours}
        if latin:
            theirs = timed([sys.executable, __file__, "--splink", *map(str, files), str(folder / "splink.csv")])
            found["splink"] = theirs | agreement(folder / "splink.csv", truth)
            found["cpu_ratio"] = round(ours["cpu_seconds"] / theirs["cpu_seconds"], 2)
    return found


def main() -> None:
    if sys.argv[1:2] == ["--splink"]:
        *files, out = map(Path, sys.argv[2:])
        splinks(files, out)
        return
    for size in [int(each) for each in sys.argv[1:]] or [100_000]:
        for latin in (True, False):
            print(json.dumps(measured(size, latin)), flush=True)


if __name__ == "__main__":
    main()
