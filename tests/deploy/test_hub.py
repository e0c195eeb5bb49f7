"""The class's hub: what can be checked without starting it."""

import json
import os
import re
import socket
import subprocess
import sys

import pytest
import yaml
from traitlets.config import Config

from lecture_lib.explore.explorer import Explorer
from lecture_lib.explore.spec import Free, Numbers, Options, Places
from tools.hub.fit import closed
from tools.hub.sizes import Figures, bound, table
from tools.hub.student import movable
from tools.notebooks import ROOT

DEPLOY = ROOT / "deploy"
POSIX = pytest.mark.skipif(os.name != "posix", reason="JupyterHub runs on Linux and macOS only")


def source(path):
    return (ROOT / path).read_text(encoding="utf-8")


# A hub on one machine


def hub_config(monkeypatch, **environment):
    """What deploy/jupyterhub_config.py sets, with these variables in the environment and no others of its own."""
    for name in ("LECTURE_HUB_CERTIFICATE", "LECTURE_HUB_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    config, path = Config(), DEPLOY / "jupyterhub_config.py"
    monkeypatch.setattr(sys, "path", [*sys.path])
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), {"get_config": lambda: config, "__file__": str(path)})  # noqa: S102
    return config


def test_without_a_certificate_the_hub_is_heard_on_this_machine_only(monkeypatch):
    assert hub_config(monkeypatch).JupyterHub.bind_url == "http://127.0.0.1:8000"


def test_with_a_certificate_the_hub_speaks_tls_only(monkeypatch):
    hub = hub_config(monkeypatch, LECTURE_HUB_CERTIFICATE="c.pem", LECTURE_HUB_KEY="k.pem").JupyterHub
    assert hub.bind_url.startswith("https://")
    assert (hub.ssl_cert, hub.ssl_key) == ("c.pem", "k.pem")


def test_not_everyone_may_come_in_and_the_hubs_own_door_is_on_loopback(monkeypatch):
    config = hub_config(monkeypatch)
    assert config.JupyterHub.authenticator_class == "pam"
    assert config.LocalAuthenticator.allowed_groups == {"students", "lecturers"}
    assert config.PAMAuthenticator.admin_groups == {"lecturers"}
    assert "allow_all" not in config.Authenticator
    assert config.Authenticator.delete_invalid_users  # or the next one of that name would be served with old tokens
    for url in (config.JupyterHub.hub_bind_url, config.ConfigurableHTTPProxy.api_url):
        assert url.startswith("http://127.0.0.1:")
        assert int(url.rpartition(":")[2]) < 1024  # where only root may listen


def test_the_spawner_is_beside_the_configuration(monkeypatch):
    module, name = hub_config(monkeypatch).JupyterHub.spawner_class.split(".")
    assert f"class {name}(" in source(f"deploy/{module}.py")
    assert str(DEPLOY) in sys.path


def test_each_kernel_has_one_thread_a_bound_and_sockets_no_neighbour_can_reach(monkeypatch):
    spawner = hub_config(monkeypatch).Spawner
    assert {spawner.environment[f"{name}_NUM_THREADS"] for name in ("OPENBLAS", "OMP", "MKL")} == {"1"}
    assert spawner.mem_limit == "1G"
    assert "--KernelManager.transport=ipc" in spawner.args


def test_the_hub_opens_the_first_notebook_and_stops_idle_servers(monkeypatch):
    config = hub_config(monkeypatch)
    assert config.Spawner.default_url == "/lab/tree/lecture/notebooks/00_start_here.ipynb"
    (culler,) = config.JupyterHub.services
    (role,) = config.JupyterHub.load_roles
    assert culler["name"] in role["services"]
    assert "delete:servers" in role["scopes"]
    assert not [scope for scope in role["scopes"] if scope.startswith("admin")]


STUDENT_SERVER = """
import os, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import student_server
student_server.prepare_home(Path(sys.argv[2]))
student_server.set_limits(300_000_000, student_server.PROCESSES)
print(resource.getrlimit(resource.RLIMIT_DATA)[1], resource.getrlimit(resource.RLIMIT_NPROC)[1])
try:
    bytearray(400_000_000)
except MemoryError:
    print("refused")
with open(sys.argv[2] + "/long", "wb") as file:
    file.seek(student_server.LARGEST_FILE)
    try:
        file.write(b"1")
        file.flush()
    except OSError as error:
        print(error.strerror)
        sys.stdout.flush(), os._exit(0)  # before it is tried again
"""


def prepare(home):
    """Prepare a home in a Python of its own, since limits and the umask stay; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", STUDENT_SERVER, DEPLOY, home], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@POSIX
def test_a_student_gets_every_notebook_in_a_home_that_is_closed_to_others(tmp_path):
    tmp_path.chmod(0o755)
    prepare(tmp_path)
    given = {path.name: path.read_bytes() for path in (tmp_path / "lecture" / "notebooks").glob("*.ipynb")}
    assert given == {path.name: path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert not [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077]


@POSIX
def test_what_a_student_wrote_stays_and_what_is_missing_comes_back(tmp_path):
    prepare(tmp_path)
    folder = tmp_path / "lecture" / "notebooks"
    (folder / "02_convolution.ipynb").write_text("mine", encoding="utf-8")
    (folder / "03_activations.ipynb").unlink()
    prepare(tmp_path)
    assert (folder / "02_convolution.ipynb").read_text(encoding="utf-8") == "mine"
    assert (folder / "03_activations.ipynb").read_bytes() == (ROOT / "notebooks/03_activations.ipynb").read_bytes()


TRUST = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import nbformat, student_server
from nbformat.sign import NotebookNotary
home = Path(sys.argv[2])
student_server.prepare_home(home)
(home / "lecture/notebooks/02_convolution.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
student_server.trust_copies(home)
check = NotebookNotary().check_signature
print(*(path.stem for path in sorted(home.glob("lecture/notebooks/*.ipynb")) if not check(nbformat.read(path, as_version=4))))
"""


@POSIX
def test_the_lectures_notebooks_are_trusted_and_those_that_somebody_changed_are_left_as_they_are(tmp_path):
    home = os.environ | {"HOME": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path / ".local" / "share" / "jupyter")}
    done = subprocess.run([sys.executable, "-c", TRUST, DEPLOY, tmp_path], env=home, capture_output=True, text=True)
    assert done.stdout == "02_convolution\n", done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o077]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's own memory against this limit")
def test_a_cell_that_wants_too_much_gets_a_memory_error(tmp_path):
    assert prepare(tmp_path) == ["300000000", "256", "refused", "File", "too", "large"]


SERVED = """
import json, os, resource, sys, types
sys.path.insert(0, sys.argv.pop(1))
import student_server
def serve():
    from tornado import netutil
    door = netutil.bind_sockets(1, "127.0.0.1")[0] if os.environ["DOOR"] else None
    print("said")
    facts = dict(argv=sys.argv[1:], nowhere=os.path.samefile("/dev/null", "/dev/fd/0"), here=os.getcwd(), port=door and door.getsockname()[1], processes=resource.getrlimit(resource.RLIMIT_NPROC)[0])
    with open(os.environ["HOME"] + "/facts.json", "w") as file:
        json.dump(facts, file)
sys.modules["jupyterhub.singleuser"] = types.SimpleNamespace(main=serve)
sys.modules["jupyterhub"] = types.SimpleNamespace(singleuser=sys.modules["jupyterhub.singleuser"])
student_server.main()
"""


def serve(home, *arguments, stdin=subprocess.DEVNULL, door=""):
    """Run the server's start to its end in a Python of its own; returns what it printed, and what a server would see."""
    done = subprocess.run(
        [sys.executable, "-c", SERVED, DEPLOY, *arguments], stdin=stdin, capture_output=True, text=True, check=True,
        env=os.environ | {"HOME": str(home), "MEM_LIMIT": "", "DOOR": door},
    )  # fmt: skip
    return done.stdout, json.loads((home / "facts.json").read_text(encoding="utf-8"))


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted by user on Linux")
def test_on_one_machine_a_server_takes_the_hubs_door_and_writes_its_own_log(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as door:
        said, facts = serve(tmp_path, "--door", "--some=1", stdin=door, door="yes")
        assert facts == {
            "argv": ["--some=1"], "nowhere": True, "here": str(tmp_path.resolve()), "port": door.getsockname()[1], "processes": 256,
        }  # fmt: skip
    assert said == ""
    assert (tmp_path / ".run" / "server.log").read_text(encoding="utf-8") == "said\n"
    assert (tmp_path / ".run" / "server.log").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted by user on Linux")
def test_in_a_container_no_processes_are_counted_since_the_node_counts_those_of_all_pods(tmp_path):
    import resource

    said, facts = serve(tmp_path, "--some=1")
    assert facts["processes"] == resource.getrlimit(resource.RLIMIT_NPROC)[0]
    assert (said, facts["argv"]) == ("said\n", ["--some=1"])


# A hub on Kubernetes

DOCUMENTED = {
    "hub": {"config", "concurrentSpawnLimit"},
    "proxy": {"https"},
    "singleuser": {"image", "cmd", "defaultUrl", "extraEnv", "memory", "cpu", "storage", "startTimeout", "cloudMetadata", "networkPolicy"},
    "prePuller": {"continuous", "hook"},
    "cull": {"enabled", "timeout", "every"},
}  # fmt: skip
"""Keys of the chart's reference that the file may use; a typing error would be ignored by an old chart, and stop a new one."""


@pytest.fixture
def values():
    return yaml.safe_load((DEPLOY / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8"))


def test_the_values_for_kubernetes_use_documented_keys_only(values):
    assert set(values) == set(DOCUMENTED)
    for part, known in DOCUMENTED.items():
        assert set(values[part]) <= known
    user = values["singleuser"]
    assert set(user["image"]) == {"name", "tag"}
    assert set(user["memory"]) == set(user["cpu"]) == {"guarantee", "limit"}
    assert set(user["networkPolicy"]) <= {"enabled", "egress", "egressAllowRules", "ingress"}
    assert set(values["proxy"]["https"]) == {"enabled", "type", "hosts", "letsencrypt"}


def test_both_hubs_give_a_student_the_same_surroundings(values, monkeypatch):
    spawner = hub_config(monkeypatch).Spawner
    assert values["singleuser"]["extraEnv"] == spawner.environment
    assert values["singleuser"]["defaultUrl"] == spawner.default_url
    assert values["singleuser"]["memory"]["limit"] == spawner.mem_limit
    assert "deploy/student_server.py" in " ".join(values["singleuser"]["cmd"])


def test_the_values_hold_no_password_and_no_address_of_anybody(values):
    assert values["hub"]["config"]["HMACAuthenticator"]["secret_key"].startswith("REPLACE-")
    assert values["singleuser"]["image"]["name"].startswith("REPLACE-")
    assert values["proxy"]["https"]["enabled"] is True
    assert all(host.startswith("REPLACE-") for host in values["proxy"]["https"]["hosts"])


# The simulated student


@POSIX
def test_the_class_says_what_this_machine_lacks_before_anything_is_installed():
    done = subprocess.run(
        [sys.executable, "-m", "tools.hub.fit"], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "there is no node" in done.stdout
    root = os.geteuid() == 0
    assert ("Not here: useradd, userdel" in done.stdout) == root
    assert ("Not as root: all students will be this user" in done.stdout) != root
    recipe = source("Makefile").partition("\nhub-test:")[2]
    assert recipe.index("-m tools.hub.fit") < recipe.index("build/hub/.ready") < recipe.index("-m tools.hub --students")


@POSIX
def test_a_folder_that_students_cannot_pass_is_found(tmp_path):
    inside = tmp_path / "of somebody" / "inside"
    inside.mkdir(parents=True)
    inside.parent.chmod(0o700)
    assert closed(inside) == inside.parent


def test_fewer_students_are_judged_by_a_bound_of_their_own():
    assert [bound(students) for students in (20, 5, 1)] == [330e6, 336e6, 368e6]


def test_a_simulated_student_finds_the_controls_of_explorers_and_of_interact():
    models = {
        "a": {"min": 0, "max": 5, "value": 2},
        "b": {"min": 0, "max": 5, "value": 2, "disabled": True},
        "c": {"_options_labels": ["x", "y", "z"], "index": 1},
    }
    assert dict(movable(models)) == {
        "a": [{"value": 5}, {"value": 0}, {"value": 2}],
        "c": [{"index": 2}, {"index": 0}, {"index": 1}],
    }
    explorer = Explorer(
        "some",
        "some",
        indices={"step": Numbers(1, 7, 3), "kind": Options("xyz", "y"), "row": Places(4), "text": Free()},
    )
    assert list(movable({"e": {"indices": explorer.indices}})) == [
        ("e", [{"_state": {"step": 7}}, {"_state": {"step": 1}}, {"_state": {"step": 3}}]),
        ("e", [{"_state": {"kind": 2}}, {"_state": {"kind": 0}}, {"_state": {"kind": 1}}]),
        ("e", [{"_state": {"row": 3}}, {"_state": {"row": 0}}, {"_state": {"row": 0}}]),
    ]
    explorer.close()


def test_the_sizes_follow_from_the_figures_beside_them():
    text = source("deploy/README.md")
    student, hub, cpu = (
        float(re.search(pattern, text)[1])
        for pattern in (r"and (\d+) MB at most", r"(\d+) MB for the hub itself", r"up to (\d+) s of processor time")
    )
    assert table(Figures(hub * 1e6, student * 1e6, cpu)) in text
