"""The students' copy of the project: the library without the exercises' solutions, and all that a hub or a computer needs to run it."""

import ast
import gzip
import inspect
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import FunctionType, ModuleType

from lecture_lib.practice import Exercise
from lecture_lib.practice.recorded import record

from .notebooks import ROOT

BESIDE = ("images", "lab", "deploy", "pyproject.toml", "constraints.txt", "environment.yml", "LICENSE", "LICENSE-TEXT")
WITHOUT = ("practice/hidden.py", "chapters/pooling/mistaken.py")
"""Files of the library that nothing but marks and the solutions' own modules need."""
MODULE = '''"""The exercises of this notebook without their solutions: what its check needs is in the file beside this one."""

{imports}from pathlib import Path

from ...practice.recorded import unpacked
{kept}
EXERCISES = unpacked(Path(__file__).with_name("exercises.json.gz").read_bytes(), globals())
'''
README = """# CNNs I: Architectures, the students' copy

The solutions of the exercises are not in this folder. Of each exercise it holds the task, the hints, the cases that the check
tries, and what must come out of them. The cases that marks are given for are not in it either. What is in it: the library's own
functions, and some of them do what an exercise asks for, since the lecture is about them.

In this folder, with Python 3.11 or newer:

```
python3 -m venv .venv
.venv/bin/python -m pip install --editable .
.venv/bin/jupyter trust notebooks/*.ipynb
.venv/bin/jupyter lab notebooks/00_start_here.ipynb
```

A hub hands out this copy if this folder stands in place of the clone: `deploy/README.md`.
"""


def copy_library(target: Path, chapters: Iterable[ModuleType], results: bool = True) -> None:
    """Copy the library without solutions into the folder ``target``, which must not have one yet.

    Args:
        results: whether it knows what comes out of the cases, as a check must.
    """
    shutil.copytree(ROOT / "lecture_lib", target / "lecture_lib", ignore=shutil.ignore_patterns("__pycache__"))
    for chapter in chapters:
        folder = target / "lecture_lib" / Path(chapter.__file__).parent.relative_to(ROOT / "lecture_lib")
        exercises = chapter.desk.exercises
        held = json.dumps([record(each, results) for each in exercises]).encode()
        (folder / "exercises.json.gz").write_bytes(gzip.compress(held, mtime=0))
        (folder / "exercises.py").write_text(without_solutions(exercises), encoding="utf-8")
    for name in WITHOUT:
        (target / "lecture_lib" / name).unlink()


def copy_project(target: Path, chapters: Iterable[ModuleType]) -> None:
    """Write all but the notebooks into ``target``, whose former copy is removed."""
    for name in ("lecture_lib", "tools", *BESIDE):
        shutil.rmtree(target / name, ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    copy_library(target, chapters)
    for name in BESIDE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, target / name)
    (target / "tools").mkdir()
    shutil.copyfile(ROOT / "tools" / "overrides.json", target / "tools" / "overrides.json")
    (target / "README.md").write_text(README, encoding="utf-8")


def without_solutions(exercises: tuple[Exercise, ...]) -> str:
    """Source of a chapter's ``exercises.py`` that keeps judges, functions that are arguments, and what those need."""
    module = inspect.getmodule(exercises[0].solution)
    cases = [value for each in exercises for case in each.cases for value in case]
    wanted = {each.judge.__name__ for each in exercises if each.judge}
    wanted |= {value.__name__ for value in cases if isinstance(value, FunctionType)}
    source, solutions = inspect.getsource(module), {each.name for each in exercises}
    kept, before = [], None
    tree = ast.parse(source).body
    while before != wanted:  # what is kept may need something else
        before = set(wanted)
        kept = [node for node in tree if _binds(node) & wanted]
        for node in kept:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                wanted |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    if shown := wanted & solutions:
        raise ValueError(f"{module.__name__}: a judge or an argument needs {', '.join(shown)}, which is a solution")
    imports = [_import(node, wanted) for node in kept if isinstance(node, ast.Import | ast.ImportFrom)]
    others = [
        ast.get_source_segment(source, node) for node in kept if not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return MODULE.format(imports="".join(imports), kept="".join(f"\n\n{each}\n" for each in others))


def _binds(node: ast.stmt) -> set[str]:
    """Names that a statement of a module gives a meaning."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return {alias.asname or alias.name for alias in node.names}
        case ast.FunctionDef():
            return {node.name}
        case ast.Assign():
            return {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    return set()


def _import(node: ast.Import | ast.ImportFrom, wanted: set[str]) -> str:
    node.names = [alias for alias in node.names if (alias.asname or alias.name) in wanted]
    return f"{ast.unparse(node)}\n"
