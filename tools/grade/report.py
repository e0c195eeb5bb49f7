"""Marks as a table for a spreadsheet, and for each student a page that says what failed and why."""

import csv
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from lecture_lib import style

from .marks import HIDDEN, SHOWN, Mark, Result

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{student}: {points} of {most} points</title>
<style>:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }}
section {{ border-left: 4px solid; padding: 2px 12px; margin: 1.5rem 0 }} pre {{ white-space: pre-wrap; overflow-wrap: anywhere }}
section.right {{ border-color: {green} }} section.wrong {{ border-color: {orange} }}</style>
<h1>{student}</h1>
<p><b>{points} of {most} points.</b> {words}</p>
{sections}
</html>
"""
ABOUT = (
    f"An exercise has {SHOWN + HIDDEN} points: {SHOWN} if the cases of its check are right, {HIDDEN} if other cases are right, "
    "too. Each notebook ran by itself, with limits of time and memory, and without a network."
)


def write(results: Sequence[Result], folder: Path) -> None:
    """Write ``marks.csv`` and the pages, with the same content for the same results."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(mark.exercise for result in results for mark in result.marks))
    with (folder / "marks.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["student", "notebook", "points", "of", *names, "problem", "page"])
        for at, result in enumerate(results, 1):
            page = f"{at:03}_{re.sub(r'[^A-Za-z0-9._-]+', '_', result.student)[:80]}.html"
            (folder / page).write_text(_page(result), encoding="utf-8", errors="backslashreplace")
            points = {mark.exercise: mark.points for mark in result.marks}
            cells = [points.get(name, "") for name in names]
            row = [result.student, result.chapter, result.points, result.most, *cells, result.problem, page]
            table.writerow(map(_cell, row))


def _cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula, and no file's odd name breaks."""
    if not isinstance(value, str):
        return value
    text = value.encode(errors="backslashreplace").decode()
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _page(result: Result) -> str:
    words = escape(result.problem) or ABOUT
    return PAGE.format(
        student=escape(result.student), points=result.points, most=result.most, words=words,
        sections="\n".join(map(_section, result.marks)), green=style.GREEN, orange=style.ORANGE,
    )  # fmt: skip


def _section(mark: Mark) -> str:
    kind = "right" if mark.points == mark.most else "wrong"
    parts = [f"<h2>{escape(mark.exercise)}: {mark.points} of {mark.most}</h2>"]
    parts += [f"<h3>The cases of its check</h3><pre>{escape(mark.shown)}</pre>"]
    parts += [f"<h3>Other cases</h3><pre>{escape(mark.hidden)}</pre>"]
    if mark.words:
        said = "".join(f"<li>{escape(words)}</li>" for words in mark.words)
        parts += [f"<h3>Also, in other cells</h3><ul>{said}</ul>"]
    return f'<section class="{kind}">{"".join(parts)}</section>'
