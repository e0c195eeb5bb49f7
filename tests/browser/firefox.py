"""Firefox, driven over WebDriver BiDi as it speaks it itself: no driver between, and of the protocol only what one journey needs."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import websocket

KEYS = {"Enter": "\ue007", "ArrowRight": "\ue014"}


def firefox() -> str | None:
    """Path of the installed Firefox, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Tab:
    """A page of Firefox; ``asked`` are the addresses that it has asked for, ``problems`` its console's errors."""

    def __init__(self, socket: websocket.WebSocket):
        self.socket, self.count, self.asked, self.problems = socket, 0, [], []
        self.ask("session.new", capabilities={})
        self.id = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"], contexts=[self.id])

    def ask(self, method: str, **params: object) -> dict:
        """Send a command; gives its result. What else Firefox says meanwhile is written down."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while (said := json.loads(self.socket.recv())).get("id") != self.count:
            if said["method"] == "network.beforeRequestSent":
                self.asked.append(said["params"]["request"]["url"])
            elif said["params"]["level"] == "error":
                self.problems.append(said["params"]["text"])
        assert said["type"] == "success", said
        return said["result"]

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self.id, url=address, wait="complete")

    def evaluate(self, code: str) -> object:
        """What an expression gives, as far as JSON has words for it."""
        whole = f"(async () => JSON.stringify((await ({code})) ?? null))()"
        said = self.ask("script.evaluate", expression=whole, target={"context": self.id}, awaitPromise=True)
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"]["value"])

    def wait(self, state: str) -> None:
        """Wait until an expression is true."""
        self.evaluate(
            f"new Promise((done) => {{ const look = () => (({state}) ? done(true) : setTimeout(look, 50)); look(); }})"
        )

    def click(self, selector: str) -> None:
        """Press the one element in sight that a selector names, with a mouse."""
        self.evaluate(
            f"document.querySelector({json.dumps(selector)}).scrollIntoView({{ block: 'center', behavior: 'instant' }})"
        )
        (node,) = self.ask("browsingContext.locateNodes", context=self.id, locator={"type": "css", "value": selector})["nodes"]  # fmt: skip
        there = {"type": "pointerMove", "x": 0, "y": 0, "origin": {"type": "element", "element": {"sharedId": node["sharedId"]}}}  # fmt: skip
        press = [there, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": press})

    def press(self, *names: str) -> None:
        """Press keys one after another: those of KEYS, or letters."""
        keys = [{"type": way, "value": KEYS.get(each, each)} for each in names for way in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": keys})

    def _act(self, source: dict) -> None:
        self.ask("input.performActions", context=self.id, actions=[source])


@contextmanager
def tab() -> Iterator[Tab]:
    """A page of a new Firefox, in which nobody was before."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:  # it may still write there
        command = [firefox(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
            try:
                address = next(found[1] for line in running.stderr if (found := re.search(r"listening on (ws:\S+)", line)))  # fmt: skip
                socket = websocket.create_connection(f"{address}/session", suppress_origin=True, timeout=240)
                try:
                    yield Tab(socket)
                finally:
                    socket.close()
            finally:
                running.terminate()
                running.communicate()  # what it had still to say
