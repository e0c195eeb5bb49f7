"""A reader of Moodle's GIFT, written from its documentation and not from what writes it here."""

import re


def read(text):
    """Questions of a file: title, text, format, answers as (share, text, feedback) or (number, margin), general feedback."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("//")]
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    return [_question(block.strip()) for block in blocks if block.strip() and not block.strip().startswith("$CATEGORY")]


def categories(text):
    return re.findall(r"^\$CATEGORY: (.+)$", text, re.MULTILINE)


def _cut(text, signs):
    """Parts of a text, each begun by one of some signs that no backslash stands before."""
    return [part for part in re.split(rf"(?<!\\)(?:\\\\)*(?=[{signs}])", text) if part.strip()]


def _plain(text):
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text).strip()


def _question(block):
    found = re.fullmatch(r"::((?:\\.|[^\\:])*)::\[(\w+)\]((?:\\.|[^\\{}])*)\{((?:\\.|[^\\{}])*)\}", block, re.DOTALL)
    assert found, f"no question of GIFT: {block}"
    title, form, text, inside = found.groups()
    inside, _, general = inside.partition("####")
    read = {"title": _plain(title), "format": form, "text": _plain(text), "general": _plain(general)}
    inside = inside.strip()
    if inside.startswith("#"):
        [answer] = _cut(inside[1:].strip(), "=")
        number, margin = answer.strip().removeprefix("=").split(":")
        return read | {"number": float(number), "margin": float(margin)}
    answers = []
    for part in _cut(inside, "=~"):
        part = part.strip()
        share = re.match(r"%(-?[\d.]+)%", part[1:])
        answer, _, feedback = re.sub(r"^%.*?%", "", part[1:]).partition("#") if "\\#" not in part else _apart(part[1:])
        answers.append((float(share[1]) if share else 100.0 * (part[0] == "="), _plain(answer), _plain(feedback)))
    return read | {"answers": answers}


def _apart(part):
    """Answer and feedback where a sign # is a part of one of them."""
    found = re.fullmatch(r"((?:\\.|[^\\#])*)(#?)(.*)", part, re.DOTALL)
    return found.groups()
