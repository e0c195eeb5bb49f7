"""The cheat sheet: two pages of formulas, sizes, counts and terms. Whatever is a number in it is computed here by the library."""

from pathlib import Path

import numpy as np

from lecture_lib import data, filters, models, ops, shapes, style, transforms
from lecture_lib.activations import ACTIVATIONS, Activation
from lecture_lib.chapters.convolution import IMAGE
from lecture_lib.chapters.convolution.blocks import inception_branch
from lecture_lib.chapters.motivation import wiring
from lecture_lib.chapters.pooling import NUMBERS
from lecture_lib.layers.base import Windowed
from lecture_lib.models import Sequential, Summary, summary
from lecture_lib.shapes import Window, conv_cost, receptive_fields

from . import drawings, formulas, glossary, pages, paper, publication

PAGE, PDF, TITLE = "cheat_sheet.html", "cheat_sheet.pdf", f"{publication.TITLE}: cheat sheet"
SIZES = {"S = 1": Window(3), "S = 2": Window(3, stride=2), "S = 3": Window(3, stride=3), "P = 1": Window(3, padding=1), "D = 2": Window(3, dilation=2)}  # fmt: skip
"""Over 7 pixels, as in the lecture."""
KERNELS = ("identity", "box_blur", "sharpen", "laplacian_4", "laplacian_8", "edge_corners", "sobel_x")
SHOWN = ("sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "maxout", "swish", "mish")
SLOPES = {
    "sigmoid": r"\sigma(x)(1 - \sigma(x))",
    "tanh": r"1 - \tanh^2 x",
    "relu": r"0 \;\text{or}\; 1",
    "leaky_relu": r"\alpha \;\text{or}\; 1",
    "prelu": r"\alpha \;\text{or}\; 1",
    "elu": r"\alpha e^x \;\text{or}\; 1",
    "maxout": r"w_i \;\text{of the highest}",
    "swish": r"\sigma + \beta x \sigma (1 - \sigma)",
    "mish": r"\tanh s + x \sigma(x) (1 - \tanh^2 s)",
}
FORMULAS = {"swish": r"x\, \sigma(\beta x)", "mish": r"x \tanh s,\; s = \ln(1 + e^x)", "tanh": r"\tanh x"}
"""Shorter than those of the library, which say the same."""

TERMS = {
    "bias": "one number that a filter adds everywhere",
    "capsule": "a vector: length says whether, direction how",
    "channel": "one of the maps behind each other",
    "cross-correlation": "sums of products, the filter as it is",
    "dead": "a ReLU below 0 for every sample",
    "epoch": "once through all samples",
    "equivariant": "moved picture, moved map",
    "feature map": "one filter’s answers, place by place",
    "filter": "weights of a window, through all channels",
    "fully connected": "every input to every unit; dense",
    "gradient": "how the loss follows each weight",
    "group convolution": "compares turned copies of a filter, too",
    "hyperparameter": "chosen, not learned: K, F, S, P",
    "invariant": "moved picture, same answer",
    "logits": "the last layer’s scores, before softmax",
    "loss": "one number: how wrong",
    "multiply-add": "one product added to a sum: a unit of work",
    "padding": "zeros around the input",
    "pooling": "largest or mean of each window of a map",
    "receptive field": "the pixels that can change a unit",
    "representation": "what a layer makes of a picture, φ(x)",
    "saturated": "where the function is flat: no gradient",
    "shared weights": "the same filter at every place",
    "stride": "step from one window to the next",
    "unit": "a sum of products, a bias, a bend",
    "volume": "channels, rows and columns of numbers",
}
"""Terms of the glossary in one line each."""


def pitfalls() -> list[str]:
    """What goes wrong most often, in a sentence each."""
    side, wrong = models.ALEXNET_INPUT["one_tower"][-1], models.ALEXNET_INPUT["torchvision"][-1]
    first = shapes.conv_output_size(side, 11, stride=4)
    return [
        "The formulas for sizes need the floor; libraries drop the last columns without a warning.",
        f"AlexNet takes {side}, not {wrong}: without padding its first layer gives {first} then, and {shapes.conv_output_size(wrong, 11, stride=4)} with {wrong}.",
        f"A filter goes through all channels: 5×5 on a colour photo has {conv_cost(3, 1, 5, 1).weights} weights, and one bias.",
        "Sharing saves weights, not work: multiply-adds grow with the size of the output.",
        "Most parameters stand in the first dense layer, most work in the convolutions.",
        "A convolution is equivariant, not invariant; pooling forgives small moves only.",
        "max(αx, x) is PReLU for α ≤ 1 only; right is max(0, x) + α·min(0, x).",
        "ReLU with too large a step dies; a leaky one comes back.",
        "Zeros at the border are an edge to every filter.",
        "Softmax always answers with a class, also for what is none; on turned digits it is more sure than right.",
    ]


def values() -> dict[str, object]:
    """All that the template asks for: numbers, tables and drawings."""
    kernel = filters.KERNELS["laplacian_4"].weights
    output = filters.correlate(IMAGE, kernel)
    row, col = 1, 1
    window = IMAGE[row : row + 3, col : col + 3]
    conv, dense = conv_cost(3, 10, 5, 32), wiring.first_layer(200, 3, 1000, 5)
    branches = [
        summary(inception_branch(192, reduced, 32, 5), (192, 28, 28)).total_multiply_adds for reduced in (None, 16)
    ]
    scores = np.array([2.0, 1.0, 0.0])
    odd = (3, 5, 7)
    lenet, tables = models.lenet5(), {}
    for variant, shape in models.ALEXNET_INPUT.items():
        tables[variant] = summary(models.alexnet(variant), shape)
    networks = {
        "lenet": (summary(lenet, (1, 28, 28)), lenet),
        "lenet_1998": summary(models.lenet5("1998"), (1, 32, 32)),
        "alexnet": (tables["one_tower"], models.alexnet("one_tower")),
        "towers": tables["two_towers"],
        "torchvision": tables["torchvision"],
    }
    pooled = {
        kind: pool(np.array(NUMBERS, float)[None, None], 2)[0, 0]
        for kind, pool in (("max", ops.max_pool2d), ("average", ops.avg_pool2d))
    }
    scale = (0, np.max(NUMBERS))
    return networks | {
        "image": drawings.grid(IMAGE, "image", (row, col, 3, 3)),
        "kernel": drawings.grid(kernel, "weight"),
        "output": drawings.grid(output, "map", (row, col, 1, 1)),
        "products": " + ".join(f"{p:g}·{w:g}" if w > 0 else f"{p:g}·({style.number(w)})" for p, w in zip(window.ravel(), kernel.ravel(), strict=True) if w),
        "result": style.number(output[row, col]),
        "sizes": [(name, drawings.windows(7, each), each.output_size(7)) for name, each in SIZES.items()],
        "dropped": shapes.dropped_columns(7, 3, 3),
        "same": [(f, shapes.same_padding(f)) for f in odd],
        "conv": conv,
        "dense": dense,
        "reduced": {"plain": branches[0], "with": branches[1], "times": f"{branches[0] / branches[1]:.1f}"},
        "fields": [each.size for each in receptive_fields([Window(3)] * 3)],
        "pooled_field": receptive_fields([Window(3), Window(2, 2), Window(3), Window(2, 2)])[-1].size,
        "pyramid": drawings.pyramid([Window(3)] * 3),
        "numbers": drawings.grid(NUMBERS, "image", (0, 0, 2, 2), scale),
        "pooled": {kind: drawings.grid(each, "image", (0, 0, 1, 1), scale) for kind, each in pooled.items()},
        "quarter": style.number(1 / 4),
        "activations": [_activation(ACTIVATIONS[name]) for name in SHOWN],
        "through_twenty": style.tiny(0.25**20),
        "kernels": [_kernel(name) for name in KERNELS],
        "scores": [f"{each:g}" for each in scores],
        "shares": [f"{each:.3f}" for each in ops.softmax(scores)],
        "loss": f"{-np.log(ops.softmax(scores)[0]):.3f}",
        "guessing": f"{np.log(10):.2f}",
        "moved": _both_ways(),
        "terms": [(term, TERMS[term.name]) for term in glossary.terms() if term.name in TERMS],
        "pitfalls": pitfalls(),
    }  # fmt: skip


def _activation(each: Activation) -> dict[str, str]:
    """A line of the table: formula, slope, picture, the steepest slope, the mean of what goes in as normal noise."""
    x = np.linspace(-6, 6, 24001)
    density = np.exp(-(x**2) / 2)
    steepest = float(np.max(each.df(x)))
    return {
        "name": each.title,
        "year": str(each.year),
        "formula": formulas.mathml(FORMULAS.get(each.name, each.formula)),
        "slope": formulas.mathml(SLOPES[each.name]),
        "picture": drawings.curve(each),
        "steepest": "" if each.name == "maxout" else f"{steepest:.2f}".rstrip("0").rstrip("."),
        "mean": "" if each.name == "maxout" else f"{abs(float((each.f(x) * density).sum() / density.sum())):.2f}",
    }


def _kernel(name: str) -> dict[str, str]:
    """A kernel with its name and what it makes of a photo."""
    kernel = filters.KERNELS[name]
    grey = data.to_grey(data.load_photo("camera"))[64:256:2, 150:342:2]
    made = filters.correlate(grey.astype(float), kernel.weights)
    whole = np.rint(kernel.weights / np.abs(kernel.weights[kernel.weights != 0]).min())
    return {
        "label": kernel.label.removeprefix("Edges: ").capitalize() + ", 1/9" * (name == "box_blur"),
        "grid": drawings.grid(whole, "weight"),
        "picture": drawings.photo(style.colours(made, "map", (-255, 255)), f"a photo after {kernel.label}"),
    }


def _both_ways() -> dict[str, object]:
    """A digit, moved or not, through a filter or not, and whether the order matters."""
    digit = data.load_digits("test")[0][0].astype(float)
    moved = transforms.translate(digit, 0, 4)
    sobel = filters.KERNELS["sobel_x"].weights
    maps = [filters.correlate(each, sobel, padding=1) for each in (digit, moved)]
    limit = (-1020, 1020)
    apart = np.abs(transforms.translate(maps[0], 0, 4) - maps[1]).max()
    grey = [drawings.photo(style.colours(each, "image", (0, 255)), "a digit") for each in (digit, moved)]
    edges = [drawings.photo(style.colours(each, "map", limit), "its upright edges") for each in maps]
    return {"x": grey[0], "gx": grey[1], "fx": edges[0], "fgx": edges[1], "apart": style.number(float(apart))}


def rows(table: Summary, net: Sequential) -> list[dict[str, object]]:
    """Lines of a network's table: layers that count or change the shape, with their share of the whole."""
    made = []
    for each, (_, layer, *_) in zip(table.rows, net.rows(table.input_shape), strict=True):
        if not (each.parameters or isinstance(layer, Windowed)):
            continue
        made.append(
            {
                "name": each.layer,
                "window": _window(layer) if isinstance(layer, Windowed) else "",
                "output": shapes.times(each.output_shape)
                if len(each.output_shape) == 3
                else f"{each.output_shape[0]:,}",
                "parameters": f"{each.parameters:,}" if each.parameters else "",
                "multiply_adds": f"{each.multiply_adds:,}" if each.multiply_adds else "",
                "share": 100 * each.parameters / table.total_parameters,
                "work": 100 * each.multiply_adds / table.total_multiply_adds,
                "sees": each.receptive_field[0],
            }
        )
    return made


def _window(layer: Windowed) -> str:
    """Side of a layer's window, and what is not usual about its stride and padding: "11, S 4"."""
    (side, _), (stride, _), (padding, _) = layer.kernel_size, layer.stride, layer.padding
    return f"{side}" + f", S {stride}" * (stride > 1) + f", P {padding}" * (padding > 0)


def write(site: Path, pdf: str = "") -> Path:
    """The sheet as a page of the site; ``pdf`` is the address of the same to print, if there is one."""
    path = site / PAGE
    pages.render(path.name, path, title=TITLE, m=formulas.mathml, rows=rows, pdf=pdf, **values())
    return path


def print_to(page: Path, folder: Path) -> Path:
    """The sheet's page as PDF."""
    return paper.print_page(page, folder / PDF, TITLE, media="print")
