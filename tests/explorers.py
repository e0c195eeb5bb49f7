"""What the tests of the explorers share: arrays out of packed ones, and every explorer there is, with an example.

An explorer is a public function of ``lecture_lib`` that says it returns an ``Explorer``: it is found here by itself. One
that needs arguments has an example in the module of tests that mirrors its own: ``EXAMPLES = {"name": lambda: name(…)}``;
so may one whose own start is slow or dull.
"""

import importlib
import inspect
import pkgutil
from functools import cache

import numpy as np

import lecture_lib
from lecture_lib.explore import Explorer


def array(packed):
    """The array that was packed for the browser."""
    return np.frombuffer(packed["data"], packed["dtype"]).reshape(packed["shape"])


def functions(*packages):
    """Every public function in these packages; two may have the same name."""
    found = []
    for package in packages:
        root = importlib.import_module(f"lecture_lib.{package}")
        for each in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            module = importlib.import_module(each.name)
            for name, function in vars(module).items():
                if inspect.isfunction(function) and function.__module__ == each.name and not name.startswith("_"):
                    found.append(function)
    return found


def is_explorer(function):
    returns = function.__annotations__.get("return")
    return inspect.isclass(returns) and issubclass(returns, Explorer)


@cache
def explorers():
    """Name → function, of every explorer."""
    found = functions("explore", "practice", "chapters")
    return {each.__name__: each for each in found if is_explorer(each)}


def chapter_figures():
    """Names of the functions of chapters that draw a figure."""
    names = [each.__name__ for each in functions("chapters") if not is_explorer(each)]
    return [each for each in names if each.startswith("draw_")]


def example(name):
    """One explorer of that name."""
    function = explorers()[name]
    module = function.__module__.removeprefix(f"{lecture_lib.__name__}.").split(".")
    tests = ".".join(["tests", *module[:-1], f"test_{module[-1]}"])
    try:
        examples = getattr(importlib.import_module(tests), "EXAMPLES", {})
    except ModuleNotFoundError:
        examples = {}
    needed = [
        each.name
        for each in inspect.signature(function).parameters.values()
        if each.default is each.empty and each.kind is not each.VAR_KEYWORD
    ]
    assert name in examples or not needed, f"{name} needs {', '.join(needed)}: {tests} must have an example in EXAMPLES"
    return examples.get(name, function)()
