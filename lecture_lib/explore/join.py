"""The explorers' script and style as a page loads them: one module out of ``script/``, colours out of ``style``."""

import json
import re
from functools import cache
from pathlib import Path

from .. import style

SCRIPT = Path(__file__).parent / "script"
_IMPORT = re.compile(r'^import [^;]* from "(\./[^"]+|\.\./[^"]+)";\n', re.MULTILINE)


@cache
def script(entry: str | Path = "explorer.js") -> str:
    """The modules that ``entry`` needs as one module: each file once, behind those that it imports. It is one of ``SCRIPT``, or a path."""
    order: dict[Path, str] = {}
    entry = (SCRIPT / entry).resolve()

    def add(path: Path) -> None:
        if path in order:
            return
        order[path] = ""
        source = palette() if path.name == "palette.js" else path.read_text(encoding="utf-8")
        for each in _IMPORT.findall(source):
            add((path.parent / each).resolve())
        del order[path]  # now it stands behind what it needs
        body = _IMPORT.sub("", source)
        order[path] = body if path == entry else re.sub(r"^export ", "", body, flags=re.MULTILINE)

    add(entry)
    return "\n".join(order.values())


def palette() -> str:
    """The colours of ``style`` as a module of the script: tables by role, inks and series by theme."""
    tables = {role: style.colour_table(role).ravel().tolist() for role in style.ROLES}
    colours = {
        "tables": tables,
        "inks": style.INKS,
        "series": style.SERIES,
        "bright": style.BRIGHT,
        "nothing": style.NOTHING,
        "nan": style.NAN,
        "gap": style.GAP,
    }
    return f"export const PALETTE = {json.dumps(colours, separators=(',', ':'))};\n"


@cache
def css() -> str:
    """The explorers' style sheet, with the colours of both themes as variables."""
    return variables(".lecture") + (SCRIPT / "explorer.css").read_text(encoding="utf-8")


def variables(selector: str, dark: str | None = None) -> str:
    """The colours of ``style`` as variables of CSS; ``dark`` selects what has those of the dark theme.

    If it is not given, that is ``selector`` on a page that says as JupyterLab does that it is dark.

    >>> variables(".lecture").startswith(".lecture { --lecture-text: #")
    True
    """
    light, night = (
        "".join(f"--lecture-{name}: {colour}; " for name, colour in style.INKS[theme].items())
        for theme in ("light", "dark")
    )
    dark = dark or f'[data-jp-theme-light="false"] {selector}'
    return f"{selector} {{ {light}--lecture-bright: {style.BRIGHT}; }}\n{dark} {{ {night}}}\n"
