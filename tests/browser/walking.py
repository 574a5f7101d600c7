"""Look at every page of a demonstration as each role, and keep what was seen.

    corroborate demo DEMO --size 600 --no-serve
    python -m tests.browser.walking DEMO docs/walks/YYYY-MM-DD-pages LIST.csv … [--axe]

``LIST.csv``: lists to take in first, by the command.

For each address and role: which answer came, whether the page is wider than its screen, what axe finds, what stands in
another language than the page says, and what the browser complains of, into ``vault.csv`` and ``hub.csv``. Tasks are
done by keyboard and counted in keys, into ``tasks.csv``. A picture of each page is kept at 1280, of some at 360, 768
and 1600, and dark.
"""

import csv
import re
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
OWN = "a passphrase of one's own"
VAULT_ROLES = ("keeper", "coordinator", "documenter", "analyst", "lawyer", "reviewer", "reader")
HUB_ROLES = ("keeper", "secretariat", "representative")
AXE_TOO = "--axe" in sys.argv  # ten times as long
AXE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"
COLOURS = 48  # of a kept picture
ACCOUNTS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from corroborate_node import api
folder, passphrase, own, *roles = sys.argv[1:]
with api.open_vault(Path(folder), passphrase) as vault:
    from django.contrib.auth import get_user_model
    from corroborate_node.core import accounts, rooms
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner
    at = datetime.now(UTC).replace(microsecond=0)
    if vault.hub:
        from corroborate.coalition import memberships
        from corroborate.values import PartialDate
        from corroborate_node.coalition.campaign import actions, queries
        if not queries.register().members:
            details = memberships.Details("새봄인권기록회", "organisation", "KR")
            actions.admit(owner(vault, at), details, "member", PartialDate.parse("2011-12"), founding=True)
    for role in roles:
        if get_user_model().objects.filter(username=f"the {role}").exists():
            continue
        choices = [one for each in rooms.scopes().values() for one in each.choices()]
        accounts.add(owner(vault, at), f"the {role}", [role], choices[0][0] if role == "representative" else "")
        user = get_user_model().objects.get(username=f"the {role}")
        accounts.choose(Desk(vault, actor_of(user), at), own, lambda _: False)
"""
FOREIGN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, text = walker.currentNode.textContent;
    if (parent.closest("[lang]").lang === "ko" && !parent.closest("code, kbd, option") && /[A-Za-z]{4,}/.test(text)) {
      found.push(text.trim().slice(0, 60));
    }
  }
  return found.slice(0, 3);
}"""


def small(png: bytes) -> bytes:
    """A picture with few colours, so that a walk can be kept beside the project."""
    width, height = struct.unpack(">II", png[16:24])
    channels = {2: 3, 6: 4}[png[25]]
    packed, at = b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I", png[at : at + 4])[0], png[at + 4 : at + 8]
        packed += png[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    pixels = _unfiltered(zlib.decompress(packed), width, height, channels)[:, :, :3]
    codes = (pixels >> 3).astype(np.uint32)
    flat = (codes[:, :, 0] << 10 | codes[:, :, 1] << 5 | codes[:, :, 2]).ravel()
    values, counts = np.unique(flat, return_counts=True)
    chosen = values[np.argsort(-counts)[:COLOURS]]
    palette = np.stack([(chosen >> 10) & 31, (chosen >> 5) & 31, chosen & 31], axis=1).astype(np.int32)
    every = np.stack([(values >> 10) & 31, (values >> 5) & 31, values & 31], axis=1).astype(np.int32)
    nearest = ((every[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    indexed = nearest[np.searchsorted(values, flat)].reshape(height, width)
    rows = b"".join(b"\0" + row.tobytes() for row in indexed)
    shades = ((palette * 255 + 15) // 31).astype(np.uint8).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", shades), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def _unfiltered(raw: bytes, width: int, height: int, channels: int) -> Any:
    """PNG's five filters undone (ISO/IEC 15948, 9.2)."""
    stride, before = width * channels, np.zeros(width * channels, np.uint8)
    out = np.zeros((height, stride), np.uint8)
    for y in range(height):
        kind = raw[y * (stride + 1)]
        line = np.frombuffer(raw, np.uint8, stride, y * (stride + 1) + 1).copy()
        if kind == 2:
            line += before
        elif kind in (1, 3, 4):
            line = _along(kind, line, before, channels)
        out[y] = before = line
    return out.reshape(height, width, channels)


def _along(kind: int, line: Any, before: Any, channels: int) -> Any:
    now, above = [0] * channels + line.tolist(), [0] * channels + before.tolist()
    for x in range(channels, len(now)):
        a, b, c = now[x - channels], above[x], above[x - channels]
        if kind == 1:
            more = a
        elif kind == 3:
            more = (a + b) // 2
        else:
            near = a + b - c
            more = min((abs(near - a), 0, a), (abs(near - b), 1, b), (abs(near - c), 2, c))[2]
        now[x] = (now[x] + more) & 255
    return np.array(now[channels:], np.uint8)


@contextmanager
def served(vault: Path, passphrase: str, port: int) -> Iterator[str]:
    words = ["serve", "--vault", str(vault), "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-m", "corroborate_cli", *words], env={"CORROBORATE_PASSPHRASE": passphrase},
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                urlopen(f"http://127.0.0.1:{port}/log-in", timeout=10).close()
                break
            except OSError:  # not yet there, or busy with its first page
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def entered(browser: Any, address: str, account: str, width: int, locale: str, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale=locale, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(f"{address}/log-in")
    page.fill("#id_username", account)
    page.fill("#id_password", OWN)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def opened(page: Page, address: str) -> int:
    """Go to an address, give the passphrase again where it is asked; the answer's status."""
    answer = page.goto(address)
    if "/confirm?" in page.url:
        page.fill("#password", OWN)
        with page.expect_navigation() as waiting:
            page.keyboard.press("Enter")
        answer = waiting.value
    return answer.status if answer else 0


def kind_of(path: str) -> str:
    """An address without what is different from record to record."""
    plain = path.split("?")[0] + "".join(re.findall(r"known=\w+", path))
    return re.sub(
        r"(?<=/(?:states))/\w+|/[^/]*\d[^/]*|(?<=/demands)/.+|(?<=/members)/.+|(?<=/statements)/[^/]+", "/…", plain
    )


def walked(page: Page, address: str, starts: list[str], most: int = 1) -> Iterator[str]:
    """Addresses that are reached from some, ``most`` of each kind."""
    seen: dict[str, int] = {}
    waiting = list(starts)
    done: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if (
            path in done
            or seen.get(kind, 0) >= most
            or re.search(r"\.(ics|css|svg|json)|final\.|/(text|request|calendar)$", path)
        ):
            continue
        done.add(path)
        seen[kind] = seen.get(kind, 0) + 1
        yield path
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(one => one.getAttribute('href'))")
        waiting += [link.split("#")[0] for link in links if link.split("#")[0]]


def looked_at(page: Page, locale: str) -> dict[str, object]:
    """What a program sees: what is too wide, what axe finds where the page speaks English, what is foreign."""
    violations = []
    if AXE_TOO and locale == "en-GB":
        page.evaluate(AXE.read_text(encoding="utf-8"))
        violations = page.evaluate("axe.run(document, {rules: {'color-contrast-enhanced': {enabled: true}}})")[
            "violations"
        ]
    return {
        "wide": page.evaluate("document.documentElement.scrollWidth > window.innerWidth"),
        "axe": "; ".join(one["id"] for one in violations),
        "foreign": " | ".join(page.evaluate(FOREIGN)) if locale == "ko-KR" else "",
    }


def kept(page: Page, out: Path, name: str, limit: int = 60_000) -> None:
    picture = small(page.screenshot())
    if len(picture) <= limit:
        (out / f"{name}.png").write_bytes(picture)


def node(
    browser: Any, name: str, address: str, roles: tuple[str, ...], starts: list[str], out: Path
) -> list[dict[str, object]]:
    """One node: every address as every role, at one width each; the fullest role at every width and language."""
    rows: list[dict[str, object]] = []
    views = [(roles[1], 1280, "en-GB", "light")]
    views += [(roles[1], width, "ko-KR", scheme) for width, scheme in ((360, "light"), (768, "dark"), (1600, "light"))]
    views += [(role, 1280, "en-GB", "light") for role in roles if role != roles[1]]
    for role, width, locale, scheme in views:
        page = entered(browser, address, f"the {role}", width, locale, scheme)
        said: list[str] = []
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        for path in walked(page, address, starts):
            began = time.monotonic()
            status = opened(page, f"{address}{path}")
            row = {"node": name, "page": kind_of(path), "role": role, "width": width, "language": locale[:2],
                   "colours": scheme, "status": status, "seconds": round(time.monotonic() - began, 2)}  # fmt: skip
            fullest = status == 200 and (role == roles[1] or locale != "en-GB")
            found = looked_at(page, locale) if fullest else {"wide": "", "axe": "", "foreign": ""}
            rows.append({**row, **found, "errors": "; ".join(said)})
            said.clear()
            written(out / f"{name}.csv", rows)
            shown = re.sub(r"[^a-z]+", "-", kind_of(path).lower().replace("…", "one")).strip("-") or "today"
            if status == 200 and (width, role) == (1280, roles[1]):
                kept(page, out, f"{name}-{shown}")
            elif (
                status == 200 and width != 1280 and shown in ("today", "persons", "releases", "statements", "accounts")
            ):
                kept(page, out, f"{name}-{shown}-{width}-{locale[:2]}")
        page.context.close()
    return rows


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)

    def reach(self, selector: str, most: int = 80) -> None:
        for _ in range(most):
            if self.page.evaluate("s => !!document.activeElement && document.activeElement.matches(s)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not reached by the keyboard on {self.page.url}")

    def follow(self, selector: str) -> None:
        self.reach(selector)
        with self.page.expect_navigation():
            self.press("Enter")


def tasks(browser: Any, vault: str, hub: str) -> list[dict[str, object]]:
    """What people come to do, by keyboard alone, from the first page on."""
    rows = []

    def task(name: str, address: str, role: str, *steps: tuple[str, str]) -> None:
        page = entered(browser, address, f"the {role}", 1280, "en-GB")
        keys, began = Keys(page), time.monotonic()
        for does, what in steps:
            {"reach": keys.reach, "follow": keys.follow, "type": keys.type, "press": keys.press}[does](what)
        rows.append({"task": name, "role": role, "keys": keys.count, "seconds": round(time.monotonic() - began, 1),
                     "ends at": kind_of(page.url.removeprefix(address))})  # fmt: skip
        page.context.close()

    task("find a person by two syllables", vault, "documenter", ("reach", "#q"), ("type", "김영"),
         ("follow", ".search button"), ("follow", "tbody a"))  # fmt: skip
    task("see everybody without a name", vault, "documenter", ("follow", ".menu a[href='/persons']"),
         ("follow", ".filters a[href*='unnamed']"))  # fmt: skip
    task("look at the source of a claim", vault, "documenter", ("follow", "main a.button"), ("follow", "tbody a"),
         ("follow", "td a[href^='/sources/']"))  # fmt: skip
    task("see what a release would say", vault, "coordinator", ("follow", ".menu a[href='/releases']"),
         ("reach", "#audience"), ("press", "End"), ("reach", "#title"), ("type", "For the record"),
         ("follow", "main form button[value=show]"))  # fmt: skip
    task("begin a statement", hub, "secretariat", ("follow", ".menu a[href='/statements']"), ("reach", "#name"),
         ("type", "open-the-camps"), ("reach", "#text"), ("type", "Open the camps"),
         ("follow", "main form.card button"))  # fmt: skip
    return rows


def written(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(demo: Path, out: Path, lists: list[Path]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    passphrase = (demo / "passphrase.txt").read_text(encoding="utf-8").splitlines()[0]
    vault, hub = demo / "vaults/saebom", demo / "hub"
    for folder, roles in ((vault, VAULT_ROLES), (hub, HUB_ROLES)):
        subprocess.run([sys.executable, "-c", ACCOUNTS, str(folder), passphrase, OWN, *roles], check=True)
    for one in lists:
        words = ["import", str(one), "--vault", str(vault)]
        subprocess.run(
            [sys.executable, "-m", "corroborate_cli", *words], check=True, env={"CORROBORATE_PASSPHRASE": passphrase}
        )
    starts = ["/", "/consents", "/estimates/new", "/choose-passphrase", "/vouch", "/actions/new", "/letters"]
    starts += ["/members-read", "/persons?known=unnamed", "/persons?known=group"]
    with (
        served(vault, passphrase, 8731) as first,
        served(hub, passphrase, 8732) as second,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        written(out / "tasks.csv", tasks(browser, first, second))
        node(browser, "vault", first, VAULT_ROLES, starts, out)
        node(browser, "hub", second, HUB_ROLES, starts, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(one) for one in sys.argv[3:] if one != "--axe"])
