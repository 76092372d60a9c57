"""Use cases of connected accounts, one file each."""
