"""The whole chain at the default size: seconds, and the most memory that any of its processes held.

`python bench/demo.py 100000` measures another size.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    size = sys.argv[1] if len(sys.argv) > 1 else "6000"
    command = [Path(sys.executable).with_name("corroborate")]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        arguments = ["demo", str(Path(folder) / "demo"), "--size", size, "--no-serve", "--json"]
        done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, text=True, check=True)
        seconds = time.perf_counter() - started
    started = time.perf_counter()
    subprocess.run([*command, "--help"], stdout=subprocess.DEVNULL, check=True)
    print(
        json.dumps(
            {
                "size": int(size),
                "seconds": round(seconds, 1),
                "largest_process_megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
                "help_seconds": round(time.perf_counter() - started, 2),
                "steps": json.loads(done.stdout)["seconds"],
            }
        )
    )


if __name__ == "__main__":
    main()
