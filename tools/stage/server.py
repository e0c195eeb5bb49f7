"""A Jupyter server that shows decks: the one on this computer, with a token, and the kernels that the decks talk to."""

import json
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.ioloop import IOLoop
from traitlets.config import Config

from ..notebooks import ROOT

ROOM = [sys.executable, "-m", "tools.stage.room"]
"""What speaks with phones and tablets in the lecture hall."""
PORT = 8890
"""Where decks are shown, if nobody else is there when this is first tried."""


class DeckFiles(JupyterHandler, web.StaticFileHandler):
    """Files of the decks, for who has the token."""

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        self.xsrf_token  # noqa: B018  asked for, it becomes the cookie that the page must show to start a kernel
        await web.StaticFileHandler.get(self, path, include_body)

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "no-cache")


class Edit(JupyterHandler):
    """JupyterLab on the lecturer's copy of a notebook, beside the deck's own Python. It is loaded when it is first asked for."""

    def initialize(self, notebooks: Path) -> None:
        self.notebooks = notebooks

    @web.authenticated
    def get(self, name: str) -> None:
        from .copies import copy  # noqa: PLC0415  nobody waits for it before the first slide

        if name not in [each.name for each in self.notebooks.glob("*.ipynb")]:
            raise web.HTTPError(404)
        copy(self.notebooks / name, Path(self.serverapp.root_dir), self.contents_manager.notary)
        extensions = self.serverapp.extension_manager
        if "jupyterlab" not in extensions.extensions:
            extensions.add_extension("jupyterlab", enabled=True)
            extensions.link_extension("jupyterlab")
            extensions.load_extension("jupyterlab")
        self.redirect(url_path_join(self.base_url, "doc", "tree", name))


class Room(JupyterHandler):
    """How the deck reaches the program that phones in the hall reach; it is started when it is first asked for, and ends with us."""

    started: subprocess.Popen | None = None

    def initialize(self, stage: Path) -> None:
        self.stage = stage

    @web.authenticated
    async def post(self) -> None:
        if Room.started is None or Room.started.poll() is not None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}  # it lives as long as its input does
            Room.started = subprocess.Popen([*ROOM, str(self.stage)], cwd=ROOT, **pipes)
            Room.reached = IOLoop.current().run_in_executor(None, Room.started.stdout.readline)
        self.finish(await Room.reached)


def address(kept: Path) -> tuple[int, str]:
    """Port and token, the same each time: a tab that outlived its server finds the next one by itself.

    Args:
        kept: the file that keeps them; only its owner may read it.
    """
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(json.dumps({"port": _free_port(), "token": secrets.token_hex(24)}))
    said = json.loads(kept.read_text())
    return said["port"], said["token"]


def _free_port() -> int:
    try:
        socket.create_server(("127.0.0.1", PORT)).close()
    except OSError:
        with socket.create_server(("127.0.0.1", 0)) as other:
            return other.getsockname()[1]
    return PORT


def serve(page: Path, notebook: Path, options: list[str]) -> ServerApp:
    """A server that is ready to start, its browser will open ``page``; the notebook's kernel starts at once.

    Args:
        page: the deck, two folders deep in what is served. notebook: what it was made from.
        options: for the server, as on Jupyter's command line; they go before those that are set here.
    """
    stage = page.parents[1]
    copies = stage.with_name("present")
    copies.mkdir(exist_ok=True)
    progress = copies / "my_progress.json"  # what is pressed on stage is no student's, and the next lecture asks anew
    progress.unlink(missing_ok=True)
    os.environ["LECTURE_PROGRESS"] = str(progress)
    port, token = address(stage.with_name("stage.json"))
    ours = {
        "ip": "127.0.0.1",
        "port": port,
        "cookie_secret_file": str(stage.with_name("stage.secret")),
        "root_dir": str(copies),
        "default_url": f"/stage/{page.parent.name}/{page.name}",
        "open_browser": True,
        "log_level": "WARN",
    }
    config = Config({"ServerApp": ours, "LabApp": {"log_level": "WARN"}, "IdentityProvider": {"token": token}})
    app = ServerApp.instance(jpserver_extensions={}, config=config)
    app.initialize(options, find_extensions=False)
    at = url_path_join(app.base_url, "stage")
    edit = (f"{at}/edit/([^/]+)", Edit, {"notebooks": notebook.parent})
    room = (f"{at}/room", Room, {"stage": stage})
    app.web_app.add_handlers(".*$", [edit, room, (f"{at}/(.*)", DeckFiles, {"path": str(stage)})])

    async def start_kernel() -> None:
        await app.session_manager.create_session(
            path=notebook.name, name=notebook.name, type="notebook", kernel_name="python3"
        )

    app.io_loop.run_sync(start_kernel)  # Python gets ready while the browser opens; before, or there would be two of it
    return app
