"""The architecture, read from the source: DESIGN's four floors, every import points down, and importing changes nothing."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lecture_lib

PACKAGE = Path(lecture_lib.__file__).parent
CORE, DATA, ENGINES, CONTENT = range(4)
FLOORS = {
    **dict.fromkeys(("shapes", "ops", "activations", "filters", "layers", "groups", "models", "training"), CORE),
    **dict.fromkeys(("transforms", "probes", "experiments", "arguments", "storage", "order"), CORE),
    **dict.fromkeys(("data", "style"), DATA),
    **dict.fromkeys(("explore", "practice", "page"), ENGINES),
    "chapters": CONTENT,
}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
SOURCES = [
    Path("__init__.py"),
    *MODULES,
    *sorted(path.relative_to(PACKAGE) for path in PACKAGE.glob("*/**/__init__.py")),
]
READERS = {("data",), ("storage",), ("order",), ("explore",), ("practice", "progress")}


def dotted(path):
    """explore/spec.py → ("explore", "spec"); explore/__init__.py → ("explore",)."""
    return tuple(part for part in path.with_suffix("").parts if part != "__init__")


def imported(path):
    """What a file of the package imports from the package, wherever in the file: ("explore", "spec"), ("ops",), …"""
    here = list(path.parent.parts)
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name.split(".") for alias in node.names]
            yield from (tuple(name[1:]) for name in found if name[0] == "lecture_lib")
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = here[: len(here) - (node.level - 1)]
            elif (node.module or "").split(".")[0] == "lecture_lib":
                base = []
            else:
                continue
            inside = (node.module or "").split(".")
            base = base + [part for part in inside if part and (node.level or part != "lecture_lib")]
            for alias in node.names:
                file = PACKAGE.joinpath(*base, alias.name)
                is_module = file.with_suffix(".py").is_file() or (file / "__init__.py").is_file()
                yield tuple([*base, alias.name] if is_module else base)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_module_has_a_floor(path):
    name = dotted(path)[:1]
    assert not name or name[0] in FLOORS, (
        f"lecture_lib/{path} has no floor: choose one in DESIGN's table and add it to FLOORS here"
    )


def package(path):
    """explore/spec.py → ("explore",); chapters/pooling/quizzes.py → ("chapters", "pooling")."""
    return path.parent.parts


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_every_import_points_down_or_stays_at_home(path):
    name = dotted(path)
    for other in imported(path):
        assert other, f"lecture_lib/{path} imports the package itself: import the module it needs"
        words = f"lecture_lib/{path} imports {'.'.join(other)}"
        assert FLOORS[other[0]] <= FLOORS[name[0]], f"{words}, which is on a higher floor: imports point down"
        if name[0] == other[0] == "chapters":
            assert name[1:2] == other[1:2], f"{words}: a chapter knows no other chapter"
        assert (name[0], other[0]) != ("explore", "practice"), (
            f"{words}: practice may use explore, not the other way round"
        )
        assert other != package(path) or path.name == "__init__.py", (
            f"{words}, the whole of it: import the module it needs"
        )


def test_the_package_itself_imports_nothing():
    assert not [
        node
        for node in ast.walk(ast.parse((PACKAGE / "__init__.py").read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_modules_import_each_other_without_cycles():
    graph = {dotted(path): set(imported(path)) for path in SOURCES[1:]}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the cycle


@pytest.mark.parametrize("path", [path for path in SOURCES[1:] if path.name == "__init__.py"], ids=str)
def test_a_package_only_collects_its_own_modules(path):
    """A chapter makes its desk there, too, and names what hangs on it."""
    here = package(path)
    foreign = {other for other in imported(path) if other[: len(here)] != here}
    statements = ast.parse((PACKAGE / path).read_text(encoding="utf-8")).body
    assert all(isinstance(each, ast.ImportFrom | ast.Assign | ast.Expr) for each in statements)
    names = {
        each.id
        for one in statements
        if isinstance(one, ast.Assign)
        for each in ast.walk(one.targets[0])
        if isinstance(each, ast.Name)
    }
    if here[0] == "chapters":
        assert {other[0] for other in foreign} <= {"practice", "explore"}
    else:
        assert not foreign and names <= {"__all__"}


def test_the_reader_of_imports_sees_every_form():
    found = set(imported(Path("chapters/convolution/lab.py"))) | set(imported(Path("explore/still.py")))
    assert {("explore",), ("filters",), ("data",), ("explore", "spec"), ("style",)} <= found


def calls(path):
    """Names of the functions and methods that a file calls."""
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", ""))


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_data_and_engines_read_files(path):
    if not {dotted(path)[:1], dotted(path)} & READERS:
        reading = {"open", "read_text", "read_bytes", "load", "fromfile", "loadtxt", "genfromtxt", "imread", "urlopen"}
        assert not reading & set(calls(path))


# Importing, in a Python of its own


def run(code):
    """Run code in a fresh Python where a warning is an error."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_the_package_loads_none_of_the_large_packages():
    loaded = run("import sys, lecture_lib; print(*(name.partition('.')[0] for name in sys.modules))")
    assert "lecture_lib" in loaded
    assert not {"numpy", "matplotlib", "ipywidgets", "anywidget", "PIL", "scipy", "IPython"} & set(loaded)


@pytest.mark.parametrize("name", ["ops", "filters", "data", "storage", "style", "shapes"])
def test_computing_loads_neither_matplotlib_nor_ipywidgets(name):
    loaded = run(f"import sys, lecture_lib.{name}; print(*(name.partition('.')[0] for name in sys.modules))")
    assert not {"matplotlib", "ipywidgets", "anywidget", "IPython", "safetensors"} & set(loaded)


def test_importing_everything_seeds_nothing_sets_nothing_and_prints_nothing():
    names = ["lecture_lib." + ".".join(dotted(path)) for path in MODULES]
    printed = run(f"""
import importlib, os, random, sys, warnings
import matplotlib, numpy as np

def state():
    kind, keys, *rest = np.random.get_state()
    chosen = {{name: matplotlib.rcParams[name] for name in matplotlib.rcParams if name != "backend"}}
    printing = np.geterr(), np.get_printoptions()
    return kind, keys.tolist(), rest, random.getstate(), chosen, printing, os.getcwd(), dict(os.environ)

before = state()
for name in {names}:
    importlib.import_module(name)
    assert state() == before, name + " changes a setting when it is imported"
assert "matplotlib.pyplot" not in sys.modules
""")
    assert printed == []
