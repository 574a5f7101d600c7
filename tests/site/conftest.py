"""A browser, axe, and the outside validator, for pages of the site and of a node."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[1] / "browser" / "node_modules"


@pytest.fixture(scope="session")
def module() -> Callable[[str], Path]:
    """Path of a file of an npm package. Missing: skipped with its name, or failed where CI=true."""

    def path(name: str) -> Path:
        found = MODULES / name
        if not found.exists():
            message = f"needs {name.split('/')[0]} (npm ci in tests/browser)"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        return found

    return path


@pytest.fixture(scope="module")
def browser(tool):
    from playwright.sync_api import sync_playwright

    program = tool("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe(module) -> str:
    return module("axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def violations(axe):
    """What axe finds wrong with a page that a browser has open, contrast for AAA among it."""

    def found(page) -> list[str]:
        page.evaluate(axe)
        result = page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],"
            " rules: {'color-contrast-enhanced': {enabled: true}}})"
        )
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]

    return found
