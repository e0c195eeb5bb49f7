"""A simulated student: logs in, opens a notebook, runs all of it, moves every explorer; over HTTP, as a browser does."""

import json
import queue
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import requests
import websocket
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

PROTOCOL = "v1.kernel.websocket.jupyter.org"
FOLDER = "lecture/notebooks"


@dataclass
class Student:
    """One person at one browser. ``problems`` holds what went wrong, ``seconds`` how long each part took."""

    hub: str
    name: str
    password: str
    notebook: str
    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    moves: int = 0
    progress: float = 0.0

    def attend(self, moves: int, until: float) -> None:
        """The whole visit; a failure ends it and is noted."""
        try:
            self._timed("server", self.start_server, until)
            self._timed("kernel", self.open_notebook, until)
            self._timed("run all", self._run_all, until)
            self._timed("explorers", self._move_explorers, moves, until)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this student's failure and no one else's
            self.problems.append(f"{type(error).__name__}: {error}")
        self.progress = 1.0

    def leave(self) -> None:
        """Close the connection to the kernel."""
        if kernel := getattr(self, "_kernel", None):
            kernel.close()

    def _timed(self, part: str, work: Callable, *arguments) -> None:
        start = time.monotonic()
        work(*arguments)
        self.seconds[part] = time.monotonic() - start

    def log_in(self) -> requests.Session:
        """A browser that the hub knows; raises RuntimeError if the hub does not let this person in."""
        self._web = requests.Session()
        form = self._web.get(f"{self.hub}/hub/login", timeout=60)
        token = re.search(r'name="_xsrf"\s+value="([^"]+)"', form.text)[1]
        answer = self._web.post(
            f"{self.hub}/hub/login",
            data={"username": self.name, "password": self.password, "_xsrf": token},
            timeout=60,
        )
        if not answer.ok or "/hub/login" in answer.url:
            raise RuntimeError(f"the hub does not let {self.name} in: {answer.status_code}")
        return self._web

    def start_server(self, until: float) -> None:
        """Log in, and wait for JupyterLab's page."""
        self.log_in()
        self._here = f"{self.hub}/user/{self.name}"
        page = f"{self._here}/lab/tree/{FOLDER}/{self.notebook}"
        while "jupyter-config-data" not in (answer := self._web.get(page, timeout=180)).text:
            if (
                answer.status_code == 424
            ):  # no server, and none on its way: a busy hub may refuse, so ask until it has one
                self._web.get(f"{self.hub}/hub/spawn/{self.name}", timeout=180)
            if answer.status_code >= 500 or time.monotonic() > until:
                raise RuntimeError(f"JupyterLab's page is not there: {answer.status_code} {answer.url}")
            time.sleep(1)

    def _api(self, method: str, path: str, **options) -> dict:
        token = self._web.cookies.get("_xsrf", path=f"/user/{self.name}/")
        answer = self._web.request(
            method, f"{self._here}/api/{path}", headers={"X-XSRFToken": token}, timeout=120, **options
        )
        answer.raise_for_status()
        return answer.json()

    def open_notebook(self, until: float) -> None:
        """Start the notebook's kernel, and listen to it."""
        path = f"{FOLDER}/{self.notebook}"
        cells = self._api("GET", f"contents/{quote(path)}")["content"]["cells"]
        self._sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        wanted = {"path": path, "name": self.notebook, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self._api("POST", "sessions", json=wanted)["kernel"]["id"]
        session = uuid.uuid4().hex
        token = self._web.cookies.get("_xsrf", path=f"/user/{self.name}/")
        self._kernel = Kernel(
            f"{self._here}/api/kernels/{kernel}/channels?session_id={session}&_xsrf={quote(token)}",
            "; ".join(f"{each.name}={each.value}" for each in self._web.cookies if self._here.endswith(each.path.rstrip("/"))),
            session,
        )  # fmt: skip
        self._kernel.ask("kernel_info_request", {}, until)

    def _run_all(self, until: float) -> None:
        for number, source in enumerate(self._sources, 1):
            content = {
                "code": source,
                "silent": False,
                "store_history": True,
                "allow_stdin": False,
                "stop_on_error": True,
            }
            self._note(self._kernel.ask("execute_request", content, until), f"{self.notebook}, code cell {number}")
            self.progress = 0.9 * number / len(self._sources)

    def _move_explorers(self, moves: int, until: float) -> None:
        controls = list(movable(self._kernel.models))
        for comm, states in controls:
            for state in states[:moves]:
                if comm in self._kernel.models:  # a menu may have put another control in its place
                    self._move(comm, state, until)
        if not controls:
            self.problems.append(f"{self.notebook} shows no explorer that moves")

    def _move(self, comm: str, state: dict, until: float) -> None:
        content = {"comm_id": comm, "data": {"method": "update", "state": state, "buffer_paths": []}}
        self._note(self._kernel.ask("comm_msg", content, until), f"{self.notebook}, moving {state}")
        self.moves += 1

    def _note(self, answers: list[tuple[str, dict]], where: str) -> None:
        for kind, content in answers:
            if kind == "error":
                self.problems.append(f"{where}: {content['ename']}: {content['evalue']}")
            elif kind == "stream" and content["name"] == "stderr":
                self.problems.append(f"{where} wrote to stderr: {content['text'][:200]}")


def movable(models: dict[str, dict]) -> Iterator[tuple[str, list[dict]]]:
    """What moves among the widgets' models, each with the states to move it to: its end, its start, and where it stood."""
    for comm, state in models.items():
        for name, index in state.get("indices", {}).items():  # an explorer, as its declaration says
            if ends := _ends(index):
                yield comm, [{"_state": {name: value}} for value in (*ends, index["start"])]
        if {"min", "max", "value"} <= set(state) and isinstance(state["value"], int | float):
            if state.get("disabled"):
                continue
            yield comm, [{"value": state[end]} for end in ("max", "min")] + [{"value": state["value"]}]
        elif options := state.get("_options_labels"):
            yield comm, [{"index": len(options) - 1}, {"index": 0}, {"index": state.get("index")}]


def _ends(index: dict) -> tuple:
    """The last and the first place of an index; nothing where only the page knows them."""
    if index["kind"] == "numbers":
        return index["high"], index["low"]
    if index["kind"] == "options":
        return len(index["labels"]) - 1, 0
    return (index["of"] - 1, 0) if isinstance(index.get("of"), int) else ()


class Kernel:
    """A kernel's channels over a websocket. It listens all the time, as a browser does, and keeps the widgets' models."""

    def __init__(self, url: str, cookies: str, session: str):
        self._session, self.models = session, {}
        address = re.sub("^http", "ws", url)
        origin = "/".join(url.split("/")[:3])
        self._socket = websocket.create_connection(
            address, cookie=cookies, origin=origin, subprotocols=[PROTOCOL], timeout=120
        )
        self._answers: queue.Queue = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def ask(self, kind: str, content: dict, until: float) -> list[tuple[str, dict]]:
        """Send a message and wait until the kernel is idle again; returns (kind, content) of what it published."""
        header = {
            "msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self._session,
            "username": "student", "version": "5.3", "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self._socket.send_binary(serialize_msg_to_ws_v1(message, "shell", lambda part: json.dumps(part).encode()))
        published = []
        while True:
            try:
                parent, what, said = self._answers.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"no answer to {kind} in time") from None
            if what == "closed":
                raise ConnectionError(f"the kernel's connection closed: {said}")
            if parent != header["msg_id"]:
                continue
            if what == "status" and said["execution_state"] == "idle":
                return published
            published.append((what, said))

    def _listen(self) -> None:
        try:
            while raw := self._socket.recv():
                channel, (header, parent, _metadata, content, *_buffers) = deserialize_msg_from_ws_v1(raw)
                if channel != "iopub":
                    continue
                kind, content = json.loads(header)["msg_type"], json.loads(content)
                self._keep_model(kind, content)
                self._answers.put((json.loads(parent).get("msg_id"), kind, content))
        except (OSError, ValueError, websocket.WebSocketException) as error:
            self._answers.put((None, "closed", str(error)))

    def _keep_model(self, kind: str, content: dict) -> None:
        """Follow what the kernel says of its widgets; a copy of all their arrays is the browser's, not this test's."""
        if kind == "comm_open" and content["target_name"] == "jupyter.widget":
            wanted = (
                "min",
                "max",
                "value",
                "index",
                "disabled",
                "_options_labels",
                "_model_name",
                "source",
                "target",
                "indices",
            )
            state = content["data"].get("state", {})
            self.models[content["comm_id"]] = {name: state[name] for name in wanted if name in state}
        elif kind == "comm_msg" and content["comm_id"] in self.models:
            known = self.models[content["comm_id"]]
            known.update({name: value for name, value in content["data"].get("state", {}).items() if name in known})
        elif kind == "comm_close":
            self.models.pop(content["comm_id"], None)
