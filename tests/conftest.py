"""One Hypothesis profile for all tests: the same examples on every machine, and no clock. And no network."""

import asyncio
import ipaddress
import os
import shutil
import signal
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from tools.browser import chromium

settings.register_profile("lecture", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lecture")


def stay_on_this_machine(event, arguments):
    """Stop every name that is looked up and every address that is called, but this machine's own."""
    if event == "socket.getaddrinfo" and not is_here(arguments[0]):
        raise ConnectionError(f"no test may ask the network: {arguments[0]!r} was looked up")
    if (
        event in ("socket.connect", "socket.sendto")
        and isinstance(arguments[1], tuple)
        and not is_here(arguments[1][0])
    ):
        raise ConnectionError(f"no test may ask the network: {arguments[1]!r} was called")


def is_here(host):
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


sys.addaudithook(stay_on_this_machine)


def pytest_configure():
    """On a person's machine tests that need these programs are skipped; CI has them, or its answer would mean little."""
    missing = ["node"] * (not shutil.which("node")) + ["chromium"] * (not chromium())
    if missing and os.environ.get("CI") == "true":
        raise pytest.UsageError(f"CI needs {', '.join(missing)}")


def pytest_collection_modifyitems(items):
    """The files that take longest go first, so that no worker is left with one of them at the end."""
    if other := [item.nodeid for item in items if " at 0x" in item.nodeid]:
        raise pytest.UsageError(f"the name of a test is the same for every worker: give its parameters ids: {other}")
    items.sort(key=lambda item: "browser" not in item.path.parts)


@pytest.fixture(autouse=True)
def no_loop_of_a_browser(request):
    """Playwright keeps a loop running between tests of the same worker; what asks for one, as a training does, must not find it."""
    if "browser" in request.node.path.parts:
        yield
        return
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture
def interruptible():
    """Hear an interrupt as a notebook's kernel does: what runs in the background was told to ignore them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def own_progress(monkeypatch, tmp_path):
    """What a test answers and guesses is kept for itself."""
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture(scope="module")
def loud():
    """What a student may have set: NumPy raises an error where a number is too large, too small or none."""
    with np.errstate(all="raise"):
        yield
