"""Run notebooks from top to bottom and save them with outputs, clean metadata and no widget state.

    python -m tools.run_notebooks notebooks/*.ipynb

Explorers are saved as their still pictures: whoever opens the file without a
kernel, or on a page that runs no widgets, sees those.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
QUIET = ["--IPKernelApp.log_level=ERROR"]
"""For kernels that only this machine talks to: each would warn that what it says could be listened to."""
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(path: Path) -> float:
    """Run one notebook in place; returns the seconds it took."""
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        coalesce_streams=True,
        extra_arguments=QUIET,
        resources={"metadata": {"path": path.parent}},
    ).execute()
    seconds = time.perf_counter() - start
    clean(notebook)
    nbformat.write(notebook, path)
    return seconds


def clean(notebook: nbformat.NotebookNode) -> None:
    """Remove what differs from run to run and what no reader needs."""
    models = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    notebook.metadata = METADATA
    for cell in notebook.cells:
        keep = {name: cell.metadata[name] for name in ("tags", "slideshow") if name in cell.metadata}
        cell.metadata = nbformat.from_dict(keep)
        if "outputs" in cell:
            cell.outputs = [each for output in cell.outputs for each in captured(output, models)]
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)


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
