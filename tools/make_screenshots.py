"""Make the README's pictures: each explorer in JupyterLab, as a person sees it, and one while it is moved.

python -m tools.make_screenshots
"""

import io
import tempfile
from itertools import pairwise
from pathlib import Path

import nbformat
from PIL import Image
from playwright.sync_api import Page

from lecture_lib.chapters.convolution.lab import MARGIN

from .browser import browser_page, jupyterlab, run_all
from .notebooks import ROOT
from .run_notebooks import METADATA

IMPORTS = "import numpy as np\nfrom lecture_lib import filters\nfrom lecture_lib.chapters import activations, convolution, lenet_alexnet, motivation, pooling\n"
IMAGE = "[[0] * 6, [0, 1, 2, 2, 1, 0], [0, 2, 4, 4, 2, 0], [0, 1, 3, 3, 1, 0], [0, 1, 2, 3, 1, 0], [0, 0, 1, 1, 0, 0]]"
TRAIN = """
from lecture_lib import data, training
from lecture_lib.models import mlp, small_cnn
nets = {"MLP": mlp([784, 32, 10]), "CNN": small_cnn()}
for net in nets.values():
    for _ in training.fit(net.init(0), data.load_digits("train"), batch_size=128, prepare=data.digits_as_input): pass
images, labels = data.load_digits("test")
"""
SHOTS = {
    "step_through": (f"convolution.step_through(np.array({IMAGE}), filters.KERNELS['laplacian_4'].weights)", {"row": 2, "col": 1}),
    "does_it_fit": ("convolution.does_it_fit(7, 3, 3, 1)", {"row": 1, "col": 1}),
    "volumes": ("convolution.volumes()", {"row": 12, "col": 17}),
    "receptive_field": ("convolution.receptive_field()", {}),
    "shifted_digit": ("motivation.shifted_digit(nets, images[:10], labels[:10], prepare=data.digits_as_input)", {"right": 4}),
    "zoo": ("activations.zoo('mish', beside=('relu', 'tanh'))", {}),
    "pooling_lab": ("pooling.pooling_lab('camera', 'sobel_x', kernel_size=3, stride=2)", {"row": 20, "col": 30}),
    "connections": ("motivation.connections('shared')", {"unit": 3}),
    "network_walk": ("lenet_alexnet.network_walk()", {"path": 1}),
    "architecture": ("lenet_alexnet.networks('AlexNet, two towers')", {"row": 4}),
}  # fmt: skip
"""File name → the explorer, and its state."""
MOVING = "convolution_lab"
"""The picture that moves: a hand in the photo, and then other kernels."""
LAB = ("convolution.convolution_lab('chelsea', 'sobel_x', padding=0)", {"row": 10, "col": 12})
HAND = ((12, 10), (45, 34), (46, 52), (85, 68), (50, 96))
"""Where the hand goes: rows and columns of the photo."""
STEPS, SHOWN, REST = 5, 180, 1300
"""Frames from one place to the next, and how long one is shown, in ms; the last of a kernel rests."""
KERNELS = ("Laplacian 8", "Gauss 5×5", "Sobel x")


def main() -> None:
    pictures = ROOT / "images" / "screenshots"
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab, browser_page(1280, 960) as page:
        for name, (explorer, state) in {MOVING: LAB, **SHOTS}.items():
            train = TRAIN if "nets" in explorer else ""
            source = f"{IMPORTS}{train}explorer = {explorer}\nexplorer.state = {state}\nexplorer"
            cell = nbformat.v4.new_code_cell(source)
            nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=METADATA), Path(folder, f"{name}.ipynb"))
            lab.open(page, f"{name}.ipynb")
            run_all(page)
            page.wait_for_function("document.querySelector('.lecture')?.explorer?.width")
            page.wait_for_timeout(300)
            if name == MOVING:
                write_moving(page, pictures / f"{name}.webp")
            else:
                page.locator(".lecture").screenshot(path=pictures / f"{name}.png")
            print(name)


def write_moving(page: Page, file: Path) -> None:
    """Move the lab as a hand does, and write what is seen."""
    explorer = page.locator(".lecture")
    canvas = explorer.locator("canvas").bounding_box()
    left, top, cell = page.evaluate(
        "(({ x, y, cell }) => [x, y, cell])(document.querySelector('.lecture').explorer.drawn[0].grid)"
    )
    seen: list[Image.Image] = []
    lasting: list[int] = []

    def see(long: int) -> None:
        page.wait_for_timeout(150)  # until it is drawn
        image = Image.open(io.BytesIO(explorer.screenshot(animations="disabled"))).convert("RGB")
        seen.append(image.resize((880, round(image.height * 880 / image.width)), Image.Resampling.LANCZOS))
        lasting.append(long)

    def place(row: float, col: float) -> None:
        x, y = (start + (MARGIN + at + 0.5) * cell for start, at in ((left, col), (top, row)))
        page.mouse.move(canvas["x"] + x, canvas["y"] + y)

    place(*HAND[0])
    page.mouse.down()
    see(REST)
    for (row, col), (to_row, to_col) in pairwise(HAND):
        for step in range(1, STEPS + 1):
            place(row + (to_row - row) * step / STEPS, col + (to_col - col) * step / STEPS)
            see(REST if step == STEPS else SHOWN)
    page.mouse.up()
    for kernel in KERNELS:
        explorer.get_by_role("radio", name=kernel, exact=True).check()
        see(REST)
    first, *others = seen
    first.save(file, save_all=True, append_images=others, duration=lasting, loop=0, quality=80, method=4)


if __name__ == "__main__":
    main()
