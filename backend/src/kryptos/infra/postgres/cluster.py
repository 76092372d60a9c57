"""Cluster: one PostgreSQL server in one directory, owned by one process, stopped with it."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import msgspec

from kryptos.infra.postgres.binaries import Identity, choose_identity, major_version, program
from kryptos.infra.postgres.leftovers import end_leftovers, recorded_pid
from kryptos.infra.processes import last_lines, launched, open_log
from kryptos.kernel.errors import Kind, KryptosError

DATABASE = "kryptos"
_SUPERUSER = "postgres"
_SETTINGS = {
    "listen_addresses": "",  # a Unix socket only
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_compression": "on",
    "max_wal_size": "256MB",
    "wal_recycle": "off",  # a file of the log that is done with goes, and what was erased with it
    "log_error_verbosity": "terse",  # no DETAIL: it quotes values
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "log_min_messages": "warning",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
_SOCKET_NAME_LENGTH = len("/.s.PGSQL.5432.lock")
_SOCKET_PATH_LIMIT = 103  # bytes; macOS has 104 with the closing NUL, Linux 108 (unix(7))
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")  # others would need quoting that URL parsers disagree about
_STATUS_LINE = 7  # of postmaster.pid: "ready" once connections are accepted (PostgreSQL, miscadmin.h)


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Who runs a cluster, as written into its lock file."""

    pid: int
    purpose: str
    is_brief: bool = False
    """The owner is a short command: wait for it rather than rely on its server."""
    socket: str | None = None
    """Directory of the server's socket, once it accepts connections."""

    def url(self, database: str = DATABASE) -> str | None:
        """Return the URL of a database of the running server, or None while it is not ready."""
        return None if self.socket is None else _url(Path(self.socket), database)


class ClusterBusy(KryptosError):
    """Another process owns the cluster."""

    code = "CLUSTER_BUSY"
    kind = Kind.CONFLICT

    def __init__(self, root: Path, owner: Owner | None) -> None:
        self.owner = owner
        who = f"process {owner.pid} ({owner.purpose})" if owner is not None else "another process"
        super().__init__(
            f"The database in {root} is in use by {who}. Stop that first, or choose another directory with "
            "KRYPTOS_DATA_DIR."
        )


class ClusterFailed(KryptosError):
    """PostgreSQL could not be set up or started; the message bears the end of its log."""

    code = "CLUSTER_FAILED"
    kind = Kind.UNAVAILABLE


class ClusterOfOtherMajor(KryptosError):
    """The cluster's files belong to another major version of PostgreSQL, which alone can read them."""

    code = "CLUSTER_OF_OTHER_MAJOR"
    kind = Kind.CONFLICT

    def __init__(self, data: Path, *, found: str, ours: int) -> None:
        super().__init__(
            f"The database in {data} was made by PostgreSQL {found}, and this version of Kryptos brings {ours}, which "
            "cannot read it. Nothing was changed. Install the version that made it, take a backup there, and restore "
            "that here: docs/operations/upgrading.md, “When the embedded PostgreSQL changes its major version”."
        )


class Cluster:
    """PostgreSQL in ``root``, from ``start`` to ``stop`` or to the end of this process, whichever is first.

    Start it from a thread that lives as long as it should: the kernel ties the server's life to that thread.
    """

    def __init__(
        self,
        root: Path,
        *,
        purpose: str = "kryptos",
        is_brief: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root.absolute()
        self.data = self.root / "data"
        self.log = self.root / "postgres.log"
        self._owner = Owner(pid=os.getpid(), purpose=purpose, is_brief=is_brief)
        self._settings = {**_SETTINGS, **(settings or {})}
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: Path | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """Process id of the server, or None when it does not run."""
        return None if self._process is None or self._process.poll() is not None else self._process.pid

    def start(self, *, timeout_seconds: float = 120.0) -> None:
        """Start the server, making its files on the first time; return when it accepts connections.

        Raises ``ClusterBusy`` when another process owns the directory, ``ClusterFailed`` when PostgreSQL gives up.
        """
        self._take_lock()
        try:
            self._start(time.monotonic() + timeout_seconds)
        except BaseException:
            self.stop()
            raise

    def stop(self, *, timeout_seconds: float = 30.0) -> None:
        """Stop the server, cutting its connections and losing nothing that was committed; harmless when repeated."""
        if self._process is not None and self._process.poll() is None:
            for wanted in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, none
                self._process.send_signal(wanted)
                try:
                    self._process.wait(timeout_seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self._process = None
        if self._socket is not None and self._socket.parent != self.root:
            shutil.rmtree(self._socket, ignore_errors=True)
        self._socket = None
        self.release()

    def take(self) -> None:
        """Take the directory without starting a server, to delete it for example; ``release`` gives it back."""
        self._take_lock()
        end_leftovers(self.data)

    def release(self) -> None:
        """Give the directory back to whoever comes next."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            _held_locks.discard(self._lock)
            os.close(self._lock)
            self._lock = None

    def url(self, database: str = DATABASE) -> str:
        """Return the URL of a database of the running server."""
        if self._socket is None:
            message = f"the database in {self.root} has not been started"
            raise ClusterFailed(message)
        return _url(self._socket, database)

    def _take_lock(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.root / "owner.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(
                descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB
            )  # the kernel frees it however the owner ends
        except BlockingIOError:
            owner = _read_owner(descriptor)
            os.close(descriptor)
            raise ClusterBusy(self.root, owner) from None
        self._lock = descriptor
        _held_locks.add(descriptor)
        self._declare(self._owner)

    def _declare(self, owner: Owner) -> None:
        """Write who owns the cluster, for those who find it locked."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, msgspec.json.encode(owner), 0)

    def _start(self, deadline: float) -> None:
        if not end_leftovers(self.data):
            message = (
                f"A server that a killed process left in {self.data} does not end. Stop it, then try again."
            )
            raise ClusterFailed(message)
        identity = choose_identity(self.root, self.data)
        if (found := cluster_major(self.data)) not in {None, str(major_version())}:
            raise ClusterOfOtherMajor(self.data, found=str(found), ours=major_version())
        if not (self.data / "PG_VERSION").exists():
            self._make_files(identity)
        self._socket = self._socket_directory(identity)
        log = open_log(self.log)
        try:
            options = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
            self._process = subprocess.Popen(  # noqa: S603 - a program of the wheel
                launched(
                    [program("postgres"), "-D", self.data, "-k", self._socket, *options],
                    death_signal=signal.SIGINT,
                    identity=identity.words,
                    directory=self.root,
                ),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us: we stop the server last
            )
        finally:
            os.close(log)
        while not self._is_ready():
            if self._process.poll() is not None:
                message = f"PostgreSQL did not start. The end of {self.log}:\n{last_lines(self.log)}"
                raise ClusterFailed(message)
            if time.monotonic() > deadline:
                message = (
                    f"PostgreSQL is not ready in time; it may be recovering. See {self.log}, then try again."
                )
                raise ClusterFailed(message)
            time.sleep(0.01)
        self._declare(msgspec.structs.replace(self._owner, socket=str(self._socket)))

    def _is_ready(self) -> bool:
        if recorded_pid(self.data) != self.pid:
            return False  # the file of a predecessor, which may well say that it is ready
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()[_STATUS_LINE].strip() == "ready"
        except (FileNotFoundError, IndexError):
            return False

    def _make_files(self, identity: Identity) -> None:
        """Make the cluster's files and our database aside, then move them into place: there is never half a cluster."""
        draft = self.root / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        identity.own(draft)
        initdb: list[str | Path] = [
            program("initdb"),
            "-D",
            draft,
            "-U",
            _SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        self._run([*initdb, *locale, "--no-sync"], identity)
        single: list[str | Path] = [
            program("postgres"),
            "--single",
            "-D",
            draft,
            "-c",
            "log_min_messages=error",
            "postgres",
        ]
        self._run(single, identity, statement=f"CREATE DATABASE {DATABASE}\n")
        self._run([program("initdb"), "--sync-only", "-D", draft], identity)
        draft.rename(self.data)

    def _run(self, command: Sequence[str | Path], identity: Identity, statement: str = "") -> None:
        done = subprocess.run(  # noqa: S603 - a program of the wheel
            launched(command, death_signal=signal.SIGKILL, identity=identity.words, directory=self.root),
            cwd="/",
            input=statement,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0 or "ERROR:" in done.stderr:
            message = f"The files of the database in {self.root} could not be made:\n{done.stderr.strip()}"
            raise ClusterFailed(message)

    def _socket_directory(self, identity: Identity) -> Path:
        """Return a directory that only we can enter, short enough a path for a socket; the same every time."""
        place = self.root / "s"
        if _is_too_long(place):
            name = f"kryptos-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]}"
            parents = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - checked below to be ours
            place = next(
                (parent / name for parent in parents if not _is_too_long(parent / name)), parents[-1] / name
            )
        place.mkdir(mode=0o700, exist_ok=True)
        identity.own(place)
        found = place.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != identity.uid:
            message = f"{place} belongs to somebody else. Remove it, or choose a shorter path with KRYPTOS_DATA_DIR."
            raise ClusterFailed(message)
        place.chmod(0o700)
        for stale in place.glob(
            ".s.PGSQL.*"
        ):  # names a process id that may be a stranger's or a zombie's by now
            stale.unlink()
        return place


def cluster_major(data: Path) -> str | None:
    """Return the major version of PostgreSQL that the files in ``data`` belong to, or None when there are none."""
    try:
        return (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return None


_held_locks: set[int] = set()


def _drop_held_locks() -> None:
    """Close the locks in a forked copy of this process: it would keep them past the owner's death."""
    for descriptor in _held_locks:
        os.close(descriptor)
    _held_locks.clear()


os.register_at_fork(after_in_child=_drop_held_locks)


def _read_owner(descriptor: int) -> Owner | None:
    try:
        return msgspec.convert(json.loads(os.pread(descriptor, 4096, 0)), Owner)
    except (ValueError, msgspec.ValidationError):  # not written yet
        return None


def _is_too_long(socket_directory: Path) -> bool:
    encoded = os.fsencode(socket_directory)
    is_long = len(encoded) + _SOCKET_NAME_LENGTH > _SOCKET_PATH_LIMIT
    return is_long or _PLAIN_PATH.fullmatch(str(socket_directory)) is None


def _url(socket: Path, database: str) -> str:
    return f"postgresql://{_SUPERUSER}@/{quote(database)}?host={quote(str(socket), safe='/')}"
