"""Questions as GIFT, the text that Moodle takes: *Question bank → Import → GIFT format*."""

import re

from .questions import ABOUT, Collection, Question


def escaped(text: str) -> str:
    """Text in which nothing is a sign of GIFT's own.

    >>> escaped("f(x) = {1: 2}")
    'f(x) \\\\= \\\\{1\\\\: 2\\\\}'
    """
    return re.sub(r"([\\~=#{}:])", r"\\\1", text)


def written(collection: Collection) -> str:
    """The file of a collection. What asks for a place in a picture is left out."""
    head = f"// {collection.title}. {ABOUT}\n$CATEGORY: $course$/CNNs I. Architectures/{collection.title.replace(': ', ', ')}\n"
    return "\n".join([head, *(_question(each) + "\n" for each in collection.questions if not each.places)])


def _question(question: Question) -> str:
    if question.options:
        answers = [
            f"\t{'=' if each.right else '~'}{escaped(each.text)}{'#' * bool(each.feedback)}{escaped(each.feedback)}"
            for each in question.options
        ]
    else:
        answers = [f"#\n\t={question.number:.10g}:{question.margin:.4g}"]
    always = [f"\t####{escaped(question.why)}"] if question.why else []
    start = f"::{escaped(question.title)}::[plain]{escaped(question.text)} {{"
    return "\n".join([start + (answers.pop(0) if question.number is not None else ""), *answers, *always, "}"])
