"""What keeps a student's code where it is: Linux's own limits, Landlock and seccomp, all of which anybody may put on themselves.

It runs beside a student's code, so it imports nothing of the project.
"""

import ctypes
import errno
import os
import resource
import struct
from collections.abc import Iterable
from pathlib import Path

MEMORY = 1 << 30
"""Bytes that a student's code may have beyond what Python and the library take."""
SECONDS = 120
"""Of processor time, for one process."""
FILES = 64

# What Python and NumPy need once they run: memory, threads, clocks, reading files, and talking on what is open already.
ALLOWED = """
    read readv pread64 write writev close fstat newfstatat stat lstat statx lseek access faccessat faccessat2 readlink readlinkat
    open openat getdents64 getcwd mmap mprotect munmap mremap madvise brk futex futex_waitv set_robust_list rseq
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack exit exit_group restart_syscall
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrandom
    getpid gettid getppid getuid geteuid getgid getegid getrusage sched_yield sched_getaffinity uname sysinfo membarrier
    poll ppoll select pselect6 recvfrom recvmsg sendto sendmsg dup fcntl ioctl
"""
THREAD = 0x00010000  # CLONE_THREAD: a thread of the same process, not a process
LANDLOCK = {"create": 444, "add": 445, "restrict": 446}  # the same numbers on every processor
READ = 0b1101  # LANDLOCK_ACCESS_FS_EXECUTE, READ_FILE, READ_DIR
libc = ctypes.CDLL(None, use_errno=True)


class _Compared(ctypes.Structure):
    """An argument of a system call as libseccomp compares it."""

    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


EQUAL, MASKED = 4, 7  # SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ
ALLOW, REFUSE = 0x7FFF0000, 0x00050000


def missing() -> str:
    """What this machine lacks to hold a student's code, in words, or nothing."""
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return "libseccomp, the library that says which system calls a process may make; on Debian and Ubuntu: apt install libseccomp2"
    if libc.syscall(LANDLOCK["create"], None, 0, 1) < 1:
        return (
            "Landlock, by which a process gives up reading files; it is in Linux 5.13 and newer, if it is switched on"
        )
    return ""


def _done(result: int, what: str) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


def see_only(folders: Iterable[str]) -> None:
    """From now on this process and its children read these folders and files, and write nothing.

    Raises:
        OSError: Landlock is not here.
    """
    version = _done(libc.syscall(LANDLOCK["create"], None, 0, 1), "Landlock")
    handled = (1 << (13 if version == 1 else 14 if version == 2 else 15)) - 1
    rules = struct.pack("QQQ", handled, 0b11 if version > 3 else 0, 0b11 if version > 5 else 0)  # files, TCP, scopes
    rules = rules[: 24 if version > 5 else 16 if version > 3 else 8]
    ruleset = _done(libc.syscall(LANDLOCK["create"], rules, len(rules), 0), "Landlock")
    for folder in folders:
        if Path(folder).exists():
            place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            allowed = READ if Path(folder).is_dir() else READ & 0b0101
            _done(libc.syscall(LANDLOCK["add"], ruleset, 1, struct.pack("=Qi", allowed, place), 0), folder)
            os.close(place)
    _done(libc.prctl(38, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS")
    _done(libc.syscall(LANDLOCK["restrict"], ruleset, 0), "Landlock")
    os.close(ruleset)


def memory() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def close(size: int) -> None:
    """From now on this process has limits of memory, time and files, starts no process, signals none and opens no socket.

    Args:
        size: bytes of address space that it has already.

    Raises:
        OSError: libseccomp is not here, or the system refuses it.
    """
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(seccomp.seccomp_init(REFUSE | errno.EPERM))

    def allow(name: str, *compared: _Compared, action: int = ALLOW) -> None:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # else this processor has no such call
            array = (_Compared * len(compared))(*compared)
            if seccomp.seccomp_rule_add_array(rules, action, number, len(compared), array):
                raise OSError(errno.EINVAL, f"seccomp: {name}")

    for name in ALLOWED.split():
        allow(name)
    allow("clone", _Compared(0, MASKED, THREAD, THREAD))
    allow("clone3", action=REFUSE | errno.ENOSYS)  # its flags lie in memory, where nobody can look: clone is tried then
    allow("prlimit64", _Compared(0, EQUAL, 0))
    if seccomp.seccomp_load(rules):
        raise OSError(errno.EPERM, "seccomp could not be switched on")
