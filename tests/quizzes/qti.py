"""A reader of QTI 1.2 as Canvas writes it: for what is made here, and for what text2qti makes."""

import html
import re
import zipfile
from xml.etree import ElementTree

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
PACKAGE = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"


def read(path):
    """Questions of a zip, found from its manifest: title, text, answers as (right, text, feedback) or bounds, general feedback."""
    with zipfile.ZipFile(path) as archive:
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))  # noqa: S314  written by a test a moment ago
        named = {file.get("href") for file in manifest.iter(f"{PACKAGE}file")}
        assert named <= set(archive.namelist()), "the manifest names a file that is not there"
        [quiz] = [each for each in manifest.iter(f"{PACKAGE}resource") if each.get("type") == "imsqti_xmlv1p2"]
        root = ElementTree.fromstring(archive.read(quiz.find(f"{PACKAGE}file").get("href")))  # noqa: S314
    identifiers = [each.get("ident") for each in root.iter(f"{QTI}item")]
    assert len(set(identifiers)) == len(identifiers)
    return [_question(item) for item in root.iter(f"{QTI}item")]


def _text(element):
    found = element.find(f".//{QTI}mattext")
    assert found.get("texttype") == "text/html"
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", "", found.text)).split())


def _question(item):
    feedback = {each.get("ident"): _text(each) for each in item.findall(f"{QTI}itemfeedback")}
    conditions = item.findall(f"{QTI}resprocessing/{QTI}respcondition")
    said = {}
    for condition in conditions:
        shown = condition.find(f"{QTI}displayfeedback")
        if shown is not None:
            chosen = condition.find(f"{QTI}conditionvar/{QTI}varequal")
            said[None if chosen is None else chosen.text] = feedback[shown.get("linkrefid")]
    [right] = [each for each in conditions if each.find(f"{QTI}setvar") is not None]
    assert right.find(f"{QTI}setvar").text == "100"
    read = {
        "title": item.get("title"),
        "text": _text(item.find(f"{QTI}presentation/{QTI}material")),
        "general": said.get(None, ""),
        "kind": item.find(f".//{QTI}fieldentry").text,
    }
    if labels := item.findall(f".//{QTI}render_choice/{QTI}response_label"):
        chosen = right.find(f"{QTI}conditionvar/{QTI}varequal").text
        answers = [(each.get("ident") == chosen, _text(each), said.get(each.get("ident"), "")) for each in labels]
        return read | {"answers": answers}
    low, high = (right.find(f".//{QTI}{tag}") for tag in ("vargte", "varlte"))
    return read | {"low": float(low.text), "high": float(high.text)}
