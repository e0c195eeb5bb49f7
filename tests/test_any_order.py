"""The notebooks in any order: a cell that comes too early says which cell to run first, and nothing goes stale."""

import ast
import builtins
import collections
import contextlib
import functools
import io
import json
import os
import re
import subprocess
import symtable
import sys
import warnings

import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from lecture_lib import order
from tools.notebooks import ROOT

NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
TAUGHT = [
    name for name in NOTEBOOKS if name.startswith("0") and not name.startswith("00")
]  # the lecture is shown in order
every_notebook = pytest.mark.parametrize("name", TAUGHT)
ORDERS, SEED = int(os.environ.get("FUZZ_ORDERS", 2)), 0  # make fuzz: 50
TRAINS = re.compile(r"\b(watch|fit)\(")
GROWN = {"accuracy"}  # "accuracy |= measure(more)": it is meant to have one more each time


def code(name):
    return [cell.source for cell in NOTEBOOKS[name].cells if cell.cell_type == "code"]


def asking(name):
    """Cells with an explorer, a question, an exercise or its check; those that train take minutes and stay out."""
    shows = re.compile(r"^(chapter\.\w+\(|guess\(|ask\(|check\(|hints\(|progress\()", re.MULTILINE)
    return [source for source in code(name)[1:] if shows.search(source) and not TRAINS.search(source)]


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Runs cells as a kernel does; gives the error and what was printed."""
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.chdir(ROOT / "notebooks")
    shell = InteractiveShell.instance()
    shell.reset(new_session=False)
    shell.history_manager.enabled = False
    order.load_ipython_extension(shell)  # as lab/ipython_kernel_config.py tells every kernel

    def run(source):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of IPython's own start
            result = shell.run_cell(source, store_history=True)
        return result.error_before_exec or result.error_in_exec, printed.getvalue()

    yield run
    shell.set_custom_exc((), None)
    shell.reset(new_session=False)
    shell.restore_sys_module_state()  # the shell's module stood as __main__, where new processes look
    InteractiveShell.clear_instance()


def run_in_random_orders(name, kernel, orders, seed):
    """Which cells failed without saying what to run first."""
    wrong = []
    for each in range(orders):
        error, printed = kernel(code(name)[0])
        assert error is None, printed
        for at in np.random.default_rng([seed, each]).permutation(len(asking(name))).tolist():
            source = asking(name)[at]
            error, printed = kernel(source)
            if error and not (
                isinstance(error, NameError) and re.search("run that cell first|run the cells above first", printed)
            ):
                wrong.append(f"order {each}, cell {source[:60]!r}: {type(error).__name__}: {error}")
        kernel("%reset -f")
    return wrong


@pytest.mark.slow
@every_notebook
def test_in_any_order_a_cell_works_or_says_which_cell_to_run_first(name, kernel):
    assert len(asking(name)) > 10
    assert run_in_random_orders(name, kernel, ORDERS, SEED) == []


@every_notebook
def test_a_cell_that_needs_another_is_told_where_that_is(name):
    cells = [(cell.cell_type, cell.source) for cell in NOTEBOOKS[name].cells]
    found = 0
    for at, source in enumerate(code(name)):
        above = {
            each for before in code(name)[: at + 1] for each in order.names_made(before)
        }  # a class may name what follows it
        for missing in reads_and_writes(source)[0]:
            assert missing in above, f"{source[:60]!r} needs {missing}, and no cell above makes it"
            advice = order.maker_of(missing, cells, source)
            assert advice.startswith(f"{missing!r} is made in the cell under “") and advice.endswith(
                "run that cell first."
            )
            found += 1
    assert found > 50


def test_before_anything_has_run_a_cell_says_in_words_what_to_run_first(kernel):
    source = next(source for source in code("02_convolution")[1:] if reads_and_writes(source)[0])
    error, printed = kernel(source)
    assert isinstance(error, NameError)
    assert "run that cell first. Or all of them at once: Run → Run All Above Selected Cell." in printed
    assert "Traceback" not in printed and "NameError" not in printed


@pytest.mark.parametrize("source", ["nonsense_name", "print(sorted([1], key=lambda x: nonsense_name))"])
def test_a_name_that_no_cell_makes_is_a_typing_mistake_with_its_usual_traceback(kernel, source):
    error, printed = kernel(source)
    assert isinstance(error, NameError)
    assert "NameError" in printed and "nonsense_name" in printed
    assert "first" not in printed


def test_another_notebook_of_the_same_folder_is_left_alone(kernel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = [nbformat.v4.new_code_cell("total = 3"), nbformat.v4.new_code_cell("print(total)")]
    for name, metadata in (("own", {}), ("lecture", {"lecture": {"wake": True}})):
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "one.ipynb")
        error, printed = kernel("print(total)")
        assert isinstance(error, NameError)
        assert ("run that cell first" in printed) == ("Traceback" not in printed) == (name == "lecture")


def test_a_cell_that_is_not_saved_yet_is_known_by_its_id(tmp_path):
    cells = [nbformat.v4.new_code_cell("total = 3"), nbformat.v4.new_code_cell("print(total)")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"lecture": {"wake": True}})
    nbformat.write(notebook, tmp_path / "one.ipynb")
    assert list(order._notebooks_with("print(total + 1)", folder=tmp_path)) == []
    (found,) = order._notebooks_with("print(total + 1)", cells[1].id, tmp_path)
    assert found == [("code", "total = 3"), ("code", "print(total + 1)")]


def test_loading_the_advice_loads_nothing_heavy():
    loaded = "import sys, lecture_lib.order; print(*{'numpy', 'matplotlib', 'ipywidgets', 'lecture_lib.explore'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "\n"


def test_a_name_missing_inside_a_function_is_left_alone(kernel):
    kernel(code("02_convolution")[0])
    error, printed = kernel("def f():\n    x = x + 1\nf()")
    assert isinstance(error, UnboundLocalError)
    assert "run" not in printed.split("UnboundLocalError")[-1]


def test_a_broken_notebook_beside_it_gives_no_advice_and_no_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for at, content in enumerate(["", "[]", "[" * 90_000, '{"cells": [{}]}', '{"cells": 3}', "\ud800"]):
        (tmp_path / f"{at}.ipynb").write_bytes(content.encode(errors="surrogatepass"))
    cells = [{"cell_type": "code", "source": ["total = 3"]}, {"cell_type": "code", "source": "print(total)"}]
    (tmp_path / "right.ipynb").write_text(json.dumps({"cells": cells, "metadata": {"lecture": {}}}))
    assert len(list(order._notebooks_with("print(total)"))) == 1


# Names: none means two things


@functools.cache
def reads_and_writes(source):
    """The names that a cell needs from others, and those it makes."""
    needed, made = set(), set()
    for statement in ast.parse(source).body:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        bound = {each.get_name() for each in table.get_symbols() if each.is_assigned() or each.is_imported()}
        used = {each.get_name() for each in table.get_symbols() if each.is_referenced()} | inner_names(table)
        used, bound = used - passing(statement), bound - passing(statement)
        first = bound - used_before_bound(statement) if not isinstance(statement, ast.AugAssign) else set()
        needed |= used - made - first
        made |= bound
    return {name for name in needed if not hasattr(builtins, name)}, made


def passing(statement):
    """Names that only comprehensions have, which Python 3.12 counts to what surrounds them."""
    kinds = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    inside = [each for each in ast.walk(statement) if isinstance(each, kinds)]
    targets = {
        node.id
        for each in inside
        for part in each.generators
        for node in ast.walk(part.target)
        if isinstance(node, ast.Name)
    }
    within = {id(node) for each in inside for node in ast.walk(each)}
    return targets - {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and id(node) not in within}


def used_before_bound(statement):
    """Names on the right side of an assignment, which it needs although it binds them."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)} if value else set()


def inner_names(table):
    found = set()
    for child in table.get_children():
        found |= {each.get_name() for each in child.get_symbols() if each.is_global()} | inner_names(child)
    return found


@every_notebook
def test_a_name_that_one_cell_takes_from_another_means_one_thing(name):
    needed = {each for source in code(name) for each in reads_and_writes(source)[0]} - GROWN
    ways = collections.defaultdict(lambda: collections.defaultdict(list))  # name → cell → the statements that make it
    for at, source in enumerate(code(name)):
        for statement in ast.parse(source).body:
            for each in reads_and_writes(ast.unparse(statement))[1] & needed:
                ways[each][at].append(ast.unparse(statement))
    twice = {each: {tuple(way) for way in cells.values()} for each, cells in ways.items()}
    assert {each: found for each, found in twice.items() if len(found) > 1} == {}


@pytest.mark.skipif(ORDERS < 50, reason="takes minutes: make fuzz")
@every_notebook
def test_run_all_twice_in_one_kernel_gives_the_same_outputs(name, tmp_path, monkeypatch):
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path / "progress.json"))
    once = NOTEBOOKS[name]
    twice = nbformat.v4.new_notebook(
        cells=[
            nbformat.from_dict(cell | {"id": f"{at}"} | ({"outputs": []} if cell.cell_type == "code" else {}))
            for at, cell in enumerate([*once.cells, *once.cells])
        ]
    )
    NotebookClient(
        twice, timeout=600, kernel_name="python3", resources={"metadata": {"path": ROOT / "notebooks"}}
    ).execute()
    first, second = twice.cells[: len(once.cells)], twice.cells[len(once.cells) :]
    for one, other in zip(first, second, strict=True):
        if one.cell_type == "code" and "nbval-ignore-output" not in one.metadata.get("tags", []):
            assert written(one) == written(other), one.source


def written(cell):
    """What a cell printed, and its pictures. How many messages a text came in is chance."""
    kept = {"text/plain", "text/html", "image/png", "text/markdown"}
    shown = [each["data"] for each in cell.outputs if "data" in each]
    return (
        "".join(each.get("text", "") for each in cell.outputs),
        [{kind: data for kind, data in each.items() if kind in kept} for each in shown],
    )
