"""The public site: 5,000 pages from nothing, again without a change, and with one change."""

import json
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from corroborate.coalition import KINDS, Action, demands, register, timeline
from corroborate.custody import Signer
from corroborate.disclosure import Order, Records, Results, release
from corroborate.site import SiteOptions, check_site, publish

PAGES = 5_000


def main() -> None:
    hub = Signer("Secretariat", b"\x07" * 32)
    kinds, members = list(KINDS), register()
    names = [one.name for one in members]
    first, text = date(2012, 1, 1), "A text. " * 20
    actions = [
        Action(f"action_{at}", kinds[at % 8], f"Initiative {at}", (names[at % 46],), first + timedelta(days=at),
               first + timedelta(days=at + 1), "en", "KR", "Seoul", ("demand.stop_torture",), text)
        for at in range(PAGES // 4 - 80)
    ]  # fmt: skip
    made = release(
        Order("Bench", "Coalition", "public", date(2026, 11, 24), invented=True), Records(),
        Results(members=members, demands=demands(), timeline=timeline(), actions=actions),
    )  # fmt: skip
    options = SiteOptions("https://coalition.example", "", hub.verifier(), hub.line)
    folder = Path(tempfile.mkdtemp())
    try:
        other = replace(made, actions=(replace(made.actions[0], title="Changed"), *made.actions[1:]))
        figures: dict[str, float | int] = {}
        for what, one in (("first", made), ("unchanged", made), ("one_change", other)):
            began = time.perf_counter()
            figures[f"{what}_files_written"] = publish(one, folder / "site", options)
            figures[f"{what}_seconds"] = round(time.perf_counter() - began, 2)
        began = time.perf_counter()
        assert check_site(folder / "site", [hub.verifier()]).whole
        figures["check_seconds"] = round(time.perf_counter() - began, 2)
        figures["pages"] = sum(1 for _ in (folder / "site").rglob("*.html"))
        print(json.dumps(figures))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
