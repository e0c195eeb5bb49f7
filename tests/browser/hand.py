"""A hand that draws on a pad: by mouse, finger or keys."""

from lecture_lib.data.drawings import PAD

SEVEN = [(60, 50), (130, 52), (200, 54), (180, 110), (150, 180), (130, 240)]


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
