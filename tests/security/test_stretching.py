"""How much work a guessed passphrase costs: what users get, for the other tests have it done with less."""

import json
import os
import subprocess
import sys

WORDS = "the words of the vault"
LOOK = """
import sys
from pathlib import Path
from corroborate_node import api
with api.open_vault(Path(sys.argv[1]), sys.argv[2]):
    from django.contrib.auth import get_user_model
    print(*get_user_model().objects.values_list("password", flat=True))
"""


def ran(*words: object) -> str:
    environment = {**os.environ, "CORROBORATE_PASSPHRASE": WORDS}
    done = subprocess.run(
        [sys.executable, *map(str, words)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_vault_and_its_accounts_are_stretched_at_full_cost(tmp_path):
    folder = tmp_path / "vault"
    ran("-m", "corroborate_cli", "new", folder, "--name", "새봄인권기록회")
    slots = json.loads((folder / "keys" / "slots.json").read_text(encoding="utf-8"))["slots"]
    asked = [(one["kdf"], one["passes"], one["memory"], one["lanes"]) for one in slots]
    assert asked == [("argon2id", 3, 1 << 16, 4)]  # RFC 9106, section 4, second recommended option: 64 MiB
    (password,) = ran("-c", LOOK, folder, WORDS).split()
    assert password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")  # Django's own
