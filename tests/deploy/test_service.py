"""The service file, held against systemd's own reader and against the hub's configuration."""

import re
import shutil
import subprocess
import sys

import pytest

from tools.notebooks import ROOT

SERVICE = (ROOT / "deploy" / "lecture-hub.service").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_understands_every_line_of_the_service(tmp_path):
    """As it stands on a machine, where the command is there."""
    unit = tmp_path / "lecture-hub.service"

    def said(text):
        unit.write_text(text, encoding="utf-8")
        done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    here = re.sub(r"^ExecStart=\S+", f'ExecStart="{sys.executable}"', SERVICE, flags=re.MULTILINE)
    assert here != SERVICE
    assert said(here) == (0, "")
    assert "ProtectSystems" in said(here.replace("ProtectSystem=", "ProtectSystems="))[1]


def test_the_service_starts_what_the_readme_installs_with_the_certificate_that_the_configuration_reads():
    readme = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    config = (ROOT / "deploy" / "jupyterhub_config.py").read_text(encoding="utf-8")
    assert re.search(r"^cd /opt/lecture$", readme, re.MULTILINE)
    assert "cp deploy/lecture-hub.service /etc/systemd/system/" in readme
    assert "ExecStart=/opt/lecture/venv/bin/jupyterhub --config /opt/lecture/deploy/jupyterhub_config.py\n" in SERVICE
    for variable, path in re.findall(r"(LECTURE_HUB_\w+)=(\S+)", SERVICE):
        assert f'"{variable}"' in config
        assert path.rpartition("/")[0] in readme
