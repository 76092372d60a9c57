"""Backup and restore: the whole of an installation in one file, and out of it again, all or nothing."""
