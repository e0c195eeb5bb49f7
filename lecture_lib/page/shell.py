"""IPython's shell for :class:`lecture_lib.page.Kernel`: its outputs, errors and displays are messages."""

import io
from collections.abc import Callable, Mapping

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


class Hook(DisplayHook):
    """The value of a cell's last line as ``execute_result``."""

    def start_displayhook(self) -> None:
        self.found = {}

    def write_output_prompt(self) -> None:
        self.found["execution_count"] = self.prompt_count

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        self.found |= {"data": format_dict, "metadata": md_dict or {}}

    def finish_displayhook(self) -> None:
        if self.found.get("data"):
            self.shell.say("execute_result", self.found)


class Publisher(DisplayPublisher):
    """``display(…)`` and its changes, and ``clear_output``."""

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_: object) -> None:  # noqa: ANN001
        kind = "update_display_data" if update else "display_data"
        self.shell.say(kind, {"data": data, "metadata": metadata or {}, "transient": transient or {}})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.say("clear_output", {"wait": wait})


class Shell(InteractiveShell):
    """A shell that keeps no history.

    Args:
        say: called as ``say(kind, content)`` with every message.
        heard: gives the message that is answered now.
    """

    def __init__(self, say: Callable, heard: Callable[[], Mapping[str, object]]):
        self.say, self.heard = say, heard
        quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "NoColor"}})
        super().__init__(displayhook_class=Hook, display_pub_class=Publisher, config=quiet)
        type(self)._instance = InteractiveShell._instance = self  # what get_ipython() gives

    def get_parent(self) -> Mapping[str, object]:
        """The message that is answered now: whoever shows something asks for its cell and its run."""
        return self.heard()

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.say("error", {"ename": etype.__name__, "evalue": str(evalue), "traceback": stb})

    def enable_gui(self, gui: object = None) -> None:
        """There is none."""


class Paper(io.TextIOBase):
    """Standard output, or that of errors: what is written goes together, as one message."""

    def __init__(self, say: Callable, name: str):
        self.say, self.name, self.written = say, name, []

    def write(self, text: str) -> int:
        """Keep a text for the next message."""
        self.written.append(text)
        return len(text)

    def flush(self) -> None:
        """Post what was written since the last time."""
        text, self.written = "".join(self.written), []
        if text:
            self.say("stream", {"name": self.name, "text": text})

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False
