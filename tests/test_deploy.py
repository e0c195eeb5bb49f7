"""The class's hub, continuous integration and security: what can be checked without starting any of them."""

import ast
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import yaml
from traitlets.config import Config

from tools.audit import words
from tools.hub.sizes import Figures, table
from tools.hub.student import linked, movable

ROOT = Path(__file__).resolve().parents[1]
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
    assert config.LocalAuthenticator.allowed_groups == {"students"}
    assert "allow_all" not in config.Authenticator
    assert config.JupyterHub.hub_bind_url.startswith("http://127.0.0.1:")


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
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import student_server
student_server.prepare_home(Path(sys.argv[2]))
student_server.set_limits(300_000_000)
print(resource.getrlimit(resource.RLIMIT_DATA)[1], resource.getrlimit(resource.RLIMIT_NPROC)[1])
try:
    bytearray(400_000_000)
except MemoryError:
    print("refused")
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
    given = {path.name: path.read_bytes() for path in (tmp_path / "lecture" / "notebooks").iterdir()}
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's own memory against this limit")
def test_a_cell_that_wants_too_much_gets_a_memory_error(tmp_path):
    assert prepare(tmp_path) == ["300000000", "256", "refused"]


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
    assert values["hub"]["config"]["DummyAuthenticator"]["password"].startswith("REPLACE-")
    assert values["singleuser"]["image"]["name"].startswith("REPLACE-")
    assert values["proxy"]["https"]["enabled"] is True
    assert all(host.startswith("REPLACE-") for host in values["proxy"]["https"]["hosts"])


# The simulated student


def test_a_simulated_student_finds_controls_and_what_follows_them():
    models = {
        "a": {"min": 0, "max": 5, "value": 2},
        "b": {"min": 0, "max": 5, "value": 2, "disabled": True},
        "c": {"_options_labels": ["x", "y", "z"], "index": 1},
        "d": {"_model_name": "LinkModel", "source": ["IPY_MODEL_a", "value"], "target": ["IPY_MODEL_v", "row"]},
    }
    assert dict(movable(models)) == {
        "a": [{"value": 5}, {"value": 0}, {"value": 2}],
        "c": [{"index": 2}, {"index": 0}, {"index": 1}],
    }
    assert list(linked(models, "a", "value")) == [("v", "row")]
    assert list(linked(models, "c", "index")) == []


def test_the_readmes_sizes_follow_from_the_figures_beside_them():
    text = source("README.md")
    student, hub, cpu = (
        float(re.search(pattern, text)[1])
        for pattern in (r"and (\d+) MB at most", r"(\d+) MB for the hub itself", r"up to (\d+) s of processor time")
    )
    assert table(Figures(hub * 1e6, student * 1e6, cpu)) in text


# Workflows

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_the_workflows_are_here():
    assert [path.stem for path in WORKFLOWS] == ["site", "test"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_only_what_a_person_runs(path):
    targets = set(re.findall(r"^(\w[\w-]*):", source("Makefile"), re.MULTILINE))
    for step in steps(path):
        if "run" in step:
            make, target, *variables = step["run"].split()
            assert make == "make"
            assert target in targets
            assert all(re.fullmatch(r"PYTHON=\w+", each) for each in variables)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_pins_each_action_to_a_major_version(path):
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each) for each in used)


def test_the_tests_run_on_three_systems():
    jobs = yaml.safe_load(source(".github/workflows/test.yml"))["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]


# Security


def test_nothing_turns_jupyters_token_off_or_listens_beyond_this_machine():
    loose = re.compile(
        r"token=(''|\"\"|\s|$)|password\s*=\s*(''|\"\")|disable_check_xsrf|allow_unauthenticated_access\s*=\s*True"
        r"|0\.0\.0\.0|ip\s*=\s*['\"]?\*|allow_remote_access",
        re.MULTILINE,
    )
    paths = ["Makefile", "pyproject.toml", "environment.yml", *(p.relative_to(ROOT) for p in [*ROOT.glob("tools/**/*.py"), *ROOT.glob("tools/*.json"), *DEPLOY.iterdir(), *WORKFLOWS] if p.is_file())]  # fmt: skip
    found = {str(path): loose.search(source(path))[0] for path in paths if loose.search(source(path))}
    assert not found


FETCHING = {"requests", "urllib", "http", "httpx", "aiohttp", "socket", "ftplib", "telnetlib", "smtplib", "websocket", "webbrowser"}  # fmt: skip
RUNNING = {"subprocess", "pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "multiprocessing", "pty", "runpy", "code", "ctypes"}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "execv", "execvp", "spawnl", "urlopen", "urlretrieve", "input", "run_line_magic", "run_cell_magic"}  # fmt: skip
ALLOWED = {
    ("lecture_lib/practice/sandbox.py", "ctypes"): "stops a student's endless loop: an exception raised in its thread",
}
"""(file, name) → why it may."""


def dangers(code):
    """Modules and functions in the code that fetch something or run what was not written there."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from {alias.name.partition(".")[0] for alias in node.names} & (FETCHING | RUNNING)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from {node.module.partition(".")[0]} & (FETCHING | RUNNING)
        elif isinstance(node, ast.Call):
            name, of = getattr(node.func, "id", ""), getattr(node.func, "attr", "")
            yield from {name} & CALLS
            yield from {of} & (CALLS - {"compile", "input"})  # re.compile makes no program
            if any(key.arg == "allow_pickle" and getattr(key.value, "value", True) for key in node.keywords):
                yield "allow_pickle"


@pytest.mark.parametrize(
    "code",
    ["import urllib.request", "from requests import get", "eval('1')", "os.system('x')", "import pickle",
     "from subprocess import run", "__import__('os')", "np.load(f, allow_pickle=True)", "np.load(f, allow_pickle=x)"],
)  # fmt: skip
def test_the_search_for_dangers_finds(code):
    assert list(dangers(code))


def test_the_search_for_dangers_lets_the_harmless_pass():
    assert not list(dangers("import re\nre.compile('x')\nnp.load(f, allow_pickle=False)\nfrom . import code"))


def test_the_library_fetches_nothing_and_runs_nothing_from_outside():
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in (ROOT / "lecture_lib").rglob("*.py")
        for name in dangers(path.read_text(encoding="utf-8"))
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_cell_fetches_anything_or_runs_anything_from_outside(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not re.search(r"^\s*[!%]", cell.source, re.MULTILINE), f"a cell with a command: {cell.source}"
            assert not list(dangers(cell.source)), cell.source


def test_an_audit_that_could_not_ask_says_so_and_fails():
    code, said = words("", "Traceback\nConnectionError: unreachable")
    assert code == 2
    assert "did not happen" in said
    assert "ConnectionError: unreachable" in said


def test_an_audit_names_what_it_found_and_where_it_is_mended():
    flaw = {"id": "PYSEC-0000-1", "fix_versions": ["2.0"]}
    answer = json.dumps({"dependencies": [{"name": "some", "version": "1.0", "vulns": [flaw]}, {"name": "other", "skip_reason": "unknown"}]})  # fmt: skip
    code, said = words(answer, "")
    assert code == 1
    assert "1 known" in said
    assert "some 1.0: PYSEC-0000-1, mended in 2.0" in said
    assert "other was not audited: unknown" in said


def test_an_audit_of_packages_that_the_service_does_not_know_is_no_pass():
    answer = json.dumps(
        {"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "no"}]}
    )
    code, said = words(answer, "")
    assert code == 2
    assert "1 of 2 packages" in said
    assert "b was not audited: no" in said


# The nursery, which forks servers

NURSERY = """
import json, os, sys, types
sys.path.insert(0, sys.argv[1])
def main():
    facts = dict(argv=sys.argv, home=os.getcwd(), stranger="STRANGER" in os.environ, leader=os.getsid(0) == os.getpid())
    with open("half", "w") as file:
        json.dump(facts, file)
    os.rename("half", "facts.json")
sys.modules["jupyterhub.singleuser"] = types.SimpleNamespace(main=main)
sys.modules["jupyterhub"] = types.SimpleNamespace(singleuser=sys.modules["jupyterhub.singleuser"])
import nursery
nursery.IMPORTED = ()
nursery.main()
"""


@POSIX
def test_the_nursery_forks_a_server_with_its_own_surroundings_and_answers_with_its_id(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    request = {"user": "", "environment": {"HOME": str(home), "MEM_LIMIT": ""}, "arguments": ["--port=1"]}
    done = subprocess.run(
        [sys.executable, "-c", NURSERY, DEPLOY], input=f"{json.dumps(request)}\n" * 2, capture_output=True, text=True,
        env=os.environ | {"STRANGER": "yes"}, timeout=60,
    )  # fmt: skip
    assert len(set(map(int, done.stdout.split()))) == 2, done.stderr
    until = time.monotonic() + 30
    while not (home / "facts.json").exists():
        assert time.monotonic() < until, done.stderr
        time.sleep(0.05)
    facts = json.loads((home / "facts.json").read_text(encoding="utf-8"))
    assert facts == {
        "argv": ["jupyterhub-singleuser", "--port=1"], "home": str(home.resolve()), "stranger": False, "leader": True,
    }  # fmt: skip
    assert home.stat().st_mode & 0o777 == 0o700
