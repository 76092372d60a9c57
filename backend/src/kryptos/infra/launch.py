"""Become another program that ends when its parent does: run as a script, with the standard library only.

``python -I -S launch.py <parent pid> <signal> <identity> <directory> <program> [argument…]``

A process that is killed cannot tell its children to stop; the kernel can (prctl(2), PR_SET_PDEATHSIG). This runs
between fork and exec, in a program of its own: Python code in a forked copy of a process with threads may deadlock.

``identity`` is how to appear to the program: ``same``; ``namespace:<uid>:<gid>``, a user namespace in which our own
user has that number (user_namespaces(7): nothing changes owner, but PostgreSQL no longer sees root);
``user:<uid>:<gid>``, really that user. With the last one, ``directory`` must be within its reach.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

FAILED = 71
"""Exit status when the program could not be started as asked (sysexits.h, EX_OSERR); the reason is on stderr."""

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_FIRST_ARGUMENT = 5


def die_with_parent(death_signal: signal.Signals, parent: int) -> None:
    """Ask the kernel for ``death_signal`` when ``parent`` dies; deliver it at once if that has happened already.

    The parent is, to the kernel, the *thread* that made this process. Only Linux can do this; elsewhere what a killed
    owner left behind is cleaned up by the next one.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def enter_namespace(uid: int, gid: int) -> None:
    """Enter a new user namespace where our user and group have the numbers ``uid`` and ``gid``."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), "user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1")


def become_user(uid: int, gid: int, directory: str) -> None:
    """Become another user for good and see that ``directory`` can be reached as such."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    Path(directory, ".").stat()


def run(arguments: list[str]) -> None:
    """Replace this process by the program that the arguments ask for."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's own handler would raise where we mean to end
    parent, death_signal, identity, directory = arguments[: _FIRST_ARGUMENT - 1]
    command = arguments[_FIRST_ARGUMENT - 1 :]
    way, *numbers = identity.split(":")
    if way == "namespace":
        enter_namespace(int(numbers[0]), int(numbers[1]))
    elif way == "user":
        become_user(int(numbers[0]), int(numbers[1]), directory)
    die_with_parent(
        signal.Signals(int(death_signal)), int(parent)
    )  # last: a change of credentials would undo it
    os.execv(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    try:
        run(sys.argv[1:])
    except OSError as error:
        print(f"cannot start {sys.argv[_FIRST_ARGUMENT]}: {error}", file=sys.stderr)  # noqa: T201 - it has no logger
        sys.exit(FAILED)
