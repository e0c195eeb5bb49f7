"""Questions as QTI 1.2 in a zip, as Canvas takes it and exports it itself; Moodle takes it with its plugin for Canvas."""

import zipfile
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .questions import ABOUT, Collection, Question

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
SMALLEST = 1e-4
"""Canvas keeps four decimals of a number."""
META = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def can_ask(question: Question) -> bool:
    """Whether it is neither a place in a picture nor a number too small for Canvas."""
    return bool(question.options) or (not question.places and not 0 < abs(question.number) < SMALLEST)


def write(collection: Collection, path: Path) -> None:
    """Write a collection's zip, the same every time, with the questions that it can ask."""
    questions = list(filter(can_ask, collection.questions))
    name = f"lecture_{collection.name}"
    files = {
        "imsmanifest.xml": _manifest(name),
        f"{name}/assessment_meta.xml": _meta(name, collection, len(questions)),
        f"{name}/{name}.xml": _assessment(name, collection.title, questions),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, root in files.items():
            indent(root)
            content = b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8")
            archive.writestr(zipfile.ZipInfo(file), content, zipfile.ZIP_DEFLATED)


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    made = SubElement(parent, tag, attributes)
    made.text = text
    return made


def _manifest(name: str) -> Element:
    root = Element("manifest", identifier=f"{name}_manifest", xmlns=PACKAGE)
    metadata = _add(root, "metadata")
    _add(metadata, "schema", "IMS Content")
    _add(metadata, "schemaversion", "1.1.3")
    _add(root, "organizations")
    resources = _add(root, "resources")
    quiz = _add(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
    _add(quiz, "file", href=f"{name}/{name}.xml")
    _add(quiz, "dependency", identifierref=f"{name}_meta")
    meta = f"{name}/assessment_meta.xml"
    _add(_add(resources, "resource", identifier=f"{name}_meta", type=META, href=meta), "file", href=meta)
    return root


def _meta(name: str, collection: Collection, points: int) -> Element:
    root = Element("quiz", identifier=name, xmlns=CANVAS)
    _add(root, "title", collection.title)
    _add(root, "description", _html(ABOUT))
    _add(root, "shuffle_answers", "false")
    _add(root, "quiz_type", "assignment" if collection.counted else "practice_quiz")
    _add(root, "points_possible", f"{points}.0")
    _add(root, "show_correct_answers", "true")
    _add(root, "allowed_attempts", "1")
    return root


def _assessment(name: str, title: str, questions: list[Question]) -> Element:
    root = Element("questestinterop", xmlns=QTI)
    section = _add(_add(root, "assessment", ident=name, title=title), "section", ident="root_section")
    for question in questions:
        _item(section, question)
    return root


def _html(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>"


def _material(parent: Element, text: str) -> None:
    _add(_add(parent, "material"), "mattext", _html(text), texttype="text/html")


def _item(section: Element, question: Question) -> None:
    ident = question.key.replace(" ", "_")
    answers = [f"{ident}_{place}" for place in range(len(question.options) or 1)]
    item = _add(section, "item", ident=ident, title=question.title)
    metadata = _add(_add(item, "itemmetadata"), "qtimetadata")
    for label, entry in {
        "question_type": "multiple_choice_question" if question.options else "numerical_question",
        "points_possible": "1",
        "original_answer_ids": ",".join(answers),
        "assessment_question_identifierref": f"{ident}_ref",
    }.items():
        field = _add(metadata, "qtimetadatafield")
        _add(field, "fieldlabel", label)
        _add(field, "fieldentry", entry)
    presentation = _add(item, "presentation")
    _material(presentation, question.text)
    judging = _add(item, "resprocessing")
    _add(_add(judging, "outcomes"), "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    if question.why:
        _add(_condition(judging, "general_fb"), "other")
        _feedback(item, "general_fb", question.why)
    if question.options:
        _choices(presentation, judging, item, question, answers)
    else:
        response = _add(presentation, "response_str", ident="response1", rcardinality="Single")
        _add(_add(response, "render_fib", fibtype="Decimal"), "response_label", ident="answer1")
        condition = _add(_right(judging), "or")
        _add(condition, "varequal", f"{question.number:.10g}", respident="response1")
        both = _add(condition, "and")
        _add(both, "vargte", f"{question.number - question.margin:.10g}", respident="response1")
        _add(both, "varlte", f"{question.number + question.margin:.10g}", respident="response1")


def _choices(presentation: Element, judging: Element, item: Element, question: Question, answers: list[str]) -> None:
    response = _add(presentation, "response_lid", ident="response1", rcardinality="Single")
    render = _add(response, "render_choice")
    for answer, option in zip(answers, question.options, strict=True):
        _material(_add(render, "response_label", ident=answer), option.text)
        if option.feedback:
            _add(_condition(judging, f"{answer}_fb"), "varequal", answer, respident="response1")
            _feedback(item, f"{answer}_fb", option.feedback)
    [right] = [answer for answer, option in zip(answers, question.options, strict=True) if option.right]
    _add(_right(judging), "varequal", right, respident="response1")


def _condition(judging: Element, feedback: str) -> Element:
    """A condition under which something is said, and judging goes on; the condition itself is still to be added."""
    condition = _add(judging, "respcondition", **{"continue": "Yes"})
    what = _add(condition, "conditionvar")
    _add(condition, "displayfeedback", feedbacktype="Response", linkrefid=feedback)
    return what


def _right(judging: Element) -> Element:
    """The condition under which the answer is right, still to be added."""
    condition = _add(judging, "respcondition", **{"continue": "No"})
    what = _add(condition, "conditionvar")
    _add(condition, "setvar", "100", action="Set", varname="SCORE")
    return what


def _feedback(item: Element, ident: str, text: str) -> None:
    _material(_add(_add(item, "itemfeedback", ident=ident), "flow_mat"), text)
