"""The review app's modules: who knows whom."""

import ast
from pathlib import Path

import corroborate_node.review

HERE = Path(corroborate_node.review.__file__).parent


def known(path):
    """Modules of the app that a module imports, at its top, in a function, or for its types alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("corroborate_node.review"):
            rest = node.module.split(".")[2:]
            found |= {rest[0]} if rest else {alias.name for alias in node.names}
    return found & {each.stem for each in HERE.glob("*.py")}


def test_no_two_modules_know_each_other_by_any_way_round():
    knows = {path.stem: known(path) for path in HERE.glob("*.py")}
    while done := [name for name, others in knows.items() if not others & set(knows)]:
        for name in done:
            del knows[name]
    assert not knows
