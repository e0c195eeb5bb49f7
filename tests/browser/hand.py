"""A hand that draws on a pad, by mouse, finger or keys; what the convolution lab shows it; and what a page writes."""

from lecture_lib.data.drawings import PAD

SEVEN = [(60, 50), (130, 52), (200, 54), (180, 110), (150, 180), (130, 240)]
WRITTEN = """() => { const written = []; const { fillText, stroke } = CanvasRenderingContext2D.prototype;
    Object.assign(CanvasRenderingContext2D.prototype, { fillText(text, ...at) { written.push(text); fillText.call(this, text, ...at); },
        stroke(...path) { written.push(null); stroke.call(this, ...path); } });
    explorers[0].draw();
    Object.assign(CanvasRenderingContext2D.prototype, { fillText, stroke });
    return written; }"""
"""What is written in the picture drawn once more, in order, and None for each line; asked in one go, for a page draws by itself, too."""


def type_cell(page, row, col, text, side=3):
    """Type into a cell of the picture that is typed into, by keys alone: Enter opens the first cell, Tab goes on."""
    page.locator(".lecture-stage > canvas").first.press("Enter")
    for _ in range(row * side + col):
        page.locator(".lecture-edit").press("Tab")
    page.locator(".lecture-edit").fill(text)
    page.locator(".lecture-edit").press("Enter")


PRODUCTS = """document.querySelector('.lecture').explorer.drawn[1].terms
    ?.map(({ pixel, weight }) => `(${pixel}×${weight})`).join(' + ') ?? ''"""
"""What stands in the window of the first convolution lab, as a sum: "(200×8) + (17×-1)"."""


def answered(page, shown, timeout=30_000, **state):
    """Wait until Python has answered all that was chosen in the first convolution lab, and the lab shows the answer.

    It stands at ``state``, ``shown`` is among the products of its window, and the output, which Python
    computes, is the sum of these products.
    """
    page.wait_for_function(
        f"""([shown, state]) => {{
            const explorer = document.querySelector('.lecture')?.explorer;
            if (!explorer?.drawn[1]?.terms) return false;
            const {{ map, skip, stride, row, col }} = explorer.where.windows();
            const output = map.values[map.offset + (skip + row * stride) * map.cols + skip + col * stride];
            const sum = explorer.drawn[1].terms.reduce((sum, {{ pixel, weight }}) => sum + pixel * weight, 0);
            return Object.values(explorer.changed).every((told) => told <= explorer.model.get('heard'))
                && explorer.model.get('told') <= explorer.model.get('heard')
                && Object.entries(state).every(([name, value]) => explorer.state[name] === value)
                && ({PRODUCTS}).includes(shown) && Math.abs(sum - output) < 0.01;
        }}""",
        arg=[shown, state],
        timeout=timeout,
    )


class Hand:
    """Where a point of the drawing is on the page, and how to get there."""

    def __init__(self, page, at=0):
        self.page, self.pad = page, page.locator(".lecture-pad canvas").nth(at)

    def place(self, point):
        box = self.pad.bounding_box()
        return [box[edge] + at * box["width"] / PAD for edge, at in zip("xy", point, strict=True)]

    def mouse(self, points):
        self.page.mouse.move(*self.place(points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.place(point), steps=3)
        self.page.mouse.up()

    def touch(self, points):
        session = self.page.context.new_cdp_session(self.page)
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        for at, point in enumerate(points):
            x, y = self.place(point)
            kind = "touchMove" if at else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
            self.page.wait_for_timeout(30)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        session.detach()

    def keyboard(self, points):
        """Along both axes, one after the other, from where the pen stands: the middle."""
        self.pad.focus()
        now = [PAD / 2, PAD / 2]
        for at, point in enumerate(points):
            for axis, (back, there) in enumerate((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))):
                steps = round((point[axis] - now[axis]) / 8)
                now[axis] += 8 * steps
                for _ in range(abs(steps)):
                    self.page.keyboard.press(there if steps > 0 else back)
            if at == 0:
                self.page.keyboard.press("Space")
        self.page.keyboard.press("Space")


def heard(page):
    """Wait until Python has answered all that was told by every explorer of the page."""
    page.wait_for_function("""[...document.querySelectorAll('.lecture')].every(({ explorer }) =>
        explorer.timer === undefined && explorer.model.get('told') === explorer.model.get('heard'))""")
