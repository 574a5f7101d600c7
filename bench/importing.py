"""How fast a member's list is read, mapped and checked, and how much memory that takes.

Rows a second for 10,000 rows of an invented list as CSV and as XLSX; rows as they are read one by one, of four and ten
times as many rows, with the memory of a process of its own; the first rows of 100,000, which a page shows; and, by the
command as a user gives it, 2,500, 10,000, 40,000 and 100,000 rows of ten columns checked, and taken into a new vault
with their seals and the index of search, with the seconds of the processor beside those of the clock; the first ten
thousand also as XLSX. Last the ratios that a long list is judged by: how much more memory it takes than one of 10,000
rows, and how many rows a second of the processor. `--stored` measures the command alone.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

from corroborate.importers import checked_mapping, open_table, person_entries, read_table
from corroborate.importers.apart import read_table_apart
from corroborate.invented import make_world, write_lists

LATEST = 2020
SHOWN = 200  # rows of a preview


def streamed(path: Path) -> None:
    """Read every row and keep none: what is printed is the process's own."""
    began = time.perf_counter()
    rows = sum(1 for _ in open_table(path).rows)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    json.dump({"rows": rows, "rows a second": round(rows / seconds), "peak memory, MB": peak}, sys.stdout)


def repeated(path: Path, times: int) -> Path:
    """The same list several times over: ten times as long, and as odd as it was."""
    with path.open(newline="", encoding="utf-8-sig") as opened:
        heading, *rows = csv.reader(opened)
    made = path.with_name(f"{path.stem}-{times}.csv")
    with made.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([heading, *rows * times])
    return made


TEN = ("ID", "Name", "Sex", "YOB", "From", "Camp", "In", "Charge", "Kin of", "Public")


def ten_columns(path: Path, rows: int) -> Path:
    """A list of ten columns, each row with a number of its own."""
    with path.open(newline="", encoding="utf-8-sig") as opened:
        listed = [row for row in csv.DictReader(opened) if None not in row.values()]
    made = path.with_name(f"ten-{rows}.csv")
    with made.open("w", newline="", encoding="utf-8") as opened:
        out = csv.DictWriter(opened, TEN, extrasaction="ignore")
        out.writeheader()
        out.writerows({**listed[at % len(listed)], "ID": f"N-{at:07}"} for at in range(rows))
    return made


def ran(*words: str) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and megabytes, of one command."""
    code = "import sys; from corroborate_cli.main import main; sys.argv[0] = 'corroborate'; main()"
    environment = {**os.environ, "CORROBORATE_PASSPHRASE": "a passphrase of the bench"}
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", code, *words], env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{words[0]} ended with {status}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def by_command(path: Path, rows: int) -> dict[str, float]:
    """A list as somebody takes it in who types the command."""
    made, vault = ten_columns(path, rows), path.with_name(f"vault-{rows}")
    ran("new", str(vault), "--name", f"Bench {rows}")
    found: dict[str, float] = {}
    for what, words in (("checked", ("--dry-run",)), ("taken in", ("--vault", str(vault)))):
        clock, processor, memory = ran("import", str(made), *words)
        found[f"{what}, rows a second"] = round(rows / clock)
        found[f"{what}, rows a second of the processor"] = round(rows / processor)
        found[f"{what}, peak memory, MB"] = memory
    found["vault, kB a row"] = round((vault / "vault.db").stat().st_size / 1024 / rows, 1)
    return found


def as_workbook(path: Path) -> Path:
    """The same list as XLSX."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List")
    with path.open(newline="", encoding="utf-8") as opened:
        for row in csv.reader(opened):
            sheet.append(row)
    made = path.with_suffix(".xlsx")
    book.save(made)
    return made


def workbook_by_command(path: Path, rows: int) -> dict[str, object]:
    clock, processor, memory = ran("import", str(as_workbook(ten_columns(path, rows))), "--dry-run")
    return {
        "checked, rows a second": round(rows / clock),
        "checked, rows a second of the processor": round(rows / processor),
        "checked, peak memory, MB": memory,
    }


def stored(path: Path) -> dict[str, object]:
    """The command on lists of growing length, and what that does to its memory and speed."""
    sizes = (2_500, 10_000, 40_000, 100_000)
    found = {rows: by_command(path, rows) for rows in sizes}
    figures: dict[str, object] = {f"by the command, {rows:,} rows of ten columns": one for rows, one in found.items()}
    figures["by the command, 10,000 rows of ten columns as XLSX"] = workbook_by_command(path, 10_000)
    for what in ("taken in, peak memory, MB", "taken in, rows a second of the processor"):
        first = found[10_000][what]
        figures[f"{what}, in parts of that at 10,000 rows"] = {
            rows: round(found[rows][what] / first, 2) for rows in sizes
        }
    figures["load of the machine at the end"] = os.getloadavg()
    return figures


def utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError:
        return False
    return True


def alone(path: Path) -> object:
    done = subprocess.run([sys.executable, __file__, str(path)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def understood(path: Path) -> dict[str, int]:
    began = time.perf_counter()
    table = read_table(path)
    read = time.perf_counter() - began
    reading = person_entries(table, checked_mapping(table, {}), path.stem, latest=LATEST)
    seconds = time.perf_counter() - began
    return {"rows": len(reading.entries), "read, rows a second": round(len(table.rows) / read),
            "read and understood, rows a second": round(len(table.rows) / seconds)}  # fmt: skip


def preview(path: Path) -> float:
    began = time.perf_counter()
    table = read_table_apart(path, most=SHOWN)
    person_entries(table, checked_mapping(table, {}), path.stem, latest=LATEST)
    return round(time.perf_counter() - began, 2)


def by_function(files: Mapping[str, Path], folder: Path) -> dict[str, object]:
    """What the functions under the command take."""
    figures: dict[str, object] = {path.name: understood(path) for path in (*files.values(), folder / "a.xlsx")}
    figures["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    first = next(path for path in files.values() if path.suffix == ".csv" and utf8(path))
    for times in (1, 4, 10):
        figures[f"{first.name} {times} times, read alone"] = alone(repeated(first, times))
    figures[f"first {SHOWN} of ten times, s"] = preview(repeated(first, 10))
    return figures


def main(command_alone: bool) -> None:
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        lists = write_lists(make_world(1, 30_000), Path(folder))
        figures["invent 30,000 people and write their lists, s"] = round(time.perf_counter() - began, 2)
        if not command_alone:
            figures |= by_function(lists.files, Path(folder))
        os.environ["CORROBORATE_MARKS"] = str(Path(folder) / "marks")
        figures |= stored(Path(lists.files["C"]))
    json.dump(figures, sys.stdout, indent=1)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] != "--stored":
        streamed(Path(sys.argv[1]))
    else:
        main("--stored" in sys.argv)
