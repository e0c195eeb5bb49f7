"""A real JupyterHub with its proxy on loopback, and the accounts of simulated students; all gone at the end."""

import grp
import os
import pwd
import random
import re
import secrets
import socket
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from ..notebooks import ROOT
from .fit import AS_ROOT, PYTHON
from .memory import family

MARK = "simulated student of the lecture"
PREFIX = "lecture-test-"

CONFIG = """
load_subconfig({config!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
"""
WITH_ACCOUNTS = """
c.LocalAuthenticator.allowed_groups = {{{prefix!r} + name for name in c.LocalAuthenticator.allowed_groups}}
c.PAMAuthenticator.admin_groups = {{{prefix!r} + name for name in c.PAMAuthenticator.admin_groups}}
"""
WITHOUT_ROOT = """
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allowed_users = set({names!r})
c.LocalAuthenticator.allowed_groups = set()

from pathlib import Path
from spawner import DoorSpawner

class WithoutAccounts(DoorSpawner):
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

    def processes(self) -> dict[str, list[int]]:
        """What runs in each student's home."""
        found = defaultdict(list)
        for process in family(self.process):
            try:
                inside = Path(os.readlink(f"/proc/{process}/cwd")).relative_to(self.homes)
            except (FileNotFoundError, ProcessLookupError, PermissionError, ValueError):
                continue
            if inside.parts:
                found[inside.parts[0]].append(process)
        return found


@contextmanager
def accounts(people: dict[str, str], homes: Path, password: str) -> Iterator[None]:
    """Local users with homes of their own, name → group; all gone at the end."""
    with ExitStack() as later:
        there = {each.gr_name for each in grp.getgrall()}  # a test that was killed leaves them
        for group in {PREFIX + group for group in ("students", "lecturers", *people.values())}:
            if group not in there:
                _run("groupadd", group)
            later.callback(_run, "groupdel", group)
        for name, group in people.items():
            _remove_leftover(name)
            _run(
                "useradd", "--create-home", "--home-dir", homes / name, "--comment", MARK, "--shell", "/bin/sh",
                "--groups", PREFIX + group, name,
            )  # fmt: skip
            later.callback(_run, "userdel", name)
        _run("chpasswd", said="".join(f"{name}:{password}\n" for name in people))
        yield


def _run(*command, said: str = "") -> None:
    done = subprocess.run(command, check=False, input=said, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _remove_leftover(name: str) -> None:
    """An account that an earlier test could not remove; never another one."""
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return
    if found.pw_gecos != MARK:
        raise RuntimeError(f"there is a user {name} on this machine already, and this test did not make it")
    _run("userdel", name)


def _free_ports(count: int, among: range) -> list[int]:
    found = []
    for port in random.sample(among, len(among)):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError(f"no {count} free ports among {among}")


def as_service(project: Path) -> list[str]:
    """Drop the rights that ``deploy/lecture-hub.service`` drops; what else it sets needs systemd."""
    service = (project / "deploy" / "lecture-hub.service").read_text(encoding="utf-8")
    kept = re.search(r"^CapabilityBoundingSet=(.*)$", service, re.MULTILINE)[1]
    bounds = ["-all", *(f"+{each.removeprefix('CAP_').lower()}" for each in kept.split())]
    return ["setpriv", "--no-new-privs", f"--bounding-set={','.join(bounds)}", "--"]


@contextmanager
def jupyterhub(people: dict[str, str], project: Path = ROOT) -> Iterator[Hub]:
    """Start a project's ``deploy/jupyterhub_config.py`` for these people, name → "students" or "lecturers", and stop it again."""
    with tempfile.TemporaryDirectory(prefix="hub-test-", ignore_cleanup_errors=True) as folder, ExitStack() as later:
        own, password = Path(folder), secrets.token_hex(16)
        homes, state = own / "homes", own / "state"
        homes.mkdir()
        for passed in (own, homes):
            passed.chmod(0o711)  # students pass through to their homes
        state.mkdir(mode=0o700)
        (port,) = _free_ports(1, range(20000, 30000))
        hub_port, api_port = _free_ports(2, range(600, 1024) if AS_ROOT else range(30000, 32000))
        if AS_ROOT:
            later.enter_context(accounts(people, homes, password))
        (state / "config.py").write_text(
            (CONFIG + (WITH_ACCOUNTS if AS_ROOT else WITHOUT_ROOT)).format(
                config=str(project / "deploy" / "jupyterhub_config.py"), port=port, hub_port=hub_port, api_port=api_port,
                password=password, names=list(people), homes=str(homes), prefix=PREFIX,
            ),
            encoding="utf-8",
        )  # fmt: skip
        log = ROOT / "build" / "hub" / "log.txt"
        log.unlink(missing_ok=True)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            command = [PYTHON, "-m", "jupyterhub", "--config", state / "config.py"]
            if AS_ROOT:
                command = [*as_service(project), *command]
            server = subprocess.Popen(
                command, cwd=state, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
        later.callback(_stop, server)
        hub = Hub(f"http://127.0.0.1:{port}", password, homes, server.pid, log)
        _wait(hub, server)
        yield hub


def _stop(server: subprocess.Popen) -> None:
    server.terminate()  # the hub then stops its proxy, its culler and every student's server
    try:
        server.wait(120)
    except subprocess.TimeoutExpired:
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
