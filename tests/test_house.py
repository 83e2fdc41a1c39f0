"""How the rooms of the package stand to each other: imports point down, and none goes in a circle.

Rooms stand in the order in which data flow through them.
"""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import ganisi

PACKAGE = Path(ganisi.__file__).parent
TESTS = Path(__file__).parent
EXAMPLES = TESTS.parent / "examples"
#: Top to bottom.
ROOMS = [
    "testing",
    "cli",
    "plotting",
    "audit",
    "model",
    "identification",
    "distances",
    "descriptors",
    "datasets",
    "images",
    "metrics",
    "_compat",
]
#: What a room may import, where that is less than all below it.
NARROWER = {
    "testing": {"baselines", "model", "identification", "distances", "descriptors", "datasets"},
    "datasets": {"images", "metrics", "_compat"},
    "identification": {"images", "metrics", "_compat"},
    "_compat": set(),
}
#: Side rooms, that no other imports; but the command line draws.
NOBODYS = {"plotting", "testing"}
#: Files at the top, which are no rooms.
WINDOWS = {"__init__", "__main__", "baselines"}
#: Packages that are imported only when they are needed.
LATE = {"matplotlib", "torch", "torchvision"}
MAX_LINES = 400

FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path):
    """The dotted name of a file; that of its folder for a window."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


BY_NAME = {name_of(path): path for path in FILES}
named = pytest.mark.parametrize("path", FILES, ids=name_of)


def room_of(name):
    """The room of a module; itself for a file at the top."""
    return [*name.split("."), ""][1]


def imported(node, name):
    """Dotted names of the modules that an import statement in the module of a name asks for."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    package = name.split(".") if BY_NAME[name].stem == "__init__" else name.split(".")[:-1]
    above = package[: len(package) - node.level + 1] if node.level else []
    start = ".".join([*above, *([node.module] if node.module else [])])
    # What is imported from a folder may be one of its files.
    return [
        inner if (inner := f"{start}.{alias.name}") in BY_NAME else start for alias in node.names
    ]


def is_for_hints(part):
    """Whether a condition holds only where types are checked, and never when the package runs."""
    return isinstance(part.test, ast.Name) and part.test.id == "TYPE_CHECKING"


def imports(path):
    """Modules that a file asks for, wherever in it, and whether that is when it is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    later = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inside = {
        id(node)
        for part in ast.walk(tree)
        if isinstance(part, later) or (isinstance(part, ast.If) and is_for_hints(part))
        for node in ast.walk(part)
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name in imported(node, name_of(path)):
                yield name, id(node) not in inside


def ours(path):
    return {name for name, _ in imports(path) if name in BY_NAME} - {name_of(path)}


def allowed(room):
    below = ROOMS[ROOMS.index(room) + 1 :]
    side_rooms = NOBODYS - {"plotting"} if room == "cli" else NOBODYS
    return NARROWER.get(room, set(below)) - side_rooms | {room}


def test_there_are_no_other_rooms():
    assert {room_of(name) for name in BY_NAME} - {"", *WINDOWS, "_version"} == set(ROOMS)


@named
def test_imports_point_down(path):
    room = room_of(name_of(path))
    if room not in ROOMS:
        return
    # The version is everybody's.
    upwards = [name for name in ours(path) if room_of(name) not in allowed(room) | {"_version"}]
    assert not upwards


def test_files_do_not_import_each_other_in_a_circle():
    graph = {name: ours(path) for name, path in BY_NAME.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_filters_know_no_scikit_learn():
    for path in (PACKAGE / "descriptors" / "filters").glob("*.py"):
        assert not [name for name, _ in imports(path) if name.split(".")[0] == "sklearn"], path


def test_descriptors_do_not_know_each_other():
    room = PACKAGE / "descriptors"
    descriptors = {
        name
        for name, _ in imports(room / "__init__.py")
        if "ganisi.descriptors._base" in ours(BY_NAME[name])
    }
    assert len(descriptors) >= 6
    # Only what makes the union of several.
    for name in descriptors - {"ganisi.descriptors._classical"}:
        assert not ours(BY_NAME[name]) & descriptors, name


@named
def test_what_is_heavy_is_imported_when_it_is_needed(path):
    assert not [name for name, at_once in imports(path) if at_once and name.split(".")[0] in LATE]


@named
def test_files_are_private_but_for_the_windows(path):
    stem = path.stem
    assert stem.startswith("_") or (stem in WINDOWS and path.parent == PACKAGE)
    assert "util" not in stem.lower()


@pytest.mark.parametrize(
    "path",
    [*FILES, *sorted(EXAMPLES.rglob("*.py")), *sorted(TESTS.rglob("*.py"))],
    ids=lambda path: path.name,
)
def test_a_file_is_short_enough_to_be_read(path):
    n_lines = path.read_text(encoding="utf-8").count("\n")
    assert n_lines < MAX_LINES
