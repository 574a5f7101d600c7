"""The same seed, the same bytes: in another process, with another hash seed and another number of threads.

What cannot be claimed: draws pass through NumPy's gamma and Poisson and some sums through the machine's linear algebra,
whose last digits may differ between machines of another make.
"""

import hashlib
import json
import os
import subprocess
import sys

import pytest

COUNTS = {
    (1, 0, 0, 0): 240, (0, 1, 0, 0): 220, (0, 0, 1, 0): 210, (0, 0, 0, 1): 90, (1, 1, 0, 0): 44, (1, 0, 1, 0): 42,
    (0, 1, 1, 0): 38, (1, 0, 0, 1): 20, (1, 1, 1, 0): 8, (1, 1, 0, 1): 5, (1, 1, 1, 1): 2,
}  # fmt: skip
CODE = f"""
import hashlib, json
from corroborate.estimation import Settings, estimate
from corroborate.values import OverlapTable

table = OverlapTable(("HRW", "OSCE", "ABA", "EXH"), {COUNTS!r})
found = estimate(table, settings=Settings(seed=4, turns=500, extensions=0, ends=0.06))
print(hashlib.sha256(found.unlisted.tobytes()).hexdigest())
print(json.dumps(found.as_json(), sort_keys=True))
"""


def run(**environment):
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def alone():
    return run(PYTHONHASHSEED="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1")


def test_neither_another_process_nor_hash_seed_nor_number_of_threads_changes_a_byte(alone):
    assert run(PYTHONHASHSEED="2", OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2", NUMBA_NUM_THREADS="2") == alone


def test_the_result_names_its_seed_and_the_digest_of_its_table(alone):
    found = json.loads(alone.splitlines()[1])
    text = "HRW,OSCE,ABA,EXH,count\n" + "".join(
        ",".join(map(str, (*pattern, count))) + "\n" for pattern, count in sorted(COUNTS.items())
    )
    assert found["seed"] == 4
    assert found["digest"] == hashlib.sha256(text.encode()).hexdigest()
