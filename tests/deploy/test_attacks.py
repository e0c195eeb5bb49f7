"""What a student must not be able to do to others, tried on a real hub, as that student."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests
import yaml

pwd = pytest.importorskip("pwd", reason="JupyterHub runs on Linux and macOS only")

from tools.hub import fit, privacy  # noqa: E402
from tools.hub.running import PREFIX, jupyterhub  # noqa: E402
from tools.hub.student import Student  # noqa: E402

pytestmark = pytest.mark.slow

ADA, BOB, CAROL, LECTURER, GUEST = (PREFIX + name for name in ("ada", "bob", "carol", "lecturer", "guest"))
ATTACK = Path(__file__).with_name("attack.py").read_text(encoding="utf-8")
SECRET = secrets.token_hex(16)
"""Stands in the hub's environment, as a key of the university's login service might."""


@pytest.fixture(scope="module")
def python():
    """JupyterHub's Python, installed if it is not there."""
    runs = next(
        (each for each in (sys.executable, "/usr/bin/python3") if not fit.closed(Path(each).resolve())), "python3"
    )
    done = subprocess.run(["make", "build/hub/.ready", f"PYTHON={runs}"], cwd=fit.ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"JupyterHub could not be installed: {done.stderr[-500:]}")
    return fit.PYTHON


@pytest.fixture(scope="module")
def hub(python):
    if not fit.AS_ROOT:
        pytest.skip("not root: students are users of this machine, and only root makes them")
    if reasons := fit.reasons():
        pytest.skip(" ".join(reasons))
    people = {ADA: "students", BOB: "students", CAROL: "students", LECTURER: "lecturers", GUEST: "guests"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBS_SECRET", SECRET)
        with jupyterhub(people) as running:
            for name in (ADA, BOB):
                start(running, name)
            yield running


def start(hub, name):
    student = Student(hub.url, name, hub.password, "00_start_here.ipynb")
    student.start_server(time.monotonic() + 120)
    student.open_notebook(time.monotonic() + 120)
    student.leave()


def attack(user, *arguments, **options):
    account = pwd.getpwnam(user)
    return subprocess.Popen(
        ["/usr/bin/python3", "-I", "-c", ATTACK, *map(str, arguments)],
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/", env={}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def succeeded(user, *arguments):
    """What worked of an attack, in words."""
    said, wrong = attack(user, *arguments).communicate(timeout=60)
    assert not wrong
    return said.split()


def environment(process):
    pairs = (each.partition("=") for each in Path(f"/proc/{process}/environ").read_text(encoding="utf-8").split("\0"))
    return {name: value for name, _, value in pairs}


def token(hub, name):
    return environment(hub.processes()[name][0])["JUPYTERHUB_API_TOKEN"]


def memory_holds(process, words):
    """Which of the words stand somewhere in a process's memory, read with root's rights: more than a student's."""
    found = set()
    with open(f"/proc/{process}/mem", "rb") as memory:
        for line in Path(f"/proc/{process}/maps").read_text(encoding="utf-8").splitlines():
            span, rights = line.split()[:2]
            if "r" in rights and "[v" not in line:  # the kernel's own pages, which are not memory
                begin, end = (int(each, 16) for each in span.split("-"))
                memory.seek(begin)
                part = memory.read(end - begin)
                found |= {word for word in words if word.encode() in part}
    return found


def port(hub, name):
    """Where the proxy sends what is meant for a student."""
    return int(environment(hub.processes()[name][0])["JUPYTERHUB_SERVICE_URL"].split(":")[2].partition("/")[0])


def test_a_students_memory_holds_no_neighbours_token_and_nothing_of_the_hubs_environment(hub):
    adas, bobs = token(hub, ADA), token(hub, BOB)
    held = [memory_holds(process, [adas, bobs, SECRET]) for process in privacy.processes(BOB)]
    assert set().union(*held) == {bobs}
    assert memory_holds(hub.process, [SECRET]) == {SECRET}  # so the search finds what is there


def test_nothing_of_the_hub_stands_in_a_students_environment(hub):
    for process in privacy.processes(BOB):
        assert not {"HUBS_SECRET", "CONFIGPROXY_AUTH_TOKEN"} & set(environment(process))
    assert environment(hub.process)["HUBS_SECRET"] == SECRET


def test_a_neighbour_reads_no_home_and_no_token_and_hears_no_kernel(hub):
    assert privacy.strangers_can(BOB, ADA, hub.homes / ADA) == []
    assert list((hub.homes / ADA / ".run").glob("kernel-*.json"))
    assert privacy.loud_kernels(hub.homes / ADA) == []


def test_the_hubs_log_cannot_be_written_into_or_truncated_by_a_student(hub):
    mark, before = secrets.token_hex(8), hub.log.stat().st_size
    reached = succeeded(BOB, "write_into_open_files", mark)
    assert str(hub.homes / BOB / ".run" / "server.log") in reached  # so the attack does reach what is open
    assert all(Path(name).is_relative_to(hub.homes / BOB) for name in reached)
    assert hub.log.stat().st_size >= before
    assert mark not in hub.log.read_text(encoding="utf-8")
    assert hub.log.stat().st_mode & 0o077 == 0


def test_a_neighbour_cannot_take_the_port_that_the_hub_chose(hub):
    assert succeeded(BOB, "take_port", 0)  # any port: so the attack works where nobody listens
    assert succeeded(BOB, "take_port", port(hub, ADA)) == []


def test_nor_can_he_when_the_server_behind_it_has_crashed(hub):
    adas, server = port(hub, ADA), hub.processes()[ADA][0]
    os.kill(hub.process, signal.SIGSTOP)  # so that it has not yet seen the crash
    os.kill(server, signal.SIGKILL)
    while server in hub.processes()[ADA]:
        time.sleep(0.01)
    assert succeeded(BOB, "take_port", adas) == []
    os.kill(hub.process, signal.SIGCONT)


def test_a_student_cannot_listen_where_the_hub_and_the_proxy_talk_to_each_other(hub):
    config = (fit.ROOT / "deploy" / "jupyterhub_config.py").read_text(encoding="utf-8")
    ports = [
        line.rpartition(":")[2].strip('"')
        for line in config.splitlines()
        if "hub_bind_url" in line or "api_url" in line
    ]
    assert len(ports) == 2
    assert [succeeded(BOB, "take_port", each) for each in ports] == [[], []]


def test_the_hub_answers_while_a_student_stops_his_own_server_before_it_has_begun(hub):
    slowest = 0.0
    login = threading.Thread(target=Student(hub.url, CAROL, hub.password, "").log_in)  # the hub then starts a server
    with attack(CAROL, "stop_everything", 20) as attacker:
        assert attacker.stdout.readline() == "begun\n"
        login.start()
        while attacker.poll() is None:
            begun = time.monotonic()
            requests.get(f"{hub.url}/hub/health", timeout=30)
            slowest = max(slowest, time.monotonic() - begun)
            time.sleep(0.1)
    stopped = privacy.processes(CAROL)
    assert "T (stopped)" in "".join(Path(f"/proc/{each}/status").read_text(encoding="utf-8") for each in stopped)
    for each in stopped:
        os.kill(each, signal.SIGCONT)
    login.join()
    assert slowest < 5


def test_students_and_lecturers_log_in_and_only_lecturers_administer(hub):
    answers = {
        name: Student(hub.url, name, hub.password, "").log_in().get(f"{hub.url}/hub/admin", timeout=30).status_code
        for name in (BOB, LECTURER)
    }
    assert answers == {BOB: 403, LECTURER: 200}


def test_an_account_in_neither_group_and_a_wrong_password_stay_outside(hub):
    for name, password in ((GUEST, hub.password), (LECTURER, "lecturer")):
        with pytest.raises(RuntimeError, match="does not let"):
            Student(hub.url, name, password, "").log_in()


LOGIN = """
import asyncio, json, sys
from traitlets.config import Config
from hmacauthenticator import HMACAuthenticator
settings, tries = json.load(sys.stdin)
authenticator = HMACAuthenticator(config=Config(settings))
for name, password in tries:
    entry = asyncio.run(authenticator.get_authenticated_user(None, {"username": name, "password": password}))
    print(bool(entry["admin"]) if entry else "outside")
"""


def test_on_kubernetes_each_name_has_its_own_password_and_nobody_is_admin_by_a_name(python):
    line = re.search(
        r"^python3 -c '(.*)' < names.txt", (fit.ROOT / "deploy/README.md").read_text(encoding="utf-8"), re.MULTILINE
    )[1]
    values = yaml.safe_load((fit.ROOT / "deploy/zero-to-jupyterhub.yaml").read_text(encoding="utf-8"))
    settings = values["hub"]["config"]
    assert settings["JupyterHub"]["authenticator_class"] == "hmacauthenticator.HMACAuthenticator"
    settings["HMACAuthenticator"]["secret_key"] = "ab" * 64
    settings["Authenticator"]["admin_users"] = ["noether"]
    printed = subprocess.run(
        [sys.executable, "-c", line], input="noether\nada\nbob\n", env=os.environ | {"KEY": "ab" * 64},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    passwords = dict(row.split() for row in printed.splitlines())
    tries = [(name, passwords[name]) for name in passwords]
    tries += [("noether", passwords["ada"]), ("Noether", passwords["ada"]), ("bob", passwords["ada"]), ("noether", "")]
    done = subprocess.run(
        [python, "-c", LOGIN], input=json.dumps([settings, tries]), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "False", "False"] + ["outside"] * 4, done.stderr
