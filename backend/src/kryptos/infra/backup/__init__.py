"""Backup and restore: the whole of an installation in one file, and out of it again, all or nothing."""

from kryptos.infra.backup.archive import Archive, BackupUnusable, Manifest, open_archive
from kryptos.infra.backup.restore import Restored, RestoreRefused, restore_backup
from kryptos.infra.backup.take import BackupFailed, Taken, take_backup

__all__ = [
    "Archive",
    "BackupFailed",
    "BackupUnusable",
    "Manifest",
    "RestoreRefused",
    "Restored",
    "Taken",
    "open_archive",
    "restore_backup",
    "take_backup",
]
