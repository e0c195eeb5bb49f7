"""Milliseconds from a slider or key event to the painted picture, in JupyterLab."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import Locator, Page

from tools.browser import browser_page, jupyterlab, run_all
from tools.run_notebooks import METADATA

FRAME = 16.7
"""Milliseconds of a frame of a screen with 60 of them a second."""
ANOTHER_UNIT, STRONGEST = "walk: another unit, arrow key", "walk: to the strongest input, and back"
IN_A_FRAME = ANOTHER_UNIT, STRONGEST
MOVES = 40
WARM_UP = 12
CONVOLUTION = "from lecture_lib.chapters import convolution\nconvolution."
POOLING = "from lecture_lib.chapters import pooling\npooling."
LENET = "from lecture_lib.chapters import lenet_alexnet\nlenet_alexnet."
ACTIVATIONS = "from lecture_lib.chapters import activations\nactivations."
MOTIVATION = "from lecture_lib.chapters import motivation\nmotivation."
ZOO = f"{ACTIVATIONS}zoo('leaky_relu', beside=('tanh', 'mish'))"
ZIGZAG = """import numpy as np
from lecture_lib.chapters import activations
samples = np.random.default_rng(0).normal(size=(200, 2))
activations.zigzag({"all inputs positive": np.abs(samples), "inputs around zero": samples}, lr=0.2)"""
DIGIT = """from lecture_lib import data
from lecture_lib.chapters import motivation
from lecture_lib.models import mlp, small_cnn
images, labels = data.load_digits("test")
nets = {"MLP": mlp([784, 32, 10]).init(0), "CNN": small_cnn().init(0)}
motivation.shifted_digit(nets, images[:10], labels[:10], prepare=data.digits_as_input)"""
USUAL = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
from lecture_lib import data, filters
photo = data.resize(data.to_grey(data.load_photo("camera")), 144)
names = list(filters.KERNELS)
@interact(stride=(1, 4), padding=(0, 4))
def picture(stride=1, padding=1):
    _, axes = plt.subplots(1, 2, figsize=(9, 4))
    axes[0].imshow(photo, cmap="gray")
    axes[1].imshow(filters.correlate(photo, filters.KERNELS["laplacian_8"].weights, stride=stride, padding=padding))
    plt.show()"""

# Samples end one message after the animation frame in which the picture was drawn; works end with the drawing, before that frame.
PROBE = """() => {
    const probe = window.probe = { start: null, samples: [], works: [] };
    for (const type of ['keydown', 'pointermove', 'input', 'change']) {
        window.addEventListener(type, (event) => { probe.start ??= event.timeStamp; }, true);
    }
    // Waits without polling, so that the measurement does not slow what it measures.
    probe.sampled = (count) => new Promise((done) => {
        if (probe.samples.length >= count) done(); else probe.waiting = done;
    });
    probe.drawn = () => {
        const start = probe.start;
        if (start === null) return;
        probe.start = null;
        probe.works.push(performance.now() - start);
        requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => {
                probe.samples.push(performance.now() - start);
                probe.waiting?.();
            };
            channel.port2.postMessage(0);
        });
    };
    for (const { explorer } of document.querySelectorAll('.lecture')) {
        const draw = explorer.draw;
        explorer.draw = function (...args) {
            draw.apply(this, args);
            if (probe.python && this.arrays === this.probed) return;  // it follows the hand, Python has not answered yet
            this.probed = this.arrays;
            probe.drawn();
        };
    }
    new MutationObserver((records) => {
        for (const image of records.flatMap((r) => [...r.addedNodes]).flatMap((n) => [...n.querySelectorAll?.('img') ?? []])) {
            image.decode().then(probe.drawn);
        }
    }).observe(document.body, { childList: true, subtree: true });
}"""


@dataclass(frozen=True)
class Latency:
    """One line of the table, in milliseconds; ``bound`` holds for p95."""

    what: str
    p50: float
    p95: float
    bound: float | None


def measure() -> Iterator[Latency]:
    """Move every kind of control of the explorers, then the usual way of doing it."""
    for source, move in (
        (f"{CONVOLUTION}convolution_lab()", _move_lab), (f"{CONVOLUTION}receptive_field()", _move_field),
        (f"{CONVOLUTION}channel_mixer()", _move_mixer), (ZOO, _move_zoo), (ZIGZAG, _move_zigzag), (DIGIT, _move_digit),
        (f"{POOLING}pooling_lab()", _move_pooling), (f"{MOTIVATION}same_picture()", _move_picture),
        (f"{MOTIVATION}connections('shared')", _move_connections), (f"{LENET}network_walk()", _move_walk),
        (USUAL, _move_usual),
    ):  # fmt: skip
        yield from _in_lab(source, move)


def _in_lab(source: str, move: Callable[[Page], Iterator[tuple]]) -> Iterator[Latency]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)], metadata=METADATA)
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab, browser_page() as page:
        nbformat.write(notebook, Path(folder, "bench.ipynb"))
        lab.open(page, "bench.ipynb")
        run_all(page)
        page.wait_for_timeout(1500)
        page.evaluate(PROBE)
        for what, bound, act in move(page):
            yield from sample(page, what, bound, act)


def sample(page: Page, what: str, bound: int | None, act: Callable[[int], None]) -> Iterator[Latency]:
    """Act ``MOVES`` times, after some to warm up, waiting for the picture each time; what one frame has to hold is said of the work, too."""
    page.evaluate("python => { probe.samples = []; probe.works = []; probe.python = python; }", "needs Python" in what)
    for at in range(WARM_UP + MOVES):
        page.wait_for_timeout(23 + at % 17)  # not in step with the screen
        page.evaluate("() => { probe.start = null; }")
        act(at)
        page.evaluate("count => probe.sampled(count)", at + 1)
    samples, works = (page.evaluate(f"probe.{each}")[WARM_UP:] for each in ("samples", "works"))
    yield Latency(what, *np.percentile(samples, [50, 95]), bound)
    if what in IN_A_FRAME:
        yield Latency("  of that the work, event to end of drawing", *np.percentile(works, [50, 95]), FRAME)


def _keys(page: Page, target: Locator, there: str, back: str, moves: int) -> Callable[[int], None]:
    """Press a key ``moves`` times one way, then as often the other way."""
    target.focus()
    return lambda at: page.keyboard.press(there if at // moves % 2 == 0 else back)


def _drag(page: Page, handle: Locator, steps: int) -> Callable[[int], None]:
    """Drag a slider's handle back and forth, in ``steps`` moves from end to end."""
    left, y, width = handle.evaluate(_TRACK)
    stops = [*range(steps + 1), *range(steps - 1, 0, -1)]

    def act(at):
        if at == 0:
            page.mouse.move(left, y)
            page.mouse.down()
        page.mouse.move(left + width * stops[(at + 1) % len(stops)] / steps, y)

    return act


def strokes(page: Page, pad: Locator) -> Callable[[int], None]:
    """Draw one long stroke on a pad, a bit of it each time."""
    box = pad.bounding_box()
    x, y = box["x"] + 8, box["y"] + box["height"] / 2

    def act(at):
        if at == 0:
            page.mouse.move(x, y)
            page.mouse.down()
        page.mouse.move(x + 2 * (at + 1), y + 40 * np.sin(at / 4))

    return act


def typed(page: Page) -> Callable[[int], None]:
    """Type one weight of the kernel whose picture has the focus, another digit each time."""
    return lambda at: [page.keyboard.press(key) for key in ("Enter", str(2 + at % 7), "Enter")]


# Where the middle of a handle can be: a native one ends with its track, one of ipywidgets reaches over it.
_TRACK = """(handle) => {
    const native = handle.type === 'range';
    const { x, y, width, height } = (native ? handle : handle.closest('.noUi-base')).getBoundingClientRect();
    const half = native ? 10 : 0;
    return [x + half, y + height / 2, width - 2 * half];
}"""


def _slider(page: Page, label: str) -> Locator:
    return page.locator(".widget-hslider:visible", has_text=label).locator(".noUi-handle")


def _labelled(page: Page, label: str) -> Locator:
    return page.locator(".lecture").get_by_label(label, exact=True)


def _chosen(page: Page, label: str) -> Locator:
    """Of options that stand side by side the one that is chosen; arrow keys go on from it."""
    return page.locator(".lecture").get_by_role("radiogroup", name=label, exact=True).get_by_role("radio", checked=True)


def _picture(page: Page) -> Locator:
    return page.locator(".lecture canvas[role=application]").first


def _move_lab(page: Page) -> Iterator[tuple]:
    right, left, down, up = "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"
    yield "stride, arrow key", 20, _keys(page, _labelled(page, "Stride"), right, left, 3)
    yield "padding, arrow key", 20, _keys(page, _labelled(page, "Padding"), left, right, 1)
    _labelled(page, "Stride").press("Home")
    yield "stride, drag", 20, _drag(page, _labelled(page, "Stride"), 3)
    page.mouse.up()
    yield "position, arrow key", 20, _keys(page, _picture(page), right, left, 20)
    yield "kernel by name, arrow key", 20, _keys(page, _chosen(page, "Kernel"), up, down, 2)
    yield "dilation, arrow key (needs Python)", 100, _keys(page, _labelled(page, "Dilation"), right, left, 2)
    borders = page.get_by_role("radiogroup", name="Border").get_by_role("radio")
    yield "border, arrow key (needs Python)", 100, _keys(page, borders.first, right, left, 2)
    page.get_by_role("button", name="Your own picture").click()
    yield "photo, arrow key (needs Python)", 100, _keys(page, _chosen(page, "Photo"), down, up, 2)
    _picture(page).focus()
    yield "typed kernel, one digit (needs Python)", 100, typed(page)


def _move_field(page: Page) -> Iterator[tuple]:
    yield (
        "receptive field: layer, arrow key",
        20,
        _keys(page, _labelled(page, "Unit in layer"), "ArrowLeft", "ArrowRight", 3),
    )
    _labelled(page, "Unit in layer").press("Home")
    yield "receptive field: layer, drag", 20, _drag(page, _labelled(page, "Unit in layer"), 3)
    page.mouse.up()
    yield (
        "receptive field: side N (needs Python)",
        100,
        _keys(page, _labelled(page, "N input"), "ArrowRight", "ArrowLeft", 8),
    )


def _move_mixer(page: Page) -> Iterator[tuple]:
    red = _labelled(page, "red")
    yield "mixer: weight, arrow key (needs Python)", 100, _keys(page, red, "ArrowLeft", "ArrowRight", 20)
    red.press("Home")
    page.wait_for_timeout(500)
    yield "mixer: weight, drag (needs Python)", 100, _drag(page, red, 20)
    page.mouse.up()


def _move_zoo(page: Page) -> Iterator[tuple]:
    right, left = "ArrowRight", "ArrowLeft"
    yield (
        "zoo: parameter, arrow key",
        20,
        _keys(page, page.locator("[title='parameter of Leaky ReLU']:visible").last, right, left, 5),
    )
    yield "zoo: mean of the inputs, arrow key", 20, _keys(page, _labelled(page, "Mean"), right, left, 3)
    yield "zoo: cursor, arrow key", 20, _keys(page, _picture(page), right, left, 20)
    yield (
        "zoo: function, arrow key (needs Python)",
        100,
        _keys(page, _labelled(page, "Function"), "ArrowDown", "ArrowUp", 3),
    )


def _move_zigzag(page: Page) -> Iterator[tuple]:
    yield "zigzag: step, arrow key", 20, _keys(page, _labelled(page, "Step"), "ArrowRight", "ArrowLeft", 30)


def _move_digit(page: Page) -> Iterator[tuple]:
    yield (
        "digit: moved by arrow key",
        20,
        _keys(page, _picture(page), "ArrowRight", "ArrowLeft", 5),
    )
    yield "digit: another digit, arrow key", 20, _keys(page, _chosen(page, "Which digit"), "ArrowRight", "ArrowLeft", 5)


def _move_pooling(page: Page) -> Iterator[tuple]:
    right, left = "ArrowRight", "ArrowLeft"
    yield "pooling: window F, arrow key", 20, _keys(page, _labelled(page, "F window"), right, left, 3)
    yield "pooling: stride S, arrow key", 20, _keys(page, _labelled(page, "S stride"), right, left, 1)
    yield (
        "pooling: photo, arrow key (needs Python)",
        100,
        _keys(page, _chosen(page, "Photo"), "ArrowDown", "ArrowUp", 2),
    )


def _move_picture(page: Page) -> Iterator[tuple]:
    right, left = "ArrowRight", "ArrowLeft"
    yield "same picture: shift (needs Python)", 100, _keys(page, _labelled(page, "Right"), right, left, 10)


def _move_connections(page: Page) -> Iterator[tuple]:
    right, left = "ArrowRight", "ArrowLeft"
    yield "connections: window (needs Python)", 100, _keys(page, _labelled(page, "Window"), right, left, 1)


def _move_walk(page: Page) -> Iterator[tuple]:
    yield "walk: from the stroke to the bars (needs Python)", 80, strokes(page, page.locator(".lecture canvas").last)
    page.mouse.up()
    yield (
        "walk: rotate, arrow key (needs Python)",
        100,
        _keys(page, _labelled(page, "Rotate"), "ArrowRight", "ArrowLeft", 20),
    )
    page.get_by_role("button", name="What if", exact=True).click()
    slider = page.locator(".lecture-what input[type=range]")
    yield "walk: what if, arrow key (needs Python)", 80, _keys(page, slider, "ArrowRight", "ArrowLeft", 10)
    yield ANOTHER_UNIT, 20, _keys(page, _picture(page), "ArrowRight", "ArrowLeft", 5)
    yield STRONGEST, 20, _keys(page, _picture(page), "Enter", "Backspace", 3)


def _move_usual(page: Page) -> Iterator[tuple]:
    handle = _slider(page, "stride")
    handle.press("Home")
    page.wait_for_timeout(1000)
    yield "usual: interact + plt.show, arrow key", None, _keys(page, handle, "ArrowRight", "ArrowLeft", 3)
    handle.press("Home")
    page.wait_for_timeout(1000)
    yield "usual: interact + plt.show, drag", None, _drag(page, handle, 3)
