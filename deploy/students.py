"""A class's accounts from a class list: ``python deploy/students.py class.csv``, as root; README.md beside this file says more.

Passwords go from here into ``chpasswd`` through a pipe and into one file that only root may read: never to the screen,
into a log, or into a command that the machine's process list would show.
"""

import argparse
import csv
import grp
import os
import pwd
import re
import secrets
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

GROUPS = STUDENTS, LECTURERS = "students", "lecturers"
NAMES = {"name", "full name", "student", "student name", "display name"}
LOGINS = {"login", "login name", "login id", "user", "username", "user name", "account"}
LOGIN = re.compile(r"[a-z][a-z0-9_-]{0,30}")
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is copied from paper
FIRST_UID = 1000  # below are the system's own accounts


class Student(NamedTuple):
    """One line of the class list."""

    name: str
    login: str


def read_class(path: Path) -> list[Student]:
    """Read a class list, with a line of headings that has a column for the login and may have one for the name.

    Raises:
        ValueError: what is wrong in which line, one line for each.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not in UTF-8 (byte {error.start}): save the list as “CSV UTF-8”.") from None
    head = text.partition("\n")[0]
    rows = csv.reader(text.splitlines(keepends=True), delimiter=max(",;\t", key=head.count))
    headings = [re.sub(r"[\s_-]+", " ", each).strip().lower() for each in next(rows, [])]
    name_at, login_at = (
        [at for at, each in enumerate(headings) if each in known] for known in (NAMES, LOGINS)
    )  # fmt: skip
    if len(login_at) != 1 or len(name_at) > 1:
        raise ValueError(
            f"{path}, line 1: one column must be headed “login”, and one may be headed “name”; it has {headings}."
        )
    students, wrong, lines = [], [], {}
    for row in rows:
        if not any(map(str.strip, row)):
            continue
        name, login = (row[at[0]].strip() if at and at[0] < len(row) else "" for at in (name_at, login_at))
        if reason := _wrong(name, login) or (login in lines and f"{login} is in line {lines[login]} already"):
            wrong.append(f"{path}, line {rows.line_num}: {reason}.")
        lines.setdefault(login, rows.line_num)
        students.append(Student(name, login))
    if wrong or not students:
        raise ValueError("\n".join(wrong) or f"{path}: there is no student in it.")
    return students


def _wrong(name: str, login: str) -> str:
    """What is wrong with a line by itself; nothing if the string is empty."""
    if not login:
        return "there is no login"
    if not LOGIN.fullmatch(login):
        return f"{login[:40]!r} is no login: a small letter, then small letters, digits, “-” or “_”, 31 at most"
    if not name.isprintable() or name.startswith(("=", "+", "-", "@")):
        return f"{name[:40]!r} is no name: a spreadsheet would compute it, or it holds characters that do not print"
    return ""


def is_student(login: str) -> bool:
    """Whether there is such an account, and it is a student's.

    Raises:
        ValueError: there is one, and it is somebody else's.
    """
    try:
        account = pwd.getpwnam(login)
    except KeyError:
        return False
    groups = {each.gr_name for each in grp.getgrall() if login in each.gr_mem}
    # Not a lecturer's or an administrator's: they have more groups than students, who have this and their own.
    if account.pw_uid < FIRST_UID or groups != {STUDENTS}:
        raise ValueError(f"{login} is an account of this machine, and not a student's alone: it is left as it is.")
    return True


def _refusal(login: str, homes: Path) -> str:
    try:
        if is_student(login):
            return ""
        grp.getgrnam(login)
        return f"{login} is a group of this machine."
    except ValueError as error:
        return str(error)
    except KeyError:
        there = os.path.lexists(homes / login)
        return f"{homes / login} is there already, and {login} has no account." if there else ""


def add(students: Iterable[Student], homes: Path, out: Path, anew: bool = False) -> list[str]:
    """Make the accounts that are missing; their passwords, and with ``anew`` new ones of all others, go into ``out``.

    Returns:
        The logins whose passwords stand in ``out``.

    Raises:
        ValueError: nothing was changed, and why.
    """
    students = list(students)
    if refused := [reason for _, login in students if (reason := _refusal(login, homes))]:
        raise ValueError("\n".join(refused))
    wanted = [each for each in students if anew or not is_student(each.login)]
    if not wanted:
        return []
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # no file and no link that is there
    except FileExistsError:
        raise ValueError(f"{out} is there already: move it away, or name another with --out.") from None
    for group in GROUPS:
        _run("groupadd", "--force", group)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("name", "login", "password"))
        for name, login in wanted:
            password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
            table.writerow((name, login, password))
            file.flush()  # what is set is written, whatever happens to the next one
            if not is_student(login):
                _run(
                    "useradd", "--create-home", "--home-dir", str(homes / login), "--key", "HOME_MODE=0700",
                    "--user-group", "--groups", STUDENTS, "--shell", "/bin/bash", "--", login,
                )  # fmt: skip
            _run("chpasswd", said=f"{login}:{password}\n")
    return [each.login for each in wanted]


def remove(logins: Iterable[str]) -> list[Path]:
    """Remove students' accounts, stop what they run, and put each home aside for root alone; returns where those are.

    Raises:
        ValueError: nothing was changed, and why.
    """
    there = [login for login in logins if is_student(login)]
    aside = []
    for login in there:
        account = pwd.getpwnam(login)
        _run("usermod", "--lock", "--expiredate", "1", login)  # before anything: no new server
        subprocess.run(["pkill", "-KILL", "-u", str(account.pw_uid)], check=False)
        _run("userdel", "--force", login)
        home = Path(account.pw_dir)
        if not home.is_dir() or home.is_symlink():
            continue
        # The next account may get this one's number: the door is root's, whoever owns what lies behind it.
        os.chown(home, 0, 0, follow_symlinks=False)
        home.chmod(0o700)
        gone = home.with_name(f"{login}.gone-{date.today()}-{secrets.token_hex(2)}")
        aside.append(home.rename(gone))
    return aside


def _run(*command: str, said: str = "") -> None:
    done = subprocess.run(command, check=False, input=said, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed and the rest was not done: {done.stderr.strip()}")


def main(arguments: list[str] | None = None) -> int:
    """Add or remove; returns 1 and says why if it cannot."""
    parser = argparse.ArgumentParser(description="Accounts for a class, from a CSV with columns “name” and “login”.")
    parser.add_argument("list", type=Path, metavar="class.csv")
    parser.add_argument("--out", type=Path, help="where the passwords go (class-passwords.csv, beside the list)")
    parser.add_argument("--homes", type=Path, default=Path("/home"), help="the folder of the homes (/home)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--new-passwords", action="store_true", help="also for those who have an account")
    what.add_argument("--remove", action="store_true", help="remove the accounts; each home is kept, for root alone")
    asked = parser.parse_args(arguments)
    out = asked.out or asked.list.with_name(f"{asked.list.stem}-passwords.csv")
    try:
        if os.geteuid() != 0:
            raise PermissionError("Only root makes accounts.")
        students = read_class(asked.list)
        if asked.remove:
            for home in remove(each.login for each in students):
                print(f"removed; the files are in {home}")
            print("Restart the hub: it then forgets them, and what their browsers still know.")
        else:
            made = add(students, asked.homes.resolve(), out, asked.new_passwords)
            kept = len(students) - len(made)
            print(
                f"{len(made)} passwords are in {out}" if made else "No password was set.", f"({kept} left as they were)"
            )
    except (ValueError, OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
