"""Are there known vulnerabilities in the packages that are installed? Asks the vulnerability service, so it needs a network.

    python -m tools.audit .venv/bin/python

Exits with 0 if none is known, with 1 if some are, and with 2 if nobody could be asked.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 300


def installed(python: str) -> list[str]:
    """What is installed beside that Python, as name==version; this project itself is not."""
    command = [python, "-m", "pip", "list", "--format=json", "--exclude-editable", "--disable-pip-version-check"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    # What comes after a + is how a package was built: a service knows it without.
    return [f"{each['name']}=={each['version'].partition('+')[0]}" for each in found]


def words(answer: str, complaint: str) -> tuple[int, str]:
    """Exit code and what to say about pip-audit's answer, its JSON, and its complaint.

    >>> words('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', "")
    (0, 'No known vulnerability in 1 packages.')
    >>> words("", "ConnectionError: no route")[0]
    2
    """
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        last = complaint.strip().splitlines()[-1:] or ["it said nothing"]
        return (
            2,
            f"The audit did not happen: the vulnerability service gave no answer. Is there a network? pip-audit: {last[0]}",
        )
    skipped = [f"{each['name']} was not audited: {each['skip_reason']}" for each in packages if "skip_reason" in each]
    found = [
        f"{each['name']} {each['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for each in packages
        for flaw in each.get("vulns", ())
    ]
    if found:
        return 1, "\n".join([f"{len(found)} known vulnerabilities:", *found, *skipped])
    if skipped:
        lost = (
            f"{len(skipped)} of {len(packages)} packages could not be audited; in the others no vulnerability is known."
        )
        return 2, "\n".join([*skipped, f"The audit is not complete: {lost}"])
    return 0, f"No known vulnerability in {len(packages)} packages."


def main(python: str) -> int:
    """Audit what is installed beside ``python``."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "requirements.txt")
        listed.write_text("\n".join(installed(python)), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--timeout=15"]
        command += ["--disable-pip", "--no-deps", f"--requirement={listed}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
            code, said = words(done.stdout, done.stderr)
        except subprocess.TimeoutExpired:
            code, said = words("", f"no answer in {SECONDS} s")
    print(said)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
