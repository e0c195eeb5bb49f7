"""Show one notebook's slides with a living Python behind their explorers.

    python -m tools.stage 02

What comes after the notebook is for the Jupyter server behind it, for example ``--no-browser`` or ``--port 8899``.
"""

import sys


def main(wanted: str, options: list[str]) -> None:
    """Show the slides of the notebook whose name begins with ``wanted``; returns when the server has ended."""
    # For each server jsonschema builds a grammar of international addresses, longer than everything else takes here;
    # it does without one where there is none, and no message of a kernel has such an address.
    sys.modules.setdefault("rfc3987_syntax", None)
    from ..notebooks import choose
    from .deck import build
    from .server import serve

    try:
        notebook = choose(wanted)
    except ValueError as error:
        sys.exit(str(error))
    print(f"Slides of {notebook.name}. PageDown, PageUp or arrow keys: next and last slide; ? shows every key.")
    print("e opens its code in JupyterLab, on a copy in build/present that stays. Control-C here ends the lecture.")
    serve(build(notebook), notebook, options).start()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "lecture", sys.argv[2:])
