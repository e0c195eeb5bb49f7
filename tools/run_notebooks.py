"""Run notebooks from top to bottom and save them with outputs, clean metadata and no widget state.

    python -m tools.run_notebooks notebooks/*.ipynb

Explorers are saved as their still pictures: whoever opens the file without a
kernel, or on a page that runs no widgets, sees those.
"""

import math
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from queue import Empty

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from .form import COLLAPSED, parts, reader

WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
QUIET = ["--IPKernelApp.log_level=ERROR"]
"""For kernels that only this machine talks to: each would warn that what it says could be listened to."""
WATCHED = (
    "import faulthandler as _fault; _places = open({path!r}, 'w'); _fault.enable(_places); "
    "get_ipython().events.register('pre_run_cell', lambda _: _fault.dump_traceback_later({limit}, file=_places)); "
    "get_ipython().events.register('post_run_cell', lambda _: _fault.cancel_dump_traceback_later())"
)
"""What a kernel runs first: it writes down where each thread stands when a cell takes too long, or when Python dies."""
LOOK = 1.0
"""Seconds after which a kernel's answer is looked for anew."""
KEPT = ("tags", "slideshow", COLLAPSED)
"""Metadata of cells that an author sets."""
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
    "lecture": {"wake": True},
}


def looking_again(ask: Callable[..., Awaitable[dict]]) -> Callable[..., Awaitable[dict]]:
    """The same question for a message, as ``ask(timeout=seconds)``, in short turns.

    nbclient answers the boxes of ``interact`` on the socket on which it waits. That may take away the sign that a message has
    come: it lies there, and is only seen when somebody looks again.
    """

    async def get_msg(timeout: float | None = None) -> dict:
        ends = time.monotonic() + (math.inf if timeout is None else timeout)
        while True:
            try:
                return await ask(timeout=min(LOOK, max(0.0, ends - time.monotonic())))
            except Empty:
                if time.monotonic() >= ends:
                    raise

    return get_msg


class Client(NotebookClient):
    """Runs a notebook, and misses no answer of its kernel."""

    async def async_start_new_kernel_client(self):  # noqa: ANN201, D102  as nbclient has it
        client = await super().async_start_new_kernel_client()
        client.shell_channel.get_msg = looking_again(client.shell_channel.get_msg)
        return client


def run(path: Path, limit: float = 120, again: bool = True) -> float:
    """Run one notebook in place; returns the seconds it took.

    Seldom a message between nbclient and the kernel is lost: both then wait for each other. Such a run begins once ``again``.

    Raises:
        RuntimeError: a cell took more than ``limit`` seconds, or Python died in it: says which, and where Python stood.
    """
    notebook = nbformat.read(path, as_version=4)
    start, cells = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as folder:
        places = Path(folder) / "places.txt"
        client = Client(
            notebook,
            timeout=limit,
            kernel_name="python3",
            coalesce_streams=True,
            extra_arguments=[*QUIET, f"--IPKernelApp.exec_lines={WATCHED.format(path=str(places), limit=0.9 * limit)}"],
            resources={"metadata": {"path": path.parent}},
            on_cell_start=lambda cell, cell_index: cells.append(cell),
        )
        try:
            client.execute()
        except CellExecutionError:  # says itself which cell it was
            raise
        except Exception as error:
            where = places.read_text() if places.exists() else ""
            if again and not where and isinstance(error, CellTimeoutError):
                print(f"{path.name}: a message was lost at cell {cells[-1].id}; once more", file=sys.stderr, flush=True)
                return run(path, limit, again=False)
            raise RuntimeError(
                f"{path.name}, cell {cells[-1].id if cells else 0}: {type(error).__name__}\n{cells[-1].source if cells else ''}\n"
                f"{where or 'Python was not at work on it: what was said to it, or its answer, was lost.'}"
            ) from error
    seconds = time.perf_counter() - start
    clean(notebook)
    nbformat.write(notebook, path)
    return seconds


def clean(notebook: nbformat.NotebookNode) -> None:
    """Remove what differs from run to run and what no reader needs; what is folded, and left out of the slides, follows from the form."""
    models = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    notebook.metadata = nbformat.from_dict(METADATA | {k: v for k, v in notebook.metadata.items() if k == "lecture"})
    deeper = [cell for part in parts(notebook) if part.deeper for cell in part.cells]
    for cell in notebook.cells:
        keep = {name: cell.metadata[name] for name in KEPT if name in cell.metadata}
        if reader(cell) in ("fold", "check"):
            keep["jupyter"] = {"source_hidden": True}
        if reader(cell) == "check" or any(cell is each for each in deeper):
            keep["slideshow"] = {"slide_type": "skip"}
        cell.metadata = nbformat.from_dict(keep)
        if "outputs" in cell:
            cell.outputs = [each for output in cell.outputs for each in captured(output, models)]
        for output in cell.get("outputs", []):
            if output.get("data", {}).pop(WIDGET, None) and "image/png" in output.data:
                output.metadata["lecture"] = "explorer"  # the picture stands for one


def captured(output: nbformat.NotebookNode, models: dict[str, dict]) -> list[nbformat.NotebookNode]:
    """What stands for an output: where ``interact`` shows a slider, what it shows below it."""
    children = (
        models.get(output.get("data", {}).get(WIDGET, {}).get("model_id"), {}).get("state", {}).get("children", [])
    )
    boxes = [models[child.removeprefix("IPY_MODEL_")] for child in children]
    inside = [each for box in boxes if box["model_name"] == "OutputModel" for each in box["state"]["outputs"]]
    return [nbformat.from_dict(each) for each in inside] or [output]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LECTURE_PROGRESS"] = str(Path(folder) / "progress.json")  # nothing is solved, whoever runs this
        for name in sys.argv[1:]:
            print(f"{name}: {run(Path(name)):.1f} s", flush=True)
