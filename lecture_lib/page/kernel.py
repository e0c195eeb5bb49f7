"""A Jupyter kernel that is called: it hears one message at a time, and posts what it has to say."""

import base64
import json
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

import comm
from comm.base_comm import BaseComm, CommManager

from ..explore.explorer import Explorer
from ..practice import sandbox
from .limit import Limit
from .shell import Paper, Shell

WIDGETS = "jupyter.widget"


class Kernel:
    """Runs cells, hears and opens widgets.

    The messages are Jupyter's, of the channels "shell" (questions and their answers) and "iopub" (what is shown). A page has
    one kernel: it takes the place of standard output, of comms, and of the signal by which a page makes itself heard.

    Args:
        post: called as ``post(message, buffers)``, with a message as JSON and the byte strings that go with it.
        rest: called ten times a second while something runs, by SIGUSR1: lets the page be heard, which interrupts by SIGINT.
    """

    def __init__(self, post: Callable[[str, list[bytes]], None], rest: Callable[[], None]):
        self.post, self.rest, self.resting, self.parent = post, rest, False, {}
        self.shell = Shell(self.say, lambda: self.parent)
        self.limit = Limit()
        self.comms = CommManager()
        comm.create_comm = lambda **how: Comm(self, **how)
        comm.get_comm_manager = lambda: self.comms
        self.papers = sys.stdout, sys.stderr = Paper(self.say, "stdout"), Paper(self.say, "stderr")
        signal.signal(signal.SIGUSR1, self._on_signal)
        sandbox.WITHOUT_THREADS = self.limit
        Explorer.pictured = False  # nobody would see the still pictures
        self.answers = {
            "execute_request": self._execute,
            "kernel_info_request": lambda _: {"status": "ok"},
            "comm_info_request": lambda _: {
                "status": "ok",
                "comms": {each.comm_id: {"target_name": each.target_name} for each in self.comms.comms.values()},
            },
        }

    # ------------------------------------------------------------ heard

    def hear(self, message: str, buffers: Sequence[memoryview] = ()) -> None:
        """Take a message, and do all that it asks for before this returns. What goes wrong in it is said, not raised."""
        heard = json.loads(message)
        kind, content = heard["header"]["msg_type"], heard["content"]
        self.parent = heard
        signal.signal(signal.SIGINT, signal.default_int_handler)  # who trains by turns may have left another
        self.say("status", {"execution_state": "busy"})
        answer = None
        try:
            if kind in self.answers:
                answer = self.answers[kind](content)
            else:  # a widget's; what its answer raises is shown as a cell's
                getattr(self.comms, kind)(None, None, heard | {"buffers": list(buffers)})
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
            self.shell.showtraceback()
            answer = {"status": "error", "ename": type(error).__name__, "evalue": str(error)}
        finally:
            if kind in self.answers:  # a question without an answer would be waited for for ever
                self.say(kind.replace("request", "reply"), answer, channel="shell")
            self.flush()
            self.say("status", {"execution_state": "idle"})

    def _execute(self, content: Mapping[str, object]) -> dict[str, object]:
        cell = self.parent.get("metadata", {}).get("cellId")
        result = self.shell.run_cell(content["code"], store_history=True, silent=content["silent"], cell_id=cell)
        self.flush()
        count = {"execution_count": self.shell.execution_count - 1}
        if error := result.error_before_exec or result.error_in_exec:
            return {"status": "error", "ename": type(error).__name__, "evalue": str(error)} | count
        return {"status": "ok"} | count

    def _on_signal(self, _: int, frame: FrameType | None) -> None:
        """Ten times a second, while something runs."""
        if self.resting or _imports(frame):  # a rest that takes long is not rested from
            return
        self.resting, usual = True, signal.getsignal(signal.SIGINT)
        try:
            self.rest()
        finally:
            signal.signal(signal.SIGINT, usual)  # an interrupt is for what runs, not for who trains by turns meanwhile
            self.resting = False
        self.flush()
        self.limit.look()

    # ------------------------------------------------------------ said

    def say(
        self, kind: str, content: Mapping[str, object], buffers: Sequence[object] = (), channel: str = "iopub"
    ) -> None:
        """Post a message that answers the one that is heard now."""
        if kind != "stream":
            self.flush()
        message = {
            "channel": channel,
            "header": {"msg_type": kind},
            "parent_header": self.parent.get("header", {}),
            "content": content,
        }
        self.post(json.dumps(message, default=_plain, allow_nan=False), [bytes(each) for each in buffers])

    def flush(self) -> None:
        """Post what has been printed."""
        for each in self.papers:
            each.flush()


def _imports(frame: FrameType | None) -> bool:
    """Whether a module is being imported: one in C++ may be there beside Python's steps, and a browser cannot hold that up."""
    while frame:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _plain(value: object) -> object:
    """What JSON has no word for: the bytes of a picture, numbers and arrays of NumPy, sets."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.tolist() if hasattr(value, "tolist") else list(value)


class Comm(BaseComm):
    """A comm whose messages the kernel posts."""

    def __init__(self, kernel: Kernel, **how: object):
        self.kernel = kernel
        super().__init__(**how)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):  # noqa: ANN001, ANN201, D102
        self.kernel.say(msg_type, {"data": data or {}, "comm_id": self.comm_id} | keys, buffers or ())
