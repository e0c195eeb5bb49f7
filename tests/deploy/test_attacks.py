"""What a student must not be able to do to others, tried on a real hub, as that student."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
import requests
import yaml

pwd = pytest.importorskip("pwd", reason="JupyterHub runs on Linux and macOS only")

from tools import make_exercises  # noqa: E402
from tools.hub import fit, privacy  # noqa: E402
from tools.hub.memory import family  # noqa: E402
from tools.hub.running import PREFIX, as_service, jupyterhub  # noqa: E402
from tools.hub.student import Student  # noqa: E402

pytestmark = pytest.mark.slow

ADA, BOB, CAROL, DAVE, LECTURER, GUEST = (
    PREFIX + name for name in ("ada", "bob", "carol", "dave", "lecturer", "guest")
)
ATTACK = Path(__file__).with_name("attack.py").read_text(encoding="utf-8")
SECRET = secrets.token_hex(16)
"""Stands in the hub's environment, as a key of the university's login service might."""


@pytest.fixture(scope="module")
def python(hub_python):
    found, why_not = hub_python
    if not found:
        pytest.skip(f"JupyterHub could not be installed: {why_not}")
    return found


@pytest.fixture(scope="module")
def copy():
    """The students' copy, where students can read it: the hub stands in it."""
    with tempfile.TemporaryDirectory(prefix="hub-test-copy-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        make_exercises.main(Path(folder))
        yield Path(folder) / "student"


@pytest.fixture(scope="module")
def hub(python, copy):
    if not fit.AS_ROOT:
        pytest.skip("not root: students are users of this machine, and only root makes them")
    if reasons := fit.reasons():
        pytest.skip(" ".join(reasons))
    people = dict.fromkeys((ADA, BOB, CAROL, DAVE), "students") | {LECTURER: "lecturers", GUEST: "guests"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBS_SECRET", SECRET)
        patch.setenv("PYTHONPATH", str(copy))  # as if it were installed in place of the clone
        patch.setenv("PATH", f"{fit.PROXY.parent}{os.pathsep}{os.environ['PATH']}")
        with jupyterhub(people, copy) as running:
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


def test_no_door_opens_to_a_neighbours_token_or_cookies(hub):
    bobs = {"Authorization": f"token {token(hub, BOB)}"}
    web = Student(hub.url, BOB, hub.password, "").log_in()
    straight = f"http://127.0.0.1:{port(hub, ADA)}"
    doors = [
        f"{hub.url}/user/{ADA}/api/contents", f"{hub.url}/user/{ADA}/api/kernels", f"{hub.url}/hub/api/users/{ADA}",
        f"{hub.url}/hub/api/users/{ADA}/tokens", f"{hub.url}/hub/api/users", f"{straight}/user/{ADA}/api/contents",
    ]  # fmt: skip
    assert [requests.get(each, headers=bobs, timeout=30).status_code // 100 for each in doors] == [4] * len(doors)
    assert [web.get(each, timeout=30).status_code // 100 for each in doors] == [4] * len(doors)
    assert requests.get(doors[0], timeout=30, allow_redirects=False).status_code in (302, 403)
    server = f"{hub.url}/hub/api/users/{ADA}/server"
    assert [requests.request(way, server, headers=bobs, timeout=30).status_code // 100 for way in ("POST", "DELETE")] == [4, 4]  # fmt: skip
    own = requests.get(doors[0].replace(ADA, BOB), headers=bobs, timeout=30)
    assert own.ok  # so the token is good where it belongs


def test_the_proxy_and_the_hub_do_nothing_for_who_has_no_token(hub):
    (proxy,) = (words for words in map(words_of, family(hub.process)) if "--api-port" in words)
    routes = f"http://127.0.0.1:{proxy[proxy.index('--api-port') + 1]}/api/routes"
    assert requests.get(routes, timeout=30).status_code == 403
    assert requests.post(f"{routes}/user/{ADA}", json={"target": "http://127.0.0.1:1"}, timeout=30).status_code == 403
    assert requests.get(f"{hub.url}/hub/api/users", timeout=30).status_code == 403


def words_of(process):
    return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").split("\0")


def test_neither_the_log_nor_the_process_list_holds_a_password_or_a_token(hub):
    secret = {hub.password, SECRET, token(hub, ADA), token(hub, BOB)}
    secret.add(next(filter(None, (environment(each).get("CONFIGPROXY_AUTH_TOKEN") for each in family(hub.process)))))
    shown = hub.log.read_text(encoding="utf-8") + " ".join(" ".join(words_of(each)) for each in family(hub.process))
    assert ADA in shown
    assert not [each for each in secret if each in shown]


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


@pytest.mark.parametrize("name", ["root", "../" + ADA, f"{ADA}/../{BOB}", "-rf", "a b", "", "ä", "a\0b", "x" * 10_000])
def test_a_hostile_name_stays_outside_and_the_hub_goes_on(hub, name):
    with pytest.raises(RuntimeError, match="does not let"):
        Student(hub.url, name, hub.password, "").log_in()
    assert requests.get(f"{hub.url}/hub/health", timeout=30).ok


def test_links_planted_before_the_hub_hands_out_notebooks_lead_nowhere(hub):
    """The server does not start then, which is its student's own affair, and nobody with more rights follows a link."""
    mine, adas = hub.homes / DAVE, hub.homes / ADA / "lecture" / "notebooks"
    before = {path: path.read_bytes() for path in adas.glob("*.ipynb")}
    targets = {"lecture": adas.parent, ".run/server.log": hub.log, ".local": hub.homes / ADA / ".local"}
    for link, target in targets.items():
        assert succeeded(DAVE, "plant", mine / link, target) == ["planted"]
    with pytest.raises(RuntimeError, match="not there"):
        Student(hub.url, DAVE, hub.password, "00_start_here.ipynb").start_server(time.monotonic() + 5)
    assert {path: path.read_bytes() for path in adas.glob("*.ipynb")} == before
    assert (hub.log.stat().st_uid, hub.log.stat().st_mode & 0o777) == (0, 0o600)
    assert "Traceback" not in hub.log.read_text(encoding="utf-8").partition("server.log")[2]
    assert all((mine / link).is_symlink() for link in targets)


def test_the_hub_has_no_more_rights_than_the_service_leaves_it_and_a_student_has_none(hub):
    rights = [status(process) for process in (hub.process, hub.processes()[BOB][0])]
    assert [each["NoNewPrivs"] for each in rights] == ["1", "1"]
    kill, setgid, setuid, net_bind_service, audit_write = 5, 6, 7, 10, 29  # as the system numbers them
    left = sum(1 << each for each in (kill, setgid, setuid, net_bind_service, audit_write))
    assert [int(each["CapEff"], 16) for each in rights] == [left, 0]
    notebook = hub.homes / ADA / "lecture" / "notebooks" / "00_start_here.ipynb"
    assert notebook.read_bytes()  # by root as it is
    assert subprocess.run([*as_service(fit.ROOT), "cat", notebook], capture_output=True).returncode == 1


def status(process):
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_a_hub_in_the_students_copy_hands_out_that_copy_and_has_no_solution(hub, copy):
    for path in (copy / "notebooks").glob("*.ipynb"):
        assert (hub.homes / BOB / "lecture" / "notebooks" / path.name).read_bytes() == path.read_bytes()
    assert str(copy / "deploy" / "student_server.py") in words_of(hub.processes()[BOB][0])
    account = pwd.getpwnam(BOB)
    said = subprocess.run(
        [fit.PYTHON, "-c", "from lecture_lib.chapters.pooling import exercises as e; import inspect; print(e.__file__, inspect.getsource(e.EXERCISES[0].solution))"],
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], cwd="/", capture_output=True, text=True,
        env={"PYTHONPATH": environment(hub.processes()[BOB][0])["PYTHONPATH"], "HOME": str(hub.homes / BOB)},
    )  # fmt: skip
    assert said.stdout.startswith(str(copy)), said.stderr
    assert "in this copy only the results of the check" in said.stdout


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
