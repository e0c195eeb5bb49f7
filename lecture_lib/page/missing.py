"""Files that come when they are opened: until then an empty one stands in their place."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


class Missing:
    """From now on the first who opens one of the files gets it.

    Args:
        files: path → the part in which the file comes, with others perhaps.
        fetch: called as ``fetch(part)``; when it returns, all files of that part are there.
    """

    def __init__(self, files: Mapping[str, str], fetch: Callable[[str], None]):
        self.files, self.fetch = dict(files), fetch
        for path in self.files:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).touch()
        sys.addaudithook(self._on_event)

    def _on_event(self, event: str, arguments: tuple) -> None:
        if event == "open" and self.files and isinstance(arguments[0], str | os.PathLike):
            part = self.files.get(os.fspath(arguments[0]))
            if part:
                self.files = {path: each for path, each in self.files.items() if each != part}
                self.fetch(part)
