"""Run every measurement of this folder, one after another, and print their figures as one JSON object.

`make bench` writes `bench/last.json`; the figures that the README and the docs quote come from there.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    figures: dict[str, object] = {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.system()}
    }
    wanted = sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.py") if p.name != "run.py")
    for name in wanted:
        print(f"{name} ...", file=sys.stderr, flush=True)
        done = subprocess.run([sys.executable, HERE / f"{name}.py"], stdout=subprocess.PIPE, text=True, check=True)
        figures[name] = json.loads(done.stdout)
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (HERE / "last.json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
