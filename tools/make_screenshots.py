"""Make the README's pictures: each explorer in JupyterLab, as a person sees it.

python -m tools.make_screenshots
"""

import tempfile
from pathlib import Path

import nbformat

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
    "convolution_lab": ("convolution.convolution_lab('chelsea', 'sobel_x')", {"row": 44, "col": 52}),
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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab, browser_page(1280, 960) as page:
        for name, (explorer, state) in SHOTS.items():
            train = TRAIN if "nets" in explorer else ""
            source = f"{IMPORTS}{train}explorer = {explorer}\nexplorer.state = {state}\nexplorer"
            cell = nbformat.v4.new_code_cell(source)
            nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=METADATA), Path(folder, f"{name}.ipynb"))
            lab.open(page, f"{name}.ipynb")
            run_all(page)
            page.wait_for_function("document.querySelector('.lecture')?.explorer?.width")
            page.wait_for_timeout(300)
            page.locator(".lecture").screenshot(path=ROOT / "images" / "screenshots" / f"{name}.png")
            print(f"images/screenshots/{name}.png")


if __name__ == "__main__":
    main()
