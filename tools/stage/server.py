"""A Jupyter server that shows decks: the one on this computer, with a token, and the kernels that the decks talk to."""

from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web


class DeckFiles(JupyterHandler, web.StaticFileHandler):
    """Files of the decks, for who has the token."""

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        self.xsrf_token  # noqa: B018  asked for, it becomes the cookie that the page must show to start a kernel
        await web.StaticFileHandler.get(self, path, include_body)

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "no-cache")


def serve(page: Path, notebook: Path, options: list[str]) -> ServerApp:
    """A server that is ready to start, its browser will open ``page``; the notebook's kernel starts at once.

    Args:
        page: the deck, two folders deep in what is served. notebook: what it was made from.
        options: for the server, as on Jupyter's command line; they go before those that are set here.
    """
    app = ServerApp.instance(jpserver_extensions={}, open_browser=True, log_level="WARN")
    ours = {
        "ip": "127.0.0.1",
        "root_dir": notebook.parent,
        "default_url": f"/stage/{page.parent.name}/{page.name}",
    }
    said = {each.partition("=")[0] for each in options}
    argv = [f"--ServerApp.{name}={value}" for name, value in ours.items() if f"--ServerApp.{name}" not in said]
    app.initialize([*argv, *options], find_extensions=False)
    files = url_path_join(app.base_url, "stage", "(.*)")
    app.web_app.add_handlers(".*$", [(files, DeckFiles, {"path": str(page.parents[1])})])

    async def start_kernel() -> None:
        await app.session_manager.create_session(
            path=notebook.name, name=notebook.name, type="notebook", kernel_name="python3"
        )

    app.io_loop.run_sync(start_kernel)  # Python gets ready while the browser opens; before, or there would be two of it
    return app
