"""Run in the students' copy: what its check says of answers, and what it knows of cases that it does not try."""

import importlib
import json
import sys

import lecture_lib
from lecture_lib.practice.check import check_function
from lecture_lib.practice.plain import from_plain


def main():
    asked, said = json.load(sys.stdin), {"library": lecture_lib.__file__, "verdicts": {}, "unseen": {}}
    for name, (chapter, tried, case) in asked.items():
        desk = importlib.import_module(f"lecture_lib.chapters.{chapter}").desk
        names = vars(importlib.import_module(f"lecture_lib.chapters.{chapter}.exercises"))
        answers = importlib.import_module(f"tests.chapters.{chapter}.exercises.{name}")
        functions = [*[function for function, _ in answers.WRONG], *answers.RIGHT]
        said["verdicts"][name] = [check_function(desk.by_name[name], functions[at]) for at in tried]
        try:
            said["unseen"][name] = str(desk.by_name[name].solution(*from_plain(case, names.__getitem__)))
        except LookupError as error:
            said["unseen"][name] = f"LookupError: {error}"
        said["source"] = desk.hints(name).steps[-1]
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
