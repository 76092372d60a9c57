"""The file of a backup: a tar of the dump, the generated secrets, and last a manifest that says what must be there.

The dump comes first and is written as PostgreSQL tells it, so that a backup needs the room of one file. Whatever was
cut off lacks the manifest. ``tar -xf`` and ``pg_restore`` can read it without us.
"""

import hashlib
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from kryptos.kernel.errors import Kind, KryptosError

FORMAT = 1
DUMP, MANIFEST, SECRETS = "database.dump", "manifest.json", "secrets/"

Progress = Callable[[int], None]
"""Told now and then how many bytes of the dump have passed."""

_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 20
_SMALL = 1 << 20
_SECRET_NAME = re.compile(r"[a-z][a-z0-9_-]*")


class BackupUnusable(KryptosError):
    """The file is no backup, or not all of one."""

    code = "BACKUP_UNUSABLE"
    kind = Kind.INVALID


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says about itself."""

    format: int = FORMAT
    product: str
    """Version of the program that wrote it."""
    schema: str | None
    """Revision of the schema; None for a database that was never migrated."""
    server: int
    """``server_version_num`` of the PostgreSQL that it was taken from."""
    dumped_by: int
    """Major version of the pg_dump that wrote the dump: an older pg_restore cannot read it."""
    taken_at: datetime
    """The instant whose state it holds."""
    rows: Mapping[str, int]
    """Rows by table, as schema-qualified SQL, counted in the snapshot that was dumped."""
    dump_bytes: int
    dump_sha256: str
    secrets: Mapping[str, str] = {}
    """SHA-256 by name of the generated secrets inside."""
    pepper_keys: Mapping[str, str] = {}
    """Fingerprints by id of the keys that token hashes were made with, whether they are inside or not."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup whose every byte has been compared with its manifest."""

    path: Path
    manifest: Manifest
    dump_offset: int
    secrets: Mapping[str, bytes]

    def read_dump(self) -> Iterator[bytes]:
        """Yield the dump in pieces."""
        with self.path.open("rb") as file:
            file.seek(self.dump_offset)
            yield from _pieces(file, self.manifest.dump_bytes)


class Writer:
    """Writes the parts one after the other; the header of the dump, whose length is not known before, at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self.dump_bytes = 0
        file.write(bytes(_BLOCK))

    @property
    def dump_sha256(self) -> str:
        """Checksum of the dump so far."""
        return self._sha256.hexdigest()

    def write_dump(self, piece: bytes) -> None:
        """Append a piece of the dump; before everything else."""
        self._file.write(piece)
        self._sha256.update(piece)
        self.dump_bytes += len(piece)

    def finish(self, manifest: Manifest, secrets: Mapping[str, bytes]) -> None:
        """Write what follows the dump, and the dump's header."""
        self._pad(self.dump_bytes)
        for name, content in secrets.items():
            self._member(SECRETS + name, content, manifest.taken_at)
        self._member(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)), manifest.taken_at)
        self._file.write(bytes(2 * _BLOCK))
        self._file.seek(0)
        self._file.write(_header(DUMP, self.dump_bytes, manifest.taken_at))

    def _member(self, name: str, content: bytes, at: datetime) -> None:
        self._file.write(_header(name, len(content), at) + content)
        self._pad(len(content))

    def _pad(self, length: int) -> None:
        self._file.write(bytes(-length % _BLOCK))


@contextmanager
def written_aside(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that nobody else can read, and that becomes ``path`` when the block ends well; never over another."""
    draft = path.with_name(f".{path.name}.partial")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            os.fchmod(file.fileno(), 0o600)  # a draft that somebody left there may have had another mode
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # fails where a file of that name has appeared meanwhile
    finally:
        draft.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def open_archive(path: Path, *, progress: Progress = lambda _: None) -> Archive:
    """Read a backup and compare all of it with its manifest; raise ``BackupUnusable`` saying what is wrong with it."""
    try:
        return _open(path, progress)
    except FileNotFoundError as error:
        raise BackupUnusable(f"There is no file {path}.") from error
    except OSError as error:
        raise BackupUnusable(f"{path} cannot be read: {error.strerror}.") from error
    except tarfile.TarError as error:
        raise BackupUnusable(f"{path} is not a backup of Kryptos, or only the beginning of one.") from error


def _open(path: Path, progress: Progress) -> Archive:
    with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
        members = {member.name: member for member in tar.getmembers() if member.isfile()}
        if DUMP in members and MANIFEST not in members:
            raise BackupUnusable(f"{path} is incomplete: its end is missing. Take another copy of it.")
        manifest = _manifest(path, _content(path, file, members.get(MANIFEST)))
        secrets = {name: _content(path, file, members.get(SECRETS + name)) for name in manifest.secrets}
        for name, content in secrets.items():
            if not _SECRET_NAME.fullmatch(name):
                raise BackupUnusable(f"{path} names a secret {name!r}, as no backup of Kryptos does.")
            _compare(path, hashlib.sha256(content).hexdigest(), manifest.secrets[name])
        dump = members.get(DUMP)
        if dump is None or dump.size != manifest.dump_bytes:
            raise BackupUnusable(f"{path} does not hold the dump that its manifest tells of.")
        file.seek(dump.offset_data)
        digest, passed = hashlib.sha256(), 0
        for piece in _pieces(file, dump.size):
            digest.update(piece)
            passed += len(piece)
            progress(passed)
        _compare(path, digest.hexdigest(), manifest.dump_sha256)
    return Archive(path, manifest, dump.offset_data, secrets)


def _manifest(path: Path, raw: bytes) -> Manifest:
    try:
        told = msgspec.json.decode(raw)
        if isinstance(told, dict) and isinstance(told.get("format"), int) and told["format"] > FORMAT:
            raise BackupUnusable(
                f"{path} was written by a newer version of Kryptos: restore it with that one."
            )
        return msgspec.convert(told, Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BackupUnusable(f"{path} has a manifest that cannot be read: {error}.") from error


def _content(path: Path, file: IO[bytes], member: tarfile.TarInfo | None) -> bytes:
    if member is None or member.size > _SMALL:
        raise BackupUnusable(f"{path} is not a backup of Kryptos: a part of it is missing.")
    file.seek(member.offset_data)
    return b"".join(_pieces(file, member.size))


def _pieces(file: IO[bytes], length: int) -> Iterator[bytes]:
    while length > 0 and (piece := file.read(min(length, _CHUNK))):
        length -= len(piece)
        yield piece


def _compare(path: Path, found: str, wanted: str) -> None:
    if found != wanted:
        raise BackupUnusable(
            f"{path} is damaged: its content is not what its manifest says (SHA-256). Take another copy of it."
        )


def _header(name: str, size: int, at: datetime) -> bytes:
    """Return a tar header of one block; GNU's form has room for any size."""
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(at.timestamp())
    header = member.tobuf(tarfile.GNU_FORMAT)
    if len(header) != _BLOCK:
        message = f"the header of {name} does not fit into a block"
        raise ValueError(message)
    return header
