"""A dossier of about a hundred pages: pages, seconds, and whether the same release gives the same bytes."""

import json
import time
from dataclasses import replace
from datetime import date

import pypdfium2

from corroborate.coalition import demands, register, timeline
from corroborate.disclosure import NameShown, Order, PersonShown, Records, Results, release
from corroborate.dossier import dossier_bytes


def main() -> None:
    decided = release(
        Order("Bench", "Bench", "public", date(2026, 1, 1), invented=True),
        Records(),
        Results(members=register(), demands=demands(), timeline=timeline()),
    )
    people = tuple(PersonShown((NameShown(f"김{chr(0xAC00 + n)}수", "Hang", "ko"),), (), 1) for n in range(11_000))
    decided = replace(decided, persons=people)
    started = time.perf_counter()
    pdf = dossier_bytes(decided)
    seconds = time.perf_counter() - started
    pages = len(pypdfium2.PdfDocument(pdf))
    print(
        json.dumps(
            {
                "pages": pages,
                "seconds": round(seconds, 2),
                "seconds_per_100_pages": round(100 * seconds / pages, 2),
                "same_bytes": dossier_bytes(decided) == pdf,
            }
        )
    )


if __name__ == "__main__":
    main()
