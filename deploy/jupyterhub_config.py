"""A JupyterHub on one machine for a class; README.md beside this file says how to start it.

Each student is a user of this machine with a home of their own. Files in it are touched
by that user only (``student_server.py``), never with the hub's rights.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub defines it

HERE = Path(__file__).resolve().parent
PROXY = HERE.parent / "build" / "hub" / "npm" / "node_modules" / ".bin" / "configurable-http-proxy"
CERTIFICATE, KEY = os.environ.get("LECTURE_HUB_CERTIFICATE"), os.environ.get("LECTURE_HUB_KEY")

# Who hears the hub. Passwords travel over this connection: without a certificate it stays on this machine.
if CERTIFICATE and KEY:
    c.JupyterHub.bind_url = "https://:443"
    c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = CERTIFICATE, KEY
else:
    c.JupyterHub.bind_url = "http://127.0.0.1:8000"
# Only root may listen below 1024, so that nobody takes the hub's place while it is down, with all tokens sent there.
c.JupyterHub.hub_bind_url = "http://127.0.0.1:981"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:982"
if PROXY.exists():
    c.ConfigurableHTTPProxy.command = [str(PROXY)]

# Who may come in: this machine's own accounts and passwords, since each student needs an account for a home anyway.
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {"students", "lecturers"}
c.PAMAuthenticator.admin_groups = {"lecturers"}  # adds rights, but lets nobody in by itself
c.PAMAuthenticator.open_sessions = False
c.Authenticator.delete_invalid_users = True  # at its start the hub forgets who has no account any more, with all tokens

# What a student gets.
sys.path.insert(0, str(HERE))
c.JupyterHub.spawner_class = "spawner.DoorSpawner"
c.Spawner.default_url = "/lab/tree/lecture/notebooks/00_start_here.ipynb"
c.Spawner.mem_limit = "1G"  # of each process: student_server.py sets it
c.Spawner.args = [
    "--KernelManager.transport=ipc",  # sockets in the student's home: another user can hear a kernel's TCP port
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--MappingKernelManager.cull_interval=300",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.jpserver_extensions={'jupyter_lsp': False, 'jupyter_server_terminals': False}",  # memory, unused here
]
c.Spawner.environment = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    # Freed memory goes back to the system instead of waiting in each kernel for its next large array.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "1048576",
}
c.Spawner.start_timeout = 300  # a whole class starts at once, and shares the processors while it does
c.Spawner.http_timeout = 300

# Who has gone home: a server without a browser is stopped after an hour. The files stay.
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
c.JupyterHub.services = [
    {"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}
]
