"""Accounts of a class from a class list, and their homes in a backup and back; with real accounts where this is root."""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tools.notebooks import ROOT

pwd = pytest.importorskip("pwd", reason="JupyterHub runs on Linux and macOS only")

from tools.hub import fit  # noqa: E402

AS_ROOT = pytest.mark.skipif(not fit.AS_ROOT or sys.platform != "linux", reason="only root makes accounts")
P = "class-test-"  # not the hub tests' own: they may run beside these
BACKUP = ROOT / "deploy" / "backup.sh"


@pytest.fixture
def students(monkeypatch):
    """deploy/students.py as a module, with groups of this test's own."""
    monkeypatch.syspath_prepend(ROOT / "deploy")
    import students

    monkeypatch.setattr(students, "GROUPS", (P + "students", P + "lecturers"))
    monkeypatch.setattr(students, "STUDENTS", P + "students")
    yield students
    sys.modules.pop("students")


@pytest.fixture
def listed(tmp_path):
    """Write a class list."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "class.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


# The list at the door


@pytest.mark.parametrize(
    "text",
    [
        "name,login\nAda King,ada\nBo,bob\n",
        "Login;Full Name\nada;Ada King\nbob;Bo\n",
        "\ufeffUser_Name\tE-mail\tStudent name\r\nada\ta@b.c\tAda King\r\n\r\nbob\t\tBo\r\n",
        'NAME , LOGIN-ID\n"Ada King",ada\n ,\nBo, bob \n',
    ],
)
def test_a_class_list_is_read_whatever_program_wrote_it(text, listed, students):
    assert students.read_class(listed(text)) == [("Ada King", "ada"), ("Bo", "bob")]


def test_a_list_of_logins_alone_will_do(listed, students):
    assert students.read_class(listed("login\nada\n")) == [("", "ada")]


@pytest.mark.parametrize(
    "login",
    ["-rf", "../x", "a b", "a/b", "Ada", "ada:x", "a\x00b", "a\nb", "1", "ä", "ada$", ".", "a" * 32, "-", "_a", "a;id", "$(id)"],
)  # fmt: skip
def test_what_is_no_login_is_refused_with_its_line(login, listed, students):
    text = f'name,login\nBo,bob\nAda,"{login}"\n'
    with pytest.raises(ValueError, match=r"line [34]: .* is no login"):
        students.read_class(listed(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: one column must be headed “login”"),
        ("ada,Ada\n", "line 1: one column must be headed “login”"),
        ("login,user\nada,ada\n", "line 1: one column must be headed “login”"),
        ("login\n", "there is no student"),
        ("name,login\nAda,\n", "line 2: there is no login"),
        ("name,login\nAda\n", "line 2: there is no login"),
        ("login\nada\nbob\nada\n", "line 4: ada is in line 2 already"),
        ('name,login\n"=cmd()",ada\n', "line 2: '=cmd\\(\\)' is no name"),
    ],
)
def test_a_wrong_list_is_refused_with_the_line_and_the_rule(text, said, listed, students):
    with pytest.raises(ValueError, match=said):
        students.read_class(listed(text))


def test_a_list_in_another_encoding_is_refused(listed, students):
    with pytest.raises(ValueError, match="not in UTF-8"):
        students.read_class(listed("login,name\nada,Zoë\n", "latin-1"))


def test_all_wrong_lines_are_said_at_once(listed, students):
    with pytest.raises(ValueError, match="(?s)line 2.*line 4"):
        students.read_class(listed("login\n-a\nbob\nb b\n"))


def test_somebody_who_is_not_root_is_told_so(listed):
    command = [sys.executable, ROOT / "deploy" / "students.py", listed("login\nada\n")]
    if fit.AS_ROOT:
        command = [sys.executable, "-c", f"import os; os.geteuid = lambda: 1; import sys, runpy; sys.argv = {[*map(str, command[1:])]}; runpy.run_path(sys.argv[0], run_name='__main__')"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "Only root makes accounts.\n")


# Accounts


@pytest.fixture
def homes():
    """A folder for homes through which students pass; no account of this test is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="students-test-"))
    folder.chmod(0o711)
    yield folder
    for each in pwd.getpwall():
        if Path(each.pw_dir).is_relative_to(folder):
            subprocess.run(["userdel", each.pw_name], check=True, capture_output=True)
    for group in ("students", "lecturers"):
        subprocess.run(["groupdel", P + group], check=False, capture_output=True)
    shutil.rmtree(folder)


@pytest.fixture
def watched(monkeypatch, tmp_path):
    """Every command that makes or changes accounts writes down what the process list would show of it."""
    seen, shims = tmp_path / "seen", tmp_path / "bin"
    shims.mkdir()
    seen.write_text("")
    for name in ("useradd", "usermod", "userdel", "groupadd", "chpasswd"):
        shim = shims / name
        shim.write_text(f'#!/bin/sh\ntr "\\0" " " < /proc/$$/cmdline >> {seen}\nenv >> {seen}\nPATH=/usr/sbin:/usr/bin:/sbin:/bin exec {name} "$@"\n')  # fmt: skip
        shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shims}{os.pathsep}{os.environ['PATH']}")
    return seen


def passwords(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["login"]: row["password"] for row in csv.DictReader(file)}


def shadow(login):
    lines = Path("/etc/shadow").read_text(encoding="utf-8").splitlines()
    return next((line.split(":")[1] for line in lines if line.startswith(f"{login}:")), None)


def opens(python, login, password):
    """Whether PAM, which the hub asks, takes a password; asked through the hub's own library."""
    code = "import pamela, sys; pamela.authenticate(sys.argv[1], sys.stdin.read(), 'login'); pamela.check_account(sys.argv[1], 'login')"
    return subprocess.run([python, "-c", code, login], input=password, text=True, capture_output=True).returncode == 0  # fmt: skip


@AS_ROOT
@pytest.mark.slow
def test_thirty_students_come_from_a_list_in_one_command_and_nothing_shows_a_password(
    students, listed, homes, watched, tmp_path, capfd, hub_python
):
    logins = [f"{P}s{number}" for number in range(30)]
    path, out = (
        listed("name,login\n" + "".join(f"Student,{each}\n" for each in logins)),
        tmp_path / "class-passwords.csv",
    )
    assert students.main([str(path), "--homes", str(homes)]) == 0
    first = passwords(out)
    assert list(first) == logins
    assert len(set(first.values())) == 30
    assert (out.stat().st_mode & 0o777, out.stat().st_uid) == (0o600, 0)
    shown = "".join(capfd.readouterr()) + watched.read_text()
    assert shown.count("chpasswd") >= 30
    assert not [each for each in first.values() if each in shown]
    for login in logins:
        account, home = pwd.getpwnam(login), homes / login
        assert (home.stat().st_uid, home.stat().st_gid, home.stat().st_mode & 0o777) == (
            account.pw_uid,
            account.pw_gid,
            0o700,
        )
    python, _ = hub_python
    if python:
        assert opens(python, logins[0], first[logins[0]])  # and it has not expired: the hub has no page to change it
        assert not opens(python, logins[0], first[logins[1]])

    # Again: nobody's password changes, and a newcomer's is in a file of its own.
    before = {login: shadow(login) for login in logins}
    assert students.main([str(path), "--homes", str(homes)]) == 0
    path.write_text(path.read_text() + f"New,{P}new\n")
    assert students.main([str(path), "--homes", str(homes)]) == 1
    assert "is there already" in capfd.readouterr().err
    assert shadow(f"{P}new") is None
    assert students.main([str(path), "--homes", str(homes), "--out", str(tmp_path / "new.csv")]) == 0
    assert list(passwords(tmp_path / "new.csv")) == [f"{P}new"]
    assert {login: shadow(login) for login in logins} == before

    # Unless it is asked for.
    path.write_text(f"login\n{logins[3]}\n")
    asked = [str(path), "--homes", str(homes), "--new-passwords", "--out", str(tmp_path / "again.csv")]
    assert students.main(asked) == 0
    assert {login for login in logins if shadow(login) != before[login]} == {logins[3]}
    assert passwords(tmp_path / "again.csv")[logins[3]] != first[logins[3]]


@AS_ROOT
@pytest.mark.slow
def test_a_removed_student_is_gone_with_all_processes_and_the_next_one_with_that_number_cannot_read_what_was_left(
    students, listed, homes, capfd
):
    path = listed(f"login\n{P}eve\n")
    assert students.main([str(path), "--homes", str(homes)]) == 0
    account = pwd.getpwnam(f"{P}eve")
    (homes / f"{P}eve" / "mine").write_text("mine")
    os.chown(homes / f"{P}eve" / "mine", account.pw_uid, account.pw_gid)
    runs = subprocess.Popen(["sleep", "600"], user=account.pw_uid, group=account.pw_gid, extra_groups=[])
    assert students.main([str(path), "--remove"]) == 0
    assert runs.wait(30) == -9
    assert shadow(f"{P}eve") is None
    (left,) = homes.glob("*.gone-*")
    assert (left / "mine").read_text() == "mine"
    read = ["cat", str(left / "mine")]
    assert subprocess.run(
        read, user=account.pw_uid, group=account.pw_gid, extra_groups=[], capture_output=True
    ).returncode
    assert students.main([str(path), "--remove"]) == 0  # who is not there is no error


@AS_ROOT
@pytest.mark.slow
@pytest.mark.parametrize("what", [[], ["--new-passwords"], ["--remove"]])
def test_accounts_that_are_not_a_students_alone_are_left_as_they_are(what, students, listed, homes, capfd):
    before = Path("/etc/shadow").read_bytes()
    for login in ("root", "daemon", "nobody"):
        assert students.main([str(listed(f"login\n{login}\n")), "--homes", str(homes), *what]) == 1
        assert "not a student's alone" in capfd.readouterr().err
    for group in students.GROUPS:
        subprocess.run(["groupadd", group], check=True)
    subprocess.run(
        ["useradd", "--home-dir", homes / "x", "--groups", ",".join(students.GROUPS), f"{P}both"], check=True
    )
    changed = Path("/etc/shadow").read_bytes()
    assert students.main([str(listed(f"login\n{P}both\n")), "--homes", str(homes), *what]) == 1
    assert Path("/etc/shadow").read_bytes() == changed != before


@AS_ROOT
@pytest.mark.slow
def test_a_planted_link_a_home_that_is_there_and_a_group_stop_it_before_anything_is_made(
    students, listed, homes, tmp_path, capfd
):
    target = tmp_path / "target"
    (tmp_path / "class-passwords.csv").symlink_to(target)
    (homes / f"{P}squat").mkdir()
    assert students.main([str(listed(f"login\n{P}ada\n")), "--homes", str(homes)]) == 1
    assert students.main([str(listed(f"login\n{P}ada\n{P}squat\nshadow\n")), "--homes", str(homes), "--out", str(tmp_path / "o")]) == 1  # fmt: skip
    said = capfd.readouterr().err
    assert "squat is there already" in said
    assert "shadow is a group" in said
    assert not target.exists()
    assert shadow(f"{P}ada") is None


# Backup


@pytest.fixture
def ada(students, listed, homes):
    """A student with progress, a link, a script, and a file that nobody else should see."""
    assert students.main([str(listed(f"login\n{P}ada\n{P}bob\n")), "--homes", str(homes)]) == 0
    home, account = homes / f"{P}ada", pwd.getpwnam(f"{P}ada")
    made = """
import os, pathlib, socket
os.umask(0o077)
pathlib.Path("lecture/notebooks").mkdir(parents=True)
pathlib.Path("lecture/my_progress.json").write_text('{"solved": ["Zoë"]}')
pathlib.Path("lecture/notebooks/00 ü.ipynb").write_text("mine")
pathlib.Path("run.sh").write_text("exit")
os.chmod("run.sh", 0o755)
os.symlink("/etc/passwd", "link")
os.mkdir(".run")
socket.socket(socket.AF_UNIX).bind(".run/kernel")
with open("holes", "wb") as file:
    file.truncate(900_000_000)
"""
    subprocess.run(["/usr/bin/python3", "-I", "-c", made], cwd=home, user=account.pw_uid, group=account.pw_gid, extra_groups=[], check=True)  # fmt: skip
    return home


def state(home):
    """Owner, group, mode, and content or target of everything in a home."""
    return {
        str(path.relative_to(home)): (
            path.lstat().st_uid, path.lstat().st_gid, path.lstat().st_mode,
            os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() and path.stat().st_size < 1e6 else "",
        )
        for path in [home, *home.rglob("*")] if ".run" not in path.parts
    }  # fmt: skip


def backup(*arguments, code=0):
    done = subprocess.run([BACKUP, *arguments], capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done


@AS_ROOT
@pytest.mark.slow
def test_a_home_comes_back_from_a_backup_with_owner_modes_and_progress_and_what_was_there_is_kept(ada, homes, tmp_path):
    before, file = state(ada), tmp_path / "backup.tar.gz"
    backup("save", file, homes)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size < 5_000_000  # holes are no bytes
    backup("save", file, homes, code=1)  # an older backup is not written over
    (ada / "lecture" / "my_progress.json").write_text("{}")
    (ada / "run.sh").unlink()
    backup("restore", file, ada.name, homes)
    assert state(ada) == before
    (kept,) = homes.glob("*.before-*")
    assert (kept.stat().st_uid, kept.stat().st_mode & 0o777) == (0, 0o700)
    assert (kept / "lecture" / "my_progress.json").read_text() == "{}"
    assert not list(homes.glob(".restore-*"))


@AS_ROOT
@pytest.mark.slow
def test_a_home_goes_to_its_owner_on_a_machine_where_that_has_another_number(ada, homes, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup("save", file, homes)
    old = pwd.getpwnam(ada.name).pw_uid
    subprocess.run(["usermod", "--uid", str(old + 5000), ada.name], check=True, capture_output=True)
    backup("restore", file, ada.name, homes)
    assert {path.lstat().st_uid for path in [ada, *ada.rglob("*")]} == {old + 5000}


@AS_ROOT
@pytest.mark.slow
def test_without_an_account_nothing_is_restored_and_nothing_outside_the_homes(ada, homes, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup("save", file, homes)
    before = sorted(homes.iterdir())
    for login in (f"{P}nobody", "../x", "-rf", "root", ""):
        done = subprocess.run([BACKUP, "restore", file, login, homes], capture_output=True)
        assert done.returncode
        assert sorted(homes.iterdir()) == before


@AS_ROOT
@pytest.mark.slow
def test_a_link_planted_in_a_home_does_not_lead_a_restore_out_of_it(ada, homes, tmp_path):
    file, outside = tmp_path / "backup.tar.gz", tmp_path / "outside"
    backup("save", file, homes)
    outside.mkdir()
    subprocess.run(["rm", "-r", ada / "lecture"], check=True)
    (ada / "lecture").symlink_to(outside)
    backup("restore", file, ada.name, homes)
    assert list(outside.iterdir()) == []
    assert (ada / "lecture").is_dir()
    assert not (ada / "lecture").is_symlink()
