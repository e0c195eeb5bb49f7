"""What a publication says of itself: author, date, addresses; its sign in the browser's bar, its picture where others link to it."""

import io
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from lecture_lib import data, filters, style

from ..notebooks import ROOT

TITLE = "CNNs I: Architectures"


@dataclass(frozen=True)
class Publication:
    """Addresses end with "/"; ``date`` is empty where Git does not say when the last change was."""

    title: str
    author: str
    site: str
    repository: str
    date: str


@cache
def publication() -> Publication:
    """As pyproject.toml has it, and of the day of the last commit."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    addresses = {name: address.rstrip("/") + "/" for name, address in project["urls"].items()}
    author = ", ".join(each["name"] for each in project["authors"])
    return Publication(TITLE, author, addresses["Homepage"], addresses["Repository"], _date())


def _date() -> str:
    try:
        said = subprocess.run(
            ["git", "log", "-1", "--format=%cs"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):  # no Git, or a copy without its history
        return ""
    return said.stdout.strip()


def sign() -> str:
    """An SVG of 32 × 32: a picture's nine pixels, the window on four of them."""
    ink = style.INKS["light"]
    greys = [ink["text"], ink["muted"], ink["faint"], ink["muted"], ink["faint"], ink["text"], *[ink["muted"]] * 3]
    cells = "".join(
        f'<rect x="{2 + 10 * (at % 3)}" y="{2 + 10 * (at // 3)}" width="8" height="8" fill="{grey}"/>'
        for at, grey in enumerate(greys)
    )
    frame = f'<rect x="1" y="1" width="20" height="20" fill="none" stroke="{style.BRIGHT}" stroke-width="3"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="{ink["paper"]}"/>{cells}{frame}</svg>\n'


def picture() -> bytes:
    """A JPEG of 1200 × 630: a photo, and what a filter makes of it."""
    ink = style.INKS["light"]
    made = Image.new("RGB", (1200, 630), ink["paper"])
    photo = data.resize(data.load_photo("chelsea"), 540)
    edges = filters.correlate(data.to_grey(photo), filters.KERNELS["sobel_x"].weights, padding=1)
    for left, pixels in ((56, photo), (604, style.colours(edges, "map"))):
        made.paste(Image.fromarray(pixels), (left, 215))
    draw = ImageDraw.Draw(made)
    for size, top, words, colour in (
        (72, 42, TITLE, "text"),
        (36, 132, "An interactive lecture: guess, move one thing, see why", "muted"),
    ):
        draw.text((56, top), words, fill=ink[colour], font=ImageFont.load_default(size))
    file = io.BytesIO()
    made.save(file, "jpeg", quality=88)
    return file.getvalue()
