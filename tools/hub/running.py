"""A real JupyterHub with its proxy on loopback, and the accounts of simulated students; all gone at the end."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
MARK = "simulated student of the lecture"
AS_ROOT = os.name == "posix" and os.geteuid() == 0

CONFIG = """
load_subconfig({config!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allowed_users = set({names!r})
c.Authenticator.admin_users = set()
c.LocalAuthenticator.allowed_groups = set()
c.LocalAuthenticator.admin_groups = set()
"""
WITHOUT_ROOT = """
from forking import ForkingSpawner
from pathlib import Path

class WithoutAccounts(ForkingSpawner):
    def user_env(self, env):
        home = Path({homes!r}, self.user.name)
        home.mkdir(exist_ok=True)
        return env | {{"USER": self.user.name, "HOME": str(home)}}

c.JupyterHub.spawner_class = WithoutAccounts
"""


@dataclass(frozen=True)
class Hub:
    """Where it is, how to come in, and its process."""

    url: str
    password: str
    homes: Path
    process: int
    log: Path


@contextmanager
def accounts(names: list[str], homes: Path) -> Iterator[None]:
    """Local users with homes of their own, if this is root's; without root, folders."""
    if not AS_ROOT:
        yield
        return
    made = []
    try:
        for name in names:
            _remove_leftover(name)
            subprocess.run(
                ["useradd", "--create-home", "--home-dir", homes / name, "--comment", MARK, "--shell", "/bin/sh", name],
                check=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
            )
            made.append(name)
        yield
    finally:
        for name in made:
            subprocess.run(["userdel", name], check=False, capture_output=True)


def _remove_leftover(name: str) -> None:
    """An account that an earlier test could not remove; never another one."""
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return
    if found.pw_gecos != MARK:
        raise RuntimeError(f"there is a user {name} on this machine already, and this test did not make it")
    subprocess.run(["userdel", name], check=True, capture_output=True)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


@contextmanager
def jupyterhub(names: list[str]) -> Iterator[Hub]:
    """Start ``deploy/jupyterhub_config.py`` for these students, and stop it again."""
    with tempfile.TemporaryDirectory(prefix="hub-test-") as folder:
        own, password, (port, hub_port, api_port) = Path(folder), secrets.token_hex(16), _free_ports(3)
        own.chmod(0o711)  # students pass through to their homes
        homes, state = own / "homes", own / "state"
        homes.mkdir(mode=0o711)
        homes.chmod(0o711)
        state.mkdir(mode=0o700)
        text = CONFIG + ("" if AS_ROOT else WITHOUT_ROOT)
        (state / "config.py").write_text(
            text.format(
                config=str(ROOT / "deploy" / "jupyterhub_config.py"), port=port, hub_port=hub_port, api_port=api_port,
                password=password, names=names, homes=str(homes),
            ),
            encoding="utf-8",
        )  # fmt: skip
        log = state / "log"
        with accounts(names, homes), log.open("wb") as out:
            command = [sys.executable, "-m", "jupyterhub", "--config", str(state / "config.py")]
            server = subprocess.Popen(
                command, cwd=state, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
            try:
                hub = Hub(f"http://127.0.0.1:{port}", password, homes, server.pid, log)
                _wait(hub, server)
                yield hub
            finally:
                server.terminate()  # the hub then stops its proxy, its culler and every student's server
                try:
                    server.wait(90)
                except subprocess.TimeoutExpired:
                    _end_family(server)
        shutil.copy(log, ROOT / "build" / "hub" / "log.txt")
        shutil.rmtree(homes, ignore_errors=True)


def _end_family(server: subprocess.Popen) -> None:
    from .memory import family

    for process in list(family(server.pid))[::-1]:
        try:
            os.kill(process, 9)
        except ProcessLookupError:
            continue
    server.wait()


def _wait(hub: Hub, server: subprocess.Popen, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            if requests.get(f"{hub.url}/hub/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"JupyterHub did not start:\n{hub.log.read_text()[-3000:]}")
