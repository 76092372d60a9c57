"""What ``kryptos backup`` and ``kryptos restore`` do and say, for somebody who does it for the first time."""

import asyncio
import shutil
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import typer

from kryptos.infra.backup.archive import Archive, open_archive
from kryptos.infra.backup.restore import Restored, require_restorable, restore_backup
from kryptos.infra.backup.take import Taken, take_backup
from kryptos.infra.postgres import database_url, own_cluster
from kryptos.infra.settings import Settings
from kryptos.infra.telemetry import configure_logging
from kryptos.surfaces.cli.installation import Installation

_TOLD = {
    "public.users": "people",
    "public.clients": "apps",
    "public.grants": "grants",
    "public.integrations": "connected accounts",
    "public.transactions": "transactions",
    "public.audit_records": "audit records",
}
"""Tables that an operator knows by another word, in the order in which they are told."""
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_STEP_BYTES = 1 << 22


def back_up(installation: Installation, file: Path, *, has_secrets: bool) -> None:
    """Take a backup and say what is in it, and what is not."""
    settings = _quiet(installation.settings())
    now = installation.clock.now()
    path = _named(file.absolute(), now)
    typer.echo(f"Backing up {_place(settings)}. It may go on working meanwhile.")
    meter = _Meter("written")
    with database_url(settings, purpose="kryptos backup") as url:
        taken = asyncio.run(
            take_backup(
                url,
                path,
                settings=settings,
                clock=installation.clock,
                has_secrets=has_secrets,
                progress=meter.show,
            )
        )
    meter.clear()
    _tell_taken(taken, settings, is_wanted=has_secrets)


def bring_back(installation: Installation, file: Path) -> None:
    """Check a backup, restore it, and say what is there now."""
    settings = _quiet(installation.settings())
    typer.echo(f"Checking {file} …")
    meter = _Meter("checked")
    archive = open_archive(file.absolute(), progress=meter.show)
    meter.clear()
    require_restorable(archive)
    made = archive.manifest
    typer.echo(
        f"It is whole: of {_moment(made.taken_at)}, written by Kryptos {made.product} (schema {made.schema or 'none'}, "
        f"PostgreSQL {made.server // 10_000}).\nRestoring it into {_place(settings)} …"
    )
    restored = _restore(settings, archive)
    _tell_restored(restored, settings, made.taken_at)


def _restore(settings: Settings, archive: Archive) -> Restored:
    meter = _Meter("read", of=archive.manifest.dump_bytes)
    # Whoever owns the embedded database for a short command is waited for, and nobody joins before this is done.
    cluster = (
        None
        if settings.database_url is not None
        else own_cluster(settings, purpose="kryptos restore", is_brief=True)
    )
    try:
        url = cluster.url() if cluster is not None else settings.database_url or ""
        return asyncio.run(restore_backup(url, archive, settings=settings, progress=meter.show))
    finally:
        meter.clear()
        if cluster is not None:
            cluster.stop()


def _tell_taken(taken: Taken, settings: Settings, *, is_wanted: bool) -> None:
    manifest = taken.manifest
    typer.secho(
        f"Done: {taken.path} ({_size(taken.size_bytes)}), as of {_moment(manifest.taken_at)}.",
        fg=typer.colors.GREEN,
    )
    typer.echo(f"In it: {_contents(manifest.rows)}.")
    if manifest.secrets:
        typer.echo(
            "The pepper is in it too: whoever has this file has everything. Guard it like a password, off this machine."
        )
    else:
        _warn(_why_without_pepper(settings, is_wanted=is_wanted))
    if not taken.is_recorded:
        _warn("The database could not note that it was backed up, so `kryptos doctor` will not know of it.")
    typer.echo(f"Try it: KRYPTOS_DATA_DIR=… kryptos restore {taken.path.name} into an empty directory.")


def _why_without_pepper(settings: Settings, *, is_wanted: bool) -> str:
    lost = (
        "Tokens and client secrets are recognised by the pepper alone: without it every app needs a new secret and "
        "every person must connect again."
    )
    if settings.pepper is not None:
        return (
            f"The pepper is NOT in it: it comes from KRYPTOS_PEPPER, and is never written to a file. {lost}"
        )
    if not is_wanted:
        return f"The pepper is NOT in it (--without-secrets): keep a copy of secrets/pepper elsewhere. {lost}"
    return f"The pepper is NOT in it: none was found on this machine. {lost}"


def _tell_restored(restored: Restored, settings: Settings, taken_at: datetime) -> None:
    typer.secho(
        f"Done: {_contents(restored.rows)}, counted and as many as in the backup.", fg=typer.colors.GREEN
    )
    if restored.schema_before != restored.schema:
        typer.echo(f"The schema was brought from {restored.schema_before or 'nothing'} to {restored.schema}.")
    if restored.has_pepper:
        where = (
            f"written to {settings.data_dir / 'secrets' / 'pepper'}"
            if "pepper" in restored.written_secrets
            else "the one that is here already"
        )
        typer.echo(f"The pepper is {where}: tokens and client secrets of the backup work.")
    else:
        _warn(
            "The pepper is MISSING: no token and no client secret of the backup is recognised. If you have it, put it "
            "into KRYPTOS_PEPPER or secrets/pepper of the data directory BEFORE the first start, which makes a new "
            "one. If it is lost: `kryptos client rotate` for every app, and every person connects again."
        )
    if restored.has_pepper and restored.unknown_keys:
        keys = ", ".join(restored.unknown_keys)
        _warn(
            f"Key {keys} of the backup's pepper is missing here: what was hashed with it is not recognised."
        )
    typer.echo(
        f"What happened after {_moment(taken_at)} is not there: grants that were ended since are active again, and "
        "people who were erased since are back."
    )
    typer.echo("Next: kryptos doctor, then start kryptos serve and kryptos worker.")


def _contents(rows: Mapping[str, int]) -> str:
    told = [f"{rows[table]:,} {word}" for table, word in _TOLD.items() if table in rows]
    others = sum(count for table, count in rows.items() if table not in _TOLD)
    return ", ".join([*told, f"{others:,} other rows"])


def _named(path: Path, now: datetime) -> Path:
    """Return the file to write: in a directory one with a name of its own."""
    return path / f"kryptos-{now:%Y%m%dT%H%M%SZ}.backup" if path.is_dir() else path


def _place(settings: Settings) -> str:
    if settings.database_url is not None:
        return "the database of KRYPTOS_DATABASE_URL"
    return f"the embedded database in {settings.data_dir.absolute()}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _size(count: int) -> str:
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit else f"{count} bytes"


def _quiet(settings: Settings) -> Settings:
    configure_logging(msgspec.structs.replace(settings, log_level="error"))  # a person reads this terminal
    return settings


def _warn(text: str) -> None:
    typer.secho(text, fg=typer.colors.YELLOW, bold=True, err=True)


class _Meter:
    """One line that counts up, where a person watches; nothing in a log."""

    def __init__(self, verb: str, *, of: int | None = None) -> None:
        self._verb = verb
        self._of = of
        self._shown = 0
        self._is_watched = sys.stderr.isatty()

    def show(self, count: int) -> None:
        """Show how far it is."""
        if not self._is_watched or count - self._shown < _STEP_BYTES:
            return
        self._shown = count
        whole = f" of {_size(self._of)}" if self._of else ""
        self._line(f"  {_size(count)}{whole} {self._verb}")

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            self._line("")

    @staticmethod
    def _line(text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        typer.echo(f"\r{text:<{width}}" + ("" if text else "\r"), nl=False, err=True)
