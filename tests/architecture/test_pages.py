"""How pages are made: of components, with forms, in lines that can be read."""

import ast
import re
from pathlib import Path

import pytest

NODE = Path(__file__).parents[2] / "src" / "corroborate_node"
LONGEST = 160  # letters of a line of a template
TEMPLATES = sorted(NODE.rglob("templates/**/*.html"))
PAGES = [path for path in TEMPLATES if "components" not in path.parts]
VIEWS = sorted({*NODE.rglob("views.py"), NODE / "core/forms.py", NODE / "release/verification.py"})
BY_HAND = re.compile(r"<(table|input|select|textarea|form|dl)\b")


def named(path: Path) -> str:
    return path.relative_to(NODE).as_posix()


def test_there_are_pages_to_look_at():
    assert len(PAGES) > 50
    assert len(VIEWS) >= 9


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_line_of_a_template_is_longer_than_a_person_reads(path):
    long = [at for at, line in enumerate(path.read_text("utf-8").splitlines(), 1) if len(line) > LONGEST]
    assert long == [], f"{named(path)}: break these lines, or make a component of what they hold"


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_tables_forms_and_fields_stand_in_components_alone(path):
    found = [(at, one[0]) for at, line in enumerate(path.read_text("utf-8").splitlines(), 1)
             for one in BY_HAND.finditer(line)]  # fmt: skip
    assert found == [], f"{named(path)}: use table, facts, form, field or press of core/components.py"


def read_by_hand(path: Path) -> list[int]:
    """Lines where what was sent is read otherwise than by handing the whole of it to a form."""
    tree = ast.parse(path.read_text("utf-8"))
    sent = {
        id(node): node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ("POST", "FILES")
    }
    handed = {
        id(inner)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _makes_a_form(call.func)
        for argument in call.args
        for inner in ast.walk(argument)
        if not isinstance(argument, ast.Subscript)
    }
    tuples = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.IfExp) and isinstance(node.body, ast.Tuple)
        for inner in ast.walk(node.body)
    }
    return sorted(node.lineno for key, node in sent.items() if key not in handed | tuples)


def _makes_a_form(func: ast.expr) -> bool:
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    return name.endswith("Form") or name == "Nothing" or isinstance(func, ast.Subscript)


@pytest.mark.parametrize("path", VIEWS, ids=named)
def test_what_is_sent_goes_through_a_form(path):
    assert read_by_hand(path) == [], f"{named(path)}: hand request.POST to a form of the room, and ask the form"


def test_reading_by_hand_is_seen(tmp_path):
    view = tmp_path / "views.py"
    view.write_text("def a(request):\n    return request.POST.get('x'), request.POST['y'], XForm(request.POST)\n")
    assert read_by_hand(view) == [2, 2]


def test_no_word_of_a_room_is_said_twice():
    """A second word under one key would silently take the place of the first, on every page that shows it."""
    twice = {}
    for path in sorted(NODE.rglob("words.yaml")):
        keys = re.findall(r"^(\w+):", path.read_text("utf-8"), re.MULTILINE)
        if again := sorted({key for key in keys if keys.count(key) > 1}):
            twice[named(path)] = again
    assert twice == {}


def test_no_filter_takes_the_name_of_another_rooms():
    """All rooms' filters stand in every template: the last of one name would be the filter of all."""
    made: dict[str, list[str]] = {}
    for path in sorted(NODE.rglob("*.py")):
        for given, name in re.findall(
            r"^@register\.(?:simple_|simple_block_|inclusion_)?(?:filter|tag)(?:\(([^)]*)\))?\ndef (\w+)",
            path.read_text("utf-8"),
            re.MULTILINE,
        ):
            own = re.search(r"name=\"(\w+)\"", given)
            made.setdefault(own[1] if own else name, []).append(named(path))
    assert len(made) > 40
    assert {name: paths for name, paths in made.items() if len(paths) > 1} == {}
